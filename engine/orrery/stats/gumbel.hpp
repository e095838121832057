#pragma once
#include <span>

namespace orrery::stats {

/// Gumbel law of the highest of many: P(X <= x) = exp(-exp(-(x - location) / scale)).
struct Gumbel {
  double location = 0.0;  ///< [u]
  double scale = 1.0;     ///< [u] > 0
};

/// Natural logarithm of P(X > x), good to any depth. @cost O(1)
[[nodiscard]] double gumbel_log_survival(const Gumbel& law, double x);
/// x with P(X > x) = probability. @param probability in (0, 1) @throws InputError outside @cost O(1)
[[nodiscard]] double gumbel_quantile(const Gumbel& law, double probability);

/// A fitted law with the covariance of its two numbers.
struct GumbelFit {
  Gumbel law;
  double location_variance = 0.0;  ///< [u^2]
  double scale_variance = 0.0;     ///< [u^2]
  double covariance = 0.0;         ///< [u^2]

  /// One sigma of ln P(X > x) from the error of the fit. @cost O(1)
  [[nodiscard]] double log_survival_error(double x) const;
};

/// Maximum likelihood: scale from s = mean(x) - sum x e^{-x/s} / sum e^{-x/s} (bisection), location from mean(e^{-x/s}).
/// @param x  (N,) finite, N >= 2, not all equal
/// @throws InputError  fewer than 2 values, one not finite, all equal
/// @cost   O(N) a step, about 50 steps
/// @source Gumbel 1958, Statistics of Extremes; covariance: Fisher information, 6 / pi^2 and Euler's constant
[[nodiscard]] GumbelFit fit_gumbel(std::span<const double> x);

}  // namespace orrery::stats
