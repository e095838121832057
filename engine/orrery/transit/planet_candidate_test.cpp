#include "orrery/transit/planet_candidate.hpp"

#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/transit/transit_test_support.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::transit;
using namespace orrery::transit::testing;

namespace {

TransitOrbit planet(double period, double time, double radius_ratio = 0.04) {
  return {.period = period, .transit_time = time, .radius_ratio = radius_ratio, .scaled_axis = 4.2 * std::pow(period, 2.0 / 3.0),
          .impact = 0.32};
}

}  // namespace

TEST_CASE("numbers of a candidate agree with the planet within their errors; the errors are neither idle nor too small") {
  double chi_period = 0.0, chi_time = 0.0, chi_depth = 0.0;
  constexpr int kRounds = 24;
  for (int round = 0; round < kRounds; ++round) {
    const TransitOrbit orbit = planet(6.3 + 0.01 * round, 2.0);
    const Sky sky = observe(0.0, 70.0, 0.0104, 1e-3, {orbit}, 40 + static_cast<std::uint64_t>(round));
    const auto c = planet_candidate(sky.view(), orbit.period * 1.0003, 0.9 * transit_duration(orbit), 2.01, {.exposure = 0.0});
    CAPTURE(round);
    CHECK(c.verdict == PeriodVerdict::sure);
    CHECK(c.seen == ssize(c.transits));
    CHECK(close(c.duration, transit_duration(orbit), {.rtol = 0.15}));
    CHECK(close(c.radius_ratio, 0.04, {.rtol = 0.1}));
    CHECK(c.snr > 15.0);
    chi_period += std::pow((c.period.value - orbit.period) / c.period.error, 2.0) / kRounds;
    chi_time += std::pow((c.transit_time.value - 2.0) / c.transit_time.error, 2.0) / kRounds;
    chi_depth += std::pow((c.depth.value - (1.0 - transit_flux(0.32, 0.04))) / c.depth.error, 2.0) / kRounds;
  }
  MESSAGE("mean squared deviations in errors: period ", chi_period, ", time ", chi_time, ", depth ", chi_depth);
  // Expected 1 for independent errors; each error ignores that time, period, duration and depth are fitted together (period and time of
  // the first transit pull on one another), so up to 4 is let pass; below 0.2 the error would be idle.
  for (const double chi : {chi_period, chi_time, chi_depth}) {
    CHECK(chi > 0.2);
    CHECK(chi < 4.0);
  }
}

TEST_CASE("half-hour exposures, told by the spacing of the times: the measured period and duration are right") {
  double with = 0.0, without = 0.0, duration = 0.0;
  constexpr int kRounds = 10;
  for (int round = 0; round < kRounds; ++round) {
    TransitOrbit orbit = planet(10.0546 + 0.003 * round, 3.17);
    orbit.exposure = 0.0204;
    const Sky sky = observe(0.0, 80.0, 0.0204, 1e-4, {orbit}, 90 + static_cast<std::uint64_t>(round));
    const auto told = planet_candidate(sky.view(), orbit.period, 0.16, 3.17);
    const auto untold = planet_candidate(sky.view(), orbit.period, 0.16, 3.17, {.exposure = 0.0});
    CHECK(close(told.exposure, 0.0204, {.rtol = 1e-6}));
    with += std::pow((told.period.value - orbit.period) / told.period.error, 2.0) / kRounds;
    without += std::pow((untold.period.value - orbit.period) / untold.period.error, 2.0) / kRounds;
    duration += (told.duration / transit_duration(orbit) - 1.0) / kRounds;
  }
  MESSAGE("mean squared deviation of the period in errors: told ", with, ", untold ", without, "; duration off by ", duration);
  CHECK(with < 4.0);  // as above
  CHECK(with < without);
  CHECK(std::fabs(duration) < 0.05);
}

TEST_CASE("verdicts: sure, half, double, and what the data cannot tell") {
  const Sky good = observe(0.0, 60.0, 0.02, 3e-4, {planet(7.0, 3.0)}, 1);
  const auto sure = planet_candidate(good.view(), 7.0, 0.2, 3.0);
  CHECK(sure.verdict == PeriodVerdict::sure);
  CHECK_FALSE(sure.ambiguous());
  CHECK(verdict_text(sure).empty());

  const auto half = planet_candidate(good.view(), 14.0, 0.2, 3.0);
  CHECK(half.verdict == PeriodVerdict::half_better);
  CHECK(verdict_text(half).find("the period is") != std::string::npos);

  const auto doubled = planet_candidate(good.view(), 3.5, 0.2, 3.0);
  CHECK(doubled.doubled);
  CHECK(close(doubled.period.value, 7.0, {.rtol = 1e-3}));
  CHECK(std::fabs(cycles_apart(doubled.transit_time.value, 3.0, 7.0)) < 0.01);
  CHECK(doubled.verdict == PeriodVerdict::sure);
  CHECK(verdict_text(doubled).find("empty") != std::string::npos);

  // Transits at 4 and 44 of a planet of 40 days; nothing was measured around 24: 20 days fit as well.
  Sky gap = observe(0.0, 60.0, 0.02, 3e-4, {planet(40.0, 4.0)}, 2);
  cut(gap, 23.0, 25.0);
  const auto blind = planet_candidate(gap.view(), 20.0, 0.3, 4.0);
  CHECK(blind.verdict == PeriodVerdict::double_possible);
  CHECK(blind.seen == 2);
  CHECK(blind.transits.size() == 3);
  CHECK(verdict_text(blind).find("not excluded") != std::string::npos);
  const auto blind_half = planet_candidate(gap.view(), 40.0, 0.3, 4.0);
  CHECK(blind_half.verdict == PeriodVerdict::half_possible);
  CHECK(verdict_text(blind_half).find("no measurement") != std::string::npos);
  // The same with the measurements of day 24: decided.
  const Sky full = observe(0.0, 60.0, 0.02, 3e-4, {planet(40.0, 4.0)}, 2);
  CHECK(planet_candidate(full.view(), 20.0, 0.3, 4.0).doubled);
  CHECK(planet_candidate(full.view(), 40.0, 0.3, 4.0).verdict == PeriodVerdict::sure);
}

TEST_CASE("two stars that eclipse each other give unlike odd and even depths") {
  const Sky sky = observe(0.0, 60.0, 0.02, 3e-4, {planet(8.0, 1.0, 0.05), planet(8.0, 5.0, 0.04)}, 4);
  const auto c = planet_candidate(sky.view(), 4.0, 0.2, 1.0);
  CHECK(c.odd_even_mismatch > 5.0);
  const auto one = planet_candidate(observe(0.0, 60.0, 0.02, 3e-4, {planet(4.0, 1.0)}, 4).view(), 4.0, 0.2, 1.0);
  CHECK(one.odd_even_mismatch < 4.0);
}

TEST_CASE("red noise widens the errors") {
  Sky sky = observe(0.0, 60.0, 0.02, 3e-4, {planet(7.0, 3.0)}, 5);
  const auto white = planet_candidate(sky.view(), 7.0, 0.2, 3.0);
  CHECK(white.red_noise < 1.2);
  Random random(6);
  double drift = 0.0;
  for (double& y : sky.y) y += drift = 0.9 * drift + 1.5e-4 * random.normal();
  const auto red = planet_candidate(sky.view(), 7.0, 0.2, 3.0);
  CHECK(red.red_noise > 1.5);
  CHECK(red.depth.error > 1.4 * white.depth.error);
  CHECK_THROWS_AS((void)planet_candidate(sky.view(), 7.0, 8.0, 3.0), InputError);
}
