// Injection and recovery with the few searches that a page carries.
#include <algorithm>
#include <cmath>

#include "orrery/period/lomb_scargle_fast.hpp"
#include "orrery/transit/box_least_squares.hpp"
#include "orrery/transit/completeness_detail.hpp"

namespace orrery::transit {
namespace detail {
namespace {

Task<Best> brute_boxes(Budget& budget, const Plan& plan, const Columns& c, Curve* curve) {
  const BoxOptions options{.objective = BoxObjective::snr, .oversample = plan.options.oversample, .threads = 1};
  auto search = box_least_squares_task(budget, c.view(), plan.period, plan.durations, options);
  const auto found = co_await std::move(search);
  co_return highest(found.period, found.depth_snr, found.best(), curve);
}

/// Place of the top of a parabola through three powers, in steps from the middle one.
double top_of(double left, double middle, double right) {
  const double bend = left - 2.0 * middle + right;
  return bend < 0.0 ? std::clamp(0.5 * (left - right) / bend, -0.5, 0.5) : 0.0;
}

Task<Best> sinusoids(Budget& budget, const Plan& plan, const Columns& c, Curve* curve) {
  const period::LombScargleOptions options{.harmonics = plan.options.harmonics, .threads = 1};
  const auto power = co_await period::lomb_scargle_fast_task(budget, c.view(), plan.grid, options);
  const double chi2 = period::reference_chi2(c.view(), options);
  const Index k = std::max_element(power.begin(), power.end()) - power.begin();
  double frequency = plan.grid[k];
  if (k > 0 && k + 1 < ssize(power)) frequency += plan.grid.step * top_of(power[at(k - 1)], power[at(k)], power[at(k + 1)]);
  if (curve != nullptr) {
    for (Index j = ssize(power) - 1; j >= 0; --j) {
      curve->period.push_back(1.0 / plan.grid[j]);
      curve->power.push_back(std::sqrt(std::max(0.0, power[at(j)] * chi2)));
    }
  }
  co_return Best{1.0 / frequency, std::sqrt(std::max(0.0, power[at(k)] * chi2))};
}

}  // namespace

Best highest(const std::vector<double>& period, const std::vector<double>& value, Index best, Curve* curve) {
  if (curve != nullptr) *curve = {period, value};
  return best < 0 ? Best{} : Best{period[at(best)], value[at(best)]};
}

const Searches kLightSearches{.boxes = brute_boxes, .sinusoids = sinusoids};

Task<Best> sinusoids_task(Budget& budget, const Plan& plan, const Columns& c, Curve* curve) { return sinusoids(budget, plan, c, curve); }

}  // namespace detail

Task<CompletenessMap> completeness_light_task(Budget& budget, SeriesView series, CompletenessOptions options, CompletenessWatch watch) {
  return detail::map_task(budget, series, std::move(options), std::move(watch), detail::kLightSearches);
}

Task<InjectionView> inject_and_search_light_task(Budget& budget, SeriesView series, CompletenessOptions options, Injection signal) {
  return detail::view_task(budget, series, std::move(options), signal, detail::kLightSearches);
}

}  // namespace orrery::transit
