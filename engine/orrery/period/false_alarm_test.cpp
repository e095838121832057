#include "orrery/period/false_alarm.hpp"

#include <algorithm>
#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "orrery/gp/damped_random_walk.hpp"
#include "orrery/period/lomb_scargle_fast.hpp"
#include "orrery/period/multiband.hpp"
#include "orrery/period/period_oracle.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::period;

namespace {

const std::vector<double> kT{0, 1.3, 2.1, 4.7, 5.9, 7.2, 8.8, 11.1, 12.4, 15};
const std::vector<double> kY{1.2, -.3, .8, -1.1, .5, .9, -.7, .2, 1, -.4};
const std::vector<double> kDy{.1, .2, .15, .1, .3, .2, .1, .25, .2, .15};
const SeriesView kTen{kT, kY, kDy};
/// A range of 0.5 per day, as the golden values count it (from zero).
const FrequencyGrid kRange{0.005, 0.005, 101};

double probability(double power, AlarmMethod method, LombScargleOptions periodogram = {}) {
  return false_alarm_probability(power, kTen, kRange, {.method = method, .periodogram = periodogram}).probability;
}

oracle::Sky noise(Index n, std::uint64_t seed) {
  Random random(seed);
  oracle::Sky sky;
  for (Index i = 0; i < n; ++i) {
    sky.t.push_back(random.uniform(0, 50));
    sky.sigma.push_back(random.uniform(0.5, 1.5));
    sky.y.push_back(4.0 + sky.sigma.back() * random.normal());
  }
  return sky;
}

/// Residuals in units of their errors in another order, times the errors of where they land.
std::vector<double> shuffled_values(const oracle::Sky& sky, double mean, Random& random) {
  std::vector<std::size_t> place;
  for (std::size_t i = 0; i < sky.t.size(); ++i) {
    place.push_back(i);
    std::swap(place[i], place[std::size_t(random.index(Index(i) + 1))]);
  }
  std::vector<double> y;
  for (std::size_t i = 0; i < sky.t.size(); ++i) y.push_back((sky.y[place[i]] - mean) / sky.sigma[place[i]] * sky.sigma[i]);
  return y;
}

}  // namespace

TEST_CASE("golden values: Baluev, naive and Davies at Z = 0.6 over 0.5 per day (computed with astropy 5.2)") {
  CHECK(close(probability(.6, AlarmMethod::baluev), .569141741167, {.atol = 1e-12}));
  CHECK(close(probability(.6, AlarmMethod::naive), .266475038748, {.atol = 1e-12}));
  CHECK(close(probability(.6, AlarmMethod::davies), .841134109282, {.atol = 1e-12}));
  CHECK(close(probability(.6, AlarmMethod::single), std::pow(0.4, 3.5), {.rtol = 1e-14}));
}

TEST_CASE("one power in any normalisation has one probability; psd with errors takes them as known") {
  const double chi2_0 = reference_chi2(kTen);
  for (const auto method : {AlarmMethod::single, AlarmMethod::naive, AlarmMethod::davies, AlarmMethod::baluev, AlarmMethod::bootstrap}) {
    const double expected = probability(.6, method);
    for (const auto normalization : {Normalization::model, Normalization::log}) {
      const double power = normalized_power(.6, normalization, chi2_0);
      CHECK(close(probability(power, method, {.normalization = normalization}), expected, {.rtol = 1e-12}));
    }
  }
  CHECK(close(probability(5.0, AlarmMethod::single, {.normalization = Normalization::psd}), std::exp(-5.0), {.rtol = 1e-14}));
  const SeriesView unweighted{kT, kY, {}};
  const double z = normalized_power(.6, Normalization::psd, reference_chi2(unweighted));
  CHECK(close(false_alarm_probability(z, unweighted, kRange, {.periodogram = {.normalization = Normalization::psd}}).log10_probability,
              false_alarm_probability(.6, unweighted, kRange).log10_probability, {.rtol = 1e-12}));
}

TEST_CASE("K harmonics at one frequency: the incomplete beta function, by numerical integration") {
  for (int harmonics = 1; harmonics <= 3; ++harmonics) {
    const double a = harmonics, b = 0.5 * (9 - 2 * harmonics);
    const auto density = [&](double x) { return std::pow(x, a - 1) * std::pow(1 - x, b - 1); };
    double above = 0.0, all = 0.0;
    const int steps = 400000;
    for (int i = 0; i < steps; ++i) {  // midpoint rule; x = 1 - u^2 takes away the root at x = 1
      const double u = (i + 0.5) / steps, x = 1 - u * u;
      all += density(x) * 2 * u;
      if (x > 0.55) above += density(x) * 2 * u;
    }
    CHECK(close(probability(0.55, AlarmMethod::single, {.harmonics = harmonics}), above / all, {.rtol = 1e-5}));
  }
}

TEST_CASE("tiny probabilities keep their logarithm") {
  const auto sky = oracle::sky(3000, 1000.0, 0.27, 1, 0.01);
  const FrequencyGrid grid{1e-3, 2e-4, 20000};
  const auto tiny = false_alarm_probability(0.999, sky.view(), grid);
  CHECK(tiny.probability == 0.0);
  // ln s = 1498.5 ln(0.001); tau adds W ~ 4100 times sqrt(N / 2)
  CHECK(tiny.log10_probability < -4480.0);
  CHECK(tiny.log10_probability > -4497.0);
  const auto certain = false_alarm_probability(1.0, sky.view(), grid);
  CHECK(certain.probability == 0.0);
  CHECK(std::isinf(certain.log10_probability));
  CHECK(false_alarm_probability(0.0, sky.view(), grid).probability == 1.0);
}

TEST_CASE("property: the level is the inverse of the probability, for every method, K and normalisation") {
  const auto sky = noise(60, 5);
  const FrequencyGrid grid{0.01, 0.004, 500};
  for (const auto method : {AlarmMethod::single, AlarmMethod::naive, AlarmMethod::davies, AlarmMethod::baluev}) {
    for (const auto normalization : {Normalization::standard, Normalization::model, Normalization::log, Normalization::psd}) {
      for (const int harmonics : {1, 2, 5}) {
        const FalseAlarmOptions options{.method = method, .periodogram = {.harmonics = harmonics, .normalization = normalization}};
        for (const double p : {1e-300, 1e-10, 1e-3, 0.1, 0.5}) {
          CAPTURE(p);
          CAPTURE(harmonics);
          const double level = false_alarm_level(p, sky.view(), grid, options);
          // Far out on the standard scale 1 - Z has few digits left: the log scale keeps them all.
          const double rtol = normalization == Normalization::standard && p < 1e-100 ? 1e-2 : 1e-9;
          CHECK(close(false_alarm_probability(level, sky.view(), grid, options).log10_probability, std::log10(p), {.rtol = rtol}));
        }
      }
    }
  }
}

TEST_CASE("K harmonics of one series: the rate of upcrossings is Baluev's closed form") {
  // Baluev 2009: tau = W a_K Z^{K-1/2} (1-Z)^{(N_K-1)/2} Gamma(N_H/2) / Gamma((N_K+1)/2), alternating sum a_K in long double.
  const auto sky = noise(60, 3);
  const double range = 2.0, z = 0.35;
  const double unit = alarm_law(std::vector{sky.view()}, range).log_rate - std::lgamma(29.5) + std::lgamma(29.0);  // ln W
  for (int K = 1; K <= 8; ++K) {
    long double sum = 0.0L, factor = 1.0L;
    for (int k = 1; k <= K; ++k) {
      factor *= 2.0L / (2.0L * k - 1.0L);
      const long double factorials = std::tgamma(K + k + 1.0L) * std::tgamma(K - k + 1.0L);
      sum += ((K - k) % 2 == 0 ? 1.0L : -1.0L) * std::pow(static_cast<long double>(k), 2 * K + 1) / factorials;
    }
    const auto law = alarm_law(std::vector{sky.view()}, range, {.harmonics = K});
    const double expected = unit + std::log(double(factor * sum)) + std::lgamma(29.5) - std::lgamma(30.0 - K);
    CHECK(close(law.log_rate, expected, {.atol = 1e-11}));  // the sum loses 1e4 of 1e-19 at K = 8; the quadrature rounds at 1e-14
    CHECK(law.half_rest == 29.5 - K);
    CHECK(log_false_alarm(law, AlarmMethod::davies, 40.0) >= log_false_alarm(law, AlarmMethod::baluev, 40.0));
    CHECK(log_false_alarm(law, AlarmMethod::naive, -std::log1p(-z)) < log_false_alarm(law, AlarmMethod::baluev, -std::log1p(-z)));
  }
}

TEST_CASE("bands: equal ones are one law of more columns, a short one turns slower") {
  const auto sky = noise(60, 3);
  oracle::Sky brief = sky;
  for (double& t : brief.t) t *= 1e-3;
  const std::vector one{sky.view()}, two{sky.view(), sky.view()}, mixed{sky.view(), brief.view()};
  // E of two equal bands: Gamma(2 + 1/2) Gamma(...)-free: E[sqrt(D1 + D2)] = 1, so W is that of one.
  const double w_one = alarm_law(one, 2.0).log_rate + std::lgamma(1.0) - std::lgamma(29.5) + std::lgamma(29.0);
  const double w_two = alarm_law(two, 2.0).log_rate + std::lgamma(2.0) - std::lgamma(59.0) + std::lgamma(57.5);
  CHECK(close(w_two, w_one, {.atol = 1e-12}));
  // A band that does not turn: E[sqrt(D)] of D uniform is 2/3 (1e-3 of the time: 1e-6 and a logarithm of relative error).
  const double w_mixed = alarm_law(mixed, 2.0).log_rate + std::lgamma(2.0) - std::lgamma(59.0) + std::lgamma(57.5);
  CHECK(close(w_mixed, w_one + std::log(2.0 / 3.0), {.atol = 2e-5}));
  CHECK_THROWS_AS((void)alarm_law(std::vector<SeriesView>{}, 1.0), InputError);
}

namespace {

/// Highest power of noise in one or two bands, and what each method says of it.
struct Rates {
  double baluev[3] = {}, naive[3] = {}, davies[3] = {};
};
constexpr double kNominal[3] = {0.1, 0.05, 0.01};

Rates alarm_rates(int runs, int harmonics, int bands, double red = 0.0) {
  const FrequencyGrid grid{0.001, 0.002, 2000};  // fmax T = 200 for T = 50, ten frequencies a peak
  const LombScargleOptions options{.harmonics = harmonics, .threads = 1};
  Rates rates;
  for (int i = 0; i < runs; ++i) {
    auto sky = noise(60, 10000 + std::uint64_t(i));
    if (red > 0.0) {
      const auto walk = gp::damped_random_walk_sample({red, 5.0}, sky.t, 3, std::uint64_t(i));
      for (std::size_t j = 0; j < 60; ++j) sky.y[j] += walk[j];
    }
    std::vector<SeriesView> views{sky.view()};
    if (bands == 2) views = {{std::span(sky.t).first(30), std::span(sky.y).first(30), std::span(sky.sigma).first(30)},
                             {std::span(sky.t).last(30), std::span(sky.y).last(30), std::span(sky.sigma).last(30)}};
    const auto power = lomb_scargle_multiband(views, grid, options);
    const double highest = *std::max_element(power.begin(), power.end());
    const auto law = alarm_law(views, grid.last() - grid.first, options);
    for (int level = 0; level < 3; ++level) {
      const double depth = -std::log1p(-highest), nominal = std::log(kNominal[level]);
      const auto counts = [&](AlarmMethod m) { return log_false_alarm(law, m, depth) < nominal ? 1.0 : 0.0; };
      rates.baluev[level] += counts(AlarmMethod::baluev), rates.naive[level] += counts(AlarmMethod::naive);
      rates.davies[level] += counts(AlarmMethod::davies);
    }
  }
  return rates;
}

}  // namespace

TEST_CASE("calibration on white noise: N = 60, fmax T = 200; K = 1, K = 2 and two bands") {
  // Baluev's law is an upper limit that is nearly reached, so its count has a limit above, nominal + 3 sigma (binomial; false alarm
  // 1.3e-3 for each of 9, seeds fixed), and one below that says it is not idle: 60 % of nominal - 3 sigma. Naive is documented as
  // optimistic: it must exceed nominal by more than 3 sigma. Negative control: the same on red noise.
  const int runs = kSanitized ? 300 : 2000;
  const int cases[3][2] = {{1, 1}, {2, 1}, {1, 2}};
  for (const auto& [harmonics, bands] : cases) {
    CAPTURE(harmonics);
    CAPTURE(bands);
    const auto rates = alarm_rates(runs, harmonics, bands);
    for (int level = 0; level < 3; ++level) {
      const double expected = kNominal[level] * runs, sigma = std::sqrt(expected * (1.0 - kNominal[level]));
      MESSAGE("nominal ", kNominal[level], " of ", runs, ": Baluev ", rates.baluev[level], ", Davies ", rates.davies[level], ", naive ", rates.naive[level]);
      CHECK(rates.baluev[level] <= expected + 3.0 * sigma);
      CHECK(rates.baluev[level] >= 0.6 * expected - 3.0 * sigma);
      CHECK(rates.davies[level] <= rates.baluev[level]);
      if (level < 2) CHECK(rates.naive[level] > expected + 3.0 * sigma);
    }
  }
  const auto red = alarm_rates(200, 1, 1, 1.0);
  CHECK(red.baluev[2] > 20.0);  // ten times nominal: the law is about white noise
}

TEST_CASE("bootstrap: calibrated, the same for any number of threads and as a task, shared window sums exact") {
  const FrequencyGrid grid{0.01, 0.01, 200};
  int alarms = 0;
  for (int i = 0; i < 200; ++i) {  // 200 at 10 %: 20 +- 4.2; 4.5 sigma: false-alarm rate 1e-5
    const auto sky = noise(40, 5000 + std::uint64_t(i));
    const auto power = lomb_scargle_fast(sky.view(), grid, {.threads = 1});
    const double highest = *std::max_element(power.begin(), power.end());
    const FalseAlarmOptions options{
        .method = AlarmMethod::bootstrap, .periodogram = {.threads = 1}, .resamples = 99, .seed = std::uint64_t(i)};
    alarms += false_alarm_probability(highest, sky.view(), grid, options).probability <= 0.1;
  }
  MESSAGE("bootstrap alarms at 10 % of 200: ", alarms);
  CHECK(std::abs(alarms - 20) < 19);

  const auto sky = noise(50, 77);
  for (const int harmonics : {1, 2}) {
    for (const bool fit_mean : {true, false}) {
      const LombScargleOptions options{.harmonics = harmonics, .fit_mean = fit_mean, .threads = 1};
      const auto maxima = bootstrap_maxima(sky.view(), grid, 30, 9, options);
      auto threads = options;
      threads.threads = 2;
      CHECK(maxima == bootstrap_maxima(sky.view(), grid, 30, 9, threads));
      Budget budget;
      Job job(budget, bootstrap_maxima_task(budget, {sky.view()}, grid, 30, 9, options));
      while (!job.step(0.0)) {}
      CHECK(maxima == job.result());
      // Oracle: the same shuffles through the direct periodogram.
      std::vector<double> direct;
      double total = 0, mean = 0;
      for (std::size_t i = 0; i < 50; ++i) total += 1 / (sky.sigma[i] * sky.sigma[i]), mean += sky.y[i] / (sky.sigma[i] * sky.sigma[i]);
      mean /= total;
      for (std::uint64_t r = 0; r < 30; ++r) {
        Random random(9, r);
        const auto y = shuffled_values(sky, mean, random);
        const auto power = lomb_scargle({sky.t, y, sky.sigma}, grid.values(), options);
        direct.push_back(*std::max_element(power.begin(), power.end()));
      }
      std::sort(direct.begin(), direct.end());
      CHECK(max_difference(direct, maxima) < 1e-6);  // sums to 1e-9, amplified by conditions down to 1e-2 in this range
    }
  }
  const FalseAlarmOptions options{.method = AlarmMethod::bootstrap, .resamples = 199, .seed = 3};
  const double level = false_alarm_level(0.05, sky.view(), grid, options);
  CHECK(close(false_alarm_probability(level, sky.view(), grid, options).probability, 0.05, {.rtol = 0.11}));  // steps of 1 / 200
}

TEST_CASE("bootstrap: the sums of w and of w y go together on grids of any length") {
  // 300 and 1000 frequencies are where the sizes of transform that are best for one column and for four differ.
  const auto sky = noise(60, 20);
  for (const Index count : {30, 100, 300, 700, 1000}) {
    CAPTURE(count);
    const FrequencyGrid grid{0.02, 0.004, count};
    double worst = 0.0;
    const auto maxima = bootstrap_maxima(sky.view(), grid, 8, 2, {.threads = 1});
    double total = 0, mean = 0;
    for (std::size_t i = 0; i < 60; ++i) total += 1 / (sky.sigma[i] * sky.sigma[i]), mean += sky.y[i] / (sky.sigma[i] * sky.sigma[i]);
    std::vector<double> direct;
    for (std::uint64_t r = 0; r < 8; ++r) {
      Random random(2, r);
      const auto y = shuffled_values(sky, mean / total, random);
      const auto power = lomb_scargle({sky.t, y, sky.sigma}, grid.values(), {.threads = 1});
      direct.push_back(*std::max_element(power.begin(), power.end()));
    }
    std::sort(direct.begin(), direct.end());
    worst = max_difference(direct, maxima);
    CHECK(worst < 1e-7);  // sums to 1e-9 over conditions above 0.1 from one cycle in the span
  }
}

TEST_CASE("bootstrap of several bands: each band's own residuals, powers weighted by chi2, as by brute force") {
  const auto a = noise(40, 1), b = noise(25, 2);
  const std::vector views{a.view(), b.view()};
  const FrequencyGrid grid{0.01, 0.01, 150};
  for (const int harmonics : {1, 2}) {
    const LombScargleOptions options{.harmonics = harmonics, .threads = 1};
    const auto maxima = bootstrap_maxima(views, grid, 20, 4, options);
    std::vector<double> direct;
    for (std::uint64_t r = 0; r < 20; ++r) {
      std::vector<std::vector<double>> y(2);
      std::vector<SeriesView> shuffled;
      for (std::uint64_t band = 0; band < 2; ++band) {
        const auto& sky = band == 0 ? a : b;
        double total = 0, mean = 0;
        for (std::size_t i = 0; i < sky.t.size(); ++i) {
          const double weight = 1 / (sky.sigma[i] * sky.sigma[i]);
          total += weight, mean += weight * sky.y[i];
        }
        mean /= total;
        Random random(4, 2 * r + band);
        y[band] = shuffled_values(sky, mean, random);
        shuffled.push_back({sky.t, y[band], sky.sigma});
      }
      const auto power = lomb_scargle_multiband(shuffled, grid, options);
      direct.push_back(*std::max_element(power.begin(), power.end()));
    }
    std::sort(direct.begin(), direct.end());
    CHECK(max_difference(direct, maxima) < 1e-6);  // sums to 1e-9, amplified by conditions down to 1e-2 in this range
    auto threads = options;
    threads.threads = 2;
    CHECK(maxima == bootstrap_maxima(views, grid, 20, 4, threads));
    Budget budget;
    Job job(budget, bootstrap_maxima_task(budget, views, grid, 20, 4, options));
    while (!job.step(0.0)) {}
    CHECK(maxima == job.result());
  }
}

TEST_CASE("smoothed bootstrap agrees with the counts, and with Baluev far beyond them") {
  const auto sky = noise(60, 21);
  const FrequencyGrid grid{0.001, 0.002, 2000};
  const FalseAlarmOptions counted{.method = AlarmMethod::bootstrap, .periodogram = {.threads = 1}, .resamples = 2000, .seed = 5};
  auto smooth = counted;
  smooth.smooth = true;
  for (const double p : {0.5, 0.1, 0.03}) {
    const double level = false_alarm_level(p, sky.view(), grid, counted);
    const auto found = false_alarm_probability(level, sky.view(), grid, smooth);
    const double error = std::sqrt(p * (1 - p) / 2000.0);
    CHECK(std::fabs(found.probability - p) < 4.0 * error);  // 6e-5 each
    CHECK(found.error < error);                             // that is what smoothing is for
    CHECK(close(false_alarm_level(found.probability, sky.view(), grid, smooth), level, {.rtol = 1e-9}));
  }
  // At 1e-8 no count reaches. Gumbel's law is high there by the documented factor of about 10; its error is 0.3 in ln P.
  const double far = false_alarm_level(1e-8, sky.view(), grid);
  const double found = false_alarm_probability(far, sky.view(), grid, smooth).log10_probability;
  CHECK(found > -8.2);
  CHECK(found < -6.2);
}

TEST_CASE("bad input") {
  CHECK_THROWS_AS((void)false_alarm_probability(NAN, kTen, kRange), InputError);
  CHECK_THROWS_AS((void)false_alarm_level(0.0, kTen, kRange), InputError);
  CHECK_THROWS_AS((void)false_alarm_level(1.5, kTen, kRange), InputError);
  CHECK_THROWS_AS((void)false_alarm_probability(0.5, kTen, FrequencyGrid{0.0, 0.1, 5}), InputError);
  CHECK_THROWS_AS((void)bootstrap_maxima(kTen, kRange, 0, 1), InputError);
  CHECK_THROWS_AS((void)bootstrap_maxima(kTen, FrequencyGrid{1e-6, 1e-6, 50'000'000}, 10, 1), InputError);  // 5 GB: before allocating
  CHECK_THROWS_AS((void)false_alarm_probability(0.5, std::vector<SeriesView>{}, kRange), InputError);
  const SeriesView three{std::span(kT).first(3), std::span(kY).first(3), {}};
  CHECK_THROWS_AS((void)false_alarm_probability(0.5, three, kRange), InputError);
  const std::vector<double> constant(10, 4.0);
  for (const auto method : {AlarmMethod::single, AlarmMethod::baluev, AlarmMethod::bootstrap}) {
    CHECK(false_alarm_probability(0.0, {kT, constant, kDy}, kRange, {.method = method, .resamples = 20}).probability == 1.0);
  }
}
