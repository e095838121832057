// Prewhitening: sinusoids taken away one after the other, and what is left.
#include "prewhitening.hpp"

namespace orrery::statistics {
namespace {

using live::Control, live::ControlKind, live::Mark, live::MarkSpec, live::Panel, live::Role, live::Scale;

void draw_scene(live::FrameContext& c, const ModeScene& scene) {
  live::Frame& frame = c.frame();
  frame = {};
  draw_stretch(frame, scene);
  draw_before(frame, scene);
  draw_after(frame, scene);
  draw_ladder(frame, scene);
  say_modes(frame, scene);
  frame.code = modes_code(scene);
}

/// A prewhitening without modes: the spectrum alone, in a few milliseconds.
Task<period::Prewhitening> modes_of(Budget& budget, const RowData& data, period::FrequencyGrid grid, Index most) {
  const period::PrewhitenOptions options{.max_modes = most, .min_snr = 0.0, .stages = true};
  co_return co_await period::prewhiten_task(budget, data.series.view(), grid, options);
}

/// What all numbers of modes share: the spectrum, the window, then the modes, before which a frame without them goes out.
Task<bool> find_modes(live::FrameContext& c, ModeScene& scene, live::Key key) {
  const RowData& data = scene.data;
  const auto grid = scene.range->grid;
  auto window = [&](Budget& budget) { return window_amplitude(budget, data, grid); };
  scene.window = co_await c.node_task<std::vector<double>>("window", key, window);
  auto none = [&](Budget& budget) { return modes_of(budget, data, grid, 0); };
  auto make = [&](Budget& budget) -> Task<period::Prewhitening> {
    scene.found = co_await c.node_task<period::Prewhitening>("spectrum", key, none);
    scene.coarse = true;
    draw_scene(c, scene);
    c.publish();
    co_await budget.pause();
    co_return co_await modes_of(budget, data, grid, kMostModes);
  };
  scene.found = co_await c.node_task<period::Prewhitening>("modes", key, make);
  scene.coarse = false;
  co_return true;
}

Task<bool> make_frame(live::FrameContext& c) {
  const ModeSettings settings = mode_settings(c);
  const auto& slot = c.slots().at("series");
  const RowData& data = c.node("rows", c.key({"band"}, {"series"}), [&] { return mode_rows(slot.series, settings); });
  ModeScene scene{.slot = slot, .settings = settings, .data = data};
  if (!data.trouble.empty()) {
    draw_scene(c, scene);
    co_return true;
  }
  const period::SearchRange range = mode_range(data, settings);
  scene.range = &range;
  const live::Key key = c.key({"band", "min_period", "max_period"}, {"series"});
  co_await find_modes(c, scene, key);
  if (settings.clean) {
    auto make = [&](Budget& budget) { return clean_left(budget, data, scene.now().residual, range, settings.gain); };
    live::Key clean_key = c.key({"modes", "gain"});
    clean_key.add(key);
    scene.clean = co_await c.node_task<CleanLeft>("clean", clean_key, make);
  }
  draw_scene(c, scene);
  co_return true;
}

std::vector<Control> controls() {
  return {{.name = "modes", .label = "modes taken away", .unit = "1", .kind = ControlKind::integer, .low = 0, .high = double(kMostModes), .start = 1,
           .step = 1, .group = "Modes", .help = "So many sinusoids are fitted together and subtracted; drag the marker of the last panel."},
          {.name = "snr", .label = "limit", .unit = "1", .low = 2.0, .high = 10.0, .start = 4.0, .step = 0.1, .group = "Modes",
           .help = "A mode is believed when its amplitude is so many times the mean of the spectrum around it; 4 by custom."},
          {.name = "clean", .label = "CLEAN", .kind = ControlKind::toggle, .start = 1.0, .group = "Modes",
           .help = "The other way: the window's side lobes are taken out of the spectrum itself."},
          {.name = "gain", .label = "gain of CLEAN", .unit = "1", .low = 0.05, .high = 1.0, .start = 0.3, .scale = Scale::log, .group = "Modes",
           .help = "How much of a component is taken at a time."},
          {.name = "min_period", .label = "shortest", .unit = "day", .low = 1e-5, .high = 1e7, .start = live::kAuto, .scale = Scale::log,
           .group = "Search", .help = "Shortest period tried; Auto follows the sampling and what the figure can try."},
          {.name = "max_period", .label = "longest", .unit = "day", .low = 1e-5, .high = 1e7, .start = live::kAuto, .scale = Scale::log,
           .group = "Search", .help = "Longest period tried; Auto is the baseline."},
          {.name = "band", .label = "band", .kind = ControlKind::choice, .choices = {"largest"}, .group = "Search",
           .help = "Values of several bands cannot be mixed: one is searched."}};
}

std::vector<Panel> panels() {
  return {{.id = "series", .title = "The measurements and the model", .x = {"time", "day"}, .y = {"value"},
           .marks = {{.id = "model", .mark = Mark::line, .role = Role::model},
                     {.id = "obs", .mark = Mark::points, .role = Role::data}},
           .wide = true},
          {.id = "before", .title = "Spectrum of the measurements", .hint = "grey: one sinusoid alone, at these times", .x = {"frequency", "1/day"}, .y = {"amplitude"},
           .marks = {{.id = "modes", .mark = Mark::rule, .role = Role::model, .note = "dashed"},
                     {.id = "amplitude", .mark = Mark::line, .role = Role::data, .note = "thin"},
                     {.id = "window", .mark = Mark::line, .role = Role::mute, .note = "thin"}},
           .wide = true},
          {.id = "after", .title = "What is left", .hint = "blue: CLEAN · dashed: the limit", .x = {"frequency", "1/day"}, .y = {"amplitude"},
           .marks = {{.id = "window", .mark = Mark::line, .role = Role::mute, .note = "faint"},
                     {.id = "amplitude", .mark = Mark::line, .role = Role::data, .note = "thin"},
                     {.id = "clean", .mark = Mark::line, .role = Role::accent, .note = "thin"},
                     {.id = "limit", .mark = Mark::line, .role = Role::model, .note = "dashed"}}},
          {.id = "ladder", .title = "Signal to noise, mode by mode", .x = {"mode", "1"}, .y = {"signal to noise", "1", Scale::log},
           .marks = {{.id = "limit", .mark = Mark::rule, .role = Role::model, .note = "dashed"},
                     {.id = "here", .mark = Mark::rule, .role = Role::mute, .note = "dashed"},
                     {.id = "rest", .mark = Mark::points, .role = Role::mute},
                     {.id = "taken", .mark = Mark::points, .role = Role::model},
                     {.id = "names", .mark = Mark::text, .role = Role::mute},
                     {.id = "handle", .mark = Mark::handle, .role = Role::model, .label = "modes", .control_x = "modes"}}}};
}

}  // namespace

extern const live::Figure prewhitening_figure;
const live::Figure prewhitening_figure{
    .id = "statistics.prewhitening",
    .title = "Prewhitening",
    .question = "Which periods are left when the first is taken away?",
    .shelf = live::Shelf::bench,
    .source = "Breger et al. 1993, A&A 271, 482; Montgomery & O'Donoghue 1999, Delta Scuti Star Newsletter 13, 28; Loumos & Deeming 1978, Ap&SS 56, 285; "
              "Roberts, Lehár & Dreher 1987, AJ 93, 968",
    .explain = kPrewhiteningExplain,
    .controls = controls(),
    .slots = {{.name = "series", .kind = live::SlotKind::series, .label = "light curve", .embedded = "eros_cepheid",
               .help = "Time, value, uncertainty and, if there is one, band."}},
    .panels = panels(),
    .frame = make_frame};

}  // namespace orrery::statistics
