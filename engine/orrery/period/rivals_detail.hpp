#pragma once
// What search and rivals share: where the power is high, and how much worse a fit there can be.
#include <span>

#include "orrery/period/frequency_grid.hpp"
#include "orrery/period/period_model.hpp"

namespace orrery::period::detail {

inline constexpr double kRoughly = 1e-2;  // of the frequency error: enough to compare chi2

/// Scaled chi2 beyond which there is no rival: 5 sigma. Where the model's misfit makes chi2 it says less, and more may be one.
[[nodiscard]] double far_behind(const data::Series& series, const PeriodModel& best);

/// Highest grid point within `reach` [1/day] of a frequency; -1 outside the grid.
[[nodiscard]] Index highest_near(std::span<const double> power, const FrequencyGrid& grid, double frequency, double reach);

/// How much worse than `best` the model near a grid point can at best be, in scaled chi2: the grid misses less than a tenth of a peak.
[[nodiscard]] double least_delta(double power, const PeriodModel& best);

/// The model at the top near a grid point, kept inside the grid and its own peak.
[[nodiscard]] PeriodModel refined(const data::Series& series, const PeriodModel& like, const FrequencyGrid& grid, double frequency,
                                  double baseline, bool fit_mean, double tolerance);

}  // namespace orrery::period::detail
