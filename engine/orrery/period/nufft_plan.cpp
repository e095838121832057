// Plan of the blocked non-uniform transform. Frequencies of a window share the phase of its centre, which is computed afresh
// for every point and window from exact fractions of a turn; inside a window the transform of the fine time grid does the rest.
#include <algorithm>
#include <cmath>

#include "orrery/period/nufft_detail.hpp"

namespace orrery::period::detail {
namespace {

struct TwoParts {
  double high, low;
};

/// a * b = high + low exactly (Dekker 1971): the same on machines with and without a fused multiply-add.
TwoParts exact_product(double a, double b) {
  const auto split = [](double v) {
    const double c = 134217729.0 * v;
    const double high = c - (c - v);
    return TwoParts{high, v - high};
  };
  const double p = a * b;
  const auto x = split(a), y = split(b);
  return {p, ((x.high * y.high - p) + x.high * y.low + x.low * y.high) + x.low * y.low};
}

constexpr double kSetUp = 1.5e5;  // cycles of a plan whatever its size

/// What the cost of a shape takes from the requests.
struct Demand {
  double points = 0.0, count = 0.0, span = 0.0;
  double columns = 0.0, transforms = 0.0;
  std::span<const NufftRequest> requests;
};

/// Work per point and tap, per element of a short transform, ... in units of about one cycle (measured on AVX2). log_n = log2 n.
double estimated_cost(const NufftShape& s, const Demand& demand, double log_n) {
  double twist = 0;
  const double residues = double(s.residues);
  for (const auto& r : demand.requests) {
    twist += double(r.columns.size()) * (1.5 + 1.5 * std::ceil(std::min(1.0, demand.span * r.multiple) * residues));
  }
  const double taps = demand.columns * s.width;
  const double windows = std::ceil(demand.count / double(s.modes()));
  const double pairs = std::ceil(windows / 2);
  const double n = double(s.small);
  const double cache = n > 2048 ? 1.5 : 1.0;
  const double each_group = n * (demand.columns * (2.6 * log_n) * cache + twist) + 8.0 * demand.columns * double(s.small_modes);
  const double each_window = double(s.residues / s.lanes) * each_group;
  const double per_point = 1.3 * taps + 14.0 * demand.transforms + 20.0;
  return pairs * demand.points * per_point + windows * each_window + 30.0 * double(s.modes()) + 40.0 * n + 3.0 * demand.points * taps;
}

/// Points in the order of the cell they fall in (counting sort), unless they already are.
std::vector<Index> cell_order(std::span<const double> cell, Index cells) {
  std::vector<Index> order(cell.size());
  if (std::is_sorted(cell.begin(), cell.end())) {
    for (std::size_t j = 0; j < order.size(); ++j) order[j] = Index(j);
    return order;
  }
  std::vector<Index> begin(at(cells) + 1, 0);
  const auto bucket = [&](std::size_t j) { return at(std::clamp<Index>(Index(cell[j]), 0, cells - 1)); };
  for (std::size_t j = 0; j < cell.size(); ++j) ++begin[bucket(j) + 1];
  for (std::size_t c = 1; c < begin.size(); ++c) begin[c] += begin[c - 1];
  for (std::size_t j = 0; j < cell.size(); ++j) order[at(begin[bucket(j)]++)] = Index(j);
  return order;
}

void fill_phases(NufftPlan& plan, std::span<const double> tau) {
  const std::size_t n = tau.size();
  for (auto* v : {&plan.phase, &plan.turn_high, &plan.turn_low}) v->resize(n + 8);  // the last vector may reach beyond the end
  for (std::size_t j = 0; j < n; ++j) {
    const double t = tau[at(plan.order[j])];
    const auto start = exact_product(plan.grid.first, t);
    plan.phase[j] = (start.high - std::round(start.high)) + start.low;
    const auto turn = exact_product(plan.grid.step, t);
    const double fraction = turn.high - std::round(turn.high);
    // 27 bits: times a frequency number below 2^26 it is exact, so the phase error does not grow along the grid.
    const double high = std::round(fraction * 67108864.0) / 67108864.0;
    plan.turn_high[j] = high;
    plan.turn_low[j] = (fraction - high) + turn.low;
  }
}

void fill_twists(NufftTables& tables) {
  const auto& s = tables.shape;
  const Index lanes = s.lanes;
  tables.lane_twist.resize(2 * lanes * s.small);
  tables.group_twist.resize(at(2 * s.small));
  nufft_roots(tables.group_twist.data(), s.small, double(lanes) / double(s.big()));
  std::vector<double> roots(at(2 * s.small));
  for (Index l = 0; l < lanes; ++l) {
    nufft_roots(roots.data(), s.small, double(l) / double(s.big()));
    for (Index j = 0; j < s.small; ++j) {
      tables.lane_twist[2 * lanes * j + l] = roots[at(2 * j)];
      tables.lane_twist[2 * lanes * j + lanes + l] = roots[at(2 * j + 1)];
    }
  }
}

void fill_segment_twist(NufftPlan& plan) {
  const auto& s = plan.shape;
  const Index lanes = s.lanes;
  std::vector<double> whole(at(2 * s.residues));
  nufft_roots(whole.data(), s.residues, 1.0 / double(s.residues));
  plan.segment_twist.resize(plan.groups() * plan.max_segments * 2 * lanes);
  for (Index r = 0; r < s.residues; ++r) {
    for (Index p = 0; p < plan.max_segments; ++p) {
      double* to = plan.segment_twist.data() + ((r / lanes) * plan.max_segments + p) * 2 * lanes + r % lanes;
      to[0] = whole[at(2 * ((r * p) % s.residues))];
      to[lanes] = whole[at(2 * ((r * p) % s.residues) + 1)];
    }
  }
}

}  // namespace

NufftChoice nufft_choice(Index points, Index count, double span, std::span<const NufftRequest> requests, double tolerance) {
  Demand demand{double(points), double(count), span, 0.0, double(requests.size()), requests};
  for (const auto& r : requests) demand.columns += double(r.columns.size());
  NufftChoice best{{}, HUGE_VAL};
  const Index lanes = nufft_lanes();
  for (const int width : {10, 12, 14, 16}) {
    const double sigma = nufft_oversampling(width, tolerance);
    if (sigma == 0.0) continue;
    for (const Index n : {64, 96, 128, 160, 192, 256, 320, 384, 512, 640, 768, 1024, 1280, 1536, 2048, 2560, 3072, 4096}) {
      const Index modes = Index(double(n) / sigma) / 2 * 2;
      const double log_n = std::log2(double(n));
      for (const Index groups : {1, 2, 3, 4, 6, 8, 12, 16}) {
        const NufftShape s{lanes, lanes * groups, n, modes, width};
        if (s.big() < 4 * width) continue;
        if (groups > 1 && s.modes() > 2 * count) break;  // one window holds the grid twice over: larger ones only cost more
        const double cost = estimated_cost(s, demand, log_n);
        if (cost < best.cost) best = {s, cost};
      }
    }
  }
  best.cost += kSetUp;
  return best;
}

std::shared_ptr<const NufftTables> nufft_tables(const NufftShape& shape, NufftTableCache* cache) {
  constexpr std::size_t kKept = 8;
  if (cache != nullptr) {
    for (const auto& known : cache->kept) {
      if (known->shape == shape) return known;
    }
  }
  auto tables = std::make_shared<NufftTables>();
  tables->shape = shape;
  tables->kernel = nufft_kernel(shape.width, nufft_beta(shape.width, double(shape.big()) / double(shape.modes())));
  nufft_correction(shape.width, tables->kernel.beta, shape.big(), shape.modes(), tables->correction);
  tables->fft = fft_plan(shape.small);
  fill_twists(*tables);
  if (cache != nullptr) {
    if (cache->kept.size() >= kKept) cache->kept.erase(cache->kept.begin());
    cache->kept.push_back(tables);
  }
  return tables;
}

NufftPlan nufft_plan(std::span<const double> tau, const FrequencyGrid& grid, std::span<const std::span<const double>> columns,
                     std::span<const NufftRequest> requests, double tolerance, const NufftFixed* fixed, NufftTableCache* cache) {
  NufftPlan plan;
  plan.grid = grid;
  plan.points = ssize(tau);
  const auto [low, high] = std::minmax_element(tau.begin(), tau.end());
  const double span = grid.step * (*high - (fixed != nullptr ? fixed->origin : *low));
  plan.shape = fixed != nullptr ? fixed->shape : nufft_choice(plan.points, grid.count, span, requests, tolerance).shape;
  plan.tables = nufft_tables(plan.shape, cache);
  const auto& shape = plan.shape;
  plan.windows = (grid.count + shape.modes() - 1) / shape.modes();

  const double big = double(shape.big());
  const double origin = fixed != nullptr ? fixed->origin : *low;
  std::vector<double> cell(tau.size());  // position on the fine grid at multiple 1, without the kernel's margin
  for (std::size_t j = 0; j < tau.size(); ++j) {
    double turns = grid.step * (tau[j] - origin);
    if (span > 1.0) turns -= std::floor(turns);
    cell[j] = turns * big;
  }
  plan.order = cell_order(cell, shape.big());
  std::vector<double> sorted(cell.size());
  for (std::size_t j = 0; j < cell.size(); ++j) sorted[j] = cell[at(plan.order[j])];
  cell.swap(sorted);

  for (const auto& request : requests) {
    NufftTransform transform;
    transform.multiple = request.multiple;
    transform.columns = request.columns;
    for (std::size_t j = 0; j < cell.size(); ++j) sorted[j] = request.multiple * (cell[j] + 0.5 * shape.width);
    const double reach = *std::max_element(sorted.begin(), sorted.end()) + 0.5 * shape.width + 2.0;
    transform.wraps = span > 1.0 || reach > big;
    transform.cells = transform.wraps ? shape.big() + shape.width + 1 : Index(reach) + 1;
    const Index used = std::min(transform.cells, shape.big());
    transform.segments = (used + shape.small - 1) / shape.small;
    plan.max_segments = std::max(plan.max_segments, transform.segments);
    nufft_fill_transform(plan, plan.tables->kernel, sorted, transform);
    plan.total_columns += ssize(transform.columns);
    plan.transforms.push_back(std::move(transform));
  }
  fill_phases(plan, tau);
  for (const auto column : columns) plan.columns.push_back(nufft_sorted(plan, column));
  fill_segment_twist(plan);
  return plan;
}

std::vector<double> nufft_sorted(const NufftPlan& plan, std::span<const double> values) {
  std::vector<double> sorted(plan.order.size());
  for (std::size_t j = 0; j < sorted.size(); ++j) sorted[j] = values[at(plan.order[j])];
  return sorted;
}

Task<bool> nufft_pair_task(Budget& budget, const NufftPlan& plan, NufftWorkspace& work, Index pair, const NufftSink& sink) {
  const Index points_each = std::max<Index>(256, 8192 / plan.total_columns);
  for (Index from = 0; from < plan.points; from += points_each) {
    nufft_spread(plan, work, pair, from, std::min(from + points_each, plan.points));
    co_await budget.pause();
  }
  for (Index group = 0; group < plan.groups(); ++group) {
    nufft_finish(plan, work, pair, group, sink);
    co_await budget.pause();
  }
  co_return true;
}

void nufft_pair(const NufftPlan& plan, NufftWorkspace& work, Index pair, const NufftSink& sink) {
  nufft_spread(plan, work, pair, 0, plan.points);
  for (Index group = 0; group < plan.groups(); ++group) nufft_finish(plan, work, pair, group, sink);
}

}  // namespace orrery::period::detail
