#pragma once
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"

namespace orrery::period {

/// Settings of the rotation period from the autocorrelation.
struct RotationOptions {
  double cadence = 0.0;      ///< [day] of the regular grid; 0: the median spacing
  double max_lag = 0.0;      ///< [day] 0: half of the span
  double smoothing = 0.0;    ///< [day] full width at half maximum of the Gaussian that smooths the autocorrelation; 0: 18 lags, at most a
                             ///< hundredth of the largest lag
  double max_gap = 0.0;      ///< [day] shorter gaps are filled by straight lines, longer ones with the mean; 0: 3 cadences
  double min_period = 0.0;   ///< [day] peaks at shorter lags are not taken as the period
  double detrend = 0.0;      ///< [day] width of a running median that is taken off first; 0: none. Three rotations or more
  double clip = 0.0;         ///< then points farther from the median than so many robust sigmas (1.483 MAD) are left out; 0: none are
};

/// Autocorrelation of a series brought to a regular cadence; columns (L,), lag 0 first.
struct RegularCorrelation {
  double cadence = 0.0;          ///< [day]
  std::vector<double> lag;       ///< [day]
  std::vector<double> value;     ///< sum_i x_i x_(i+k) / sum x^2 over the grid, 0 for what is missing
  std::vector<double> smooth;    ///< the same, smoothed
  Index filled = 0;              ///< cells filled by straight lines
  Index missing = 0;             ///< cells left at the mean
};

/// A maximum of the smoothed autocorrelation.
struct CorrelationPeak {
  double lag = 0.0;     ///< [day] top of the parabola through three lags
  double value = 0.0;
  double height = 0.0;  ///< above the mean of the two minima beside it
};

/// The rotation period that the peaks say.
struct RotationPeriod {
  RegularCorrelation correlation;
  std::vector<CorrelationPeak> peaks;  ///< by lag
  double period = 0.0;        ///< [day] slope of the lags of the peaks at its multiples; 0: no peak
  double period_error = 0.0;  ///< [day] 1.483 x median absolute residual of those lags over their number's root; of one peak the cadence
  double height = 0.0;        ///< of the peak chosen: above 0.1 is a clear rotation by the authors' experience
  double first_lag = 0.0;     ///< [day] of the first peak
  bool second_chosen = false; ///< the second peak is higher than the first: two groups of spots, and the first is half the period
  Index used = 0;             ///< peaks at multiples that the period was measured from
};

/// Autocorrelation on a regular grid: cells take the mean of their points, short gaps are bridged by straight lines, long ones are
/// left at the mean.
/// @param series   t [day], y [u] (sigma is not used); N >= 3, any order
/// @throws InputError  unusable series, all values or all times equal, fewer than 3 points after the clip,
///                     options < 0, a grid of more than 2e7 cells or 1e12 products
/// @cost           O(N log N + cells lags), about 0.1 ns a product
[[nodiscard]] RegularCorrelation regular_autocorrelation(const SeriesView& series, const RotationOptions& options = {});

/// Rotation period of a spotted star by the peaks of its autocorrelation: of the first two peaks the second is taken when it is higher,
/// for a star with spots on opposite sides repeats itself after half a turn, less well; then the peaks nearest to the multiples of
/// that lag, each within a fifth of it, up to ten, give the period as their slope.
/// @source         McQuillan, Aigrain & Mazeh 2013, MNRAS 432, 1203, sect. 2 (smoothing, choice of peak,
///                 height); McQuillan, Mazeh & Aigrain 2014, ApJS 211, 24 (slope of several peaks)
[[nodiscard]] RotationPeriod rotation_period(const SeriesView& series, const RotationOptions& options = {});
/// The same in slices. What the view shows must outlive the task.
[[nodiscard]] Task<RotationPeriod> rotation_period_task(Budget& budget, SeriesView series, RotationOptions options = {});

}  // namespace orrery::period
