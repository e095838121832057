// Trigonometric sums of many columns of strengths: one frequency a lane, points in blocks, four columns at a time in registers.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "orrery/period/mutual_information_simd.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

#include <algorithm>
#include <cmath>

#include "orrery/core/trig_inl.hpp"
#include "orrery/period/mutual_information_detail.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::period {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using orrery::HWY_NAMESPACE::sincos_turns;
using orrery::HWY_NAMESPACE::turns_of_product;

constexpr std::size_t kBlock = 16;  // points: their waves at some 20 harmonics stay in the first cache

struct InformationWork {
  std::vector<double> wave;  // (K, kBlock, 2, lanes): cosine and sine
  std::vector<double> sum;   // (K, stride, 2, lanes)
};

/// cos(2 pi k f t) and sin of a block of points, k = 1 ... K.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void fill_waves(D d, const double* tau, std::size_t count, std::size_t terms, V f, double* wave) {
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t i = 0; i < count; ++i) {
    V s1, c1;
    sincos_turns(d, turns_of_product(d, f, hn::Set(d, tau[i])), s1, c1);
    V c = c1, s = s1;
    for (std::size_t k = 0; k < terms; ++k) {
      double* to = wave + (k * kBlock + i) * 2 * lanes;
      hn::StoreU(c, d, to);
      hn::StoreU(s, d, to + lanes);
      const V next = hn::NegMulAdd(s, s1, hn::Mul(c, c1));  // a few hundred steps at most: error below 1e-13
      s = hn::MulAdd(s, c1, hn::Mul(c, s1));
      c = next;
    }
  }
}

/// Adds a block of points to four columns of the sums of one term.
template <class D>
HWY_INLINE void add_four(D d, const double* strength, std::size_t stride, const double* wave, std::size_t count, double* sum) {
  const std::size_t lanes = hn::Lanes(d);
  auto c0 = hn::LoadU(d, sum), s0 = hn::LoadU(d, sum + lanes), c1 = hn::LoadU(d, sum + 2 * lanes), s1 = hn::LoadU(d, sum + 3 * lanes);
  auto c2 = hn::LoadU(d, sum + 4 * lanes), s2 = hn::LoadU(d, sum + 5 * lanes), c3 = hn::LoadU(d, sum + 6 * lanes),
       s3 = hn::LoadU(d, sum + 7 * lanes);
  for (std::size_t i = 0; i < count; ++i) {
    const auto c = hn::LoadU(d, wave + i * 2 * lanes), s = hn::LoadU(d, wave + i * 2 * lanes + lanes);
    const double* a = strength + i * stride;
    const auto a0 = hn::Set(d, a[0]), a1 = hn::Set(d, a[1]), a2 = hn::Set(d, a[2]), a3 = hn::Set(d, a[3]);
    c0 = hn::MulAdd(a0, c, c0), s0 = hn::MulAdd(a0, s, s0);
    c1 = hn::MulAdd(a1, c, c1), s1 = hn::MulAdd(a1, s, s1);
    c2 = hn::MulAdd(a2, c, c2), s2 = hn::MulAdd(a2, s, s2);
    c3 = hn::MulAdd(a3, c, c3), s3 = hn::MulAdd(a3, s, s3);
  }
  hn::StoreU(c0, d, sum), hn::StoreU(s0, d, sum + lanes), hn::StoreU(c1, d, sum + 2 * lanes), hn::StoreU(s1, d, sum + 3 * lanes);
  hn::StoreU(c2, d, sum + 4 * lanes), hn::StoreU(s2, d, sum + 5 * lanes), hn::StoreU(c3, d, sum + 6 * lanes);
  hn::StoreU(s3, d, sum + 7 * lanes);
}

/// All sums at the frequencies of the lanes.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void fill_sums(D d, const detail::InformationTable& table, V f, InformationWork& work) {
  const std::size_t lanes = hn::Lanes(d), n = table.tau.size(), terms = table.decay.size(), stride = at(table.stride);
  std::fill(work.sum.begin(), work.sum.end(), 0.0);
  for (std::size_t begin = 0; begin < n; begin += kBlock) {
    const std::size_t count = std::min(kBlock, n - begin);
    fill_waves(d, table.tau.data() + begin, count, terms, f, work.wave.data());
    const double* strength = table.strength.data() + begin * stride;
    for (std::size_t k = 0; k < terms; ++k) {
      const double* wave = work.wave.data() + k * kBlock * 2 * lanes;
      for (std::size_t c = 0; c < at(table.used[k]); c += 4) {
        add_four(d, strength + c, stride, wave, count, work.sum.data() + (k * stride + c) * 2 * lanes);
      }
    }
  }
}

/// The three potentials, times 2 pi N^2, from the sums.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void potentials(D d, const detail::InformationTable& table, const InformationWork& work, V& joint, V& cross, V& phases) {
  const std::size_t lanes = hn::Lanes(d), terms = table.decay.size(), stride = at(table.stride);
  const double n = static_cast<double>(table.tau.size());
  joint = hn::Set(d, table.joint_at_zero);
  cross = hn::Set(d, n * n * table.mean_kernel);
  phases = hn::Set(d, n * n);
  for (std::size_t k = 0; k < terms; ++k) {
    const V twice = hn::Set(d, 2.0 * table.decay[k]);
    const double* sum = work.sum.data() + k * stride * 2 * lanes;
    const V c0 = hn::LoadU(d, sum), s0 = hn::LoadU(d, sum + lanes), c1 = hn::LoadU(d, sum + 2 * lanes), s1 = hn::LoadU(d, sum + 3 * lanes);
    phases = hn::MulAdd(twice, hn::MulAdd(c0, c0, hn::Mul(s0, s0)), phases);
    cross = hn::MulAdd(twice, hn::MulAdd(c0, c1, hn::Mul(s0, s1)), cross);
    V squares = hn::Zero(d);
    for (std::size_t c = 2; c < at(table.used[k]); ++c) {
      const V re = hn::LoadU(d, sum + 2 * c * lanes), im = hn::LoadU(d, sum + (2 * c + 1) * lanes);
      squares = hn::MulAdd(re, re, hn::MulAdd(im, im, squares));
    }
    joint = hn::MulAdd(twice, squares, joint);
  }
}

void information_piece_simd(const detail::InformationTable& table, const TrialFrequencies& frequency, InformationDivergence divergence,
                            Index begin, Index end, double* out) {
  const hn::CappedTag<double, 8> d;
  const auto lanes = Index(hn::Lanes(d));
  InformationWork work;
  work.wave.resize(table.decay.size() * kBlock * 2 * at(lanes));
  work.sum.resize(table.decay.size() * at(table.stride) * 2 * at(lanes));
  const double n = static_cast<double>(table.tau.size()), unit = 1.0 / (6.283185307179586 * n * n);
  double f[8], joint[8], cross[8], phases[8];
  for (Index k = begin; k < end; k += lanes) {
    for (Index l = 0; l < lanes; ++l) f[l] = frequency[std::min(k + l, end - 1)];
    fill_sums(d, table, hn::LoadU(d, f), work);
    hn::Vec<decltype(d)> vj, vc, vm;
    potentials(d, table, work, vj, vc, vm);
    hn::StoreU(vj, d, joint), hn::StoreU(vc, d, cross), hn::StoreU(vm, d, phases);
    for (Index l = 0; l < lanes && k + l < end; ++l) {
      out[k - begin + l] = divergence == InformationDivergence::cauchy_schwarz
                               ? std::log(joint[l] / cross[l] * (phases[l] * table.mean_kernel / cross[l]))
                               : unit * (joint[l] - 2.0 * cross[l] + phases[l] * table.mean_kernel);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace orrery::period
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace orrery::period {
HWY_EXPORT(information_piece_simd);

namespace detail {
void information_piece(const InformationTable& table, const TrialFrequencies& frequency, InformationDivergence divergence, Index begin,
                       Index end, double* out) {
  HWY_DYNAMIC_DISPATCH(information_piece_simd)(table, frequency, divergence, begin, end, out);
}
}  // namespace detail
}  // namespace orrery::period
#endif
