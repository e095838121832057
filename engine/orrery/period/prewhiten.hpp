#pragma once
#include <span>
#include <string>
#include <vector>

#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/period/frequency_grid.hpp"

namespace orrery::period {

/// A sinusoid amplitude sin(2 pi (frequency (t - epoch) + phase)), with one-sigma errors of the fit of all modes together.
struct Mode {
  double frequency = 0.0, frequency_error = 0.0;  ///< [1/day]
  double amplitude = 0.0, amplitude_error = 0.0;  ///< [u]
  double phase = 0.0, phase_error = 0.0;          ///< [turn] in [0, 1)
  double snr = 0.0;                  ///< amplitude over the mean amplitude of the final residuals around the frequency
  double log10_false_alarm = 0.0;    ///< of the peak in the residuals it was found in
  /// What it may be of modes found before it: "2 f1", "f1 / 2", "f1 + f2", "2 f2 - f1"; empty: none, see relate_modes.
  std::string relation = {};
  bool resolved = true;              ///< no other mode is nearer than 1.5 / T, where frequencies begin to pull each other
};

/// When to stop, and how.
struct PrewhitenOptions {
  Index max_modes = 20;
  double min_snr = 4.0;           ///< a mode below ends the search and is not kept; 0: not asked
  double max_false_alarm = 0.0;   ///< a peak with a larger Baluev probability ends the search; 0: not asked
  double noise_box = 0.0;         ///< [1/day] full width of the noise's average; 0: 2 per day, but 30 / T to the whole grid
  double separation = 1.5;        ///< the next mode is looked for so many 1 / T away from all others
  bool stages = false;            ///< keep the answer after each number of modes
};

/// Why no further mode was taken.
enum class PrewhitenStop { count, snr, false_alarm, no_peak, too_few_points };

/// Sinusoids found one after the other in what the ones before leave.
struct Prewhitening {
  std::vector<Mode> modes;        ///< as found
  double epoch = 0.0;             ///< [day] phase 0: the weighted mean of the times, rounded to a day
  double offset = 0.0;            ///< [u]
  double chi2 = 0.0, chi2_0 = 0.0;  ///< of the model, and of the mean alone; without sigma sums of squares
  Index dof = 0;                  ///< N - 1 - 3 modes
  std::vector<double> residual;   ///< (N,) [u] values minus model
  std::vector<double> amplitude;  ///< (grid.count,) [u] amplitude spectrum of the residuals, sqrt(2 P var), see below
  PrewhitenStop stop = PrewhitenStop::count;
  std::vector<Prewhitening> stages;  ///< when asked for: after 0, 1, ... modes; the last is this answer
};

/// Iterative prewhitening: the highest peak of the residuals' Lomb-Scargle power is refined and joins the modes; all modes are then
/// fitted together (offset, amplitudes, phases and frequencies, Levenberg-Marquardt); and so on. The amplitude spectrum is
/// A(f) = sqrt(2 P(f) var), P the standard power and var the weighted mean square of the residuals: that of the best sinusoid when
/// the window is not at work. Errors are those of the covariance matrix times the reduced chi2; for white noise s, even sampling and
/// separated modes they tend to error(A) = sqrt(2 / N) s, error(phase) = error(A) / (2 pi A), error(f) = sqrt(6 / N) s / (pi T A).
/// Peaks nearer than separation / T to a mode are passed over: what the sampling cannot separate would only split the mode.
/// @param series   t (N,) [day], y (N,) [u], sigma (N,) [u] or empty; any order; N > 3, and fewer than 5 have no mode
/// @param grid     as for lomb_scargle_fast: where modes may lie
/// @throws InputError  as lomb_scargle_fast; options out of range
/// @cost           for each mode one lomb_scargle_fast or two, and some 5 to 20 steps of O(N modes^2)
/// @source         Breger et al. 1993, A&A 271, 482 (S/N > 4); Montgomery & O'Donoghue 1999, DSSN 13, 28 (errors); Loumos & Deeming 1978,
///                 Ap&SS 56, 285 (1.5 / T); Lenz & Breger 2005, CoAst 146, 53
[[nodiscard]] Prewhitening prewhiten(const SeriesView& series, const FrequencyGrid& grid, const PrewhitenOptions& options = {});
/// The same in slices, with progress. What the view shows must outlive the task.
[[nodiscard]] Task<Prewhitening> prewhiten_task(Budget& budget, SeriesView series, FrequencyGrid grid, PrewhitenOptions options = {});

/// offset + all modes at times t (M,) [day]. @cost O(M modes)
[[nodiscard]] std::vector<double> mode_model(const Prewhitening& found, std::span<const double> t);

/// Mean of an amplitude spectrum around each frequency, in a box that is moved inside at the ends: what a mode's S/N divides by.
/// @param amplitude  (grid.count,)
/// @param box        [1/day] full width > 0
/// @throws InputError  amplitude.size() is not grid.count; box not > 0
/// @cost O(F)
[[nodiscard]] std::vector<double> noise_level(std::span<const double> amplitude, const FrequencyGrid& grid, double box);
/// The box that noise_box = 0 stands for. @param span [day] @return max(2, 30 / span) [1/day]
[[nodiscard]] double default_noise_box(double span);

/// Names the modes that may be harmonics or combinations of earlier ones without a name: k f, f / 2, and i f + j g with
/// |i| + |j| <= 4, the simplest that lies within three standard errors (of the three frequencies together), but 0.1 / T at least and
/// 0.5 / T at most. By chance one does with a probability of about 0.2 / T times the number of combinations (30 of 2 modes, 700 of 10)
/// over the range searched.
/// @param span  T [day]
/// @cost O(modes^3)
void relate_modes(std::span<Mode> modes, double span);

/// A few words: "signal to noise below the limit".
[[nodiscard]] std::string stop_words(PrewhitenStop stop);

}  // namespace orrery::period
