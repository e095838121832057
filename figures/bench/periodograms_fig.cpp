// All periodograms: every statistic of the folded series as a row over the same periods.
#include "periodograms.hpp"

namespace orrery::statistics {
namespace {

using live::Control, live::ControlKind, live::Mark, live::MarkSpec, live::Panel, live::Role, live::Scale;

void draw_scene(live::FrameContext& c, RowScene scene) {
  live::Frame& frame = c.frame();
  frame = {};
  period::Smooth smooth;
  if (scene.range != nullptr) {
    scene.agreement = agreement_of(scene);
    scene.period = scene.settings.period.value_or(scene.agreement.rows.empty() ? scene.range->min_period * 2.0 : scene.agreement.period);
    smooth = period::super_smoother(scene.data.series.view(), {.period = scene.period});
    scene.smooth = &smooth;
  }
  draw_rows(frame, scene);
  draw_row_fold(frame, scene);
  draw_bests(frame, scene);
  say_rows(frame, scene);
  frame.code = rows_code(scene);
}

/// Controls that change the curve of a row, besides the range.
live::Key key_of(live::FrameContext& c, std::size_t row) {
  switch (row) {
    case 0: return c.key({"harmonics"});
    case 1: return c.key({"aov_harmonics"});
    case 2:
    case 3: return c.key({"bins"});
    default: return c.key({});
  }
}

/// Rows that are not at hand get a coarse curve, drawn before the long work begins.
Task<bool> draw_coarse(live::FrameContext& c, RowScene& scene, const live::Key& range_key) {
  for (std::size_t row = 0; row < kRows; ++row) {
    if (!scene.settings.shown[row] || scene.curve[row] != nullptr) continue;
    auto make = [&](Budget& budget) { return coarse_row(budget, row, scene.data, scene.range->grid, scene.settings); };
    live::Key key = key_of(c, row);
    key.add(range_key);
    scene.curve[row] = co_await c.node_task<RowCurve>("coarse " + std::string(kRowControl[row]), key, make);
  }
  co_return true;
}

Task<bool> make_frame(live::FrameContext& c) {
  const RowSettings settings = row_settings(c);
  const auto& slot = c.slots().at("series");
  const RowData& data = c.node("rows", c.key({"band", "harmonics", "aov_harmonics"}, {"series"}), [&] { return row_data(slot.series, settings); });
  RowScene scene{.slot = slot, .settings = settings, .data = data};
  if (!data.trouble.empty()) {
    draw_scene(c, scene);
    co_return true;
  }
  const live::Key range_key = c.key({"band", "min_period", "max_period"}, {"series"});
  const period::SearchRange range = row_range(data, settings);
  scene.range = &range;
  // By ascending cost: lines above are done when those below begin.
  for (const std::size_t row : {0u, 1u, 2u, 3u, 7u, 4u, 6u, 5u}) {
    if (!settings.shown[row]) continue;
    auto make = [&](Budget& budget) -> Task<RowCurve> {
      if (row_cost(row, double(data.series.size()), double(range.grid.count)) > kQuickRow) {
        co_await draw_coarse(c, scene, range_key);
        draw_scene(c, scene);
        c.publish();
        co_await budget.pause();
      }
      co_return co_await row_curve(budget, row, data, range.grid, settings);
    };
    live::Key key = key_of(c, row);
    key.add(range_key);
    scene.curve[row] = co_await c.node_task<RowCurve>(std::string(kRowControl[row]), key, make);
  }
  draw_scene(c, scene);
  co_return true;
}

std::vector<Control> controls() {
  std::vector<Control> all = {
      {.name = "period", .label = "period", .unit = "day", .low = 1e-5, .high = 1e7, .start = live::kAuto, .scale = Scale::log, .group = "Period",
       .help = "The period that is folded; Auto is where most statistics agree. Drag the marker across the rows."},
      {.name = "min_period", .label = "shortest", .unit = "day", .low = 1e-5, .high = 1e7, .start = live::kAuto, .scale = Scale::log, .group = "Search",
       .help = "Shortest period tried; Auto follows the sampling and what the figure can try."},
      {.name = "max_period", .label = "longest", .unit = "day", .low = 1e-5, .high = 1e7, .start = live::kAuto, .scale = Scale::log, .group = "Search",
       .help = "Longest period tried; Auto is the baseline."},
      {.name = "band", .label = "band", .kind = ControlKind::choice, .choices = {"largest"}, .group = "Search",
       .help = "Values of several bands cannot be mixed: one is searched."}};
  constexpr std::array<std::string_view, kRows> kHelp = {
      "Share of the variance that sinusoids remove: the maximum.", "Variance explained over variance left, by orthogonal polynomials: the maximum.",
      "Scatter within bins of phase: the minimum.", "Disorder of the filled cells of phase and value: the minimum.",
      "Steps from point to point in the order of the phases: the minimum.", "How far phase and value are from being independent: the maximum.",
      "How well a smooth curve foretells points left out: the maximum.", "The dip of a box that explains most: the maximum."};
  for (std::size_t k = 0; k < kRows; ++k) {
    all.push_back({.name = kRowControl[k], .label = kRowName[k], .kind = ControlKind::toggle, .start = 1.0, .group = "Rows", .help = kHelp[k]});
  }
  all.push_back({.name = "harmonics", .label = "harmonics, least squares", .unit = "1", .kind = ControlKind::integer, .low = 1, .high = 4, .start = 1, .step = 1,
                 .group = "Settings", .help = "Sinusoids of the Lomb–Scargle row."});
  all.push_back({.name = "aov_harmonics", .label = "harmonics, variance ratio", .unit = "1", .kind = ControlKind::integer, .low = 1, .high = 6, .start = 3,
                 .step = 1, .group = "Settings", .help = "Harmonics of the analysis of variance."});
  all.push_back({.name = "bins", .label = "phase bins", .unit = "1", .kind = ControlKind::integer, .low = 4, .high = 50, .start = 10, .step = 1,
                 .group = "Settings", .help = "Bins of the phase dispersion and of the entropy."});
  return all;
}

std::vector<Panel> panels() {
  std::vector<MarkSpec> rows = {{.id = "at", .mark = Mark::rule, .role = Role::model, .note = "dashed"}};
  for (std::size_t k = 0; k < kRows; ++k) rows.push_back({.id = kRowControl[k], .mark = Mark::line, .role = Role::accent, .note = "thin"});
  rows.push_back({.id = "best", .mark = Mark::points, .role = Role::model});
  rows.push_back({.id = "names", .mark = Mark::text, .role = Role::data});
  rows.push_back({.id = "periods", .mark = Mark::text, .role = Role::mute});
  rows.push_back({.id = "handle", .mark = Mark::handle, .role = Role::model, .control_x = "period"});
  return {{.id = "rows", .title = "Every statistic over the same periods", .x = {"period", "day", Scale::log}, .y = {.label = "", .ticks = false},
           .marks = std::move(rows), .wide = true, .tall = true},
          {.id = "fold", .title = "Folded at the marker", .hint = "two cycles · smooth curve", .x = {"phase", "1"}, .y = {"value"},
           .marks = {{.id = "obs", .mark = Mark::points, .role = Role::data}, {.id = "smooth", .mark = Mark::line, .role = Role::model, .note = "thick"}}},
          {.id = "bests", .title = "Candidates over the marked period", .hint = "red: the best of each", .x = {"ratio", "1", Scale::log}, .y = {.label = "", .ticks = false},
           .marks = {{.id = "ratios", .mark = Mark::rule, .role = Role::mute, .note = "dashed"},
                     {.id = "rest", .mark = Mark::points, .role = Role::mute, .note = "faint"},
                     {.id = "names", .mark = Mark::text, .role = Role::data},
                     {.id = "best", .mark = Mark::points, .role = Role::model}}}};
}

}  // namespace

extern const live::Figure periodograms_figure;
const live::Figure periodograms_figure{
    .id = "statistics.periodograms",
    .title = "All periodograms",
    .question = "Do all statistics find the same period?",
    .shelf = live::Shelf::bench,
    .source = "Graham et al. 2013, MNRAS 434, 3423; Stellingwerf 1978, ApJ 224, 953; Schwarzenberg-Czerny 1996, ApJ 460, L107; Clarke 2002, A&A 386, 763; "
              "Huijse et al. 2018, ApJS 236, 12; Friedman 1984; Kovács et al. 2002, A&A 391, 369",
    .explain = kPeriodogramsExplain,
    .controls = controls(),
    .slots = {{.name = "series", .kind = live::SlotKind::series, .label = "light curve", .embedded = "eros_cepheid",
               .help = "Time, value, uncertainty and, if there is one, band."}},
    .panels = panels(),
    .frame = make_frame};

}  // namespace orrery::statistics
