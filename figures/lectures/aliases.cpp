#include "aliases.hpp"

#include <algorithm>
#include <cmath>

namespace orrery::figures::lectures {
namespace {

/// Heights that differ by rounding only rank as one, and their order is that of frequency on every machine.
double rank(double height) { return std::round(1e7 * height); }

}  // namespace

std::vector<WindowPeak> window_peaks(const std::vector<double>& window, const period::FrequencyGrid& grid, double lowest, double apart,
                                     Index most) {
  std::vector<WindowPeak> all;
  for (Index k = 1; k + 1 < ssize(window); ++k) {
    const double here = window[at(k)];
    const bool top = here > window[at(k - 1)] && here >= window[at(k + 1)];
    if (!top || here < lowest || grid[k] < apart) continue;
    // Vertex of the parabola through the three samples.
    const double bend = window[at(k - 1)] - 2.0 * here + window[at(k + 1)];
    const double shift = bend < 0.0 ? 0.5 * (window[at(k - 1)] - window[at(k + 1)]) / bend : 0.0;
    all.push_back({grid[k] + shift * grid.step, here});
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return rank(a.height) > rank(b.height); });
  std::vector<WindowPeak> kept;
  for (const auto& peak : all) {
    const bool near = std::any_of(kept.begin(), kept.end(), [&](const auto& k) { return std::fabs(k.frequency - peak.frequency) < apart; });
    if (!near && ssize(kept) < most) kept.push_back(peak);
  }
  return kept;
}

std::vector<Alias> aliases_of(double frequency, const std::vector<WindowPeak>& peaks, double highest_frequency) {
  std::vector<Alias> result;
  for (const auto& peak : peaks) {
    for (const double offset : {-peak.frequency, peak.frequency}) {
      const double alias = std::fabs(frequency + offset);
      if (alias <= highest_frequency) result.push_back({alias, peak.height, offset});
    }
  }
  std::stable_sort(result.begin(), result.end(), [](const auto& a, const auto& b) { return rank(a.height) > rank(b.height); });
  return result;
}

}  // namespace orrery::figures::lectures
