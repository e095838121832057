#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/period/frequency_grid.hpp"
#include "orrery/period/lomb_scargle.hpp"

namespace orrery::period {

/// How the probability is found that noise alone makes the highest peak of a search at least this high. With s(Z) that of one
/// frequency, W = (f_last - f_first) sqrt(4 pi var t), T the span and tau(Z) the mean number of times noise rises through Z:
///   single     s(Z)                                  of one frequency named beforehand
///   naive      1 - (1 - s)^N, N = (f_last - f_first) T   independent frequencies; optimistic: real searches exceed it
///   davies     s + tau                               an upper limit
///   baluev     1 - (1 - s) exp(-tau)                 close to the truth, and above it, unless the window has strong peaks
///   bootstrap  share of shuffled series with a higher peak; knows the window; never below 1 / (bootstraps + 1)
/// @source Baluev 2008, MNRAS 385, 1279 (K = 1); Baluev 2009, MNRAS 395, 1541 (K > 1); Davies 1987, Biometrika 74, 33
enum class AlarmMethod { single, naive, davies, baluev, bootstrap };

/// Settings of the false-alarm functions.
struct FalseAlarmOptions {
  AlarmMethod method = AlarmMethod::baluev;
  LombScargleOptions periodogram;  ///< as the power was made: harmonics, mean, normalisation; threads
  Index bootstraps = 1000;
  std::uint64_t seed = 0;          ///< of the bootstrap
};

/// A probability that may be far below the smallest double.
struct FalseAlarm {
  double probability = 1.0;        ///< [1]; 0 below about 1e-308
  double log10_probability = 0.0;  ///< [1] good to any depth
};

/// Probability that white noise, with the shape of these errors, has a peak of at least `power` anywhere on the grid. Powers in
/// standard, model, log (and psd without sigma) are brought to the standard scale, whose single-frequency law is
/// s(Z) = P(Beta(K, (N - N_0) / 2 - K) > Z), N_0 = 1 with fit_mean or center_data, else 0; psd with sigma takes the errors as known:
/// s(z) = P(Gamma(K) > z). Bootstrap always uses the standard scale. The general tau is in false_alarm.cpp.
/// @param power    [as options.periodogram.normalization]
/// @param series   the one searched; (N,) each
/// @param grid     the frequencies searched
/// @return         probability and its logarithm
/// @throws InputError  as lomb_scargle_fast; N - N_0 <= 2 K; power NaN; bootstraps < 1
/// @cost           O(N); bootstrap: bootstraps * (K FFTs of the grid), about a quarter of a fast periodogram each
[[nodiscard]] FalseAlarm false_alarm_probability(double power, const SeriesView& series, const FrequencyGrid& grid,
                                                 const FalseAlarmOptions& options = {});
[[nodiscard]] Task<FalseAlarm> false_alarm_probability_task(Budget& budget, double power, SeriesView series, FrequencyGrid grid,
                                                            FalseAlarmOptions options = {});

/// Power that noise reaches with this probability: the inverse, in options.periodogram.normalization. Where the law is not
/// monotonic (tau rises at small powers) the largest such power.
/// @param probability  in (0, 1]
/// @throws InputError  as above; probability outside (0, 1]
/// @cost  as above
[[nodiscard]] double false_alarm_level(double probability, const SeriesView& series, const FrequencyGrid& grid,
                                       const FalseAlarmOptions& options = {});
[[nodiscard]] Task<double> false_alarm_level_task(Budget& budget, double probability, SeriesView series, FrequencyGrid grid,
                                                  FalseAlarmOptions options = {});

/// Highest standard power of each of `count` shuffled series, ascending. Residuals from the weighted mean in units of their
/// errors are drawn with replacement and given the error of the time they land on, so weights stay where they are and the
/// transforms of the window are shared by all. Replica r draws from Philox stream r: no thread changes it.
/// @return  (count,) [1]
/// @throws InputError  as lomb_scargle_fast; count < 1
/// @cost    O(count * (F log F + N F / M)) time, (4 K + 1) F doubles of memory
[[nodiscard]] std::vector<double> bootstrap_maxima(const SeriesView& series, const FrequencyGrid& grid, Index count, std::uint64_t seed,
                                                   const LombScargleOptions& options = {});
[[nodiscard]] Task<std::vector<double>> bootstrap_maxima_task(Budget& budget, SeriesView series, FrequencyGrid grid, Index count,
                                                              std::uint64_t seed, LombScargleOptions options = {});

}  // namespace orrery::period
