// Boxes against limb-darkened transits on a star with three planets, which are peeled off one by one.
#include <algorithm>
#include <array>
#include <optional>

#include "common.hpp"
#include "planets.hpp"

namespace orrery::figures::hacks {
namespace {

using live::Control, live::ControlKind, live::FrameContext, live::Mark, live::Panel, live::Role, live::Scale;

constexpr const char* kSlot = "series";
constexpr std::array<const char*, 4> kLayer{"layer 0", "layer 1", "layer 2", "layer 3"};

std::string file_name(const FrameContext& c) { return c.slots().has(kSlot) && !c.slots().at(kSlot).name.empty() ? c.slots().at(kSlot).name : "star.csv"; }

/// Code that finds the same planets in Python, C++ and the shell.
live::Code code_for(const FrameContext& c, bool simulated) {
  const std::string planets = std::to_string(c.integer("peel") + 1), shortest = number_text(c.number("shortest"), 4), window = number_text(c.number("window"), 4);
  const std::string file = simulated ? "star.csv" : file_name(c);
  live::Code code;
  code.python = "import orrery\n\nstar = orrery.read(\"" + file + "\")  # flux of level 1\nplanets = orrery.find_planets(star, max_planets=" + planets +
                ", min_period=" + shortest + ")\nfor planet in planets:\n    print(planet)\n";
  code.cpp = "#include <orrery/data/read_series.hpp>\n#include <orrery/transit/planet_search.hpp>\nusing namespace orrery;\n\n"
             "const auto star = data::read_series_file(\"" + file + "\").series;  // flux of level 1\n"
             "const auto rounds = transit::find_planets(star.view(), {.grid = {.min_period = " + shortest + "}, .max_planets = " + planets + "});\n";
  code.shell = "orrery transits " + file + " --method tls --planets " + planets + " --min-period " + shortest + (simulated ? "" : " --detrend " + window) + " --json";
  if (simulated) code.python = "# the figure's own star: orrery.evaluate(\"hacks.planets\").panels; or a file of yours:\n" + code.python;
  return code;
}

void draw_all(FrameContext& c, const PlanetScene& scene) {
  c.frame() = {};
  draw_planets(c, scene);
  say_planets(c, scene);
  c.frame().code = code_for(c, scene.star.simulated);
  if (!scene.star.simulated) {
    for (const char* name : {"noise", "size", "seed"}) c.frame().control(name).disabled = "only for the simulated star";
  } else {
    c.frame().control("window").disabled = "the simulated star has no trend";
  }
}

void say_trouble(FrameContext& c, const Star& star) {
  c.frame() = {};
  for (const char* id : {"series", "tls", "bls", "fold"}) {
    auto& panel = c.frame().panel(id);
    panel.x = {1.0, 10.0};
    panel.alt = "Nothing to show.";
  }
  set_line(c.frame().panel("series").mark("obs"), star.series.t, star.series.y);
  if (star.series.size() > 0) {
    live::show(c.frame().panel("series").x, live::extent(star.series.t));
    live::show(c.frame().panel("series").y, live::extent(star.series.y));
  }
  c.frame().number("period", "none", "", "", "not searched");
  c.frame().warn(star.trouble);
}

Task<bool> make_frame(FrameContext& c) {
  const bool own = c.slots().has(kSlot) && c.slots().at(kSlot).version > 0;
  const live::Key star_key = own ? c.key({"window"}, {kSlot}) : c.key({"noise", "size", "seed"});
  const Star& star = c.node("star", star_key, [&] {
    return own ? star_of(c.slots().series(kSlot), c.number("window")) : simulated_star(c.number("noise"), c.number("size"), seed_of(c));
  });
  if (!star.trouble.empty()) {
    say_trouble(c, star);
    co_return true;
  }
  const double shortest = c.number("shortest");
  live::Key layer_key = c.key({"shortest"});
  layer_key.add(star_key);
  const Index peel = c.integer("peel");
  PlanetScene scene{.star = star};
  data::Series rest = star.series;
  for (Index k = 0; k <= peel; ++k) {
    const double fine = affordable_oversampling(star.series, shortest, 3.0);
    auto search = [&](Budget& budget) -> Task<Layer> {
      if (k == peel) {  // a coarse answer first
        const Layer rough = co_await search_layer(budget, rest, shortest, fine / 3.0);
        PlanetScene coarse = scene;
        coarse.layers.push_back(&rough);
        coarse.coarse = true;
        draw_all(c, coarse);
        c.publish();
        co_await budget.pause();
      }
      Layer layer = co_await search_layer(budget, rest, shortest, fine);
      if (k < peel) {  // and every planet on the way
        PlanetScene passing = scene;
        passing.layers.push_back(&layer);
        draw_all(c, passing);
        c.publish();
        co_await budget.pause();
      }
      co_return layer;
    };
    const auto* layer = co_await c.node_task<Layer>(kLayer[at(k)], layer_key, search);
    scene.layers.push_back(layer);
    if (!layer->has_planet) break;
    if (k < peel) rest = without(rest, layer->planet);
  }
  draw_all(c, scene);
  co_return true;
}

constexpr std::string_view kExplain = R"html(
<p>A planet that crosses its star takes a little light away, once an orbit. A search folds the light curve at thousands of trial periods and asks at
each which dip, of any phase and duration, lowers <math><msup><mi>&#x3C7;</mi><mn>2</mn></msup></math> most. <b>Box least squares</b> tries a
rectangle, <b>transit least squares</b> the shape that a transit has: steep edges, and a round bottom because the star is darker at its limb. With the
shape <math><mi>s</mi></math> of unit depth, the missing light <math><mi>r</mi><mo>=</mo><mn>1</mn><mo>&#x2212;</mo><mi>y</mi></math> and weights <math><mi>w</mi></math>,</p>
<math display="block"><mi>depth</mi><mo>=</mo><mfrac><mi>A</mi><mi>B</mi></mfrac><mo>,</mo><mspace width="1em"/><mi>&#x394;</mi><msup><mi>&#x3C7;</mi><mn>2</mn></msup><mo>=</mo><mfrac><msup><mi>A</mi><mn>2</mn></msup><mi>B</mi></mfrac><mo>,</mo><mspace width="1em"/><mi>A</mi><mo>=</mo><mo>&#x2211;</mo><mi>w</mi><mi>r</mi><mi>s</mi><mo>,</mo><mspace width="0.6em"/><mi>B</mi><mo>=</mo><mo>&#x2211;</mo><mi>w</mi><msup><mi>s</mi><mn>2</mn></msup></math>
<p>The spectra show <math><mi>SR</mi><mo>=</mo><msubsup><mi>&#x3C7;</mi><mi>min</mi><mn>2</mn></msubsup><mo>/</mo><msup><mi>&#x3C7;</mi><mn>2</mn></msup></math>
less its running median, in units of its standard deviation over the periods; the height of the peak is the <b>signal detection efficiency</b>. White noise
alone passes 7 in one search of a hundred (dashed). Both methods have the same periods and noise here, so the difference is the shape, and
that the transit search bounds the duration at each period by what stars allow.</p>
<p><b>Peel</b> takes the transits of the planets found so far out of the light curve and searches the rest. The star is simulated with three planets like those of K2-3,
80 days of half-hour exposures. The outermost crosses only twice, and the telescope looked away half way between: then a period of half the
length explains the data as well, and the figure says so. Load your own light curve to search that: magnitudes become flux, and a running
median (three times the longest transit, or more) is divided out first.</p>)html";

std::vector<Control> controls() {
  return {{.name = "peel", .label = "peel planets", .unit = "1", .kind = ControlKind::integer, .low = 0, .high = 3, .start = 0, .step = 1, .group = "Search",
           .help = "Takes the transits of so many planets out before the search."},
          {.name = "shortest", .label = "shortest period", .unit = "day", .low = 1.0, .high = 8.0, .start = 3.0, .scale = Scale::log, .group = "Search"},
          {.name = "window", .label = "median window", .unit = "day", .low = 0.3, .high = 5.0, .start = 1.0, .scale = Scale::log, .group = "Search",
           .help = "Of the trend that is divided out of your own file."},
          {.name = "noise", .label = "noise of a point", .unit = "ppm", .low = 20.0, .high = 2000.0, .start = 60.0, .scale = Scale::log, .group = "Star"},
          {.name = "size", .label = "size of the planets", .unit = "1", .low = 0.3, .high = 2.0, .start = 1.0, .scale = Scale::log, .group = "Star",
           .help = "Radii in units of those of K2-3's planets."},
          seed_control()};
}

std::vector<Panel> panels() {
  const auto spectrum = [](const char* id, const char* title, const char* hint) {
    return Panel{.id = id, .title = title, .hint = hint, .x = {"period", "day", Scale::log}, .y = {"detection efficiency", "1"},
                 .marks = {{.id = "level", .mark = Mark::rule, .role = Role::mute, .note = "dashed"},
                           {.id = "gone", .mark = Mark::rule, .role = Role::mute, .note = "thin"},
                           {.id = "power", .mark = Mark::line, .role = Role::accent},
                           {.id = "peak", .mark = Mark::points, .role = Role::model}},
                 .wide = true};
  };
  return {{.id = "series", .title = "Light curve", .hint = "letters: transits found so far", .x = {"time", "day"}, .y = {"flux − 1", "ppm"},
           .marks = {{.id = "transits", .mark = Mark::rule, .role = Role::mute, .note = "dashed"},
                     {.id = "left", .mark = Mark::points, .role = Role::mute, .note = "faint"},
                     {.id = "obs", .mark = Mark::points, .role = Role::data},
                     {.id = "model", .mark = Mark::line, .role = Role::model, .note = "thick"}},
           .wide = true},
          spectrum("tls", "Transit least squares", "dashed: one false alarm in a hundred"),
          spectrum("bls", "Box least squares", "the same periods"),
          {.id = "fold", .title = "Folded on the best period", .hint = "line: transit; grey: box; large points: means", .x = {"time from mid-transit", "h"}, .y = {"flux − 1", "ppm"},
           .marks = {{.id = "obs", .mark = Mark::points, .role = Role::data, .note = "faint"},
                     {.id = "box", .mark = Mark::line, .role = Role::mute},
                     {.id = "model", .mark = Mark::line, .role = Role::model, .note = "thick"},
                     {.id = "means", .mark = Mark::points, .role = Role::accent, .note = "thick"}},
           .wide = true}};
}

}  // namespace

extern const live::Figure planets_figure;
const live::Figure planets_figure{
    .id = "hacks.planets",
    .title = "Planets, peeled one by one",
    .question = "How many planets cross this star, and does the shape of a transit help to find them?",
    .shelf = live::Shelf::hacks,
    .source = "Hippke & Heller 2019, A&A 623, A39; Kovács, Zucker & Mazeh 2002, A&A 391, 369; Mandel & Agol 2002, ApJ 580, L171; Crossfield et al. 2015, ApJ 804, 10 (K2-3)",
    .explain = kExplain,
    .controls = controls(),
    .slots = {{.name = kSlot, .kind = live::SlotKind::series, .label = "light curve", .embedded = "",
               .help = "Time and flux or magnitude in one band, with or without errors."}},
    .panels = panels(),
    .frame = make_frame};

}  // namespace orrery::figures::hacks
