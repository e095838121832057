#pragma once
// Helpers of the figures' tests: evaluate by id, and find what a frame says.
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "orrery/live/evaluate.hpp"
#include "orrery/live/registry.hpp"
#include "support/test.hpp"

namespace orrery::figures::testing {

inline const live::Figure& figure(std::string_view id) { return live::figure_by_id(live::all_figures(), id); }

inline live::Frame frame_of(std::string_view id, const live::Values& values = {}) { return live::evaluate(figure(id), values); }

/// The figure with a user's series in its slot `series`.
inline live::Frame frame_of_series(std::string_view id, data::Series series, const live::Values& values = {}) {
  live::Slots slots;
  live::SlotContent content;
  content.version = 1;
  content.name = "mine.csv";
  content.series = std::move(series);
  slots.put("series", std::move(content));
  return live::evaluate(figure(id), values, slots);
}

inline const live::PanelFrame& panel_of(const live::Frame& frame, std::string_view id) {
  for (const auto& panel : frame.panels) {
    if (panel.id == id) return panel;
  }
  FAIL("no panel ", std::string(id));
  return frame.panels.front();
}

inline const live::MarkFrame& mark_of(const live::Frame& frame, std::string_view panel, std::string_view id) {
  for (const auto& mark : panel_of(frame, panel).marks) {
    if (mark.id == id) return mark;
  }
  FAIL("no mark ", std::string(id));
  return frame.panels.front().marks.front();
}

inline std::vector<double> column(const live::Frame& frame, std::string_view panel, std::string_view mark, std::string_view id) {
  const auto values = mark_of(frame, panel, mark).f64(id);
  return {values.begin(), values.end()};
}

inline std::vector<float> floats(const live::Frame& frame, std::string_view panel, std::string_view mark, std::string_view id) {
  const auto* found = mark_of(frame, panel, mark).find(id);
  REQUIRE(found != nullptr);
  REQUIRE(found->dtype == live::DType::f32);
  std::vector<float> values(at(found->length()));
  std::memcpy(values.data(), found->bytes.data(), found->bytes.size());
  return values;
}

inline std::vector<std::int32_t> integers(const live::Frame& frame, std::string_view panel, std::string_view mark, std::string_view id) {
  const auto* found = mark_of(frame, panel, mark).find(id);
  REQUIRE(found != nullptr);
  std::vector<std::int32_t> values(at(found->length()));
  std::memcpy(values.data(), found->bytes.data(), found->bytes.size());
  return values;
}

inline const live::Number& number_item(const live::Frame& frame, std::string_view label) {
  for (const auto& item : frame.numbers) {
    if (item.label == label) return item;
  }
  FAIL("no number ", std::string(label));
  return frame.numbers.front();
}

inline double number_of(const live::Frame& frame, std::string_view label) { return std::stod(number_item(frame, label).value); }

inline bool warns(const live::Frame& frame, std::string_view words) {
  for (const auto& warning : frame.warnings) {
    if (warning.find(words) != std::string::npos) return true;
  }
  return false;
}

}  // namespace orrery::figures::testing
