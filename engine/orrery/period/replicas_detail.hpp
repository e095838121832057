#pragma once
// Periodograms of many series that share times and errors: the transforms of the window are made once. For bootstrap and red noise.
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "orrery/core/task.hpp"
#include "orrery/period/nufft_detail.hpp"

namespace orrery::period::detail {

/// Fills the values (N_b,) of one band of replica r. Called from several threads.
using ReplicaValues = std::function<void(Index replica, Index band, std::span<double> y)>;
/// Takes the standard power (F,) of replica r, all bands together. Replicas of one lane come in ascending order and never at the
/// same time, so what a lane sums does not depend on the threads.
using ReplicaPower = std::function<void(Index replica, Index lane, std::span<const double> power)>;
inline constexpr Index kReplicaLanes = 16;

struct ReplicaBand {
  WeightedSeries series;
  std::vector<std::vector<double>> re, im;  ///< sums of w at multiples 0 ... 2K
  NufftPlan plan;
  NufftSink sink;
};

struct ReplicaSearch {
  LombScargleOptions options;
  FrequencyGrid grid;
  std::vector<ReplicaBand> bands;
};

/// Checks everything and makes the transforms of the windows. @throws InputError naming `where`
[[nodiscard]] Task<bool> prepare_replicas(Budget& budget, ReplicaSearch& search, std::vector<SeriesView> bands, FrequencyGrid grid,
                                          LombScargleOptions options, const char* where);

/// Replicas first ... first + count - 1 on the threads of the options.
void run_replicas(const ReplicaSearch& search, Index first, Index count, const ReplicaValues& values, const ReplicaPower& power);
/// The same bit for bit in slices on one thread.
[[nodiscard]] Task<bool> run_replicas_task(Budget& budget, const ReplicaSearch& search, Index first, Index count,
                                           const ReplicaValues& values, const ReplicaPower& power, std::string_view words);

}  // namespace orrery::period::detail
