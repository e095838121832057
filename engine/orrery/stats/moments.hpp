#pragma once
#include <span>

#include "orrery/core/index.hpp"

namespace orrery::stats {

/// The first four moments of a sample.
struct Moments {
  Index count = 0;
  double mean = 0.0;      ///< m = (1/N) sum x                            [u]
  double variance = 0.0;  ///< s^2 = sum (x - m)^2 / (N - 1); 0 when N = 1 [u^2]
  double sigma = 0.0;     ///< s                                          [u]
  double skewness = 0.0;  ///< m3 / m2^1.5, with m_k = (1/N) sum (x - m)^k; 0 when the values are all equal
  double kurtosis = 0.0;  ///< excess: m4 / m2^2 - 3; 0 when the values are all equal

  /// Standard error of the mean, s / sqrt(N) [u].
  [[nodiscard]] double mean_error() const;
};

/// Mean, variance, skewness and excess kurtosis in two passes, so that an offset of the values loses no digits.
/// @param values  (N,) [u], finite, N >= 1
/// @return        the moments; variance has N - 1 below, skewness and kurtosis are the plain (biased) g1 and g2
/// @throws InputError  no value, or a value that is not finite
/// @cost          O(N) time, no memory
/// @source        Chan, Golub & LeVeque 1983, The American Statistician 37, 242 (corrected two-pass); Joanes & Gill 1998,
///                The Statistician 47, 183 (definitions g1, g2)
[[nodiscard]] Moments moments(std::span<const double> values);

/// Arithmetic mean. @throws InputError as moments. @cost O(N)
[[nodiscard]] double mean(std::span<const double> values);

/// Sample standard deviation with N - 1 below; 0 when N = 1. @throws InputError as moments. @cost O(N)
[[nodiscard]] double standard_deviation(std::span<const double> values);

/// Mean of measurements with unequal errors.
struct WeightedMean {
  double mean = 0.0;    ///< sum w x / sum w, w = 1 / sigma^2  [u]
  double error = 0.0;   ///< (sum w)^-1/2                      [u]
  double chi2 = 0.0;    ///< sum w (x - mean)^2; expected N - 1 when the errors are right
  Index dof = 0;        ///< N - 1
};

/// Inverse-variance weighted mean: the maximum-likelihood constant behind independent Gaussian errors.
/// @param values  (N,) [u], finite, N >= 1
/// @param sigma   (N,) [u], finite, > 0
/// @return        mean, its error from the given sigma alone, and chi2 to judge them by
/// @throws InputError  no value, unequal lengths, a value that is not finite, sigma <= 0
/// @cost          O(N)
/// @source        Bevington & Robinson 2003, Data Reduction and Error Analysis, eqs. 4.17, 4.19
[[nodiscard]] WeightedMean weighted_mean(std::span<const double> values, std::span<const double> sigma);

}  // namespace orrery::stats
