#include "orrery/live/json_detail.hpp"

#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"

namespace orrery::live::detail {

Json head_json(double value) { return std::isfinite(value) ? Json(head_number(value)) : Json(nullptr); }

Json value_json(const Value& value) {
  if (const auto* number = std::get_if<double>(&value)) return std::isfinite(*number) ? Json(*number) : Json(nullptr);
  if (const auto* on = std::get_if<bool>(&value)) return *on;
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* list = std::get_if<std::vector<double>>(&value)) return *list;
  return nullptr;
}

std::optional<Value> value_from_json(const Json& json) {
  if (json.is_null()) return Value(Auto{});
  if (json.is_boolean()) return Value(json.get<bool>());
  if (json.is_number()) return Value(json.get<double>());
  if (json.is_string()) return Value(json.get<std::string>());
  if (!json.is_array()) return {};
  std::vector<double> list;
  for (const auto& item : json) {
    if (!item.is_number()) return {};
    list.push_back(item.get<double>());
  }
  return Value(std::move(list));
}

Values values_from_json(const Json& json) {
  Values values;
  if (json.is_null()) return values;
  if (!json.is_object()) fail(ErrorKind::input, "values", "expected a JSON object of control values");
  for (const auto& [name, item] : json.items()) {
    auto value = value_from_json(item);
    if (!value) fail(ErrorKind::input, "control '" + name + "'", "expected null, a number, true/false, text or a list of numbers");
    values.insert_or_assign(name, std::move(*value));
  }
  return values;
}

std::string text_member(const Json& object, const char* name, const std::string& fallback) {
  const auto it = object.find(name);
  return it != object.end() && it->is_string() ? it->get<std::string>() : fallback;
}

double number_member(const Json& object, const char* name, double fallback) {
  const auto it = object.find(name);
  return it != object.end() && it->is_number() ? it->get<double>() : fallback;
}

const Json* object_member(const Json& object, const char* name) {
  const auto it = object.find(name);
  return it != object.end() && it->is_object() ? &*it : nullptr;
}

std::string scale_name(Scale scale) { return scale == Scale::log ? "log" : "linear"; }

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace orrery::live::detail

namespace orrery::live {
std::string value_text(const Value& value) { return detail::dump(detail::value_json(value)); }
}  // namespace orrery::live
