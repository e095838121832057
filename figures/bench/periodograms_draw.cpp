// The panels of the figure of all periodograms.
#include <algorithm>
#include <cmath>

#include "orrery/core/text.hpp"
#include "periodograms.hpp"

namespace orrery::statistics {
namespace {

constexpr double kTall = 0.82, kDeep = -0.12;  // of a row: height of its best, and how far below the median it may go
constexpr double kGutter = 0.17;               // of the width on each side, for the names and the periods

/// The rows that are shown, from the top.
std::vector<std::size_t> shown_rows(const RowScene& scene) {
  std::vector<std::size_t> rows;
  for (std::size_t k = 0; k < kRows; ++k) {
    if (scene.settings.shown[k]) rows.push_back(k);
  }
  return rows;
}

double base_of(std::size_t place, std::size_t count) { return double(count - 1 - place); }

void draw_curves(live::PanelFrame& panel, const RowScene& scene, const std::vector<std::size_t>& rows) {
  for (std::size_t k = 0; k < kRows; ++k) panel.mark(kRowControl[k]).hidden = true;
  for (std::size_t place = 0; place < rows.size(); ++place) {
    const RowCurve* curve = scene.curve[rows[place]];
    if (curve == nullptr) continue;
    std::vector<double> y;
    y.reserve(curve->height.size());
    for (const double h : curve->height) y.push_back(base_of(place, rows.size()) + kTall * std::clamp(h, kDeep, 1.0));
    auto& mark = panel.mark(kRowControl[rows[place]]);
    mark.hidden = false;
    set_mark(mark, curve->period, y);
  }
}

/// Names at the left, best periods at the right, a point on each best.
void draw_labels(live::PanelFrame& panel, const RowScene& scene, const std::vector<std::size_t>& rows) {
  const double span = std::log(scene.range->max_period / scene.range->min_period);
  std::vector<double> x, y, right, best_x, best_y;
  std::vector<std::string> names, periods;
  for (std::size_t place = 0; place < rows.size(); ++place) {
    const double base = base_of(place, rows.size());
    x.push_back(scene.range->min_period * std::exp(-0.52 * kGutter * span)), y.push_back(base + 0.1);
    right.push_back(scene.range->max_period * std::exp(0.52 * kGutter * span));
    names.emplace_back(kRowName[rows[place]]);
    const RowCurve* curve = scene.curve[rows[place]];
    const bool flat = curve == nullptr || curve->contrast == 0.0;
    periods.push_back(flat ? "" : (curve->coarse ? "≈ " : "") + period_words(curve->peaks[0].period(), scene.range->baseline,
        scene.slot.series));
    if (flat) continue;
    best_x.push_back(curve->peaks[0].period()), best_y.push_back(base + kTall);
  }
  set_mark(panel.mark("names"), x, y);
  panel.mark("names").labels = std::move(names);
  set_mark(panel.mark("periods"), right, y);
  panel.mark("periods").labels = std::move(periods);
  set_mark(panel.mark("best"), best_x, best_y);
}

}  // namespace

void set_mark(live::MarkFrame& mark, const std::vector<double>& x, const std::vector<double>& y) {
  mark.set("x", std::span<const double>(x)).set("y", std::span<const double>(y));
}

void label_values(live::AxisFrame& axis, const data::Series& series) {
  axis.label = series.y_label;
  axis.unit = series.y_unit.empty() ? "1" : series.y_unit;
  axis.reversed = series.quantity == data::Quantity::magnitude;
}

void show_rounded(live::AxisFrame& axis, live::Extent e) {
  const double unit = std::pow(10.0, std::floor(std::log10(e.high - e.low)) - 3.0);
  axis.low = std::floor(e.low / unit) * unit;
  axis.high = std::ceil(e.high / unit) * unit;
}

void draw_rows(live::Frame& frame, const RowScene& scene) {
  auto& panel = frame.panel("rows");
  panel.x.low = 0.1, panel.x.high = 10.0, panel.y.low = 0.0, panel.y.high = 1.0;
  panel.x.unit = scene.slot.series.time_unit;
  if (scene.range == nullptr) {
    panel.alt = "No periodogram: " + scene.data.trouble;
    return;
  }
  const auto rows = shown_rows(scene);
  const double span = std::log(scene.range->max_period / scene.range->min_period);
  panel.x.low = scene.range->min_period * std::exp(-kGutter * span);
  panel.x.high = scene.range->max_period * std::exp(kGutter * span);
  panel.y.low = kDeep - 0.05, panel.y.high = double(std::max<std::size_t>(rows.size(), 1)) + 0.12;
  draw_curves(panel, scene, rows);
  draw_labels(panel, scene, rows);
  const std::vector<double> here = {scene.period}, top = {panel.y.high - 0.1};
  panel.mark("at").set("x", std::span<const double>(here));
  set_mark(panel.mark("handle"), here, top);
  panel.hint = std::string(scene.coarse() ? "coarse, refining · " : "") + "each from its median to its best · drag the marker";
  panel.alt = plural(ssize(rows), "statistic") + " of " + std::to_string(scene.range->grid.count) + " trial periods in rows over one axis; marked: " +
              period_words(scene.period, scene.range->baseline, scene.slot.series) + ".";
}

void draw_row_fold(live::Frame& frame, const RowScene& scene) {
  auto& panel = frame.panel("fold");
  const auto& series = scene.data.series;
  label_values(panel.y, scene.slot.series);
  panel.x.low = 0.0, panel.x.high = 2.0, panel.y.low = 0.0, panel.y.high = 1.0;
  if (scene.smooth == nullptr) {
    panel.alt = "Nothing to fold: " + scene.data.trouble;
    return;
  }
  std::vector<std::pair<double, double>> curve;  // phase, smooth value
  std::vector<double> phase(series.t.size());
  for (std::size_t i = 0; i < series.t.size(); ++i) {
    const double turns = (series.t[i] - series.t.front()) / scene.period;
    phase[i] = turns - std::floor(turns);
    curve.emplace_back(phase[i], scene.smooth->value[i]);
  }
  std::sort(curve.begin(), curve.end());
  std::vector<double> x, y, low, high, line_x, line_y;
  std::vector<float> alpha;
  for (const int cycle : {0, 1}) {
    for (std::size_t i = 0; i < series.t.size(); ++i) {
      x.push_back(phase[i] + cycle), y.push_back(series.y[i]), alpha.push_back(cycle == 0 ? 1.0f : 0.35f);
      if (!series.sigma.empty()) low.push_back(series.y[i] - series.sigma[i]), high.push_back(series.y[i] + series.sigma[i]);
    }
    for (const auto& [p, v] : curve) line_x.push_back(p + cycle), line_y.push_back(v);
  }
  auto& obs = panel.mark("obs");
  set_mark(obs, x, y);
  obs.set("alpha", std::span<const float>(alpha));
  if (!low.empty()) obs.set("low", std::span<const double>(low)).set("high", std::span<const double>(high));
  set_mark(panel.mark("smooth"), line_x, line_y);
  show_rounded(panel.y, low.empty() ? live::extent(y, 0.06) : live::extent(low, high, 0.04));
  panel.alt = "The measurements folded with " + period_words(scene.period, scene.range->baseline, scene.slot.series) + ", two cycles, with a smooth curve.";
}

void draw_bests(live::Frame& frame, const RowScene& scene) {
  auto& panel = frame.panel("bests");
  panel.x.low = 0.04, panel.x.high = 8.0, panel.y.low = -0.5, panel.y.high = 7.5;
  if (scene.range == nullptr) {
    panel.alt = "No candidates: " + scene.data.trouble;
    return;
  }
  const auto rows = shown_rows(scene);
  std::vector<double> x, y, best_x, best_y, left, level;
  std::vector<std::string> names;
  for (std::size_t place = 0; place < rows.size(); ++place) {
    left.push_back(0.072), level.push_back(base_of(place, rows.size()) - 0.1), names.emplace_back(kRowName[rows[place]]);
    const RowCurve* curve = scene.curve[rows[place]];
    if (curve == nullptr || curve->contrast == 0.0) continue;
    for (std::size_t k = 0; k < curve->peaks.size(); ++k) {
      const double ratio = std::clamp(curve->peaks[k].period() / scene.period, 0.13, 7.7);
      (k == 0 ? best_x : x).push_back(ratio), (k == 0 ? best_y : y).push_back(base_of(place, rows.size()));
    }
  }
  set_mark(panel.mark("names"), left, level);
  panel.mark("names").labels = std::move(names);
  set_mark(panel.mark("rest"), x, y);
  set_mark(panel.mark("best"), best_x, best_y);
  const std::vector<double> simple = {1.0 / 3.0, 0.5, 1.0, 2.0, 3.0};
  panel.mark("ratios").set("x", std::span<const double>(simple));
  panel.mark("ratios").labels = {"⅓", "½", "1", "2", "3"};
  panel.y.high = double(std::max<std::size_t>(rows.size(), 1)) - 0.2;
  panel.alt = "The best candidates of each statistic as multiples of the marked period; one row a statistic.";
}

}  // namespace orrery::statistics
