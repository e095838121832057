// Power from trigonometric sums, one frequency in each SIMD lane. Included by sources that use foreach_target.
#if defined(ORRERY_PERIOD_SOLVE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_PERIOD_SOLVE_INL
#undef ORRERY_PERIOD_SOLVE_INL
#else
#define ORRERY_PERIOD_SOLVE_INL
#endif

#include "hwy/highway.h"
#include "orrery/period/lomb_scargle_detail.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::period {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Below this part of the trace a direction of the normal matrix counts as unseen by the sampling. Sums of N rounded terms
/// carry about 1e-16 * sqrt(N), so what is left of such a direction is noise.
inline constexpr double kUnseen = 1e-13;

/// K = 1. With weights summing to 1 and sums over the points: yc = sum w y cos, ys, c = sum w cos, s, cc = sum w cos^2,
/// cs = sum w cos sin. condition: determinant of the normal matrix, whose trace is at most 1; errors of sums grow as its inverse.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V power_of_one_harmonic(D d, const detail::SolveContext& context, V yc, V ys, V c, V s, V cc, V cs, V& condition) {
  V ss = hn::Sub(hn::Set(d, 1.0), cc);
  if (context.fit_mean) {
    const V y = hn::Set(d, context.weighted_sum);
    yc = hn::NegMulAdd(y, c, yc);
    ys = hn::NegMulAdd(y, s, ys);
    cc = hn::NegMulAdd(c, c, cc);
    ss = hn::NegMulAdd(s, s, ss);
    cs = hn::NegMulAdd(c, s, cs);
  }
  const V trace = hn::Add(cc, ss);
  const V determinant = hn::NegMulAdd(cs, cs, hn::Mul(cc, ss));
  V numerator = hn::Mul(hn::Mul(yc, yc), ss);
  numerator = hn::MulAdd(hn::Mul(ys, ys), cc, numerator);
  numerator = hn::NegMulAdd(hn::Mul(hn::Mul(yc, ys), cs), hn::Set(d, 2.0), numerator);
  // One direction left: b lies along it, and b.b / trace is its power. None left: nothing can be explained.
  const auto seen = hn::Gt(determinant, hn::Mul(hn::Set(d, kUnseen), trace));
  const V single = hn::MulAdd(yc, yc, hn::Mul(ys, ys));
  numerator = hn::IfThenElse(seen, numerator, hn::IfThenElseZero(hn::Gt(trace, hn::Set(d, kUnseen)), single));
  const V denominator = hn::IfThenElse(seen, determinant, hn::Max(trace, hn::Set(d, kUnseen)));
  condition = determinant;
  return hn::Mul(hn::Div(numerator, denominator), hn::Set(d, context.inverse_variance));
}

/// Any K. sums[2k], sums[2k + 1] hold sum w cos(k phi), sum w sin(k phi) for k = 0 ... 2K (cos(0) = sum of weights = 1);
/// ysums the same with w y for k = 0 ... K. LDL^T of the 2K x 2K normal matrix with the constant eliminated first; columns
/// whose pivot falls below kUnseen are left out. condition: smallest pivot (its diagonal element was at most 1).
template <class D, class V = hn::Vec<D>>
HWY_INLINE V power_of_harmonics(D d, const detail::SolveContext& context, const V* sums, const V* ysums, V& condition) {
  constexpr int kMax = 2 * detail::kMaxHarmonics;
  const int n = 2 * context.harmonics;
  V a[kMax * kMax];
  V b[kMax];
  const V half = hn::Set(d, 0.5);
  const V y = hn::Set(d, context.weighted_sum);
  for (int i = 0; i < n; ++i) {  // row 2k - 2: cos(k phi), row 2k - 1: sin(k phi)
    const int ki = i / 2 + 1;
    const bool sin_i = i % 2 != 0;
    b[i] = ysums[2 * ki + (sin_i ? 1 : 0)];
    const V mean_i = sums[2 * ki + (sin_i ? 1 : 0)];
    if (context.fit_mean) b[i] = hn::NegMulAdd(y, mean_i, b[i]);
    for (int j = 0; j <= i; ++j) {
      const int kj = j / 2 + 1;
      const bool sin_j = j % 2 != 0;
      const int plus = 2 * (ki + kj);
      const int minus = 2 * (ki - kj);  // >= 0 because j <= i
      V e;
      if (sin_i == sin_j) {
        const V sum = sums[plus];
        e = sin_i ? hn::Sub(sums[minus], sum) : hn::Add(sums[minus], sum);
      } else {
        e = sin_i ? hn::Add(sums[plus + 1], sums[minus + 1]) : hn::Sub(sums[plus + 1], sums[minus + 1]);
      }
      e = hn::Mul(half, e);
      if (context.fit_mean) e = hn::NegMulAdd(mean_i, sums[2 * kj + (sin_j ? 1 : 0)], e);
      a[i * kMax + j] = e;
    }
  }
  V power = hn::Zero(d);
  condition = hn::Set(d, 1.0);
  const V unseen = hn::Set(d, kUnseen);
  for (int j = 0; j < n; ++j) {
    const V pivot = a[j * kMax + j];
    condition = hn::Min(condition, pivot);
    const V inverse = hn::IfThenElseZero(hn::Gt(pivot, unseen), hn::Div(hn::Set(d, 1.0), pivot));
    const V bj = b[j];
    power = hn::MulAdd(hn::Mul(bj, bj), inverse, power);
    for (int i = j + 1; i < n; ++i) {
      const V l = hn::Mul(a[i * kMax + j], inverse);
      b[i] = hn::NegMulAdd(l, bj, b[i]);
      for (int k = j + 1; k <= i; ++k) a[i * kMax + k] = hn::NegMulAdd(l, a[k * kMax + j], a[i * kMax + k]);
    }
  }
  return hn::Mul(power, hn::Set(d, context.inverse_variance));
}

}  // namespace HWY_NAMESPACE
}  // namespace orrery::period
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
