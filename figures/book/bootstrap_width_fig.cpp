// Bootstrap and jackknife of two widths of a sample, against what theory says.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "common.hpp"
#include "orrery/core/random.hpp"
#include "orrery/stats/bootstrap.hpp"
#include "orrery/stats/moments.hpp"
#include "orrery/stats/robust.hpp"
#include "orrery/stats/special.hpp"

namespace orrery::figures::book {
namespace {

using live::Control, live::ControlKind, live::FrameContext, live::Mark, live::Panel, live::Role, live::Scale;

constexpr double kOutlierPart = 0.05;
constexpr double kOutlierSigma = 5.0;
constexpr Index kCoarseReplicas = 100;

/// A symmetric distribution about 0 that the sample is drawn from.
struct Parent {
  double sigma;            ///< standard deviation
  double excess_kurtosis;
  double (*draw)(Random&);
  double (*density)(double);
  double (*cdf)(double);
};

Parent parent_of(const std::string& name) {
  if (name == "uniform") {
    return {1.0, -1.2, [](Random& r) { return std::numbers::sqrt3 * (2.0 * r.uniform() - 1.0); },
            [](double x) { return std::fabs(x) <= std::numbers::sqrt3 ? 0.5 / std::numbers::sqrt3 : 0.0; },
            [](double x) { return std::clamp(0.5 + 0.5 * x / std::numbers::sqrt3, 0.0, 1.0); }};
  }
  if (name == "5 % outliers") {
    const double variance = 1.0 - kOutlierPart + kOutlierPart * kOutlierSigma * kOutlierSigma;
    const double fourth = 3.0 * (1.0 - kOutlierPart + kOutlierPart * std::pow(kOutlierSigma, 4));
    return {std::sqrt(variance), fourth / (variance * variance) - 3.0,
            [](Random& r) { return (r.uniform() < kOutlierPart ? kOutlierSigma : 1.0) * r.normal(); },
            [](double x) {
              return (1.0 - kOutlierPart) * stats::normal_pdf(x) + kOutlierPart / kOutlierSigma * stats::normal_pdf(x / kOutlierSigma);
            },
            [](double x) { return (1.0 - kOutlierPart) * stats::normal_cdf(x) + kOutlierPart * stats::normal_cdf(x / kOutlierSigma); }};
  }
  if (name == "Student t, 5 dof") {
    const auto density = [](double x) { return 8.0 / (3.0 * std::numbers::pi * std::sqrt(5.0)) * std::pow(1.0 + x * x / 5.0, -3.0); };
    const auto draw = [](Random& r) {
      double chi2 = 0.0;
      for (int k = 0; k < 5; ++k) chi2 += std::pow(r.normal(), 2);
      return r.normal() / std::sqrt(chi2 / 5.0);
    };
    return {std::sqrt(5.0 / 3.0), 6.0, draw, density, [](double x) { return stats::student_t_cdf(x, 5.0); }};
  }
  return {1.0, 0.0, [](Random& r) { return r.normal(); }, stats::normal_pdf, stats::normal_cdf};
}

double upper_quartile(const Parent& parent) {
  double low = 0.0, high = 3.0;
  for (int i = 0; i < 50; ++i) {
    const double middle = 0.5 * (low + high);
    (parent.cdf(middle) < 0.75 ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

/// Large-sample standard errors of s and sigma_G for this parent, times sqrt(N).
struct Theory {
  double quartile = 0.0;  ///< true upper quartile
  double s = 0.0;         ///< sigma sqrt((kurtosis + 2) / 4)
  double g = 0.0;         ///< 0.7413 / (2 density at the quartile)
};

Theory theory_of(const Parent& parent) {
  const double quartile = upper_quartile(parent);
  return {quartile, parent.sigma * std::sqrt((parent.excess_kurtosis + 2.0) / 4.0),
          0.5 * stats::kQuartilesToSigma / parent.density(quartile)};
}

/// Both statistics of one sample: resampled, and with each value left out.
struct Widths {
  stats::Bootstrap s, g;
  stats::Jackknife leave_s, leave_g;
};

Task<Widths> widths_of(Budget& budget, const std::vector<double>& sample, Index replicas, std::uint64_t seed) {
  // Stream numbers of the replicas begin at 0 as the sample's does: another seed keeps them apart.
  const stats::BootstrapOptions options{.replicas = replicas, .seed = seed + 0x9e3779b97f4a7c15u};
  Widths w;
  w.s = co_await stats::bootstrap_task(budget, sample, stats::standard_deviation, options);
  w.g = co_await stats::bootstrap_task(budget, sample, stats::sigma_g, options);
  w.leave_s = co_await stats::jackknife_task(budget, sample, stats::standard_deviation);
  w.leave_g = co_await stats::jackknife_task(budget, sample, stats::sigma_g);
  co_return w;
}

std::vector<double> draw_sample(const Parent& parent, Index n, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> x(at(n));
  for (double& v : x) v = parent.draw(random);
  return x;
}

void draw_sample_panel(FrameContext& c, const std::vector<double>& sample, const Parent& parent) {
  auto& panel = c.frame().panel("sample");
  const double reach = 5.0;
  const Index bins = std::clamp<Index>(stats::bin_count(sample, stats::BinRule::freedman_diaconis), 5, 200);
  const auto [low, high] = std::minmax_element(sample.begin(), sample.end());
  const auto h = stats::histogram(sample, bins, *low, *high);
  set_bars(panel.mark("values"), h.edge, h.density());
  set_curve(panel.mark("parent"), spaced(-reach, reach, 201), parent.density);
  panel.x = {-reach, reach};
  panel.y = {0.0, 1.3 * std::max(parent.density(0.0), 0.3)};
  Index beyond = 0;
  for (const double v : sample) beyond += std::fabs(v) > reach;
  panel.hint = plural(ssize(sample), "value") + (beyond > 0 ? ", " + std::to_string(beyond) + " outside the panel" : "");
  panel.alt = "Histogram of the " + plural(ssize(sample), "value") + " with the density they were drawn from; they reach from " +
              number_text(*low, 3) + " to " + number_text(*high, 3) + ".";
}

void draw_one(live::PanelFrame& panel, const char* bars, const char* line, const stats::Bootstrap& b, double error) {
  const double reach = 5.0 * std::max(error, b.standard_error);
  const auto h = stats::histogram(b.replicates, 40, b.estimate - reach, b.estimate + reach);
  set_bars(panel.mark(bars), h.edge, h.density());
  set_curve(panel.mark(line), spaced(b.estimate - 4.0 * error, b.estimate + 4.0 * error, 101),
            [&](double x) { return stats::normal_pdf((x - b.estimate) / error) / error; });
}

void draw_bootstrap(FrameContext& c, const Widths& w, const Theory& theory) {
  auto& panel = c.frame().panel("bootstrap");
  const double root = std::sqrt(static_cast<double>(ssize(w.leave_s.leave_one_out)));
  const double error_s = theory.s / root, error_g = theory.g / root;
  draw_one(panel, "s", "s_theory", w.s, error_s);
  draw_one(panel, "g", "g_theory", w.g, error_g);
  panel.x.low = std::max(0.0, std::min(w.s.estimate - 4.5 * error_s, w.g.estimate - 4.5 * error_g));
  panel.x.high = std::max(w.s.estimate + 4.5 * error_s, w.g.estimate + 4.5 * error_g);
  panel.y = {0.0, 1.45 * stats::normal_pdf(0.0) / std::min(error_s, error_g)};
  panel.hint = plural(ssize(w.s.replicates), "resample");
  panel.alt = "Bootstrap distributions: the standard deviation at " + number_text(w.s.estimate, 4) + " with width " +
              number_text(w.s.standard_error, 2) + ", the quartile width at " + number_text(w.g.estimate, 4) + " with width " +
              number_text(w.g.standard_error, 2) + ", each with the Gaussian of large-sample theory.";
}

/// (N - 1) (mean of leave-one-out - leave-one-out), against the value left out: the influence of one value.
void set_influence(live::MarkFrame& mark, const std::vector<double>& sample, const stats::Jackknife& j) {
  const double center = stats::mean(j.leave_one_out);
  std::vector<double> y;
  for (const double v : j.leave_one_out) y.push_back((static_cast<double>(ssize(sample)) - 1.0) * (center - v));
  set_line(mark, sample, y);
}

void draw_influence(FrameContext& c, const std::vector<double>& sample, const Widths& w, const Parent& parent, const Theory& theory) {
  auto& panel = c.frame().panel("influence");
  set_influence(panel.mark("s"), sample, w.leave_s);
  set_influence(panel.mark("g"), sample, w.leave_g);
  const double sigma = parent.sigma;
  set_curve(panel.mark("s_theory"), spaced(-5.0, 5.0, 121), [&](double x) { return (x * x - sigma * sigma) / (2.0 * sigma); });
  const double q = theory.quartile;
  set_line(panel.mark("g_theory"), {-5.0, -q, -q, q, q, 5.0}, {theory.g, theory.g, -theory.g, -theory.g, theory.g, theory.g});
  panel.x = {-5.0, 5.0};
  panel.y = {-5.0, 7.0};
  panel.alt = "Influence of each value: a parabola for the standard deviation; for the quartile width only a few levels, set by the gaps "
              "beside the quartiles instead of the two levels of theory.";
}

void say_width(FrameContext& c, const char* label, const stats::Bootstrap& b, const stats::Jackknife& j, double theory) {
  const auto interval = stats::bca_interval(b, j, 0.95);
  c.frame().number(label, value_text(b.estimate, b.standard_error), "", error_text(b.standard_error),
                   "95 %: " + value_text(interval.low, b.standard_error) + " to " + value_text(interval.high, b.standard_error) + "; jackknife ± " +
                       number_text(j.standard_error, 2) + ", theory ± " + number_text(theory, 2));
}

void say(FrameContext& c, const Widths& w, const Parent& parent, const Theory& theory) {
  const double n = static_cast<double>(ssize(w.leave_s.leave_one_out));
  say_width(c, "standard deviation s", w.s, w.leave_s, theory.s / std::sqrt(n));
  say_width(c, "quartile width σ_G", w.g, w.leave_g, theory.g / std::sqrt(n));
  live::Frame& frame = c.frame();
  frame.number("true σ", number_text(parent.sigma, 4));
  frame.number("true σ_G", number_text(2.0 * stats::kQuartilesToSigma * theory.quartile, 4));
  const double ratio = w.leave_g.standard_error / w.g.standard_error;
  if (!(ratio > 0.75 && ratio < 1.33)) {
    frame.warn("The jackknife error of σ_G is " + number_text(ratio, 2) +
               " times that of the bootstrap. It sees only the gaps beside the quartiles, and more values do not mend it: do not use it for quantiles.");
  }
  if (parent.excess_kurtosis != 0.0) {
    frame.warn("σ/√(2N) = " + number_text(parent.sigma / std::sqrt(2.0 * n), 2) + " holds for Gaussian values only; for these the error of s is " +
               number_text(theory.s / std::sqrt(n), 2) + ". The bootstrap found that out by itself.");
  }
  if (n < 20.0) frame.warn("With so few values the resamples repeat themselves: the bootstrap distribution of σ_G is a handful of spikes.");
  offer_draw_again(c);
}

void draw(FrameContext& c, const std::vector<double>& sample, const Widths& w, const Parent& parent) {
  c.frame() = {};
  const Theory theory = theory_of(parent);
  draw_sample_panel(c, sample, parent);
  draw_bootstrap(c, w, theory);
  draw_influence(c, sample, w, parent, theory);
  say(c, w, parent, theory);
}

Task<bool> make_frame(FrameContext& c) {
  const Parent parent = parent_of(c.choice("parent"));
  const Index n = c.integer("points");
  const auto seed = seed_of(c);
  const live::Key sample_key = c.key({"points", "parent", "seed"});
  const auto& sample = c.node("sample", sample_key, [&] { return draw_sample(parent, n, seed); });
  const Index replicas = c.integer("replicas");
  auto resample = [&](Budget& budget) -> Task<Widths> {
    const auto few = co_await widths_of(budget, sample, kCoarseReplicas, seed);
    draw(c, sample, few, parent);
    c.publish();
    co_await budget.pause();
    co_return co_await widths_of(budget, sample, replicas, seed);
  };
  live::Key key = c.key({"replicas"});
  key.add(sample_key);
  const auto* widths = co_await c.node_task<Widths>("widths", key, resample);
  draw(c, sample, *widths, parent);
  co_return true;
}

constexpr std::string_view kExplain = R"html(
<p>How well is a width known from one sample? The <b>bootstrap</b> takes the sample for the population: it draws
<math><mi>N</mi></math> values from it with replacement, again and again, and looks how the width of these resamples scatters. The
<b>jackknife</b> leaves out one value at a time:</p>
<math display="block"><msubsup><mi>&#x3C3;</mi><mtext>jackknife</mtext><mn>2</mn></msubsup><mo>=</mo><mfrac><mrow><mi>N</mi><mo>&#x2212;</mo><mn>1</mn></mrow><mi>N</mi></mfrac>
<munderover><mo>&#x2211;</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>N</mi></munderover><msup><mrow><mo>(</mo><msub><mi>&#x3B8;</mi><mrow><mo>(</mo><mi>i</mi><mo>)</mo></mrow></msub>
<mo>&#x2212;</mo><mover><mi>&#x3B8;</mi><mo>&#xAF;</mo></mover><mo>)</mo></mrow><mn>2</mn></msup></math>
<p>Two widths are compared: the standard deviation <math><mi>s</mi></math>, and
<math><msub><mi>&#x3C3;</mi><mi>G</mi></msub><mo>=</mo><mn>0.7413</mn><mo>(</mo><msub><mi>q</mi><mn>75</mn></msub><mo>&#x2212;</mo><msub><mi>q</mi><mn>25</mn></msub><mo>)</mo></math>,
which outliers hardly move. For large <math><mi>N</mi></math> their errors are</p>
<math display="block"><mi>&#x3C3;</mi><mo>(</mo><mi>s</mi><mo>)</mo><mo>=</mo><mi>&#x3C3;</mi><msqrt><mfrac><mrow><mi>&#x3BA;</mi><mo>+</mo><mn>2</mn></mrow><mrow><mn>4</mn><mi>N</mi></mrow></mfrac></msqrt>
<mo>,</mo><mspace width="1em"/><mi>&#x3C3;</mi><mo>(</mo><msub><mi>&#x3C3;</mi><mi>G</mi></msub><mo>)</mo><mo>=</mo><mfrac><mn>0.7413</mn><mrow><mn>2</mn><mi>f</mi><mo>(</mo><msub><mi>q</mi><mn>75</mn></msub>
<mo>)</mo><msqrt><mi>N</mi></msqrt></mrow></mfrac></math>
<p>with the excess kurtosis <math><mi>&#x3BA;</mi></math> and the density <math><mi>f</mi></math> at the quartiles; for a Gaussian,
<math><mn>0.71</mn><mi>&#x3C3;</mi><mo>/</mo><msqrt><mi>N</mi></msqrt></math> and <math><mn>1.17</mn><mi>&#x3C3;</mi><mo>/</mo><msqrt><mi>N</mi></msqrt></math>.
Robustness costs a factor 2.7 in data there; with 5 % of outliers it pays.</p>
<p>The third panel shows why the jackknife works for <math><mi>s</mi></math> and fails for <math><msub><mi>&#x3C3;</mi><mi>G</mi></msub></math>. The influence of a value on
<math><mi>s</mi></math> is a smooth parabola. Its influence on a quantile should be a step of height 1/density; leaving one value out can
only show the gap to the next value, and a gap is a noisy measure of a density however large <math><mi>N</mi></math> is.</p>
<p>The 95 % intervals are bias-corrected and accelerated (BCa): the percentiles of the resamples, moved for bias and for an error that depends
on the value itself.</p>)html";

std::vector<Control> controls() {
  return {{.name = "points", .label = "values N", .unit = "1", .kind = ControlKind::integer, .low = 10, .high = 1000, .start = 200, .step = 1, .scale = Scale::log, .group = "Sample"},
          {.name = "parent", .label = "values come from", .kind = ControlKind::choice,
           .choices = {"Gaussian", "5 % outliers", "Student t, 5 dof", "uniform"}, .group = "Sample",
           .help = "The outliers are five times as wide."},
          {.name = "replicas", .label = "resamples", .unit = "1", .kind = ControlKind::integer, .low = 100, .high = 10000, .start = 1000, .step = 1,
           .scale = Scale::log, .group = "Bootstrap", .help = "Each draws N values from the sample with replacement."},
          seed_control()};
}

std::vector<Panel> panels() {
  return {{.id = "sample", .title = "The sample", .x = {"value", "u"}, .y = {"density", "1/u"},
           .marks = {{.id = "values", .mark = Mark::bars, .role = Role::data}, {.id = "parent", .mark = Mark::line, .role = Role::mute, .note = "dashed"}}},
          {.id = "bootstrap", .title = "Widths of the resamples", .x = {"width", "u"}, .y = {"density", "1/u"},
           .marks = {{.id = "g", .mark = Mark::bars, .role = Role::model, .label = "σ_G"},
                     {.id = "s", .mark = Mark::bars, .role = Role::data, .label = "s"},
                     {.id = "g_theory", .mark = Mark::line, .role = Role::model},
                     {.id = "s_theory", .mark = Mark::line, .role = Role::data}}},
          {.id = "influence", .title = "Influence of one value", .hint = "from leaving it out; dashed: theory", .x = {"the value", "u"},
           .y = {"influence on the width", "u"},
           .marks = {{.id = "s_theory", .mark = Mark::line, .role = Role::data, .note = "dashed thin"},
                     {.id = "g_theory", .mark = Mark::line, .role = Role::model, .note = "dashed thin"},
                     {.id = "s", .mark = Mark::points, .role = Role::data, .label = "s"},
                     {.id = "g", .mark = Mark::points, .role = Role::model, .label = "σ_G"}},
           .wide = true}};
}

}  // namespace

extern const live::Figure bootstrap_width_figure;
const live::Figure bootstrap_width_figure{
    .id = "book.bootstrap_width",
    .title = "Bootstrap of a width",
    .question = "How well does one sample know its own width?",
    .shelf = live::Shelf::book,
    .source = "Ivezić, Connolly, VanderPlas & Gray 2014, Statistics, Data Mining, and Machine Learning in Astronomy, figs. 4.3-4.4; "
              "Efron 1987, JASA 82, 171 (BCa)",
    .explain = kExplain,
    .controls = controls(),
    .panels = panels(),
    .frame = make_frame};

}  // namespace orrery::figures::book
