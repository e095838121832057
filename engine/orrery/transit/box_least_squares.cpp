#include "orrery/transit/box_least_squares.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/memory.hpp"
#include "orrery/core/parallel.hpp"
#include "orrery/core/text.hpp"
#include "orrery/transit/box_detail.hpp"

namespace orrery::transit {
namespace {

constexpr const char* kWhere = "box_least_squares";
constexpr double kMostBins = 2e8;  // of one fold: 6.4 GB, beyond any sensible search

double weight_of(const SeriesView& series, std::size_t i) { return series.sigma.empty() ? 1.0 : 1.0 / (series.sigma[i] * series.sigma[i]); }

void require_positive(std::span<const double> values, const char* what, const char* where) {
  if (values.empty()) fail(ErrorKind::input, where, std::string("expected at least one ") + what + ", got none");
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] > 0.0 && std::isfinite(values[i])) continue;
    fail(ErrorKind::input, where, std::string("expected every ") + what + " > 0 and finite, got " + number_text(values[i]) + " at index " + std::to_string(i));
  }
}

}  // namespace

namespace detail {

FoldSeries fold_series(const SeriesView& series, const char* where) {
  FoldSeries out;
  out.first_time = *std::min_element(series.t.begin(), series.t.end());
  double mean = 0.0;
  for (std::size_t i = 0; i < series.t.size(); ++i) {
    out.weight += weight_of(series, i);
    mean += weight_of(series, i) * series.y[i];
  }
  if (!(out.weight > 0.0) || !std::isfinite(out.weight)) {
    fail(ErrorKind::input, where, "expected uncertainties whose squares a double can hold, got a sum of weights of " + number_text(out.weight));
  }
  mean /= out.weight;  // taken off, so that the sum of all is nothing and one division a box is enough
  for (std::size_t i = 0; i < series.t.size(); ++i) {
    const double w = weight_of(series, i);
    out.tau.push_back(series.t[i] - out.first_time);
    out.span = std::max(out.span, out.tau.back());
    out.pair.push_back(w * (series.y[i] - mean));
    out.pair.push_back(w);
    out.sum += w * (series.y[i] - mean);
  }
  return out;
}

BoxRun prepare_boxes(const SeriesView& series, std::span<const double> period, const BoxDurations& durations, const BoxOptions& options,
                     const char* where) {
  require_usable(series, 2, where);
  require_positive(period, "period", where);
  if (options.oversample < 1) fail(ErrorKind::input, where, "expected oversample >= 1, got " + std::to_string(options.oversample));
  const auto [lowest, highest] = std::minmax_element(period.begin(), period.end());
  require_durations(durations, *lowest, where);
  const double oversample = static_cast<double>(options.oversample);
  const double bins = *highest / (durations.shortest(*highest) / oversample);
  if (bins > kMostBins) {
    fail(ErrorKind::input, where, "expected at most 2e8 bins in a fold, got " + number_text(bins) + ": the longest period is too long for the shortest duration");
  }
  constexpr double kBytes = 7.0 * sizeof(double);  // a result column each
  require_memory(static_cast<double>(period.size()) * kBytes + 32.0 * bins + 24.0 * static_cast<double>(series.t.size()), where,
                 "for " + number_text(static_cast<double>(period.size())) + " trial periods and folds of up to " + number_text(bins, 3) + " bins");
  BoxRun run{.series = fold_series(series, where), .period = period, .durations = durations, .options = options};
  const double bin = *std::min_element(durations.value.begin(), durations.value.end()) / oversample;
  for (const double d : durations.value) run.lengths.push_back(static_cast<Index>(std::round(d / bin)));
  return run;
}

BoxPeriodogram empty_boxes(std::span<const double> period) {
  BoxPeriodogram out;
  out.period.assign(period.begin(), period.end());
  out.objective.assign(period.size(), -std::numeric_limits<double>::infinity());
  for (auto* column : {&out.depth, &out.depth_error, &out.duration, &out.transit_time, &out.depth_snr, &out.log_likelihood}) {
    column->assign(period.size(), 0.0);
  }
  return out;
}

void search_period(const BoxRun& run, std::size_t p, FoldWork& work, BoxPeriodogram& out) {
  const bool likelihood = run.options.objective == BoxObjective::likelihood;
  const double period = run.period[p];
  const double bin = run.durations.shortest(period) / static_cast<double>(run.options.oversample);
  const auto best = best_box(run.series, period, bin, run.lengths, run.options.oversample, likelihood, work);
  if (best.length < 0) return;
  const double inside = work.sum[at(best.bin + best.length)] - work.sum[at(best.bin)];
  const double r = work.weight[at(best.bin + best.length)] - work.weight[at(best.bin)];
  const double o = run.series.weight - r;
  const double depth = (run.series.sum - inside) / o - inside / r;
  out.depth[p] = depth;
  out.depth_error[p] = std::sqrt(1.0 / r + 1.0 / o);
  out.depth_snr[p] = depth / out.depth_error[p];
  out.log_likelihood[p] = 0.5 * r * depth * depth;
  out.objective[p] = likelihood ? out.log_likelihood[p] : out.depth_snr[p];
  out.duration[p] = static_cast<double>(best.length) * bin;
  out.transit_time[p] = std::fmod(static_cast<double>(best.bin) * bin + 0.5 * out.duration[p] + run.series.first_time, period);
}

}  // namespace detail

Index BoxPeriodogram::best() const {
  const auto top = std::max_element(objective.begin(), objective.end());
  return top == objective.end() || !std::isfinite(*top) ? -1 : top - objective.begin();
}

BoxPeriodogram box_least_squares(const SeriesView& series, std::span<const double> period, const BoxDurations& durations,
                                 const BoxOptions& options) {
  const auto run = detail::prepare_boxes(series, period, durations, options, kWhere);
  BoxPeriodogram out = detail::empty_boxes(period);
  parallel_for(ssize(period), 16, [&](Index begin, Index end) {
    detail::FoldWork work;
    for (Index p = begin; p < end; ++p) detail::search_period(run, at(p), work, out);
  }, options.threads);
  return out;
}

BoxPeriodogram box_least_squares(const SeriesView& series, std::span<const double> period, std::span<const double> duration,
                                 const BoxOptions& options) {
  return box_least_squares(series, period, BoxDurations{{duration.begin(), duration.end()}}, options);
}

Task<BoxPeriodogram> box_least_squares_task(Budget& budget, SeriesView series, std::span<const double> period, BoxDurations durations,
                                            BoxOptions options) {
  const auto run = detail::prepare_boxes(series, period, durations, options, kWhere);
  BoxPeriodogram out = detail::empty_boxes(period);
  std::vector<detail::FoldWork> work(detail::slots_of(options.threads));
  for (Index first = 0, batch = 1; first < ssize(period);) {
    const Index count = std::min(batch, ssize(period) - first);
    const double start = clock_ms();
    detail::share_out(count, work, [&](Index k, detail::FoldWork& mine) { detail::search_period(run, at(first + k), mine, out); });
    budget.progress(static_cast<double>(first + count) / static_cast<double>(period.size()), "box search");
    co_await budget.pause();
    first += count;
    batch = detail::next_batch(count, start);
  }
  co_return out;
}

Task<BoxPeriodogram> box_least_squares_task(Budget& budget, SeriesView series, std::span<const double> period,
                                            std::span<const double> duration, BoxOptions options) {
  options.threads = 1;
  return box_least_squares_task(budget, series, period, BoxDurations{{duration.begin(), duration.end()}}, options);
}

}  // namespace orrery::transit
