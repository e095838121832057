// What the figure of completeness draws and says.
#include <algorithm>
#include <cmath>
#include <limits>

#include "common.hpp"
#include "completeness.hpp"
#include "orrery/stats/robust.hpp"

namespace orrery::figures::recovery {
namespace {

using transit::InjectionKind;
using transit::Outcome;

constexpr double kEarths = 109.08;  // radii of the Earth in one of the Sun

/// Limits with 3 digits of their span, so that they do not differ between machines by rounding.
void show_rounded(live::AxisFrame& axis, live::Extent e) {
  const double unit = std::pow(10.0, std::floor(std::log10(e.high - e.low)) - 2.0);
  axis.low = std::floor(e.low / unit) * unit;
  axis.high = std::ceil(e.high / unit) * unit;
}

/// Values as they are shown: parts per million of flux, or what the file has, without the level.
struct Display {
  double level = 0.0, factor = 1.0;
  std::string label, unit;
  bool reversed = false;
  [[nodiscard]] std::vector<double> of(const std::vector<double>& y) const {
    std::vector<double> out;
    for (const double v : y) out.push_back(factor * (v - level));
    return out;
  }
  [[nodiscard]] std::string size_text(double size) const { return number_text(factor * size, 3); }
};

Display display_of(const Field& f) {
  if (f.kind == InjectionKind::transit) return {1.0, 1e6, "flux − 1", "ppm", false};
  const auto& s = f.series;
  return {0.0, 1.0, s.y_label, s.y_unit, s.quantity == data::Quantity::magnitude};
}

void label(live::PanelFrame& panel, const Display& d) {
  panel.y.label = d.label;
  panel.y.unit = d.unit;
  panel.y.reversed = d.reversed;
}

void draw_map(live::FrameContext& c, const CompletenessScene& s) {
  auto& panel = c.frame().panel("map");
  const auto& map = s.map;
  std::vector<float> value;
  for (const double v : map.fraction) value.push_back(static_cast<float>(v));
  const bool empty = map.trials.empty();
  auto& image = panel.mark("fraction").set("value", std::span<const float>(value));
  image.hidden = empty;
  image.grid = live::Grid{.rows = map.rows(), .cols = map.columns(), .x0 = s.field.shortest, .x1 = s.field.longest,
                          .y0 = s.field.smallest, .y1 = s.field.largest, .low = 0.0, .high = 1.0, .map = "viridis", .label = "recovered"};
  const auto period = log_spaced(s.field.shortest, s.field.longest, 60);
  set_curve(panel.mark("half"), period, [&](double p) {
    const double size = s.threshold / (s.field.scatter * transit::unit_snr(s.field.series.view(), s.options, p));
    return size > s.field.largest || size < s.field.smallest ? std::numeric_limits<double>::quiet_NaN() : size;
  });
  set_point(panel.mark("pick"), s.period, s.size);
  panel.x = {s.field.shortest, s.field.longest};
  panel.y.low = s.field.smallest;
  panel.y.high = s.field.largest;
  panel.y.label = s.field.kind == InjectionKind::transit ? "depth / scatter of a point" : "amplitude / scatter of a point";
  double sum = 0.0;
  for (const double v : map.fraction) sum += v;
  panel.alt = empty ? "The line where half of the injections should be found; the map follows."
                    : "Map of " + plural(map.rows() * map.columns(), "cell") + " of period and size; on average " + percent(sum / double(map.fraction.size())) + " % are recovered.";
}

void draw_series(live::FrameContext& c, const CompletenessScene& s, const Display& d) {
  auto& panel = c.frame().panel("series");
  label(panel, d);
  const auto y = d.of(s.view.y);
  set_line(panel.mark("obs"), s.view.t, y);
  std::vector<double> x, line;
  const double level = s.field.kind == InjectionKind::transit ? 0.0 : stats::median(y);
  const bool slow = s.period > 8.0 * s.field.span / double(s.view.t.size());  // else the line would only be a band
  for (std::size_t i = 0; i < s.view.t.size() && (slow || s.field.kind == InjectionKind::transit); ++i) {
    x.push_back(s.view.t[i]);
    line.push_back(level + d.factor * s.view.model[i]);
  }
  set_line(panel.mark("model"), x, line);
  show_rounded(panel.x, live::extent(s.view.t, 0.015));
  show_rounded(panel.y, live::extent(y, 0.06));
  panel.alt = plural(ssize(s.view.t), "measurement") + " as they are searched, with a signal of " + number_text(s.period, 4) + " days in them.";
}

void draw_search(live::FrameContext& c, const CompletenessScene& s) {
  auto& panel = c.frame().panel("search");
  const auto& v = s.view;
  set_line(panel.mark("power"), v.period, v.power);
  set_rule_y(panel.mark("level"), {s.threshold});
  set_rule_x(panel.mark("truth"), {s.period});
  set_point(panel.mark("peak"), v.trial.found, v.trial.statistic);
  panel.x = {v.period.front(), v.period.back()};
  panel.y.low = 0.0;
  panel.y.high = head_number(std::ceil(1.15 * std::max(v.trial.statistic, s.threshold)));
  panel.alt = "The search of this series: its highest peak, " + number_text(v.trial.statistic, 3) + ", is at " + number_text(v.trial.found, 4) + " days.";
}

void draw_fold(live::FrameContext& c, const CompletenessScene& s, const Display& d) {
  auto& panel = c.frame().panel("fold");
  label(panel, d);
  const auto& v = s.view;
  const bool transits = s.field.kind == InjectionKind::transit;
  const double reach = transits ? std::min(0.5, 2.0 * std::pow(s.period, -2.0 / 3.0) / 13.2) : 0.5;  // four half durations
  const double unit = transits ? 24.0 * s.period : 1.0;
  std::vector<std::pair<double, double>> shape;
  std::vector<double> x, y;
  const auto shown = d.of(v.y);
  const double level = transits ? 0.0 : stats::median(shown);
  for (std::size_t i = 0; i < v.t.size(); ++i) {
    const double phase = std::remainder(v.t[i] - v.trial.signal.epoch, s.period) / s.period;
    if (std::fabs(phase) > reach) continue;
    x.push_back(unit * phase);
    y.push_back(shown[i]);
    shape.emplace_back(unit * phase, level + d.factor * v.model[i]);
  }
  std::sort(shape.begin(), shape.end());
  std::vector<double> mx, my;
  for (const auto& [a, b] : shape) {
    mx.push_back(a);
    my.push_back(b);
  }
  set_line(panel.mark("obs"), x, y);
  set_line(panel.mark("model"), mx, my);
  panel.x.label = transits ? "time from mid-transit" : "phase";
  panel.x.unit = transits ? "h" : "1";
  show_rounded(panel.x, {-unit * reach, unit * reach});
  show_rounded(panel.y, live::extent(y.empty() ? std::vector<double>{0.0} : y, 0.08));
  panel.alt = plural(ssize(x), "measurement") + " around the injected signal, folded on its period.";
}

/// Cell of the picked point.
std::size_t picked_cell(const CompletenessScene& s) {
  const auto place = [](const std::vector<double>& edge, double v) {
    const auto k = std::upper_bound(edge.begin(), edge.end(), v) - edge.begin() - 1;
    return at(std::clamp<Index>(k, 0, ssize(edge) - 2));
  };
  return place(s.map.size_edge, s.field.engine_size(s.size)) * at(s.map.columns()) + place(s.map.period_edge, s.period);
}

const char* outcome_words(const CompletenessScene& s) {
  transit::CompletenessMap one{.period_edge = {s.period, s.period}, .size_edge = {0.0, 0.0}, .trials = {s.view.trial}};
  transit::judge_completeness(one, s.field.span, s.threshold, s.options);
  switch (one.trials[0].outcome) {
    case Outcome::recovered: return "recovered";
    case Outcome::alias: return "found at half or twice its period";
    case Outcome::other: return "a detection at another period";
    default: return "missed";
  }
}

void say_cell(live::Frame& frame, const CompletenessScene& s) {
  const std::size_t cell = picked_cell(s);
  const Index n = s.map.injected[cell];
  if (n == 0) {
    frame.number("completeness", "...", "%", "", "the first injections are on their way");
    return;
  }
  frame.number("completeness", percent(s.map.fraction[cell]), "%", "",
               std::to_string(s.map.recovered[cell]) + " of " + std::to_string(n) + " in this cell, so " + percent(s.map.low[cell]) + " to " + percent(s.map.high[cell]) + " %" +
                   (s.map.alias[cell] > 0 ? ", " + std::to_string(s.map.alias[cell]) + " at an alias" : ""));
  frame.number("white noise would allow", percent(s.map.expected[cell]), "%", "", "of the best search at this threshold");
}

}  // namespace

void draw_completeness(live::FrameContext& c, const CompletenessScene& s) {
  const auto d = display_of(s.field);
  draw_map(c, s);
  draw_series(c, s, d);
  draw_search(c, s);
  draw_fold(c, s, d);
}

void say_completeness(live::FrameContext& c, const CompletenessScene& s) {
  auto& frame = c.frame();
  const auto d = display_of(s.field);
  const bool transits = s.field.kind == InjectionKind::transit;
  say_cell(frame, s);
  const double size = s.field.engine_size(s.size);
  frame.number("this injection", outcome_words(s), "", "", "SNR " + number_text(s.view.trial.statistic, 3) + " at " + number_text(s.view.trial.found, 4) + " days");
  frame.number(transits ? "its depth" : "its amplitude", d.size_text(size), d.unit, "",
               transits ? "a planet of " + number_text(kEarths * std::sqrt(size), 2) + " Earths around a Sun" : "of a true period of " + number_text(s.period, 4) + " days");
  const auto& control = s.map.control;
  frame.number("false alarms", std::to_string(control.above), "", "",
               control.judged > 0 ? "of " + std::to_string(control.judged) + " series in disorder, so below " + percent(control.rate.high) + " %" : "not counted yet");
  for (const auto& note : s.field.notes) frame.warn(note);
  if (control.judged > 0 && control.plain_statistic >= s.threshold) {
    frame.warn("Without any injection the search finds a period of " + number_text(control.plain_period, 4) + " days, SNR " + number_text(control.plain_statistic, 3) +
               ": weaker injections lose against it.");
  }
  if (s.coarse) {
    const auto done = s.map.trials.size() / std::max<std::size_t>(1, s.map.fraction.size());
    frame.warn("Coarse: " + std::to_string(done) + " of " + plural(s.trials, "injection") + " a cell so far; the rest follows.");
  }
  if (s.field.simulated || s.field.kind == InjectionKind::variable) offer_draw_again(c);
}

}  // namespace orrery::figures::recovery
