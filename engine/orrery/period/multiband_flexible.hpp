#pragma once
#include <optional>
#include <span>
#include <vector>

#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/period/frequency_grid.hpp"
#include "orrery/period/lomb_scargle.hpp"

namespace orrery::period {

/// Settings of the flexible multiband model.
struct FlexibleOptions {
  int base_harmonics = 1;  ///< K0 of the part that all bands share; 0 to 8
  int band_harmonics = 1;  ///< K1 of each band's own part; 0 to 8; K0 + K1 > 0
  std::optional<double> base_regularization = std::nullopt;  ///< lambda0, >= 0; none: not pulled to zero
  std::optional<double> band_regularization = 1e-6;          ///< lambda1, >= 0
  bool regularize_by_trace = true;  ///< lambdas count in units of the normal matrix' trace, (2 + K0 + K1) sum 1 / sigma^2
  bool center_data = true;          ///< each band's weighted mean is subtracted first
  Normalization normalization = Normalization::standard;
  int threads = 0;                  ///< largest number of threads; 0 = all cores. Results do not depend on it
};

/// Power of a model with a part that all bands share and a part of each band's own, pulled to zero by its regularisation:
///   m_b(t) = c + sum_{k<=K0} (a_k sin + b_k cos)(2 pi k f t) + c_b + sum_{k<=K1} (a_bk sin + b_bk cos)(2 pi k f t),
///   Q(theta) = sum_bi ((y_bi - m_b(t_bi)) / sigma_bi)^2 + lambda0 |shared|^2 + lambda1 sum_b |band b|^2,
///   P(f) = 1 - min Q / chi2_0 = theta' A' W y / chi2_0,  chi2_0 = sum ((y - mean_b) / sigma)^2.
/// With a weak lambda1 the bands are nearly free (the sum of single bands); with a strong one all share one shape. Bands of a few
/// points take part: what they cannot say the others do. Only the sum of regularised squares is made small, so P <= 1 always.
/// Sums by the blocked transform, one plan a band (bands of few points: direct sums); bands are eliminated one after the other from
/// the normal matrix, frequencies side by side in SIMD lanes. Frequencies near singular ones are done again by direct sums.
/// @param bands    B series, t (N_b,) [day], y (N_b,) [u], sigma (N_b,) [u] or empty for 1; N_b >= 1
/// @param grid     first >= 0, step > 0 [1/day], count <= kMaxGridCount
/// @return         power (count,) in the normalisation asked for, within 1e-9 of multiband_flexible_exact
/// @throws InputError  no band, unusable series, harmonics outside [0, 8] or both 0, lambdas < 0 or not finite, a grid out of range
/// @cost           B lomb_scargle_fast of max(K0, K1) harmonics, and B (K0 + K1)^3 operations a frequency; 8 bytes a frequency,
///                 300 max(K0, K1) bytes a point, B (K0 + K1) x 100 kB a thread
/// @source         VanderPlas & Ivezić 2015, ApJ 812, 18, sect. 4; regularisation by trace as in astropy's LombScargleMultiband
[[nodiscard]] std::vector<double> multiband_flexible(std::span<const SeriesView> bands, const FrequencyGrid& grid,
                                                     const FlexibleOptions& options = {});
/// The same on one thread in slices: bit for bit the same power. What the views show must outlive the task.
[[nodiscard]] Task<std::vector<double>> multiband_flexible_task(Budget& budget, std::vector<SeriesView> bands, FrequencyGrid grid,
                                                                FlexibleOptions options = {});

/// The same by direct sums at any finite frequencies (F,) [1/day], any order. @cost O(N F K + F B K^3), 1 to 2 ns a point and frequency
[[nodiscard]] std::vector<double> multiband_flexible_exact(std::span<const SeriesView> bands, std::span<const double> frequency,
                                                           const FlexibleOptions& options = {});

/// The model at one frequency; phase = 2 pi f (t - epoch).
struct FlexibleFit {
  /// constant + sum_k sine[k-1] sin(k phase) + cosine[k-1] cos(k phase)
  struct Part {
    double constant = 0.0;             ///< [u]
    std::vector<double> sine, cosine;  ///< (K,) [u]
  };
  double frequency = 0.0;    ///< [1/day]
  double epoch = 0.0;        ///< [day] phase 0, the same for all bands
  Part shared;
  std::vector<Part> bands;   ///< (B,) each band's own part
  std::vector<double> mean;  ///< (B,) [u] what was subtracted from the band; 0 without center_data
  double chi2 = 0.0;         ///< of the residuals
  double chi2_0 = 0.0;       ///< of the bands' means (of zero without center_data)
  double penalty = 0.0;      ///< what the regularisation adds: Q = chi2 + penalty
  [[nodiscard]] double power() const { return chi2_0 > 0.0 ? 1.0 - (chi2 + penalty) / chi2_0 : 0.0; }
};

/// The model of least Q at this frequency. @throws InputError  as multiband_flexible; a frequency that is not finite
/// @cost O(N K^2 + B^3 K^3)
[[nodiscard]] FlexibleFit flexible_fit(std::span<const SeriesView> bands, double frequency, const FlexibleOptions& options = {});

/// Top of a peak of the flexible power.
struct FlexiblePeak {
  double frequency = 0.0;        ///< [1/day]
  double frequency_error = 0.0;  ///< [1/day] where Q has risen by the reduced chi2; infinity when it does not curve
  double power = 0.0;            ///< standard
};

/// The highest exact power within a range: golden sections to 1e-8 of the range; the error from the curvature of Q,
///   var(f) = chi2_r / (d2Q/df2 / 2), chi2_r = Q / (N - columns - 1), columns = B (1 + 2 K1) + 2 max(0, K0 - K1).
/// @param within  [1/day] > 0: half the range; a grid step, in which the power has one maximum
/// @throws InputError  as multiband_flexible; frequency or within not finite, within <= 0
/// @cost          50 exact powers
[[nodiscard]] FlexiblePeak refine_flexible(std::span<const SeriesView> bands, double frequency, double within,
                                           const FlexibleOptions& options = {});

/// The model of one band at times t (M,) [day]. @throws InputError  band outside [0, B) @return (M,) [u] @cost O(M K)
[[nodiscard]] std::vector<double> flexible_model(const FlexibleFit& fit, Index band, std::span<const double> t);

}  // namespace orrery::period
