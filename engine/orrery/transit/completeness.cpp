#include "orrery/transit/completeness.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/parallel.hpp"
#include "orrery/core/text.hpp"
#include "orrery/stats/robust.hpp"
#include "orrery/stats/special.hpp"
#include "orrery/transit/completeness_detail.hpp"

namespace orrery::transit {
namespace {

using detail::Best;
using detail::Plan;

constexpr double kSlice = 2.0;    // ms that a search may take of a slice
constexpr double kAlike = 0.6;    // inverted statistic over the plain one above which both are noise
constexpr double kBatch = 25.0;   // ms of a batch of searches on several threads

/// Runs make(budget, k) for k = first ... first + count - 1 into out[k]: on one thread in slices, on several in batches.
template <class T, class Make>
Task<bool> run_all(Budget& budget, Index first, Index count, int threads, std::vector<T>& out, const Make& make, double from, double to) {
  const int workers = threads > 0 ? threads : hardware_threads();
  Index batch = workers;
  for (Index done = 0; done < count;) {
    budget.progress(from + (to - from) * static_cast<double>(done) / static_cast<double>(count), "injections");
    if (workers == 1) {
      Budget own;  // so that progress is ours
      Job job(own, make(own, first + done));
      while (!job.step(kSlice)) co_await budget.pause();
      out[at(first + done)] = job.result();
      ++done;
    } else {
      const Index now = std::min(batch, count - done), begin = first + done;
      const double start = clock_ms();
      parallel_for(now, 1, [&](Index a, Index b) {
        for (Index k = a; k < b; ++k) out[at(begin + k)] = run_to_end([&](Budget& own) { return make(own, begin + k); });
      }, workers);
      done += now;
      if (clock_ms() - start < kBatch) batch *= 2;
    }
    co_await budget.pause();
  }
  co_return true;
}

/// Whether two periods are one, to the tolerance or to part of a peak's width.
bool same_period(double found, double truth, double span, const CompletenessOptions& o) {
  if (!(found > 0.0)) return false;
  const double share = o.peak_share.value_or(o.kind == InjectionKind::variable ? 0.5 : 0.0);
  return std::fabs(found / truth - 1.0) <= o.tolerance || std::fabs(1.0 / found - 1.0 / truth) * span <= share;
}

Outcome outcome_of(const InjectionTrial& t, double span, double threshold, const CompletenessOptions& o) {
  if (!(t.statistic >= threshold)) return Outcome::missed;
  if (same_period(t.found, t.signal.period, span, o)) return Outcome::recovered;
  const bool alias = same_period(t.found, 2.0 * t.signal.period, span, o) || same_period(t.found, 0.5 * t.signal.period, span, o);
  return alias ? Outcome::alias : Outcome::other;
}

/// @param from, to  fraction of all the work
Task<bool> control(Budget& budget, const Plan& plan, CompletenessMap& map, double from, double to) {
  const auto& o = plan.options;
  std::vector<Best> best(at(o.control));
  const Index first = o.first_trial / o.trials * o.control;
  const auto make = [&plan, first](Budget& own, Index k) { return detail::control_task(own, plan, first + k); };
  co_await run_all(budget, 0, o.control, o.threads, best, make, from, to);
  for (const auto& one : best) map.control.statistic.push_back(one.statistic);
  co_return true;
}

/// Every other series of the control sets the threshold; the rest tells how often it is exceeded.
void calibrate(CompletenessMap& map, const CompletenessOptions& o) {
  map.calibrated = true;
  std::vector<double> half;
  for (std::size_t k = 0; k < map.control.statistic.size(); k += 2) half.push_back(map.control.statistic[k]);
  map.threshold = stats::quantile(half, 1.0 - o.false_alarm);
  if (static_cast<double>(half.size()) * o.false_alarm < 1.0) {
    map.warnings.push_back("the threshold for a false-alarm probability of " + number_text(o.false_alarm, 2) + " is from " + plural(ssize(half), "series") +
                           " only: it is about their highest peak");
  }
}

Task<bool> look_at_series(Budget& budget, Plan& plan, CompletenessMap& map) {
  Random random(plan.options.seed, ~std::uint64_t(0));
  const Injection truth = detail::draw(plan, 0, random);
  if (plan.options.method == RecoveryMethod::box) {
    plan.box = co_await plan.searches.choose(budget, plan);
    map.method = plan.box == BoxMethod::folding ? RecoveryMethod::box_folding : RecoveryMethod::box;
  }
  const Best plain = co_await detail::search_task(budget, plan, plan.flat, truth);
  map.control.plain_period = plain.period;
  map.control.plain_statistic = plain.statistic;
  if (plan.options.kind == InjectionKind::transit) {
    auto inverted = plan.flat;
    for (double& y : inverted.y) y = 2.0 - y;
    const Best best = co_await detail::search_task(budget, plan, inverted, truth);
    map.control.inverted_statistic = best.statistic;
  }
  co_return true;
}

void warn_of(CompletenessMap& map, const Plan& plan) {
  const auto& c = map.control;
  if (plan.options.method == RecoveryMethod::matched) return;
  if (c.plain_statistic >= map.threshold) {
    map.warnings.push_back("the series has a signal of its own above the threshold (period " + number_text(c.plain_period, 5) + " day, statistic " +
                           number_text(c.plain_statistic, 3) + "), which weaker injections lose against: take it out first");
  }
  if (c.inverted_statistic >= std::max(map.threshold, kAlike * c.plain_statistic)) {  // a deep planet alone leaves little upside down
    map.warnings.push_back("upside down the series passes the threshold too (statistic " + number_text(c.inverted_statistic, 3) +
                           "): its noise is not white, and a series in disorder makes fewer false alarms than it does");
  }
}

}  // namespace

const char* recovery_method_name(RecoveryMethod method) noexcept {
  constexpr const char* kNames[] = {"box", "box_brute", "box_folding", "tls", "lomb_scargle", "matched"};
  return kNames[static_cast<int>(method)];
}

void judge_completeness(CompletenessMap& map, double span, double threshold, const CompletenessOptions& options) {
  const auto cells = at(map.rows() * map.columns());
  map.threshold = threshold;
  map.injected.assign(cells, 0);
  map.recovered = map.alias = map.other = map.injected;
  map.expected.assign(cells, 0.0);
  for (std::size_t i = 0; i < map.trials.size(); ++i) {
    auto& trial = map.trials[i];
    const std::size_t cell = i % cells;
    trial.outcome = outcome_of(trial, span, threshold, options);
    ++map.injected[cell];
    if (trial.outcome == Outcome::recovered) ++map.recovered[cell];
    if (trial.outcome == Outcome::alias) ++map.alias[cell];
    if (trial.outcome == Outcome::other) ++map.other[cell];
    map.expected[cell] += stats::normal_cdf(trial.snr - threshold);
  }
  map.fraction.assign(cells, 0.0);
  map.low = map.high = map.fraction;
  for (std::size_t c = 0; c < cells; ++c) {
    const double n = static_cast<double>(std::max<Index>(1, map.injected[c]));
    map.fraction[c] = static_cast<double>(map.recovered[c]) / n;
    map.expected[c] /= n;
    const auto range = stats::wilson_interval(map.recovered[c], map.injected[c], options.confidence);
    map.low[c] = range.low;
    map.high[c] = range.high;
  }
  auto& c = map.control;
  c.judged = c.above = 0;
  for (std::size_t k = map.calibrated ? 1 : 0; k < c.statistic.size(); k += map.calibrated ? 2 : 1) {
    ++c.judged;
    if (c.statistic[k] >= threshold) ++c.above;
  }
  c.rate = stats::wilson_interval(c.above, c.judged, options.confidence);
}

Task<CompletenessMap> detail::map_task(Budget& budget, SeriesView series, CompletenessOptions given, CompletenessWatch watch,
                                       Searches searches) {
  auto preparing = plan_task(budget, series, std::move(given), searches);
  Plan plan = co_await std::move(preparing);
  const auto& o = plan.options;
  const Index cells = plan.cells();
  CompletenessMap map{.period_edge = o.period_edge, .size_edge = o.size_edge, .method = o.method, .warnings = plan.warnings};
  co_await look_at_series(budget, plan, map);
  const double work = static_cast<double>(o.control) / static_cast<double>(o.control + cells * o.trials);
  if (!o.threshold) {
    co_await control(budget, plan, map, 0.0, work);
    calibrate(map, o);
  }
  const double threshold = o.threshold.value_or(map.threshold), begin = o.threshold ? 0.0 : work;
  const auto make = [&plan, cells](Budget& own, Index i) {
    return detail::trial_task(own, plan, i % cells, plan.options.first_trial + i / cells);
  };
  for (Index k = 0; k < o.trials; ++k) {
    const double share = (1.0 - work) / static_cast<double>(o.trials), from = begin + share * static_cast<double>(k);
    map.trials.resize(at((k + 1) * cells));
    co_await run_all(budget, k * cells, cells, o.threads, map.trials, make, from, from + share);
    if (!watch) continue;
    judge_completeness(map, plan.span, threshold, o);
    watch(map);
    co_await budget.pause();
  }
  if (o.threshold) co_await control(budget, plan, map, 1.0 - work, 1.0);
  judge_completeness(map, plan.span, threshold, o);
  warn_of(map, plan);
  co_return map;
}

double unit_snr(const SeriesView& series, const CompletenessOptions& o, double period) {
  constexpr const char* kWhere = "unit_snr";
  require_usable(series, 2, kWhere);
  if (!(period > 0.0) || !std::isfinite(period)) fail(ErrorKind::input, kWhere, "expected period > 0, got " + number_text(period));
  const double level = o.kind == InjectionKind::transit ? stats::median(series.y) : 1.0;
  double weight = 0.0;
  for (const double s : series.sigma) weight += level * level / (s * s);
  if (series.sigma.empty()) {
    const double scatter = stats::kMadToSigma * stats::median_absolute_deviation(series.y) / level;
    weight = static_cast<double>(series.size()) / (scatter * scatter);
  }
  if (o.kind == InjectionKind::transit) {
    const double share = detail::mean_transit_share(o, period);
    return std::sqrt(weight * share * (1.0 - share));
  }
  const double square = std::accumulate(o.harmonic.begin(), o.harmonic.end(), 1.0, [](double sum, double h) { return sum + h * h; });
  return std::sqrt(weight * (o.variable_form == VariableForm::sawtooth ? 1.0 / 3.0 : 0.5 * square));
}

Task<InjectionView> detail::view_task(Budget& budget, SeriesView series, CompletenessOptions options, Injection signal,
                                      Searches searches) {
  auto preparing = plan_task(budget, series, std::move(options), searches);
  Plan plan = co_await std::move(preparing);
  InjectionView out{.trial = {.signal = signal}};
  auto flattening = detail::detrended_task(budget, plan, detail::inject(plan, signal));
  auto searched = co_await std::move(flattening);
  const auto shape = detail::unit_shape(plan, searched.t, signal);
  out.trial.snr = detail::matched_snr(searched, shape, signal.size);
  detail::Curve curve;
  const Best best = co_await detail::search_task(budget, plan, searched, signal, &curve);
  out.trial.found = best.period;
  out.trial.statistic = best.statistic;
  out.period = std::move(curve.period);
  out.power = std::move(curve.power);
  for (const double s : shape) out.model.push_back(signal.size * s);
  out.t = std::move(searched.t);
  out.y = std::move(searched.y);
  out.sigma = std::move(searched.sigma);
  co_return out;
}

}  // namespace orrery::transit
