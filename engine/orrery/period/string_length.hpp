#pragma once
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/period/trial_frequencies.hpp"

namespace orrery::period {

/// What is measured along the points in the order of their phases, the last joined to the first:
///   lafler_kinman  sum (y_{i+1} - y_i)^2 / sum (y_i - mean)^2                            about 2 for noise; sigma is not used
///   clarke         its (N - 1) / (2 N): about 1 for noise. With sigma, each step by its variance v_i = sigma_i^2 + sigma_{i+1}^2:
///                  [ sum (y_{i+1} - y_i)^2 / v_i / sum 1 / v_i ] / (2 s^2), s^2 the unbiased variance with weights 1 / sigma^2
///   dworetsky      sum sqrt((y_{i+1} - y_i)^2 + (phase_{i+1} - phase_i)^2), y brought to [-1/4, 1/4]; sigma is not used
/// @source Lafler & Kinman 1965, ApJS 11, 216; Clarke 2002, A&A 386, 763, eq. 5; Dworetsky 1983, MNRAS 203, 917
enum class StringMeasure { lafler_kinman, clarke, dworetsky };

/// Settings of string_length.
struct StringLengthOptions {
  StringMeasure measure = StringMeasure::clarke;
  int threads = 0;  ///< largest number of threads; 0 = all cores. Results do not depend on it
};

/// Length of the string through the folded points. A period shows as a minimum. Phases are counted from the first time; points whose
/// phases agree to 2^-40 of a turn follow each other by time. A constant series gives 1 (2 for lafler_kinman; for dworetsky the
/// length of the phase axis, 1).
/// @param series     t (N,) [day], y (N,) [u], sigma (N,) [u] or empty; any order; 4 <= N < 2^24
/// @param frequency  (F,) [1/day], > 0
/// @return           length (F,) [1], >= 0
/// @throws InputError  unusable series or frequencies; ErrorKind::limit above kMaxGridCount frequencies or 2^24 points
/// @cost             O(F N), about 6 ns a point and frequency (the phases are sorted by buckets); O(N + F) memory
[[nodiscard]] std::vector<double> string_length(const SeriesView& series, const TrialFrequencies& frequency,
                                                const StringLengthOptions& options = {});
/// The same on one thread, in slices of about a millisecond. What the views show must outlive the task.
[[nodiscard]] Task<std::vector<double>> string_length_task(Budget& budget, SeriesView series, TrialFrequencies frequency,
                                                           StringLengthOptions options = {});

}  // namespace orrery::period
