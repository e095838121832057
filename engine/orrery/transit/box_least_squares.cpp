#include "orrery/transit/box_least_squares.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/parallel.hpp"
#include "orrery/core/text.hpp"
#include "orrery/transit/box_detail.hpp"

namespace orrery::transit {
namespace {

constexpr const char* kWhere = "box_least_squares";
constexpr double kMostBins = 2e8;  // of one fold: 6.4 GB, beyond any sensible search

struct BoxRun {
  detail::FoldSeries series;
  std::span<const double> period;
  std::vector<Index> lengths;  // of the boxes [bins]
  double bin_duration = 0.0;
  BoxOptions options;
};

double weight_of(const SeriesView& series, std::size_t i) { return series.sigma.empty() ? 1.0 : 1.0 / (series.sigma[i] * series.sigma[i]); }

detail::FoldSeries fold_series(const SeriesView& series) {
  detail::FoldSeries out;
  out.first_time = *std::min_element(series.t.begin(), series.t.end());
  double mean = 0.0;
  for (std::size_t i = 0; i < series.t.size(); ++i) {
    out.weight += weight_of(series, i);
    mean += weight_of(series, i) * series.y[i];
  }
  if (!(out.weight > 0.0) || !std::isfinite(out.weight)) {
    fail(ErrorKind::input, kWhere, "expected uncertainties whose squares a double can hold, got a sum of weights of " + number_text(out.weight));
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

void require_positive(std::span<const double> values, const char* what) {
  if (values.empty()) fail(ErrorKind::input, kWhere, std::string("expected at least one ") + what + ", got none");
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] > 0.0 && std::isfinite(values[i])) continue;
    fail(ErrorKind::input, kWhere, std::string("expected every ") + what + " > 0 and finite, got " + number_text(values[i]) + " at index " + std::to_string(i));
  }
}

BoxRun prepare(const SeriesView& series, std::span<const double> period, std::span<const double> duration, const BoxOptions& options) {
  require_usable(series, 2, kWhere);
  require_positive(period, "period");
  require_positive(duration, "duration");
  if (options.oversample < 1) fail(ErrorKind::input, kWhere, "expected oversample >= 1, got " + std::to_string(options.oversample));
  const auto [shortest, longest] = std::minmax_element(duration.begin(), duration.end());
  const auto [lowest, highest] = std::minmax_element(period.begin(), period.end());
  if (*longest > *lowest) {
    fail(ErrorKind::input, kWhere, "expected every duration within the shortest period (" + number_text(*lowest) + "), got " + number_text(*longest));
  }
  BoxRun run{.series = fold_series(series), .period = period, .options = options};
  run.bin_duration = *shortest / static_cast<double>(options.oversample);
  if (*highest / run.bin_duration > kMostBins) {
    fail(ErrorKind::input, kWhere, "expected at most 2e8 bins in a fold, got " + number_text(*highest / run.bin_duration) +
                                       ": the longest period is too long for the shortest duration");
  }
  for (const double d : duration) run.lengths.push_back(static_cast<Index>(std::round(d / run.bin_duration)));
  return run;
}

BoxPeriodogram empty_result(std::span<const double> period) {
  BoxPeriodogram out;
  out.period.assign(period.begin(), period.end());
  out.objective.assign(period.size(), -std::numeric_limits<double>::infinity());
  for (auto* column : {&out.depth, &out.depth_error, &out.duration, &out.transit_time, &out.depth_snr, &out.log_likelihood}) {
    column->assign(period.size(), 0.0);
  }
  return out;
}

/// The numbers of the best box at one period.
void search_period(const BoxRun& run, std::size_t p, detail::FoldWork& work, BoxPeriodogram& out) {
  const bool likelihood = run.options.objective == BoxObjective::likelihood;
  const double period = run.period[p];
  const auto best = detail::best_box(run.series, period, run.bin_duration, run.lengths, run.options.oversample, likelihood, work);
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
  out.duration[p] = static_cast<double>(best.length) * run.bin_duration;
  out.transit_time[p] = std::fmod(static_cast<double>(best.bin) * run.bin_duration + 0.5 * out.duration[p] + run.series.first_time, period);
}

}  // namespace

Index BoxPeriodogram::best() const {
  const auto top = std::max_element(objective.begin(), objective.end());
  return top == objective.end() || !std::isfinite(*top) ? -1 : top - objective.begin();
}

BoxPeriodogram box_least_squares(const SeriesView& series, std::span<const double> period, std::span<const double> duration,
                                 const BoxOptions& options) {
  const BoxRun run = prepare(series, period, duration, options);
  BoxPeriodogram out = empty_result(period);
  parallel_for(ssize(period), 16, [&](Index begin, Index end) {
    detail::FoldWork work;
    for (Index p = begin; p < end; ++p) search_period(run, at(p), work, out);
  }, options.threads);
  return out;
}

Task<BoxPeriodogram> box_least_squares_task(Budget& budget, SeriesView series, std::span<const double> period,
                                            std::span<const double> duration, BoxOptions options) {
  const BoxRun run = prepare(series, period, duration, options);
  BoxPeriodogram out = empty_result(period);
  detail::FoldWork work;
  for (std::size_t p = 0; p < period.size(); ++p) {
    search_period(run, p, work, out);
    budget.progress(static_cast<double>(p + 1) / static_cast<double>(period.size()), "box search");
    co_await budget.pause();
  }
  co_return out;
}

}  // namespace orrery::transit
