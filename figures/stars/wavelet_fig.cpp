// Periods that change: weighted wavelet Z of a star with gaps, and what one periodogram of the whole makes of it.
#include <algorithm>
#include <cmath>
#include <limits>

#include "common.hpp"
#include "orrery/period/caution.hpp"
#include "orrery/period/lomb_scargle_fast.hpp"
#include "orrery/period/wavelet.hpp"
#include "orrery/stats/robust.hpp"
#include "orrery/stats/special.hpp"
#include "stars/wavelet_star.hpp"

namespace orrery::figures::stars {
namespace {

using live::Control, live::ControlKind, live::FrameContext, live::Mark, live::Panel, live::Role, live::Scale;

constexpr Index kTimes = 160;
constexpr double kMostFrequencies = 200'000.0;
constexpr double kChance = 1e-3;   // at one place of the map
constexpr double kFewest = 6.0;     // effective points: a sinusoid through fewer explains anything
constexpr const char* kSimulation[] = {"true_period", "drift", "pause", "visits", "days", "sigma", "seed"};

/// Periods of the map, and how finely: a third of the width that the window gives to a peak.
struct Range {
  double shortest = 1.0, longest = 100.0;
  Index rows = 100;
};

Range range_of(const FrameContext& c, const data::Series& s) {
  const double span = s.t.back() - s.t.front();
  const auto cadence = period::series_cadence(s);
  Range r{cadence.regular ? std::max(2.0 * cadence.median, span / 100.0) : span / 100.0, 0.5 * span};
  // A longer period than the series is a trend, and its amplitude anybody's guess.
  if (!c.is_auto("max_period")) r.longest = std::min(c.number("max_period"), span);
  if (!c.is_auto("min_period")) r.shortest = c.number("min_period");
  r.shortest = std::min(r.shortest, 0.5 * r.longest);
  const double width = std::sqrt(2.0 * c.number("decay"));
  r.rows = std::clamp<Index>(static_cast<Index>(3.0 * std::log(r.longest / r.shortest) / width), 24, 240);
  return r;
}

/// Frequencies whose periods are evenly spaced in the logarithm, the longest period first: rows of an image from below are periods
/// downwards, so that the shortest is on top as in a periodogram turned on its side.
std::vector<double> frequencies(const Range& r, Index rows) {
  auto f = log_spaced(1.0 / r.longest, 1.0 / r.shortest, 2 * rows + 1);  // edges and centres
  std::vector<double> out;
  for (Index i = 0; i < rows; ++i) out.push_back(f[at(2 * i + 1)]);
  return out;
}

std::vector<double> times(const data::Series& s, Index n) {
  const double step = (s.t.back() - s.t.front()) / static_cast<double>(n);
  std::vector<double> out;
  for (Index i = 0; i < n; ++i) out.push_back(s.t.front() + (static_cast<double>(i) + 0.5) * step);
  return out;
}

Task<period::WaveletMap> map_task(Budget& budget, const data::Series& s, Range range, double decay, Index rows, Index columns) {
  const auto frequency = frequencies(range, rows);
  const auto time = times(s, columns);
  co_return co_await period::weighted_wavelet_task(budget, s.view(), frequency, time, {.decay = decay, .threads = 1});
}

/// Amplitude of the best sinusoid for all times, five frequencies a peak.
struct Whole {
  period::FrequencyGrid grid;
  std::vector<double> amplitude;
};

Task<Whole> whole_task(Budget& budget, const data::Series& s, Range r) {
  Whole out;
  const double step = 1.0 / (5.0 * (s.t.back() - s.t.front())), first = 1.0 / r.longest;
  const double count = std::ceil((1.0 / r.shortest - first) / step) + 1.0;
  out.grid = {first, step, static_cast<Index>(std::clamp(count, 2.0, kMostFrequencies))};
  out.amplitude = co_await period::lomb_scargle_fast_task(budget, s.view(), out.grid, {.threads = 1});
  double weight = s.sigma.empty() ? static_cast<double>(s.size()) : 0.0;
  for (const double e : s.sigma) weight += 1.0 / (e * e);
  const double variance = period::reference_chi2(s.view()) / weight;
  for (double& a : out.amplitude) a = std::sqrt(2.0 * a * variance);
  co_return out;
}

/// Probability that white noise has such a Z at one place.
double chance(double z, double effective) { return effective > 3.0 ? stats::f_survival(z, 2.0, effective - 3.0) : 1.0; }

/// Z where enough points speak, else 0.
double z_at(const period::WaveletMap& map, Index i, Index j) {
  const auto place = at(i * map.columns() + j);
  return map.effective[place] >= kFewest ? map.z[place] : 0.0;
}

/// Row of the highest Z in a column.
Index top_row(const period::WaveletMap& map, Index j) {
  Index best = 0;
  for (Index i = 1; i < map.rows(); ++i) {
    if (z_at(map, i, j) > z_at(map, best, j)) best = i;
  }
  return best;
}

struct Ridge {
  std::vector<double> time, period;
};

/// The highest Z of each time, where noise seldom has one.
Ridge ridge_of(const period::WaveletMap& map) {
  Ridge out;
  for (Index j = 0; j < map.columns(); ++j) {
    const Index best = top_row(map, j);
    const bool inside = best > 0 && best + 1 < map.rows();
    if (!inside || chance(z_at(map, best, j), map.effective[at(best * map.columns() + j)]) > kChance) continue;
    out.time.push_back(map.time[at(j)]);
    // The top of the parabola through three rows, which are even in the logarithm.
    const double below = z_at(map, best - 1, j), top = z_at(map, best, j), above = z_at(map, best + 1, j);
    const double bend = below - 2.0 * top + above, shift = bend < 0.0 ? 0.5 * (below - above) / bend : 0.0;
    const double ratio = map.frequency[at(best + 1)] / map.frequency[at(best)];
    out.period.push_back(1.0 / (map.frequency[at(best)] * std::pow(ratio, shift)));
  }
  return out;
}

struct Scene {
  const data::Series& series;
  const period::WaveletMap& map;
  const Whole& whole;
  Range range;
  Ridge ridge;
  double offset = 0.0;  ///< of times shown
  double cut = 0.0;     ///< time of the cut [day], as shown
  Index column = 0;     ///< of the map there
  bool simulated = true;
  std::string file;
};

std::vector<double> shown(const Scene& s, std::vector<double> t) {
  for (double& v : t) v -= s.offset;
  return t;
}

void draw_series(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("series");
  const auto x = shown(s, s.series.t);
  set_line(panel.mark("obs"), x, s.series.y);
  set_rule_x(panel.mark("cut"), {s.cut});
  panel.y.label = s.series.y_label;
  panel.y.unit = s.series.y_unit.empty() ? "1" : s.series.y_unit;
  panel.y.reversed = s.series.quantity == data::Quantity::magnitude;
  panel.x.label = s.offset > 0.0 ? s.series.time_label + " − " + number_text(s.offset) : s.series.time_label;
  live::show(panel.x, live::extent(x, 0.01));
  live::show(panel.y, live::extent(s.series.y, 0.06));
  panel.alt = plural(s.series.size(), "measurement") + " over " + number_text(x.back() - x.front(), 4) + " days.";
}

/// Next number with two digits.
double upper_limit(double top) {
  const double unit = std::pow(10.0, std::floor(std::log10(std::max(top, 1.0))) - 1.0);
  return std::ceil(std::max(top, 1.0) / unit) * unit;
}

void draw_map(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("map");
  const Index rows = s.map.rows(), columns = s.map.columns();
  std::vector<float> value(s.map.z.size());
  double top = 0.0;
  for (Index i = 0; i < rows; ++i) {
    for (Index j = 0; j < columns; ++j) {
      // Periods upwards: the map's rows are frequencies upwards.
      const double z = z_at(s.map, rows - 1 - i, j);
      const bool known = s.map.effective[at((rows - 1 - i) * columns + j)] >= kFewest;
      value[at(i * columns + j)] = known ? static_cast<float>(z) : std::numeric_limits<float>::quiet_NaN();
      top = std::max(top, z);
    }
  }
  const double first = s.series.t.front() - s.offset, last = s.series.t.back() - s.offset;
  panel.mark("z").set("value", std::span<const float>(value)).grid =
      live::Grid{.rows = rows, .cols = columns, .x0 = first, .x1 = last, .y0 = s.range.shortest, .y1 = s.range.longest,
                 .low = 0.0, .high = upper_limit(top), .map = "viridis", .label = "weighted wavelet Z"};
  set_line(panel.mark("ridge"), shown(s, s.ridge.time), s.ridge.period);
  panel.mark("truth").hidden = !s.simulated;
  if (s.simulated) {
    const Drift drift = drift_of(c);
    set_curve(panel.mark("truth"), spaced(0.0, drift.days, 80), [&](double t) { return drift.period_at(t); });
  }
  set_rule_x(panel.mark("cut"), {s.cut});
  set_point(panel.mark("handle"), s.cut, s.range.longest / std::pow(s.range.longest / s.range.shortest, 0.04));
  panel.x.label = s.offset > 0.0 ? s.series.time_label + " − " + number_text(s.offset) : s.series.time_label;
  panel.x.low = first;
  panel.x.high = last;
  panel.y.low = s.range.shortest;
  panel.y.high = s.range.longest;
  panel.alt = "Map of wavelet Z over time and period, highest " + number_text(top, 3) + "; a ridge at " +
              plural(ssize(s.ridge.time), "time") + " of " + std::to_string(columns) + ".";
}

void draw_cut(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("cut");
  std::vector<double> x, here, period;
  for (Index i = s.map.rows() - 1; i >= 0; --i) {
    x.push_back(1.0 / s.map.frequency[at(i)]);
    const auto place = at(i * s.map.columns() + s.column);
    here.push_back(s.map.effective[place] >= kFewest ? s.map.amplitude[place] : std::numeric_limits<double>::quiet_NaN());
  }
  set_line(panel.mark("here"), x, here);
  for (Index k = 0; k < s.whole.grid.count; ++k) period.push_back(1.0 / s.whole.grid[k]);
  set_line(panel.mark("whole"), period, s.whole.amplitude);
  // Where the window holds few points a sinusoid can be as large as it likes: the axis is that of the data.
  const auto [low, high] = std::minmax_element(s.series.y.begin(), s.series.y.end());
  panel.x = {s.range.shortest, s.range.longest};
  panel.y.low = 0.0;
  panel.y.high = 0.6 * (*high - *low);
  panel.y.unit = s.series.y_unit.empty() ? "1" : s.series.y_unit;
  panel.hint = "at " + number_text(s.cut, 4) + " days, and all times together";
  panel.alt = "Amplitude of the best sinusoid around the chosen time, and of one for the whole series.";
}

double median_between(const Ridge& ridge, double low, double high) {
  std::vector<double> p;
  for (std::size_t i = 0; i < ridge.time.size(); ++i) {
    if (ridge.time[i] >= low && ridge.time[i] <= high) p.push_back(ridge.period[i]);
  }
  return p.empty() ? 0.0 : stats::median(p);
}

void say(FrameContext& c, const Scene& s) {
  live::Frame& frame = c.frame();
  const double first = s.series.t.front(), last = s.series.t.back(), tenth = 0.1 * (last - first);
  const double begin = median_between(s.ridge, first, first + 2.0 * tenth), end = median_between(s.ridge, last - 2.0 * tenth, last);
  const auto words = [](double p) { return p > 0.0 ? number_text(p, 4) : std::string("none"); };
  frame.number("period in the first fifth", words(begin), begin > 0.0 ? "day" : "");
  frame.number("in the last fifth", words(end), end > 0.0 ? "day" : "", "",
               begin > 0.0 && end > 0.0 ? (end > begin ? "+" : "") + number_text(100.0 * (end / begin - 1.0), 2) + " %" : "");
  const Index best = top_row(s.map, s.column);
  const double z = z_at(s.map, best, s.column), effective = s.map.effective[at(best * s.map.columns() + s.column)];
  frame.number("at the cut", z > 0.0 ? number_text(1.0 / s.map.frequency[at(best)], 4) : "too few points", z > 0.0 ? "day" : "", "",
               "Z = " + number_text(z, 3) + " of " + number_text(effective, 3) + " effective points");
  frame.number("chance of that Z", number_text(z > 0.0 ? chance(z, effective) : 1.0, 2), "", "", "white noise, at one place");
  const double share = static_cast<double>(s.ridge.time.size()) / static_cast<double>(s.map.columns());
  frame.number("times with a ridge", percent(share), "%");
  if (s.ridge.time.empty()) frame.warn("No period stands out of noise at any time: more points, or a smaller decay for windows of more cycles.");
  if (s.simulated) offer_draw_again(c);
}

void write_code(FrameContext& c, const Scene& s) {
  if (s.simulated) return;  // the general code repeats the state
  std::string name = "\"";
  for (const char ch : s.file) name += ch == '"' || ch == '\\' ? std::string("\\") + ch : std::string(1, ch);
  name += '"';
  const std::string decay = number_text(c.number("decay"), 4), low = number_text(s.range.shortest, 5), high = number_text(s.range.longest, 5);
  c.frame().code.python = "import numpy, orrery\n\nstar = orrery.read(" + name + ")\nfound = orrery.weighted_wavelet(star, frequency=1 / numpy.geomspace(" +
                          low + ", " + high + ", " + std::to_string(s.range.rows) + "), decay=" + decay + ")\nfound.z\n";
  c.frame().code.cpp = "#include <orrery/data/read_series.hpp>\n#include <orrery/period/wavelet.hpp>\nusing namespace orrery;\n\n"
                       "const auto star = data::read_series_file(" + name + ").series;\nconst auto map = period::weighted_wavelet(star.view(), "
                       "frequency, time, {.decay = " + decay + "});\n";
  c.frame().code.shell = "orrery wavelet " + name + " --min-period " + low + " --max-period " + high + " --decay " + decay + "\n";
}

void draw(FrameContext& c, const data::Series& series, const period::WaveletMap& map, const Whole& whole, const Range& range) {
  const bool simulated = !c.slots().has("series");
  Scene s{series, map, whole, range, ridge_of(map), simulated ? 0.0 : std::floor(series.t.front())};
  s.simulated = simulated;
  s.file = simulated ? "" : c.slots().at("series").name;
  const double first = series.t.front() - s.offset, span = series.t.back() - series.t.front();
  s.cut = c.is_auto("cut") ? first + 0.25 * span : std::clamp(c.number("cut"), first, first + span);
  s.column = std::clamp<Index>(static_cast<Index>((s.cut - first) / span * static_cast<double>(map.columns())), 0, map.columns() - 1);
  c.frame() = {};
  draw_series(c, s);
  draw_map(c, s);
  draw_cut(c, s);
  say(c, s);
  write_code(c, s);
  auto& cut = c.frame().control("cut");
  cut.low = first;
  cut.high = first + span;
  cut.value = s.cut;
  c.frame().control("min_period").value = range.shortest;
  c.frame().control("max_period").value = range.longest;
  if (!simulated) {
    for (const char* name : kSimulation) c.frame().control(name).disabled = "your file is shown, not the simulated star";
  }
}

Task<bool> make_frame(FrameContext& c) {
  const bool simulated = !c.slots().has("series");
  live::Key raw_key = simulated ? c.key({"true_period", "drift", "pause", "visits", "days", "sigma", "seed"}) : c.key({}, {"series"});
  const auto& series = c.node("series", raw_key, [&] { return simulated ? drifting_star(c, seed_of(c)) : c.slots().series("series"); });
  if (const auto words = wavelet_trouble(series); !words.empty()) {
    draw_trouble(c, words);
    co_return true;
  }
  live::Key key = c.key({"decay", "min_period", "max_period"});
  key.add(raw_key);
  const Range range = range_of(c, series);
  const double decay = c.number("decay");
  auto transform = [&](Budget& budget) { return whole_task(budget, series, range); };
  const auto* whole = co_await c.node_task<Whole>("whole", key, transform);
  if (series.size() > 1000) {  // a coarse map first
    auto rough = [&](Budget& budget) { return map_task(budget, series, range, decay, 24, 32); };
    const auto* map = co_await c.node_task<period::WaveletMap>("rough", key, rough);
    draw(c, series, *map, *whole, range);
    c.publish();
    co_await c.budget().pause();
  }
  auto fine = [&](Budget& budget) { return map_task(budget, series, range, decay, range.rows, kTimes); };
  const auto* map = co_await c.node_task<period::WaveletMap>("map", key, fine);
  draw(c, series, *map, *whole, range);
  co_return true;
}

constexpr std::string_view kExplain = R"html(
<p>A periodogram asks for one period of all the data. A star whose period drifts, or that stops for a season, spreads its power over many
frequencies. A <b>wavelet</b> asks again at every time, and lets points count less the farther they are, by</p>
<math display="block"><msub><mi>w</mi><mi>i</mi></msub><mo>=</mo><msup><mi>e</mi><mrow><mo>&#x2212;</mo><mi>c</mi><msup><mrow><mo>(</mo><mn>2</mn><mi>&#x3C0;</mi><mi>f</mi><mo>(</mo><msub><mi>t</mi><mi>i</mi></msub><mo>&#x2212;</mo><mi>&#x3C4;</mi><mo>)</mo><mo>)</mo></mrow><mn>2</mn></msup></mrow></msup></math>
<p>so that each frequency is judged over the same number of cycles. With gaps the plain transform fails: constant, sine and cosine are no longer
independent under these weights. Foster's <b>weighted wavelet Z</b> fits the three together and compares what they explain with what is left,</p>
<math display="block"><mi>Z</mi><mo>=</mo><mfrac><mrow><mo>(</mo><msub><mi>N</mi><mtext>eff</mtext></msub><mo>&#x2212;</mo><mn>3</mn><mo>)</mo><msub><mi>V</mi><mi>y</mi></msub></mrow>
<mrow><mn>2</mn><mo>(</mo><msub><mi>V</mi><mi>x</mi></msub><mo>&#x2212;</mo><msub><mi>V</mi><mi>y</mi></msub><mo>)</mo></mrow></mfrac></math>
<p>which for white noise is an F statistic of 2 and <math><msub><mi>N</mi><mtext>eff</mtext></msub><mo>&#x2212;</mo><mn>3</mn></math> degrees of freedom. The line follows the
highest Z where noise has one as high less than once in a thousand places; the dashed one is the simulated star's true period.
Where fewer than six points count the map is empty.</p>
<p>The decay <math><mi>c</mi></math> trades time against frequency: 0.0125 sees about one and a half cycles to each side, 0.001 five. Slow down the drift, shorten the
series, or let the star pause: the map says where the period is, and where nobody can know.</p>)html";

std::vector<Control> controls() {
  return {{.name = "cut", .label = "cut at", .unit = "day", .low = -1e6, .high = 1e7, .start = live::kAuto, .group = "Look", .help = "Drag the marker on the map."},
          {.name = "decay", .label = "decay of the window", .unit = "1", .low = 0.0005, .high = 0.1, .start = 0.0125, .scale = Scale::log, .group = "Wavelet",
           .help = "Smaller sees more cycles: finer in frequency, coarser in time."},
          {.name = "min_period", .label = "shortest period", .unit = "day", .low = 1e-3, .high = 1e5, .start = live::kAuto, .scale = Scale::log, .group = "Wavelet"},
          {.name = "max_period", .label = "longest period", .unit = "day", .low = 1e-3, .high = 1e5, .start = live::kAuto, .scale = Scale::log, .group = "Wavelet"},
          {.name = "true_period", .label = "period at the start", .unit = "day", .low = 4.0, .high = 80.0, .start = 20.0, .scale = Scale::log, .group = "Simulated star"},
          {.name = "drift", .label = "change to the end", .unit = "%", .low = -60.0, .high = 100.0, .start = 50.0, .step = 1.0, .group = "Simulated star"},
          {.name = "pause", .label = "pause in the middle", .unit = "%", .low = 0.0, .high = 60.0, .start = 20.0, .step = 1.0, .group = "Simulated star",
           .help = "Part of the time in which the star does not pulsate."},
          {.name = "visits", .label = "measurements", .unit = "1", .kind = ControlKind::integer, .low = 20, .high = 1000, .start = 300, .step = 1, .group = "Observing"},
          {.name = "days", .label = "observed", .unit = "day", .low = 100.0, .high = 1000.0, .start = 400.0, .step = 1.0, .group = "Observing"},
          {.name = "sigma", .label = "noise", .unit = "mag", .low = 0.005, .high = 0.3, .start = 0.04, .scale = Scale::log, .group = "Observing", .help = "The amplitude is 0.1 mag."},
          seed_control()};
}

std::vector<Panel> panels() {
  return {{.id = "series", .title = "Light curve", .x = {"time", "day"}, .y = {"magnitude", "mag"},
           .marks = {{.id = "cut", .mark = Mark::rule, .role = Role::mute, .note = "dashed"},
                     {.id = "obs", .mark = Mark::points, .role = Role::data}},
           .wide = true},
          {.id = "map", .title = "Which period when", .hint = "drag the marker", .x = {"time", "day"}, .y = {"period", "day", Scale::log},
           .marks = {{.id = "z", .mark = Mark::image},
                     {.id = "truth", .mark = Mark::line, .role = Role::mute, .note = "dashed"},
                     {.id = "ridge", .mark = Mark::points, .role = Role::model},
                     {.id = "cut", .mark = Mark::rule, .role = Role::mute, .note = "dashed"},
                     {.id = "handle", .mark = Mark::handle, .role = Role::model, .control_x = "cut"}},
           .wide = true, .tall = true},
          {.id = "cut", .title = "Amplitude", .x = {"period", "day", Scale::log}, .y = {"amplitude", "mag"},
           .marks = {{.id = "whole", .mark = Mark::line, .role = Role::mute, .label = "all times"},
                     {.id = "here", .mark = Mark::line, .role = Role::accent, .label = "around the cut"}}, .wide = true}};
}

}  // namespace

extern const live::Figure wavelet_figure;
const live::Figure wavelet_figure{
    .id = "stars.wavelet",
    .title = "Wavelets",
    .question = "Did the star keep its period?",
    .shelf = live::Shelf::lectures,
    .source = "Foster 1996, AJ 112, 1709",
    .explain = kExplain,
    .controls = controls(),
    .slots = {{.name = "series", .kind = live::SlotKind::series, .label = "light curve", .embedded = "",
               .help = "Time and value of one band."}},
    .panels = panels(),
    .frame = make_frame};

}  // namespace orrery::figures::stars
