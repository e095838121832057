#include "orrery/stats/outlier_posterior.hpp"

#include <cmath>
#include <limits>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "orrery/stats/moments.hpp"
#include "orrery/stats/special.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::stats;

namespace {

std::vector<double> contaminated(Index n, double fraction, double outlier_sigma, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> x(at(n));
  for (double& v : x) v = (random.uniform() < fraction ? outlier_sigma : 1.0) * random.normal();
  return x;
}

/// ln of the posterior at one node by brute force in long double, up to a constant that all nodes share.
long double brute(const std::vector<double>& x, long double mean, long double sigma, const OutlierOptions& o) {
  long double sum = 0;
  for (Index k = 0; k < o.fractions; ++k) {
    const long double f = o.max_fraction * (static_cast<long double>(k) + 0.5L) / static_cast<long double>(o.fractions);
    long double product = 1;  // long double reaches down to 1e-4932
    for (const double v : x) {
      const long double d = v - mean, w = o.outlier_sigma;
      product *= (1 - f) / sigma * std::exp(-d * d / (2 * sigma * sigma)) + f / w * std::exp(-d * d / (2 * w * w));
    }
    sum += product;
  }
  return std::log(sum / sigma);
}

}  // namespace

TEST_CASE("mixture posterior against brute force in long double") {
  const auto x = contaminated(50, 0.2, 4.0, 1);
  const MeanSigmaGrid grid{.means = 9, .sigmas = 7, .mean_low = -1, .mean_high = 1, .sigma_low = 0.3, .sigma_high = 3};
  const OutlierOptions options{.outlier_sigma = 4.0, .fractions = 20};
  const auto p = outlier_posterior(x, grid, options);
  long double highest = -1e30L;
  std::vector<long double> expected;
  for (Index r = 0; r < 7; ++r) {
    for (Index c = 0; c < 9; ++c) {
      expected.push_back(brute(x, grid.mean(c), grid.sigma(r), options));
      highest = std::max(highest, expected.back());
    }
  }
  // The floor of 1e-18 under a density counts only where a value lies more than 9 sigma away, at sigma = 0.3: nodes that have
  // no probability anyway, and f q is far above it. 1e-9 of a logarithm of about 100.
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(close(p.log_density[i], double(expected[i] - highest), {.rtol = 1e-10, .atol = 1e-9}));
  }
}

TEST_CASE("without outliers: the marginals are Student's t and chi with N - 1 degrees of freedom") {
  const auto x = contaminated(20, 0.0, 1.0, 7);
  const Moments m = moments(x);
  const double t = m.sigma / std::sqrt(20.0);
  const MeanSigmaGrid grid{.means = 401, .sigmas = 801, .mean_low = m.mean - 12 * t, .mean_high = m.mean + 12 * t,
                           .sigma_low = 0.2 * m.sigma, .sigma_high = 5 * m.sigma};
  const auto p = gaussian_posterior(x, grid);
  // Step 0.06 t of a smooth density: trapezoids are exact to rounding; what is cut off beyond 12 t is 2e-10.
  double sum = 0.0;
  for (Index c = 0; c + 1 < grid.means; ++c) {
    const double step = grid.mean(1) - grid.mean(0);
    sum += 0.5 * step * (p.mean_marginal[at(c)] + p.mean_marginal[at(c + 1)]);
    if (c % 40 == 20) CHECK(close(sum, student_t_cdf((grid.mean(c + 1) - m.mean) / t, 19), {.atol = 1e-4}));  // trapezoid between two nodes
  }
  CHECK(close(sum, 1.0, {.rtol = 1e-12}));
  CHECK(close(p.mean, m.mean, {.atol = 1e-9}));
  CHECK(close(p.mean_error, t * std::sqrt(19.0 / 17.0), {.rtol = 1e-4}));
  CHECK(p.edge_mass < 1e-6);
  // E[sigma] = s sqrt((N - 1)/2) G((N - 2)/2) / G((N - 1)/2) for the prior 1 / sigma.
  CHECK(close(p.sigma, m.sigma * std::sqrt(9.5) * std::exp(log_gamma(9.0) - log_gamma(9.5)), {.rtol = 1e-4}));
}

TEST_CASE("calibration: the 68 % interval of the width holds the truth as often as it says; the naive one does not") {
  // 120 data sets of N = 100 with 10 % outliers of width 5. Nominal 68 %: binomial error 4.3 %. The mixture's hits stay within 4.5 of
  // them (false alarm 1e-5); the naive posterior, biased by a factor 1.8, never holds the truth.
  Index hits = 0, naive_hits = 0;
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    const auto x = contaminated(100, 0.1, 5.0, 1000 + seed);
    const MeanSigmaGrid grid{.means = 17, .sigmas = 41, .mean_low = -0.6, .mean_high = 0.6, .sigma_low = 0.4, .sigma_high = 3.0};
    const auto p = outlier_posterior(x, grid, {.outlier_sigma = 5.0, .fractions = 16});
    const auto naive = gaussian_posterior(x, grid);
    hits += std::fabs(p.sigma - 1.0) < p.sigma_error;
    naive_hits += std::fabs(naive.sigma - 1.0) < naive.sigma_error;
  }
  MESSAGE("of 120: mixture ", hits, ", naive ", naive_hits);
  CHECK(double(hits) > 0.68 * 120 - 4.5 * 5.1);
  CHECK(double(hits) < 0.68 * 120 + 4.5 * 5.1);
  CHECK(naive_hits < 12);
}

TEST_CASE("the outlier fraction is found, levels enclose what they say, slices change nothing") {
  const auto x = contaminated(400, 0.15, 6.0, 3);
  const MeanSigmaGrid grid{.means = 40, .sigmas = 40, .mean_low = -0.4, .mean_high = 0.4, .sigma_low = 0.6, .sigma_high = 1.6};
  const OutlierOptions options{.outlier_sigma = 6.0};
  const auto p = outlier_posterior(x, grid, options);
  CHECK(std::fabs(p.fraction - 0.15) < 5.0 * p.fraction_error);  // one seed, fixed
  CHECK(p.fraction_error > 0.015);
  CHECK(p.fraction_error < 0.04);
  const auto levels = enclosing_levels(p, std::vector<double>{0.683, 0.954});
  CHECK(levels[0] > levels[1]);
  double inside = 0.0, total = 0.0;
  for (const double v : p.log_density) total += std::exp(v), inside += v >= levels[0] ? std::exp(v) : 0.0;
  CHECK(close(inside / total, 0.683, {.atol = 0.01}));  // one node of about 1600
  // A two-dimensional Gaussian falls by 1.15 and 3.09 to these levels; the posterior is nearly one.
  CHECK(close(levels[0], -1.15, {.atol = 0.3}));
  CHECK(close(levels[1], -3.09, {.atol = 0.6}));
  Budget budget;
  Job job(budget, outlier_posterior_task(budget, x, grid, options));
  Index slices = 1;
  while (!job.step(0.2)) ++slices;
  CHECK(slices > 3);
  CHECK(job.result().log_density == p.log_density);
}

TEST_CASE("bad input is refused before any work") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> x = {1, 2, 3};
  CHECK_THROWS_AS((void)gaussian_posterior(std::vector<double>{1}, {}), InputError);
  CHECK_THROWS_AS((void)gaussian_posterior(std::vector<double>{1, nan}, {}), InputError);
  CHECK_THROWS_AS((void)gaussian_posterior(x, {.means = 1}), InputError);
  CHECK_THROWS_AS((void)gaussian_posterior(x, {.mean_low = 2.0}), InputError);
  CHECK_THROWS_AS((void)gaussian_posterior(x, {.sigma_low = 0.0}), InputError);
  CHECK_THROWS_AS((void)outlier_posterior(x, {}, {.outlier_sigma = 0.0}), InputError);
  CHECK_THROWS_AS((void)outlier_posterior(x, {}, {.max_fraction = 0.0}), InputError);
  CHECK_THROWS_AS((void)outlier_posterior(x, {}, {.fractions = 0}), InputError);
  CHECK_THROWS_AS((void)enclosing_levels(gaussian_posterior(x, {}), std::vector<double>{1.0}), InputError);
}
