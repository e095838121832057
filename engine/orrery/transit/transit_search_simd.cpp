// The fold and the scan of one period of the transit search in SIMD lanes.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "orrery/transit/transit_search_simd.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

#include <algorithm>
#include <cmath>

#include "orrery/transit/transit_detail.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::transit {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t kBlock = 1024;  // points whose steps are found before they are added

/// Step of `count` points, and how far each is from the end of it, in steps.
inline void steps_of(const double* tau, std::size_t count, double period, double steps, std::int32_t* step, double* rest) {
  const hn::CappedTag<double, 8> d;
  const hn::Rebind<std::int32_t, decltype(d)> di;
  const auto inverse = hn::Set(d, 1.0 / period), n = hn::Set(d, steps), most = hn::Set(d, steps - 1.0), one = hn::Set(d, 1.0);
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) {
    const auto turns = hn::Mul(hn::LoadU(d, tau + i), inverse);
    const auto x = hn::Mul(hn::Sub(turns, hn::Floor(turns)), n);
    const auto whole = hn::Min(hn::Floor(x), most);
    hn::StoreU(hn::DemoteTo(di, whole), di, step + i);
    hn::StoreU(hn::Sub(one, hn::Sub(x, whole)), d, rest + i);
  }
  for (; i < count; ++i) {
    const double turns = tau[i] * (1.0 / period), x = (turns - std::floor(turns)) * steps;
    const double whole = std::min(std::floor(x), steps - 1.0);
    step[i] = static_cast<std::int32_t>(whole);
    rest[i] = 1.0 - (x - whole);
  }
}

/// Adds w r (1, h, h^2) and w of every point to its step.
inline void fold(const detail::DipSeries& series, double period, Index steps, detail::StepWork& work) {
  work.bins.assign(at(4 * steps), 0.0);
  work.step_of.resize(kBlock);
  work.rest.resize(kBlock);
  const std::size_t n = series.tau.size();
  double* HWY_RESTRICT bins = work.bins.data();
  for (std::size_t begin = 0; begin < n; begin += kBlock) {
    const std::size_t count = std::min(kBlock, n - begin);
    steps_of(series.tau.data() + begin, count, period, static_cast<double>(steps), work.step_of.data(), work.rest.data());
    const double* HWY_RESTRICT pair = series.pair.data() + 2 * begin;
    for (std::size_t i = 0; i < count; ++i) {
      double* to = bins + 4 * static_cast<std::size_t>(work.step_of[i]);
      const double h = work.rest[i], wr = pair[2 * i], wrh = wr * h;
      to[0] += wr;
      to[1] += wrh;
      to[2] += wrh * h;
      to[3] += pair[2 * i + 1];
    }
  }
}

/// Running sums at edge e = 0 ... steps + extra: F_p(e) = sum of w r (e - x)^p over the points before the edge, and F_0 of w. Behind
/// the turn the steps come again.
inline void run_sums(Index steps, Index extra, detail::StepWork& work) {
  for (auto& column : work.sum) column.resize(at(steps + extra + 1));
  double f0 = 0.0, f1 = 0.0, f2 = 0.0, g0 = 0.0;
  double *s0 = work.sum[0].data(), *s1 = work.sum[1].data(), *s2 = work.sum[2].data(), *s3 = work.sum[3].data();
  s0[0] = s1[0] = s2[0] = s3[0] = 0.0;
  const double* bin = work.bins.data();
  for (Index e = 0; e < steps + extra; ++e) {
    const double* m = bin + 4 * (e < steps ? e : e - steps);
    f2 += 2.0 * f1 + (f0 + m[2]);
    f1 += f0 + m[1];
    f0 += m[0];
    g0 += m[3];
    s0[e + 1] = f0;
    s1[e + 1] = f1;
    s2[e + 1] = f2;
    s3[e + 1] = g0;
  }
}

/// Every `coarse`-th edge.
inline void thin_sums(Index edges, Index coarse, detail::StepWork& work) {
  for (std::size_t k = 0; k < 4; ++k) {
    work.thin[k].resize(at(edges));
    const double* from = work.sum[k].data();
    double* to = work.thin[k].data();
    for (Index e = 0; e < edges; ++e) to[e] = from[e * coarse];
  }
}

/// The sums over one kernel at the places from `n` on, a lane each.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void kernel_sums(D d, const std::array<const double*, 4>& f, const detail::StepKernel& k, double unit, Index n, V& above,
                            V& below) {
  const double *a = f[0] + n, *b = f[1] + n, *c = f[2] + n, *w = f[3] + n;
  const Index l = k.length;
  const auto in0 = hn::LoadU(d, a + 1), in1 = hn::LoadU(d, a + l - 1);
  const auto middle = hn::Sub(in1, in0);
  const auto edges = hn::Sub(hn::Sub(hn::LoadU(d, a + l), hn::LoadU(d, a)), middle);
  const auto first = hn::Add(hn::LoadU(d, b + l - 1), hn::LoadU(d, b + 1));
  const auto second = hn::Sub(hn::LoadU(d, c + l - 1), hn::LoadU(d, c + 1));
  above = hn::Mul(edges, hn::Set(d, k.edge));
  above = hn::MulAdd(middle, hn::Set(d, k.rim), above);
  above = hn::MulAdd(first, hn::Set(d, k.slope * unit), above);
  above = hn::MulAdd(second, hn::Set(d, k.bend * unit * unit), above);
  const auto wide = hn::Sub(hn::LoadU(d, w + l), hn::LoadU(d, w));
  const auto narrow = hn::Sub(hn::LoadU(d, w + l - 1), hn::LoadU(d, w + 1));
  below = hn::Mul(wide, hn::Set(d, k.edge_square));
  below = hn::MulAdd(narrow, hn::Set(d, k.middle_square - k.edge_square), below);
}

/// Takes the places where `above`^2 / `below` is larger than what the lanes hold.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void keep_better(D d, V above, V below, V now, V least, V some, V& top, V& under, V& where) {
  const auto good = hn::And(hn::Gt(below, some), hn::Gt(above, hn::Mul(least, below)));
  const auto square = hn::Mul(above, above);
  const auto better = hn::And(good, hn::Gt(hn::Mul(square, under), hn::Mul(top, below)));
  (void)d;
  top = hn::IfThenElse(better, square, top);
  under = hn::IfThenElse(better, below, under);
  where = hn::IfThenElse(better, now, where);
}

/// The best lane, if it beats `best`.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void take_lanes(D d, V top, V under, V where, Index length, Index coarse, detail::StepBest& best) {
  double tops[8], unders[8], wheres[8];
  hn::StoreU(top, d, tops);
  hn::StoreU(under, d, unders);
  hn::StoreU(where, d, wheres);
  for (Index l = 0; l < static_cast<Index>(hn::Lanes(d)); ++l) {
    if (wheres[l] < 0.0) continue;
    const double mine = tops[l] * best.below, held = best.square * unders[l];
    const Index place = static_cast<Index>(wheres[l]);
    const bool same_kernel = best.length == length && best.coarse == coarse;
    if (mine > held || (mine == held && same_kernel && place < best.step)) best = {tops[l], unders[l], place, length, coarse};
  }
}

/// Best place of one kernel on the grid of these sums, if it beats `best`. Gains are compared as fractions, without a division; of
/// equal ones the first counts. Two vectors at a time: what one waits for, the other does not.
template <class D>
HWY_INLINE void scan_lanes(D d, const std::array<const double*, 4>& f, const detail::StepKernel& k, Index coarse, Index begin, Index end,
                           double smallest_depth, double tiny, detail::StepBest& best) {
  using V = hn::Vec<D>;
  const Index lanes = static_cast<Index>(hn::Lanes(d));
  const double unit = 1.0 / static_cast<double>(coarse);
  V top = hn::Set(d, best.square), under = hn::Set(d, best.below), where = hn::Set(d, -1.0);
  V top2 = top, under2 = under, where2 = where;
  V now = hn::Add(hn::Iota(d, 0.0), hn::Set(d, static_cast<double>(begin)));
  const V step = hn::Set(d, static_cast<double>(lanes)), least = hn::Set(d, smallest_depth), some = hn::Set(d, tiny);
  V above, below, above2, below2;
  Index n = begin;
  for (; n + 2 * lanes <= end; n += 2 * lanes) {
    kernel_sums(d, f, k, unit, n, above, below);
    kernel_sums(d, f, k, unit, n + lanes, above2, below2);
    keep_better(d, above, below, now, least, some, top, under, where);
    now = hn::Add(now, step);
    keep_better(d, above2, below2, now, least, some, top2, under2, where2);
    now = hn::Add(now, step);
  }
  if (n + lanes <= end) {
    kernel_sums(d, f, k, unit, n, above, below);
    keep_better(d, above, below, now, least, some, top, under, where);
  }
  take_lanes(d, top, under, where, k.length, coarse, best);
  take_lanes(d, top2, under2, where2, k.length, coarse, best);
}

detail::StepBest best_step_simd(const detail::DipSeries& series, double period, Index steps, const std::vector<detail::StepLevel>& levels,
                                const std::vector<detail::StepKernel>& kernels, double smallest_depth, detail::StepWork& work) {
  Index longest = 0;
  for (const auto& level : levels) {
    for (const Index l : level.length) longest = std::max(longest, level.coarse * (l + 1));
  }
  fold(series, period, steps, work);
  run_sums(steps, longest, work);
  const double tiny = 1e-12 * work.sum[3][at(steps)];  // of the weight of all points: rounding of the sums
  detail::StepBest best;
  for (const auto& level : levels) {
    if (level.coarse > 1) thin_sums((steps + longest) / level.coarse + 1, level.coarse, work);
    const auto& sums = level.coarse > 1 ? work.thin : work.sum;
    const std::array<const double*, 4> f{sums[0].data(), sums[1].data(), sums[2].data(), sums[3].data()};
    const Index places = steps / level.coarse;
    const hn::CappedTag<double, 8> wide;
    const hn::CappedTag<double, 1> one;
    const Index whole = places / static_cast<Index>(hn::Lanes(wide)) * static_cast<Index>(hn::Lanes(wide));
    for (const Index length : level.length) {
      scan_lanes(wide, f, kernels[at(length)], level.coarse, 0, whole, smallest_depth, tiny, best);
      if (whole < places) scan_lanes(one, f, kernels[at(length)], level.coarse, whole, places, smallest_depth, tiny, best);
    }
  }
  return best;
}

/// Sums over points of the tabulated shape, moved and stretched; `count` is a multiple of 8.
detail::ScoreSums score_simd(const double* x, const double* wr, const double* w, std::size_t count, double shift, double scale,
                             const double* table) {
  const hn::CappedTag<double, 8> d;
  const hn::Rebind<std::int64_t, decltype(d)> di;
  const auto by = hn::Set(d, scale * detail::kShapeScale), moved = hn::Set(d, shift), most = hn::Set(d, 0.5 * detail::kShapeScale);
  auto above = hn::Zero(d), below = hn::Zero(d);
  for (std::size_t i = 0; i < count; i += hn::Lanes(d)) {
    const auto u = hn::Min(hn::Abs(hn::Mul(hn::Sub(hn::LoadU(d, x + i), moved), by)), most);
    const auto cell = hn::ConvertTo(di, u);
    const auto part = hn::Sub(u, hn::ConvertTo(d, cell));
    const auto here = hn::GatherIndex(d, table, cell), next = hn::GatherIndex(d, table + 1, cell);
    const auto s = hn::MulAdd(part, hn::Sub(next, here), here);
    above = hn::MulAdd(hn::LoadU(d, wr + i), s, above);
    below = hn::MulAdd(hn::Mul(hn::LoadU(d, w + i), s), s, below);
  }
  return {hn::GetLane(hn::SumOfLanes(d, above)), hn::GetLane(hn::SumOfLanes(d, below))};
}

}  // namespace HWY_NAMESPACE
}  // namespace orrery::transit
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace orrery::transit {
HWY_EXPORT(best_step_simd);
HWY_EXPORT(score_simd);

namespace detail {
StepBest best_step(const DipSeries& series, double period, Index steps, const std::vector<StepLevel>& levels,
                   const std::vector<StepKernel>& kernels, double smallest_depth, StepWork& work) {
  return HWY_DYNAMIC_DISPATCH(best_step_simd)(series, period, steps, levels, kernels, smallest_depth, work);
}

ScoreSums score_points(const StepWork& work, double shift, double duration, const ShapeTable& shape) {
  return HWY_DYNAMIC_DISPATCH(score_simd)(work.x.data(), work.wr.data(), work.w.data(), work.x.size(), shift, 1.0 / duration, shape.data());
}
}  // namespace detail
}  // namespace orrery::transit
#endif
