#pragma once
// What the transit search keeps of a series and a shape, and the work on one period.
#include <array>
#include <cstdint>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/transit/transit_least_squares.hpp"

namespace orrery::transit::detail {

/// A series in the order of time as the search wants it.
struct DipSeries {
  std::vector<double> tau;     ///< (N,) [day] from the first time
  std::vector<double> pair;    ///< (2 N,) w (level - y), w
  std::vector<Index> lookup;   ///< first point at or after each of equal steps of time
  double lookup_scale = 0.0;   ///< steps a day
  double first_time = 0.0, span = 0.0;  ///< [day]
  double chi2_flat = 0.0, scatter = 0.0;

  /// First point at or after a time [day from the first].
  [[nodiscard]] Index first_at(double time) const;
};
/// @param where  for the message of a series that cannot be used
[[nodiscard]] DipSeries dip_series(const SeriesView& series, double level, const char* where);

inline constexpr double kShapeScale = 2048.0;  ///< cells of a ShapeTable in the unit of duration

/// The exposure that is meant: as given, or, when that is below 0, the median spacing if four in five are within a tenth of it.
[[nodiscard]] double exposure_of(const DipSeries& series, double given, const char* where);

/// Exact shape of unit depth, tabulated over |x| in [0, 1/2] for linear interpolation.
class ShapeTable {
 public:
  explicit ShapeTable(const TransitShape& shape);
  [[nodiscard]] double operator()(double x) const {
    const double u = (x < 0.0 ? -x : x) * kShapeScale;
    if (!(u < 0.5 * kShapeScale)) return 0.0;
    const auto k = static_cast<std::size_t>(u);
    const double f = u - static_cast<double>(k);
    return value_[k] + f * (value_[k + 1] - value_[k]);
  }

  /// Mean over an exposure [day] at `apart` days from mid-transit.
  [[nodiscard]] double averaged(double apart, double duration, double exposure) const {
    if (!(exposure > 0.0)) return (*this)(apart / duration);
    constexpr int kSamples = 9;
    double sum = 0.0;
    for (int k = 0; k < kSamples; ++k) sum += (*this)((apart + exposure * ((k + 0.5) / kSamples - 0.5)) / duration);
    return sum / kSamples;
  }

  /// value at x = k / kShapeScale, k = 0 ... 1025
  [[nodiscard]] const double* data() const { return value_.data(); }

 private:
  std::array<double, 1026> value_{};
};

/// The shape over a whole number of phase steps: first and last step constant, a parabola between; of unit depth.
struct StepKernel {
  Index length = 0;           ///< steps
  double edge = 0.0;          ///< value over the first and the last step
  double rim = 0.0;           ///< of the parabola where it meets them
  double slope = 0.0;         ///< its slope there [1/step]
  double bend = 0.0;          ///< its second coefficient [1/step^2]
  double edge_square = 0.0;   ///< mean square over the first and the last step
  double middle_square = 0.0; ///< and between
};
[[nodiscard]] StepKernel step_kernel(const ShapeTable& shape, Index length);

/// Durations tried at one period on one grid of steps; grids are 1, 2, 4 ... times coarser.
struct StepLevel {
  Index coarse = 1;
  std::vector<Index> length;  ///< [steps of this grid]
};

/// Memory for one period; grows to the longest and is used again.
struct StepWork {
  std::vector<double> bins;                ///< (steps, 4): w r, w r h, w r h^2, w; h the distance to the step's end
  std::array<std::vector<double>, 4> sum;  ///< running sums at the edges, F0 F1 F2 of w r, F0 of w
  std::array<std::vector<double>, 4> thin; ///< those at every 2nd, 4th ... edge
  std::vector<std::int32_t> step_of;       ///< of a block of points
  std::vector<double> rest;                ///< and their distance to the end of the step
  std::vector<double> x, wr, w;            ///< points near the best place, for the exact score
};

/// Where the best place is: `step` of a grid `coarse` times coarser; length 0 when there is none.
struct StepBest {
  double square = 0.0, below = 1.0;  ///< gain = square / below
  Index step = 0, length = 0, coarse = 1;
};

/// Folds at one period into `steps` steps and looks at every place of every kernel.
/// @param kernels  by length
[[nodiscard]] StepBest best_step(const DipSeries& series, double period, Index steps, const std::vector<StepLevel>& levels,
                                 const std::vector<StepKernel>& kernels, double smallest_depth, StepWork& work);

/// A = sum w r s and B = sum w s^2 over the points in `work` (a multiple of 8) for a transit moved by `shift` [day].
struct ScoreSums {
  double above = 0.0, below = 0.0;
};
[[nodiscard]] ScoreSums score_points(const StepWork& work, double shift, double duration, const ShapeTable& shape);

}  // namespace orrery::transit::detail
