// The analytic false-alarm laws (see AlarmLaw): one set of formulae for any number of harmonics and bands.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "orrery/core/error.hpp"
#include "orrery/period/false_alarm.hpp"
#include "orrery/period/lomb_scargle_detail.hpp"

namespace orrery::period {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();

/// E[sqrt(sum_i c_i^2 D_i)] with D ~ Dirichlet(1, ..., 1), from sqrt(x) = 1/sqrt(pi) int_0^inf (1 - exp(-x s^2)) / s^2 ds for
/// independent exponential variables G, whose sum is independent of D. With s = tan(u) / max(c) the integrand is periodic and
/// analytic in u, so the midpoint rule converges like exp(-steps): to rounding for c within a factor of 100.
double mean_turning(std::vector<double> c) {
  const double scale = *std::max_element(c.begin(), c.end());
  if (!(scale > 0.0)) return 0.0;
  constexpr int kSteps = 400;
  double sum = 0.0;
  for (int i = 0; i < kSteps; ++i) {
    const double u = (i + 0.5) * 0.5 * std::numbers::pi / kSteps;
    const double s = std::tan(u);
    double log_product = 0.0;
    for (const double v : c) log_product -= std::log1p(v / scale * (v / scale) * s * s);
    sum += -std::expm1(log_product) * (1.0 + 1.0 / (s * s));
  }
  const double shape = double(c.size());
  const double mean_root = sum * 0.5 * std::numbers::pi / kSteps / std::sqrt(std::numbers::pi);
  return scale * mean_root * std::exp(std::lgamma(shape) - std::lgamma(shape + 0.5));
}

double log_sum(double a, double b) {
  const double high = std::max(a, b);
  return high == kNever ? kNever : high + std::log1p(std::exp(std::min(a, b) - high));
}

/// ln(1 - exp(a)), a <= 0.
double log_complement(double a) { return a > -std::numbers::ln2 ? std::log(-std::expm1(a)) : std::log1p(-std::exp(a)); }

/// ln of the probability at one frequency: (1 - Z)^r sum_{i<m} Gamma(r + i) / (Gamma(r) i!) Z^i, the incomplete beta function of whole
/// m; or exp(-z) sum_{i<m} z^i / i!.
double log_single(const AlarmLaw& law, double depth) {
  if (std::isinf(depth)) return kNever;
  const double z = law.known_errors ? depth : -std::expm1(-depth);
  double term = 1.0, sum = 1.0;
  for (double i = 1.0; i < law.half_columns; ++i) {
    term *= z * (law.known_errors ? 1.0 : law.half_rest + i - 1.0) / i;
    sum += term;
  }
  return std::min(0.0, std::log(sum) - depth * (law.known_errors ? 1.0 : law.half_rest));
}

double log_tau(const AlarmLaw& law, double depth) {
  if (std::isinf(depth) || depth <= 0.0) return kNever;
  const double log_z = std::log(law.known_errors ? depth : -std::expm1(-depth));
  return law.log_rate + (law.half_columns - 0.5) * log_z - depth * (law.known_errors ? 1.0 : law.half_rest - 0.5);
}

}  // namespace

AlarmLaw alarm_law(std::span<const SeriesView> bands, double frequency_range, const LombScargleOptions& options) {
  if (bands.empty()) fail(ErrorKind::input, "alarm_law", "expected at least 1 band, got 0");
  AlarmLaw law;
  law.half_columns = double(options.harmonics) * double(bands.size());
  law.known_errors = options.normalization == Normalization::psd;
  std::vector<double> turning;
  double without = 0.0, first = HUGE_VAL, last = -HUGE_VAL;
  for (const auto& band : bands) {
    const auto s = detail::weighted_series(band, options, "alarm_law");
    without += double(band.size()) - (options.fit_mean || options.center_data ? 1.0 : 0.0);
    law.known_errors = law.known_errors && !band.sigma.empty();
    double mean = 0.0, square = 0.0;
    for (std::size_t i = 0; i < s.tau.size(); ++i) mean += s.weight[i] * s.tau[i];
    for (std::size_t i = 0; i < s.tau.size(); ++i) square += s.weight[i] * (s.tau[i] - mean) * (s.tau[i] - mean);
    for (int k = 1; k <= options.harmonics; ++k) turning.push_back(k * std::sqrt(4.0 * std::numbers::pi * square));
    first = std::min(first, s.first);
    last = std::max(last, s.last);
  }
  law.half_rest = 0.5 * without - law.half_columns;
  law.frequencies = std::max(1.0, frequency_range * (last - first));
  law.log_rate = std::log(frequency_range * mean_turning(turning)) - std::lgamma(law.half_columns);  // -inf for a single frequency
  if (!law.known_errors && law.half_rest > 0.0) law.log_rate += std::lgamma(0.5 * without) - std::lgamma(law.half_rest + 0.5);
  return law;
}

double log_false_alarm(const AlarmLaw& law, AlarmMethod method, double depth) {
  if (!law.known_errors && !(law.half_rest > 0.0)) return 0.0;
  const double single = log_single(law, depth);
  if (method == AlarmMethod::single) return single;
  if (method == AlarmMethod::naive) {
    if (single < -30.0) return std::min(0.0, single + std::log(law.frequencies));
    return log_complement(std::min(law.frequencies * log_complement(single), 0.0));
  }
  const double tau = log_tau(law, depth);
  if (method == AlarmMethod::davies) return std::min(0.0, log_sum(single, tau));
  const double none = -std::exp(tau);                                  // ln of exp(-tau)
  const double any = tau < -30.0 ? tau : std::log(-std::expm1(none));  // ln(1 - exp(-tau))
  return std::min(0.0, log_sum(single, any + (single < 0.0 ? log_complement(single) : kNever)));
}

double false_alarm_depth(const AlarmLaw& law, AlarmMethod method, double log_probability) {
  // tau is highest where its derivative vanishes; beyond, every law falls.
  const double m = law.half_columns - 0.5;
  const double peak_z = m / (law.known_errors ? 1.0 : m + std::max(law.half_rest - 0.5, 0.0));
  const bool falls = method == AlarmMethod::single || method == AlarmMethod::naive;
  const double top = falls ? 0.0 : law.known_errors ? peak_z : -std::log1p(-std::min(peak_z, 0.999999));
  double low = log_false_alarm(law, method, top) >= log_probability ? top : 0.0;
  double high = std::max(1.0, 2.0 * low);
  while (log_false_alarm(law, method, high) > log_probability && high < 1e6) high *= 2.0;
  for (int i = 0; i < 200 && low < high; ++i) {
    const double middle = 0.5 * (low + high);
    if (middle == low || middle == high) break;
    (log_false_alarm(law, method, middle) > log_probability ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace orrery::period
