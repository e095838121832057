#include "orrery/period/peaks.hpp"

#include <algorithm>
#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"

namespace orrery::period {
namespace {

constexpr double kSamePower = 1e-8;  // of the highest: above the rounding of any transform, below what noise could mean

void require_spectrum(std::span<const double> power, const FrequencyGrid& grid, const char* where) {
  if (ssize(power) != grid.count || grid.count < 1) {
    fail(ErrorKind::input, where,
         "expected one power a grid frequency, got " + std::to_string(power.size()) + " and " + std::to_string(grid.count));
  }
}

/// Top of a plateau or peak at i: not below either neighbour, and above the one before (so that a plateau counts once).
bool is_maximum(std::span<const double> power, std::size_t i) {
  const bool above_left = i == 0 || power[i] > power[i - 1];
  const bool above_right = i + 1 == power.size() || power[i] >= power[i + 1];
  return above_left && above_right;
}

Peak peak_at(std::span<const double> power, const FrequencyGrid& grid, std::size_t i) {
  Peak peak{Index(i), grid[Index(i)], power[i]};
  if (i > 0 && i + 1 < power.size()) {
    const double bend = power[i - 1] - 2.0 * power[i] + power[i + 1];
    if (bend < 0.0) peak.frequency += grid.step * std::clamp(0.5 * (power[i - 1] - power[i + 1]) / bend, -0.5, 0.5);
  }
  return peak;
}

}  // namespace

std::vector<Peak> local_maxima(std::span<const double> power, const FrequencyGrid& grid, Index max_count, double separation) {
  require_spectrum(power, grid, "local_maxima");
  if (max_count < 1 || !(separation >= 0.0)) {
    fail(ErrorKind::input, "local_maxima",
         "expected max_count >= 1 and separation >= 0, got " + std::to_string(max_count) + " and " + number_text(separation));
  }
  std::vector<std::size_t> tops;
  for (std::size_t i = 0; i < power.size(); ++i) {
    if (is_maximum(power, i)) tops.push_back(i);
  }
  // A heap: only as many come to the top as are wanted, and what is equal to the last of them.
  const auto lower = [&](std::size_t a, std::size_t b) { return power[a] != power[b] ? power[a] < power[b] : a > b; };
  std::make_heap(tops.begin(), tops.end(), lower);
  const double tie = tops.empty() ? 0.0 : kSamePower * std::fabs(power[tops.front()]);
  std::vector<Peak> peaks;
  for (auto end = tops.end(); end != tops.begin() && ssize(peaks) < max_count;) {
    const auto group_end = end;
    do {
      std::pop_heap(tops.begin(), end, lower);
      --end;
    } while (end != tops.begin() && power[*end] - power[tops.front()] <= tie);
    std::sort(end, group_end);
    for (auto top = end; top != group_end && ssize(peaks) < max_count; ++top) {
      const Peak peak = peak_at(power, grid, *top);
      const auto close_by = [&](const Peak& other) { return std::fabs(other.frequency - peak.frequency) < separation; };
      if (std::none_of(peaks.begin(), peaks.end(), close_by)) peaks.push_back(peak);
    }
  }
  return peaks;
}

Peak snap_to_peak(std::span<const double> power, const FrequencyGrid& grid, double frequency) {
  require_spectrum(power, grid, "snap_to_peak");
  if (!std::isfinite(frequency)) fail(ErrorKind::input, "snap_to_peak", "expected a finite frequency, got " + number_text(frequency));
  const double place = grid.step > 0.0 ? (frequency - grid.first) / grid.step : 0.0;
  const Index start = Index(std::clamp(std::round(place), 0.0, double(grid.count - 1)));
  for (Index distance = 0; distance < grid.count; ++distance) {
    const Index nearer = place >= double(start) ? 1 : -1;
    for (const Index i : {start + nearer * distance, start - nearer * distance}) {
      if (i >= 0 && i < grid.count && is_maximum(power, at(i))) return peak_at(power, grid, at(i));
    }
  }
  return peak_at(power, grid, at(start));
}

HarmonicFit refine_peak(const SeriesView& series, double frequency, double within, const LombScargleOptions& options) {
  if (!(within > 0.0) || !std::isfinite(within)) {
    fail(ErrorKind::input, "refine_peak", "expected a finite range > 0, got " + number_text(within));
  }
  HarmonicFit best = harmonic_fit(series, frequency, options);
  const double low = std::max(frequency - within, 1e-3 * frequency);
  const double high = frequency + within;
  double curvature = 0.0;  // d^2 chi2 / d f^2 of the last step; 0: take Gauss and Newton's
  for (int step = 0; step < 30 && std::isfinite(best.frequency_error) && best.chi2 > 0.0; ++step) {
    const double expected = 2.0 * best.information;
    double move = -best.slope / (curvature > 0.05 * expected ? curvature : expected);
    if (std::fabs(move) < 1e-5 * best.frequency_error || !std::isfinite(move)) break;
    bool better = false;
    for (int halving = 0; halving < 12 && !better; ++halving, move *= 0.5) {
      const double f = std::clamp(best.frequency + move, low, high);
      if (f == best.frequency) break;
      auto trial = harmonic_fit(series, f, options);
      better = trial.chi2 < best.chi2;
      if (better) {
        curvature = (trial.slope - best.slope) / (trial.frequency - best.frequency);
        best = std::move(trial);
      }
    }
    if (!better) break;
  }
  return best;
}

}  // namespace orrery::period
