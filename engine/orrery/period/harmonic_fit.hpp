#pragma once
#include <span>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/data/series.hpp"
#include "orrery/period/lomb_scargle.hpp"

namespace orrery::period {

/// Least-squares harmonics at one frequency: m(t) = offset + sum_k sine[k-1] sin(k phi) + cosine[k-1] cos(k phi),
/// phi = 2 pi f (t - epoch).
struct HarmonicFit {
  double frequency = 0.0;        ///< [1/day]
  double epoch = 0.0;            ///< [day] phase 0: near the middle of the series
  double offset = 0.0;           ///< [u] constant of the model (the weighted mean when it is not fitted but subtracted)
  std::vector<double> sine;      ///< (K,) [u]
  std::vector<double> cosine;    ///< (K,) [u]
  double chi2 = 0.0;             ///< of the model; without sigma the sum of squares [u^2]
  double chi2_0 = 0.0;           ///< of the model without a period
  Index dof = 0;                 ///< N - fitted numbers - 1 for the frequency
  double power = 0.0;            ///< 1 - chi2 / chi2_0
  double amplitude = 0.0;        ///< [u] peak to peak of the model
  double frequency_error = 0.0;  ///< [1/day] see period_error; infinity when chi2 does not curve
  double slope = 0.0;            ///< d chi2 / d f [day]
  double information = 0.0;      ///< I of period_error, errors as quoted [day^2]

  [[nodiscard]] double period() const { return 1.0 / frequency; }
  [[nodiscard]] double reduced_chi2() const { return dof > 0 ? chi2 / double(dof) : 0.0; }
};

/// The best model with this frequency. Directions that the sampling cannot see get coefficient 0.
/// @param series     t (N,) [day], y (N,) [u], sigma (N,) [u] or empty; any order; N > 2K + 2
/// @param frequency  [1/day], > 0
/// @param options    harmonics, fit_mean, center_data; the rest is not used
/// @throws InputError  as lomb_scargle; frequency not finite or <= 0
/// @cost             O(N K^2 + K^3)
/// @source           Palmer 2009, ApJ 695, 496
[[nodiscard]] HarmonicFit harmonic_fit(const SeriesView& series, double frequency, const LombScargleOptions& options = {});

/// The model at times t (M,) [day]. @return (M,) [u] @cost O(M K)
[[nodiscard]] std::vector<double> harmonic_model(const HarmonicFit& fit, std::span<const double> t);

/// Standard error of the period: where chi2 has risen by its reduced value, all other parameters fitted again,
///   var(f) = chi2_r / I,  I = d'Wd - d'WA (A'WA)^-1 A'Wd,  d = dm/df,  error(P) = error(f) / f^2,
/// with A the columns of the model; I is half the second derivative of the least chi2 as a function of f (Gauss-Newton).
/// It is the error within the chosen peak: it says nothing about aliases. For one sinusoid of amplitude a, even sampling and
/// equal errors s it tends to error(f) = sqrt(6 / N) s / (pi T a).
/// @param fit   from harmonic_fit at (or very near) a maximum of the power
/// @return      [day]; infinity when the data does not constrain the frequency
/// @source      Bevington & Robinson 2003, sect. 8.1 (delta chi2 = 1); Montgomery & O'Donoghue 1999, Delta Scuti Star
///              Newsletter 13, 28 (the limit)
[[nodiscard]] double period_error(const HarmonicFit& fit);

}  // namespace orrery::period
