#include "orrery/transit/box_sparse.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::transit;

namespace {

struct Sky {
  std::vector<double> t, y, sigma;
  [[nodiscard]] SeriesView view() const { return {t, y, sigma}; }
};

Sky few_points(std::size_t n, double span, double period, double duration, double depth, double epoch, std::uint64_t seed) {
  Random random(seed);
  Sky sky;
  for (std::size_t i = 0; i < n; ++i) {
    const double t = 50.0 + span * random.uniform(), phase = (t - epoch) / period;
    sky.t.push_back(t);
    sky.sigma.push_back(random.uniform(0.003, 0.008));
    const bool inside = std::fabs(phase - std::round(phase)) * period < 0.5 * duration;
    sky.y.push_back(1.0 - (inside ? depth : 0.0) + sky.sigma.back() * random.normal());
  }
  return sky;
}

/// Objective of the points within a box, in long double; depth by reference.
long double objective_of(const Sky& sky, double period, double middle, double duration, bool likelihood, long double& depth) {
  long double in = 0, in_w = 0, all = 0, all_w = 0;
  for (std::size_t i = 0; i < sky.t.size(); ++i) {
    const long double w = 1.0L / (static_cast<long double>(sky.sigma[i]) * sky.sigma[i]);
    const double x = sky.t[i] - middle, off = x - period * std::round(x / period);
    all += w * sky.y[i];
    all_w += w;
    if (std::fabs(off) > 0.5 * duration) continue;
    in += w * sky.y[i];
    in_w += w;
  }
  const long double out_w = all_w - in_w;
  if (in_w == 0 || out_w < 1e-9L * all_w) return -1e300L;
  depth = (all - in) / out_w - in / in_w;
  return likelihood ? 0.5L * in_w * depth * depth : depth / std::sqrt(1 / in_w + 1 / out_w);
}

/// Every set of points that some box of the range holds is held by one that begins or ends at a point, and lasts as long as two points
/// are apart or as the range's ends.
long double best_by_sliding(const Sky& sky, double period, double shortest, double longest, bool likelihood) {
  constexpr double kHair = 1e-9;
  long double best = -1e300L;
  for (const double t : sky.t) {
    std::vector<double> durations{shortest, longest};
    for (const double other : sky.t) {
      const double apart = (other - t) - period * std::floor((other - t) / period) + 2 * kHair;
      if (apart > shortest && apart < longest) durations.push_back(apart);
    }
    for (const double d : durations) {
      for (const double middle : {t + 0.5 * d - kHair, t + 0.5 * d + kHair, t - 0.5 * d - kHair, t - 0.5 * d + kHair}) {
        long double depth = 0;
        const long double value = objective_of(sky, period, middle, d, likelihood, depth);
        if (depth >= 0 && value > best) best = value;
      }
    }
  }
  return best;
}

}  // namespace

TEST_CASE("the best run is that of every box slid over the points in long double, and its box holds what it says") {
  const Sky sky = few_points(60, 40.0, 3.3, 0.3, 0.05, 51.0, 1);
  const BoxDurations durations{{0.15, 0.5}};
  std::vector<double> periods;
  for (int k = 0; k < 20; ++k) periods.push_back(1.3 + 0.317 * k);
  periods.push_back(3.3);
  for (const bool likelihood : {true, false}) {
    const auto found = box_sparse(sky.view(), periods, durations, {.objective = likelihood ? BoxObjective::likelihood : BoxObjective::snr});
    for (std::size_t p = 0; p < periods.size(); ++p) {
      CAPTURE(periods[p]);
      long double depth = 0;
      const auto again = objective_of(sky, periods[p], found.transit_time[p], found.duration[p], likelihood, depth);
      CHECK(close(found.objective[p], double(again), {.rtol = 1e-11}));
      CHECK(close(found.depth[p], double(depth), {.rtol = 1e-11}));
      CHECK(found.duration[p] >= 0.15);
      CHECK(found.duration[p] <= 0.5);
      CHECK(close(found.objective[p], double(best_by_sliding(sky, periods[p], 0.15, 0.5, likelihood)), {.rtol = 1e-11}));
    }
  }
}

TEST_CASE("200 points over two years: the planet is found, noise has no such peak") {
  const Sky sky = few_points(200, 700.0, 2.7311, 0.15, 0.06, 51.3, 2);
  std::vector<double> periods;
  for (double f = 0.32; f < 0.42; f += 0.02 / 700.0) periods.push_back(1.0 / f);
  const BoxDurations durations{{0.1, 0.2}};
  const auto found = box_sparse(sky.view(), periods, durations);
  const auto b = at(found.best());
  CHECK(std::fabs(found.period[b] / 2.7311 - 1.0) < 0.15 / 700.0);
  CHECK(found.depth_snr[b] > 20.0);
  const Sky noise = few_points(200, 700.0, 2.7311, 0.15, 0.0, 51.3, 3);
  const auto none = box_sparse(noise.view(), periods, durations);
  CHECK(none.depth_snr[at(none.best())] < 7.5);  // 3,500 periods of some 1000 runs each: 7.5 sigma has a chance below 1e-6
}

TEST_CASE("threads and slices change no bit") {
  const Sky sky = few_points(100, 100.0, 2.7, 0.15, 0.05, 51.3, 4);
  std::vector<double> periods;
  for (int k = 0; k < 500; ++k) periods.push_back(1.0 + 0.01 * k);
  const BoxDurations durations{{0.1, 0.2}};
  const auto two = box_sparse(sky.view(), periods, durations, {.threads = 2});
  Budget budget;
  Job job(budget, box_sparse_task(budget, sky.view(), periods, durations, {.threads = 1}));
  Index slices = 0;
  while (!job.step(0.0)) ++slices;
  CHECK(slices > 3);
  const auto one = job.result();
  CHECK(one.objective == two.objective);
  CHECK(one.transit_time == two.transit_time);
}

TEST_CASE("two and three points, equal times, equal values, wrong input") {
  const std::vector<double> t{0, 1, 2.2}, y{1, 1, 0}, same{1, 1, 1}, two{0, 1}, periods{1.0, 3.0}, bad{1.0, -2.0};
  const BoxDurations durations{{0.1, 0.3}};
  const auto three = box_sparse({t, y, {}}, periods, durations);
  CHECK(close(three.depth[1], 1.0, {.rtol = 1e-12}));
  CHECK(box_sparse({t, same, {}}, periods, durations).depth[1] == 0.0);
  CHECK(box_sparse({same, y, {}}, periods, durations).best() == -1);  // no point outside
  CHECK(close(box_sparse({two, two, {}}, std::vector<double>{2.0}, durations).depth[0], 1.0, {.rtol = 1e-12}));
  CHECK_THROWS_AS((void)box_sparse({t, y, {}}, bad, durations), InputError);
  CHECK_THROWS_AS((void)box_sparse({t, y, {}}, periods, {{1.5}}), InputError);
  CHECK_THROWS_AS((void)box_sparse({t, two, {}}, periods, durations), InputError);
}
