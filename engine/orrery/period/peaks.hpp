#pragma once
#include <span>
#include <string>
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

/// The highest local maxima, highest first; the ends of the grid count when they rise above their one neighbour.
/// @param power       (grid.count,) any normalisation
/// @param max_count   how many, >= 1
/// @param separation  [1/day] of two peaks closer than this only the higher is kept; 0 keeps all
/// @throws InputError  power.size() is not grid.count, max_count < 1, separation < 0
/// @cost              O(F log F) in the number of maxima
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

/// Another period that the sampling may have turned the best one into.
struct Alias {
  std::string name;         ///< "1 solar day", "2 sidereal days", "1 year", "half", "double", "third"
  double frequency = 0.0;   ///< [1/day] at the local maximum of power nearest to where the alias is expected
  double period = 0.0;      ///< [day]
  double power = 0.0;       ///< standard
  double delta_chi2 = 0.0;  ///< chi2 - chi2 of the best, in units of the best's reduced chi2
  bool excluded = false;    ///< delta_chi2 above AliasOptions::exclusion
};

/// Settings of aliases.
struct AliasOptions {
  LombScargleOptions model;    ///< harmonics, mean
  double exclusion = 13.8155;  ///< delta chi2 of a likelihood ratio of 1/1000: 2 ln 1000
  double max_frequency = 0.0;  ///< [1/day] aliases above are left out; 0: none is
};

/// Rival periods of a best one, by power. A signal at f seen at the times of a spectral window with peaks at g also rises at
/// |f + n g|: here g = 1 and 1.0027379 (solar and sidereal day; n = +-1, +-2) and 1 / 365.25 per day (n = +-1, where the span of
/// the series resolves it), and 2 f, f / 2, 3 f for mistaken harmonics. Each is refined on the exact sums; rivals that turn out
/// to be one peak are named by the expectation nearest to it.
/// @param series  as harmonic_fit; times in days
/// @param best    fit at the best period
/// @throws InputError  as harmonic_fit; exclusion not > 0
/// @cost          O(N K^2) for each of about 13 rivals and 10 steps
/// @source        Dawson & Fabrycky 2010, ApJ 722, 937 (aliases of day and year); VanderPlas 2018, ApJS 236, 16, sect. 7.2
[[nodiscard]] std::vector<Alias> aliases(const SeriesView& series, const HarmonicFit& best, const AliasOptions& options = {});

}  // namespace orrery::period
