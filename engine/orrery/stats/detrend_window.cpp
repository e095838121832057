// The sorted window of detrend.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "orrery/stats/detrend_detail.hpp"

namespace orrery::stats::detail {
namespace {

/// First position whose value is not below v: branch-free halving, because the outcome cannot be guessed.
Index lower(const double* s, Index n, double v) {
  const double* base = s;
  while (n > 1) {
    const Index half = n / 2;
    base += base[half - 1] < v ? half : 0;
    n -= half;
  }
  return (base - s) + (n == 1 && *base < v ? 1 : 0);
}

void move_values(double* to, const double* from, Index count) {
  std::memmove(to, from, at(count) * sizeof(double));
}

}  // namespace

void SortedWindow::clear() {
  sorted_.clear();
  tracked_ = false;
}

void SortedWindow::assign(std::vector<double>& values) {
  sorted_.swap(values);
  std::sort(sorted_.begin(), sorted_.end());
  tracked_ = false;
}

void SortedWindow::add(double v, double sign) {
  const double u = (v - origin_) * inverse_, u2 = u * u, u3 = u2 * u;
  sums_[0] += sign;
  sums_[1] += sign * u;
  sums_[2] += sign * u2;
  sums_[3] += sign * u3;
  sums_[4] += sign * (u2 * u2);
  sums_[5] += sign * (u2 * u3);
}

// A new value at the lower end of the core counts as outside: the next call of core() looks at both ends anyway.
void SortedWindow::insert(double v) {
  const Index place = lower(sorted_.data(), size(), v);
  sorted_.insert(sorted_.begin() + place, v);
  if (!tracked_) return;
  if (place <= low_) {
    ++low_;
    ++high_;
  } else if (place < high_) {
    ++high_;
    add(v, 1.0);
  }
}

void SortedWindow::remove(double v) {
  const Index place = lower(sorted_.data(), size(), v);
  sorted_.erase(sorted_.begin() + place);
  if (!tracked_) return;
  if (place < low_) {
    --low_;
    --high_;
  } else if (place < high_) {
    --high_;
    add(v, -1.0);
  }
}

void SortedWindow::replace(double out, double in) {
  double* const s = sorted_.data();
  const Index from = lower(s, size(), out);
  Index to = lower(s, size(), in);
  if (to > from) {
    --to;
    move_values(s + from, s + from + 1, to - from);
  } else {
    move_values(s + to + 1, s + to, from - to);
  }
  s[to] = in;
  if (!tracked_) return;
  if (from < low_) {
    --low_;
    --high_;
  } else if (from < high_) {
    --high_;
    add(out, -1.0);
  }
  if (to <= low_) {
    ++low_;
    ++high_;
  } else if (to < high_) {
    ++high_;
    add(in, 1.0);
  }
}

double SortedWindow::median() const {
  const auto n = sorted_.size();
  return n % 2 == 1 ? sorted_[n / 2] : 0.5 * (sorted_[n / 2 - 1] + sorted_[n / 2]);
}

// Distances to the left of the center and to the right of it are two ascending runs; the count taken from the left is halved in on.
double SortedWindow::median_distance(double center) const {
  const Index n = size();
  const double* s = sorted_.data();
  constexpr double kNone = std::numeric_limits<double>::infinity();
  const Index split = lower(s, n, center);
  const Index right = n - split, count = (n - 1) / 2 + 1;
  Index low = std::max<Index>(0, count - right), high = std::min(count, split);
  while (low < high) {
    const Index left = (low + high) / 2, other = count - left;
    // Too few from the left when the next of it is nearer than the last taken from the right.
    if (center - s[split - 1 - left] < s[split + other - 1] - center) {
      low = left + 1;
    } else {
      high = left;
    }
  }
  const Index other = count - low;
  const double a = low > 0 ? center - s[split - low] : -kNone, b = other > 0 ? s[split + other - 1] - center : -kNone;
  const double middle = std::max(a, b);
  if (n % 2 == 1) return middle;
  const double c = low < split ? center - s[split - 1 - low] : kNone, d = other < right ? s[split + other] - center : kNone;
  return 0.5 * (middle + std::min(c, d));
}

Index SortedWindow::below(double x) const { return lower(sorted_.data(), size(), x); }
Index SortedWindow::not_above(double x) const { return std::upper_bound(sorted_.begin(), sorted_.end(), x) - sorted_.begin(); }

void SortedWindow::rebuild(double center, double reach, double unit) {
  origin_ = center;
  unit_ = unit;
  inverse_ = 1.0 / unit;
  low_ = std::upper_bound(sorted_.begin(), sorted_.end(), center - reach) - sorted_.begin();
  high_ = std::max(low_, below(center + reach));
  sums_.fill(0.0);
  for (Index i = low_; i < high_; ++i) add(sorted_[at(i)], 1.0);
  tracked_ = true;
}

SortedWindow::Core SortedWindow::core(double center, double reach, double unit) {
  // The fifth power of what is in the core stays below (5 + 2)^5 * 2^5: ten digits are kept when such a value leaves.
  if (!tracked_ || std::fabs(center - origin_) > 2.0 * unit_ || unit > 2.0 * unit_ || unit < 0.5 * unit_) {
    rebuild(center, reach, unit);
    return {origin_, unit_, sums_};
  }
  const double* s = sorted_.data();
  const double bottom = center - reach, top = center + reach;
  while (low_ > 0 && s[low_ - 1] > bottom) add(s[--low_], 1.0);
  while (high_ < size() && s[high_] < top) add(s[high_++], 1.0);
  while (low_ < high_ && s[low_] <= bottom) add(s[low_++], -1.0);
  while (low_ < high_ && s[high_ - 1] >= top) add(s[--high_], -1.0);
  return {origin_, unit_, sums_};
}

}  // namespace orrery::stats::detail
