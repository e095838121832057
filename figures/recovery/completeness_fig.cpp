// Injection and recovery: which planets or variables would have been found in this very series.
#include "completeness.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "common.hpp"
#include "orrery/core/random.hpp"

namespace orrery::figures::recovery {
namespace {

using live::Control, live::ControlKind, live::FrameContext, live::Mark, live::Panel, live::Role, live::Scale;
using transit::InjectionKind;

constexpr const char* kSlot = "series";
constexpr const char* kTransits = "transits";
constexpr const char* kVariables = "variable stars";
constexpr Index kMostTrials = 6;

bool own_file(const FrameContext& c) {
  return c.slots().has(kSlot) && c.slots().at(kSlot).embedded.empty() && c.slots().at(kSlot).version > 0;
}
InjectionKind kind_of(const FrameContext& c) { return c.choice("inject") == kVariables ? InjectionKind::variable : InjectionKind::transit; }

/// Code that draws the same map in Python, C++ and the shell.
live::Code code_for(const FrameContext& c, const CompletenessScene& s) {
  const bool transits = s.field.kind == InjectionKind::transit;
  const std::string file = own_file(c) && !c.slots().at(kSlot).name.empty() ? c.slots().at(kSlot).name : "star.csv";
  const std::string low = number_text(s.field.shortest, 4), high = number_text(s.field.longest, 4);
  const std::string trials = std::to_string(s.trials), level = number_text(s.threshold, 4);
  const std::string small = number_text(s.options.size_edge.front(), 3), large = number_text(s.options.size_edge.back(), 3);
  const std::string window = s.options.detrend ? number_text(s.options.detrend->window, 4) : "";
  const std::string kind = transits ? "transit" : "variable";
  live::Code code;
  code.python = "import orrery\n\nstar = orrery.read(\"" + file + "\")\nfound = orrery.completeness(star, kind=\"" + kind + "\", period=(" + low + ", " + high + ", 8), size=(" + small + ", " +
                large + ", 7),\n    trials=" + trials + ", threshold=" + level + (window.empty() ? "" : ", detrend=" + window) + ")\nprint(found)\nfound.fraction  # (7, 8)\n";
  code.cpp = "#include <orrery/data/read_series.hpp>\n#include <orrery/transit/completeness.hpp>\nusing namespace orrery;\n\nconst auto star = data::read_series_file(\"" + file +
             "\").series;\nconst auto map = transit::completeness(star.view(), {.kind = transit::InjectionKind::" + kind + ",\n    " +
             (transits ? "" : ".method = transit::RecoveryMethod::lomb_scargle, ") + ".period_edge = {" + low + ", " + high + "}, .size_edge = {" + small + ", " + large +
             "}, .trials = " + trials + ", .threshold = " + level + "});  // one cell; more edges, more cells\n";
  code.shell = "orrery completeness " + file + " --kind " + kind + " --period " + low + "," + high + ",8 --size " + small + "," + large + ",7 --trials " + trials + " --threshold " + level +
               (window.empty() ? "" : " --detrend " + window) + " --json";
  return code;
}

void draw_all(FrameContext& c, const CompletenessScene& scene) {
  c.frame() = {};
  draw_completeness(c, scene);
  say_completeness(c, scene);
  auto& frame = c.frame();
  frame.code = code_for(c, scene);
  auto& period = frame.control("period");
  period.value = scene.period;
  period.low = head_number(scene.field.shortest);
  period.high = head_number(scene.field.longest);
  auto& size = frame.control("size");
  size.value = scene.size;
  size.low = scene.field.smallest;
  size.high = scene.field.largest;
  if (!scene.field.simulated) {
    for (const char* name : {"noise", "spots"}) frame.control(name).disabled = "only for the simulated star";
  }
  if (scene.field.kind == InjectionKind::transit) frame.control("shape").disabled = "only for variable stars";
  if (scene.field.kind == InjectionKind::variable) frame.control("flatten").disabled = "only for transits";
  if (!scene.options.detrend) frame.control("window").disabled = "nothing is flattened";
}

/// Adds the trials and the control of another round.
void add_round(transit::CompletenessMap& map, const transit::CompletenessMap& round) {
  if (map.trials.empty()) {
    map = round;
    return;
  }
  map.trials.insert(map.trials.end(), round.trials.begin(), round.trials.end());
  map.control.statistic.insert(map.control.statistic.end(), round.control.statistic.begin(), round.control.statistic.end());
}

/// The signal that is looked at closely: its phase and impact are drawn once for a seed.
transit::Injection picked(const Field& field, double period, double size, std::uint64_t seed) {
  Random random(seed, 77);
  const double phase = random.uniform(), impact = 0.6 * random.uniform();
  return {.period = period, .size = field.engine_size(size), .epoch = field.series.t.front() + period * phase, .impact = impact};
}

/// A control's value, or what is chosen, within limits.
double chosen(const FrameContext& c, const char* name, double automatic, double low, double high) {
  return std::clamp(c.is_auto(name) ? head_number(automatic) : c.number(name), low, high);
}

struct Inputs {
  live::Key key;            ///< of the star and of the search
  MapSettings settings;
};

Inputs inputs_of(const FrameContext& c, bool simulated) {
  Inputs in{.key = simulated ? c.key({"inject", "noise", "spots", "seed"}) : c.key({"inject", "seed"}, {kSlot})};
  const bool transits = kind_of(c) == InjectionKind::transit;
  in.settings = {.sawtooth = !transits && c.choice("shape") == "sawtooth", .window = transits && c.toggle("flatten") ? c.number("window") : 0.0, .seed = seed_of(c)};
  return in;
}

Task<const Field*> star_of(FrameContext& c, bool simulated) {
  const auto key = simulated ? c.key({"inject", "noise", "spots", "seed"}) : c.key({"inject"}, {kSlot});
  const auto make = [&](Budget& budget) -> Task<Field> {
    if (simulated) co_return simulated_field(c.number("noise"), c.number("spots"), seed_of(c));
    auto reading = field_of(budget, c.slots().series(kSlot), kind_of(c));
    co_return co_await std::move(reading);
  };
  co_return co_await c.node_task<Field>("star", key, make);
}

Task<bool> make_frame(FrameContext& c) {
  static constexpr std::array<const char*, kMostTrials> kRound{"round 0", "round 1", "round 2", "round 3", "round 4", "round 5"};
  const bool simulated = kind_of(c) == InjectionKind::transit && !own_file(c);
  const Field& field = *co_await star_of(c, simulated);
  if (!field.trouble.empty()) {
    draw_trouble(c, field.trouble);
    co_return true;
  }
  Inputs in = inputs_of(c, simulated);
  in.key.add(in.settings.window).add(in.settings.sawtooth ? 1.0 : 0.0);
  auto options = options_of(field, in.settings);
  const double period = chosen(c, "period", std::pow(field.shortest, 0.55) * std::pow(field.longest, 0.45), field.shortest, field.longest);
  const double size = chosen(c, "size", std::pow(field.smallest, 0.4) * std::pow(field.largest, 0.6), field.smallest, field.largest);
  live::Key view_key = in.key;
  view_key.add(period).add(size);
  const auto look = [&](Budget& budget) {
    return transit::inject_and_search_light_task(budget, field.series.view(), options, picked(field, period, size, in.settings.seed));
  };
  const auto* view = co_await c.node_task<transit::InjectionView>("view", view_key, look);
  transit::CompletenessMap map{.period_edge = options.period_edge, .size_edge = options.size_edge};
  const Index trials = c.integer("trials");
  for (Index k = 0; k < trials; ++k) {
    bool fresh = false;
    const auto search = [&](Budget& budget) {
      fresh = true;
      auto round = options;
      round.first_trial = k;
      return transit::completeness_light_task(budget, field.series.view(), round);
    };
    judge_completeness(map, field.span, c.number("threshold"), options);
    if (k == 0) {  // the series, its search and the expectation before anything is known of the map
      draw_all(c, {field, options, map, *view, period, size, c.number("threshold"), trials, true});
      c.publish();
      co_await c.budget().pause();
    }
    const auto* round = co_await c.node_task<transit::CompletenessMap>(kRound[at(k)], in.key, search);
    add_round(map, *round);
    if (!fresh || k + 1 == trials) continue;
    judge_completeness(map, field.span, c.number("threshold"), options);
    draw_all(c, {field, options, map, *view, period, size, c.number("threshold"), trials, true});
    c.publish();
    co_await c.budget().pause();
  }
  judge_completeness(map, field.span, c.number("threshold"), options);
  draw_all(c, {field, options, map, *view, period, size, c.number("threshold"), trials, false});
  co_return true;
}

constexpr std::string_view kExplain = R"html(
<p>A survey finds what it can, not what there is. To know what a planet count or a list of variables means, signals of known period and size are put
into the real series, phase and path at random, and the same search that is used for discoveries is run on each. The share that comes back is the
<b>completeness</b>. An injection is <b>recovered</b> when the highest peak has the right period, within 2 % (or, for sinusoids, half the width of a peak),
and passes the threshold; half and twice the period are counted as aliases, not as recovered. Few
injections say little: with <math><mi>k</mi></math> of <math><mi>n</mi></math> recovered the interval is Wilson's, 68 %.</p>
<p>The line in the map is where theory puts one half: where the signal-to-noise ratio of all points together equals the threshold,</p>
<math display="block"><mi>SNR</mi><mo>=</mo><mi>depth</mi><msqrt><mi>W</mi><mfrac><mi>T</mi><mi>P</mi></mfrac></msqrt><mspace width="1em"/><mtext>or</mtext><mspace width="1em"/><mi>amplitude</mi><msqrt><mfrac><mi>W</mi><mn>2</mn></mfrac></msqrt><mo>,</mo><mspace width="1em"/><mi>W</mi><mo>=</mo><mo>&#x2211;</mo><mfrac><mn>1</mn><msup><mi>&#x3C3;</mi><mn>2</mn></msup></mfrac></math>
<p>In white noise a search follows <math><mi>&#x3A6;</mi><mo>(</mo><mi>SNR</mi><mo>&#x2212;</mo><mi>threshold</mi><mo>)</mo></math>. Gaps, a trend that is taken off together with part of the transit, slow noise and
aliases push the edge of the real map above the line: that is what the experiment is for. The price of a low threshold is in the <b>control</b>: the same search on the
series with its values in random order, where every detection is false.</p>
<p>Drag the point: its signal is put into the series, and the search shows what it finds. For transits the star is simulated, 27 days with an exposure an hour, on circular
orbits around a Sun; for variables it is a real star of the MACHO survey, its own variation taken out. Load your own light curve for its own map.</p>)html";

std::vector<Control> controls() {
  return {{.name = "inject", .label = "put in", .kind = ControlKind::choice, .choices = {kTransits, kVariables}, .group = "Injections"},
          {.name = "shape", .label = "shape", .kind = ControlKind::choice, .choices = {"sinusoid", "sawtooth"}, .group = "Injections"},
          {.name = "trials", .label = "injections a cell", .unit = "1", .kind = ControlKind::integer, .low = 1, .high = double(kMostTrials), .start = 4, .step = 1, .group = "Injections"},
          {.name = "period", .label = "period", .unit = "day", .low = 1e-3, .high = 1e5, .start = live::kAuto, .scale = Scale::log, .group = "Injections",
           .help = "Of the injection that is looked at: drag the point in the map."},
          {.name = "size", .label = "size over scatter", .unit = "1", .low = 1e-4, .high = 1e4, .start = live::kAuto, .scale = Scale::log, .group = "Injections",
           .help = "Depth of its transits, or its amplitude, in units of the scatter of a point."},
          {.name = "threshold", .label = "threshold", .unit = "1", .low = 3.0, .high = 15.0, .start = kMapThreshold, .group = "Search",
           .help = "Least signal-to-noise ratio of a peak that counts as a detection."},
          {.name = "flatten", .label = "flatten first", .kind = ControlKind::toggle, .start = 1.0, .group = "Search", .help = "A biweight trend is divided out of every injected series."},
          {.name = "window", .label = "window of the trend", .unit = "day", .low = 0.2, .high = 5.0, .start = 1.5, .scale = Scale::log, .group = "Search"},
          {.name = "noise", .label = "noise of a point", .unit = "ppm", .low = 20.0, .high = 5000.0, .start = 300.0, .scale = Scale::log, .group = "Star"},
          {.name = "spots", .label = "amplitude of spots", .unit = "ppm", .low = 0.0, .high = 5000.0, .start = 1000.0, .group = "Star"},
          seed_control()};
}

std::vector<Panel> panels() {
  return {{.id = "map", .title = "Recovered", .hint = "line: where theory puts one half; drag the point", .x = {"period", "day", Scale::log}, .y = {"depth / scatter of a point", "1", Scale::log},
           .marks = {{.id = "fraction", .mark = Mark::image},
                     {.id = "half", .mark = Mark::line, .role = Role::model, .note = "thick"},
                     {.id = "pick", .mark = Mark::handle, .role = Role::model, .control_x = "period", .control_y = "size"}},
           .wide = true, .tall = true},
          {.id = "series", .title = "The series with the injection", .hint = "line: what was put in", .x = {"time", "day"}, .y = {"flux − 1", "ppm"},
           .marks = {{.id = "obs", .mark = Mark::points, .role = Role::data}, {.id = "model", .mark = Mark::line, .role = Role::model}},
           .wide = true},
          {.id = "search", .title = "What the search sees", .hint = "dashed: threshold; line: the injected period", .x = {"period", "day", Scale::log}, .y = {"signal-to-noise ratio", "1"},
           .marks = {{.id = "level", .mark = Mark::rule, .role = Role::mute, .note = "dashed"},
                     {.id = "truth", .mark = Mark::rule, .role = Role::model, .note = "thin"},
                     {.id = "power", .mark = Mark::line, .role = Role::data},
                     {.id = "peak", .mark = Mark::points, .role = Role::accent, .note = "thick"}}},
          {.id = "fold", .title = "Folded on the injected period", .hint = "line: what was put in", .x = {"time from mid-transit", "h"}, .y = {"flux − 1", "ppm"},
           .marks = {{.id = "obs", .mark = Mark::points, .role = Role::data}, {.id = "model", .mark = Mark::line, .role = Role::model, .note = "thick"}}}};
}

}  // namespace

extern const live::Figure completeness_figure;
const live::Figure completeness_figure{
    .id = "recovery.completeness",
    .title = "What would have been found",
    .question = "Which planets or variable stars would a search of this very light curve have missed?",
    .shelf = live::Shelf::hacks,
    .source = "Christiansen et al. 2020, AJ 160, 159; Burke et al. 2015, ApJ 809, 8; Wilson 1927, J. Am. Stat. Assoc. 22, 209",
    .explain = kExplain,
    .controls = controls(),
    .slots = {{.name = kSlot, .kind = live::SlotKind::series, .label = "light curve", .embedded = "macho_1_3444_614",
               .help = "Time and flux or magnitude; of several bands the fullest is used."}},
    .panels = panels(),
    .frame = make_frame};

}  // namespace orrery::figures::recovery
