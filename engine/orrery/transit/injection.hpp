#pragma once
#include <span>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/transit/transit_model.hpp"

namespace orrery::transit {

/// What the values are that a signal is put into: brighter is more, or, for magnitudes, less.
enum class Brightness { flux, magnitude };

/// How a transit dims the star.
enum class TransitForm {
  limb_darkened,  ///< transit_light_curve
  box             ///< radius_ratio^2 of the light from first to last contact of the centre (|time| < half the central duration)
};

/// Puts the transits of a planet into a series: flux times the transit's light curve; magnitude - 2.5 log10 of it.
/// @param t      (N,) [day], any order
/// @param y      (N,) flux or [mag]
/// @param orbit  the planet; a box needs its eccentricity to be 0
/// @return       (N,) values with the transits
/// @throws InputError  unequal lengths, an orbit out of range (see TransitOrbit), an eccentric box
/// @cost         O(N exposure_samples)
[[nodiscard]] std::vector<double> inject_transit(std::span<const double> t, std::span<const double> y, const TransitOrbit& orbit,
                                                 TransitForm form = TransitForm::limb_darkened, Brightness values = Brightness::flux);

/// Light curves of variables, brightest at phase 0, of half range 1.
enum class VariableForm {
  sinusoid,  ///< cos(2 pi phase) + sum_k harmonic[k] cos(2 pi (k + 2) phase): the first harmonic has amplitude 1
  sawtooth   ///< falls in a straight line for 1 - rise of the period, then rises: like an RR Lyrae star of type ab
};

/// A star that varies.
struct VariableSignal {
  double period = 1.0;            ///< [day] > 0
  double epoch = 0.0;             ///< [day] of greatest light
  double amplitude = 0.1;         ///< [u] of the first harmonic, or half the range of a sawtooth; >= 0
  VariableForm form = VariableForm::sinusoid;
  std::vector<double> harmonic;   ///< of the 2nd, 3rd, ... harmonic over that of the first
  double rise = 0.15;             ///< share of the period in which a sawtooth rises, in (0, 1)
};

/// Shape of a variable at phases in cycles (any real number). @return (N,) [1], mean 0 over a period @cost O(N harmonics)
[[nodiscard]] std::vector<double> variable_shape(std::span<const double> phase, const VariableSignal& signal);

/// Puts a variable star's light into a series: y + amplitude * shape for flux, y - amplitude * shape for magnitudes.
/// @param t  (N,) [day]   @param y  (N,) [u]
/// @return   (N,) [u]
/// @throws InputError  unequal lengths, period not > 0, amplitude < 0, rise outside (0, 1), a number that is not finite
/// @cost     O(N harmonics)
[[nodiscard]] std::vector<double> inject_variable(std::span<const double> t, std::span<const double> y, const VariableSignal& signal,
                                                  Brightness values = Brightness::magnitude);

}  // namespace orrery::transit
