// The reference load of the live layer: four panels, all data new in every frame. Hidden; tests/e2e measures it.
#include <cmath>
#include <numbers>
#include <vector>

#include "orrery/core/random.hpp"
#include "orrery/live/context.hpp"

namespace orrery::live {
namespace {

constexpr Index kPoints = 10000;
constexpr Index kCurve = 1000;
constexpr Index kSpectrum = 100000;
constexpr Index kSide = 256;

void draw_points(PanelFrame& panel, double shift, Random& random) {
  std::vector<double> x(kPoints), y(kPoints), low(kPoints), high(kPoints);
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = 10.0 * random.uniform();
    y[i] = std::sin(x[i] + shift) + 0.2 * random.normal();
    low[i] = y[i] - 0.2;
    high[i] = y[i] + 0.2;
  }
  panel.mark("points").set("x", x).set("y", y).set("low", low).set("high", high);
  panel.x = {0.0, 10.0};
  panel.y = {-2.0, 2.0};
  panel.alt = "10,000 points with error bars around a sine";
}

void draw_curve(PanelFrame& panel, double shift) {
  std::vector<double> x(kCurve), y(kCurve), low(kCurve), high(kCurve);
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = 10.0 * double(i) / double(kCurve - 1);
    y[i] = std::sin(x[i] + shift);
    const double width = 0.2 + 0.1 * std::cos(2.0 * x[i]);
    low[i] = y[i] - width;
    high[i] = y[i] + width;
  }
  panel.mark("band").set("x", x).set("low", low).set("high", high);
  panel.mark("mean").set("x", x).set("y", y);
  panel.x = {0.0, 10.0};
  panel.y = {-2.0, 2.0};
  panel.alt = "a mean curve and its band";
}

void draw_spectrum(PanelFrame& panel, double shift, Random& random) {
  std::vector<double> x(kSpectrum), y(kSpectrum);
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = 0.01 + 50.0 * double(i) / double(kSpectrum);
    const double line = x[i] - 10.0 - shift;
    y[i] = 0.1 * random.uniform() + std::exp(-0.5 * line * line / 0.01);
  }
  panel.mark("power").set("x", x).set("y", y);
  panel.x = {0.0, 50.0};
  panel.y = {0.0, 1.2};
  panel.alt = "a spectrum of 100,000 frequencies with one line";
}

void draw_image(PanelFrame& panel, double shift) {
  std::vector<float> value(kSide * kSide);
  for (Index row = 0; row < kSide; ++row) {
    for (Index col = 0; col < kSide; ++col) {
      const double x = double(col) / kSide * 2.0 * std::numbers::pi;
      const double y = double(row) / kSide * 2.0 * std::numbers::pi;
      value[at(row * kSide + col)] = static_cast<float>(std::sin(x + shift) * std::cos(y));
    }
  }
  MarkFrame& image = panel.mark("image").set("value", std::span<const float>(value));
  image.grid = Grid{.rows = kSide, .cols = kSide, .low = -1.0, .high = 1.0};
  panel.x = {0.0, 1.0};
  panel.y = {0.0, 1.0};
  panel.alt = "an image of 256 by 256 values";
}

void draw(FrameContext& context) {
  const double shift = context.number("shift");
  Random random(1, static_cast<std::uint64_t>(1e6 * shift));
  Frame& frame = context.frame();
  draw_points(frame.panel("points"), shift, random);
  draw_curve(frame.panel("curve"), shift);
  draw_spectrum(frame.panel("spectrum"), shift, random);
  draw_image(frame.panel("image"), shift);
  frame.number("shift", std::to_string(shift));
}

}  // namespace

extern const Figure reference_figure;
const Figure reference_figure{
    .id = "live.reference",
    .title = "Reference load",
    .question = "Does a frame of four heavy panels fit the budget?",
    .shelf = Shelf::hidden,
    .source = "docs/guide/protocol.md",
    .explain = "<p>Four panels whose data is new in every frame: the load that the live layer is measured with.</p>",
    .controls = {{.name = "shift", .label = "shift", .unit = "1", .low = 0.0, .high = 6.0, .start = 0.0}},
    .panels = {{.id = "points", .title = "Points", .x = {"x"}, .y = {"y"}, .marks = {{.id = "points", .mark = Mark::points}}},
               {.id = "curve", .title = "Curve", .x = {"x"}, .y = {"y"},
                .marks = {{.id = "band", .mark = Mark::area, .role = Role::model}, {.id = "mean", .mark = Mark::line, .role = Role::model}}},
               {.id = "spectrum", .title = "Spectrum", .x = {"frequency", "1/day"}, .y = {"power"},
                .marks = {{.id = "power", .mark = Mark::line, .role = Role::accent}}},
               {.id = "image", .title = "Image", .x = {"x"}, .y = {"y"}, .marks = {{.id = "image", .mark = Mark::image}}}},
    .draw = draw};

}  // namespace orrery::live
