#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/gp/damped_random_walk.hpp"
#include "orrery/period/false_alarm.hpp"
#include "orrery/period/frequency_grid.hpp"

namespace orrery::period {

/// Settings of red_noise_null.
struct RedNoiseOptions {
  LombScargleOptions periodogram;                         ///< as the power was made; threads
  gp::DampedRandomWalkOptions walk{.fit_jitter = true};   ///< of the fit; with a jitter, errors that are too small are no red noise
  Index resamples = 1000;                                 ///< simulated series whose maxima are kept
  Index reference = 200;                                  ///< further ones that give the expected power
  std::uint64_t seed = 0;
};

/// What red noise shows in one search: the null hypothesis "the star is a damped random walk", seen at these times with these
/// errors. Depth means -ln(1 - Z) of the standard power Z.
struct RedNoiseNull {
  std::vector<gp::DampedRandomWalkFit> walks;  ///< one a band; all with one time scale
  FrequencyGrid grid;
  Normalization normalization = Normalization::standard;
  double chi2_0 = 0.0;                     ///< of the data, for psd
  std::vector<double> expected;            ///< (F,) mean depth that the walk shows at each frequency
  std::vector<double> maxima;              ///< (resamples,) ascending: the highest depth anywhere
  std::vector<double> relative_maxima;     ///< (resamples,) ascending: the highest depth / expected anywhere
};

/// Fits a damped random walk to the series (mean integrated over), simulates it at the same times with the same errors, and puts
/// every simulation through the same search; the transforms of the window are shared. Several bands are one walk with a standard
/// deviation of their own each: the weighted mean of their ln tau, then sigma and jitter again for each.
///
/// What it claims: how often a damped random walk with the fitted parameters shows such a peak. It does not know the error of the
/// parameters (series shorter than about ten time scales), nor noise of another shape. A strong signal is part of what is
/// fitted and makes the walk louder: the probability is then too high, never too low.
/// @param bands  searched together (lomb_scargle_multiband), or one series; each N_b > 2K + 1 and >= 4
/// @throws InputError  as lomb_scargle_multiband and fit_damped_random_walk; resamples or reference < 1; a grid that needs more than 4 GB
/// @cost         (resamples + reference) * (K FFTs of the grid) a band, plus the fits
/// @source       Vaughan 2005, A&A 431, 391 (power relative to the expected); Kelly et al. 2009, ApJ 698, 895 (the process)
[[nodiscard]] RedNoiseNull red_noise_null(std::span<const SeriesView> bands, const FrequencyGrid& grid,
                                          const RedNoiseOptions& options = {});
[[nodiscard]] RedNoiseNull red_noise_null(const SeriesView& series, const FrequencyGrid& grid, const RedNoiseOptions& options = {});
[[nodiscard]] Task<RedNoiseNull> red_noise_null_task(Budget& budget, std::vector<SeriesView> bands, FrequencyGrid grid,
                                                     RedNoiseOptions options = {});

/// Probability that the walk has a peak that stands out as much, anywhere in the search: with a frequency by its depth relative to
/// the expected one there, without by its height alone.
/// @param power      in the null's normalisation
/// @param frequency  [1/day] of the peak; the nearest grid point counts
/// @throws InputError  power NaN, frequency outside the grid by more than a step
/// @cost O(log resamples)
[[nodiscard]] FalseAlarm red_noise_probability(const RedNoiseNull& null, double power, std::optional<double> frequency = {},
                                               bool smooth = false);
/// The power that it reaches with this probability, at one frequency or anywhere. @throws InputError probability outside (0, 1]
[[nodiscard]] double red_noise_level(const RedNoiseNull& null, double probability, std::optional<double> frequency = {},
                                     bool smooth = false);

}  // namespace orrery::period
