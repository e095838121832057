// The four panels of the light-curve bench.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "light_curve.hpp"
#include "orrery/core/text.hpp"

namespace orrery::bench {
namespace {

constexpr double kGap = std::numeric_limits<double>::quiet_NaN();
constexpr int kCurveSteps = 200;  // model points a cycle

/// Limits with 4 digits of their span, so that they do not differ between machines by rounding.
void show_rounded(live::AxisFrame& axis, double low, double high) {
  if (!(low < high)) low -= 0.5, high = low + 1.0;
  const double unit = std::pow(10.0, std::floor(std::log10(high - low)) - 3.0);
  axis.low = std::floor(low / unit) * unit;
  axis.high = std::ceil(high / unit) * unit;
}

/// Columns of a points mark, filled row by row.
struct Points {
  std::vector<double> x, y, low, high;
  std::vector<std::int32_t> band, row;
  std::vector<float> alpha;

  void add(const data::Series& series, Index i, double at_x, double at_y, std::int32_t slot_row, float opacity = 1.0f) {
    x.push_back(at_x), y.push_back(at_y), row.push_back(slot_row), alpha.push_back(opacity);
    if (!series.sigma.empty()) low.push_back(at_y - series.sigma[at(i)]), high.push_back(at_y + series.sigma[at(i)]);
    if (series.bands() > 1 && !series.band.empty()) band.push_back(series.band[at(i)]);
  }
  void set(live::MarkFrame& mark) const {
    mark.set("x", std::span(x)).set("y", std::span(y)).set("row", std::span(row));
    if (!low.empty()) mark.set("low", std::span(low)).set("high", std::span(high));
  }
  /// With the colours of the bands, which points that are left out do not have.
  void set(live::MarkFrame& mark, const data::Series& series) const {
    set(mark);
    if (band.empty()) return;
    mark.set("band", std::span(band));
    mark.labels = series.band_names;
  }
};

bool is_kept(const Scene& scene, Index i) { return scene.report == nullptr || scene.report->kept[at(i)] != 0; }

void label_values(live::PanelFrame& panel, const data::Series& series) {
  panel.y.label = series.y_label;
  panel.y.unit = series.y_unit.empty() ? "1" : series.y_unit;
  panel.y.reversed = series.quantity == data::Quantity::magnitude;
}

void label_time(live::PanelFrame& panel, const data::Series& series) {
  const double offset = axis_offset(series);
  panel.x.label = offset > 0.0 ? series.time_label + " − " + number_text(offset) : series.time_label;
  panel.x.unit = time_unit(series);
}

void show_times(live::AxisFrame& axis, const data::Series& series) {
  const auto e = live::extent(series.t, 0.02);
  const double offset = axis_offset(series);
  show_rounded(axis, e.low - offset, e.high - offset);
}

/// Range of all values of a set of points with their error bars.
void show_values(live::AxisFrame& axis, const Points& points) {
  const auto e = points.low.empty() ? live::extent(points.y, 0.06) : live::extent(points.low, points.high, 0.04);
  show_rounded(axis, e.low, e.high);
}

/// The model over the whole baseline, as long as its cycles can be told apart.
void draw_model_in_time(live::PanelFrame& panel, const Scene& scene) {
  auto& mark = panel.mark("model");
  const bool few_cycles = scene.fold != nullptr && scene.report->range.baseline < 15.0 * scene.fold->period;
  mark.hidden = !few_cycles;
  if (!few_cycles) return;
  const auto& series = scene.selection.series;
  const auto [first, last] = std::minmax_element(series.t.begin(), series.t.end());
  const double offset = axis_offset(scene.slot.series);
  const int steps = int(60.0 * (*last - *first) / scene.fold->period) + 60;
  std::vector<double> x, y;
  for (Index b = 0; b < ssize(scene.fold->model.bands); ++b) {
    for (int i = 0; i <= steps; ++i) {
      const double t = *first + (*last - *first) * i / steps;
      x.push_back(t - offset), y.push_back(scene.fold->model.value(b, scene.fold->model.phase(t)));
    }
    x.push_back(*last - offset), y.push_back(kGap);
  }
  mark.set("x", std::span<const double>(x)).set("y", std::span<const double>(y));
}

double axis_x(const Scene& scene, double period) { return scene.settings.frequency_axis ? 1.0 / period : period; }

std::string period_text(const Scene& scene) {
  return value_text(scene.fold->period, scene.fold->period_error) + " " + time_unit(scene.slot.series);
}

/// Short label of a rival on the periodogram; empty for peaks without a known relation.
std::string rival_label(const std::string& relation) {
  if (relation.empty()) return {};
  if (relation.ends_with("day")) return "day alias";
  if (relation.ends_with("year")) return "year alias";
  if (relation.starts_with("twice")) return "2×";
  if (relation.starts_with("half")) return "½";
  return relation.starts_with("three") ? "3×" : "⅓";
}

/// Labels of the strongest rivals that lie apart from each other and from the marked period.
void draw_rivals(live::PanelFrame& panel, const Scene& scene) {
  std::vector<double> x, y;
  std::vector<std::string> labels;
  const auto& range = scene.report->range;
  const double apart = 0.06 * std::log(range.max_period / range.min_period);
  std::vector<double> taken = {std::log(scene.fold->period)};
  for (const auto& rival : scene.report->rivals) {
    const std::string label = rival_label(rival.relation);
    const double place = std::log(rival.period);
    const bool free = std::none_of(taken.begin(), taken.end(), [&](double p) { return std::fabs(p - place) < apart; });
    if (label.empty() || !free || labels.size() == 4) continue;
    taken.push_back(place);
    x.push_back(axis_x(scene, rival.period)), y.push_back(rival.power), labels.push_back(label);
  }
  auto& mark = panel.mark("aliases");
  mark.set("x", std::span<const double>(x)).set("y", std::span<const double>(y));
  mark.labels = std::move(labels);
}

void draw_power(live::PanelFrame& panel, const Scene& scene) {
  const auto& grid = scene.report->range.grid;
  std::vector<double> x(at(grid.count)), y(at(grid.count));
  for (Index i = 0; i < grid.count; ++i) {
    // Ascending in x on both axes: lines that ascend are thinned for the screen.
    const Index from = scene.settings.frequency_axis ? i : grid.count - 1 - i;
    x[at(i)] = scene.settings.frequency_axis ? grid[from] : 1.0 / grid[from];
    y[at(i)] = scene.report->power[at(from)];
  }
  panel.mark("power").set("x", std::span<const double>(x)).set("y", std::span<const double>(y));
}

/// Weighted means in phase bins, both cycles.
void draw_bins(live::PanelFrame& panel, const Scene& scene) {
  auto& mark = panel.mark("binned");
  const Index bins = scene.settings.bins;
  mark.hidden = bins == 0;
  if (bins == 0) return;
  struct Bin {
    double weight = 0.0, sum = 0.0;
  };
  const auto& series = scene.selection.series;
  const Index bands = series.bands();
  std::vector<Bin> bin(at(bins * bands));
  for (Index i = 0; i < series.size(); ++i) {
    if (!is_kept(scene, i)) continue;
    const Index b = series.band.empty() ? 0 : series.band[at(i)];
    const double sigma = series.sigma.empty() ? 1.0 : series.sigma[at(i)];
    Bin& target = bin[at(b * bins + std::min(bins - 1, Index(scene.fold->phase[at(i)] * double(bins))))];
    target.weight += 1.0 / (sigma * sigma);
    target.sum += series.y[at(i)] / (sigma * sigma);
  }
  std::vector<double> x, y, low, high;
  for (int cycle = 0; cycle < 2; ++cycle) {
    for (Index k = 0; k < ssize(bin); ++k) {
      if (!(bin[at(k)].weight > 0.0)) continue;
      const double mean = bin[at(k)].sum / bin[at(k)].weight;
      const double error = scene.fold->model.scale / std::sqrt(bin[at(k)].weight);
      x.push_back((double(k % bins) + 0.5) / double(bins) + cycle), y.push_back(mean);
      low.push_back(mean - error), high.push_back(mean + error);
    }
  }
  mark.set("x", std::span<const double>(x)).set("y", std::span<const double>(y));
  mark.set("low", std::span<const double>(low)).set("high", std::span<const double>(high));
}

/// Model and its error over two cycles, band after band, with a gap between bands.
void draw_model_in_phase(live::PanelFrame& panel, const Scene& scene) {
  std::vector<double> x, y, low, high;
  const auto& model = scene.fold->model;
  for (Index b = 0; b < ssize(model.bands); ++b) {
    for (int i = 0; i <= 2 * kCurveSteps; ++i) {
      const double phase = double(i % kCurveSteps) / kCurveSteps + scene.fold->zero_phase;
      const double value = model.value(b, phase), error = model.error(b, phase);
      x.push_back(double(i) / kCurveSteps), y.push_back(value), low.push_back(value - error), high.push_back(value + error);
    }
    x.push_back(2.0), y.push_back(kGap), low.push_back(kGap), high.push_back(kGap);
  }
  panel.mark("model").set("x", std::span<const double>(x)).set("y", std::span<const double>(y));
  panel.mark("error").set("x", std::span<const double>(x)).set("low", std::span<const double>(low)).set("high", std::span<const double>(high));
}

std::string search_hint(const Scene& scene) {
  std::string hint = plural(scene.settings.search.harmonics, "harmonic");
  if (ssize(scene.fold->model.bands) > 1) hint += " · " + plural(ssize(scene.fold->model.bands), "band");
  return scene.coarse ? "coarse, refining · " + hint : hint;
}

}  // namespace

void draw_observations(live::Frame& frame, const Scene& scene) {
  auto& panel = frame.panel("series");
  const auto& all = scene.slot.series;
  const auto& series = scene.selection.series;
  const double offset = axis_offset(all);
  Points used, left;
  for (Index i = 0; i < series.size(); ++i) {
    (is_kept(scene, i) ? used : left).add(series, i, series.t[at(i)] - offset, series.y[at(i)], scene.selection.row[at(i)]);
  }
  for (const std::int32_t row : scene.selection.masked) left.add(all, row, all.t[at(row)] - offset, all.y[at(row)], row);
  used.set(panel.mark("obs"), series);
  left.set(panel.mark("left"));
  draw_model_in_time(panel, scene);
  label_time(panel, all);
  label_values(panel, all);
  show_times(panel.x, all);
  show_values(panel.y, used.x.empty() ? left : used);
  panel.alt = plural(ssize(used.x), "measurement") + " of " + scene.slot.name + " against time" +
              (left.x.empty() ? "" : ", " + std::to_string(left.x.size()) + " left out") + ".";
}

void draw_periodogram(live::Frame& frame, const Scene& scene) {
  auto& panel = frame.panel("periodogram");
  const std::string unit = time_unit(scene.slot.series);
  const bool frequency = scene.settings.frequency_axis;
  panel.x.label = frequency ? "frequency" : "period";
  panel.x.unit = frequency ? "1/" + unit : unit;
  panel.x.scale = frequency ? live::Scale::linear : live::Scale::log;
  panel.x.low = 0.1, panel.x.high = 10.0, panel.y.low = 0.0, panel.y.high = 1.0;
  if (scene.report == nullptr) {
    panel.alt = "No periodogram: " + scene.selection.trouble;
    return;
  }
  const auto& range = scene.report->range;
  panel.x.low = frequency ? 1.0 / range.max_period : range.min_period;
  panel.x.high = frequency ? 1.0 / range.min_period : range.max_period;
  draw_power(panel, scene);
  const std::array levels = {period::false_alarm_power(*scene.report, 0.01), period::false_alarm_power(*scene.report, 0.001)};
  auto& rules = panel.mark("levels");
  rules.set("y", std::span<const double>(levels));
  rules.labels = {"1 %", "0.1 %"};
  draw_rivals(panel, scene);
  const double x = axis_x(scene, scene.fold->period), power = std::max(scene.fold->model.power(), 0.0);
  const std::array<double, 1> at_x = {x}, at_y = {power};
  panel.mark("at").set("x", std::span<const double>(at_x));
  auto& handle = panel.mark("handle");
  auto& peak = panel.mark("peak");
  handle.set("x", std::span<const double>(at_x)).set("y", std::span<const double>(at_y));
  peak.set("x", std::span<const double>(at_x)).set("y", std::span<const double>(at_y));
  // A handle sets its control to the axis value, so it serves the period axis only.
  handle.hidden = frequency;
  peak.hidden = !frequency;
  (frequency ? panel.mark("at") : handle).labels = {period_text(scene)};
  const double highest = std::max({scene.report->peak_power, power, levels[1]});
  show_rounded(panel.y, 0.0, std::min(1.05, 1.15 * std::max(highest, 1e-3)));
  panel.hint = search_hint(scene);
  panel.alt = "Power of " + std::to_string(range.grid.count) + " trial frequencies; marked: period " + period_text(scene) + ", power " + number_text(power, 3) + ".";
}

void draw_fold(live::Frame& frame, const Scene& scene) {
  auto& panel = frame.panel("fold");
  label_values(panel, scene.slot.series);
  panel.x.low = 0.0, panel.x.high = 2.0, panel.y.low = 0.0, panel.y.high = 1.0;
  if (scene.fold == nullptr) {
    panel.alt = "Nothing to fold: " + scene.selection.trouble;
    return;
  }
  Points used;
  const auto& series = scene.selection.series;
  for (int cycle = 0; cycle < 2; ++cycle) {
    for (Index i = 0; i < series.size(); ++i) {
      if (!is_kept(scene, i)) continue;
      used.add(series, i, scene.fold->phase[at(i)] + cycle, series.y[at(i)], scene.selection.row[at(i)], cycle == 0 ? 1.0f : 0.35f);
    }
  }
  used.set(panel.mark("obs"), series);
  panel.mark("obs").set("alpha", std::span<const float>(used.alpha));
  draw_model_in_phase(panel, scene);
  draw_bins(panel, scene);
  show_values(panel.y, used);
  panel.alt = "The measurements folded with " + period_text(scene) + ", two cycles, and the model of " + plural(scene.settings.search.harmonics, "harmonic") + ".";
}

void draw_residuals(live::Frame& frame, const Scene& scene) {
  auto& panel = frame.panel("residuals");
  label_values(panel, scene.slot.series);
  panel.y.label = "residual";
  panel.x.low = 0.0, panel.x.high = 1.0, panel.y.low = -1.0, panel.y.high = 1.0;
  if (scene.fold == nullptr) {
    panel.alt = "No residuals: " + scene.selection.trouble;
    return;
  }
  const auto& series = scene.selection.series;
  const double offset = axis_offset(scene.slot.series);
  Points used, left;
  for (Index i = 0; i < series.size(); ++i) {
    const double residual = scene.fold->residual[at(i)];
    if (std::isnan(residual)) continue;
    const double x = scene.settings.phase_residuals ? scene.fold->phase[at(i)] : series.t[at(i)] - offset;
    (is_kept(scene, i) ? used : left).add(series, i, x, residual, scene.selection.row[at(i)]);
  }
  used.set(panel.mark("obs"), series);
  left.set(panel.mark("left"));
  const std::array<double, 1> zero = {0.0};
  panel.mark("zero").set("y", std::span<const double>(zero));
  show_values(panel.y, used);
  if (scene.settings.phase_residuals) {
    panel.x.label = "phase", panel.x.unit = "1";
  } else {
    label_time(panel, scene.slot.series);
    show_times(panel.x, scene.slot.series);
  }
  panel.alt = "What the model leaves: rms " + number_text(std::sqrt(scene.fold->model.chi2 / double(std::max<Index>(scene.fold->model.n, 1))), 3) +
              (series.sigma.empty() ? " " + series.y_unit : " errors") + ".";
}

}  // namespace orrery::bench
