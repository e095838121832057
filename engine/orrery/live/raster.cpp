#include "orrery/live/raster.hpp"

#include <algorithm>
#include <cmath>

namespace orrery::live {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// RGBA image with straight alpha; blend() lays a colour over what is there.
struct Image {
  Index width, height;
  std::vector<std::uint8_t> rgba;

  void blend(Index px, Index py, const Rgb& colour, unsigned alpha) {
    if (px < 0 || py < 0 || px >= width || py >= height || alpha == 0) return;
    std::uint8_t* p = rgba.data() + 4 * (py * width + px);
    const unsigned below = p[3] * (255 - alpha) / 255;  // what still shows through, weighted by its own alpha
    const unsigned sum = alpha + below;
    for (int c = 0; c < 3; ++c) p[c] = static_cast<std::uint8_t>((colour[std::size_t(c)] * alpha + p[c] * below) / sum);
    p[3] = static_cast<std::uint8_t>(sum);
  }
};

/// Coverage of a disc on a small grid, computed once per picture.
struct Stamp {
  Index half;
  std::vector<std::uint8_t> coverage;

  explicit Stamp(double radius) : half(static_cast<Index>(std::ceil(radius))) {
    for (Index dy = -half; dy <= half; ++dy) {
      for (Index dx = -half; dx <= half; ++dx) {
        const double distance = std::hypot(double(dx), double(dy));
        coverage.push_back(static_cast<std::uint8_t>(255.0 * std::clamp(radius + 0.5 - distance, 0.0, 1.0)));
      }
    }
  }
};

class PointRaster {
 public:
  PointRaster(const AxisView& x, const AxisView& y, bool y_reversed, double ratio, Index count)
      : x_(x), y_(y), reversed_(y_reversed), image_{x.pixels, y.pixels, std::vector<std::uint8_t>(at(4 * x.pixels * y.pixels))},
        stamp_(ratio * (count > 20000 ? 0.9 : 1.5)) {}

  void error_bar(double x, double low, double high, const Rgb& colour, double alpha) {
    const double px = pixel_of(x_, x);
    double from = row(low);
    double to = row(high);
    if (!std::isfinite(px) || !std::isfinite(from) || !std::isfinite(to) || px < 0.0 || px >= double(x_.pixels)) return;
    if (from > to) std::swap(from, to);
    const auto top = static_cast<Index>(std::max(from, 0.0));
    const auto bottom = static_cast<Index>(std::min(to, double(y_.pixels - 1)));
    const auto opacity = static_cast<unsigned>(90.0 * alpha);
    for (Index py = top; py <= bottom; ++py) image_.blend(static_cast<Index>(px), py, colour, opacity);
  }

  void point(double x, double y, const Rgb& colour, double alpha) {
    const double fx = pixel_of(x_, x);
    const double fy = row(y);
    const double edge = double(stamp_.half);
    if (!(fx >= -edge && fx < double(x_.pixels) + edge && fy >= -edge && fy < double(y_.pixels) + edge)) return;
    const auto cx = static_cast<Index>(std::floor(fx));
    const auto cy = static_cast<Index>(std::floor(fy));
    std::size_t k = 0;
    for (Index dy = -stamp_.half; dy <= stamp_.half; ++dy) {
      for (Index dx = -stamp_.half; dx <= stamp_.half; ++dx) {
        image_.blend(cx + dx, cy + dy, colour, static_cast<unsigned>(alpha * stamp_.coverage[k++]));
      }
    }
  }

  std::vector<std::uint8_t> take() { return std::move(image_.rgba); }

 private:
  double row(double y) const {
    const double up = pixel_of(y_, y);
    return reversed_ ? up : double(y_.pixels) - up;
  }
  AxisView x_, y_;
  bool reversed_;
  Image image_;
  Stamp stamp_;
};

}  // namespace

bool parse_colour(std::string_view text, Rgb& colour) {
  if (text.size() != 7 || text[0] != '#') return false;
  Rgb parsed{};
  for (std::size_t i = 0; i < 3; ++i) {
    const int high = hex_digit(text[1 + 2 * i]);
    const int low = hex_digit(text[2 + 2 * i]);
    if (high < 0 || low < 0) return false;
    parsed[i] = static_cast<std::uint8_t>(16 * high + low);
  }
  colour = parsed;
  return true;
}

std::vector<std::uint8_t> raster_points(const PointColumns& points, const AxisView& x, const AxisView& y, bool y_reversed, double ratio,
                                        Role role, const Palette& palette) {
  const Index n = std::min(ssize(points.x), ssize(points.y));
  PointRaster raster(x, y, y_reversed, ratio, n);
  const auto colour = [&](Index i) -> const Rgb& {
    if (ssize(points.band) > i && !palette.band.empty()) {
      const auto b = static_cast<std::size_t>(std::max(points.band[at(i)], 0));
      return palette.band[b % palette.band.size()];
    }
    return role == Role::band ? palette.roles[0] : palette.roles[static_cast<std::size_t>(role)];
  };
  const auto alpha = [&](Index i) { return ssize(points.alpha) > i ? std::clamp(double(points.alpha[at(i)]), 0.0, 1.0) : 1.0; };
  for (Index i = 0; i < std::min({n, ssize(points.low), ssize(points.high)}); ++i) {
    raster.error_bar(points.x[at(i)], points.low[at(i)], points.high[at(i)], colour(i), alpha(i));
  }
  for (Index i = 0; i < n; ++i) raster.point(points.x[at(i)], points.y[at(i)], colour(i), alpha(i));
  return raster.take();
}

}  // namespace orrery::live
