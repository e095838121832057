// One visit a night: which of the periods is the true one, and do the data say so?
#include <algorithm>
#include <cmath>
#include <numbers>

#include "common.hpp"
#include "orrery/core/random.hpp"
#include "orrery/period/search.hpp"
#include "orrery/period/window.hpp"

namespace orrery::figures::lectures {
namespace {

using live::Control, live::ControlKind, live::FrameContext, live::Mark, live::Panel, live::Role, live::Scale;

constexpr double kSidereal = 1.00273790935;  // [1/day]
constexpr double kError = 2.0;               // m/s of a visit
constexpr Index kShownRivals = 4;
constexpr Index kMostFrequencies = 60'000;

bool simulated(const FrameContext& c) { return c.choice("data") == "simulated"; }

/// Velocities of a planet, a visit or two a night around the time when the star is highest.
data::Series observe(const FrameContext& c) {
  Random random(seed_of(c), 1);
  data::Series s{.name = "simulated planet", .y_label = "velocity", .y_unit = "m/s", .quantity = data::Quantity::velocity};
  const double frequency = c.number("frequency"), amplitude = c.number("amplitude"), jitter = c.number("jitter") / 24.0;
  const double start = random.uniform();
  for (Index night = 0; night < c.integer("nights"); ++night) {
    for (Index visit = 0; visit < c.integer("visits"); ++visit) {
      const double hour = (static_cast<double>(visit) - 0.5 * (c.number("visits") - 1.0)) * 2.0 / 24.0;
      s.t.push_back(static_cast<double>(night) / kSidereal + hour + jitter * random.uniform(-1.0, 1.0));
    }
  }
  std::sort(s.t.begin(), s.t.end());
  for (const double t : s.t) {
    s.y.push_back(amplitude * std::sin(2.0 * std::numbers::pi * (frequency * t + start)) + kError * random.normal());
    s.sigma.push_back(kError);
  }
  return s;
}

struct Scene {
  const data::Series& series;
  const period::PeriodReport& report;
  const std::vector<double>& window;
  period::FrequencyGrid window_grid;
  bool truth_known = false;
};

double truth(const FrameContext& c) { return 1.0 / c.number("frequency"); }
double offset_of(const data::Series& s) { return s.t.front() > 10'000.0 ? std::floor(s.t.front() / 100.0) * 100.0 : 0.0; }

void set_errors(live::MarkFrame& mark, const std::vector<double>& y, const std::vector<double>& sigma) {
  if (sigma.empty()) return;
  std::vector<double> low = y, high = y;
  for (std::size_t i = 0; i < y.size(); ++i) low[i] -= sigma[i], high[i] += sigma[i];
  mark.set("low", std::span<const double>(low)).set("high", std::span<const double>(high));
}

void draw_series(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("series");
  const double offset = offset_of(s.series);
  std::vector<double> t = s.series.t;
  for (double& v : t) v -= offset;
  auto& obs = panel.mark("obs");
  set_line(obs, t, s.series.y);
  set_errors(obs, s.series.y, s.series.sigma);
  // The best and its strongest rival over a few days: they meet at the visits.
  const double middle = t[t.size() / 2], width = std::min(6.0, s.report.range.baseline);
  const auto x = spaced(middle - 0.5 * width, middle + 0.5 * width, 600);
  set_curve(panel.mark("best"), x, [&](double v) { return s.report.fit.value(0, s.report.fit.phase(v + offset)); });
  auto& other = panel.mark("rival");
  other.hidden = s.report.rivals.empty();
  if (!other.hidden) {
    const auto model = period::fit_period(s.series, 1.0 / s.report.rivals.front().period, s.report.rivals.front().harmonics);
    set_curve(other, x, [&](double v) { return model.value(0, model.phase(v + offset)); });
  }
  panel.x = {middle - 0.5 * width, middle + 0.5 * width};
  live::show(panel.y, live::extent(s.series.y, 0.2));
  if (offset > 0.0) panel.x.label = s.series.time_label + " − " + number_text(offset, 8);
  panel.hint = "a few days of " + number_text(s.report.range.baseline, 3) + "; both curves fit";
  panel.alt = plural(s.series.size(), "measurement") + "; around the middle of the series the best period's curve" +
              (other.hidden ? "." : " and that of its strongest rival, which meet at the times of the visits.");
}

void draw_window(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("window");
  set_line(panel.mark("window"), s.window_grid.values(), s.window);
  std::vector<double> x, y;
  std::vector<std::string> words;
  for (const auto& peak : s.report.window) {
    if (peak.frequency > s.window_grid.last() || ssize(x) == 3) continue;
    x.push_back(peak.frequency);
    y.push_back(std::min(1.02, peak.height + 0.04));
    words.push_back(number_text(peak.frequency, 4));
  }
  auto& peaks = panel.mark("peaks");
  set_line(peaks, x, y);
  peaks.labels = words;
  panel.x = {0.0, s.window_grid.last()};
  panel.y = {0.0, 1.15};
  panel.alt = s.report.window.empty() ? "Window function without high peaks: the sampling confuses no periods."
                                      : "Window function; its highest peak, " + number_text(s.report.window.front().height, 3) + ", is at " +
                                            number_text(s.report.window.front().frequency, 5) + " per day.";
}

void draw_periodogram(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("periodogram");
  const auto& grid = s.report.range.grid;
  set_line(panel.mark("power"), grid.values(), s.report.power);
  set_rule_y(panel.mark("level"), {period::false_alarm_power(s.report, 0.01)}, {"1 %"});
  auto& dashed = panel.mark("truth");
  dashed.hidden = !s.truth_known;
  set_rule_x(dashed, {1.0 / truth(c)});
  panel.mark("handle").hidden = !s.truth_known;
  set_point(panel.mark("handle"), 1.0 / truth(c), 1.0);
  set_point(panel.mark("best"), s.report.fit.frequency, s.report.peak_power);
  std::vector<double> x, y;
  std::vector<std::string> words;
  for (Index i = 0; i < std::min(kShownRivals, ssize(s.report.rivals)); ++i) {
    const auto& rival = s.report.rivals[at(i)];
    if (rival.excluded) continue;
    x.push_back(1.0 / rival.period);
    y.push_back(rival.power);
    words.push_back(number_text(rival.period, 4) + " d");
  }
  set_line(panel.mark("rivals"), x, y);
  for (double& v : y) v += 0.06;
  set_line(panel.mark("words"), x, y);
  panel.mark("words").labels = words;
  panel.x = {0.0, s.truth_known ? std::max(grid.last(), 1.0 / truth(c)) : grid.last()};
  panel.y = {0.0, 1.15};
  panel.hint = s.truth_known ? "drag the truth; dots: not excluded" : "dots: not excluded";
  panel.alt = "Periodogram with its highest peak at " + number_text(s.report.period, 5) + " days, power " + number_text(s.report.peak_power, 3) + ", and " +
              plural(ssize(x), "rival") + " that the data do not exclude.";
}

void draw_fold(FrameContext& c, const Scene& s, const char* id, const period::PeriodModel& model, const std::string& title) {
  auto& panel = c.frame().panel(id);
  std::vector<double> phase, y, sigma;
  for (const double cycle : {0.0, 1.0}) {
    for (std::size_t i = 0; i < s.series.t.size(); ++i) {
      phase.push_back(model.phase(s.series.t[i]) + cycle);
      y.push_back(s.series.y[i]);
      if (!s.series.sigma.empty()) sigma.push_back(s.series.sigma[i]);
    }
  }
  auto& obs = panel.mark("obs");
  set_line(obs, phase, y);
  set_errors(obs, y, sigma);
  set_curve(panel.mark("model"), spaced(0.0, 2.0, 161), [&](double x) { return model.value(0, x - std::floor(x)); });
  panel.x = {0.0, 2.0};
  live::show(panel.y, live::extent(s.series.y, 0.15));
  panel.hint = title;
  panel.alt = "Folded on " + title + ", two cycles, with the fitted curve.";
}

std::string odds_text(double log10_odds) {
  if (log10_odds < 0.3) return "as likely";
  if (log10_odds > 6.0) return "1 : 10^" + number_text(std::round(log10_odds));
  return "1 : " + number_text(std::round(std::pow(10.0, log10_odds)));
}

void say(FrameContext& c, const Scene& s) {
  live::Frame& frame = c.frame();
  const auto& r = s.report;
  const bool right = s.truth_known && std::fabs(1.0 / r.period - 1.0 / truth(c)) * r.range.baseline < 1.0;
  frame.number("best period", value_text(r.period, r.period_error), "day", error_text(r.period_error),
               std::string(!s.truth_known ? "" : right ? "the true one; " : "wrong; ") + (r.ambiguous ? "ambiguous" : "every rival is excluded"));
  for (Index i = 0; i < std::min(kShownRivals, ssize(r.rivals)); ++i) {
    const auto& rival = r.rivals[at(i)];
    const bool true_one = s.truth_known && std::fabs(1.0 / rival.period - 1.0 / truth(c)) * r.range.baseline < 1.0;
    frame.number("rival " + std::to_string(i + 1), value_text(rival.period, rival.period_error), "day", "",
                 (rival.relation.empty() ? "" : rival.relation + "; ") + odds_text(rival.log10_odds) + (rival.excluded ? ", excluded" : ", not excluded") +
                     (true_one ? ": the true one" : ""));
  }
  if (s.truth_known) frame.number("true period", number_text(truth(c), 5), "day");
  const double p = r.log10_false_alarm_probability;
  frame.number("false-alarm probability", p > -4.0 ? number_text(std::pow(10.0, p), 2) : "10^" + number_text(std::round(p)));
  if (r.ambiguous && p < -3.0) {
    frame.warn("Something is periodic beyond doubt, but which of these periods it is the data cannot say: visits at other hours, or from another longitude, would.");
  }
  if (s.truth_known && !right && !r.ambiguous) frame.warn("The report is wrong here: it excludes the true period. That happens about once in a hundred.");
  if (r.at_edge) frame.warn("The highest power is at the edge of the searched range.");
  if (s.truth_known) offer_draw_again(c);
}

live::Code code_for(const FrameContext& c, const Scene& s) {
  const std::string low = number_text(s.report.range.min_period, 5), high = number_text(s.report.range.max_period, 5);
  const auto& slot = c.slots().at("series");
  const std::string file = slot.embedded.empty() && !slot.name.empty() ? slot.name : slot.embedded.empty() ? "velocities.csv" : slot.embedded + ".csv";
  live::Code code;
  const std::string read = s.truth_known || slot.embedded.empty() ? "orrery.read(\"" + file + "\")" : "orrery.embedded(\"" + slot.embedded + "\")";
  code.python = "import orrery\n\nfound = orrery.find_period(" + read + ", min_period=" + low + ", max_period=" + high +
                ")\nprint(found.period, found.ambiguous)\nfor rival in found.rivals:\n    print(rival.period, rival.relation, rival.log10_odds, rival.excluded)\n";
  code.cpp = "#include <orrery/data/read_series.hpp>\n#include <orrery/period/search.hpp>\nusing namespace orrery;\n\nconst auto series = "
             "data::read_series_file(\"" + file + "\").series;\nconst auto found = period::find_period(series, {.min_period = " + low +
             ", .max_period = " + high + "});\nfound.period, found.ambiguous, found.rivals;\n";
  code.shell = "orrery periodogram '" + file + "' --min-period " + low + " --max-period " + high + "\n";
  return code;
}

void draw(FrameContext& c, const Scene& s) {
  c.frame() = {};
  draw_series(c, s);
  draw_window(c, s);
  draw_periodogram(c, s);
  const auto& r = s.report;
  draw_fold(c, s, "best", r.fit, number_text(r.period, 5) + " days");
  if (r.rivals.empty()) {
    draw_fold(c, s, "other", r.fit, number_text(r.period, 5) + " days: there is no rival");
  } else {
    const auto& rival = r.rivals.front();
    draw_fold(c, s, "other", period::fit_period(s.series, 1.0 / rival.period, rival.harmonics), number_text(rival.period, 5) + " days");
  }
  for (const char* id : {"series", "best", "other"}) {
    if (!s.truth_known) c.frame().panel(id).y.label = s.series.y_label, c.frame().panel(id).y.unit = s.series.y_unit;
    if (s.series.quantity == data::Quantity::magnitude) c.frame().panel(id).y.reversed = true;
  }
  say(c, s);
  c.frame().code = code_for(c, s);
}

Task<bool> make_frame(FrameContext& c) {
  const bool own = !simulated(c);
  const live::Key data_key = own ? c.key({"data"}, {"series"}) : c.key({"data", "frequency", "amplitude", "nights", "visits", "jitter", "seed"});
  const auto& series = c.node("series", data_key, [&] { return own ? c.slots().at("series").series : observe(c); });
  live::Key key = c.key({"shortest"});
  key.add(data_key);
  const auto [first, last] = std::minmax_element(series.t.begin(), series.t.end());
  if (series.size() < 8 || !(*last > *first) || series.bands() > 1) {
    c.frame() = {};
    c.frame().warn(series.bands() > 1 ? "This figure looks at one series: choose a file with one band." : "Too few measurements for a period.");
    co_return true;
  }
  const double shortest = std::min(c.number("shortest"), 0.2 * (*last - *first));
  const period::PeriodSearch search{.min_period = shortest, .max_frequencies = kMostFrequencies};
  auto find = [&](Budget& budget) { return period::find_period_task(budget, series, search); };
  const auto* report = co_await c.node_task<period::PeriodReport>("report", key, find);
  const double baseline = *last - *first, step = std::max(0.2 / baseline, 2.5 / double(kMostFrequencies));
  const period::FrequencyGrid window_grid{0.0, step, static_cast<Index>(2.5 / step) + 1};
  auto look = [&](Budget& budget) { return period::spectral_window_task(budget, series.view(), window_grid); };
  const auto* window = co_await c.node_task<std::vector<double>>("window", data_key, look);
  draw(c, {series, *report, *window, window_grid, !own});
  co_return true;
}

constexpr std::string_view kExplain = R"html(
<p>CoRoT-7 was watched from one observatory, once or twice a night, always when the star was high: at nearly the same sidereal time. Two sinusoids whose
frequencies differ by one cycle per sidereal day agree at all those times, as two wagon wheels do in a film. A planet of 0.85 days and one of
5.9 days, or of 0.46, look alike; so do 3.70 and 1.37 days. The false-alarm probability says nothing about this: it only says that some period is
there.</p>
<p>The window function</p>
<math display="block"><mi>W</mi><mo>(</mo><mi>g</mi><mo>)</mo><mo>=</mo><msup><mrow><mo>|</mo><munder><mo>&#x2211;</mo><mi>j</mi></munder><msub><mi>w</mi><mi>j</mi></msub><msup><mi>e</mi><mrow><mn>2</mn><mi>&#x3C0;</mi><mi>i</mi><mi>g</mi><msub><mi>t</mi><mi>j</mi></msub></mrow></msup><mo>|</mo></mrow><mn>2</mn></msup></math>
<p>shows which differences <math><mi>g</mi></math> the times cannot see: a signal at <math><mi>f</mi></math> rises again at
<math><mo>|</mo><mi>f</mi><mo>&#xB1;</mo><mi>g</mi><mo>|</mo></math> with the part <math><mi>W</mi></math> of its power. The report takes every high peak of the window, the
day, the year and the month, and half and twice the period, refines each on the data, and asks two questions: how much worse is its
<math><msup><mi>&#x3C7;</mi><mn>2</mn></msup></math> (odds of 1000 are asked for), and does the best period predict measurements left out of the fit better, by two
standard errors? What passes either is not excluded.</p>
<p>Drag the planet to other frequencies, then the hours of jitter upwards, or take two visits a night: the window's peak falls, and the true period stands alone.</p>)html";

std::vector<Control> controls() {
  const auto whole = [](std::string_view name, std::string_view label, double low, double high, double start, std::string_view help) {
    return Control{.name = name, .label = label, .unit = "1", .kind = ControlKind::integer, .low = low, .high = high, .start = start,
                   .step = 1, .group = "Observing", .help = help};
  };
  return {{.name = "data", .label = "data", .kind = ControlKind::choice, .choices = {"simulated", "measured"}, .group = "Data",
           .help = "A simulated planet, or the series in the slot: put in your own file."},
          {.name = "frequency", .label = "true frequency", .unit = "1/day", .low = 0.03, .high = 2.5, .start = 1.1715, .group = "Planet",
           .help = "Of the simulated planet, whose period is one over it; drag the dashed line."},
          {.name = "amplitude", .label = "amplitude", .unit = "m/s", .low = 0.5, .high = 20.0, .start = 3.5, .scale = Scale::log, .group = "Planet",
           .help = "Half the range; a visit has an error of 2 m/s."},
          whole("nights", "nights", 15, 200, 60, "In a row."), whole("visits", "visits a night", 1, 4, 1, "Two hours apart."),
          {.name = "jitter", .label = "jitter", .unit = "h", .low = 0.0, .high = 8.0, .start = 0.7, .group = "Observing",
           .help = "Each visit is early or late by up to this much."},
          {.name = "shortest", .label = "shortest period", .unit = "day", .low = 0.3, .high = 5.0, .start = 0.45, .scale = Scale::log, .group = "Search",
           .help = "Of the search; with a lower limit of one day half the trap is out of sight."},
          seed_control()};
}

std::vector<Panel> panels() {
  const auto fold = [](std::string_view id, std::string_view title) {
    return Panel{.id = id, .title = title, .x = {"phase", "1"}, .y = {"velocity", "m/s"},
                 .marks = {{.id = "obs", .mark = Mark::points, .role = Role::data}, {.id = "model", .mark = Mark::line, .role = Role::model, .note = "thick"}}};
  };
  return {{.id = "series", .title = "The best period and its strongest rival", .x = {"time", "day"}, .y = {"velocity", "m/s"},
           .marks = {{.id = "rival", .mark = Mark::line, .role = Role::warn, .label = "rival"},
                     {.id = "best", .mark = Mark::line, .role = Role::model, .label = "best"},
                     {.id = "obs", .mark = Mark::points, .role = Role::data}},
           .wide = true},
          {.id = "periodogram", .title = "Periodogram", .x = {"frequency", "1/day"}, .y = {"power", "1"},
           .marks = {{.id = "level", .mark = Mark::rule, .role = Role::mute, .note = "dashed"},
                     {.id = "truth", .mark = Mark::rule, .role = Role::model, .note = "dashed"},
                     {.id = "power", .mark = Mark::line, .role = Role::accent},
                     {.id = "rivals", .mark = Mark::points, .role = Role::warn},
                     {.id = "best", .mark = Mark::points, .role = Role::model},
                     {.id = "words", .mark = Mark::text, .role = Role::mute},
                     {.id = "handle", .mark = Mark::handle, .role = Role::model, .label = "f", .control_x = "frequency"}}},
          {.id = "window", .title = "Window", .x = {"frequency", "1/day"}, .y = {"W", "1"},
           .marks = {{.id = "window", .mark = Mark::line, .role = Role::data}, {.id = "peaks", .mark = Mark::text, .role = Role::warn}}},
          fold("best", "Folded on the best"), fold("other", "Folded on the rival")};
}

}  // namespace

extern const live::Figure alias_trap_figure;
const live::Figure alias_trap_figure{
    .id = "lectures.alias_trap",
    .title = "The alias trap",
    .question = "Which of these periods is the planet's?",
    .shelf = live::Shelf::lectures,
    .source = "Dawson & Fabrycky 2010, ApJ 722, 937; Hatzes et al. 2011, ApJ 743, 75; Vuong 1989, Econometrica 57, 307",
    .explain = kExplain,
    .controls = controls(),
    .slots = {{.name = "series", .kind = live::SlotKind::series, .label = "velocities or light curve", .embedded = "51_peg",
               .help = "Time, value and uncertainty; shown when data is 'measured'."}},
    .panels = panels(),
    .frame = make_frame};

}  // namespace orrery::figures::lectures
