// One visit a night: how many nights does it take until a periodogram finds the period?
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "common.hpp"
#include "orrery/core/random.hpp"
#include "orrery/period/false_alarm.hpp"
#include "orrery/period/lomb_scargle_fast.hpp"
#include "orrery/period/search.hpp"

namespace orrery::figures::lectures {
namespace {

using live::Control, live::ControlKind, live::FrameContext, live::Mark, live::Panel, live::Role, live::Scale;

constexpr double kShortest = 0.19;     // day, shortest period searched
constexpr double kNightHours = 8.0;
constexpr double kAlarm = 0.01;        // a detection has a lower false-alarm probability than this
constexpr std::array<Index, 10> kNights = {8, 11, 16, 23, 32, 45, 64, 91, 128, 181};
constexpr Index kRounds = 8;
constexpr Index kSkiesARound = 5;

struct Star {
  double period, amplitude, sigma;
};

/// One visit in each of n nights, at a random hour.
data::Series observe(const Star& star, Index n, std::uint64_t seed, std::uint64_t stream) {
  Random random(seed, stream);
  const double phase = random.uniform();
  data::Series s{.name = "simulated star", .y_label = "brightness", .y_unit = "mag"};
  for (Index night = 0; night < n; ++night) {
    const double t = static_cast<double>(night) + kNightHours / 24.0 * (random.uniform() - 0.5);
    s.t.push_back(t);
    s.y.push_back(star.amplitude * std::sin(2.0 * std::numbers::pi * (t / star.period + phase)) + star.sigma * random.normal());
    s.sigma.push_back(star.sigma);
  }
  return s;
}

/// How often the right period was found, for each number of nights.
struct Rate {
  std::array<Index, kNights.size()> found{};
  Index skies = 0;
};

/// Right: above the level, and within one peak width of the true frequency.
Task<bool> is_found(Budget& budget, const data::Series& s, double period) {
  const auto range = period::search_range(s, {.min_period = kShortest});
  const auto power = co_await period::lomb_scargle_fast_task(budget, s.view(), range.grid, {});
  const auto best = std::max_element(power.begin(), power.end());
  const double frequency = range.grid[best - power.begin()];
  co_return *best > period::false_alarm_level(kAlarm, s.view(), range.grid) && std::fabs(frequency - 1.0 / period) * range.baseline < 1.0;
}

Task<bool> more_skies(Budget& budget, const Star& star, Rate& rate) {
  for (Index sky = 0; sky < kSkiesARound; ++sky) {
    for (std::size_t k = 0; k < kNights.size(); ++k) {
      // The same skies for every star, so that a slider moves the curve and not its noise.
      const auto s = observe(star, kNights[k], 1000 + static_cast<std::uint64_t>(rate.skies), 100 + k);
      const bool found = co_await is_found(budget, s, star.period);
      rate.found[k] += found;
      co_await budget.pause();
    }
    ++rate.skies;
  }
  co_return true;
}

struct Scene {
  const data::Series& series;
  const period::PeriodReport& report;
  const Rate& rate;
  Star star;
};

void draw_series(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("series");
  std::vector<double> low = s.series.y, high = s.series.y;
  for (double& v : low) v -= s.star.sigma;
  for (double& v : high) v += s.star.sigma;
  auto& obs = panel.mark("obs");
  set_line(obs, s.series.t, s.series.y);
  obs.set("low", std::span<const double>(low)).set("high", std::span<const double>(high));
  live::show(panel.x, live::extent(s.series.t));
  live::show(panel.y, live::extent(low, high, 0.08));
  panel.alt = plural(s.series.size(), "visit") + ", one a night, to a star of period " + number_text(s.star.period, 4) + " days.";
}

void draw_periodogram(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("periodogram");
  const auto& grid = s.report.range.grid;
  set_line(panel.mark("power"), grid.values(), s.report.power);
  const double ten = period::false_alarm_power(s.report, 0.1), one = period::false_alarm_power(s.report, 0.01),
               tenth = period::false_alarm_power(s.report, 0.001);
  set_rule_y(panel.mark("levels"), {ten, one, tenth}, {"10 %", "1 %", "0.1 %"});
  set_rule_x(panel.mark("truth"), {1.0 / s.star.period});
  set_point(panel.mark("peak"), s.report.fit.frequency, s.report.peak_power);
  panel.x = {0.0, grid.last()};
  panel.y = {0.0, 1.05};
  panel.alt = "Periodogram with its highest peak at " + number_text(s.report.fit.frequency, 4) + " per day, power " +
              number_text(s.report.peak_power, 3) + "; noise alone passes " + number_text(one, 3) + " in one sky of a hundred.";
}

void draw_fold(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("fold");
  std::vector<double> phase, y, low, high;
  for (const double cycle : {0.0, 1.0}) {
    for (std::size_t i = 0; i < s.series.t.size(); ++i) {
      phase.push_back(s.report.fit.phase(s.series.t[i]) + cycle);
      y.push_back(s.series.y[i]);
      low.push_back(y.back() - s.star.sigma);
      high.push_back(y.back() + s.star.sigma);
    }
  }
  auto& obs = panel.mark("obs");
  set_line(obs, phase, y);
  obs.set("low", std::span<const double>(low)).set("high", std::span<const double>(high));
  set_curve(panel.mark("model"), spaced(0.0, 2.0, 161), [&](double x) { return s.report.fit.value(0, x - std::floor(x)); });
  panel.x = {0.0, 2.0};
  live::show(panel.y, live::extent(low, high, 0.08));
  panel.alt = "The visits folded on " + value_text(s.report.period, s.report.period_error) + " days, two cycles, with the fitted sine.";
}

double part_found(const Rate& rate, std::size_t k) {
  return static_cast<double>(rate.found[k]) / static_cast<double>(std::max<Index>(1, rate.skies));
}

/// Nights at which the curve first passes 90 %; 0 when it never does.
double nights_for(const Rate& rate, double wanted) {
  for (std::size_t k = 0; k < kNights.size(); ++k) {
    const double here = part_found(rate, k);
    if (here < wanted) continue;
    if (k == 0) return static_cast<double>(kNights[0]);
    const double before = part_found(rate, k - 1);
    const double u = (wanted - before) / (here - before);
    return std::exp((1.0 - u) * std::log(static_cast<double>(kNights[k - 1])) + u * std::log(static_cast<double>(kNights[k])));
  }
  return 0.0;
}

void draw_rate(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("rate");
  const double n = static_cast<double>(std::max<Index>(1, s.rate.skies));
  std::vector<double> x, y, low, high;
  for (std::size_t k = 0; k < kNights.size(); ++k) {
    const double p = part_found(s.rate, k);
    // Wilson's interval: stays inside [0, 1] and has a width at 0 of n.
    const double middle = (p + 0.5 / n) / (1.0 + 1.0 / n), half = std::sqrt(p * (1.0 - p) / n + 0.25 / (n * n)) / (1.0 + 1.0 / n);
    x.push_back(static_cast<double>(kNights[k]));
    y.push_back(p);
    low.push_back(middle - half);
    high.push_back(middle + half);
  }
  set_line(panel.mark("curve"), x, y);
  auto& points = panel.mark("rate");
  set_line(points, x, y);
  points.set("low", std::span<const double>(low)).set("high", std::span<const double>(high));
  set_rule_x(panel.mark("here"), {c.number("points")});
  set_point(panel.mark("handle"), c.number("points"), 0.0);
  panel.x = {7.0, 220.0};
  panel.y = {-0.03, 1.05};
  panel.hint = std::to_string(s.rate.skies) + " skies a point";
  panel.alt = "Part of simulated skies in which the right period is found with a false-alarm probability below 1 %, from " +
              percent(y.front()) + " % with 8 nights to " + percent(y.back()) + " % with 181.";
}

std::string alarm_text(const period::PeriodReport& r) {
  if (r.log10_false_alarm_probability > -4.0) return number_text(std::pow(10.0, r.log10_false_alarm_probability), 2);
  return "10^" + number_text(std::round(r.log10_false_alarm_probability));
}

void say(FrameContext& c, const Scene& s) {
  live::Frame& frame = c.frame();
  const bool right = std::fabs(s.report.fit.frequency - 1.0 / s.star.period) * s.report.range.baseline < 1.0;
  frame.number("false-alarm probability", alarm_text(s.report));
  frame.number("period found", value_text(s.report.period, s.report.period_error), "day", error_text(s.report.period_error),
               right ? "the true one" : "wrong: it is " + number_text(s.star.period, 5));
  const double ninety = nights_for(s.rate, 0.9);
  frame.number("nights for 90 %", ninety > 0.0 ? number_text(ninety, 2) : "more than 181", "", "", "of the skies");
  frame.number("signal to noise", number_text(s.star.amplitude / s.star.sigma, 3), "", "", "amplitude over error of one visit");
  if (!right && s.report.log10_false_alarm_probability < -2.0) {
    frame.warn("The peak is significant and wrong: a small false-alarm probability says that something is periodic, not that this is its period.");
  }
  if (right && s.report.log10_false_alarm_probability > -2.0) {
    frame.warn("The highest peak is right by luck: noise reaches this height in more than one sky of a hundred, so it could not be believed.");
  }
  if (s.report.fit.dof < 4) frame.warn("With so few visits a sine with free mean, amplitude, phase and period fits almost anything.");
  offer_draw_again(c);
}

void draw(FrameContext& c, const Scene& s) {
  c.frame() = {};
  draw_series(c, s);
  draw_periodogram(c, s);
  draw_fold(c, s);
  draw_rate(c, s);
  say(c, s);
}

Task<bool> make_frame(FrameContext& c) {
  const Star star{c.number("period"), c.number("amplitude"), c.number("sigma")};
  const live::Key star_key = c.key({"period", "amplitude", "sigma"});
  live::Key sky_key = c.key({"points", "seed"});
  sky_key.add(star_key);
  const auto& series = c.node("series", sky_key, [&] { return observe(star, c.integer("points"), seed_of(c), 0); });
  auto search = [&](Budget& budget) { return period::find_period_task(budget, series, {.min_period = kShortest}); };
  const auto* report = co_await c.node_task<period::PeriodReport>("search", sky_key, search);
  auto simulate = [&](Budget& budget) -> Task<Rate> {
    Rate rate;
    for (Index round = 0; round < kRounds; ++round) {
      co_await more_skies(budget, star, rate);
      budget.progress(static_cast<double>(round + 1) / static_cast<double>(kRounds), "skies");
      if (round + 1 == kRounds) break;
      draw(c, {series, *report, rate, star});
      c.publish();
      co_await budget.pause();
    }
    co_return rate;
  };
  const auto* rate = co_await c.node_task<Rate>("rate", star_key, simulate);
  draw(c, {series, *report, *rate, star});
  co_return true;
}

constexpr std::string_view kExplain = R"html(
<p>A star is visited once a night, at a random hour of an eight-hour night. The periodogram fits a sine at thousands of trial frequencies and keeps the
best, so even noise shows a highest peak. The <b>false-alarm probability</b> is how often noise alone would do as well anywhere in the
searched range; a single frequency would exceed power <math><mi>P</mi></math> with probability</p>
<math display="block"><msup><mrow><mo>(</mo><mn>1</mn><mo>&#x2212;</mo><mi>P</mi><mo>)</mo></mrow><mrow><mo>(</mo><mi>N</mi><mo>&#x2212;</mo><mn>3</mn><mo>)</mo><mo>/</mo><mn>2</mn></mrow></msup></math>
<p>and the search multiplies that by roughly the number of independent frequencies, the searched range times the baseline (Baluev's formula does
it properly). For <math><mi>N</mi></math> visits of error <math><mi>&#x3C3;</mi></math> the true peak is expected at</p>
<math display="block"><mi>P</mi><mo>&#x2248;</mo><mfrac><msup><mi>A</mi><mn>2</mn></msup><mrow><msup><mi>A</mi><mn>2</mn></msup><mo>+</mo><mn>2</mn><msup><mi>&#x3C3;</mi><mn>2</mn></msup></mrow></mfrac></math>
<p>whatever <math><mi>N</mi></math> is: more visits do not raise the peak, they lower the noise around it, and the power of
<math><mo>(</mo><mi>N</mi><mo>&#x2212;</mo><mn>3</mn><mo>)</mo><mo>/</mo><mn>2</mn></math> does the rest. That is why the rate of detection climbs from nothing to
certainty within a factor of two in nights.</p>
<p>The last panel repeats the whole experiment on simulated skies, a few more each moment, and counts how often the right peak (within one
over the baseline) is the highest and has a false-alarm probability below 1 %. Bars are 68 % intervals (Wilson). Nightly sampling also makes
aliases; with few nights the highest peak is often one of them.</p>)html";

std::vector<Control> controls() {
  return {{.name = "points", .label = "nights", .unit = "1", .kind = ControlKind::integer, .low = 8, .high = 200, .start = 25, .step = 1,
           .scale = Scale::log, .group = "Observing", .help = "One visit each; drag the marker of the last panel."},
          {.name = "sigma", .label = "error of a visit", .unit = "mag", .low = 0.02, .high = 1.0, .start = 0.2, .scale = Scale::log,
           .group = "Observing"},
          {.name = "period", .label = "true period", .unit = "day", .low = 0.2, .high = 5.0, .start = 1.7, .scale = Scale::log, .group = "Star"},
          {.name = "amplitude", .label = "amplitude", .unit = "mag", .low = 0.0, .high = 2.0, .start = 0.3, .group = "Star"},
          seed_control()};
}

std::vector<Panel> panels() {
  return {{.id = "series", .title = "Visits", .x = {"time", "day"}, .y = {"brightness", "mag", Scale::linear, true},
           .marks = {{.id = "obs", .mark = Mark::points, .role = Role::data}}},
          {.id = "fold", .title = "Folded on the best period", .hint = "two cycles", .x = {"phase", "1"}, .y = {"brightness", "mag", Scale::linear, true},
           .marks = {{.id = "model", .mark = Mark::line, .role = Role::model, .note = "thick"},
                     {.id = "obs", .mark = Mark::points, .role = Role::data}}},
          {.id = "periodogram", .title = "Periodogram", .hint = "dashed: truth; levels of false alarm", .x = {"frequency", "1/day"}, .y = {"power", "1"},
           .marks = {{.id = "levels", .mark = Mark::rule, .role = Role::mute, .note = "dashed"},
                     {.id = "truth", .mark = Mark::rule, .role = Role::model, .note = "dashed"},
                     {.id = "power", .mark = Mark::line, .role = Role::accent},
                     {.id = "peak", .mark = Mark::points, .role = Role::model}}},
          {.id = "rate", .title = "Rate of detection", .x = {"nights", "1", Scale::log}, .y = {"right and below 1 %", "1"},
           .marks = {{.id = "here", .mark = Mark::rule, .role = Role::mute, .note = "dashed"},
                     {.id = "curve", .mark = Mark::line, .role = Role::accent},
                     {.id = "rate", .mark = Mark::points, .role = Role::data},
                     {.id = "handle", .mark = Mark::handle, .role = Role::accent, .label = "nights", .control_x = "points"}}}};
}

}  // namespace

extern const live::Figure nights_figure;
const live::Figure nights_figure{
    .id = "lectures.nights",
    .title = "How few nights",
    .question = "How few nights still betray a period?",
    .shelf = live::Shelf::lectures,
    .source = "Zechmeister & Kürster 2009, A&A 496, 577; Baluev 2008, MNRAS 385, 1279; Ivezić et al. 2014, figs. 10.14-10.15; Wilson 1927, JASA 22, 209",
    .explain = kExplain,
    .controls = controls(),
    .panels = panels(),
    .frame = make_frame};

}  // namespace orrery::figures::lectures
