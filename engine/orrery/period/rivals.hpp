#pragma once
#include <span>
#include <string>
#include <vector>

#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/period/frequency_grid.hpp"
#include "orrery/period/period_model.hpp"

namespace orrery::period {

/// A high peak of the window function: a signal at f rises again at |f + frequency| and |f - frequency|.
struct WindowPeak {
  double frequency = 0.0;  ///< [1/day]
  double height = 0.0;     ///< [1] of the window, 1 at frequency 0: the part of a signal's power that shows there
  std::string words;       ///< "one cycle per day", "one cycle per sidereal day and one per year", ...; "" when none is known
};

/// The highest peaks above `lowest` of the window function of all times of a series, outside its central peak, highest first.
/// @param series       t (N,) [day], errors weigh; bands are taken together
/// @param max_frequency  [1/day] > 0; at most 200,000 frequencies are looked at, three a peak
/// @throws InputError  unusable series, max_frequency not > 0
/// @cost           a third of a fast periodogram
/// @source         Deeming 1975, Ap&SS 36, 137; Dawson & Fabrycky 2010, ApJ 722, 937
[[nodiscard]] std::vector<WindowPeak> window_peaks(const data::Series& series, double max_frequency, double lowest = 0.15, Index most = 8);
[[nodiscard]] Task<std::vector<WindowPeak>> window_peaks_task(Budget& budget, const data::Series& series, double max_frequency,
                                                              double lowest = 0.15, Index most = 8);

/// A period that also explains the data.
struct Rival {
  double period = 0.0;        ///< [time_unit] at the local minimum of chi2
  double period_error = 0.0;  ///< [time_unit] one sigma
  double power = 0.0;         ///< 1 - chi2 / chi2_0
  double delta_chi2 = 0.0;    ///< chi2 - chi2 of the best, in units of its scale^2; with more harmonics, plus 2 for each coefficient
  double prediction = 0.0;    ///< by how many standard errors the best predicts points left out better than this one does
  double log10_odds = 0.0;    ///< of the best against this one, see rivals
  int harmonics = 1;          ///< K of its model; that of the best, or twice it for "twice the period"
  std::string relation;       ///< to the best: "one cycle per sidereal day", "half the period", ...; "" when none is known
  bool excluded = true;       ///< the data tell the two apart
};

/// Settings of rivals.
struct RivalOptions {
  FrequencyGrid grid;             ///< the frequencies searched; rivals outside are left out. count = 0: any frequency
  std::span<const double> power;  ///< (grid.count,) standard power, to see at once which rivals are worth a fit; or empty
  double max_frequency = 0.0;     ///< [1/day] rivals above are left out, where there is no grid; 0: none is
  bool fit_mean = true;
  double exclusion = 13.8155;     ///< delta_chi2 of odds of 1000: 2 ln 1000
  double prediction = 2.0;        ///< standard errors by which the best must predict better
  Index most = 8;                 ///< length of the report
};

/// The alias report.
struct RivalReport {
  std::vector<Rival> rivals;       ///< by delta_chi2
  std::vector<WindowPeak> window;
  bool ambiguous = false;          ///< some rival is not excluded
};

/// Which other periods explain the data, and which of them the data cannot exclude. Candidates: the peaks of the periodogram; |f +- g|
/// for g = 1, 2, 3 per solar and sidereal day, 1 and 2 per year, 1 per synodic month, and every high peak of the series' own window;
/// half, a third, twice and three times the period; and twice the period with twice the harmonics, for curves with two unequal halves.
///
/// A rival is excluded when two things hold. Its chi2 is worse by `exclusion`, errors scaled so that the best fits: odds of 1000
/// for noise that is what the errors say. And it predicts worse: with d_j = sum over visit j of rho(rival) - rho(best), rho = 5 ln(1 +
/// r^2 / 4 s^2) of the residuals r of points left out, s their median scale, the sum of d_j is positive by `prediction` standard errors
/// sqrt(sum (d_j - mean)^2). The second does not believe the model: where its misfit and not the noise makes chi2, as for a
/// few harmonics of an RR Lyrae star, and the bands of one visit err together, delta chi2 exaggerates. A visit is what lies within
/// one period (a twentieth of the span at most). The odds are exp(delta / 2) with delta the smaller of delta_chi2 and 4
/// prediction^2, to which it comes when model and errors are right. A model with more harmonics contains the best one: it is a rival
/// only if its chi2 is better by `exclusion` beyond 2 a coefficient and it predicts better, and then it is not excluded.
/// @param series  the points that `best` was fitted to, bands as there
/// @param best    at the top of its peak
/// @param others  models at other peaks that are already fitted
/// @throws InputError  unusable series, options out of range
/// @cost          a third of a periodogram, O(N K^2) for each of about 15 candidates and 10 steps
/// @source        Dawson & Fabrycky 2010, ApJ 722, 937 (aliases); Vuong 1989, Econometrica 57, 307, and Vehtari, Gelman & Gabry 2017,
///                Stat. Comput. 27, 1413 (comparing models that may both be wrong); VanderPlas 2018, ApJS 236, 16, sect. 7.2
[[nodiscard]] RivalReport rivals(const data::Series& series, const PeriodModel& best, std::span<const PeriodModel> others = {},
                                 const RivalOptions& options = {});
[[nodiscard]] Task<RivalReport> rivals_task(Budget& budget, const data::Series& series, const PeriodModel& best,
                                            std::vector<PeriodModel> others, RivalOptions options);

}  // namespace orrery::period
