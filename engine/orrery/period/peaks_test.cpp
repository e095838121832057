#include "orrery/period/peaks.hpp"

#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "orrery/period/lomb_scargle_fast.hpp"
#include "orrery/period/period_oracle.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::period;

TEST_CASE("local maxima: order, ends, plateaus, separation") {
  const FrequencyGrid grid{1.0, 0.1, 10};
  const std::vector<double> power{.9, .1, .5, .5, .2, .8, .3, .4, .3, .6};
  const auto all = local_maxima(power, grid, 10);
  REQUIRE(all.size() == 5);
  CHECK(all[0].index == 0);
  CHECK(all[1].index == 5);
  CHECK(all[2].index == 9);
  CHECK(all[3].index == 2);
  CHECK(all[4].index == 7);
  CHECK(all[1].frequency > 1.5);  // the right neighbour is higher than the left one
  CHECK(local_maxima(power, grid, 2).size() == 2);
  const auto apart = local_maxima(power, grid, 10, 0.35);
  REQUIRE(apart.size() == 3);
  CHECK(apart[2].index == 9);
  CHECK(local_maxima(std::vector<double>{.3}, FrequencyGrid{1.0, 0.0, 1}, 5).size() == 1);  // one frequency is its own maximum
  const std::vector<double> flat(10, 1.0);
  CHECK(local_maxima(flat, grid, 3).size() == 1);  // the left end of the plateau
  CHECK_THROWS_AS((void)local_maxima(power, FrequencyGrid{1, .1, 9}, 1), InputError);
  CHECK_THROWS_AS((void)local_maxima(power, grid, 0), InputError);
}

TEST_CASE("snap goes to the nearest maximum, on either side") {
  const FrequencyGrid grid{1.0, 0.1, 10};
  const std::vector<double> power{.9, .1, .5, .4, .2, .8, .3, .4, .3, .6};
  CHECK(snap_to_peak(power, grid, 1.34).index == 2);
  CHECK(snap_to_peak(power, grid, 1.46).index == 5);
  CHECK(snap_to_peak(power, grid, -5.0).index == 0);
  CHECK(snap_to_peak(power, grid, 99.0).index == 9);
  CHECK_THROWS_AS((void)snap_to_peak(power, grid, NAN), InputError);
}

TEST_CASE("property: a refined peak is the top of a much finer exact periodogram") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const auto sky = oracle::sky(50, 40.0, 0.61, seed, 1.0);
    const FrequencyGrid grid{0.05, 0.005, 400};
    const LombScargleOptions options{.harmonics = 1 + int(seed % 3)};
    const auto power = lomb_scargle(sky.view(), grid.values(), options);
    const auto peak = local_maxima(power, grid, 1).front();
    const auto fit = refine_peak(sky.view(), peak.frequency, grid.step, options);
    const FrequencyGrid fine{grid[peak.index] - grid.step, 1e-5, 1001};
    double best = 0.0;
    for (const double p : lomb_scargle(sky.view(), fine.values(), options)) best = std::max(best, p);
    CHECK(fit.power >= best - 1e-10);  // 1e-5 of the error away is 1e-10 of a reduced chi2
    CHECK(fit.power <= best + 1e-4);
    CHECK(std::fabs(fit.slope) * fit.frequency_error < 0.01 * fit.reduced_chi2());
  }
}
