// An RR Lyrae star: templates against period, folded with the best shape.
#include <algorithm>
#include <array>
#include <cmath>

#include "common.hpp"
#include "orrery/core/random.hpp"
#include "orrery/period/rr_lyrae.hpp"
#include "orrery/period/search.hpp"

namespace orrery::figures::stars {
namespace {

using live::Control, live::ControlKind, live::FrameContext, live::Mark, live::Panel, live::Role, live::Scale;
using period::CurveTemplate, period::RrLyraeReport, period::TemplateFit;

constexpr Index kMostRows = 20000;

/// Three bands of a star as a survey sees it: some nights, at a random hour.
data::Series simulate(const FrameContext& c, std::uint64_t seed) {
  const std::vector<std::string> bands = {"g", "r", "i"};
  const auto templates = period::rr_lyrae_templates(bands);
  const bool overtone = c.choice("kind") == "c";
  const auto& shape = templates[overtone ? 21 : static_cast<std::size_t>(c.integer("shape"))];
  const double sigma = c.number("sigma"), amplitude = c.number("amplitude");
  Random random(seed, 4);
  const double phase = random.uniform();
  data::Series s{.band_names = bands, .name = "simulated star", .time_label = "MJD", .y_label = "magnitude", .y_unit = "mag",
                 .quantity = data::Quantity::magnitude};
  std::vector<double> nights;
  for (Index i = 0; i < c.integer("visits"); ++i) nights.push_back(std::floor(random.uniform(0.0, 400.0)) + 0.3 * random.uniform());
  std::sort(nights.begin(), nights.end());
  for (const double night : nights) {
    for (std::int32_t b = 0; b < 3; ++b) {
      const double t = 53000.0 + night + 0.003 * b;
      s.t.push_back(t);
      s.sigma.push_back(sigma);
      s.y.push_back(16.5 - 0.15 * b + amplitude * shape.bands[at(b)].value((t - 53000.0) / c.number("true_period") + phase) + sigma * random.normal());
      s.band.push_back(b);
    }
  }
  return s;
}

/// Why a series cannot be searched; empty when it can.
std::string trouble_with(const data::Series& s) {
  if (s.size() > kMostRows) return "The file has " + std::to_string(s.size()) + " measurements; this figure takes up to 20,000. The shell verb rrlyrae takes all.";
  if (s.size() < 8) return "Fewer than 8 measurements do not tell a shape.";
  const auto [low, high] = std::minmax_element(s.y.begin(), s.y.end());
  const auto [first, last] = std::minmax_element(s.t.begin(), s.t.end());
  if (!(*high > *low) || !(*last > *first)) return "All values or all times are equal: there is nothing to look for.";
  if (*last - *first > 20000.0) return "The series is longer than 20,000 days: too many trial periods for this figure.";
  return {};
}

struct Bands {
  std::vector<std::vector<double>> t, y, sigma;
  std::vector<SeriesView> views;
};
Bands split(const data::Series& s) {
  Bands out;
  const std::size_t n = at(s.bands());
  out.t.resize(n), out.y.resize(n), out.sigma.resize(n);
  for (std::size_t i = 0; i < s.t.size(); ++i) {
    const std::size_t b = s.band.empty() ? 0 : at(s.band[i]);
    out.t[b].push_back(s.t[i]);
    out.y[b].push_back(s.y[i]);
    if (!s.sigma.empty()) out.sigma[b].push_back(std::hypot(s.sigma[i], 0.02));
  }
  for (std::size_t b = 0; b < n; ++b) out.views.push_back({out.t[b], out.y[b], out.sigma[b]});
  return out;
}

/// What is shown: a fit at the chosen period with the chosen template, phase moved by hand or not.
struct Shown {
  TemplateFit fit;
  std::string name;
  CurveTemplate shape;
  std::vector<double> reduced;  ///< of every template at this period
  double scatter = 0.0;
  bool is_best = true;
};

/// Amplitudes and offsets for a phase that the user chose.
void fix_phase(const Bands& bands, const CurveTemplate& shape, double shift, TemplateFit& fit) {
  fit.epoch -= shift / fit.frequency;
  fit.chi2 = 0.0;
  for (std::size_t b = 0; b < bands.views.size(); ++b) {
    double w = 0.0, y = 0.0, m = 0.0, ym = 0.0, mm = 0.0, yy = 0.0;
    for (std::size_t i = 0; i < bands.t[b].size(); ++i) {
      const double weight = bands.sigma[b].empty() ? 1.0 : 1.0 / (bands.sigma[b][i] * bands.sigma[b][i]);
      const double v = shape.bands[b].value(fit.phase(bands.t[b][i])), d = bands.y[b][i] - bands.y[b][0];
      w += weight, y += weight * d, m += weight * v, ym += weight * d * v, mm += weight * v * v, yy += weight * d * d;
    }
    if (!(w > 0.0)) continue;
    const double spread = mm - m * m / w, along = ym - y * m / w;
    fit.amplitude[b] = spread > 1e-7 * mm ? std::max(0.0, along / spread) : 0.0;
    fit.offset[b] = bands.y[b][0] + (y - fit.amplitude[b] * m) / w;
    fit.chi2 += yy - y * y / w - fit.amplitude[b] * (2.0 * along - fit.amplitude[b] * spread);
  }
}

/// Without the digits beyond its error, in which machines differ.
double best_period(const RrLyraeReport& report) { return period::rounded_to_error(report.best().period(), report.best().period_error()); }

Shown shown_of(const FrameContext& c, const data::Series& s, const RrLyraeReport& report) {
  const Bands bands = split(s);
  Shown out{.is_best = c.is_auto("period")};
  const double period = out.is_best ? best_period(report) : c.number("period");
  std::vector<CurveTemplate> all = report.templates;
  for (auto& t : all) t.min_period = 0.0, t.max_period = 1e300;  // a hand may try what a search would not
  double least = HUGE_VAL;
  Index which = 0;
  for (Index k = 0; k < ssize(all); ++k) {
    const auto one = period::template_fit(bands.views, std::span(all).subspan(at(k), 1), 1.0 / period, period::TemplateAmplitudes::free);
    out.reduced.push_back(one.chi2 / static_cast<double>(std::max<Index>(1, one.dof)));
    const bool wanted = c.choice("template") == "best" ? one.chi2 < least : all[at(k)].name == c.choice("template");
    if (wanted) least = one.chi2, which = k, out.fit = one;
  }
  out.shape = all[at(which)];
  out.name = out.shape.name;
  if (out.fit.amplitude.empty()) out.fit = period::template_fit(bands.views, std::span(all).subspan(at(which), 1), 1.0 / period);
  if (!c.is_auto("shift")) fix_phase(bands, out.shape, c.number("shift"), out.fit);
  double sum = 0.0;
  for (std::size_t i = 0; i < s.t.size(); ++i) {
    const std::size_t b = s.band.empty() ? 0 : at(s.band[i]);
    const double r = s.y[i] - out.fit.offset[b] - out.fit.amplitude[b] * out.shape.bands[b].value(out.fit.phase(s.t[i]));
    sum += r * r;
  }
  out.scatter = std::sqrt(sum / static_cast<double>(s.size()));
  return out;
}

struct Scene {
  const data::Series& series;
  const RrLyraeReport& report;
  const Shown& shown;
  bool simulated = true, coarse = false;
  std::string file;
};

void label_values(live::PanelFrame& panel, const data::Series& s) {
  panel.y.label = s.y_label;
  panel.y.unit = s.y_unit.empty() ? "1" : s.y_unit;
  panel.y.reversed = s.quantity == data::Quantity::magnitude;
}

void set_points(live::MarkFrame& mark, const data::Series& s, const std::vector<double>& x, int cycles) {
  std::vector<double> px, py, low, high;
  std::vector<std::int32_t> band;
  for (int cycle = 0; cycle < cycles; ++cycle) {
    for (std::size_t i = 0; i < s.t.size(); ++i) {
      px.push_back(x[i] + cycle);
      py.push_back(s.y[i]);
      if (!s.sigma.empty()) low.push_back(s.y[i] - s.sigma[i]), high.push_back(s.y[i] + s.sigma[i]);
      if (!s.band.empty()) band.push_back(s.band[i]);
    }
  }
  set_line(mark, px, py);
  if (!low.empty()) mark.set("low", std::span<const double>(low)).set("high", std::span<const double>(high));
  if (band.empty()) return;
  mark.set("band", std::span<const std::int32_t>(band));
  mark.labels = s.band_names;
}

void draw_series(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("series");
  const double offset = std::floor(*std::min_element(s.series.t.begin(), s.series.t.end()));
  std::vector<double> x = s.series.t;
  for (double& t : x) t -= offset;
  set_points(panel.mark("obs"), s.series, x, 1);
  label_values(panel, s.series);
  panel.x.label = s.series.time_label + " − " + number_text(offset);
  panel.x.unit = s.series.time_unit;
  live::show(panel.x, live::extent(x));
  live::show(panel.y, live::extent(s.series.y, 0.06));
  panel.alt = plural(s.series.size(), "measurement") + " in " + plural(s.series.bands(), "band") + " against time.";
}

void draw_periodogram(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("periodogram");
  const auto& grid = s.report.grid;
  std::vector<double> x, y;
  for (Index k = grid.count - 1; k >= 0; --k) x.push_back(1.0 / grid[k]), y.push_back(s.report.curve.power[at(k)]);
  set_line(panel.mark("power"), x, y);
  const double at_period = s.shown.fit.period();
  set_rule_x(panel.mark("at"), {at_period});
  set_point(panel.mark("peak"), best_period(s.report), s.report.best().power());
  set_point(panel.mark("handle"), at_period, 0.0);
  panel.mark("truth").hidden = !s.simulated;
  if (s.simulated) set_rule_x(panel.mark("truth"), {c.number("true_period")});
  panel.x = {0.23, 0.95};
  panel.y = {0.0, 1.05};
  if (s.coarse) panel.hint = "coarse, being refined";
  panel.alt = "Power of the best template against period; highest at " + number_text(s.report.best().period(), 6) + " day, " +
              number_text(s.report.best().power(), 3) + ".";
}

void draw_fold(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("fold");
  std::vector<double> phase, x, y;
  for (const double t : s.series.t) phase.push_back(s.shown.fit.phase(t));
  set_points(panel.mark("obs"), s.series, phase, 2);
  for (std::size_t b = 0; b < s.shown.fit.offset.size(); ++b) {
    for (const double u : spaced(0.0, 2.0, 241)) {
      x.push_back(u);
      y.push_back(s.shown.fit.offset[b] + s.shown.fit.amplitude[b] * s.shown.shape.bands[b].value(u));
    }
    x.push_back(2.0), y.push_back(std::nan(""));
  }
  set_line(panel.mark("model"), x, y);
  label_values(panel, s.series);
  const auto e = live::extent(s.series.y, 0.08);
  set_point(panel.mark("handle"), c.is_auto("shift") ? 0.0 : c.number("shift"), s.series.quantity == data::Quantity::magnitude ? e.high : e.low);
  panel.x = {0.0, 2.0};
  live::show(panel.y, e);
  panel.hint = "template " + s.shown.name + ", two cycles";
  panel.alt = "The measurements folded on " + number_text(s.shown.fit.period(), 7) + " day with template " + s.shown.name + " in every band.";
}

void draw_templates(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("templates");
  std::vector<double> x, y;
  double here = 0.0;
  Index which = 0;
  for (std::size_t k = 0; k < s.shown.reduced.size(); ++k) {
    x.push_back(static_cast<double>(k));
    y.push_back(s.shown.reduced[k]);
    if (s.report.templates[k].name == s.shown.name) here = s.shown.reduced[k], which = Index(k);
  }
  set_line(panel.mark("curve"), x, y);
  set_line(panel.mark("all"), x, y);
  set_point(panel.mark("chosen"), static_cast<double>(which), here);
  set_rule_x(panel.mark("types"), {20.5}, {"ab | c"});
  panel.x = {-1.0, static_cast<double>(x.size())};
  const double unit = std::pow(10.0, std::floor(std::log10(highest(y))) - 2.0);  // limits of three digits: equal on all machines
  panel.y = {0.0, std::ceil(1.1 * highest(y) / unit) * unit};
  panel.alt = "Reduced chi square of every template at this period; chosen: " + s.shown.name + ", " + number_text(here, 3) + ".";
}

void say(FrameContext& c, const Scene& s) {
  live::Frame& frame = c.frame();
  const auto& best = s.report.best();
  const double truth = s.simulated ? c.number("true_period") : 0.0;
  const bool right = s.simulated && std::fabs(best.period() / truth - 1.0) < 2e-4;
  frame.number("period", value_text(best.period(), best.period_error()), "day", error_text(best.period_error()),
               s.simulated ? (right ? "the true one" : "wrong: it is " + number_text(truth, 5)) : "");
  frame.number("type", s.report.type(), "", "", s.report.type() == "c" ? "first overtone" : "fundamental mode");
  frame.number("scatter about the template", number_text(s.shown.scatter, 3), s.series.y_unit.empty() ? "" : s.series.y_unit, "", s.shown.name);
  if (s.report.candidates.size() > 1) {
    const auto& rival = s.report.candidates[1];
    frame.number("next period", number_text(rival.fit.period(), 6), "day", "", "Δχ² " + number_text(rival.delta_chi2, 3));
    if (rival.delta_chi2 < 25.0) frame.warn("Another period fits nearly as well: the data cannot exclude it.");
  }
  if (s.simulated && !right) frame.warn("The best template has the wrong period: these visits leave an alias that looks like an RR Lyrae star too.");
  if (best.power() < 0.7) frame.warn("No template explains most of the variation: this may not be an RR Lyrae star.");
  if (s.report.n_dropped > 0) frame.warn(plural(s.report.n_dropped, "point") + " far from every template left out of the fit.");
  if (s.simulated) offer_draw_again(c);
  if (s.simulated) return;
  for (const std::string_view name : {"true_period", "kind", "shape", "amplitude", "visits", "sigma", "seed"}) {
    c.frame().control(name).disabled = "your file is shown, not the simulated star";
  }
}

void write_code(FrameContext& c, const Scene& s) {
  if (s.simulated) return;  // the general code repeats the state
  std::string name = "\"";
  for (const char ch : s.file) name += ch == '"' || ch == '\\' ? std::string("\\") + ch : std::string(1, ch);
  name += '"';
  const std::string answer = "  # " + number_text(s.report.best().period(), 8) + " day, " + s.report.type();
  c.frame().code.python = "import orrery\n\nstar = orrery.read(" + name + ")\nfound = orrery.find_rr_lyrae(star)\nfound.period, found.type" + answer + "\n";
  c.frame().code.cpp = "#include <orrery/data/read_series.hpp>\n#include <orrery/period/rr_lyrae.hpp>\nusing namespace orrery;\n\n"
                       "const auto star = data::read_series_file(" + name + ").series;\nconst auto found = period::find_rr_lyrae(star);\n"
                       "found.best().period();\n";
  c.frame().code.shell = "orrery rrlyrae " + name + "\n";
}

void draw(FrameContext& c, const Scene& s) {
  c.frame() = {};
  draw_series(c, s);
  draw_periodogram(c, s);
  draw_fold(c, s);
  draw_templates(c, s);
  say(c, s);
  write_code(c, s);
}

Task<bool> make_frame(FrameContext& c) {
  const bool simulated = !c.slots().has("series");
  live::Key key = simulated ? c.key({"true_period", "amplitude", "sigma", "visits", "kind", "shape", "seed"}) : c.key({}, {"series"});
  const auto& series = c.node("series", key, [&] { return simulated ? simulate(c, seed_of(c)) : c.slots().series("series"); });
  if (const auto words = trouble_with(series); !words.empty()) {
    draw_trouble(c, words);
    co_return true;
  }
  const std::string file = simulated ? "" : c.slots().at("series").name;
  auto search = [&](Budget& budget) -> Task<RrLyraeReport> {
    const auto [first, last] = std::minmax_element(series.t.begin(), series.t.end());
    if (*last - *first > 600.0) {  // a long series: a coarse answer first
      const period::RrLyraeOptions rough{.oversampling = 2.0, .candidates = 4, .coarse = 3, .harmonics = 3};
      const auto report = co_await period::find_rr_lyrae_task(budget, series, rough);
      const Shown shown = shown_of(c, series, report);
      draw(c, {series, report, shown, simulated, true, file});
      c.publish();
      co_await budget.pause();
    }
    const period::RrLyraeOptions options{.oversampling = 5.0, .candidates = 10, .harmonics = 5};
    co_return co_await period::find_rr_lyrae_task(budget, series, options);
  };
  const auto* report = co_await c.node_task<RrLyraeReport>("search", key, search);
  live::Key shown_key = c.key({"period", "template", "shift"});
  shown_key.add(key);
  const auto& shown = c.node("shown", shown_key, [&] { return shown_of(c, series, *report); });
  draw(c, {series, *report, shown, simulated, false, file});
  co_return true;
}

constexpr std::string_view kExplain = R"html(
<p>Pulsating stars of the RR Lyrae kind all have one of a few light curves. Instead of letting a periodogram fit any sine, a <b>template
periodogram</b> asks at each period how well one of 23 known curves explains the measurements of all bands at once,</p>
<math display="block"><msub><mi>m</mi><mi>b</mi></msub><mo>(</mo><mi>t</mi><mo>)</mo><mo>=</mo><msub><mi>m</mi><mrow><mn>0</mn><mi>b</mi></mrow></msub><mo>+</mo><msub><mi>A</mi><mi>b</mi></msub>
<msub><mi>T</mi><mi>b</mi></msub><mo>(</mo><mfrac><mrow><mi>t</mi><mo>&#x2212;</mo><msub><mi>t</mi><mn>0</mn></msub></mrow><mi>P</mi></mfrac><mo>)</mo><mo>,</mo><mspace width="1em"></mspace><msub><mi>A</mi><mi>b</mi></msub><mo>&#x2265;</mo><mn>0</mn></math>
<p>with one period and one phase for all bands. For a given period and phase the offsets and amplitudes have a closed form: the fall of
<math><msup><mi>&#x3C7;</mi><mn>2</mn></msup></math> is <math><msup><mi>Y</mi><mn>2</mn></msup><mo>/</mo><mi>M</mi></math> with <math><mi>Y</mi><mo>=</mo><mo>&#x2211;</mo><mi>w</mi><mi>y</mi><mi>T</mi></math> and
<math><mi>M</mi><mo>=</mo><mo>&#x2211;</mo><mi>w</mi><msup><mi>T</mi><mn>2</mn></msup><mo>&#x2212;</mo><msup><mrow><mo>(</mo><mo>&#x2211;</mo><mi>w</mi><mi>T</mi><mo>)</mo></mrow><mn>2</mn></msup><mo>/</mo><mo>&#x2211;</mo><mi>w</mi></math>. Written as Fourier series in the
phase, both come from the sums that a fast Fourier transform for uneven times gives for all periods at once; only the phase is searched.</p>
<p>The steep rise of type <b>ab</b> (fundamental mode, 0.42 to 0.95 day) is what an alias of the sampling cannot fake; type <b>c</b> (first
overtone, 0.23 to 0.48 day) is nearly a sine, and aliases by one cycle a day stay dangerous. Amplitudes below zero, curves upside down
and periods that such stars do not have are not tried. On 307 stars of SDSS Stripe 82 this finds the published period to 0.02 % for
96 %; three free harmonics a band find it for 91 %.</p>
<p>Drag the markers: the period on the periodogram, the phase under the folded curve. The fourth panel says what each of the
templates leaves unexplained at the period shown.</p>)html";

std::vector<std::string_view> template_choices() {
  return {"best", "ab 100", "ab 101", "ab 102", "ab 103", "ab 104", "ab 105", "ab 106", "ab 107", "ab 108", "ab 109", "ab 110", "ab 111",
          "ab 112", "ab 113", "ab 114", "ab 115", "ab 116", "ab 117", "ab 118", "ab 119", "ab 120", "c 0", "c 1"};
}

std::vector<Control> controls() {
  return {{.name = "period", .label = "period shown", .unit = "day", .low = 0.23, .high = 0.95, .start = live::kAuto, .scale = Scale::log, .group = "Fit",
           .help = "Auto is the best; drag the marker on the periodogram."},
          {.name = "template", .label = "template", .kind = ControlKind::choice, .choices = template_choices(), .group = "Fit"},
          {.name = "shift", .label = "phase moved by", .unit = "1", .low = 0.0, .high = 1.0, .start = live::kAuto, .group = "Fit",
           .help = "Auto is the best phase; drag the marker under the fold."},
          {.name = "true_period", .label = "true period", .unit = "day", .low = 0.25, .high = 0.9, .start = 0.5713, .group = "Simulated star"},
          {.name = "kind", .label = "true type", .kind = ControlKind::choice, .choices = {"ab", "c"}, .group = "Simulated star"},
          {.name = "shape", .label = "true shape of ab", .unit = "1", .kind = ControlKind::integer, .low = 0, .high = 20, .start = 8, .step = 1, .group = "Simulated star",
           .help = "From the smoothest to the steepest template."},
          {.name = "amplitude", .label = "amplitude in g", .unit = "mag", .low = 0.1, .high = 1.5, .start = 0.8, .group = "Simulated star"},
          {.name = "visits", .label = "visits", .unit = "1", .kind = ControlKind::integer, .low = 6, .high = 120, .start = 30, .step = 1, .scale = Scale::log, .group = "Observing"},
          {.name = "sigma", .label = "error", .unit = "mag", .low = 0.005, .high = 0.5, .start = 0.05, .scale = Scale::log, .group = "Observing"},
          seed_control()};
}

std::vector<Panel> panels() {
  return {{.id = "fold", .title = "Folded with the template", .x = {"phase", "1"}, .y = {"magnitude", "mag", Scale::linear, true},
           .marks = {{.id = "model", .mark = Mark::line, .role = Role::model, .note = "thick"},
                     {.id = "obs", .mark = Mark::points, .role = Role::data},
                     {.id = "handle", .mark = Mark::handle, .role = Role::model, .label = "phase", .control_x = "shift"}}},
          {.id = "periodogram", .title = "Template periodogram", .hint = "drag to choose", .x = {"period", "day", Scale::log}, .y = {"power", "1"},
           .marks = {{.id = "truth", .mark = Mark::rule, .role = Role::mute, .note = "dashed"},
                     {.id = "power", .mark = Mark::line, .role = Role::accent},
                     {.id = "at", .mark = Mark::rule, .role = Role::model, .note = "dashed"},
                     {.id = "peak", .mark = Mark::points, .role = Role::model},
                     {.id = "handle", .mark = Mark::handle, .role = Role::model, .control_x = "period"}}},
          {.id = "series", .title = "Measurements", .x = {"time", "day"}, .y = {"magnitude", "mag", Scale::linear, true},
           .marks = {{.id = "obs", .mark = Mark::points, .role = Role::data}}},
          {.id = "templates", .title = "Which template", .hint = "smooth to steep, then type c", .x = {"template", "1"}, .y = {"χ² per degree of freedom", "1"},
           .marks = {{.id = "types", .mark = Mark::rule, .role = Role::mute, .note = "dashed"},
                     {.id = "curve", .mark = Mark::line, .role = Role::mute},
                     {.id = "all", .mark = Mark::points, .role = Role::data},
                     {.id = "chosen", .mark = Mark::points, .role = Role::model}}}};
}

}  // namespace

extern const live::Figure rr_lyrae_figure;
const live::Figure rr_lyrae_figure{
    .id = "stars.rr_lyrae",
    .title = "RR Lyrae templates",
    .question = "Which period makes it an RR Lyrae star?",
    .shelf = live::Shelf::hacks,
    .source = "Sesar et al. 2010, ApJ 708, 717; VanderPlas & Ivezić 2015, ApJ 812, 18; Hoffman et al. 2021, arXiv:2101.12348",
    .explain = kExplain,
    .controls = controls(),
    .slots = {{.name = "series", .kind = live::SlotKind::series, .label = "light curve", .embedded = "",
               .help = "Time, magnitude or flux, error and, if there is one, band; bands side by side are understood too."}},
    .panels = panels(),
    .frame = make_frame};

}  // namespace orrery::figures::stars
