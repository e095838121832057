#pragma once
// Shared by the direct and the fast periodogram: prepared series, and the direct sums behind a fixed signature.
#include <span>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/period/lomb_scargle.hpp"

namespace orrery::period::detail {

inline constexpr int kMaxHarmonics = 8;

/// A series made ready for trigonometric sums: sum of weight = 1, and sum of weight * y = 0 when the data is centred.
struct WeightedSeries {
  double epoch = 0.0;             ///< reference time; tau = t - epoch
  double first = 0.0;             ///< smallest and largest time
  double last = 0.0;
  std::vector<double> tau;        ///< (N,)
  std::vector<double> weight;     ///< (N,) sums to 1
  std::vector<double> weighted_y; ///< (N,) weight * (y - mean)
  double mean = 0.0;              ///< what was subtracted from y
  double weighted_sum = 0.0;      ///< sum weight * (y - mean)
  double variance = 0.0;          ///< sum weight * (y - mean)^2
  double total_weight = 0.0;      ///< sum 1 / sigma^2

  [[nodiscard]] Index size() const { return ssize(tau); }
  [[nodiscard]] double reference_chi2() const { return total_weight * variance; }
};

/// Checks series and options and prepares the sums. @throws InputError naming `where`
[[nodiscard]] WeightedSeries weighted_series(const SeriesView& series, const LombScargleOptions& options, const char* where);

/// New weighted_y, weighted_sum, mean and variance for other values at the same times and weights (bootstrap).
void replace_values(WeightedSeries& series, std::span<const double> y, const LombScargleOptions& options);

/// What the per-frequency solve needs besides the sums.
struct SolveContext {
  int harmonics = 1;
  bool fit_mean = true;
  double weighted_sum = 0.0;  ///< sum weight * y (not zero only without centring)
  double inverse_variance = 0.0;
};
[[nodiscard]] SolveContext solve_context(const WeightedSeries& series, const LombScargleOptions& options);

/// Standard power at one frequency, with the constant fitted, however alike the harmonics are at these times (less than a turn in all,
/// or nearly whole turns between all points): the Laurent polynomials exp(-i K phi) ... exp(i K phi) are orthonormalised one from the
/// other, v -> (z - 1) v, so that short arcs cost no digits; the powers of normal equations lose them as the arc to the power 4K.
/// @cost O(N K^2) time, 16 bytes a point and column of 2K + 3
/// @source Brubeck, Nakatsukasa & Trefethen 2021, SIAM Review 63, 405 ("Vandermonde with Arnoldi")
[[nodiscard]] double arnoldi_power(const WeightedSeries& series, const SolveContext& context, double frequency);

/// Standard power at each frequency by direct sums, one thread; by arnoldi_power where the sums would lose more than 1e-11.
void direct_power(const WeightedSeries& series, const SolveContext& context, std::span<const double> frequency,
                  std::span<double> power);

/// Standard power in place -> the normalisation asked for, with rounding kept inside [0, 1] first.
void normalize(std::span<double> power, Normalization normalization, double chi2_0);

}  // namespace orrery::period::detail
