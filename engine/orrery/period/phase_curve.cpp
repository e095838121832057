#include "orrery/period/phase_curve.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"

namespace orrery::period {
namespace {

constexpr double kTurn = 2.0 * std::numbers::pi;
constexpr const char* kWhere = "phase_curve";

void require_table(std::span<const double> phase, std::span<const double> value, int harmonics) {
  if (harmonics < 1 || harmonics > kMaxCurveHarmonics) {
    fail(ErrorKind::input, kWhere, "expected 1 to 64 harmonics, got " + std::to_string(harmonics));
  }
  if (phase.size() != value.size() || ssize(phase) <= 2 * harmonics) {
    fail(ErrorKind::input, kWhere, "expected as many values as phases and more than " + std::to_string(2 * harmonics) + ", got " +
                                       std::to_string(phase.size()) + " phases and " + std::to_string(value.size()) + " values");
  }
  for (std::size_t i = 0; i < phase.size(); ++i) {
    const bool ascends = i == 0 || phase[i] > phase[i - 1];
    if (ascends && std::isfinite(phase[i]) && std::isfinite(value[i]) && phase[i] - phase[0] < 1.0) continue;
    fail(ErrorKind::input, kWhere, "expected finite values at phases that ascend within one cycle, got " + number_text(phase[i]) + ", " +
                                       number_text(value[i]) + " at index " + std::to_string(i));
  }
}

}  // namespace

double PhaseCurve::value(double phase) const {
  const double angle = kTurn * (phase - std::floor(phase));
  double sum = 0.0;
  for (std::size_t k = 0; k < cosine.size(); ++k) {
    const double a = static_cast<double>(k + 1) * angle;
    sum += cosine[k] * std::cos(a) + sine[k] * std::sin(a);
  }
  return sum;
}

double PhaseCurve::range() const {
  constexpr int kSteps = 512;
  double low = 0.0, high = 0.0;
  for (int i = 0; i < kSteps; ++i) {
    const double v = value(static_cast<double>(i) / kSteps);
    low = i == 0 ? v : std::min(low, v);
    high = i == 0 ? v : std::max(high, v);
  }
  return high - low;
}

PhaseCurve phase_curve(std::span<const double> phase, std::span<const double> value, int harmonics) {
  require_table(phase, value, harmonics);
  const std::size_t n = phase.size();
  PhaseCurve curve{std::vector<double>(at(harmonics), 0.0), std::vector<double>(at(harmonics), 0.0)};
  for (std::size_t j = 0; j < n; ++j) {
    const double before = j == 0 ? phase[n - 1] - 1.0 : phase[j - 1];
    const double after = j + 1 == n ? phase[0] + 1.0 : phase[j + 1];
    const double part = after - before;  // twice the trapezoid's share
    for (std::size_t k = 0; k < at(harmonics); ++k) {
      const double angle = kTurn * static_cast<double>(k + 1) * phase[j];
      curve.cosine[k] += part * value[j] * std::cos(angle);
      curve.sine[k] += part * value[j] * std::sin(angle);
    }
  }
  return curve;
}

}  // namespace orrery::period
