#include "orrery/period/search.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/period/caution.hpp"
#include "orrery/period/lomb_scargle.hpp"
#include "orrery/period/lomb_scargle_fast.hpp"
#include "orrery/period/search_detail.hpp"

namespace orrery::period {
namespace {

constexpr double kNightlyShortest = 0.2;  // [day] with one visit a night, shorter periods are a guess that the user may make
constexpr int kClipRounds = 3;

/// Shortest period that the spacing of the best-sampled band supports.
double sampled_shortest(const data::Series& series) {
  const Cadence cadence = series_cadence(series);
  return cadence.regular ? 2.0 * cadence.median : std::min(kNightlyShortest, 2.0 * cadence.median);
}

void require_limit(std::optional<double> period, const char* which) {
  if (period && (!(*period > 0.0) || !std::isfinite(*period))) {
    fail(ErrorKind::input, "search_range", std::string("expected a ") + which + " period > 0, got " + number_text(*period));
  }
}

/// Trial frequencies that a range needs, as a real number: it may be beyond what an Index holds.
double needed_count(const SearchRange& range, double oversampling) {
  return std::floor((1.0 / range.min_period - 1.0 / range.max_period) * range.baseline * oversampling + 1e-9) + 1.0;
}

FrequencyGrid grid_of(const SearchRange& range) {
  return {1.0 / range.max_period, 1.0 / (range.baseline * range.oversampling), Index(needed_count(range, range.oversampling))};
}

}  // namespace

SearchRange search_range(const data::Series& series, const PeriodSearch& search) {
  if (series.size() < 2) fail(ErrorKind::input, "search_range", "expected at least 2 times, got " + std::to_string(series.size()));
  const auto [low, high] = std::minmax_element(series.t.begin(), series.t.end());
  SearchRange range;
  range.baseline = *high - *low;
  if (!(range.baseline > 0.0) || !std::isfinite(range.baseline)) fail(ErrorKind::input, "search_range", "expected finite times that are not all equal");
  if (!(search.oversampling >= 1.0 && search.oversampling <= 100.0)) {
    fail(ErrorKind::input, "search_range", "expected an oversampling in [1, 100], got " + number_text(search.oversampling));
  }
  require_limit(search.min_period, "shortest");
  require_limit(search.max_period, "longest");
  if (search.max_frequencies < 100) {
    fail(ErrorKind::input, "search_range", "expected at least 100 frequencies, got " + std::to_string(search.max_frequencies));
  }
  const double budget = range.baseline * search.oversampling / double(search.max_frequencies);
  const double sampled = sampled_shortest(series);
  range.longest = 2.0 * range.baseline;
  range.shortest = std::min(std::max(0.1 * sampled, budget), 0.1 * range.longest);
  range.max_period = search.max_period.value_or(std::max(range.baseline, 2.0 * search.min_period.value_or(0.0)));
  range.min_period = search.min_period.value_or(std::min(std::max(sampled, 2.0 * budget), 0.25 * range.max_period));
  if (!(range.min_period < range.max_period)) {
    fail(ErrorKind::input, "search_range",
         "expected the shortest period below the longest, got " + number_text(range.min_period, 6) + " and " + number_text(range.max_period, 6));
  }
  range.oversampling = search.oversampling;
  if (const double count = needed_count(range, range.oversampling); count > double(search.max_frequencies)) {
    range.coarsened = true;
    range.oversampling *= double(search.max_frequencies - 1) / count;
    if (range.oversampling < search.least_oversampling) {
      fail(ErrorKind::limit, "search_range",
           "expected at most " + std::to_string(search.max_frequencies) + " frequencies, got " + number_text(count, 4) + " (" +
               number_text(count * sizeof(double) / 1e9, 3) + " GB of power): raise the shortest period, lower the oversampling or search less");
    }
  }
  range.grid = grid_of(range);
  return range;
}

namespace detail {

Task<std::vector<double>> combined_power(Budget& budget, const data::Series& series, const SearchRange& range, const PeriodSearch& search) {
  const LombScargleOptions options{.harmonics = search.harmonics, .fit_mean = search.fit_mean};
  std::vector<double> total(at(range.grid.count), 0.0), frequency;
  if (search.method == SearchMethod::exact) frequency = range.grid.values();
  double chi2_0 = 0.0;
  for (Index b = 0; b < series.bands(); ++b) {
    const data::Series band = data::select_band(series, b);
    if (band.size() <= 2 * search.harmonics + 2) continue;
    const double reference = reference_chi2(band.view(), options);
    chi2_0 += reference;
    std::vector<double> power;
    if (search.method == SearchMethod::exact) {
      power = co_await lomb_scargle_task(budget, band.view(), frequency, options);
    } else {
      power = co_await lomb_scargle_fast_task(budget, band.view(), range.grid, options);
    }
    for (std::size_t i = 0; i < total.size(); ++i) total[i] += reference * power[i];
    co_await budget.pause();
  }
  for (double& p : total) p = chi2_0 > 0.0 ? p / chi2_0 : 0.0;
  co_return total;
}

std::vector<std::uint8_t> clipped_rows(const data::Series& series, const PeriodModel& model, double clip) {
  std::vector<double> distance(at(series.size()), 0.0);
  std::vector<double> sorted;
  for (Index i = 0; i < series.size(); ++i) {
    const Index b = model.find_band(series.band.empty() ? 0 : series.band[at(i)]);
    if (b < 0) continue;
    const double sigma = series.sigma.empty() ? 1.0 : series.sigma[at(i)];
    distance[at(i)] = std::fabs(series.y[at(i)] - model.value(b, model.phase(series.t[at(i)]))) / sigma;
    sorted.push_back(distance[at(i)]);
  }
  std::vector<std::uint8_t> keep(at(series.size()), 1);
  if (sorted.empty()) return keep;
  const auto middle = sorted.begin() + ssize(sorted) / 2;
  std::nth_element(sorted.begin(), middle, sorted.end());
  double scatter = 1.4826 * *middle;  // median |r| of a normal distribution is sigma / 1.4826
  if (!series.sigma.empty()) scatter = std::max(scatter, 1.0);
  if (!(scatter > 0.0)) return keep;
  for (std::size_t i = 0; i < keep.size(); ++i) keep[i] = distance[i] <= clip * scatter;
  return keep;
}

}  // namespace detail

namespace {

/// The false-alarm probability by the method asked for, of the bands that were fitted.
Task<bool> ask_alarm(Budget& budget, const data::Series& used, const PeriodSearch& search, PeriodReport& report) {
  std::vector<data::Series> bands;
  for (const BandModel& band : report.fit.bands) bands.push_back(data::select_band(used, band.band));
  std::vector<SeriesView> views;
  for (const auto& band : bands) views.push_back(band.view());
  const FalseAlarmOptions options{.method = search.alarm,
                                  .periodogram = {.harmonics = search.harmonics, .fit_mean = search.fit_mean},
                                  .resamples = search.resamples,
                                  .seed = search.seed,
                                  .frequency = report.fit.frequency,
                                  .smooth = search.smooth};
  const auto found = co_await false_alarm_probability_task(budget, report.peak_power, views, report.range.grid, options);
  report.false_alarm_probability = found.probability;
  report.log10_false_alarm_probability = found.log10_probability;
  report.false_alarm_error = found.error;
  co_return true;
}

}  // namespace

Task<PeriodReport> find_period_task(Budget& budget, const data::Series& series, PeriodSearch search) {
  require_usable(series.view(), 2 * search.harmonics + 3, "find_period");
  if (!(search.sigma_clip >= 0.0)) fail(ErrorKind::input, "find_period", "expected a clip >= 0, got " + number_text(search.sigma_clip));
  PeriodReport report;
  report.range = search_range(series, search);
  if (fit_period(series, 1.0 / report.range.max_period, search.harmonics, search.fit_mean).bands.empty()) {
    fail(ErrorKind::input, "find_period", "expected a band with more than " + std::to_string(2 * search.harmonics + 2) + " points for " +
                                              plural(search.harmonics, "harmonic"));
  }
  report.kept.assign(at(series.size()), 1);
  data::Series used = series;
  for (int round = 0;; ++round) {
    report.power = co_await detail::combined_power(budget, used, report.range, search);
    co_await detail::explain_peaks(budget, used, search, report);
    if (search.sigma_clip == 0.0 || round == kClipRounds) break;
    // The model is fitted again without the clipped points until the same points stay: all at the best period.
    auto keep = report.kept;
    PeriodModel model = report.fit;
    for (int inner = 0; inner < 10; ++inner) {
      auto next = detail::clipped_rows(series, model, search.sigma_clip);
      if (next == keep) break;
      keep = std::move(next);
      model = fit_period(data::select_rows(series, keep), model.frequency, search.harmonics, search.fit_mean);
      if (model.bands.empty()) break;
    }
    if (model.bands.empty() || keep == report.kept) break;
    report.kept = std::move(keep);
    used = data::select_rows(series, report.kept);
  }
  for (Index i = 0; i < series.size(); ++i) {
    if (report.fit.find_band(series.band.empty() ? 0 : series.band[at(i)]) < 0) report.kept[at(i)] = 0;
  }
  if (search.alarm != AlarmMethod::baluev) co_await ask_alarm(budget, used, search, report);
  report.n_used = report.fit.n;
  report.n_dropped = series.size() - report.n_used;
  report.warnings = period_cautions(used, report.period);
  co_return report;
}

double log10_false_alarm_probability(const PeriodReport& report, double power) {
  const double depth = power > 0.0 ? -std::log1p(-std::min(power, 1.0 - 1e-16)) : 0.0;
  return log_false_alarm(report.alarm, AlarmMethod::baluev, depth) / std::numbers::ln10;
}

double false_alarm_power(const PeriodReport& report, double probability) {
  if (!(probability > 0.0 && probability < 1.0)) {
    fail(ErrorKind::input, "false_alarm_power", "expected a probability between 0 and 1, got " + number_text(probability));
  }
  return -std::expm1(-false_alarm_depth(report.alarm, AlarmMethod::baluev, std::log(probability)));
}

PeriodReport find_period(const data::Series& series, const PeriodSearch& search) {
  return run_to_end([&](Budget& budget) { return find_period_task(budget, series, search); });
}

}  // namespace orrery::period
