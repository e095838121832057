#pragma once
// Mutual information as trigonometric sums: what does not depend on the frequency, and the sums behind a fixed signature.
#include "orrery/period/mutual_information.hpp"
#include "orrery/period/statistic_detail.hpp"

namespace orrery::period::detail {

/// Strengths of the sums and what is known before any frequency. Columns: 0 ones, 1 the row means g of G, 2 ... the factor L of G.
struct InformationTable {
  std::vector<double> tau;         ///< (N,) [day]
  std::vector<double> strength;    ///< (N, stride) row-major; beyond `columns` zeros
  Index columns = 0, stride = 0;   ///< stride is a multiple of 4
  std::vector<double> decay;       ///< (K,) r^k, k = 1 ... K
  std::vector<Index> used;         ///< (K,) columns that matter at k, multiples of 4, not ascending
  double mean_kernel = 0.0;        ///< mean_ij G_ij
  double joint_at_zero = 0.0;      ///< sum over columns of L of (sum_i L_i)^2
  bool constant = false;           ///< no value differs: the answer is 0
};
/// @throws InputError naming mutual_information
[[nodiscard]] InformationTable information_table(const SeriesView& series, const MutualInformationOptions& options);

/// The divergence at frequency[begin] ... frequency[end - 1].
void information_piece(const InformationTable& table, const TrialFrequencies& frequency, InformationDivergence divergence, Index begin,
                       Index end, double* out);

}  // namespace orrery::period::detail
