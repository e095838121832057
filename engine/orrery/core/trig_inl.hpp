// Sine and cosine in SIMD lanes, for Highway's per-target passes: included by sources that use foreach_target.
#if defined(ORRERY_CORE_TRIG_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_CORE_TRIG_INL
#undef ORRERY_CORE_TRIG_INL
#else
#define ORRERY_CORE_TRIG_INL
#endif

#include <cstdint>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace orrery {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// x - nearest integer, in [-1/2, 1/2]; exact for |x| < 2^51.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V reduce_turns(D d, V x) {
  const V magic = hn::Set(d, 6755399441055744.0);  // 1.5 * 2^52: adding it rounds to an integer
  return hn::Sub(x, hn::Sub(hn::Add(x, magic), magic));
}

/// f * t modulo one turn, in [-1/2, 1/2] up to rounding: the low part of the product is kept where the machine has FMA.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V turns_of_product(D d, V f, V t) {
  const V high = hn::Mul(f, t);
  const V low = hn::MulSub(f, t, high);
  return hn::Add(reduce_turns(d, high), low);
}

/// sine = sin(2 pi u) and cosine = cos(2 pi u) for |u| < 2^40; absolute error below 2e-16. Quadrant reduction to |v| <= 1/8,
/// then the minimax polynomials of sin(2 pi v) / v and cos(2 pi v) in v^2.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void sincos_turns(D d, V u, V& sine, V& cosine) {
  const hn::RebindToUnsigned<D> du;
  const V magic = hn::Set(d, 6755399441055744.0);
  const V shifted = hn::Add(hn::Mul(u, hn::Set(d, 4.0)), magic);
  const auto quadrant = hn::BitCast(du, shifted);  // its low bits count quarter turns
  const V v = hn::NegMulAdd(hn::Sub(shifted, magic), hn::Set(d, 0.25), u);
  const V z = hn::Mul(v, v);
  V s = hn::Set(d, 3.7808300639823);
  s = hn::MulAdd(s, z, hn::Set(d, -15.093802537781873));
  s = hn::MulAdd(s, z, hn::Set(d, 42.058684993423846));
  s = hn::MulAdd(s, z, hn::Set(d, -76.70585970407949));
  s = hn::MulAdd(s, z, hn::Set(d, 81.6052492759474));
  s = hn::MulAdd(s, z, hn::Set(d, -41.341702240399634));
  s = hn::MulAdd(s, z, hn::Set(d, 6.283185307179586));
  s = hn::Mul(s, v);
  V c = hn::Set(d, -1.6968320130156793);
  c = hn::MulAdd(c, z, hn::Set(d, 7.903090800771703));
  c = hn::MulAdd(c, z, hn::Set(d, -26.426250891022192));
  c = hn::MulAdd(c, z, hn::Set(d, 60.24464132869532));
  c = hn::MulAdd(c, z, hn::Set(d, -85.45681720652186));
  c = hn::MulAdd(c, z, hn::Set(d, 64.93939402266795));
  c = hn::MulAdd(c, z, hn::Set(d, -19.739208802178716));
  c = hn::MulAdd(c, z, hn::Set(d, 1.0));
  const auto odd = hn::ShiftLeft<63>(quadrant);  // sign bit set in odd quadrants
  const auto sign_of_sine = hn::ShiftLeft<63>(hn::ShiftRight<1>(quadrant));
  const auto swap = hn::MaskFromVec(hn::BitCast(d, hn::BroadcastSignBit(hn::BitCast(hn::RebindToSigned<D>(), odd))));
  sine = hn::Xor(hn::IfThenElse(swap, c, s), hn::BitCast(d, sign_of_sine));
  cosine = hn::Xor(hn::IfThenElse(swap, s, c), hn::BitCast(d, hn::Xor(sign_of_sine, odd)));
}

}  // namespace HWY_NAMESPACE
}  // namespace orrery
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
