#include "orrery/transit/transit_least_squares.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/parallel.hpp"
#include "orrery/core/text.hpp"
#include "orrery/transit/transit_detail.hpp"

namespace orrery::transit {
namespace {

constexpr const char* kWhere = "transit_least_squares";
constexpr double kMostSteps = 2e7;  // of one fold: 1.3 GB a thread, beyond any sensible search
constexpr Index kGrain = 16;        // periods a thread takes at least

struct Run {
  detail::DipSeries series;
  detail::ShapeTable shape;
  std::vector<detail::StepKernel> kernels;  // by length
  std::vector<double> durations;            // fractions of the period
  TransitOptions options;
};

void require_options(const TransitOptions& o) {
  if (o.oversample < 6 || o.oversample > 100) fail(ErrorKind::input, kWhere, "expected oversample in [6, 100], got " + std::to_string(o.oversample));
  if (!(o.oversampling > 0.0 && o.oversampling < 1e6)) fail(ErrorKind::input, kWhere, "expected oversampling > 0, got " + number_text(o.oversampling));
  if (!(o.smallest_depth >= 0.0) || !std::isfinite(o.smallest_depth)) {
    fail(ErrorKind::input, kWhere, "expected smallest_depth >= 0, got " + number_text(o.smallest_depth));
  }
}

void require_periods(std::span<const double> period) {
  if (period.empty()) fail(ErrorKind::input, kWhere, "expected at least one period, got none");
  for (std::size_t i = 0; i < period.size(); ++i) {
    if (period[i] > 0.0 && std::isfinite(period[i])) continue;
    fail(ErrorKind::input, kWhere, "expected every period > 0 and finite, got " + number_text(period[i]) + " at index " + std::to_string(i));
  }
}

Run prepare(const SeriesView& series, std::span<const double> period, const TransitOptions& options) {
  require_options(options);
  require_periods(period);
  (void)transit_template(options.shape, 0.1);  // refuses what is no transit
  const auto [low, high] = std::minmax_element(period.begin(), period.end());
  Run run{.series = detail::dip_series(series, options.level, kWhere), .shape = detail::ShapeTable(options.shape), .options = options};
  run.durations = transit_duration_grid(*low, *high, options.duration_step, options.limits);
  const double steps = static_cast<double>(options.oversample) / transit_duration_range(*high, options.limits).shortest;
  if (steps > kMostSteps) {
    fail(ErrorKind::limit, kWhere, "expected at most 2e7 steps in a fold, got " + number_text(steps, 3) + ": the longest period is too long for the densest star");
  }
  for (Index length = 0; length <= 2 * options.oversample; ++length) {
    run.kernels.push_back(length < 4 ? detail::StepKernel{} : detail::step_kernel(run.shape, length));
  }
  return run;
}

/// Steps of the fold at one period, and the durations on each grid of steps.
struct Plan {
  DurationRange range;
  Index steps = 0;
  std::vector<detail::StepLevel> levels;
};

Plan plan_for(const Run& run, double period) {
  Plan plan{.range = transit_duration_range(period, run.options.limits)};
  std::vector<double> tried;
  for (const double q : run.durations) {
    if (q >= plan.range.shortest * (1.0 - 1e-9) && q <= plan.range.longest * (1.0 + 1e-9)) tried.push_back(q);
  }
  if (tried.empty()) tried.push_back(std::sqrt(plan.range.shortest * plan.range.longest));
  const double fine = static_cast<double>(run.options.oversample);
  Index coarsest = 1;
  while (2.0 * static_cast<double>(coarsest) * tried.front() <= tried.back()) coarsest *= 2;
  plan.steps = coarsest * static_cast<Index>(std::ceil(fine / tried.front() / static_cast<double>(coarsest)));
  for (const double q : tried) {
    double length = q * static_cast<double>(plan.steps);
    Index coarse = 1;
    for (; length >= 2.0 * fine && coarse < coarsest; coarse *= 2) length *= 0.5;
    const Index whole = std::clamp<Index>(static_cast<Index>(std::lround(length)), 4, 2 * run.options.oversample);
    if (plan.levels.empty() || plan.levels.back().coarse != coarse) plan.levels.push_back({coarse, {}});
    auto& lengths = plan.levels.back().length;
    if (lengths.empty() || lengths.back() != whole) lengths.push_back(whole);
  }
  return plan;
}

struct Place {
  double time = 0.0, duration = 0.0, above = 0.0, below = 0.0;  // [day from the first time], [day], sums
  [[nodiscard]] double gain() const { return below > 0.0 && above > 0.0 ? above * above / below : 0.0; }
};

/// Points within `reach` of a transit at `time`, as distances from its middle.
void gather(const detail::DipSeries& series, double period, double time, double reach, detail::StepWork& work) {
  work.x.clear();
  work.wr.clear();
  work.w.clear();
  for (double middle = time - period; middle - reach <= series.span; middle += period) {
    if (middle + reach < 0.0) continue;
    for (Index i = series.first_at(middle - reach); i < ssize(series.tau) && series.tau[at(i)] <= middle + reach; ++i) {
      work.x.push_back(series.tau[at(i)] - middle);
      work.wr.push_back(series.pair[at(2 * i)]);
      work.w.push_back(series.pair[at(2 * i + 1)]);
    }
  }
  while (work.x.size() % 8 != 0) {  // whole vectors; points without weight
    for (auto* column : {&work.x, &work.wr, &work.w}) column->push_back(0.0);
  }
}

/// Exact sums over the points at hand for a transit moved by `shift`.
Place score(const detail::ShapeTable& shape, const detail::StepWork& work, double time, double shift, double duration) {
  const auto sums = detail::score_points(work, shift, duration, shape);
  return {time + shift, duration, sums.above, sums.below};
}

/// Time and duration are moved in turn, each round by half as much as the one before.
Place climb(const Run& run, const Plan& plan, double period, double origin, Place best, double move, double stretch, int rounds,
            const detail::StepWork& work) {
  const double low = plan.range.shortest * period, high = plan.range.longest * period;
  for (int round = 0; round < rounds; ++round) {
    const Place middle = best;
    for (const double shift : {-move, move}) {
      const Place other = score(run.shape, work, origin, middle.time - origin + shift, middle.duration);
      if (other.gain() > best.gain()) best = other;
    }
    const Place moved = best;
    for (const double duration : {moved.duration / stretch, moved.duration * stretch}) {
      if (duration < low || duration > high) continue;
      const Place other = score(run.shape, work, origin, moved.time - origin, duration);
      if (other.gain() > best.gain()) best = other;
    }
    move *= 0.5;
    stretch = std::sqrt(stretch);
  }
  return best;
}

/// From the best place on the steps to the best one near it, point by point with the exact shape.
Place rescore(const Run& run, const Plan& plan, double period, const Place& from, double step, detail::StepWork& work) {
  gather(run.series, period, from.time, 0.56 * from.duration + step, work);
  const Place start = score(run.shape, work, from.time, 0.0, from.duration);
  return climb(run, plan, period, from.time, start, 0.5 * step, std::sqrt(std::min(run.options.duration_step, 1.2)), 2, work);
}

/// The same with every duration and time around: few points make many maxima.
Place rescore_widely(const Run& run, const Plan& plan, double period, const Place& from, detail::StepWork& work) {
  constexpr double kStretch = 1.03;
  constexpr int kDurations = 10, kTimes = 8;
  const double low = plan.range.shortest * period, high = plan.range.longest * period, move = from.duration / 64.0;
  gather(run.series, period, from.time, 0.72 * from.duration + kTimes * move, work);
  Place best = score(run.shape, work, from.time, 0.0, from.duration);
  for (int d = -kDurations; d <= kDurations; ++d) {
    const double duration = from.duration * std::pow(kStretch, d);
    if (duration < low || duration > high) continue;
    for (int k = -kTimes; k <= kTimes; ++k) {
      const Place other = score(run.shape, work, from.time, move * k, duration);
      if (other.gain() > best.gain()) best = other;
    }
  }
  return climb(run, plan, period, from.time, best, 0.5 * move, std::sqrt(kStretch), 4, work);
}

/// Writes a place into the columns, if it is a dip.
void put(const Run& run, std::size_t p, const Place& best, TransitPeriodogram& out) {
  if (!(best.gain() > 0.0) || !(best.above / best.below > run.options.smallest_depth)) return;
  const double period = out.period[p];
  out.chi2[p] = run.series.chi2_flat - best.gain();
  out.depth[p] = best.above / best.below;
  out.duration[p] = best.duration;
  out.transit_time[p] = run.series.first_time + best.time - period * std::floor(best.time / period);
}

void search_period(const Run& run, std::size_t p, detail::StepWork& work, TransitPeriodogram& out) {
  const double period = out.period[p];
  const Plan plan = plan_for(run, period);
  const auto found = detail::best_step(run.series, period, plan.steps, plan.levels, run.kernels, run.options.smallest_depth, work);
  if (found.length == 0) return;
  const double step = period * static_cast<double>(found.coarse) / static_cast<double>(plan.steps);
  const double length = static_cast<double>(found.length);
  Place best{(static_cast<double>(found.step) + 0.5 * length) * step, length * step, std::sqrt(found.square), found.below};
  if (run.options.rescore) best = rescore(run, plan, period, best, step, work);
  put(run, p, best, out);
}

/// The periods of the lowest chi2, a hundredth of all.
std::vector<Index> best_periods(const TransitPeriodogram& found) {
  std::vector<Index> order;
  for (Index p = 0; p < found.size(); ++p) {
    if (found.depth[at(p)] > 0.0) order.push_back(p);
  }
  const Index wanted = std::min<Index>(ssize(order), std::max<Index>(8, found.size() / 100));
  std::partial_sort(order.begin(), order.begin() + wanted, order.end(), [&](Index a, Index b) {
    return found.chi2[at(a)] != found.chi2[at(b)] ? found.chi2[at(a)] < found.chi2[at(b)] : a < b;
  });
  order.resize(at(wanted));
  return order;
}

void widen(const Run& run, std::size_t p, detail::StepWork& work, TransitPeriodogram& out) {
  const double gain = out.chi2_flat - out.chi2[p];
  const Place from{out.transit_time[p] - run.series.first_time, out.duration[p], 0.0, 0.0};
  const Place best = rescore_widely(run, plan_for(run, out.period[p]), out.period[p], from, work);
  if (best.gain() > gain) put(run, p, best, out);
}

TransitPeriodogram empty_result(const Run& run, std::span<const double> period) {
  TransitPeriodogram out{.chi2_flat = run.series.chi2_flat, .scatter = run.series.scatter};
  out.period.assign(period.begin(), period.end());
  out.chi2.assign(period.size(), run.series.chi2_flat);
  for (auto* column : {&out.depth, &out.duration, &out.transit_time}) column->assign(period.size(), 0.0);
  return out;
}

}  // namespace

Index TransitPeriodogram::best() const {
  const auto top = std::max_element(power.begin(), power.end());
  return top == power.end() || !(sde > 0.0) ? -1 : top - power.begin();
}

TransitPeriodogram transit_least_squares(const SeriesView& series, std::span<const double> period, const TransitOptions& options) {
  const Run run = prepare(series, period, options);
  TransitPeriodogram out = empty_result(run, period);
  parallel_for(ssize(period), kGrain, [&](Index begin, Index end) {
    detail::StepWork work;
    for (Index p = begin; p < end; ++p) search_period(run, at(p), work, out);
  }, options.threads);
  const auto again = options.rescore ? best_periods(out) : std::vector<Index>{};
  parallel_for(ssize(again), 1, [&](Index begin, Index end) {
    detail::StepWork work;
    for (Index k = begin; k < end; ++k) widen(run, at(again[at(k)]), work, out);
  }, options.threads);
  transit_spectra(out, options.oversampling);
  return out;
}

Task<TransitPeriodogram> transit_least_squares_task(Budget& budget, SeriesView series, std::span<const double> period,
                                                    TransitOptions options) {
  const Run run = prepare(series, period, options);
  TransitPeriodogram out = empty_result(run, period);
  // So many periods between two looks at the clock: half a millisecond for each thread.
  const Index threads = options.threads > 0 ? options.threads : hardware_threads();
  const Index each = threads > 1 ? std::max<Index>(1, 100'000 / (series.size() + 3000)) : 1;
  std::vector<detail::StepWork> works(at(threads));
  for (Index first = 0; first < ssize(period); first += threads * each) {
    parallel_for(threads, 1, [&](Index begin, Index end) {
      for (Index k = begin; k < end; ++k) {
        const Index from = first + k * each, to = std::min(from + each, ssize(period));
        for (Index p = from; p < to; ++p) search_period(run, at(p), works[at(k)], out);
      }
    }, options.threads);
    budget.progress(static_cast<double>(std::min(first + threads * each, ssize(period))) / static_cast<double>(period.size()), "transit search");
    co_await budget.pause();
  }
  const auto again = options.rescore ? best_periods(out) : std::vector<Index>{};
  for (const Index p : again) {
    widen(run, at(p), works.front(), out);
    co_await budget.pause();
  }
  transit_spectra(out, options.oversampling);
  co_return out;
}

TransitFit transit_fit(const SeriesView& series, double period, double duration, double time, const TransitOptions& options) {
  constexpr const char* kFit = "transit_fit";
  const auto dips = detail::dip_series(series, options.level, kFit);
  if (!(period > 0.0) || !std::isfinite(period) || !(duration > 0.0) || !(duration < period) || !std::isfinite(time)) {
    fail(ErrorKind::input, kFit, "expected a duration in (0, period) and a finite time, got " + number_text(duration) + ", " + number_text(period) + ", " + number_text(time));
  }
  const double exposure = detail::exposure_of(dips, options.exposure, kFit);
  const detail::ShapeTable shape(options.shape);
  TransitFit out{.depth_error = HUGE_VAL};
  double above = 0.0, below = 0.0;
  for (std::size_t i = 0; i < dips.tau.size(); ++i) {
    const double apart = std::remainder(dips.tau[i] + dips.first_time - time, period), s = shape.averaged(apart, duration, exposure);
    if (std::fabs(apart) < 0.5 * duration) ++out.points;
    above += dips.pair[2 * i] * s;
    below += dips.pair[2 * i + 1] * s * s;
  }
  if (!(below > 0.0)) return out;
  out.depth = above / below;
  out.depth_error = 1.0 / std::sqrt(below);
  out.gain = above * above / below;
  return out;
}

}  // namespace orrery::transit
