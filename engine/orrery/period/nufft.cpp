// The inner loops of the blocked non-uniform transform, in SIMD lanes.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "orrery/period/nufft.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

#include <algorithm>
#include <cmath>

#include "orrery/core/fft_inl.hpp"
#include "orrery/core/trig_inl.hpp"
#include "orrery/period/nufft_detail.hpp"
#include "orrery/period/nufft_sink_inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::period {
namespace HWY_NAMESPACE {
using orrery::HWY_NAMESPACE::fft_lanes;
using orrery::HWY_NAMESPACE::reduce_turns;
using orrery::HWY_NAMESPACE::sincos_turns;
using Quad = hn::CappedTag<double, 4>;  // cos, sin of two windows: one vector, or two on 128-bit machines

Index lane_count() { return Index(hn::Lanes(Lanes())); }

void roots(double* out, Index count, double turns_each) {
  const Lanes d;
  const Index lanes = Index(hn::Lanes(d));
  double number[8], c[8], s[8];
  for (Index i = 0; i < count; i += lanes) {
    for (Index l = 0; l < lanes; ++l) number[l] = double(i + l);
    hn::Vec<Lanes> sine, cosine;
    sincos_turns(d, hn::Mul(hn::LoadU(d, number), hn::Set(d, turns_each)), sine, cosine);
    hn::StoreU(cosine, d, c);
    hn::StoreU(hn::Neg(sine), d, s);
    for (Index l = 0; l < lanes && i + l < count; ++l) out[2 * (i + l)] = c[l], out[2 * (i + l) + 1] = s[l];
  }
}

/// The kernel's taps of all points; kVectors of them side by side hide the latency of the polynomials.
template <int kVectors>
HWY_INLINE void fill_taps(const detail::NufftPlan& plan, const detail::NufftKernel& kernel, const double* cell,
                          detail::NufftTransform& transform) {
  const Quad d;
  const Index lanes = Index(hn::Lanes(d));
  const Index points = plan.points, width = kernel.width, stride = kernel.stride();
  const double big = double(plan.shape.big());
  for (Index j = 0; j < points; ++j) {
    double p = cell[j];
    if (transform.wraps) p -= big * std::floor(p / big);
    const double left = p - 0.5 * double(width);
    const double first = std::ceil(left);
    transform.start[at(j)] = static_cast<std::int32_t>(first < 0.0 ? first + big : first);
    const auto v = hn::Set(d, 2.0 * (first - left) - 1.0);
    const double* c = kernel.coefficients.data();
    hn::Vec<Quad> value[kVectors];
    for (int i = 0; i < kVectors; ++i) value[i] = hn::Load(d, c + i * lanes);
    for (int k = 1; k < kernel.terms; ++k) {
      c += stride;
      for (int i = 0; i < kVectors; ++i) value[i] = hn::MulAdd(value[i], v, hn::Load(d, c + i * lanes));
    }
    for (int i = 0; i < kVectors; ++i) hn::StoreU(value[i], d, transform.taps.data() + j * width + i * lanes);
  }
}

void fill_transform(const detail::NufftPlan& plan, const detail::NufftKernel& kernel, const double* cell,
                    detail::NufftTransform& transform) {
  transform.start.resize(at(plan.points));
  transform.taps.resize(plan.points * kernel.width + 4);  // the last store may reach beyond the last tap
  constexpr int kEach = 4 / int(hn::MaxLanes(Quad()));
  if (kernel.stride() <= 12) {
    fill_taps<3 * kEach>(plan, kernel, cell, transform);
  } else {
    fill_taps<4 * kEach>(plan, kernel, cell, transform);
  }
}

/// Adds points [begin, end) to a grid whose cells hold kColumns quads. turned: cos, sin, cos, sin of each point's phase in the
/// two windows.
template <int kColumns>
HWY_INLINE void spread(const detail::NufftPlan& plan, const std::vector<std::vector<double>>& strengths,
                       const detail::NufftTransform& transform, const double* turned, double* grid, Index begin, Index end) {
  const Quad d;
  using V = hn::Vec<Quad>;
  constexpr int kVectors = 4 / int(hn::MaxLanes(Quad()));
  constexpr int kAll = kColumns * kVectors;
  const Index lanes = Index(hn::Lanes(d));
  const int width = plan.shape.width;
  const double* columns[kColumns];
  for (int c = 0; c < kColumns; ++c) columns[c] = strengths[at(transform.columns[at(c)])].data();
  for (Index j = begin; j < end; ++j, turned += 4) {
    V value[kAll];
    for (int c = 0; c < kColumns; ++c) {
      const auto scale = hn::Set(d, columns[c][j]);
      for (int v = 0; v < kVectors; ++v) value[c * kVectors + v] = hn::Mul(scale, hn::Load(d, turned + v * lanes));
    }
    double* to = grid + Index(transform.start[at(j)]) * 4 * kColumns;
    const double* taps = transform.taps.data() + j * width;
    for (int t = 0; t < width; ++t) {
      const auto tap = hn::Set(d, taps[t]);
      for (int i = 0; i < kAll; ++i, to += lanes) hn::Store(hn::MulAdd(tap, value[i], hn::Load(d, to)), d, to);
    }
  }
}

/// cos and -sin of each point's phase at the centres of two windows, for multiple 1.
void centre_phases(const detail::NufftPlan& plan, Index pair, Index begin, Index count, double* c1, double* s1, double* c2, double* s2) {
  const Lanes d;
  const Index lanes = Index(hn::Lanes(d));
  const double middle = double(2 * pair * plan.shape.modes() + plan.shape.modes() / 2);
  const auto first = hn::Set(d, middle);
  const auto second = hn::Set(d, middle + double(plan.shape.modes()));
  for (Index i = 0; i < count; i += lanes) {
    const auto high = hn::LoadU(d, plan.turn_high.data() + begin + i);
    const auto low = hn::LoadU(d, plan.turn_low.data() + begin + i);
    const auto phase = hn::LoadU(d, plan.phase.data() + begin + i);
    hn::Vec<Lanes> sine, cosine;
    sincos_turns(d, hn::MulAdd(first, low, hn::Add(reduce_turns(d, hn::Mul(first, high)), phase)), sine, cosine);
    hn::Store(cosine, d, c1 + i);
    hn::Store(hn::Neg(sine), d, s1 + i);
    sincos_turns(d, hn::MulAdd(second, low, hn::Add(reduce_turns(d, hn::Mul(second, high)), phase)), sine, cosine);
    hn::Store(cosine, d, c2 + i);
    hn::Store(hn::Neg(sine), d, s2 + i);
  }
}

/// (c, s) <- (c, s) times (c1, s1) as complex numbers.
HWY_INLINE void advance(const double* c1, const double* s1, double* c, double* s, Index count) {
  const Lanes d;
  for (Index i = 0; i < count; i += Index(hn::Lanes(d))) {
    const auto a = hn::Load(d, c + i), b = hn::Load(d, s + i), x = hn::Load(d, c1 + i), y = hn::Load(d, s1 + i);
    hn::Store(hn::NegMulAdd(b, y, hn::Mul(a, x)), d, c + i);
    hn::Store(hn::MulAdd(b, x, hn::Mul(a, y)), d, s + i);
  }
}

void spread_points(const detail::NufftPlan& plan, detail::NufftWorkspace& work, Index pair, Index from, Index to) {
  constexpr Index kBlock = 128;
  HWY_ALIGN double base[4][kBlock];
  HWY_ALIGN double now[4][kBlock];
  HWY_ALIGN double turned[4 * kBlock];
  const Lanes d;
  const Index lanes = Index(hn::Lanes(d));
  const auto& strengths = work.columns.empty() ? plan.columns : work.columns;
  for (Index begin = from; begin < to; begin += kBlock) {
    const Index end = std::min(begin + kBlock, to);
    centre_phases(plan, pair, begin, end - begin, base[0], base[1], base[2], base[3]);
    for (int i = 0; i < 4; ++i) std::copy(base[i], base[i] + kBlock, now[i]);
    int multiple = 1;
    for (std::size_t k = 0; k < plan.transforms.size(); ++k) {
      const auto& transform = plan.transforms[k];
      for (; multiple < transform.multiple; ++multiple) {
        advance(base[0], base[1], now[0], now[1], end - begin);
        advance(base[2], base[3], now[2], now[3], end - begin);
      }
      for (Index i = 0; i < end - begin; i += lanes) {
        hn::StoreInterleaved4(hn::Load(d, now[0] + i), hn::Load(d, now[1] + i), hn::Load(d, now[2] + i), hn::Load(d, now[3] + i), d,
                              turned + 4 * i);
      }
      double* grid = work.grids[k].data();
      switch (transform.columns.size()) {
        case 1: spread<1>(plan, strengths, transform, turned, grid, begin, end); break;
        case 2: spread<2>(plan, strengths, transform, turned, grid, begin, end); break;
        default: spread<4>(plan, strengths, transform, turned, grid, begin, end); break;
      }
    }
  }
}

/// Factors exp(-2 pi i (g L + l) j / big) of all lanes l: those of the group before times exp(-2 pi i L j / big).
void next_twist(const detail::NufftPlan& plan, detail::NufftWorkspace& work, Index group) {
  const Lanes d;
  const Index lanes = Index(hn::Lanes(d));
  const Index small = plan.shape.small;
  if (group == 0) {
    work.twist.resize(2 * lanes * small);
    std::copy(plan.tables->lane_twist.data(), plan.tables->lane_twist.data() + 2 * lanes * small, work.twist.data());
    return;
  }
  double* twist = work.twist.data();
  const double* step = plan.tables->group_twist.data();
  for (Index j = 0; j < small; ++j, twist += 2 * lanes, step += 2) {
    const auto re = hn::Load(d, twist), im = hn::Load(d, twist + lanes), c = hn::Set(d, step[0]), s = hn::Set(d, step[1]);
    hn::Store(hn::NegMulAdd(im, s, hn::Mul(re, c)), d, twist);
    hn::Store(hn::MulAdd(im, c, hn::Mul(re, s)), d, twist + lanes);
  }
}

/// Residue lanes of group g from kCount complex columns side by side in a grid: out[j] = T(j) sum_p x[j + p n] E(p). Column i goes
/// to out + i * column_size.
template <int kCount>
HWY_INLINE void twist_columns(const detail::NufftPlan& plan, const detail::NufftTransform& transform, const double* grid,
                              const double* twist, Index group, double* out) {
  const Lanes d;
  using V = hn::Vec<Lanes>;
  const Index lanes = Index(hn::Lanes(d));
  const Index small = plan.shape.small;
  const Index column_size = 2 * lanes * small;
  const Index cells = std::min(transform.cells, plan.shape.big());
  const double* segment_twist = plan.segment_twist.data() + group * plan.max_segments * 2 * lanes;
  const Index filled = std::min(cells, small);
  for (Index j = 0; j < filled; ++j, out += 2 * lanes, twist += 2 * lanes) {
    V re[kCount], im[kCount];
    const double* x = grid + 2 * kCount * j;
    for (int i = 0; i < kCount; ++i) re[i] = hn::Set(d, x[2 * i]), im[i] = hn::Set(d, x[2 * i + 1]);
    const double* e = segment_twist;
    for (Index cell = j + small; cell < cells; cell += small) {
      e += 2 * lanes;
      x += 2 * kCount * small;
      const V er = hn::Load(d, e), ei = hn::Load(d, e + lanes);
      for (int i = 0; i < kCount; ++i) {
        const V ar = hn::Set(d, x[2 * i]), ai = hn::Set(d, x[2 * i + 1]);
        re[i] = hn::NegMulAdd(ai, ei, hn::MulAdd(ar, er, re[i]));
        im[i] = hn::MulAdd(ai, er, hn::MulAdd(ar, ei, im[i]));
      }
    }
    const V tr = hn::Load(d, twist), ti = hn::Load(d, twist + lanes);
    for (int i = 0; i < kCount; ++i) {
      hn::Store(hn::NegMulAdd(im[i], ti, hn::Mul(re[i], tr)), d, out + i * column_size);
      hn::Store(hn::MulAdd(im[i], tr, hn::Mul(re[i], ti)), d, out + i * column_size + lanes);
    }
  }
  for (int i = 0; i < kCount; ++i) std::fill(out + i * column_size, out + i * column_size + 2 * lanes * (small - filled), 0.0);
}

void finish(const detail::NufftPlan& plan, detail::NufftWorkspace& work, Index pair, Index group, const detail::NufftSink& sink) {
  const Lanes d;
  const Index column_size = 2 * Index(hn::Lanes(d)) * plan.shape.small;
  next_twist(plan, work, group);
  double* to = work.batch.data();
  for (std::size_t k = 0; k < plan.transforms.size(); ++k) {
    const auto& transform = plan.transforms[k];
    const double* grid = work.grids[k].data();
    const Index columns = 2 * ssize(transform.columns);  // of two windows
    switch (columns) {
      case 2: twist_columns<2>(plan, transform, grid, work.twist.data(), group, to); break;
      case 4: twist_columns<4>(plan, transform, grid, work.twist.data(), group, to); break;
      default: twist_columns<8>(plan, transform, grid, work.twist.data(), group, to); break;
    }
    for (Index i = 0; i < columns; ++i, to += column_size) fft_lanes(d, plan.tables->fft, to);
  }
  for (int half = 0; half < 2; ++half) {
    const auto range = detail::window_range(plan, 2 * pair + half);
    if (range.begin < range.end) emit_all(plan, work, group, half, range, sink);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace orrery::period
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace orrery::period {
HWY_EXPORT(lane_count);
HWY_EXPORT(roots);
HWY_EXPORT(fill_transform);
HWY_EXPORT(spread_points);
HWY_EXPORT(finish);

namespace detail {

Index nufft_lanes() { return HWY_DYNAMIC_DISPATCH(lane_count)(); }
void nufft_roots(double* out, Index count, double turns_each) { HWY_DYNAMIC_DISPATCH(roots)(out, count, turns_each); }
void nufft_fill_transform(const NufftPlan& plan, const NufftKernel& kernel, std::span<const double> cell, NufftTransform& transform) {
  HWY_DYNAMIC_DISPATCH(fill_transform)(plan, kernel, cell.data(), transform);
}

void nufft_spread(const NufftPlan& plan, NufftWorkspace& work, Index pair, Index begin, Index end) {
  if (begin == 0) {
    work.grids.resize(plan.transforms.size());
    for (std::size_t k = 0; k < plan.transforms.size(); ++k) {
      const auto& transform = plan.transforms[k];
      work.grids[k].resize(transform.cells * 4 * ssize(transform.columns));
      work.grids[k].fill_zero();
    }
    work.batch.resize(2 * plan.total_columns * 2 * plan.shape.lanes * plan.shape.small);
  }
  HWY_DYNAMIC_DISPATCH(spread_points)(plan, work, pair, begin, end);
  if (end < plan.points) return;
  for (std::size_t k = 0; k < plan.transforms.size(); ++k) {
    const auto& transform = plan.transforms[k];
    if (!transform.wraps) continue;
    const Index quads = 4 * ssize(transform.columns);
    double* grid = work.grids[k].data();
    for (Index i = plan.shape.big() * quads; i < transform.cells * quads; ++i) grid[i - plan.shape.big() * quads] += grid[i];
  }
}

void nufft_finish(const NufftPlan& plan, NufftWorkspace& work, Index pair, Index group, const NufftSink& sink) {
  HWY_DYNAMIC_DISPATCH(finish)(plan, work, pair, group, sink);
}

}  // namespace detail
}  // namespace orrery::period
#endif
