#pragma once
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"

namespace orrery::period {

/// Regular grid of lags: lag k is first + k * step, k = 0 ... count - 1.
struct LagGrid {
  double first = 0.0;  ///< [day]
  double step = 1.0;   ///< [day] > 0
  Index count = 0;

  [[nodiscard]] double operator[](Index k) const { return first + step * static_cast<double>(k); }
};

/// Which pairs speak for a lag: those within half a step (slots), or all with a Gaussian weight of their distance to it.
enum class LagKernel { slot, gaussian };

/// Settings of the correlation of series with gaps.
struct CorrelationOptions {
  LagKernel kernel = LagKernel::gaussian;
  double width = 0.0;         ///< [day] standard deviation of the Gaussian; 0: a quarter of the step
  bool remove_noise = false;  ///< variances less the mean square of sigma, and without the pairs of a point with itself: Edelson & Krolik
};

/// Correlation at each lag; columns (L,).
struct CorrelationFunction {
  std::vector<double> lag;    ///< [day]
  std::vector<double> value;  ///< [1] 0 where no pair is
  std::vector<double> error;  ///< [1] standard error of the mean of the pairs' products; infinity for fewer than 2 pairs
  std::vector<double> pairs;  ///< [1] number of pairs; for a Gaussian (sum b)^2 / sum b^2
};

/// Autocorrelation of an unevenly sampled series,
///   value(lag) = sum_ij b(t_j - t_i - lag) u_ij / sum_ij b,  u_ij = (y_i - mean)(y_j - mean) / variance,
/// with b a slot of one step or exp(-d^2 / 2 width^2). With LagKernel::slot and remove_noise it is the discrete correlation function.
/// @param series   t [day], y [u], sigma [u] or empty; (N,) each, N >= 2, any order
/// @param lags     first >= 0, step > 0, count >= 1
/// @return         (count,); errors take the products as independent, which they are not: they are for comparing lags
/// @throws InputError  unusable series, all values equal, noise at least as large as the variance (remove_noise), a bad grid, more than
///                     2e9 pairs within the lags
/// @cost           O(N log N + pairs within the lags); about 2 ns a pair (slot), 20 ns (Gaussian)
/// @source         Rehfeld et al. 2011, Nonlin. Processes Geophys. 18, 389 (kernels); Edelson & Krolik 1988, ApJ 333, 646, eqs. 3-5
[[nodiscard]] CorrelationFunction autocorrelation(const SeriesView& series, const LagGrid& lags, const CorrelationOptions& options = {});
/// The same in slices. What the view shows must outlive the task.
[[nodiscard]] Task<CorrelationFunction> autocorrelation_task(Budget& budget, SeriesView series, LagGrid lags,
                                                             CorrelationOptions options = {});

/// Correlation of two series: at a positive lag b follows a. lags.first may be negative. Otherwise as autocorrelation.
[[nodiscard]] CorrelationFunction cross_correlation(const SeriesView& a, const SeriesView& b, const LagGrid& lags,
                                                    const CorrelationOptions& options = {});

/// One bin of the z-transformed discrete correlation function.
struct ZCorrelationFunction {
  std::vector<double> lag;    ///< [day] mean lag of the bin's pairs
  std::vector<double> low;    ///< [day] smallest and largest lag in it
  std::vector<double> high;
  std::vector<double> value;  ///< [1] correlation coefficient of the bin's pairs
  std::vector<double> error_low, error_high;  ///< [1] downwards and upwards, from Fisher's z
  std::vector<double> pairs;  ///< [1]
};

/// Autocorrelation in bins of equally many pairs: within a bin no point is used twice in the same role, so its pairs are
/// independent, and errors follow from Fisher's z = atanh(r) with its mean and variance to third order in 1 / (n - 1).
/// @param series     as autocorrelation, without sigma
/// @param max_lag    [day] > 0
/// @param min_pairs  of a bin, >= 4; 11 is the paper's
/// @throws InputError  unusable series, max_lag not > 0, min_pairs < 4, more than 5e7 pairs
/// @cost             O(P log P) for P pairs; 16 bytes a pair
/// @source           Alexander 1997, in Astronomical Time Series (Dordrecht: Kluwer), 163 (arXiv:1302.1508), eqs. 3-6
[[nodiscard]] ZCorrelationFunction z_autocorrelation(const SeriesView& series, double max_lag, Index min_pairs = 11);

}  // namespace orrery::period
