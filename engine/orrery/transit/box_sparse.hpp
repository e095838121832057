#pragma once
#include "orrery/transit/box_least_squares.hpp"

namespace orrery::transit {

/// Settings of the search without bins.
struct BoxSparseOptions {
  BoxObjective objective = BoxObjective::likelihood;
  int threads = 0;  ///< 0 = all cores. Results do not depend on it
};

/// Box least squares without bins, for few points: at each period the points are put into order of phase, and of all runs of points that
/// a box from the shortest to the longest duration can hold and no others, the one with the largest objective and a dip is taken. No dip
/// is lost to bins, and
/// empty phases cost nothing. The duration is the middle one of those that hold just these points, within the durations given, and
/// the transit time the middle of where such a box can lie.
/// @param series    flux t (N,) [day], y (N,) [u], sigma (N,) [u] or empty for 1 each; N >= 2
/// @param period    (P,) [day] trial periods, > 0, any order
/// @param durations only the shortest and the longest matter
/// @return          the best box at each period
/// @throws InputError  unusable series, periods or durations, durations longer than a period; (limit) results that do not fit into memory
/// @cost            O(P N k), k the points that the longest box holds; memory O(N + P)
/// @source          Panahi & Zucker 2021, PASP 133, 024502
[[nodiscard]] BoxPeriodogram box_sparse(const SeriesView& series, std::span<const double> period, const BoxDurations& durations,
                                        const BoxSparseOptions& options = {});

/// The same in slices, with progress. What the views show must outlive the task.
[[nodiscard]] Task<BoxPeriodogram> box_sparse_task(Budget& budget, SeriesView series, std::span<const double> period,
    BoxDurations durations,
                                                   BoxSparseOptions options = {});

}  // namespace orrery::transit
