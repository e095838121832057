#pragma once
// The histogram of the folded series behind a fixed signature.
#include <cstdint>

#include "orrery/period/conditional_entropy.hpp"
#include "orrery/period/statistic_detail.hpp"

namespace orrery::period::detail {

/// What does not depend on the frequency.
struct EntropyTable {
  FoldedSeries series;
  std::vector<std::int32_t> row;  ///< (N,) value bin of each point
  std::vector<double> n_log_n;    ///< n ln n for n = 0 ... N
};

/// H at frequency[begin] ... frequency[end - 1].
void entropy_piece(const EntropyTable& table, const TrialFrequencies& frequency, const ConditionalEntropyOptions& options, Index begin,
                   Index end, double* out);

}  // namespace orrery::period::detail
