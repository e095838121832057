#include "orrery/period/rotation.hpp"

#include <algorithm>
#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "orrery/data/read_series.hpp"
#include "orrery/period/lomb_scargle_fast.hpp"
#include "orrery/period/search.hpp"
#include "orrery/stats/robust.hpp"
#include "orrery/stats/running_median.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::period;

namespace {

struct Sky {
  std::vector<double> t, y;
  SeriesView view() const { return {t, y, {}}; }
};

/// Regular cadence with cells missing; two spots half a turn apart, the second of `second` times the depth.
Sky spotted(double period, double second, double span, double cadence, double lost, double noise, std::uint64_t seed) {
  Random random(seed);
  Sky s;
  for (double t = 0.0; t < span; t += cadence) {
    if (random.uniform() < lost) continue;
    const double a = 6.283185307179586 * t / period;
    const double one = std::max(0.0, std::cos(a)), two = std::max(0.0, -std::cos(a));
    s.t.push_back(t);
    s.y.push_back(1.0 - 0.01 * one - 0.01 * second * two + noise * random.normal());
  }
  return s;
}

}  // namespace

TEST_CASE("property: the regular autocorrelation is the sum over its grid (brute force)") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const auto s = spotted(3.0, 0.5, 30.0, 0.25, seed % 2 == 0 ? 0.0 : 0.2, 0.003, seed);
    const auto r = regular_autocorrelation(s.view(), {.cadence = 0.25, .max_lag = 20.0, .max_gap = 0.75});
    std::vector<long double> x(std::size_t(std::round((s.t.back() - s.t[0]) / 0.25)) + 1, NAN);
    for (std::size_t i = 0; i < s.t.size(); ++i) x[std::size_t(std::round((s.t[i] - s.t[0]) / 0.25))] = s.y[i];
    Index filled = 0, missing = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (!std::isnan(x[i])) continue;
      std::size_t j = i;
      while (std::isnan(x[j])) ++j;
      const std::size_t gap = j - i;
      if (gap > 3) { i = j; missing += Index(gap); continue; }
      for (std::size_t k = i; k < j; ++k) x[k] = x[i - 1] + (x[j] - x[i - 1]) * (long double)(k - i + 1) / (long double)(gap + 1);
      filled += Index(gap);
    }
    CHECK(r.filled == filled);
    CHECK(r.missing == missing);
    long double mean = 0, n = 0, zero = 0;
    for (const auto v : x) if (!std::isnan(v)) mean += v, n += 1;
    mean /= n;
    for (auto& v : x) v = std::isnan(v) ? 0 : v - mean, zero += v * v;
    REQUIRE(r.lag.size() == 81);
    for (std::size_t k = 0; k < r.lag.size(); k += 7) {
      long double sum = 0;
      for (std::size_t i = 0; i + k < x.size(); ++i) sum += x[i] * x[i + k];
      CHECK(close(r.value[k], double(sum / zero), {.atol = 1e-12}));
    }
  }
}

TEST_CASE("two unequal spots: the autocorrelation takes the whole turn, one sinusoid takes the half") {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    CAPTURE(seed);
    const auto s = spotted(12.0, 0.8, 240.0, 0.2, 0.1, 0.001, seed);
    const auto found = rotation_period(s.view());
    CHECK(found.second_chosen);
    CHECK(std::fabs(found.first_lag - 6.0) < 0.3);
    CHECK(std::fabs(found.period - 12.0) < 0.1);
    CHECK(found.period_error < 0.2);
    CHECK(found.height > 0.1);
    CHECK(found.used >= 5);
    const FrequencyGrid grid{1.0 / 40.0, 1e-3, 400};
    const auto power = lomb_scargle_fast(s.view(), grid, {.harmonics = 1});
    const double trap = 1.0 / grid[std::max_element(power.begin(), power.end()) - power.begin()];
    CHECK(std::fabs(trap - 6.0) < 0.3);  // negative control: the trap is real
  }
  const auto one = rotation_period(spotted(12.0, 0.0, 240.0, 0.2, 0.1, 0.001, 1).view());
  CHECK_FALSE(one.second_chosen);
  CHECK(std::fabs(one.period - 12.0) < 0.1);
}

TEST_CASE("noise has no clear rotation (negative control)") {
  // 20 skies of 600 points: heights of smoothed noise scatter by about 0.03; 0.1 is beyond all of them.
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed, 2);
    Sky s;
    for (int i = 0; i < 600; ++i) s.t.push_back(0.5 * i), s.y.push_back(random.normal());
    CHECK(rotation_period(s.view()).height < 0.1);
  }
}

TEST_CASE("task and plain agree; options") {
  const auto s = spotted(5.0, 0.6, 120.0, 0.1, 0.05, 0.002, 3);
  const auto plain = rotation_period(s.view());
  Budget budget;
  Job job(budget, rotation_period_task(budget, s.view(), {}));
  while (!job.step(0.0)) {}
  CHECK(job.result().period == plain.period);
  CHECK(rotation_period(s.view(), {.min_period = 4.0}).first_lag > 4.0);
  CHECK(regular_autocorrelation(s.view(), {.max_lag = 10.0}).lag.size() == 101);
}

TEST_CASE("Kepler-17: rotation of 12.0 days; two harmonics agree; one falls for the half") {
  ORRERY_NEED_DATA(path, "kepler/kepler17_downsample.dat");
  const auto star = data::read_series_file(path, {}).series;
  // Quarters differ in level, points beside the steps lie far off, and spots come and go.
  const RotationOptions options{.max_lag = 100.0, .min_period = 3.0, .detrend = 45.0, .clip = 4.0};
  const auto whole = rotation_period(star.view(), options);
  CHECK(std::fabs(whole.period - 12.0) < 0.3);
  std::vector<std::uint8_t> keep;
  for (const double t : star.t) keep.push_back(t < star.t[0] + 600.0);
  auto part = data::select_rows(star, keep);
  const auto found = rotation_period(part.view(), options);
  CHECK(std::fabs(found.period - 12.0) < 0.3);
  CHECK(found.second_chosen);
  // The like for the sinusoids: flux over its trend, far points left out.
  auto flat = part;
  const auto trend = stats::running_median(part.t, part.y, 45.0);
  for (std::size_t i = 0; i < flat.y.size(); ++i) flat.y[i] = flat.y[i] / trend[i] - 1.0;
  const double limit = 4.0 * stats::kMadToSigma * stats::median_absolute_deviation(flat.y);
  for (std::size_t i = 0; i < flat.y.size(); ++i) keep[i] = std::fabs(flat.y[i]) < limit;
  keep.resize(flat.y.size());
  flat = data::select_rows(flat, keep);
  flat.sigma.clear();
  const auto one = find_period(flat, {.min_period = 3.0, .max_period = 60.0, .harmonics = 1});
  const auto two = find_period(flat, {.min_period = 3.0, .max_period = 60.0, .harmonics = 2});
  CHECK(std::fabs(one.period - 6.0) < 0.15);
  CHECK(std::fabs(two.period - 12.0) < 0.3);
  MESSAGE("autocorrelation ", found.period, " +- ", found.period_error, " (all ", whole.period, "); one sinusoid ", one.period, ", two ", two.period);
}

TEST_CASE("KIC 1430163: a rotation of 3.88 +- 0.58 days within two of its errors") {
  ORRERY_NEED_DATA(path, "kepler/kplr001430163-2013011073258_llc.fits");
  const auto star = data::read_series_file(path, {}).series;
  const auto found = rotation_period(star.view());
  CHECK(std::fabs(found.period - 3.88) < 2 * 0.58);
  MESSAGE("autocorrelation ", found.period, " +- ", found.period_error, ", height ", found.height);
}

TEST_CASE("bad input") {
  const std::vector<double> t{0, 1, 2}, y{1, 2, 1}, flat{1, 1, 1}, far{0, 1, 1e9};
  CHECK(rotation_period({t, y, {}}).peaks.empty());
  CHECK(rotation_period({t, y, {}}).period == 0.0);
  CHECK_THROWS_AS((void)rotation_period({t, flat, {}}), InputError);
  CHECK_THROWS_AS((void)rotation_period({flat, y, {}}), InputError);
  CHECK_THROWS_AS((void)rotation_period({far, y, {}}, {.cadence = 1.0}), InputError);
  CHECK_THROWS_AS((void)rotation_period({t, y, {}}, {.smoothing = -1.0}), InputError);
  CHECK_THROWS_AS((void)rotation_period({std::span(t).first(2), std::span(y).first(2), {}}), InputError);
}
