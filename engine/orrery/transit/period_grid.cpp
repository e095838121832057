#include "orrery/transit/period_grid.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"

namespace orrery::transit {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kDay = 86400.0;         // s
constexpr double kSolarGm = 1.3271244e20;  // m^3 / s^2, IAU 2015 Resolution B3, nominal
constexpr double kSolarRadius = 6.957e8;   // m, IAU 2015 Resolution B3, nominal

void refuse_length(const char* where, double count, const char* advice) {
  if (count <= static_cast<double>(kMostTrialPeriods)) return;
  fail(ErrorKind::limit, where, "expected at most 5e7 trial periods, got " + number_text(count, 3) + ": " + advice);
}

void require_positive(const char* where, const char* what, double value) {
  if (!(value > 0.0) || !std::isfinite(value)) fail(ErrorKind::input, where, std::string("expected ") + what + " > 0, got " + number_text(value));
}

/// Semi-major axis in units of the star's radius.
double scaled_axis(double period, double radius, double mass) {
  const double seconds = period * kDay;
  return std::cbrt(kSolarGm * mass * seconds * seconds / (4.0 * kPi * kPi)) / (radius * kSolarRadius);
}

}  // namespace

std::vector<double> box_period_grid(std::span<const double> t, std::span<const double> duration, const BoxGridOptions& options) {
  constexpr const char* kWhere = "box_period_grid";
  if (t.empty() || duration.empty()) fail(ErrorKind::input, kWhere, "expected times and durations, got none");
  const auto [first, last] = std::minmax_element(t.begin(), t.end());
  const auto [shortest, longest] = std::minmax_element(duration.begin(), duration.end());
  const double span = *last - *first;
  require_positive(kWhere, "a span of the times", span);
  require_positive(kWhere, "durations", *shortest);
  require_positive(kWhere, "frequency_factor", options.frequency_factor);
  if (!options.max_period && !(options.min_transits > 1.0)) {
    fail(ErrorKind::input, kWhere, "expected min_transits > 1 without max_period, got " + number_text(options.min_transits));
  }
  const double low = options.min_period.value_or(2.0 * *longest);
  const double high = options.max_period.value_or(span / (options.min_transits - 1.0));
  require_positive(kWhere, "min_period", low);
  if (!(high > low) || !std::isfinite(high)) {
    fail(ErrorKind::input, kWhere, "expected max_period above min_period (" + number_text(low) + "), got " + number_text(high));
  }
  const double step = options.frequency_factor * *shortest / (span * span);
  const double count = 1.0 + std::round((1.0 / low - 1.0 / high) / step);
  refuse_length(kWhere, count, "take longer durations, a shorter range, a larger frequency_factor or the Keplerian grid");
  std::vector<double> period(static_cast<std::size_t>(count));
  for (std::size_t k = 0; k < period.size(); ++k) period[k] = 1.0 / (1.0 / low - step * static_cast<double>(k));
  return period;
}

std::vector<double> keplerian_period_grid(double span, const KeplerianGridOptions& options) {
  constexpr const char* kWhere = "keplerian_period_grid";
  require_positive(kWhere, "a span", span);
  require_positive(kWhere, "radius", options.radius);
  require_positive(kWhere, "mass", options.mass);
  require_positive(kWhere, "oversampling", options.oversampling);
  if (!(options.min_transits >= 1.0)) fail(ErrorKind::input, kWhere, "expected min_transits >= 1, got " + number_text(options.min_transits));
  const double gm = kSolarGm * options.mass, r = options.radius * kSolarRadius;
  const double lowest = options.max_period ? 1.0 / (*options.max_period * kDay) : options.min_transits / (span * kDay);
  const double highest = options.min_period ? 1.0 / (*options.min_period * kDay) : std::sqrt(gm / std::pow(3.0 * r, 3.0)) / (2.0 * kPi);
  if (!(highest > lowest) || !(lowest > 0.0) || !std::isfinite(highest)) {
    fail(ErrorKind::input, kWhere, "expected max_period above min_period, got " + number_text(1.0 / (lowest * kDay)) + " and " +
                                       number_text(1.0 / (highest * kDay)) + " day");
  }
  const double a = std::pow(2.0 * kPi, 2.0 / 3.0) / kPi * r / std::cbrt(gm) / (span * kDay * options.oversampling);
  const double root = std::cbrt(lowest), range = std::cbrt(highest) - root;
  const double count = std::ceil(range * 3.0 / a) + 1.0;
  refuse_length(kWhere, count, "take a shorter range or a smaller oversampling");
  std::vector<double> period(static_cast<std::size_t>(count));
  for (std::size_t k = 0; k < period.size(); ++k) {
    const double f = std::pow(root + std::min(a / 3.0 * static_cast<double>(k), range), 3.0);
    period[period.size() - 1 - k] = 1.0 / (f * kDay);
  }
  return period;
}

double longest_transit(double period, double radius, double mass, double planet_radius) {
  require_positive("longest_transit", "period", period);
  require_positive("longest_transit", "radius", radius);
  require_positive("longest_transit", "mass", mass);
  return period / kPi * std::asin(std::min(1.0, (1.0 + planet_radius / radius) / scaled_axis(period, radius, mass)));
}

}  // namespace orrery::transit
