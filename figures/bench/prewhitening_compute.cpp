// What the figure of prewhitening computes beside the modes: CLEAN of what is left, and the window.
#include <algorithm>
#include <cmath>

#include "orrery/period/window.hpp"
#include "prewhitening.hpp"

namespace orrery::statistics {
namespace {

constexpr Index kMostModePoints = 20'000;       // more are thinned
constexpr Index kMostModeFrequencies = 200'000;
constexpr Index kMostCleanFrequencies = 110'000;
constexpr Index kCleanRounds = 100;

}  // namespace

ModeSettings mode_settings(const live::FrameContext& c) {
  ModeSettings s{.modes = c.integer("modes"), .snr = c.number("snr"), .gain = c.number("gain"), .clean = c.toggle("clean")};
  s.rows.search = given_range(c);
  s.rows.band = c.choice("band");
  return s;
}

RowData mode_rows(const data::Series& series, const ModeSettings& settings) { return row_data(series, settings.rows, kMostModePoints); }

period::SearchRange mode_range(const RowData& data, const ModeSettings& settings) {
  auto search = settings.rows.search;
  search.oversampling = 5.0;
  search.max_frequencies = kMostModeFrequencies;
  return period::search_range(data.series, search);
}

Task<CleanLeft> clean_left(Budget& budget, const RowData& data, std::vector<double> residual, period::SearchRange range, double gain) {
  CleanLeft out;
  const double highest = range.grid.last(), step = 0.2 / range.baseline;
  if (highest / step > double(kMostCleanFrequencies)) co_return out;
  const SeriesView left{data.series.t, residual, data.series.sigma};
  out.spectrum = co_await period::clean_task(budget, left, highest, step, {.gain = gain, .iterations = kCleanRounds});
  co_return out;
}

Task<std::vector<double>> window_amplitude(Budget& budget, const RowData& data, period::FrequencyGrid grid) {
  const period::FrequencyGrid around{0.0, grid.step, grid.count};
  auto window = co_await period::spectral_window_task(budget, data.series.view(), around);
  for (double& w : window) w = std::sqrt(w);
  co_return window;
}

Index ModeScene::significant() const {
  Index n = 0;
  while (n < most() && snr_when_found(n + 1) >= settings.snr) ++n;
  return n;
}

}  // namespace orrery::statistics
