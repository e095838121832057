#pragma once
// What the figures of the shelves share: seeds, curves, histograms and words for numbers.
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "orrery/core/text.hpp"
#include "orrery/live/context.hpp"
#include "orrery/stats/histogram.hpp"

namespace orrery::figures {

inline constexpr double kSeedHigh = 99999.0;

/// The control `seed`: which draw of the random numbers is shown.
inline live::Control seed_control() {
  return {.name = "seed", .label = "seed", .unit = "1", .kind = live::ControlKind::integer, .low = 0.0, .high = kSeedHigh, .start = 1.0, .step = 1.0,
          .group = "Draw", .help = "Another seed is another draw of the same experiment."};
}

/// Puts the button "draw again" beside the seed.
inline void offer_draw_again(live::FrameContext& c) {
  const double next = c.number("seed") >= kSeedHigh ? 0.0 : c.number("seed") + 1.0;
  c.frame().actions.push_back({"seed", "draw again", next, "the next seed"});
}

inline std::uint64_t seed_of(const live::FrameContext& c) { return static_cast<std::uint64_t>(c.number("seed")); }

/// The frame of data that nothing can be said of: no marks, and the reason in words.
inline void draw_trouble(live::FrameContext& c, const std::string& words) {
  c.frame() = {};
  for (const auto& panel : c.figure().panels) {
    for (const auto& mark : panel.marks) c.frame().panel(panel.id).mark(mark.id).hidden = true;
    c.frame().panel(panel.id).alt = words;
  }
  c.frame().warn(words);
}

/// n values from low to high, both included. n >= 2.
inline std::vector<double> spaced(double low, double high, Index n) {
  std::vector<double> x(at(n));
  for (Index i = 0; i < n; ++i) x[at(i)] = low + (high - low) * static_cast<double>(i) / static_cast<double>(n - 1);
  return x;
}

/// The same on a logarithmic scale; low > 0.
inline std::vector<double> log_spaced(double low, double high, Index n) {
  auto x = spaced(std::log(low), std::log(high), n);
  for (double& v : x) v = std::exp(v);
  return x;
}

inline void set_line(live::MarkFrame& mark, const std::vector<double>& x, const std::vector<double>& y) {
  mark.set("x", std::span<const double>(x)).set("y", std::span<const double>(y));
}

/// y = f(x) at the given x.
template <class F>
void set_curve(live::MarkFrame& mark, const std::vector<double>& x, F&& f) {
  std::vector<double> y;
  y.reserve(x.size());
  for (const double v : x) y.push_back(f(v));
  set_line(mark, x, y);
}

inline void set_bars(live::MarkFrame& mark, const std::vector<double>& edge, const std::vector<double>& height) {
  mark.set("edge", std::span<const double>(edge)).set("height", std::span<const double>(height));
}

inline void set_point(live::MarkFrame& mark, double x, double y) {
  mark.set("x", std::span<const double>(&x, 1)).set("y", std::span<const double>(&y, 1));
}

inline void set_rule_x(live::MarkFrame& mark, std::vector<double> x, std::vector<std::string> labels = {}) {
  mark.set("x", std::span<const double>(x));
  mark.labels = std::move(labels);
}

inline void set_rule_y(live::MarkFrame& mark, std::vector<double> y, std::vector<std::string> labels = {}) {
  mark.set("y", std::span<const double>(y));
  mark.labels = std::move(labels);
}

/// "12.3" for 0.123: three significant digits.
inline std::string percent(double fraction) { return number_text(100.0 * fraction, 3); }

/// Highest value of a list; 0 when empty.
inline double highest(std::span<const double> values) {
  double high = 0.0;
  for (const double v : values) high = v > high ? v : high;
  return high;
}

}  // namespace orrery::figures
