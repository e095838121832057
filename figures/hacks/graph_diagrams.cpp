#include "graph_diagrams.hpp"

#include <algorithm>
#include <cmath>

namespace orrery::figures::hacks {
namespace {

struct Edge {
  const char* from;
  const char* to;
};

Diagram with_edges(Diagram diagram, const std::vector<Edge>& edges) {
  const auto position = [&](const char* label) {
    const auto it = std::find_if(diagram.nodes.begin(), diagram.nodes.end(), [&](const Node& n) { return n.label == label; });
    return static_cast<std::int32_t>(it - diagram.nodes.begin());
  };
  for (const auto& [from, to] : edges) {
    diagram.from.push_back(position(from));
    diagram.to.push_back(position(to));
  }
  return diagram;
}

/// Straight line, errors in both axes, intrinsic scatter, and a Gaussian population of the true abscissae.
Diagram line() {
  Diagram d{.nodes = {{"μ", 0.12, 0.05}, {"τ", 0.32, 0.05}, {"m", 0.54, 0.05}, {"b", 0.72, 0.05}, {"V", 0.90, 0.05},
                      {"ξ_n", 0.28, 0.42, NodeKind::free, true}, {"η_n", 0.70, 0.42, NodeKind::free, true},
                      {"x_n", 0.28, 0.80, NodeKind::observed, true}, {"y_n", 0.70, 0.80, NodeKind::observed, true},
                      {"σ_{xn}", 0.10, 0.66, NodeKind::fixed, true}, {"σ_{yn}", 0.50, 0.66, NodeKind::fixed, true}},
            .plate = {"n = 1 … N", 0.0, 0.26, 1.0, 1.0},
            .density = "p(μ, τ, m, b, V) ∏ N(ξ_n; μ, τ²) N(η_n; mξ_n + b, V) N(x_n; ξ_n, σ_xn²) N(y_n; η_n, σ_yn²)"};
  return with_edges(std::move(d), {{"μ", "ξ_n"}, {"τ", "ξ_n"}, {"m", "η_n"}, {"b", "η_n"}, {"V", "η_n"}, {"ξ_n", "η_n"}, {"ξ_n", "x_n"},
                                   {"η_n", "y_n"}, {"σ_{xn}", "x_n"}, {"σ_{yn}", "y_n"}});
}

/// A population of planets: true log radii from a Gaussian, each measured with its own error.
Diagram population() {
  Diagram d{.nodes = {{"μ", 0.35, 0.05}, {"τ", 0.65, 0.05}, {"r_n", 0.5, 0.42, NodeKind::free, true},
                      {"ρ_n", 0.5, 0.82, NodeKind::observed, true}, {"σ_n", 0.18, 0.66, NodeKind::fixed, true}},
            .plate = {"planets n = 1 … N", 0.05, 0.26, 0.95, 1.0},
            .density = "p(μ, τ) ∏ N(r_n; μ, τ²) N(ρ_n; r_n, σ_n²)"};
  return with_edges(std::move(d), {{"μ", "r_n"}, {"τ", "r_n"}, {"r_n", "ρ_n"}, {"σ_n", "ρ_n"}});
}

/// Gaussian process: one function, seen at N times.
Diagram process() {
  Diagram d{.nodes = {{"a", 0.35, 0.02}, {"ℓ", 0.65, 0.02}, {"f(t)", 0.5, 0.30}, {"y_n", 0.5, 0.82, NodeKind::observed, true},
                      {"t_n", 0.2, 0.64, NodeKind::fixed, true}, {"σ_n", 0.8, 0.64, NodeKind::fixed, true}},
            .plate = {"n = 1 … N", 0.05, 0.48, 0.95, 1.0},
            .density = "p(a, ℓ) GP(f; 0, k_{a,ℓ}) ∏ N(y_n; f(t_n), σ_n²)"};
  return with_edges(std::move(d), {{"a", "f(t)"}, {"ℓ", "f(t)"}, {"f(t)", "y_n"}, {"t_n", "y_n"}, {"σ_n", "y_n"}});
}

const char* marginal_density(GraphModel model) {
  switch (model) {
    case GraphModel::line: return "p(μ, τ, m, b, V) ∏ N((x_n, y_n); (μ, mμ + b), [τ² + σ_xn², mτ²; mτ², m²τ² + V + σ_yn²])";
    case GraphModel::population: return "p(μ, τ) ∏ N(ρ_n; μ, τ² + σ_n²)";
    case GraphModel::process: return "p(a, ℓ) N(y; 0, K_{a,ℓ} + diag σ_n²)";
  }
  return "";
}

std::vector<std::int32_t> latent_nodes(const Diagram& d, GraphModel model) {
  std::vector<std::int32_t> latent;
  for (std::size_t i = 0; i < d.nodes.size(); ++i) {
    const bool function = model == GraphModel::process && d.nodes[i].label == "f(t)";
    if (function || (d.nodes[i].in_plate && d.nodes[i].kind == NodeKind::free)) latent.push_back(static_cast<std::int32_t>(i));
  }
  return latent;
}

void add_once(Diagram& d, std::int32_t from, std::int32_t to) {
  for (std::size_t e = 0; e < d.from.size(); ++e) {
    if (d.from[e] == from && d.to[e] == to) return;
  }
  d.from.push_back(from);
  d.to.push_back(to);
}

std::vector<std::int32_t> parents_of(const Diagram& d, std::int32_t node) {
  std::vector<std::int32_t> parents;
  for (std::size_t e = 0; e < d.to.size(); ++e) {
    if (d.to[e] == node) parents.push_back(d.from[e]);
  }
  return parents;
}

/// Children of a node, the observed ones first: so that arrows among them point from data to data.
std::vector<std::int32_t> children_of(const Diagram& d, std::int32_t node) {
  std::vector<std::int32_t> children;
  for (std::size_t e = 0; e < d.from.size(); ++e) {
    if (d.from[e] == node) children.push_back(d.to[e]);
  }
  const auto observed = [&](std::int32_t i) { return d.nodes[at(i)].kind == NodeKind::observed; };
  std::sort(children.begin(), children.end());
  std::stable_partition(children.begin(), children.end(), observed);
  return children;
}

/// Integrates one node out: p(c1, c2, ... | parents) is written as p(c1 | ...) p(c2 | c1, ...) ..., so that every child inherits the
/// node's parents, and the earlier children with their parents.
void integrate_out(Diagram& d, std::int32_t node) {
  std::vector<std::int32_t> given = parents_of(d, node);
  for (const auto child : children_of(d, node)) {
    const auto own = parents_of(d, child);
    for (const auto parent : given) add_once(d, parent, child);
    for (const auto parent : own) {
      if (parent != node) given.push_back(parent);
    }
    given.push_back(child);
  }
  for (std::size_t e = d.from.size(); e-- > 0;) {
    if (d.from[e] != node && d.to[e] != node) continue;
    d.from.erase(d.from.begin() + static_cast<std::ptrdiff_t>(e));
    d.to.erase(d.to.begin() + static_cast<std::ptrdiff_t>(e));
  }
}

}  // namespace

Diagram without_nodes(const Diagram& diagram, const std::vector<std::int32_t>& removed) {
  Diagram d = diagram;
  for (const auto node : removed) integrate_out(d, node);
  std::vector<std::int32_t> place(d.nodes.size(), -1);
  std::vector<Node> kept;
  for (std::size_t i = 0; i < d.nodes.size(); ++i) {
    if (std::find(removed.begin(), removed.end(), static_cast<std::int32_t>(i)) != removed.end()) continue;
    place[i] = static_cast<std::int32_t>(kept.size());
    kept.push_back(d.nodes[i]);
  }
  d.nodes = std::move(kept);
  for (auto& e : d.from) e = place[at(e)];
  for (auto& e : d.to) e = place[at(e)];
  return d;
}

Diagram diagram_of(GraphModel model, bool marginalised) {
  Diagram d = model == GraphModel::line ? line() : model == GraphModel::population ? population() : process();
  if (!marginalised) return d;
  d = without_nodes(d, latent_nodes(d, model));
  d.density = marginal_density(model);
  if (model == GraphModel::process) d.plate.label = "n = 1 … N, all correlated";  // one function made them all
  return d;
}

Index unknowns(const Diagram& diagram, Index n) {
  Index count = 0;
  for (const auto& node : diagram.nodes) {
    if (node.kind != NodeKind::free) continue;
    count += node.in_plate || node.label == "f(t)" ? n : 1;  // the function counts through its values at the data
  }
  return count;
}

std::vector<double> matern_path(const std::vector<double>& t, const std::vector<double>& normal, double amplitude, double length) {
  const double rate = std::sqrt(3.0) / length;
  const double v0 = amplitude * amplitude, v1 = rate * rate * v0;  // stationary variances of value and slope
  double value = amplitude * normal[0], slope = std::sqrt(v1) * normal[1];
  std::vector<double> path = {value};
  for (std::size_t k = 1; k < t.size(); ++k) {
    const double dt = t[k] - t[k - 1];
    const double decay = std::exp(-rate * dt), x = rate * dt;
    const double a00 = decay * (1.0 + x), a01 = decay * dt, a10 = -decay * rate * x, a11 = decay * (1.0 - x);
    // What the step leaves uncertain: stationary covariance minus that carried over, as a lower triangle.
    const double q00 = std::max(0.0, v0 - a00 * a00 * v0 - a01 * a01 * v1);
    const double q01 = -(a00 * a10 * v0 + a01 * a11 * v1);
    const double q11 = std::max(0.0, v1 - a10 * a10 * v0 - a11 * a11 * v1);
    const double l00 = std::sqrt(q00), l10 = l00 > 0.0 ? q01 / l00 : 0.0, l11 = std::sqrt(std::max(0.0, q11 - l10 * l10));
    const double z0 = normal[2 * k], z1 = normal[2 * k + 1];
    const double next = a00 * value + a01 * slope + l00 * z0;
    slope = a10 * value + a11 * slope + l10 * z0 + l11 * z1;
    value = next;
    path.push_back(value);
  }
  return path;
}

}  // namespace orrery::figures::hacks
