// A transit in the light of a spotted star: what the window of the trend leaves of it.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "common.hpp"
#include "orrery/core/random.hpp"
#include "orrery/stats/detrend.hpp"
#include "orrery/stats/robust.hpp"

namespace orrery::figures::trends {
namespace {

using live::Control, live::ControlKind, live::FrameContext, live::Mark, live::Panel, live::Role, live::Scale;

constexpr Index kPoints = 1300;
constexpr double kDays = 27.0;
constexpr double kMagnitudes = 1.0857362047581296;  // of a relative change of flux
constexpr Index kMostPoints = 20000;                // of a file: the rest is left out, and said
constexpr std::array<std::string_view, 8> kMethods = {"biweight", "median", "mean", "trim_mean", "welsch", "huber_psi", "lowess", "rspline"};

struct Planet {
  double period, depth, duration;
};

/// Flux of a star with two spots, without a planet.
data::Series spotted(double amplitude, double rotation, double noise, std::uint64_t seed) {
  Random random(seed);
  data::Series s{.name = "simulated star", .y_label = "flux", .quantity = data::Quantity::flux};
  for (Index i = 0; i < kPoints; ++i) {
    const double t = kDays * static_cast<double>(i) / static_cast<double>(kPoints - 1), a = 2.0 * std::numbers::pi * t / rotation;
    s.t.push_back(t);
    s.y.push_back(1.0 + amplitude * (0.7 * std::sin(a) + 0.3 * std::sin(2.0 * a + 1.0)) + noise * random.normal());
  }
  return s;
}

/// The first rows of a user's series, fluxes over their median; magnitudes turned into fluxes.
data::Series prepared(const data::Series& given) {
  data::Series s = given;
  s.t.resize(std::min(s.t.size(), at(kMostPoints)));
  s.y.resize(s.t.size());
  s.sigma.clear();
  s.band.clear();
  const double middle = stats::median(s.y);
  for (double& y : s.y) y = s.quantity == data::Quantity::magnitude ? std::exp(-(y - middle) / kMagnitudes) : y / middle;
  return s;
}

/// Distance from the middle of the nearest transit [day].
double from_transit(double t, const Planet& planet) {
  const double k = (t - 0.5 * planet.period) / planet.period;
  return (k - std::round(k)) * planet.period;
}

struct Result {
  std::vector<double> y, trend, flat;
  double kept = 0.0;     // part of the depth that is left
  double scatter = 0.0;  // outside transits
};

struct Job {
  const data::Series& star;
  Planet planet;
  stats::DetrendOptions options;
  bool masked;
};

/// With and without the transits: their ratio is free of noise, and what it lacks of the depth was eaten.
Task<Result> flatten(Budget& budget, const Job& job) {
  Result out{.y = job.star.y};
  std::vector<std::uint8_t> masked;
  for (std::size_t i = 0; i < out.y.size(); ++i) {
    const bool in = std::fabs(from_transit(job.star.t[i], job.planet)) < 0.5 * job.planet.duration;
    if (in) out.y[i] *= 1.0 - job.planet.depth;
    if (job.masked) masked.push_back(in ? 1 : 0);
  }
  auto with = co_await stats::detrend_task(budget, job.star.t, out.y, masked, job.options);
  const auto without = co_await stats::detrend_task(budget, job.star.t, job.star.y, masked, job.options);
  double sum = 0.0, count = 0.0;
  std::vector<double> outside;
  for (std::size_t i = 0; i < out.y.size(); ++i) {
    if (!std::isfinite(with.flat[i]) || !std::isfinite(without.flat[i])) continue;
    if (std::fabs(from_transit(job.star.t[i], job.planet)) < 0.5 * job.planet.duration) {
      sum += 1.0 - with.flat[i] / without.flat[i];
      count += 1.0;
    } else {
      outside.push_back(with.flat[i]);
    }
  }
  out.kept = count > 0.0 ? sum / count / job.planet.depth : 0.0;
  out.scatter = outside.empty() ? 0.0 : stats::kMadToSigma * stats::median_absolute_deviation(outside);
  out.trend = std::move(with.trend);
  out.flat = std::move(with.flat);
  co_return out;
}

struct Curve {
  std::vector<double> window, kept, scatter;
};

struct Scene {
  const Job& job;
  const Result& result;
  const Curve& curve;
};

void draw_star(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("star");
  const auto& t = s.job.star.t;
  set_line(panel.mark("obs"), t, s.result.y);
  set_line(panel.mark("trend"), t, s.result.trend);
  live::show(panel.x, live::extent(t));
  live::show(panel.y, live::extent(s.result.y, 0.06));
  panel.alt = "The light curve with injected transits, and the trend that a window of " + number_text(s.job.options.window, 3) + " days finds.";
}

void draw_fold(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("fold");
  const double half = 3.0 * s.job.planet.duration;
  std::vector<double> x, y;
  for (std::size_t i = 0; i < s.result.flat.size(); ++i) {
    const double d = from_transit(s.job.star.t[i], s.job.planet);
    if (std::fabs(d) > half || !std::isfinite(s.result.flat[i])) continue;
    x.push_back(24.0 * d);
    y.push_back(s.result.flat[i]);
  }
  set_line(panel.mark("obs"), x, y);
  const double edge = 12.0 * s.job.planet.duration, bottom = 1.0 - s.job.planet.depth;
  set_line(panel.mark("truth"), {-24.0 * half, -edge, -edge, edge, edge, 24.0 * half}, {1.0, 1.0, bottom, bottom, 1.0, 1.0});
  panel.x = {-24.0 * half, 24.0 * half};
  const double room = 0.6 * s.job.planet.depth + 2.5 * s.result.scatter;
  panel.y = {bottom - room, 1.0 + room};
  panel.alt = "The flattened flux around all transits: " + percent(s.result.kept) + " % of the injected depth is left.";
}

void draw_curve(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("curve");
  set_line(panel.mark("kept"), s.curve.window, s.curve.kept);
  set_rule_x(panel.mark("marks"), {s.job.planet.duration, 3.0 * s.job.planet.duration}, {"one transit", "three"});
  set_point(panel.mark("handle"), s.job.options.window, s.result.kept);
  panel.x = {0.1, 6.0};
  panel.y = {std::min(-0.05, -0.05 + *std::min_element(s.curve.kept.begin(), s.curve.kept.end())), 1.15};
  panel.alt = "Part of the depth that is left, for windows from " + number_text(s.curve.window.front(), 2) + " to " +
              number_text(s.curve.window.back(), 2) + " days.";
}

void draw_scatter(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("scatter");
  std::vector<double> parts;
  for (const double v : s.curve.scatter) parts.push_back(1e6 * v);
  set_line(panel.mark("scatter"), s.curve.window, parts);
  set_rule_x(panel.mark("here"), {s.job.options.window});
  panel.x = {0.1, 6.0};
  live::show(panel.y, live::extent(parts, 0.1));
  panel.alt = "Scatter outside the transits after the trend is off, against the window.";
}

void say(FrameContext& c, const Scene& s) {
  live::Frame& frame = c.frame();
  const double ratio = s.job.options.window / s.job.planet.duration;
  frame.number("depth left", percent(s.result.kept), "%", "", "of " + number_text(1e6 * s.job.planet.depth, 4) + " parts per million");
  frame.number("scatter left", number_text(1e6 * s.result.scatter, 3), "ppm", "", "outside the transits");
  frame.number("window", number_text(ratio, 2), "", "", "transit durations");
  if (s.result.kept < 0.9) {
    frame.warn(ratio < 3.0 ? "More than a tenth of the depth is eaten: take a window of three durations or more, or mask the transits."
                           : "More than a tenth of the depth is eaten although the window is long: the star changes as much within it as the "
                             "transit is deep, so that the transit is no outlier. Mask the transits.");
  }
  if (s.result.kept > 1.05) frame.warn("The trend bends the other way under the transits: the depth comes out too large.");
  if (s.job.star.size() == kMostPoints) frame.warn("Only the first " + std::to_string(kMostPoints) + " points of the file are used here.");
  offer_draw_again(c);
  const std::string window = number_text(s.job.options.window, 4), method = c.choice("method");
  frame.code.python = "import orrery\nstar = orrery.read(\"star.csv\")\nout = orrery.flatten(star, window=" + window + ", method=\"" + method +
                      "\")\nprint(out.flat)";
  frame.code.shell = "orrery flatten star.csv -o flat.csv --method " + method + " --window " + window;
}

void draw(FrameContext& c, const Scene& s) {
  c.frame() = {};
  draw_star(c, s);
  draw_fold(c, s);
  draw_curve(c, s);
  draw_scatter(c, s);
  say(c, s);
}

Task<bool> make_frame(FrameContext& c) {
  const bool file = c.slots().has("series");
  const live::Key star_key = c.key({"spots", "rotation", "noise", "seed"}, {"series"});
  const auto& star = c.node("star", star_key, [&] {
    if (file) return prepared(c.slots().series("series"));
    return spotted(1e-2 * c.number("spots"), c.number("rotation"), 1e-6 * c.number("noise"), seed_of(c));
  });
  Job job{star, {c.number("period"), 1e-6 * c.number("depth"), c.number("duration") / 24.0},
          {.method = stats::detrend_method(c.choice("method")), .window = c.number("window"), .threads = 1}, c.toggle("mask")};
  live::Key curve_key = c.key({"period", "depth", "duration", "method", "mask"});
  curve_key.add(star_key);
  live::Key result_key = c.key({"window"});
  result_key.add(curve_key);
  auto one = [&](Budget& budget) { return flatten(budget, job); };
  const auto* result = co_await c.node_task<Result>("result", result_key, one);
  auto many = [&](Budget& budget) -> Task<Curve> {
    Curve curve;
    for (const double window : log_spaced(0.1, 6.0, 19)) {
      Job other = job;
      other.options.window = window;
      const auto r = co_await flatten(budget, other);
      curve.window.push_back(window);
      curve.kept.push_back(r.kept);
      curve.scatter.push_back(r.scatter);
      budget.progress(static_cast<double>(curve.window.size()) / 19.0, "windows");
      if (curve.window.size() % 6 == 1) {
        draw(c, {job, *result, curve});
        c.publish();
      }
      co_await budget.pause();
    }
    co_return curve;
  };
  const auto* curve = co_await c.node_task<Curve>("curve", curve_key, many);
  draw(c, {job, *result, *curve});
  co_return true;
}

constexpr std::string_view kExplain = R"html(
<p>A spotted star varies by percents in days; a planet takes parts per thousand for hours. Before a search the slow part is taken off: at each time
the trend is a robust middle of the flux within a window of width <math><mi>w</mi></math>, and the flux is divided by it. The biweight solves</p>
<math display="block"><mo>&#x2211;</mo><mo>(</mo><mi>x</mi><mo>&#x2212;</mo><mi>m</mi><mo>)</mo><msup><mrow><mo>(</mo><mn>1</mn><mo>&#x2212;</mo><msup><mi>u</mi><mn>2</mn></msup><mo>)</mo></mrow><mn>2</mn></msup><mo>=</mo><mn>0</mn><mo>,</mo><mspace width="1em"></mspace><mi>u</mi><mo>=</mo><mfrac><mrow><mi>x</mi><mo>&#x2212;</mo><mi>m</mi></mrow><mrow><mn>5</mn><mi>MAD</mi></mrow></mfrac></math>
<p>so that points more than five median deviations away do not count at all. As long as the transit is a minority of its window it is an outlier and
stays; once it fills a third or a half, the middle follows it down and the transit is eaten. Too wide a window leaves the spots in: the scatter
rises. Known transits can be masked: the trend then does not see them and passes over them.</p>
<p>What is left of the depth is measured without noise: the same star is flattened with and without the transits, and the two are divided.</p>)html";

std::vector<Control> controls() {
  return {{.name = "window", .label = "window", .unit = "day", .low = 0.1, .high = 6.0, .start = 0.4, .scale = Scale::log, .group = "Trend",
           .help = "Full width; drag the marker of the third panel."},
          {.name = "method", .label = "method", .kind = ControlKind::choice, .choices = {kMethods.begin(), kMethods.end()}, .group = "Trend"},
          {.name = "mask", .label = "mask the transits", .kind = ControlKind::toggle, .group = "Trend"},
          {.name = "depth", .label = "depth", .unit = "ppm", .low = 50.0, .high = 30000.0, .start = 3000.0, .scale = Scale::log, .group = "Planet"},
          {.name = "duration", .label = "duration", .unit = "hour", .low = 1.0, .high = 16.0, .start = 4.0, .group = "Planet"},
          {.name = "period", .label = "period", .unit = "day", .low = 1.0, .high = 12.0, .start = 4.2, .group = "Planet"},
          {.name = "spots", .label = "spots", .unit = "%", .low = 0.0, .high = 5.0, .start = 0.5, .group = "Star"},
          {.name = "rotation", .label = "rotation", .unit = "day", .low = 1.0, .high = 30.0, .start = 12.0, .scale = Scale::log, .group = "Star"},
          {.name = "noise", .label = "noise of a point", .unit = "ppm", .low = 10.0, .high = 5000.0, .start = 500.0, .scale = Scale::log, .group = "Star"},
          seed_control()};
}

std::vector<Panel> panels() {
  return {{.id = "star", .title = "Star and trend", .x = {"time", "day"}, .y = {"flux", "1"},
           .marks = {{.id = "obs", .mark = Mark::points, .role = Role::data}, {.id = "trend", .mark = Mark::line, .role = Role::model, .note = "thick"}}},
          {.id = "fold", .title = "All transits, flattened", .hint = "line: as injected", .x = {"from mid-transit", "hour"}, .y = {"flux over trend", "1"},
           .marks = {{.id = "obs", .mark = Mark::points, .role = Role::data}, {.id = "truth", .mark = Mark::line, .role = Role::model}}},
          {.id = "curve", .title = "Depth left", .x = {"window", "day", Scale::log}, .y = {"part of the depth", "1"},
           .marks = {{.id = "marks", .mark = Mark::rule, .role = Role::mute, .note = "dashed"},
                     {.id = "kept", .mark = Mark::line, .role = Role::accent},
                     {.id = "handle", .mark = Mark::handle, .role = Role::accent, .label = "window", .control_x = "window"}}},
          {.id = "scatter", .title = "Scatter left", .x = {"window", "day", Scale::log}, .y = {"scatter", "ppm"},
           .marks = {{.id = "here", .mark = Mark::rule, .role = Role::mute, .note = "dashed"},
                     {.id = "scatter", .mark = Mark::line, .role = Role::accent}}}};
}

}  // namespace

extern const live::Figure eaten_figure;
const live::Figure eaten_figure{
    .id = "trends.eaten",
    .title = "Trend or transit",
    .question = "Does the detrending eat the transit?",
    .shelf = live::Shelf::lectures,
    .source = "Hippke, David, Mulders & Heller 2019, AJ 158, 143; Mosteller & Tukey 1977, ch. 10",
    .explain = kExplain,
    .controls = controls(),
    .slots = {{.name = "series", .kind = live::SlotKind::series, .label = "light curve", .embedded = "",
               .help = "Your star in place of the simulated one; the transits are put into it."}},
    .panels = panels(),
    .frame = make_frame};

}  // namespace orrery::figures::trends
