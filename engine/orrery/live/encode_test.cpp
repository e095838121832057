#include "orrery/live/encode.hpp"

#include <cmath>

#include "support/live.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::live;

namespace {

const Figure kFigure{.id = "test.encode",
                     .controls = {{.name = "a", .low = 0, .high = 10, .start = 1}},
                     .panels = {{.id = "p", .x = {"x"}, .y = {"y"},
                                 .marks = {{.id = "line", .mark = Mark::line}, {.id = "dots", .mark = Mark::points}}}}};

Frame frame_of(Index n) {
  Frame frame;
  std::vector<double> x, y;
  for (Index i = 0; i < n; ++i) {
    x.push_back(double(i) / double(n));
    y.push_back(std::sin(0.37 * double(i)));
  }
  auto& panel = frame.panel("p");
  panel.mark("line").set("x", x).set("y", y);
  panel.mark("dots").set("x", x).set("y", y);
  panel.y = {-1, 1};
  frame.number("pi", "3.1", "1");
  return frame;
}

live::testing::Down sent(FrameEncoder& encoder, const Frame& frame, const Views& views = {}) {
  return live::testing::decoded(encoder.encode(kFigure, frame, {{"a", 2.5}}, {}, views, 7, 0, true));
}

}  // namespace

TEST_CASE("small columns travel whole, and only once") {
  FrameEncoder encoder;
  const Frame frame = frame_of(50);
  const auto first = sent(encoder, frame);
  CHECK(first.sequence == 7);
  CHECK(first.column("p", "line", "x").size() == 50);
  CHECK(first.column("p", "dots", "y")[3] == frame.panels[0].marks[1].f64("y")[3]);
  const auto second = sent(encoder, frame);
  CHECK(second.head["panels"][0]["marks"][0]["columns"][0]["same"] == true);
  CHECK(second.bytes.size() < first.bytes.size());
  encoder.forget();
  CHECK(sent(encoder, frame).bytes == first.bytes);
}

TEST_CASE("long lines are decimated to the view and dense points come as a picture") {
  FrameEncoder encoder;
  Views views;
  views.panels["p"] = {.width = 200, .height = 100, .ratio = 2.0};
  const auto message = sent(encoder, frame_of(100000), views);
  const auto& line = message.head["panels"][0]["marks"][0];
  CHECK(line["grid"]["length"] == 100000);
  CHECK(message.column("p", "line", "x").size() <= 4 * 402);
  const auto& dots = message.head["panels"][0]["marks"][1];
  CHECK(dots["grid"]["width"] == 400);
  CHECK(dots["grid"]["height"] == 200);
  CHECK(dots["grid"]["view"] == nlohmann::json({0.0, 1.0, -1.0, 1.0}));
  CHECK(message.column("p", "dots", "x").size() == 100000);
  views.panels["p"].x = Extent{0.25, 0.5};
  CHECK(sent(encoder, frame_of(100000), views).head["panels"][0]["marks"][1]["grid"]["view"] == nlohmann::json({0.25, 0.5, -1.0, 1.0}));
}

TEST_CASE("the head carries the general code for the state") {
  FrameEncoder encoder;
  const auto message = sent(encoder, frame_of(5));
  CHECK(message.head["code"]["shell"] == "orrery eval test.encode --set a=2.5 --json");
  CHECK(message.head["code"]["python"].get<std::string>().find("a=2.5,") != std::string::npos);
  CHECK(message.head["code"]["cpp"].get<std::string>().find("{\"a\", 2.5},") != std::string::npos);
  CHECK(message.head["numbers"][0]["label"] == "pi");
  CHECK(message.head["final"] == true);
}
