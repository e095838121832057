#include "orrery/period/window.hpp"

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

constexpr double kTolerance = 1e-11;

struct WeightedTimes {
  std::vector<double> tau, weight;
};

WeightedTimes weighted_times(const SeriesView& series, const WindowOptions& options, const char* where) {
  require_usable(series, 1, where);
  const auto [low, high] = std::minmax_element(series.t.begin(), series.t.end());
  const double epoch = std::round(*low + 0.5 * (*high - *low));
  WeightedTimes out;
  double total = 0.0;
  for (std::size_t i = 0; i < series.t.size(); ++i) {
    const double sigma = options.weighted && !series.sigma.empty() ? series.sigma[i] : 1.0;
    out.tau.push_back(series.t[i] - epoch);
    out.weight.push_back(1.0 / (sigma * sigma));
    total += out.weight.back();
  }
  if (!(total > 0.0) || !std::isfinite(total) || !std::isfinite(1.0 / total)) {
    fail(ErrorKind::input, where, "expected uncertainties whose squares a double can hold, got a sum of weights of " + number_text(total));
  }
  for (double& w : out.weight) w /= total;
  return out;
}

struct WindowRun {
  WeightedTimes times;
  detail::NufftPlan plan;
  detail::NufftSink sink;
  std::vector<double> re, im;
};

void prepare(WindowRun& run, const SeriesView& series, const FrequencyGrid& grid, const WindowOptions& options) {
  run.times = weighted_times(series, options, "spectral_window");
  if (grid.count < 1 || grid.count > kMaxGridCount || !(grid.first >= 0.0) || !std::isfinite(grid.last()) ||
      (grid.count > 1 && !(grid.step > 0.0))) {
    fail(ErrorKind::input, "spectral_window",
         "expected first >= 0, step > 0 and 1 to " + std::to_string(kMaxGridCount) + " frequencies, got " + number_text(grid.first) + ", " +
             number_text(grid.step) + " and " + std::to_string(grid.count));
  }
  run.re.resize(at(grid.count));
  run.im.resize(at(grid.count));
  const std::span<const double> columns[] = {run.times.weight};
  const detail::NufftRequest requests[] = {{1, {0}}};
  run.plan = detail::nufft_plan(run.times.tau, grid, columns, requests, kTolerance);
  run.sink.re = {run.re.data()};
  run.sink.im = {run.im.data()};
}

/// Squared length of the sums of one pair of windows, in place of their real parts.
void square_pair(WindowRun& run, Index pair) {
  const Index end = detail::window_range(run.plan, 2 * pair + 1).end;
  for (Index k = detail::window_range(run.plan, 2 * pair).begin; k < end; ++k) {
    run.re[at(k)] = std::min(1.0, run.re[at(k)] * run.re[at(k)] + run.im[at(k)] * run.im[at(k)]);
  }
}

}  // namespace

std::vector<double> spectral_window(const SeriesView& series, const FrequencyGrid& grid, const WindowOptions& options) {
  WindowRun run;
  prepare(run, series, grid, options);
  const Index pairs = run.plan.pairs();
  std::atomic<Index> next = 0;
  parallel_for(std::min<Index>(pairs, options.threads > 0 ? options.threads : hardware_threads()), 1, [&](Index, Index) {
    detail::NufftWorkspace work;
    for (Index pair = next++; pair < pairs; pair = next++) {
      detail::nufft_pair(run.plan, work, pair, run.sink);
      square_pair(run, pair);
    }
  }, options.threads);
  return std::move(run.re);
}

Task<std::vector<double>> spectral_window_task(Budget& budget, SeriesView series, FrequencyGrid grid, WindowOptions options) {
  WindowRun run;
  prepare(run, series, grid, options);
  detail::NufftWorkspace work;
  for (Index pair = 0; pair < run.plan.pairs(); ++pair) {
    co_await detail::nufft_pair_task(budget, run.plan, work, pair, run.sink);
    square_pair(run, pair);
    budget.progress(double(pair + 1) / double(run.plan.pairs()), "spectral window");
  }
  co_return std::move(run.re);
}

std::vector<double> spectral_window_exact(const SeriesView& series, std::span<const double> frequency, const WindowOptions& options) {
  const auto times = weighted_times(series, options, "spectral_window_exact");
  for (std::size_t i = 0; i < frequency.size(); ++i) {
    if (!std::isfinite(frequency[i])) {
      fail(ErrorKind::input, "spectral_window_exact",
           "expected finite frequencies, got " + number_text(frequency[i]) + " at index " + std::to_string(i));
    }
  }
  std::vector<double> power(frequency.size());
  parallel_for(ssize(frequency), std::max<Index>(1, 20000 / ssize(times.tau)), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      double re = 0.0, im = 0.0;
      for (std::size_t j = 0; j < times.tau.size(); ++j) {
        const double turns = frequency[at(i)] * times.tau[j];
        const double phase = 6.283185307179586476925286766559 * (turns - std::round(turns));
        re += times.weight[j] * std::cos(phase);
        im += times.weight[j] * std::sin(phase);
      }
      power[at(i)] = std::min(1.0, re * re + im * im);
    }
  }, options.threads);
  return power;
}

}  // namespace orrery::period
