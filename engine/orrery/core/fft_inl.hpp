// Batched FFT: one independent signal in each SIMD lane, so that no pass ever shuffles. Element e of the batch lies at
// x + e * 2L: L real parts, then L imaginary parts. In place; X[k] ends at element plan.position[k].
#if defined(ORRERY_CORE_FFT_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_CORE_FFT_INL
#undef ORRERY_CORE_FFT_INL
#else
#define ORRERY_CORE_FFT_INL
#endif

#include "hwy/highway.h"
#include "orrery/core/fft.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class D>
struct LaneComplex {
  hn::Vec<D> re, im;
};

template <class D>
HWY_INLINE LaneComplex<D> load_complex(D d, const double* x) {
  return {hn::Load(d, x), hn::Load(d, x + hn::Lanes(d))};
}
template <class D>
HWY_INLINE void store_complex(D d, double* x, LaneComplex<D> a) {
  hn::Store(a.re, d, x);
  hn::Store(a.im, d, x + hn::Lanes(d));
}
template <class D>
HWY_INLINE LaneComplex<D> plus(LaneComplex<D> a, LaneComplex<D> b) {
  return {hn::Add(a.re, b.re), hn::Add(a.im, b.im)};
}
template <class D>
HWY_INLINE LaneComplex<D> minus(LaneComplex<D> a, LaneComplex<D> b) {
  return {hn::Sub(a.re, b.re), hn::Sub(a.im, b.im)};
}
/// a times the factor at w (re, im), the same in all lanes.
template <class D>
HWY_INLINE LaneComplex<D> turn(D d, LaneComplex<D> a, const double* w) {
  const auto wr = hn::Set(d, w[0]);
  const auto wi = hn::Set(d, w[1]);
  return {hn::NegMulAdd(a.im, wi, hn::Mul(a.re, wr)), hn::MulAdd(a.im, wr, hn::Mul(a.re, wi))};
}

/// Butterflies without factors: a[r] <- sum_s a[s] exp(-2 pi i r s / radix).
template <class D>
HWY_INLINE void butterfly(D, LaneComplex<D> (&a)[2]) {
  const auto t = a[1];
  a[1] = minus<D>(a[0], t);
  a[0] = plus<D>(a[0], t);
}
template <class D>
HWY_INLINE void butterfly(D d, LaneComplex<D> (&a)[3]) {
  const auto half = hn::Set(d, -0.5);
  const auto root = hn::Set(d, 0.86602540378443864676);
  const auto sum = plus<D>(a[1], a[2]);
  const auto difference = minus<D>(a[1], a[2]);
  const LaneComplex<D> middle{hn::MulAdd(sum.re, half, a[0].re), hn::MulAdd(sum.im, half, a[0].im)};
  const auto re = hn::Mul(difference.im, root);
  const auto im = hn::Mul(difference.re, root);
  a[0] = plus<D>(a[0], sum);
  a[1] = {hn::Add(middle.re, re), hn::Sub(middle.im, im)};
  a[2] = {hn::Sub(middle.re, re), hn::Add(middle.im, im)};
}
template <class D>
HWY_INLINE void butterfly(D, LaneComplex<D> (&a)[4]) {
  const auto s02 = plus<D>(a[0], a[2]);
  const auto d02 = minus<D>(a[0], a[2]);
  const auto s13 = plus<D>(a[1], a[3]);
  const auto d13 = minus<D>(a[1], a[3]);
  a[0] = plus<D>(s02, s13);
  a[2] = minus<D>(s02, s13);
  a[1] = {hn::Add(d02.re, d13.im), hn::Sub(d02.im, d13.re)};
  a[3] = {hn::Sub(d02.re, d13.im), hn::Add(d02.im, d13.re)};
}
template <class D>
HWY_INLINE void butterfly(D d, LaneComplex<D> (&a)[5]) {
  const auto c1 = hn::Set(d, 0.30901699437494742410), c2 = hn::Set(d, -0.80901699437494742410);
  const auto s1 = hn::Set(d, 0.95105651629515357212), s2 = hn::Set(d, 0.58778525229247312917);
  const auto p14 = plus<D>(a[1], a[4]), m14 = minus<D>(a[1], a[4]);
  const auto p23 = plus<D>(a[2], a[3]), m23 = minus<D>(a[2], a[3]);
  const LaneComplex<D> e1{hn::MulAdd(c1, p14.re, hn::MulAdd(c2, p23.re, a[0].re)), hn::MulAdd(c1, p14.im, hn::MulAdd(c2, p23.im, a[0].im))};
  const LaneComplex<D> e2{hn::MulAdd(c2, p14.re, hn::MulAdd(c1, p23.re, a[0].re)), hn::MulAdd(c2, p14.im, hn::MulAdd(c1, p23.im, a[0].im))};
  const LaneComplex<D> o1{hn::MulAdd(s1, m14.re, hn::Mul(s2, m23.re)), hn::MulAdd(s1, m14.im, hn::Mul(s2, m23.im))};
  const LaneComplex<D> o2{hn::NegMulAdd(s1, m23.re, hn::Mul(s2, m14.re)), hn::NegMulAdd(s1, m23.im, hn::Mul(s2, m14.im))};
  a[0] = plus<D>(a[0], plus<D>(p14, p23));
  a[1] = {hn::Add(e1.re, o1.im), hn::Sub(e1.im, o1.re)};
  a[4] = {hn::Sub(e1.re, o1.im), hn::Add(e1.im, o1.re)};
  a[2] = {hn::Add(e2.re, o2.im), hn::Sub(e2.im, o2.re)};
  a[3] = {hn::Sub(e2.re, o2.im), hn::Add(e2.im, o2.re)};
}

/// One pass over `blocks` neighbouring blocks of a level; `last` levels (parts of one element) have no factors.
template <int kRadix, class D>
HWY_INLINE void fft_pass(D d, double* x, Index blocks, Index part, const double* factors) {
  const Index stride = 2 * Index(hn::Lanes(d));
  const Index far = part * stride;
  LaneComplex<D> a[kRadix];
  for (Index block = 0; block < blocks; ++block, x += kRadix * far) {
    for (Index j = 0; j < part; ++j) {
      const double* w = factors + 2 * (kRadix - 1) * j;
      double* at = x + j * stride;
      for (int r = 0; r < kRadix; ++r) a[r] = load_complex(d, at + r * far);
      butterfly(d, a);
      store_complex(d, at, a[0]);
      if (part == 1) {
        for (int r = 1; r < kRadix; ++r) store_complex(d, at + r * far, a[r]);
      } else {
        for (int r = 1; r < kRadix; ++r) store_complex(d, at + r * far, turn(d, a[r], w + 2 * (r - 1)));
      }
    }
  }
}

template <class D>
HWY_NOINLINE void fft_level(D d, const FftPlan& plan, const FftLevel& level, double* x, Index blocks) {
  const double* factors = plan.twiddles.data() + level.twiddle;
  const Index part = level.size / level.radix;
  switch (level.radix) {
    case 2: return fft_pass<2>(d, x, blocks, part, factors);
    case 3: return fft_pass<3>(d, x, blocks, part, factors);
    case 4: return fft_pass<4>(d, x, blocks, part, factors);
    default: return fft_pass<5>(d, x, blocks, part, factors);
  }
}

/// Transforms the batch at x. Large blocks are finished one part after the other, so that each part stays in the first cache.
template <class D>
void fft_lanes(D d, const FftPlan& plan, double* x, std::size_t first_level = 0) {
  constexpr Index kCacheBytes = 16384;
  const std::size_t count = plan.levels.size();
  if (first_level >= count) return;
  const FftLevel& level = plan.levels[first_level];
  const Index bytes = level.size * 2 * Index(hn::Lanes(d)) * Index(sizeof(double));
  if (bytes > kCacheBytes) {
    fft_level(d, plan, level, x, 1);
    const Index part = level.size / level.radix;
    for (int r = 0; r < level.radix; ++r) fft_lanes(d, plan, x + r * part * 2 * Index(hn::Lanes(d)), first_level + 1);
    return;
  }
  for (std::size_t l = first_level; l < count; ++l) fft_level(d, plan, plan.levels[l], x, level.size / plan.levels[l].size);
}

}  // namespace HWY_NAMESPACE
}  // namespace orrery
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
