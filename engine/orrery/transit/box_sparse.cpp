#include "orrery/transit/box_sparse.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "orrery/transit/box_detail.hpp"

namespace orrery::transit {
namespace {

constexpr double kTiny = std::numeric_limits<double>::epsilon();  // as in the other searches

/// Points in order of phase, and behind them those of the next turn; running sums.
struct Turn {
  std::vector<std::uint32_t> count, order;
  std::vector<double> raw, phase, sum, weight;
};

/// Order of phase: points go into N equal parts of the turn, which hold about one each, and neighbours are then swapped.
void sort_by_phase(const detail::FoldSeries& series, double period, Turn& turn) {
  const std::size_t n = series.tau.size();
  turn.raw.resize(n);
  turn.order.resize(n);
  turn.count.assign(n + 1, 0);
  const auto part = [&](double phase) { return std::min(n - 1, static_cast<std::size_t>(std::max(0.0,
      phase) / period * static_cast<double>(n))); };
  for (std::size_t i = 0; i < n; ++i) {
    turn.raw[i] = series.tau[i] - period * std::floor(series.tau[i] / period);
    ++turn.count[part(turn.raw[i]) + 1];
  }
  for (std::size_t k = 1; k <= n; ++k) turn.count[k] += turn.count[k - 1];
  for (std::size_t i = 0; i < n; ++i) turn.order[turn.count[part(turn.raw[i])]++] = static_cast<std::uint32_t>(i);
  const auto before = [&](std::uint32_t a, std::uint32_t b) { return turn.raw[a] != turn.raw[b] ? turn.raw[a] < turn.raw[b] : a < b; };
  // Parts are in order already; a sort of what is nearly in order is quick unless many points share one part.
  for (std::size_t k = 0, first = 0; k < n; first = turn.count[k], ++k) {
    if (turn.count[k] - first > 1) std::sort(turn.order.begin() + static_cast<Index>(first),
        turn.order.begin() + static_cast<Index>(turn.count[k]), before);
  }
}

void unroll(const detail::FoldSeries& series, double period, Turn& turn) {
  const std::size_t n = series.tau.size();
  turn.phase.resize(2 * n);
  turn.sum.assign(2 * n + 1, 0.0);
  turn.weight.assign(2 * n + 1, 0.0);
  for (std::size_t k = 0; k < 2 * n; ++k) {
    const std::size_t i = turn.order[k % n];
    turn.phase[k] = turn.raw[i] + (k < n ? 0.0 : period);
    turn.sum[k + 1] = turn.sum[k] + series.pair[2 * i];
    turn.weight[k + 1] = turn.weight[k] + series.pair[2 * i + 1];
  }
}

struct Run {
  double score = -1.0;
  std::size_t first = 0, last = 0;
  double r = 0.0, s = 0.0;
};

/// Phase before which a box that begins with point `first` must not begin: that of the point before it.
double before(const Turn& turn, std::size_t first, double period) {
  const std::size_t n = turn.raw.size();
  return first > 0 ? turn.phase[first - 1] : turn.phase[n - 1] - period;
}

Run best_run(const Turn& turn, double period, double shortest, double longest, double total, bool likelihood) {
  const std::size_t n = turn.raw.size();
  Run best;
  for (std::size_t first = 0; first < n; ++first) {
    const double start = turn.phase[first], free = before(turn, first, period);
    if (free == start) continue;  // no box tells points of one phase apart
    for (std::size_t last = first; last + 1 < first + n && turn.phase[last] - start <= longest; ++last) {
      // even the shortest box holds one point more
      if (turn.phase[last + 1] == turn.phase[last] || turn.phase[last + 1] - free <= shortest) continue;
      const double s = turn.sum[last + 1] - turn.sum[first], r = turn.weight[last + 1] - turn.weight[first], o = total - r;
      if (s > 0.0 || r < kTiny || o < kTiny) continue;
      const double score = s * s / (likelihood ? r * o * o : r * o);
      if (score > best.score) best = {score, first, last, r, s};
    }
  }
  return best;
}

struct SparseRun {
  detail::BoxRun boxes;
  bool likelihood;
};

void search(const SparseRun& run, std::size_t p, Turn& turn, BoxPeriodogram& out) {
  const double period = run.boxes.period[p], shortest = run.boxes.durations.shortest(period), longest = run.boxes.durations.longest(period);
  const auto& series = run.boxes.series;
  sort_by_phase(series, period, turn);
  unroll(series, period, turn);
  const Run best = best_run(turn, period, shortest, longest, series.weight, run.likelihood);
  if (best.score < 0.0) return;
  const double left = before(turn, best.first, period), start = turn.phase[best.first], end = turn.phase[best.last],
      right = turn.phase[best.last + 1];
  const double duration = std::clamp(0.5 * ((right - left) + (end - start)), shortest, longest);
  const double earliest = std::max(left + 0.5 * duration, end - 0.5 * duration), latest = std::min(start + 0.5 * duration,
      right - 0.5 * duration);
  const double o = series.weight - best.r, depth = (series.sum - best.s) / o - best.s / best.r;
  out.depth[p] = depth;
  out.depth_error[p] = std::sqrt(1.0 / best.r + 1.0 / o);
  out.depth_snr[p] = depth / out.depth_error[p];
  out.log_likelihood[p] = 0.5 * best.r * depth * depth;
  out.objective[p] = run.likelihood ? out.log_likelihood[p] : out.depth_snr[p];
  out.duration[p] = duration;
  out.transit_time[p] = std::fmod(series.first_time + 0.5 * (earliest + latest), period);
}

SparseRun prepare(const SeriesView& series, std::span<const double> period, const BoxDurations& durations,
    const BoxSparseOptions& options) {
  return {detail::prepare_boxes(series, period, durations, {.objective = options.objective, .oversample = 1}, "box_sparse"),
          options.objective == BoxObjective::likelihood};
}

}  // namespace

Task<BoxPeriodogram> box_sparse_task(Budget& budget, SeriesView series, std::span<const double> period, BoxDurations durations,
    BoxSparseOptions options) {
  const SparseRun run = prepare(series, period, durations, options);
  BoxPeriodogram out = detail::empty_boxes(period);
  std::vector<Turn> turns(detail::slots_of(options.threads));
  for (Index first = 0, batch = 1; first < ssize(period);) {
    const Index count = std::min(batch, ssize(period) - first);
    const double start = clock_ms();
    detail::share_out(count, turns, [&](Index k, Turn& mine) { search(run, at(first + k), mine, out); });
    first += count;
    budget.progress(static_cast<double>(first) / static_cast<double>(period.size()), "box search without bins");
    co_await budget.pause();
    batch = detail::next_batch(count, start);
  }
  co_return out;
}

BoxPeriodogram box_sparse(const SeriesView& series, std::span<const double> period, const BoxDurations& durations,
    const BoxSparseOptions& options) {
  return run_to_end([&](Budget& budget) { return box_sparse_task(budget, series, period, durations, options); });
}

}  // namespace orrery::transit
