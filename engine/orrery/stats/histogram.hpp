#pragma once
#include <span>
#include <vector>

#include "orrery/core/index.hpp"

namespace orrery::stats {

/// Counts in bins of equal width. Bin k holds edge[k] <= x < edge[k + 1]; the last bin holds its upper edge too.
struct Histogram {
  std::vector<double> edge;   ///< (M + 1,) ascending [u]
  std::vector<double> count;  ///< (M,)
  Index outside = 0;          ///< values below the first or above the last edge

  [[nodiscard]] Index bins() const { return ssize(count); }
  [[nodiscard]] double width() const { return edge[1] - edge[0]; }
  /// count / (sum of counts * width) [1/u]; zeros when empty. @cost O(M)
  [[nodiscard]] std::vector<double> density() const;
};

/// @param values  (N,) [u], finite; may be empty
/// @param bins    M, in [1, 10^7]
/// @param low     first and
/// @param high    last edge [u], low < high, finite
/// @throws InputError  a value that is not finite, bins or limits as above
/// @cost          O(N + M)
[[nodiscard]] Histogram histogram(std::span<const double> values, Index bins, double low, double high);

/// Rules for the number of bins over [min x, max x]:
///   scott              width = 3.49 s N^-1/3 with the exact constant (24 sqrt(pi))^1/3, s the standard deviation
///   freedman_diaconis  width = 2 (q75 - q25) N^-1/3
///   knuth              maximum over M of N ln M + ln G(M/2) - M ln G(1/2) - ln G(N + M/2) + sum_k ln G(n_k + 1/2)
/// @source Scott 1979, Biometrika 66, 605, eq. 3.2; Freedman & Diaconis 1981, Z. Wahrscheinlichkeitstheorie 57, 453;
///         Knuth 2006, arXiv:physics/0605197, eq. 31
enum class BinRule { scott, freedman_diaconis, knuth };

/// Number of bins by a rule: ceil((max - min) / width), in [1, max_bins]; 1 when the rule's width is 0 (equal values or quartiles).
/// Knuth's M is searched over every M up to max_bins or 3 times that of freedman_diaconis plus 10, whichever is less.
/// @throws InputError  N < 2, a value that is not finite, max_bins < 1
/// @cost  O(N) (scott, freedman_diaconis); O(M_max (N + M_max)) (knuth)
[[nodiscard]] Index bin_count(std::span<const double> values, BinRule rule, Index max_bins = 10000);

/// Histogram over [min x, max x] with the number of bins of a rule; equal values get one bin of width 1 around them.
/// @throws InputError, @cost as bin_count
[[nodiscard]] Histogram histogram(std::span<const double> values, BinRule rule);

/// ln of Knuth's relative posterior of M bins over [min x, max x], up to a constant. @throws InputError N < 2, M < 1, equal values
/// @cost O(N + M)
[[nodiscard]] double knuth_log_posterior(std::span<const double> values, Index bins);

/// Rectangle of bins for two quantities (a Hess diagram).
struct Grid2d {
  Index x_bins = 50, y_bins = 50;
  double x_low = 0.0, x_high = 1.0;  ///< outer edges
  double y_low = 0.0, y_high = 1.0;
};
struct Histogram2d {
  Grid2d grid;
  std::vector<double> count;  ///< (y_bins, x_bins) row-major; row 0 at y_low
  Index outside = 0;          ///< points outside the rectangle

  [[nodiscard]] double operator()(Index row, Index col) const { return count[at(row * grid.x_bins + col)]; }
};

/// Counts of points in the cells; a cell holds its lower edges, the last row and column their upper edges too.
/// @param x, y  (N,) finite, equal lengths; may be empty
/// @throws InputError  unequal lengths, a value that is not finite, bins outside [1, 10^4], limits not ascending
/// @cost  O(N + cells)
[[nodiscard]] Histogram2d histogram_2d(std::span<const double> x, std::span<const double> y, const Grid2d& grid);

}  // namespace orrery::stats
