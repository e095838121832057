#pragma once
// The pieces that detrend is made of: a sorted window that slides, estimators of location on it, smoothers of a whole piece.
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/stats/detrend.hpp"

namespace orrery::stats::detail {

/// The values of a window in ascending order, with the power sums of those near its middle. Sliding by one point moves the values
/// between the two places and touches the sums of two values; an M-estimator with polynomial weights then costs O(1) a step.
class SortedWindow {
 public:
  void clear();
  void assign(std::vector<double>& values);  ///< sorts; takes the storage
  void insert(double v);
  void remove(double v);               ///< one of the values equal to v, which must be there
  void replace(double out, double in);  ///< remove and insert in one go

  [[nodiscard]] Index size() const { return ssize(sorted_); }
  [[nodiscard]] std::span<const double> values() const { return sorted_; }
  [[nodiscard]] double median() const;
  /// Median of |x - center|. @cost O(log n)
  [[nodiscard]] double median_distance(double center) const;

  /// Sums of u^0 ... u^5, u = (x - origin) / unit, over the values with |x - center| < reach.
  struct Core {
    double origin, unit;
    std::array<double, 6> sums;
  };
  /// `unit` is a scale of the values (MAD): sums are made anew when it or the center has moved far from those in use.
  [[nodiscard]] Core core(double center, double reach, double unit);
  /// Number of values below x, and not above x.
  [[nodiscard]] Index below(double x) const;
  [[nodiscard]] Index not_above(double x) const;

 private:
  void add(double v, double sign);
  void rebuild(double center, double reach, double unit);

  std::vector<double> sorted_;
  Index low_ = 0, high_ = 0;  // the core is sorted_[low_, high_)
  bool tracked_ = false;
  double origin_ = 0.0, unit_ = 1.0, inverse_ = 1.0;
  std::array<double, 6> sums_{};
};

/// Location of the values of a window; `tuning` as resolved by detrend. Window not empty.
[[nodiscard]] double location(SortedWindow& window, const DetrendOptions& options, double tuning);

/// sum (x - m) w and sum w over |u| < cut, u = (x - m) * scale, with w a polynomial in u^2: sine: sin(u) / u, else exp(-u^2 / 2).
struct WeightSums {
  double distance, weight;
};
[[nodiscard]] WeightSums weight_sums(std::span<const double> values, double center, double scale, bool sine);

/// Median of (x_i + x_j) / 2 over i <= j of ascending values.
[[nodiscard]] double hodges_lehmann(std::span<const double> ascending);

/// One piece between gaps: times ascending, all finite.
struct Piece {
  std::span<const double> t, y;
  std::span<const std::uint8_t> masked;  // may be empty
  std::span<double> trend;
  [[nodiscard]] bool used(Index i) const { return masked.empty() || masked[at(i)] == 0; }
};

/// Trends at [first, last) of a piece by the sliding methods.
void slide(const Piece& piece, Index first, Index last, const DetrendOptions& options, double tuning);

/// Savitzky-Golay trend of a whole piece. `tuning` is the degree.
void savitzky_golay(const Piece& piece, Index window, Index degree);

/// One round of lowess at [first, last) with robustness weights; then new weights from a trend. Returns the largest change.
void lowess_round(const Piece& piece, Index first, Index last, double window, std::span<const double> weight, std::span<double> trend);
void lowess_weights(const Piece& piece, std::span<const double> trend, double tuning, std::span<double> weight);

/// Least-squares cubic spline with outliers left out, of a whole piece.
void robust_spline(const Piece& piece, double window, double tuning, bool ratio);

}  // namespace orrery::stats::detail
