#pragma once
#include <vector>

#include "orrery/core/index.hpp"

namespace orrery::transit {

/// Durations tried at each period: value * (period / 1 day)^exponent.
struct BoxDurations {
  std::vector<double> value;  ///< (D,) [day] at a period of one day, > 0
  double exponent = 0.0;      ///< 0: the same at all periods; 1/3: circular orbits around one star; in [0, 1)

  /// Shortest and longest at a period [day]. @cost O(D)
  [[nodiscard]] double shortest(double period) const;
  [[nodiscard]] double longest(double period) const;
};

/// What is known of the star and the orbits.
struct DurationOptions {
  double radius = 1.0;          ///< [solar radii] > 0
  double mass = 1.0;            ///< [solar masses] > 0
  double density_factor = 3.0;  ///< the star's mean density may be wrong by this factor either way, >= 1
  double max_impact = 0.85;     ///< largest impact parameter [stellar radii], in [0, 1)
  double step = 1.3;            ///< largest ratio of neighbouring durations, > 1
};

/// Durations of transits on circular orbits: T = (P / pi) sqrt(1 - b^2) / a, a = (G rho P^2 / (3 pi))^(1/3) stellar radii, from the
/// densest star with b = max_impact to the thinnest with b = 0, in equal ratios.
/// @return  exponent 1/3; a Sun with the default margins: seven durations from 0.0277 to 0.109 day at a period of one day
/// @throws InputError  a number outside its range; more than 1000 durations
/// @cost    O(D)
/// @source  Seager & Mallen-Ornelas 2003, ApJ 585, 1038, eq. 19 for a small planet far from its star
[[nodiscard]] BoxDurations keplerian_durations(const DurationOptions& options = {});

/// Checks durations against the shortest period.
/// @throws InputError  none, not finite or <= 0, exponent outside [0, 1), longer than the shortest period; naming `where`
void require_durations(const BoxDurations& durations, double shortest_period, const char* where);

/// Trial periods from low to high [day] with which the phase at the end of the span moves by `drift` shortest durations from one to the
/// next: dP = drift T(P) P / span. Durations with exponent 1/3 give Ofir's grid for circular orbits, equal steps in the cube root of
/// frequency.
/// @param span   [day] > 0
/// @param drift  > 0; 0.9 with keplerian_durations() moves a central transit of the Sun by a third
/// @return       (P,) [day], ascending; at least `low`
/// @throws InputError  span, low or drift <= 0, high < low; (limit) more than kMostTrialPeriods or than there is memory for
/// @cost         O(P)
/// @source       Ofir 2014, A&A 561, A138
[[nodiscard]] std::vector<double> duration_period_grid(double span, const BoxDurations& durations, double low, double high,
    double drift = 0.9);

/// Shortest period worth a search [day]: for durations that stay, twice the longest; for those that grow, where the longest is 0.15 of the
/// period, as on an orbit at three stellar radii. @cost O(D)
[[nodiscard]] double shortest_box_period(const BoxDurations& durations);

}  // namespace orrery::transit
