#pragma once
// Blocked non-uniform transform: trigonometric sums of a series on a regular frequency grid. See docs/adr/0004 and nufft_plan.cpp.
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "orrery/core/fft.hpp"
#include "orrery/core/fft_buffer.hpp"
#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/period/frequency_grid.hpp"
#include "orrery/period/lomb_scargle_detail.hpp"
#include "orrery/period/nufft_kernel.hpp"

namespace orrery::period::detail {

/// Which sums are wanted at multiple k of every grid frequency: sum_j v_j exp(-2 pi i k f t_j) for each listed column v.
struct NufftRequest {
  int multiple = 1;
  std::vector<int> columns;  ///< positions in the list of columns; 1 to 4
};

/// One multiple, made ready: where each point falls on the fine time grid, and the kernel's values there.
struct NufftTransform {
  int multiple = 1;
  std::vector<int> columns;
  std::vector<std::int32_t> start;  ///< (N,) first cell a point touches
  FftBuffer taps;                   ///< (N, width)
  Index cells = 0;                  ///< cells in use (with the kernel's overhang when it wraps)
  bool wraps = false;               ///< cells beyond `big` are folded back onto the beginning
  Index segments = 1;               ///< pieces of length `small` that hold anything
};

/// Sizes: a window of `modes` neighbouring frequencies is transformed from a fine grid of `big` = residues * small cells. Mode
/// residues * q + r of a window is mode q of the r-th short transform; residues lie in SIMD lanes.
struct NufftShape {
  Index lanes = 4;
  Index residues = 4;   ///< R, a multiple of lanes
  Index small = 0;      ///< n, length of the short transforms
  Index small_modes = 0;///< of which this many modes are used
  int width = 12;       ///< kernel taps
  [[nodiscard]] Index big() const { return residues * small; }
  [[nodiscard]] Index modes() const { return residues * small_modes; }
  [[nodiscard]] bool operator==(const NufftShape&) const = default;
};

/// What depends on the sizes alone; plans of many series share it.
struct NufftTables {
  NufftShape shape;
  NufftKernel kernel;
  FftPlan fft;
  FftBuffer correction;                ///< (modes,) 1 / Fourier transform of the kernel
  FftBuffer lane_twist;                ///< (small, 2 lanes) exp(-2 pi i l j / big)
  std::vector<double> group_twist;     ///< (small, 2) exp(-2 pi i lanes j / big)
};

/// The tables of the sizes met lately; one thread's.
struct NufftTableCache {
  std::vector<std::shared_ptr<const NufftTables>> kept;
};
[[nodiscard]] std::shared_ptr<const NufftTables> nufft_tables(const NufftShape& shape, NufftTableCache* cache);

struct NufftPlan {
  FrequencyGrid grid;
  Index points = 0;
  NufftShape shape;
  std::shared_ptr<const NufftTables> tables;
  Index windows = 0;
  std::vector<Index> order;            ///< (N,) point at each sorted place
  std::vector<std::vector<double>> columns;  ///< sorted copies of the strengths
  std::vector<double> phase, turn_high, turn_low;  ///< first * tau and step * tau, in turns (see nufft_plan.cpp)
  std::vector<NufftTransform> transforms;
  Index total_columns = 0;             ///< over all transforms
  FftBuffer segment_twist;             ///< (residues / lanes, segments, 2 lanes) exp(-2 pi i r s / residues)
  Index max_segments = 1;

  [[nodiscard]] Index pairs() const { return (windows + 1) / 2; }
  [[nodiscard]] Index groups() const { return shape.residues / shape.lanes; }
};

/// What one thread needs to work on a pair of windows.
struct NufftWorkspace {
  std::vector<FftBuffer> grids;       ///< one a transform: (cells, columns, 4) = cos, sin of two windows
  FftBuffer batch;                    ///< (columns, 2 windows, small, 2 lanes)
  FftBuffer twist;                    ///< (small, 2 lanes) of the present group of residues
  std::vector<std::vector<double>> columns;  ///< sorted strengths of this thread, in place of the plan's; or empty
  std::vector<Index> suspicious;      ///< frequencies whose normal matrix amplifies errors: to be done again by direct sums
};

/// What one thread keeps from star to star.
struct FastScratch {
  NufftTableCache tables;
  NufftWorkspace work;
  std::vector<double> frequency;
};
/// lomb_scargle_fast on one thread into power (grid.count,): the same bits. The grid has been checked. @throws InputError
void fast_power(const SeriesView& series, const FrequencyGrid& grid, const LombScargleOptions& options, FastScratch& scratch,
                std::span<double> power);

/// What becomes of the sums.
struct NufftSink {
  enum class Kind { one_harmonic, harmonics, maxima, sums };
  Kind kind = Kind::sums;
  SolveContext context;
  double condition_limit = 0.0;
  double* power = nullptr;                 ///< (count,)
  std::vector<double*> re, im;             ///< (total_columns) x (count,), for Kind::sums; sums of w at 0 ... 2K for Kind::maxima
  Index origin = 0;                        ///< frequency number that re and im begin with, for Kind::sums
  const double* replica_sum = nullptr;     ///< (replicas,) of Kind::maxima, as in SolveContext
  const double* replica_inverse_variance = nullptr;
  double* maxima = nullptr;                ///< (replicas,) largest power seen
  std::vector<double*> replica_power;      ///< (replicas) x (count,) of Kind::maxima: the powers themselves; or empty
};

/// Checks a grid. @throws InputError naming `where`
void require_grid(const FrequencyGrid& grid, const char* where);

/// Makes the plan. tolerance is that of a sum, relative to sum |v|.
/// @param tau      (N,) times relative to any epoch
/// @param columns  strengths, each (N,)
/// @param fixed    sizes to use, and the tau (none later) that cells count from; none: the sizes that should be fastest, the first tau
/// @param cache    tables made before, or none
struct NufftFixed {
  NufftShape shape;
  double origin = 0.0;
};
[[nodiscard]] NufftPlan nufft_plan(std::span<const double> tau, const FrequencyGrid& grid, std::span<const std::span<const double>> columns,
                                   std::span<const NufftRequest> requests, double tolerance, const NufftFixed* fixed = nullptr,
                                   NufftTableCache* cache = nullptr);
/// The sizes that should be fastest, and the cost of the plan and all its windows in cycles of one core.
/// @param span  grid step times the span of times, in turns
struct NufftChoice {
  NufftShape shape;
  double cost = 0.0;
};
[[nodiscard]] NufftChoice nufft_choice(Index points, Index count, double span, std::span<const NufftRequest> requests, double tolerance);

/// Strengths in the order of the plan's points.
[[nodiscard]] std::vector<double> nufft_sorted(const NufftPlan& plan, std::span<const double> values);

/// Piece of work: spread points [begin, end) of a pair of windows; the first piece of a pair clears the grids.
void nufft_spread(const NufftPlan& plan, NufftWorkspace& work, Index pair, Index begin, Index end);
/// Then, for each group of residues in turn: short transforms, and the sums into the sink.
void nufft_finish(const NufftPlan& plan, NufftWorkspace& work, Index pair, Index group, const NufftSink& sink);
/// The same in slices of less than a millisecond.
[[nodiscard]] Task<bool> nufft_pair_task(Budget& budget, const NufftPlan& plan, NufftWorkspace& work, Index pair, const NufftSink& sink);
/// The whole pair.
void nufft_pair(const NufftPlan& plan, NufftWorkspace& work, Index pair, const NufftSink& sink);

// Run-time dispatched parts of the plan.
[[nodiscard]] Index nufft_lanes();
void nufft_fill_transform(const NufftPlan& plan, const NufftKernel& kernel, std::span<const double> cell, NufftTransform& transform);
void nufft_roots(double* out, Index count, double turns_each);  ///< exp(-2 pi i m turns_each), m = 0 ... count - 1

/// Sums of a plan at multiple k carry a factor exp(-2 pi i k shift), the same for all columns: powers do not see it, sums of several
/// series together do. @return shift [turns] of frequency number k; origin: tau that the cells count from
[[nodiscard]] inline double nufft_shift(const NufftShape& shape, const FrequencyGrid& grid, double origin, Index k) {
  const Index in_window = k % shape.modes() - shape.modes() / 2;
  return double(in_window) * (0.5 * double(shape.width) / double(shape.big()) - grid.step * origin);
}

/// First and one-past-last frequency of a window.
struct NufftRange {
  Index begin, end;
};
[[nodiscard]] inline NufftRange window_range(const NufftPlan& plan, Index window) {
  const Index begin = window * plan.shape.modes();
  const Index end = begin + plan.shape.modes();
  return {begin < plan.grid.count ? begin : plan.grid.count, end < plan.grid.count ? end : plan.grid.count};
}

}  // namespace orrery::period::detail
