#pragma once
#include <vector>

#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/period/frequency_grid.hpp"
#include "orrery/period/lomb_scargle.hpp"

namespace orrery::period {

/// The same power as lomb_scargle, on a regular grid, in O(F log F + N F / M) instead of O(N F): trigonometric sums of all points
/// by a blocked non-uniform transform. The grid is cut into windows of M frequencies that fit in cache; the points, turned by
/// the phase of the window's centre, are spread on a fine time grid by a Kaiser-Bessel kernel, and short transforms with
/// one residue of the frequency number in each SIMD lane give the sums. Frequencies where the sampling leaves the normal matrix
/// close to singular (near zero and near aliases of it) are done again by direct sums. Few points or frequencies: direct sums, unless
/// options.always_transform.
/// Agrees with exact sums to 1e-9 of the power scale (1e-8 at a million frequencies and above), at any epoch.
/// @param series   t (N,) [day], y (N,) [u], sigma (N,) [u] or empty for equal weights; any order; N > 2K + 1
/// @param grid     first > 0, step > 0 [1/day], count <= kMaxGridCount
/// @param options  as for lomb_scargle, all of it
/// @return         power (count,) in the normalisation asked for
/// @throws InputError  as lomb_scargle; first <= 0, step <= 0 (with more than one frequency), count outside [1, kMaxGridCount]
/// @cost           about 15 ns a frequency at K = 1 and 30 ns a point for every 10^4 frequencies (one core, AVX2); 8 bytes a
///                 frequency, 300 a point, and about 1 MB a thread. bench/ has the measured table
/// @source         Dutt & Rokhlin 1993, SIAM J. Sci. Comput. 14, 1368 (the transform); Press & Rybicki 1989, ApJ 338, 277 (fast
///                 periodograms); Palmer 2009, ApJ 695, 496 (harmonics); docs/adr/0004 (this blocking)
[[nodiscard]] std::vector<double> lomb_scargle_fast(const SeriesView& series, const FrequencyGrid& grid,
                                                    const LombScargleOptions& options = {});

/// The same on one thread, in slices of less than a millisecond: bit for bit the same power. What `series` shows must outlive
/// the task.
[[nodiscard]] Task<std::vector<double>> lomb_scargle_fast_task(Budget& budget, SeriesView series, FrequencyGrid grid,
                                                               LombScargleOptions options = {});

}  // namespace orrery::period
