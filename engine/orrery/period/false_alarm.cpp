// Analytic false-alarm laws. For K harmonics (d = 2K columns) and N_H = N - N_0 degrees of freedom without a period, N_K = N_H - d
// with one, the standard power at one frequency is Beta(K, N_K / 2), and the mean number of upcrossings of Z is (Rice's formula;
// the columns turn with the frequency at a rate k 2 pi sd(t), weighted by how the power divides among the harmonics)
//   tau(Z) = W a_K Z^{K - 1/2} (1 - Z)^{(N_K - 1)/2} Gamma(N_H / 2) / Gamma((N_K + 1) / 2),
//   a_K = 2^K / (2K - 1)!! sum_{k=1..K} (-1)^{K-k} k^{2K+1} / ((K + k)! (K - k)!)            (Baluev 2009, eq. 6 and its limit)
// which is Baluev 2008's for K = 1 (a_1 = 1); with errors known, N -> inf: tau(z) = W a_K z^{K - 1/2} exp(-z).
#include "orrery/period/false_alarm.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/period/lomb_scargle_detail.hpp"
#include "orrery/period/nufft_detail.hpp"

namespace orrery::period {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();

/// One search: everything the laws need. Powers are on the scale Z = standard power, or z (known errors).
struct AlarmSearch {
  int harmonics = 1;
  bool known_errors = false;
  double rest = 0.0;         ///< N_K / 2
  double log_rate = 0.0;     ///< ln(W a_K), and the ratio of gamma functions
  double frequencies = 1.0;  ///< naive count
  double chi2_0 = 0.0;
  AlarmMethod method = AlarmMethod::baluev;
  Normalization normalization = Normalization::standard;

  /// -ln(1 - Z) or z: a scale on which every law falls about exponentially.
  [[nodiscard]] double depth(double power) const {
    if (known_errors) return std::max(power, 0.0);
    if (normalization == Normalization::log) return std::max(power, 0.0);
    if (normalization == Normalization::model) return std::log1p(std::max(power, 0.0));
    return -std::log1p(-std::clamp(standard_power(power, normalization, chi2_0), 0.0, 1.0));
  }
  [[nodiscard]] double power(double depth) const {
    if (known_errors || normalization == Normalization::log) return depth;
    if (normalization == Normalization::model) return std::expm1(depth);
    return normalized_power(-std::expm1(-depth), normalization, chi2_0);
  }
};

double speed_of_harmonics(int harmonics) {
  double sum = 0.0, factor = 1.0;
  for (int k = 1; k <= harmonics; ++k) {
    factor *= 2.0 / (2.0 * k - 1.0);
    const double sign = (harmonics - k) % 2 == 0 ? 1.0 : -1.0;
    const double factorials = std::lgamma(harmonics + k + 1.0) + std::lgamma(harmonics - k + 1.0);
    sum += sign * std::exp((2.0 * harmonics + 1.0) * std::log(double(k)) - factorials);
  }
  return factor * sum;
}

double log_sum(double a, double b) {
  const double high = std::max(a, b);
  return high == kNever ? kNever : high + std::log1p(std::exp(std::min(a, b) - high));
}

/// ln(1 - exp(a)), a <= 0.
double log_complement(double a) { return a > -0.6931471805599453 ? std::log(-std::expm1(a)) : std::log1p(-std::exp(a)); }

/// ln of the probability at one frequency: (1 - Z)^{N_K/2} sum_{i<K} Gamma(N_K/2 + i) / (Gamma(N_K/2) i!) Z^i, the incomplete beta
/// function of whole K; or exp(-z) sum_{i<K} z^i / i!.
double log_single(const AlarmSearch& s, double depth) {
  if (std::isinf(depth)) return kNever;
  const double z = s.known_errors ? depth : -std::expm1(-depth);
  double term = 1.0, sum = 1.0;
  for (int i = 1; i < s.harmonics; ++i) {
    term *= z * (s.known_errors ? 1.0 : s.rest + i - 1.0) / i;
    sum += term;
  }
  return std::min(0.0, std::log(sum) - depth * (s.known_errors ? 1.0 : s.rest));
}

double log_tau(const AlarmSearch& s, double depth) {
  if (std::isinf(depth) || depth <= 0.0) return kNever;
  const double log_z = std::log(s.known_errors ? depth : -std::expm1(-depth));
  return s.log_rate + (s.harmonics - 0.5) * log_z - depth * (s.known_errors ? 1.0 : s.rest - 0.5);
}

double log_probability(const AlarmSearch& s, double depth) {
  const double single = log_single(s, depth);
  if (s.method == AlarmMethod::single) return single;
  if (s.method == AlarmMethod::naive) {
    if (single < -30.0) return std::min(0.0, single + std::log(s.frequencies));
    return log_complement(std::min(s.frequencies * log_complement(single), 0.0));
  }
  const double tau = log_tau(s, depth);
  if (s.method == AlarmMethod::davies) return std::min(0.0, log_sum(single, tau));
  const double none = -std::exp(tau);                                      // ln of exp(-tau)
  const double any = tau < -30.0 ? tau : std::log(-std::expm1(none));      // ln(1 - exp(-tau))
  return std::min(0.0, log_sum(single, any + (single < 0.0 ? log_complement(single) : kNever)));
}

AlarmSearch alarm_search(const SeriesView& series, const FrequencyGrid& grid, const FalseAlarmOptions& options, const char* where) {
  const auto& o = options.periodogram;
  const auto prepared = detail::weighted_series(series, o, where);
  detail::require_grid(grid, where);
  AlarmSearch s;
  s.harmonics = o.harmonics;
  s.method = options.method;
  s.normalization = o.normalization;
  s.known_errors = o.normalization == Normalization::psd && !series.sigma.empty() && options.method != AlarmMethod::bootstrap;
  s.chi2_0 = prepared.reference_chi2();
  const double without = double(series.size()) - (o.fit_mean || o.center_data ? 1.0 : 0.0);
  s.rest = 0.5 * (without - 2.0 * o.harmonics);
  if (!(s.rest > 0.0)) fail(ErrorKind::input, where, "expected more points than coefficients, got " + plural(series.size(), "point"));
  double mean = 0.0, square = 0.0;
  for (std::size_t i = 0; i < prepared.tau.size(); ++i) mean += prepared.weight[i] * prepared.tau[i];
  for (std::size_t i = 0; i < prepared.tau.size(); ++i) square += prepared.weight[i] * (prepared.tau[i] - mean) * (prepared.tau[i] - mean);
  const double range = grid.step * double(grid.count - 1);
  s.frequencies = std::max(1.0, range * (prepared.last - prepared.first));
  const double width = range * std::sqrt(4.0 * 3.14159265358979323846 * square);
  s.log_rate = std::log(width * speed_of_harmonics(o.harmonics));  // -inf for a single frequency: no upcrossings
  if (!s.known_errors) s.log_rate += std::lgamma(0.5 * without) - std::lgamma(s.rest + 0.5);
  return s;
}

FalseAlarm from_log(double log_p) { return {std::exp(log_p), log_p / 2.302585092994045684}; }

FalseAlarm from_maxima(const std::vector<double>& maxima, double standard) {
  const auto higher = maxima.end() - std::lower_bound(maxima.begin(), maxima.end(), standard);
  return from_log(std::log((1.0 + double(higher)) / (1.0 + double(maxima.size()))));
}

/// Smallest replica maximum m with share of maxima >= m at most the probability; the highest when there are too few replicas.
double level_from_maxima(const std::vector<double>& maxima, double probability) {
  const double count = double(maxima.size());
  const double rank = std::ceil(count - probability * (count + 1.0));
  return maxima[at(Index(std::clamp(rank, 0.0, count - 1.0)))];
}

double analytic_level(const AlarmSearch& s, double probability) {
  const double target = std::log(probability);
  // tau is highest where its derivative vanishes; beyond, every law falls.
  const double peak_z = (s.harmonics - 0.5) / (s.known_errors ? 1.0 : s.harmonics - 0.5 + std::max(s.rest - 0.5, 0.0));
  const bool falls = s.method == AlarmMethod::single || s.method == AlarmMethod::naive;
  const double top = falls ? 0.0 : s.known_errors ? peak_z : -std::log1p(-std::min(peak_z, 0.999999));
  double low = log_probability(s, top) >= target ? top : 0.0;
  double high = std::max(1.0, 2.0 * low);
  while (log_probability(s, high) > target) high *= 2.0;
  for (int i = 0; i < 200 && low < high; ++i) {
    const double middle = 0.5 * (low + high);
    if (middle == low || middle == high) break;
    (log_probability(s, middle) > target ? low : high) = middle;
  }
  return s.power(0.5 * (low + high));
}

void require_probability(double probability) {
  if (!(probability > 0.0 && probability <= 1.0)) {
    fail(ErrorKind::input, "false_alarm_level", "expected a probability in (0, 1], got " + number_text(probability));
  }
}
void require_power(double power) {
  if (std::isnan(power)) fail(ErrorKind::input, "false_alarm_probability", "expected a power, got nan");
}

}  // namespace

FalseAlarm false_alarm_probability(double power, const SeriesView& series, const FrequencyGrid& grid, const FalseAlarmOptions& options) {
  require_power(power);
  const auto s = alarm_search(series, grid, options, "false_alarm_probability");
  if (options.method != AlarmMethod::bootstrap) return from_log(log_probability(s, s.depth(power)));
  const auto maxima = bootstrap_maxima(series, grid, options.bootstraps, options.seed, options.periodogram);
  return from_maxima(maxima, standard_power(power, s.normalization, s.chi2_0));
}

Task<FalseAlarm> false_alarm_probability_task(Budget& budget, double power, SeriesView series, FrequencyGrid grid,
                                              FalseAlarmOptions options) {
  require_power(power);
  const auto s = alarm_search(series, grid, options, "false_alarm_probability");
  if (options.method != AlarmMethod::bootstrap) co_return from_log(log_probability(s, s.depth(power)));
  const auto maxima = co_await bootstrap_maxima_task(budget, series, grid, options.bootstraps, options.seed, options.periodogram);
  co_return from_maxima(maxima, standard_power(power, s.normalization, s.chi2_0));
}

double false_alarm_level(double probability, const SeriesView& series, const FrequencyGrid& grid, const FalseAlarmOptions& options) {
  require_probability(probability);
  const auto s = alarm_search(series, grid, options, "false_alarm_level");
  if (options.method != AlarmMethod::bootstrap) return analytic_level(s, probability);
  const auto maxima = bootstrap_maxima(series, grid, options.bootstraps, options.seed, options.periodogram);
  return normalized_power(level_from_maxima(maxima, probability), s.normalization, s.chi2_0);
}

Task<double> false_alarm_level_task(Budget& budget, double probability, SeriesView series, FrequencyGrid grid, FalseAlarmOptions options) {
  require_probability(probability);
  const auto s = alarm_search(series, grid, options, "false_alarm_level");
  if (options.method != AlarmMethod::bootstrap) co_return analytic_level(s, probability);
  const auto maxima = co_await bootstrap_maxima_task(budget, series, grid, options.bootstraps, options.seed, options.periodogram);
  co_return normalized_power(level_from_maxima(maxima, probability), s.normalization, s.chi2_0);
}

}  // namespace orrery::period
