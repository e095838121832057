#pragma once
// JSON of the live protocol. nlohmann's exceptions are never relied on: in wasm they do not exist, so every access is checked.
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "orrery/live/frame.hpp"
#include "orrery/live/slots.hpp"
#include "orrery/live/value.hpp"

namespace orrery::live::detail {

using Json = nlohmann::json;

/// 10 significant digits; null when not finite.
[[nodiscard]] Json head_json(double value);

[[nodiscard]] Json value_json(const Value& value);
[[nodiscard]] std::optional<Value> value_from_json(const Json& json);

/// Values from a JSON object. @throws InputError naming the member that is not a value
[[nodiscard]] Values values_from_json(const Json& json);

/// Members with a checked type; the fallback when absent or of another type.
[[nodiscard]] std::string text_member(const Json& object, const char* name, const std::string& fallback = {});
[[nodiscard]] double number_member(const Json& object, const char* name, double fallback);
[[nodiscard]] const Json* object_member(const Json& object, const char* name);

[[nodiscard]] std::string scale_name(Scale scale);

/// `figure` part of a spec message, and the reader's report.
[[nodiscard]] Json spec_json(const Figure& figure);
[[nodiscard]] Json report_json(const SlotContent& content);

/// Head text as sent: invalid UTF-8 (a user's file may have it) is replaced, never refused.
[[nodiscard]] std::string dump(const Json& json);

/// Fills the members of `code` that the figure left empty with the general form.
void fill_code(const Figure& figure, const Values& values, const Slots& slots, Code& code);

}  // namespace orrery::live::detail
