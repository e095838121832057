#include "orrery/json_output.hpp"

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>


namespace orrery::app {
namespace {

using nlohmann::json;

template <class T>
json list_of(const live::Column& column) {
  json list = json::array();
  for (Index i = 0; i < column.length(); ++i) {
    T value;
    std::memcpy(&value, column.bytes.data() + i * static_cast<Index>(sizeof value), sizeof value);
    if constexpr (std::is_floating_point_v<T>) {
      list.push_back(std::isfinite(value) ? json(value) : json(nullptr));
    } else {
      list.push_back(value);
    }
  }
  return list;
}

json axis_json(const live::AxisFrame& axis) { return {{"low", axis.low}, {"high", axis.high}}; }

}  // namespace

json column_json(const live::Column& column) {
  switch (column.dtype) {
    case live::DType::f64: return list_of<double>(column);
    case live::DType::f32: return list_of<float>(column);
    case live::DType::i32: return list_of<std::int32_t>(column);
    case live::DType::u32: return list_of<std::uint32_t>(column);
    case live::DType::u8: return list_of<std::uint8_t>(column);
  }
  return nullptr;
}

json frame_json(const live::Figure& figure, const live::Values& values, const live::Frame& frame) {
  json state = json::object();
  for (const auto& [name, value] : values) state[name] = json::parse(live::value_text(value));
  json numbers = json::array();
  for (const auto& n : frame.numbers) {
    numbers.push_back({{"label", n.label}, {"value", n.value}, {"error", n.error}, {"unit", n.unit}, {"note", n.note}});
  }
  json chosen = json::object();
  for (const auto& control : frame.controls) {
    if (control.value) chosen[control.name] = json::parse(live::value_text(*control.value));
  }
  json panels = json::object();
  for (const auto& panel : frame.panels) {
    json marks = json::object();
    for (const auto& mark : panel.marks) {
      json columns = json::object();
      for (const auto& column : mark.columns) columns[column.id] = column_json(column);
      if (!mark.labels.empty()) columns["labels"] = mark.labels;
      marks[mark.id] = std::move(columns);
    }
    panels[panel.id] = {{"x", axis_json(panel.x)}, {"y", axis_json(panel.y)}, {"alt", panel.alt}, {"marks", marks}};
  }
  return {{"figure", figure.id}, {"values", state}, {"chosen", chosen}, {"numbers", numbers}, {"warnings", frame.warnings}, {"panels", panels}};
}

std::string json_text(const json& value) { return value.dump(1, ' ', false, json::error_handler_t::replace); }

}  // namespace orrery::app
