#pragma once
// The super smoother on sorted points behind a fixed signature.
#include "orrery/period/statistic_detail.hpp"
#include "orrery/period/super_smoother.hpp"

namespace orrery::period::detail {

inline constexpr double kSpans[3] = {0.05, 0.2, 0.5};  // tweeter, midrange, woofer

/// Sorted points in, curve out. x has no unit: a turn of phase, or the range of the times.
struct SmoothPoints {
  std::vector<double> x;       ///< (N,) ascending; in [0, 1] when closed
  std::vector<double> y;       ///< (N,)
  std::vector<double> weight;  ///< (N,) of mean about 1
  bool closed = false;         ///< goes on around the turn
  double bass = 0.0;
};
[[nodiscard]] Smooth smooth_sorted(const SmoothPoints& points);

/// P at frequency[begin] ... frequency[end - 1]. base: sum |y - median| / sigma, in the units of sqrt(weight).
void smoother_piece(const FoldedSeries& series, const TrialFrequencies& frequency, double bass, double base, Index begin, Index end,
                    double* out);

}  // namespace orrery::period::detail
