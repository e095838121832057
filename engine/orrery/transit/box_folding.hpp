#pragma once
#include <optional>
#include <vector>

#include "orrery/transit/box_least_squares.hpp"

namespace orrery::transit {

/// Settings of the search by fast folding.
struct BoxFoldingOptions {
  std::optional<double> min_period;  ///< [day]; none: shortest_box_period
  std::optional<double> max_period;  ///< [day]; none: span / min_transits
  double min_transits = 2.0;         ///< >= 1
  BoxObjective objective = BoxObjective::likelihood;
  Index samples = 4;                 ///< of the shortest duration in the folded series, >= 1
  double drift = 0.75;               ///< neighbouring trials move the phase at the end of the span by about this share of the shortest
                                     ///< duration; > 0
  Index exact_peaks = 20;            ///< highest peaks searched again point by point, >= 1
  Index oversample = 10;             ///< bins across the shortest duration in that second search
  int threads = 0;                   ///< 0 = all cores. Results do not depend on it
};

/// A box periodogram on trial periods that the search has chosen, ascending.
struct FoldedBoxPeriodogram {
  BoxPeriodogram boxes;      ///< of the folded series, but exact at `exact`; best() is always one of these
  std::vector<Index> exact;  ///< positions searched again, ascending
};

/// Box least squares by fast folding. The series is summed into samples of shortest duration / samples, anew when that has grown by 5 %;
/// rows of p samples are added in pairs, drifting by 0, 1, 2, ... samples, so that all periods between p and p + 1 samples cost log2
/// (rows) additions a sample each and not one pass over the points. Boxes are then looked for in each profile. Gaps are samples of no
/// weight. Points are off by up to half a sample and paths by about one, so a box loses a few per cent of its signal; around the highest
/// peaks the points themselves are searched by box_least_squares, at periods up to half way to the next trials, and these numbers
/// replace those of the folded series. The best of the result is one of them, so its numbers are exact.
/// @param series  flux t (N,) [day], y (N,) [u], sigma (N,) [u] or empty for 1 each; N >= 2, any order
/// @return        periods and the best box at each
/// @throws InputError  unusable series, durations or limits; (limit) memory for samples, trials and results that is not there
/// @cost          time O(sum over trials of P / sample * (log2(span / P) + D)); memory O(span / sample) a thread and 56 byte a trial.
///                Four years of Kepler and the Keplerian durations of the Sun: some 2e5 trials of about 5 microseconds
/// @source        Staelin 1969, Proc. IEEE 57, 724 (fast folding); Shahaf, Zackay, Mazeh, Faigler & Ivashtenko 2022, MNRAS 513,
///                2732 (of boxes)
[[nodiscard]] FoldedBoxPeriodogram box_folding(const SeriesView& series, const BoxDurations& durations,
    const BoxFoldingOptions& options = {});

/// The same in slices, with progress. What the view shows must outlive the task.
[[nodiscard]] Task<FoldedBoxPeriodogram> box_folding_task(Budget& budget, SeriesView series, BoxDurations durations,
    BoxFoldingOptions options = {});

/// How much work a search would be, without doing it.
struct BoxFoldingSize {
  double trials = 0.0;     ///< periods
  double additions = 0.0;  ///< of samples
  double boxes = 0.0;      ///< looked at
  double bytes = 0.0;      ///< of memory, threads of this machine included
};
/// @throws InputError  as box_folding, but for memory
/// @cost O(N) + O(number of blocks)
[[nodiscard]] BoxFoldingSize box_folding_size(const SeriesView& series, const BoxDurations& durations,
    const BoxFoldingOptions& options = {});

}  // namespace orrery::transit
