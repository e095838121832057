// Direct sums in SIMD lanes: one frequency a lane, all points.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "orrery/period/lomb_scargle_direct.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

#include "orrery/core/trig_inl.hpp"
#include "orrery/period/lomb_scargle_detail.hpp"
#include "orrery/period/solve_inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::period {
namespace HWY_NAMESPACE {
using orrery::HWY_NAMESPACE::sincos_turns;
using orrery::HWY_NAMESPACE::turns_of_product;

template <class D, class V = hn::Vec<D>>
HWY_INLINE V direct_one_harmonic(D d, const detail::WeightedSeries& series, const detail::SolveContext& context, V f, V& condition) {
  V yc = hn::Zero(d), ys = yc, c = yc, s = yc, cc = yc, cs = yc;
  const std::size_t n = series.tau.size();
  for (std::size_t j = 0; j < n; ++j) {
    V sine, cosine;
    sincos_turns(d, turns_of_product(d, f, hn::Set(d, series.tau[j])), sine, cosine);
    const V wy = hn::Set(d, series.weighted_y[j]);
    const V w = hn::Set(d, series.weight[j]);
    yc = hn::MulAdd(wy, cosine, yc);
    ys = hn::MulAdd(wy, sine, ys);
    const V wc = hn::Mul(w, cosine);
    c = hn::Add(c, wc);
    s = hn::MulAdd(w, sine, s);
    cc = hn::MulAdd(wc, cosine, cc);
    cs = hn::MulAdd(wc, sine, cs);
  }
  return power_of_one_harmonic(d, context, yc, ys, c, s, cc, cs, condition);
}

template <class D, class V = hn::Vec<D>>
HWY_INLINE V direct_harmonics(D d, const detail::WeightedSeries& series, const detail::SolveContext& context, V f, V& condition) {
  constexpr int kMax = detail::kMaxHarmonics;
  V sums[2 * (2 * kMax + 1)];
  V ysums[2 * (kMax + 1)];
  const int harmonics = context.harmonics;
  for (V& v : sums) v = hn::Zero(d);
  for (V& v : ysums) v = hn::Zero(d);
  sums[0] = hn::Set(d, 1.0);
  const std::size_t n = series.tau.size();
  for (std::size_t j = 0; j < n; ++j) {
    V s1, c1;
    sincos_turns(d, turns_of_product(d, f, hn::Set(d, series.tau[j])), s1, c1);
    const V wy = hn::Set(d, series.weighted_y[j]);
    const V w = hn::Set(d, series.weight[j]);
    V c = c1, s = s1;
    for (int k = 1; k <= 2 * harmonics; ++k) {
      sums[2 * k] = hn::MulAdd(w, c, sums[2 * k]);
      sums[2 * k + 1] = hn::MulAdd(w, s, sums[2 * k + 1]);
      if (k <= harmonics) {
        ysums[2 * k] = hn::MulAdd(wy, c, ysums[2 * k]);
        ysums[2 * k + 1] = hn::MulAdd(wy, s, ysums[2 * k + 1]);
      }
      const V next = hn::NegMulAdd(s, s1, hn::Mul(c, c1));  // at most 15 steps: error stays below 1e-14
      s = hn::MulAdd(s, c1, hn::Mul(c, s1));
      c = next;
    }
  }
  return power_of_harmonics(d, context, sums, ysums, condition);
}

/// Sums of N rounded terms carry about 1e-16: below this condition (pivot of the normal matrix) the power would lose more than 1e-11.
constexpr double kWeak = 1e-5;
/// Above so many points and columns the orthonormal basis would need more than 256 MB: the sums have to do.
constexpr double kMostCells = 1.6e7;

void direct_power_simd(const detail::WeightedSeries& series, const detail::SolveContext& context, const double* frequency,
                       double* power, std::size_t count) {
  const hn::CappedTag<double, 8> d;
  const std::size_t lanes = hn::Lanes(d);
  const bool basis = context.fit_mean && double(series.tau.size()) * (2 * context.harmonics + 3) < kMostCells;
  double f[8], p[8], weakest[8];
  for (std::size_t i = 0; i < count; i += lanes) {
    const std::size_t some = count - i < lanes ? count - i : lanes;
    for (std::size_t l = 0; l < lanes; ++l) f[l] = frequency[i + (l < some ? l : 0)];
    const auto vf = hn::LoadU(d, f);
    auto condition = vf;
    hn::StoreU(context.harmonics == 1 ? direct_one_harmonic(d, series, context, vf, condition)
                                      : direct_harmonics(d, series, context, vf, condition), d, p);
    hn::StoreU(condition, d, weakest);
    for (std::size_t l = 0; l < some; ++l) {
      power[i + l] = basis && weakest[l] < kWeak ? detail::arnoldi_power(series, context, f[l]) : p[l];
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace orrery::period
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace orrery::period {
HWY_EXPORT(direct_power_simd);

namespace detail {
void direct_power(const WeightedSeries& series, const SolveContext& context, std::span<const double> frequency,
                  std::span<double> power) {
  HWY_DYNAMIC_DISPATCH(direct_power_simd)(series, context, frequency.data(), power.data(), frequency.size());
}
}  // namespace detail
}  // namespace orrery::period
#endif
