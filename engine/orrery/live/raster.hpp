#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "orrery/live/decimate.hpp"

namespace orrery::live {

using Rgb = std::array<std::uint8_t, 3>;

/// Colours of the page's theme; the start is the light theme.
struct Palette {
  std::array<Rgb, 5> roles = {{{0x2b, 0x2f, 0x36}, {0xd1, 0x49, 0x5b}, {0x0b, 0x6e, 0x8a}, {0xb9, 0xb4, 0xa8}, {0xd9, 0x90, 0x2f}}};
  std::vector<Rgb> band = {{0x00, 0x72, 0xb2}, {0xd5, 0x5e, 0x00}, {0x00, 0x9e, 0x73}, {0xcc, 0x79, 0xa7},
                           {0xe6, 0x9f, 0x00}, {0x56, 0xb4, 0xe9}};
};

/// Reads "#rrggbb". Returns false, and leaves `colour` alone, for anything else.
bool parse_colour(std::string_view text, Rgb& colour);

/// Points to rasterise; `low`/`high` (error bars), `band` and `alpha` may be empty.
struct PointColumns {
  std::span<const double> x, y, low, high;
  std::span<const std::int32_t> band;
  std::span<const float> alpha;
};

/// Draws points with error bars into an image of x.pixels by y.pixels, straight alpha, row 0 on top, y upwards (or downwards
/// when `y_reversed`). One pass over the points; points outside are clipped.
/// @param ratio  device pixels per CSS pixel: sets the size of a point
/// @return       (height * width * 4,) RGBA bytes
/// @cost O(N * point area + image)
[[nodiscard]] std::vector<std::uint8_t> raster_points(const PointColumns& points, const AxisView& x, const AxisView& y, bool y_reversed,
                                                      double ratio, Role role, const Palette& palette);

}  // namespace orrery::live
