#pragma once
#include <span>
#include <vector>

namespace orrery::stats {

/// Median of the values within half a window of each time: a trend that short dips do not pull down when the window is at least
/// three times as long as they are. At the ends and beside gaps the window holds fewer points.
/// @param t       (N,) [day], ascending
/// @param y       (N,) [u]
/// @param window  full width [day], > 0
/// @return        (N,) [u]
/// @throws InputError  unequal lengths, times that do not ascend, a value that is not finite, window <= 0
/// @cost          O(N w) time for w points in a window
/// @source        Tukey 1977, Exploratory Data Analysis, ch. 7
[[nodiscard]] std::vector<double> running_median(std::span<const double> t, std::span<const double> y, double window);

}  // namespace orrery::stats
