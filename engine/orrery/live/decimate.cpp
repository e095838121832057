#include "orrery/live/decimate.hpp"

#include <algorithm>
#include <cmath>

namespace orrery::live {
namespace {

std::vector<Index> everything(Index n) {
  std::vector<Index> all(at(n));
  for (Index i = 0; i < n; ++i) all[at(i)] = i;
  return all;
}

/// Collects, per pixel column, the positions worth drawing.
class Columns {
 public:
  Columns(std::span<const double> lower, std::span<const double> upper, std::vector<Index>& out)
      : lower_(lower), upper_(upper), out_(out) {}

  void add(Index i, Index column) {
    const bool gap = std::isnan(lower_[at(i)]) || std::isnan(upper_[at(i)]);
    if (column != column_ || gap || gap_) {
      flush();
      column_ = column;
      first_ = lowest_ = highest_ = last_ = i;
    }
    gap_ = gap;
    if (!gap) {
      if (lower_[at(i)] < lower_[at(lowest_)]) lowest_ = i;
      if (upper_[at(i)] > upper_[at(highest_)]) highest_ = i;
    }
    last_ = i;
  }

  void flush() {
    if (first_ < 0) return;
    Index kept[4] = {first_, lowest_, highest_, last_};
    std::sort(kept, kept + 4);
    for (const Index i : kept) {
      if (out_.empty() || out_.back() < i) out_.push_back(i);
    }
    first_ = -1;
  }

 private:
  std::span<const double> lower_, upper_;
  std::vector<Index>& out_;
  Index column_ = -2, first_ = -1, lowest_ = -1, highest_ = -1, last_ = -1;
  bool gap_ = false;
};

std::vector<Index> decimate(std::span<const double> x, std::span<const double> lower, std::span<const double> upper, const AxisView& axis) {
  const Index n = std::min({ssize(x), ssize(lower), ssize(upper)});
  const bool ascending = std::is_sorted(x.begin(), x.begin() + n) &&
                         std::none_of(x.begin(), x.begin() + n, [](double v) { return std::isnan(v); });
  if (!ascending || n <= 4) return everything(n);
  // One neighbour outside on each side keeps the line that leaves the view.
  Index begin = std::lower_bound(x.begin(), x.begin() + n, axis.low) - x.begin();
  Index end = std::upper_bound(x.begin(), x.begin() + n, axis.high) - x.begin();
  begin = std::max<Index>(begin - 1, 0);
  end = std::min(end + 1, n);
  std::vector<Index> kept;
  if (end - begin <= 4 * axis.pixels) {
    for (Index i = begin; i < end; ++i) kept.push_back(i);
    return kept;
  }
  kept.reserve(at(4 * axis.pixels + 8));
  Columns columns(lower, upper, kept);
  for (Index i = begin; i < end; ++i) {
    const double pixel = pixel_of(axis, x[at(i)]);
    const double clamped = std::isnan(pixel) ? -1.0 : std::clamp(std::floor(pixel), -1.0, double(axis.pixels));
    columns.add(i, static_cast<Index>(clamped));
  }
  columns.flush();
  return kept;
}

}  // namespace

double pixel_of(const AxisView& axis, double value) {
  const double pixels = static_cast<double>(axis.pixels);
  if (axis.scale == Scale::log) {
    if (!(value > 0.0) || !(axis.low > 0.0)) return kAuto;
    return pixels * (std::log(value / axis.low) / std::log(axis.high / axis.low));
  }
  return pixels * ((value - axis.low) / (axis.high - axis.low));
}

std::vector<Index> decimate_line(std::span<const double> x, std::span<const double> y, const AxisView& axis) {
  return decimate(x, y, y, axis);
}

std::vector<Index> decimate_area(std::span<const double> x, std::span<const double> low, std::span<const double> high,
                                 const AxisView& axis) {
  return decimate(x, low, high, axis);
}

std::vector<double> taken(std::span<const double> values, std::span<const Index> positions) {
  std::vector<double> result;
  result.reserve(positions.size());
  for (const Index i : positions) result.push_back(values[at(i)]);
  return result;
}

}  // namespace orrery::live
