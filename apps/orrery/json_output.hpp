#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "orrery/live/figure.hpp"
#include "orrery/live/frame.hpp"

namespace orrery::app {

/// A frame as JSON for other programs: figure, values, numbers, warnings, and every column of every mark as a list.
/// NaN becomes null.
[[nodiscard]] nlohmann::json frame_json(const live::Figure& figure, const live::Values& values, const live::Frame& frame);

/// A column as a JSON list.
[[nodiscard]] nlohmann::json column_json(const live::Column& column);

/// JSON text; text that is not UTF-8 is replaced, not refused.
[[nodiscard]] std::string json_text(const nlohmann::json& json);

}  // namespace orrery::app
