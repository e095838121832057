#include "orrery/period/lomb_scargle_fast.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/parallel.hpp"
#include "orrery/core/text.hpp"
#include "orrery/period/nufft_detail.hpp"

namespace orrery::period {
namespace {

using detail::NufftPlan;
using detail::NufftRequest;
using detail::NufftSink;
using detail::NufftWorkspace;

/// Error of a sum relative to the sum of weights; the power's error is a few times this over the condition.
constexpr double kTolerance = 1e-11;
/// Frequencies whose normal matrix is closer to singular than this are done by direct sums.
constexpr double kConditionLimit = 0.02;

struct FastRun {
  detail::WeightedSeries series;
  detail::SolveContext context;
  NufftPlan plan;
  NufftSink sink;
  LombScargleOptions options;
  std::span<double> power;
  bool direct = false;  ///< so small that direct sums are faster than making a plan
};

std::vector<NufftRequest> requests_for(const LombScargleOptions& options) {
  constexpr int kWeightedY = 0, kWeight = 1;
  std::vector<NufftRequest> requests;
  for (int k = 1; k <= 2 * options.harmonics; ++k) {
    if (k > options.harmonics) {
      requests.push_back({k, {kWeight}});
    } else if (options.harmonics == 1 && !options.fit_mean) {
      requests.push_back({k, {kWeightedY}});
    } else {
      requests.push_back({k, {kWeightedY, kWeight}});
    }
  }
  return requests;
}

void prepare(FastRun& run, const SeriesView& series, const FrequencyGrid& grid, const LombScargleOptions& options, std::span<double> power,
             detail::NufftTableCache* cache) {
  run.options = options;
  run.series = detail::weighted_series(series, options, "lomb_scargle_fast");
  run.context = detail::solve_context(run.series, options);
  run.power = power;
  const std::span<const double> columns[] = {run.series.weighted_y, run.series.weight};
  const auto requests = requests_for(options);
  const double pairs = double(run.series.size()) * double(grid.count);
  const double direct_cost = pairs * (2.5 + 1.5 * options.harmonics);  // cycles, measured
  run.direct = !options.always_transform && direct_cost < 1e5;
  if (run.direct) return;
  const double low = run.series.first - run.series.epoch, span = grid.step * (run.series.last - run.series.first);
  const auto choice = detail::nufft_choice(run.series.size(), grid.count, span, requests, kTolerance);
  run.direct = !options.always_transform && direct_cost < choice.cost;
  if (run.direct) return;
  const detail::NufftFixed fixed{choice.shape, low};
  run.plan = detail::nufft_plan(run.series.tau, grid, columns, requests, kTolerance, &fixed, cache);
  run.sink.kind = options.harmonics == 1 ? NufftSink::Kind::one_harmonic : NufftSink::Kind::harmonics;
  run.sink.context = run.context;
  run.sink.condition_limit = kConditionLimit;
  run.sink.power = run.power.data();
}

/// Direct sums for some of the frequencies that the transform could not do well.
void repair(FastRun& run, std::span<const Index> which) {
  std::vector<double> frequency(which.size()), power(which.size());
  for (std::size_t i = 0; i < which.size(); ++i) frequency[i] = run.plan.grid[which[i]];
  detail::direct_power(run.series, run.context, frequency, power);
  for (std::size_t i = 0; i < which.size(); ++i) run.power[at(which[i])] = std::clamp(power[i], 0.0, 1.0);
}

void normalize_pair(FastRun& run, Index pair) {
  if (run.options.normalization == Normalization::standard) return;
  const auto from = detail::window_range(run.plan, 2 * pair).begin;
  const auto to = detail::window_range(run.plan, 2 * pair + 1).end;
  detail::normalize(run.power.subspan(at(from), at(to - from)), run.options.normalization, run.series.reference_chi2());
}

void whole_pair(FastRun& run, NufftWorkspace& work, Index pair) {
  detail::nufft_pair(run.plan, work, pair, run.sink);
  repair(run, work.suspicious);
  work.suspicious.clear();
  normalize_pair(run, pair);
}

}  // namespace

namespace detail {

void require_grid(const FrequencyGrid& grid, const char* where) {
  if (grid.count < 1 || grid.count > kMaxGridCount) {
    fail(grid.count < 1 ? ErrorKind::input : ErrorKind::limit, where,
         "expected a grid of 1 to " + std::to_string(kMaxGridCount) + " frequencies, got " + std::to_string(grid.count));
  }
  if (!(grid.first > 0.0) || !std::isfinite(grid.first) || !std::isfinite(grid.last()) || (grid.count > 1 && !(grid.step > 0.0))) {
    fail(ErrorKind::input, where,
         "expected a finite grid with first > 0 and step > 0, got " + number_text(grid.first) + " and " + number_text(grid.step));
  }
}

void fast_power(const SeriesView& series, const FrequencyGrid& grid, const LombScargleOptions& options, FastScratch& scratch,
                std::span<double> power) {
  FastRun run;
  prepare(run, series, grid, options, power, &scratch.tables);
  if (!run.direct) {
    for (Index pair = 0; pair < run.plan.pairs(); ++pair) whole_pair(run, scratch.work, pair);
    return;
  }
  scratch.frequency.resize(at(grid.count));
  for (Index k = 0; k < grid.count; ++k) scratch.frequency[at(k)] = grid[k];
  direct_power(run.series, run.context, scratch.frequency, power);
  normalize(power, options.normalization, run.series.reference_chi2());
}

}  // namespace detail

std::vector<double> lomb_scargle_fast(const SeriesView& series, const FrequencyGrid& grid, const LombScargleOptions& options) {
  detail::require_grid(grid, "lomb_scargle_fast");
  std::vector<double> power(at(grid.count));
  FastRun run;
  prepare(run, series, grid, options, power, nullptr);
  if (run.direct) return lomb_scargle(series, grid.values(), options);
  const Index pairs = run.plan.pairs();
  const Index workers = std::min<Index>(pairs, options.threads > 0 ? options.threads : hardware_threads());
  std::atomic<Index> next = 0;  // pairs are handed out one by one; which thread takes one changes no result
  parallel_for(workers, 1, [&](Index, Index) {
    NufftWorkspace work;
    for (Index pair = next++; pair < pairs; pair = next++) whole_pair(run, work, pair);
  }, options.threads);
  return power;
}

Task<std::vector<double>> lomb_scargle_fast_task(Budget& budget, SeriesView series, FrequencyGrid grid, LombScargleOptions options) {
  detail::require_grid(grid, "lomb_scargle_fast");
  std::vector<double> power(at(grid.count));
  FastRun run;
  prepare(run, series, grid, options, power, nullptr);
  if (run.direct) {
    const auto frequency = grid.values();
    co_return co_await lomb_scargle_task(budget, series, frequency, options);
  }
  co_await budget.pause();
  NufftWorkspace work;
  const Index repairs_each = std::max<Index>(8, 200000 / (run.series.size() * options.harmonics));
  for (Index pair = 0; pair < run.plan.pairs(); ++pair) {
    co_await detail::nufft_pair_task(budget, run.plan, work, pair, run.sink);
    for (Index from = 0; from < ssize(work.suspicious); from += repairs_each) {
      const Index count = std::min(repairs_each, ssize(work.suspicious) - from);
      repair(run, std::span<const Index>(work.suspicious).subspan(at(from), at(count)));
      co_await budget.pause();
    }
    work.suspicious.clear();
    normalize_pair(run, pair);
    budget.progress(double(pair + 1) / double(run.plan.pairs()), "periodogram");
  }
  co_return power;
}

}  // namespace orrery::period
