#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/data/series.hpp"
#include "orrery/transit/transit_least_squares.hpp"

namespace orrery::transit {

/// A number and its standard error; the error is infinite where no point bears on it.
struct Measured {
  double value = 0.0;
  double error = 0.0;
};

/// What the data say about half and twice the period found.
enum class PeriodVerdict {
  sure,            ///< every other transit is seen, and there is none half way between
  half_possible,   ///< half way between too few points lie to exclude transits: half the period fits as well
  half_better,     ///< half way between there are transits of the same depth: the period is half of this
  double_possible, ///< of the odd or of the even transits none is seen: twice the period fits as well
  double_better    ///< odd or even transits have no dip where the others have one: the period is twice this
};
[[nodiscard]] std::string_view verdict_name(PeriodVerdict verdict);

/// One transit within the span.
struct SingleTransit {
  double time = 0.0;      ///< [day] middle, by the ephemeris
  Measured depth = {};    ///< [u]
  Index points = 0;       ///< inside
};

/// A candidate, measured point by point with the exact shape.
struct PlanetCandidate {
  Measured period;         ///< [day]
  Measured transit_time;   ///< [day] of the first transit at or after the first measurement
  double duration = 0.0;   ///< [day] first to last contact
  double exposure = 0.0;   ///< [day] of one measurement, as the fit took it
  Measured depth;          ///< [u] drop at the deepest point
  double snr = 0.0;        ///< depth / error of all transits together
  double red_noise = 1.0;  ///< scatter of means over one duration outside transits, in units of what independent errors give; >= 1.
                           ///< All errors here, and the SNR, are already widened by it
  double gain = 0.0;       ///< fall of chi2
  double radius_ratio = 0.0;      ///< planet over star, for the shape's limb darkening and impact, of a level of 1
  std::vector<SingleTransit> transits;  ///< all within the span, seen or not
  Index seen = 0;          ///< transits with a point inside
  Measured depth_odd, depth_even;  ///< [u] of the 1st, 3rd ... and of the 0th, 2nd ... transit
  double odd_even_mismatch = 0.0;  ///< their distance in standard errors; 0 when one of them has no point
  Measured depth_half;     ///< [u] of transits half way between
  PeriodVerdict verdict = PeriodVerdict::sure;
  bool doubled = false;    ///< the search found half of this period, but every other transit was empty

  /// True when half or twice the period cannot be excluded.
  [[nodiscard]] bool ambiguous() const { return verdict != PeriodVerdict::sure; }
};

/// Measures a candidate: period, time and duration are moved to the best of the neighbourhood, errors are a third of where chi2 has risen
/// by 9, times the factor of red noise.
/// When odd or even transits are empty while the others are not, the measured period is twice the given one (doubled).
/// @param series    flux as for transit_least_squares; without sigma the scatter is every point's error
/// @param period    [day] near it, within what moves the last transit by a duration
/// @param duration  [day] in (0, period)
/// @param time      [day] middle of any transit
/// @throws InputError  as transit_fit
/// @cost            O(N) a trial, some 200 trials
/// @source          Hippke & Heller 2019, A&A 623, A39, section 2.5 (what is reported); Pont, Zucker & Queloz 2006, MNRAS 373, 231
///                  (red noise)
[[nodiscard]] PlanetCandidate planet_candidate(const SeriesView& series, double period, double duration, double time,
                                               const TransitOptions& options = {});

/// One sentence for people: what the verdict means with the numbers of this candidate. Empty when it is sure.
[[nodiscard]] std::string verdict_text(const PlanetCandidate& candidate);

}  // namespace orrery::transit
