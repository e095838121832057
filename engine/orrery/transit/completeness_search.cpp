// Injection and recovery: one trial.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/transit/completeness_detail.hpp"

namespace orrery::transit::detail {
namespace {

constexpr double kNominalDepth = 1e-4;          // whose shape stands for that of a planet of no size
constexpr std::uint64_t kControl = 0xFFFFFFFF;  // cell number of the control's streams

TransitOrbit orbit_of(const Plan& plan, const Injection& s, double depth) {
  return {.period = s.period, .transit_time = s.epoch, .radius_ratio = std::sqrt(depth), .scaled_axis = scaled_axis(plan.options, s.period),
          .impact = s.impact, .limb = plan.options.limb, .exposure = plan.exposure};
}

VariableSignal variable_of(const Plan& plan, const Injection& s, double amplitude) {
  const auto& o = plan.options;
  return {.period = s.period, .epoch = s.epoch, .amplitude = amplitude, .form = o.variable_form, .harmonic = o.harmonic, .rise = o.rise};
}

/// Uniform in the logarithm where both limits allow it.
double between(double low, double high, double u) {
  return head_number(low > 0.0 ? low * std::pow(high / low, u) : low + (high - low) * u);
}

struct MatchedSums {
  double above = 0.0, below = 0.0;
};

/// Sums of least squares for an amplitude of `shape` with a free level.
MatchedSums matched_sums(const Columns& c, std::span<const double> shape) {
  double w = 0.0, s = 0.0, y = 0.0;
  for (std::size_t i = 0; i < c.t.size(); ++i) {
    const double wi = 1.0 / (c.sigma[i] * c.sigma[i]);
    w += wi;
    s += wi * shape[i];
    y += wi * c.y[i];
  }
  s /= w;
  y /= w;
  MatchedSums out;
  for (std::size_t i = 0; i < c.t.size(); ++i) {
    const double wi = 1.0 / (c.sigma[i] * c.sigma[i]);
    out.above += wi * (shape[i] - s) * (c.y[i] - y);
    out.below += wi * (shape[i] - s) * (shape[i] - s);
  }
  return out;
}

/// Values and errors in another order, block by block.
Columns shuffled(const Columns& c, double block, Random& random) {
  std::vector<std::size_t> start;
  double last = -1.0;
  for (std::size_t i = 0; i < c.t.size(); ++i) {
    const double number = block > 0.0 ? std::floor((c.t[i] - c.t[0]) / block) : static_cast<double>(i);
    if (number != last) start.push_back(i);
    last = number;
  }
  start.push_back(c.t.size());
  std::vector<std::size_t> order(start.size() - 1);
  std::iota(order.begin(), order.end(), std::size_t(0));
  for (std::size_t k = order.size(); k > 1; --k) std::swap(order[k - 1], order[at(random.index(static_cast<Index>(k)))]);
  Columns out{.t = c.t};
  for (const std::size_t k : order) {
    for (std::size_t i = start[k]; i < start[k + 1]; ++i) {
      out.y.push_back(c.y[i]);
      out.sigma.push_back(c.sigma[i]);
    }
  }
  return out;
}

}  // namespace

Injection draw(const Plan& plan, Index cell, Random& random) {
  const auto& o = plan.options;
  const Index columns = ssize(o.period_edge) - 1, row = cell / columns, column = cell % columns;
  Injection s;
  s.period = between(o.period_edge[at(column)], o.period_edge[at(column + 1)], random.uniform());
  s.size = between(o.size_edge[at(row)], o.size_edge[at(row + 1)], random.uniform());
  s.epoch = plan.given.t.front() + s.period * random.uniform();
  s.impact = o.max_impact * random.uniform();
  return s;
}

std::vector<double> unit_shape(const Plan& plan, std::span<const double> t, const Injection& s) {
  if (plan.options.kind == InjectionKind::variable) {
    const std::vector<double> zero(t.size(), 0.0);
    return inject_variable(t, zero, variable_of(plan, s, 1.0), plan.options.values);
  }
  const double depth = s.size > 0.0 ? s.size : kNominalDepth;
  const std::vector<double> one(t.size(), 1.0);
  auto out = inject_transit(t, one, orbit_of(plan, s, depth), plan.options.transit_form);
  for (double& v : out) v = (v - 1.0) / depth;
  return out;
}

Columns inject(const Plan& plan, const Injection& s) {
  Columns out = plan.given;
  if (!(s.size > 0.0)) return out;
  if (plan.options.kind == InjectionKind::variable) {
    out.y = inject_variable(out.t, out.y, variable_of(plan, s, s.size), plan.options.values);
  } else {
    out.y = inject_transit(out.t, out.y, orbit_of(plan, s, s.size), plan.options.transit_form);
  }
  return out;
}

Task<Columns> detrended_task(Budget& budget, const Plan& plan, Columns c) {
  if (!plan.options.detrend) co_return c;
  const auto flat = co_await stats::detrend_task(budget, c.t, c.y, {}, *plan.options.detrend);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < c.t.size(); ++i) {
    if (!std::isfinite(flat.flat[i])) continue;
    c.t[kept] = c.t[i];
    c.y[kept] = flat.flat[i];
    if (!c.sigma.empty()) c.sigma[kept] = plan.options.kind == InjectionKind::transit ? c.sigma[i] / flat.trend[i] : c.sigma[i];
    ++kept;
  }
  c.t.resize(kept);
  c.y.resize(kept);
  if (!c.sigma.empty()) c.sigma.resize(kept);
  co_return c;
}

double matched_snr(const Columns& c, std::span<const double> shape, double size) { return size * std::sqrt(matched_sums(c, shape).below); }

Task<Best> search_task(Budget& budget, const Plan& plan, const Columns& c, Injection truth, Curve* curve) {
  switch (plan.options.method) {
    case RecoveryMethod::tls: co_return co_await plan.searches.transits(budget, plan, c, curve);
    case RecoveryMethod::lomb_scargle: co_return co_await plan.searches.sinusoids(budget, plan, c, curve);
    case RecoveryMethod::matched: {
      const auto sums = matched_sums(c, unit_shape(plan, c.t, truth));
      co_return Best{truth.period, sums.below > 0.0 ? sums.above / std::sqrt(sums.below) : 0.0};
    }
    default: co_return co_await plan.searches.boxes(budget, plan, c, curve);
  }
}

Task<InjectionTrial> trial_task(Budget& budget, const Plan& plan, Index cell, Index number) {
  Random random(plan.options.seed, (static_cast<std::uint64_t>(cell) << 32) | static_cast<std::uint64_t>(number));
  InjectionTrial trial{.signal = draw(plan, cell, random)};
  auto flattening = detrended_task(budget, plan, inject(plan, trial.signal));
  const Columns searched = co_await std::move(flattening);
  trial.snr = matched_snr(searched, unit_shape(plan, searched.t, trial.signal), trial.signal.size);
  const Best best = co_await search_task(budget, plan, searched, trial.signal);
  trial.found = best.period;
  trial.statistic = best.statistic;
  co_return trial;
}

Task<Best> control_task(Budget& budget, const Plan& plan, Index number) {
  Random random(plan.options.seed, (kControl << 32) | static_cast<std::uint64_t>(number));
  const Injection truth = draw(plan, random.index(plan.cells()), random);
  const Columns columns = shuffled(plan.flat, plan.options.control_block, random);
  co_return co_await search_task(budget, plan, columns, truth);
}

}  // namespace orrery::transit::detail
