// The panels of the figure of prewhitening.
#include <algorithm>
#include <cmath>

#include "orrery/core/text.hpp"
#include "prewhitening.hpp"

namespace orrery::statistics {
namespace {

constexpr double kStretchCycles = 20.0;  // of the strongest mode, in the panel of the series
constexpr Index kModelPoints = 3000;

std::string unit_of(const data::Series& series) { return series.y_unit.empty() ? "1" : series.y_unit; }
std::string per_time(const data::Series& series) { return "1/" + series.time_unit; }

/// The stretch of that length with the most measurements: first and last time.
live::Extent fullest(const std::vector<double>& t, double length) {
  std::size_t best = 0, most = 0;
  for (std::size_t from = 0, to = 0; from < t.size(); ++from) {
    while (to < t.size() && t[to] <= t[from] + length) ++to;
    if (to - from > most) most = to - from, best = from;
  }
  const double low = std::min(t[best], std::max(t.front(), t.back() - length));
  return {low, std::min(low + length, t.back())};
}

void set_spectrum_axes(live::PanelFrame& panel, const ModeScene& scene) {
  panel.x.unit = per_time(scene.slot.series);
  panel.y.unit = unit_of(scene.slot.series);
  panel.x.low = 0.0;
  panel.x.high = head_number(scene.range->grid.last());
}

/// The window around a frequency, as high as the peak there: what one sinusoid alone would show.
void draw_window(live::MarkFrame& mark, const ModeScene& scene, double frequency, double height) {
  const auto& grid = scene.range->grid;
  if (scene.window == nullptr) {
    mark.hidden = true;
    return;
  }
  std::vector<double> y;
  for (Index k = 0; k < grid.count; ++k) {
    const double steps = std::fabs(grid[k] - frequency) / grid.step;
    const auto lower = std::min(Index(steps), grid.count - 2);
    const double part = steps - double(lower);
    y.push_back(height * ((1.0 - part) * (*scene.window)[at(lower)] + part * (*scene.window)[at(lower + 1)]));
  }
  set_mark(mark, grid.values(), y);
}

struct Top {
  double frequency = 0.0, amplitude = 0.0;
};
Top top_of(const ModeScene& scene, const std::vector<double>& amplitude) {
  const auto best = std::max_element(amplitude.begin(), amplitude.end());
  return {scene.range->grid[best - amplitude.begin()], *best};
}

void hide_all(live::PanelFrame& panel, std::initializer_list<const char*> marks, const ModeScene& scene) {
  for (const char* mark : marks) panel.mark(mark).hidden = true;
  panel.alt = "Nothing to show: " + scene.data.trouble;
}

}  // namespace

void draw_stretch(live::Frame& frame, const ModeScene& scene) {
  auto& panel = frame.panel("series");
  label_values(panel.y, scene.slot.series);
  panel.x.label = scene.slot.series.time_label;
  panel.x.unit = scene.slot.series.time_unit;
  if (scene.range == nullptr) return hide_all(panel, {"obs", "model"}, scene);
  const auto& series = scene.data.series;
  const auto& now = scene.now();
  double length = scene.baseline(), fastest = 0.0;
  if (scene.most() > 0) length = std::min(length, kStretchCycles / scene.found->stages[1].modes[0].frequency);
  for (const auto& mode : now.modes) fastest = std::max(fastest, mode.frequency);
  const auto shown = fullest(series.t, length);
  const double offset = std::floor(shown.low);
  auto& obs = panel.mark("obs");
  std::vector<double> x = series.t, low, high, model_t;
  for (double& t : x) t -= offset;
  set_mark(obs, x, series.y);
  for (std::size_t i = 0; i < series.sigma.size(); ++i) {
    low.push_back(series.y[i] - series.sigma[i]);
    high.push_back(series.y[i] + series.sigma[i]);
  }
  if (!low.empty()) obs.set("low", std::span<const double>(low)).set("high", std::span<const double>(high));
  const Index points = std::clamp<Index>(Index(24.0 * fastest * (shown.high - shown.low)), 50, kModelPoints);
  for (Index i = 0; i <= points; ++i) model_t.push_back(shown.low + (shown.high - shown.low) * double(i) / double(points));
  const auto model = period::mode_model(now, model_t);
  for (double& t : model_t) t -= offset;
  set_mark(panel.mark("model"), model_t, model);
  if (offset != 0.0) panel.x.label = scene.slot.series.time_label + " − " + number_text(offset);
  const double edge = 0.02 * (shown.high - shown.low);
  show_rounded(panel.x, {shown.low - offset - edge, shown.high - offset + edge});
  show_rounded(panel.y, low.empty() ? live::extent(series.y, 0.06) : live::extent(low, high, 0.04));
  panel.hint = (length < scene.baseline() ? "its fullest stretch · " : std::string()) + plural(scene.taken(), "sinusoid");
  panel.alt = plural(series.size(), "measurement") + " with the sum of " + plural(scene.taken(), "fitted sinusoid") + ".";
}

void draw_before(live::Frame& frame, const ModeScene& scene) {
  auto& panel = frame.panel("before");
  panel.x.low = 0.0, panel.x.high = 1.0, panel.y.low = 0.0, panel.y.high = 1.0;
  if (scene.range == nullptr) return hide_all(panel, {"window", "amplitude", "modes"}, scene);
  set_spectrum_axes(panel, scene);
  const auto& amplitude = scene.before().amplitude;
  const Top top = top_of(scene, amplitude);
  set_mark(panel.mark("amplitude"), scene.range->grid.values(), amplitude);
  draw_window(panel.mark("window"), scene, top.frequency, top.amplitude);
  std::vector<double> at_modes;
  auto& rules = panel.mark("modes");
  for (const auto& mode : scene.now().modes) {
    at_modes.push_back(mode.frequency);
    rules.labels.push_back("f" + std::to_string(at_modes.size()));
  }
  rules.set("x", std::span<const double>(at_modes));
  rules.hidden = at_modes.empty();
  show_rounded(panel.y, {0.0, 1.12 * std::max(top.amplitude, 1e-300)});
  panel.y.low = 0.0;
  panel.alt = "Amplitude spectrum of the measurements, highest at " + number_text(top.frequency, 5) + " " + per_time(scene.slot.series) +
              ", and the spectrum that one sinusoid there would have at these times.";
}

void draw_after(live::Frame& frame, const ModeScene& scene) {
  auto& panel = frame.panel("after");
  panel.x.low = 0.0, panel.x.high = 1.0, panel.y.low = 0.0, panel.y.high = 1.0;
  if (scene.range == nullptr) return hide_all(panel, {"window", "amplitude", "clean", "limit"}, scene);
  set_spectrum_axes(panel, scene);
  const auto& grid = scene.range->grid;
  const auto& amplitude = scene.now().amplitude;
  const Top top = top_of(scene, amplitude);
  set_mark(panel.mark("amplitude"), grid.values(), amplitude);
  draw_window(panel.mark("window"), scene, top.frequency, top.amplitude);
  auto limit = period::noise_level(amplitude, grid, period::default_noise_box(scene.baseline()));
  for (double& v : limit) v *= scene.settings.snr;
  set_mark(panel.mark("limit"), grid.values(), limit);
  double high = std::max(top.amplitude, *std::max_element(limit.begin(), limit.end()));
  auto& clean = panel.mark("clean");
  clean.hidden = scene.clean == nullptr || !scene.clean->there();
  if (!clean.hidden) {
    const auto& spectrum = scene.clean->spectrum;
    set_mark(clean, spectrum.grid.values(), spectrum.amplitude);
    for (Index k = 1; k < spectrum.grid.count; ++k) {
      if (spectrum.grid[k] >= grid.first) high = std::max(high, spectrum.amplitude[at(k)]);
    }
  }
  show_rounded(panel.y, {0.0, 1.12 * std::max(high, 1e-300)});
  panel.y.low = 0.0;
  panel.title = "What " + (scene.taken() == 0 ? std::string("is there") : scene.taken() == 1 ? std::string("one mode leaves")
                                                                                             : std::to_string(scene.taken()) + " modes leave");
  panel.alt = "Amplitude spectrum of what is left after " + plural(scene.taken(), "mode") + ", highest at " + number_text(top.frequency, 5) + " " +
              per_time(scene.slot.series) + ", with the limit of " + number_text(scene.settings.snr, 3) + " times its local mean.";
}

void draw_ladder(live::Frame& frame, const ModeScene& scene) {
  auto& panel = frame.panel("ladder");
  panel.x.low = 0.0, panel.x.high = double(kMostModes) + 1.2, panel.y.low = 1.0, panel.y.high = 100.0;
  if (scene.range == nullptr) return hide_all(panel, {"limit", "rest", "taken", "names", "here", "handle"}, scene);
  std::vector<double> x[2], y[2], name_x, name_y;
  std::vector<std::string> names;
  double low = scene.settings.snr, high = scene.settings.snr;
  for (Index j = 1; j <= scene.most(); ++j) {
    const double snr = std::clamp(scene.snr_when_found(j), 0.01, 1e6);
    const std::size_t kind = j <= scene.taken() ? 0 : 1;
    x[kind].push_back(double(j)), y[kind].push_back(snr);
    low = std::min(low, snr), high = std::max(high, snr);
    name_x.push_back(double(j) + 0.15), name_y.push_back(snr * 1.12);
    const auto& mode = scene.found->stages[at(j)].modes.back();
    names.push_back(mode.relation.empty() ? "" : mode.relation);
  }
  set_mark(panel.mark("taken"), x[0], y[0]);
  set_mark(panel.mark("rest"), x[1], y[1]);
  set_mark(panel.mark("names"), name_x, name_y);
  panel.mark("names").labels = std::move(names);
  const std::vector<double> limit = {scene.settings.snr}, here = {double(scene.taken()) + 0.5};
  panel.mark("limit").set("y", std::span<const double>(limit));
  panel.mark("limit").labels = {"limit"};
  panel.mark("here").set("x", std::span<const double>(here));
  show_rounded(panel.y, {0.6 * low, 1.7 * high});
  const std::vector<double> foot = {double(scene.taken())}, bottom = {panel.y.low * 1.15};
  set_mark(panel.mark("handle"), foot, bottom);
  panel.hint = scene.coarse ? "looking for modes" : "red: taken away · drag the marker";
  panel.alt = "Signal to noise of " + plural(scene.most(), "mode") + " in the order they were found; " + std::to_string(scene.significant()) +
              " before the first that falls below the limit.";
}

}  // namespace orrery::statistics
