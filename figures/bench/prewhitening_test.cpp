#include "prewhitening.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "orrery/core/random.hpp"
#include "orrery/live/evaluate.hpp"
#include "support/live.hpp"
#include "support/test.hpp"

namespace orrery::statistics {
extern const live::Figure prewhitening_figure;
}

using namespace orrery;
using namespace orrery::statistics;

namespace {

/// Two modes, 1.3 and 2.17 per day, on a regular night's sampling.
data::Series beating_star(Index n, double noise, std::uint64_t seed) {
  Random random(seed);
  data::Series s;
  s.quantity = data::Quantity::magnitude;
  for (Index i = 0; i < n; ++i) s.t.push_back(53000.0 + double(random.index(40)) + 0.3 * random.uniform());
  std::sort(s.t.begin(), s.t.end());
  for (const double t : s.t) {
    const double turn = 2.0 * std::numbers::pi * (t - 53000.0);
    s.y.push_back(12.0 + 0.1 * std::sin(1.3 * turn) + 0.05 * std::sin(2.17 * turn + 1.0) + noise * random.normal());
    s.sigma.push_back(noise);
  }
  return s;
}

live::Frame modes_frame(const data::Series& series, const live::Values& values = {}) {
  live::SlotContent content;
  content.name = "star.csv";
  content.series = series;
  live::Slots slots;
  slots.put("series", std::move(content));
  return live::evaluate(prewhitening_figure, values, slots);
}

const live::MarkFrame& mark_of(const live::Frame& frame, std::string_view panel, std::string_view id) {
  for (const auto& p : frame.panels) {
    for (const auto& m : p.marks) {
      if (p.id == panel && m.id == id) return m;
    }
  }
  FAIL("no such mark");
  return frame.panels[0].marks[0];
}

const live::Number* number_of(const live::Frame& frame, std::string_view label) {
  const auto found = std::find_if(frame.numbers.begin(), frame.numbers.end(), [&](const auto& n) { return n.label == label; });
  return found == frame.numbers.end() ? nullptr : &*found;
}

bool warns(const live::Frame& frame, std::string_view words) {
  const auto said = [&](const std::string& w) { return w.find(words) != std::string::npos; };
  return std::any_of(frame.warnings.begin(), frame.warnings.end(), said);
}

double highest(const live::MarkFrame& mark) {
  const auto y = mark.f64("y");
  return *std::max_element(y.begin(), y.end());
}

/// Marks and panels of the figure, ordered axes, columns of one length, finite values.
void check_sound_modes(const live::Frame& frame) {
  CHECK(frame.panels.size() == 4);
  for (const auto& p : frame.panels) {
    const Index place = live::find_panel(prewhitening_figure, p.id);
    REQUIRE(place >= 0);
    CHECK(p.x.low < p.x.high);
    CHECK(p.y.low < p.y.high);
    CHECK(!p.alt.empty());
    const auto& specs = prewhitening_figure.panels[at(place)].marks;
    for (const auto& m : p.marks) {
      CHECK(std::any_of(specs.begin(), specs.end(), [&](const auto& s) { return s.id == m.id; }));
      for (const auto& column : m.columns) CHECK(column.length() == m.columns.front().length());
      for (const char* id : {"x", "y"}) {
        for (const double v : m.f64(id)) CHECK(std::isfinite(v));
      }
    }
  }
  for (const auto& c : frame.controls) CHECK(live::find_control(prewhitening_figure, c.name) >= 0);
}

}  // namespace

TEST_CASE("the embedded Cepheid: the first mode is the published period, the next its harmonic") {
  const auto frame = live::evaluate(prewhitening_figure, {{"modes", 2.0}});
  check_sound_modes(frame);
  REQUIRE(number_of(frame, "f1") != nullptr);
  CHECK(std::fabs(1.0 / std::stod(number_of(frame, "f1")->value) - 4.191) < 0.003);
  REQUIRE(number_of(frame, "f2") != nullptr);
  CHECK(number_of(frame, "f2")->note.find("2 f1") != std::string::npos);
  CHECK(frame.code.python.find("orrery.prewhiten(star, max_modes=2") != std::string::npos);
  CHECK(frame.code.shell.find("orrery prewhiten 'eros_cepheid.csv' --modes 2") != std::string::npos);
}

TEST_CASE("two modes: the spectrum falls with each, the third is noise, and the figure says so") {
  const auto star = beating_star(500, 0.02, 3);
  const live::Values range = {{"min_period", 0.2}, {"max_period", 10.0}};
  const auto with = [&](double modes) {
    auto values = range;
    values["modes"] = modes;
    return modes_frame(star, values);
  };
  const auto none = with(0), one = with(1), two = with(2), three = with(3);
  for (const auto* frame : {&none, &one, &two, &three}) check_sound_modes(*frame);
  CHECK(std::fabs(highest(mark_of(none, "after", "amplitude")) - 0.1) < 0.01);
  CHECK(std::fabs(highest(mark_of(one, "after", "amplitude")) - 0.05) < 0.01);
  CHECK(highest(mark_of(two, "after", "amplitude")) < 0.01);
  // CLEAN puts each line where it is, without the daily aliases.
  CHECK(std::fabs(highest(mark_of(none, "after", "clean")) - 0.1) < 0.015);
  CHECK(std::fabs(std::stod(number_of(none, "left")->value) - 1.0 / 1.3) < 1e-3);
  CHECK(std::fabs(std::stod(number_of(one, "left")->value) - 1.0 / 2.17) < 1e-3);
  CHECK(number_of(one, "left")->note.find("above the limit") != std::string::npos);
  CHECK(number_of(two, "left")->note.find("below the limit") != std::string::npos);
  CHECK(number_of(two, "above the limit")->value == "2");
  CHECK(!warns(two, "noise may be taken away"));
  CHECK(!warns(two, "noise alone shows such a peak"));
  CHECK(warns(three, "Mode 3 is below the limit"));
  CHECK(std::fabs(std::stod(number_of(two, "scatter")->value) - 0.02) < 0.002);
  CHECK(mark_of(two, "ladder", "taken").f64("x").size() == 2);
  CHECK(mark_of(two, "before", "modes").f64("x").size() == 2);
}

TEST_CASE("the number of modes and the limit find no mode anew; a coarse frame comes first") {
  const live::Figure* const list[] = {&prewhitening_figure};
  live::Session session(list);
  live::testing::settled(session);
  session.receive(live::testing::up(1, {{"type", "open"}, {"figure", "statistics.prewhitening"}, {"values", nlohmann::json::object()}}));
  const auto said = live::testing::settled(session);
  REQUIRE(said.size() >= 2);
  CHECK(said.back().head["final"] == true);
  CHECK(std::any_of(said.begin(), said.end(), [](const auto& m) { return m.head.contains("final") && m.head["final"] == false; }));
  Index before = session.nodes_computed();
  const auto more = [&](std::uint64_t sequence, nlohmann::json values) {
    session.receive(live::testing::up(sequence, {{"type", "set"}, {"values", std::move(values)}}));
    REQUIRE(!live::testing::settled(session).empty());
    const Index now = session.nodes_computed() - before;
    before = session.nodes_computed();
    return now;
  };
  CHECK(more(2, {{"snr", 6.0}}) == 0);
  CHECK(more(3, {{"snr", 6.0}, {"modes", 3}}) == 1);  // CLEAN of what three modes leave
  CHECK(more(4, {{"snr", 6.0}, {"modes", 4}, {"clean", false}}) == 0);
  CHECK(more(5, {{"min_period", 1.0}, {"clean", false}}) == 3);  // spectrum, window, modes
}

TEST_CASE("noise that passes the limit of S/N is given away by its false-alarm probability") {
  auto noise = beating_star(150, 0.02, 9);
  Random random(10);
  for (double& y : noise.y) y = random.normal();
  const auto frame = modes_frame(noise, {{"min_period", 0.05}, {"snr", 3.0}});
  CHECK(std::stoi(number_of(frame, "above the limit")->value) > 0);
  CHECK(warns(frame, "Mode 1 is above the limit, but noise alone shows such a peak"));  // false at this seed once in a hundred
}

TEST_CASE("what cannot be searched is said; few points have few modes; CLEAN gives way to a wide range") {
  auto few = beating_star(6, 0.1, 1);
  CHECK(modes_frame(few).warnings.at(0).find("6 measurements are too few") == 0);
  auto flat = beating_star(40, 0.1, 1);
  std::fill(flat.y.begin(), flat.y.end(), 3.0);
  CHECK(modes_frame(flat).warnings.at(0).find("All values are equal") == 0);
  const auto short_one = modes_frame(beating_star(12, 0.01, 2), {{"modes", 10.0}, {"min_period", 0.3}});
  check_sound_modes(short_one);
  CHECK(mark_of(short_one, "ladder", "taken").f64("x").size() <= 3);  // 12 points: offset and three numbers a mode
  auto plain = beating_star(200, 0.05, 4);
  plain.sigma.clear();
  const auto wide = modes_frame(plain, {{"min_period", 0.001}});
  check_sound_modes(wide);
  CHECK(warns(wide, "no uncertainties"));
  CHECK(warns(wide, "CLEAN is not drawn"));
}
