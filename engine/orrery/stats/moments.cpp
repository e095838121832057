#include "orrery/stats/moments.hpp"

#include <algorithm>
#include <cmath>

#include "orrery/stats/check_detail.hpp"

namespace orrery::stats {
namespace {

/// Mean by two passes: the second adds what rounding lost in the first.
double two_pass_mean(std::span<const double> values) {
  const double n = static_cast<double>(values.size());
  double sum = 0.0;
  for (const double v : values) sum += v / n;  // divided first: the sum cannot overflow
  double rest = 0.0;
  for (const double v : values) rest += v - sum;
  return sum + rest / n;
}

}  // namespace

double Moments::mean_error() const { return count > 0 ? sigma / std::sqrt(static_cast<double>(count)) : 0.0; }

Moments moments(std::span<const double> values) {
  detail::require_finite(values, 1, "moments");
  Moments m{.count = ssize(values), .mean = two_pass_mean(values)};
  // Deviations in units of the largest one: no power over- or underflows.
  double scale = 0.0;
  for (const double v : values) scale = std::max(scale, std::fabs(v - m.mean));
  if (scale == 0.0) return m;
  double s1 = 0.0, s2 = 0.0, s3 = 0.0, s4 = 0.0;
  for (const double v : values) {
    const double d = (v - m.mean) / scale;
    const double d2 = d * d;
    s1 += d;
    s2 += d2;
    s3 += d2 * d;
    s4 += d2 * d2;
  }
  const double n = static_cast<double>(m.count);
  s2 -= s1 * s1 / n;
  m.sigma = scale * std::sqrt(s2 / (n - 1.0));
  m.variance = m.sigma * m.sigma;
  const double m2 = s2 / n;
  m.skewness = s3 / n / std::pow(m2, 1.5);
  m.kurtosis = s4 / n / (m2 * m2) - 3.0;
  return m;
}

double mean(std::span<const double> values) {
  detail::require_finite(values, 1, "mean");
  return two_pass_mean(values);
}

double standard_deviation(std::span<const double> values) {
  detail::require_finite(values, 1, "standard_deviation");
  if (values.size() == 1) return 0.0;
  const double m = two_pass_mean(values);
  double s1 = 0.0, s2 = 0.0;
  for (const double v : values) {
    const double d = v - m;
    s1 += d;
    s2 += d * d;
  }
  const double n = static_cast<double>(values.size());
  return std::sqrt(std::max(0.0, (s2 - s1 * s1 / n) / (n - 1.0)));
}

WeightedMean weighted_mean(std::span<const double> values, std::span<const double> sigma) {
  if (values.size() != sigma.size()) {
    fail(ErrorKind::input, "weighted_mean",
         "expected one error a value, got " + std::to_string(values.size()) + " values and " + std::to_string(sigma.size()) + " errors");
  }
  detail::require_finite(values, 1, "weighted_mean");
  detail::require_finite(sigma, 1, "weighted_mean");
  const auto bad = std::find_if(sigma.begin(), sigma.end(), [](double s) { return !(s > 0.0); });
  if (bad != sigma.end()) {
    fail(ErrorKind::input, "weighted_mean", "expected errors > 0, got " + number_text(*bad) + " at index " + std::to_string(bad - sigma.begin()));
  }
  double weight = 0.0, sum = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double w = 1.0 / (sigma[i] * sigma[i]);
    weight += w;
    sum += w * (values[i] - values[0]);  // relative to the first: an offset loses no digits
  }
  WeightedMean result{.mean = values[0] + sum / weight, .error = 1.0 / std::sqrt(weight), .dof = ssize(values) - 1};
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double d = (values[i] - result.mean) / sigma[i];
    result.chi2 += d * d;
  }
  return result;
}

}  // namespace orrery::stats
