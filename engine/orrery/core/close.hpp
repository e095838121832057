#pragma once
#include <algorithm>
#include <cmath>
#include <span>

#include "orrery/core/index.hpp"

namespace orrery {

/// Tolerances of `close`. A value passes when |a - b| <= atol + rtol * max(|a|, |b|).
struct Tolerance {
  double rtol = 0.0;  ///< relative part [1]
  double atol = 0.0;  ///< absolute part [unit of the compared values]
};

/// True when a and b agree within the tolerance. Equal infinities agree; NaN never agrees with anything.
[[nodiscard]] inline bool close(double a, double b, Tolerance tolerance) {
  if (a == b) return true;
  const double scale = std::max(std::fabs(a), std::fabs(b));
  return std::fabs(a - b) <= tolerance.atol + tolerance.rtol * scale;
}

/// Largest |a[i] - b[i]|; infinity when the lengths differ or any difference is NaN.
[[nodiscard]] inline double max_difference(std::span<const double> a, std::span<const double> b) {
  if (a.size() != b.size()) return HUGE_VAL;
  double worst = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double d = std::fabs(a[i] - b[i]);
    if (!(d <= worst)) worst = std::isnan(d) ? HUGE_VAL : d;
  }
  return worst;
}

}  // namespace orrery
