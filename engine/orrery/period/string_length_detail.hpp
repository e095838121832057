#pragma once
// The string through the points behind a fixed signature.
#include "orrery/period/statistic_detail.hpp"
#include "orrery/period/string_length.hpp"

namespace orrery::period::detail {

/// Lengths at frequency[begin] ... frequency[end - 1] before their normalisation: the sum of squares, the weighted mean square, or
/// the length itself.
void string_piece(const FoldedSeries& series, const TrialFrequencies& frequency, StringMeasure measure, Index begin, Index end,
                  double* out);

}  // namespace orrery::period::detail
