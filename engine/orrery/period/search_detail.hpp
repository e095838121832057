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

/// Noise statistics of the highest of many powers. With m = K B, r = (N - B) / 2 - m, W = frequency span * effective baseline:
///   FAP = 1 - (1 - P(Beta(m, r) > p)) exp(-tau),  tau = W E(K, B) Gamma(m + r) / (Gamma(m) Gamma(r + 1/2)) p^(m - 1/2) (1-p)^(r - 1/2)
/// K = B = 1 is Baluev 2008, MNRAS 385, 1279, eq. 6 and table 1; E for K > 1 is the factor of Baluev 2009, MNRAS 395, 1541.
struct AlarmLaw {
  double half_columns = 0.0;  ///< m
  double half_rest = 0.0;     ///< r; <= 0: too few points, every power is noise
  double log_rate = 0.0;      ///< logarithm of the factor before p
};
[[nodiscard]] AlarmLaw alarm_law(double effective_baseline, double frequency_span, Index n, Index bands, int harmonics);

/// Natural logarithm of the false-alarm probability of a standard power; never -inf for power < 1.
[[nodiscard]] double log_false_alarm(const AlarmLaw& law, double power);

}  // namespace orrery::period::detail
