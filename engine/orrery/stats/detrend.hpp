#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/matrix_view.hpp"
#include "orrery/core/task.hpp"

namespace orrery::stats {

/// How the trend at a time is found from the values around it. With M the median of the window and MAD its median absolute
/// deviation, u = (x - m) / (c MAD):
///   biweight          m with sum (x - m)(1 - u^2)^2 = 0 over |u| < 1, from M; c = 5
///   andrew_sine       the same with weights sin(u) / u over |u| < pi; c = 1.339
///   welsch            the same with weights exp(-u^2 / 2) over |u| < 1; c = 2.11
///   hodges_lehmann    median of (x_i + x_j) / 2, i <= j
///   median, mean
///   trimmed_mean      mean without the int(c n) lowest and highest; c = 0.1
///   winsorized_mean   mean with those replaced by the lowest and the highest that stay; c = 0.1
///   hampel_filter     mean with values c MAD or more from M replaced by M; c = 3
///   huber_psi         one step from M: M + MAD sum clip((x - M) / MAD, -c, c) / count(|x - M| <= c MAD); c = 1.28
///   tau               one biweight step from M with cut-off c MAD / 0.6745; c = 4.5
///   huber             Huber's proposal 2: location and scale together; c = 1.5; the median where it does not converge
///   hampel, ramsay    M-estimators with weights of Hampel (three parts: DetrendOptions::hampel) and Ramsay, exp(-c |z|), c = 0.3,
///                     z = (x - m) / s, s = median |x - m| / 0.6745
///   savitzky_golay    least-squares polynomial of degree c (2) over a window counted in points; at the ends that of the last window
///   lowess            local lines with tricube weights, bisquare against outliers beyond c (6) median residuals, repeated
///   spline            least-squares cubic spline with knots a window apart; points more than c (2) robust sigmas of the ratio to
///                     the trend away are left out, repeated
/// @source Hippke, David, Mulders & Heller 2019, AJ 158, 143 (sliders for transit searches); Mosteller & Tukey 1977, ch. 10;
///         Huber & Ronchetti 2009, ch. 6; Savitzky & Golay 1964, Anal. Chem. 36, 1627; Cleveland 1979, JASA 74, 829
enum class DetrendMethod {
  biweight, andrew_sine, welsch, hodges_lehmann, median, mean, trimmed_mean, winsorized_mean, hampel_filter, huber_psi, tau, huber,
  hampel, ramsay, savitzky_golay, lowess, spline
};

/// Short names in the order of DetrendMethod: "biweight", "andrewsinewave", "welsch", "hodges", ..., as observers know them.
inline constexpr std::array<std::string_view, 17> kDetrendNames = {
    "biweight", "andrewsinewave", "welsch", "hodges", "median", "mean", "trim_mean", "winsorize", "hampelfilt", "huber_psi", "tau", "huber",
    "hampel", "ramsay", "savgol", "lowess", "rspline"};

/// How the trend is taken off: flux / trend, or magnitude - trend.
enum class Removal { ratio, difference };

/// What is done with values or times that are not finite.
enum class Missing { refuse, skip };

/// Settings of detrend.
struct DetrendOptions {
  DetrendMethod method = DetrendMethod::biweight;
  double window = 0.0;             ///< full width [unit of t], > 0; savitzky_golay: points (an even number is made odd by one more)
  /// [unit of t] a longer gap begins a new piece; none: window / 2, and never for savitzky_golay; 0: never
  std::optional<double> break_tolerance;
  double edge_cutoff = 0.0;        ///< [unit of t] no trend this close to the ends of each piece; at most window / 2. Sliders only
  std::optional<double> tuning;    ///< c of the method; none: its default
  std::array<double, 3> hampel = {1.7, 3.4, 8.5};
  Removal removal = Removal::ratio;
  Missing missing = Missing::refuse;
  int threads = 0;                 ///< largest number; 0 = all cores. Results do not depend on it
};

/// A trend and what is left without it.
struct Detrended {
  std::vector<double> trend;  ///< (N,) [u] in the order of the input; NaN where there is none
  std::vector<double> flat;   ///< (N,) y / trend [1] or y - trend [u]
  Index pieces = 0;           ///< pieces between gaps
  Index without_trend = 0;    ///< finite points without a trend: in a cut edge, an empty window, or a piece too short
  Index not_positive = 0;     ///< points whose trend is <= 0, where a ratio means nothing (0: flat is NaN)
};

/// The trend of a series by a window that slides in time, and the series without it. The window of a point is [t - w/2, t + w/2);
/// a gap longer than the break tolerance begins a new piece that knows nothing of the others. Masked points are not used for the
/// trend, which is still evaluated at them: a transit known beforehand does not pull it down.
/// @param t        (N,) [day], any order; N >= 1
/// @param y        (N,) [u]
/// @param masked   (N,) not 0: not used for the trend; or empty
/// @param options  method, window, gaps, edges
/// @return         trend and flattened series (N,)
/// @throws InputError  unequal lengths, no finite point, a value that is not finite (unless skipped), window not > 0, negative
///                     edge_cutoff or break_tolerance, tuning out of the range of the method
/// @cost           for n points in a window: O(N (log n + moves)) for biweight, tau, huber_psi, huber, median, mean; O(N n) for
///                 trimmed, winsorised, hampel_filter, and per iteration for andrew_sine, welsch, hampel, ramsay, lowess;
///                 O(N n log n) at most for hodges_lehmann; O(N c) for savitzky_golay without mask; O(N) memory
/// @source         Hippke, David, Mulders & Heller 2019, AJ 158, 143; methods as above
[[nodiscard]] Detrended detrend(std::span<const double> t, std::span<const double> y, std::span<const std::uint8_t> masked,
                                const DetrendOptions& options);

/// The same on one thread, in slices of about a millisecond. What the spans show must outlive the task.
[[nodiscard]] Task<Detrended> detrend_task(Budget& budget, std::span<const double> t, std::span<const double> y,
                                           std::span<const std::uint8_t> masked, DetrendOptions options);

/// Many series seen at the same times, one a row: threads work on rows. Rows may hold different missing values (Missing::skip).
/// @param y          (R, N) [u]
/// @param first_row  number of the first row, for messages
/// @return   (R,) results, each as detrend gives it
/// @throws InputError as detrend; the message names the row
/// @cost     R times that of detrend
[[nodiscard]] std::vector<Detrended> detrend_rows(std::span<const double> t, const MatrixView& y, std::span<const std::uint8_t> masked,
                                                  const DetrendOptions& options, Index first_row = 0);

/// The method of a short name. @throws InputError naming all of them
[[nodiscard]] DetrendMethod detrend_method(std::string_view name);

}  // namespace orrery::stats
