#pragma once
// The peaks of a window function, and the aliases they make of a frequency.
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/period/frequency_grid.hpp"

namespace orrery::figures::lectures {

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
