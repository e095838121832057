#include "orrery/period/lomb_scargle_batch.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/period/lomb_scargle_fast.hpp"
#include "orrery/period/period_oracle.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::period;

namespace {

/// Stars of very different lengths, spans and epochs.
struct Stars {
  std::vector<double> t, y, sigma;
  std::vector<Index> offset{0};
  std::vector<FrequencyGrid> grids;

  explicit Stars(Index count) {
    for (Index s = 0; s < count; ++s) {
      const Index n = 6 + (s * s * 7) % 400;
      const double span = 20.0 + double(s % 5) * 100.0;
      const auto sky = oracle::sky(n, span, 0.41 + 0.01 * double(s), std::uint64_t(s), 0.2);
      for (const double v : sky.t) t.push_back(v + 2450000.5);
      y.insert(y.end(), sky.y.begin(), sky.y.end());
      sigma.insert(sigma.end(), sky.sigma.begin(), sky.sigma.end());
      offset.push_back(ssize(t));
      grids.push_back({0.02, 0.2 / span, 500 + 300 * s});
    }
  }
  [[nodiscard]] BatchView view() const { return {t, y, sigma, offset}; }
};

}  // namespace

TEST_CASE("every star has the bits of lomb_scargle_fast, for any number of threads, as a task, and is right in long double") {
  const Stars stars(24);
  for (const int harmonics : {1, 2}) {
    BatchOptions options{.periodogram = {.harmonics = harmonics, .normalization = Normalization::log, .threads = 1}, .peaks = 2};
    const auto all = lomb_scargle_batch(stars.view(), stars.grids, options);
    for (Index s = 0; s < 24; ++s) {
      const auto one = lomb_scargle_fast(stars.view().star(s), stars.grids[at(s)], options.periodogram);
      const std::vector<double> mine(all.power.begin() + all.offset[at(s)], all.power.begin() + all.offset[at(s + 1)]);
      CHECK(mine == one);
      if (harmonics == 1 && stars.view().star(s).size() > 20) {
        const Index k = 333;
        const auto& grid = stars.grids[at(s)];
        const double truth = oracle::standard(stars.view().star(s), (long double)grid.first + (long double)grid.step * k, 1, true, true);
        CHECK(std::fabs(-std::expm1(-mine[at(k)]) - truth) < 1e-9);  // the transform's promise
      }
    }
    options.periodogram.threads = 2;
    const auto two = lomb_scargle_batch(stars.view(), stars.grids, options);
    CHECK(two.power == all.power);
    CHECK(two.peak_frequency == all.peak_frequency);
    Budget budget;
    Job job(budget, lomb_scargle_batch_task(budget, stars.view(), stars.grids, options));
    int slices = 1;
    while (!job.step(0.0)) ++slices;
    CHECK(slices > 20);
    CHECK(budget.fraction() == 1.0);
    CHECK(job.result().power == all.power);
  }
}

TEST_CASE("peaks only: the same peaks, no powers; they lie where the stars' frequencies are") {
  const Stars stars(16);
  const auto kept = lomb_scargle_batch(stars.view(), stars.grids, {.peaks = 3});
  const auto bare = lomb_scargle_batch(stars.view(), stars.grids, {.keep_power = false, .peaks = 3});
  CHECK(bare.power.empty());
  CHECK(bare.peak_frequency == kept.peak_frequency);
  CHECK(bare.peak_power == kept.peak_power);
  int right = 0;
  for (Index s = 0; s < 16; ++s) {
    CHECK(bare.peak_power[at(3 * s)] >= bare.peak_power[at(3 * s + 1)]);
    const auto t = stars.view().star(s).t;
    const double span = *std::max_element(t.begin(), t.end()) - *std::min_element(t.begin(), t.end());
    CHECK(std::fabs(bare.peak_frequency[at(3 * s)] - bare.peak_frequency[at(3 * s + 1)]) > 0.99 / span);
    right += std::fabs(bare.peak_frequency[at(3 * s)] - (0.41 + 0.01 * double(s))) < 1.0 / span;
  }
  CHECK(right >= 13);  // three of the sixteen have fewer than 35 points over up to 3000 frequencies
}

TEST_CASE("one grid for all, no errors, and no star at all") {
  Stars stars(5);
  const FrequencyGrid grid{0.1, 0.01, 100};
  BatchView view = stars.view();
  view.sigma = {};
  const auto all = lomb_scargle_batch(view, {&grid, 1});
  CHECK(all.offset.back() == 500);
  const std::vector<double> third(all.power.begin() + 200, all.power.begin() + 300);
  CHECK(third == lomb_scargle_fast(view.star(2), grid));
  const std::vector<Index> none{0};
  CHECK(lomb_scargle_batch({{}, {}, {}, none}, {&grid, 1}).power.empty());
}

TEST_CASE("bad input names the star, and too much memory its size") {
  Stars stars(5);
  const FrequencyGrid grid{0.1, 0.01, 100};
  const auto message = [&](const BatchView& view, std::span<const FrequencyGrid> grids, const BatchOptions& options = {}) {
    try {
      (void)lomb_scargle_batch(view, grids, options);
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  stars.y[at(stars.offset[3]) + 2] = NAN;
  CHECK(message(stars.view(), {&grid, 1}).find("star 3") != std::string::npos);
  stars.y[at(stars.offset[3]) + 2] = 0.0;
  CHECK(message(stars.view(), {&grid, 1}, {.periodogram = {.harmonics = 9}}).find("harmonics") != std::string::npos);
  CHECK(message(stars.view(), {&grid, 1}, {.periodogram = {.harmonics = 3}}).find("star 0") != std::string::npos);  // 6 points
  CHECK(message(stars.view(), {&grid, 1}, {.max_bytes = 3999.0}).find("GiB") != std::string::npos);
  CHECK(message(stars.view(), std::span(stars.grids).first(2)).find("1 grid or 5") != std::string::npos);
  stars.offset[2] = 0;
  CHECK(message(stars.view(), {&grid, 1}).find("ascend") != std::string::npos);
}
