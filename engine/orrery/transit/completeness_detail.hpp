#pragma once
// What injection and recovery prepares once, and one search.
#include <vector>

#include "orrery/core/random.hpp"
#include "orrery/period/frequency_grid.hpp"
#include "orrery/transit/box_search.hpp"
#include "orrery/transit/completeness.hpp"

namespace orrery::transit::detail {

/// A series that owns its columns.
struct Columns {
  std::vector<double> t, y, sigma;
  [[nodiscard]] SeriesView view() const { return {t, y, sigma}; }
};

/// The highest peak of a search.
struct Best {
  double period = 0.0, statistic = 0.0;
};
struct Curve {
  std::vector<double> period, power;
};

struct Plan;

/// The searches that a program carries; those it has not are null. (A page carries a few, because their code has a price there.)
struct Searches {
  using Search = Task<Best> (*)(Budget& budget, const Plan& plan, const Columns& columns, Curve* curve);
  Search boxes = nullptr, transits = nullptr, sinusoids = nullptr;
  Task<BoxMethod> (*choose)(Budget& budget, const Plan& plan) = nullptr;  ///< what BoxMethod::automatic becomes
};
/// All of them, and only box_brute and lomb_scargle.
extern const Searches kAllSearches, kLightSearches;

struct Plan {
  Searches searches;
  CompletenessOptions options;
  Columns given;                  ///< ascending in time, of unit level for transits: signals go in here
  Columns flat;                   ///< without its trend: what is searched when nothing is injected
  double span = 0.0;              ///< [day]
  double exposure = 0.0;          ///< [day]
  double low = 0.0, high = 0.0;   ///< [day] searched
  std::vector<double> period;     ///< trial periods of boxes by brute force and of tls
  period::FrequencyGrid grid;     ///< of lomb_scargle
  BoxDurations durations;
  BoxMethod box = BoxMethod::automatic;
  std::vector<std::string> warnings;

  [[nodiscard]] Index cells() const { return (ssize(options.period_edge) - 1) * (ssize(options.size_edge) - 1); }
};

/// Checks and prepares everything. @throws InputError naming "completeness"
[[nodiscard]] Task<Plan> plan_task(Budget& budget, SeriesView series, CompletenessOptions options, Searches searches);

/// Trial k of a cell.
[[nodiscard]] Injection draw(const Plan& plan, Index cell, Random& random);

/// Shape of a signal of size 1 (of `nominal` size where the shape depends on it): dip or swing at the given times.
[[nodiscard]] std::vector<double> unit_shape(const Plan& plan, std::span<const double> t, const Injection& signal);

/// The series with a signal.
[[nodiscard]] Columns inject(const Plan& plan, const Injection& signal);

/// Without its trend, and without the points that have none.
[[nodiscard]] Task<Columns> detrended_task(Budget& budget, const Plan& plan, Columns columns);

/// SNR of an amplitude of the signal with a free level.
[[nodiscard]] double matched_snr(const Columns& columns, std::span<const double> shape, double size);

/// @param truth  what `matched` looks for
/// @param curve  filled when not null
[[nodiscard]] Task<Best> search_task(Budget& budget, const Plan& plan, const Columns& columns, Injection truth, Curve* curve = nullptr);

/// lomb_scargle_fast on the plan's grid.
[[nodiscard]] Task<Best> sinusoids_task(Budget& budget, const Plan& plan, const Columns& columns, Curve* curve);

/// The peak at a position, -1 for none; all of the search into `curve` when not null.
[[nodiscard]] Best highest(const std::vector<double>& period, const std::vector<double>& value, Index best, Curve* curve);

/// Injects, detrends, searches: one trial.
[[nodiscard]] Task<InjectionTrial> trial_task(Budget& budget, const Plan& plan, Index cell, Index number);

/// The k-th search of the series in disorder.
[[nodiscard]] Task<Best> control_task(Budget& budget, const Plan& plan, Index number);

/// The public functions, with the searches that are there.
[[nodiscard]] Task<CompletenessMap> map_task(Budget& budget, SeriesView series, CompletenessOptions options, CompletenessWatch watch,
                                             Searches searches);
[[nodiscard]] Task<InjectionView> view_task(Budget& budget, SeriesView series, CompletenessOptions options, Injection signal,
                                            Searches searches);

/// Duration of the average transit over the period: of circular orbits, impact uniform in [0, max_impact].
[[nodiscard]] double mean_transit_share(const CompletenessOptions& options, double period);

/// Semi-major axis [stellar radii] of a period [day].
[[nodiscard]] double scaled_axis(const CompletenessOptions& options, double period);

}  // namespace orrery::transit::detail
