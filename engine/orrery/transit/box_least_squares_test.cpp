#include "orrery/transit/box_least_squares.hpp"

#include <cmath>
#include <numbers>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "orrery/data/read_series.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::transit;

namespace {

struct Sky {
  std::vector<double> t, y, sigma;
  [[nodiscard]] SeriesView view() const { return {t, y, sigma}; }
};

/// Ones with noise, and a dip of `depth` for `duration` every `period` from `epoch` on.
Sky with_transits(std::size_t n, double span, double period, double duration, double depth, double epoch, double noise,
                  std::uint64_t seed) {
  Random random(seed);
  Sky sky;
  for (std::size_t i = 0; i < n; ++i) {
    const double t = 100.0 + span * random.uniform();
    const double phase = t - epoch - period * std::round((t - epoch) / period);
    sky.t.push_back(t);
    sky.sigma.push_back(noise * random.uniform(0.7, 1.3));
    sky.y.push_back(1.0 - (std::fabs(phase) < 0.5 * duration ? depth : 0.0) + sky.sigma.back() * random.normal());
  }
  return sky;
}

struct Answer {
  long double objective = -1e300L, depth = 0, error = 0, duration = 0, time = 0;
};

/// Every box of every length in long double, point by point: which points lie in bins n+1 ... n+length of the fold.
Answer brute_force(const Sky& sky, double period, const std::vector<double>& durations, int oversample, bool likelihood) {
  const double shortest = *std::min_element(durations.begin(), durations.end());
  const double bin = shortest / oversample, start = *std::min_element(sky.t.begin(), sky.t.end());
  const int turn = static_cast<int>(std::ceil(period / bin)), bins = turn + oversample;
  std::vector<int> bin_of;
  for (const double t : sky.t) {
    const double x = t - start;
    bin_of.push_back(static_cast<int>((x - period * std::floor(x / period)) / bin) + 1);
  }
  Answer best;
  for (const double duration : durations) {
    const int length = static_cast<int>(std::round(duration / bin));
    for (int n = 0; n <= bins - length; ++n) {
      long double in = 0, in_w = 0, all = 0, all_w = 0;
      for (std::size_t i = 0; i < sky.t.size(); ++i) {
        const long double w = 1.0L / (static_cast<long double>(sky.sigma[i]) * sky.sigma[i]);
        all += w * sky.y[i];
        all_w += w;
        // The last bin of the turn holds the first one's points, as the repeated bins begin there.
        for (const int place : {bin_of[i], bin_of[i] <= oversample ? bin_of[i] + turn - 1 : -1}) {
          if (place == turn && bin_of[i] == turn && oversample > 0) continue;
          if (place > n && place <= n + length) {
            in += w * sky.y[i];
            in_w += w;
          }
        }
      }
      const long double out_w = all_w - in_w;
      if (in_w < 2.3e-16L || out_w < 2.3e-16L) continue;
      const long double depth = (all - in) / out_w - in / in_w, error = std::sqrt(1 / in_w + 1 / out_w);
      const long double objective = likelihood ? 0.5L * in_w * depth * depth : depth / error;
      if (depth >= 0 && objective > best.objective) {
        best = {objective, depth, error, length * static_cast<long double>(bin), std::fmod(n * bin + 0.5 * length * bin + start, period)};
      }
    }
  }
  return best;
}

}  // namespace

TEST_CASE("every box in long double gives the same best one, for both objectives") {
  const Sky sky = with_transits(120, 30.0, 3.1, 0.2, 0.01, 101.0, 0.004, 5);
  const std::vector<double> periods{2.05, 3.1, 4.7133, 6.2}, durations{0.15, 0.2, 0.33};
  for (const auto objective : {BoxObjective::likelihood, BoxObjective::snr}) {
    const auto found = box_least_squares(sky.view(), periods, durations, {.objective = objective, .oversample = 7});
    for (std::size_t p = 0; p < periods.size(); ++p) {
      const Answer exact = brute_force(sky, periods[p], durations, 7, objective == BoxObjective::likelihood);
      CAPTURE(periods[p]);
      CHECK(close(found.objective[p], double(exact.objective), {.rtol = 1e-11}));  // 120 weights of 1e5 each, added and subtracted
      CHECK(close(found.depth[p], double(exact.depth), {.rtol = 1e-11}));
      CHECK(close(found.depth_error[p], double(exact.error), {.rtol = 1e-11}));
      CHECK(close(found.duration[p], double(exact.duration), {.rtol = 1e-14}));
      CHECK(close(found.transit_time[p], double(exact.time), {.rtol = 1e-12}));
    }
  }
}

TEST_CASE("points on the edges of bins fall where a true division puts them") {
  // Cadence, bins and periods are multiples of 0.01 day (which no double is): products with the inverses put a few of 400 points into
  // another bin than divisions do. Those points are the dips here, each in a box of one bin.
  const std::vector<double> duration{0.01};
  for (const double period : {1.0, 1.38, 1.46, 2.0, 2.02}) {
    Sky sky;
    Random random(12);
    int moved = 0;
    for (int i = 0; i < 400; ++i) {
      const double x = 0.02 * i, product = (x - period * std::floor(x * (1.0 / period))) * (1.0 / 0.01);
      const bool moves = static_cast<int>(product) != static_cast<int>((x - period * std::floor(x / period)) / 0.01);
      moved += moves ? 1 : 0;
      sky.t.push_back(x);
      sky.sigma.push_back(random.uniform(0.001, 0.003));
      sky.y.push_back(1.0 + 0.002 * random.normal() - (moves ? random.uniform(0.1, 0.2) : 0.0));
    }
    REQUIRE(moved > 2);
    const auto found = box_least_squares(sky.view(), {&period, 1}, duration, {.oversample = 1});
    const Answer exact = brute_force(sky, period, duration, 1, true);
    CAPTURE(period);
    CHECK(close(found.objective[0], double(exact.objective), {.rtol = 1e-9}));
    CHECK(close(found.transit_time[0], double(exact.time), {.rtol = 1e-12}));
  }
}

TEST_CASE("an injected planet is found at its period, depth and epoch; noise alone has no such peak") {
  const double period = 3.7, depth = 0.01;
  std::vector<double> periods, durations{0.1, 0.15, 0.2};
  for (double f = 1.0 / 8.0; f < 1.0; f += 5e-5) periods.push_back(1.0 / f);
  const Sky sky = with_transits(3000, 90.0, period, 0.15, depth, 102.2, 0.003, 7);
  const auto found = box_least_squares(sky.view(), periods, durations, {});
  REQUIRE(found.best() >= 0);
  const auto b = at(found.best());
  CHECK(std::fabs(found.period[b] - period) < 0.15 * period / 90.0);  // a box off by its length at the ends of the span
  CHECK(std::fabs(found.depth[b] - depth) < 4.0 * found.depth_error[b]);
  const double phase = (found.transit_time[b] - 102.2) / period;
  CHECK(std::fabs(phase - std::round(phase)) * period < 0.05);
  CHECK(found.depth_snr[b] > 20.0);
  const Sky noise = with_transits(3000, 90.0, period, 0.15, 0.0, 102.2, 0.003, 8);
  const auto none = box_least_squares(noise.view(), periods, durations, {});
  CHECK(none.depth_snr[at(none.best())] < 7.0);  // 17,500 periods of some 200 boxes: 7 sigma has a chance below 1e-5
}

TEST_CASE("threads and slices change no bit; an offset of Julian days changes little") {
  const Sky sky = with_transits(500, 60.0, 5.3, 0.2, 0.02, 103.0, 0.004, 9);
  std::vector<double> periods;
  for (int i = 0; i < 300; ++i) periods.push_back(2.0 + 0.03 * i);
  const std::vector<double> durations{0.1, 0.2};
  const auto two = box_least_squares(sky.view(), periods, durations, {.threads = 2});
  const auto one = box_least_squares(sky.view(), periods, durations, {.threads = 1});
  CHECK(two.objective == one.objective);
  CHECK(two.transit_time == one.transit_time);
  Budget budget;
  Job job(budget, box_least_squares_task(budget, sky.view(), periods, durations));
  Index slices = 0;
  while (!job.step(0.0)) ++slices;
  CHECK(slices >= 5);  // batches of about a millisecond
  CHECK(job.result().objective == one.objective);
}

TEST_CASE("nothing to find: equal values, and boxes that hold no point") {
  const std::vector<double> t{0, 1, 2, 3, 4}, flat(5, 2.0);
  const std::vector<double> periods{2.5}, durations{0.2};
  const auto equal = box_least_squares({t, flat, {}}, periods, durations);
  CHECK(equal.depth[0] == 0.0);
  const std::vector<double> same(5, 1.0);
  const auto nowhere = box_least_squares({same, t, {}}, periods, durations);  // all points in one bin: none outside
  CHECK(nowhere.best() == -1);
  CHECK(nowhere.depth[0] == 0.0);
}

TEST_CASE("wrong input is refused with what was expected") {
  const std::vector<double> t{0, 1, 2}, y{1, 2, 3}, good{1.5}, none, zero{0.0}, longer{0.1, 1.6}, bad{0.1, std::nan("")};
  const SeriesView s{t, y, {}};
  CHECK_THROWS_AS((void)box_least_squares(s, none, good), InputError);
  CHECK_THROWS_AS((void)box_least_squares(s, zero, good), InputError);
  CHECK_THROWS_WITH_AS((void)box_least_squares(s, good, longer), "box_least_squares: expected every duration within the shortest period (1.5), got 1.6", InputError);
  CHECK_THROWS_AS((void)box_least_squares(s, good, bad), InputError);
  const std::vector<double> huge{1e6}, tiny{1e-4};
  CHECK_THROWS_AS((void)box_least_squares(s, huge, tiny), InputError);
  CHECK_THROWS_AS((void)box_statistics(s, {1.0, 1.0, 0.0}), InputError);
}

TEST_CASE("statistics: odd and even depths tell two stars that eclipse each other from a planet") {
  Sky sky;
  Random random(11);
  for (int i = 0; i < 4000; ++i) {  // deep and shallow eclipses in turn, every two days
    const double t = 0.02 * i, k = std::round((t - 1.0) / 2.0);
    const bool in = std::fabs(t - 1.0 - 2.0 * k) < 0.1;
    sky.t.push_back(t);
    sky.sigma.push_back(0.001);
    sky.y.push_back(1.0 - (in ? (std::fmod(k, 2.0) == 0.0 ? 0.03 : 0.01) : 0.0) + 0.001 * random.normal());
  }
  const auto s = box_statistics(sky.view(), {2.0, 0.2, 1.0});
  CHECK(std::fabs(s.depth.value - 0.02) < 0.001);
  CHECK(std::fabs(s.depth_even.value - 0.03) < 4 * s.depth_even.error);
  CHECK(std::fabs(s.depth_odd.value - 0.01) < 4 * s.depth_odd.error);
  CHECK(std::fabs(s.depth_phased.value) < 4 * s.depth_phased.error);
  CHECK(s.transit_times.size() == 40);
  CHECK(s.per_transit_count[3] > 5);
  CHECK(s.harmonic_delta_log_likelihood < 0.0);
  Index inside = 0;
  for (const auto m : transit_mask(sky.t, {2.0, 0.2, 1.0})) inside += m;
  Index counted = 0;
  for (const Index c : s.per_transit_count) counted += c;
  CHECK(inside == counted);
}
