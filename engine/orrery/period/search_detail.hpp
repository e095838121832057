#pragma once
// Pieces of find_period.
#include <cstdint>
#include <vector>

#include "orrery/period/search.hpp"

namespace orrery::period::detail {

/// Power of all fitted bands together on the grid: sum_b chi2_0b p_b / sum_b chi2_0b.
[[nodiscard]] Task<std::vector<double>> combined_power(Budget& budget, const data::Series& series, const SearchRange& range,
                                                       const PeriodSearch& search);

/// 1 for rows within `clip` robust errors of the model.
[[nodiscard]] std::vector<std::uint8_t> clipped_rows(const data::Series& series, const PeriodModel& model, double clip);

/// Fills everything in the report that follows from its power: best model, error, rivals, false-alarm probability.
[[nodiscard]] Task<bool> explain_peaks(Budget& budget, const data::Series& used, const PeriodSearch& search, PeriodReport& report);

}  // namespace orrery::period::detail
