#include "orrery/transit/injection.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"

namespace orrery::transit {
namespace {

void require_columns(std::span<const double> t, std::span<const double> y, const char* where) {
  if (t.size() != y.size()) {
    fail(ErrorKind::input, where, "expected as many values as times, got " + std::to_string(y.size()) + " and " + std::to_string(t.size()));
  }
  for (std::size_t i = 0; i < t.size(); ++i) {
    if (std::isfinite(t[i]) && std::isfinite(y[i])) continue;
    fail(ErrorKind::input, where, "expected finite times and values, got " + number_text(t[i]) + ", " + number_text(y[i]) + " at index " + std::to_string(i));
  }
}

/// Light that is left: 1 - k^2 while the planet's centre is before the star, averaged over the exposure exactly.
std::vector<double> box_curve(std::span<const double> t, const TransitOrbit& o) {
  // Winn 2010 (arXiv 1001.2010), eq. 14 for the planet's centre
  const double incline = std::sqrt(1.0 - std::pow(o.impact / o.scaled_axis, 2.0));
  const double chord = o.impact < 1.0 ? std::sqrt(1.0 - o.impact * o.impact) / (o.scaled_axis * incline) : 0.0;
  const double half = o.period / (2.0 * std::numbers::pi) * std::asin(std::min(1.0, chord));
  const double depth = o.radius_ratio * o.radius_ratio;
  std::vector<double> out;
  out.reserve(t.size());
  for (const double time : t) {
    const double apart = std::fabs(std::remainder(time - o.transit_time, o.period));
    double inside = apart < half ? 1.0 : 0.0;
    if (o.exposure > 0.0) {
      const double begin = std::max(-half, apart - 0.5 * o.exposure), end = std::min(half, apart + 0.5 * o.exposure);
      inside = std::max(0.0, end - begin) / o.exposure;
    }
    out.push_back(1.0 - depth * inside);
  }
  return out;
}

void require_signal(const VariableSignal& s, const char* where) {
  if (!(s.period > 0.0) || !std::isfinite(s.period)) fail(ErrorKind::input, where, "expected period > 0, got " + number_text(s.period));
  if (!(s.amplitude >= 0.0) || !std::isfinite(s.amplitude)) fail(ErrorKind::input, where, "expected amplitude >= 0, got " + number_text(s.amplitude));
  if (!std::isfinite(s.epoch)) fail(ErrorKind::input, where, "expected a finite epoch, got " + number_text(s.epoch));
  if (!(s.rise > 0.0 && s.rise < 1.0)) fail(ErrorKind::input, where, "expected rise between 0 and 1, got " + number_text(s.rise));
  for (const double h : s.harmonic) {
    if (!std::isfinite(h)) fail(ErrorKind::input, where, "expected finite harmonics, got " + number_text(h));
  }
}

double sinusoid(double phase, const std::vector<double>& harmonic) {
  const double angle = 2.0 * std::numbers::pi * (phase - std::floor(phase));
  double sum = std::cos(angle);
  for (std::size_t k = 0; k < harmonic.size(); ++k) sum += harmonic[k] * std::cos(static_cast<double>(k + 2) * angle);
  return sum;
}

double sawtooth(double phase, double rise) {
  const double f = phase - std::floor(phase), fall = 1.0 - rise;
  return f < fall ? 1.0 - 2.0 * f / fall : -1.0 + 2.0 * (f - fall) / rise;
}

}  // namespace

std::vector<double> inject_transit(std::span<const double> t, std::span<const double> y, const TransitOrbit& orbit, TransitForm form,
                                   Brightness values) {
  constexpr const char* kWhere = "inject_transit";
  require_columns(t, y, kWhere);
  auto out = transit_light_curve(t, orbit);  // checks the orbit
  if (form == TransitForm::box) {
    if (orbit.eccentricity != 0.0) fail(ErrorKind::input, kWhere, "expected a circular orbit for a box, got eccentricity " + number_text(orbit.eccentricity));
    if (orbit.radius_ratio >= 1.0) fail(ErrorKind::input, kWhere, "expected radius_ratio below 1 for a box, got " + number_text(orbit.radius_ratio));
    out = box_curve(t, orbit);
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (values == Brightness::magnitude && !(out[i] > 0.0)) {
      fail(ErrorKind::input, kWhere, "expected light to be left in transit, as magnitudes need, got none at time " + number_text(t[i]));
    }
    out[i] = values == Brightness::flux ? y[i] * out[i] : y[i] - 2.5 * std::log10(out[i]);
  }
  return out;
}

std::vector<double> variable_shape(std::span<const double> phase, const VariableSignal& signal) {
  require_signal(signal, "variable_shape");
  std::vector<double> out;
  out.reserve(phase.size());
  const bool straight = signal.form == VariableForm::sawtooth;
  for (const double f : phase) out.push_back(straight ? sawtooth(f, signal.rise) : sinusoid(f, signal.harmonic));
  return out;
}

std::vector<double> inject_variable(std::span<const double> t, std::span<const double> y, const VariableSignal& signal, Brightness values) {
  constexpr const char* kWhere = "inject_variable";
  require_columns(t, y, kWhere);
  require_signal(signal, kWhere);
  std::vector<double> phase;
  phase.reserve(t.size());
  for (const double time : t) phase.push_back((time - signal.epoch) / signal.period);
  auto out = variable_shape(phase, signal);
  const double sign = values == Brightness::flux ? signal.amplitude : -signal.amplitude;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = y[i] + sign * out[i];
  return out;
}

}  // namespace orrery::transit
