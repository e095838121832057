// What the light-curve bench computes: selection of rows, fold at the shown period, coarse search.
#include <algorithm>
#include <cmath>
#include <limits>

#include "light_curve.hpp"
#include "orrery/core/text.hpp"

namespace orrery::bench {
namespace {

std::optional<double> given(const live::FrameContext& c, std::string_view control) {
  if (c.is_auto(control)) return {};
  return c.number(control);
}

bool is_masked(const std::vector<double>& mask, Index row) {
  for (std::size_t i = 0; i + 1 < mask.size(); i += 2) {
    if (double(row) >= mask[i] && double(row) <= mask[i + 1]) return true;
  }
  return false;
}

Index count_duplicates(const data::Series& series) {
  std::vector<std::pair<std::int32_t, double>> seen;
  for (Index i = 0; i < series.size(); ++i) seen.emplace_back(series.band.empty() ? 0 : series.band[at(i)], series.t[at(i)]);
  std::sort(seen.begin(), seen.end());
  Index count = 0;
  for (std::size_t i = 1; i < seen.size(); ++i) count += seen[i] == seen[i - 1];
  return count;
}

/// Why these rows cannot be searched with K harmonics.
std::string trouble_with(const data::Series& series, int harmonics) {
  if (series.size() == 0) return "No measurement is left: unmask rows or choose another band.";
  std::vector<Index> count(at(series.bands()), 0);
  for (Index i = 0; i < series.size(); ++i) ++count[series.band.empty() ? 0 : at(series.band[at(i)])];
  const Index most = *std::max_element(count.begin(), count.end());
  if (most < 2 * harmonics + 3) {
    return plural(most, "measurement") + (most == 1 ? " is" : " are") + " too few for " + plural(harmonics, "harmonic") + ": at least " +
           std::to_string(2 * harmonics + 3) + " in one band are needed.";
  }
  const auto [first, last] = std::minmax_element(series.t.begin(), series.t.end());
  if (!(*last > *first)) return "All measurements are at the same time: there is no period to look for.";
  std::vector<double> level(at(series.bands()), std::numeric_limits<double>::quiet_NaN());
  for (Index i = 0; i < series.size(); ++i) {
    double& value = level[series.band.empty() ? 0 : at(series.band[at(i)])];
    if (std::isnan(value)) value = series.y[at(i)];
    if (value != series.y[at(i)]) return {};
  }
  return "All values are equal: there is no variation to explain.";
}

/// Model phase of maximum brightness (smallest magnitude, else largest value) and the full range of the model there.
void find_extremes(const period::PeriodModel& model, data::Quantity quantity, Fold& fold) {
  constexpr int kSteps = 1000;
  const double sign = quantity == data::Quantity::magnitude ? -1.0 : 1.0;
  double best = -HUGE_VAL, worst = HUGE_VAL;
  int best_step = 0, worst_step = 0;
  for (int i = 0; i < kSteps; ++i) {
    const double v = sign * model.value(fold.reference, double(i) / kSteps);
    if (v > best) best = v, best_step = i;
    if (v < worst) worst = v, worst_step = i;
  }
  fold.zero_phase = double(best_step) / kSteps;
  fold.amplitude = best - worst;
  fold.amplitude_error = std::hypot(model.error(fold.reference, double(best_step) / kSteps),
                                    model.error(fold.reference, double(worst_step) / kSteps));
}

/// Local maximum of the power uphill from a frequency, refined.
std::optional<double> uphill(const data::Series& used, const period::PeriodReport& report, double frequency,
                             const period::PeriodSearch& search) {
  const auto& grid = report.range.grid;
  const double place = std::round((frequency - grid.first) / grid.step);
  if (!(place >= 0.0 && place < double(grid.count))) return {};
  auto i = Index(place);
  const auto power = [&](Index k) { return report.power[at(k)]; };
  while (true) {
    const bool left = i > 0 && power(i - 1) > power(i), right = i + 1 < grid.count && power(i + 1) > power(i);
    if (!left && !right) break;
    i += left && (!right || power(i - 1) > power(i + 1)) ? -1 : 1;
  }
  const auto top = period::refine_period(used, grid[i], grid.step, search.harmonics, search.fit_mean);
  return period::rounded_to_error(top.period(), top.period_error());
}

/// How much better twice the period with twice the harmonics is, beyond the 2 for each added coefficient (AIC), in scaled chi2.
double unequal_halves(const data::Series& used, const period::PeriodModel& model, const period::PeriodSearch& search) {
  const auto twice = period::fit_period(used, 0.5 * model.frequency, 2 * search.harmonics, search.fit_mean);
  if (twice.bands.size() != model.bands.size() || !(twice.scale > 0.0)) return 0.0;
  return (model.chi2 - twice.chi2) / (twice.scale * twice.scale) - 4.0 * search.harmonics * double(model.bands.size());
}

}  // namespace

Settings settings_of(const live::FrameContext& c) {
  Settings s;
  s.search = {.min_period = given(c, "min_period"), .max_period = given(c, "max_period"), .oversampling = c.number("oversampling"),
              .harmonics = int(c.integer("harmonics")), .fit_mean = c.toggle("floating_mean"),
              .sigma_clip = c.number("sigma_clip") >= kClipOff ? 0.0 : c.number("sigma_clip"), .max_frequencies = kMaxFrequencies};
  if (s.search.min_period && s.search.max_period) {
    // Thumbs that passed each other still mean a range.
    auto &low = *s.search.min_period, &high = *s.search.max_period;
    if (low > high) std::swap(low, high);
    if (high < 1.02 * low) high = 1.02 * low;
  }
  s.band = c.choice("band");
  s.period = given(c, "period");
  s.zero_phase = given(c, "zero_phase");
  s.bins = c.integer("bins");
  s.frequency_axis = c.choice("axis") == "frequency";
  s.phase_residuals = c.choice("residuals") == "phase";
  return s;
}

Selection select_rows(const data::Series& series, const Settings& settings, const std::vector<double>& mask) {
  const auto chosen = std::find(series.band_names.begin(), series.band_names.end(), settings.band);
  const bool all = chosen == series.band_names.end() || series.band.empty();
  const auto band = std::int32_t(chosen - series.band_names.begin());
  Selection selection;
  std::vector<std::uint8_t> keep(at(series.size()), 0);
  for (Index i = 0; i < series.size(); ++i) {
    if (!all && series.band[at(i)] != band) {
      ++selection.other_bands;
    } else if (is_masked(mask, i)) {
      selection.masked.push_back(std::int32_t(i));
    } else {
      keep[at(i)] = 1;
      selection.row.push_back(std::int32_t(i));
    }
  }
  selection.series = data::select_rows(series, keep);
  selection.duplicates = count_duplicates(selection.series);
  selection.trouble = trouble_with(selection.series, settings.search.harmonics);
  return selection;
}

Fold fold_at(const Selection& selection, const period::PeriodReport& report, const Settings& settings) {
  Fold fold;
  const data::Series used = data::select_rows(selection.series, report.kept);
  fold.is_best = !settings.period || *settings.period == report.period;
  fold.period = settings.period.value_or(report.period);
  fold.model = fold.is_best ? report.fit : period::fit_period(used, 1.0 / fold.period, settings.search.harmonics, settings.search.fit_mean);
  fold.period_error = fold.is_best ? report.period_error : fold.model.period_error();
  fold.log10_false_alarm = period::log10_false_alarm_probability(report, fold.model.power());
  for (Index b = 1; b < ssize(fold.model.bands); ++b) {
    if (fold.model.bands[at(b)].n > fold.model.bands[at(fold.reference)].n) fold.reference = b;
  }
  find_extremes(fold.model, selection.series.quantity, fold);
  if (settings.zero_phase) fold.zero_phase = *settings.zero_phase;
  for (Index i = 0; i < selection.series.size(); ++i) {
    const double phase = fold.model.phase(selection.series.t[at(i)]);
    const double shifted = phase - fold.zero_phase;
    fold.phase.push_back(shifted - std::floor(shifted));
    const Index b = fold.model.find_band(selection.series.band.empty() ? 0 : selection.series.band[at(i)]);
    fold.residual.push_back(b < 0 ? std::numeric_limits<double>::quiet_NaN() : selection.series.y[at(i)] - fold.model.value(b, phase));
  }
  if (!fold.is_best) fold.snap = uphill(used, report, fold.model.frequency, settings.search);
  fold.unequal_halves = unequal_halves(used, fold.model, settings.search);
  return fold;
}

bool worth_coarse(const Selection& selection, const period::SearchRange& range, const Settings& settings) {
  // Rough cost in milliseconds of one pass: transforms by frequency, spreading by point and window (measured, docs/adr/0004).
  const double frequencies = double(range.grid.count), points = double(selection.series.size());
  const double passes = settings.search.sigma_clip > 0.0 ? 2.0 : 1.0;
  const double bands = double(selection.series.bands());
  return passes * settings.search.harmonics * (15e-6 * frequencies * bands + 3e-9 * points * frequencies) > 6.0;
}

Task<period::PeriodReport> coarse_search(Budget& budget, const Selection& selection, Settings settings) {
  constexpr Index kRows = 4000;
  const Index stride = std::max<Index>(1, selection.series.size() / kRows);
  std::vector<std::uint8_t> keep(at(selection.series.size()), 0);
  std::vector<Index> seen(at(selection.series.bands()), 0);
  for (std::size_t i = 0; i < keep.size(); ++i) {
    Index& nth = seen[selection.series.band.empty() ? 0 : at(selection.series.band[i])];
    keep[i] = nth++ % stride == 0;
  }
  const data::Series thin = data::select_rows(selection.series, keep);
  settings.search.oversampling = std::min(settings.search.oversampling, 1.5);
  settings.search.sigma_clip = 0.0;
  auto report = co_await period::find_period_task(budget, thin, settings.search);
  // The fold shows every row, at the period that the thinned rows gave.
  report.kept.assign(at(selection.series.size()), 1);
  report.fit = period::fit_period(selection.series, 1.0 / report.period, settings.search.harmonics, settings.search.fit_mean);
  report.n_used = report.fit.n;
  report.n_dropped = selection.series.size() - report.n_used;
  co_return report;
}

double axis_offset(const data::Series& series) {
  if (series.t.empty()) return 0.0;
  const auto [low, high] = std::minmax_element(series.t.begin(), series.t.end());
  const double offset = std::floor(*low / 1000.0) * 1000.0;
  return *low > 10000.0 && *high - *low < 0.5 * *low ? offset : 0.0;
}

std::string band_name(const data::Series& series, std::int32_t band) {
  return series.band_names.size() > 1 && band >= 0 && band < ssize(series.band_names) ? series.band_names[at(band)] : std::string();
}

}  // namespace orrery::bench
