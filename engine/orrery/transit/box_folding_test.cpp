#include "orrery/transit/box_folding.hpp"

#include <cmath>
#include <numeric>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "orrery/transit/box_folding_detail.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::transit;

namespace {

struct Sky {
  std::vector<double> t, y, sigma;
  [[nodiscard]] SeriesView view() const { return {t, y, sigma}; }
};

/// A cadence of half an hour with gaps, noise, and a dip.
Sky kepler_like(double span, double period, double duration, double depth, double epoch, double noise, std::uint64_t seed) {
  Random random(seed);
  Sky sky;
  for (double x = 0.0; x < span; x += 1.0 / 48.0) {
    if (std::fmod(x, 30.0) > 28.5) continue;  // a gap a month
    const double t = 2454900.0 + x, phase = (x - epoch) / period;
    sky.t.push_back(t);
    sky.sigma.push_back(noise * random.uniform(0.8, 1.2));
    const bool inside = std::fabs(phase - std::round(phase)) * period < 0.5 * duration;
    sky.y.push_back(1.0 - (inside ? depth : 0.0) + sky.sigma.back() * random.normal());
  }
  return sky;
}

}  // namespace

TEST_CASE("the transform: every drift is a sum of all rows, each row once, shifts never falling and ending within a sample") {
  // Each row is a delta at a random place, so that the profile tells where each row went.
  for (const Index rows : {1, 2, 3, 5, 7, 8, 13, 31, 64, 100}) {
    const Index turn = 11;
    for (Index row = 0; row < rows; ++row) {
      std::vector<float> in(at(2 * rows * turn), 0.0F);
      in[at(2 * (row * turn + 4))] = 1.0F;
      in[at(2 * (row * turn + 4) + 1)] = 3.0F;
      transit::detail::FoldingWork work;
      const Index drifts = std::max<Index>(1, rows - 1);
      const auto* out = transit::detail::fast_fold(in.data(), {.block = 0, .turn = turn, .rows = rows, .first = 0, .begin = 0,
          .count = drifts}, 1, work);
      for (Index s = 0; s < drifts; ++s) {
        const float* profile = out + s * transit::detail::row_width(turn);
        Index where = -1;
        float sum = 0.0F;
        for (Index j = 0; j < turn; ++j) {
          sum += profile[2 * j];
          if (profile[2 * j] == 1.0F && profile[2 * j + 1] == 3.0F) where = j;
        }
        CAPTURE(rows);
        CAPTURE(row);
        CAPTURE(s);
        REQUIRE(sum == 1.0F);
        REQUIRE(where >= 0);
        // Row r should be taken back by s r / (rows - 1) samples; halving loses at most half a sample at each level.
        const double exact = rows > 1 ? static_cast<double>(s * row) / static_cast<double>(rows - 1) : 0.0;
        double off = std::fmod(4.0 - exact - static_cast<double>(where), static_cast<double>(turn));
        off -= static_cast<double>(turn) * std::round(off / static_cast<double>(turn));
        CHECK(std::fabs(off) <= 0.5 * std::ceil(std::log2(static_cast<double>(rows))) + 1e-9);
      }
    }
  }
}

TEST_CASE("only the drifts asked for are made, and they are the same") {
  Random random(3);
  const Index rows = 77, turn = 23;
  std::vector<float> in(at(2 * rows * turn));
  for (float& x : in) x = static_cast<float>(random.normal());
  transit::detail::FoldingWork all, some;
  const auto* a = transit::detail::fast_fold(in.data(), {.block = 0, .turn = turn, .rows = rows, .first = 0, .begin = 0,
      .count = rows - 1}, 1, all);
  const auto* b = transit::detail::fast_fold(in.data(), {.block = 0, .turn = turn, .rows = rows, .first = 0, .begin = 2, .count = 15}, 5,
      some);
  for (Index k = 0; k < 15; ++k) {
    const Index row = (2 + 5 * k) * transit::detail::row_width(turn);
    for (Index j = 0; j < 2 * turn; ++j) CHECK(a[row + j] == b[row + j]);
  }
}

TEST_CASE("best boxes of profiles agree with long double, over the end of the turn too, for both objectives") {
  Random random(4);
  const Index turn = 60;
  const std::vector<Index> lengths{3, 5, 9};
  for (const bool in_float : {false, true}) {
   for (const bool likelihood : {true, false}) {
    std::vector<std::vector<float>> profiles(3, std::vector<float>(at(2 * turn)));
    double total = 0.0;
    for (auto& p : profiles) {
      for (Index j = 0; j < turn; ++j) {
        p[at(2 * j)] = static_cast<float>(random.normal());
        p[at(2 * j + 1)] = j % 13 == 5 ? 0.0F : static_cast<float>(random.uniform(0.5, 1.5));
      }
    }
    for (Index j : {58, 59, 0, 1}) profiles[2][at(2 * j)] -= 3.0F;  // a dip that runs over the end
    for (Index j = 0; j < turn; ++j) total += 1.1 * static_cast<double>(profiles[0][at(2 * j + 1)]);
    const float* four[3] = {profiles[0].data(), profiles[1].data(), profiles[2].data()};
    transit::detail::FoldingWork work;
    transit::detail::ScoredBox found[4];
    transit::detail::scan_profiles(four, 3, {turn, lengths, total, likelihood, in_float}, work, found);
    for (std::size_t k = 0; k < 3; ++k) {
      long double best = -1.0L;
      Index bin = -1, length = -1;
      for (const Index l : lengths) {
        for (Index n = 0; n < turn; ++n) {
          long double s = 0, r = 0;
          for (Index j = n + 1; j <= n + l; ++j) {
            s += static_cast<long double>(profiles[k][at(2 * ((j - 1) % turn))]);
            r += static_cast<long double>(profiles[k][at(2 * ((j - 1) % turn) + 1)]);
          }
          const long double o = static_cast<long double>(total) - r, score = s * s / (likelihood ? r * o * o : r * o);
          if (s <= 0 && score > best) {
            best = score;
            bin = n;
            length = l;
          }
        }
      }
      CHECK(found[k].box.bin == bin);
      CHECK(found[k].box.length == length);
      CHECK(close(found[k].box.score, double(best), {.rtol = in_float ? 1e-5 : 1e-12}));  // 60 sums of floats
    }
   }
  }
}

TEST_CASE("trial periods ascend, cover the range and are as dense as asked") {
  const Sky sky = kepler_like(200.0, 9.3, 0.2, 0.0, 1.0, 1e-3, 1);
  const auto durations = keplerian_durations();
  const auto found = box_folding(sky.view(), durations, {.min_period = 1.0, .max_period = 80.0});
  const auto& period = found.boxes.period;
  CHECK(period.front() < 1.01);
  CHECK(period.back() > 78.5);
  for (std::size_t k = 1; k < period.size(); ++k) {
    REQUIRE(period[k] > period[k - 1]);
    // The phase at the end of the span moves by at most one shortest duration, and one sample more where transforms meet; periods
    // searched again have moved by up to half a step.
    const double turns = 200.0 / period[k];
    CHECK((period[k] - period[k - 1]) * turns < 2.5 * durations.shortest(period[k]));
  }
  const auto size = box_folding_size(sky.view(), durations, {.min_period = 1.0, .max_period = 80.0});
  CHECK(std::fabs(size.trials / static_cast<double>(period.size()) - 1.0) < 0.1);
}

TEST_CASE("a planet is found with the exact numbers of the box search; noise alone has no such peak") {
  const double period = 9.3127;
  const Sky sky = kepler_like(300.0, period, 0.2, 4e-4, 3.3, 1e-3, 2);
  const auto durations = keplerian_durations();
  const auto found = box_folding(sky.view(), durations, {.min_period = 1.0});
  const auto b = at(found.boxes.best());
  CHECK(std::fabs(found.boxes.period[b] - period) < 0.2 * period / 300.0);
  CHECK(std::fabs(found.boxes.depth[b] - 4e-4) < 4.0 * found.boxes.depth_error[b]);
  CHECK(std::binary_search(found.exact.begin(), found.exact.end(), found.boxes.best()));
  for (const Index i : found.exact) {
    const auto again = box_least_squares(sky.view(), {&found.boxes.period[at(i)], 1}, durations);
    CHECK(again.objective[0] == found.boxes.objective[at(i)]);
    CHECK(again.depth[0] == found.boxes.depth[at(i)]);
    CHECK(again.transit_time[0] == found.boxes.transit_time[at(i)]);
  }
  const Sky noise = kepler_like(300.0, period, 0.2, 0.0, 3.3, 1e-3, 3);
  const auto none = box_folding(noise.view(), durations, {.min_period = 1.0});
  CHECK(none.boxes.depth_snr[at(none.boxes.best())] < 7.0);  // some 3e5 independent boxes: 7 sigma has a chance below 1e-6
  CHECK(found.boxes.depth_snr[b] > 9.0);
}

TEST_CASE("the folded objective is that of the points, but for what samples and drifts lose") {
  const double period = 5.1;
  const Sky sky = kepler_like(100.0, period, 0.25, 3e-3, 2.0, 1e-3, 4);
  const std::vector<double> list{0.1, 0.25};
  const auto found = box_folding(sky.view(), {list}, {.min_period = 2.0, .max_period = 20.0, .samples = 5, .exact_peaks = 1});
  const auto exact = box_least_squares(sky.view(), found.boxes.period, list);
  double worst = 0.0, sum_found = 0.0, sum_exact = 0.0;
  for (std::size_t k = 0; k < exact.objective.size(); ++k) {
    if (exact.depth_snr[k] < 8.0) continue;
    worst = std::max(worst, std::fabs(found.boxes.depth_snr[k] / exact.depth_snr[k] - 1.0));
    sum_found += found.boxes.depth_snr[k];
    sum_exact += exact.depth_snr[k];
  }
  // A box of five samples with edges and paths off by half a sample: 15 % of its points, 5 % on average.
  CHECK(worst < 0.2);
  CHECK(std::fabs(sum_found / sum_exact - 1.0) < 0.05);
}

TEST_CASE("threads and slices change no bit") {
  const Sky sky = kepler_like(80.0, 5.3, 0.2, 1e-3, 2.0, 1e-3, 5);
  const auto durations = keplerian_durations();
  BoxFoldingOptions options{.min_period = 2.0, .threads = 2};
  const auto two = box_folding(sky.view(), durations, options);
  options.threads = 1;
  Budget budget;
  Job job(budget, box_folding_task(budget, sky.view(), durations, options));
  Index slices = 0;
  while (!job.step(0.0)) ++slices;
  const auto one = job.result();
  CHECK(slices > 10);
  CHECK(one.boxes.objective == two.boxes.objective);
  CHECK(one.boxes.period == two.boxes.period);
  CHECK(one.exact == two.exact);
  CHECK(budget.fraction() > 0.9);
}

TEST_CASE("any order of points and any unit of flux") {
  Sky sky = kepler_like(60.0, 4.4, 0.2, 2e-3, 2.0, 1e-3, 6);
  const auto durations = keplerian_durations();
  const auto before = box_folding(sky.view(), durations, {.min_period = 2.0});
  for (std::size_t i = 0; i < sky.t.size() / 2; ++i) {
    const std::size_t j = sky.t.size() - 1 - i;
    std::swap(sky.t[i], sky.t[j]);
    std::swap(sky.y[i], sky.y[j]);
    std::swap(sky.sigma[i], sky.sigma[j]);
  }
  for (double& y : sky.y) y *= 1e3;
  for (double& s : sky.sigma) s *= 1e3;
  const auto after = box_folding(sky.view(), durations, {.min_period = 2.0});
  const auto b = at(before.boxes.best());
  CHECK(after.boxes.best() == before.boxes.best());
  CHECK(close(after.boxes.depth[b], 1e3 * before.boxes.depth[b], {.rtol = 1e-9}));
  CHECK(close(after.boxes.depth_snr[b], before.boxes.depth_snr[b], {.rtol = 1e-9}));
}

TEST_CASE("nothing to find, and wrong input") {
  const std::vector<double> t{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, flat(11, 2.0), same(11, 1.0), two{0, 1};
  const BoxDurations durations{{0.2}};
  const auto equal = box_folding({t, flat, {}}, durations, {.min_period = 1.0});
  CHECK(equal.boxes.depth[0] == 0.0);
  CHECK_NOTHROW((void)box_folding({two, two, {}}, durations));  // two points: periods from 0.4 to half a day
  CHECK_THROWS_WITH_AS((void)box_folding({same, t, {}}, durations), "box_folding: expected times that differ, got 0", InputError);
  CHECK_THROWS_AS((void)box_folding({t, t, {}}, {{2.0, 3.0}}, {.min_period = 2.5}), InputError);
  CHECK_THROWS_AS((void)box_folding({t, t, {}}, durations, {.min_period = 6.0, .max_period = 5.0}), InputError);
  CHECK_THROWS_AS((void)box_folding({t, t, {}}, durations, {.max_period = 11.0}), InputError);
  CHECK_THROWS_AS((void)box_folding({t, t, {}}, durations, {.samples = 0}), InputError);
  CHECK_THROWS_AS((void)box_folding({t, t, {}}, durations, {.drift = std::nan("")}), InputError);
  CHECK_THROWS_AS((void)box_folding({t, t, {}}, {}, {}), InputError);
  try {  // a grid that no machine holds: the size is named, nothing is allocated
    (void)box_folding({t, t, {}}, {{1e-7}}, {.min_period = 0.001});
    FAIL("was not refused");
  } catch (const InputError& error) {
    CHECK(error.kind() == ErrorKind::limit);
    CHECK(std::string(error.what()).find("trial periods") != std::string::npos);
  }
}
