// Posterior of mean and width of Gaussian data with outliers: a mixture likelihood against one that knows of no outliers.
#include <algorithm>
#include <array>
#include <cmath>

#include "common.hpp"
#include "orrery/core/random.hpp"
#include "orrery/stats/outlier_posterior.hpp"
#include "orrery/stats/moments.hpp"
#include "orrery/stats/robust.hpp"
#include "orrery/stats/special.hpp"

namespace orrery::figures::book {
namespace {

using live::Control, live::ControlKind, live::FrameContext, live::Mark, live::Panel, live::Role, live::Scale;
using stats::MeanSigmaGrid, stats::MeanSigmaPosterior;

constexpr Index kCoarseNodes = 20;
constexpr Index kFineNodes = 48;
constexpr double kFaintest = -9.0;  // ln of the density where the image ends

/// Values of width 1 about 0, a part of them drawn `outlier_sigma` times as wide. Moving a slider moves points, it does not redraw them.
std::vector<double> draw_values(Index n, double fraction, double outlier_sigma, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> x(at(n));
  for (double& v : x) {
    const bool outlier = random.uniform() < fraction;
    v = (outlier ? outlier_sigma : 1.0) * random.normal();
  }
  return x;
}

/// A grid around a posterior: five errors each way, and not less than 1.5 steps of the grid it was found on.
MeanSigmaGrid closer_grid(const MeanSigmaPosterior& p, Index nodes) {
  const double mean_reach = std::max(5.0 * p.mean_error, 1.5 * (p.grid.mean(1) - p.grid.mean(0)));
  const double sigma_reach = std::max(5.0 * p.sigma_error, 1.5 * (p.grid.sigma(1) - p.grid.sigma(0)));
  return {.means = nodes, .sigmas = nodes, .mean_low = p.mean - mean_reach, .mean_high = p.mean + mean_reach,
          .sigma_low = std::max(p.sigma - sigma_reach, 0.05 * p.sigma), .sigma_high = p.sigma + sigma_reach};
}

/// Where to begin: wide enough for any contamination the sliders allow.
MeanSigmaGrid first_grid(const std::vector<double>& x) {
  const double center = stats::median(x);
  const double width = std::max(stats::sigma_g(x), 1e-3);
  const double reach = 9.0 * width / std::sqrt(static_cast<double>(x.size()));
  return {.means = kCoarseNodes, .sigmas = kCoarseNodes, .mean_low = center - reach, .mean_high = center + reach,
          .sigma_low = 0.1 * width, .sigma_high = 2.5 * width};
}

MeanSigmaPosterior naive_posterior(const std::vector<double>& x) {
  const auto m = stats::moments(x);
  const double n = static_cast<double>(m.count);
  const double part = 6.0 / std::sqrt(2.0 * n);
  return stats::gaussian_posterior(x, {.means = kFineNodes, .sigmas = kFineNodes, .mean_low = m.mean - 6.0 * m.mean_error(),
                                       .mean_high = m.mean + 6.0 * m.mean_error(), .sigma_low = m.sigma / (1.0 + part),
                                       .sigma_high = m.sigma * (1.0 + 1.3 * part)});
}

struct Scene {
  const std::vector<double>& values;
  const MeanSigmaPosterior& naive;
  const MeanSigmaPosterior& mixture;
  double assumed;
};

live::Grid image_grid(const MeanSigmaGrid& g) {
  const double dx = 0.5 * (g.mean(1) - g.mean(0)), dy = 0.5 * (g.sigma(1) - g.sigma(0));
  return {.rows = g.sigmas, .cols = g.means,
          .x0 = g.mean_low - dx, .x1 = g.mean_high + dx, .y0 = g.sigma_low - dy, .y1 = g.sigma_high + dy};
}

void set_contour(live::MarkFrame& mark, const MeanSigmaPosterior& p) {
  const std::vector<float> value(p.log_density.begin(), p.log_density.end());
  mark.set("value", std::span<const float>(value));
  mark.grid = image_grid(p.grid);
  auto levels = stats::enclosing_levels(p, std::array{0.683, 0.954});
  std::sort(levels.begin(), levels.end());
  mark.grid->levels = levels;
}

void draw_posterior(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("posterior");
  std::vector<float> density;
  for (const double v : s.mixture.log_density) density.push_back(v < kFaintest ? std::nanf("") : static_cast<float>(std::exp(v)));
  auto& image = panel.mark("density").set("value", std::span<const float>(density));
  image.grid = image_grid(s.mixture.grid);
  set_contour(panel.mark("mixture"), s.mixture);
  set_contour(panel.mark("naive"), s.naive);
  set_point(panel.mark("truth"), 0.0, 1.0);
  auto& words = panel.mark("words");
  set_line(words, {s.naive.mean, s.mixture.mean},
           {s.naive.sigma + 3.2 * s.naive.sigma_error, s.mixture.sigma - 3.6 * s.mixture.sigma_error});
  words.labels = {"no outliers", "with outliers"};
  const auto reach = [](const MeanSigmaPosterior& p) { return std::pair(p.sigma - 4.5 * p.sigma_error, p.sigma + 4.5 * p.sigma_error); };
  const double half = std::max(std::fabs(s.naive.mean) + 4.0 * s.naive.mean_error, std::fabs(s.mixture.mean) + 4.0 * s.mixture.mean_error);
  panel.x = {-half, half};
  panel.y.low = std::max(0.0, std::min({reach(s.naive).first, reach(s.mixture).first, 0.9}));
  panel.y.high = std::max({reach(s.naive).second, reach(s.mixture).second, 1.1});
  panel.alt = "Posterior of mean and width. With outliers in the model: width " + value_text(s.mixture.sigma, s.mixture.sigma_error) + " ± " +
              error_text(s.mixture.sigma_error) + "; without: " + value_text(s.naive.sigma, s.naive.sigma_error) + " ± " +
              error_text(s.naive.sigma_error) + "; the truth is 1.";
}

void draw_values_panel(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("values");
  const double reach = std::max(4.0, 2.6 * c.number("outlier_sigma"));
  const auto h = stats::histogram(s.values, 60, -reach, reach);
  set_bars(panel.mark("values"), h.edge, h.density());
  const auto gauss = [](double x, double m, double w) { return stats::normal_pdf((x - m) / w) / w; };
  const auto x = spaced(-reach, reach, 241);
  const double f = s.mixture.fraction;
  set_curve(panel.mark("mixture"), x, [&](double v) {
    return (1.0 - f) * gauss(v, s.mixture.mean, s.mixture.sigma) + f * gauss(v, s.mixture.mean, s.assumed);
  });
  set_curve(panel.mark("naive"), x, [&](double v) { return gauss(v, s.naive.mean, s.naive.sigma); });
  panel.x = {-reach, reach};
  panel.y = {0.0, 1.25 * std::max(highest(h.density()), 0.4)};
  panel.hint = plural(ssize(s.values), "value") + (h.outside > 0 ? ", " + std::to_string(h.outside) + " outside the panel" : "");
  panel.alt = "Histogram of the values with the Gaussian fitted to all of them and the fitted sum of two Gaussians.";
}

void draw_marginal(FrameContext& c, const char* id, const Scene& s, bool of_mean, double truth) {
  auto& panel = c.frame().panel(id);
  double peak = 0.0;
  std::vector<double> shown = {truth};
  const auto put = [&](const char* mark, const MeanSigmaPosterior& p) {
    const auto& g = p.grid;
    const auto x = of_mean ? spaced(g.mean_low, g.mean_high, g.means) : spaced(g.sigma_low, g.sigma_high, g.sigmas);
    const auto& y = of_mean ? p.mean_marginal : p.sigma_marginal;
    set_line(panel.mark(mark), x, y);
    peak = std::max(peak, highest(y));
    const double center = of_mean ? p.mean : p.sigma, error = of_mean ? p.mean_error : p.sigma_error;
    shown.push_back(center - 4.5 * error);
    shown.push_back(center + 4.5 * error);
  };
  put("naive", s.naive);
  put("mixture", s.mixture);
  set_rule_x(panel.mark("truth"), {truth}, {"truth"});
  live::show(panel.x, live::extent(shown, 0.0));
  panel.y = {0.0, 1.12 * peak};
  const double best = of_mean ? s.mixture.mean : s.mixture.sigma, error = of_mean ? s.mixture.mean_error : s.mixture.sigma_error;
  panel.alt = std::string("Marginal posterior of the ") + (of_mean ? "mean" : "width") + ": " + value_text(best, error) + " ± " + error_text(error) +
              " with outliers in the model, beside that without.";
}

void say(FrameContext& c, const Scene& s) {
  live::Frame& frame = c.frame();
  const auto pair = [&](const char* label, double value, double error, const std::string& note) {
    frame.number(label, value_text(value, error), "", error_text(error), note);
  };
  pair("width", s.mixture.sigma, s.mixture.sigma_error, "truth 1");
  pair("mean", s.mixture.mean, s.mixture.mean_error, "truth 0");
  pair("outlier fraction", s.mixture.fraction, s.mixture.fraction_error, "truth " + number_text(c.number("fraction"), 3));
  pair("width without outliers", s.naive.sigma, s.naive.sigma_error, "in the model");
  const double off = (s.naive.sigma - 1.0) / s.naive.sigma_error;
  if (std::fabs(off) > 3.0) {
    frame.warn("Without outliers in the model the width is wrong by " + number_text(std::fabs(off), 3) + " of its own errors: the model is, not the errors.");
  }
  if (s.assumed < 2.0 * s.mixture.sigma) {
    frame.warn("The outliers of the model are hardly wider than the rest: fraction and width cannot be told apart, and the errors say so.");
  }
  const double truth = c.number("outlier_sigma");
  if (!c.is_auto("assumed") && std::fabs(std::log(s.assumed / truth)) > std::log(1.5)) {
    frame.warn("The model takes the outliers to be " + number_text(s.assumed, 3) + " wide, they are " + number_text(truth, 3) +
               ": the fraction suffers first, the width of the rest hardly.");
  }
  if (s.mixture.edge_mass > 0.02) frame.warn("The posterior reaches beyond the grid: more values are needed for a width.");
  frame.control("assumed").value = s.assumed;
  offer_draw_again(c);
}

void draw(FrameContext& c, const Scene& s) {
  c.frame() = {};
  draw_values_panel(c, s);
  draw_posterior(c, s);
  draw_marginal(c, "mean", s, true, 0.0);
  draw_marginal(c, "sigma", s, false, 1.0);
  say(c, s);
}

Task<bool> make_frame(FrameContext& c) {
  const live::Key value_key = c.key({"points", "fraction", "outlier_sigma", "seed"});
  const auto& values = c.node("values", value_key, [&] {
    return draw_values(c.integer("points"), c.number("fraction"), c.number("outlier_sigma"), seed_of(c));
  });
  const auto& naive = c.node("naive", value_key, [&] { return naive_posterior(values); });
  const double assumed = c.is_auto("assumed") ? c.number("outlier_sigma") : c.number("assumed");
  auto search = [&](Budget& budget) -> Task<MeanSigmaPosterior> {
    const stats::OutlierOptions rough{.outlier_sigma = assumed, .fractions = 12};
    const auto wide = co_await stats::outlier_posterior_task(budget, values, first_grid(values), rough);
    const auto coarse = co_await stats::outlier_posterior_task(budget, values, closer_grid(wide, kCoarseNodes), rough);
    draw(c, {values, naive, coarse, assumed});
    c.publish();
    co_await budget.pause();
    const stats::OutlierOptions fine{.outlier_sigma = assumed};
    co_return co_await stats::outlier_posterior_task(budget, values, closer_grid(coarse, kFineNodes), fine);
  };
  live::Key key = value_key;
  key.add(assumed);
  const auto* mixture = co_await c.node_task<MeanSigmaPosterior>("mixture", key, search);
  draw(c, {values, naive, *mixture, assumed});
  co_return true;
}

constexpr std::string_view kExplain = R"html(
<p>Most values come from a Gaussian of unknown mean <math><mi>&#x3BC;</mi></math> and width <math><mi>&#x3C3;</mi></math>; a part
<math><mi>f</mi></math> of them from a wider one. Which value is which is not known, so each is both with its probability:</p>
<math display="block"><mi>p</mi><mo>(</mo><mi>x</mi><mo>|</mo><mi>&#x3BC;</mi><mo>,</mo><mi>&#x3C3;</mi><mo>,</mo><mi>f</mi><mo>)</mo><mo>=</mo>
<munder><mo>&#x220F;</mo><mi>i</mi></munder><mo>[</mo><mo>(</mo><mn>1</mn><mo>&#x2212;</mo><mi>f</mi><mo>)</mo><mi>N</mi><mo>(</mo><msub><mi>x</mi><mi>i</mi></msub><mo>;</mo>
<mi>&#x3BC;</mi><mo>,</mo><mi>&#x3C3;</mi><mo>)</mo><mo>+</mo><mi>f</mi><mi>N</mi><mo>(</mo><msub><mi>x</mi><mi>i</mi></msub><mo>;</mo><mi>&#x3BC;</mi><mo>,</mo><mi>w</mi><mo>)</mo><mo>]</mo></math>
<p>The fraction is not wanted: it is integrated over a flat prior from 0 to 1/2 at every point of the grid. The mean has a flat prior, the
width <math><mn>1</mn><mo>/</mo><mi>&#x3C3;</mi></math>. No value is ever thrown away; one far from the rest simply speaks of
<math><mi>f</mi></math> and <math><mi>w</mi></math> instead of <math><mi>&#x3C3;</mi></math>.</p>
<p>Without outliers in the model, every value must be explained by one Gaussian, whose posterior has the closed form</p>
<math display="block"><mi>p</mi><mo>(</mo><mi>&#x3BC;</mi><mo>,</mo><mi>&#x3C3;</mi><mo>)</mo><mo>&#x221D;</mo><msup><mi>&#x3C3;</mi><mrow><mo>&#x2212;</mo><mi>N</mi><mo>&#x2212;</mo><mn>1</mn></mrow></msup>
<mi>exp</mi><mo>(</mo><mo>&#x2212;</mo><mfrac><mrow><mo>(</mo><mi>N</mi><mo>&#x2212;</mo><mn>1</mn><mo>)</mo><msup><mi>s</mi><mn>2</mn></msup><mo>+</mo><mi>N</mi><msup><mrow><mo>(</mo>
<mi>&#x3BC;</mi><mo>&#x2212;</mo><mover><mi>x</mi><mo>&#xAF;</mo></mover><mo>)</mo></mrow><mn>2</mn></msup></mrow><mrow><mn>2</mn><msup><mi>&#x3C3;</mi><mn>2</mn></msup></mrow></mfrac><mo>)</mo></math>
<p>It is narrow and wrong: a small error bar belongs to a model, not to the truth. Contours enclose 68 % and 95 % of the probability.</p>
<p>The width <math><mi>w</mi></math> of the outliers is given here (a slider, at the truth until you move it); it could be integrated over
like <math><mi>f</mi></math>.</p>)html";

std::vector<Control> controls() {
  return {{.name = "points", .label = "values N", .unit = "1", .kind = ControlKind::integer, .low = 10, .high = 500, .start = 100, .step = 1, .scale = Scale::log, .group = "Sample"},
          {.name = "fraction", .label = "outliers", .unit = "1", .low = 0.0, .high = 0.4, .start = 0.15, .group = "Sample",
           .help = "Probability that a value is an outlier."},
          {.name = "outlier_sigma", .label = "width of outliers", .unit = "σ", .low = 1.5, .high = 10.0, .start = 4.0, .group = "Sample"},
          {.name = "assumed", .label = "width in the model", .unit = "σ", .low = 1.5, .high = 20.0, .start = live::kAuto, .scale = Scale::log,
           .group = "Model", .help = "What the model takes the outliers' width to be; Auto is the truth."},
          seed_control()};
}

std::vector<Panel> panels() {
  return {{.id = "values", .title = "The values", .x = {"value", "u"}, .y = {"density", "1/u"},
           .marks = {{.id = "values", .mark = Mark::bars, .role = Role::data},
                     {.id = "naive", .mark = Mark::line, .role = Role::mute, .label = "no outliers"},
                     {.id = "mixture", .mark = Mark::line, .role = Role::model, .label = "with outliers"}}},
          {.id = "posterior", .title = "Posterior of mean and width", .hint = "68 % and 95 %", .x = {"mean", "u"}, .y = {"width", "u"},
           .marks = {{.id = "density", .mark = Mark::image},
                     {.id = "naive", .mark = Mark::contour, .role = Role::mute},
                     {.id = "mixture", .mark = Mark::contour, .role = Role::model},
                     {.id = "truth", .mark = Mark::points, .role = Role::warn, .label = "truth"},
                     {.id = "words", .mark = Mark::text, .role = Role::mute}}},
          {.id = "mean", .title = "Mean", .x = {"mean", "u"}, .y = {"density", "1/u"},
           .marks = {{.id = "truth", .mark = Mark::rule, .role = Role::warn, .note = "dashed"},
                     {.id = "naive", .mark = Mark::line, .role = Role::mute},
                     {.id = "mixture", .mark = Mark::line, .role = Role::model}}},
          {.id = "sigma", .title = "Width", .x = {"width", "u"}, .y = {"density", "1/u"},
           .marks = {{.id = "truth", .mark = Mark::rule, .role = Role::warn, .note = "dashed"},
                     {.id = "naive", .mark = Mark::line, .role = Role::mute},
                     {.id = "mixture", .mark = Mark::line, .role = Role::model}}}};
}

}  // namespace

extern const live::Figure gauss_outliers_figure;
const live::Figure gauss_outliers_figure{
    .id = "book.gauss_outliers",
    .title = "Gaussian with outliers",
    .question = "How wide is the Gaussian when some values do not belong to it?",
    .shelf = live::Shelf::book,
    .source = "Ivezić, Connolly, VanderPlas & Gray 2014, Statistics, Data Mining, and Machine Learning in Astronomy, sect. 5.6.7, figs. 5.4, 5.17; "
              "Hogg, Bovy & Lang 2010, arXiv:1008.4686",
    .explain = kExplain,
    .controls = controls(),
    .panels = panels(),
    .frame = make_frame};

}  // namespace orrery::figures::book
