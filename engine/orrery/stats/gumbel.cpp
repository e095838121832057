#include "orrery/stats/gumbel.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/index.hpp"
#include "orrery/core/text.hpp"

namespace orrery::stats {
namespace {

/// mean(x) - s - sum x e^{-x/s} / sum e^{-x/s}, x measured from the smallest: falls through zero at the best scale.
double scale_equation(std::span<const double> x, double lowest, double mean, double s) {
  double sum = 0.0, weighted = 0.0;
  for (const double v : x) {
    const double e = std::exp(-(v - lowest) / s);
    sum += e;
    weighted += (v - lowest) * e;
  }
  return (mean - lowest) - s - weighted / sum;
}

}  // namespace

double gumbel_log_survival(const Gumbel& law, double x) {
  const double rate = std::exp(-(x - law.location) / law.scale);  // mean number above x
  if (rate < 1e-12) return -(x - law.location) / law.scale;
  return std::log(-std::expm1(-rate));
}

double gumbel_quantile(const Gumbel& law, double probability) {
  if (!(probability > 0.0 && probability < 1.0)) {
    fail(ErrorKind::input, "gumbel_quantile", "expected a probability between 0 and 1, got " + number_text(probability));
  }
  return law.location - law.scale * std::log(-std::log1p(-probability));
}

double GumbelFit::log_survival_error(double x) const {
  const double z = (x - law.location) / law.scale, rate = std::exp(-z);
  // d ln P / d ln rate = rate e^-rate / (1 - e^-rate), which is 1 in the tail; d ln rate = d location / scale + z d scale / scale.
  const double slope = rate < 1e-12 ? 1.0 : rate * std::exp(-rate) / -std::expm1(-rate);
  const double variance = location_variance + z * z * scale_variance + 2.0 * z * covariance;
  return slope * std::sqrt(std::max(variance, 0.0)) / law.scale;
}

GumbelFit fit_gumbel(std::span<const double> x) {
  if (x.size() < 2) fail(ErrorKind::input, "fit_gumbel", "expected at least 2 values, got " + std::to_string(x.size()));
  double mean = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!std::isfinite(x[i])) fail(ErrorKind::input, "fit_gumbel", "expected finite values, got " + number_text(x[i]) + " at index " + std::to_string(i));
    mean += x[i] / double(x.size());
  }
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  if (!(*high > *low)) fail(ErrorKind::input, "fit_gumbel", "expected values that are not all equal");
  double left = 1e-3 * (*high - *low) / double(x.size()), right = *high - *low;
  for (int i = 0; i < 200 && right - left > 1e-14 * right; ++i) {
    const double middle = 0.5 * (left + right);
    (scale_equation(x, *low, mean, middle) > 0.0 ? left : right) = middle;
  }
  GumbelFit fit;
  fit.law.scale = 0.5 * (left + right);
  double sum = 0.0;
  for (const double v : x) sum += std::exp(-(v - *low) / fit.law.scale) / double(x.size());
  fit.law.location = *low - fit.law.scale * std::log(sum);
  // Inverse of the Fisher information of one value, with g Euler's constant: scale^2 6/pi^2 [[pi^2/6 + (1-g)^2, 1-g], [1-g, 1]].
  constexpr double kEuler = 0.57721566490153286, kSixth = 6.0 / (3.14159265358979324 * 3.14159265358979324);
  const double unit = fit.law.scale * fit.law.scale / double(x.size());
  fit.location_variance = unit * (1.0 + kSixth * (1.0 - kEuler) * (1.0 - kEuler));
  fit.scale_variance = unit * kSixth;
  fit.covariance = unit * kSixth * (1.0 - kEuler);
  return fit;
}

}  // namespace orrery::stats
