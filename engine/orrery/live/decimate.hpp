#pragma once
#include <span>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/live/frame.hpp"

namespace orrery::live {

/// The part of an axis that is on the screen and how many device pixels it has.
struct AxisView {
  double low = 0.0;
  double high = 1.0;
  Scale scale = Scale::linear;
  Index pixels = 600;
};

/// Place of a value on the axis in pixels from its low end (not clipped); NaN for what a log axis cannot show.
[[nodiscard]] double pixel_of(const AxisView& axis, double value);

/// Positions of a subset of the points of a line that draws the same pixels: what lies outside the view is cut (but for one
/// neighbour on each side), and of each pixel column the first, lowest, highest and last point are kept. NaN values (gaps)
/// are kept. When x does not ascend, or nothing would be saved, all points are.
/// @param x, y  (n,) the line
/// @return      ascending positions in [0, n)
/// @cost O(n)
[[nodiscard]] std::vector<Index> decimate_line(std::span<const double> x, std::span<const double> y, const AxisView& axis);

/// The same for a band: of each pixel column the lowest `low` and the highest `high` are kept.
[[nodiscard]] std::vector<Index> decimate_area(std::span<const double> x, std::span<const double> low, std::span<const double> high,
                                               const AxisView& axis);

/// values at positions
[[nodiscard]] std::vector<double> taken(std::span<const double> values, std::span<const Index> positions);

}  // namespace orrery::live
