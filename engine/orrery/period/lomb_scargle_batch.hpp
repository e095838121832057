#pragma once
#include <span>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/period/frequency_grid.hpp"
#include "orrery/period/lomb_scargle.hpp"

namespace orrery::period {

/// Series of many stars, one behind the other: star s has rows offset[s] ... offset[s + 1] - 1.
struct BatchView {
  std::span<const double> t;      ///< (N,) [day]
  std::span<const double> y;      ///< (N,) [u]
  std::span<const double> sigma;  ///< (N,) [u], or empty
  std::span<const Index> offset;  ///< (S + 1,) ascending from 0 to N

  [[nodiscard]] Index stars() const { return offset.empty() ? 0 : ssize(offset) - 1; }
  [[nodiscard]] SeriesView star(Index s) const {
    const std::size_t from = at(offset[at(s)]), count = at(offset[at(s + 1)]) - from;
    return {t.subspan(from, count), y.subspan(from, count), sigma.empty() ? sigma : sigma.subspan(from, count)};
  }
};

/// Settings of lomb_scargle_batch.
struct BatchOptions {
  LombScargleOptions periodogram;        ///< of every star; threads: over stars
  bool keep_power = true;                ///< false: only peaks, and memory does not grow with the grids
  Index peaks = 0;                       ///< highest local maxima a star, any two at least 1 / T of the star apart
  double max_bytes = 4.0 * 1073741824.0; ///< of kept powers; more is refused
};

/// Periodograms of many stars.
struct BatchResult {
  std::vector<Index> offset;           ///< (S + 1,) star s has powers offset[s] ... offset[s + 1] - 1; all 0 when not kept
  std::vector<double> power;           ///< in the normalisation asked for
  Index peaks = 0;                     ///< P
  std::vector<double> peak_frequency;  ///< (S, P) [1/day] highest first, top of the parabola; NaN where there are fewer
  std::vector<double> peak_power;      ///< (S, P) at the grid point
};

/// lomb_scargle_fast of every star, with the same bits as one by one: threads run over stars and keep their tables and grids.
/// @param stars  any lengths > 2K + 1; t in any order within a star
/// @param grids  one grid for all, or one a star
/// @throws InputError  offsets that do not ascend from 0 to N, columns of unequal lengths, a number of grids that is neither 1 nor S;
///                 the first star that lomb_scargle_fast would refuse, by its number; ErrorKind::limit when kept powers need more
///                 than max_bytes, with the size named
/// @cost           S lomb_scargle_fast, about 0.15 ms for N = 100 and 10^4 frequencies (one core); 8 bytes a kept power
[[nodiscard]] BatchResult lomb_scargle_batch(const BatchView& stars, std::span<const FrequencyGrid> grids,
    const BatchOptions& options = {});

/// Refuses what lomb_scargle_batch would refuse, without work: for callers that do a batch in parts. @cost O(N + S)
void check_batch(const BatchView& stars, std::span<const FrequencyGrid> grids, const BatchOptions& options);

/// The same on one thread in slices, with progress. What `stars` shows must outlive the task.
[[nodiscard]] Task<BatchResult> lomb_scargle_batch_task(Budget& budget, BatchView stars, std::vector<FrequencyGrid> grids,
                                                        BatchOptions options = {});

}  // namespace orrery::period
