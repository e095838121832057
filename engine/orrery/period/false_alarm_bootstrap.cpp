// Bootstrap of the highest peak, and what maxima of resampled series say of a peak.
#include <algorithm>
#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "orrery/period/false_alarm.hpp"
#include "orrery/period/replicas_detail.hpp"
#include "orrery/stats/gumbel.hpp"

namespace orrery::period {
namespace {

struct Bootstrap {
  detail::ReplicaSearch search;
  std::vector<std::vector<double>> residual, error;  ///< of each band: (y - mean) / error, and the error, up to a factor
  std::vector<double> maxima;
  detail::ReplicaValues values;
  detail::ReplicaPower power;
};

Task<bool> prepare(Budget& budget, Bootstrap& b, std::vector<SeriesView> bands, FrequencyGrid grid, Index count, std::uint64_t seed,
                   LombScargleOptions options) {
  if (count < 1) fail(ErrorKind::input, "bootstrap_maxima", "expected at least 1 resample, got " + std::to_string(count));
  co_await detail::prepare_replicas(budget, b.search, std::move(bands), grid, options, "bootstrap_maxima");
  for (const auto& band : b.search.bands) {
    auto& residual = b.residual.emplace_back();
    auto& error = b.error.emplace_back();
    for (std::size_t i = 0; i < band.series.tau.size(); ++i) {
      error.push_back(1.0 / std::sqrt(band.series.weight[i]));
      residual.push_back(band.series.weighted_y[i] * error.back());
    }
  }
  b.maxima.assign(at(count), 0.0);
  const auto streams = std::uint64_t(b.search.bands.size());
  b.values = [&b, seed, streams](Index r, Index band, std::span<double> y) {
    Random random(seed, std::uint64_t(r) * streams + std::uint64_t(band));
    const auto& residual = b.residual[at(band)];
    for (std::size_t i = 0; i < y.size(); ++i) {  // shuffle from the inside out (Fisher & Yates)
      const std::size_t j = at(random.index(Index(i) + 1));
      y[i] = y[j];
      y[j] = residual[i];
    }
    for (std::size_t i = 0; i < y.size(); ++i) y[i] *= b.error[at(band)][i];
  };
  b.power = [&b](Index r, Index, std::span<const double> power) { b.maxima[at(r)] = *std::max_element(power.begin(), power.end()); };
  co_return true;
}

/// Gumbel's law of maxima that are not all the same.
bool can_smooth(std::span<const double> maxima) { return maxima.size() >= 2 && maxima.back() > maxima.front(); }

}  // namespace

std::vector<double> bootstrap_maxima(std::span<const SeriesView> bands, const FrequencyGrid& grid, Index count, std::uint64_t seed,
                                     const LombScargleOptions& options) {
  Bootstrap b;
  (void)run_to_end([&](Budget& budget) { return prepare(budget, b, {bands.begin(), bands.end()}, grid, count, seed, options); });
  detail::run_replicas(b.search, 0, count, b.values, b.power);
  std::sort(b.maxima.begin(), b.maxima.end());
  return std::move(b.maxima);
}

std::vector<double> bootstrap_maxima(const SeriesView& series, const FrequencyGrid& grid, Index count, std::uint64_t seed,
                                     const LombScargleOptions& options) {
  return bootstrap_maxima(std::span(&series, 1), grid, count, seed, options);
}

Task<std::vector<double>> bootstrap_maxima_task(Budget& budget, std::vector<SeriesView> bands, FrequencyGrid grid, Index count,
                                                std::uint64_t seed, LombScargleOptions options) {
  Bootstrap b;
  co_await prepare(budget, b, std::move(bands), grid, count, seed, options);
  co_await detail::run_replicas_task(budget, b.search, 0, count, b.values, b.power, "bootstrap");
  std::sort(b.maxima.begin(), b.maxima.end());
  co_return std::move(b.maxima);
}

FalseAlarm probability_from_maxima(std::span<const double> maxima, double value, bool smooth) {
  const double count = double(maxima.size());
  FalseAlarm found;
  double log_p = 0.0, relative = 0.0;
  if (smooth && can_smooth(maxima)) {
    const auto fit = stats::fit_gumbel(maxima);
    log_p = stats::gumbel_log_survival(fit.law, value);
    relative = fit.log_survival_error(value);
  } else {
    const double higher = double(maxima.end() - std::lower_bound(maxima.begin(), maxima.end(), value));
    log_p = std::log((1.0 + higher) / (1.0 + count));
    const double share = std::exp(log_p);
    relative = std::sqrt(share * (1.0 - share) / (1.0 + count)) / share;  // binomial
  }
  found.probability = std::exp(log_p);
  found.log10_probability = log_p / 2.302585092994045684;
  found.error = found.probability * relative;
  return found;
}

double level_from_maxima(std::span<const double> maxima, double probability, bool smooth) {
  if (smooth && can_smooth(maxima) && probability < 1.0) return stats::gumbel_quantile(stats::fit_gumbel(maxima).law, probability);
  const double count = double(maxima.size());
  const double rank = std::ceil(count - probability * (count + 1.0));
  return maxima[at(Index(std::clamp(rank, 0.0, count - 1.0)))];
}

}  // namespace orrery::period
