// From a periodogram to the periods that explain the data.
#include <algorithm>
#include <cmath>
#include <utility>

#include "orrery/period/peaks.hpp"
#include "orrery/period/rivals_detail.hpp"
#include "orrery/period/search_detail.hpp"

namespace orrery::period::detail {
namespace {

constexpr double kSameFit = 9.0;               // delta chi2 of 3 sigma for one parameter
constexpr Index kPeaks = 6;                    // peaks of the grid that are refined
constexpr double kFully = 1e-6;                // of the frequency error: what is shown is rounded to a thousandth of it

struct Peaks {
  const data::Series& series;
  const PeriodSearch& search;
  const PeriodReport& report;

  [[nodiscard]] PeriodModel refined(double frequency, double tolerance) const {
    PeriodModel like;
    like.harmonics = search.harmonics;
    return detail::refined(series, like, report.range.grid, frequency, report.range.baseline, search.fit_mean, tolerance);
  }
  [[nodiscard]] double least_delta(const PeriodModel& best, Index i) const { return detail::least_delta(report.power[at(i)], best); }
};

/// With K > 1 the model at m times the true period contains the true model: the shorter period is taken unless the longer one gains
/// more than 3 sigma for the choice and 2 for each coefficient that it has between the harmonics of the shorter (AIC).
PeriodModel shortest_equal(const Peaks& peaks, PeriodModel best) {
  for (int m = peaks.search.harmonics; m >= 2; --m) {
    const Index i = highest_near(peaks.report.power, peaks.report.range.grid, m * best.frequency, 1.0 / peaks.report.range.baseline);
    const int between = 2 * (peaks.search.harmonics - peaks.search.harmonics / m) * int(best.bands.size());
    const double allowed = kSameFit + 2.0 * between;
    if (i < 0 || peaks.least_delta(best, i) > allowed) continue;
    PeriodModel shorter = peaks.refined(m * best.frequency, kRoughly);
    if (shorter.chi2 - best.chi2 < allowed * best.scale * best.scale) return peaks.refined(shorter.frequency, kFully);
  }
  return best;
}

/// The law of the bands that the model has.
AlarmLaw law_of(const data::Series& series, const PeriodModel& model, const PeriodSearch& search, const FrequencyGrid& grid) {
  std::vector<data::Series> bands;
  for (const BandModel& band : model.bands) bands.push_back(data::select_band(series, band.band));
  std::vector<SeriesView> views;
  for (const auto& band : bands) views.push_back(band.view());
  return alarm_law(views, grid.last() - grid.first, {.harmonics = search.harmonics, .fit_mean = search.fit_mean});
}

/// Highest minus lowest model value in the band with most points.
double full_range(const PeriodModel& model) {
  if (model.bands.empty()) return 0.0;
  const auto band = std::max_element(model.bands.begin(), model.bands.end(), [](const auto& a, const auto& b) { return a.n < b.n; });
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (int i = 0; i < 512; ++i) {
    const double v = model.value(band - model.bands.begin(), i / 512.0);
    low = std::min(low, v), high = std::max(high, v);
  }
  return high - low;
}

}  // namespace

Task<bool> explain_peaks(Budget& budget, const data::Series& used, const PeriodSearch& search, PeriodReport& report) {
  const FrequencyGrid& grid = report.range.grid;
  const Peaks peaks{used, search, report};
  const auto maxima = local_maxima(report.power, grid, kPeaks, 1.0 / report.range.baseline);
  report.at_edge = maxima.front().index == 0 || maxima.front().index + 1 == grid.count;

  std::vector<PeriodModel> models;
  for (const Peak& peak : maxima) {
    // The third and lower peaks matter only while they may still turn out to be rivals.
    if (models.size() >= 2 && peaks.least_delta(models.front(), peak.index) > far_behind(used, models.front())) break;
    const bool edge = peak.index == 0 || peak.index + 1 == grid.count;
    const double f = grid[peak.index];
    models.push_back(edge ? fit_period(used, f, search.harmonics, search.fit_mean) : peaks.refined(f, kRoughly));
    co_await budget.pause();
  }
  const auto lowest = std::min_element(models.begin(), models.end(), [](const auto& a, const auto& b) { return a.chi2 < b.chi2; });
  // Perfect aliases differ by rounding only: the longest period of those is taken, on every machine.
  const double tie = lowest->chi2 + 1e-3 * std::max(lowest->scale * lowest->scale, 1e-9 * lowest->chi2_0);
  auto first = lowest;
  for (auto m = models.begin(); m != models.end(); ++m) {
    if (m->chi2 <= tie && m->frequency < first->frequency) first = m;
  }
  PeriodModel best = report.at_edge && first == models.begin() ? *first : peaks.refined(first->frequency, kFully);
  best = shortest_equal(peaks, std::move(best));
  co_await budget.pause();
  const RivalOptions options{.grid = grid, .power = report.power, .fit_mean = search.fit_mean};
  auto ranked = co_await rivals_task(budget, used, best, std::move(models), options);
  report.rivals = std::move(ranked.rivals);
  report.window = std::move(ranked.window);
  report.ambiguous = ranked.ambiguous;

  report.period = rounded_to_error(best.period(), best.period_error());
  report.period_error = best.period_error();
  report.fit = fit_period(used, 1.0 / report.period, search.harmonics, search.fit_mean);
  report.peak_power = report.fit.power();
  report.alarm = law_of(used, report.fit, search, grid);
  report.log10_false_alarm_probability = log10_false_alarm_probability(report, report.peak_power);
  report.false_alarm_probability = std::pow(10.0, report.log10_false_alarm_probability);
  report.amplitude = full_range(report.fit);
  co_return true;
}

}  // namespace orrery::period::detail
