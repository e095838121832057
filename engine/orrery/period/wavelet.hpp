#pragma once
#include <span>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"

namespace orrery::period {

/// Settings of the wavelet map.
struct WaveletOptions {
  double decay = 0.0125;  ///< c of the window exp(-c (2 pi f (t - tau))^2), > 0: smaller sees more cycles; 0.0125 is 1 / e after 1.4 cycles
  int threads = 0;        ///< 0 = all cores. Results do not depend on it
};

/// A map over frequency and time; (F, T) row-major, one row a frequency.
struct WaveletMap {
  std::vector<double> frequency;  ///< (F,) [1/day]
  std::vector<double> time;       ///< (T,) [day]
  std::vector<double> z;          ///< weighted wavelet Z: an F statistic of 2 and N_eff - 3 degrees of freedom; 0 where N_eff <= 3
  std::vector<double> amplitude;  ///< weighted wavelet amplitude [u]
  std::vector<double> effective;  ///< N_eff = (sum w)^2 / sum w^2

  [[nodiscard]] Index rows() const { return ssize(frequency); }
  [[nodiscard]] Index columns() const { return ssize(time); }
};

/// Weighted wavelet Z-transform: at each frequency f and time tau the constant, cosine and sine that fit best under the weights
/// w = exp(-c (2 pi f (t - tau))^2) / sigma^2, and
///   Z = (N_eff - 3) V_y / (2 (V_x - V_y)),  amplitude = sqrt(a_cos^2 + a_sin^2),
/// with V_x the weighted variance of the data and V_y that of the fit. Points where the window is below e^-20 are left out.
/// @param series     t [day], y [u], sigma [u] or empty; (N,) each, N >= 4, any order
/// @param frequency  (F,) [1/day] > 0
/// @param time       (T,) [day]
/// @return           the map (F, T)
/// @throws InputError  unusable series, frequencies not > 0, times not finite, decay not > 0, more than 2e8 places
/// @cost             O(N log N + F T n) for n points in a window of 12.7 / f days; about 2 ns a point; 24 bytes a place
/// @source           Foster 1996, AJ 112, 1709, eqs. 5-3 to 5-12
[[nodiscard]] WaveletMap weighted_wavelet(const SeriesView& series, std::span<const double> frequency, std::span<const double> time,
                                          const WaveletOptions& options = {});
/// The same on one thread, in slices. What the views show must outlive the task.
[[nodiscard]] Task<WaveletMap> weighted_wavelet_task(Budget& budget, SeriesView series, std::span<const double> frequency,
                                                     std::span<const double> time, WaveletOptions options = {});

}  // namespace orrery::period
