#pragma once
// What the box search keeps of a series, and the work on one period.
#include <cstdint>
#include <span>
#include <vector>

#include "orrery/core/index.hpp"

namespace orrery::transit::detail {

/// A series as the fold wants it: times from the first one, and for each point weighted value and weight side by side.
struct FoldSeries {
  std::vector<double> tau;   ///< (N,) [day] >= 0
  std::vector<double> pair;  ///< (2 N,) w (y - mean), w
  double first_time = 0.0;   ///< [day]
  double span = 0.0;         ///< [day] the largest tau
  double sum = 0.0;          ///< of w (y - mean): rounding only
  double weight = 0.0;       ///< of w
};

/// Memory for one fold; grows to the longest and is used again.
struct FoldWork {
  std::vector<double> bins;         ///< pairs
  std::vector<double> sum, weight;  ///< running sums over bins
  std::vector<std::uint32_t> place; ///< twice the bin, of a block of points
};

/// Where the best box lies: `bin` to `bin + length`, in bins; length -1 when there is none.
struct BestBox {
  double score = -1.0;
  Index bin = 0;
  Index length = -1;
};

/// Folds at one period and looks at every box of these lengths [bins].
/// @param bin_duration  [day]
/// @param likelihood    score S^2 / (r o^2), else S^2 / (r o): S in the box, r its weight, o that outside
[[nodiscard]] BestBox best_box(const FoldSeries& series, double period, double bin_duration, std::span<const Index> lengths,
                               Index oversample, bool likelihood, FoldWork& work);

}  // namespace orrery::transit::detail
