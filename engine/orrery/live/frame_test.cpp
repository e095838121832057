#include "orrery/live/frame.hpp"

#include <cmath>

#include "support/test.hpp"

using namespace orrery::live;

TEST_CASE("columns are kept by id, replaced when set again, and read back with their type") {
  MarkFrame mark("points");
  const std::vector<double> x{1, 2, 3};
  mark.set("x", x).set("x", std::span<const double>(x).first(2));
  REQUIRE(mark.columns.size() == 1);
  CHECK(mark.f64("x").size() == 2);
  CHECK(mark.f64("x")[1] == 2.0);
  CHECK(mark.f64("y").empty());
  const std::vector<float> f{1.f};
  mark.set("f", f);
  CHECK(mark.f64("f").empty());
  CHECK(mark.find("f")->length() == 1);
}

TEST_CASE("extents leave a margin, and survive constants, gaps and nothing") {
  const auto e = extent(std::vector<double>{0.0, 10.0, std::nan("")});
  CHECK(e.low == doctest::Approx(-0.4));
  CHECK(e.high == doctest::Approx(10.4));
  const auto constant = extent(std::vector<double>{5.0, 5.0});
  CHECK(constant.low < 5.0);
  CHECK(constant.high > 5.0);
  const auto none = extent(std::vector<double>{std::nan("")});
  CHECK(none.low == 0.0);
  CHECK(none.high == 1.0);
}

TEST_CASE("panels, marks and controls are made once") {
  Frame frame;
  frame.panel("a").mark("m").hidden = true;
  CHECK(frame.panel("a").mark("m").hidden);
  CHECK(frame.panels.size() == 1);
  frame.control("p").low = 1.0;
  frame.control("p").high = 2.0;
  CHECK(frame.controls.size() == 1);
}
