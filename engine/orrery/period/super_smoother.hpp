#pragma once
#include <span>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/period/trial_frequencies.hpp"

namespace orrery::period {

/// Settings of the smoother.
struct SmootherOptions {
  double period = 0.0;  ///< [day] > 0: the series is folded and the curve closes; 0: along the time
  double bass = 0.0;    ///< 0 to 10; above 0, wide spans are preferred where they are nearly as good
};

/// A smooth curve through a series, at its points.
struct Smooth {
  std::vector<double> value;     ///< (N,) [u] the curve at each point, in the order given
  std::vector<double> residual;  ///< (N,) [u] y minus the curve found without that point
  std::vector<double> span;      ///< (N,) [1] share of the points that the curve used there, 0.05 to 0.5
};

/// Friedman's super smoother. Straight lines are fitted (weights 1 / sigma^2) to windows of the nearest points by rank, at spans of
/// 0.05, 0.2 and 0.5 of all points; of each the residual of the point left out of its own fit is
///   r = (y - line) / (1 - w (1 / W + (x - x_mean)^2 / S)),   W = sum w, S = sum w (x - x_mean)^2 in the window.
/// |r| is smoothed with span 0.2 and the span with the least chosen at each point; with bass a > 0 it moves towards 0.5 by
/// (least / that of 0.5)^(10 - a). These spans are smoothed with span 0.2, the curve is interpolated between the three by the result
/// and smoothed once more with span 0.05. A window has 2 m + 1 points, m = max(2, floor(span N / 2 + 1/2)) but not more than the
/// series allows; along the time it moves inwards at the ends, folded it goes on around the turn. Points at one x are a window's
/// points like others; where all x of a window agree the line is its mean.
/// @param series  t (N,) [day], y (N,) [u], sigma (N,) [u] or empty; any order; N >= 5
/// @throws InputError  unusable series, period < 0, bass outside [0, 10]
/// @cost          O(N log N)
/// @source        Friedman 1984, "A variable span smoother", Stanford LCS tech. rep. 5
[[nodiscard]] Smooth super_smoother(const SeriesView& series, const SmootherOptions& options = {});

/// Settings of super_smoother_power.
struct SuperSmootherOptions {
  double bass = 0.0;  ///< as SmootherOptions
  int threads = 0;    ///< largest number of threads; 0 = all cores. Results do not depend on it
};

/// Share of the scatter that the smooth curve through the folded series takes away, judged by leaving each point out of its own curve.
/// A period shows as a maximum; it may be below 0 for noise. Means the sums over all points:
///   P(f) = 1 - sum |residual_i| / sigma_i / sum |y_i - median| / sigma_i.
/// @param series     t (N,) [day], y (N,) [u], sigma (N,) [u] or empty; any order; 5 <= N < 2^24
/// @param frequency  (F,) [1/day], > 0
/// @return           P (F,) [1], <= 1. A constant series gives 0
/// @throws InputError  unusable series, frequencies or options; ErrorKind::limit above kMaxGridCount frequencies or 2^24 points
/// @cost             O(F N), about 40 ns a point and frequency; O(N + F) memory, 300 bytes a point and thread
/// @source           Reimann 1994, "Frequency estimation using unevenly-spaced astronomical data", thesis, Berkeley, ch. 3; the MACHO
///                   survey's choice: Alcock et al. 1995, AJ 109, 1653
[[nodiscard]] std::vector<double> super_smoother_power(const SeriesView& series, const TrialFrequencies& frequency,
                                                       const SuperSmootherOptions& options = {});
/// The same on one thread, in slices of about a millisecond. What the views show must outlive the task.
[[nodiscard]] Task<std::vector<double>> super_smoother_power_task(Budget& budget, SeriesView series, TrialFrequencies frequency,
                                                                  SuperSmootherOptions options = {});

}  // namespace orrery::period
