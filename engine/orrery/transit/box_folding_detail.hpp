#pragma once
// Fast folding: what the planner, the transform and the scan share.
#include <span>
#include <vector>

#include "orrery/transit/box_detail.hpp"

namespace orrery::transit::detail {

/// The series summed into samples of one length; valid for a range of periods.
struct FoldBlock {
  double sample = 0.0;       ///< [day]
  double low = 0.0;          ///< [day] periods of this block: [low, high)
  double high = 0.0;
  Index samples = 0;
  std::vector<float> pair;   ///< (2 samples,) sums of w (y - mean) and w, in units of the mean weight and the scatter
};

/// One transform: all periods from `turn` to `turn + 1` samples.
struct FoldUnit {
  Index block = 0;
  Index turn = 0;    ///< samples in a row
  Index rows = 0;
  Index first = 0;   ///< position of its first trial period in the result
  Index begin = 0;   ///< drift of the first trial [samples between the first and the last row]; then in steps of `stride`
  Index count = 0;   ///< trials
};

/// Memory of one thread.
struct FoldingWork {
  std::vector<float> a, b;
  std::vector<unsigned char> need;
  std::vector<double> sum, weight;              ///< running sums of four profiles
  std::vector<float> float_sum, float_weight;   ///< the same, of w less its mean
  double suggestion = -1.0;                     ///< a score that the next profile will probably beat
};

/// Floats from one profile to the next: pairs of a turn, and what fills a line of the cache.
[[nodiscard]] inline Index row_width(Index turn) { return (2 * turn + 15) / 16 * 16; }

/// What is looked for in profiles.
struct ProfileScan {
  Index turn = 0;
  std::span<const Index> lengths;
  double total = 0.0;       ///< weight of all points
  bool likelihood = true;
  bool in_float = false;    ///< boxes are compared by float sums, good to 1e-4 of a score; the sums of the best are in double all the same
};

/// A box with its sums: S = w (y - mean) within, r = w within.
struct ScoredBox {
  BestBox box;
  double sum = 0.0, weight = 0.0;
};

/// Sums of rows shifted by 0 ... drift samples, for the drifts begin, begin + stride, ... (count of them); the profile of drift d is at
/// result + d row_width(turn), in `work` or in `rows` itself.
/// @param rows  (2 rows turn,) the block's samples, zeros behind the end
[[nodiscard]] const float* fast_fold(const float* rows, const FoldUnit& unit, Index stride, FoldingWork& work);

/// The best box of each of `count` <= 4 profiles, boxes running over the end of the turn into its beginning.
void scan_profiles(const float* const* profile, Index count, const ProfileScan& search, FoldingWork& work, ScoredBox* out);

}  // namespace orrery::transit::detail
