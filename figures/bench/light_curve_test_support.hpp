#pragma once
// Helpers of the light-curve bench's tests: synthetic stars, frames, and what every frame must keep.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>
#include <set>

#include "light_curve.hpp"
#include "orrery/core/random.hpp"
#include "orrery/live/evaluate.hpp"
#include "support/test.hpp"

namespace orrery::bench {
extern const live::Figure light_curve_figure;

namespace testing {
using live::Values;

inline const live::Figure& figure() { return light_curve_figure; }

inline data::Series star(Index n, double period, double amplitude, double noise, std::uint64_t seed, double span = 200.0) {
  Random random(seed);
  data::Series s;
  s.quantity = data::Quantity::magnitude;
  s.y_unit = "mag";
  for (Index i = 0; i < n; ++i) s.t.push_back(53000.0 + span * random.uniform());
  std::sort(s.t.begin(), s.t.end());
  for (const double t : s.t) {
    s.y.push_back(15.0 + 0.5 * amplitude * std::sin(2.0 * std::numbers::pi * t / period) + noise * random.normal());
    s.sigma.push_back(noise);
  }
  return s;
}

inline live::Slots slots_with(data::Series series) {
  live::SlotContent content;
  content.name = "star.csv";
  content.series = std::move(series);
  live::Slots slots;
  slots.put("series", std::move(content));
  return slots;
}

inline live::Frame frame_of(const data::Series& series, const Values& values = {}) {
  return live::evaluate(figure(), values, slots_with(series));
}

inline const live::PanelFrame& panel(const live::Frame& frame, std::string_view id) {
  const auto found = std::find_if(frame.panels.begin(), frame.panels.end(), [&](const auto& p) { return p.id == id; });
  REQUIRE(found != frame.panels.end());
  return *found;
}
inline const live::MarkFrame& mark(const live::Frame& frame, std::string_view panel_id, std::string_view id) {
  const auto& p = panel(frame, panel_id);
  const auto found = std::find_if(p.marks.begin(), p.marks.end(), [&](const auto& m) { return m.id == id; });
  REQUIRE(found != p.marks.end());
  return *found;
}
inline std::set<std::int32_t> rows_of(const live::MarkFrame& m) {
  const auto* column = m.find("row");
  if (column == nullptr) return {};
  std::vector<std::int32_t> rows(at(column->length()));
  if (!rows.empty()) std::memcpy(rows.data(), column->bytes.data(), column->bytes.size());
  return {rows.begin(), rows.end()};
}
inline const live::Number* number(const live::Frame& frame, std::string_view label) {
  for (const auto& n : frame.numbers) {
    if (n.label == label) return &n;
  }
  return nullptr;
}
inline const live::ControlFrame& control(const live::Frame& frame, std::string_view name) {
  const auto found = std::find_if(frame.controls.begin(), frame.controls.end(), [&](const auto& c) { return c.name == name; });
  REQUIRE(found != frame.controls.end());
  return *found;
}
inline const live::Action* action(const live::Frame& frame, std::string_view label) {
  for (const auto& a : frame.actions) {
    if (a.label == label) return &a;
  }
  return nullptr;
}
inline bool warned(const live::Frame& frame, std::string_view words) {
  return std::any_of(frame.warnings.begin(), frame.warnings.end(), [&](const auto& w) { return w.find(words) != std::string::npos; });
}
inline double shown_period(const live::Frame& frame) { return std::get<double>(*control(frame, "period").value); }

inline bool same_columns(const live::Frame& a, const live::Frame& b) {
  if (a.panels.size() != b.panels.size()) return false;
  for (std::size_t p = 0; p < a.panels.size(); ++p) {
    const auto &pa = a.panels[p], &pb = b.panels[p];
    if (pa.marks.size() != pb.marks.size() || pa.x.low != pb.x.low || pa.y.high != pb.y.high || pa.alt != pb.alt) return false;
    for (std::size_t m = 0; m < pa.marks.size(); ++m) {
      if (pa.marks[m].columns.size() != pb.marks[m].columns.size() || pa.marks[m].labels != pb.marks[m].labels) return false;
      for (std::size_t c = 0; c < pa.marks[m].columns.size(); ++c) {
        if (pa.marks[m].columns[c].bytes != pb.marks[m].columns[c].bytes) return false;
      }
    }
  }
  return a.warnings == b.warnings && a.numbers.size() == b.numbers.size() && a.actions.size() == b.actions.size();
}

/// What every frame must keep: marks and panels of the figure, ordered axes, columns of one length, finite points.
inline void check_sound(const live::Frame& frame) {
  for (const auto& p : frame.panels) {
    const Index at_panel = live::find_panel(figure(), p.id);
    REQUIRE(at_panel >= 0);
    CHECK(p.x.low < p.x.high);
    CHECK(p.y.low < p.y.high);
    CHECK(!p.alt.empty());
    const auto& specs = figure().panels[at(at_panel)].marks;
    for (const auto& m : p.marks) {
      const auto spec = std::find_if(specs.begin(), specs.end(), [&](const auto& s) { return s.id == m.id; });
      REQUIRE(spec != specs.end());
      for (const auto& column : m.columns) CHECK(column.length() == m.columns.front().length());
      if (spec->mark != live::Mark::points) continue;
      for (const char* id : {"x", "y"}) {
        for (const double v : m.f64(id)) CHECK(std::isfinite(v));
      }
    }
  }
  for (const auto& c : frame.controls) {
    CHECK(live::find_control(figure(), c.name) >= 0);
    if (c.low && c.high) CHECK(*c.low < *c.high);
  }
  for (const auto& a : frame.actions) CHECK(live::find_control(figure(), a.control) >= 0);
  const auto* alarm = number(frame, "false alarm");
  if (alarm != nullptr) CHECK(alarm->value != "0");
}


}  // namespace testing
}  // namespace orrery::bench
