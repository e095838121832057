#include "orrery/transit/transit_grid.hpp"

#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/transit/period_grid.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::transit;

TEST_CASE("periods: numbers and ends that the transitleastsquares package publishes for its own grids") {
  const auto sun = transit_period_grid(20.0);
  CHECK(sun.size() == 1716);
  CHECK(close(sun.front(), 0.6015575922909607, {.atol = 1e-7}));  // seven decimals are checked there
  CHECK(close(sun.back(), 10.0, {.atol = 1e-7}));
  const auto few = transit_period_grid(0.1);  // too few periods: the Sun over five days
  CHECK(few.size() == 268);
  CHECK(close(few.front(), 0.6002621413799498, {.atol = 1e-7}));
  CHECK(close(few.back(), 2.5, {.atol = 1e-7}));
  CHECK(transit_period_grid(20.0, {.radius = 5.0}).size() == 1716);
  CHECK(transit_period_grid(1000.0, {.radius = 0.1}).size() == 4308558);
}

TEST_CASE("periods: a part of the grid is that part, and no transit is smeared") {
  const auto all = transit_period_grid(200.0), part = transit_period_grid(200.0, {.min_period = 3.0, .max_period = 9.0});
  std::vector<double> wanted;
  for (const double p : all) {
    if (p > 3.0 && p <= 9.0) wanted.push_back(p);
  }
  CHECK(part == wanted);
  for (std::size_t k = 1; k < all.size(); k += 97) {
    // Between neighbours the last transit of the span moves by a third of the longest duration.
    const double drift = 200.0 / all[k - 1] * (all[k] - all[k - 1]);
    CHECK(close(drift, longest_transit(all[k], 1.0, 1.0) / 3.0, {.rtol = 0.02}));
  }
}

TEST_CASE("durations: number and ends that the package publishes; the range follows the cube root of the period") {
  const auto periods = transit_period_grid(20.0);
  const auto durations = transit_duration_grid(periods.front(), periods.back(), 1.05);
  CHECK(durations.size() == 69);
  CHECK(close(durations.front(), 0.004562690993268325, {.atol = 1e-9}));
  CHECK(close(durations.back(), 0.12, {.rtol = 1e-15}));
  const auto near = transit_duration_range(2.0), far = transit_duration_range(250.0);
  CHECK(close(near.shortest / far.shortest, 25.0, {.rtol = 1e-12}));  // of the period: P^(-2/3)
  CHECK(close(longest_transit(250.0, 0.13, 0.1), 250.0 * far.shortest, {.rtol = 2e-3}));  // other constants, and the arc's curvature
}

TEST_CASE("grids that cannot be are refused") {
  CHECK_THROWS_AS((void)transit_period_grid(0.0), InputError);
  CHECK_THROWS_AS((void)transit_period_grid(20.0, {.min_period = 5.0, .max_period = 5.0}), InputError);
  CHECK_THROWS_AS((void)transit_period_grid(20.0, {.min_period = 30.0, .max_period = 40.0}), InputError);
  CHECK_THROWS_AS((void)transit_period_grid(1e5, {.radius = 0.01}), InputError);
  CHECK_THROWS_AS((void)transit_duration_grid(1.0, 0.5), InputError);
  CHECK_THROWS_AS((void)transit_duration_grid(1.0, 2.0, 1.0), InputError);
  CHECK_THROWS_AS((void)transit_duration_range(3.0, {.min_radius = 2.0, .max_radius = 0.1}), InputError);
}
