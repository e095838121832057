#include "orrery/period/rivals.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numbers>
#include <sstream>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "orrery/period/search.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::period;

namespace {

/// A star that culminates at night: one or more visits within two hours, one sidereal day apart; K = 1 or the shape given.
data::Series night_sky(int nights, double frequency, double noise, std::uint64_t seed, double second = 0.0) {
  Random random(seed);
  data::Series sky;
  for (int night = 0; night < nights; ++night) {
    const double t = (night + random.uniform(-0.04, 0.04)) / 1.0027379;
    const double phase = 2.0 * std::numbers::pi * frequency * t;
    sky.t.push_back(2457000.0 + t);
    sky.sigma.push_back(noise);
    sky.y.push_back(std::sin(phase) + second * std::sin(2.0 * phase + 0.4) + noise * random.normal());
  }
  return sky;
}

const Rival* named(const RivalReport& report, const std::string& words) {
  for (const Rival& r : report.rivals) {
    if (r.relation == words) return &r;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("the window of one site has its peak at the sidereal day, and it is named") {
  const auto sky = night_sky(200, 0.37, 0.5, 1);
  const auto peaks = window_peaks(sky, 3.5);
  REQUIRE(peaks.size() >= 3);
  CHECK(std::fabs(peaks[0].frequency - 1.0027379) < 0.1 / 200.0);
  CHECK(peaks[0].height > 0.8);
  CHECK(peaks[0].words == "one cycle per sidereal day");
  for (std::size_t i = 1; i < peaks.size(); ++i) CHECK(peaks[i].height <= peaks[i - 1].height);
  Random random(3);
  data::Series spread = sky;  // at random times there are none
  for (double& t : spread.t) t = random.uniform(0.0, 200.0);
  CHECK(window_peaks(spread, 3.5).empty());
}

TEST_CASE("one site at night: the daily aliases are found, named and ranked; enough data excludes them") {
  const double truth = 0.3712;
  const auto rough = night_sky(60, truth, 0.5, 1);
  const auto found = rivals(rough, refine_period(rough, truth, 0.005, 1));
  REQUIRE(found.rivals.size() >= 4);
  CHECK(found.ambiguous);
  CHECK(found.rivals[0].relation == "one cycle per sidereal day");
  CHECK(found.rivals[0].power > 0.3);
  CHECK_FALSE(found.rivals[0].excluded);
  for (std::size_t i = 1; i < found.rivals.size(); ++i) {
    CHECK(found.rivals[i].delta_chi2 >= found.rivals[i - 1].delta_chi2 - 1e-3);  // less is no order
  }
  // chi2 of each is that of the model at its period, in units of the best's scale.
  const auto best = refine_period(rough, truth, 0.005, 1);
  for (const Rival& r : found.rivals) {
    if (r.harmonics > 1) continue;
    const auto model = fit_period(rough, 1.0 / r.period, 1);
    const double expected = (model.chi2 - best.chi2) / (best.scale * best.scale);
    CHECK(close(r.delta_chi2, expected, {.rtol = 1e-3, .atol = 1e-3}));  // refined to 1e-2 of an error
    CHECK(r.log10_odds <= r.delta_chi2 / (2.0 * std::numbers::ln10) + 1e-12);
  }
  const auto rich = night_sky(600, truth, 0.2, 2);
  const auto clear = rivals(rich, refine_period(rich, truth, 5e-4, 1));
  CHECK_FALSE(clear.ambiguous);
  for (const Rival& r : clear.rivals) CHECK(r.excluded);
}

TEST_CASE("statistical: wrong periods of nightly series are flagged, right ones of good series are not") {
  // Poor series: of those that find a wrong period at least 90 % must be flagged; good ones are the negative control, with at most 2 of 40.
  int wrong = 0, flagged = 0, good_flags = 0, good_wrong = 0;
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    const auto sky = night_sky(30, 0.37, 0.7, 100 + seed);
    const auto report = find_period(sky, {.min_period = 0.4, .max_period = 15.0});
    if (std::fabs(1.0 / report.period - 0.37) < 1.0 / 30.0) continue;
    ++wrong;
    flagged += report.ambiguous;
  }
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const auto report = find_period(night_sky(150, 0.37, 0.15, 500 + seed), {.min_period = 0.4, .max_period = 15.0});
    good_wrong += std::fabs(1.0 / report.period - 0.37) > 1.0 / 150.0;
    good_flags += report.ambiguous;
  }
  MESSAGE("wrong ", wrong, " of 120, flagged ", flagged, "; good series flagged ", good_flags, " of 40");
  CHECK(wrong >= 20);
  CHECK(flagged >= 0.9 * wrong);
  CHECK(good_wrong == 0);
  CHECK(good_flags <= 2);
}

TEST_CASE("two unequal halves: K = 1 falls for half the period, and the report says so; equal halves are not doubled") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    data::Series spots, equal;
    for (int i = 0; i < 300; ++i) {
      const double t = 100.0 * random.uniform(), phase = 2.0 * std::numbers::pi * t / 12.0;
      for (auto* s : {&spots, &equal}) s->t.push_back(t), s->sigma.push_back(0.1);
      const double noise = 0.1 * random.normal();
      spots.y.push_back(std::cos(2.0 * phase) + 0.4 * std::cos(phase) + noise);
      equal.y.push_back(std::cos(2.0 * phase) + noise);
    }
    const auto report = find_period(spots, {.min_period = 1.0, .max_period = 50.0});
    CHECK(std::fabs(report.period - 6.0) < 0.05);
    CHECK(report.ambiguous);
    const auto& first = report.rivals.front();
    CHECK(first.relation == "twice the period, 2 harmonics");
    CHECK(std::fabs(first.period - 12.0) < 0.05);
    CHECK(first.delta_chi2 < 0.0);
    CHECK(first.log10_odds < -3.0);
    const auto plain = find_period(equal, {.min_period = 1.0, .max_period = 50.0});
    CHECK_FALSE(plain.ambiguous);
  }
}

TEST_CASE("real: Kepler-17 turns in 12 days; one harmonic finds half, the report says that it is not the answer") {
  ORRERY_NEED_DATA(path, "kepler/kepler17_downsample.dat");
  data::Series s;
  std::ifstream in(path);
  std::string line;
  while (std::getline(in, line)) {
    std::replace(line.begin(), line.end(), ',', ' ');
    double t, y, e;
    if ((std::istringstream(line) >> t >> y >> e) && e > 0.0) s.t.push_back(t), s.y.push_back(y), s.sigma.push_back(e);
  }
  REQUIRE(s.t.size() > 1000);
  // The first 600 days. Gaps between quarters are bridged by wild values, and quarters have steps: each point is taken relative to the
  // median of those within 10 days, and left out when it is far off.
  data::Series flat;
  for (std::size_t i = 0; i < s.t.size() && s.t[i] < s.t[0] + 600.0; ++i) {
    std::vector<double> near;
    for (std::size_t j = 0; j < s.t.size(); ++j) {
      if (std::fabs(s.t[j] - s.t[i]) < 10.0) near.push_back(s.y[j]);
    }
    std::nth_element(near.begin(), near.begin() + ssize(near) / 2, near.end());
    const double y = s.y[i] / near[near.size() / 2] - 1.0;
    if (std::fabs(y) < 0.04) flat.t.push_back(s.t[i]), flat.y.push_back(y);
  }
  const auto one = find_period(flat, {.min_period = 2.5, .max_period = 25.0});
  MESSAGE("K = 1: ", one.period, " d, ambiguous ", one.ambiguous);
  for (const Rival& r : one.rivals) {
    MESSAGE(r.period, " d, delta chi2 ", r.delta_chi2, ", prediction ", r.prediction, ", K ", r.harmonics, " ", r.relation, std::string(r.excluded ? "" : " (not excluded)"));
  }
  CHECK(one.ambiguous);
  const bool six = std::fabs(one.period - 6.0) < 0.3;
  bool twelve = false;
  for (const Rival& r : one.rivals) twelve = twelve || (std::fabs(r.period - 12.0) < 0.3 && !r.excluded);
  CHECK((six && twelve));
  const auto two = find_period(flat, {.min_period = 2.5, .max_period = 25.0, .harmonics = 2});
  MESSAGE("K = 2: ", two.period, " d");
  CHECK(std::fabs(two.period - 12.0) < 0.3);
}

TEST_CASE("perfect aliases: the longest period is taken, whatever the rounding, and the others are as likely") {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    Random random(seed);
    data::Series s;
    for (int night = 0; night < 60; ++night) {
      s.t.push_back(night + 2457000.25), s.sigma.push_back(0.5);
      s.y.push_back(std::sin(2.0 * std::numbers::pi * 0.37 * night) + 0.5 * random.normal());
    }
    const auto report = find_period(s, {.min_period = 0.4, .max_period = 40.0});
    CHECK(std::fabs(1.0 / report.period - 0.37) < 1.0 / 60.0);
    CHECK(report.ambiguous);
    REQUIRE(report.rivals.size() >= 3);
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(std::fabs(report.rivals[i].delta_chi2) < 0.01);
      CHECK(report.rivals[i].prediction == 0.0);
      CHECK(report.rivals[i].log10_odds < 0.01);
    }
    for (double& t : s.t) t += 1e-9 * random.uniform();  // rounding of another machine
    CHECK(close(find_period(s, {.min_period = 0.4, .max_period = 40.0}).period, report.period, {.rtol = 1e-5}));
  }
}

TEST_CASE("a report without a grid, in slices, and of dull data") {
  const auto sky = night_sky(60, 0.37, 0.5, 4);
  const auto best = refine_period(sky, 0.37, 0.005, 1);
  const auto whole = rivals(sky, best);
  Budget budget;
  Job job(budget, rivals_task(budget, sky, best, {}, {}));
  int slices = 1;
  while (!job.step(0.0)) ++slices;
  const auto sliced = job.result();
  CHECK(slices > 3);
  REQUIRE(sliced.rivals.size() == whole.rivals.size());
  for (std::size_t i = 0; i < whole.rivals.size(); ++i) CHECK(sliced.rivals[i].period == whole.rivals[i].period);
  CHECK(named(whole, "one cycle per sidereal day") != nullptr);
  auto years = sky;
  years.time_unit = "year";  // no days in there
  CHECK(named(rivals(years, best), "one cycle per day") == nullptr);
  auto constant = sky;
  std::fill(constant.y.begin(), constant.y.end(), 3.0);
  CHECK(rivals(constant, fit_period(constant, 0.37, 1)).ambiguous);  // nothing tells anything apart
  CHECK_THROWS_AS((void)rivals(sky, best, {}, {.exclusion = 0.0}), InputError);
  const std::vector<double> power(3, 0.1);
  CHECK_THROWS_AS((void)rivals(sky, best, {}, {.grid = {0.1, 0.1, 4}, .power = power}), InputError);
  CHECK_THROWS_AS((void)window_peaks(sky, 0.0), InputError);
}
