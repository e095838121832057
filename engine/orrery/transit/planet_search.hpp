#pragma once
#include <span>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/transit/planet_candidate.hpp"
#include "orrery/transit/transit_least_squares.hpp"

namespace orrery::transit {

/// How far a search for several planets goes.
struct PlanetSearchOptions {
  TransitOptions transit = {};
  TransitGridOptions grid = {};
  Index max_planets = 3;       ///< in [1, 20]
  double min_sde = 7.0;        ///< the search ends below it (false-alarm probability about 1 % of white noise)
  double min_snr = 7.0;        ///< and below it
  double mask_width = 1.5;     ///< durations around each found transit that are taken out before the next search, in [1, 10]
};

/// One round of the search.
struct PlanetRound {
  PlanetCandidate candidate;
  double sde = 0.0, sde_raw = 0.0;
  double false_alarm_probability = 0.0;  ///< of the SDE, white noise
  bool accepted = false;                 ///< above the thresholds; only the last round may not be
  Index points = 0;                      ///< measurements that were searched
  TransitPeriodogram periodogram;        ///< of this round
};

/// Planets of a star one after the other: the strongest is found by transit_least_squares, measured, and its transits are taken out;
/// and so on until a round stays below the thresholds, nothing is left or max_planets are found.
/// @param series  flux of constant level (detrended), as for transit_least_squares
/// @return        the rounds; the last is a rejected one when the search ended by itself
/// @throws InputError  as transit_period_grid and transit_least_squares; max_planets or mask_width out of range
/// @cost          a search for each round; the periodogram of each is kept
/// @source        Hippke & Heller 2019, A&A 623, A39, section 4.1 (iterative masking)
[[nodiscard]] std::vector<PlanetRound> find_planets(const SeriesView& series, const PlanetSearchOptions& options = {});

/// The same, in slices of about a millisecond, on options.transit.threads threads. What the views show must outlive the task.
[[nodiscard]] Task<std::vector<PlanetRound>> find_planets_task(Budget& budget, SeriesView series, PlanetSearchOptions options = {});

/// 1 where a time lies within `width` durations of a transit of the candidate (full width). @return (N,)  @cost O(N)
[[nodiscard]] std::vector<unsigned char> candidate_mask(std::span<const double> t, const PlanetCandidate& candidate, double width = 1.0);

}  // namespace orrery::transit
