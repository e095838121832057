#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/period/frequency_grid.hpp"
#include "orrery/period/lomb_scargle.hpp"

namespace orrery::period {

/// How the probability is found that noise alone makes the highest peak of a search at least this high. With s(Z) that of one
/// frequency, T the span and tau(Z) the mean number of times noise rises through Z over the searched range:
///   single     s(Z)                                  of one frequency named beforehand
///   naive      1 - (1 - s)^N, N = (f_last - f_first) T   independent frequencies; optimistic: noise exceeds it about 3 times as often
///   davies     s + tau                               an upper limit
///   baluev     1 - (1 - s) exp(-tau)                 close to the truth, and above it, unless the window has strong peaks
///   bootstrap  share of shuffled series with a higher peak; knows the window; never below 1 / (resamples + 1)
///   red_noise  share of simulated damped random walks (fitted to the series) with a higher peak, see red_noise.hpp
/// All but the last ask about white noise: on red noise they find periods that are not there.
/// @source Baluev 2008, MNRAS 385, 1279 (K = 1); Baluev 2009, MNRAS 395, 1541 (K > 1); Davies 1987, Biometrika 74, 33
enum class AlarmMethod { single, naive, davies, baluev, bootstrap, red_noise };

/// Settings of the false-alarm functions.
struct FalseAlarmOptions {
  AlarmMethod method = AlarmMethod::baluev;
  LombScargleOptions periodogram;  ///< as the power was made: harmonics, mean, normalisation; threads
  Index resamples = 1000;          ///< shuffled or simulated series
  std::uint64_t seed = 0;          ///< of those
  /// red_noise only: where the peak is [1/day]. It is then judged against what the noise is expected to show at that frequency;
  /// without, against the highest power of the noise anywhere, which at low frequencies is always high.
  std::optional<double> frequency;
  /// bootstrap, red_noise: a Gumbel law is fitted to the maxima (on the scale -ln(1 - Z)) and replaces their counts, so that small
  /// probabilities have a value and all have a smaller error. It errs on the high side: on white noise by 1.4 at 1 %, by 10 at 1e-8.
  bool smooth = false;
};

/// A probability that may be far below the smallest double.
struct FalseAlarm {
  double probability = 1.0;        ///< [1]; 0 below about 1e-308
  double log10_probability = 0.0;  ///< [1] good to any depth
  double error = 0.0;              ///< [1] one sigma of the probability from the finite number of resamples; 0 for a formula
};

/// The analytic law of one search: K harmonics in B bands that share nothing but the frequency (B = 1: one series).
/// With d = 2 K B columns, m = K B, r = (N - N_0 - d) / 2 and N_0 the means (B with fit_mean or center_data, else 0):
///   s(Z)   = P(Beta(m, r) > Z),
///   tau(Z) = W Gamma(m + r) / (Gamma(m) Gamma(r + 1/2)) Z^(m - 1/2) (1 - Z)^(r - 1/2),
///   W      = (f_last - f_first) E[sqrt(sum_bk k^2 T_b^2 D_bk)],  T_b = sqrt(4 pi var t) of band b, D ~ Dirichlet(1, ..., 1):
/// Rice's formula; harmonic k of band b turns at a rate of k T_b, and D is how the power divides among them. K = B = 1 is Baluev
/// 2008, eq. 6; B = 1 is Baluev 2009. Errors taken as known (psd with sigma): r -> inf at z = r Z.
struct AlarmLaw {
  double half_columns = 1.0;   ///< m
  double half_rest = 0.0;      ///< r; <= 0: too few points, any power is noise
  double log_rate = 0.0;       ///< ln of all of tau but the powers of Z and 1 - Z
  double frequencies = 1.0;    ///< N of naive
  bool known_errors = false;
};

/// The law of a search over a range of frequencies of this width [1/day].
/// @param bands  as for lomb_scargle_multiband; one band for a single series
/// @throws InputError  no band; unusable series or options
/// @cost   O(N)
[[nodiscard]] AlarmLaw alarm_law(std::span<const SeriesView> bands, double frequency_range, const LombScargleOptions& options = {});

/// Natural logarithm of the probability of a peak of at least this depth, -ln(1 - Z) (or z with known errors).
/// @param method  single, naive, davies or baluev
/// @cost O(K B)
[[nodiscard]] double log_false_alarm(const AlarmLaw& law, AlarmMethod method, double depth);
/// Its inverse; where the law is not monotonic (tau rises at small powers) the largest such depth. @param log_probability <= 0
[[nodiscard]] double false_alarm_depth(const AlarmLaw& law, AlarmMethod method, double log_probability);

/// Probability that noise with the shape of these errors has a peak of at least `power` anywhere on the grid. Powers in standard,
/// model, log (and psd without sigma) are one statistic and get one probability; psd with sigma takes the errors as known in the
/// formulae: s(z) = P(Gamma(m) > z). Bootstrap and red noise always use the standard scale.
/// @param power    [as options.periodogram.normalization]
/// @param bands    those searched together (lomb_scargle_multiband), or one series; (N_b,) each
/// @param grid     the frequencies searched
/// @return         probability, its logarithm and its error
/// @throws InputError  as lomb_scargle_multiband; N - N_0 <= 2 K B; power NaN; resamples < 1; with bootstrap or red noise a grid that
///                     would need more than 4 GB
/// @cost           O(N); bootstrap: resamples * (K FFTs of the grid), about a quarter of a fast periodogram each; see red_noise.hpp
[[nodiscard]] FalseAlarm false_alarm_probability(double power, std::span<const SeriesView> bands, const FrequencyGrid& grid,
                                                 const FalseAlarmOptions& options = {});
[[nodiscard]] FalseAlarm false_alarm_probability(double power, const SeriesView& series, const FrequencyGrid& grid,
                                                 const FalseAlarmOptions& options = {});
[[nodiscard]] Task<FalseAlarm> false_alarm_probability_task(Budget& budget, double power, std::vector<SeriesView> bands, FrequencyGrid grid,
                                                            FalseAlarmOptions options = {});

/// Power that noise reaches with this probability: the inverse, in options.periodogram.normalization.
/// @param probability  in (0, 1]
/// @throws InputError  as above; probability outside (0, 1]
/// @cost  as above
[[nodiscard]] double false_alarm_level(double probability, std::span<const SeriesView> bands, const FrequencyGrid& grid,
                                       const FalseAlarmOptions& options = {});
[[nodiscard]] double false_alarm_level(double probability, const SeriesView& series, const FrequencyGrid& grid,
                                       const FalseAlarmOptions& options = {});
[[nodiscard]] Task<double> false_alarm_level_task(Budget& budget, double probability, std::vector<SeriesView> bands, FrequencyGrid grid,
                                                  FalseAlarmOptions options = {});

/// Highest standard power of each of `count` shuffled series, ascending. Residuals of each band from its weighted mean in units of
/// their errors are shuffled (each is used once: under white noise every order is equally likely, so the test is exact whatever the noise's
/// distribution) and given the error of the time they land on, so weights stay where they are and the transforms of the window
/// are shared by all. Replica r of B bands draws from Philox streams r B + b: no thread changes it.
/// @return  (count,) [1]
/// @throws InputError  as lomb_scargle_multiband; count < 1
/// @cost    O(count * (F log F + N F / M)) time, (4 K + 1) F doubles of memory a band
[[nodiscard]] std::vector<double> bootstrap_maxima(std::span<const SeriesView> bands, const FrequencyGrid& grid, Index count,
                                                   std::uint64_t seed, const LombScargleOptions& options = {});
[[nodiscard]] std::vector<double> bootstrap_maxima(const SeriesView& series, const FrequencyGrid& grid, Index count, std::uint64_t seed,
                                                   const LombScargleOptions& options = {});
[[nodiscard]] Task<std::vector<double>> bootstrap_maxima_task(Budget& budget, std::vector<SeriesView> bands, FrequencyGrid grid,
                                                              Index count, std::uint64_t seed, LombScargleOptions options = {});

/// Probability of a value under the law of maxima (M,) ascending: (1 + number that are as high) / (1 + M), or smoothed by a Gumbel
/// law fitted to them. @cost O(log M), smoothed O(M)
[[nodiscard]] FalseAlarm probability_from_maxima(std::span<const double> maxima, double value, bool smooth);
/// Smallest maximum that this probability allows to be reached; the highest when there are too few.
[[nodiscard]] double level_from_maxima(std::span<const double> maxima, double probability, bool smooth);

}  // namespace orrery::period
