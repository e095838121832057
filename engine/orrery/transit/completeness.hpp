#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/stats/binomial.hpp"
#include "orrery/stats/detrend.hpp"
#include "orrery/transit/injection.hpp"

namespace orrery::transit {

enum class InjectionKind { transit, variable };

/// How what was put in is looked for.
enum class RecoveryMethod {
  box,           ///< box_search, its method chosen by the work on the series itself
  box_brute,     ///< box_least_squares at every period
  box_folding,   ///< box_folding
  tls,           ///< transit_least_squares
  lomb_scargle,  ///< lomb_scargle_fast with K harmonics, free mean
  matched        ///< the injected shape at its true period and phase: what no search can beat
};
/// "box", "box_brute", "box_folding", "tls", "lomb_scargle", "matched".
[[nodiscard]] const char* recovery_method_name(RecoveryMethod method) noexcept;

/// What is injected, how it is searched, and what counts as found.
struct CompletenessOptions {
  InjectionKind kind = InjectionKind::transit;
  RecoveryMethod method = RecoveryMethod::box;  ///< transits: all but lomb_scargle; variables: lomb_scargle or matched
  /// (C + 1,) [day] > 0, ascending or equal: limits of the cells. None: eight from one day (variables: four spacings of the times) to
  /// half the span
  std::vector<double> period_edge;
  /// (R + 1,) >= 0, ascending or equal. Of transits the depth radius_ratio^2 [1], at most 0.25; of variables the amplitude [u]. None:
  /// eight from a third of what an SNR of the threshold (or 7) asks for where that is least, to three times where it is most
  std::vector<double> size_edge;
  Index trials = 10;                  ///< injections a cell, >= 1
  Index first_trial = 0;              ///< number of the first, >= 0: several maps of other trials together are one of all of them
  std::uint64_t seed = 0;

  std::optional<double> threshold;    ///< least statistic of a detection; none: what noise exceeds with probability false_alarm
  double false_alarm = 0.01;          ///< in (0, 1), when there is no threshold
  double tolerance = 0.01;            ///< largest |found period / true period - 1| of a recovery, in (0, 0.2]
  /// of a peak's width 1 / span: a frequency this close is right too, whatever the tolerance; none: 0 for transits, 0.5 for variables
  std::optional<double> peak_share;
  double confidence = 0.6827;         ///< of the intervals
  Index control = 100;                ///< searches of the series in disorder, >= 0; the first is number first_trial / trials * control
  double control_block = 0.0;         ///< [day] pieces so long keep their order in the control, and slow noise stays slow; 0: none do

  std::optional<double> min_period;   ///< [day] searched; none: half of the shortest injected, but no shorter than boxes can be looked for
  std::optional<double> max_period;   ///< [day] searched; none: twice the longest injected, at most the span
  double oversampling = 0.0;          ///< trial periods in a peak's width; 0: as the methods have it (box 1.1, tls 3, lomb_scargle 5)
  Index oversample = 10;              ///< box: bins across the shortest duration
  int harmonics = 1;                  ///< lomb_scargle: K

  TransitForm transit_form = TransitForm::limb_darkened;
  LimbDarkening limb = {};
  double star_radius = 1.0, star_mass = 1.0;  ///< [solar units] of the orbits: circular, impact parameter uniform
  double max_impact = 0.9;            ///< in [0, 1)
  double exposure = -1.0;             ///< [day] of a measurement; below 0: the spacing of the times when it is regular, else 0
  VariableForm variable_form = VariableForm::sinusoid;
  std::vector<double> harmonic;       ///< see VariableSignal
  double rise = 0.15;
  Brightness values = Brightness::flux;  ///< of a variable series: which way up a sawtooth goes. Transits need flux

  std::optional<stats::DetrendOptions> detrend;  ///< done to every injected series: a ratio for transits, a difference for variables
  int threads = 0;                    ///< 0 = all cores. Results do not depend on it
};

/// One signal that was put in.
struct Injection {
  double period = 1.0;  ///< [day]
  double size = 0.0;    ///< depth radius_ratio^2, or amplitude
  double epoch = 0.0;   ///< [day] mid-transit, or greatest light
  double impact = 0.0;  ///< of a transit
};

enum class Outcome : std::uint8_t {
  missed,    ///< statistic below the threshold
  other,     ///< above it, at a period that is not the injected one
  alias,     ///< above it, at half or twice the period
  recovered  ///< above it, at the period
};

/// An injection and what the search said.
struct InjectionTrial {
  Injection signal;
  double snr = 0.0;        ///< expected of a search that knows everything but the amplitude, from the sampling and the errors
  double found = 0.0;      ///< [day] period of the search's best
  double statistic = 0.0;  ///< of it: depth / error (boxes), sqrt(fall of chi2) (tls, lomb_scargle), amplitude / error (matched)
  Outcome outcome = Outcome::missed;
};

/// The same search where nothing was injected.
struct CompletenessControl {
  std::vector<double> statistic;    ///< of the highest peak of each series in disorder
  Index judged = 0;                 ///< of these, the ones that tell the false-alarm rate: all, or half when the others set the threshold
  Index above = 0;                  ///< of the judged, above the threshold
  stats::ProbabilityRange rate;     ///< interval of the false-alarm probability of a search
  double plain_period = 0.0, plain_statistic = 0.0;  ///< the series as it is
  double inverted_statistic = 0.0;  ///< the series upside down, dips up (transits only): noise that is alike both ways passes neither
};

/// Cells (R, C), row by row: sizes from small to large, in each row periods from short to long.
struct CompletenessMap {
  std::vector<double> period_edge, size_edge;
  std::vector<Index> injected, recovered, alias, other;  ///< (R C,) counts
  std::vector<double> fraction, low, high;  ///< (R C,) recovered / injected, and its Wilson interval
  /// (R C,) mean of Phi(snr - threshold) over the trials: what white noise of the given errors allows the best search at this threshold
  std::vector<double> expected;
  std::vector<InjectionTrial> trials;  ///< trial k of cell c at k R C + c
  double threshold = 0.0;
  bool calibrated = false;             ///< the threshold is from the control
  RecoveryMethod method = RecoveryMethod::box;  ///< as done: `box` is replaced by the one taken
  CompletenessControl control;
  std::vector<std::string> warnings;

  [[nodiscard]] Index columns() const noexcept { return ssize(period_edge) - 1; }
  [[nodiscard]] Index rows() const noexcept { return ssize(size_edge) - 1; }
};

/// Injection and recovery: how often a signal of a given period and size would have been found in this very series. In every cell
/// `trials` signals are drawn (period and size log-uniform in the cell, phase and impact uniform), each is put into the series, detrended
/// when asked, searched, and the best peak judged. As a control the same search is done where nothing was injected: on the series with its
/// values (and errors) in random order, as it is, and upside down. Trial k of a cell draws from Philox stream (cell, k), so more trials or
/// other threads change none of those before.
/// @param series   t (N,) [day], y (N,) [u], sigma (N,) [u] or empty for 1.48 times the median absolute deviation; N >= 10. For transits
///                 a flux with median > 0, which is divided out
/// @return         the map
/// @throws InputError  unusable series, options out of range, no scatter, orbits inside the star; (limit) memory for the trials
/// @cost           (R C trials + control) searches, spread over the threads
/// @source         Christiansen et al. 2020, AJ 160, 159 (of Kepler's pipeline); Burke et al. 2015, ApJ 809, 8 (Phi(snr - threshold))
[[nodiscard]] CompletenessMap completeness(const SeriesView& series, const CompletenessOptions& options);

/// Called after every round of one trial in each cell, with the map so far.
using CompletenessWatch = std::function<void(const CompletenessMap&)>;

/// The same in slices, with progress, on options.threads threads. What the view shows must outlive the task. `watch` may draw; the
/// task pauses after it.
[[nodiscard]] Task<CompletenessMap> completeness_task(Budget& budget, SeriesView series, CompletenessOptions options,
                                                      CompletenessWatch watch = {});

/// Judges the trials again: outcomes, counts, intervals and expectation for another threshold or tolerance. @cost O(trials)
/// @param span  [day] of the series, for peak_share
void judge_completeness(CompletenessMap& map, double span, double threshold, const CompletenessOptions& options);

/// SNR of a signal of size 1 at a period, on average over phase and impact, of the best search: sqrt(W T / P) for transits of mean
/// duration T, sqrt(W <shape^2>) for variables, W the sum of 1 / sigma^2. SNR = size times it: a line of equal SNR in the map.
/// @throws InputError  as completeness, period not > 0
/// @cost O(N)
[[nodiscard]] double unit_snr(const SeriesView& series, const CompletenessOptions& options, double period);

/// Fills the edges that are not given. @throws InputError  times that do not differ, no scatter; as unit_snr @cost O(N log N)
void fill_cells(const SeriesView& series, CompletenessOptions& options);

/// One injection looked at closely.
struct InjectionView {
  InjectionTrial trial;               ///< the outcome is not judged
  std::vector<double> t, y, sigma;    ///< (M,) searched: of unit level (transits), detrended when asked
  std::vector<double> model;          ///< (M,) the injected signal alone, around the level
  std::vector<double> period, power;  ///< (P,) statistic of the search at its trial periods
};
/// Puts one signal into the series and searches it as completeness would.
/// @throws InputError  as completeness
[[nodiscard]] Task<InjectionView> inject_and_search_task(Budget& budget, SeriesView series, CompletenessOptions options, Injection signal);

/// The same two with box_brute, lomb_scargle and matched alone: for a page, which need not carry the code of the others.
/// @throws InputError  also another method
[[nodiscard]] Task<CompletenessMap> completeness_light_task(Budget& budget, SeriesView series, CompletenessOptions options,
                                                            CompletenessWatch watch = {});
[[nodiscard]] Task<InjectionView> inject_and_search_light_task(Budget& budget, SeriesView series, CompletenessOptions options,
                                                               Injection signal);

}  // namespace orrery::transit
