// Robust least-squares spline of detrend: cubic B-splines, banded normal equations.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "orrery/stats/detrend_detail.hpp"
#include "orrery/stats/robust.hpp"

namespace orrery::stats::detail {
namespace {

/// Cubic spline on [low, high] with equal intervals; outside it the last polynomials go on.
class Spline {
 public:
  Spline(double low, double high, Index intervals)
      : low_(low), step_((high - low) / static_cast<double>(intervals)), intervals_(intervals), coefficient_(at(intervals + 3), 0.0) {}

  /// The four basis functions at x and the number of the first. With equal intervals inside and fourfold knots at the ends.
  [[nodiscard]] Index basis(double x, std::array<double, 4>& value) const {
    const Index cell = std::clamp(static_cast<Index>(std::floor((x - low_) / step_)), Index(0), intervals_ - 1);
    value = {1.0, 0.0, 0.0, 0.0};
    std::array<double, 4> left{}, right{};
    for (Index k = 1; k <= 3; ++k) {  // Cox and de Boor
      left[at(k)] = x - knot(cell + 1 - k);
      right[at(k)] = knot(cell + k) - x;
      double saved = 0.0;
      for (Index r = 0; r < k; ++r) {
        const double part = value[at(r)] / (right[at(r + 1)] + left[at(k - r)]);
        value[at(r)] = saved + right[at(r + 1)] * part;
        saved = left[at(k - r)] * part;
      }
      value[at(k)] = saved;
    }
    return cell;
  }

  /// Least squares; false when an interval has too few points to determine it.
  [[nodiscard]] bool fit(std::span<const double> t, std::span<const double> y, std::span<const std::uint8_t> keep) {
    const Index m = ssize(coefficient_);
    std::vector<std::array<double, 4>> band(at(m), std::array<double, 4>{});  // band[i][d] = A(i, i - d), then its Cholesky factor
    std::vector<double> right(at(m), 0.0);
    std::array<double, 4> b{};
    for (std::size_t i = 0; i < t.size(); ++i) {
      if (keep[i] == 0) continue;
      const Index first = basis(t[i], b);
      for (Index r = 0; r < 4; ++r) {
        right[at(first + r)] += b[at(r)] * y[i];
        for (Index c = 0; c <= r; ++c) band[at(first + r)][at(r - c)] += b[at(r)] * b[at(c)];
      }
    }
    for (Index i = 0; i < m; ++i) {
      const double whole = band[at(i)][0];
      for (Index d = std::min<Index>(3, i); d >= 0; --d) {
        double sum = band[at(i)][at(d)];
        for (Index e = d + 1; e <= std::min<Index>(3, i); ++e) sum -= band[at(i)][at(e)] * band[at(i - d)][at(e - d)];
        if (d > 0) {
          band[at(i)][at(d)] = sum / band[at(i - d)][0];
        } else {
          if (!(sum > 1e-13 * whole)) return false;
          band[at(i)][0] = std::sqrt(sum);
        }
      }
    }
    for (Index i = 0; i < m; ++i) {
      for (Index d = 1; d <= std::min<Index>(3, i); ++d) right[at(i)] -= band[at(i)][at(d)] * right[at(i - d)];
      right[at(i)] /= band[at(i)][0];
    }
    for (Index i = m - 1; i >= 0; --i) {
      for (Index d = 1; d <= std::min<Index>(3, m - 1 - i); ++d) right[at(i)] -= band[at(i + d)][at(d)] * right[at(i + d)];
      right[at(i)] /= band[at(i)][0];
    }
    coefficient_ = std::move(right);
    return true;
  }

  [[nodiscard]] double operator()(double x) const {
    std::array<double, 4> b{};
    const Index first = basis(x, b);
    double sum = 0.0;
    for (Index r = 0; r < 4; ++r) sum += b[at(r)] * coefficient_[at(first + r)];
    return sum;
  }

 private:
  [[nodiscard]] double knot(Index k) const { return low_ + step_ * static_cast<double>(std::clamp(k, Index(0), intervals_)); }
  double low_, step_;
  Index intervals_;
  std::vector<double> coefficient_;
};

/// The spline of the kept points, or none when they are too few.
std::optional<Spline> spline_of(const Piece& piece, std::span<const std::uint8_t> keep, Index intervals) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  Index count = 0;
  for (std::size_t i = 0; i < keep.size(); ++i) {
    if (keep[i] == 0) continue;
    low = std::min(low, piece.t[i]);
    high = std::max(high, piece.t[i]);
    ++count;
  }
  if (count < 5 || !(high > low)) return {};
  Spline spline(low, high, intervals);
  if (!spline.fit(piece.t, piece.y, keep)) return {};
  return spline;
}

}  // namespace

void robust_spline(const Piece& piece, double window, double tuning, bool ratio) {
  const std::size_t n = piece.t.size();
  const double count = (piece.t.back() - piece.t.front()) / window;
  const Index intervals = std::max<Index>(1, static_cast<Index>(std::min(count, 4.0 * static_cast<double>(n))) - 1);
  std::vector<std::uint8_t> used(n), keep(n);
  for (std::size_t i = 0; i < n; ++i) used[i] = piece.used(static_cast<Index>(i)) ? 1 : 0;
  keep = used;
  std::optional<Spline> spline;
  std::vector<double> away(n), judged;
  for (int round = 0; round < 10; ++round) {
    auto next_spline = spline_of(piece, keep, intervals);
    if (!next_spline) break;  // what is left does not determine one: the last stays
    spline = std::move(next_spline);
    judged.clear();
    for (std::size_t i = 0; i < n; ++i) {
      const double trend = (*spline)(piece.t[i]);
      away[i] = ratio ? piece.y[i] / trend - 1.0 : piece.y[i] - trend;
      if (used[i] != 0 && std::isfinite(away[i])) judged.push_back(away[i]);
    }
    const double sigma = judged.empty() ? 0.0 : 1.4826 * median_absolute_deviation(judged);
    std::vector<std::uint8_t> next(n);
    for (std::size_t i = 0; i < n; ++i) next[i] = used[i] != 0 && std::fabs(away[i]) < tuning * sigma ? 1 : 0;
    if (sigma == 0.0 || next == keep) break;
    keep = std::move(next);
  }
  for (std::size_t i = 0; i < n; ++i) piece.trend[i] = spline ? (*spline)(piece.t[i]) : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace orrery::stats::detail
