#include "orrery/transit/transit_grid.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/transit/period_grid.hpp"

namespace orrery::transit {
namespace {

// Those of Hippke & Heller 2019, so that the grids are theirs.
constexpr double kPi = std::numbers::pi;
constexpr double kGravity = 6.673e-11;        // m^3 / kg / s^2
constexpr double kSolarRadius = 695508000.0;  // m
constexpr double kJupiterRadius = 69911000.0;
constexpr double kSolarMass = 1.989e30;       // kg
constexpr double kDay = 86400.0;              // s
constexpr double kLongestFraction = 0.12;     // of the period; the longest known is 0.117
constexpr std::size_t kFewest = 100;          // periods of a grid that is kept

void require_positive(const char* where, const char* what, double value) {
  if (!(value > 0.0) || !std::isfinite(value)) fail(ErrorKind::input, where, std::string("expected ") + what + " > 0, got " + number_text(value));
}

/// T14 over P of a body that is `extra` metres larger than the star.
double fraction(double radius, double mass, double period, double extra) {
  const double seconds = period * kDay;
  const double t14 = (radius * kSolarRadius + extra) * std::cbrt(4.0 * seconds / (kPi * kGravity * mass * kSolarMass));
  return std::min(kLongestFraction, t14 / seconds);
}

/// Those of the grid of one star that lie in the range.
std::vector<double> periods_of(double radius, double mass, double span, const TransitGridOptions& options) {
  const double r = radius * kSolarRadius, gm = kGravity * mass * kSolarMass, seconds = span * kDay;
  const double low = options.min_transits / seconds, high = std::sqrt(gm / std::pow(3.0 * r, 3.0)) / (2.0 * kPi);
  const double a = std::pow(2.0 * kPi, 2.0 / 3.0) / kPi * r / std::cbrt(gm) / (seconds * options.oversampling);
  const double c = std::cbrt(low) - a / 3.0;
  const double count = std::ceil((std::cbrt(high) - std::cbrt(low) + a / 3.0) * 3.0 / a);
  const auto period_at = [&](double k) { return 1.0 / std::pow(a / 3.0 * k + c, 3.0) / kDay; };
  std::vector<double> periods;
  if (!(count >= 1.0)) return periods;
  // Of a grid too long to be made, the part in the range may be short: the first k whose period is within it is found directly.
  const double first = std::max(1.0, std::floor((std::cbrt(1.0 / (options.max_period * kDay)) - c) * 3.0 / a) - 1.0);
  const double highest = options.min_period > 0.0 ? 1.0 / (options.min_period * kDay) : high;
  const double last = std::min(count, std::ceil((std::cbrt(highest) - c) * 3.0 / a) + 1.0);
  if (last - first > static_cast<double>(kMostTrialPeriods)) {
    fail(ErrorKind::limit, "transit_period_grid", "expected at most 5e7 trial periods, got " + number_text(last - first, 3) +
                                                      ": take a shorter range, a smaller oversampling or a less dense star");
  }
  for (double k = first; k <= last; k += 1.0) {
    const double period = period_at(k);
    if (period > options.min_period && period <= options.max_period) periods.push_back(period);
  }
  std::reverse(periods.begin(), periods.end());
  return periods;
}

}  // namespace

DurationRange transit_duration_range(double period, const StarLimits& limits) {
  constexpr const char* kWhere = "transit_duration_range";
  require_positive(kWhere, "period", period);
  for (const double value : {limits.min_radius, limits.max_radius, limits.min_mass, limits.max_mass}) require_positive(kWhere, "limits of the star", value);
  const DurationRange range{fraction(limits.min_radius, limits.min_mass, period, 0.0),
                            fraction(limits.max_radius, limits.max_mass, period, 2.0 * kJupiterRadius)};
  if (range.shortest > range.longest) {
    fail(ErrorKind::input, kWhere, "expected the star of max_radius and max_mass to be the less dense one, got transits of " +
                                       number_text(range.shortest, 3) + " to " + number_text(range.longest, 3) + " of the period");
  }
  return range;
}

std::vector<double> transit_duration_grid(double min_period, double max_period, double step, const StarLimits& limits) {
  constexpr const char* kWhere = "transit_duration_grid";
  if (!(step >= 1.001 && step <= 10.0)) fail(ErrorKind::input, kWhere, "expected step in [1.001, 10], got " + number_text(step));
  if (!(max_period >= min_period)) {
    fail(ErrorKind::input, kWhere, "expected max_period >= min_period, got " + number_text(max_period) + " and " + number_text(min_period));
  }
  const double shortest = transit_duration_range(max_period, limits).shortest, longest = transit_duration_range(min_period, limits).longest;
  std::vector<double> durations{shortest};
  while (durations.back() * step < longest) durations.push_back(durations.back() * step);
  if (longest > durations.back()) durations.push_back(longest);
  return durations;
}

std::vector<double> transit_period_grid(double span, const TransitGridOptions& options) {
  constexpr const char* kWhere = "transit_period_grid";
  require_positive(kWhere, "a span of the times", span);
  require_positive(kWhere, "radius", options.radius);
  require_positive(kWhere, "mass", options.mass);
  require_positive(kWhere, "min_transits", options.min_transits);
  require_positive(kWhere, "oversampling", options.oversampling);
  if (!(options.min_period < options.max_period)) {
    fail(ErrorKind::input, kWhere, "expected max_period above min_period (" + number_text(options.min_period) + "), got " + number_text(options.max_period));
  }
  auto periods = periods_of(options.radius, options.mass, span, options);
  if (periods.size() < kFewest) periods = periods_of(1.0, 1.0, std::max(5.0, span), options);
  if (periods.empty()) {
    fail(ErrorKind::input, kWhere, "no trial period between " + number_text(options.min_period) + " and " + number_text(options.max_period) +
                                       " day has " + number_text(options.min_transits) + " transits in a span of " + number_text(span, 6) + " day");
  }
  return periods;
}

}  // namespace orrery::transit
