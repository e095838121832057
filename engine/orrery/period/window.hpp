#pragma once
#include <span>
#include <vector>

#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/period/frequency_grid.hpp"

namespace orrery::period {

/// Settings of the spectral window.
struct WindowOptions {
  bool weighted = true;  ///< points count by 1 / sigma^2, as they do in the periodogram; else, or without sigma, equally
  int threads = 0;       ///< largest number of threads; 0 = all cores
};

/// Spectral window of the sampling on a regular grid: how much of a signal's power appears a frequency f away from it,
///   W(f) = |sum_j w_j exp(2 pi i f t_j)|^2 / (sum_j w_j)^2,  W(0) = 1.
/// Its high peaks (1 per day for one site, 1 per year for one season) are where aliases of any signal must be expected.
/// @param series   t (N,) [day], sigma (N,) or empty; y (N,) is not looked at beyond the usual checks; N >= 1
/// @param grid     first >= 0, step > 0 [1/day], count <= kMaxGridCount
/// @return         (count,) [1] in [0, 1]; from the blocked transform, within 1e-10 of the exact sum
/// @throws InputError  unusable series or grid
/// @cost           a third of lomb_scargle_fast
/// @source         Deeming 1975, Astrophys. Space Sci. 36, 137; VanderPlas 2018, ApJS 236, 16, sect. 7.2
[[nodiscard]] std::vector<double> spectral_window(const SeriesView& series, const FrequencyGrid& grid, const WindowOptions& options = {});
[[nodiscard]] Task<std::vector<double>> spectral_window_task(Budget& budget, SeriesView series, FrequencyGrid grid,
                                                             WindowOptions options = {});

/// The same by direct sums at any frequencies (F,), any sign. @cost O(N F)
[[nodiscard]] std::vector<double> spectral_window_exact(const SeriesView& series, std::span<const double> frequency,
                                                        const WindowOptions& options = {});

}  // namespace orrery::period
