#pragma once
// What the box searches share: the series as folds want it, the work on one period, batches over threads.
#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/parallel.hpp"
#include "orrery/core/task.hpp"
#include "orrery/transit/box_durations.hpp"
#include "orrery/transit/box_least_squares.hpp"

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
  double suggestion = -1.0;         ///< a score that the next period will probably beat
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

/// Checks the weights and makes the copy.
/// @throws InputError  weights whose sum is no finite number; naming `where`
[[nodiscard]] FoldSeries fold_series(const SeriesView& series, const char* where);

/// A search at given periods.
struct BoxRun {
  FoldSeries series;
  std::span<const double> period;
  BoxDurations durations;
  std::vector<Index> lengths;  ///< of the boxes [bins]; the same at every period, as all durations grow alike
  BoxOptions options;
};
[[nodiscard]] BoxRun prepare_boxes(const SeriesView& series, std::span<const double> period, const BoxDurations& durations,
                                   const BoxOptions& options, const char* where);

/// These periods with no box at any.
[[nodiscard]] BoxPeriodogram empty_boxes(std::span<const double> period);

/// Writes the numbers of the best box at period p.
void search_period(const BoxRun& run, std::size_t p, FoldWork& work, BoxPeriodogram& out);

/// Threads that work at once: one set of memory for each.
[[nodiscard]] inline std::size_t slots_of(int threads) { return static_cast<std::size_t>(std::max(1,
    threads > 0 ? threads : hardware_threads())); }

/// body(k, memory) for k in [0, n), each thread with memory of its own; what is done for k must not depend on the thread.
template <class Work, class Body>
void share_out(Index n, std::vector<Work>& work, Body&& body) {
  const Index slots = ssize(work);
  parallel_for(slots, 1, [&](Index begin, Index end) {
    for (Index slot = begin; slot < end; ++slot) {
      for (Index k = slot; k < n; k += slots) body(k, work[at(slot)]);
    }
  }, slots == hardware_threads() ? 0 : static_cast<int>(slots));  // no arena of its own, which would be made for every batch
}

/// Size of the next batch, so that one takes about a millisecond: a look at the clock or at a cancel costs little then.
[[nodiscard]] inline Index next_batch(Index count, double start_ms) {
  const double took = clock_ms() - start_ms;
  return took < 0.5 ? 2 * count : took > 2.0 ? std::max<Index>(1, count / 2) : count;
}

}  // namespace orrery::transit::detail
