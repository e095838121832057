#include "orrery/live/figure.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"

namespace orrery::live {
namespace {

const char* kind_expectation(ControlKind kind) {
  switch (kind) {
    case ControlKind::slider: return "a number";
    case ControlKind::integer: return "a whole number";
    case ControlKind::range: return "two numbers low,high";
    case ControlKind::choice: return "one of its choices";
    case ControlKind::toggle: return "true or false";
    case ControlKind::point: return "two numbers x,y";
    case ControlKind::rows: return "pairs of rows first,last,...";
  }
  return "a value";
}

[[noreturn]] void wrong_kind(const Control& control) {
  fail(ErrorKind::input, "control '" + std::string(control.name) + "'", std::string("expected ") + kind_expectation(control.kind));
}

double checked_number(const Control& control, double value, bool strict) {
  if (!std::isfinite(value)) wrong_kind(control);
  if (control.kind == ControlKind::integer) value = std::round(value);
  if (strict && (value < control.low || value > control.high)) {
    fail(ErrorKind::input, "control '" + std::string(control.name) + "'",
         "expected a value in [" + number_text(control.low) + ", " + number_text(control.high) + "], got " + number_text(value));
  }
  return std::clamp(value, control.low, control.high);
}

Value checked_list(const Control& control, std::vector<double> list, bool strict) {
  if (control.kind == ControlKind::rows) {
    if (list.size() % 2 != 0) wrong_kind(control);
    for (std::size_t i = 0; i + 1 < list.size(); i += 2) {
      if (!(list[i] >= 0.0 && list[i] <= list[i + 1] && list[i + 1] < 4294967296.0)) wrong_kind(control);
    }
    return list;
  }
  if (list.size() != 2) wrong_kind(control);
  for (double& v : list) v = checked_number(control, v, strict);
  if (control.kind == ControlKind::range && list[0] > list[1]) std::swap(list[0], list[1]);
  return list;
}

Value checked(const Control& control, const Value& value, bool strict) {
  switch (control.kind) {
    case ControlKind::slider:
      if (std::holds_alternative<Auto>(value) && std::isnan(control.start)) return Auto{};
      [[fallthrough]];
    case ControlKind::integer:
      if (const auto* number = std::get_if<double>(&value)) return checked_number(control, *number, strict);
      break;
    case ControlKind::toggle:
      if (const auto* on = std::get_if<bool>(&value)) return *on;
      break;
    case ControlKind::choice:
      if (const auto* text = std::get_if<std::string>(&value)) return *text;
      break;
    case ControlKind::range:
    case ControlKind::point:
    case ControlKind::rows:
      if (const auto* list = std::get_if<std::vector<double>>(&value)) return checked_list(control, *list, strict);
      break;
  }
  wrong_kind(control);
}

std::string control_names(const Figure& figure) {
  std::string names;
  for (const auto& control : figure.controls) names += (names.empty() ? "" : ", ") + std::string(control.name);
  return names.empty() ? "none" : names;
}

}  // namespace

Key& Key::add(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  char raw[sizeof bits];
  std::memcpy(raw, &bits, sizeof bits);
  bytes_.append(raw, sizeof bits);
  return *this;
}

Key& Key::add(std::string_view text) {
  add(static_cast<double>(text.size()));
  bytes_.append(text);
  return *this;
}

Key& Key::add(const std::vector<double>& values) {
  add(static_cast<double>(values.size()));
  for (const double v : values) add(v);
  return *this;
}

Key& Key::add_value(const Value& value) {
  bytes_.push_back(static_cast<char>(value.index()));
  if (const auto* number = std::get_if<double>(&value)) return add(*number);
  if (const auto* on = std::get_if<bool>(&value)) return add(*on ? 1.0 : 0.0);
  if (const auto* text = std::get_if<std::string>(&value)) return add(std::string_view(*text));
  if (const auto* list = std::get_if<std::vector<double>>(&value)) return add(*list);
  return *this;
}

Value start_value(const Control& control) {
  switch (control.kind) {
    case ControlKind::slider:
      if (std::isnan(control.start)) return Auto{};
      return control.start;
    case ControlKind::integer: return control.start;
    case ControlKind::toggle: return control.start != 0.0;
    case ControlKind::choice: return control.choices.empty() ? std::string() : std::string(control.choices.front());
    case ControlKind::range:
    case ControlKind::point:
    case ControlKind::rows: return control.start_list;
  }
  return Auto{};
}

Index find_control(const Figure& figure, std::string_view name) {
  const auto found = std::find_if(figure.controls.begin(), figure.controls.end(), [&](const Control& c) { return c.name == name; });
  return found == figure.controls.end() ? -1 : found - figure.controls.begin();
}

Index find_slot(const Figure& figure, std::string_view name) {
  const auto found = std::find_if(figure.slots.begin(), figure.slots.end(), [&](const Slot& s) { return s.name == name; });
  return found == figure.slots.end() ? -1 : found - figure.slots.begin();
}

Index find_panel(const Figure& figure, std::string_view id) {
  const auto found = std::find_if(figure.panels.begin(), figure.panels.end(), [&](const Panel& p) { return p.id == id; });
  return found == figure.panels.end() ? -1 : found - figure.panels.begin();
}

Values complete_values(const Figure& figure, const Values& given, bool strict) {
  for (const auto& [name, value] : given) {
    if (find_control(figure, name) < 0) {
      fail(ErrorKind::input, std::string(figure.id), "has no control '" + name + "'; expected one of: " + control_names(figure));
    }
  }
  Values complete;
  for (const auto& control : figure.controls) {
    const auto it = given.find(control.name);
    Value value = it == given.end() ? start_value(control) : checked(control, it->second, strict);
    complete.emplace(std::string(control.name), std::move(value));
  }
  return complete;
}

}  // namespace orrery::live
