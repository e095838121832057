#pragma once
#include <optional>
#include <span>
#include <vector>

#include "orrery/core/index.hpp"

namespace orrery::transit {

inline constexpr Index kMostTrialPeriods = 50'000'000;  ///< a grid that would be longer is refused, with its size

/// Limits of a search for transits.
struct BoxGridOptions {
  std::optional<double> min_period;  ///< [day]; none: twice the longest duration
  std::optional<double> max_period;  ///< [day]; none: the longest with min_transits in the span
  double min_transits = 3.0;         ///< > 1; used when there is no max_period
  double frequency_factor = 1.0;     ///< step of frequency in units of min(duration) / span^2
};

/// Trial periods for boxes, equally spaced in frequency so finely that a box of the shortest duration is not smeared over the
/// span; from short to long. The grid of astropy's BoxLeastSquares.autoperiod. Long series need very many: four years and 0.1 day
/// ask for 4e7; keplerian_period_grid asks for 30 times fewer.
/// @param t         (N,) [day]
/// @param duration  (D,) [day] > 0
/// @return          (P,) [day], ascending
/// @throws InputError  no times or durations, span 0, empty range, more than kMostTrialPeriods
/// @cost O(N + P)
[[nodiscard]] std::vector<double> box_period_grid(std::span<const double> t, std::span<const double> duration,
                                                  const BoxGridOptions& options = {});

/// A star, and the limits of a search for planets around it.
struct KeplerianGridOptions {
  double radius = 1.0;               ///< [solar radii]
  double mass = 1.0;                 ///< [solar masses]
  std::optional<double> min_period;  ///< [day]; none: that of an orbit at three stellar radii
  std::optional<double> max_period;  ///< [day]; none: the longest with min_transits in the span
  double min_transits = 2.0;         ///< >= 1
  double oversampling = 3.0;         ///< steps in which the phase at the end of the span moves by one transit
};

/// Trial periods with which no transit on a circular orbit across the middle of the star is smeared: its duration grows as P^(1/3),
/// so the cube roots of the frequencies are equally spaced.
/// @param span  [day] length of the series
/// @return      (P,) [day], ascending
/// @throws InputError  span, radius, mass, oversampling <= 0; empty range; more than kMostTrialPeriods
/// @cost O(P)
/// @source Ofir 2014, A&A 561, A138, eqs. 5-7
[[nodiscard]] std::vector<double> keplerian_period_grid(double span, const KeplerianGridOptions& options = {});

/// Longest duration of a transit on a circular orbit: across the middle, by a planet of this radius.
/// @param period         [day] > 0
/// @param planet_radius  [solar radii] >= 0
/// @return               [day]
/// @cost O(1)
[[nodiscard]] double longest_transit(double period, double radius, double mass, double planet_radius = 0.0);

}  // namespace orrery::transit
