#include "orrery/transit/planet_search.hpp"

#include <algorithm>
#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/data/read_series.hpp"
#include "orrery/stats/running_median.hpp"
#include "orrery/transit/transit_test_support.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::transit;
using namespace orrery::transit::testing;

TEST_CASE("three planets come out one after the other, then nothing") {
  const std::vector<TransitOrbit> planets{{.period = 5.2, .transit_time = 1.3, .radius_ratio = 0.04, .scaled_axis = 14.0},
                                          {.period = 9.7, .transit_time = 4.1, .radius_ratio = 0.03, .scaled_axis = 21.0},
                                          {.period = 17.3, .transit_time = 2.2, .radius_ratio = 0.035, .scaled_axis = 30.0}};
  const Sky sky = observe(0.0, 60.0, 0.03, 2e-4, planets, 12);
  PlanetSearchOptions options{.grid = {.min_period = 3.0}, .max_planets = 5};
  const auto rounds = find_planets(sky.view(), options);
  REQUIRE(rounds.size() == 4);
  for (const double period : {5.2, 9.7, 17.3}) {
    const auto hit = std::count_if(rounds.begin(), rounds.end(), [&](const PlanetRound& r) {
      return r.accepted && std::fabs(r.candidate.period.value - period) < 0.005;
    });
    CHECK(hit == 1);
  }
  CHECK_FALSE(rounds.back().accepted);
  CHECK(rounds[1].points < rounds[0].points);
  Budget budget;
  Job job(budget, find_planets_task(budget, sky.view(), options));
  Index slices = 0;
  while (!job.step(0.0)) ++slices;
  CHECK(slices > 100);
  const auto again = job.result();
  REQUIRE(again.size() == 4);
  CHECK(again[2].candidate.period.value == rounds[2].candidate.period.value);
  const auto mask = candidate_mask(sky.t, rounds[0].candidate);
  CHECK(std::count(mask.begin(), mask.end(), 1) > 20);
}

TEST_CASE("noise alone: no planet is accepted") {
  // SDE and SNR must both pass 7: far below one false alarm in a hundred series; 10 series.
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const auto rounds = find_planets(observe(0.0, 25.0, 0.05, 1e-3, {}, 70 + seed).view(), {.grid = {.min_period = 2.0}});
    for (const auto& round : rounds) CHECK_FALSE(round.accepted);
  }
}

TEST_CASE("K2-3: three planets; of the third the half period cannot be excluded, and that is said") {
  ORRERY_NEED_DATA(path, "kepler/EPIC201367065.csv");
  auto star = data::read_series_file(path).series;
  const auto trend = stats::running_median(star.t, star.y, 1.0);
  for (std::size_t i = 0; i < star.y.size(); ++i) star.y[i] /= trend[i];
  const auto rounds = find_planets({star.t, star.y, {}}, {.grid = {.min_period = 5.0}});
  REQUIRE(rounds.size() == 3);
  // Published: 10.054, 24.643, 44.56 day; 80 days of 30-minute points fix a period to about a thousandth of a day.
  CHECK(std::fabs(rounds[0].candidate.period.value - 10.0534) < 0.003);
  CHECK(std::fabs(rounds[1].candidate.period.value - 24.645) < 0.008);
  const auto& third = rounds[2].candidate;
  const double period = third.period.value > 30.0 ? third.period.value : 2.0 * third.period.value;
  CHECK(std::fabs(period - 44.557) < 0.02);
  CHECK(third.ambiguous());
  CHECK(verdict_text(third).find("not excluded") != std::string::npos);
  CHECK(third.seen == 2);
  for (const auto& round : rounds) {
    CHECK(round.accepted);
    CHECK(round.sde > 20.0);
    CHECK(round.candidate.snr > 30.0);
  }
  CHECK(close(rounds[0].candidate.depth.value, 0.00136, {.rtol = 0.1}));  // a box of the data's README: 0.00127 mean depth
}

TEST_CASE("wrong settings are refused") {
  const Sky sky = observe(0.0, 25.0, 0.1, 1e-3, {}, 1);
  CHECK_THROWS_AS((void)find_planets(sky.view(), {.max_planets = 0}), InputError);
  CHECK_THROWS_AS((void)find_planets(sky.view(), {.mask_width = 0.5}), InputError);
  CHECK_THROWS_AS((void)find_planets({std::vector{1.0}, std::vector{1.0}, {}}, {}), InputError);
}
