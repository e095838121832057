#include "orrery/stats/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::stats;

namespace {

std::vector<double> sample(Index n, std::uint64_t seed) {
  Random random(seed);
  return normal_vector(random, n);
}

double total(const std::vector<double>& v) { return std::accumulate(v.begin(), v.end(), 0.0); }

}  // namespace

TEST_CASE("property: every value falls between the edges of its bin, none is lost") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    Random random(seed, 2);
    auto x = sample(200, seed);
    if (seed % 2 == 0) {
      for (double& v : x) v = std::round(10.0 * v) / 10.0;  // values on edges
    }
    const Index bins = 1 + random.index(60);
    const auto h = histogram(x, bins, -2.0, 2.5);
    std::vector<double> count(at(bins), 0.0);
    Index outside = 0;
    for (const double v : x) {
      const auto it = std::upper_bound(h.edge.begin(), h.edge.end(), v);
      if (v == h.edge.back()) {
        ++count.back();
      } else if (it == h.edge.begin() || it == h.edge.end()) {
        ++outside;
      } else {
        ++count[static_cast<std::size_t>(it - h.edge.begin() - 1)];
      }
    }
    CHECK(h.count == count);
    CHECK(h.outside == outside);
    CHECK(total(h.count) + double(h.outside) == 200.0);
    double integral = 0;
    for (const double d : h.density()) integral += d * h.width();
    CHECK(close(integral, 1.0, {.rtol = 1e-12}));
  }
  const auto empty = histogram({}, 4, 0.0, 1.0);
  CHECK(total(empty.count) == 0.0);
  CHECK(total(empty.density()) == 0.0);
}

TEST_CASE("rules: closed form on known data") {
  // 0 ... 999: s = 288.8194360957494, quartiles 249.75 and 749.25; N^(1/3) = 10.
  std::vector<double> x(1000);
  std::iota(x.begin(), x.end(), 0.0);
  CHECK(bin_count(x, BinRule::scott) == static_cast<Index>(std::ceil(999.0 / (3.490830212 * 28.88194361))));
  CHECK(bin_count(x, BinRule::freedman_diaconis) == static_cast<Index>(std::ceil(999.0 / (2 * 49.95))));
  CHECK(bin_count(std::vector<double>(9, 3.0), BinRule::knuth) == 1);
  CHECK(bin_count(std::vector<double>{1, 1, 1, 1, 1, 1, 1, 2}, BinRule::freedman_diaconis) == 1);  // quartiles coincide
  CHECK(histogram(std::vector<double>(9, 3.0), BinRule::scott).count[0] == 9.0);
  CHECK(histogram(x, BinRule::scott).outside == 0);
}

TEST_CASE("Knuth: the posterior in long double, and its maximum") {
  const auto x = sample(300, 8);
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  Index best = 0;
  double highest = -1e300;
  for (Index m = 1; m <= 60; ++m) {
    const auto h = histogram(x, m, *low, *high);
    const long double n = 300, M = static_cast<long double>(m);
    long double f = n * std::log(M) + std::lgamma(M / 2) - M * std::lgamma(0.5L) - std::lgamma(n + M / 2);
    for (const double c : h.count) f += std::lgamma(c + 0.5L);
    CHECK(close(knuth_log_posterior(x, m), double(f), {.rtol = 1e-11}));
    if (f > highest) highest = double(f), best = m;
  }
  CHECK(bin_count(x, BinRule::knuth) == best);
  // A uniform sample has no structure: few bins, in 20 of 20 seeds.
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    std::vector<double> flat(1000);
    for (double& v : flat) v = random.uniform();
    CHECK(bin_count(flat, BinRule::knuth) <= 6);
  }
}

TEST_CASE("two dimensions: the margins are the one-dimensional histograms, rows go with y") {
  const auto x = sample(3000, 1), y = sample(3000, 2);
  const Grid2d grid{.x_bins = 7, .y_bins = 5, .x_low = -6, .x_high = 6, .y_low = -7, .y_high = 7};
  const auto h = histogram_2d(x, y, grid);
  const auto hx = histogram(x, 7, -6, 6), hy = histogram(y, 5, -7, 7);
  CHECK(h.outside == 0);
  for (Index col = 0; col < 7; ++col) {
    double sum = 0;
    for (Index row = 0; row < 5; ++row) sum += h(row, col);
    CHECK(sum == hx.count[at(col)]);
  }
  for (Index row = 0; row < 5; ++row) {
    double sum = 0;
    for (Index col = 0; col < 7; ++col) sum += h(row, col);
    CHECK(sum == hy.count[at(row)]);
  }
  const auto corner = histogram_2d(std::vector<double>{0.9, 5}, std::vector<double>{0.1, 0.1}, {.x_bins = 2, .y_bins = 3});
  CHECK(corner(0, 1) == 1.0);
  CHECK(corner.outside == 1);
}

TEST_CASE("bad input is refused") {
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  const std::vector<double> x = {1, 2, 3};
  CHECK_THROWS_AS((void)histogram(x, 0, 0, 1), InputError);
  CHECK_THROWS_AS((void)histogram(x, 3, 1, 1), InputError);
  CHECK_THROWS_AS((void)histogram(x, 3, 0, inf), InputError);
  CHECK_THROWS_AS((void)histogram(x, 3, -1e308, 1e308), InputError);  // their distance overflows
  CHECK_THROWS_AS((void)histogram(std::vector<double>{nan}, 3, 0, 1), InputError);
  CHECK_THROWS_AS((void)bin_count(std::vector<double>{1}, BinRule::scott), InputError);
  CHECK_THROWS_AS((void)bin_count(x, BinRule::scott, 0), InputError);
  CHECK_THROWS_AS((void)knuth_log_posterior(std::vector<double>{2, 2}, 3), InputError);
  CHECK_THROWS_AS((void)histogram_2d(x, std::vector<double>{1}, {}), InputError);
  CHECK_THROWS_AS((void)histogram_2d(x, x, {.x_bins = 20000}), InputError);
}
