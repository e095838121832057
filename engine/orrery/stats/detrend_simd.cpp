// Weighted sums of detrend's M-estimators in SIMD lanes.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "orrery/stats/detrend_simd.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

#include "orrery/stats/detrend_detail.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::stats {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// sum d w and sum w over all values, d = x - m, w = polynomial of 14 coefficients in (d scale)^2, highest first. The lanes are 8
/// sums on every machine and are added in one order, so that all machines give the same bits.
detail::WeightSums polynomial_sums(const double* values, std::size_t count, double center, double scale, const double* coefficient) {
  double distance[8] = {}, weight[8] = {};
  const hn::CappedTag<double, 8> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto m = hn::Set(d, center), k = hn::Set(d, scale);
  const std::size_t whole = count / 8 * 8;
  for (std::size_t part = 0; part < 8; part += lanes) {
    auto sum = hn::Zero(d), total = hn::Zero(d);
    for (std::size_t i = part; i < whole; i += 8) {
      const auto away = hn::Sub(hn::LoadU(d, values + i), m);
      const auto u = hn::Mul(away, k);
      const auto z = hn::Mul(u, u);
      auto w = hn::Set(d, coefficient[0]);
      for (int j = 1; j < 14; ++j) w = hn::Add(hn::Mul(w, z), hn::Set(d, coefficient[j]));
      sum = hn::Add(sum, hn::Mul(away, w));
      total = hn::Add(total, w);
    }
    hn::StoreU(sum, d, distance + part);
    hn::StoreU(total, d, weight + part);
  }
  for (std::size_t i = whole; i < count; ++i) {
    const double away = values[i] - center, z = (away * scale) * (away * scale);
    double w = coefficient[0];
    for (int j = 1; j < 14; ++j) w = w * z + coefficient[j];
    distance[i - whole] += away * w;
    weight[i - whole] += w;
  }
  detail::WeightSums sums{0.0, 0.0};
  for (int l = 0; l < 8; ++l) {
    sums.distance += distance[l];
    sums.weight += weight[l];
  }
  return sums;
}

}  // namespace HWY_NAMESPACE
}  // namespace orrery::stats
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <algorithm>
#include <array>
#include <numbers>

namespace orrery::stats {
HWY_EXPORT(polynomial_sums);

namespace detail {
namespace {

/// Taylor coefficients in u^2, highest first: what is left off is below 1e-15 within the cut.
std::array<double, 14> coefficients(bool sine) {
  std::array<double, 14> c{};
  double term = 1.0;
  for (int k = 0; k < 14; ++k) {
    c[at(13 - k)] = term;
    term *= sine ? -1.0 / ((2.0 * k + 2.0) * (2.0 * k + 3.0)) : -0.5 / (k + 1.0);
  }
  return c;
}

}  // namespace

WeightSums weight_sums(std::span<const double> values, double center, double scale, bool sine) {
  static const std::array<double, 14> kSine = coefficients(true), kGauss = coefficients(false);
  const double reach = (sine ? std::numbers::pi : 1.0) / scale;
  const auto first = std::upper_bound(values.begin(), values.end(), center - reach);
  const auto last = std::lower_bound(first, values.end(), center + reach);
  return HWY_DYNAMIC_DISPATCH(polynomial_sums)(values.data() + (first - values.begin()), at(last - first), center, scale,
                                               (sine ? kSine : kGauss).data());
}

}  // namespace detail
}  // namespace orrery::stats
#endif
