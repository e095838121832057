#include "orrery/data/embedded.hpp"

#include <cmath>
#include <fstream>
#include <numbers>
#include <set>
#include <sstream>

#include "orrery/data/read_series.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::data;

namespace {
Series read(const EmbeddedSet& set) { return read_series(set.csv, std::string(set.id) + ".csv").series; }

// Share of the weighted variance of one band that a sinusoid of this period with a free mean removes (normal equations by hand).
double power_at(const Series& series, double period) {
  double w = 0, c = 0, s = 0, cc = 0, ss = 0, cs = 0, y = 0, yc = 0, ys = 0, yy = 0;
  for (Index i = 0; i < series.size(); ++i) {
    const double weight = series.sigma.empty() ? 1.0 : 1.0 / (series.sigma[at(i)] * series.sigma[at(i)]);
    const double phase = 2.0 * std::numbers::pi * std::fmod((series.t[at(i)] - series.t[0]) / period, 1.0);
    const double co = std::cos(phase), si = std::sin(phase), v = series.y[at(i)];
    w += weight, c += weight * co, s += weight * si, cc += weight * co * co, ss += weight * si * si, cs += weight * co * si;
    y += weight * v, yc += weight * v * co, ys += weight * v * si, yy += weight * v * v;
  }
  cc -= c * c / w, ss -= s * s / w, cs -= c * s / w, yc -= y * c / w, ys -= y * s / w, yy -= y * y / w;
  return (ss * yc * yc - 2.0 * cs * yc * ys + cc * ys * ys) / ((cc * ss - cs * cs) * yy);
}
}  // namespace

TEST_CASE("every embedded set is a readable series with its story") {
  std::set<std::string_view> ids;
  for (const auto& set : embedded_sets()) {
    CAPTURE(std::string(set.id));
    CHECK(ids.insert(set.id).second);
    CHECK(set.csv.size() < 60000);
    CHECK(set.citation.size() > 20);
    const auto result = read_series(set.csv, std::string(set.id) + ".csv");
    CHECK(result.series.size() > 200);
    CHECK(result.series.quantity == set.quantity);
    CHECK(result.report.n_used + result.report.n_dropped() == result.report.n_measurements);
    const std::string path = orrery::testing::source_folder() + "/data/" + std::string(set.id) + ".csv";
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    CHECK(text.str() == set.csv);  // the program carries the file, not something like it
  }
  CHECK(ids.size() == 5);
}

TEST_CASE("the sets hold what their sources hold") {
  const auto sets = embedded_sets();
  const Series cepheid = read(sets[0]);
  CHECK(cepheid.band_names == std::vector<std::string>{"R", "B"});
  CHECK(cepheid.size() == 551 + 617);  // rows of the source that are not 99.999
  CHECK(select_band(cepheid, 0).size() == 551);
  const Series macho = read(sets[1]);
  CHECK(macho.band_names == std::vector<std::string>{"B", "R"});
  CHECK(macho.size() == 1235 + 722);
  CHECK(read(sets[2]).size() == 256);
  CHECK(read(sets[2]).y_unit == "m/s");
  const Series hd = read(sets[3]);
  CHECK(hd.size() == 401);
  CHECK(hd.band_names == std::vector<std::string>{"k", "j", "a"});
  const Series spots = read(sets[4]);
  CHECK(spots.size() == 309);
  CHECK(spots.time_unit == "year");
  CHECK(spots.t.front() == 1700.0);
}

TEST_CASE("the known periods stand out") {
  const auto sets = embedded_sets();
  struct Case {
    std::size_t set;
    Index band;
    double at_least;
  };
  // What one sinusoid removes at the known period, and far less at 1.1 and at 0.9 of it. The limits are two thirds of the measured
  // powers: 0.90, 0.45, 0.9, 0.3 (three planets and instruments without offsets), 0.3 (the cycle wanders).
  for (const auto& [set, band, at_least] : {Case{0, 0, 0.6}, Case{1, 0, 0.3}, Case{2, 0, 0.6}}) {
    CAPTURE(set);
    const Series series = select_band(read(sets[set]), band);
    CHECK(power_at(series, sets[set].period) > at_least);
    CHECK(power_at(series, 1.1 * sets[set].period) < 0.5 * at_least);
    CHECK(power_at(series, 0.9 * sets[set].period) < 0.5 * at_least);
  }
  CHECK(power_at(read(sets[4]), 11.0) > 0.2);
  CHECK(power_at(read(sets[4]), 7.0) < 0.05);
  CHECK(power_at(select_band(read(sets[3]), 0), 1201.0) > 3.0 * power_at(select_band(read(sets[3]), 0), 700.0));
}
