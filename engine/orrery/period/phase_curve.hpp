#pragma once
#include <span>
#include <string>
#include <vector>

#include "orrery/core/index.hpp"

namespace orrery::period {

/// Shape of a light curve over one period, without its constant:
///   T(phase) = sum_k cosine[k-1] cos(2 pi k phase) + sine[k-1] sin(2 pi k phase), k = 1 ... K.
struct PhaseCurve {
  std::vector<double> cosine;  ///< (K,) [u]
  std::vector<double> sine;    ///< (K,) [u]

  [[nodiscard]] Index harmonics() const noexcept { return ssize(cosine); }
  /// @cost O(K)
  [[nodiscard]] double value(double phase) const;
  /// Largest minus smallest value on 512 even phases. @cost O(512 K)
  [[nodiscard]] double range() const;
};

/// Most harmonics that a curve may have.
inline constexpr int kMaxCurveHarmonics = 64;

/// The first harmonics of a tabulated curve: a_k + i b_k = 2 sum_j u_j v_j exp(2 pi i k phase_j), u_j half the distance in phase of the
/// two neighbours of j (trapezoids around the circle). Exact for even phases and a curve of fewer than n / 2 harmonics.
/// @param phase      (n,) [1] ascending, all within one cycle; n > 2 K
/// @param value      (n,) [u]
/// @param harmonics  K, 1 to 64
/// @throws InputError  unequal lengths, too few rows, phases that do not ascend within one cycle, values that are not finite
/// @cost             O(n K)
[[nodiscard]] PhaseCurve phase_curve(std::span<const double> phase, std::span<const double> value, int harmonics);

/// What light curves of one kind of star look like in some bands: shapes on a common phase with their amplitudes in proportion.
struct CurveTemplate {
  std::string name;               ///< "ab 103"
  std::vector<PhaseCurve> bands;  ///< (B,) one a band; without harmonics where the band is not known
  double min_period = 0.0;        ///< [day] such stars have no shorter period
  double max_period = 1e300;      ///< [day] nor a longer one
};

}  // namespace orrery::period
