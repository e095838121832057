#include "orrery/transit/completeness.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "orrery/core/error.hpp"
#include "orrery/data/synthetic.hpp"
#include "orrery/stats/special.hpp"
#include "orrery/transit/transit_test_support.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::transit;
using namespace orrery::transit::testing;

namespace {

/// P(X > x) of chi-squared with two degrees of freedom and non-centrality lambda: the Rice density integrated by Simpson's rule.
double rice_survival(double threshold, double lambda) {
  const double a = std::sqrt(lambda), top = threshold + a + 12.0, step = (top - threshold) / 2000.0;
  double sum = 0.0;
  for (int k = 0; k <= 2000; ++k) {
    const double r = threshold + step * k;
    const double density = r * std::exp(-0.5 * (r - a) * (r - a)) * std::exp(-a * r) * std::cyl_bessel_i(0.0, a * r);
    sum += density * (k == 0 || k == 2000 ? 1.0 : k % 2 == 1 ? 4.0 : 2.0);
  }
  return sum * step / 3.0;
}

CompletenessOptions transit_options(std::vector<double> periods, std::vector<double> depths, RecoveryMethod method = RecoveryMethod::box) {
  return {.method = method, .period_edge = std::move(periods), .size_edge = std::move(depths), .trials = 1, .threshold = 7.0, .control = 0};
}

CompletenessOptions variable_options(std::vector<double> periods, std::vector<double> amplitudes) {
  CompletenessOptions o = transit_options(std::move(periods), std::move(amplitudes), RecoveryMethod::lomb_scargle);
  o.kind = InjectionKind::variable;
  return o;
}

bool same(const CompletenessMap& a, const CompletenessMap& b) {
  if (a.trials.size() != b.trials.size() || a.recovered != b.recovered) return false;
  if (a.control.statistic != b.control.statistic || a.threshold != b.threshold) return false;
  for (std::size_t i = 0; i < a.trials.size(); ++i) {
    const auto &p = a.trials[i], &q = b.trials[i];
    if (p.found != q.found || p.statistic != q.statistic || p.snr != q.snr) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("closed form: a sinusoid searched at its own frequency is found as the non-central chi-squared law says") {
  // 400 series a row, one injection each: the count is binomial, 4 of its errors allow one false alarm in 16,000 a row.
  constexpr int kSeries = 400;
  for (const double amplitude : {0.0, 0.3, 0.45, 0.6}) {
    const double threshold = amplitude == 0.0 ? 1.5 : 3.5;
    auto options = variable_options({1.7, 1.7}, {amplitude, amplitude});
    options.min_period = options.max_period = 1.7;
    options.threshold = threshold;
    double found = 0.0, lambda = 0.0;
    for (std::uint64_t seed = 0; seed < kSeries; ++seed) {
      options.seed = seed;
      const auto map = completeness(data::white_noise(100, 60.0, 1.0, 900 + seed).view(), options);
      found += double(map.recovered[0]);
      lambda += map.trials[0].snr * map.trials[0].snr / kSeries;
    }
    CAPTURE(amplitude);
    CHECK(close(lambda, 100.0 * 0.5 * amplitude * amplitude, {.rtol = 0.03}));
    const double law = amplitude == 0.0 ? std::exp(-0.5 * threshold * threshold) : rice_survival(threshold, lambda);
    CHECK(std::fabs(found - kSeries * law) < 4.0 * std::sqrt(kSeries * law * (1.0 - law)));
  }
}

TEST_CASE("closed form: the matched search finds Phi(snr - threshold) of the transits, and of nothing Phi(-threshold)") {
  constexpr int kSeries = 500;
  for (const double depth : {0.0, 0.0025, 0.004}) {
    auto options = transit_options({2.0, 4.0}, {depth, depth}, RecoveryMethod::matched);
    options.exposure = 0.0;
    options.threads = 1;
    options.threshold = depth == 0.0 ? 1.2 : 5.0;
    double found = 0.0, law = 0.0;
    for (std::uint64_t seed = 0; seed < kSeries; ++seed) {
      options.seed = seed;
      const auto map = completeness(observe(0.0, 30.0, 0.05, 2e-3, {}, 50 + seed).view(), options);
      found += double(map.recovered[0]);
      law += map.expected[0];
    }
    CAPTURE(depth);
    if (depth == 0.0) CHECK(close(law / kSeries, stats::normal_cdf(-1.2), {.rtol = 1e-9}));
    if (depth > 0.0) CHECK(std::fabs(law / kSeries - 0.5) < 0.45);  // the test means something: neither none nor all
    // 4 errors of a binomial count of the mean probability, which is the most a sum over unequal ones can scatter
    CHECK(std::fabs(found - law) < 4.0 * std::sqrt(law * (1.0 - law / kSeries)));
  }
}

TEST_CASE("every search finds what is far above the threshold, nothing below it, and never a planet without depth") {
  const Sky sky = observe(100.0, 24.0, 0.06, 1e-3, {}, 5);
  for (const auto method : {RecoveryMethod::box, RecoveryMethod::box_brute, RecoveryMethod::box_folding, RecoveryMethod::tls,
                            RecoveryMethod::matched}) {
    auto options = transit_options({2.0, 3.0, 5.0}, {0.0, 1e-7, 0.02, 0.04}, method);
    options.trials = 4;
    options.max_impact = 0.5;
    const auto map = completeness(sky.view(), options);
    CAPTURE(recovery_method_name(method));
    REQUIRE(map.fraction.size() == 6);
    for (const std::size_t cell : {0, 1}) {
      CHECK(map.fraction[cell] == 0.0);
      CHECK(map.expected[cell] < 1e-8);
    }
    for (const std::size_t cell : {4, 5}) {
      CHECK(map.fraction[cell] == 1.0);
      CHECK(map.expected[cell] > 0.999);
      CHECK(map.low[cell] > 0.7);
    }
    for (const auto& trial : map.trials) {  // a search of any shape does not do much better than the best: 4 standard deviations
      if (trial.outcome == Outcome::recovered) CHECK(trial.statistic < 1.05 * trial.snr + 4.0);
    }
  }
}

TEST_CASE("more trials and other threads change no injection") {
  const Sky sky = observe(0.0, 16.0, 0.08, 1e-3, {}, 8);
  for (const auto method : {RecoveryMethod::box, RecoveryMethod::box_folding, RecoveryMethod::tls, RecoveryMethod::lomb_scargle}) {
    auto options = method == RecoveryMethod::lomb_scargle ? variable_options({1.0, 2.0, 4.0}, {1e-4, 3e-4, 1e-3})
                                                          : transit_options({3.0, 4.0, 6.0}, {1e-3, 3e-3, 1e-2}, method);
    options.method = method;
    options.trials = 3;
    options.control = 7;
    options.threshold.reset();
    options.detrend = stats::DetrendOptions{.window = 2.0};
    options.threads = 1;
    const auto one = completeness(sky.view(), options);
    options.threads = 2;
    CHECK(same(one, completeness(sky.view(), options)));
    Budget budget;
    options.threads = 1;
    Index calls = 0;
    Job job(budget, completeness_task(budget, sky.view(), options, [&](const CompletenessMap& map) {
      ++calls;
      CHECK(ssize(map.trials) == 4 * calls);
      CHECK(std::all_of(map.injected.begin(), map.injected.end(), [&](Index n) { return n == calls; }));
    }));
    Index slices = 0;
    double progress = 0.0;
    for (; !job.step(0.0); ++slices) {
      if (budget.words() != "injections") continue;
      CHECK(budget.fraction() >= progress);
      progress = budget.fraction();
    }
    CHECK(slices > 20);
    CHECK(progress > 0.5);
    CHECK(calls == 3);
    CHECK(same(one, job.result()));
    options.trials = 2;
    const auto fewer = completeness(sky.view(), options);
    for (std::size_t i = 0; i < fewer.trials.size(); ++i) CHECK(fewer.trials[i].statistic == one.trials[i].statistic);
    options.trials = 1;
    options.first_trial = 2;
    options.control = 2;
    options.threshold = one.threshold;
    const auto third = completeness(sky.view(), options);
    for (std::size_t i = 0; i < 4; ++i) CHECK(third.trials[i].statistic == one.trials[8 + i].statistic);
    for (std::size_t i = 0; i < 2; ++i) CHECK(third.control.statistic[i] == one.control.statistic[4 + i]);
  }
}

TEST_CASE("the control sets a threshold that noise passes as often as asked") {
  // Half of 600 series set it at 10 %, the other half count. Count and threshold scatter alike: variance 2 n p (1 - p); 4 of its roots.
  auto options = variable_options({0.5, 5.0}, {0.1, 1.0});
  options.threshold.reset();
  options.false_alarm = 0.1;
  options.control = 600;
  const auto map = completeness(data::white_noise(80, 30.0, 1.0, 3).view(), options);
  CHECK(map.calibrated);
  CHECK(map.control.judged == 300);
  CHECK(std::fabs(double(map.control.above) - 30.0) < 4.0 * std::sqrt(2.0 * 300.0 * 0.09));
  CHECK(map.control.rate.low < double(map.control.above) / 300.0);
  // Slow noise: in complete disorder it looks white and its false alarms are missed; in blocks it keeps its highest peaks.
  Random random(4);
  auto slow = data::white_noise(600, 30.0, 1.0, 3);
  for (std::size_t i = 1; i < slow.y.size(); ++i) slow.y[i] = 0.97 * slow.y[i - 1] + 0.24 * random.normal();
  options.control = 40;
  const double loose = completeness(slow.view(), options).threshold;
  options.control_block = 5.0;
  CHECK(completeness(slow.view(), options).threshold > 1.5 * loose);
}

TEST_CASE("outcomes: the period, half or twice it, another, or nothing") {
  CompletenessMap map{.period_edge = {1.0, 10.0}, .size_edge = {1.0, 2.0}};
  const auto add = [&](double found, double statistic) {
    map.trials.push_back({.signal = {.period = 4.0}, .snr = 7.0, .found = found, .statistic = statistic});
  };
  add(4.03, 8.0);   // recovered: 0.75 %
  add(4.05, 8.0);   // other: 1.25 %
  add(4.0, 6.9);    // missed
  add(8.07, 7.0);   // alias
  add(1.99, 9.0);   // alias
  add(0.0, 9.0);    // other: no period at all
  auto options = transit_options({1.0, 10.0}, {1.0, 2.0});
  judge_completeness(map, 100.0, 7.0, options);
  CHECK(map.recovered[0] == 1);
  CHECK(map.alias[0] == 2);
  CHECK(map.other[0] == 2);
  CHECK(map.injected[0] == 6);
  CHECK(close(map.fraction[0], 1.0 / 6.0, {.rtol = 1e-15}));
  CHECK(close(map.expected[0], 0.5, {.rtol = 1e-12}));
  options.peak_share = 0.5;  // |1 / 4.05 - 1 / 4| * 100 = 0.31 of a peak
  judge_completeness(map, 100.0, 6.5, options);
  CHECK(map.recovered[0] == 3);
  CHECK(map.threshold == 6.5);
}

TEST_CASE("the mean SNR of injections is what unit_snr says") {
  const Sky sky = observe(0.0, 40.0, 0.02, 1e-3, {}, 2);
  auto options = transit_options({4.0, 4.0}, {1e-3, 1e-3}, RecoveryMethod::matched);
  options.trials = 300;
  options.transit_form = TransitForm::box;
  options.exposure = 0.0;
  double square = 0.0;
  for (const auto& trial : completeness(sky.view(), options).trials) square += trial.snr * trial.snr / 300.0;
  // 300 impacts: the square scatters by a quarter; 4 errors of its mean.
  CHECK(close(std::sqrt(square), 1e-3 * unit_snr(sky.view(), options, 4.0), {.rtol = 0.03}));
  auto variable = variable_options({2.0, 2.0}, {1e-4, 1e-4});
  for (const auto form : {VariableForm::sinusoid, VariableForm::sawtooth}) {
    variable.variable_form = form;
    const auto map = completeness(sky.view(), variable);
    CHECK(close(map.trials[0].snr, 1e-4 * unit_snr(sky.view(), variable, 2.0), {.rtol = 0.01}));  // whole periods but for one in thirty
  }
}

TEST_CASE("cells that are not given reach from nothing to everything") {
  const Sky sky = observe(0.0, 27.0, 0.06, 1e-3, {}, 4);
  auto options = transit_options({}, {}, RecoveryMethod::matched);
  options.trials = 3;
  const auto map = completeness(sky.view(), options);
  CHECK(map.columns() == 8);
  CHECK(map.rows() == 8);
  CHECK(map.period_edge.front() == 1.0);
  CHECK(close(map.period_edge.back(), 13.5, {.rtol = 0.01}));
  double first = 0.0, last = 0.0;
  for (std::size_t c = 0; c < 8; ++c) {
    first += map.fraction[c] / 8.0;
    last += map.fraction[56 + c] / 8.0;
  }
  CHECK(first < 0.15);
  CHECK(last > 0.6);  // of the longest periods some have two transits in the gap of their phase
  options.kind = InjectionKind::variable;
  CHECK(completeness(sky.view(), options).period_edge.front() > 0.2);
  const std::span<const double> t(sky.t.data(), 20), y(sky.y.data(), 20);
  options.kind = InjectionKind::transit;
  CHECK_THROWS_AS((void)completeness({t, y, {}}, options), InputError);  // a day and a fifth
}

TEST_CASE("a window that eats transits costs completeness") {
  const Sky sky = observe(0.0, 27.0, 0.02, 1e-3, {}, 6);
  auto options = transit_options({3.0, 6.0}, {4e-3, 4e-3});
  options.trials = 12;
  options.max_impact = 0.3;
  const double whole = completeness(sky.view(), options).fraction[0];
  options.detrend = stats::DetrendOptions{.window = 1.5};
  const double wide = completeness(sky.view(), options).fraction[0];
  options.detrend->window = 0.12;  // shorter than the transits
  CHECK(whole == 1.0);
  CHECK(wide > 0.8);
  CHECK(completeness(sky.view(), options).fraction[0] < 0.5);
}

TEST_CASE("signals that are there already, and noise that is not white, are said") {
  auto options = transit_options({2.0, 4.0}, {1e-3, 2e-3});
  const TransitOrbit planet{.period = 3.1, .transit_time = 1.0, .radius_ratio = 0.15, .scaled_axis = 9.0};
  const Sky own = observe(0.0, 27.0, 0.05, 1e-3, {planet}, 6);
  const auto says = [](const CompletenessMap& map, const char* words) {
    return std::any_of(map.warnings.begin(), map.warnings.end(), [&](const std::string& w) { return w.find(words) != std::string::npos; });
  };
  const auto map = completeness(own.view(), options);
  CHECK(says(map, "of its own"));
  CHECK(close(map.control.plain_period, 3.1, {.rtol = 0.01}));
  CHECK_FALSE(says(map, "upside down"));
  Sky wavy = observe(0.0, 27.0, 0.05, 1e-3, {}, 6);
  for (std::size_t i = 0; i < wavy.t.size(); ++i) wavy.y[i] += 0.003 * std::sin(2.0 * std::numbers::pi * wavy.t[i] / 2.7);
  CHECK(says(completeness(wavy.view(), options), "upside down"));
  const Sky clean = observe(0.0, 27.0, 0.05, 1e-3, {}, 6);
  CHECK(completeness(clean.view(), options).warnings.empty());
  options.min_period = 0.05;
  options.method = RecoveryMethod::matched;
  CHECK(says(completeness(clean.view(), options), "spacing of the times"));
  options.min_period.reset();
  Sky bare = clean;
  bare.sigma.clear();
  CHECK(says(completeness(bare.view(), options), "no errors"));
}

TEST_CASE("one injection looked at closely is the one of the map") {
  const Sky sky = observe(2457000.0, 27.0, 0.05, 1e-3, {}, 9);
  for (const auto method : {RecoveryMethod::box, RecoveryMethod::tls}) {
    auto options = transit_options({2.0, 4.0}, {0.01, 0.02}, method);
    const auto map = completeness(sky.view(), options);
    const auto view = run_to_end([&](Budget& budget) { return inject_and_search_task(budget, sky.view(), options, map.trials[0].signal); });
    CHECK(view.trial.statistic == map.trials[0].statistic);
    CHECK(view.trial.found == map.trials[0].found);
    CHECK(view.trial.snr == map.trials[0].snr);
    REQUIRE(view.period.size() == view.power.size());
    CHECK(*std::max_element(view.power.begin(), view.power.end()) >= view.trial.statistic);
    CHECK(*std::min_element(view.model.begin(), view.model.end()) < -0.007);
    CHECK(view.model.size() == view.t.size());
  }
}

TEST_CASE("what cannot be done is refused in one line") {
  const Sky sky = observe(0.0, 20.0, 0.05, 1e-3, {}, 1);
  const auto refused = [&](auto change) {
    auto options = transit_options({2.0, 4.0}, {1e-3, 2e-3});
    change(options);
    CHECK_THROWS_AS((void)completeness(sky.view(), options), InputError);
  };
  refused([](auto& o) { o.period_edge = {2.0}; });
  refused([](auto& o) { o.period_edge = {4.0, 2.0}; });
  refused([](auto& o) { o.period_edge = {0.0, 2.0}; });
  refused([](auto& o) { o.period_edge = {0.05, 2.0}; });  // inside the star
  refused([](auto& o) { o.size_edge = {0.1, 0.3}; });
  refused([](auto& o) { o.size_edge = {-0.1, 0.1}; });
  refused([](auto& o) { o.size_edge = {NAN, 0.1}; });
  refused([](auto& o) { o.method = RecoveryMethod::lomb_scargle; });
  refused([](auto& o) { o.kind = InjectionKind::variable; });
  refused([](auto& o) { o.trials = 0; });
  refused([](auto& o) { o.trials = 2'000'000'000; });
  refused([](auto& o) { o.threshold.reset(); });  // no control to set it
  refused([](auto& o) { o.tolerance = 0.0; });
  refused([](auto& o) { o.max_impact = 1.0; });
  refused([](auto& o) { o.confidence = 1.0; });
  refused([](auto& o) { o.control_block = -1.0; });
  refused([](auto& o) { o.detrend = stats::DetrendOptions{}; });  // no window
  const auto options = transit_options({2.0, 4.0}, {1e-3, 2e-3});
  for (const std::size_t n : {0, 1, 2, 3, 9}) {
    const std::span<const double> t(sky.t.data(), n), y(sky.y.data(), n);
    CHECK_THROWS_AS((void)completeness({t, y, {}}, options), InputError);
  }
  auto bad = sky;
  for (double& y : bad.y) y -= 1.0;
  bad.y[0] = -5.0;
  for (double& y : bad.y) y = -std::fabs(y);
  CHECK_THROWS_AS((void)completeness(bad.view(), options), InputError);
  const std::vector<double> flat(sky.t.size(), 1.0), still(sky.t.size(), 3.0), zero(sky.t.size(), 0.0);
  CHECK_THROWS_AS((void)completeness({sky.t, flat, {}}, options), InputError);
  CHECK_THROWS_AS((void)completeness({still, sky.y, sky.sigma}, options), InputError);
  CHECK_THROWS_AS((void)completeness({sky.t, sky.y, zero}, options), InputError);
  CHECK_THROWS_AS((void)unit_snr(sky.view(), options, 0.0), InputError);
  // A constant series with errors has an answer: all is found that is deep enough.
  auto deep = transit_options({2.0, 4.0}, {0.02, 0.03}, RecoveryMethod::matched);
  CHECK(completeness({sky.t, flat, sky.sigma}, deep).fraction[0] == 1.0);
}
