#pragma once
#include <span>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/data/series.hpp"
#include "orrery/period/frequency_grid.hpp"
#include "orrery/period/harmonic_fit.hpp"

namespace orrery::period {

/// A local maximum of a power spectrum on a grid.
struct Peak {
  Index index = 0;         ///< of the highest grid point
  double frequency = 0.0;  ///< [1/day] top of the parabola through it and its neighbours
  double power = 0.0;      ///< at the grid point
};

/// The highest local maxima, highest first; the ends of the grid count when they rise above their one neighbour. Of peaks that are
/// equal but for rounding (1e-8 of the highest: perfect aliases of regular sampling) the lowest frequency comes first.
/// @param power       (grid.count,) any normalisation
/// @param max_count   how many, >= 1
/// @param separation  [1/day] of two peaks closer than this only the higher is kept; 0 keeps all
/// @throws InputError  power.size() is not grid.count, max_count < 1, separation < 0
/// @cost              O(F), and O(log F) for each maximum looked at
[[nodiscard]] std::vector<Peak> local_maxima(std::span<const double> power, const FrequencyGrid& grid, Index max_count,
                                             double separation = 0.0);

/// The local maximum nearest to a frequency: where a hand that lets go of a marker means to be.
/// @throws InputError  power.size() is not grid.count, or the grid is empty
/// @cost O(distance), at most O(F)
[[nodiscard]] Peak snap_to_peak(std::span<const double> power, const FrequencyGrid& grid, double frequency);

/// The model at the maximum of the exact power next to a frequency: Newton steps on d chi2 / d f = 0 with the curvature of
/// period_error at first and that of the last step then, kept inside frequency +- within and halved when chi2 would rise.
/// @param within  [1/day] > 0; a grid step, or 1 / (2 T)
/// @return        the fit; its frequency is good to 1e-5 of its error, or lies at an end of the range if chi2 falls towards it
/// @throws InputError  as harmonic_fit; within not > 0
/// @cost          O(N K^2) a step, 3 to 8 steps
[[nodiscard]] HarmonicFit refine_peak(const SeriesView& series, double frequency, double within, const LombScargleOptions& options = {});

}  // namespace orrery::period
