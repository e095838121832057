#include "orrery/live/evaluate.hpp"

#include "orrery/core/error.hpp"
#include "orrery/data/embedded.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::live;

namespace {

void draw_mean(FrameContext& c) {
  const auto& y = c.slots().series("series").y;
  double mean = 0;
  for (const double v : y) mean += v / double(y.size());
  c.frame().number("mean", std::to_string(mean + c.number("shift")));
}

const Figure kFigure{.id = "test.mean",
                     .controls = {{.name = "shift", .low = -1, .high = 1, .start = 0}},
                     .slots = {{.name = "series", .kind = SlotKind::series, .label = "series"}},
                     .draw = draw_mean};

}  // namespace

TEST_CASE("a figure is evaluated on a user's bytes; a bad file and an unknown set say what is wrong") {
  Slots slots;
  slots.put("series", slot_from_bytes(kFigure.slots[0], "t,mag,err\n1,10,0.1\n2,12,0.1\n3,11,0.1\n", "a.csv"));
  CHECK(slots.at("series").name == "a.csv");
  CHECK(evaluate(kFigure, {}, slots).numbers[0].value == "11.000000");
  CHECK(evaluate(kFigure, {{"shift", 0.5}}, slots).numbers[0].value == "11.500000");
  CHECK_THROWS_AS((void)evaluate(kFigure, {{"shift", 2.0}}, slots), InputError);
  CHECK_THROWS_AS((void)evaluate(kFigure), InputError);  // its slot has no embedded set
  CHECK_THROWS_AS((void)slot_from_bytes(kFigure.slots[0], "", "empty.csv"), InputError);
  CHECK_THROWS_AS((void)slot_from_embedded(kFigure.slots[0], "no-such-star"), InputError);
}

TEST_CASE("every embedded set opens as a series, and its canonical CSV reads back to the same numbers") {
  for (const auto& set : data::embedded_sets()) {
    CAPTURE(set.id);
    const auto content = slot_from_embedded(kFigure.slots[0], set.id);
    CHECK(content.series.size() > 20);
    const auto again = slot_from_bytes(kFigure.slots[0], slot_csv(content), "again.csv");
    CHECK(again.series.t == content.series.t);
    CHECK(again.series.y == content.series.y);
    CHECK(again.series.sigma == content.series.sigma);
    CHECK(again.series.band == content.series.band);
  }
}
