// Mean and midrange of a sample: when do the two extremes know more than all values together?
#include <algorithm>
#include <cmath>
#include <numbers>

#include "common.hpp"
#include "orrery/core/random.hpp"
#include "orrery/stats/moments.hpp"
#include "orrery/stats/special.hpp"

namespace orrery::figures::book {
namespace {

using live::Control, live::ControlKind, live::FrameContext, live::Mark, live::Panel, live::Role, live::Scale;

constexpr Index kLongest = 2048;         // longest sample of the error curve; its points are the powers of two
constexpr Index kCurveReplicas = 1500;
constexpr Index kCoarseReplicas = 100;
constexpr Index kCoarseDraws = 150'000;  // about 1 ms

/// One distribution the values may come from, all symmetric about 0; bounded ones lie on (-1/2, 1/2).
struct Parent {
  double sigma;
  double (*draw)(Random&);
  bool middle_wins;
  const char* warning;
};

Parent parent_of(const std::string& name) {
  if (name == "arcsine") {
    return {std::sqrt(0.125), [](Random& r) { return 0.5 * std::sin(std::numbers::pi * (r.uniform() - 0.5)); }, true, ""};
  }
  if (name == "triangular") {
    return {std::sqrt(1.0 / 24.0), [](Random& r) { return 0.5 * (r.uniform() + r.uniform() - 1.0); }, false,
            "A triangular density falls to zero at its ends: the extremes are as uncertain as 1/√N, and the mean does better."};
  }
  if (name == "Gaussian") {
    return {std::sqrt(1.0 / 12.0), [](Random& r) { return std::sqrt(1.0 / 12.0) * r.normal(); }, false,
            "A Gaussian has no edge: more values reach farther out, the midrange hardly gains, and the mean is the best there is."};
  }
  return {std::sqrt(1.0 / 12.0), [](Random& r) { return r.uniform() - 0.5; }, true, ""};
}

/// Standard error of the midrange of N uniform values on an interval of width 1.
double uniform_middle_error(double n) { return 1.0 / std::sqrt(2.0 * (n + 1.0) * (n + 2.0)); }

double root_mean_square(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double v : values) sum += v * v;
  return std::sqrt(sum / static_cast<double>(values.size()));
}

/// Both estimates of the centre (which is 0) for every replica.
struct Estimates {
  std::vector<double> mean, middle;
};

Task<Estimates> simulate(Budget& budget, Parent parent, Index n, Index replicas, std::uint64_t seed) {
  Estimates result;
  for (Index r = 0; r < replicas; ++r) {
    Random random(seed, static_cast<std::uint64_t>(r));
    double sum = 0.0, low = HUGE_VAL, high = -HUGE_VAL;
    for (Index i = 0; i < n; ++i) {
      const double v = parent.draw(random);
      sum += v;
      low = std::min(low, v);
      high = std::max(high, v);
    }
    result.mean.push_back(sum / static_cast<double>(n));
    result.middle.push_back(0.5 * (low + high));
    budget.progress(static_cast<double>(r) / static_cast<double>(replicas), "samples");
    co_await budget.pause();
  }
  co_return result;
}

/// Root mean square error of both estimates at N = 2, 4, 8, ... from samples that grow one value at a time.
struct ErrorCurve {
  std::vector<double> n, mean, middle;
  Index replicas = 0;
};

Task<ErrorCurve> error_curve(Budget& budget, Parent parent, Index replicas, std::uint64_t seed) {
  ErrorCurve curve{.replicas = replicas};
  for (Index n = 2; n <= kLongest; n *= 2) curve.n.push_back(static_cast<double>(n));
  curve.mean.assign(curve.n.size(), 0.0);
  curve.middle.assign(curve.n.size(), 0.0);
  for (Index r = 0; r < replicas; ++r) {
    Random random(seed, 1'000'000 + static_cast<std::uint64_t>(r));
    double sum = 0.0, low = HUGE_VAL, high = -HUGE_VAL;
    std::size_t k = 0;
    for (Index i = 1; i <= kLongest; ++i) {
      const double v = parent.draw(random);
      sum += v;
      low = std::min(low, v);
      high = std::max(high, v);
      if (static_cast<double>(i) != curve.n[k]) continue;
      curve.mean[k] += std::pow(sum / static_cast<double>(i), 2);
      curve.middle[k] += std::pow(0.5 * (low + high), 2);
      ++k;
    }
    budget.progress(static_cast<double>(r) / static_cast<double>(replicas), "error against N");
    co_await budget.pause();
  }
  for (double& v : curve.mean) v = std::sqrt(v / static_cast<double>(replicas));
  for (double& v : curve.middle) v = std::sqrt(v / static_cast<double>(replicas));
  co_return curve;
}

/// Density of the midrange of N uniform values at x.
double middle_density(double x, double n) { return n * std::pow(std::max(0.0, 1.0 - 2.0 * std::fabs(x)), n - 1.0); }

void draw_distribution(FrameContext& c, const Estimates& e, const Parent& parent, double n) {
  auto& panel = c.frame().panel("estimates");
  const double sigma = parent.sigma / std::sqrt(n);
  const bool uniform = c.choice("parent") == "uniform";
  const double reach = 4.2 * sigma;
  const auto mean = stats::histogram(e.mean, 56, -reach, reach);
  const double narrow = uniform ? uniform_middle_error(n) : std::max(root_mean_square(e.middle), 1e-12);
  const double middle_reach = std::min(7.0 * narrow, uniform ? 0.5 : HUGE_VAL);
  const auto middle = stats::histogram(e.middle, 57, -middle_reach, middle_reach);
  set_bars(panel.mark("mean"), mean.edge, mean.density());
  set_bars(panel.mark("middle"), middle.edge, middle.density());
  set_curve(panel.mark("mean_theory"), spaced(-reach, reach, 121), [&](double x) { return stats::normal_pdf(x / sigma) / sigma; });
  auto& theory = panel.mark("middle_theory");
  theory.hidden = !uniform;
  if (uniform) set_curve(theory, spaced(-middle_reach, middle_reach, 241), [&](double x) { return middle_density(x, n); });
  panel.x.low = -std::max(reach, std::min(middle_reach, 2.0 * reach));
  panel.x.high = -panel.x.low;
  panel.y.low = 0.0;
  const double peak = uniform ? n : highest(middle.density());
  panel.y.high = 1.12 * std::max(stats::normal_pdf(0.0) / sigma, peak);
  panel.hint = plural(ssize(e.mean), "sample") + " of " + number_text(n);
  panel.alt = "Histograms of the two estimates of the centre: the means scatter by " + number_text(root_mean_square(e.mean), 3) +
              ", the midranges by " + number_text(root_mean_square(e.middle), 3) + ".";
}

void draw_errors(FrameContext& c, const ErrorCurve& curve, const Parent& parent, double n) {
  auto& panel = c.frame().panel("errors");
  set_line(panel.mark("mean"), curve.n, curve.mean);
  set_line(panel.mark("middle"), curve.n, curve.middle);
  const auto x = log_spaced(2.0, 2048.0, 60);
  set_curve(panel.mark("mean_theory"), x, [&](double v) { return parent.sigma / std::sqrt(v); });
  auto& theory = panel.mark("middle_theory");
  theory.hidden = c.choice("parent") != "uniform";
  if (!theory.hidden) set_curve(theory, x, uniform_middle_error);
  set_rule_x(panel.mark("here"), {n});
  set_point(panel.mark("handle"), n, parent.sigma / std::sqrt(n));
  auto& words = panel.mark("words");
  const std::vector<double> at_x = {300.0, 300.0};
  set_line(words, at_x, {1.5 * parent.sigma / std::sqrt(300.0), 0.45 * curve.middle[7]});
  words.labels = {"mean", "midrange"};
  panel.x = {1.6, 2600.0};
  panel.y.low = 0.3 * std::min(highest(std::span(curve.middle).last(1)), parent.sigma / std::sqrt(2048.0));
  panel.y.high = 2.0 * parent.sigma;
  panel.hint = plural(curve.replicas, "sample") + " a point";
  panel.alt = "Standard error against sample size on logarithmic axes: the mean falls as one over the square root of N, the midrange from " +
              number_text(curve.middle.front(), 3) + " at 2 values to " + number_text(curve.middle.back(), 3) + " at 2048.";
}

void say(FrameContext& c, const Estimates& e, const Parent& parent, double n) {
  const double mean = root_mean_square(e.mean), middle = root_mean_square(e.middle);
  const double part = 1.0 / std::sqrt(2.0 * static_cast<double>(ssize(e.mean)));  // relative error of a root mean square of Gaussians
  live::Frame& frame = c.frame();
  const bool uniform = c.choice("parent") == "uniform";
  frame.number("error of the mean", value_text(mean, part * mean), "W", error_text(part * mean), "σ/√N = " + number_text(parent.sigma / std::sqrt(n), 3));
  frame.number("error of the midrange", value_text(middle, part * middle), "W", error_text(part * middle),
               uniform ? "theory " + number_text(uniform_middle_error(n), 3) : "");
  frame.number("gain", number_text(mean / middle, 3), "", "", mean > middle ? "the midrange wins" : "the mean wins");
  if (uniform) {
    // The mean would need sigma^2 / error^2 values to be as good as the midrange of N.
    frame.number("mean of as many would do", number_text(std::pow(parent.sigma / uniform_middle_error(n), 2), 3), "values");
  }
  if (n == 2.0) frame.warn("With two values the mean and the midrange are the same number.");
  if (!parent.middle_wins) frame.warn(parent.warning);
  offer_draw_again(c);
}

void draw(FrameContext& c, const Estimates& estimates, const ErrorCurve& curve, const Parent& parent) {
  c.frame() = {};
  const double n = c.number("points");
  draw_distribution(c, estimates, parent, n);
  draw_errors(c, curve, parent, n);
  say(c, estimates, parent, n);
}

Task<bool> make_frame(FrameContext& c) {
  const Parent parent = parent_of(c.choice("parent"));
  const Index n = c.integer("points");
  const Index replicas = c.integer("replicas");
  const auto seed = seed_of(c);
  auto sample = [&](Budget& budget) -> Task<Estimates> {
    if (n * replicas > kCoarseDraws) {
      const auto few = co_await simulate(budget, parent, n, std::max<Index>(kCoarseDraws / n, 50), seed);
      const auto rough = co_await error_curve(budget, parent, kCoarseReplicas, seed);
      draw(c, few, rough, parent);
      c.publish();
      co_await budget.pause();
    }
    co_return co_await simulate(budget, parent, n, replicas, seed);
  };
  const live::Key sample_key = c.key({"points", "replicas", "parent", "seed"});
  const auto* estimates = co_await c.node_task<Estimates>("estimates", sample_key, sample);
  auto curve_of = [&](Budget& budget) -> Task<ErrorCurve> {
    const auto rough = co_await error_curve(budget, parent, kCoarseReplicas, seed);
    draw(c, *estimates, rough, parent);
    c.publish();
    co_await budget.pause();
    co_return co_await error_curve(budget, parent, kCurveReplicas, seed);
  };
  const live::Key curve_key = c.key({"parent", "seed"});
  const auto* curve = co_await c.node_task<ErrorCurve>("curve", curve_key, curve_of);
  draw(c, *estimates, *curve, parent);
  co_return true;
}

constexpr std::string_view kExplain = R"html(
<p>N values are drawn from a distribution that is symmetric about an unknown centre. The mean averages all of them; its error falls as
<math><mi>&#x3C3;</mi><mo>/</mo><msqrt><mi>N</mi></msqrt></math>, and the central limit theorem makes its distribution Gaussian whatever the
parent is. The midrange uses two values only:</p>
<math display="block"><mover><mi>x</mi><mo>&#x2C6;</mo></mover><mo>=</mo><mfrac><mrow><mi>min</mi><msub><mi>x</mi><mi>i</mi></msub><mo>+</mo>
<mi>max</mi><msub><mi>x</mi><mi>i</mi></msub></mrow><mn>2</mn></mfrac></math>
<p>For a uniform parent of width <math><mi>W</mi></math> the likelihood is flat wherever every value fits inside the interval and zero elsewhere: once
the extremes are known, the other values say nothing more about the centre. Each extreme lies about <math><mi>W</mi><mo>/</mo><mi>N</mi></math> from its
edge, and</p>
<math display="block"><msub><mi>&#x3C3;</mi><mtext>midrange</mtext></msub><mo>=</mo><mfrac><mi>W</mi><msqrt><mrow><mn>2</mn><mo>(</mo><mi>N</mi><mo>+</mo><mn>1</mn>
<mo>)</mo><mo>(</mo><mi>N</mi><mo>+</mo><mn>2</mn><mo>)</mo></mrow></msqrt></mfrac><mo>&lt;</mo>
<msub><mi>&#x3C3;</mi><mtext>mean</mtext></msub><mo>=</mo><mfrac><mi>W</mi><msqrt><mrow><mn>12</mn><mi>N</mi></mrow></msqrt></mfrac>
<mspace width="1em"/><mtext>for</mtext><mspace width="0.3em"/><mi>N</mi><mo>&gt;</mo><mn>2</mn></math>
<p>The distribution of the midrange is not Gaussian: its density is
<math><mfrac><mi>N</mi><mi>W</mi></mfrac><msup><mrow><mo>(</mo><mn>1</mn><mo>&#x2212;</mo><mn>2</mn><mo>|</mo><mi>x</mi><mo>|</mo><mo>/</mo><mi>W</mi><mo>)</mo></mrow>
<mrow><mi>N</mi><mo>&#x2212;</mo><mn>1</mn></mrow></msup></math>, a tent with straight sides on a logarithmic axis.</p>
<p>It is the sharp edge that pays. The arcsine density piles up at its edges and the midrange gains even faster; a triangular density fades out
and the midrange falls behind the mean; a Gaussian has no edge at all. One outlier ruins the midrange completely.</p>
<p>The curves of error against N come from samples that grow one value at a time, so neighbouring points are correlated.</p>)html";

std::vector<Control> controls() {
  return {{.name = "points", .label = "sample size N", .unit = "1", .kind = ControlKind::integer, .low = 2, .high = 2000, .start = 30, .step = 1, .scale = Scale::log, .group = "Sample",
           .help = "Values in each sample; drag the marker on the right panel."},
          {.name = "replicas", .label = "samples", .unit = "1", .kind = ControlKind::integer, .low = 100, .high = 10000, .start = 2000, .step = 100,
           .group = "Sample", .help = "How often the experiment is repeated."},
          {.name = "parent", .label = "values come from", .kind = ControlKind::choice, .choices = {"uniform", "arcsine", "triangular", "Gaussian"},
           .group = "Sample", .help = "The first three lie on an interval of width W = 1; the Gaussian has the σ of the uniform."},
          seed_control()};
}

std::vector<Panel> panels() {
  return {{.id = "estimates", .title = "Estimates of the centre", .x = {"estimate − truth", "W"}, .y = {"density", "1/W"},
           .marks = {{.id = "middle", .mark = Mark::bars, .role = Role::model, .label = "midrange"},
                     {.id = "mean", .mark = Mark::bars, .role = Role::data, .label = "mean"},
                     {.id = "middle_theory", .mark = Mark::line, .role = Role::model},
                     {.id = "mean_theory", .mark = Mark::line, .role = Role::data, .note = "dashed"}}},
          {.id = "errors", .title = "Error against sample size", .x = {"sample size N", "1", Scale::log}, .y = {"standard error", "W", Scale::log},
           .marks = {{.id = "here", .mark = Mark::rule, .role = Role::mute, .note = "dashed"},
                     {.id = "mean_theory", .mark = Mark::line, .role = Role::data, .note = "dashed thin"},
                     {.id = "middle_theory", .mark = Mark::line, .role = Role::model, .note = "dashed thin"},
                     {.id = "mean", .mark = Mark::points, .role = Role::data},
                     {.id = "middle", .mark = Mark::points, .role = Role::model},
                     {.id = "words", .mark = Mark::text, .role = Role::mute},
                     {.id = "handle", .mark = Mark::handle, .role = Role::accent, .label = "N", .control_x = "points"}}}};
}

}  // namespace

extern const live::Figure uniform_mean_figure;
const live::Figure uniform_mean_figure{
    .id = "book.uniform_mean",
    .title = "Mean of a uniform distribution",
    .question = "Why may the middle of the extremes beat the mean?",
    .shelf = live::Shelf::book,
    .source = "Ivezić, Connolly, VanderPlas & Gray 2014, Statistics, Data Mining, and Machine Learning in Astronomy, figs. 3.20-3.21, eqs. 3.67-3.69",
    .explain = kExplain,
    .controls = controls(),
    .panels = panels(),
    .frame = make_frame};

}  // namespace orrery::figures::book
