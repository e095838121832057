#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "orrery/core/index.hpp"

namespace orrery::stats {

/// sigma of a Gaussian over the distance of its quartiles: 1 / (2 sqrt(2) erfinv(1/2)).
inline constexpr double kQuartilesToSigma = 0.74130110925280092;
/// sigma of a Gaussian over its median absolute deviation.
inline constexpr double kMadToSigma = 1.4826022185056018;

/// Quantile by linear interpolation between order statistics: with h = (N - 1) p and the sorted values x_0 ... x_{N-1},
/// Q(p) = x_floor(h) + (h - floor(h)) (x_floor(h)+1 - x_floor(h)). This is definition 7 of Hyndman & Fan, numpy's default.
/// @param values  (N,) [u], any order, finite, N >= 1
/// @param p       [1], in [0, 1]
/// @return        Q(p) [u]
/// @throws InputError  no value, a value that is not finite, p outside [0, 1]
/// @cost          O(N) time on average (selection), O(N) memory
/// @source        Hyndman & Fan 1996, The American Statistician 50, 361, definition 7
[[nodiscard]] double quantile(std::span<const double> values, double p);

/// Several quantiles of the same values at once, in the order of `p`. @cost O(N log N). @throws InputError as quantile
[[nodiscard]] std::vector<double> quantiles(std::span<const double> values, std::span<const double> p);

/// The same for values that are already ascending (not checked). @cost O(1). @throws InputError no value, p outside [0, 1]
[[nodiscard]] double sorted_quantile(std::span<const double> ascending, double p);

/// Q(1/2): the middle value, or the mean of the two middle ones. @throws InputError as quantile. @cost O(N)
[[nodiscard]] double median(std::span<const double> values);

/// Median of |x - median(x)| [u], not scaled; times kMadToSigma it estimates a Gaussian sigma. @throws InputError as quantile. @cost O(N)
[[nodiscard]] double median_absolute_deviation(std::span<const double> values);

/// Width from the quartiles, sigma_G = 0.7413 (q75 - q25) [u]: equal to sigma for a Gaussian, blind to a quarter of outliers
/// on either side.
/// @throws InputError as quantile. @cost O(N)
/// @source Ivezić, Connolly, VanderPlas & Gray 2014, Statistics, Data Mining, and Machine Learning in Astronomy, eq. 3.36
[[nodiscard]] double sigma_g(std::span<const double> values);

/// Tukey's biweight location: M + sum_{|u|<1} (x - M)(1 - u^2)^2 / sum_{|u|<1} (1 - u^2)^2, u = (x - M) / (tuning * MAD), M the
/// median. M itself when MAD = 0.
/// @param values  (N,) [u]
/// @param tuning  [1], > 0
/// @throws InputError as quantile, and tuning <= 0
/// @cost   O(N)
/// @source Beers, Flynn & Gebhardt 1990, AJ 100, 32, eq. 5
[[nodiscard]] double biweight_location(std::span<const double> values, double tuning = 6.0);

/// Tukey's biweight scale: sqrt(N) sqrt(sum_{|u|<1} (x - M)^2 (1 - u^2)^4) / |sum_{|u|<1} (1 - u^2)(1 - 5 u^2)|. 0 when MAD = 0.
/// @throws InputError as biweight_location
/// @cost   O(N)
/// @source Beers, Flynn & Gebhardt 1990, AJ 100, 32, eq. 9
[[nodiscard]] double biweight_scale(std::span<const double> values, double tuning = 9.0);

/// What sigma_clip measures distances from, and in units of what.
enum class ClipCenter { median, mean };
enum class ClipScale { sigma_g, mad, standard_deviation };

struct ClipOptions {
  double kappa = 3.0;                    ///< values farther than kappa * scale from the centre go
  Index max_iterations = 10;
  ClipCenter center = ClipCenter::median;
  ClipScale scale = ClipScale::sigma_g;  ///< mad: times kMadToSigma
};

struct ClipResult {
  std::vector<std::uint8_t> keep;  ///< (N,) 1 = kept
  Index kept = 0;
  double center = 0.0;             ///< of the kept values [u]
  double scale = 0.0;              ///< of the kept values [u]
  Index iterations = 0;            ///< rounds done, the last of which removed nothing when converged
  bool converged = false;
};

/// Removes what lies farther than kappa scales from the centre, measures again, and so on until nothing goes. A scale of zero
/// removes nothing (half of the values are equal: there is no width to judge by).
/// @param values   (N,) [u], finite, N >= 1
/// @param options  kappa > 0, max_iterations >= 1
/// @throws InputError  as quantile, kappa <= 0, max_iterations < 1
/// @cost           O(N) a round
[[nodiscard]] ClipResult sigma_clip(std::span<const double> values, const ClipOptions& options = {});

}  // namespace orrery::stats
