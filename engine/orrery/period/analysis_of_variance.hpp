#pragma once
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/period/trial_frequencies.hpp"

namespace orrery::period {

/// Settings of analysis_of_variance.
struct AnalysisOfVarianceOptions {
  int harmonics = 3;  ///< K, 1 to 8
  int threads = 0;    ///< largest number of threads; 0 = all cores. Results do not depend on it
};

/// Multi-harmonic analysis of variance: the variance that a periodic orthogonal series explains over the variance it leaves, each
/// divided by its degrees of freedom. A period shows as a maximum; noise gives about 1. With X_p the projection of y - mean on the
/// 2 K + 1 orthonormal polynomials of z = exp(2 pi i f t) (weights 1 / sigma^2), of which the constant is the mean,
///   Theta(f) = (N - 2 K - 1) sum_p |X_p|^2 / (2 K (sum_i w_i (y_i - mean)^2 - sum_p |X_p|^2)).
/// The polynomials span what the sines and cosines of f ... K f and a constant span, so sum_p |X_p|^2 is the gain of chi2 that
/// lomb_scargle reports: here it comes from its sums, on a grid from its fast transforms.
/// @param series     t (N,) [day], y (N,) [u], sigma (N,) [u] or empty; any order; N > 2 K + 1
/// @param frequency  (F,) [1/day], > 0
/// @return           Theta (F,) [1], >= 0; a fit without remainder gives about 1e16
/// @throws InputError  as lomb_scargle and lomb_scargle_fast
/// @cost             that of lomb_scargle_fast on a grid, of lomb_scargle for a list
/// @source           Schwarzenberg-Czerny 1996, ApJ 460, L107, eqs. 1-11
[[nodiscard]] std::vector<double> analysis_of_variance(const SeriesView& series, const TrialFrequencies& frequency,
                                                       const AnalysisOfVarianceOptions& options = {});
/// The same on one thread, in slices of less than a millisecond. What the views show must outlive the task.
[[nodiscard]] Task<std::vector<double>> analysis_of_variance_task(Budget& budget, SeriesView series, TrialFrequencies frequency,
                                                                  AnalysisOfVarianceOptions options = {});

/// Probability that white noise has, at one frequency named beforehand, a Theta this large: Fisher's F with (2 K, N - 2 K - 1)
/// degrees of freedom, exact for Gaussian noise with the shape of the given errors.
/// @param theta   [1]
/// @param points  N > 2 K + 1
/// @throws InputError  points <= 2 K + 1, K < 1, theta NaN
/// @cost   O(1)
/// @source Schwarzenberg-Czerny 1996, ApJ 460, L107, sect. 3
[[nodiscard]] double analysis_of_variance_probability(double theta, Index points, int harmonics);

}  // namespace orrery::period
