#include "periodograms.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "orrery/core/random.hpp"
#include "orrery/live/evaluate.hpp"
#include "support/live.hpp"
#include "support/test.hpp"

namespace orrery::statistics {
extern const live::Figure periodograms_figure;
}

using namespace orrery;
using namespace orrery::statistics;

namespace {

const live::Figure& rows_figure() { return periodograms_figure; }

data::Series dipping_star(Index n, double period, double noise, std::uint64_t seed) {
  Random random(seed);
  data::Series s;
  s.quantity = data::Quantity::magnitude;
  for (Index i = 0; i < n; ++i) s.t.push_back(53000.0 + 60.0 * random.uniform());
  std::sort(s.t.begin(), s.t.end());
  for (const double t : s.t) {
    const double phase = t / period - std::floor(t / period);
    s.y.push_back(15.0 + (phase < 0.15 ? 0.6 : 0.0) + noise * random.normal());
    s.sigma.push_back(noise);
  }
  return s;
}

live::Frame frame_of(const data::Series& series, const live::Values& values = {}) {
  live::SlotContent content;
  content.name = "star.csv";
  content.series = series;
  live::Slots slots;
  slots.put("series", std::move(content));
  return live::evaluate(rows_figure(), values, slots);
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

/// Marks and panels of the figure, ordered axes, columns of one length, finite values.
void check_sound_rows(const live::Frame& frame) {
  for (const auto& p : frame.panels) {
    const Index place = live::find_panel(rows_figure(), p.id);
    REQUIRE(place >= 0);
    CHECK(p.x.low < p.x.high);
    CHECK(p.y.low < p.y.high);
    CHECK(!p.alt.empty());
    const auto& specs = rows_figure().panels[at(place)].marks;
    for (const auto& m : p.marks) {
      CHECK(std::any_of(specs.begin(), specs.end(), [&](const auto& s) { return s.id == m.id; }));
      for (const auto& column : m.columns) CHECK(column.length() == m.columns.front().length());
      for (const char* id : {"x", "y"}) {
        for (const double v : m.f64(id)) CHECK(std::isfinite(v));
      }
    }
  }
  for (const auto& c : frame.controls) CHECK(live::find_control(rows_figure(), c.name) >= 0);
}

}  // namespace

TEST_CASE("the embedded Cepheid: all eight rows agree on the published period; rows from median to best") {
  const auto frame = live::evaluate(rows_figure());
  check_sound_rows(frame);
  REQUIRE(number_of(frame, "agree") != nullptr);
  CHECK(number_of(frame, "agree")->value == "8 of 8");
  CHECK(std::fabs(std::stod(number_of(frame, "on")->value) - 4.191) < 0.002);
  CHECK(number_of(frame, "elsewhere") == nullptr);
  for (std::size_t k = 0; k < kRows; ++k) {
    const auto& mark = mark_of(frame, "rows", kRowControl[k]);
    CHECK(!mark.hidden);
    const auto x = mark.f64("x"), y = mark.f64("y");
    CHECK(std::is_sorted(x.begin(), x.end()));
    const double base = double(kRows - 1 - k);
    CHECK(std::fabs(*std::max_element(y.begin(), y.end()) - base - 0.82) < 1e-12);
    CHECK(*std::min_element(y.begin(), y.end()) > base - 0.2);  // rows do not run into each other
  }
  CHECK(frame.code.python.find("orrery.embedded(\"eros_cepheid\")") != std::string::npos);
  CHECK(frame.code.shell.find("--method $method") != std::string::npos);
}

TEST_CASE("an eclipsing star: the box search finds it; rows that differ are told with their relation") {
  const auto frame = frame_of(dipping_star(220, 2.37, 0.05, 4), {{"min_period", 1.0}, {"max_period", 10.0}});
  check_sound_rows(frame);
  const auto x = mark_of(frame, "rows", "best").f64("x");
  REQUIRE(x.size() == kRows);
  CHECK(std::fabs(x[kBoxRow] - 2.37) < 2.37 * 2.37 / 60.0);
  const auto party = std::stoi(number_of(frame, "agree")->value);
  CHECK(party >= 4);
  if (party < 8) {
    REQUIRE(number_of(frame, "elsewhere") != nullptr);
    CHECK(number_of(frame, "elsewhere")->value == std::to_string(8 - party));
  }
  CHECK(relation_of(4.74, 2.37, 60.0) == "twice");
  CHECK(relation_of(1.185, 2.37, 60.0) == "half");
  CHECK(relation_of(1.0 / (1.0 / 2.37 + 1.0027379), 2.37, 600.0) == "one day alias");
  CHECK(relation_of(3.9, 2.37, 60.0).empty());
}

TEST_CASE("a row that is switched off is neither computed nor drawn; the marker and switches recompute nothing") {
  const live::Figure* const list[] = {&rows_figure()};
  live::Session session(list);
  live::testing::settled(session);
  session.receive(live::testing::up(1, {{"type", "open"}, {"figure", "statistics.periodograms"}, {"values", {{"qmi", false}}}}));
  const auto said = live::testing::settled(session);
  REQUIRE(said.size() >= 2);
  CHECK(said.back().head["final"] == true);
  CHECK(std::any_of(said.begin(), said.end(), [](const auto& m) { return m.head.contains("final") && m.head["final"] == false; }));  // a coarse one
  CHECK(said.back().column("rows", "qmi", "x").empty());
  Index before = session.nodes_computed();
  const auto more = [&](std::uint64_t sequence, nlohmann::json values) {
    session.receive(live::testing::up(sequence, {{"type", "set"}, {"values", std::move(values)}}));
    const auto answer = live::testing::settled(session);
    REQUIRE(!answer.empty());
    CHECK(answer.back().type() == "frame");
    const Index now = session.nodes_computed() - before;
    before = session.nodes_computed();
    return now;
  };
  CHECK(more(2, {{"qmi", false}, {"period", 3.3}}) == 0);
  CHECK(more(3, {{"qmi", false}, {"pdm", false}, {"period", 3.3}}) == 0);
  CHECK(more(4, {{"qmi", false}, {"period", 3.3}, {"bins", 12}}) == 4);  // phase dispersion and entropy, coarse and fine
}

TEST_CASE("what cannot be searched is said; short, flat, unordered and errorless series") {
  auto few = dipping_star(6, 2.0, 0.1, 1);
  CHECK(frame_of(few).warnings.at(0).find("6 measurements are too few") == 0);
  auto flat = dipping_star(40, 2.0, 0.1, 1);
  std::fill(flat.y.begin(), flat.y.end(), 3.0);
  CHECK(frame_of(flat).warnings.at(0).find("All values are equal") == 0);
  auto at_once = dipping_star(40, 2.0, 0.1, 1);
  std::fill(at_once.t.begin(), at_once.t.end(), 3.0);
  CHECK(frame_of(at_once).warnings.at(0).find("All measurements are at the same time") == 0);
  auto plain = dipping_star(60, 2.0, 0.02, 1);
  plain.sigma.clear();
  const auto frame = frame_of(plain, {{"min_period", 1.0}, {"max_period", 8.0}});
  check_sound_rows(frame);
  CHECK(std::any_of(frame.warnings.begin(), frame.warnings.end(), [](const auto& w) { return w.find("no uncertainties") != std::string::npos; }));
  live::Values none;
  for (const auto word : kRowControl) none[std::string(word)] = false;
  const auto empty = frame_of(plain, none);
  check_sound_rows(empty);
  CHECK(std::any_of(empty.warnings.begin(), empty.warnings.end(), [](const auto& w) { return w.find("No statistic is chosen") == 0; }));
}

TEST_CASE("property: random states give sound frames") {
  Random random(5);
  const auto star = dipping_star(40, 2.0, 0.1, 2);
  for (int k = 0; k < 12; ++k) {
    live::Values values = {{"min_period", std::exp(random.uniform(-1.0, 2.0))}, {"max_period", std::exp(random.uniform(-1.0, 4.0))},
                           {"harmonics", double(1 + random.index(4))}, {"aov_harmonics", double(1 + random.index(6))},
                           {"bins", double(4 + random.index(47))}, {"period", std::exp(random.uniform(-2.0, 5.0))}};
    for (const auto word : kRowControl) values[std::string(word)] = random.uniform() < 0.6;
    check_sound_rows(frame_of(star, values));
  }
}
