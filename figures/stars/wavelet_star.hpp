#pragma once
// The star of the wavelet figure, and what of a file it cannot take.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "common.hpp"
#include "orrery/core/random.hpp"
#include "orrery/data/series.hpp"

namespace orrery::figures::stars {

/// Frequency of the simulated star at a time, whose period changes evenly from one end to the other; and the phase so far.
struct Drift {
  double period = 10.0, change = 0.0, days = 400.0;
  [[nodiscard]] double period_at(double t) const { return period * (1.0 + change * t / days); }
  [[nodiscard]] double turns(double t) const {
    return std::fabs(change) < 1e-9 ? t / period : days / (period * change) * std::log1p(change * t / days);
  }
};

inline Drift drift_of(const live::FrameContext& c) { return {c.number("true_period"), 0.01 * c.number("drift"), c.number("days")}; }

inline data::Series drifting_star(const live::FrameContext& c, std::uint64_t seed) {
  const Drift drift = drift_of(c);
  const double pause = 0.01 * c.number("pause"), sigma = c.number("sigma");
  Random random(seed, 8);
  data::Series s{.name = "simulated star", .y_label = "magnitude", .y_unit = "mag", .quantity = data::Quantity::magnitude};
  for (Index i = 0; i < c.integer("visits"); ++i) s.t.push_back(drift.days * random.uniform());
  std::sort(s.t.begin(), s.t.end());
  for (const double t : s.t) {
    const bool quiet = std::fabs(t / drift.days - 0.5) < 0.5 * pause;
    s.y.push_back(14.0 + (quiet ? 0.0 : 0.1 * std::sin(2.0 * std::numbers::pi * drift.turns(t))) + sigma * random.normal());
    s.sigma.push_back(sigma);
  }
  return s;
}

inline std::string wavelet_trouble(const data::Series& s) {
  if (s.size() > 20'000) return "The file has " + std::to_string(s.size()) + " measurements; this figure takes up to 20,000.";
  if (s.size() < 10) return "Fewer than 10 measurements do not show a change of period.";
  if (s.bands() > 1) return "The file has several bands: choose the value column of one.";
  const auto [low, high] = std::minmax_element(s.y.begin(), s.y.end());
  if (!(*high > *low)) return "All values are equal: there is nothing that could change.";
  if (!(s.t.back() > s.t.front())) return "All measurements are at the same time.";
  return {};
}

}  // namespace orrery::figures::stars
