// The figure of peeled planets: what it finds on its own star and on the real K2-3, and how it takes files that cannot be searched.
#include <algorithm>
#include <cmath>

#include "figures_test.hpp"
#include "hacks/planets.hpp"
#include "orrery/data/read_series.hpp"

using namespace orrery;
using namespace orrery::figures;
using namespace orrery::figures::testing;

namespace {

constexpr const char* kId = "hacks.planets";

}  // namespace

TEST_CASE("planets: the three planets of the simulated star come off one by one, then nothing is left") {
  const double truth[] = {10.0546, 24.6465, 22.27825};  // of the third the half: its two transits are 44.5565 days apart
  for (int peel = 0; peel < 3; ++peel) {
    const auto frame = frame_of(kId, {{"peel", double(peel)}, {"shortest", 6.0}});
    CAPTURE(peel);
    const auto& period = number_item(frame, "period");
    CHECK(std::fabs(std::stod(period.value) - truth[peel]) < 5.0 * std::stod(period.error));
    CHECK(number_of(frame, "SDE of transits") > 15.0);
    CHECK(number_of(frame, "SDE of boxes") > 15.0);
    CHECK(warns(frame, "not excluded") == (peel == 2));
    const auto x = column(frame, "tls", "power", "x"), y = column(frame, "tls", "power", "y");
    const auto top = std::max_element(y.begin(), y.end()) - y.begin();
    CHECK(std::fabs(x[at(top)] / truth[peel] - 1.0) < 0.005);
    CHECK(column(frame, "bls", "power", "x") == x);
    CHECK(column(frame, "series", "left", "x").empty() == (peel == 0));
  }
  const auto none = frame_of(kId, {{"peel", 3.0}, {"shortest", 6.0}});
  CHECK(warns(none, "Nothing is left"));
  CHECK(number_item(none, "period").note == "not a detection");
}

TEST_CASE("planets: in noise a small planet is not a detection, and the figure says so") {
  const auto frame = frame_of(kId, {{"size", 0.3}, {"noise", 2000.0}, {"shortest", 6.0}});
  CHECK(warns(frame, "Nothing is left"));
}

TEST_CASE("planets: the real K2-3 through the slot") {
  ORRERY_NEED_DATA(path, "kepler/EPIC201367065.csv");
  const auto star = data::read_series_file(path).series;
  const double known[] = {10.0544, 24.6467, 22.278};
  for (const int peel : {0, 2}) {
    const auto frame = frame_of_series(kId, star, {{"peel", double(peel)}, {"shortest", 6.0}});
    CAPTURE(peel);
    CHECK(std::fabs(number_of(frame, "period") - known[peel]) < 0.006);
    CHECK(warns(frame, "no errors"));
    CHECK(warns(frame, "44.55") == (peel == 2));
    CHECK(frame.code.shell.find("mine.csv --method tls") != std::string::npos);
  }
}

TEST_CASE("planets: files that cannot be searched give one clear sentence") {
  CHECK(warns(frame_of_series(kId, {.t = {1, 2, 3}, .y = {1, 2, 3}}), "too few"));
  data::Series flat, negative;
  for (int i = 0; i < 100; ++i) {
    flat.t.push_back(i);
    flat.y.push_back(5.0);
    negative.t.push_back(i);
    negative.y.push_back(std::sin(i));
  }
  CHECK(warns(frame_of_series(kId, flat), "equal"));
  CHECK(warns(frame_of_series(kId, negative), "no level above zero"));
  data::Series still = negative;
  for (double& t : still.t) t = 3.0;
  CHECK(warns(frame_of_series(kId, still), "same time"));
  data::Series magnitudes = negative;
  magnitudes.quantity = data::Quantity::magnitude;
  CHECK_FALSE(frame_of_series(kId, magnitudes).numbers.empty());  // a dip is a larger magnitude; no level is needed
}
