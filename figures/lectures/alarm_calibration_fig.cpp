// How often does noise raise a false alarm, by each formula, in white and in red noise?
#include <algorithm>
#include <array>
#include <cmath>

#include "common.hpp"
#include "orrery/core/random.hpp"
#include "orrery/gp/damped_random_walk.hpp"
#include "orrery/period/false_alarm.hpp"
#include "orrery/period/lomb_scargle_fast.hpp"
#include "orrery/period/red_noise.hpp"

namespace orrery::figures::lectures {
namespace {

using live::Control, live::ControlKind, live::FrameContext, live::Mark, live::Panel, live::Role, live::Scale;
using period::AlarmMethod;

constexpr double kSpan = 100.0;        // day
constexpr double kOversampling = 5.0;
constexpr Index kSkiesARound = 10;
constexpr Index kResamples = 59;
struct Method {
  AlarmMethod method;
  const char* id;
  const char* name;
};
constexpr std::array<Method, 4> kMethods = {{{AlarmMethod::naive, "naive", "naive"},
                                             {AlarmMethod::baluev, "baluev", "Baluev"},
                                             {AlarmMethod::bootstrap, "bootstrap", "bootstrap"},
                                             {AlarmMethod::red_noise, "red", "red noise"}}};

struct Experiment {
  Index points = 60, skies = 200;
  double cycles = 200.0, red = 0.0, tau = 5.0;  ///< highest frequency times span; walk over error; days
  period::LombScargleOptions options;

  [[nodiscard]] period::FrequencyGrid grid() const {
    const double step = 1.0 / (kOversampling * kSpan);
    return {step, step, static_cast<Index>(cycles * kOversampling)};
  }
};

data::Series observe(const Experiment& e, std::uint64_t seed, std::uint64_t stream) {
  Random random(seed, stream);
  data::Series s{.name = "noise", .y_label = "value", .y_unit = "error"};
  for (Index i = 0; i < e.points; ++i) s.t.push_back(random.uniform(0.0, kSpan));
  std::sort(s.t.begin(), s.t.end());
  const auto walk = gp::damped_random_walk_sample({1.0, e.tau}, s.t, seed, stream + 1'000'000);
  for (Index i = 0; i < e.points; ++i) {
    s.sigma.push_back(1.0);
    s.y.push_back(e.red * walk[at(i)] + random.normal());
  }
  return s;
}

/// What every method said of the highest peak of each sky.
struct Said {
  std::array<std::vector<double>, kMethods.size()> probability;
  Index skies = 0;
};

Task<bool> one_sky(Budget& budget, const Experiment& e, Said& said) {
  const auto s = observe(e, 5000 + static_cast<std::uint64_t>(said.skies), 0);
  const auto grid = e.grid();
  const std::vector<SeriesView> views(1, s.view());
  const auto power = co_await period::lomb_scargle_fast_task(budget, s.view(), grid, e.options);
  const double top = *std::max_element(power.begin(), power.end());
  for (std::size_t m = 0; m < kMethods.size(); ++m) {
    const period::FalseAlarmOptions options{
        .method = kMethods[m].method, .periodogram = e.options, .resamples = kResamples, .seed = static_cast<std::uint64_t>(said.skies)};
    const auto found = co_await period::false_alarm_probability_task(budget, top, views, grid, options);
    said.probability[m].push_back(found.probability);
  }
  ++said.skies;
  co_return true;
}

/// Part of the skies to which a method gave at most this probability.
double exceedance(const Said& said, std::size_t m, double nominal) {
  const auto& p = said.probability[m];
  const auto count = std::count_if(p.begin(), p.end(), [&](double v) { return v <= nominal * (1.0 + 1e-12); });
  return p.empty() ? 0.0 : static_cast<double>(count) / static_cast<double>(p.size());
}

struct Scene {
  const Experiment& experiment;
  const data::Series& series;
  const std::vector<double>& power;
  const Said& said;
};

void draw_sky(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("series");
  set_line(panel.mark("obs"), s.series.t, s.series.y);
  live::show(panel.x, live::extent(s.series.t));
  live::show(panel.y, live::extent(s.series.y, 0.08));
  panel.alt = plural(s.series.size(), "measurement") + " of noise alone" + (s.experiment.red > 0.0 ? ", part of it red." : ", white.");
}

void draw_periodogram(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("periodogram");
  const auto grid = s.experiment.grid();
  set_line(panel.mark("power"), grid.values(), s.power);
  const auto level = [&](AlarmMethod m) {
    return period::false_alarm_level(0.01, s.series.view(), grid, {.method = m, .periodogram = s.experiment.options});
  };
  const double naive = level(AlarmMethod::naive), baluev = level(AlarmMethod::baluev), top = highest(s.power);
  set_rule_y(panel.mark("levels"), {naive, baluev}, {"", "1 %, Baluev"});
  panel.x = {0.0, grid.last()};
  panel.y = {0.0, std::min(1.0, 1.15 * std::max(top, baluev))};
  panel.hint = "levels of 1 %: naive below Baluev";
  panel.alt = "Periodogram of this noise: highest power " + number_text(top, 3) + "; white noise passes " + number_text(baluev, 3) +
              " in one sky of a hundred.";
}

void draw_calibration(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("calibration");
  const auto nominal = log_spaced(0.01, 1.0, 41);
  const double least = 0.3 / static_cast<double>(std::max<Index>(1, s.said.skies));
  set_line(panel.mark("ideal"), {0.01, 1.0}, {0.01, 1.0});
  std::vector<double> low, high;
  for (const double p : nominal) {
    const double half = 2.0 * std::sqrt(p * (1.0 - p) / static_cast<double>(std::max<Index>(1, s.said.skies)));
    low.push_back(std::max(least, p - half));
    high.push_back(std::min(1.0, p + half));
  }
  panel.mark("band").set("x", std::span<const double>(nominal)).set("low", std::span<const double>(low)).set("high", std::span<const double>(high));
  std::vector<double> x, y;
  std::vector<std::string> labels;
  for (std::size_t m = 0; m < kMethods.size(); ++m) {
    set_curve(panel.mark(kMethods[m].id), nominal, [&](double p) { return std::max(least, exceedance(s.said, m, p)); });
  }
  panel.x = {0.01, 1.0};
  panel.y = {std::max(least, 0.002), 1.2};
  panel.hint = std::to_string(s.said.skies) + " skies; band: two sigma of counting";
  panel.alt = "Part of the skies of noise with a peak that a method calls less likely than a nominal probability: at 10 % naive " +
              percent(exceedance(s.said, 0, 0.1)) + " %, Baluev " + percent(exceedance(s.said, 1, 0.1)) + " %, bootstrap " +
              percent(exceedance(s.said, 2, 0.1)) + " %, red noise " + percent(exceedance(s.said, 3, 0.1)) + " %.";
}

void say(FrameContext& c, const Scene& s) {
  live::Frame& frame = c.frame();
  const double n = static_cast<double>(std::max<Index>(1, s.said.skies));
  for (std::size_t m = 0; m < kMethods.size(); ++m) {
    const double rate = exceedance(s.said, m, 0.1), error = std::sqrt(std::max(rate * (1.0 - rate), 0.09 / n) / n);
    const double far = (rate - 0.1) / std::sqrt(0.09 / n);
    const std::string verdict = far > 3.0 ? "too often: it believes in periods of noise" : far < -3.0 ? "rarer than it says: safe, less sharp" : "as often as it says";
    frame.number(std::string(kMethods[m].name) + " at 10 %", percent(rate), "%", number_text(100.0 * error, 2), verdict);
  }
  const bool red = s.experiment.red > 0.0;
  if (red && exceedance(s.said, 1, 0.1) > 0.3) {
    frame.warn("The noise is red: its highest peak is no surprise, but every white-noise formula takes it for a period. Only the red-noise null holds.");
  }
  if (!red && exceedance(s.said, 0, 0.1) > 0.15) {
    frame.warn("Counting one independent frequency for each 1 / T is optimistic: neighbours between them are nearly independent too.");
  }
  offer_draw_again(c);
}

live::Code code_for(const Scene& s) {
  const std::string top = number_text(s.experiment.grid().last(), 6), low = number_text(1.0 / s.experiment.grid().last(), 6);
  const std::string k = std::to_string(s.experiment.options.harmonics);
  live::Code code;
  code.python = "import orrery\n\nfound = orrery.lomb_scargle(t, y, dy, max_frequency=" + top + ", harmonics=" + k +
                ")\nfor method in (\"naive\", \"baluev\", \"bootstrap\", \"red_noise\"):\n    print(method, found.false_alarm_probability(method=method))\n";
  code.cpp = "#include <orrery/period/false_alarm.hpp>\nusing namespace orrery::period;\n\nconst auto found = false_alarm_probability(power, "
             "series.view(), grid,\n    {.method = AlarmMethod::red_noise, .periodogram = {.harmonics = " + k + "}, .frequency = peak});\n"
             "found.probability, found.error;\n";
  code.shell = "orrery periodogram star.csv --min-period " + low + " --harmonics " + k + " --alarm red_noise --resamples 1000\n";
  return code;
}

void draw(FrameContext& c, const Scene& s) {
  c.frame() = {};
  draw_sky(c, s);
  draw_periodogram(c, s);
  draw_calibration(c, s);
  say(c, s);
  c.frame().code = code_for(s);
}

Task<bool> make_frame(FrameContext& c) {
  const Experiment experiment{.points = c.integer("points"), .skies = c.integer("skies"), .cycles = c.number("cycles"), .red = c.number("red"), .tau = c.number("tau"),
                              .options = {.harmonics = static_cast<int>(c.integer("harmonics")), .threads = 1}};
  const live::Key key = c.key({"points", "skies", "cycles", "red", "tau", "harmonics"});
  live::Key sky_key = c.key({"seed"});
  sky_key.add(key);
  const auto& series = c.node("series", sky_key, [&] { return observe(experiment, seed_of(c), 7); });
  auto transform = [&](Budget& budget) {
    return period::lomb_scargle_fast_task(budget, series.view(), experiment.grid(), experiment.options);
  };
  const auto* power = co_await c.node_task<std::vector<double>>("power", sky_key, transform);
  auto simulate = [&](Budget& budget) -> Task<Said> {
    Said said;
    while (said.skies < experiment.skies) {
      for (Index sky = 0; sky < kSkiesARound && said.skies < experiment.skies; ++sky) {
        co_await one_sky(budget, experiment, said);
        budget.progress(static_cast<double>(said.skies) / static_cast<double>(experiment.skies), "skies of noise");
      }
      if (said.skies == experiment.skies) break;
      draw(c, {experiment, series, *power, said});
      c.publish();
      co_await budget.pause();
    }
    co_return said;
  };
  const auto* said = co_await c.node_task<Said>("said", key, simulate);
  draw(c, {experiment, series, *power, *said});
  co_return true;
}

constexpr std::string_view kExplain = R"html(
<p>A periodogram always has a highest peak. Its <b>false-alarm probability</b> is how often noise alone has one as high anywhere in the searched
range. If a method is right, then of many skies of noise a part <math><mi>p</mi></math> gets a probability below <math><mi>p</mi></math>: the curve lies
on the diagonal. Above it the method cries wolf; below it is cautious.</p>
<p>At one frequency white noise passes power <math><mi>Z</mi></math> with probability
<math><mi>s</mi><mo>=</mo><msup><mrow><mo>(</mo><mn>1</mn><mo>&#x2212;</mo><mi>Z</mi><mo>)</mo></mrow><mrow><mo>(</mo><mi>N</mi><mo>&#x2212;</mo><mn>3</mn><mo>)</mo><mo>/</mo><mn>2</mn></mrow></msup></math>
(one sinusoid). <b>Naive</b> takes <math><mi>M</mi><mo>=</mo><mi>f</mi><mi>T</mi></math> frequencies as independent,
<math><mn>1</mn><mo>&#x2212;</mo><msup><mrow><mo>(</mo><mn>1</mn><mo>&#x2212;</mo><mi>s</mi><mo>)</mo></mrow><mi>M</mi></msup></math>. <b>Baluev</b> counts how
often the power of noise rises through <math><mi>Z</mi></math> (Rice's formula):
<math><mn>1</mn><mo>&#x2212;</mo><mo>(</mo><mn>1</mn><mo>&#x2212;</mo><mi>s</mi><mo>)</mo><msup><mi>e</mi><mrow><mo>&#x2212;</mo><mi>&#x3C4;</mi></mrow></msup></math>,
an upper limit that is nearly reached. <b>Bootstrap</b> shuffles the values over the times and searches each shuffled series; it needs no
formula and knows the window. All three ask about white noise.</p>
<p>Stars, quasars and instruments are often red: neighbours in time are alike. The <b>red-noise</b> null fits a damped random walk, covariance
<math><msup><mi>&#x3C3;</mi><mn>2</mn></msup><msup><mi>e</mi><mrow><mo>&#x2212;</mo><mo>|</mo><mi>&#x394;</mi><mi>t</mi><mo>|</mo><mo>/</mo><mi>&#x3C4;</mi></mrow></msup></math>, to
the series, simulates it at the same times with the same errors, and searches every simulation. It claims no more than that: its curve is the answer for a
damped random walk, with parameters as fitted to the very sky that has the peak, which makes it a little cautious.</p>)html";

std::vector<Control> controls() {
  return {{.name = "red", .label = "red noise", .unit = "error", .low = 0.0, .high = 3.0, .start = 0.0, .step = 0.1, .group = "Noise",
           .help = "Standard deviation of the damped random walk, in errors of a measurement; 0: white."},
          {.name = "tau", .label = "memory", .unit = "day", .low = 0.5, .high = 30.0, .start = 5.0, .scale = Scale::log, .group = "Noise",
           .help = "Time scale on which the walk forgets."},
          {.name = "points", .label = "measurements", .unit = "1", .kind = ControlKind::integer, .low = 20, .high = 150, .start = 60, .step = 1,
           .group = "Observing"},
          {.name = "cycles", .label = "cycles searched", .unit = "1", .low = 20.0, .high = 400.0, .start = 200.0, .scale = Scale::log, .group = "Search",
           .help = "Highest frequency times the span of 100 days."},
          {.name = "harmonics", .label = "harmonics", .unit = "1", .kind = ControlKind::integer, .low = 1, .high = 3, .start = 1, .step = 1,
           .group = "Search"},
          {.name = "skies", .label = "skies of noise", .unit = "1", .kind = ControlKind::integer, .low = 20, .high = 1000, .start = 200, .step = 1,
           .scale = Scale::log, .group = "Experiment", .help = "How often the experiment is done: the error falls as the root of it."},
          seed_control()};
}

std::vector<Panel> panels() {
  return {{.id = "calibration", .title = "What each method claims, and what happens", .x = {"nominal probability", "1", Scale::log},
           .y = {"part of skies below it", "1", Scale::log},
           .marks = {{.id = "band", .mark = Mark::area, .role = Role::mute},
                     {.id = "ideal", .mark = Mark::line, .role = Role::mute, .note = "dashed"},
                     {.id = "naive", .mark = Mark::line, .role = Role::warn, .label = "naive"},
                     {.id = "baluev", .mark = Mark::line, .role = Role::accent, .label = "Baluev"},
                     {.id = "bootstrap", .mark = Mark::line, .role = Role::data, .label = "bootstrap"},
                     {.id = "red", .mark = Mark::line, .role = Role::model, .label = "red noise", .note = "thick"}},
           .wide = true},
          {.id = "series", .title = "One sky of noise", .x = {"time", "day"}, .y = {"value", "error"},
           .marks = {{.id = "obs", .mark = Mark::points, .role = Role::data}}},
          {.id = "periodogram", .title = "Its periodogram", .x = {"frequency", "1/day"}, .y = {"power", "1"},
           .marks = {{.id = "levels", .mark = Mark::rule, .role = Role::mute, .note = "dashed"},
                     {.id = "power", .mark = Mark::line, .role = Role::accent}}}};
}

}  // namespace

extern const live::Figure alarm_calibration_figure;
const live::Figure alarm_calibration_figure{
    .id = "lectures.alarm_calibration",
    .title = "False alarms",
    .question = "How often does noise alone raise a false alarm?",
    .shelf = live::Shelf::lectures,
    .source = "Baluev 2008, MNRAS 385, 1279; Baluev 2009, MNRAS 395, 1541; Kelly et al. 2009, ApJ 698, 895; Vaughan 2005, A&A 431, 391",
    .explain = kExplain,
    .controls = controls(),
    .panels = panels(),
    .frame = make_frame};

}  // namespace orrery::figures::lectures
