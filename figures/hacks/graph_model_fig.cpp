// A hierarchical model as a graph, and draws from it.
#include <algorithm>
#include <cmath>
#include <limits>

#include "common.hpp"
#include "graph_diagrams.hpp"
#include "orrery/core/random.hpp"
#include "orrery/stats/moments.hpp"
#include "orrery/stats/special.hpp"

namespace orrery::figures::hacks {
namespace {

using live::Control, live::ControlKind, live::FrameContext, live::Mark, live::Panel, live::Role, live::Scale;

constexpr double kGap = std::numeric_limits<double>::quiet_NaN();
constexpr double kSpan = 10.0;  // time axis of the Gaussian process

GraphModel model_of(const std::string& name) {
  if (name == "planet population") return GraphModel::population;
  return name == "Gaussian process" ? GraphModel::process : GraphModel::line;
}

void draw_graph(FrameContext& c, const Diagram& d) {
  auto& panel = c.frame().panel("graph");
  auto& mark = panel.mark("graph");
  std::vector<double> x, y;
  std::vector<std::uint8_t> kind;
  for (const auto& node : d.nodes) {
    x.push_back(node.x);
    y.push_back(node.y);
    kind.push_back(static_cast<std::uint8_t>(node.kind));
    mark.labels.push_back(node.label);
  }
  set_line(mark, x, y);
  mark.set("kind", std::span<const std::uint8_t>(kind));
  mark.set("from", std::span<const std::int32_t>(d.from)).set("to", std::span<const std::int32_t>(d.to));
  mark.grid.emplace().plates = {d.plate};
  panel.x = {0.0, 1.0};
  panel.y = {0.0, 1.0};
  std::string words = "Graph of the model:";
  for (std::size_t e = 0; e < d.from.size(); ++e) {
    words += (e == 0 ? " " : ", ") + d.nodes[at(d.from[e])].label + " to " + d.nodes[at(d.to[e])].label;
  }
  panel.alt = words + ".";
}

/// Marks of the second panel; each model uses some of them.
struct Draws {
  std::vector<double> line_x, line_y;      ///< several curves, parted by NaN
  std::vector<double> x, y, low, high;     ///< data
  std::vector<double> edge, height;        ///< histogram of the observed values
  std::vector<double> truth_x, truth_y;
  void add_curve(const std::vector<double>& cx, const std::vector<double>& cy) {
    line_x.insert(line_x.end(), cx.begin(), cx.end());
    line_y.insert(line_y.end(), cy.begin(), cy.end());
    line_x.push_back(kGap);
    line_y.push_back(kGap);
  }
  void add_datum(double px, double py, double error) {
    x.push_back(px);
    y.push_back(py);
    low.push_back(py - error);
    high.push_back(py + error);
  }
};

/// Prior draws of a line: slope and intercept; data are made with the first of them.
Draws draw_lines(const FrameContext& c, live::PanelFrame& panel, live::Frame& frame) {
  Random random(seed_of(c), 1);
  const double noise = c.number("noise"), scatter = c.number("width");
  Draws d;
  double slope = 0.0, intercept = 0.0;
  for (Index k = 0; k < c.integer("draws"); ++k) {
    const double m = std::tan(0.9 * (random.uniform() - 0.5) * 3.0), b = random.normal();  // angle flat: no slope is preferred
    if (k == 0) slope = m, intercept = b;
    d.add_curve({-4.0, 4.0}, {b - 4.0 * m, b + 4.0 * m});
  }
  d.truth_x = {-4.0, 4.0};
  d.truth_y = {intercept - 4.0 * slope, intercept + 4.0 * slope};
  Random data(seed_of(c), 2);
  for (Index n = 0; n < c.integer("points"); ++n) {
    const double xi = 1.5 * data.normal(), eta = slope * xi + intercept + scatter * data.normal();
    const double px = xi + noise * data.normal(), py = eta + noise * data.normal();
    d.add_datum(px, py, noise);
  }
  panel.x = {-4.0, 4.0, "x"};
  panel.y = {-6.0, 6.0, "y"};
  panel.hint = "lines: prior draws; thick: the one behind the data";
  panel.alt = plural(c.integer("draws"), "line") + " drawn from the prior and " + plural(c.integer("points"), "point") + " around the first, slope " +
              number_text(slope, 3) + ".";
  frame.number("slope", number_text(slope, 3), "", "", "of the first draw");
  frame.number("intercept", number_text(intercept, 3), "", "", "of the first draw");
  return d;
}

/// Populations: curves are prior draws of the density; the histogram holds what is measured of the first.
Draws draw_population(const FrameContext& c, live::PanelFrame& panel, live::Frame& frame) {
  Random random(seed_of(c), 3);
  const double noise = c.number("noise"), width = std::max(c.number("width"), 0.05);
  Draws d;
  const auto x = spaced(-4.0, 4.0, 161);
  double mu = 0.0, tau = width;
  for (Index k = 0; k < c.integer("draws"); ++k) {
    const double m = random.normal(), t = width * std::exp(0.4 * random.normal());
    if (k == 0) mu = m, tau = t;
    std::vector<double> y;
    for (const double v : x) y.push_back(stats::normal_pdf((v - m) / t) / t);
    d.add_curve(x, y);
    if (k == 0) d.truth_x = x, d.truth_y = y;
  }
  Random data(seed_of(c), 4);
  std::vector<double> observed;
  for (Index n = 0; n < c.integer("points"); ++n) {
    const double r = mu + tau * data.normal();
    observed.push_back(r + noise * data.normal());
  }
  const auto h = stats::histogram(observed, 40, -4.0, 4.0);
  d.edge = h.edge;
  d.height = h.density();
  const auto m = stats::moments(observed);
  panel.x = {-4.0, 4.0, "ln(radius / Earth radius)"};
  panel.y = {0.0, 1.15 * std::max(highest(d.truth_y), highest(d.height)), "density"};
  panel.hint = "curves: populations from the prior; bars: measured";
  panel.alt = "Densities of " + plural(c.integer("draws"), "population") + " from the prior; measured values of the first scatter by " +
              number_text(m.sigma, 3) + " although the planets do by " + number_text(tau, 3) + ".";
  frame.number("width of the population", number_text(tau, 3), "", "", "of the first draw");
  frame.number("width of the measured values", number_text(m.sigma, 3), "", "", "errors included");
  const double rest = m.variance - noise * noise;
  frame.number("errors taken off", rest > 0.0 ? number_text(std::sqrt(rest), 3) : "none left", "", "", "√(s² − σ²)");
  if (noise > 2.0 * tau) frame.warn("The errors are wider than the population: single planets say nothing, all of them together still bound its width.");
  return d;
}

Draws draw_process(const FrameContext& c, live::PanelFrame& panel, live::Frame& frame) {
  Random random(seed_of(c), 5), data(seed_of(c), 6);
  const double noise = c.number("noise"), amplitude = std::max(c.number("width"), 0.05), length = c.number("length");
  std::vector<double> t = spaced(0.0, kSpan, 161), when;
  for (Index n = 0; n < c.integer("points"); ++n) when.push_back(data.uniform(0.0, kSpan));
  t.insert(t.end(), when.begin(), when.end());
  std::sort(t.begin(), t.end());
  Draws d;
  for (Index k = 0; k < c.integer("draws"); ++k) {
    const auto path = matern_path(t, normal_vector(random, 2 * ssize(t)), amplitude, length);
    d.add_curve(t, path);
    if (k > 0) continue;
    d.truth_x = t;
    d.truth_y = path;
    for (const double at_time : when) {
      const auto i = static_cast<std::size_t>(std::lower_bound(t.begin(), t.end(), at_time) - t.begin());
      d.add_datum(at_time, path[i] + noise * data.normal(), noise);
    }
  }
  const double reach = std::max(3.3 * amplitude, 1.0);
  panel.x = {0.0, kSpan, "t", "day"};
  panel.y = {-reach, reach, "y"};
  panel.hint = "curves: functions from the prior; thick: the one behind the data";
  panel.alt = plural(c.integer("draws"), "function") + " drawn from a Gaussian process of amplitude " + number_text(amplitude, 3) + " and length " +
              number_text(length, 3) + ", with " + plural(c.integer("points"), "measurement") + " of the first.";
  frame.number("correlation after one day", number_text((1.0 + std::sqrt(3.0) / length) * std::exp(-std::sqrt(3.0) / length), 3));
  if (length < 2.0 * kSpan / static_cast<double>(std::max<Index>(1, ssize(when)))) {
    frame.warn("The function varies faster than it is sampled: such data say little about it between the points.");
  }
  return d;
}

void set_draws(live::PanelFrame& panel, const Draws& d) {
  set_line(panel.mark("curves"), d.line_x, d.line_y);
  set_line(panel.mark("truth"), d.truth_x, d.truth_y);
  auto& data = panel.mark("data");
  data.hidden = d.x.empty();
  set_line(data, d.x, d.y);
  data.set("low", std::span<const double>(d.low)).set("high", std::span<const double>(d.high));
  auto& bars = panel.mark("observed");
  bars.hidden = d.height.empty();
  set_bars(bars, d.edge, d.height);
}

void draw(FrameContext& c) {
  const GraphModel model = model_of(c.choice("model"));
  const bool marginalised = c.toggle("marginalised");
  const Diagram diagram = diagram_of(model, marginalised);
  live::Frame& frame = c.frame();
  draw_graph(c, diagram);
  const Index n = c.integer("points");
  const Index full = unknowns(diagram_of(model, false), n), now = unknowns(diagram, n);
  frame.number("unknowns", std::to_string(now), "", "", marginalised ? "of " + std::to_string(full) + ": the rest is integrated out" : "");
  auto& panel = frame.panel("draws");
  const Draws draws = model == GraphModel::line         ? draw_lines(c, panel, frame)
                      : model == GraphModel::population ? draw_population(c, panel, frame)
                                                        : draw_process(c, panel, frame);
  set_draws(panel, draws);
  frame.number("joint density", diagram.density);
  if (model != GraphModel::process) frame.control("length").disabled = "Only the Gaussian process has a length.";
  offer_draw_again(c);
}

constexpr std::string_view kExplain = R"html(
<p>A graph shows who depends on whom. Open circles are unknown, filled ones are observed, dots are given; an arrow from
<math><mi>a</mi></math> to <math><mi>b</mi></math> means that the probability of <math><mi>b</mi></math> is stated for given
<math><mi>a</mi></math>. What lies on the plate is there once for every datum. The joint density is read off node by node:</p>
<math display="block"><mi>p</mi><mo>(</mo><mtext>all</mtext><mo>)</mo><mo>=</mo><munder><mo>&#x220F;</mo><mtext>nodes</mtext></munder>
<mi>p</mi><mo>(</mo><mtext>node</mtext><mo>|</mo><mtext>its parents</mtext><mo>)</mo></math>
<p><b>Line with errors in both axes.</b> The true points <math><mo>(</mo><msub><mi>&#x3BE;</mi><mi>n</mi></msub><mo>,</mo><msub><mi>&#x3B7;</mi><mi>n</mi></msub><mo>)</mo></math>
scatter with variance <math><mi>V</mi></math> about a line; both coordinates are measured with errors. The true abscissae need a
population of their own, or the slope comes out too small.</p>
<p><b>Planet population.</b> Each planet has a true radius from a population; each measurement adds its error. The population is narrower than the
histogram of the measured values.</p>
<p><b>Gaussian process.</b> One unknown function is seen at <math><mi>N</mi></math> times; all its values hang together through the covariance
<math><mi>k</mi><mo>(</mo><mi>d</mi><mo>)</mo><mo>=</mo><msup><mi>a</mi><mn>2</mn></msup><mo>(</mo><mn>1</mn><mo>+</mo><msqrt><mn>3</mn></msqrt><mi>d</mi><mo>/</mo><mi>&#x2113;</mi><mo>)</mo>
<msup><mi>e</mi><mrow><mo>&#x2212;</mo><msqrt><mn>3</mn></msqrt><mi>d</mi><mo>/</mo><mi>&#x2113;</mi></mrow></msup></math>.</p>
<p><b>Integrated out.</b> In all three the latent nodes can be integrated away in closed form, because Gaussians of Gaussians are
Gaussian: the children of a removed node inherit its parents and become dependent on each other. For the population,</p>
<math display="block"><mo>&#x222B;</mo><mi>N</mi><mo>(</mo><msub><mi>&#x3C1;</mi><mi>n</mi></msub><mo>;</mo><msub><mi>r</mi><mi>n</mi></msub><mo>,</mo><msubsup><mi>&#x3C3;</mi><mi>n</mi><mn>2</mn></msubsup><mo>)</mo>
<mi>N</mi><mo>(</mo><msub><mi>r</mi><mi>n</mi></msub><mo>;</mo><mi>&#x3BC;</mi><mo>,</mo><msup><mi>&#x3C4;</mi><mn>2</mn></msup><mo>)</mo><mi>d</mi><msub><mi>r</mi><mi>n</mi></msub><mo>=</mo>
<mi>N</mi><mo>(</mo><msub><mi>&#x3C1;</mi><mi>n</mi></msub><mo>;</mo><mi>&#x3BC;</mi><mo>,</mo><msup><mi>&#x3C4;</mi><mn>2</mn></msup><mo>+</mo><msubsup><mi>&#x3C3;</mi><mi>n</mi><mn>2</mn></msubsup><mo>)</mo></math>
<p>A sampler then walks in a handful of dimensions instead of hundreds. Draws from the prior are the cheapest test of a model: if they look
unlike anything you would believe, so will its posterior.</p>)html";

std::vector<Control> controls() {
  return {{.name = "model", .label = "model", .kind = ControlKind::choice, .choices = {"line, errors in both axes", "planet population", "Gaussian process"},
           .group = "Model"},
          {.name = "marginalised", .label = "integrate out latent nodes", .kind = ControlKind::toggle, .start = 0.0, .group = "Model"},
          {.name = "points", .label = "data N", .unit = "1", .kind = ControlKind::integer, .low = 2, .high = 200, .start = 30, .step = 1, .group = "Draw"},
          {.name = "draws", .label = "draws from the prior", .unit = "1", .kind = ControlKind::integer, .low = 1, .high = 40, .start = 8, .step = 1,
           .group = "Draw"},
          {.name = "width", .label = "intrinsic width", .unit = "1", .low = 0.0, .high = 2.0, .start = 0.5, .group = "Draw",
           .help = "Scatter about the line, width of the population, amplitude of the process."},
          {.name = "noise", .label = "measurement error", .unit = "1", .low = 0.02, .high = 2.0, .start = 0.3, .group = "Draw"},
          {.name = "length", .label = "length ℓ", .unit = "day", .low = 0.2, .high = 10.0, .start = 2.0, .scale = Scale::log, .group = "Draw"},
          seed_control()};
}

std::vector<Panel> panels() {
  return {{.id = "graph", .title = "The model", .hint = "filled: observed; dots: given", .x = {.label = "", .ticks = false}, .y = {.label = "", .ticks = false},
           .marks = {{.id = "graph", .mark = Mark::graph, .role = Role::data}}},
          {.id = "draws", .title = "Draws from it", .x = {"x"}, .y = {"y"},
           .marks = {{.id = "observed", .mark = Mark::bars, .role = Role::data},
                     {.id = "curves", .mark = Mark::line, .role = Role::accent, .note = "thin faint"},
                     {.id = "truth", .mark = Mark::line, .role = Role::model, .note = "thick"},
                     {.id = "data", .mark = Mark::points, .role = Role::data}}}};
}

}  // namespace

extern const live::Figure graph_model_figure;
const live::Figure graph_model_figure{
    .id = "hacks.graph_model",
    .title = "Models as graphs",
    .question = "What does the model say before it has seen any data?",
    .shelf = live::Shelf::hacks,
    .source = "Hogg, Bovy & Lang 2010, arXiv:1008.4686 (line); Kelly 2007, ApJ 665, 1489; Hogg, Myers & Bovy 2010, ApJ 725, 2166 (population); "
              "Rasmussen & Williams 2006, Gaussian Processes for Machine Learning, eq. 4.17",
    .explain = kExplain,
    .controls = controls(),
    .panels = panels(),
    .draw = draw};

}  // namespace orrery::figures::hacks
