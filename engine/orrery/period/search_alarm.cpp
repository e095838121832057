// False-alarm probability of the highest peak for K harmonics in B bands.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/period/search_detail.hpp"

namespace orrery::period::detail {
namespace {

/// Mean of sqrt(sum_k k^2 D_k) with D ~ Dirichlet(B, ..., B), k = 1...K: how much faster than a sinusoid the K-harmonic model turns.
/// From sqrt(x) = 1/sqrt(pi) * int_0^inf (1 - exp(-x s^2)) / s^2 ds and independent gamma variables; s = tan(u), midpoint rule.
double mean_harmonic(int harmonics, Index bands) {
  constexpr int kSteps = 400;
  double sum = 0.0;
  for (int i = 0; i < kSteps; ++i) {
    const double u = (i + 0.5) * 0.5 * std::numbers::pi / kSteps;
    const double s = std::tan(u);
    double log_product = 0.0;
    for (int k = 1; k <= harmonics; ++k) log_product -= double(bands) * std::log1p(double(k * k) * s * s);
    sum += -std::expm1(log_product) * (1.0 + 1.0 / (s * s));
  }
  const double shape = double(bands) * harmonics;
  const double mean_root = sum * 0.5 * std::numbers::pi / kSteps / std::sqrt(std::numbers::pi);
  return mean_root * std::exp(std::lgamma(shape) - std::lgamma(shape + 0.5));
}

}  // namespace

AlarmLaw alarm_law(double effective_baseline, double frequency_span, Index n, Index bands, int harmonics) {
  AlarmLaw law;
  law.half_columns = double(bands) * harmonics;
  law.half_rest = 0.5 * double(n - bands) - law.half_columns;
  if (!(law.half_rest > 0.0)) return law;
  const double half_all = law.half_columns + law.half_rest;
  law.log_rate = std::log(std::max(effective_baseline * frequency_span, 1e-300) * mean_harmonic(harmonics, bands)) + std::lgamma(half_all) -
                 std::lgamma(law.half_columns) - std::lgamma(law.half_rest + 0.5);
  return law;
}

double log_false_alarm(const AlarmLaw& law, double power) {
  if (!(law.half_rest > 0.0) || !(power > 0.0)) return 0.0;
  const double rest = std::log1p(-std::min(power, 1.0 - 1e-16));
  // One frequency: P(Beta(m, r) > p) = (1-p)^r sum_{j<m} (r)_j / j! p^j for whole m.
  double term = 1.0, sum = 0.0;
  for (double j = 0.0; j < law.half_columns; ++j) {
    sum += term;
    term *= (law.half_rest + j) / (j + 1.0) * power;
  }
  const double log_single = law.half_rest * rest + std::log(sum);
  // Below its maximum tau says nothing: there every frequency is above, and the probability stays at its largest.
  const double mode = (law.half_columns - 0.5) / std::max(law.half_columns + law.half_rest - 1.0, law.half_columns - 0.5);
  const double p = std::min(std::max(power, mode), 1.0 - 1e-16);
  const double log_tau = law.log_rate + (law.half_columns - 0.5) * std::log(p) + (law.half_rest - 0.5) * std::log1p(-p);
  if (std::max(log_single, log_tau) < -20.0) {
    const double high = std::max(log_single, log_tau);
    return high + std::log1p(std::exp(std::min(log_single, log_tau) - high));
  }
  const double quiet = (1.0 - std::min(1.0, std::exp(log_single))) * std::exp(-std::exp(std::min(log_tau, 700.0)));
  return std::log1p(-quiet);
}

}  // namespace orrery::period::detail

namespace orrery::period {
namespace {

detail::AlarmLaw law_of(const PeriodReport& report) {
  const FrequencyGrid& grid = report.range.grid;
  const PeriodModel& fit = report.fit;
  return detail::alarm_law(report.effective_baseline, grid.last() - grid.first, fit.n, ssize(fit.bands), fit.harmonics);
}

}  // namespace

double log10_false_alarm_probability(const PeriodReport& report, double power) {
  return detail::log_false_alarm(law_of(report), power) / std::numbers::ln10;
}

double false_alarm_power(const PeriodReport& report, double probability) {
  if (!(probability > 0.0 && probability < 1.0)) {
    fail(ErrorKind::input, "false_alarm_power", "expected a probability between 0 and 1, got " + number_text(probability));
  }
  const auto law = law_of(report);
  double low = 0.0, high = 1.0;
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (detail::log_false_alarm(law, middle) > std::log(probability) ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace orrery::period
