#pragma once
#include <vector>

#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/period/frequency_grid.hpp"

namespace orrery::period {

/// How far CLEAN goes.
struct CleanOptions {
  double gain = 0.1;         ///< part of a component taken at a time, in (0, 1]; 0.1 to 1: small when peaks interfere
  Index iterations = 1000;   ///< at most
  double floor = 0.0;        ///< [u] it stops when no amplitude of the residual spectrum is above
  bool weighted = true;      ///< points count by 1 / sigma^2; else, or without sigma, equally
  bool restore = true;       ///< components are drawn as the window's own central peak; else as lines of one step
};

/// Complex spectra at frequency k step, k = 0 ... M; phases count from `epoch`. A sinusoid of amplitude A has |S| = A / 2.
struct CleanSpectrum {
  FrequencyGrid grid;              ///< first = 0
  double epoch = 0.0;              ///< [day]
  std::vector<double> dirty_re, dirty_im;          ///< (M + 1,) [u] transform of the series
  std::vector<double> component_re, component_im;  ///< (M + 1,) [u] what was taken out
  std::vector<double> residual_re, residual_im;    ///< (M + 1,) [u] what is left
  std::vector<double> amplitude;   ///< (M + 1,) [u] 2 |components convolved with the central peak + residual|
  std::vector<double> dirty_amplitude;  ///< (M + 1,) [u] 2 |dirty|
  double beam = 0.0;               ///< [1/day] standard deviation of the Gaussian that stands for the central peak
  Index iterations = 0;            ///< done
};

/// One-dimensional complex CLEAN: takes the window's side lobes out of a spectrum. With the sums over points
///   D(f) = sum w (y - mean) exp(-2 pi i f t), W(f) = sum w exp(-2 pi i f t), sum w = 1,
/// the frequency p of the highest |R| (R = D at first) has the component a = (R(p) - R*(p) W(2p)) / (1 - |W(2p)|^2); the gain's part of
/// it and of its image at -p leave: R(f) -= g (a W(f - p) + a* W(f + p)). What was taken is drawn again without side lobes: convolved
/// with a Gaussian fitted to the window's central peak, and the last R is added. It does not invent: with strong aliases the wrong
/// one may be taken, and then stays. For frequencies with errors see prewhiten.
/// @param series   t (N,) [day], y (N,) [u], sigma (N,) [u] or empty; N >= 2
/// @param highest  [1/day] > 0
/// @param step     [1/day] > 0, at most 1 / (4 T): four points across a peak, so that one is near its top
/// @throws InputError  unusable series, times all equal, gain outside (0, 1], iterations < 0, highest / step above 2^25
/// @cost           two blocked transforms, then O(M) an iteration (about 2 ns a frequency) and O(M) for the restored spectrum
/// @source         Roberts, Lehár & Dreher 1987, AJ 93, 968, eqs. 9, 11, 21-26; Högbom 1974, A&AS 15, 417
[[nodiscard]] CleanSpectrum clean(const SeriesView& series, double highest, double step, const CleanOptions& options = {});
/// The same in slices, with progress. What the view shows must outlive the task.
[[nodiscard]] Task<CleanSpectrum> clean_task(Budget& budget, SeriesView series, double highest, double step, CleanOptions options = {});

}  // namespace orrery::period
