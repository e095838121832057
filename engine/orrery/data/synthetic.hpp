#pragma once
#include <cstdint>
#include <vector>

#include "orrery/data/series.hpp"

namespace orrery::data {

/// A star seen as a sum of sinusoids with Gaussian noise. The defaults make a plain star for tests.
struct SinusoidOptions {
  Index n = 100;                   ///< points, >= 1
  double baseline = 100.0;         ///< [day] from 0; times are uniform over it, sorted
  double period = 1.7;             ///< [day] > 0
  double amplitude = 0.5;          ///< of the first harmonic [mag]
  std::vector<double> harmonics;   ///< amplitudes of harmonics 2, 3, ... as fractions of `amplitude`
  double phase = 0.0;              ///< at t = 0 [cycles]
  double mean = 15.0;              ///< [mag]
  double sigma = 0.1;              ///< standard error of every point and of its noise [mag], > 0
  double sigma_spread = 0.0;       ///< the errors differ: sigma (1 + spread u), u uniform on (-1, 1); in [0, 1)
  bool noise = true;               ///< false: the curve itself, with sigma still written
};

/// y(t) = mean + A sin(2 pi (t / P + phase)) + A sum_k h_k sin(2 pi k (t / P + phase)) + noise.
/// @return  series (N,), sorted by time; the same on every machine for the same seed
/// @throws InputError  n < 1, period, baseline or sigma <= 0, spread outside [0, 1), a value that is not finite
/// @cost    O(N (K + log N))
[[nodiscard]] Series sinusoid(const SinusoidOptions& options, std::uint64_t seed);

/// When a telescope on the ground sees a star: at night, in the season, when the sky is clear.
struct NightOptions {
  double start = 53000.0;       ///< first day [MJD]
  double days = 365.25;         ///< length of the survey [day], > 0
  double cadence = 1.0;         ///< mean days from one visited night to the next, >= 1
  Index visits = 1;             ///< points in a visited night, >= 1
  double night = 0.3;           ///< length of a night [day], in (0, 1]
  double season = 0.5;          ///< share of the year in which the star is up at night, in (0, 1]
  double clear = 0.7;           ///< probability that a night is clear, in (0, 1]
};

/// Times of observation: nights around midnight + 0.25 day (local), only in the season of each year of 365.25 days, only clear nights.
/// @return  (N,) times [MJD], ascending; possibly none
/// @throws InputError  a number outside its range; more than 1e8 nights
/// @cost    O(nights visits)
[[nodiscard]] std::vector<double> nightly_times(const NightOptions& options, std::uint64_t seed);

/// A pulsating star with a steep rise and a slow fall, like an RR Lyrae star of type ab.
struct SawtoothOptions {
  double period = 0.57;     ///< [day] > 0
  double amplitude = 1.0;   ///< faintest minus brightest [mag]
  double rise = 0.15;       ///< share of the period on the rising branch, in (0, 1)
  double epoch = 0.0;       ///< a time of maximum light [day]
  double mean = 15.0;       ///< middle between brightest and faintest [mag]
};

/// Magnitude at phase f = (t - epoch) / period mod 1: brightest at 0, falling in a straight line until 1 - rise, then rising.
/// @return  (N,) [mag]
/// @throws InputError  period <= 0, rise outside (0, 1)
/// @cost    O(N)
[[nodiscard]] std::vector<double> sawtooth(std::span<const double> t, const SawtoothOptions& options);

/// Puts Gaussian noise of one sigma on values at given times.
/// @param t, y   (N,) of one length
/// @param sigma  [unit of y] > 0
/// @return  series with a sigma column
/// @throws InputError  lengths differ, sigma <= 0, a value that is not finite
[[nodiscard]] Series noisy_series(std::vector<double> t, std::vector<double> y, double sigma, std::uint64_t seed);

/// Noise alone: n times uniform over the baseline, values of mean 0 and the given sigma. The null hypothesis of every period search.
[[nodiscard]] Series white_noise(Index n, double baseline, double sigma, std::uint64_t seed);

}  // namespace orrery::data
