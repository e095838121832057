#pragma once
#include <span>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"

namespace orrery::stats {

/// Rectangle of trial means and widths; node (row, col) is sigma_low + row * step, mean_low + col * step, both ends included.
struct MeanSigmaGrid {
  Index means = 64, sigmas = 64;
  double mean_low = -1.0, mean_high = 1.0;    ///< [u]
  double sigma_low = 0.1, sigma_high = 2.0;   ///< [u], > 0

  [[nodiscard]] double mean(Index col) const { return mean_low + (mean_high - mean_low) * double(col) / double(means - 1); }
  [[nodiscard]] double sigma(Index row) const { return sigma_low + (sigma_high - sigma_low) * double(row) / double(sigmas - 1); }
};

/// Posterior of mean and width on a grid, with what follows from it.
struct MeanSigmaPosterior {
  MeanSigmaGrid grid;
  std::vector<double> log_density;     ///< (sigmas, means) row-major, largest = 0
  std::vector<double> mean_marginal;   ///< (means,) density [1/u], integrates to 1 over the grid (trapezoids)
  std::vector<double> sigma_marginal;  ///< (sigmas,) density [1/u]
  double mean = 0.0, mean_error = 0.0;        ///< posterior mean and standard deviation of the mean [u]
  double sigma = 0.0, sigma_error = 0.0;      ///< and of the width [u]
  double fraction = 0.0, fraction_error = 0.0;  ///< of the outlier fraction [1]; 0 without outliers in the model
  double edge_mass = 0.0;              ///< part of the probability in the outermost nodes: near 0 when the grid is wide enough
};

/// Posterior of Gaussian data: ln L = -N ln sigma - sum (x - mean)^2 / (2 sigma^2); flat prior of the mean, 1 / sigma of the width.
/// @param values  (N,) [u], finite, N >= 2
/// @param grid    2 to 1024 nodes each way, ascending, sigma > 0
/// @throws InputError  N < 2, a value that is not finite, a grid as above
/// @cost          O(N + means * sigmas)
/// @source        Ivezić et al. 2014, Statistics, Data Mining, and Machine Learning in Astronomy, eqs. 5.56-5.58
[[nodiscard]] MeanSigmaPosterior gaussian_posterior(std::span<const double> values, const MeanSigmaGrid& grid);

struct OutlierOptions {
  double outlier_sigma = 3.0;   ///< width w of the outliers about the same mean [u], > 0
  double max_fraction = 0.5;    ///< the fraction has a flat prior on (0, max_fraction)
  Index fractions = 32;         ///< nodes of the midpoint rule over the fraction
};

/// The same when a value is an outlier with probability f: L = prod_i [(1 - f) N(x_i; mean, sigma) + f N(x_i; mean, w)], with f
/// integrated over its flat prior. The midpoint rule is exact to 0.1 % while the posterior of f is wider than 0.6 of a step.
/// @param values   (N,) [u], finite, N >= 2
/// @param grid     as gaussian_posterior
/// @param options  outlier_sigma in (0, 1e12 sigma_low], max_fraction in (0, 1], fractions in [1, 256]
/// @throws InputError  as gaussian_posterior, and options outside these limits
/// @cost           O(means * sigmas * N * fractions) time, about 0.2 ns each; O(means * N) memory
/// @source         Hogg, Bovy & Lang 2010, arXiv:1008.4686, eq. 17 (mixture of good and bad points); Ivezić et al. 2014, sect. 5.6.7
[[nodiscard]] MeanSigmaPosterior outlier_posterior(std::span<const double> values, const MeanSigmaGrid& grid,
                                                   const OutlierOptions& options = {});

/// The same in slices. The values must outlive the task.
[[nodiscard]] Task<MeanSigmaPosterior> outlier_posterior_task(Budget& budget, std::span<const double> values, MeanSigmaGrid grid,
                                                              OutlierOptions options);

/// Heights of log_density that enclose the given parts of the probability, one each, in the order given: {0.683, 0.954} give
/// the contours called 1 and 2 sigma. @param parts in (0, 1). @throws InputError a part outside (0, 1). @cost O(M log M)
[[nodiscard]] std::vector<double> enclosing_levels(const MeanSigmaPosterior& posterior, std::span<const double> parts);

}  // namespace orrery::stats
