#include "orrery/period/false_alarm.hpp"

#include <algorithm>
#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/period/lomb_scargle_detail.hpp"
#include "orrery/period/nufft_detail.hpp"
#include "orrery/period/red_noise.hpp"

namespace orrery::period {
namespace {

/// One question about one search.
struct AlarmSearch {
  AlarmLaw law;
  AlarmMethod method = AlarmMethod::baluev;
  Normalization normalization = Normalization::standard;
  double chi2_0 = 0.0;

  /// -ln(1 - Z) or z: a scale on which every law falls about exponentially.
  [[nodiscard]] double depth(double power) const {
    if (law.known_errors || normalization == Normalization::log) return std::max(power, 0.0);
    if (normalization == Normalization::model) return std::log1p(std::max(power, 0.0));
    return -std::log1p(-std::clamp(standard_power(power, normalization, chi2_0), 0.0, 1.0));
  }
  [[nodiscard]] double power(double depth) const {
    if (law.known_errors || normalization == Normalization::log) return depth;
    if (normalization == Normalization::model) return std::expm1(depth);
    return normalized_power(-std::expm1(-depth), normalization, chi2_0);
  }
};

AlarmSearch alarm_search(std::span<const SeriesView> bands, const FrequencyGrid& grid, const FalseAlarmOptions& options,
                         const char* where) {
  if (bands.empty()) fail(ErrorKind::input, where, "expected at least 1 band, got 0");
  detail::require_grid(grid, where);
  AlarmSearch s{.method = options.method, .normalization = options.periodogram.normalization};
  Index points = 0;
  for (const auto& band : bands) {
    s.chi2_0 += detail::weighted_series(band, options.periodogram, where).reference_chi2();
    points += band.size();
  }
  s.law = alarm_law(bands, grid.step * double(grid.count - 1), options.periodogram);
  if (!(s.law.half_rest > 0.0)) fail(ErrorKind::input, where, "expected more points than coefficients, got " + plural(points, "point"));
  return s;
}

RedNoiseOptions red_noise_options(const FalseAlarmOptions& options) {
  return {.periodogram = options.periodogram, .resamples = options.resamples, .seed = options.seed};
}

FalseAlarm from_law(const AlarmSearch& s, double power) {
  const double log_p = log_false_alarm(s.law, s.method, s.depth(power));
  return {std::exp(log_p), log_p / 2.302585092994045684, 0.0};
}

/// Maxima are compared as depths: on that scale they follow Gumbel's law.
std::vector<double> depths(std::vector<double> maxima) {
  for (double& p : maxima) p = -std::log1p(-std::min(p, 1.0 - 1e-15));
  return maxima;
}

FalseAlarm from_bootstrap(const AlarmSearch& s, std::vector<double> maxima, double power, bool smooth) {
  const double standard = std::clamp(standard_power(power, s.normalization, s.chi2_0), 0.0, 1.0 - 1e-15);
  if (!smooth) return probability_from_maxima(maxima, standard, false);
  return probability_from_maxima(depths(std::move(maxima)), -std::log1p(-standard), true);
}

double level_from_bootstrap(const AlarmSearch& s, std::vector<double> maxima, double probability, bool smooth) {
  const double standard = smooth ? -std::expm1(-level_from_maxima(depths(std::move(maxima)), probability, true))
                                 : level_from_maxima(maxima, probability, false);
  return normalized_power(standard, s.normalization, s.chi2_0);
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

FalseAlarm false_alarm_probability(double power, std::span<const SeriesView> bands, const FrequencyGrid& grid,
                                   const FalseAlarmOptions& options) {
  require_power(power);
  const auto s = alarm_search(bands, grid, options, "false_alarm_probability");
  if (options.method == AlarmMethod::red_noise) {
    return red_noise_probability(red_noise_null(bands, grid, red_noise_options(options)), power, options.frequency, options.smooth);
  }
  if (options.method != AlarmMethod::bootstrap) return from_law(s, power);
  return from_bootstrap(s, bootstrap_maxima(bands, grid, options.resamples, options.seed, options.periodogram), power, options.smooth);
}

FalseAlarm false_alarm_probability(double power, const SeriesView& series, const FrequencyGrid& grid, const FalseAlarmOptions& options) {
  return false_alarm_probability(power, std::span(&series, 1), grid, options);
}

Task<FalseAlarm> false_alarm_probability_task(Budget& budget, double power, std::vector<SeriesView> bands, FrequencyGrid grid,
                                              FalseAlarmOptions options) {
  require_power(power);
  const auto s = alarm_search(bands, grid, options, "false_alarm_probability");
  if (options.method == AlarmMethod::red_noise) {
    const auto null = co_await red_noise_null_task(budget, bands, grid, red_noise_options(options));
    co_return red_noise_probability(null, power, options.frequency, options.smooth);
  }
  if (options.method != AlarmMethod::bootstrap) co_return from_law(s, power);
  auto maxima = co_await bootstrap_maxima_task(budget, bands, grid, options.resamples, options.seed, options.periodogram);
  co_return from_bootstrap(s, std::move(maxima), power, options.smooth);
}

double false_alarm_level(double probability, std::span<const SeriesView> bands, const FrequencyGrid& grid,
                         const FalseAlarmOptions& options) {
  require_probability(probability);
  const auto s = alarm_search(bands, grid, options, "false_alarm_level");
  if (options.method == AlarmMethod::red_noise) {
    return red_noise_level(red_noise_null(bands, grid, red_noise_options(options)), probability, options.frequency, options.smooth);
  }
  if (options.method != AlarmMethod::bootstrap) return s.power(false_alarm_depth(s.law, s.method, std::log(probability)));
  auto maxima = bootstrap_maxima(bands, grid, options.resamples, options.seed, options.periodogram);
  return level_from_bootstrap(s, std::move(maxima), probability, options.smooth);
}

double false_alarm_level(double probability, const SeriesView& series, const FrequencyGrid& grid, const FalseAlarmOptions& options) {
  return false_alarm_level(probability, std::span(&series, 1), grid, options);
}

Task<double> false_alarm_level_task(Budget& budget, double probability, std::vector<SeriesView> bands, FrequencyGrid grid,
                                    FalseAlarmOptions options) {
  require_probability(probability);
  const auto s = alarm_search(bands, grid, options, "false_alarm_level");
  if (options.method == AlarmMethod::red_noise) {
    const auto null = co_await red_noise_null_task(budget, bands, grid, red_noise_options(options));
    co_return red_noise_level(null, probability, options.frequency, options.smooth);
  }
  if (options.method != AlarmMethod::bootstrap) co_return s.power(false_alarm_depth(s.law, s.method, std::log(probability)));
  auto maxima = co_await bootstrap_maxima_task(budget, bands, grid, options.resamples, options.seed, options.periodogram);
  co_return level_from_bootstrap(s, std::move(maxima), probability, options.smooth);
}

}  // namespace orrery::period
