#include "orrery/stats/bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "orrery/stats/moments.hpp"
#include "orrery/stats/robust.hpp"
#include "orrery/stats/special.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::stats;

namespace {

std::vector<double> sample(Index n, std::uint64_t seed) {
  Random random(seed);
  return normal_vector(random, n);
}

/// Mean of a statistic over all N^N resamples of a small set, and its standard deviation: the exact bootstrap.
struct ExactBootstrap {
  double mean = 0, sigma = 0;
};
ExactBootstrap exhaustive(const std::vector<double>& x, const Statistic& statistic) {
  const auto n = x.size();
  std::vector<std::size_t> pick(n, 0);
  std::vector<double> set(n);
  double count = 0, sum = 0, sum2 = 0;
  while (true) {
    for (std::size_t i = 0; i < n; ++i) set[i] = x[pick[i]];
    const double v = statistic(set);
    ++count, sum += v, sum2 += v * v;
    std::size_t i = 0;
    while (i < n && ++pick[i] == n) pick[i++] = 0;
    if (i == n) break;
  }
  return {sum / count, std::sqrt(sum2 / count - sum * sum / count / count)};
}

}  // namespace

TEST_CASE("bootstrap against all 3125 resamples of five values") {
  const std::vector<double> x = {0.3, 1.9, -2.0, 0.7, 5.0};
  for (const Statistic& statistic : {Statistic(mean), Statistic(median), Statistic(standard_deviation)}) {
    const auto exact = exhaustive(x, statistic);
    const auto b = bootstrap(x, statistic, {.replicas = 20000, .seed = 5});
    // Standard error of a standard deviation from 20,000 draws is below 1 % for these bounded laws; 5 of them, false alarm 6e-7.
    CHECK(close(b.standard_error, exact.sigma, {.rtol = 0.05}));
    CHECK(std::fabs(b.bias - (exact.mean - statistic(x))) < 5.0 * exact.sigma / std::sqrt(20000.0));
  }
}

TEST_CASE("replicas do not depend on threads, on the number of replicas, or on slicing") {
  const auto x = sample(200, 1);
  const auto one = bootstrap(x, sigma_g, {.replicas = 300, .seed = 9, .threads = 1});
  CHECK(bootstrap(x, sigma_g, {.replicas = 300, .seed = 9, .threads = 4}).replicates == one.replicates);
  const auto longer = bootstrap(x, sigma_g, {.replicas = 500, .seed = 9});
  CHECK(std::equal(one.replicates.begin(), one.replicates.end(), longer.replicates.begin()));
  CHECK(bootstrap(x, sigma_g, {.replicas = 300, .seed = 10}).replicates != one.replicates);
  Budget budget;
  Job job(budget, bootstrap_task(budget, x, sigma_g, {.replicas = 300, .seed = 9}));
  Index slices = 1;
  while (!job.step(0.05)) ++slices;
  CHECK(slices > 1);
  const auto sliced = job.result();
  CHECK(sliced.replicates == one.replicates);
  CHECK(sliced.standard_error == one.standard_error);
}

TEST_CASE("jackknife: the mean exactly, the biased variance corrected exactly, the median wrong") {
  const auto x = sample(50, 2);
  const auto m = jackknife(x, mean);
  CHECK(close(m.standard_error, standard_deviation(x) / std::sqrt(50.0), {.rtol = 1e-10}));  // an identity
  CHECK(close(m.bias, 0.0, {.atol = 1e-13}));
  const auto variance = jackknife(x, [](std::span<const double> v) {
    const double s = standard_deviation(v);
    return s * s * double(v.size() - 1) / double(v.size());
  });
  CHECK(close(variance.corrected, std::pow(standard_deviation(x), 2), {.rtol = 1e-11}));  // an identity
  // With N even the leave-one-out medians take two values only: the jackknife knows no more than one gap.
  Budget budget;
  Job job(budget, jackknife_task(budget, x, median));
  while (!job.step(0.0)) {
  }
  auto medians = job.result().leave_one_out;
  CHECK(medians == jackknife(x, median).leave_one_out);
  std::sort(medians.begin(), medians.end());
  CHECK(std::unique(medians.begin(), medians.end()) - medians.begin() == 2);
}

TEST_CASE("bootstrap width of sigma agrees with sigma / sqrt(2 (N - 1)) for Gaussian data") {
  // Relative scatter of the bootstrap's answer: about 1.4 / sqrt(N) from the sample's kurtosis and 0.7 / sqrt(B). N = 2000, B = 2000:
  // 3.5 %; 5 of them, false alarm 6e-7.
  const auto x = sample(2000, 3);
  const auto b = bootstrap(x, standard_deviation, {.replicas = 2000, .seed = 4});
  CHECK(close(b.standard_error, 1.0 / std::sqrt(2.0 * 1999.0), {.rtol = 0.175}));
}

TEST_CASE("intervals: the normal case, invariance of BCa, and its formula") {
  const auto x = sample(400, 6);
  const auto b = bootstrap(x, mean, {.replicas = 4000, .seed = 1});
  const auto j = jackknife(x, mean);
  const double z = normal_quantile(0.95);
  const auto percentile = percentile_interval(b.replicates, 0.9);
  const auto bca = bca_interval(b, j, 0.9);
  // The ends of a 90 % interval from 4000 replicas scatter by 0.034 standard errors; 5 of them, false alarm 1e-6.
  CHECK(std::fabs(percentile.low - (b.estimate - z * b.standard_error)) < 0.17 * b.standard_error);
  CHECK(std::fabs(percentile.high - (b.estimate + z * b.standard_error)) < 0.17 * b.standard_error);
  CHECK(std::fabs(bca.low - percentile.low) < 0.2 * b.standard_error);
  // An increasing function of the statistic takes the interval's ends with it when the acceleration is the same (z0 is a rank).
  Bootstrap raised = b;
  for (double& v : raised.replicates) v = std::exp(v);
  raised.estimate = std::exp(b.estimate);
  const auto mapped = bca_interval(raised, j, 0.9);
  CHECK(close(mapped.low, std::exp(bca.low), {.rtol = 1e-4}));  // interpolation between neighbours is not linear after exp
  // One-sided replicates: falls back to percentiles.
  Bootstrap odd{.estimate = -10.0, .replicates = {0, 1, 2, 3, 4}};
  CHECK(bca_interval(odd, j, 0.5).low == percentile_interval(odd.replicates, 0.5).low);
}

TEST_CASE("coverage: BCa comes closer than percentiles for the variance of an exponential sample") {
  // 400 samples of N = 40: nominal 90 %. Binomial error 1.5 %. Percentile is known to cover about 77-80 %, BCa about 82-85 %.
  Index percentile_hits = 0, bca_hits = 0;
  const Statistic variance = [](std::span<const double> v) { return moments(v).variance; };
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    Random random(seed, 77);
    std::vector<double> x(40);
    for (double& v : x) v = -std::log(random.uniform());
    const auto b = bootstrap(x, variance, {.replicas = 600, .seed = seed});
    const auto p = percentile_interval(b.replicates, 0.9);
    const auto c = bca_interval(b, jackknife(x, variance), 0.9);
    percentile_hits += p.low <= 1.0 && 1.0 <= p.high;
    bca_hits += c.low <= 1.0 && 1.0 <= c.high;
  }
  MESSAGE("coverage of 400: percentile ", percentile_hits, ", BCa ", bca_hits);
  CHECK(bca_hits > percentile_hits);
  CHECK(bca_hits > 304);   // 76 %: 5 binomial errors below 83 %, false alarm 1e-5
  CHECK(bca_hits <= 376);  // not more than 94 %
}

TEST_CASE("bad input is refused before any work") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> x = {1, 2, 3};
  CHECK_THROWS_AS((void)bootstrap(std::vector<double>{1}, mean), InputError);
  CHECK_THROWS_AS((void)bootstrap(std::vector<double>{1, nan}, mean), InputError);
  CHECK_THROWS_AS((void)bootstrap(x, mean, {.replicas = 1}), InputError);
  CHECK_THROWS_AS((void)jackknife(std::vector<double>{1, 2}, mean), InputError);
  CHECK_THROWS_AS((void)percentile_interval(x, 1.0), InputError);
  CHECK_THROWS_AS((void)percentile_interval(x, nan), InputError);
  CHECK_THROWS_AS((void)bca_interval({.replicates = {1}}, {}, 0.9), InputError);
}
