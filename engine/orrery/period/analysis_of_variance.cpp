#include "orrery/period/analysis_of_variance.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/period/lomb_scargle.hpp"
#include "orrery/period/lomb_scargle_fast.hpp"
#include "orrery/stats/special.hpp"

namespace orrery::period {
namespace {

LombScargleOptions periodogram_of(const AnalysisOfVarianceOptions& options) {
  return {.harmonics = options.harmonics, .fit_mean = true, .threads = options.threads};
}

/// Share of the variance explained -> ratio of variances.
std::vector<double> ratios(std::vector<double> power, Index points, int harmonics) {
  const double freedom = static_cast<double>(points - 2 * harmonics - 1), used = 2.0 * harmonics;
  for (double& p : power) p = freedom * p / (used * std::max(1.0 - p, 0x1p-53));
  return power;
}

}  // namespace

std::vector<double> analysis_of_variance(const SeriesView& series, const TrialFrequencies& frequency,
                                         const AnalysisOfVarianceOptions& options) {
  const auto settings = periodogram_of(options);
  auto power = frequency.grid() != nullptr ? lomb_scargle_fast(series, *frequency.grid(), settings)
                                           : lomb_scargle(series, frequency.list(), settings);
  return ratios(std::move(power), series.size(), options.harmonics);
}

Task<std::vector<double>> analysis_of_variance_task(Budget& budget, SeriesView series, TrialFrequencies frequency,
                                                    AnalysisOfVarianceOptions options) {
  const auto settings = periodogram_of(options);
  std::vector<double> power;
  if (frequency.grid() != nullptr) {
    power = co_await lomb_scargle_fast_task(budget, series, *frequency.grid(), settings);
  } else {
    power = co_await lomb_scargle_task(budget, series, frequency.list(), settings);
  }
  co_return ratios(std::move(power), series.size(), options.harmonics);
}

double analysis_of_variance_probability(double theta, Index points, int harmonics) {
  if (harmonics < 1 || points <= 2 * harmonics + 1 || std::isnan(theta)) {
    fail(ErrorKind::input, "analysis_of_variance_probability",
         "expected Theta, at least one harmonic and more than 2 K + 1 points, got " + std::to_string(points) + " points and " +
             std::to_string(harmonics) + " harmonics");
  }
  if (theta <= 0.0) return 1.0;
  return stats::f_survival(theta, 2.0 * harmonics, static_cast<double>(points - 2 * harmonics - 1));
}

}  // namespace orrery::period
