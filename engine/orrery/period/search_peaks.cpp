// From a periodogram to the periods that explain the data.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string_view>

#include "orrery/period/search_detail.hpp"

namespace orrery::period::detail {
namespace {

constexpr double kSidereal = 1.00273790935;    // [1/day] one turn of the Earth under the stars
constexpr double kYearly = 1.0 / 365.2422;     // [1/day]
constexpr double kSameFit = 9.0;               // delta chi2 of 3 sigma for one parameter
constexpr double kFarBehind = 25.0;            // scaled chi2, 5 sigma: no rival
constexpr std::size_t kPeaks = 6;               // peaks of the grid that are refined
constexpr std::size_t kRivals = 8;
constexpr double kFully = 1e-6;                // of the frequency error: what is shown is rounded to a thousandth of it
constexpr double kRoughly = 1e-2;              // of the frequency error: enough to compare chi2

struct Relation {
  double frequency;
  std::string words;
};

std::string cycles(int n, std::string_view unit) {
  constexpr std::array<std::string_view, 4> words = {"", "one cycle", "two cycles", "three cycles"};
  return std::string(words[at(n)]) + " per " + std::string(unit);
}

/// Frequencies that gaps in the observations or the shape of the curve confuse with f.
std::vector<Relation> relations(double f, bool in_days) {
  std::vector<Relation> list = {{0.5 * f, "twice the period"}, {2.0 * f, "half the period"}, {f / 3.0, "three times the period"}, {3.0 * f, "a third of the period"}};
  for (int n = 1; n <= 3 && in_days; ++n) {
    for (const double sign : {-1.0, 1.0}) {
      list.push_back({std::fabs(f + sign * n * kSidereal), cycles(n, "sidereal day")});
      list.push_back({std::fabs(f + sign * n), cycles(n, "day")});
      if (n < 3) list.push_back({std::fabs(f + sign * n * kYearly), cycles(n, "year")});
    }
  }
  return list;
}

/// Highest local maxima of the power, best first, no two closer than one peak width.
std::vector<Index> highest_maxima(std::span<const double> power, double oversampling, std::size_t count) {
  std::vector<Index> maxima;
  for (Index i = 0; i < ssize(power); ++i) {
    const bool left = i == 0 || power[at(i)] > power[at(i - 1)];
    const bool right = i + 1 == ssize(power) || power[at(i)] >= power[at(i + 1)];
    if (left && right) maxima.push_back(i);
  }
  const std::size_t enough = std::min(maxima.size(), 8 * count);
  std::partial_sort(maxima.begin(), maxima.begin() + Index(enough), maxima.end(),
                    [&](Index a, Index b) { return power[at(a)] != power[at(b)] ? power[at(a)] > power[at(b)] : a < b; });
  maxima.resize(enough);
  std::vector<Index> chosen;
  for (const Index i : maxima) {
    const bool close_by = std::any_of(chosen.begin(), chosen.end(), [&](Index c) { return std::fabs(double(c - i)) < oversampling; });
    if (!close_by && chosen.size() < count) chosen.push_back(i);
  }
  return chosen;
}

/// Highest grid point within one peak width of a frequency; -1 outside the grid.
Index highest_near(const PeriodReport& report, double frequency) {
  const FrequencyGrid& grid = report.range.grid;
  const double place = std::round((frequency - grid.first) / grid.step);
  if (!(place >= 0.0 && place < double(grid.count))) return -1;
  const auto middle = Index(place), reach = Index(std::ceil(report.range.oversampling));
  const Index from = std::max<Index>(0, middle - reach), to = std::min(grid.count, middle + reach + 1);
  const auto best = std::max_element(report.power.begin() + from, report.power.begin() + to);
  return best - report.power.begin();
}

struct Peaks {
  const data::Series& series;
  const PeriodSearch& search;
  const PeriodReport& report;

  [[nodiscard]] PeriodModel refined(double frequency, double tolerance) const {
    const FrequencyGrid& grid = report.range.grid;
    const double width = std::min(1.0 / report.range.baseline, std::min(frequency - 0.5 * grid.first, grid.last() + grid.step - frequency));
    return refine_period(series, frequency, std::max(width, grid.step), search.harmonics, search.fit_mean, tolerance);
  }
};

/// How much worse than `best` the model near a grid point can at best be, in scaled chi2: the grid misses less than a tenth of a peak.
double least_delta(const PeriodReport& report, const PeriodModel& best, Index i) {
  const double scale = best.scale > 0.0 ? best.scale * best.scale : 1.0;
  return (best.power() - std::min(1.0, 1.1 * report.power[at(i)])) * best.chi2_0 / scale;
}

/// With K > 1 the model at m times the true period contains the true model: the shorter period is taken unless the longer one gains
/// more than 3 sigma for the choice and 2 for each coefficient that it has between the harmonics of the shorter (AIC).
PeriodModel shortest_equal(const Peaks& peaks, PeriodModel best) {
  for (int m = peaks.search.harmonics; m >= 2; --m) {
    const Index i = highest_near(peaks.report, m * best.frequency);
    const int between = 2 * (peaks.search.harmonics - peaks.search.harmonics / m) * int(best.bands.size());
    const double allowed = kSameFit + 2.0 * between;
    if (i < 0 || least_delta(peaks.report, best, i) > allowed) continue;
    PeriodModel shorter = peaks.refined(m * best.frequency, kRoughly);
    if (shorter.chi2 - best.chi2 < allowed * best.scale * best.scale) return peaks.refined(shorter.frequency, kFully);
  }
  return best;
}

void add_rival(std::vector<Rival>& rivals, const PeriodModel& model, const PeriodModel& best, double width, std::string relation) {
  if (std::fabs(model.frequency - best.frequency) < width) return;
  for (Rival& known : rivals) {
    if (std::fabs(1.0 / known.period - model.frequency) >= width) continue;
    if (known.relation.empty()) known.relation = std::move(relation);
    return;
  }
  const double scale = best.scale > 0.0 ? best.scale * best.scale : 1.0;
  const double period = rounded_to_error(model.period(), model.period_error());
  rivals.push_back({period, model.power(), (model.chi2 - best.chi2) / scale, std::move(relation)});
}

/// Name of what lies between a frequency and the best one; empty when nothing known does.
std::string relation_of(double frequency, double best, double width, bool in_days) {
  double nearest = 0.5 * width;
  std::string words;
  for (Relation& r : relations(best, in_days)) {
    const double off = std::fabs(r.frequency - frequency);
    if (off < nearest) nearest = off, words = std::move(r.words);
  }
  return words;
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
  const double width = 1.0 / report.range.baseline;
  const bool in_days = used.time_unit == "day";  // else nights and years leave no such aliases
  const auto maxima = highest_maxima(report.power, report.range.oversampling, kPeaks);
  report.at_edge = maxima.front() == 0 || maxima.front() + 1 == grid.count;

  std::vector<PeriodModel> models;
  for (const Index i : maxima) {
    // The third and lower peaks matter only while they may still turn out to be rivals.
    if (models.size() >= 2 && least_delta(report, models.front(), i) > kFarBehind) break;
    const bool edge = i == 0 || i + 1 == grid.count;
    models.push_back(edge ? fit_period(used, grid[i], search.harmonics, search.fit_mean) : peaks.refined(grid[i], kRoughly));
    co_await budget.pause();
  }
  const auto first = std::min_element(models.begin(), models.end(), [](const auto& a, const auto& b) { return a.chi2 < b.chi2; });
  PeriodModel best = report.at_edge && first == models.begin() ? *first : peaks.refined(first->frequency, kFully);
  best = shortest_equal(peaks, std::move(best));
  co_await budget.pause();

  report.rivals.clear();
  for (const PeriodModel& model : models) {
    add_rival(report.rivals, model, best, width, relation_of(model.frequency, best.frequency, width, in_days));
  }
  // Known relatives by their power on the grid: the three strongest always, others while they may be rivals.
  std::vector<Index> relatives;
  for (const Relation& r : relations(best.frequency, in_days)) {
    const Index i = highest_near(report, r.frequency);
    if (i >= 0 && std::find(relatives.begin(), relatives.end(), i) == relatives.end()) relatives.push_back(i);
  }
  std::sort(relatives.begin(), relatives.end(), [&](Index a, Index b) {
    return report.power[at(a)] != report.power[at(b)] ? report.power[at(a)] > report.power[at(b)] : a < b;
  });
  for (std::size_t k = 0; k < relatives.size() && k < kRivals; ++k) {
    if (k >= 3 && least_delta(report, best, relatives[k]) > kFarBehind) break;
    const PeriodModel model = peaks.refined(grid[relatives[k]], kRoughly);
    add_rival(report.rivals, model, best, width, relation_of(model.frequency, best.frequency, width, in_days));
    co_await budget.pause();
  }
  std::sort(report.rivals.begin(), report.rivals.end(), [](const Rival& a, const Rival& b) { return a.delta_chi2 < b.delta_chi2; });
  if (report.rivals.size() > kRivals) report.rivals.resize(kRivals);

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
