// Hess diagram: how many stars have this colour and this magnitude.
#include <algorithm>
#include <cmath>
#include <limits>

#include "common.hpp"
#include "orrery/core/error.hpp"
#include "orrery/stats/robust.hpp"
#include "star_table.hpp"

namespace orrery::figures::book {
namespace {

using live::Control, live::ControlKind, live::FrameContext, live::Mark, live::Panel, live::Role;

constexpr Index kSyntheticStars = 20000;
constexpr Index kFewestForMedian = 15;  // stars in a row of the diagram that has a median

/// The two quantities of every star that has both.
struct Stars {
  Quantity x_quantity, y_quantity;
  std::vector<double> x, y;
  Index missing = 0;  ///< rows without one of the two
  double x_low = 0, x_high = 1, y_low = 0, y_high = 1;
};

/// Range that holds all but half a percent on either side, and a little more.
void choose_range(std::vector<double> values, double& low, double& high) {
  if (values.empty()) return;
  std::sort(values.begin(), values.end());
  low = stats::sorted_quantile(values, 0.005);
  high = stats::sorted_quantile(values, 0.995);
  const double pad = high > low ? 0.06 * (high - low) : std::max(1e-3 * std::fabs(low), 0.5);
  low -= pad;
  high += pad;
}

const Quantity& chosen(const std::vector<Quantity>& all, const std::string& name, bool prefer_magnitude) {
  for (const auto& q : all) {
    if (q.name == name) return q;
  }
  for (const auto& q : all) {
    if (prefer_magnitude ? q.magnitude : q.color) return q;
  }
  return all[prefer_magnitude && all.size() > 1 ? 1 : 0];
}

Stars select_stars(const data::Table& table, const std::vector<Quantity>& all, const std::string& x, const std::string& y) {
  Stars s{.x_quantity = chosen(all, x, false), .y_quantity = chosen(all, y, true)};
  const auto xs = values_of(table, s.x_quantity), ys = values_of(table, s.y_quantity);
  for (std::size_t i = 0; i < xs.size(); ++i) {
    if (!std::isfinite(xs[i]) || !std::isfinite(ys[i])) {
      ++s.missing;
      continue;
    }
    s.x.push_back(xs[i]);
    s.y.push_back(ys[i]);
  }
  choose_range(s.x, s.x_low, s.x_high);
  choose_range(s.y, s.y_low, s.y_high);
  return s;
}

/// Convolution with a Gaussian along one axis; what falls over the edge is lost.
void smooth_axis(std::vector<double>& count, Index lines, Index length, Index line_step, Index step, double sigma) {
  const auto reach = static_cast<Index>(std::ceil(3.5 * sigma));
  std::vector<double> kernel;
  double sum = 0.0;
  for (Index k = -reach; k <= reach; ++k) {
    kernel.push_back(std::exp(-0.5 * std::pow(static_cast<double>(k) / sigma, 2)));
    sum += kernel.back();
  }
  for (double& k : kernel) k /= sum;
  std::vector<double> out(at(length));
  for (Index line = 0; line < lines; ++line) {
    double* first = count.data() + line * line_step;
    for (Index i = 0; i < length; ++i) {
      double value = 0.0;
      const Index last = std::min(reach, length - 1 - i);
      for (Index k = std::max(-reach, -i); k <= last; ++k) value += kernel[at(k + reach)] * first[(i + k) * step];
      out[at(i)] = value;
    }
    for (Index i = 0; i < length; ++i) first[i * step] = out[at(i)];
  }
}

stats::Histogram2d diagram(const Stars& s, Index bins, double smoothing) {
  const stats::Grid2d grid{.x_bins = bins, .y_bins = bins, .x_low = s.x_low, .x_high = s.x_high, .y_low = s.y_low, .y_high = s.y_high};
  auto h = stats::histogram_2d(s.x, s.y, grid);
  if (smoothing > 0.05) {
    smooth_axis(h.count, bins, bins, bins, 1, smoothing);
    smooth_axis(h.count, bins, bins, 1, bins, smoothing);
  }
  return h;
}

std::string label_of(const Quantity& q) {
  if (!q.color) return q.name;
  const auto dash = q.name.find('-');
  return q.name.substr(0, dash) + " − " + q.name.substr(dash + 1);
}

void label_axes(live::PanelFrame& panel, const Stars& s) {
  panel.x.label = label_of(s.x_quantity);
  panel.x.unit = s.x_quantity.color || s.x_quantity.magnitude ? "mag" : "";
  panel.x.reversed = s.x_quantity.magnitude;
  panel.x.low = s.x_low;
  panel.x.high = s.x_high;
}

/// Median of x in each row of the diagram that has stars enough.
void set_median(live::MarkFrame& mark, const Stars& s, Index bins) {
  std::vector<std::vector<double>> rows(at(bins));
  const double step = (s.y_high - s.y_low) / static_cast<double>(bins);
  for (std::size_t i = 0; i < s.x.size(); ++i) {
    const double row = std::floor((s.y[i] - s.y_low) / step);
    if (row >= 0.0 && row < static_cast<double>(bins)) rows[static_cast<std::size_t>(row)].push_back(s.x[i]);
  }
  std::vector<double> x, y;
  for (Index r = 0; r < bins; ++r) {
    const bool enough = ssize(rows[at(r)]) >= kFewestForMedian;
    x.push_back(enough ? stats::median(rows[at(r)]) : std::numeric_limits<double>::quiet_NaN());
    y.push_back(s.y_low + (static_cast<double>(r) + 0.5) * step);
  }
  set_line(mark, x, y);
}

double center_of(Index cell, Index cells, double low, double high) {
  return low + (static_cast<double>(cell) + 0.5) * (high - low) / static_cast<double>(cells);
}

void draw_diagram(FrameContext& c, const Stars& s, const stats::Histogram2d& h, const std::string& title) {
  auto& panel = c.frame().panel("hess");
  const bool log = c.choice("counts") == "logarithmic";
  const double peak = std::max(highest(h.count), 1.0);
  const double floor = log ? std::min(0.8, 0.05 * peak) : 0.0;
  std::vector<float> value;
  for (const double v : h.count) value.push_back(v > 0.02 ? static_cast<float>(log ? std::max(v, floor) : v) : std::nanf(""));
  auto& image = panel.mark("counts").set("value", std::span<const float>(value));
  image.grid = live::Grid{.rows = h.grid.y_bins, .cols = h.grid.x_bins, .x0 = s.x_low, .x1 = s.x_high, .y0 = s.y_low, .y1 = s.y_high,
                          .low = floor, .high = peak, .scale = log ? live::Scale::log : live::Scale::linear, .map = c.choice("map"),
                          .label = "stars per cell"};
  auto& median = panel.mark("median");
  median.hidden = !c.toggle("median");
  if (!median.hidden) set_median(median, s, h.grid.y_bins);
  label_axes(panel, s);
  panel.y.label = label_of(s.y_quantity);
  panel.y.unit = s.y_quantity.color || s.y_quantity.magnitude ? "mag" : "";
  panel.y.reversed = s.y_quantity.magnitude;
  panel.y.low = s.y_low;
  panel.y.high = s.y_high;
  panel.title = title;
  panel.hint = plural(ssize(s.x) - h.outside, "star") + " in " + std::to_string(h.grid.x_bins) + " × " + std::to_string(h.grid.y_bins) + " cells";
  const auto fullest = std::max_element(h.count.begin(), h.count.end()) - h.count.begin();
  const double x = center_of(fullest % h.grid.x_bins, h.grid.x_bins, s.x_low, s.x_high);
  const double y = center_of(fullest / h.grid.x_bins, h.grid.y_bins, s.y_low, s.y_high);
  panel.alt = "Hess diagram of " + plural(ssize(s.x), "star") + ": number in cells of " + label_of(s.x_quantity) + " and " +
              label_of(s.y_quantity) + "; the fullest cell, at " + number_text(x, 3) + " and " + number_text(y, 4) + ", holds " +
              number_text(peak, 3) + ".";
}

void draw_margin(FrameContext& c, const char* id, const std::vector<double>& values, const Quantity& q, double low, double high,
                 Index bins) {
  auto& panel = c.frame().panel(id);
  const auto h = stats::histogram(values, bins, low, high);
  set_bars(panel.mark("counts"), h.edge, h.count);
  panel.x.low = low;
  panel.x.high = high;
  panel.x.label = label_of(q);
  panel.x.unit = q.color || q.magnitude ? "mag" : "";
  panel.y = {0.0, 1.1 * std::max(highest(h.count), 1.0)};
  const auto fullest = std::max_element(h.count.begin(), h.count.end()) - h.count.begin();
  panel.alt = "Histogram of " + label_of(q) + ", highest at " +
              number_text(center_of(fullest, bins, low, high), 3) + ".";
}

void say(FrameContext& c, const Stars& s, const stats::Histogram2d& h, bool synthetic, const std::string& name, const data::Table& table) {
  live::Frame& frame = c.frame();
  frame.number("stars", std::to_string(ssize(s.x)), "", "", synthetic ? "synthetic, not observed" : "of " + name);
  if (!s.x.empty()) {
    frame.number("median " + label_of(s.x_quantity), number_text(stats::median(s.x), 4), s.x_quantity.color ? "mag" : "");
    frame.number("fullest cell", number_text(highest(h.count), 3), "stars");
  }
  frame.number("outside", std::to_string(h.outside), "", "", "of the panel");
  frame.number("missing", std::to_string(s.missing), "", "", "without one of the two values");
  if (synthetic) {
    frame.warn("These stars are synthetic: made-up numbers with the columns of an SDSS table. Open a table of your own to see real ones.");
  }
  for (const auto& note : table.notes) frame.warn(note);
  const double cells = static_cast<double>(h.grid.x_bins * h.grid.y_bins);
  if (static_cast<double>(ssize(s.x)) < 0.3 * cells && c.number("smoothing") < 1.0) {
    frame.warn("There are " + number_text(cells / std::max<double>(1.0, static_cast<double>(ssize(s.x))), 2) +
               " cells for each star: use fewer bins, or smooth.");
  }
}

void offer_quantities(FrameContext& c, const Stars& s, const std::vector<Quantity>& all, bool both) {
  std::vector<std::string> names;
  for (const auto& q : all) names.push_back(q.name);
  auto& x = c.frame().control("x");
  x.choices = names;
  x.value = s.x_quantity.name;
  auto& y = c.frame().control("y");
  y.choices = names;
  y.value = s.y_quantity.name;
  if (!both) c.frame().control("corrected").disabled = "The table has one kind of magnitudes only.";
}

void draw(FrameContext& c) {
  const bool synthetic = !c.slots().has("stars");
  const data::Table& table =
      synthetic ? c.node("synthetic", c.key({"seed"}), [&] { return synthetic_stars(kSyntheticStars, seed_of(c)); }) : c.slots().table("stars");
  const auto all = quantities_of(table, c.toggle("corrected"));
  if (all.empty()) fail(ErrorKind::input, "book.hess", "expected a table with columns of numbers, got " + table.name + " with none");
  const live::Key star_key = c.key({"seed", "x", "y", "corrected"}, {"stars"});
  const auto& stars = c.node("stars", star_key, [&] { return select_stars(table, all, c.choice("x"), c.choice("y")); });
  live::Key key = c.key({"bins", "smoothing"});
  key.add(star_key);
  const auto& h = c.node("diagram", key, [&] { return diagram(stars, c.integer("bins"), c.number("smoothing")); });
  const std::string name = synthetic ? table.name : c.slots().at("stars").name;
  draw_diagram(c, stars, h, "Hess diagram of " + (synthetic ? "a " + name : name));
  draw_margin(c, "x_counts", stars.x, stars.x_quantity, stars.x_low, stars.x_high, h.grid.x_bins);
  draw_margin(c, "y_counts", stars.y, stars.y_quantity, stars.y_low, stars.y_high, h.grid.y_bins);
  say(c, stars, h, synthetic, name, table);
  offer_quantities(c, stars, all, has_both_magnitudes(table));
  if (synthetic) {
    offer_draw_again(c);
  } else {
    c.frame().control("seed").disabled = "Only the synthetic stars are drawn at random.";
  }
}

constexpr std::string_view kExplain = R"html(
<p>A scatter plot of many stars turns into a black blot. A Hess diagram counts instead: the plane of colour and magnitude is cut into cells,
and each cell shows how many stars it holds. It is a two-dimensional histogram,</p>
<math display="block"><msub><mi>n</mi><mrow><mi>j</mi><mi>k</mi></mrow></msub><mo>=</mo><mo>#</mo><mo>{</mo><mi>i</mi><mo>:</mo><msub><mi>x</mi><mi>i</mi></msub><mo>&#x2208;</mo>
<mo>[</mo><msub><mi>a</mi><mi>j</mi></msub><mo>,</mo><msub><mi>a</mi><mrow><mi>j</mi><mo>+</mo><mn>1</mn></mrow></msub><mo>)</mo><mo>,</mo><msub><mi>y</mi><mi>i</mi></msub><mo>&#x2208;</mo>
<mo>[</mo><msub><mi>b</mi><mi>k</mi></msub><mo>,</mo><msub><mi>b</mi><mrow><mi>k</mi><mo>+</mo><mn>1</mn></mrow></msub><mo>)</mo><mo>}</mo></math>
<p>with the noise of counting: a cell of <math><mi>n</mi></math> stars is uncertain by <math><msqrt><mi>n</mi></msqrt></math>. Small cells resolve narrow
sequences and are noisy; smoothing with a Gaussian of a bin or two trades one for the other. Logarithmic counts show the sparse giants beside the
crowded main sequence; cubehelix gets steadily brighter and survives black-and-white print.</p>
<p><b>What to see.</b> At high Galactic latitude the blue ridge at
<math><mi>g</mi><mo>&#x2212;</mo><mi>r</mi><mo>&#x2248;</mo><mn>0.3</mn></math> is the main-sequence turn-off of old stars in halo and thick disc; the red ridge
at <math><mi>g</mi><mo>&#x2212;</mo><mi>r</mi><mo>&#x2248;</mo><mn>1.4</mn></math> is made of nearby M dwarfs, whose
<math><mi>g</mi><mo>&#x2212;</mo><mi>r</mi></math> hardly changes with temperature: plot
<math><mi>r</mi><mo>&#x2212;</mo><mi>i</mi></math> against <math><mi>g</mi><mo>&#x2212;</mo><mi>r</mi></math> to see the stellar locus bend there.</p>
<p>Without a file the stars are <b>synthetic</b>: a simple recipe with these two ridges, fixed by the seed, for trying the controls; no number read
off them says anything about the sky. Open a CSV with columns such as <code>dered_u ... dered_z</code> or <code>mag_u ... mag_z</code>; other columns
of numbers can be plotted as well. Rows in which one of the two values is missing are left out and counted.</p>)html";

std::vector<Control> controls() {
  return {{.name = "x", .label = "across", .kind = ControlKind::choice, .choices = {"g-r", "u-g", "r-i", "i-z", "g-i", "r", "u", "g", "i", "z"},
           .group = "Axes", .help = "A colour, a magnitude, or any column of numbers of the table."},
          {.name = "y", .label = "up", .kind = ControlKind::choice, .choices = {"r", "g", "u", "i", "z", "r-i", "u-g", "g-r", "i-z", "g-i"},
           .group = "Axes", .help = "Magnitudes are drawn upside down: bright at the top."},
          {.name = "corrected", .label = "corrected for extinction", .kind = ControlKind::toggle, .start = 1.0, .group = "Axes",
           .help = "Dereddened magnitudes where the table has both."},
          {.name = "bins", .label = "bins", .unit = "1", .kind = ControlKind::integer, .low = 10, .high = 200, .start = 60, .step = 1, .group = "Counting",
           .help = "Cells along each axis."},
          {.name = "smoothing", .label = "smoothing", .unit = "bins", .low = 0.0, .high = 4.0, .start = 0.0, .group = "Counting",
           .help = "Standard deviation of the Gaussian that the counts are convolved with."},
          {.name = "counts", .label = "counts", .kind = ControlKind::choice, .choices = {"logarithmic", "linear"}, .group = "Colours"},
          {.name = "map", .label = "colour map", .kind = ControlKind::choice, .choices = {"viridis", "cividis", "cubehelix"}, .group = "Colours"},
          {.name = "median", .label = "median ridge", .kind = ControlKind::toggle, .start = 0.0, .group = "Colours",
           .help = "Median of the horizontal quantity in each row with 15 stars or more."},
          seed_control()};
}

std::vector<Panel> panels() {
  return {{.id = "hess", .title = "Hess diagram", .x = {"g − r", "mag"}, .y = {"r", "mag", live::Scale::linear, true},
           .marks = {{.id = "counts", .mark = Mark::image}, {.id = "median", .mark = Mark::line, .role = Role::model}}, .wide = true},
          {.id = "x_counts", .title = "Across", .x = {"g − r", "mag"}, .y = {"stars", "1"},
           .marks = {{.id = "counts", .mark = Mark::bars, .role = Role::data}}},
          {.id = "y_counts", .title = "Up", .x = {"r", "mag"}, .y = {"stars", "1"}, .marks = {{.id = "counts", .mark = Mark::bars, .role = Role::data}}}};
}

}  // namespace

extern const live::Figure hess_figure;
const live::Figure hess_figure{
    .id = "book.hess",
    .title = "Hess diagram",
    .question = "Where do the stars crowd in colour and magnitude?",
    .shelf = live::Shelf::book,
    .source = "Ivezić, Connolly, VanderPlas & Gray 2014, Statistics, Data Mining, and Machine Learning in Astronomy, fig. 1.10; "
              "Hess 1924, Probleme der Astronomie (Seeliger Festschrift), 265",
    .explain = kExplain,
    .controls = controls(),
    .slots = {{.name = "stars", .kind = live::SlotKind::table, .label = "table of stars", .embedded = "",
               .help = "A CSV with magnitudes (dered_g, dered_r, ... or mag_g, mag_r, ...), one row a star."}},
    .panels = panels(),
    .draw = draw};

}  // namespace orrery::figures::book
