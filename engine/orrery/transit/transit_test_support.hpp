#pragma once
// Simulated stars with planets for the tests of the transit searches.
#include <cmath>
#include <vector>

#include "orrery/core/random.hpp"
#include "orrery/data/series.hpp"
#include "orrery/transit/transit_model.hpp"

namespace orrery::transit::testing {

struct Sky {
  std::vector<double> t, y, sigma;
  [[nodiscard]] SeriesView view() const { return {t, y, sigma}; }
};

/// One measurement every `cadence` from `start` on, flux 1 with white noise, times the planets' light curves.
inline Sky observe(double start, double span, double cadence, double noise, const std::vector<TransitOrbit>& planets, std::uint64_t seed) {
  Random random(seed);
  Sky sky;
  for (double t = start; t <= start + span; t += cadence) {
    sky.t.push_back(t);
    sky.sigma.push_back(noise);
    sky.y.push_back(noise * random.normal());
  }
  std::vector<double> flux(sky.t.size(), 1.0);
  for (const auto& planet : planets) {
    const auto curve = transit_light_curve(sky.t, planet);
    for (std::size_t i = 0; i < flux.size(); ++i) flux[i] *= curve[i];
  }
  for (std::size_t i = 0; i < flux.size(); ++i) sky.y[i] += flux[i];
  return sky;
}

/// Takes out the measurements between two times.
inline void cut(Sky& sky, double from, double to) {
  Sky kept;
  for (std::size_t i = 0; i < sky.t.size(); ++i) {
    if (sky.t[i] >= from && sky.t[i] <= to) continue;
    kept.t.push_back(sky.t[i]);
    kept.y.push_back(sky.y[i]);
    kept.sigma.push_back(sky.sigma[i]);
  }
  sky = kept;
}

/// Cycles between two times of an ephemeris, to the nearest whole: in [-1/2, 1/2].
inline double cycles_apart(double a, double b, double period) { return std::remainder(a - b, period) / period; }

}  // namespace orrery::transit::testing
