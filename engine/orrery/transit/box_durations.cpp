#include "orrery/transit/box_durations.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/memory.hpp"
#include "orrery/core/text.hpp"
#include "orrery/transit/period_grid.hpp"

namespace orrery::transit {
namespace {

constexpr double kSolarGm = 1.3271244e20;  // m^3 / s^2, IAU 2015 Resolution B3, nominal
constexpr double kSolarRadius = 6.957e8;   // m, IAU 2015 Resolution B3, nominal
constexpr double kDay = 86400.0;           // s
// Of the period is the longest transit of a star of a third the density at three radii: 3^(1/3) / (3 pi).
constexpr double kCloseOrbit = 0.15;

void require(bool good, const char* what, double got) {
  if (!good || !std::isfinite(got)) fail(ErrorKind::input, "keplerian_durations", std::string("expected ") + what + ", got " + number_text(got));
}

double scale(const BoxDurations& d, double period) { return d.exponent == 0.0 ? 1.0 : std::pow(period, d.exponent); }

}  // namespace

double BoxDurations::shortest(double period) const { return *std::min_element(value.begin(), value.end()) * scale(*this, period); }
double BoxDurations::longest(double period) const { return *std::max_element(value.begin(), value.end()) * scale(*this, period); }

BoxDurations keplerian_durations(const DurationOptions& o) {
  require(o.radius > 0.0, "radius > 0", o.radius);
  require(o.mass > 0.0, "mass > 0", o.mass);
  require(o.density_factor >= 1.0, "density_factor >= 1", o.density_factor);
  require(o.max_impact >= 0.0 && o.max_impact < 1.0, "max_impact in [0, 1)", o.max_impact);
  require(o.step > 1.0, "step > 1", o.step);
  const double radius = o.radius * kSolarRadius;
  const double axis = std::cbrt(kSolarGm * o.mass * kDay * kDay / (4.0 * std::numbers::pi * std::numbers::pi)) / radius;
  const double central = 1.0 / (std::numbers::pi * axis), spread = std::cbrt(o.density_factor);
  const double low = central * std::sqrt(1.0 - o.max_impact * o.max_impact) / spread, high = central * spread;
  const double steps = std::ceil(std::log(high / low) / std::log(o.step) - 1e-9);
  require(steps < 1000.0, "at most 1000 durations", steps + 1.0);
  BoxDurations out{.value = {}, .exponent = 1.0 / 3.0};
  for (double k = 0.0; k <= steps; k += 1.0) out.value.push_back(steps > 0.0 ? low * std::pow(high / low, k / steps) : low);
  return out;
}

void require_durations(const BoxDurations& durations, double shortest_period, const char* where) {
  if (durations.value.empty()) fail(ErrorKind::input, where, "expected at least one duration, got none");
  for (std::size_t i = 0; i < durations.value.size(); ++i) {
    const double d = durations.value[i];
    if (d > 0.0 && std::isfinite(d)) continue;
    fail(ErrorKind::input, where, "expected every duration > 0 and finite, got " + number_text(d) + " at index " + std::to_string(i));
  }
  if (!(durations.exponent >= 0.0 && durations.exponent < 1.0)) {
    fail(ErrorKind::input, where, "expected an exponent of the durations in [0, 1), got " + number_text(durations.exponent));
  }
  if (durations.longest(shortest_period) > shortest_period) {
    fail(ErrorKind::input, where, "expected every duration within the shortest period (" + number_text(shortest_period) + "), got " +
                                      number_text(durations.longest(shortest_period)));
  }
}

double shortest_box_period(const BoxDurations& d) {
  const double share = d.exponent > 0.0 ? kCloseOrbit : 0.5;
  return std::pow(d.longest(1.0) / share, 1.0 / (1.0 - d.exponent));  // v P^e = share P
}

std::vector<double> duration_period_grid(double span, const BoxDurations& durations, double low, double high, double drift) {
  constexpr const char* kWhere = "duration_period_grid";
  if (!(span > 0.0) || !(low > 0.0) || !(drift > 0.0)) fail(ErrorKind::input, kWhere, "expected span, low and drift > 0");
  if (!(high >= low) || !std::isfinite(high)) {
    fail(ErrorKind::input, kWhere, "expected the longest period above the shortest (" + number_text(low) + "), got " + number_text(high));
  }
  require_durations(durations, low, kWhere);
  // The steps are equal in log P for durations that stay, in P^-e for those that grow as P^e.
  const double e = durations.exponent, step = drift * durations.shortest(1.0) / span;
  const double range = e > 0.0 ? (std::pow(low, -e) - std::pow(high, -e)) / (e * step) : std::log(high / low) / step;
  const std::string words = number_text(range + 1.0, 3) + " trial periods: take longer durations or a shorter range";
  if (range > static_cast<double>(kMostTrialPeriods)) fail(ErrorKind::limit, kWhere, "expected at most 5e7 trial periods, got " + words);
  require_memory(64.0 * range, kWhere, "for " + words);  // the grid, and seven columns of results
  std::vector<double> period(static_cast<std::size_t>(range) + 1);
  for (std::size_t k = 0; k < period.size(); ++k) {
    const double x = step * static_cast<double>(k);
    period[k] = e > 0.0 ? std::pow(std::pow(low, -e) - e * x, -1.0 / e) : low * std::exp(x);
  }
  return period;
}

}  // namespace orrery::transit
