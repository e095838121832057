#pragma once
#include <cstdint>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/data/series.hpp"

namespace orrery::period {

/// One band of a PeriodModel: constant + sum_k cosine[k-1] cos(2 pi k phase) + sine[k-1] sin(2 pi k phase).
struct BandModel {
  std::int32_t band = 0;
  Index n = 0;
  double constant = 0.0;           ///< [y_unit]
  std::vector<double> cosine;      ///< (K,) [y_unit]
  std::vector<double> sine;        ///< (K,) [y_unit]
  std::vector<double> covariance;  ///< (2K+1, 2K+1) row-major, of (constant, cosine 1, sine 1, cosine 2, ...), errors as quoted
  double chi2 = 0.0;
  double chi2_0 = 0.0;             ///< of the constant alone
  double information = 0.0;        ///< about the frequency with all else free: 1 / variance [day^2]
  double gradient = 0.0;           ///< -1/2 d chi2 / d frequency
};

/// Harmonic model of all bands at one common frequency.
struct PeriodModel {
  double frequency = 0.0;        ///< [1/day]
  double frequency_error = 0.0;  ///< [1/day] one sigma, scaled by `scale`; infinity when the data says nothing
  double epoch = 0.0;            ///< [day] time of phase 0
  int harmonics = 1;
  std::vector<BandModel> bands;  ///< bands with more than 2K + 2 points
  Index n = 0;                   ///< points in those bands
  Index dof = 0;                 ///< n - coefficients - 1 (frequency)
  double chi2 = 0.0;             ///< without uncertainties: sum of squares [y_unit^2]
  double chi2_0 = 0.0;
  double scale = 1.0;            ///< factor on quoted errors, sqrt(chi2 / dof), at least 1 when there are uncertainties

  [[nodiscard]] double power() const { return chi2_0 > 0.0 ? 1.0 - chi2 / chi2_0 : 0.0; }
  [[nodiscard]] double period() const { return 1.0 / frequency; }
  [[nodiscard]] double period_error() const { return frequency_error / (frequency * frequency); }
  /// Cycles since the epoch, in [0, 1).
  [[nodiscard]] double phase(double t) const;
  /// Model of bands[b] and its standard error at a phase. @cost O(K), O(K^2)
  [[nodiscard]] double value(Index b, double at_phase) const;
  [[nodiscard]] double error(Index b, double at_phase) const;
  /// Position in `bands` of a band number; -1 when that band has too few points.
  [[nodiscard]] Index find_band(std::int32_t band) const;
};

/// Weighted least-squares harmonics in every band at a given frequency. The bands share the frequency only, so their
/// information about it adds: 1 / var(f) = sum_b (d'Wd - d'WA (A'WA)^-1 A'Wd) with d = dm/df and A the band's other columns.
/// @param series     t, y, sigma (N,), band; a band needs more than 2K + 2 points to be fitted
/// @param frequency  [1/day], > 0
/// @return           the model; without a band that can be fitted, `bands` is empty
/// @throws InputError  unusable series, frequency not > 0, K outside [1, 8]
/// @cost             O(N K^2)
/// @source           Palmer 2009, ApJ 695, 496; VanderPlas & Ivezić 2015, ApJ 812, 18 (several bands)
[[nodiscard]] PeriodModel fit_period(const data::Series& series, double frequency, int harmonics, bool fit_mean = true);

/// The model at the local minimum of chi2 next to a frequency (Gauss-Newton in the frequency, the other parameters solved for).
/// @param within     [1/day] how far it may go from `frequency`
/// @param tolerance  it stops when a step is below this part of the frequency's error
[[nodiscard]] PeriodModel refine_period(const data::Series& series, double frequency, double within, int harmonics, bool fit_mean = true,
                                        double tolerance = 1e-6);

/// Residual of every point from the model that is fitted without that point, in units of its error:
///   r_i / (sigma_i (1 - h_i)),  h_i its leverage: what each point says of a model that has not seen it.
/// @param series  the one that was fitted
/// @return        (N,) [1], or [u] without errors; NaN in bands that were not fitted; leverages above 0.95 count as that
/// @throws InputError  another length or other bands than the model was fitted to
/// @cost          O(N K^2)
/// @source        Allen 1974, Technometrics 16, 125 (PRESS)
[[nodiscard]] std::vector<double> left_out_residuals(const data::Series& series, const PeriodModel& model);

/// Value rounded to a power of ten at or below error / 1000, so that digits beyond the error do not differ between machines.
/// An error that is not finite or <= 0 leaves 10 significant digits. @cost O(1)
[[nodiscard]] double rounded_to_error(double value, double error);

}  // namespace orrery::period
