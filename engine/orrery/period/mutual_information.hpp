#pragma once
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/period/trial_frequencies.hpp"

namespace orrery::period {

/// How far the joint density of phase and value is from the product of their densities:
///   cauchy_schwarz  ln(V_J V_M / V_C^2)
///   euclidean       V_J - 2 V_C + V_M
enum class InformationDivergence { cauchy_schwarz, euclidean };

/// Settings of mutual_information.
struct MutualInformationOptions {
  InformationDivergence divergence = InformationDivergence::cauchy_schwarz;
  double value_bandwidth = 1.0;  ///< factor on the rule-of-thumb bandwidth h = 0.9 s N^(-1/5), s the smaller of the weighted
                                 ///< standard deviation and interquartile range / 1.349; 0.1 to 100
  double phase_bandwidth = 1.0;  ///< of the wrapped Cauchy kernel [radian]; 0.1 to 10
  int threads = 0;               ///< largest number of threads; 0 = all cores. Results do not depend on it
};

/// Quadratic mutual information of phase and value from kernel densities. A period shows as a maximum; 0 means that the phase says
/// nothing. With G_ij the normal density of y_i - y_j with variance 2 h^2 + sigma_i^2 + sigma_j^2 and C_ij the wrapped Cauchy density
/// (1 - r^2) / (2 pi (1 + r^2 - 2 r cos 2 pi (phi_i - phi_j))), r = exp(-phase_bandwidth), means over all pairs or points:
///   V_J = mean_ij G_ij C_ij,  V_M = mean_ij G_ij mean_ij C_ij,  V_C = mean_i (mean_j G_ij mean_k C_ik).
/// Not by pairs: G = L L^T to 1e-10 of its trace by a pivoted Cholesky factor of some 20 columns, C is a Fourier series whose terms
/// fall as r^k, and the sums over pairs become squares of trigonometric sums of the columns of L. The value is that of the pairs
/// to about 1e-8.
/// @param series     t (N,) [day], y (N,) [u], sigma (N,) [u] or empty (zero); any order; 4 <= N <= 2^20
/// @param frequency  (F,) [1/day], > 0
/// @return           (F,) [nat], or [1/u] for euclidean; >= 0 up to rounding. A constant series gives 0
/// @throws InputError  unusable series, frequencies or options; ErrorKind::limit above kMaxGridCount frequencies or 2^20
///                 points, with the memory named
/// @cost             O(F N K R), K = 23 / phase_bandwidth terms and R about 20 columns, of which small products are left out:
///                   about 40 ns a point and frequency, against N / 2 kernels by pairs; O(N R + F) memory
/// @source           Huijse, Estévez, Förster, Daniel, Connolly, Protopapas, Carrasco & Príncipe 2018, ApJS 236, 12, eqs. 8-14
[[nodiscard]] std::vector<double> mutual_information(const SeriesView& series, const TrialFrequencies& frequency,
                                                     const MutualInformationOptions& options = {});
/// The same on one thread, in slices of about a millisecond. What the views show must outlive the task.
[[nodiscard]] Task<std::vector<double>> mutual_information_task(Budget& budget, SeriesView series, TrialFrequencies frequency,
                                                                MutualInformationOptions options = {});

}  // namespace orrery::period
