#include "orrery/data/synthetic.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "orrery/core/error.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::data;

namespace {
double mean_of(const std::vector<double>& v) {
  double sum = 0.0;
  for (const double x : v) sum += x;
  return sum / static_cast<double>(v.size());
}
}  // namespace

TEST_CASE("a seed is a series, another seed another one") {
  const auto a = sinusoid({}, 1);
  const auto b = sinusoid({}, 1);
  const auto c = sinusoid({}, 2);
  CHECK(a.t == b.t);
  CHECK(a.y == b.y);
  CHECK(a.t != c.t);
  CHECK(a.size() == 100);
  CHECK(std::is_sorted(a.t.begin(), a.t.end()));
  CHECK(a.t.front() > 0.0);
  CHECK(a.t.back() < 100.0);
  require_usable(a.view(), 100, "test");
}

TEST_CASE("without noise the curve is the formula, harmonics too") {
  const SinusoidOptions three{
      .n = 300, .period = 2.3, .amplitude = 0.4, .harmonics = {0.5, 0.25}, .phase = 0.1, .mean = 12.0, .noise = false};
  const auto s = sinusoid(three, 3);
  for (Index i = 0; i < s.size(); ++i) {
    const long double x = 2.0L * std::numbers::pi_v<long double> * (static_cast<long double>(s.t[at(i)]) / 2.3L + 0.1L);
    const long double expected = 12.0L + 0.4L * (std::sin(x) + 0.5L * std::sin(2.0L * x) + 0.25L * std::sin(3.0L * x));
    // Angles up to 2 pi 45 cycles: 45 * 2^-53 cycles of rounding, times 2 pi, harmonics and amplitude: below 1e-13.
    CHECK(close(s.y[at(i)], static_cast<double>(expected), {.atol = 1e-13}));
  }
}

TEST_CASE("noise has the sigma that is written beside it") {
  const auto s = sinusoid({.n = 20000, .amplitude = 0.0, .mean = 0.0, .sigma = 0.2, .sigma_spread = 0.5}, 4);
  double chi2 = 0.0;
  for (Index i = 0; i < s.size(); ++i) chi2 += std::pow(s.y[at(i)] / s.sigma[at(i)], 2);
  // chi2 of 20000 degrees of freedom: sigma 200; 5 sigma, a false alarm in 2 million seeds.
  CHECK(std::fabs(chi2 - 20000.0) < 1000.0);
  CHECK(*std::min_element(s.sigma.begin(), s.sigma.end()) >= 0.1);
  CHECK(*std::max_element(s.sigma.begin(), s.sigma.end()) <= 0.3);
  const auto white = white_noise(10000, 10.0, 3.0, 5);
  CHECK(std::fabs(mean_of(white.y)) < 5.0 * 3.0 / 100.0);  // 5 sigma of the mean
}

TEST_CASE("nights have day gaps, seasons and clouds") {
  const NightOptions options{.start = 53000.0, .days = 3.0 * 365.25, .visits = 3, .night = 0.3, .season = 0.5, .clear = 0.7};
  const auto t = nightly_times(options, 6);
  CHECK(std::is_sorted(t.begin(), t.end()));
  // 547 nights in season, 0.7 of them clear, 3 visits: 1150 +- 32 points; 5 sigma.
  CHECK(std::fabs(static_cast<double>(t.size()) - 1150.0) < 160.0);
  for (const double time : t) {
    CHECK(std::fabs(time - std::floor(time) - 0.25) <= 0.15);
    const double year = (std::floor(time) - 53000.0) / 365.25;
    CHECK(year - std::floor(year) < 0.5);
  }
  CHECK(nightly_times({.days = 10.0, .clear = 1.0}, 1).size() == 10);
}

TEST_CASE("the sawtooth is brightest at the epoch and falls slowly") {
  const std::vector<double> t = {3.0, 3.0 + 0.57 * 0.85, 3.0 + 0.57 * 0.425, 3.0 - 0.57 * 0.075};
  const auto y = sawtooth(t, {.epoch = 3.0});
  CHECK(close(y[0], 14.5, {.atol = 1e-12}));
  CHECK(close(y[1], 15.5, {.atol = 1e-12}));
  CHECK(close(y[2], 15.0, {.atol = 1e-12}));
  CHECK(close(y[3], 15.0, {.atol = 1e-12}));
}

TEST_CASE("bad options are refused before any work") {
  CHECK_THROWS_WITH_AS((void)sinusoid({.n = 0}, 1), "sinusoid: expected n >= 1, got 0", InputError);
  CHECK_THROWS_AS((void)sinusoid({.period = 0.0}, 1), InputError);
  CHECK_THROWS_AS((void)sinusoid({.sigma = NAN}, 1), InputError);
  CHECK_THROWS_AS((void)sinusoid({.sigma_spread = 1.0}, 1), InputError);
  CHECK_THROWS_AS((void)nightly_times({.season = 0.0}, 1), InputError);
  CHECK_THROWS_AS((void)nightly_times({.days = 1e300}, 1), InputError);
  CHECK_THROWS_AS((void)sawtooth(std::vector<double>{1.0}, {.rise = 1.0}), InputError);
  CHECK_THROWS_AS((void)noisy_series({1.0, 2.0}, {1.0}, 0.1, 1), InputError);
  CHECK_THROWS_AS((void)white_noise(0, 1.0, 1.0, 1), InputError);
}
