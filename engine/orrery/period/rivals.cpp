#include "orrery/period/rivals.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <string_view>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/period/peaks.hpp"
#include "orrery/period/rivals_detail.hpp"
#include "orrery/period/ties.hpp"
#include "orrery/period/window.hpp"

namespace orrery::period {
namespace {

constexpr double kSidereal = 1.00273790935;   // [1/day] one turn of the Earth under the stars
constexpr double kYearly = 1.0 / 365.2422;    // [1/day]
constexpr double kMonthly = 1.0 / 29.530589;  // [1/day] full moons
constexpr Index kWindowFrequencies = 200'000;
constexpr int kMostHarmonics = 8;
constexpr double kSamePower = 1e-8;
constexpr double kSameChi2 = 1e-3;        // nobody could tell, and far above rounding
constexpr double kSamePrediction = 0.01;  // of -2 ln L: likewise

/// A frequency that another may be taken for, and how the two are related.
struct Relation {
  double frequency;
  std::string words;
};

std::string cycles(int n, std::string_view unit) {
  constexpr std::array<std::string_view, 4> words = {"", "one cycle", "two cycles", "three cycles"};
  return std::string(words[at(n)]) + " per " + std::string(unit);
}

/// Rates at which the sampling may repeat itself. Those with two parts come last: they name only what nothing simpler names.
std::vector<Relation> known_rates() {
  std::vector<Relation> list;
  for (int n = 1; n <= 3; ++n) {
    list.push_back({n * kSidereal, cycles(n, "sidereal day")});
    list.push_back({double(n), cycles(n, "day")});
    if (n < 3) list.push_back({n * kYearly, cycles(n, "year")});
  }
  list.push_back({kMonthly, cycles(1, "month")});
  return list;
}

std::vector<Relation> mixed_rates() {
  std::vector<Relation> list;
  for (int n = 1; n <= 3; ++n) {
    list.push_back({n * kSidereal + kYearly, cycles(n, "sidereal day") + " and one per year"});
    list.push_back({n + kYearly, cycles(n, "day") + " and one per year"});  // n = 1 is the sidereal day
    list.push_back({n - kYearly, cycles(n, "day") + " less one per year"});
    list.push_back({n + kMonthly, cycles(n, "day") + " and one per month"});
    list.push_back({n - kMonthly, cycles(n, "day") + " less one per month"});
  }
  return list;
}

/// Words of the entry nearest to a frequency, within `reach`.
std::string nearest_words(const std::vector<Relation>& list, double frequency, double reach) {
  std::string words;
  for (const Relation& r : list) {
    const double off = std::fabs(r.frequency - frequency);
    if (off < reach) reach = off, words = r.words;
  }
  return words;
}

std::string rate_words(double frequency, double width) {
  auto words = nearest_words(known_rates(), frequency, 0.5 * width);
  return words.empty() ? nearest_words(mixed_rates(), frequency, 0.5 * width) : words;
}

/// Frequencies that gaps in the observations or the shape of the curve confuse with f. What is nearer to f than a peak's width is f.
std::vector<Relation> relations(double f, double width, bool in_days, const std::vector<WindowPeak>& window) {
  std::vector<Relation> list = {{0.5 * f, "twice the period"}, {2.0 * f, "half the period"}, {f / 3.0, "three times the period"},
                                {3.0 * f, "a third of the period"}};
  const auto both_sides = [&](double g, const std::string& words) {
    list.push_back({std::fabs(f - g), words});
    list.push_back({f + g, words});
  };
  if (in_days) {
    for (const Relation& r : known_rates()) both_sides(r.frequency, r.words);
  }
  for (const WindowPeak& peak : window) {
    both_sides(peak.frequency, peak.words.empty() ? "window peak at " + number_text(peak.frequency, 4) + " per day" : peak.words);
  }
  std::erase_if(list, [&](const Relation& r) { return std::fabs(r.frequency - f) < width || !(r.frequency > 0.0); });
  return list;
}


double span_of(const data::Series& series) {
  const auto [low, high] = std::minmax_element(series.t.begin(), series.t.end());
  return *high - *low;
}

/// Visits: points within one period of the visit's first, in the order of time.
std::vector<std::vector<Index>> visits(const data::Series& series, double period) {
  std::vector<Index> order(series.t.size());
  std::iota(order.begin(), order.end(), Index(0));
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return series.t[at(a)] < series.t[at(b)]; });
  const double length = std::min(period, span_of(series) / 20.0);
  std::vector<std::vector<Index>> out;
  double start = -std::numeric_limits<double>::infinity();
  for (const Index i : order) {
    if (series.t[at(i)] - start > length) out.emplace_back(), start = series.t[at(i)];
    out.back().push_back(i);
  }
  return out;
}

/// Compares how two models predict points that they have not seen.
class Prediction {
 public:
  Prediction(const data::Series& series, const PeriodModel& best)
      : series_(series), visits_(visits(series, best.period())), best_(left_out_residuals(series, best)) {
    std::vector<double> size;
    for (const double r : best_) {
      if (std::isfinite(r)) size.push_back(std::fabs(r));
    }
    if (size.empty()) return;
    const auto middle = size.begin() + ssize(size) / 2;
    std::nth_element(size.begin(), middle, size.end());
    scale_ = 1.4826 * *middle;  // median |r| of a normal distribution is sigma / 1.4826
    if (!series.sigma.empty()) scale_ = std::max(scale_, 1.0);
    if (!(scale_ > 0.0)) scale_ = 1.0;
  }

  /// Standard errors by which the best predicts better.
  [[nodiscard]] double better_than(const PeriodModel& rival) const {
    const auto residual = left_out_residuals(series_, rival);
    std::vector<double> gain;
    for (const auto& visit : visits_) {
      double sum = 0.0;
      for (const Index i : visit) {
        if (std::isfinite(best_[at(i)]) && std::isfinite(residual[at(i)])) sum += loss(residual[at(i)]) - loss(best_[at(i)]);
      }
      gain.push_back(sum);
    }
    double total = 0.0, square = 0.0;
    for (const double g : gain) total += g;
    for (const double g : gain) square += std::pow(g - total / double(gain.size()), 2);
    square *= double(gain.size()) / std::max(1.0, double(gain.size()) - 1.0);
    if (std::fabs(total) < kSamePrediction) return 0.0;  // perfect aliases: the rest is rounding
    if (!(square > 0.0)) return total > 0.0 ? std::numeric_limits<double>::infinity() : 0.0;
    return total / std::sqrt(square);
  }

 private:
  /// -2 ln of Student's density with 4 degrees of freedom, up to a constant: one bad point does not decide.
  [[nodiscard]] double loss(double residual) const { return 5.0 * std::log1p(residual * residual / (4.0 * scale_ * scale_)); }

  const data::Series& series_;
  std::vector<std::vector<Index>> visits_;
  std::vector<double> best_;
  double scale_ = 1.0;
};

double squared_scale(const PeriodModel& model) { return model.scale > 0.0 ? model.scale * model.scale : 1.0; }

/// One report in the making.
struct Ranking {
  const data::Series& series;
  const PeriodModel& best;
  const RivalOptions& options;
  double width = 0.0;                ///< [1/day] of a peak
  std::vector<Relation> related;
  std::vector<PeriodModel> models;   ///< of the rivals
  std::vector<Rival> rivals;

  void add(const PeriodModel& model, std::string words) {
    if (model.bands.empty() || std::fabs(model.frequency - best.frequency) < width) return;
    for (std::size_t i = 0; i < models.size(); ++i) {
      if (models[i].harmonics != model.harmonics || std::fabs(models[i].frequency - model.frequency) >= width) continue;
      if (rivals[i].relation.empty()) rivals[i].relation = std::move(words);
      return;
    }
    // In errors scaled so that the richer of the two fits.
    const double scaled = (model.chi2 - best.chi2) / squared_scale(model.harmonics > best.harmonics ? model : best);
    const double penalty = 4.0 * (model.harmonics - best.harmonics) * double(best.bands.size());
    rivals.push_back({.period = rounded_to_error(model.period(), model.period_error()), .period_error = model.period_error(),
                      .power = model.power(), .delta_chi2 = scaled + penalty,
                      .harmonics = model.harmonics, .relation = std::move(words)});
    models.push_back(model);
  }
};

void judge(Ranking& r) {
  const Prediction prediction(r.series, r.best);
  for (std::size_t i = 0; i < r.rivals.size(); ++i) {
    Rival& rival = r.rivals[i];
    rival.prediction = prediction.better_than(r.models[i]);
    const double fair = 4.0 * rival.prediction * std::fabs(rival.prediction);
    if (rival.harmonics > r.best.harmonics) {  // contains the best model: it must earn its place
      rival.excluded = !(rival.prediction < 0.0 && rival.delta_chi2 < -r.options.exclusion);
      rival.log10_odds = std::max(rival.delta_chi2, fair) / (2.0 * std::numbers::ln10);
    } else {
      rival.excluded = rival.delta_chi2 > r.options.exclusion && rival.prediction >= r.options.prediction;
      rival.log10_odds = std::min(rival.delta_chi2, std::max(fair, 0.0)) / (2.0 * std::numbers::ln10);
    }
  }
}

/// Grid points (or frequencies) of the known relatives, by power.
std::vector<double> relatives_by_power(const Ranking& r, double reach) {
  const auto& grid = r.options.grid;
  std::vector<std::pair<double, double>> found;  // power, frequency
  for (const Relation& relation : r.related) {
    if (grid.count > 0 && (relation.frequency < grid.first - 0.5 * r.width || relation.frequency > grid.last() + 0.5 * r.width)) continue;
    if (r.options.max_frequency > 0.0 && relation.frequency > r.options.max_frequency + 0.5 * r.width) continue;
    double frequency = relation.frequency, power = 1.0;
    if (!r.options.power.empty()) {
      const Index i = detail::highest_near(r.options.power, grid, relation.frequency, reach);
      if (i < 0) continue;
      frequency = grid[i], power = r.options.power[at(i)];
    }
    const bool is_new = std::none_of(found.begin(), found.end(), [&](const auto& f) { return f.second == frequency; });
    if (is_new) found.emplace_back(power, frequency);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  order_ties(
      found.begin(), found.end(), kSamePower, [](const auto& f) { return f.first; },
      [](const auto& a, const auto& b) { return a.second < b.second; });
  std::vector<double> out;
  for (const auto& [power, frequency] : found) out.push_back(frequency);
  return out;
}

double power_of(const RivalOptions& options, double frequency) {
  if (options.power.empty()) return 1.0;
  const double place = std::round((frequency - options.grid.first) / options.grid.step);
  return options.power[at(Index(std::clamp(place, 0.0, double(options.grid.count - 1))))];
}

}  // namespace

namespace detail {

Index highest_near(std::span<const double> power, const FrequencyGrid& grid, double frequency, double reach) {
  const double place = std::round((frequency - grid.first) / grid.step);
  if (!(place >= 0.0 && place < double(grid.count))) return -1;
  const auto middle = Index(place), steps = Index(std::ceil(reach / grid.step - 1e-9));
  const Index from = std::max<Index>(0, middle - steps), to = std::min(grid.count, middle + steps + 1);
  return std::max_element(power.begin() + from, power.begin() + to) - power.begin();
}

double far_behind(const data::Series& series, const PeriodModel& best) {
  return 25.0 * (series.sigma.empty() ? 1.0 : std::max(1.0, squared_scale(best)));
}

double least_delta(double power, const PeriodModel& best) {
  return (best.power() - std::min(1.0, 1.1 * power)) * best.chi2_0 / squared_scale(best);
}

PeriodModel refined(const data::Series& series, const PeriodModel& like, const FrequencyGrid& grid, double frequency, double baseline,
                    bool fit_mean, double tolerance) {
  double width = std::min(1.0 / baseline, 0.5 * frequency);
  if (grid.count > 0) width = std::max(std::min({width, frequency - 0.5 * grid.first, grid.last() + grid.step - frequency}), grid.step);
  return refine_period(series, frequency, width, like.harmonics, fit_mean, tolerance);
}

}  // namespace detail

Task<std::vector<WindowPeak>> window_peaks_task(Budget& budget, const data::Series& series, double max_frequency, double lowest,
                                                Index most) {
  require_usable(series.view(), 2, "window_peaks");
  if (!(max_frequency > 0.0) || most < 1) fail(ErrorKind::input, "window_peaks", "expected a frequency > 0, got " + number_text(max_frequency));
  const double baseline = span_of(series);
  std::vector<WindowPeak> found;
  if (!(baseline > 0.0)) co_return found;
  const double width = 1.0 / baseline, step = width / 3.0;
  const Index count = Index(std::min(max_frequency / step, double(kWindowFrequencies))) + 1;
  const FrequencyGrid grid{1.5 * width, step, count};
  const auto window = co_await spectral_window_task(budget, series.view(), grid, {});
  for (const Peak& peak : local_maxima(window, grid, most, 1.5 * width)) {
    if (peak.power < lowest || peak.index == 0) continue;  // the first is the slope of the central peak
    found.push_back({peak.frequency, peak.power, series.time_unit == "day" ? rate_words(peak.frequency, width) : ""});
  }
  co_return found;
}

std::vector<WindowPeak> window_peaks(const data::Series& series, double max_frequency, double lowest, Index most) {
  return run_to_end([&](Budget& budget) { return window_peaks_task(budget, series, max_frequency, lowest, most); });
}

Task<RivalReport> rivals_task(Budget& budget, const data::Series& series, const PeriodModel& best, std::vector<PeriodModel> others,
                              RivalOptions options) {
  require_usable(series.view(), 2, "rivals");
  if (!(options.exclusion > 0.0 && options.prediction > 0.0) || options.most < 1) {
    fail(ErrorKind::input, "rivals", "expected exclusion > 0, prediction > 0 and most >= 1, got " + number_text(options.exclusion) + ", " +
                                         number_text(options.prediction) + " and " + std::to_string(options.most));
  }
  if (!options.power.empty() && ssize(options.power) != options.grid.count) {
    fail(ErrorKind::input, "rivals", "expected one power a grid frequency, got " + std::to_string(options.power.size()) + " and " +
                                         std::to_string(options.grid.count));
  }
  RivalReport report;
  const double baseline = span_of(series);
  if (!(baseline > 0.0) || best.bands.empty()) co_return report;
  const bool in_days = series.time_unit == "day";  // else nights and years leave no such aliases
  const double highest = options.grid.count > 0 ? options.grid.last() : std::max(options.max_frequency, 3.0 * best.frequency);
  report.window = co_await window_peaks_task(budget, series, best.frequency + highest);
  Ranking r{.series = series, .best = best, .options = options, .width = 1.0 / baseline};
  r.related = relations(best.frequency, r.width, in_days, report.window);
  for (const PeriodModel& model : others) r.add(model, nearest_words(r.related, model.frequency, 0.5 * r.width));
  // Known relatives by their power on the grid: the three strongest always, others while they may be rivals.
  const double far = detail::far_behind(series, best);
  Index looked = 0;
  for (const double frequency : relatives_by_power(r, r.width)) {
    const bool near = !options.power.empty() && looked >= 3 && detail::least_delta(power_of(options, frequency), best) > far;
    if (near || (!options.power.empty() && looked == options.most)) break;
    const PeriodModel model = detail::refined(series, best, options.grid, frequency, baseline, options.fit_mean, detail::kRoughly);
    r.add(model, nearest_words(r.related, model.frequency, 0.5 * r.width));
    ++looked;
    co_await budget.pause();
  }
  const double twice = 0.5 * best.frequency;
  if (2 * best.harmonics <= kMostHarmonics && (options.grid.count == 0 || twice >= options.grid.first - options.grid.step)) {
    PeriodModel model = best;
    model.harmonics = 2 * best.harmonics;
    model = detail::refined(series, model, {}, twice, baseline, options.fit_mean, detail::kRoughly);
    if (model.bands.size() == best.bands.size()) {
      r.add(model, "twice the period, " + plural(model.harmonics, "harmonic"));
    }
  }
  judge(r);
  co_await budget.pause();
  // A model with more harmonics that is no rival is no news.
  std::erase_if(r.rivals, [&](const Rival& rival) { return rival.harmonics > best.harmonics && rival.excluded; });
  std::stable_sort(r.rivals.begin(), r.rivals.end(), [](const Rival& a, const Rival& b) { return a.delta_chi2 < b.delta_chi2; });
  order_ties(
      r.rivals.begin(), r.rivals.end(), kSameChi2, [](const Rival& rival) { return rival.delta_chi2; },
      [](const Rival& a, const Rival& b) { return a.period > b.period; });
  if (ssize(r.rivals) > options.most) r.rivals.resize(at(options.most));
  report.rivals = std::move(r.rivals);
  report.ambiguous = std::any_of(report.rivals.begin(), report.rivals.end(), [](const Rival& rival) { return !rival.excluded; });
  co_return report;
}

RivalReport rivals(const data::Series& series, const PeriodModel& best, std::span<const PeriodModel> others, const RivalOptions& options) {
  return run_to_end([&](Budget& budget) { return rivals_task(budget, series, best, {others.begin(), others.end()}, options); });
}

}  // namespace orrery::period
