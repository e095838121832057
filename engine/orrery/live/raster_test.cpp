#include "orrery/live/raster.hpp"

#include <cmath>

#include "support/test.hpp"

using namespace orrery;
using namespace orrery::live;

namespace {
Index painted(const std::vector<std::uint8_t>& rgba) {
  Index count = 0;
  for (std::size_t i = 3; i < rgba.size(); i += 4) count += rgba[i] > 0;
  return count;
}
}  // namespace

TEST_CASE("a point lands where its axis says, upright and reversed, with the colour of its role") {
  const std::vector<double> x{2.5}, y{7.5};
  const AxisView axis{0, 10, Scale::linear, 100};
  const Palette palette;
  for (const bool reversed : {false, true}) {
    const auto image = raster_points({.x = x, .y = y}, axis, axis, reversed, 1.0, Role::model, palette);
    const Index row = reversed ? 75 : 25;
    const std::uint8_t* p = image.data() + 4 * (row * 100 + 25);
    CHECK(p[3] == 255);
    CHECK(p[0] == 0xd1);
    CHECK(p[1] == 0x49);
    CHECK(painted(image) < 30);
  }
}

TEST_CASE("error bars join their ends; points outside, NaN and on the edge write nothing outside") {
  const AxisView axis{0, 10, Scale::linear, 50};
  const Palette palette;
  const std::vector<double> x{5, -100, 1e300, std::nan(""), 0, 10}, y{5, 5, 5, 5, 0, 10};
  const std::vector<double> low{1, -1e300, 0, 0, -5, 5}, high{9, 1e300, 9, 9, 0, 15};
  const std::vector<std::int32_t> band{0, 1, 2, -7, 99, 3};
  const auto image = raster_points({.x = x, .y = y, .low = low, .high = high, .band = band}, axis, axis, false, 2.0, Role::data, palette);
  CHECK(image.size() == 50 * 50 * 4);
  for (Index row = 6; row < 44; ++row) CHECK(image[at(4 * (row * 50 + 25) + 3)] > 0);
}

TEST_CASE("colours are read strictly") {
  Rgb colour{1, 2, 3};
  CHECK(parse_colour("#0B6e8a", colour));
  CHECK(colour == Rgb{0x0b, 0x6e, 0x8a});
  CHECK_FALSE(parse_colour("#0b6e8", colour));
  CHECK_FALSE(parse_colour("0b6e8a#", colour));
  CHECK_FALSE(parse_colour("#0b6e8g", colour));
  CHECK(colour == Rgb{0x0b, 0x6e, 0x8a});
}
