#pragma once
// The bins of phase dispersion minimisation behind a fixed signature.
#include "orrery/period/phase_dispersion.hpp"
#include "orrery/period/statistic_detail.hpp"

namespace orrery::period::detail {

/// Theta at frequency[begin] ... frequency[end - 1].
void dispersion_piece(const FoldedSeries& series, const TrialFrequencies& frequency, const PhaseDispersionOptions& options, Index begin,
                      Index end, double* out);

}  // namespace orrery::period::detail
