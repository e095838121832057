#include "orrery/stats/robust.hpp"

#include <algorithm>
#include <cmath>

#include "orrery/stats/check_detail.hpp"
#include "orrery/stats/moments.hpp"

namespace orrery::stats {
namespace {

/// Quantile of values that may be reordered.
double select_quantile(std::vector<double>& values, double p) {
  const double h = p * static_cast<double>(ssize(values) - 1);
  const auto low = static_cast<Index>(h);
  const auto middle = values.begin() + low;
  std::nth_element(values.begin(), middle, values.end());
  const double below = *middle;
  const double part = h - static_cast<double>(low);
  if (part == 0.0) return below;
  const double above = *std::min_element(middle + 1, values.end());
  return below + part * (above - below);
}

double select_mad(std::vector<double>& work, double center) {
  for (double& v : work) v = std::fabs(v - center);
  return select_quantile(work, 0.5);
}

double select_sigma_g(std::vector<double>& work) {
  const double low = select_quantile(work, 0.25);
  return kQuartilesToSigma * (select_quantile(work, 0.75) - low);
}

std::vector<double> copy(std::span<const double> values) { return {values.begin(), values.end()}; }

/// Median and tuning * MAD, the centre and the unit of the biweights.
struct BiweightUnit {
  double center, unit;
};
BiweightUnit biweight_unit(std::span<const double> values, double tuning, const char* where) {
  detail::require_finite(values, 1, where);
  if (!(tuning > 0.0)) fail(ErrorKind::input, where, "expected tuning > 0, got " + number_text(tuning));
  auto work = copy(values);
  const double center = select_quantile(work, 0.5);
  return {center, tuning * select_mad(work, center)};
}

}  // namespace

double quantile(std::span<const double> values, double p) {
  detail::require_finite(values, 1, "quantile");
  detail::require_within(p, 0.0, 1.0, "quantile", "p");
  auto work = copy(values);
  return select_quantile(work, p);
}

double sorted_quantile(std::span<const double> ascending, double p) {
  if (ascending.empty()) fail(ErrorKind::input, "sorted_quantile", "expected at least 1 value, got 0");
  detail::require_within(p, 0.0, 1.0, "sorted_quantile", "p");
  const double h = p * static_cast<double>(ssize(ascending) - 1);
  const auto low = static_cast<std::size_t>(h);
  const double part = h - static_cast<double>(low);
  return part == 0.0 ? ascending[low] : ascending[low] + part * (ascending[low + 1] - ascending[low]);
}

std::vector<double> quantiles(std::span<const double> values, std::span<const double> p) {
  detail::require_finite(values, 1, "quantiles");
  auto sorted = copy(values);
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> result;
  for (const double one : p) result.push_back(sorted_quantile(sorted, one));
  return result;
}

double median(std::span<const double> values) {
  detail::require_finite(values, 1, "median");
  auto work = copy(values);
  return select_quantile(work, 0.5);
}

double median_absolute_deviation(std::span<const double> values) {
  detail::require_finite(values, 1, "median_absolute_deviation");
  auto work = copy(values);
  const double center = select_quantile(work, 0.5);
  return select_mad(work, center);
}

double sigma_g(std::span<const double> values) {
  detail::require_finite(values, 1, "sigma_g");
  auto work = copy(values);
  return select_sigma_g(work);
}

double biweight_location(std::span<const double> values, double tuning) {
  const auto [center, unit] = biweight_unit(values, tuning, "biweight_location");
  if (unit == 0.0) return center;
  double sum = 0.0, weight = 0.0;
  for (const double v : values) {
    const double u = (v - center) / unit;
    if (std::fabs(u) >= 1.0) continue;
    const double w = (1.0 - u * u) * (1.0 - u * u);
    sum += w * (v - center);
    weight += w;
  }
  return center + sum / weight;
}

double biweight_scale(std::span<const double> values, double tuning) {
  const auto [center, unit] = biweight_unit(values, tuning, "biweight_scale");
  if (unit == 0.0) return 0.0;
  double above = 0.0, below = 0.0;
  for (const double v : values) {
    const double u = (v - center) / unit;
    if (std::fabs(u) >= 1.0) continue;
    const double inside = 1.0 - u * u;
    above += u * u * inside * inside * inside * inside;
    below += inside * (1.0 - 5.0 * u * u);
  }
  return unit * std::sqrt(static_cast<double>(values.size()) * above) / std::fabs(below);
}

ClipResult sigma_clip(std::span<const double> values, const ClipOptions& options) {
  detail::require_finite(values, 1, "sigma_clip");
  if (!(options.kappa > 0.0)) fail(ErrorKind::input, "sigma_clip", "expected kappa > 0, got " + number_text(options.kappa));
  if (options.max_iterations < 1) fail(ErrorKind::input, "sigma_clip", "expected max_iterations >= 1, got " + std::to_string(options.max_iterations));
  ClipResult result{.keep = std::vector<std::uint8_t>(values.size(), 1), .kept = ssize(values)};
  const auto measure = [&] {
    std::vector<double> work;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (result.keep[i]) work.push_back(values[i]);
    }
    result.center = options.center == ClipCenter::mean ? mean(work) : median(work);
    switch (options.scale) {
      case ClipScale::sigma_g: result.scale = select_sigma_g(work); break;
      case ClipScale::mad: result.scale = kMadToSigma * median_absolute_deviation(work); break;
      case ClipScale::standard_deviation: result.scale = standard_deviation(work); break;
    }
  };
  measure();
  while (result.iterations < options.max_iterations && !result.converged) {
    ++result.iterations;
    const Index before = result.kept;
    if (result.scale > 0.0) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (!result.keep[i] || std::fabs(values[i] - result.center) <= options.kappa * result.scale) continue;
        result.keep[i] = 0;
        --result.kept;
      }
    }
    result.converged = result.kept == before;
    if (!result.converged) measure();
  }
  return result;
}

}  // namespace orrery::stats
