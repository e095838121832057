#include "orrery/transit/box_durations.hpp"

#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/transit/period_grid.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::transit;

TEST_CASE("durations of circular orbits: the central transit of the Sun, the Earth's thirteen hours, and the margins") {
  const auto central = keplerian_durations({.density_factor = 1.0, .max_impact = 0.0});
  REQUIRE(central.value.size() == 1);
  // longest_transit has the arcsine of 1/a instead of 1/a: at 365 days a = 215, so they agree to 1 / (6 a^2).
  CHECK(close(central.shortest(365.25), longest_transit(365.25, 1.0, 1.0), {.rtol = 4e-6}));
  CHECK(close(24.0 * central.shortest(365.25), 13.0, {.rtol = 0.01}));  // hours; Seager 2010, Exoplanets, p. 61
  const auto sun = keplerian_durations();
  CHECK(sun.value.size() == 7);
  CHECK(close(sun.longest(1.0) / central.longest(1.0), std::cbrt(3.0), {.rtol = 1e-12}));
  CHECK(close(sun.shortest(1.0) / central.longest(1.0), std::sqrt(1.0 - 0.85 * 0.85) / std::cbrt(3.0), {.rtol = 1e-12}));
  for (std::size_t i = 1; i < sun.value.size(); ++i) CHECK(sun.value[i] / sun.value[i - 1] <= 1.3 + 1e-12);
  CHECK(close(sun.longest(27.0), 3.0 * sun.longest(1.0), {.rtol = 1e-14}));
  const auto dwarf = keplerian_durations({.radius = 0.5, .mass = 0.5, .density_factor = 1.0, .max_impact = 0.0});
  CHECK(close(dwarf.longest(1.0) / central.longest(1.0), std::cbrt(0.125 / 0.5), {.rtol = 1e-12}));  // density^(-1/3)
}

TEST_CASE("durations that cannot be are refused") {
  CHECK_THROWS_AS((void)keplerian_durations({.radius = 0.0}), InputError);
  CHECK_THROWS_AS((void)keplerian_durations({.max_impact = 1.0}), InputError);
  CHECK_THROWS_AS((void)keplerian_durations({.density_factor = 0.5}), InputError);
  CHECK_THROWS_AS((void)keplerian_durations({.step = 1.0001}), InputError);
  CHECK_THROWS_AS(require_durations({}, 1.0, "here"), InputError);
  CHECK_THROWS_AS(require_durations({{0.1, std::nan("")}}, 1.0, "here"), InputError);
  CHECK_THROWS_AS(require_durations({{0.1}, 1.0}, 1.0, "here"), InputError);
  CHECK_THROWS_WITH_AS(require_durations({{0.1, 1.6}}, 1.5, "here"), "here: expected every duration within the shortest period (1.5), got 1.6", InputError);
}

TEST_CASE("trial periods for durations: the phase at the end moves by the share asked, for both laws") {
  const double span = 400.0;
  for (const auto& durations : {BoxDurations{{0.05, 0.1}}, keplerian_durations()}) {
    const auto period = duration_period_grid(span, durations, 0.8, 200.0, 0.5);
    CHECK(close(period.front(), 0.8, {.rtol = 1e-14}));
    for (std::size_t k = 1; k < period.size(); ++k) {
      const double moved = span * (1.0 / period[k - 1] - 1.0 / period[k]) * period[k];
      REQUIRE(close(moved, 0.5 * durations.shortest(period[k]), {.rtol = 0.02}));  // a step is up to 2 % of the duration's scale here
    }
    CHECK(period.back() <= 200.0);
    CHECK(200.0 / period.back() < 1.01);
  }
  CHECK(close(shortest_box_period({{0.1, 0.2}}), 0.4, {.rtol = 1e-14}));
  const double close_in = shortest_box_period(keplerian_durations());
  CHECK(close(keplerian_durations().longest(close_in), 0.15 * close_in, {.rtol = 1e-12}));
  CHECK(duration_period_grid(10.0, {{0.1}}, 2.0, 2.0).size() == 1);
  CHECK_THROWS_AS((void)duration_period_grid(10.0, {{0.1}}, 2.0, 1.0), InputError);
  CHECK_THROWS_AS((void)duration_period_grid(0.0, {{0.1}}, 2.0, 3.0), InputError);
  CHECK_THROWS_AS((void)duration_period_grid(1e5, {{1e-6}}, 1.0, 1e5), InputError);
}
