#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"

namespace orrery::gp {

/// A damped random walk (Ornstein-Uhlenbeck process): red noise with one time scale. Covariance and power spectrum are
///   k(dt) = sigma^2 exp(-|dt| / tau),   S(f) = 2 sigma^2 tau / (1 + (2 pi f tau)^2).
/// A measurement adds white noise of its own error and, when it is not 0, the jitter, both in quadrature.
struct DampedRandomWalk {
  double sigma = 1.0;   ///< [u] standard deviation of the process
  double tau = 1.0;     ///< [day] time scale on which it forgets
  double jitter = 0.0;  ///< [u] white noise that the quoted errors do not have
};

/// What becomes of the unknown mean level: its best value, or integrated over with a flat prior.
enum class MeanLevel { fitted, marginalised };

/// Log-likelihood and what else one pass of the filter gives.
struct DampedRandomWalkLikelihood {
  double log_likelihood = 0.0;  ///< natural; -infinity when two points without errors share a time
  double mean = 0.0;            ///< [u] best mean level
  double mean_error = 0.0;      ///< [u] one sigma
  double chi2 = 0.0;            ///< sum of squared innovations over their variances
};

/// ln L = -1/2 [ (y - m)' C^-1 (y - m) + ln det C + N ln 2 pi ],  C_ij = k(t_i - t_j) + (sigma_i^2 + jitter^2) delta_ij,
/// by the Kalman filter, which for this process has one state; m is the generalised least-squares mean, or integrated over.
/// @param series  t (N,) [day], y (N,) [u], sigma (N,) [u] or empty for exact values; any order; N >= 1
/// @param walk    sigma > 0, tau > 0, jitter >= 0
/// @throws InputError  unusable series, parameters out of range
/// @cost          O(N), about 15 ns a point; O(N log N) when the times are not ascending
/// @source        Kelly, Bechtold & Siemiginowska 2009, ApJ 698, 895, eqs. 6-12; Foreman-Mackey et al. 2017, AJ 154, 220 (one real term)
[[nodiscard]] DampedRandomWalkLikelihood damped_random_walk_likelihood(const SeriesView& series, const DampedRandomWalk& walk,
                                                                       MeanLevel mean = MeanLevel::fitted);

/// Settings of the fit. Limits that are absent follow from the data.
struct DampedRandomWalkOptions {
  MeanLevel mean = MeanLevel::marginalised;
  std::optional<bool> fit_jitter;   ///< none: only when the series has no errors
  std::optional<double> min_tau;    ///< [day]; none: a tenth of the shortest spacing's 10th percentile
  std::optional<double> max_tau;    ///< [day], >= min_tau (equal: tau is given); none: ten times the span
  Index starts = 5;                 ///< time scales that the fit starts from, evenly spread in the logarithm; 1 to 50
};

/// The fitted process.
struct DampedRandomWalkFit {
  DampedRandomWalk walk;
  std::array<double, 3> error{};        ///< one sigma of ln sigma, ln tau, ln jitter; infinite where the data do not bound it
  double mean = 0.0;                    ///< [u]
  double mean_error = 0.0;              ///< [u]
  double log_likelihood = 0.0;
  double log_likelihood_white = 0.0;    ///< of the best white noise: errors and a jitter. Higher by many: there is red noise
  bool fitted_jitter = false;
  bool at_limit = false;                ///< tau or sigma ended on a limit: the data do not show the time scale
  bool converged = false;               ///< the gradient vanished
  int evaluations = 0;                  ///< passes of the filter
};

/// Maximum of the likelihood over ln sigma, ln tau and, if asked, ln jitter, within bounds: damped Fisher scoring from several
/// time scales, the best of which is kept. Errors from the second derivatives there.
/// @param series  as above; N >= 4, not all times equal
/// @return        the fit; a constant series gives a walk of sigma 1e-6 times its level (or 1e-12) and at_limit
/// @throws InputError  unusable series, N < 4, no range in time, limits that do not ascend, starts out of range
/// @cost          O(N) for each of about 15 passes a start
/// @source        Kelly et al. 2009; MacLeod et al. 2010, ApJ 721, 1014 (bounds: tau is not measured beyond a tenth of the span)
[[nodiscard]] DampedRandomWalkFit fit_damped_random_walk(const SeriesView& series, const DampedRandomWalkOptions& options = {});
[[nodiscard]] Task<DampedRandomWalkFit> fit_damped_random_walk_task(Budget& budget, SeriesView series,
                                                                    DampedRandomWalkOptions options = {});

/// One exact realisation of the process itself (mean 0, no measurement noise, no jitter) at times t.
/// @param t       (N,) [day], any order, duplicates get the same value
/// @param stream  of the random numbers of `seed`: one a realisation
/// @return        (N,) [u]
/// @throws InputError  parameters out of range, a time that is not finite
/// @cost          O(N); O(N log N) when the times are not ascending
/// @source        Gillespie 1996, Phys. Rev. E 54, 2084 (exact update of the Ornstein-Uhlenbeck process)
[[nodiscard]] std::vector<double> damped_random_walk_sample(const DampedRandomWalk& walk, std::span<const double> t, std::uint64_t seed,
                                                            std::uint64_t stream = 0);

}  // namespace orrery::gp
