#pragma once
#include <span>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"

namespace orrery::period {

/// How a power is scaled. With p = 1 - chi2(f) / chi2_0, where chi2_0 is that of the model without a period:
///   standard  p                          in [0, 1]
///   model     p / (1 - p)                in [0, inf)
///   log       -ln(1 - p)                 in [0, inf)
///   psd       (chi2_0 / 2) p             in [0, chi2_0 / 2]; without sigma chi2_0 is the sum of squares, so the unit is u^2
/// @source Zechmeister & Kürster 2009, A&A 496, 577, sect. 5; VanderPlas 2018, ApJS 236, 16, sect. 7.4
enum class Normalization { standard, model, log, psd };

/// Settings shared by all Lomb-Scargle periodograms.
struct LombScargleOptions {
  int harmonics = 1;        ///< K, sinusoids at f, 2 f, ... K f; 1 to 8
  bool fit_mean = true;     ///< a constant is fitted with the sinusoids at every frequency
  bool center_data = true;  ///< the weighted mean is subtracted first (always done with fit_mean, where it changes nothing)
  Normalization normalization = Normalization::standard;
  int threads = 0;          ///< largest number of threads; 0 = all cores. Results do not depend on it
  bool always_transform = false;  ///< lomb_scargle_fast only: the transform also where direct sums are faster, to compare the two
};

/// Fraction of the weighted variance that a K-harmonic sinusoid removes, at each frequency, by direct sums.
///   power[j] = 1 - chi2(f_j) / chi2_0,  chi2(f) = min sum_i ((y_i - m(t_i; f)) / sigma_i)^2,
///   m(t; f) = c + sum_{k=1..K} a_k sin(2 pi k f t) + b_k cos(2 pi k f t),  c = 0 unless fit_mean.
/// Times are taken relative to the middle of the series, so that Julian dates lose nothing. A series of equal values has no
/// variance to explain: its power is 0. Directions that the sampling cannot see (sin = 0 at every time) are left out.
/// @param series     t (N,) [day], y (N,) [u], sigma (N,) [u] or empty for equal weights; any order; N > 2K + 1
/// @param frequency  (F,) [1/day], > 0, any spacing and order
/// @param options    harmonics, mean, normalisation, threads
/// @return           power (F,) [1], or [u^2] for psd without sigma
/// @throws InputError  unequal lengths, N <= 2K + 1, non-finite value, sigma <= 0, f <= 0, K outside [1, 8]
/// @cost             O(N F K + F K^3) time, about 1 ns a point and frequency at K = 1; O(N + F) memory
/// @source           Zechmeister & Kürster 2009, A&A 496, 577, eqs. 4-5; K > 1: Palmer 2009, ApJ 695, 496
[[nodiscard]] std::vector<double> lomb_scargle(const SeriesView& series, std::span<const double> frequency,
                                               const LombScargleOptions& options = {});

/// The same, in slices of less than a millisecond on one thread. What the views show must outlive the task.
[[nodiscard]] Task<std::vector<double>> lomb_scargle_task(Budget& budget, SeriesView series, std::span<const double> frequency,
                                                          LombScargleOptions options = {});

/// Turns a standard power p into another normalisation.
/// @param p        standard power [1], 0 <= p <= 1
/// @param chi2_0   chi2 of the model without a period (only psd uses it), see reference_chi2
/// @cost O(1)
[[nodiscard]] double normalized_power(double p, Normalization normalization, double chi2_0);

/// Turns a power in any normalisation back into the standard one. @cost O(1)
[[nodiscard]] double standard_power(double power, Normalization normalization, double chi2_0);

/// chi2_0 = sum (y - c)^2 / sigma^2, with c the weighted mean (fit_mean or center_data) or zero; sigma = 1 when there is none.
/// @throws InputError  as lomb_scargle
/// @cost O(N)
[[nodiscard]] double reference_chi2(const SeriesView& series, const LombScargleOptions& options = {});

}  // namespace orrery::period
