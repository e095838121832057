#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/period/false_alarm.hpp"
#include "orrery/period/frequency_grid.hpp"

namespace orrery::period {

/// How the power is computed: lomb_scargle_fast on the regular grid, or direct sums.
enum class SearchMethod { fast, exact };

/// What to look for. Everything that is absent is chosen from the data.
struct PeriodSearch {
  std::optional<double> min_period;  ///< [day], > 0; none: see search_range
  std::optional<double> max_period;  ///< [day], > min_period; none: the baseline
  double oversampling = 5.0;         ///< frequencies across a peak of width 1 / baseline
  int harmonics = 1;                 ///< K, 1 to 8
  bool fit_mean = true;              ///< a free constant in every band; else the band's weighted mean is kept
  double sigma_clip = 0.0;           ///< points farther from the model than so many errors are left out; 0: none are
  Index max_frequencies = 200'000;   ///< larger grids are made coarser, see SearchRange::coarsened
  SearchMethod method = SearchMethod::fast;
};

/// The trial frequencies of a search and the limits that these times allow.
struct SearchRange {
  FrequencyGrid grid;          ///< regular in frequency, from 1 / max_period to 1 / min_period
  double min_period = 0.0;     ///< [day] searched
  double max_period = 0.0;     ///< [day] searched
  double shortest = 0.0;       ///< [day] shortest period worth asking these times for
  double longest = 0.0;        ///< [day] longest: twice the baseline
  double baseline = 0.0;       ///< [day] last - first time
  double oversampling = 0.0;   ///< of the grid, below the one asked for when coarsened
  bool coarsened = false;      ///< the range asked for needed more than max_frequencies
};

/// Trial periods for these times. Without limits the longest period is the baseline T; the shortest is the Nyquist period,
/// 2 x the median spacing, when the spacing is regular (as from space), and else 0.2 day or twice the median spacing within a
/// band, whichever is shorter, but not so short that the grid needs more than half of max_frequencies.
/// @param series  t (N,) [day], band; N >= 2, T > 0
/// @throws InputError  N < 2, T = 0, limits that are not finite, not > 0 or not ascending, oversampling outside [1, 100],
///                     max_frequencies < 100
/// @cost          O(N log N)
[[nodiscard]] SearchRange search_range(const data::Series& series, const PeriodSearch& search);

/// One band of a PeriodModel: constant + sum_k cosine[k-1] cos(2 pi k phase) + sine[k-1] sin(2 pi k phase).
struct BandModel {
  std::int32_t band = 0;
  Index n = 0;
  double constant = 0.0;           ///< [y_unit]
  std::vector<double> cosine;      ///< (K,) [y_unit]
  std::vector<double> sine;        ///< (K,) [y_unit]
  std::vector<double> covariance;  ///< (2K+1, 2K+1) row-major, of (constant, cosine 1, sine 1, cosine 2, ...), errors as quoted
  double chi2 = 0.0;
  double chi2_0 = 0.0;             ///< of the constant alone
  double information = 0.0;        ///< about the frequency with all else free: 1 / variance [day^2]
  double gradient = 0.0;           ///< -1/2 d chi2 / d frequency
};

/// Harmonic model of all bands at one common frequency.
struct PeriodModel {
  double frequency = 0.0;        ///< [1/day]
  double frequency_error = 0.0;  ///< [1/day] one sigma, scaled by `scale`; infinity when the data says nothing
  double epoch = 0.0;            ///< [day] time of phase 0
  int harmonics = 1;
  std::vector<BandModel> bands;  ///< bands with more than 2K + 2 points
  Index n = 0;                   ///< points in those bands
  Index dof = 0;                 ///< n - coefficients - 1 (frequency)
  double chi2 = 0.0;             ///< without uncertainties: sum of squares [y_unit^2]
  double chi2_0 = 0.0;
  double scale = 1.0;            ///< factor on quoted errors, sqrt(chi2 / dof), at least 1 when there are uncertainties

  [[nodiscard]] double power() const { return chi2_0 > 0.0 ? 1.0 - chi2 / chi2_0 : 0.0; }
  [[nodiscard]] double period() const { return 1.0 / frequency; }
  [[nodiscard]] double period_error() const { return frequency_error / (frequency * frequency); }
  /// Cycles since the epoch, in [0, 1).
  [[nodiscard]] double phase(double t) const;
  /// Model of bands[b] and its standard error at a phase. @cost O(K), O(K^2)
  [[nodiscard]] double value(Index b, double at_phase) const;
  [[nodiscard]] double error(Index b, double at_phase) const;
  /// Position in `bands` of a band number; -1 when that band has too few points.
  [[nodiscard]] Index find_band(std::int32_t band) const;
};

/// Weighted least-squares harmonics in every band at a given frequency. The bands share the frequency only, so their
/// information about it adds: 1 / var(f) = sum_b (d'Wd - d'WA (A'WA)^-1 A'Wd) with d = dm/df and A the band's other columns.
/// @param series     t, y, sigma (N,), band; a band needs more than 2K + 2 points to be fitted
/// @param frequency  [1/day], > 0
/// @return           the model; without a band that can be fitted, `bands` is empty
/// @throws InputError  unusable series, frequency not > 0, K outside [1, 8]
/// @cost             O(N K^2)
/// @source           Palmer 2009, ApJ 695, 496; VanderPlas & Ivezić 2015, ApJ 812, 18 (several bands)
[[nodiscard]] PeriodModel fit_period(const data::Series& series, double frequency, int harmonics, bool fit_mean = true);

/// The model at the local minimum of chi2 next to a frequency (Gauss-Newton in the frequency, the other parameters solved for).
/// @param within     [1/day] how far it may go from `frequency`
/// @param tolerance  it stops when a step is below this part of the frequency's error
[[nodiscard]] PeriodModel refine_period(const data::Series& series, double frequency, double within, int harmonics, bool fit_mean = true,
                                        double tolerance = 1e-6);

/// A period that also explains the data.
struct Rival {
  double period = 0.0;        ///< [time_unit] at the local minimum of chi2
  double power = 0.0;
  double delta_chi2 = 0.0;    ///< chi2 - chi2 of the best, in units of its scale^2
  std::string relation;       ///< to the best: "one cycle per sidereal day", "twice the period", ...; "" when none is known
};

/// Lomb-Scargle search of a series: periodogram, clip and the periods that explain the data.
struct PeriodReport {
  SearchRange range;
  std::vector<double> power;     ///< (range.grid.count,) [1] all bands together, weighted by chi2
  PeriodModel fit;               ///< at the best period
  double period = 0.0;           ///< [day] rounded to a thousandth of its error or less
  double period_error = 0.0;     ///< [day]
  double peak_power = 0.0;       ///< at the best period
  double false_alarm_probability = 1.0;        ///< 0 when below the smallest double; then see the logarithm
  double log10_false_alarm_probability = 0.0;
  AlarmLaw alarm;                ///< of the search: K harmonics in the bands that were fitted
  double amplitude = 0.0;        ///< [y_unit] full range of the model in the band with most points
  Index n_used = 0;
  Index n_dropped = 0;           ///< clipped, and in bands with too few points
  std::vector<std::uint8_t> kept;  ///< (N,) 1 for used points
  std::vector<Rival> rivals;     ///< by delta_chi2, at most 8
  bool at_edge = false;          ///< the highest power is at an end of the searched range
};

/// Finds the best period. The power is 1 - chi2 / chi2_0 summed over bands; the highest peaks of the grid are refined on the exact
/// model; a half or a third of the period is preferred when it explains the data as well (only K > 1 can tell them apart); clipped
/// points leave the search, which is then repeated, at most three times.
/// @param series  t [day], y [u], sigma [u] or empty, band or empty; (N,) each; some band with more than 2K + 2 points
/// @throws InputError  unusable series, too few points, no range in time, options out of range
/// @cost          O(N + F log F) for each harmonic and band (lomb_scargle_fast), plus O(N K^2) for each refined peak
/// @source        Zechmeister & Kürster 2009, A&A 496, 577; Palmer 2009, ApJ 695, 496; Baluev 2008, MNRAS 385, 1279
[[nodiscard]] PeriodReport find_period(const data::Series& series, const PeriodSearch& search = {});

/// The same as a job that pauses. The series must outlive it.
[[nodiscard]] Task<PeriodReport> find_period_task(Budget& budget, const data::Series& series, PeriodSearch search);

/// log10 of the probability that white noise gives such a power or more somewhere in the report's range (Baluev). @cost O(K B)
[[nodiscard]] double log10_false_alarm_probability(const PeriodReport& report, double power);

/// Power that white noise exceeds with this probability somewhere in the searched range: the false-alarm level of a report (Baluev).
/// @throws InputError probability not between 0 and 1
[[nodiscard]] double false_alarm_power(const PeriodReport& report, double probability);

/// Value rounded to a power of ten at or below error / 1000, so that digits beyond the error do not differ between machines.
/// An error that is not finite or <= 0 leaves 10 significant digits. @cost O(1)
[[nodiscard]] double rounded_to_error(double value, double error);

}  // namespace orrery::period
