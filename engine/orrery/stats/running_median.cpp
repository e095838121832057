#include "orrery/stats/running_median.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/index.hpp"
#include "orrery/core/text.hpp"

namespace orrery::stats {

std::vector<double> running_median(std::span<const double> t, std::span<const double> y, double window) {
  constexpr const char* kWhere = "running_median";
  if (t.size() != y.size()) fail(ErrorKind::input, kWhere, "expected t and y of one length, got " + std::to_string(t.size()) + " and " + std::to_string(y.size()));
  if (!(window > 0.0)) fail(ErrorKind::input, kWhere, "expected window > 0, got " + number_text(window));
  for (std::size_t i = 0; i < t.size(); ++i) {
    if (!std::isfinite(t[i]) || !std::isfinite(y[i])) fail(ErrorKind::input, kWhere, "expected finite numbers, got others at index " + std::to_string(i));
    if (i > 0 && t[i] < t[i - 1]) fail(ErrorKind::input, kWhere, "expected ascending times, got a smaller one at index " + std::to_string(i));
  }
  std::vector<double> trend(t.size()), near;
  std::size_t begin = 0, end = 0;
  for (std::size_t i = 0; i < t.size(); ++i) {
    while (t[i] - t[begin] > 0.5 * window) ++begin;
    while (end < t.size() && t[end] - t[i] <= 0.5 * window) ++end;
    near.assign(y.begin() + static_cast<std::ptrdiff_t>(begin), y.begin() + static_cast<std::ptrdiff_t>(end));
    const auto middle = near.begin() + static_cast<std::ptrdiff_t>(near.size() / 2);
    std::nth_element(near.begin(), middle, near.end());
    trend[i] = near.size() % 2 == 1 ? *middle : 0.5 * (*middle + *std::max_element(near.begin(), middle));
  }
  return trend;
}

}  // namespace orrery::stats
