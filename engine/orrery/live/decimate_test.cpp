#include "orrery/live/decimate.hpp"

#include <algorithm>
#include <cmath>

#include "orrery/core/random.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::live;

namespace {
struct Line {
  std::vector<double> x, y;
};
Line noisy(Index n, std::uint64_t seed) {
  Random random(seed);
  Line line;
  for (Index i = 0; i < n; ++i) {
    line.x.push_back(0.1 + 10.0 * double(i) / double(n));
    line.y.push_back(random.normal());
  }
  return line;
}
}  // namespace

TEST_CASE("property: every pixel column keeps its lowest and highest value, linear and log") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const auto line = noisy(50000, seed);
    const AxisView axis{0.1, 10.0, seed % 2 ? Scale::log : Scale::linear, 300};
    const auto kept = decimate_line(line.x, line.y, axis);
    CHECK(ssize(kept) <= 4 * 302 + 2);
    CHECK(std::is_sorted(kept.begin(), kept.end()));
    std::vector<double> low(300, HUGE_VAL), high(300, -HUGE_VAL), kept_low = low, kept_high = high;
    const auto put = [&](Index i, std::vector<double>& lo, std::vector<double>& hi) {
      const double p = std::floor(pixel_of(axis, line.x[at(i)]));
      if (p < 0 || p >= 300) return;
      lo[std::size_t(p)] = std::min(lo[std::size_t(p)], line.y[at(i)]);
      hi[std::size_t(p)] = std::max(hi[std::size_t(p)], line.y[at(i)]);
    };
    for (Index i = 0; i < ssize(line.x); ++i) put(i, low, high);
    for (const Index i : kept) put(i, kept_low, kept_high);
    CHECK(low == kept_low);
    CHECK(high == kept_high);
  }
}

TEST_CASE("a zoomed view keeps one neighbour on each side; short and unordered lines stay whole") {
  const Line line{{0, 1, 2, 3, 4, 5}, {0, 1, 0, 1, 0, 1}};
  CHECK(decimate_line(line.x, line.y, {1.5, 3.5, Scale::linear, 300}) == std::vector<Index>{1, 2, 3, 4});
  const Line back{{3, 1, 2, 0, 5, 6}, {0, 1, 0, 1, 0, 1}};
  CHECK(decimate_line(back.x, back.y, {0, 1, Scale::linear, 1}).size() == 6);
  CHECK(decimate_line({}, {}, {0, 1, Scale::linear, 10}).empty());
  const auto many = noisy(20000, 4);  // too many points in view to keep all
  const double low = 0.5 * (many.x[4999] + many.x[5000]), high = 0.5 * (many.x[14999] + many.x[15000]);
  const auto kept = decimate_line(many.x, many.y, {low, high, Scale::linear, 100});
  CHECK(kept.size() <= 4 * 102);
  CHECK(kept.front() == 4999);
  CHECK(kept.back() == 15000);
}

TEST_CASE("gaps stay gaps") {
  auto line = noisy(10000, 3);
  line.y[5000] = std::nan("");
  const auto kept = decimate_line(line.x, line.y, {0.1, 10.0, Scale::linear, 100});
  CHECK(std::find(kept.begin(), kept.end(), 5000) != kept.end());
}

TEST_CASE("a band keeps the lowest low and the highest high") {
  const auto line = noisy(20000, 9);
  std::vector<double> high = line.y;
  for (double& v : high) v += 3.0;
  const auto kept = decimate_area(line.x, line.y, high, {0.1, 10.1, Scale::linear, 50});
  const auto low_kept = taken(line.y, kept);
  const auto high_kept = taken(high, kept);
  CHECK(*std::min_element(low_kept.begin(), low_kept.end()) == *std::min_element(line.y.begin(), line.y.end()));
  CHECK(*std::max_element(high_kept.begin(), high_kept.end()) == *std::max_element(high.begin(), high.end()));
}
