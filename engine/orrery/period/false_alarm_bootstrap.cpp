// Bootstrap of the highest peak: one transform of w y a replica; those of w are made once.
#include <algorithm>
#include <atomic>
#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/parallel.hpp"
#include "orrery/core/random.hpp"
#include "orrery/period/false_alarm.hpp"
#include "orrery/period/nufft_detail.hpp"

namespace orrery::period {
namespace {

constexpr Index kReplicas = 4;        // at a time: one column of the spreading grid each
constexpr double kTolerance = 1e-9;   // of a sum
constexpr double kConditionLimit = 1e-5;  // closer to singular: left out, the same for all replicas

struct Bootstrap {
  detail::WeightedSeries series;
  LombScargleOptions options;
  std::vector<double> root_weight;        ///< sqrt of each weight: 1 / sigma up to a factor
  std::vector<double> residual;           ///< (y - mean) sqrt(weight)
  std::vector<std::vector<double>> re, im;  ///< sums of w at multiples 0 ... 2K
  detail::NufftPlan plan;
  detail::NufftSink sink;
  std::vector<double> maxima;
  std::uint64_t seed = 0;
};

/// What one thread changes: its own strengths and grids.
struct Worker {
  detail::NufftWorkspace work;
  detail::NufftSink sink;
  double sums[kReplicas] = {}, inverse_variances[kReplicas] = {}, maxima[kReplicas] = {};
};

std::vector<detail::NufftRequest> window_requests(int harmonics) {
  std::vector<detail::NufftRequest> requests;
  for (int k = 1; k <= 2 * harmonics; ++k) requests.push_back({k, {0}});
  return requests;
}

Task<bool> prepare(Budget& budget, Bootstrap& b, SeriesView series, FrequencyGrid grid, Index count) {
  b.series = detail::weighted_series(series, b.options, "bootstrap_maxima");
  detail::require_grid(grid, "bootstrap_maxima");
  if (count < 1) fail(ErrorKind::input, "bootstrap_maxima", "expected at least 1 bootstrap, got " + std::to_string(count));
  for (Index i = 0; i < b.series.size(); ++i) {
    b.root_weight.push_back(std::sqrt(b.series.weight[at(i)]));
    b.residual.push_back(b.series.weighted_y[at(i)] / b.root_weight.back());
  }
  const int harmonics = b.options.harmonics;
  b.re.assign(at(2 * harmonics + 1), std::vector<double>(at(grid.count)));
  b.im = b.re;
  const std::vector<double> nothing(b.series.tau.size(), 0.0);
  const std::vector<std::span<const double>> columns(kReplicas, nothing);
  std::vector<detail::NufftRequest> requests;
  for (int k = 1; k <= harmonics; ++k) requests.push_back({k, {0, 1, 2, 3}});
  b.plan = detail::nufft_plan(b.series.tau, grid, columns, requests, kTolerance);
  {
    // The same sizes and origin, so that the sums of w have the phase of those of w y.
    const detail::NufftFixed fixed{b.plan.shape, *std::min_element(b.series.tau.begin(), b.series.tau.end())};
    const std::span<const double> weight[] = {b.series.weight};
    const auto window = detail::nufft_plan(b.series.tau, grid, weight, window_requests(harmonics), kTolerance, &fixed);
    detail::NufftSink sink;
    for (int k = 1; k <= 2 * harmonics; ++k) {
      sink.re.push_back(b.re[at(k)].data());
      sink.im.push_back(b.im[at(k)].data());
    }
    detail::NufftWorkspace work;
    for (Index pair = 0; pair < window.pairs(); ++pair) co_await detail::nufft_pair_task(budget, window, work, pair, sink);
  }
  b.sink.kind = detail::NufftSink::Kind::maxima;
  b.sink.context = {harmonics, b.options.fit_mean, 0.0, 0.0};
  b.sink.condition_limit = kConditionLimit;
  for (auto& v : b.re) b.sink.re.push_back(v.data());
  for (auto& v : b.im) b.sink.im.push_back(v.data());
  b.maxima.resize(at(count));
  co_return true;
}

/// Strengths of replica r into column c.
void draw(const Bootstrap& b, Worker& w, Index r, int c) {
  const Index n = b.series.size();
  std::vector<double> strength(at(n), 0.0);
  w.sums[c] = w.inverse_variances[c] = w.maxima[c] = 0.0;
  if (r < ssize(b.maxima)) {
    Random random(b.seed, std::uint64_t(r));
    double mean = 0.0;
    for (Index i = 0; i < n; ++i) {
      strength[at(i)] = b.residual[at(random.index(n))] * b.root_weight[at(i)];
      mean += strength[at(i)];
    }
    if (!b.options.fit_mean && !b.options.center_data) mean = 0.0;
    double variance = 0.0;
    for (Index i = 0; i < n; ++i) {
      strength[at(i)] -= mean * b.series.weight[at(i)];
      w.sums[c] += strength[at(i)];
      variance += strength[at(i)] * strength[at(i)] / b.series.weight[at(i)];
    }
    w.inverse_variances[c] = variance > 0.0 ? 1.0 / variance : 0.0;
  }
  w.work.columns[at(c)] = detail::nufft_sorted(b.plan, strength);
}

void start_worker(const Bootstrap& b, Worker& w) {
  w.work.columns.resize(at(kReplicas));
  w.sink = b.sink;
  w.sink.replica_sum = w.sums;
  w.sink.replica_inverse_variance = w.inverse_variances;
  w.sink.maxima = w.maxima;
}

void begin_batch(const Bootstrap& b, Worker& w, Index batch) {
  for (int c = 0; c < int(kReplicas); ++c) draw(b, w, batch * kReplicas + c, c);
}

void end_batch(Bootstrap& b, const Worker& w, Index batch) {
  for (Index c = 0; c < kReplicas && batch * kReplicas + c < ssize(b.maxima); ++c) b.maxima[at(batch * kReplicas + c)] = w.maxima[c];
}

}  // namespace

std::vector<double> bootstrap_maxima(const SeriesView& series, const FrequencyGrid& grid, Index count, std::uint64_t seed,
                                     const LombScargleOptions& options) {
  Bootstrap b;
  b.options = options;
  b.seed = seed;
  (void)run_to_end([&](Budget& budget) { return prepare(budget, b, series, grid, count); });
  const Index batches = (count + kReplicas - 1) / kReplicas;
  std::atomic<Index> next = 0;
  parallel_for(std::min<Index>(batches, options.threads > 0 ? options.threads : hardware_threads()), 1, [&](Index, Index) {
    Worker w;
    start_worker(b, w);
    for (Index batch = next++; batch < batches; batch = next++) {
      begin_batch(b, w, batch);
      for (Index pair = 0; pair < b.plan.pairs(); ++pair) detail::nufft_pair(b.plan, w.work, pair, w.sink);
      end_batch(b, w, batch);
    }
  }, options.threads);
  std::sort(b.maxima.begin(), b.maxima.end());
  return std::move(b.maxima);
}

Task<std::vector<double>> bootstrap_maxima_task(Budget& budget, SeriesView series, FrequencyGrid grid, Index count, std::uint64_t seed,
                                                LombScargleOptions options) {
  Bootstrap b;
  b.options = options;
  b.seed = seed;
  co_await prepare(budget, b, series, grid, count);
  Worker w;
  start_worker(b, w);
  const Index batches = (count + kReplicas - 1) / kReplicas;
  for (Index batch = 0; batch < batches; ++batch) {
    begin_batch(b, w, batch);
    for (Index pair = 0; pair < b.plan.pairs(); ++pair) {
      co_await detail::nufft_pair_task(budget, b.plan, w.work, pair, w.sink);
    }
    end_batch(b, w, batch);
    budget.progress(double(batch + 1) / double(batches), "bootstrap");
  }
  std::sort(b.maxima.begin(), b.maxima.end());
  co_return std::move(b.maxima);
}

}  // namespace orrery::period
