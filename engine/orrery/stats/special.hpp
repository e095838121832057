#pragma once

namespace orrery::stats {

/// Density, distribution function P(X <= x), survival function P(X > x) and quantile of the standard normal distribution.
/// The survival function keeps full relative precision far in the tail, where 1 - cdf has none.
/// @param x  [1], finite or infinite
/// @param p  [1], in (0, 1); 0 and 1 give -inf and inf
/// @throws InputError  normal_quantile: p outside [0, 1] or not a number
/// @cost   O(1)
/// @source DLMF 7.2.2 (erfc)
[[nodiscard]] double normal_pdf(double x);
[[nodiscard]] double normal_cdf(double x);
[[nodiscard]] double normal_survival(double x);
[[nodiscard]] double normal_quantile(double p);

/// Distribution and survival function of chi-squared with `dof` degrees of freedom: regularised incomplete gamma functions
/// P(dof / 2, x / 2) and Q(dof / 2, x / 2).
/// @param x    [1]; below 0 the distribution function is 0
/// @param dof  [1], > 0, need not be whole
/// @throws InputError  x not a number, dof <= 0 or not finite
/// @cost   O(1)
/// @source DLMF 8.2.4
[[nodiscard]] double chi2_cdf(double x, double dof);
[[nodiscard]] double chi2_survival(double x, double dof);
/// x with chi2_cdf(x, dof) = p, p in [0, 1). @throws InputError p outside [0, 1), dof as above
[[nodiscard]] double chi2_quantile(double p, double dof);

/// Survival function of Fisher's F with (dof1, dof2) degrees of freedom: the regularised incomplete beta function
/// I_{d2 / (d2 + d1 x)}(d2 / 2, d1 / 2).
/// @throws InputError  x not a number, dof <= 0 or not finite
/// @cost   O(1)
/// @source DLMF 8.17.2
[[nodiscard]] double f_survival(double x, double dof1, double dof2);

/// Distribution and survival function of Student's t with `dof` degrees of freedom, and the quantile for p in (0, 1).
/// @throws InputError  x not a number, dof <= 0 or not finite, p outside (0, 1)
/// @cost   O(1)
/// @source DLMF 8.17.2 with x = dof / (dof + t^2)
[[nodiscard]] double student_t_cdf(double x, double dof);
[[nodiscard]] double student_t_survival(double x, double dof);
[[nodiscard]] double student_t_quantile(double p, double dof);

/// ln Gamma(x) for x > 0, thread-safe (std::lgamma writes a global). @throws InputError x <= 0 or not finite. @cost O(1)
[[nodiscard]] double log_gamma(double x);

}  // namespace orrery::stats
