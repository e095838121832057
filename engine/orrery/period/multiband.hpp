#pragma once
#include <span>
#include <vector>

#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/period/frequency_grid.hpp"
#include "orrery/period/harmonic_fit.hpp"
#include "orrery/period/lomb_scargle.hpp"

namespace orrery::period {

/// Power of several bands of one object together: every band has its own mean, amplitude and phase, all share the frequency, so
/// the chi2 of the bands add and the standard power is the mean of the bands' weighted by their chi2 without a period,
///   P(f) = sum_b chi2_0b P_b(f) / sum_b chi2_0b.
/// Bands without sigma should have like scatter, for then chi2_0b is a sum of squares. Other normalisations follow from P.
/// @param bands    B series, t (N_b,) [day], y (N_b,) [u], sigma (N_b,) [u] or empty; each N_b > 2K + 1
/// @param grid     as for lomb_scargle_fast
/// @param options  as for lomb_scargle, the same in all bands
/// @return         power (grid.count,)
/// @throws InputError  no band; as lomb_scargle_fast for any of them
/// @cost           the sum of the bands' lomb_scargle_fast
/// @source         VanderPlas & Ivezić 2015, ApJ 812, 18, sect. 3 (the model with no shared part)
[[nodiscard]] std::vector<double> lomb_scargle_multiband(std::span<const SeriesView> bands, const FrequencyGrid& grid,
                                                         const LombScargleOptions& options = {});
[[nodiscard]] Task<std::vector<double>> lomb_scargle_multiband_task(Budget& budget, std::vector<SeriesView> bands, FrequencyGrid grid,
                                                                    LombScargleOptions options = {});

/// Harmonic models of all bands at one frequency.
struct MultibandFit {
  double frequency = 0.0;        ///< [1/day]
  double frequency_error = 0.0;  ///< [1/day] the bands' information about it added, errors scaled by the reduced chi2 of all
  std::vector<HarmonicFit> bands;
  double chi2 = 0.0;
  double chi2_0 = 0.0;
  Index dof = 0;                 ///< points - coefficients - 1

  [[nodiscard]] double power() const { return chi2_0 > 0.0 ? 1.0 - chi2 / chi2_0 : 0.0; }
};

/// Fits every band at this frequency. @throws InputError  as harmonic_fit; no band @cost O(N K^2)
[[nodiscard]] MultibandFit multiband_fit(std::span<const SeriesView> bands, double frequency, const LombScargleOptions& options = {});

}  // namespace orrery::period
