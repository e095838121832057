#include "orrery/period/search.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numbers>
#include <sstream>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "orrery/period/search_detail.hpp"
#include "orrery/period/period_oracle.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::period;
using oracle::made;

namespace {

void add(data::Series& s, double t, double y, double e, int band = -1) {
  s.t.push_back(t), s.y.push_back(y), s.sigma.push_back(e);
  if (band >= 0) s.band.push_back(band);
}

/// Rows of a Stripe 82 file: five bands, -99.99 = no measurement.
data::Series stripe82(const std::string& path) {
  data::Series s;
  s.band_names = {"u", "g", "r", "i", "z"};
  std::ifstream in(path);
  double ra, dec;
  while (in >> ra >> dec) {
    for (int b = 0; b < 5; ++b) {
      double t, y, e;
      in >> t >> y >> e;
      if (y > 0.0 && e > 0.0) add(s, t, y, e, b);
    }
  }
  return s;
}

struct Known {
  std::string id;
  double period;
};
std::vector<Known> known_periods(const std::string& path) {
  std::vector<Known> list;
  std::ifstream in(path);
  std::string line, id, type, period;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::istringstream cells(line);
    std::getline(cells, id, ','), std::getline(cells, type, ','), std::getline(cells, period, ',');
    list.push_back({id, std::stod(period)});
  }
  return list;
}

}  // namespace

TEST_CASE("period is found, with error, power and a false-alarm probability that is never zero") {
  const auto s = made(300, 3.3, 0.5, 0.02, 3);
  const auto report = find_period(s);
  CHECK(std::fabs(report.period - 3.3) < 4.0 * report.period_error);
  CHECK(report.peak_power > 0.98);
  CHECK(report.log10_false_alarm_probability < -200.0);
  CHECK(std::isfinite(report.log10_false_alarm_probability));
  CHECK(close(report.amplitude, 0.5, {.rtol = 0.03}));
  CHECK(report.n_used == 300);
  CHECK(report.n_dropped == 0);
  CHECK(rounded_to_error(report.period, report.period_error) == report.period);
}

TEST_CASE("half the period is taken when it explains the data as well") {
  for (const int harmonics : {2, 3, 4}) {
    CAPTURE(harmonics);
    const auto s = made(150, 3.3, 0.5, 0.05, 11);
    const auto report = find_period(s, {.min_period = 1.5, .harmonics = harmonics});
    CHECK(std::fabs(report.period - 3.3) < 5.0 * report.period_error);
  }
}

TEST_CASE("unequal minima keep the long period") {
  auto s = made(200, 5.0, 0.0, 0.02, 5);
  for (std::size_t i = 0; i < s.t.size(); ++i) {
    const double phase = 2.0 * std::numbers::pi * (s.t[i] - 2450000.0) / 5.0;
    s.y[i] += 0.2 * std::cos(2.0 * phase) + 0.03 * std::cos(phase);
  }
  const auto report = find_period(s, {.min_period = 1.0, .max_period = 20.0, .harmonics = 2});
  CHECK(std::fabs(report.period - 5.0) < 5.0 * report.period_error);
}

TEST_CASE("clip leaves out what is far off and finds the period that outliers hide") {
  auto s = made(80, 3.3, 0.3, 0.03, 21);
  for (const std::size_t i : {5u, 33u, 61u}) s.y[i] += 1.5;
  const auto report = find_period(s, {.min_period = 0.5, .sigma_clip = 4.0});
  CHECK(report.n_dropped >= 3);
  CHECK(report.n_dropped <= 5);
  for (const std::size_t i : {5u, 33u, 61u}) CHECK(report.kept[i] == 0);
  CHECK(std::fabs(report.period - 3.3) < 5.0 * report.period_error);
  CHECK(find_period(s, {.min_period = 0.5}).n_dropped == 0);
}

TEST_CASE("bands share the period and not the curve") {
  data::Series s;
  s.band_names = {"R", "B", "few"};
  Random random(4);
  for (int i = 0; i < 120; ++i) {
    const double t = 500.0 * random.uniform();
    const double phase = 2.0 * std::numbers::pi * t / 0.61;
    if (i % 2 == 0) add(s, t, 17.0 + 0.1 * std::sin(phase) + 0.05 * random.normal(), 0.05, 0);
    if (i % 2 == 1) add(s, t, 19.0 + 0.2 * std::sin(phase + 1.0) + 0.05 * random.normal(), 0.05, 1);
    if (i % 40 == 0) add(s, t, 12.0, 0.05, 2);
  }
  const auto report = find_period(s);
  CHECK(std::fabs(report.period - 0.61) < 5.0 * report.period_error);
  CHECK(report.fit.bands.size() == 2);
  CHECK(report.n_used == 120);
  CHECK(report.n_dropped == 3);
  CHECK(report.fit.find_band(2) == -1);
  // Information adds over bands.
  data::Series red = data::select_band(s, 0);
  CHECK(find_period(red).period_error > report.period_error);
}

TEST_CASE("a report's level is the inverse of its probability, also with bands of their own spans") {
  auto s = made(300, 3.3, 0.5, 0.02, 3);
  s.band_names = {"a", "b"};
  for (Index i = 0; i < 300; ++i) s.band.push_back(i < 100);
  for (const int harmonics : {1, 3}) {
    const auto report = find_period(s, {.harmonics = harmonics});
    for (const double p : {0.1, 0.01, 1e-6}) {
      CHECK(close(log10_false_alarm_probability(report, false_alarm_power(report, p)), std::log10(p), {.rtol = 1e-9}));
    }
    CHECK(log10_false_alarm_probability(report, 0.0) == 0.0);
  }
}

TEST_CASE("search range: from the data, from the user, never too large") {
  auto s = made(57, 0.6, 0.5, 0.02, 2, 3000.0);
  const auto own = search_range(s, {});
  CHECK(own.min_period >= 0.2);  // nightly sampling, at most half of the allowed frequencies
  CHECK(own.max_period == own.baseline);
  CHECK(own.grid.count <= 100'001);
  const auto wide = search_range(s, {.min_period = 0.001, .max_period = 100.0});
  CHECK(wide.coarsened);
  CHECK(wide.grid.count <= 200'000);
  CHECK(close(wide.grid.last(), 1000.0, {.rtol = 1e-4}));
  CHECK(wide.oversampling < 1.0);
  const auto extreme = search_range(s, {.min_period = 1e-12, .max_period = 1e-11});  // 1e16 frequencies asked for
  CHECK(extreme.grid.count >= 199'990);
  CHECK(extreme.grid.count <= 200'000);
  data::Series regular = s;
  for (Index i = 0; i < regular.size(); ++i) regular.t[at(i)] = 100.0 + 0.02 * double(i);
  CHECK(close(search_range(regular, {}).min_period, 0.04, {.rtol = 1e-6}));
  CHECK_THROWS_AS((void)search_range(s, {.min_period = 2.0, .max_period = 1.0}), InputError);
  CHECK_THROWS_AS((void)search_range(s, {.min_period = -1.0}), InputError);
  CHECK_THROWS_AS((void)search_range(s, {.oversampling = 0.0}), InputError);
}

TEST_CASE("bad input is refused, dull input is answered") {
  data::Series s = made(4, 1.0, 1.0, 0.1, 1);
  CHECK_THROWS_AS((void)find_period(s), InputError);
  s = made(50, 1.0, 1.0, 0.1, 1);
  s.y[3] = NAN;
  CHECK_THROWS_AS((void)find_period(s), InputError);
  s = made(50, 1.0, 1.0, 0.1, 1);
  s.t.assign(s.t.size(), 5.0);
  CHECK_THROWS_AS((void)find_period(s), InputError);
  s = made(50, 1.0, 1.0, 0.1, 1);
  CHECK_THROWS_AS((void)find_period(s, {.harmonics = 9}), InputError);
  CHECK_THROWS_AS((void)fit_period(s, 0.0, 1), InputError);
  s.y.assign(s.y.size(), 12.5);  // constant: no power anywhere, and nothing to be found
  const auto report = find_period(s);
  CHECK(report.peak_power == 0.0);
  CHECK(report.false_alarm_probability == 1.0);
  CHECK(report.amplitude == 0.0);
}

TEST_CASE("real: RR Lyrae stars of Stripe 82 have their published periods") {
  ORRERY_NEED_DATA(list, "rrlyrae_s82/periods_20.csv");
  int found_two = 0, found_three = 0, found_wide = 0;
  for (const auto& [id, period] : known_periods(list)) {
    const auto path = shared_data("rrlyrae_s82/lightcurves/" + id + ".dat");
    const auto s = stripe82(path);
    const auto matches = [&, truth = period](const PeriodReport& r) { return std::fabs(r.period / truth - 1.0) < 1e-4; };
    const auto report = find_period(s, {.min_period = 0.2, .max_period = 1.2, .harmonics = 2});
    found_two += matches(report);
    if (!matches(report)) {  // then the true period is named as a rival
      bool named = false;
      for (const Rival& rival : report.rivals) named = named || std::fabs(rival.period / period - 1.0) < 1e-4;
      CHECK(named);
    }
    const auto three = find_period(s, {.min_period = 0.2, .max_period = 1.2, .harmonics = 3});
    const auto wide = find_period(s, {.harmonics = 2});
    found_three += matches(three), found_wide += matches(wide);
  }
  MESSAGE("of 20: ", found_two, " with 2 harmonics, ", found_three, " with 3, ", found_wide, " over the default range");
  CHECK(found_two >= 19);
  CHECK(found_three >= 19);
  CHECK(found_wide >= 18);
}

TEST_CASE("real: CoRoT-7 velocities turn with the star") {
  ORRERY_NEED_DATA(path, "rv/CoRoT-7.txt");
  data::Series s;
  std::ifstream in(path);
  std::string line;
  while (std::getline(in, line)) {
    double t, v, e;
    if (std::istringstream(line) >> t >> v >> e) add(s, t, v, e);
  }
  const auto report = find_period(s, {.min_period = 1.0 / 1.5, .max_period = 50.0});
  CHECK(std::fabs(report.period - 23.42) < 0.02);               // known answer: peak 0.26366 at 23.42 d
  CHECK(close(report.peak_power, 0.26366, {.atol = 2e-4}));
}

TEST_CASE("real: EROS-2 Cepheid in two bands") {
  ORRERY_NEED_DATA(path, "variables/eros2/lm0010n22323.time");
  data::Series s;
  s.band_names = {"R", "B"};
  std::ifstream in(path);
  std::string line;
  while (std::getline(in, line)) {
    double t, r, re, b, be;
    if (!(std::istringstream(line) >> t >> r >> re >> b >> be)) continue;
    if (r < 90.0 && re > 0.0 && re < 9.0) add(s, t, r, re, 0);
    if (b < 90.0 && be > 0.0 && be < 9.0) add(s, t, b, be, 1);
  }
  const auto report = find_period(s, {.harmonics = 3});
  CHECK(std::fabs(report.period - 4.191) < 0.002);
  CHECK(report.log10_false_alarm_probability < -50.0);
}

TEST_CASE("fast and exact methods give one answer") {
  const auto s = made(200, 3.3, 0.2, 0.05, 9);
  const auto fast = find_period(s, {.harmonics = 3});
  const auto exact = find_period(s, {.harmonics = 3, .method = SearchMethod::exact});
  CHECK(max_difference(fast.power, exact.power) < 1e-9);  // what lomb_scargle_fast promises
  CHECK(fast.period == exact.period);
}

TEST_CASE("the job in slices gives the same bytes as the plain call") {
  const auto s = made(200, 3.3, 0.5, 0.02, 3);
  const auto whole = find_period(s, {.harmonics = 2, .sigma_clip = 4.0});
  Budget budget;
  Job job(budget, find_period_task(budget, s, {.harmonics = 2, .sigma_clip = 4.0}));
  int slices = 1;
  while (!job.step(0.0)) ++slices;
  const auto sliced = job.result();
  CHECK(slices > 3);
  CHECK(sliced.power == whole.power);
  CHECK(sliced.period == whole.period);
  CHECK(sliced.rivals.size() == whole.rivals.size());
}
