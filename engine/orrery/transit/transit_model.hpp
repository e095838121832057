#pragma once
#include <span>
#include <vector>

#include "orrery/core/index.hpp"

namespace orrery::transit {

/// Quadratic law: intensity 1 - u1 (1 - mu) - u2 (1 - mu)^2, mu the cosine of the angle from the middle of the disc.
struct LimbDarkening {
  double u1 = 0.4804;  ///< default: a star like the Sun in the Kepler band (Claret & Bloemen 2011, A&A 529, A75)
  double u2 = 0.1867;
};

/// A planet that crosses its star.
struct TransitOrbit {
  double period = 10.0;        ///< [day] > 0
  double transit_time = 0.0;   ///< [day] of a conjunction in front of the star
  double radius_ratio = 0.03;  ///< planet over star, > 0
  double scaled_axis = 20.0;   ///< semi-major axis in stellar radii, > 1
  double impact = 0.0;         ///< closest distance of the centres at conjunction, in stellar radii, >= 0
  double eccentricity = 0.0;   ///< in [0, 1)
  double periastron = 90.0;    ///< argument of the star's periastron [deg]; without meaning when the eccentricity is 0
  LimbDarkening limb = {};
  double exposure = 0.0;       ///< [day] over which one measurement is an average; 0: an instant
  Index exposure_samples = 7;  ///< points of the average, >= 1
};

/// Flux of a star of unit flux, part of which a dark disc covers. The covered light is a one-dimensional integral over rings around
/// the star's centre, I(r) times the length of the covered arc, by 48 Gauss-Legendre nodes in an angle that smooths both ends.
/// @param separation    of the centres, in stellar radii, >= 0
/// @param radius_ratio  of the disc, in stellar radii, >= 0
/// @return              [1]; absolute error below 1e-7 for radius_ratio <= 0.2, 1e-5 for any
/// @cost                O(1), half a microsecond while the disc is in front of the star
/// @source              Mandel & Agol 2002, ApJ 580, L171, eq. 2 (the integral); Kopal 1950 (the law)
[[nodiscard]] double transit_flux(double separation, double radius_ratio, const LimbDarkening& limb = {});

/// Light curve of an orbit: flux at each time, 1 outside transits.
/// @param t  (N,) [day], any order
/// @return   (N,) [1]
/// @throws InputError  an orbit out of range (see TransitOrbit), a light that is negative somewhere on the disc, t not finite
/// @cost     O(N samples)
/// @source   Winn 2010 (arXiv 1001.2010), eqs. 1-5; averaging over the exposure: Kipping 2010, MNRAS 408, 1758
[[nodiscard]] std::vector<double> transit_light_curve(std::span<const double> t, const TransitOrbit& orbit);

/// Time from first to last contact [day]; 0 when the planet misses the star. Eccentric orbits: to first order in the curvature.
/// @source Winn 2010 (arXiv 1001.2010), eqs. 14, 16  @cost O(1)
[[nodiscard]] double transit_duration(const TransitOrbit& orbit);

/// Which transits a search looks for; the light curve is that of a straight path at constant speed.
struct TransitShape {
  double radius_ratio = 0.03;  ///< in (0, 0.5]
  double impact = 0.32;        ///< in [0, 1)
  LimbDarkening limb = {};
};

/// Shape of a transit of unit depth and unit duration as a piecewise quadratic, even in its argument:
/// value(x) = c0 + c1 |x| + c2 |x|^2 between two knots; 1 at the deepest point, 0 from |x| = 1/2 on.
struct TransitTemplate {
  std::vector<double> knot;         ///< (K + 1,) ascending, 0 to 1/2
  std::vector<double> c0, c1, c2;   ///< (K,)
  double greatest_error = 0.0;      ///< largest distance to the exact shape on 2001 points
  double mean_square = 0.0;         ///< integral of value^2 over the unit duration
  double full_depth = 0.0;          ///< 1 - flux at the deepest point of the shape it was made from

  [[nodiscard]] double value(double x) const;
};

/// The fewest pieces, from the middle outwards, that keep within `tolerance` of the exact shape; each meets it at its ends and is the
/// closest in the mean between.
/// @param tolerance  in units of the depth, in [1e-4, 0.1]
/// @throws InputError  a shape or tolerance out of range
/// @cost             2001 calls of transit_flux
[[nodiscard]] TransitTemplate transit_template(const TransitShape& shape = {}, double tolerance = 0.008);

}  // namespace orrery::transit
