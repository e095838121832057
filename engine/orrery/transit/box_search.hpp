#pragma once
#include <optional>
#include <string>
#include <vector>

#include "orrery/transit/box_folding.hpp"

namespace orrery::transit {

/// How boxes are looked for.
enum class BoxMethod {
  automatic,  ///< by the number of points and the work
  brute,      ///< every point at every period: box_least_squares
  folding,    ///< box_folding
  sparse      ///< box_sparse
};
/// "auto", "brute", "ffa", "sparse".
[[nodiscard]] const char* box_method_name(BoxMethod method) noexcept;

/// Settings of a search that chooses its periods, and its method unless told.
struct BoxSearchOptions {
  BoxMethod method = BoxMethod::automatic;
  std::vector<double> period;        ///< trial periods [day]; empty: chosen for the durations. Not with fast folding
  std::optional<double> min_period;  ///< [day]; none: shortest_box_period
  std::optional<double> max_period;  ///< [day]; none: span / min_transits
  double min_transits = 2.0;         ///< >= 1
  BoxObjective objective = BoxObjective::likelihood;
  Index oversample = 10;             ///< bins across the shortest duration
  int threads = 0;                   ///< 0 = all cores. Results do not depend on it
};

/// Best boxes with how they were found.
struct BoxSearch {
  BoxPeriodogram boxes;
  BoxMethod method = BoxMethod::automatic;  ///< the one taken
  std::string reason;                       ///< why, in a few words with the numbers it was decided by
  std::vector<Index> exact;                 ///< after fast folding: positions whose numbers are those of all points; else empty, as all are
  std::vector<std::string> warnings;        ///< what may make the answer worth less
};

/// Box least squares with the method that suits the series: without bins below 300 points, by fast folding where it is at least twice as
/// quick and brute force would take more than a tenth of a second, else by brute force.
/// @param series     flux t (N,) [day], y (N,) [u], sigma (N,) [u] or empty for 1 each; N >= 2
/// @param durations  keplerian_durations() or a list
/// @throws InputError  unusable series, durations, limits or periods; periods given with fast folding; (limit) more memory than there is
/// @cost             that of the method taken
[[nodiscard]] BoxSearch box_search(const SeriesView& series, const BoxDurations& durations, const BoxSearchOptions& options = {});

/// The same in slices, with progress. What the view shows must outlive the task.
[[nodiscard]] Task<BoxSearch> box_search_task(Budget& budget, SeriesView series, BoxDurations durations, BoxSearchOptions options = {});

}  // namespace orrery::transit
