#pragma once
// The window function of a set of times, and the aliases it makes of a frequency.
#include <vector>

#include "orrery/core/task.hpp"
#include "orrery/period/frequency_grid.hpp"

namespace orrery::figures::lectures {

/// W(f) = |(1/N) sum_j exp(2 pi i f t_j)|^2 on a regular grid, by turning every point's phasor step by step.
/// @param t     (N,) [day]; should be near zero: the caller takes the middle of the series off
/// @param grid  any first >= 0
/// @return      (count,) [1], in [0, 1]
/// @cost        O(N count), about 1 ns each
/// @source      Deeming 1975, Ap&SS 36, 137, eq. 10; Roberts, Lehar & Dreher 1987, AJ 93, 968
[[nodiscard]] Task<std::vector<double>> spectral_window_task(Budget& budget, std::vector<double> t, period::FrequencyGrid grid);

/// A frequency at which the window is high: an offset between a frequency and its alias.
struct WindowPeak {
  double frequency = 0.0;  ///< [1/day]
  double height = 0.0;     ///< W there
};

/// Local maxima of the window above `lowest`, apart by at least `apart`, and not within it of zero; the `most` highest, by height.
/// @cost O(count + peaks log peaks)
[[nodiscard]] std::vector<WindowPeak> window_peaks(const std::vector<double>& window, const period::FrequencyGrid& grid, double lowest,
                                                   double apart, Index most);

/// Where a sinusoid at `frequency` shows again: |frequency - offset| and frequency + offset, with the height of the window.
struct Alias {
  double frequency = 0.0;  ///< [1/day]
  double height = 0.0;     ///< expected part of the true peak's power
  double offset = 0.0;     ///< signed [1/day]: alias = |frequency + offset|
};
[[nodiscard]] std::vector<Alias> aliases_of(double frequency, const std::vector<WindowPeak>& peaks, double highest_frequency);

}  // namespace orrery::figures::lectures
