#include <cmath>
#include <set>

#include "figures_test.hpp"
#include "hacks/graph_diagrams.hpp"
#include "orrery/core/random.hpp"
#include "orrery/stats/special.hpp"

using namespace orrery;
using namespace orrery::figures;
using namespace orrery::figures::testing;

namespace {

using Edges = std::set<std::pair<std::string, std::string>>;

Edges edges_of(const hacks::Diagram& d) {
  Edges edges;
  for (std::size_t e = 0; e < d.from.size(); ++e) edges.insert({d.nodes[at(d.from[e])].label, d.nodes[at(d.to[e])].label});
  return edges;
}

/// Value of a grid at a place, bilinear between cell centres.
double grid_value(const live::MarkFrame& mark, const std::vector<float>& v, double x, double y) {
  const auto& g = *mark.grid;
  const double c = (x - g.x0) / (g.x1 - g.x0) * double(g.cols) - 0.5, r = (y - g.y0) / (g.y1 - g.y0) * double(g.rows) - 0.5;
  const auto c0 = Index(std::floor(c)), r0 = Index(std::floor(r));
  const double u = c - double(c0), w = r - double(r0);
  const auto f = [&](Index row, Index col) { return double(v[at(row * g.cols + col)]); };
  return (1 - w) * ((1 - u) * f(r0, c0) + u * f(r0, c0 + 1)) + w * ((1 - u) * f(r0 + 1, c0) + u * f(r0 + 1, c0 + 1));
}

}  // namespace

TEST_CASE("two clusters: equal circles have the error Phi(-d / 2 sigma), whatever the classifier could do") {
  const live::Values state = {{"center_a", std::vector<double>{-1.0, 0.0}}, {"center_b", std::vector<double>{1.0, 1.5}}, {"spread_a", 1.1},
                              {"spread_b", 1.1}, {"points", 2000.0}, {"classifier", std::string("linear")}};
  const auto frame = frame_of("hacks.two_clusters", state);
  const double best = stats::normal_cdf(2.5 / 2.2);
  CHECK(close(number_of(frame, "best possible"), 100.0 * best, {.atol = 0.02}));  // midpoint rule on 160 x 160 cells, 4 digits
  // 4000 fresh draws: binomial error 0.6 %; 5 of them.
  CHECK(std::fabs(number_of(frame, "right on fresh draws") - 100.0 * best) < 3.0);
  // The best boundary is the perpendicular bisector.
  const auto& mark = mark_of(frame, "plane", "best");
  const auto odds = floats(frame, "plane", "best", "value");
  for (const double s : {-2.0, -0.7, 0.0, 1.0, 2.5}) CHECK(std::fabs(grid_value(mark, odds, -0.6 * s, 0.75 + 0.8 * s)) < 1e-4);
}

TEST_CASE("two clusters: priors move the boundary, shapes bend it, and the warnings know") {
  const auto skewed = frame_of("hacks.two_clusters", {{"share", 0.9}, {"spread_a", 1.0}, {"spread_b", 1.0}, {"correlation", 0.0},
                                                      {"center_a", std::vector<double>{-2.0, 0.0}}, {"center_b", std::vector<double>{2.0, 0.0}}});
  // ln 9 + 4 x = 0 on the axis.
  const auto odds = floats(skewed, "plane", "best", "value");
  CHECK(std::fabs(grid_value(mark_of(skewed, "plane", "best"), odds, -std::log(9.0) / 4.0, 0.3)) < 1e-4);
  const live::Values bent = {{"correlation", 0.8}, {"points", 2000.0}};
  auto with = [&](const char* kind) {
    auto values = bent;
    values["classifier"] = std::string(kind);
    return frame_of("hacks.two_clusters", values);
  };
  const auto naive = with("naive Bayes"), quadratic = with("quadratic"), linear = with("linear");
  CHECK(warns(naive, "correlated"));
  CHECK(warns(linear, "straight"));
  CHECK(quadratic.warnings.empty());
  CHECK(number_of(quadratic, "right on fresh draws") >= number_of(naive, "right on fresh draws"));
  CHECK(number_of(quadratic, "right on fresh draws") >= number_of(linear, "right on fresh draws"));
  // No classifier beats the best by more than the scatter of its test (0.6 %; five of them).
  for (double seed = 0; seed < 10; ++seed) {
    const auto frame = frame_of("hacks.two_clusters", {{"seed", seed}});
    CHECK(number_of(frame, "right on fresh draws") < number_of(frame, "best possible") + 2.5);
  }
}

TEST_CASE("two clusters: dragging a centre moves its points rigidly") {
  const auto before = frame_of("hacks.two_clusters"), after = frame_of("hacks.two_clusters", {{"center_b", std::vector<double>{-3.0, 2.0}}});
  const auto x0 = column(before, "plane", "b", "x"), x1 = column(after, "plane", "b", "x");
  REQUIRE(x0.size() == x1.size());
  for (std::size_t i = 0; i < x0.size(); ++i) CHECK(close(x1[i] - x0[i], -4.2, {.atol = 1e-12}));
  CHECK(column(before, "plane", "a", "x") == column(after, "plane", "a", "x"));
  CHECK(column(after, "plane", "move_b", "x")[0] == -3.0);
}

TEST_CASE("graphs: what integrating out leaves") {
  using hacks::GraphModel;
  const auto population = hacks::diagram_of(GraphModel::population, true);
  CHECK(edges_of(population) == Edges{{"μ", "ρ_n"}, {"τ", "ρ_n"}, {"σ_n", "ρ_n"}});
  CHECK(hacks::unknowns(population, 50) == 2);
  CHECK(hacks::unknowns(hacks::diagram_of(GraphModel::population, false), 50) == 52);
  // Line: x_n and y_n share a cause, so an arrow joins them, and the error of x_n says how much to trust it.
  const auto line = hacks::diagram_of(GraphModel::line, true);
  const auto edges = edges_of(line);
  for (const char* parent : {"μ", "τ", "m", "b", "V", "x_n", "σ_{xn}", "σ_{yn}"}) CHECK(edges.count({parent, "y_n"}) == 1);
  for (const char* parent : {"μ", "τ", "σ_{xn}"}) CHECK(edges.count({parent, "x_n"}) == 1);
  CHECK(edges.size() == 11);
  CHECK(hacks::unknowns(hacks::diagram_of(GraphModel::line, false), 30) == 65);
  CHECK(hacks::unknowns(line, 30) == 5);
  const auto process = hacks::diagram_of(GraphModel::process, true);
  CHECK(edges_of(process) == Edges{{"a", "y_n"}, {"ℓ", "y_n"}, {"t_n", "y_n"}, {"σ_n", "y_n"}});
}

TEST_CASE("graphs: paths have the Matern covariance") {
  // 20,000 paths at uneven times: each covariance has standard error sqrt((k_ii k_jj + k_ij^2) / 20000) <= 0.04; 5 of them over 15
  // pairs, false alarm below 1e-5.
  const std::vector<double> t = {0.0, 0.01, 0.4, 1.5, 6.0};
  const double a = 2.0, l = 1.3;
  double product[5][5] = {};
  Random random(3);
  for (int k = 0; k < 20000; ++k) {
    const auto path = hacks::matern_path(t, normal_vector(random, 10), a, l);
    for (std::size_t i = 0; i < 5; ++i) {
      for (std::size_t j = 0; j < 5; ++j) product[i][j] += path[i] * path[j] / 20000.0;
    }
  }
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      const double x = std::sqrt(3.0) * (t[i] - t[j]) / l;
      CHECK(std::fabs(product[i][j] - a * a * (1 + x) * std::exp(-x)) < 0.2);
    }
  }
}

TEST_CASE("graphs: the frame's edges point at its nodes, and the controls of other models say why they rest") {
  for (const char* model : {"line, errors in both axes", "planet population", "Gaussian process"}) {
    for (const bool marginalised : {false, true}) {
      const auto frame = frame_of("hacks.graph_model", {{"model", std::string(model)}, {"marginalised", marginalised}});
      const auto& graph = mark_of(frame, "graph", "graph");
      const auto nodes = column(frame, "graph", "graph", "x").size();
      CHECK(graph.labels.size() == nodes);
      const auto from = integers(frame, "graph", "graph", "from"), to = integers(frame, "graph", "graph", "to");
      CHECK(from.size() == to.size());
      for (std::size_t e = 0; e < from.size(); ++e) {
        CHECK(from[e] >= 0);
        CHECK(static_cast<std::size_t>(from[e]) < nodes);
        CHECK(static_cast<std::size_t>(to[e]) < nodes);
      }
      CHECK(frame.controls.empty() == (std::string(model) == "Gaussian process"));
    }
  }
  // Errors widen what is measured: tau^2 + sigma^2. N = 200: 5 % of the width; 5 of them.
  const auto planets = frame_of("hacks.graph_model", {{"model", std::string("planet population")}, {"points", 200.0}, {"noise", 1.0}});
  const double tau = number_of(planets, "width of the population");
  CHECK(close(number_of(planets, "width of the measured values"), std::sqrt(tau * tau + 1.0), {.rtol = 0.25}));
}

TEST_CASE("RR Lyrae templates: the simulated star comes back; a wrong period or template fits worse") {
  const auto frame = frame_of("stars.rr_lyrae");
  CHECK(number_item(frame, "period").note == "the true one");
  CHECK(number_item(frame, "type").value == "ab");
  const double scatter = number_of(frame, "scatter about the template");
  CHECK(std::fabs(scatter - 0.05) < 0.012);  // the noise of 90 points: 7 %, less the 8 numbers fitted
  CHECK(number_of(frame_of("stars.rr_lyrae", {{"period", 0.51}}), "scatter about the template") > 3.0 * scatter);
  CHECK(number_of(frame_of("stars.rr_lyrae", {{"template", std::string("c 1")}}), "scatter about the template") > 1.5 * scatter);
  CHECK(number_of(frame_of("stars.rr_lyrae", {{"shift", 0.0}}), "scatter about the template") == doctest::Approx(scatter).epsilon(0.02));
  CHECK(number_of(frame_of("stars.rr_lyrae", {{"shift", 0.3}}), "scatter about the template") > 2.0 * scatter);
  const auto chi2 = column(frame, "templates", "all", "y");
  REQUIRE(chi2.size() == 23);
  CHECK(*std::min_element(chi2.begin(), chi2.end()) < 1.3);
  CHECK(number_item(frame_of("stars.rr_lyrae", {{"kind", std::string("c")}, {"true_period", 0.33}, {"visits", 60.0}}), "type").value == "c");
}
