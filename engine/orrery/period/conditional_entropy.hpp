#pragma once
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/period/trial_frequencies.hpp"

namespace orrery::period {

/// Settings of conditional_entropy.
struct ConditionalEntropyOptions {
  Index phase_bins = 10;  ///< 2 to 1000
  Index value_bins = 5;   ///< 2 to 1000
  int threads = 0;        ///< largest number of threads; 0 = all cores. Results do not depend on it
};

/// Entropy of the value when the phase is known, from a histogram of the folded series over the unit square (phase from the first
/// time, value from its smallest to its largest). A period shows as a minimum. With p_ij the share of the points in value bin i and
/// phase bin j and p_j that in phase bin j,
///   H(f) = sum_ij p_ij ln(p_j / p_ij).
/// Errors are not used. It is blind to the shape of the curve, and knows a scattered curve from a filled square.
/// @param series     t (N,) [day], y (N,) [u]; any order; N >= 4
/// @param frequency  (F,) [1/day], > 0
/// @return           H (F,) [nat], in [0, ln value_bins]
/// @throws InputError  unusable series, frequencies or options; ErrorKind::limit above kMaxGridCount frequencies
/// @cost             O(F (N + phase_bins * value_bins)), about 1 ns a point and frequency; O(N + F) memory
/// @source           Graham, Drake, Djorgovski, Mahabal & Donalek 2013, MNRAS 434, 2629, eq. 1 (10 and 5 bins: sect. 3)
[[nodiscard]] std::vector<double> conditional_entropy(const SeriesView& series, const TrialFrequencies& frequency,
                                                      const ConditionalEntropyOptions& options = {});
/// The same on one thread, in slices of about a millisecond. What the views show must outlive the task.
[[nodiscard]] Task<std::vector<double>> conditional_entropy_task(Budget& budget, SeriesView series, TrialFrequencies frequency,
                                                                 ConditionalEntropyOptions options = {});

}  // namespace orrery::period
