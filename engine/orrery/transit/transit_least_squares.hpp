#pragma once
#include <span>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/transit/transit_grid.hpp"
#include "orrery/transit/transit_model.hpp"

namespace orrery::transit {

/// Settings of a search for transits.
struct TransitOptions {
  TransitShape shape = {};        ///< of the transits looked for
  StarLimits limits = {};         ///< bound the durations tried at each period
  double duration_step = 1.1;     ///< each duration over the one before it
  double level = 1.0;             ///< flux outside transits
  /// [day] over which a measurement is an average: for what is measured of a transit, not for the search. Below 0: the spacing of the
  /// times when it is regular, as of space telescopes, which never stop counting; else 0.
  double exposure = -1.0;
  double smallest_depth = 1e-5;   ///< [u] shallower dips are not looked at
  Index oversample = 8;           ///< steps in phase across the shortest duration, in [6, 100]
  bool rescore = true;            ///< the best place at each period is moved to the best near it, point by point with the exact shape
  double oversampling = 3.0;      ///< of the period grid: the trend of the spectrum is a running median over 30 times as many periods
  int threads = 0;                ///< largest number of threads; 0 = all cores. Results do not depend on it
};

/// The best transit at each period, and the spectra made of them. Columns (P,). Where no dip deeper than smallest_depth fits, chi2 is
/// that of no transit and the rest is 0.
struct TransitPeriodogram {
  std::vector<double> period;           ///< [day], as given
  std::vector<double> chi2;             ///< of the best transit: chi2_flat minus its gain
  std::vector<double> depth;            ///< [u] drop at the deepest point, > 0
  std::vector<double> duration;         ///< [day] first to last contact
  std::vector<double> transit_time;     ///< [day] middle of the first transit at or after the first measurement
  std::vector<double> signal_residue;   ///< [1] min(chi2) / chi2
  std::vector<double> power_raw;        ///< [1] signal residue in units of its standard deviation over the periods, mean 0
  std::vector<double> power;            ///< [1] the same without its trend: what is searched
  double chi2_flat = 0.0;               ///< of no transit
  double scatter = 0.0;                 ///< [u] the error of every point when the series had none (median absolute deviation); else 0
  double sde = 0.0;                     ///< signal detection efficiency: the largest power
  double sde_raw = 0.0;                 ///< the largest power_raw

  [[nodiscard]] Index size() const noexcept { return ssize(period); }
  /// Position of the highest power; -1 when no transit fits anywhere.
  [[nodiscard]] Index best() const;
};

/// Transit least squares: at each period the limb-darkened transit of free phase, duration and depth that lowers chi2 most. With
/// r = level - y and shape s of unit depth, A = sum w r s and B = sum w s^2 give the best depth A / B and the gain A^2 / B. Sums over
/// a shape that is piecewise quadratic in phase are differences of running sums of w r, w r phi, w r phi^2, so that a duration
/// costs the same whatever its number of points. Durations are of time, not of points: gaps do not stretch them.
/// @param series  flux t (N,) [day], y (N,) [u] of constant level, sigma (N,) [u] or empty; N >= 3
/// @param period  (P,) [day] trial periods, > 0, any order; spectra want them in order
/// @return        the best transit at each period and the spectra
/// @throws InputError  unusable series or periods, equal values without sigma, an option out of range, a fold of more than 2e7 steps
/// @cost          O(P (N + steps durations)): about 2 ns a point and 0.5 ns a step and duration; O(P + N + steps) memory a thread
/// @source        Hippke & Heller 2019, A&A 623, A39 (statistic, grids, spectra)
[[nodiscard]] TransitPeriodogram transit_least_squares(const SeriesView& series, std::span<const double> period,
                                                       const TransitOptions& options = {});

/// The same, in slices of about a millisecond, on options.threads threads. What the views show must outlive the task.
[[nodiscard]] Task<TransitPeriodogram> transit_least_squares_task(Budget& budget, SeriesView series, std::span<const double> period,
                                                                  TransitOptions options = {});

/// Fills signal_residue, power_raw, power and both SDE from period and chi2: how pieces of a search become one.
/// @param oversampling  of the period grid
/// @cost O(P kernel)  @source Hippke & Heller 2019, A&A 623, A39, eqs. 6-8; running median: Ofir 2014, A&A 561, A138
void transit_spectra(TransitPeriodogram& found, double oversampling);

/// Probability that noise alone gives such an SDE somewhere: the published simulations of white noise, log-linear between them.
/// 0.1 is the largest that was published and stands for everything above it, 8e-5 the smallest.
/// @source Hippke & Heller 2019, A&A 623, A39, section 3.2 and its table  @cost O(1)
[[nodiscard]] double transit_false_alarm_probability(double sde);

/// The gain in chi2 of a transit with the exact shape, and its depth.
struct TransitFit {
  double depth = 0.0;        ///< [u] A / B; negative for a bump
  double depth_error = 0.0;  ///< [u] B^(-1/2); infinite when no point lies inside
  double gain = 0.0;         ///< A^2 / B
  Index points = 0;          ///< inside
};
/// @param sigma  (N,) or empty for `scatter` everywhere
/// @param time   [day] middle of any transit
/// @throws InputError  unusable series, duration not in (0, period)
/// @cost O(N)
[[nodiscard]] TransitFit transit_fit(const SeriesView& series, double period, double duration, double time,
                                     const TransitOptions& options = {});

}  // namespace orrery::transit
