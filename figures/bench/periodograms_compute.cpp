// What the figure of all periodograms computes: rows of one band, curves of the statistics, and what they agree on.
#include <algorithm>
#include <cmath>

#include "orrery/core/text.hpp"
#include "orrery/transit/box_least_squares.hpp"
#include "periodograms.hpp"

namespace orrery::statistics {
namespace {

constexpr double kWork = 1.2e7;        // points times frequencies of the whole figure
constexpr Index kCoarsePoints = 150, kCoarseFrequencies = 1200;
constexpr double kBoxCost = 6.0;       // [ns] a point and frequency, with the scan of the boxes

std::optional<double> given(const live::FrameContext& c, std::string_view control) {
  if (c.is_auto(control)) return {};
  return c.number(control);
}

/// The band of that name, or the one with most rows.
Index band_of(const data::Series& series, const std::string& name) {
  for (Index b = 0; b < series.bands() && !series.band_names.empty(); ++b) {
    if (series.band_names[at(b)] == name) return b;
  }
  std::vector<Index> count(at(series.bands()), 0);
  for (const auto b : series.band) ++count[at(b)];
  return std::max_element(count.begin(), count.end()) - count.begin();
}

data::Series every(const data::Series& series, Index stride) {
  std::vector<std::uint8_t> keep(at(series.size()), 0);
  for (Index i = 0; i < series.size(); i += stride) keep[at(i)] = 1;
  return data::select_rows(series, keep);
}

std::string trouble_with(const data::Series& series, const RowSettings& settings) {
  const Index least = std::max<Index>(8, 2 * std::max(settings.options.lomb_scargle.harmonics,
                                                      settings.options.analysis_of_variance.harmonics) + 3);
  if (series.size() < least) return plural(series.size(), "measurement") + (series.size() == 1 ? " is" : " are") + " too few: at least " + std::to_string(least) + " in one band are needed.";
  if (!(series.t.back() > series.t.front())) return "All measurements are at the same time: there is no period to look for.";
  const auto [low, high] = std::minmax_element(series.y.begin(), series.y.end());
  return *high > *low ? std::string() : "All values are equal: there is no variation to explain.";
}

/// Values along ascending periods, from 0 at their median to 1 at the best.
void set_heights(RowCurve& curve, const period::FrequencyGrid& grid, const std::vector<double>& good) {
  std::vector<double> sorted = good;
  const auto middle = sorted.begin() + std::ptrdiff_t(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  const double base = *middle, range = *std::max_element(good.begin(), good.end()) - base;
  for (Index k = grid.count - 1; k >= 0; --k) {
    curve.period.push_back(1.0 / grid[k]);
    curve.height.push_back(range > 0.0 ? (good[at(k)] - base) / range : 0.0);
  }
}

/// The box search, octave by octave: durations are parts of the shortest period of each.
Task<period::PeriodStatisticCurve> box_curve(Budget& budget, SeriesView series, period::FrequencyGrid grid) {
  period::PeriodStatisticCurve curve;
  for (Index first = 0; first < grid.count;) {
    std::vector<double> period;
    Index k = first;
    for (; k < grid.count && grid[k] <= 2.0 * grid[first]; ++k) period.push_back(1.0 / grid[k]);
    const double shortest = period.back();
    const std::vector<double> duration = {0.03 * shortest, 0.06 * shortest, 0.12 * shortest, 0.25 * shortest};
    const auto box = co_await transit::box_least_squares_task(budget, series, period, duration, {.oversample = 3});
    for (const double v : box.objective) curve.value.push_back(std::isfinite(v) ? v : 0.0);
    first = k;
  }
  double mean = 0.0, square = 0.0;
  for (const double v : curve.value) mean += v / double(grid.count);
  for (const double v : curve.value) square += (v - mean) * (v - mean) / double(grid.count);
  curve.best = std::max_element(curve.value.begin(), curve.value.end()) - curve.value.begin();
  curve.contrast = square > 0.0 ? (curve.value[at(curve.best)] - mean) / std::sqrt(square) : 0.0;
  co_return curve;
}

/// Dips go down: magnitudes are turned over.
data::Series for_boxes(const data::Series& series) {
  data::Series out = series;
  for (double& y : out.y) y = series.quantity == data::Quantity::magnitude ? -y : y;
  return out;
}

Task<RowCurve> curve_at(Budget& budget, std::size_t row, const data::Series& series, period::FrequencyGrid grid, RowSettings settings) {
  const SeriesView view = series.view();
  RowCurve out;
  period::PeriodStatisticCurve curve;
  if (row == kBoxRow) {
    const data::Series turned = for_boxes(series);
    curve = co_await box_curve(budget, turned.view(), grid);
    out.peaks.push_back({grid[curve.best], curve.value[at(curve.best)]});
  } else {
    const auto kind = period::period_statistics()[row].kind;
    curve = co_await period::period_statistic_task(budget, view, grid, kind, settings.options);
    out.peaks = co_await period::period_statistic_peaks_task(budget, view, grid, curve, kind, settings.options);
  }
  out.contrast = curve.contrast, out.minimum = curve.minimum;
  std::vector<double> good = curve.value;
  for (double& v : good) v = curve.minimum ? -v : v;
  set_heights(out, grid, good);
  co_return out;
}

}  // namespace

period::PeriodSearch given_range(const live::FrameContext& c) {
  period::PeriodSearch search{.min_period = given(c, "min_period"), .max_period = given(c, "max_period")};
  if (search.min_period && search.max_period) {
    auto &low = *search.min_period, &high = *search.max_period;
    if (low > high) std::swap(low, high);
    if (high < 1.02 * low) high = 1.02 * low;
  }
  return search;
}

RowSettings row_settings(const live::FrameContext& c) {
  RowSettings s;
  for (std::size_t k = 0; k < kRows; ++k) s.shown[k] = c.toggle(kRowControl[k]);
  s.options.lomb_scargle.harmonics = int(c.integer("harmonics"));
  s.options.analysis_of_variance.harmonics = int(c.integer("aov_harmonics"));
  s.options.phase_dispersion.bins = s.options.conditional_entropy.phase_bins = c.integer("bins");
  s.search = given_range(c);
  s.search.oversampling = 4.0;
  s.band = c.choice("band");
  s.period = given(c, "period");
  return s;
}

RowData row_data(const data::Series& series, const RowSettings& settings, Index most) {
  RowData out;
  const bool several = series.bands() > 1 && !series.band.empty();
  const Index band = several ? band_of(series, settings.band) : 0;
  out.series = several ? data::select_band(series, band) : series;
  if (several) out.band = series.band_names[at(band)];
  out.thinned = std::max<Index>(1, (out.series.size() + most - 1) / most);
  if (out.thinned > 1) out.series = every(out.series, out.thinned);
  out.trouble = trouble_with(out.series, settings);
  return out;
}

period::SearchRange row_range(const RowData& data, const RowSettings& settings) {
  auto search = settings.search;
  search.max_frequencies = std::clamp<Index>(Index(kWork / double(data.series.size())), 2000, 100'000);
  return period::search_range(data.series, search);
}

double row_cost(std::size_t row, double points, double frequencies) {
  const double each = row == kBoxRow ? kBoxCost : period::period_statistics()[row].cost;
  return 1e-6 * each * points * frequencies;
}

Task<RowCurve> row_curve(Budget& budget, std::size_t row, const RowData& data, period::FrequencyGrid grid, RowSettings settings) {
  return curve_at(budget, row, data.series, grid, std::move(settings));
}

Task<RowCurve> coarse_row(Budget& budget, std::size_t row, const RowData& data, period::FrequencyGrid grid, RowSettings settings) {
  const Index skip = (grid.count + kCoarseFrequencies - 1) / kCoarseFrequencies;
  const period::FrequencyGrid wide{grid.first, grid.step * double(skip), (grid.count - 1) / skip + 1};
  const auto kind = row == kBoxRow ? period::PeriodStatistic::lomb_scargle : period::period_statistics()[row].kind;
  const data::Series few = every(row == kBoxRow ? for_boxes(data.series) : data.series,
                                 std::max<Index>(1, data.series.size() / kCoarsePoints));
  period::PeriodStatisticCurve curve;
  if (row == kBoxRow) {
    curve = co_await box_curve(budget, few.view(), wide);
  } else {
    curve = co_await period::period_statistic_task(budget, few.view(), wide, kind, settings.options);
  }
  RowCurve out{.contrast = curve.contrast, .minimum = curve.minimum, .coarse = true};
  out.peaks.push_back({wide[curve.best], curve.value[at(curve.best)]});
  std::vector<double> good = curve.value;
  for (double& v : good) v = curve.minimum ? -v : v;
  set_heights(out, wide, good);
  co_return out;
}

double width_at(double period, double baseline) { return period * period / baseline; }

std::string relation_of(double period, double reference, double baseline) {
  struct Relation {
    double ratio;
    const char* words;
  };
  constexpr Relation kRelations[] = {{1.0, "the same"}, {2.0, "twice"}, {0.5, "half"}, {3.0, "three times"}, {1.0 / 3.0, "a third"},
                                     {4.0, "four times"}, {0.25, "a quarter"}, {1.5, "three halves"}, {2.0 / 3.0, "two thirds"}};
  const double f = 1.0 / period, f0 = 1.0 / reference, width = 1.0 / baseline;
  for (const auto& r : kRelations) {
    if (std::fabs(f - f0 / r.ratio) < width) return r.words;
  }
  for (const double day : {1.0, 1.0027379}) {
    for (const int n : {1, 2}) {
      if (std::fabs(std::fabs(f - f0) - n * day) < width || std::fabs(f + f0 - n * day) < width) return n == 1 ? "one day alias" : "two day alias";
    }
  }
  return {};
}

bool RowScene::coarse() const {
  return std::any_of(curve.begin(), curve.end(), [](const RowCurve* c) { return c != nullptr && c->coarse; });
}

Agreement agreement_of(const RowScene& scene) {
  Agreement best;
  // A coarse curve knows its best to a wide step only: it has no voice as long as there is a finer one.
  const auto is_fine = [](const RowCurve* c) { return c != nullptr && !c->coarse; };
  const bool some_fine = std::any_of(scene.curve.begin(), scene.curve.end(), is_fine);
  const auto votes = [&](std::size_t row) { return some_fine ? is_fine(scene.curve[row]) : scene.curve[row] != nullptr; };
  for (std::size_t i = 0; i < kRows; ++i) {
    if (!votes(i)) continue;
    ++best.voters;
    Agreement party{.period = scene.curve[i]->peaks[0].period()};
    for (std::size_t j = 0; j < kRows; ++j) {
      if (!votes(j)) continue;
      if (std::fabs(scene.curve[j]->peaks[0].frequency - 1.0 / party.period) < 1.0 / scene.range->baseline) party.rows.push_back(j);
    }
    if (party.rows.size() > best.rows.size()) best.period = party.period, best.rows = std::move(party.rows);
  }
  return best;
}

std::string period_words(double period, double baseline, const data::Series& series) {
  return value_text(period, 0.1 * width_at(period, baseline)) + " " + series.time_unit;
}

}  // namespace orrery::statistics
