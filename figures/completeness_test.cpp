// The figure of completeness: its map against theory, the injection that is dragged, and files that cannot be searched.
#include <cmath>

#include "figures_test.hpp"
#include "orrery/data/read_series.hpp"

using namespace orrery;
using namespace orrery::figures;
using namespace orrery::figures::testing;

namespace {

constexpr const char* kId = "recovery.completeness";

}  // namespace

TEST_CASE("completeness: the map has its edge where theory puts it, and a dragged planet is found above it only") {
  const auto frame = frame_of(kId, {{"spots", 0.0}, {"flatten", false}, {"trials", 2.0}});
  const auto value = floats(frame, "map", "fraction", "value");
  REQUIRE(value.size() == 56);
  double below = 0.0, above = 0.0;
  for (std::size_t c = 0; c < 8; ++c) {
    below += value[c] / 8.0;
    above += value[48 + c] / 8.0;
  }
  CHECK(below == 0.0);
  CHECK(above > 0.9);
  // Rows between: as many are found as lie above the line, to a row's worth.
  double found = 0.0, line = 0.0;
  for (const float v : value) found += v / 8.0;
  const auto& grid = *mark_of(frame, "map", "fraction").grid;
  const double row = std::log(grid.y1 / grid.y0) / 7.0;
  const auto y = column(frame, "map", "half", "y");
  for (const double size : y) line += std::log(grid.y1 / size) / row / double(y.size());
  CHECK(std::fabs(found - line) < 1.0);
  const live::Values deep{{"period", 3.0}, {"size", grid.y1}, {"trials", 1.0}}, shallow{{"period", 3.0}, {"size", grid.y0}, {"trials", 1.0}};
  CHECK(number_item(frame_of(kId, deep), "this injection").value == "recovered");
  CHECK(number_item(frame_of(kId, shallow), "this injection").value == "missed");
  const auto x = column(frame_of(kId, deep), "search", "peak", "x");
  CHECK(close(x[0], 3.0, {.rtol = 0.01}));
  CHECK(number_of(frame, "false alarms") < 5.0);
}

TEST_CASE("completeness: a lower threshold finds more and costs false alarms; the trials stay") {
  const auto high = frame_of(kId, {{"threshold", 10.0}, {"trials", 2.0}}), low = frame_of(kId, {{"threshold", 3.0}, {"trials", 2.0}});
  const auto a = floats(high, "map", "fraction", "value"), b = floats(low, "map", "fraction", "value");
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(b[i] >= a[i]);
  CHECK(number_of(high, "false alarms") == 0.0);
  CHECK(number_of(low, "false alarms") > 10.0);  // of 20: the highest of a thousand peaks passes 3
}

TEST_CASE("completeness: the embedded variable without its own period") {
  const auto frame = frame_of(kId, {{"inject", std::string("variable stars")}, {"trials", 1.0}});
  CHECK(warns(frame, "0.937 days"));
  CHECK(number_item(frame, "its amplitude").unit == "mag");
  CHECK(frame.code.shell.find("--kind variable") != std::string::npos);
}

TEST_CASE("completeness: the planets of K2-3 are cut out before others are put in") {
  ORRERY_NEED_DATA(path, "kepler/EPIC201367065.csv");
  const auto frame = frame_of_series(kId, data::read_series_file(path).series, {{"trials", 1.0}});
  CHECK(warns(frame, "dips of its own, 10.0"));
  CHECK(frame.code.shell.find("completeness mine.csv") != std::string::npos);
}

TEST_CASE("completeness: files that cannot be searched give one clear sentence") {
  CHECK(warns(frame_of_series(kId, {.t = {1, 2, 3}, .y = {1, 2, 3}}), "too few"));
  CHECK(warns(frame_of_series(kId, {}), "too few"));
  data::Series flat, negative;
  for (int i = 0; i < 100; ++i) {
    flat.t.push_back(i);
    flat.y.push_back(5.0);
    negative.t.push_back(i);
    negative.y.push_back(std::sin(i) - 2.0);
  }
  CHECK(warns(frame_of_series(kId, flat), "equal"));
  CHECK(warns(frame_of_series(kId, negative), "no level above zero"));
  data::Series still = negative;
  for (double& t : still.t) t = 1.0;
  for (double& y : still.y) y += 5.0;
  CHECK(warns(frame_of_series(kId, still), "same time"));
  auto brief = negative;
  for (double& t : brief.t) t *= 1e-3;
  for (double& y : brief.y) y += 5.0;
  CHECK(warns(frame_of_series(kId, brief), "too short"));
}
