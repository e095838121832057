#include "orrery/stats/robust.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "orrery/stats/moments.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::stats;

namespace {

std::vector<double> sample(Index n, std::uint64_t seed) {
  Random random(seed);
  return normal_vector(random, n);
}

/// Definition 7 written out on sorted values in long double.
double sorted_definition(std::vector<double> x, long double p) {
  std::sort(x.begin(), x.end());
  const long double h = p * static_cast<long double>(x.size() - 1);
  const auto k = static_cast<std::size_t>(std::floor(h));
  if (k + 1 == x.size()) return x.back();
  return double(x[k] + (h - static_cast<long double>(k)) * (static_cast<long double>(x[k + 1]) - x[k]));
}

}  // namespace

TEST_CASE("property: selection gives the quantiles of the sorted values") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    Random random(seed, 1);
    auto x = sample(1 + random.index(60), seed);
    if (seed % 4 == 0) {
      for (double& v : x) v = std::round(2.0 * v);  // many ties
    }
    const std::vector<double> p = {0.0, 0.1, 0.25, 0.5, 0.75, 0.999, 1.0, random.uniform()};
    const auto several = quantiles(x, p);
    for (std::size_t i = 0; i < p.size(); ++i) {
      CAPTURE(p[i]);
      CHECK(close(quantile(x, p[i]), sorted_definition(x, p[i]), {.rtol = 1e-13, .atol = 1e-14}));
      CHECK(several[i] == quantile(x, p[i]));
    }
    CHECK(median(x) == quantile(x, 0.5));
    CHECK(quantile(x, 0.0) == *std::min_element(x.begin(), x.end()));
    CHECK(quantile(x, 1.0) == *std::max_element(x.begin(), x.end()));
  }
}

TEST_CASE("known values") {
  // numpy.percentile([15, 20, 35, 40, 50], 40) = 29 (linear).
  CHECK(close(quantile(std::vector<double>{15, 20, 35, 40, 50}, 0.4), 29.0, {.rtol = 1e-15}));
  CHECK(median(std::vector<double>{4, 1, 3, 2}) == 2.5);
  CHECK(median_absolute_deviation(std::vector<double>{1, 1, 2, 2, 4, 6, 9}) == 1.0);
  CHECK(close(sigma_g(std::vector<double>{0, 1, 2, 3, 4}), 2 * kQuartilesToSigma, {.rtol = 1e-15}));
  // 1 / (2 * 0.67448975019608171) and 1 / 0.67448975019608171, the quartile of the normal distribution.
  CHECK(close(kQuartilesToSigma, 0.5 / 0.67448975019608171, {.rtol = 1e-15}));
  CHECK(close(kMadToSigma, 1.0 / 0.67448975019608171, {.rtol = 1e-15}));
}

TEST_CASE("property: scales and locations move with the data, and order does not matter") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    CAPTURE(seed);
    auto x = sample(101, seed);
    std::vector<double> moved;
    for (const double v : x) moved.push_back(-3.0 * v + 7.0);
    const Tolerance t{.rtol = 1e-12, .atol = 1e-12};
    CHECK(close(median(moved), -3.0 * median(x) + 7.0, t));
    CHECK(close(sigma_g(moved), 3.0 * sigma_g(x), t));
    CHECK(close(median_absolute_deviation(moved), 3.0 * median_absolute_deviation(x), t));
    CHECK(close(biweight_location(moved), -3.0 * biweight_location(x) + 7.0, t));
    CHECK(close(biweight_scale(moved), 3.0 * biweight_scale(x), t));
    const double before = biweight_scale(x);
    std::reverse(x.begin(), x.end());
    CHECK(close(biweight_scale(x), before, t));
  }
}

TEST_CASE("all widths recover sigma of a Gaussian, and only the plain one is fooled by 5 % outliers") {
  // Standard error of sigma_g is 1.17 / sqrt(N) (asymptotic), of the MAD the same, of s 0.71 / sqrt(N): N = 40,000 and 5 standard
  // errors, false alarm 6e-7 each.
  auto x = sample(40000, 11);
  const double tolerance = 5.0 * 1.17 / 200.0;
  CHECK(std::fabs(sigma_g(x) - 1.0) < tolerance);
  CHECK(std::fabs(kMadToSigma * median_absolute_deviation(x) - 1.0) < tolerance);
  CHECK(std::fabs(biweight_scale(x) - 1.0) < tolerance);
  CHECK(std::fabs(biweight_location(x)) < 5.0 * 1.1 / 200.0);
  for (std::size_t i = 0; i < x.size(); i += 20) x[i] = 100.0;
  CHECK(standard_deviation(x) > 20.0);
  CHECK(std::fabs(sigma_g(x) - 1.0) < 0.1);
  CHECK(std::fabs(biweight_scale(x) - 1.0) < 0.1);
  CHECK(std::fabs(biweight_location(x)) < 0.05);
  const auto clip = sigma_clip(x, {.kappa = 5.0});
  CHECK(clip.converged);
  // Of 38,000 Gaussian values 0.02 lie beyond 5 sigma.
  CHECK(clip.kept <= 38000);
  CHECK(clip.kept >= 37998);
  CHECK(std::fabs(clip.scale - 1.0) < tolerance);
}

TEST_CASE("biweights by their definition in long double") {
  const auto x = sample(57, 4);
  const long double m = median(x), mad = median_absolute_deviation(x);
  long double num = 0, den = 0, a = 0, b = 0;
  for (const double v : x) {
    const long double u = (v - m) / (6 * mad), w = (v - m) / (9 * mad);
    if (std::fabs(u) < 1) num += (v - m) * std::pow(1 - u * u, 2.0L), den += std::pow(1 - u * u, 2.0L);
    if (std::fabs(w) < 1) a += (v - m) * (v - m) * std::pow(1 - w * w, 4.0L), b += (1 - w * w) * (1 - 5 * w * w);
  }
  CHECK(close(biweight_location(x), double(m + num / den), {.rtol = 1e-13, .atol = 1e-15}));
  CHECK(close(biweight_scale(x), double(std::sqrt(57.0L) * std::sqrt(a) / std::fabs(b)), {.rtol = 1e-13}));
  CHECK(biweight_location(std::vector<double>{2, 2, 2, 9}) == 2.0);
  CHECK(biweight_scale(std::vector<double>{2, 2, 2, 9}) == 0.0);
}

TEST_CASE("sigma_clip counts its rounds, keeps what is inside and stops") {
  const std::vector<double> x = {0, 1, -1, 0.5, -0.5, 0.2, -0.3, 30, 1000};
  const auto clip = sigma_clip(x);
  CHECK(clip.kept == 7);
  CHECK(clip.keep[7] == 0);
  CHECK(clip.keep[8] == 0);
  CHECK(clip.converged);
  CHECK(clip.iterations == 2);
  const auto one_round =
      sigma_clip(x, {.kappa = 2.0, .max_iterations = 1, .center = ClipCenter::mean, .scale = ClipScale::standard_deviation});
  CHECK(one_round.kept == 8);  // 1000 hides 30 from the plain moments
  CHECK(!one_round.converged);
  const auto flat = sigma_clip(std::vector<double>{3, 3, 3, 3, 50});
  CHECK(flat.kept == 5);
  CHECK(flat.converged);
}

TEST_CASE("bad input is refused") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> x = {1, 2, 3};
  CHECK_THROWS_AS((void)quantile(x, 1.5), InputError);
  CHECK_THROWS_AS((void)quantile(x, nan), InputError);
  CHECK_THROWS_AS((void)quantile({}, 0.5), InputError);
  CHECK_THROWS_AS((void)sorted_quantile({}, 0.5), InputError);
  CHECK_THROWS_AS((void)sigma_g(std::vector<double>{1, nan}), InputError);
  CHECK_THROWS_AS((void)biweight_scale(x, 0.0), InputError);
  CHECK_THROWS_AS((void)sigma_clip(x, {.kappa = 0.0}), InputError);
  CHECK_THROWS_AS((void)sigma_clip(x, {.max_iterations = 0}), InputError);
}
