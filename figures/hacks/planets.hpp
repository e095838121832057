#pragma once
// Pieces of the figure hacks.planets: the star, the two searches, and what is drawn.
#include <string>
#include <vector>

#include "orrery/data/series.hpp"
#include "orrery/live/context.hpp"
#include "orrery/transit/planet_search.hpp"

namespace orrery::figures::hacks {

/// A light curve of level 1, ready to be searched.
struct Star {
  data::Series series;             ///< y: flux of level 1; sigma always there
  bool simulated = false;
  std::string trouble;             ///< why it cannot be searched; empty: all is well
  std::vector<std::string> notes;  ///< what was done to it
};

/// Three planets like those of K2-3, 80 days of half-hour exposures.
/// @param noise  of one exposure [ppm]  @param size  radii in units of K2-3's
[[nodiscard]] Star simulated_star(double noise, double size, std::uint64_t seed);
[[nodiscard]] std::vector<transit::TransitOrbit> simulated_planets(double size);

/// The user's file: magnitudes become flux, a running median over `window` days is divided out.
[[nodiscard]] Star star_of(const data::Series& series, double window);

/// What is left of a star after some planets are taken out, and what both searches see in it.
struct Layer {
  data::Series series;                   ///< searched
  transit::TransitPeriodogram tls, bls;  ///< the same spectra from both; of bls only period, chi2, depth, duration, time and spectra
  transit::PlanetCandidate planet;       ///< best of tls
  bool has_planet = false;               ///< a dip was found
  bool accepted = false;                 ///< SDE and SNR above 7
  double oversampling = 3.0;             ///< of the periods
};

/// Oversampling of the period grid that keeps a search affordable: at most 3, less for long series.
[[nodiscard]] double affordable_oversampling(const data::Series& series, double min_period, double wanted);

[[nodiscard]] Task<Layer> search_layer(Budget& budget, data::Series series, double min_period, double oversampling);

/// The series without the transits of a planet.
[[nodiscard]] data::Series without(const data::Series& series, const transit::PlanetCandidate& planet);

struct PlanetScene {
  const Star& star;
  std::vector<const Layer*> layers;  ///< the last is shown, those before it are taken out
  bool coarse = false;
};
void draw_planets(live::FrameContext& c, const PlanetScene& scene);
void say_planets(live::FrameContext& c, const PlanetScene& scene);

}  // namespace orrery::figures::hacks
