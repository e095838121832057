// Two clusters and the boundary a Gaussian classifier draws between them; the centres can be dragged.
#include <algorithm>
#include <cmath>
#include <limits>

#include "common.hpp"
#include "orrery/core/random.hpp"
#include "orrery/stats/gaussian_classifier.hpp"

namespace orrery::figures::hacks {
namespace {

using live::Control, live::ControlKind, live::FrameContext, live::Mark, live::Panel, live::Role, live::Scale;
using stats::ClassCovariance, stats::GaussianClassifier;

constexpr double kHalf = 5.0;           // the plane shown is [-kHalf, kHalf]^2
constexpr Index kCells = 90;
constexpr Index kFresh = 4000;          // draws that the classifier has not seen
constexpr Index kIntegralCells = 160;
constexpr double kOddsShown = 12.0;     // log odds at the ends of the colour map

/// Points of both classes, and which is which.
struct Sample {
  std::vector<double> x;  ///< (N, 2) row-major
  std::vector<std::int32_t> label;
  [[nodiscard]] MatrixView view() const { return row_major(x, ssize(label), 2); }
};

/// Standard normal pairs: class A first. Moving a centre or a spread moves these points, it does not redraw them.
struct Normals {
  std::vector<double> z;
  Index of_a = 0;
  Index of_b = 0;
};

Normals draw_normals(Index n, double share_b, std::uint64_t seed, std::uint64_t stream) {
  Random random(seed, stream);
  Normals normals;
  normals.of_b = std::clamp<Index>(std::lround(share_b * static_cast<double>(n)), 3, n - 3);
  normals.of_a = n - normals.of_b;
  normals.z = normal_vector(random, 2 * n);
  return normals;
}

/// Placed by Cholesky factors of the true covariances.
Sample place(const Normals& normals, const GaussianClassifier& truth) {
  Sample s;
  const Index n = normals.of_a + normals.of_b;
  for (Index i = 0; i < n; ++i) {
    const Index c = i < normals.of_a ? 0 : 1;
    const double* l = truth.cholesky.data() + 4 * c;
    const double a = normals.z[at(2 * i)], b = normals.z[at(2 * i + 1)];
    s.x.push_back(truth.mean[at(2 * c)] + l[0] * a);
    s.x.push_back(truth.mean[at(2 * c + 1)] + l[2] * a + l[3] * b);
    s.label.push_back(static_cast<std::int32_t>(c));
  }
  return s;
}

GaussianClassifier true_classes(const FrameContext& c) {
  const auto& a = c.list("center_a");
  const auto& b = c.list("center_b");
  const double va = std::pow(c.number("spread_a"), 2), vb = std::pow(c.number("spread_b"), 2);
  const double cov = c.number("correlation") * vb;
  const double share = c.number("share");
  return stats::gaussian_classifier({1.0 - share, share}, {a[0], a[1], b[0], b[1]}, {va, 0.0, 0.0, va, vb, cov, cov, vb});
}

ClassCovariance kind_of(const std::string& name) {
  if (name == "linear") return ClassCovariance::shared;
  return name == "quadratic" ? ClassCovariance::full : ClassCovariance::diagonal;
}

/// Smallest possible error: the integral of the lesser of the two joint densities, by the midpoint rule.
double bayes_error(const GaussianClassifier& truth) {
  double low[2] = {HUGE_VAL, HUGE_VAL}, high[2] = {-HUGE_VAL, -HUGE_VAL};
  for (std::size_t c = 0; c < 2; ++c) {
    for (std::size_t k = 0; k < 2; ++k) {
      const double reach = 5.5 * std::sqrt(truth.covariance[4 * c + 3 * k]);
      low[k] = std::min(low[k], truth.mean[2 * c + k] - reach);
      high[k] = std::max(high[k], truth.mean[2 * c + k] + reach);
    }
  }
  const double n = static_cast<double>(kIntegralCells);
  double sum = 0.0;
  for (Index r = 0; r < kIntegralCells; ++r) {
    for (Index q = 0; q < kIntegralCells; ++q) {
      const double p[] = {low[0] + (high[0] - low[0]) * (static_cast<double>(q) + 0.5) / n,
                          low[1] + (high[1] - low[1]) * (static_cast<double>(r) + 0.5) / n};
      sum += std::exp(std::min(truth.log_joint(p, 0), truth.log_joint(p, 1)));
    }
  }
  return sum * (high[0] - low[0]) * (high[1] - low[1]) / (n * n);
}

std::vector<float> odds_on_grid(const GaussianClassifier& g) {
  std::vector<float> odds;
  odds.reserve(at(kCells * kCells));
  const double step = 2.0 * kHalf / static_cast<double>(kCells);
  for (Index r = 0; r < kCells; ++r) {
    for (Index q = 0; q < kCells; ++q) {
      const double p[] = {-kHalf + (static_cast<double>(q) + 0.5) * step, -kHalf + (static_cast<double>(r) + 0.5) * step};
      odds.push_back(static_cast<float>(g.log_odds(p)));
    }
  }
  return odds;
}

live::Grid plane_grid() { return {.rows = kCells, .cols = kCells, .x0 = -kHalf, .x1 = kHalf, .y0 = -kHalf, .y1 = kHalf}; }

void set_boundary(live::MarkFrame& mark, const std::vector<float>& odds) {
  mark.set("value", std::span<const float>(odds));
  mark.grid = plane_grid();
  mark.grid->levels = {0.0};
}

void set_points(live::MarkFrame& mark, const Sample& s, std::int32_t wanted) {
  std::vector<double> x, y;
  for (std::size_t i = 0; i < s.label.size(); ++i) {
    if (s.label[i] != wanted) continue;
    x.push_back(s.x[2 * i]);
    y.push_back(s.x[2 * i + 1]);
  }
  set_line(mark, x, y);
}

void draw_plane(FrameContext& c, const Sample& sample, const GaussianClassifier& fitted, const GaussianClassifier& truth) {
  auto& panel = c.frame().panel("plane");
  const auto odds = odds_on_grid(fitted);
  auto& image = panel.mark("odds").set("value", std::span<const float>(odds));
  image.grid = plane_grid();
  image.grid->low = -kOddsShown;
  image.grid->high = kOddsShown;
  image.grid->map = "diverging";
  set_points(panel.mark("a"), sample, 0);
  set_points(panel.mark("b"), sample, 1);
  set_boundary(panel.mark("best"), odds_on_grid(truth));
  set_boundary(panel.mark("boundary"), odds);
  const auto &a = c.list("center_a"), &b = c.list("center_b");
  set_point(panel.mark("move_a"), a[0], a[1]);
  set_point(panel.mark("move_b"), b[0], b[1]);
  panel.x = {-kHalf, kHalf};
  panel.y = {-kHalf, kHalf};
  panel.alt = "Cluster A around (" + number_text(a[0], 3) + ", " + number_text(a[1], 3) + ") and cluster B around (" + number_text(b[0], 3) + ", " +
              number_text(b[1], 3) + ") with the boundary of the " + c.choice("classifier") + " classifier and, dashed, the best possible one.";
}

void draw_odds(FrameContext& c, const Sample& fresh, const GaussianClassifier& fitted) {
  auto& panel = c.frame().panel("odds");
  std::vector<double> of[2];
  for (std::size_t i = 0; i < fresh.label.size(); ++i) {
    const double v = fitted.log_odds(std::span(fresh.x).subspan(2 * i, 2));
    of[fresh.label[i]].push_back(std::clamp(v, -kOddsShown, kOddsShown));
  }
  double peak = 1.0;
  const char* const marks[] = {"a", "b"};
  for (std::size_t k = 0; k < 2; ++k) {
    const auto h = stats::histogram(of[k], 60, -kOddsShown, kOddsShown);
    set_bars(panel.mark(marks[k]), h.edge, h.count);
    peak = std::max(peak, highest(std::span(h.count).subspan(1, 58)));  // the end bins hold everything beyond
  }
  set_rule_x(panel.mark("threshold"), {0.0});
  panel.x = {-kOddsShown, kOddsShown};
  panel.y = {0.0, 1.15 * peak};
  const auto lost = [](const std::vector<double>& v, bool above) {
    Index n = 0;
    for (const double o : v) n += above ? o > 0.0 : o <= 0.0;
    return v.empty() ? 0.0 : static_cast<double>(n) / static_cast<double>(v.size());
  };
  panel.hint = plural(ssize(fresh.label), "fresh draw");
  panel.alt = "Histogram of the log odds of fresh draws: " + percent(lost(of[0], true)) + " % of A and " + percent(lost(of[1], false)) +
              " % of B fall on the wrong side of zero.";
}

void warn(FrameContext& c, double train, double test, double best) {
  live::Frame& frame = c.frame();
  const std::string& kind = c.choice("classifier");
  const double ratio = c.number("spread_a") / c.number("spread_b");
  const bool unequal = ratio > 1.3 || ratio < 1.0 / 1.3 || std::fabs(c.number("correlation")) > 0.3;
  if (kind == "linear" && unequal) frame.warn("The clusters differ in shape, so the best boundary is curved; one covariance for both can only be straight.");
  if (kind == "naive Bayes" && std::fabs(c.number("correlation")) > 0.3) {
    frame.warn("Naive Bayes takes the two features to be independent within a cluster; B is correlated, and the boundary cannot follow.");
  }
  if (train - test > 0.05) frame.warn("The classifier does better on the points it was trained on than on fresh ones: too few points for so free a boundary.");
  if (best < 0.005) frame.warn("The clusters hardly overlap: every sensible boundary is right.");
}

void say(FrameContext& c, double train, double test, double best, Index n) {
  live::Frame& frame = c.frame();
  const double error = std::sqrt(std::max(test * (1.0 - test), 1e-6) / static_cast<double>(kFresh));
  frame.number("right on fresh draws", value_text(100.0 * test, 100.0 * error), "%", error_text(100.0 * error));
  frame.number("best possible", number_text(100.0 * (1.0 - best), 4), "%", "", "error " + percent(best) + " %");
  frame.number("right on its own points", number_text(100.0 * train, 4), "%", "", "of " + std::to_string(n));
  warn(c, train, test, best);
  offer_draw_again(c);
}

void draw(FrameContext& c) {
  const Index n = c.integer("points");
  const double share = c.number("share");
  const auto seed = seed_of(c);
  const live::Key key = c.key({"points", "share", "seed"});
  const auto& normals = c.node("normals", key, [&] { return draw_normals(n, share, seed, 0); });
  const auto& more = c.node("fresh", c.key({"share", "seed"}), [&] { return draw_normals(kFresh, share, seed, 1); });
  const GaussianClassifier truth = true_classes(c);
  const Sample sample = place(normals, truth), fresh = place(more, truth);
  const auto fitted = stats::gaussian_classifier(sample.view(), sample.label, {.covariance = kind_of(c.choice("classifier"))});
  const live::Key truth_key = c.key({"center_a", "center_b", "spread_a", "spread_b", "correlation", "share"});
  const double best = c.node("best", truth_key, [&] { return bayes_error(truth); });
  draw_plane(c, sample, fitted, truth);
  draw_odds(c, fresh, fitted);
  say(c, fitted.accuracy(sample.view(), sample.label), fitted.accuracy(fresh.view(), fresh.label), best, n);
}

constexpr std::string_view kExplain = R"html(
<p>Each cluster is described by a Gaussian whose mean and covariance are measured from its points. A new point goes to the cluster that
makes it more probable; the boundary is where the log odds vanish:</p>
<math display="block"><mi>ln</mi><mfrac><mrow><mi>p</mi><mo>(</mo><mi>B</mi><mo>|</mo><mi>x</mi><mo>)</mo></mrow><mrow><mi>p</mi><mo>(</mo><mi>A</mi><mo>|</mo><mi>x</mi><mo>)</mo></mrow></mfrac>
<mo>=</mo><mi>ln</mi><mfrac><msub><mi>&#x3C0;</mi><mi>B</mi></msub><msub><mi>&#x3C0;</mi><mi>A</mi></msub></mfrac><mo>+</mo>
<mfrac><mn>1</mn><mn>2</mn></mfrac><mi>ln</mi><mfrac><mrow><mo>|</mo><msub><mi>&#x3A3;</mi><mi>A</mi></msub><mo>|</mo></mrow><mrow><mo>|</mo><msub><mi>&#x3A3;</mi><mi>B</mi></msub><mo>|</mo></mrow></mfrac>
<mo>+</mo><mfrac><mn>1</mn><mn>2</mn></mfrac><msubsup><mi>d</mi><mi>A</mi><mn>2</mn></msubsup><mo>(</mo><mi>x</mi><mo>)</mo><mo>&#x2212;</mo>
<mfrac><mn>1</mn><mn>2</mn></mfrac><msubsup><mi>d</mi><mi>B</mi><mn>2</mn></msubsup><mo>(</mo><mi>x</mi><mo>)</mo></math>
<p>with the Mahalanobis distance <math><msup><mi>d</mi><mn>2</mn></msup><mo>=</mo><msup><mrow><mo>(</mo><mi>x</mi><mo>&#x2212;</mo><mi>m</mi><mo>)</mo></mrow><mi>T</mi></msup>
<msup><mi>&#x3A3;</mi><mrow><mo>&#x2212;</mo><mn>1</mn></mrow></msup><mo>(</mo><mi>x</mi><mo>&#x2212;</mo><mi>m</mi><mo>)</mo></math>.</p>
<p><b>Naive Bayes</b> forgets correlations: its covariances are diagonal and the boundary is a conic along the axes. <b>Quadratic</b>
discriminant analysis keeps them: any conic. <b>Linear</b> discriminant analysis gives both clusters the same covariance: the quadratic terms
cancel and the boundary is a straight line, which needs fewer points.</p>
<p>No rule errs less often than the one that knows the true Gaussians (dashed); its error is</p>
<math display="block"><mi>E</mi><mo>=</mo><mo>&#x222B;</mo><mi>min</mi><mo>(</mo><msub><mi>&#x3C0;</mi><mi>A</mi></msub><msub><mi>f</mi><mi>A</mi></msub><mo>(</mo><mi>x</mi><mo>)</mo><mo>,</mo>
<msub><mi>&#x3C0;</mi><mi>B</mi></msub><msub><mi>f</mi><mi>B</mi></msub><mo>(</mo><mi>x</mi><mo>)</mo><mo>)</mo><mi>d</mi><mi>x</mi></math>
<p>here by a sum over a fine grid. What counts is the rate on fresh draws: with few points the freer boundaries fit the accidents of the
sample. Drag the centres; the points move along and are not drawn again.</p>)html";

Control center(std::string_view name, std::string_view label, double x, double y) {
  return {.name = name, .label = label, .unit = "1", .kind = ControlKind::point, .low = -4.0, .high = 4.0, .start_list = {x, y}, .group = "Clusters",
          .help = "Drag the centre in the plane.", .on_plot_only = true};
}

Control spread(std::string_view name, std::string_view label, double start) {
  return {.name = name, .label = label, .unit = "1", .low = 0.3, .high = 2.5, .start = start, .group = "Clusters",
          .help = "Standard deviation along each axis."};
}

std::vector<Control> controls() {
  return {{.name = "classifier", .label = "classifier", .kind = ControlKind::choice, .choices = {"naive Bayes", "linear", "quadratic"}, .group = "Classifier",
           .help = "What its covariances may look like."},
          center("center_a", "centre of A", -1.0, -1.0),
          center("center_b", "centre of B", 1.2, 1.0),
          spread("spread_a", "spread of A", 0.7),
          spread("spread_b", "spread of B", 1.2),
          {.name = "correlation", .label = "correlation in B", .unit = "1", .low = -0.9, .high = 0.9, .start = 0.0, .group = "Clusters"},
          {.name = "share", .label = "share of B", .unit = "1", .low = 0.05, .high = 0.95, .start = 0.5, .group = "Clusters",
           .help = "Fraction of all points, and prior probability, of B."},
          {.name = "points", .label = "points", .unit = "1", .kind = ControlKind::integer, .low = 10, .high = 2000, .start = 200, .step = 1, .scale = Scale::log, .group = "Draw"},
          seed_control()};
}

std::vector<Panel> panels() {
  return {{.id = "plane", .title = "The plane", .hint = "drag the centres; dashed: best possible", .x = {"feature 1", "1"}, .y = {"feature 2", "1"},
           .marks = {{.id = "odds", .mark = Mark::image},
                     {.id = "a", .mark = Mark::points, .role = Role::data},
                     {.id = "b", .mark = Mark::points, .role = Role::model},
                     {.id = "best", .mark = Mark::contour, .role = Role::data, .note = "dashed"},
                     {.id = "boundary", .mark = Mark::contour, .role = Role::accent, .note = "thick"},
                     {.id = "move_a", .mark = Mark::handle, .role = Role::data, .label = "A", .control_x = "center_a"},
                     {.id = "move_b", .mark = Mark::handle, .role = Role::model, .label = "B", .control_x = "center_b"}},
           .square = true},
          {.id = "odds", .title = "Log odds of fresh draws", .x = {"ln p(B) / p(A)", "1"}, .y = {"draws", "1"},
           .marks = {{.id = "a", .mark = Mark::bars, .role = Role::data, .label = "A"},
                     {.id = "b", .mark = Mark::bars, .role = Role::model, .label = "B"},
                     {.id = "threshold", .mark = Mark::rule, .role = Role::accent}}}};
}

}  // namespace

extern const live::Figure two_clusters_figure;
const live::Figure two_clusters_figure{
    .id = "hacks.two_clusters",
    .title = "Two clusters",
    .question = "Where does the boundary go when a cluster moves?",
    .shelf = live::Shelf::hacks,
    .source = "Ivezić, Connolly, VanderPlas & Gray 2014, Statistics, Data Mining, and Machine Learning in Astronomy, fig. 9.2, made live at "
              "Astro Hack Week 2014; Hastie, Tibshirani & Friedman 2009, The Elements of Statistical Learning, sect. 4.3",
    .explain = kExplain,
    .controls = controls(),
    .panels = panels(),
    .draw = draw};

}  // namespace orrery::figures::hacks
