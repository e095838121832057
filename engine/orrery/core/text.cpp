#include "orrery/core/text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace orrery {
namespace {

std::string formatted(const char* format, int digits, double value) {
  char text[64];
  const int size = std::snprintf(text, sizeof text, format, digits, value);
  return {text, static_cast<std::size_t>(std::clamp(size, 0, 63))};
}

std::string not_finite(double value) { return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf"; }

int decimals_for(double error) { return std::clamp(1 - static_cast<int>(std::floor(std::log10(error))), 0, 15); }

}  // namespace

std::string number_text(double value) {
  if (!std::isfinite(value)) return not_finite(value);
  for (int digits = 15; digits < 17; ++digits) {
    std::string text = formatted("%.*g", digits, value);
    if (std::strtod(text.c_str(), nullptr) == value) return text;
  }
  return formatted("%.*g", 17, value);
}

std::string number_text(double value, int significant_digits) {
  return std::isfinite(value) ? formatted("%.*g", significant_digits, value) : not_finite(value);
}

std::string value_text(double value, double error, int most_digits) {
  if (!std::isfinite(value)) return not_finite(value);
  if (!std::isfinite(error) || error <= 0.0) return number_text(value, 6);
  const int decimals = std::max(1 - static_cast<int>(std::floor(std::log10(error))), 0);
  const int before = value == 0.0 ? 1 : static_cast<int>(std::floor(std::log10(std::fabs(value)))) + 1;  // digits
  const int kept = std::min(before + decimals, most_digits);
  if (before < -5 && kept > 0) return number_text(value, kept);  // 1.25e-12 reads better than 0.00000000000125
  return formatted("%.*f", std::clamp(kept - before, 0, 15), value);
}

std::string error_text(double error) {
  if (!std::isfinite(error) || error <= 0.0) return "";
  return error < 1e-9 ? formatted("%.*e", 1, error) : formatted("%.*f", decimals_for(error), error);
}

std::string measured_text(double value, double error) {
  if (error > 0.0 && error < 1e-14 * std::fabs(value)) return value_text(value, error) + " (exact to rounding)";  // data without noise
  const std::string text = error_text(error);
  return value_text(value, error) + (text.empty() ? " (error not known)" : " +- " + text);
}

double head_number(double value) {
  return std::isfinite(value) ? std::strtod(formatted("%.*g", 10, value).c_str(), nullptr) : value;
}

std::string plural(Index count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace orrery
