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

void fill_transform(const detail::NufftPlan& plan, const detail::NufftKernel& kernel, const double* cell,
                    detail::NufftTransform& transform) {
  const Quad d;
  const Index lanes = Index(hn::Lanes(d));
  const Index points = plan.points, width = kernel.width, stride = kernel.stride();
  const Index big = plan.shape.big();
  transform.start.resize(at(points));
  transform.taps.resize(points * width + 4);  // the last store may reach beyond the last tap
  for (Index j = 0; j < points; ++j) {
    double p = cell[j];
    if (transform.wraps) p -= double(big) * std::floor(p / double(big));
    const double left = p - 0.5 * double(width);
    const double first = std::ceil(left);
    const auto v = hn::Set(d, 2.0 * (first - left) - 1.0);
    for (Index t = 0; t < width; t += lanes) {
      const double* c = kernel.coefficients.data() + t;
      auto value = hn::Load(d, c);
      for (int k = 1; k < kernel.terms; ++k) value = hn::MulAdd(value, v, hn::Load(d, c += stride));
      hn::StoreU(value, d, transform.taps.data() + j * width + t);
    }
    transform.start[at(j)] = static_cast<std::int32_t>(first < 0.0 ? first + double(big) : first);
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

/// Residue lanes of group g from one column of a grid: out[j] = T(j) sum_p x[j + p n] E(p).
void twist(const detail::NufftPlan& plan, const detail::NufftTransform& transform, const double* grid, Index group, double* out) {
  const Lanes d;
  using V = hn::Vec<Lanes>;
  const Index lanes = Index(hn::Lanes(d));
  const auto& shape = plan.shape;
  const Index stride = 4 * ssize(transform.columns);
  const Index cells = std::min(transform.cells, shape.big());
  const double* lane_twist = plan.lane_twist.data();
  const double* group_twist = plan.group_twist.data();
  const double* segment_twist = plan.segment_twist.data() + group * plan.max_segments * 2 * lanes;
  const Index filled = std::min(cells, shape.small);
  for (Index j = 0; j < filled; ++j, out += 2 * lanes) {
    V tr = hn::Load(d, lane_twist + 2 * lanes * j);
    V ti = hn::Load(d, lane_twist + 2 * lanes * j + lanes);
    if (group > 0) {
      const V gr = hn::Set(d, group_twist[2 * group * j]);
      const V gi = hn::Set(d, group_twist[2 * group * j + 1]);
      const V re = hn::NegMulAdd(ti, gi, hn::Mul(tr, gr));
      ti = hn::MulAdd(ti, gr, hn::Mul(tr, gi));
      tr = re;
    }
    V xr = hn::Set(d, grid[stride * j]);
    V xi = hn::Set(d, grid[stride * j + 1]);
    Index p = 1;
    for (Index cell = j + shape.small; cell < cells; cell += shape.small, ++p) {
      const V er = hn::Load(d, segment_twist + 2 * lanes * p);
      const V ei = hn::Load(d, segment_twist + 2 * lanes * p + lanes);
      const V ar = hn::Set(d, grid[stride * cell]);
      const V ai = hn::Set(d, grid[stride * cell + 1]);
      xr = hn::NegMulAdd(ai, ei, hn::MulAdd(ar, er, xr));
      xi = hn::MulAdd(ai, er, hn::MulAdd(ar, ei, xi));
    }
    hn::Store(hn::NegMulAdd(xi, ti, hn::Mul(xr, tr)), d, out);
    hn::Store(hn::MulAdd(xi, tr, hn::Mul(xr, ti)), d, out + lanes);
  }
  std::fill(out, out + 2 * lanes * (shape.small - filled), 0.0);
}

void finish(const detail::NufftPlan& plan, detail::NufftWorkspace& work, Index pair, int half, Index group, const detail::NufftSink& sink) {
  const Lanes d;
  const auto range = detail::window_range(plan, 2 * pair + half);
  if (range.begin >= range.end) return;
  const Index column_size = 2 * Index(hn::Lanes(d)) * plan.shape.small;
  double* to = work.batch.data();
  for (std::size_t k = 0; k < plan.transforms.size(); ++k) {
    const auto& transform = plan.transforms[k];
    for (std::size_t c = 0; c < transform.columns.size(); ++c, to += column_size) {
      twist(plan, transform, work.grids[k].data() + 4 * c + std::size_t(2 * half), group, to);
      fft_lanes(d, plan.fft, to);
    }
  }
  emit_all(plan, work, group, range, sink);
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
    work.batch.resize(plan.total_columns * 2 * plan.shape.lanes * plan.shape.small);
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

void nufft_finish(const NufftPlan& plan, NufftWorkspace& work, Index pair, int half, Index group, const NufftSink& sink) {
  HWY_DYNAMIC_DISPATCH(finish)(plan, work, pair, half, group, sink);
}

}  // namespace detail
}  // namespace orrery::period
#endif
