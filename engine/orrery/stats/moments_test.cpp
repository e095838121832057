#include "orrery/stats/moments.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::stats;

namespace {

struct Exact {
  long double mean = 0, variance = 0, skewness = 0, kurtosis = 0;
};
Exact long_double_moments(const std::vector<double>& x) {
  const auto n = static_cast<long double>(x.size());
  Exact e;
  for (const double v : x) e.mean += v;
  e.mean /= n;
  long double m2 = 0, m3 = 0, m4 = 0;
  for (const double v : x) {
    const long double d = v - e.mean;
    m2 += d * d / n, m3 += d * d * d / n, m4 += d * d * d * d / n;
  }
  e.variance = m2 * n / (n - 1);
  e.skewness = m3 / std::pow(m2, 1.5L);
  e.kurtosis = m4 / (m2 * m2) - 3;
  return e;
}

}  // namespace

TEST_CASE("property: moments agree with long double, also far from zero and at extreme scales") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    std::vector<double> x(at(10 + random.index(300)));
    const double offset = seed % 3 == 0 ? 2457000.0 : 0.0;
    const double scale = seed % 5 == 0 ? 1e150 : 1.0;
    for (double& v : x) v = offset + scale * std::exp(random.normal());
    const Moments m = moments(x);
    const Exact e = long_double_moments(x);
    // An offset of 2e6 costs 2e6 * 1e-16 / (values of about 1) = 5e-10 in each deviation.
    const double rtol = offset > 0.0 ? 1e-8 : 1e-12;
    CHECK(close(m.mean, double(e.mean), {.rtol = 1e-15}));
    CHECK(close(m.sigma, double(std::sqrt(e.variance)), {.rtol = rtol}));
    CHECK(close(m.skewness, double(e.skewness), {.rtol = rtol, .atol = rtol}));
    CHECK(close(m.kurtosis, double(e.kurtosis), {.rtol = rtol, .atol = rtol}));
    CHECK(close(standard_deviation(x), m.sigma, {.rtol = rtol}));
    CHECK(mean(x) == m.mean);
  }
}

TEST_CASE("moments of known sets") {
  // 1 ... 5: s^2 = 2.5, symmetric, m4/m2^2 = 6.8/4.
  const Moments m = moments(std::vector<double>{5, 1, 4, 2, 3});
  CHECK(m.count == 5);
  CHECK(m.mean == 3.0);
  CHECK(close(m.variance, 2.5, {.rtol = 1e-15}));
  CHECK(close(m.skewness, 0.0, {.atol = 1e-15}));
  CHECK(close(m.kurtosis, 1.7 - 3.0, {.rtol = 1e-14}));
  CHECK(close(m.mean_error(), std::sqrt(0.5), {.rtol = 1e-15}));
  const Moments constant = moments(std::vector<double>(7, 0.1));
  CHECK(constant.mean == 0.1);
  CHECK(constant.sigma == 0.0);
  CHECK(constant.skewness == 0.0);
  CHECK(moments(std::vector<double>{4.0}).variance == 0.0);
  CHECK(standard_deviation(std::vector<double>{4.0}) == 0.0);
}

TEST_CASE("weighted mean: textbook case, equal weights, offset") {
  // Weights 1 and 1/4: (10 + 12/4) / 1.25 = 10.4, error 1/sqrt(1.25), chi2 = 0.16 + 2.56/4.
  const auto w = weighted_mean(std::vector<double>{10, 12}, std::vector<double>{1, 2});
  CHECK(close(w.mean, 10.4, {.rtol = 1e-15}));
  CHECK(close(w.error, 1.0 / std::sqrt(1.25), {.rtol = 1e-15}));
  CHECK(close(w.chi2, 0.8, {.rtol = 1e-13}));
  CHECK(w.dof == 1);
  Random random(3);
  const auto x = normal_vector(random, 100);
  const auto equal = weighted_mean(x, std::vector<double>(100, 2.0));
  CHECK(close(equal.mean, mean(x), {.atol = 1e-15}));
  CHECK(close(equal.error, 0.2, {.rtol = 1e-14}));
}

TEST_CASE("chi2 of the weighted mean follows its degrees of freedom") {
  // Mean of 400 chi2 with 9 dof: 9 +- sqrt(18/400) = 0.21; 5 sigma, false alarm 6e-7.
  double sum = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    Random random(seed, 17);
    std::vector<double> x(10), sigma(10);
    for (std::size_t i = 0; i < 10; ++i) sigma[i] = random.uniform(0.5, 3.0), x[i] = 100.0 + sigma[i] * random.normal();
    sum += weighted_mean(x, sigma).chi2 / 400.0;
  }
  CHECK(std::fabs(sum - 9.0) < 5.0 * std::sqrt(18.0 / 400.0));
}

TEST_CASE("bad input is refused with a sentence") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS((void)moments({}), InputError);
  CHECK_THROWS_WITH_AS((void)mean(std::vector<double>{1, nan, nan}), "mean: expected finite values, got 2 that are not, the first at index 1",
                       InputError);
  CHECK_THROWS_AS((void)weighted_mean(std::vector<double>{1, 2}, std::vector<double>{1}), InputError);
  CHECK_THROWS_AS((void)weighted_mean(std::vector<double>{1, 2}, std::vector<double>{1, 0}), InputError);
  CHECK_THROWS_AS((void)weighted_mean(std::vector<double>{1, 2}, std::vector<double>{1, nan}), InputError);
}
