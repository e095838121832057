// Local bests of a curve, sought between its frequencies.
#include <algorithm>
#include <cmath>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/period/peaks.hpp"
#include "orrery/period/period_statistic.hpp"
#include "orrery/period/statistic_detail.hpp"

namespace orrery::period {
namespace {

constexpr const char* kWhere = "period_statistic_peaks";

/// Frequencies around each of the best places of the curve, one after the other: 2 finer + 1 each, those within the grid.
std::vector<std::vector<double>> neighbourhoods(const SeriesView& series, const FrequencyGrid& grid, const PeriodStatisticCurve& curve,
                                                const PeriodStatisticPeakOptions& peaks) {
  if (ssize(curve.value) != grid.count) {
    fail(ErrorKind::input, kWhere, "expected a curve at the grid's " + std::to_string(grid.count) + " frequencies, got " +
                                       std::to_string(curve.value.size()));
  }
  detail::require_range(peaks.count, 1, 1000, kWhere, "count");
  detail::require_range(peaks.finer, 1, 1000, kWhere, "finer");
  if (grid.count == 0 || series.t.empty()) return {};
  std::vector<double> good(curve.value);
  for (double& v : good) v = curve.minimum ? -v : v;
  const auto [first, last] = std::minmax_element(series.t.begin(), series.t.end());
  const double apart = *last > *first ? 1.0 / (*last - *first) : 0.0;
  std::vector<std::vector<double>> all;
  for (const Peak& peak : local_maxima(good, grid, peaks.count, apart)) {
    std::vector<double> around;
    for (Index k = -peaks.finer; k <= peaks.finer; ++k) {
      const double f = grid[peak.index] + grid.step * static_cast<double>(k) / static_cast<double>(peaks.finer);
      if (f >= grid.first && f <= grid.last()) around.push_back(f);  // the range asked for, and nothing beyond
    }
    all.push_back(std::move(around));
  }
  if (all.empty()) all.push_back({grid[curve.best]});  // a flat curve has no local best
  return all;
}

void put_best_first(std::vector<PeriodStatisticPeak>& peaks, bool minimum) {
  std::stable_sort(peaks.begin(), peaks.end(), [&](const auto& a, const auto& b) { return minimum
      ? a.value < b.value : a.value > b.value; });
}

}  // namespace

std::vector<PeriodStatisticPeak> period_statistic_peaks(const SeriesView& series, const FrequencyGrid& grid,
                                                        const PeriodStatisticCurve& curve, PeriodStatistic kind,
                                                        const PeriodStatisticOptions& options, const PeriodStatisticPeakOptions& peaks) {
  std::vector<PeriodStatisticPeak> out;
  for (const auto& around : neighbourhoods(series, grid, curve, peaks)) {
    const auto fine = period_statistic(series, around, kind, options);
    out.push_back({around[at(fine.best)], fine.value[at(fine.best)]});
  }
  put_best_first(out, curve.minimum);
  return out;
}

Task<std::vector<PeriodStatisticPeak>> period_statistic_peaks_task(Budget& budget, SeriesView series, FrequencyGrid grid,
                                                                   const PeriodStatisticCurve& curve, PeriodStatistic kind,
                                                                   PeriodStatisticOptions options, PeriodStatisticPeakOptions peaks) {
  std::vector<PeriodStatisticPeak> out;
  const auto all = neighbourhoods(series, grid, curve, peaks);
  for (const auto& around : all) {
    const auto fine = co_await period_statistic_task(budget, series, around, kind, options);
    out.push_back({around[at(fine.best)], fine.value[at(fine.best)]});
  }
  put_best_first(out, curve.minimum);
  co_return out;
}

}  // namespace orrery::period
