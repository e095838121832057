#include "orrery/period/autocorrelation.hpp"

#include <algorithm>
#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::period;

namespace {

struct Sky {
  std::vector<double> t, y, sigma;
  SeriesView view() const { return {t, y, sigma}; }
};

Sky sky(int n, double span, double period, double noise, std::uint64_t seed) {
  Random random(seed);
  Sky s;
  for (int i = 0; i < n; ++i) {
    s.t.push_back(random.uniform(0.0, span));
    s.sigma.push_back(noise);
    s.y.push_back(5.0 + std::sin(6.283185307179586 * s.t.back() / period) + noise * random.normal());
  }
  return s;
}

/// All pairs in long double, straight from the definition.
void brute(const Sky& a, const Sky& b, bool itself, double lag, double step, const CorrelationOptions& o, double& value, double& error) {
  const auto moments = [&](const Sky& s, long double& mean, long double& variance) {
    mean = variance = 0;
    for (const double y : s.y) mean += y / (long double)s.y.size();
    for (std::size_t i = 0; i < s.y.size(); ++i) {
      variance += (s.y[i] - mean) * (s.y[i] - mean) / (long double)s.y.size();
      if (o.remove_noise) variance -= (long double)s.sigma[i] * s.sigma[i] / (long double)s.y.size();
    }
  };
  long double ma, va, mb, vb, weight = 0, sum = 0, squares = 0, bb = 0;
  moments(a, ma, va);
  moments(b, mb, vb);
  const double width = o.width > 0 ? o.width : 0.25 * step;
  for (std::size_t i = 0; i < a.t.size(); ++i) {
    for (std::size_t j = 0; j < b.t.size(); ++j) {
      if (itself && o.remove_noise && i == j) continue;
      const long double d = (long double)b.t[j] - a.t[i] - lag;
      const long double k = o.kernel == LagKernel::slot ? (d >= -0.5L * step && d < 0.5L * step ? 1.0L : 0.0L)
                                                        : std::exp(-0.5L * d * d / ((long double)width * width));
      const long double u = (a.y[i] - ma) * (b.y[j] - mb) / std::sqrt(va * vb);
      weight += k, sum += k * u, squares += k * u * u, bb += k * k;
    }
  }
  value = double(sum / weight);
  const long double n = weight * weight / bb;
  error = double(std::sqrt((squares / weight - sum / weight * sum / weight) * n) / (n - 1));
}

}  // namespace

TEST_CASE("property: kernels, slots, discrete correlation: all pairs in long double") {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    CAPTURE(seed);
    const auto a = sky(60, 30.0, 4.0, 0.3, seed), b = sky(45, 30.0, 4.0, 0.2, seed + 100);
    const CorrelationOptions options{.kernel = seed % 2 == 0 ? LagKernel::gaussian : LagKernel::slot, .width = seed % 4 == 2 ? 0.6 : 0.0,
                                     .remove_noise = seed % 3 == 0};
    const LagGrid own{0.3, 0.7, 20}, other{-6.0, 0.7, 20};
    const auto itself = autocorrelation(a.view(), own, options);
    const auto across = cross_correlation(a.view(), b.view(), other, options);
    for (Index k = 0; k < 20; k += 3) {
      double value, error;
      brute(a, a, true, own[k], own.step, options, value, error);
      CHECK(close(itself.value[at(k)], value, {.atol = 1e-5}));  // Gaussians are cut at 5 widths: 4e-6 of a pair's weight
      CHECK(close(itself.error[at(k)], error, {.rtol = 1e-3}));
      brute(a, b, false, other[k], other.step, options, value, error);
      CHECK(close(across.value[at(k)], value, {.atol = 1e-5}));
    }
  }
}

TEST_CASE("a sinusoid's autocorrelation is a cosine, whatever the gaps; b after a means a positive lag") {
  auto s = sky(1200, 80.0, 5.0, 0.05, 1);
  const auto r = autocorrelation(s.view(), {0.0, 0.25, 60});
  // The Gaussian of width w multiplies the cosine by exp(-(2 pi w / P)^2 / 2) = 0.997; few pairs at each lag leave 0.03.
  for (std::size_t k = 0; k < r.lag.size(); ++k) CHECK(std::fabs(r.value[k] - std::cos(6.283185307179586 * r.lag[k] / 5.0)) < 0.08);
  auto late = s;
  for (double& t : late.t) t += 1.5;
  const auto c = cross_correlation(s.view(), late.view(), {-2.4, 0.1, 49}, {.kernel = LagKernel::slot});
  const Index best = std::max_element(c.value.begin(), c.value.end()) - c.value.begin();
  CHECK(std::fabs(c.lag[at(best)] - 1.5) < 0.25);
}

TEST_CASE("order of points does not matter; task and plain agree; empty lags say so") {
  auto s = sky(80, 20.0, 3.0, 0.2, 4);
  const LagGrid lags{0.0, 0.4, 30};
  const auto one = autocorrelation(s.view(), lags);
  Budget budget;
  Job job(budget, autocorrelation_task(budget, s.view(), lags));
  while (!job.step(0.0)) {}
  CHECK(job.result().value == one.value);
  std::swap(s.t[3], s.t[70]), std::swap(s.y[3], s.y[70]), std::swap(s.sigma[3], s.sigma[70]);
  const auto other = autocorrelation(s.view(), lags);
  for (std::size_t k = 0; k < 30; ++k) CHECK(close(other.value[k], one.value[k], {.atol = 1e-12}));
  const auto beyond = autocorrelation(s.view(), {100.0, 1.0, 2}, {.kernel = LagKernel::slot});
  CHECK(beyond.value[1] == 0.0);
  CHECK(beyond.pairs[1] == 0.0);
  CHECK(std::isinf(beyond.error[1]));
}

TEST_CASE("z-transformed: independent pairs, Fisher's errors, and a known case") {
  const auto s = sky(150, 60.0, 6.0, 0.2, 9);
  const auto z = z_autocorrelation(s.view(), 12.0, 15);
  REQUIRE(z.lag.size() > 50);
  double off = 0.0;
  for (std::size_t k = 0; k < z.lag.size(); ++k) {
    CHECK(z.pairs[k] >= 15);
    CHECK(z.low[k] <= z.lag[k]);
    CHECK(z.lag[k] <= z.high[k]);
    if (k > 0) CHECK(z.low[k] >= z.high[k - 1]);
    CHECK(std::fabs(z.value[k]) <= 1.0);
    CHECK(z.error_low[k] > 0.0);
    off += std::fabs(z.value[k] - std::cos(6.283185307179586 * z.lag[k] / 6.0)) / double(z.lag.size());
  }
  CHECK(off < 0.2);  // 15 pairs give a correlation near 0 to 0.26 by themselves; a random curve would be 0.7 off
  // Regular times: all 9 pairs at lag 1 and 8 at lag 2 are bins; r by hand (numpy.corrcoef of the two columns).
  const std::vector<double> t{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, y{1, 3, 2, 5, 4, 6, 8, 7, 9, 12};
  const auto known = z_autocorrelation({t, y, {}}, 2.0, 5);
  REQUIRE(known.lag.size() == 2);
  CHECK(known.pairs[0] == 9);
  double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
  for (int i = 0; i < 9; ++i) mx += y[i] / 9, my += y[i + 1] / 9;
  for (int i = 0; i < 9; ++i) xx += (y[i] - mx) * (y[i] - mx), yy += (y[i + 1] - my) * (y[i + 1] - my), xy += (y[i] - mx) * (y[i + 1] - my);
  CHECK(close(known.value[0], xy / std::sqrt(xx * yy), {.rtol = 1e-12}));
}

TEST_CASE("statistical: Fisher's errors hold 68 % of noise's correlations") {
  // 40 skies of white noise: about 3000 bins, true correlation 0. Binomial error of the rate 0.9 %;
  // the third order is exact to 1 % at n = 11.
  int inside = 0, all = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Random random(seed, 5);
    Sky s;
    for (int i = 0; i < 60; ++i) s.t.push_back(random.uniform(0.0, 40.0)), s.y.push_back(random.normal());
    const auto z = z_autocorrelation(s.view(), 30.0);
    for (std::size_t k = 0; k < z.value.size(); ++k) {
      inside += z.value[k] > 0.0 ? z.value[k] < z.error_low[k] : -z.value[k] < z.error_high[k];
      ++all;
    }
  }
  CHECK(all > 2000);
  const double rate = double(inside) / all;
  CHECK(rate > 0.64);
  CHECK(rate < 0.73);
}

TEST_CASE("bad input") {
  const std::vector<double> t{0, 1, 2}, y{1, 2, 1}, flat{1, 1, 1}, big{2, 2, 2};
  CHECK(autocorrelation({t, y, {}}, {0.0, 1.0, 3}).value.size() == 3);
  CHECK_THROWS_AS((void)autocorrelation({t, flat, {}}, {0.0, 1.0, 3}), InputError);
  CHECK_THROWS_AS((void)autocorrelation({t, y, big}, {0.0, 1.0, 3}, {.remove_noise = true}), InputError);
  CHECK_THROWS_AS((void)autocorrelation({t, y, {}}, {-1.0, 1.0, 3}), InputError);
  CHECK_THROWS_AS((void)autocorrelation({t, y, {}}, {0.0, 0.0, 3}), InputError);
  CHECK_THROWS_AS((void)autocorrelation({t, y, {}}, {0.0, 1.0, 0}), InputError);
  CHECK_THROWS_AS((void)autocorrelation({t, y, {}}, {0.0, 1.0, 3}, {.width = -1.0}), InputError);
  CHECK_THROWS_AS((void)autocorrelation({std::span(t).first(1), std::span(y).first(1), {}}, {0.0, 1.0, 3}), InputError);
  CHECK_THROWS_AS((void)z_autocorrelation({t, y, {}}, 0.0), InputError);
  CHECK_THROWS_AS((void)z_autocorrelation({t, y, {}}, 1.0, 3), InputError);
  CHECK(z_autocorrelation({t, y, {}}, 5.0).lag.empty());
  std::vector<double> many(70000), values(70000);  // 2.4e9 pairs within the lags: refused before the work
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = double(i), values[i] = double(i % 7);
  CHECK_THROWS_AS((void)autocorrelation({many, values, {}}, {0.0, 1000.0, 71}), InputError);
}
