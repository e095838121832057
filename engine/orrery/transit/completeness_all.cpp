// Injection and recovery with every search.
#include <algorithm>
#include <cmath>

#include "orrery/transit/completeness_detail.hpp"
#include "orrery/transit/transit_least_squares.hpp"

namespace orrery::transit {
namespace detail {
namespace {

Task<Best> boxes(Budget& budget, const Plan& plan, const Columns& c, Curve* curve) {
  const auto& o = plan.options;
  BoxSearchOptions options{.method = plan.box, .objective = BoxObjective::snr, .oversample = o.oversample, .threads = 1};
  if (plan.box == BoxMethod::folding) {
    options.min_period = plan.low;
    options.max_period = plan.high;
  } else {
    options.period = plan.period;
  }
  auto search = box_search_task(budget, c.view(), plan.durations, std::move(options));
  const auto found = co_await std::move(search);
  co_return highest(found.boxes.period, found.boxes.depth_snr, found.boxes.best(), curve);
}

Task<Best> transits(Budget& budget, const Plan& plan, const Columns& c, Curve* curve) {
  const auto& o = plan.options;
  const TransitOptions options{.shape = {.limb = o.limb}, .exposure = plan.exposure,
                               .oversampling = o.oversampling > 0.0 ? o.oversampling : 3.0, .threads = 1};
  const auto found = co_await transit_least_squares_task(budget, c.view(), plan.period, options);
  std::vector<double> snr;
  for (const double chi2 : found.chi2) snr.push_back(std::sqrt(std::max(0.0, found.chi2_flat - chi2)));
  co_return highest(found.period, snr, found.best(), curve);
}

/// What the work on the series itself asks for.
Task<BoxMethod> choose(Budget& budget, const Plan& plan) {
  const BoxSearchOptions options{.min_period = plan.low, .max_period = plan.high, .objective = BoxObjective::snr,
                                 .oversample = plan.options.oversample, .threads = 1};
  auto search = box_search_task(budget, plan.flat.view(), plan.durations, options);
  const auto found = co_await std::move(search);
  co_return found.method;
}

}  // namespace

const Searches kAllSearches{.boxes = boxes, .transits = transits, .sinusoids = sinusoids_task, .choose = choose};

}  // namespace detail

Task<CompletenessMap> completeness_task(Budget& budget, SeriesView series, CompletenessOptions options, CompletenessWatch watch) {
  return detail::map_task(budget, series, std::move(options), std::move(watch), detail::kAllSearches);
}

CompletenessMap completeness(const SeriesView& series, const CompletenessOptions& options) {
  return run_to_end([&](Budget& budget) { return completeness_task(budget, series, options); });
}

Task<InjectionView> inject_and_search_task(Budget& budget, SeriesView series, CompletenessOptions options, Injection signal) {
  return detail::view_task(budget, series, std::move(options), signal, detail::kAllSearches);
}

}  // namespace orrery::transit
