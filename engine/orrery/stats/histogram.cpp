#include "orrery/stats/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "orrery/stats/check_detail.hpp"
#include "orrery/stats/moments.hpp"
#include "orrery/stats/robust.hpp"
#include "orrery/stats/special.hpp"

namespace orrery::stats {
namespace {

void require_axis(Index bins, Index most, double low, double high, const char* where) {
  if (bins < 1 || bins > most) {
    fail(ErrorKind::input, where, "expected bins in [1, " + std::to_string(most) + "], got " + std::to_string(bins));
  }
  if (!(low < high && std::isfinite(high - low))) {
    fail(ErrorKind::input, where, "expected finite limits low < high, got " + number_text(low) + " and " + number_text(high));
  }
}

double edge_at(Index k, Index bins, double low, double high) {
  const double part = static_cast<double>(k) / static_cast<double>(bins);
  return low * (1.0 - part) + high * part;
}

/// Bin of a value, -1 outside. The quotient can be one off beside an edge; the edges themselves decide.
Index bin_of(double value, Index bins, double low, double high) {
  if (!(value >= low && value <= high)) return -1;
  auto k = std::min(static_cast<Index>((value - low) / (high - low) * static_cast<double>(bins)), bins - 1);
  if (value < edge_at(k, bins, low, high)) --k;
  if (k + 1 < bins && value >= edge_at(k + 1, bins, low, high)) ++k;
  return k;
}

/// The values and their extremes.
struct Sample {
  std::vector<double> value;
  double low = 0.0, high = 0.0;
};
Sample sample_of(std::span<const double> values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return {{values.begin(), values.end()}, *low, *high};
}

double log_posterior(const Sample& sample, Index bins, std::vector<double>& count) {
  count.assign(at(bins), 0.0);
  for (const double v : sample.value) count[at(bin_of(v, bins, sample.low, sample.high))] += 1.0;
  const double n = static_cast<double>(sample.value.size());
  const double m = static_cast<double>(bins);
  double sum = n * std::log(m) + log_gamma(0.5 * m) - m * 0.5 * std::log(std::numbers::pi) - log_gamma(n + 0.5 * m);
  for (const double c : count) sum += log_gamma(c + 0.5);
  return sum;
}

Index knuth_bins(std::span<const double> values, Index max_bins) {
  const Sample sample = sample_of(values);
  const Index most = std::min(max_bins, 3 * bin_count(values, BinRule::freedman_diaconis, max_bins) + 10);
  std::vector<double> count;
  Index best = 1;
  double highest = -HUGE_VAL;
  for (Index m = 1; m <= most; ++m) {
    const double value = log_posterior(sample, m, count);
    if (value > highest) highest = value, best = m;
  }
  return best;
}

}  // namespace

std::vector<double> Histogram::density() const {
  double total = 0.0;
  for (const double c : count) total += c;
  std::vector<double> result(count.size(), 0.0);
  if (total == 0.0) return result;
  for (std::size_t k = 0; k < count.size(); ++k) result[k] = count[k] / (total * (edge[k + 1] - edge[k]));
  return result;
}

Histogram histogram(std::span<const double> values, Index bins, double low, double high) {
  detail::require_finite(values, 0, "histogram");
  require_axis(bins, 10'000'000, low, high, "histogram");
  Histogram result{.edge = std::vector<double>(at(bins + 1)), .count = std::vector<double>(at(bins), 0.0)};
  for (Index k = 0; k <= bins; ++k) result.edge[at(k)] = edge_at(k, bins, low, high);
  for (const double v : values) {
    const Index k = bin_of(v, bins, low, high);
    if (k < 0) {
      ++result.outside;
    } else {
      result.count[at(k)] += 1.0;
    }
  }
  return result;
}

Index bin_count(std::span<const double> values, BinRule rule, Index max_bins) {
  detail::require_finite(values, 2, "bin_count");
  if (max_bins < 1) fail(ErrorKind::input, "bin_count", "expected max_bins >= 1, got " + std::to_string(max_bins));
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  if (*low == *high) return 1;
  if (rule == BinRule::knuth) return knuth_bins(values, max_bins);
  const double root = std::cbrt(static_cast<double>(values.size()));
  const double width = rule == BinRule::scott ? std::cbrt(24.0 * std::sqrt(std::numbers::pi)) * standard_deviation(values) / root
                                              : 2.0 * sigma_g(values) / kQuartilesToSigma / root;
  if (!(width > 0.0)) return 1;
  const double bins = std::ceil((*high - *low) / width);
  return bins >= static_cast<double>(max_bins) ? max_bins : std::max<Index>(1, static_cast<Index>(bins));
}

Histogram histogram(std::span<const double> values, BinRule rule) {
  const Index bins = bin_count(values, rule);
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  if (*low == *high) return histogram(values, 1, *low - 0.5, *low + 0.5);
  return histogram(values, bins, *low, *high);
}

double knuth_log_posterior(std::span<const double> values, Index bins) {
  detail::require_finite(values, 2, "knuth_log_posterior");
  const Sample sample = sample_of(values);
  require_axis(bins, 10'000'000, sample.low, sample.high, "knuth_log_posterior");
  std::vector<double> count;
  return log_posterior(sample, bins, count);
}

Histogram2d histogram_2d(std::span<const double> x, std::span<const double> y, const Grid2d& grid) {
  if (x.size() != y.size()) {
    fail(ErrorKind::input, "histogram_2d", "expected equal lengths, got " + std::to_string(x.size()) + " and " + std::to_string(y.size()));
  }
  detail::require_finite(x, 0, "histogram_2d");
  detail::require_finite(y, 0, "histogram_2d");
  require_axis(grid.x_bins, 10'000, grid.x_low, grid.x_high, "histogram_2d");
  require_axis(grid.y_bins, 10'000, grid.y_low, grid.y_high, "histogram_2d");
  Histogram2d result{.grid = grid, .count = std::vector<double>(at(grid.x_bins * grid.y_bins), 0.0)};
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Index col = bin_of(x[i], grid.x_bins, grid.x_low, grid.x_high);
    const Index row = bin_of(y[i], grid.y_bins, grid.y_low, grid.y_high);
    if (col < 0 || row < 0) {
      ++result.outside;
    } else {
      result.count[at(row * grid.x_bins + col)] += 1.0;
    }
  }
  return result;
}

}  // namespace orrery::stats
