#pragma once
#include <vector>

#include "orrery/core/index.hpp"

namespace orrery::transit {

/// Which stars a transit may belong to: bounds of the durations that are tried at a period. The defaults hold for everything from
/// the smallest red dwarf to a subgiant, and give the grids of Hippke & Heller 2019.
struct StarLimits {
  double min_radius = 0.13;  ///< [solar radii], of the densest star
  double max_radius = 3.5;   ///< of the least dense star
  double min_mass = 0.1;     ///< [solar masses], of the densest star
  double max_mass = 1.0;     ///< of the least dense star
};

/// Shortest and longest transit at a period, as fractions of it.
struct DurationRange {
  double shortest = 0.0;  ///< small planet, densest star
  double longest = 0.0;   ///< planet of two Jupiter radii, least dense star; at most 0.12
};

/// T14 across the middle of the disc on a circular orbit: (R + R_p) (4 P / (pi G M))^(1/3).
/// @param period  [day] > 0
/// @throws InputError  period or a limit not > 0, or limits the wrong way round
/// @cost O(1)  @source Hippke & Heller 2019, A&A 623, A39, eq. 10 and section 2.4
[[nodiscard]] DurationRange transit_duration_range(double period, const StarLimits& limits = {});

/// Durations as fractions of the period, each `step` times the one before, from the shortest at the longest period to the longest
/// at the shortest period, which ends the list whatever its step.
/// @param step  > 1
/// @return      (D,) ascending
/// @throws InputError  periods not > 0 or the wrong way round, step outside [1.001, 10]
/// @cost O(D)  @source Hippke & Heller 2019, A&A 623, A39, section 2.4
[[nodiscard]] std::vector<double> transit_duration_grid(double min_period, double max_period, double step = 1.1,
                                                        const StarLimits& limits = {});

/// The star of a period grid, and what of the grid is wanted.
struct TransitGridOptions {
  double radius = 1.0;         ///< [solar radii]
  double mass = 1.0;           ///< [solar masses]
  double min_period = 0.0;     ///< [day], periods above it
  double max_period = 1e300;   ///< [day], periods up to it
  double min_transits = 2.0;   ///< the longest period has so many in the span
  double oversampling = 3.0;   ///< steps in which the phase at the end of the span moves by one transit
};

/// Trial periods with equally spaced cube roots of the frequency, period by period those of the transitleastsquares package. A grid
/// of fewer than 100 periods is replaced by that of a star like the Sun over at least five days, as there.
/// @param span  [day] length of the series, > 0
/// @return      (P,) [day] ascending
/// @throws InputError  span, radius, mass, min_transits or oversampling not > 0; no period in the range; more than 5e7
/// @cost O(P)  @source Ofir 2014, A&A 561, A138, eqs. 5-7; constants of Hippke & Heller 2019
[[nodiscard]] std::vector<double> transit_period_grid(double span, const TransitGridOptions& options = {});

}  // namespace orrery::transit
