#pragma once
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/period/trial_frequencies.hpp"

namespace orrery::period {

/// Settings of phase_dispersion.
struct PhaseDispersionOptions {
  Index bins = 10;           ///< width of a bin is 1 / bins of a turn; 2 to 1000
  Index covers = 1;          ///< sets of bins, each shifted by 1 / (bins * covers); bins * covers <= 10000
  bool interpolate = false;  ///< scatter about the line through the bins' means instead of about the means; one cover only
  int threads = 0;           ///< largest number of threads; 0 = all cores. Results do not depend on it
};

/// Phase dispersion minimisation: the scatter within bins of phase, in units of that of the whole series. A period shows as a minimum;
/// noise gives about 1. Phases are counted from the first time. With w = 1 / sigma^2 (1 without sigma), bins j of n_j points:
///   theta(f) = [ sum_j sum_{i in j} w_i (y_i - mean_j)^2 / sum_j (n_j - 1) ] / [ sum_i w_i (y_i - mean)^2 / (N - 1) ],
/// sums over the bins of all covers that hold points, means weighted. Equal weights give Stellingwerf's theta. With `interpolate`
/// mean_j is the value at the point's phase of the lines through the means at the middles of the bins, a periodic polygon (over bins
/// without points it goes on straight), and the divisor is N - number of bins with points. A constant series gives 1.
/// @param series     t (N,) [day], y (N,) [u], sigma (N,) [u] or empty; any order; N >= 4
/// @param frequency  (F,) [1/day], > 0
/// @return           theta (F,) [1], >= 0
/// @throws InputError  unusable series, frequencies or options; ErrorKind::limit above kMaxGridCount frequencies
/// @cost             O(F (N + bins * covers)), about 1 ns a point and frequency; O(N + F) memory
/// @source           Stellingwerf 1978, ApJ 224, 953, eqs. 1-3 and sect. III (covers); the polygon: Stellingwerf 2013, "The PDM method"
[[nodiscard]] std::vector<double> phase_dispersion(const SeriesView& series, const TrialFrequencies& frequency,
                                                   const PhaseDispersionOptions& options = {});
/// The same on one thread, in slices of about a millisecond. What the views show must outlive the task.
[[nodiscard]] Task<std::vector<double>> phase_dispersion_task(Budget& budget, SeriesView series, TrialFrequencies frequency,
                                                              PhaseDispersionOptions options = {});

/// Probability that white noise has, at one frequency named beforehand, a theta this small. For one cover, equal weights and all bins
/// filled theta (N - M) / (N - 1) follows Beta((N - M) / 2, (M - 1) / 2), M = bins. With covers the bins overlap and the law is
/// an approximation on the safe side.
/// @param theta   [1]
/// @param points  N > bins
/// @throws InputError  points <= bins, bins < 2, theta NaN
/// @cost   O(1)
/// @source Schwarzenberg-Czerny 1997, ApJ 489, 941, eq. 11
[[nodiscard]] double phase_dispersion_probability(double theta, Index points, Index bins);

}  // namespace orrery::period
