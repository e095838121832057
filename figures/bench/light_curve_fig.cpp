// The light-curve bench: series, periodogram, fold and residuals of one star, linked.
#include "light_curve.hpp"

#include "orrery/core/error.hpp"

namespace orrery::bench {
namespace {

using live::Axis, live::Brush, live::Control, live::ControlKind, live::Mark, live::MarkSpec, live::Panel, live::Role, live::Scale;

void draw_scene(live::FrameContext& c, const Scene& scene) {
  live::Frame& frame = c.frame();
  frame = {};
  draw_observations(frame, scene);
  draw_periodogram(frame, scene);
  draw_fold(frame, scene);
  draw_residuals(frame, scene);
  say_numbers(frame, scene);
  say_warnings(frame, scene);
  say_controls(frame, scene);
  frame.code = code_for(c, scene);
}

Task<bool> make_frame(live::FrameContext& c) {
  const Settings settings = settings_of(c);
  const auto& slot = c.slots().at("series");
  const live::Key row_key = c.key({"band", "mask", "harmonics"}, {"series"});
  const Selection& selection = c.node("rows", row_key, [&] { return select_rows(slot.series, settings, c.list("mask")); });
  Scene scene{.slot = slot, .settings = settings, .selection = selection};
  if (!selection.trouble.empty()) {
    draw_scene(c, scene);
    co_return true;
  }
  live::Key search_key = c.key({"min_period", "max_period", "oversampling", "floating_mean", "sigma_clip"});
  search_key.add(row_key);
  // Reached only when the result is not at hand; a long search shows a coarse answer first.
  auto search = [&](Budget& budget) -> Task<period::PeriodReport> {
    if (worth_coarse(selection, period::search_range(selection.series, settings.search), settings)) {
      const auto rough = co_await coarse_search(budget, selection, settings);
      const Fold fold = fold_at(selection, rough, settings);
      draw_scene(c, {.slot = slot, .settings = settings, .selection = selection, .report = &rough, .fold = &fold, .coarse = true});
      c.publish();
      co_await budget.pause();
    }
    co_return co_await period::find_period_task(budget, selection.series, settings.search);
  };
  scene.report = co_await c.node_task<period::PeriodReport>("search", search_key, search);
  live::Key fold_key = c.key({"period", "zero_phase"});
  fold_key.add(search_key);
  scene.fold = &c.node("fold", fold_key, [&] { return fold_at(selection, *scene.report, settings); });
  draw_scene(c, scene);
  co_return true;
}

std::vector<Control> controls() {
  return {
      {.name = "period", .label = "period", .unit = "day", .low = 1e-5, .high = 1e7, .start = live::kAuto, .scale = Scale::log, .group = "Period",
       .help = "The period that is folded and fitted; Auto is the best peak. Drag the marker on the periodogram."},
      {.name = "zero_phase", .label = "zero phase", .unit = "1", .low = 0.0, .high = 1.0, .start = live::kAuto, .group = "Period",
       .help = "Where the fold starts; Auto puts maximum brightness at phase 0."},
      {.name = "min_period", .label = "shortest", .unit = "day", .low = 1e-5, .high = 1e7, .start = live::kAuto, .scale = Scale::log, .group = "Search",
       .help = "Shortest period of the search; Auto follows the sampling."},
      {.name = "max_period", .label = "longest", .unit = "day", .low = 1e-5, .high = 1e7, .start = live::kAuto, .scale = Scale::log, .group = "Search",
       .help = "Longest period of the search; Auto is the baseline."},
      {.name = "oversampling", .label = "oversampling", .unit = "1", .kind = ControlKind::integer, .low = 2, .high = 20, .start = 5, .step = 1, .group = "Search",
       .help = "Trial frequencies across the width of a peak."},
      {.name = "harmonics", .label = "harmonics", .unit = "1", .kind = ControlKind::integer, .low = 1, .high = 4, .start = 2, .step = 1, .group = "Search",
       .help = "Sinusoids in the model: 1 for smooth curves, more for steep or double ones."},
      {.name = "floating_mean", .label = "floating mean", .kind = ControlKind::toggle, .start = 1.0, .group = "Search",
       .help = "Fit a constant with the sinusoids at every frequency."},
      {.name = "axis", .label = "axis", .kind = ControlKind::choice, .choices = {"period", "frequency"}, .group = "Search",
       .help = "What the periodogram is drawn against."},
      {.name = "band", .label = "band", .kind = ControlKind::choice, .choices = {"all"}, .group = "Bands",
       .help = "All bands share the period; each has its own curve."},
      {.name = "sigma_clip", .label = "clip", .unit = "σ", .low = 2.0, .high = kClipOff, .start = kClipOff, .step = 0.5, .group = "Clean",
       .help = "Leaves out points farther from the model than so many errors; the top end is off."},
      {.name = "mask", .label = "masked rows", .kind = ControlKind::rows, .group = "Clean", .help = "Brush the observations to leave them out.", .on_plot_only = true},
      {.name = "bins", .label = "phase bins", .unit = "1", .kind = ControlKind::integer, .low = 0, .high = 100, .start = 0, .step = 1, .group = "Show",
       .help = "Weighted means in so many bins of phase; 0 shows none."},
      {.name = "residuals", .label = "residuals against", .kind = ControlKind::choice, .choices = {"time", "phase"}, .group = "Show"}};
}

std::vector<Panel> panels() {
  return {
      {.id = "series", .title = "Observations", .hint = "drag to mask · wheel to zoom", .x = {"time", "day"}, .y = {"value"},
       .marks = {{.id = "model", .mark = Mark::line, .role = Role::model, .note = "thin"},
                 {.id = "left", .mark = Mark::points, .role = Role::mute, .link = "series", .note = "faint"},
                 {.id = "obs", .mark = Mark::points, .role = Role::data, .link = "series"}},
       .wide = true, .brush = Brush::x, .brush_control = "mask"},
      {.id = "periodogram", .title = "Periodogram", .x = {"period", "day", Scale::log}, .y = {"power", "1"},
       .marks = {{.id = "levels", .mark = Mark::rule, .role = Role::mute, .note = "dashed"},
                 {.id = "power", .mark = Mark::line, .role = Role::accent},
                 {.id = "aliases", .mark = Mark::text, .role = Role::mute},
                 {.id = "at", .mark = Mark::rule, .role = Role::model, .note = "dashed"},
                 {.id = "peak", .mark = Mark::points, .role = Role::model},
                 {.id = "handle", .mark = Mark::handle, .role = Role::model, .control_x = "period"}}},
      {.id = "fold", .title = "Folded", .hint = "two cycles", .x = {"phase", "1"}, .y = {"value"},
       .marks = {{.id = "error", .mark = Mark::area, .role = Role::model},
                 {.id = "obs", .mark = Mark::points, .role = Role::data, .link = "series"},
                 {.id = "binned", .mark = Mark::points, .role = Role::accent, .note = "thick"},
                 {.id = "model", .mark = Mark::line, .role = Role::model, .note = "thick"}}},
      {.id = "residuals", .title = "Residuals", .hint = "observed − model", .x = {"time", "day"}, .y = {"residual"},
       .marks = {{.id = "zero", .mark = Mark::rule, .role = Role::model, .note = "dashed"},
                 {.id = "left", .mark = Mark::points, .role = Role::mute, .link = "series", .note = "faint"},
                 {.id = "obs", .mark = Mark::points, .role = Role::data, .link = "series"}},
       .wide = true}};
}

}  // namespace

extern const live::Figure light_curve_figure;
const live::Figure light_curve_figure{
    .id = "bench.light_curve",
    .title = "Light curve",
    .question = "What is its period, and what else could it be?",
    .shelf = live::Shelf::bench,
    .source = "Zechmeister & Kürster 2009, A&A 496, 577; Palmer 2009, ApJ 695, 496; Baluev 2008, MNRAS 385, 1279; VanderPlas 2018, ApJS 236, 16",
    .explain = kLightCurveExplain,
    .controls = controls(),
    .slots = {{.name = "series", .kind = live::SlotKind::series, .label = "light curve", .embedded = "eros_cepheid",
               .help = "Time, value, uncertainty and, if there is one, band."}},
    .panels = panels(),
    .frame = make_frame};

}  // namespace orrery::bench
