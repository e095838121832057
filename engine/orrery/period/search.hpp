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
#include "orrery/period/period_model.hpp"
#include "orrery/period/rivals.hpp"

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
  double least_oversampling = 0.0;   ///< a grid that would have to be coarser than this is refused, with its size named
  SearchMethod method = SearchMethod::fast;
  AlarmMethod alarm = AlarmMethod::baluev;  ///< of the report's probability; red_noise judges the best peak by its frequency
  Index resamples = 1000;            ///< bootstrap, red_noise
  std::uint64_t seed = 0;            ///< of those
  bool smooth = false;               ///< of those, see FalseAlarmOptions
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
///                     max_frequencies < 100, a grid that max_frequencies would make coarser than least_oversampling
/// @cost          O(N log N)
[[nodiscard]] SearchRange search_range(const data::Series& series, const PeriodSearch& search);

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
  double false_alarm_error = 0.0;  ///< one sigma of the probability from the number of resamples; 0 for a formula
  AlarmLaw alarm;                ///< of the search: K harmonics in the bands that were fitted
  double amplitude = 0.0;        ///< [y_unit] full range of the model in the band with most points
  Index n_used = 0;
  Index n_dropped = 0;           ///< clipped, and in bands with too few points
  std::vector<std::uint8_t> kept;  ///< (N,) 1 for used points
  std::vector<Rival> rivals;     ///< by delta_chi2, at most 8: the alias report
  bool ambiguous = false;        ///< some rival is not excluded
  std::vector<WindowPeak> window;  ///< high peaks of the sampling's window function, highest first
  bool at_edge = false;          ///< the highest power is at an end of the searched range
  std::vector<std::string> warnings;  ///< what else speaks against the period, in words: see caution.hpp
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

}  // namespace orrery::period
