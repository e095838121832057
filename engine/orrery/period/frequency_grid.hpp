#pragma once
#include <optional>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/data/series.hpp"

namespace orrery::period {

/// Regular grid of trial frequencies: frequency k is first + k * step, k = 0 ... count - 1.
struct FrequencyGrid {
  double first = 0.0;  ///< [1/day]
  double step = 0.0;   ///< [1/day]
  Index count = 0;

  [[nodiscard]] double operator[](Index k) const { return first + step * double(k); }
  [[nodiscard]] double last() const { return first + step * double(count - 1); }

  /// All frequencies (count,) [1/day]. @cost O(count)
  [[nodiscard]] std::vector<double> values() const;
};

/// Largest grid the fast periodogram takes: up to here the phase of every point stays exact at every frequency.
inline constexpr Index kMaxGridCount = Index(1) << 26;

/// Settings of frequency_grid.
struct GridOptions {
  std::optional<double> min_frequency;  ///< [1/day]; none: half a step
  std::optional<double> max_frequency;  ///< [1/day]; none: nyquist_factor times the mean Nyquist frequency N / (2 T)
  double oversampling = 5.0;            ///< samples across a peak of width 1 / T
  double nyquist_factor = 5.0;
  Index max_count = kMaxGridCount;      ///< larger grids are refused
};

/// Grid that no peak can slip through: step = 1 / (oversampling * T), T = max t - min t; both ends as the options say; the
/// count is round((max - min) / step) + 1, so the last frequency lies within half a step of the maximum.
/// @param series   t (N,) [day]; y and sigma are not used; N >= 2, T > 0
/// @return         the grid
/// @throws InputError  N < 2, all times equal, non-finite or not ascending limits, oversampling <= 0, nyquist_factor <= 0;
///                 ErrorKind::limit with the size named when the count is above max_count
/// @cost           O(N)
/// @source         VanderPlas 2018, ApJS 236, 16, sect. 7.1 (defaults as in astropy's autofrequency)
[[nodiscard]] FrequencyGrid frequency_grid(const SeriesView& series, const GridOptions& options = {});

}  // namespace orrery::period
