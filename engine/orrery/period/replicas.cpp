// One transform of w y a replica and harmonic; those of w are made once (timeseries with fixed times and errors).
#include <algorithm>
#include <atomic>
#include <cmath>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/parallel.hpp"
#include "orrery/core/text.hpp"
#include "orrery/period/replicas_detail.hpp"

namespace orrery::period::detail {
namespace {

constexpr Index kTogether = 4;            // replicas at a time: one column of the spreading grid each
constexpr double kTolerance = 1e-9;       // of a sum
constexpr double kConditionLimit = 1e-5;  // closer to singular: left out, the same for all replicas
constexpr double kMostBytes = 4e9;

/// What one thread changes: its own strengths, grids and powers.
struct Worker {
  std::vector<NufftWorkspace> work;              ///< one a band
  std::vector<std::vector<double>> total, part;  ///< (kTogether) x (F,) power of all bands, of one
  std::vector<double> y, strength;
  double chi2[kTogether] = {}, sums[kTogether] = {}, inverse_variances[kTogether] = {}, maxima[kTogether] = {};
};

void start(const ReplicaSearch& s, Worker& w) {
  w.work.resize(s.bands.size());
  for (auto& work : w.work) work.columns.resize(at(kTogether));
  w.part.assign(at(kTogether), std::vector<double>(at(s.grid.count)));
  if (s.bands.size() > 1) w.total = w.part;
}

/// Strengths of replica r (none beyond the last) of band b into column c; gives chi2 without a period.
double load(const ReplicaSearch& s, Worker& w, Index b, Index r, bool exists, int c, const ReplicaValues& values) {
  const ReplicaBand& band = s.bands[at(b)];
  const std::size_t n = band.series.tau.size();
  w.y.assign(n, 0.0);
  w.strength.assign(n, 0.0);
  w.sums[c] = w.inverse_variances[c] = 0.0;
  double variance = 0.0;
  if (exists) {
    values(r, b, w.y);
    double mean = 0.0;
    if (s.options.fit_mean || s.options.center_data) {
      for (std::size_t i = 0; i < n; ++i) mean += band.series.weight[i] * w.y[i];
    }
    for (std::size_t i = 0; i < n; ++i) {
      const double y = w.y[i] - mean;
      w.strength[i] = band.series.weight[i] * y;
      w.sums[c] += w.strength[i];
      variance += w.strength[i] * y;
    }
    w.inverse_variances[c] = variance > 0.0 ? 1.0 / variance : 0.0;
  }
  w.work[at(b)].columns[at(Index(c))] = nufft_sorted(band.plan, w.strength);
  return variance * band.series.total_weight;
}

NufftSink sink_of(const ReplicaBand& band, Worker& w) {
  NufftSink sink = band.sink;
  std::fill(std::begin(w.maxima), std::end(w.maxima), 0.0);
  sink.replica_sum = w.sums;
  sink.replica_inverse_variance = w.inverse_variances;
  sink.maxima = w.maxima;
  for (auto& power : w.part) sink.replica_power.push_back(power.data());
  return sink;
}

/// Adds the powers of one band, weighted by its chi2, to those before it.
void add_band(Worker& w, Index b, const double* chi2) {
  for (Index c = 0; c < kTogether; ++c) {
    const auto& part = w.part[at(c)];
    auto& total = w.total[at(c)];
    if (b == 0) std::fill(total.begin(), total.end(), 0.0);
    for (std::size_t k = 0; k < part.size(); ++k) total[k] += chi2[c] * part[k];
  }
}

Task<bool> run_batch(Budget& budget, const ReplicaSearch& s, Worker& w, Index from, Index end, Index lane, const ReplicaValues& values,
                     const ReplicaPower& power) {
  const bool many = s.bands.size() > 1;
  double sum[kTogether] = {};
  for (Index b = 0; b < ssize(s.bands); ++b) {
    double chi2[kTogether];
    for (int c = 0; c < int(kTogether); ++c) chi2[c] = load(s, w, b, from + c, from + c < end, c, values), sum[c] += chi2[c];
    const NufftSink sink = sink_of(s.bands[at(b)], w);
    for (Index pair = 0; pair < s.bands[at(b)].plan.pairs(); ++pair) {
      co_await nufft_pair_task(budget, s.bands[at(b)].plan, w.work[at(b)], pair, sink);
    }
    if (many) add_band(w, b, chi2);
  }
  for (Index c = 0; c < kTogether && from + c < end; ++c) {
    if (many) {
      const double scale = sum[c] > 0.0 ? 1.0 / sum[c] : 0.0;
      for (double& p : w.total[at(c)]) p *= scale;
    }
    power(from + c, lane, many ? w.total[at(c)] : w.part[at(c)]);
  }
  co_return true;
}

std::vector<NufftRequest> requests(int multiples, std::vector<int> columns) {
  std::vector<NufftRequest> out;
  for (int k = 1; k <= multiples; ++k) out.push_back({k, columns});
  return out;
}

Task<bool> prepare_band(Budget& budget, ReplicaBand& band, const FrequencyGrid& grid, const LombScargleOptions& options) {
  const int harmonics = options.harmonics;
  const std::vector<double> nothing(band.series.tau.size(), 0.0);
  const std::vector<std::span<const double>> columns(kTogether, nothing);
  band.plan = nufft_plan(band.series.tau, grid, columns, requests(harmonics, {0, 1, 2, 3}), kTolerance);
  band.re.assign(at(2 * harmonics + 1), std::vector<double>(at(grid.count)));
  band.im = band.re;
  {
    // The origin of time of the sums depends on the sizes of the plan: those of w and of w y go together only with the same ones.
    const std::span<const double> weight[] = {band.series.weight};
    const NufftFixed fixed{band.plan.shape, *std::min_element(band.series.tau.begin(), band.series.tau.end())};
    const auto window = nufft_plan(band.series.tau, grid, weight, requests(2 * harmonics, {0}), kTolerance, &fixed);
    NufftSink sink;
    for (int k = 1; k <= 2 * harmonics; ++k) {
      sink.re.push_back(band.re[at(k)].data());
      sink.im.push_back(band.im[at(k)].data());
    }
    NufftWorkspace work;
    for (Index pair = 0; pair < window.pairs(); ++pair) co_await nufft_pair_task(budget, window, work, pair, sink);
  }
  band.sink.kind = NufftSink::Kind::maxima;
  band.sink.context = {harmonics, options.fit_mean, 0.0, 0.0};
  band.sink.condition_limit = kConditionLimit;
  for (auto& v : band.re) band.sink.re.push_back(v.data());
  for (auto& v : band.im) band.sink.im.push_back(v.data());
  co_return true;
}

}  // namespace

Task<bool> prepare_replicas(Budget& budget, ReplicaSearch& search, std::vector<SeriesView> bands, FrequencyGrid grid,
                            LombScargleOptions options, const char* where) {
  if (bands.empty()) fail(ErrorKind::input, where, "expected at least 1 band, got 0");
  require_grid(grid, where);
  search.options = options;
  search.grid = grid;
  search.bands.resize(bands.size());
  for (std::size_t b = 0; b < bands.size(); ++b) search.bands[b].series = weighted_series(bands[b], options, where);
  const double bytes = 8.0 * double(grid.count) * (double(bands.size()) * (4.0 * options.harmonics + 2.0) + 8.0 * hardware_threads());
  if (bytes > kMostBytes) {
    fail(ErrorKind::limit, where, "expected a grid whose window sums fit into 4 GB, got " + std::to_string(grid.count) + " frequencies that need " +
                                      number_text(1e-9 * bytes, 3) + " GB");
  }
  for (auto& band : search.bands) co_await prepare_band(budget, band, grid, options);
  co_return true;
}

void run_replicas(const ReplicaSearch& search, Index first, Index count, const ReplicaValues& values, const ReplicaPower& power) {
  const Index batches = (count + kTogether - 1) / kTogether, lanes = std::min(batches, kReplicaLanes);
  const Index workers = std::min<Index>(lanes, search.options.threads > 0 ? search.options.threads : hardware_threads());
  std::atomic<Index> next = 0;  // which thread takes a lane changes no result
  parallel_for(workers, 1, [&](Index, Index) {
    Worker w;
    start(search, w);
    for (Index lane = next++; lane < lanes; lane = next++) {
      for (Index batch = lane; batch < batches; batch += kReplicaLanes) {
        const Index from = first + batch * kTogether;
        (void)run_to_end([&](Budget& budget) { return run_batch(budget, search, w, from, first + count, lane, values, power); });
      }
    }
  }, search.options.threads);
}

Task<bool> run_replicas_task(Budget& budget, const ReplicaSearch& search, Index first, Index count, const ReplicaValues& values,
                             const ReplicaPower& power, std::string_view words) {
  Worker w;
  start(search, w);
  const Index batches = (count + kTogether - 1) / kTogether;
  for (Index batch = 0; batch < batches; ++batch) {
    const Index from = first + batch * kTogether;
    co_await run_batch(budget, search, w, from, first + count, batch % kReplicaLanes, values, power);
    budget.progress(double(batch + 1) / double(batches), words);
  }
  co_return true;
}

}  // namespace orrery::period::detail
