// A job of a known length, in short pieces, with a coarse answer first. Hidden; tests/e2e measures cancelling and settling.
#include <cmath>
#include <vector>

#include "orrery/live/context.hpp"

namespace orrery::live {
namespace {

void fill(FrameContext& context, double phase, bool coarse) {
  std::vector<double> x(200), y(200);
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = 0.05 * double(i);
    y[i] = std::sin(x[i] + phase);
  }
  PanelFrame& panel = context.frame().panel("curve");
  panel.mark("curve").set("x", x).set("y", y);
  panel.x = {0.0, 10.0};
  panel.y = {-1.2, 1.2};
  panel.alt = coarse ? "a coarse sine" : "a sine";
  context.frame().numbers.clear();
  context.frame().number("answer", coarse ? "coarse" : "final");
}

Task<bool> make_frame(FrameContext& context) {
  const double phase = context.number("phase");
  const double length_ms = context.number("length");
  fill(context, phase, true);
  context.publish();
  double worked = 0.0;
  while (worked < length_ms) {
    const double start = clock_ms();
    while (clock_ms() - start < 0.5) {
    }
    worked += clock_ms() - start;
    context.budget().progress(worked / length_ms, "waiting on purpose");
    co_await context.budget().pause();
  }
  fill(context, phase, false);
  co_return true;
}

}  // namespace

extern const Figure slow_figure;
const Figure slow_figure{
    .id = "live.slow",
    .title = "Slow job",
    .question = "Does a newer slider value stop a long job?",
    .shelf = Shelf::hidden,
    .source = "docs/guide/protocol.md",
    .explain = "<p>A job that takes as long as its second slider says.</p>",
    .controls = {{.name = "phase", .label = "phase", .unit = "rad", .low = 0.0, .high = 6.3, .start = 0.0},
                 {.name = "length", .label = "length", .unit = "ms", .low = 0.0, .high = 60000.0, .start = 100.0}},
    .panels = {{.id = "curve", .title = "Curve", .x = {"x"}, .y = {"y"}, .marks = {{.id = "curve", .mark = Mark::line, .role = Role::model}}}},
    .frame = make_frame};

}  // namespace orrery::live
