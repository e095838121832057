#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/period/analysis_of_variance.hpp"
#include "orrery/period/conditional_entropy.hpp"
#include "orrery/period/lomb_scargle.hpp"
#include "orrery/period/mutual_information.hpp"
#include "orrery/period/phase_dispersion.hpp"
#include "orrery/period/string_length.hpp"
#include "orrery/period/super_smoother.hpp"
#include "orrery/period/trial_frequencies.hpp"

namespace orrery::period {

/// Every statistic of a trial period that asks for a series and frequencies alone. One table stands behind the figure, Python's
/// `orrery.periodogram(method=...)` and the shell's `orrery periodogram --method`: a new statistic is one name here and one row of the
/// table in period_statistic.cpp, in the same place.
enum class PeriodStatistic {
  lomb_scargle,
  analysis_of_variance,
  phase_dispersion,
  conditional_entropy,
  string_length,
  mutual_information,
  super_smoother,
};

/// Settings of each statistic. Their `threads` are not looked at.
struct PeriodStatisticOptions {
  LombScargleOptions lomb_scargle;
  AnalysisOfVarianceOptions analysis_of_variance;
  PhaseDispersionOptions phase_dispersion;
  ConditionalEntropyOptions conditional_entropy;
  StringLengthOptions string_length;
  MutualInformationOptions mutual_information;
  SuperSmootherOptions super_smoother;
  int threads = 0;  ///< largest number of threads; 0 = all cores. Results do not depend on it
};

/// What is known about a statistic before it is computed.
struct PeriodStatisticInfo {
  PeriodStatistic kind;
  std::string_view word;   ///< for flags and arguments: "lomb_scargle", "aov", "pdm", "entropy", "string_length", "qmi", "supersmoother"
  std::string_view name;   ///< "phase dispersion minimisation"
  std::string_view value;  ///< of the axis: "power", "variance ratio", ...
  bool minimum = false;    ///< a period shows as a minimum of the curve
  double cost = 1.0;       ///< [ns] a point and frequency, roughly, on one core: for plans, not for promises
  double memory = 8.0;     ///< [byte] a point, at most, of one task beyond the series; many tasks beside each other take as many times that
};

/// The table, in the order of the names. @cost O(1)
[[nodiscard]] std::span<const PeriodStatisticInfo> period_statistics();
[[nodiscard]] const PeriodStatisticInfo& period_statistic_info(PeriodStatistic kind);
/// The row of that word; null when there is none. @cost O(1)
[[nodiscard]] const PeriodStatisticInfo* find_period_statistic(std::string_view word);

/// A statistic at trial frequencies.
struct PeriodStatisticCurve {
  std::vector<double> value;  ///< (F,) as the statistic gives it
  bool minimum = false;       ///< best is smallest
  Index best = -1;            ///< position of the best value; -1 for no frequency
  double contrast = 0.0;      ///< best minus mean over standard deviation of the curve, > 0 towards the good side ("SDE"); 0 when flat

  /// Value where larger is better: value or its negative.
  [[nodiscard]] double goodness(Index k) const { return minimum ? -value[at(k)] : value[at(k)]; }
};

/// A statistic of the series at every frequency, and its best one.
/// @param series     t (N,) [day], y (N,) [u], sigma (N,) [u] or empty; any order; N as the statistic asks
/// @param frequency  (F,) [1/day], > 0; a grid is faster for lomb_scargle and analysis_of_variance
/// @return           the curve (F,)
/// @throws InputError  as the statistic
/// @cost             that of the statistic
/// @source           contrast: Alcock et al. 2000, ApJ 542, 257 (signal detection efficiency)
[[nodiscard]] PeriodStatisticCurve period_statistic(const SeriesView& series, const TrialFrequencies& frequency, PeriodStatistic kind,
                                                    const PeriodStatisticOptions& options = {});
/// The same on one thread, in slices of about a millisecond. What the views show must outlive the task.
[[nodiscard]] Task<PeriodStatisticCurve> period_statistic_task(Budget& budget, SeriesView series, TrialFrequencies frequency,
                                                               PeriodStatistic kind, PeriodStatisticOptions options = {});

/// A local best of a curve, sought between the grid's frequencies.
struct PeriodStatisticPeak {
  double frequency = 0.0;  ///< [1/day]
  double value = 0.0;      ///< of the statistic there
  [[nodiscard]] double period() const { return 1.0 / frequency; }
};

/// Settings of period_statistic_peaks.
struct PeriodStatisticPeakOptions {
  Index count = 5;   ///< local bests of the curve that are looked at, at least 1
  Index finer = 16;  ///< steps to each side for one of the grid, 1 to 1000
};

/// The best few local bests of a curve, apart by more than 1 / T, each sought again within one step of the grid to both sides on a grid
/// `finer` times as fine, the best first. Statistics of bins and of order have no derivative to follow, and a peak between two frequencies
/// can be missed by half of its height; after this the order of the candidates is that of their true heights.
/// @param series  as the curve was made from
/// @param grid    the frequencies of the curve
/// @param curve   of this kind and these options
/// @return        at most count peaks; none for an empty curve
/// @throws InputError  as period_statistic; curve.value.size() is not grid.count; options out of range
/// @cost          2 count finer + 1 evaluations
[[nodiscard]] std::vector<PeriodStatisticPeak> period_statistic_peaks(const SeriesView& series, const FrequencyGrid& grid,
                                                                      const PeriodStatisticCurve& curve, PeriodStatistic kind,
                                                                      const PeriodStatisticOptions& options = {},
                                                                      const PeriodStatisticPeakOptions& peaks = {});
/// The same on one thread, in slices. What the views show, and the curve, must outlive the task.
[[nodiscard]] Task<std::vector<PeriodStatisticPeak>> period_statistic_peaks_task(Budget& budget, SeriesView series, FrequencyGrid grid,
                                                                                 const PeriodStatisticCurve& curve, PeriodStatistic kind,
                                                                                 PeriodStatisticOptions options = {},
                                                                                 PeriodStatisticPeakOptions peaks = {});

/// Probability that white noise is this good at one frequency named beforehand, where the literature has the law: lomb_scargle (beta),
/// analysis_of_variance (F), phase_dispersion (beta); else none.
/// @param value   of the statistic (lomb_scargle: in options.lomb_scargle.normalization, which must not be psd)
/// @param points  N
/// @throws InputError  too few points for the options, value NaN
/// @cost   O(1)
/// @source Schwarzenberg-Czerny 1998, MNRAS 301, 831, table 1
[[nodiscard]] std::optional<double> single_probability(double value, Index points, PeriodStatistic kind,
                                                       const PeriodStatisticOptions& options = {});

/// Best value of each of `count` series whose (y, sigma) pairs were put at each other's times at random: what the statistic finds when
/// there is no period and the sampling is this. Replica r draws from Philox stream r.
/// @return  (count,) the best value of each, in the order of the replicas
/// @throws InputError  as period_statistic; count < 1
/// @cost    count times period_statistic
[[nodiscard]] std::vector<double> shuffled_best(const SeriesView& series, const TrialFrequencies& frequency, PeriodStatistic kind,
                                                Index count, std::uint64_t seed, const PeriodStatisticOptions& options = {});
[[nodiscard]] Task<std::vector<double>> shuffled_best_task(Budget& budget, SeriesView series, TrialFrequencies frequency,
                                                           PeriodStatistic kind, Index count, std::uint64_t seed,
                                                           PeriodStatisticOptions options = {});

/// (1 + number of `shuffled` at least as good as `value`) / (1 + count): never 0, valid for any noise that may be put in any order.
/// @throws InputError  value NaN, nothing shuffled
/// @cost   O(count)
/// @source Phipson & Smyth 2010, Stat. Appl. Genet. Mol. Biol. 9, 39
[[nodiscard]] double shuffled_probability(double value, std::span<const double> shuffled, bool minimum);

}  // namespace orrery::period
