// A spotted star: rotation by autocorrelation and by sinusoids, and the trap of half a turn.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "common.hpp"
#include "orrery/core/random.hpp"
#include "orrery/period/lomb_scargle_fast.hpp"
#include "orrery/period/rotation.hpp"
#include "orrery/stats/robust.hpp"
#include "orrery/stats/running_median.hpp"

namespace orrery::figures::stars {
namespace {

using live::Control, live::ControlKind, live::FrameContext, live::Mark, live::Panel, live::Role, live::Scale;
using period::RotationPeriod;

constexpr double kTurn = 2.0 * std::numbers::pi;
constexpr double kCadence = 0.25;    // day
constexpr Index kMostRows = 100'000;
constexpr double kShortest = 0.5;    // day, of the periodogram
constexpr double kLongest = 120.0;   // day, lag and period

/// Two active longitudes; on each, spots are born at random times, grow and decay as Gaussians of the lifetime.
data::Series simulate(const FrameContext& c, std::uint64_t seed) {
  const double days = c.number("days"), life = c.number("lifetime"), turn = c.number("true_period");
  const double apart = c.number("apart") / 360.0, second = c.number("second"), sigma = c.number("sigma");
  Random random(seed, 6);
  struct Spot {
    double born, depth, longitude;
  };
  std::vector<Spot> spots;
  const double every = 0.7 * life;
  for (int place = 0; place < 2; ++place) {
    for (double t = -3.0 * life; t < days + 3.0 * life; t += every) {
      const double depth = 0.01 * (place == 0 ? 1.0 : second) * (0.7 + 0.6 * random.uniform());
      spots.push_back({t + every * random.uniform(), depth, (place == 0 ? 0.0 : apart) + 0.02 * random.normal()});
    }
  }
  data::Series s{.name = "simulated star", .y_label = "relative flux", .y_unit = "", .quantity = data::Quantity::flux};
  for (double t = 0.0; t < days; t += kCadence) {
    double flux = 1.0;
    for (const auto& spot : spots) {
      const double age = (t - spot.born) / life;
      if (std::fabs(age) > 3.0) continue;
      flux -= spot.depth * std::exp(-2.0 * age * age) * std::max(0.0, std::cos(kTurn * (t / turn - spot.longitude)));
    }
    s.t.push_back(t);
    s.y.push_back(flux + 1e-3 * sigma * random.normal());
  }
  return s;
}

std::string trouble_with(const data::Series& s) {
  if (s.size() > kMostRows) return "The file has " + std::to_string(s.size()) + " measurements; this figure takes up to 100,000.";
  if (s.size() < 20) return "Fewer than 20 measurements do not show a rotation.";
  if (s.bands() > 1) return "The file has several bands: choose the value column of one.";
  const auto [low, high] = std::minmax_element(s.y.begin(), s.y.end());
  if (!(*high > *low)) return "All values are equal: there is nothing to repeat.";
  if (!(s.t.back() > s.t.front())) return "All measurements are at the same time.";
  return {};
}

/// The series as both methods see it: without a slow trend and far points.
data::Series cleaned(const data::Series& s, double detrend) {
  data::Series out{.name = s.name,
                   .time_label = s.time_label,
                   .time_unit = s.time_unit,
                   .y_label = s.y_label,
                   .y_unit = s.y_unit,
                   .quantity = s.quantity};
  std::vector<double> y = s.y;
  if (detrend > 0.0) {
    const auto trend = stats::running_median(s.t, s.y, detrend);
    const double level = stats::median(s.y);
    const bool flux = *std::min_element(trend.begin(), trend.end()) > 0.0 && level > 0.0;  // steps between quarters are of sensitivity
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = flux ? level * y[i] / trend[i] : y[i] - trend[i] + level;
  }
  const double middle = stats::median(y), limit = 5.0 * stats::kMadToSigma * stats::median_absolute_deviation(y);
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (limit > 0.0 && std::fabs(y[i] - middle) > limit) continue;
    out.t.push_back(s.t[i]);
    out.y.push_back(y[i]);
  }
  return out;
}

struct Answers {
  RotationPeriod rotation;
  period::FrequencyGrid grid;
  std::vector<double> one, two;  // power of one and two harmonics
  double best_one = 0.0, best_two = 0.0;
};

double top_period(const period::FrequencyGrid& grid, const std::vector<double>& power) {
  return 1.0 / grid[std::max_element(power.begin(), power.end()) - power.begin()];
}

Task<Answers> answers_task(Budget& budget, const data::Series& s) {
  Answers out;
  const double span = s.t.back() - s.t.front();
  const double longest = std::min(0.5 * span, kLongest);
  const period::RotationOptions options{.cadence = span / 20000.0 > kCadence ? span / 20000.0 : 0.0, .max_lag = longest, .min_period = 1.0};
  out.rotation = co_await period::rotation_period_task(budget, s.view(), options);
  const double step = 1.0 / (5.0 * span);
  const double shortest = std::max(kShortest, 4.0 * span / static_cast<double>(s.size()));
  out.grid = {
      .first = 1.0 / longest, .step = step, .count = std::max<Index>(2, static_cast<Index>((1.0 / shortest - 1.0 / longest) / step))};
  out.grid.count = std::min<Index>(out.grid.count, 200'000);
  out.one = co_await period::lomb_scargle_fast_task(budget, s.view(), out.grid, {.harmonics = 1});
  out.two = co_await period::lomb_scargle_fast_task(budget, s.view(), out.grid, {.harmonics = 2});
  out.best_one = top_period(out.grid, out.one);
  out.best_two = top_period(out.grid, out.two);
  co_return out;
}

struct Scene {
  const data::Series& series;
  const Answers& answers;
  double period = 0.0;  // shown
  bool simulated = true;
  double truth = 0.0;
  std::string file;
};

void draw_series(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("series");
  const double offset = s.simulated ? 0.0 : std::floor(s.series.t.front());
  std::vector<double> x = s.series.t;
  for (double& t : x) t -= offset;
  set_line(panel.mark("obs"), x, s.series.y);
  panel.y.label = s.series.y_label;
  panel.y.unit = s.series.y_unit.empty() ? "1" : s.series.y_unit;
  panel.y.reversed = s.series.quantity == data::Quantity::magnitude;
  panel.x.label = offset > 0.0 ? s.series.time_label + " − " + number_text(offset) : s.series.time_label;
  live::show(panel.x, live::extent(x, 0.01));
  live::show(panel.y, live::extent(s.series.y, 0.06));
  panel.alt = plural(s.series.size(), "measurement") + " over " + number_text(x.back() - x.front(), 4) + " days.";
}

void draw_correlation(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("correlation");
  const auto& r = s.answers.rotation;
  set_line(panel.mark("raw"), r.correlation.lag, r.correlation.value);
  set_line(panel.mark("smooth"), r.correlation.lag, r.correlation.smooth);
  std::vector<double> x, y;
  for (const auto& p : r.peaks) x.push_back(p.lag), y.push_back(p.value);
  set_line(panel.mark("peaks"), x, y);
  set_rule_x(panel.mark("at"), {s.period});
  set_point(panel.mark("handle"), s.period, -0.95);
  panel.mark("truth").hidden = !s.simulated;
  if (s.simulated) set_rule_x(panel.mark("truth"), {s.truth});
  const double longest = r.correlation.lag.empty() ? 1.0 : r.correlation.lag.back();
  panel.x = {0.0, std::min(longest, std::max(6.0 * s.period, 2.0))};
  panel.y = {-1.0, 1.05};
  panel.alt = "Autocorrelation with its first peak at " + number_text(r.first_lag, 4) + " days; period chosen " + number_text(r.period, 4) + " days.";
}

void draw_periodogram(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("periodogram");
  std::vector<double> x, one, two;
  for (Index k = s.answers.grid.count - 1; k >= 0; --k) {
    x.push_back(1.0 / s.answers.grid[k]);
    one.push_back(s.answers.one[at(k)]);
    two.push_back(s.answers.two[at(k)]);
  }
  set_line(panel.mark("one"), x, one);
  set_line(panel.mark("two"), x, two);
  set_rule_x(panel.mark("at"), {s.period});
  panel.mark("truth").hidden = !s.simulated;
  if (s.simulated) set_rule_x(panel.mark("truth"), {s.truth});
  panel.x = {std::max(1.0, 1.0 / s.answers.grid.last()), x.back()};
  panel.y = {0.0, 1.05};
  panel.alt = "Power of one sinusoid, highest at " + number_text(s.answers.best_one, 4) + " days, and of two, highest at " +
              number_text(s.answers.best_two, 4) + " days.";
}

void draw_fold(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("fold");
  std::vector<double> x, y;
  for (const double cycle : {0.0, 1.0}) {
    for (std::size_t i = 0; i < s.series.t.size(); ++i) {
      const double turns = (s.series.t[i] - s.series.t[0]) / s.period;
      x.push_back(turns - std::floor(turns) + cycle);
      y.push_back(s.series.y[i]);
    }
  }
  set_line(panel.mark("obs"), x, y);
  panel.y.label = s.series.y_label;
  panel.y.unit = s.series.y_unit.empty() ? "1" : s.series.y_unit;
  panel.y.reversed = s.series.quantity == data::Quantity::magnitude;
  panel.x = {0.0, 2.0};
  live::show(panel.y, live::extent(s.series.y, 0.06));
  panel.hint = number_text(s.period, 4) + " days, two turns";
  panel.alt = "Folded on " + number_text(s.period, 4) + " days.";
}

/// What makes the simulated star does nothing to a file.
void close_controls(FrameContext& c, const Scene& s) {
  if (s.simulated) return;
  for (const std::string_view name : {"true_period", "apart", "second", "lifetime", "days", "sigma", "seed"}) {
    c.frame().control(name).disabled = "your file is shown, not the simulated star";
  }
}

bool near(double a, double b) { return std::fabs(a / b - 1.0) < 0.06; }

std::string verdict(const Scene& s, double found) {
  if (!s.simulated) return "";
  if (near(found, s.truth)) return "the whole turn";
  if (near(found, 0.5 * s.truth)) return "half a turn: the trap";
  return "wrong: it is " + number_text(s.truth, 4);
}

void say(FrameContext& c, const Scene& s) {
  live::Frame& frame = c.frame();
  const auto& r = s.answers.rotation;
  if (r.period > 0.0) {
    frame.number("autocorrelation", value_text(r.period, r.period_error), "day", error_text(r.period_error), verdict(s, r.period));
  } else {
    frame.number("autocorrelation", "no peak", "", "", "");
  }
  frame.number("two sinusoids", number_text(s.answers.best_two, 4), "day", "", verdict(s, s.answers.best_two));
  frame.number("one sinusoid", number_text(s.answers.best_one, 4), "day", "", verdict(s, s.answers.best_one));
  frame.number("height of the peak", number_text(r.height, 2), "", "", r.second_chosen ? "the second, higher than the first" : "the first");
  if (r.period > 0.0 && near(s.answers.best_one, 0.5 * r.period)) {
    frame.warn("One sinusoid finds half the period: spots on opposite sides darken the star twice a turn.");
  }
  if (s.simulated && r.period > 0.0 && near(r.period, 0.5 * s.truth)) {
    frame.warn("The two halves of the turn look alike: nothing in this curve tells half a turn from a whole one.");
  }
  if (r.period <= 0.0 || r.height < 0.1) frame.warn("The peak is low: spots that change within a turn, or noise, leave no clear rotation.");
  if (s.simulated) offer_draw_again(c);
}

void write_code(FrameContext& c, const Scene& s) {
  if (s.simulated) return;  // the general code repeats the state
  std::string name = "\"";
  for (const char ch : s.file) name += ch == '"' || ch == '\\' ? std::string("\\") + ch : std::string(1, ch);
  name += '"';
  const std::string detrend = number_text(c.number("detrend"), 4);
  c.frame().code.python = "import orrery\n\nstar = orrery.read(" + name + ")\nfound = orrery.rotation_period(star, detrend=" + detrend +
                          ", clip=5.0, min_period=1.0)\nfound.period, found.second_chosen\n";
  c.frame().code.cpp = "#include <orrery/data/read_series.hpp>\n#include <orrery/period/rotation.hpp>\nusing namespace orrery;\n\n"
                       "const auto star = data::read_series_file(" + name + ").series;\nconst auto found = period::rotation_period(star.view(), "
                       "{.min_period = 1.0, .detrend = " + detrend + ", .clip = 5.0});\n";
  c.frame().code.shell = "orrery autocorrelation " + name + " --detrend " + detrend + " --clip 5 --min-period 1\n";
}

Task<bool> make_frame(FrameContext& c) {
  const bool simulated = !c.slots().has("series");
  live::Key raw_key = simulated ? c.key({"true_period", "apart", "second", "lifetime", "days", "sigma", "seed"}) : c.key({}, {"series"});
  const auto& raw = c.node("raw", raw_key, [&] { return simulated ? simulate(c, seed_of(c)) : c.slots().series("series"); });
  if (const auto words = trouble_with(raw); !words.empty()) {
    draw_trouble(c, words);
    co_return true;
  }
  live::Key key = c.key({"detrend"});
  key.add(raw_key);
  const auto& series = c.node("clean", key, [&] { return cleaned(raw, c.number("detrend")); });
  if (const auto words = trouble_with(series); !words.empty()) {
    draw_trouble(c, words);
    co_return true;
  }
  auto search = [&](Budget& budget) { return answers_task(budget, series); };
  const auto* answers = co_await c.node_task<Answers>("answers", key, search);
  const double found = answers->rotation.period > 0.0 ? answers->rotation.period : answers->best_two;
  const Scene scene{series, *answers, c.is_auto("period") ? found : c.number("period"), simulated, simulated ? c.number("true_period") : 0.0,
                    simulated ? "" : c.slots().at("series").name};
  c.frame() = {};
  draw_series(c, scene);
  draw_correlation(c, scene);
  draw_periodogram(c, scene);
  draw_fold(c, scene);
  say(c, scene);
  close_controls(c, scene);
  write_code(c, scene);
  co_return true;
}

constexpr std::string_view kExplain = R"html(
<p>Spots turn with the star and darken it while they face us. A spot that lives long gives one dip a turn; a second one on the far side
gives another, half a turn later, and the curve nearly repeats after half the period. A <b>sinusoid</b> has one dip a cycle, so
the periodogram with one harmonic is highest at half the period. Two harmonics can draw two unequal dips, and see the difference.</p>
<p>The <b>autocorrelation</b> compares the curve with itself, moved by a lag:</p>
<math display="block"><mi>r</mi><mo>(</mo><mi>k</mi><mo>)</mo><mo>=</mo><mfrac><mrow><munder><mo>&#x2211;</mo><mi>i</mi></munder><msub><mi>x</mi><mi>i</mi></msub><msub><mi>x</mi><mrow><mi>i</mi><mo>+</mo><mi>k</mi></mrow></msub></mrow>
<mrow><munder><mo>&#x2211;</mo><mi>i</mi></munder><msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup></mrow></mfrac></math>
<p>It makes no assumption about the shape, and spots that change only lower its peaks with growing lag. If the second peak is higher than
the first, the whole turn repeats better than the half, and the second is taken (McQuillan, Aigrain &amp; Mazeh). The period is the slope
of up to ten peaks against their number.</p>
<p>Make the second spot as deep as the first and put it exactly opposite: no method can tell half a turn from a whole one. Make the
spots short-lived and the peaks vanish. In the first 600 days of Kepler-17 one sinusoid says 6.0 days; two sinusoids and the
autocorrelation say 12.0, the true rotation.</p>)html";

std::vector<Control> controls() {
  return {{.name = "period", .label = "period shown", .unit = "day", .low = 0.5, .high = 200.0, .start = live::kAuto, .scale = Scale::log, .group = "Fold",
           .help = "Auto is that of the autocorrelation; drag the marker."},
          {.name = "detrend", .label = "trend removed", .unit = "day", .low = 0.0, .high = 120.0, .start = 0.0, .step = 1.0, .group = "Clean",
           .help = "Width of a running median that is taken off; 0: none. At least three rotations."},
          {.name = "true_period", .label = "true rotation", .unit = "day", .low = 2.0, .high = 40.0, .start = 12.0, .scale = Scale::log, .group = "Simulated star"},
          {.name = "apart", .label = "spots apart", .unit = "deg", .low = 0.0, .high = 180.0, .start = 180.0, .step = 1.0, .group = "Simulated star",
           .help = "Difference of their longitudes."},
          {.name = "second", .label = "second spot", .unit = "1", .low = 0.0, .high = 1.0, .start = 0.7, .group = "Simulated star",
           .help = "Its depth over that of the first."},
          {.name = "lifetime", .label = "lifetime of spots", .unit = "day", .low = 5.0, .high = 500.0, .start = 60.0, .scale = Scale::log, .group = "Simulated star",
           .help = "How long a spot stays; others follow it."},
          {.name = "days", .label = "observed", .unit = "day", .low = 40.0, .high = 400.0, .start = 200.0, .step = 1.0, .group = "Observing"},
          {.name = "sigma", .label = "noise", .unit = "ppt", .low = 0.0, .high = 20.0, .start = 1.0, .group = "Observing", .help = "Of one measurement, in thousandths of the flux."},
          seed_control()};
}

std::vector<Panel> panels() {
  return {{.id = "series", .title = "Light curve", .x = {"time", "day"}, .y = {"relative flux", "1"},
           .marks = {{.id = "obs", .mark = Mark::points, .role = Role::data}}, .wide = true},
          {.id = "correlation", .title = "Autocorrelation", .hint = "drag to fold", .x = {"lag", "day"}, .y = {"correlation", "1"},
           .marks = {{.id = "truth", .mark = Mark::rule, .role = Role::mute, .note = "dashed"},
                     {.id = "raw", .mark = Mark::line, .role = Role::mute, .note = "thin"},
                     {.id = "smooth", .mark = Mark::line, .role = Role::accent},
                     {.id = "at", .mark = Mark::rule, .role = Role::model, .note = "dashed"},
                     {.id = "peaks", .mark = Mark::points, .role = Role::model},
                     {.id = "handle", .mark = Mark::handle, .role = Role::model, .control_x = "period"}}},
          {.id = "periodogram", .title = "Lomb-Scargle", .x = {"period", "day", Scale::log}, .y = {"power", "1"},
           .marks = {{.id = "truth", .mark = Mark::rule, .role = Role::mute, .note = "dashed"},
                     {.id = "two", .mark = Mark::line, .role = Role::accent, .label = "two sinusoids"},
                     {.id = "one", .mark = Mark::line, .role = Role::data, .label = "one"},
                     {.id = "at", .mark = Mark::rule, .role = Role::model, .note = "dashed"}}},
          {.id = "fold", .title = "Folded", .x = {"phase", "1"}, .y = {"relative flux", "1"},
           .marks = {{.id = "obs", .mark = Mark::points, .role = Role::data}}, .wide = true}};
}

}  // namespace

extern const live::Figure spots_figure;
const live::Figure spots_figure{
    .id = "stars.spots",
    .title = "Spots and rotation",
    .question = "Is this a whole turn of the star, or half of one?",
    .shelf = live::Shelf::lectures,
    .source = "McQuillan, Aigrain & Mazeh 2013, MNRAS 432, 1203; Palmer 2009, ApJ 695, 496",
    .explain = kExplain,
    .controls = controls(),
    .slots = {{.name = "series", .kind = live::SlotKind::series, .label = "light curve", .embedded = "", .help = "Time and flux; Kepler and TESS files are read."}},
    .panels = panels(),
    .frame = make_frame};

}  // namespace orrery::figures::stars
