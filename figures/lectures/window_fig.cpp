// A sine seen through a window of nights: its spectrum, the window's, and the periodogram with the aliases that follow from both.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "common.hpp"
#include "orrery/core/random.hpp"
#include "orrery/period/lomb_scargle_fast.hpp"
#include "orrery/period/window.hpp"
#include "aliases.hpp"

namespace orrery::figures::lectures {
namespace {

using live::Control, live::ControlKind, live::FrameContext, live::Mark, live::Panel, live::Role, live::Scale;

constexpr double kYear = 365.25;
constexpr double kHighestTrue = 6.0;   // 1/day, upper end of the slider of the true frequency
constexpr double kOversampling = 5.0;
constexpr double kLowestShown = 0.12;  // window peaks below are lost among the noise
constexpr Index kMostPeaks = 10;

struct Sampling {
  std::vector<double> t;  ///< [day], the middle of the series is 0
  double baseline = 0.0;
};

Sampling sample_times(const FrameContext& c) {
  Random random(seed_of(c), 1);
  const Index per_night = c.integer("per_night");
  const double hours = c.number("hours"), jitter = c.number("jitter");
  Sampling s;
  for (Index season = 0; season < c.integer("seasons"); ++season) {
    for (Index night = 0; night < c.integer("nights"); ++night) {
      for (Index i = 0; i < per_night; ++i) {
        const double place = per_night > 1 ? static_cast<double>(i) / static_cast<double>(per_night - 1) - 0.5 : 0.0;
        const double hour = hours * place + jitter * (2.0 * random.uniform() - 1.0);
        s.t.push_back(kYear * static_cast<double>(season) + static_cast<double>(night) + hour / 24.0);
      }
    }
  }
  const auto [first, last] = std::minmax_element(s.t.begin(), s.t.end());
  const double middle = 0.5 * (*first + *last);
  s.baseline = *last - *first;
  for (double& t : s.t) t -= middle;
  std::sort(s.t.begin(), s.t.end());
  return s;
}

struct Observed {
  std::vector<double> y, sigma;
};
Observed observe(const FrameContext& c, const Sampling& s) {
  Random random(seed_of(c), 2);
  const double noise = c.number("noise");
  Observed o;
  for (const double t : s.t) {
    o.y.push_back(std::sin(2.0 * std::numbers::pi * c.number("frequency") * t) + noise * random.normal());
    o.sigma.push_back(noise);
  }
  return o;
}

period::FrequencyGrid grid_to(double first, double highest, double baseline) {
  const double step = 1.0 / (kOversampling * baseline);
  return {first > 0.0 ? first : 0.0, step, static_cast<Index>(std::ceil(highest / step)) + 1};
}

struct Scene {
  const Sampling& sampling;
  const Observed& observed;
  const std::vector<double>& power;
  period::FrequencyGrid power_grid;
  const std::vector<double>& window;
  period::FrequencyGrid window_grid;
  std::vector<Alias> aliases;
};

/// "f − 1.003": how an alias comes about.
std::string relation(const Alias& a) { return std::string("f ") + (a.offset < 0.0 ? "− " : "+ ") + number_text(std::fabs(a.offset), 4); }

/// The highest power; of several that differ by rounding only (perfect aliases), the one of lowest frequency.
Index highest_at(const std::vector<double>& power) {
  const double limit = *std::max_element(power.begin(), power.end()) - 1e-8;
  return std::find_if(power.begin(), power.end(), [&](double p) { return p >= limit; }) - power.begin();
}

double power_at(const Scene& s, double frequency) {
  const double k = (frequency - s.power_grid.first) / s.power_grid.step;
  const auto i = static_cast<Index>(std::lround(std::clamp(k, 0.0, static_cast<double>(s.power_grid.count - 1))));
  return s.power[at(i)];
}

void draw_times(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("times");
  const auto& t = s.sampling.t;
  auto& points = panel.mark("obs");
  set_line(points, t, s.observed.y);
  if (c.number("noise") > 0.0) {
    std::vector<double> low = s.observed.y, high = s.observed.y;
    for (std::size_t i = 0; i < t.size(); ++i) low[i] -= s.observed.sigma[i], high[i] += s.observed.sigma[i];
    points.set("low", std::span<const double>(low)).set("high", std::span<const double>(high));
  }
  const double f = c.number("frequency"), cycles = f * s.sampling.baseline;
  auto& curve = panel.mark("truth");
  curve.hidden = cycles > 60.0;
  if (!curve.hidden) {
    set_curve(curve, spaced(t.front(), t.back(), static_cast<Index>(cycles * 24.0) + 60),
              [&](double x) { return std::sin(2.0 * std::numbers::pi * f * x); });
  }
  live::show(panel.x, live::extent(t, 0.02));
  const double reach = 1.2 + 2.5 * c.number("noise");
  panel.y = {-reach, reach};
  panel.hint = plural(ssize(t), "point") + (curve.hidden ? "; too many cycles to draw the sine" : "");
  panel.alt = plural(ssize(t), "measurement") + " of a sine over " + number_text(s.sampling.baseline, 3) + " days, in " +
              plural(c.integer("nights") * c.integer("seasons"), "night") + ".";
}

void draw_truth(FrameContext& c) {
  auto& panel = c.frame().panel("spectrum");
  const double f = c.number("frequency");
  set_line(panel.mark("line"), {f, f}, {0.0, 1.0});
  set_point(panel.mark("handle"), f, 1.0);
  panel.x = {0.0, std::max(c.number("highest"), f)};
  panel.y = {0.0, 1.15};
  panel.alt = "The true spectrum: one line at " + number_text(f, 4) + " per day.";
}

void draw_window(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("window");
  const double highest_shown = c.number("highest");
  const auto count = std::min<Index>(s.window_grid.count, static_cast<Index>(highest_shown / s.window_grid.step) + 2);
  std::vector<double> x, y(s.window.begin(), s.window.begin() + count);
  for (Index k = 0; k < count; ++k) x.push_back(s.window_grid[k]);
  set_line(panel.mark("window"), x, y);
  std::vector<double> px, py;
  for (const auto& a : s.aliases) {
    if (a.offset < 0.0 && -a.offset <= highest_shown) px.push_back(-a.offset), py.push_back(a.height);
  }
  set_line(panel.mark("peaks"), px, py);
  panel.x = {0.0, highest_shown};
  panel.y = {0.0, 1.15};
  panel.alt = "Window function of the times: 1 at zero frequency, with " + plural(ssize(px), "further peak") + " above " +
              number_text(kLowestShown, 2) + (s.aliases.empty() ? "." : ", the highest " + number_text(s.aliases.front().height, 3) + " at " +
              number_text(std::fabs(s.aliases.front().offset), 4) + " per day.");
}

void draw_periodogram(FrameContext& c, const Scene& s) {
  auto& panel = c.frame().panel("periodogram");
  set_line(panel.mark("power"), s.power_grid.values(), s.power);
  const double f = c.number("frequency"), highest_shown = c.number("highest");
  auto& truth = panel.mark("truth");
  truth.hidden = f > highest_shown;
  set_rule_x(truth, {f});
  const double part = f <= s.power_grid.last() ? power_at(s, f) : 1.0 / (1.0 + 2.0 * std::pow(c.number("noise"), 2));
  std::vector<double> x, y;
  std::vector<std::string> labels;
  for (const auto& a : s.aliases) {
    x.push_back(a.frequency);
    y.push_back(a.height * part);
    if (ssize(labels) < 4) labels.push_back(relation(a));
  }
  set_line(panel.mark("aliases"), x, y);
  auto& words = panel.mark("words");
  x.resize(labels.size());
  y.resize(labels.size());
  for (double& v : y) v += 0.07;
  set_line(words, x, y);
  words.labels = labels;
  panel.x = {0.0, highest_shown};
  panel.y = {0.0, 1.15};
  panel.hint = "dashed: truth; dots: aliases foretold by the window";
  const Index best = highest_at(s.power);
  panel.alt = "Periodogram, highest at " + number_text(s.power_grid[best], 4) + " per day with power " + number_text(s.power[at(best)], 3) +
              "; the true frequency is " + number_text(f, 4) + ", and " + plural(ssize(s.aliases), "alias") +
              (s.aliases.size() == 1 ? " is" : "es are") + " foretold.";
}

void say(FrameContext& c, const Scene& s) {
  live::Frame& frame = c.frame();
  const double f = c.number("frequency"), width = 1.0 / s.sampling.baseline;
  const Index best = highest_at(s.power);
  const double found = s.power_grid[best];
  std::string verdict = "neither the truth nor a strong alias";
  const bool right = std::fabs(found - f) < width;
  if (right) verdict = "the true one";
  for (const auto& a : s.aliases) {
    if (!right && std::fabs(a.frequency - found) < width && verdict.starts_with("neither")) verdict = "an alias: |" + relation(a) + "|";
  }
  frame.number("highest peak", value_text(found, 0.5 * width), "1/day", "", verdict);
  frame.number("its period", number_text(1.0 / found, 5), "day");
  frame.number("true frequency", number_text(f, 5), "1/day", "", "period " + number_text(1.0 / f, 5) + " day");
  if (!s.aliases.empty()) {
    frame.number("strongest alias", number_text(s.aliases.front().height, 3), "", "", "of the true peak, at " + relation(s.aliases.front()));
  }
  frame.number("points", std::to_string(ssize(s.sampling.t)), "", "", "in " + number_text(s.sampling.baseline, 3) + " days");
  if (!right) frame.warn("The highest peak is not the true frequency: " + verdict + ".");
  if (f > c.number("highest")) frame.warn("The true frequency lies beyond the searched range: every peak that is seen is an alias or noise.");
  if (!s.aliases.empty() && s.aliases.front().height > 0.98) {
    frame.warn("The times are so regular that truth and alias are the same at every point: no amount of data of this kind tells them apart. "
               "Add jitter, longer nights or another site.");
  }
  offer_draw_again(c);
}

void draw(FrameContext& c, const Scene& s) {
  c.frame() = {};
  draw_times(c, s);
  draw_truth(c);
  draw_window(c, s);
  draw_periodogram(c, s);
  say(c, s);
}

Task<bool> make_frame(FrameContext& c) {
  const live::Key time_key = c.key({"nights", "per_night", "hours", "seasons", "jitter", "seed"});
  const auto& sampling = c.node("times", time_key, [&] { return sample_times(c); });
  live::Key data_key = c.key({"frequency", "noise"});
  data_key.add(time_key);
  const auto& observed = c.node("data", data_key, [&] { return observe(c, sampling); });
  live::Key window_key = c.key({"highest"});
  window_key.add(time_key);
  live::Key power_key = c.key({"highest"});
  power_key.add(data_key);
  const double highest_searched = c.number("highest");
  const auto window_grid = grid_to(0.0, highest_searched + kHighestTrue, sampling.baseline);
  const SeriesView series{sampling.t, observed.y, {}};
  auto window_of = [&](Budget& budget) { return period::spectral_window_task(budget, series, window_grid); };
  const auto* window = co_await c.node_task<std::vector<double>>("window", window_key, window_of);
  const double first = 0.5 / sampling.baseline;
  const auto power_grid = grid_to(first, highest_searched, sampling.baseline);
  auto power_of = [&](Budget& budget) { return period::lomb_scargle_fast_task(budget, series, power_grid, {}); };
  const auto* power = co_await c.node_task<std::vector<double>>("power", power_key, power_of);
  const auto peaks = window_peaks(*window, window_grid, kLowestShown, 1.0 / sampling.baseline, kMostPeaks);
  draw(c, {sampling, observed, *power, power_grid, *window, window_grid, aliases_of(c.number("frequency"), peaks, highest_searched)});
  co_return true;
}

constexpr std::string_view kExplain = R"html(
<p>What a telescope records is the star times the window: 1 while it looks, 0 by day, in cloud and out of season. A product in time is a
convolution in frequency, so the line of the sine is replaced by a copy of the window's spectrum,</p>
<math display="block"><mi>W</mi><mo>(</mo><mi>f</mi><mo>)</mo><mo>=</mo><msup><mrow><mo>|</mo><mfrac><mn>1</mn><mi>N</mi></mfrac><munderover><mo>&#x2211;</mo>
<mrow><mi>j</mi><mo>=</mo><mn>1</mn></mrow><mi>N</mi></munderover><msup><mi>e</mi><mrow><mn>2</mn><mi>&#x3C0;</mi><mi>i</mi><mi>f</mi><msub><mi>t</mi><mi>j</mi></msub></mrow></msup><mo>|</mo></mrow><mn>2</mn></msup></math>
<p>Wherever the window has a peak at an offset <math><mi>&#x3B4;</mi></math>, the sine shows again at
<math><mo>|</mo><mi>f</mi><mo>&#xB1;</mo><mi>&#x3B4;</mi><mo>|</mo></math> with about <math><mi>W</mi><mo>(</mo><mi>&#x3B4;</mi><mo>)</mo></math> of its power. Observing once
a night puts <math><mi>&#x3B4;</mi></math> at 1, 2, 3 ... per day; observing in seasons adds offsets of one per year; the width of every peak is one over
the baseline. Dots are predicted from the window and the true frequency alone; the periodogram knows neither.</p>
<p>Frequencies with a minus sign come back: drag the true frequency upward and watch the alias at
<math><mo>|</mo><mi>f</mi><mo>&#x2212;</mo><mn>1</mn><mo>|</mo></math> come down to zero and turn around.</p>
<p>With unequal spacing there is no Nyquist frequency: a few hours of jitter or long nights break the symmetry between truth and alias, because the
window then stays below 1. Where it reaches 1 exactly, as for one point a night at the same hour, no method can decide.</p>)html";

std::vector<Control> controls() {
  const auto whole = [](std::string_view name, std::string_view label, double low, double high, double start, std::string_view help) {
    return Control{.name = name, .label = label, .unit = "1", .kind = ControlKind::integer, .low = low, .high = high, .start = start,
                   .step = 1, .group = "Sampling", .help = help};
  };
  return {{.name = "frequency", .label = "true frequency", .unit = "1/day", .low = 0.02, .high = kHighestTrue, .start = 0.42, .group = "Star",
           .help = "Drag the line of the true spectrum."},
          {.name = "noise", .label = "noise", .unit = "amplitude", .low = 0.0, .high = 2.0, .start = 0.3, .group = "Star"},
          whole("nights", "nights a season", 3, 30, 20, "Consecutive nights."),
          whole("per_night", "points a night", 2, 10, 4, "Evenly spread over the night."),
          {.name = "hours", .label = "length of the night", .unit = "h", .low = 0.0, .high = 23.0, .start = 6.0, .group = "Sampling"},
          whole("seasons", "seasons", 1, 3, 1, "One a year."),
          {.name = "jitter", .label = "jitter", .unit = "h", .low = 0.0, .high = 6.0, .start = 0.2, .group = "Sampling",
           .help = "Every point is moved at random by up to this much."},
          {.name = "highest", .label = "search up to", .unit = "1/day", .low = 1.0, .high = 6.0, .start = 3.0, .group = "Search"},
          seed_control()};
}

std::vector<Panel> panels() {
  return {{.id = "times", .title = "Observations", .x = {"time", "day"}, .y = {"signal", "amplitude"},
           .marks = {{.id = "truth", .mark = Mark::line, .role = Role::mute, .note = "thin"},
                     {.id = "obs", .mark = Mark::points, .role = Role::data}},
           .wide = true},
          {.id = "spectrum", .title = "True spectrum", .hint = "drag the line", .x = {"frequency", "1/day"}, .y = {"power", "1"},
           .marks = {{.id = "line", .mark = Mark::line, .role = Role::model, .note = "thick"},
                     {.id = "handle", .mark = Mark::handle, .role = Role::model, .label = "f", .control_x = "frequency"}}},
          {.id = "window", .title = "Window", .x = {"frequency", "1/day"}, .y = {"W", "1"},
           .marks = {{.id = "window", .mark = Mark::line, .role = Role::data}, {.id = "peaks", .mark = Mark::points, .role = Role::warn}}},
          {.id = "periodogram", .title = "Periodogram of the observations", .x = {"frequency", "1/day"}, .y = {"power", "1"},
           .marks = {{.id = "truth", .mark = Mark::rule, .role = Role::model, .note = "dashed"},
                     {.id = "power", .mark = Mark::line, .role = Role::accent},
                     {.id = "aliases", .mark = Mark::points, .role = Role::warn},
                     {.id = "words", .mark = Mark::text, .role = Role::mute}},
           .wide = true}};
}

}  // namespace

extern const live::Figure window_figure;
const live::Figure window_figure{
    .id = "lectures.window",
    .title = "Aliases and the window",
    .question = "What does the window do to a sine?",
    .shelf = live::Shelf::lectures,
    .source = "Deeming 1975, Ap&SS 36, 137; VanderPlas 2018, ApJS 236, 16, sect. 3; Ivezić et al. 2014, figs. 10.2-10.4",
    .explain = kExplain,
    .controls = controls(),
    .panels = panels(),
    .frame = make_frame};

}  // namespace orrery::figures::lectures
