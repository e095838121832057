#pragma once
#include <span>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/transit/box_durations.hpp"

namespace orrery::transit {

/// What is made largest over phase and duration at each period.
enum class BoxObjective {
  likelihood,  ///< half the fall of chi2 that the box brings against no box, weighted by the points outside it
  snr          ///< depth in units of its standard error
};

/// Settings of the box search.
struct BoxOptions {
  BoxObjective objective = BoxObjective::likelihood;
  Index oversample = 10;  ///< phase bins across the shortest duration; edges of boxes lie on bins
  int threads = 0;        ///< largest number of threads; 0 = all cores. Results do not depend on it
};

/// The best box at each period; columns (P,). Where no box has points inside and outside and a positive depth, the objective is
/// -infinity and the rest is 0.
struct BoxPeriodogram {
  std::vector<double> period;          ///< [day], as given
  std::vector<double> objective;       ///< what was made largest
  std::vector<double> depth;           ///< [u] mean outside minus mean inside
  std::vector<double> depth_error;     ///< [u]
  std::vector<double> duration;        ///< [day], a whole number of bins
  std::vector<double> transit_time;    ///< [day] middle of a transit, in [0, period)
  std::vector<double> depth_snr;       ///< [1]
  std::vector<double> log_likelihood;  ///< [1]

  [[nodiscard]] Index size() const noexcept { return ssize(period); }
  /// Position of the highest objective; -1 when there is none.
  [[nodiscard]] Index best() const;
};

/// Box least squares: the series folded at each period into bins of min(duration) / oversample, and of all boxes that begin on a
/// bin and last one of the durations the one with the largest objective and a dip. Bins, boxes and formulae are those of
/// astropy's BoxLeastSquares, so that results can be compared number by number.
/// @param series     flux t (N,) [day], y (N,) [u], sigma (N,) [u] or empty for 1 each; N >= 2
/// @param period     (P,) [day] trial periods, > 0, any order
/// @param duration   (D,) [day] trial durations, > 0, none longer than the shortest period
/// @return           the best box at each period
/// @throws InputError  unusable series, periods or durations; a fold of more than 2e8 bins
/// @throws InputError  (limit) results and folds that do not fit into the memory there is
/// @cost             O(P (N + D bins)), bins = oversample * period / min(duration); about 1 ns a point and 0.2 ns a box
/// @source           Kovacs, Zucker & Mazeh 2002, A&A 391, 369
[[nodiscard]] BoxPeriodogram box_least_squares(const SeriesView& series, std::span<const double> period,
                                               std::span<const double> duration, const BoxOptions& options = {});

/// The same, in slices on one thread. What the views show must outlive the task.
[[nodiscard]] Task<BoxPeriodogram> box_least_squares_task(Budget& budget, SeriesView series, std::span<const double> period,
                                                          std::span<const double> duration, BoxOptions options = {});

/// Durations that grow with the period; bins are a share of the shortest at each period.
/// @throws InputError  as above; also durations that require_durations refuses
[[nodiscard]] BoxPeriodogram box_least_squares(const SeriesView& series, std::span<const double> period, const BoxDurations& durations,
                                               const BoxOptions& options = {});

/// The same, in slices on options.threads threads. What the views show must outlive the task.
[[nodiscard]] Task<BoxPeriodogram> box_least_squares_task(Budget& budget, SeriesView series, std::span<const double> period,
                                                          BoxDurations durations, BoxOptions options = {});

/// A box: when a planet of this period crosses.
struct Box {
  double period = 1.0;        ///< [day]
  double duration = 0.1;      ///< [day]
  double transit_time = 0.0;  ///< [day] middle of any transit
};

/// 1 where a time lies within a transit, 0 elsewhere: |phase| < duration / 2.
/// @return (N,)  @cost O(N)
[[nodiscard]] std::vector<unsigned char> transit_mask(std::span<const double> t, const Box& box);

/// What the points say of one box, transit by transit; for telling a planet from an eclipsing binary or from noise.
struct BoxStatistics {
  struct Depth {
    double value = 0.0;  ///< [u]
    double error = 0.0;  ///< [u]
  };
  Depth depth;        ///< of all transits
  Depth depth_odd;    ///< of the 1st, 3rd, ... transit
  Depth depth_even;   ///< of the 0th, 2nd, ...
  Depth depth_half;   ///< of a box at twice the rate, half way between: a secondary
  Depth depth_phased; ///< of the box moved by half a period
  double harmonic_amplitude = 0.0;       ///< [u] of a sinusoid at the period, fitted instead of the box
  double harmonic_delta_log_likelihood = 0.0;  ///< of that sinusoid minus that of the box: above 0, a sinusoid is the better story
  std::vector<double> transit_times;     ///< [day] of the transits within the series
  std::vector<Index> per_transit_count;  ///< points in each
  std::vector<double> per_transit_log_likelihood;  ///< of the box in each
};
/// @throws InputError  unusable series; duration not in (0, period)
/// @cost O(N)
[[nodiscard]] BoxStatistics box_statistics(const SeriesView& series, const Box& box);

}  // namespace orrery::transit
