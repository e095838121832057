#include "orrery/transit/transit_least_squares.hpp"

#include <algorithm>
#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "orrery/transit/transit_detail.hpp"
#include "orrery/transit/transit_test_support.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::transit;
using namespace orrery::transit::testing;

namespace {

/// Value of a kernel at u steps from its beginning, in long double.
long double kernel_value(const detail::StepKernel& k, long double u) {
  const long double l = k.length;
  if (u < 0 || u >= l) return 0;
  if (u < 1 || u >= l - 1) return k.edge;
  const long double h = std::min(u - 1, l - 1 - u);  // from the rim inwards; the parabola is even about the middle
  return k.rim + k.slope * h + k.bend * h * h;
}

/// Every place of every kernel, point by point in long double.
long double brute_gain(const Sky& sky, double period, Index steps, const std::vector<detail::StepLevel>& levels,
                       const std::vector<detail::StepKernel>& kernels, detail::StepBest& where) {
  long double best = -1;
  for (const auto& level : levels) {
    for (const Index length : level.length) {
      for (Index n = 0; n < steps / level.coarse; ++n) {
        const auto& k = kernels[at(length)];
        long double above = 0, below = 0;
        for (std::size_t i = 0; i < sky.t.size(); ++i) {
          const long double turns = (static_cast<long double>(sky.t[i]) - sky.t[0]) / period;
          const long double places = static_cast<long double>(steps) / level.coarse;
          long double u = (turns - std::floor(turns)) * places - n;
          if (u < 0) u += places;
          const long double w = 1 / (static_cast<long double>(sky.sigma[i]) * sky.sigma[i]), s = kernel_value(k, u);
          above += w * (1 - static_cast<long double>(sky.y[i])) * s;
          below += u < length ? w * (u < 1 || u >= length - 1 ? k.edge_square : k.middle_square) : 0;
        }
        if (below <= 0 || above / below <= 1e-5L || above * above / below <= best) continue;
        best = above * above / below;
        where = {static_cast<double>(above * above), static_cast<double>(below), n, length, level.coarse};
      }
    }
  }
  return best;
}

TransitOrbit planet(double period, double time, double radius_ratio) {
  return {.period = period, .transit_time = time, .radius_ratio = radius_ratio, .scaled_axis = 4.2 * std::pow(period, 2.0 / 3.0),
          .impact = 0.3};
}

}  // namespace

TEST_CASE("running sums find the place that every place of every kernel in long double finds") {
  Random random(5);
  const detail::ShapeTable shape({});
  std::vector<detail::StepKernel> kernels(21);
  for (Index l = 6; l <= 20; ++l) kernels[at(l)] = detail::step_kernel(shape, l);
  const std::vector<detail::StepLevel> levels{{1, {6, 7, 9, 11}}, {2, {6, 8, 10}}, {4, {7, 12, 20}}};
  for (int round = 0; round < 4; ++round) {
    Sky sky;
    double t = 2457000.0;
    for (int i = 0; i < 250; ++i) {
      sky.t.push_back(t += random.uniform(0.01, 0.2));
      sky.sigma.push_back(random.uniform(0.001, 0.003));
      sky.y.push_back(1.0 + 0.002 * random.normal());
    }
    const auto dips = detail::dip_series(sky.view(), 1.0, "test");
    detail::StepWork work;
    const double period = random.uniform(1.0, 9.0);
    const auto found = detail::best_step(dips, period, 236, levels, kernels, 1e-5, work);
    detail::StepBest exact;
    const long double gain = brute_gain(sky, period, 236, levels, kernels, exact);
    // Second-order running sums reach 236^2 times those of a window: 1e-16 * 6e4, and the fold of t - t0.
    CHECK(close(found.square / found.below, static_cast<double>(gain), {.rtol = 1e-9}));
    CHECK(found.step == exact.step);
    CHECK(found.length == exact.length);
    CHECK(found.coarse == exact.coarse);
  }
}

TEST_CASE("the kernels resemble the exact shape: a search with them loses two hundredths of the gain at most") {
  const detail::ShapeTable shape({});
  for (Index length = 8; length <= 16; ++length) {
    const auto k = detail::step_kernel(shape, length);
    double kk = 0.0, ss = 0.0, ks = 0.0;
    for (int i = 0; i < 4000; ++i) {
      const double x = (i + 0.5) / 4000, s = shape(x - 0.5), v = static_cast<double>(kernel_value(k, x * static_cast<double>(length)));
      kk += v * v;
      ss += s * s;
      ks += k.edge >= 0 ? v * s : 0.0;
    }
    CHECK(ks * ks / (kk * ss) > 0.98);  // of the gain
  }
}

TEST_CASE("a planet is found at its period, time, depth and duration; scored again it is chi2 of the exact shape") {
  const TransitOrbit orbit = planet(7.31, 103.3, 0.03);
  const Sky sky = observe(100.0, 60.0, 0.02, 3e-4, {orbit}, 3);
  const auto periods = transit_period_grid(60.0, {.min_period = 3.0});
  const auto found = transit_least_squares(sky.view(), periods);
  REQUIRE(found.best() >= 0);
  const auto b = at(found.best());
  CHECK(std::fabs(found.period[b] - 7.31) < 7.31 * 0.16 / 60.0);  // the last transit off by a duration
  CHECK(std::fabs(cycles_apart(found.transit_time[b], 103.3, 7.31)) * 7.31 < 0.03);
  CHECK(found.transit_time[b] >= 100.0);
  CHECK(close(found.depth[b], 1.0 - transit_flux(0.3, 0.03), {.rtol = 0.06}));  // 8 transits of 8 points: 2 %, and a period off the peak
  CHECK(close(found.duration[b], transit_duration(orbit), {.rtol = 0.15}));
  CHECK(found.sde > 15.0);
  const auto fit = transit_fit(sky.view(), found.period[b], found.duration[b], found.transit_time[b], {.exposure = 0.0});
  CHECK(close(found.chi2_flat - found.chi2[b], fit.gain, {.rtol = 1e-9}));
  CHECK(close(found.depth[b], fit.depth, {.rtol = 1e-9}));
  // Straight from the flux formula; the table has 2048 cells: 1e-3 at the steep ends.
  double above = 0.0, below = 0.0;
  const double reach = std::sqrt(1.03 * 1.03 - 0.32 * 0.32), depth = 1.0 - transit_flux(0.32, 0.03);
  for (std::size_t i = 0; i < sky.t.size(); ++i) {
    const double x = std::remainder(sky.t[i] - found.transit_time[b], found.period[b]) / found.duration[b];
    const double s = std::fabs(x) < 0.5 ? (1.0 - transit_flux(std::hypot(0.32, 2.0 * x * reach), 0.03)) / depth : 0.0;
    above += (1.0 - sky.y[i]) * s;
    below += s * s;
  }
  CHECK(close(fit.depth, above / below, {.rtol = 1e-3}));
  const auto rough = transit_least_squares(sky.view(), periods, {.rescore = false});
  CHECK(std::fabs(rough.period[at(rough.best())] - 7.31) < 7.31 * 0.16 / 60.0);
  CHECK(*std::min_element(found.chi2.begin(), found.chi2.end()) < *std::min_element(rough.chi2.begin(), rough.chi2.end()));
}

TEST_CASE("gaps neither stretch the duration nor hide the planet") {
  const TransitOrbit orbit = planet(5.7, 1.9, 0.04);
  Sky sky = observe(0.0, 200.0, 0.02, 4e-4, {orbit}, 6);
  cut(sky, 25.0, 165.0);  // 70 per cent of the span
  const auto found = transit_least_squares(sky.view(), transit_period_grid(200.0, {.min_period = 4.0, .max_period = 9.0}));
  const auto b = at(found.best());
  CHECK(std::fabs(found.period[b] - 5.7) < 5.7 * 0.16 / 200.0);
  CHECK(close(found.duration[b], transit_duration(orbit), {.rtol = 0.15}));
}

TEST_CASE("white noise reaches an SDE of 7 as seldom as the published simulations say") {
  // 50 series; one in a hundred is expected above 7. More than 4 has a chance of 2e-4 at 0.5
  // expected. An SDE one unit too high would give 5 %.
  const auto periods = transit_period_grid(20.0, {.min_period = 2.0});
  Index alarms = 0;
  double sum = 0.0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Sky sky = observe(0.0, 20.0, 0.05, 1e-3, {}, 1000 + seed);
    const auto found = transit_least_squares(sky.view(), periods);
    alarms += found.sde > 7.0 ? 1 : 0;
    sum += found.sde / 50.0;
  }
  MESSAGE("SDE above 7: ", alarms, " of 50; mean ", sum);
  CHECK(alarms <= 4);
  CHECK(sum > 3.0);  // and noise has peaks
}

TEST_CASE("spectra are those of their definition") {
  Random random(9);
  TransitPeriodogram found;
  for (int i = 0; i < 700; ++i) {
    found.period.push_back(1.0 + 0.01 * i);
    found.chi2.push_back(1000.0 - 30.0 * random.uniform() - 0.05 * i - (i == 333 ? 200.0 : 0.0));
  }
  transit_spectra(found, 3.0);
  const double least = *std::min_element(found.chi2.begin(), found.chi2.end());
  long double mean = 0, square = 0;
  for (const double c : found.chi2) mean += least / static_cast<long double>(c) / 700;
  for (const double c : found.chi2) square += std::pow(least / static_cast<long double>(c) - mean, 2.0L) / 700;
  CHECK(close(found.sde_raw, static_cast<double>((1 - mean) / std::sqrt(square)), {.rtol = 1e-10}));
  CHECK(close(found.power_raw[333], found.sde_raw, {.rtol = 1e-10}));
  std::vector<double> flat;
  for (int i = 0; i < 700; ++i) {  // 91 values around each, at the ends those of the first and last full window
    const int middle = std::clamp(i, 45, 699 - 45);
    std::vector<double> window(found.power_raw.begin() + middle - 45, found.power_raw.begin() + middle + 46);
    std::nth_element(window.begin(), window.begin() + 45, window.end());
    flat.push_back(found.power_raw[at(i)] - window[45]);
  }
  double m = 0.0, v = 0.0;
  for (const double f : flat) m += f / 700;
  for (const double f : flat) v += (f - m) * (f - m) / 700;
  for (double& f : flat) f = (f - m) / std::sqrt(v);
  CHECK(max_difference(flat, found.power) < 1e-9);
  CHECK(close(found.sde, found.power[333], {.rtol = 1e-14}));
  TransitPeriodogram equal{.period = {1.0, 2.0}, .chi2 = {5.0, 5.0}};
  transit_spectra(equal, 3.0);
  CHECK(equal.sde == 0.0);
  CHECK(equal.best() == -1);
}

TEST_CASE("false-alarm probability: published points, falling between, flat beyond") {
  CHECK(transit_false_alarm_probability(3.0) == 0.1);
  CHECK(close(transit_false_alarm_probability(6.066), 0.0489, {.rtol = 0.05}));  // not among the points kept
  CHECK(close(transit_false_alarm_probability(7.0), 0.01, {.rtol = 0.1}));       // the paper's threshold of one per cent
  CHECK(transit_false_alarm_probability(40.0) == 8e-5);
  const auto alarm = transit_false_alarm_probability;
  for (double sde = 5.0; sde < 10.0; sde += 0.05) CHECK(alarm(sde + 0.05) <= alarm(sde));
}

TEST_CASE("threads and slices change no bit; order of the rows and a Julian date change little") {
  Sky sky = observe(10.0, 30.0, 0.03, 5e-4, {planet(4.4, 12.0, 0.04)}, 8);
  const auto periods = transit_period_grid(30.0, {.min_period = 3.0});
  const auto two = transit_least_squares(sky.view(), periods, {.threads = 2});
  const auto one = transit_least_squares(sky.view(), periods, {.threads = 1});
  CHECK(two.power == one.power);
  CHECK(two.transit_time == one.transit_time);
  Budget budget;
  Job job(budget, transit_least_squares_task(budget, sky.view(), periods, {.threads = 1}));
  Index slices = 0;
  while (!job.step(0.0)) ++slices;
  CHECK(slices >= ssize(periods) - 1);
  CHECK(job.result().power == one.power);
  Job wide(budget, transit_least_squares_task(budget, sky.view(), periods, {.threads = 3}));
  while (!wide.step(0.0)) continue;
  CHECK(wide.result().power == one.power);
  Sky moved = sky;
  for (double& t : moved.t) t += 2454833.0;
  std::reverse(moved.t.begin(), moved.t.end());
  std::reverse(moved.y.begin(), moved.y.end());
  const auto far = transit_least_squares(moved.view(), periods);
  CHECK(max_difference(far.chi2, one.chi2) < 0.02 * one.chi2_flat);  // points on an edge of a shape fall either way: t keeps 5e-10 day
  CHECK(far.best() == one.best());
}

TEST_CASE("nothing to find, and wrong input") {
  const std::vector<double> t{0, 1, 2, 3, 4, 5}, up{1, 1.1, 1, 1.1, 1.2, 1}, flat(6, 1.0), sigma(6, 0.1), two{0, 1}, same(6, 2.0);
  const std::vector<double> periods{2.0, 2.2, 2.4}, none, zero{0.0}, huge{1e12};
  const auto bumps = transit_least_squares({t, up, sigma}, periods);
  CHECK(bumps.best() == -1);
  CHECK(bumps.sde == 0.0);
  CHECK(bumps.chi2[0] == bumps.chi2_flat);
  CHECK(transit_least_squares({t, flat, sigma}, periods).best() == -1);
  CHECK_THROWS_WITH_AS((void)transit_least_squares({t, flat, {}}, periods), "transit_least_squares: expected values with a scatter, got more than half of them equal: give their errors", InputError);
  CHECK_THROWS_AS((void)transit_least_squares({two, two, {}}, periods), InputError);
  CHECK_THROWS_AS((void)transit_least_squares({same, up, {}}, periods), InputError);
  CHECK_THROWS_AS((void)transit_least_squares({t, up, {}}, none), InputError);
  CHECK_THROWS_AS((void)transit_least_squares({t, up, {}}, zero), InputError);
  CHECK_THROWS_WITH_AS((void)transit_least_squares({t, up, {}}, huge), doctest::Contains("at most 2e7 steps"), InputError);
  CHECK_THROWS_AS((void)transit_least_squares({t, up, {}}, periods, {.oversample = 2}), InputError);
  CHECK_THROWS_AS((void)transit_least_squares({t, up, {}}, periods, {.shape = {.impact = 2.0}}), InputError);
  CHECK_THROWS_AS((void)transit_fit({t, up, {}}, 2.0, 2.0, 0.0), InputError);
  CHECK(transit_fit({t, up, sigma}, 100.0, 0.1, 50.0).points == 0);
  const auto short_period = transit_least_squares({t, up, sigma}, std::vector<double>{0.01, 0.011});  // far below the cadence
  CHECK(std::isfinite(short_period.chi2[0]));
}
