#pragma once
// What the statistics of the folded series share: the series made ready, checks of frequencies, and the loop over pieces of them.
#include <functional>
#include <string_view>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/period/trial_frequencies.hpp"

namespace orrery::period::detail {

/// Added to every phase [turn]: rounding is far below it, so that points on an edge between bins lie above it everywhere. Half a step of
/// the phases that are sorted: what is at phase 0, such as the last point at whole cycles of the span, is in the middle of a step.
inline constexpr double kEdge = 0x1p-41;
/// Phases are sorted as 40-bit numbers with a 24-bit place in the series below them.
inline constexpr Index kMaxSortedPoints = Index(1) << 24;

/// A series as folds want it: by ascending time, times from the first one, y around its weighted mean, weights 1 / sigma^2 of mean 1.
struct FoldedSeries {
  std::vector<double> tau;     ///< (N,) [day] >= 0
  std::vector<double> y;       ///< (N,) [u]; all exactly 0 for a constant series
  std::vector<double> weight;  ///< (N,) [1]; 1 without sigma
  std::vector<double> sigma;   ///< (N,) [u] as given; empty without
  double scatter = 0.0;        ///< sum weight y^2 [u^2]

  [[nodiscard]] Index size() const { return ssize(tau); }
};
/// @throws InputError naming `where`
[[nodiscard]] FoldedSeries folded_series(const SeriesView& series, Index minimum, const char* where);

/// @throws InputError naming `where`: a frequency that is not finite or <= 0, more than kMaxGridCount of them
void require_trials(const TrialFrequencies& frequency, const char* where);
/// @throws InputError naming `where` and `what`
void require_range(Index value, Index low, Index high, const char* where, const char* what);
void require_range(double value, double low, double high, const char* where, const char* what);

/// A statistic as a function of pieces of the frequencies: evaluate(begin, end, out) writes end - begin values. It may be called from
/// several threads at once, and a value does not depend on the piece it is in.
struct Piecewise {
  TrialFrequencies frequency;
  Index piece = 1;
  std::function<void(Index begin, Index end, double* out)> evaluate;
};
/// Frequencies in a piece of half a millisecond: a multiple of 4.
[[nodiscard]] Index piece_of(Index points, double nanoseconds);

[[nodiscard]] std::vector<double> run_pieces(const Piecewise& work, int threads);
[[nodiscard]] Task<std::vector<double>> run_pieces_task(Budget& budget, Piecewise work, std::string_view words);

}  // namespace orrery::period::detail
