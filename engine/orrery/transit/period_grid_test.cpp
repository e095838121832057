#include "orrery/transit/period_grid.hpp"

#include <cmath>

#include "orrery/core/error.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::transit;

TEST_CASE("box grid: equal steps of frequency, the ends as asked") {
  const std::vector<double> t{10.0, 17.3, 50.0}, durations{0.2, 0.1, 0.5};
  const auto p = box_period_grid(t, durations);
  CHECK(close(p.front(), 1.0, {.rtol = 1e-15}));  // twice the longest duration
  CHECK(std::fabs(1.0 / p.back() - 1.0 / 20.0) < 0.1 / 1600.0);  // span / 2, to a step
  for (std::size_t i = 1; i < p.size(); ++i) CHECK(close(1.0 / p[i - 1] - 1.0 / p[i], 0.1 / 1600.0, {.rtol = 1e-9}));
  CHECK(box_period_grid(t, durations, {.min_period = 2.0, .max_period = 4.0, .frequency_factor = 10.0}).size() == 401);
}

TEST_CASE("four years and 0.1 day: a box grid of 4e7 periods, a Keplerian one of far fewer") {
  const std::vector<double> t{0.0, 1460.0}, durations{0.1};
  CHECK(close(double(box_period_grid(t, durations, {.min_period = 0.5, .frequency_factor = 100.0}).size()), 4.26e5, {.rtol = 0.01}));
  CHECK_THROWS_AS((void)box_period_grid(t, durations, {.min_period = 0.3}), InputError);
  const auto p = keplerian_period_grid(1460.0, {.min_period = 0.5});
  CHECK(p.size() > 100'000);
  CHECK(p.size() < 1'000'000);
}

TEST_CASE("Keplerian grid: at its end the phase of every period moves by a transit in `oversampling` steps") {
  const double span = 400.0;
  const auto p = keplerian_period_grid(span, {.radius = 0.8, .mass = 0.7, .min_period = 1.0, .max_period = 50.0, .oversampling = 3.0});
  CHECK(close(p.front(), 1.0, {.rtol = 1e-12}));
  CHECK(close(p.back(), 50.0, {.rtol = 1e-12}));
  for (std::size_t i = p.size() / 10; i + 2 < p.size(); i += p.size() / 10) {
    const double shift = span / p[i] * (p[i + 1] - p[i]);  // [day] over the span
    CHECK(close(shift, longest_transit(p[i], 0.8, 0.7) / 3.0, {.rtol = 0.02}));  // asin(1 / a) against 1 / a, a > 4
  }
}

TEST_CASE("the Sun seen from outside: the Earth's transit takes 13 hours") {
  CHECK(close(24.0 * longest_transit(365.25, 1.0, 1.0), 12.98, {.rtol = 0.002}));
  CHECK(close(24.0 * longest_transit(365.25, 1.0, 1.0, 0.00917), 13.1, {.rtol = 0.002}));
}

TEST_CASE("wrong limits are refused") {
  const std::vector<double> t{0.0, 10.0}, same{1.0, 1.0}, durations{0.1}, none;
  CHECK_THROWS_AS((void)box_period_grid(none, durations), InputError);
  CHECK_THROWS_AS((void)box_period_grid(same, durations), InputError);
  CHECK_THROWS_AS((void)box_period_grid(t, none), InputError);
  CHECK_THROWS_AS((void)box_period_grid(t, durations, {.min_transits = 1.0}), InputError);
  CHECK_THROWS_AS((void)box_period_grid(t, durations, {.min_period = 5.0, .max_period = 4.0}), InputError);
  CHECK_THROWS_AS((void)keplerian_period_grid(0.0), InputError);
  CHECK_THROWS_AS((void)keplerian_period_grid(10.0, {.min_period = 5.0, .max_period = 4.0}), InputError);
}
