// The fold and the scan of one period in SIMD lanes.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "orrery/transit/box_least_squares_simd.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "orrery/transit/box_detail.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::transit {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr double kTiny = std::numeric_limits<double>::epsilon();  // weights below it count as no points
constexpr std::size_t kBlock = 1024;                              // points whose bins are found before they are added

/// Bins of `count` points, from 1. True divisions: a product with 1 / period puts points on an edge into the bin next to theirs.
inline void bins_of(const double* tau, std::size_t count, double period, double bin_duration, std::int32_t* bin) {
  const hn::CappedTag<double, 8> d;
  const hn::Rebind<std::int32_t, decltype(d)> di;
  const auto p = hn::Set(d, period), b = hn::Set(d, bin_duration);
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) {
    const auto x = hn::LoadU(d, tau + i);
    const auto phase = hn::Sub(x, hn::Mul(p, hn::Floor(hn::Div(x, p))));
    hn::StoreU(hn::Add(hn::DemoteTo(di, hn::Div(phase, b)), hn::Set(di, 1)), di, bin + i);
  }
  for (; i < count; ++i) {
    const double phase = tau[i] - period * std::floor(tau[i] / period);
    bin[i] = static_cast<std::int32_t>(phase / bin_duration) + 1;
  }
}

/// Value and weight of a point to those of its bin, in one go.
HWY_INLINE void add_pair(const double* pair, double* sums) {
#if HWY_TARGET == HWY_SCALAR
  sums[0] += pair[0];
  sums[1] += pair[1];
#else
  const hn::FixedTag<double, 2> d;
  hn::StoreU(hn::Add(hn::LoadU(d, sums), hn::LoadU(d, pair)), d, sums);
#endif
}

/// Adds every point to its bin; bin 0 stays empty.
inline void fold(const detail::FoldSeries& series, double period, double bin_duration, Index bins, detail::FoldWork& work) {
  work.bins.assign(at(2 * (bins + 1)), 0.0);
  work.bin_of.resize(kBlock);
  const std::size_t n = series.tau.size();
  double* HWY_RESTRICT sums = work.bins.data();
  for (std::size_t begin = 0; begin < n; begin += kBlock) {
    const std::size_t count = std::min(kBlock, n - begin);
    bins_of(series.tau.data() + begin, count, period, bin_duration, work.bin_of.data());
    const double* pair = series.pair.data() + 2 * begin;
    for (std::size_t i = 0; i < count; ++i) {
      add_pair(pair + 2 * i, sums + 2 * work.bin_of[i]);
    }
  }
}

/// Best box of one length, if it beats `best`: bins ascend, and of equal scores the first counts.
inline void scan(const detail::FoldWork& work, Index bins, Index length, double total, bool likelihood, detail::BestBox& best) {
  const hn::CappedTag<double, 8> d;
  const Index lanes = static_cast<Index>(hn::Lanes(d));
  const double* s0 = work.sum.data();
  const double* w0 = work.weight.data();
  const Index end = bins - length + 1;
  const auto all = hn::Set(d, total), tiny = hn::Set(d, kTiny), none = hn::Set(d, -1.0), zero = hn::Zero(d);
  auto top = hn::Set(d, best.score), where = none;
  Index n = 0;
  auto now = hn::Iota(d, 0.0);
  const auto step = hn::Set(d, static_cast<double>(lanes));
  for (; n + lanes <= end; n += lanes, now = hn::Add(now, step)) {
    const auto s = hn::Sub(hn::LoadU(d, s0 + n + length), hn::LoadU(d, s0 + n));
    const auto r = hn::Sub(hn::LoadU(d, w0 + n + length), hn::LoadU(d, w0 + n));
    const auto o = hn::Sub(all, r);
    const auto below = likelihood ? hn::Mul(r, hn::Mul(o, o)) : hn::Mul(r, o);
    const auto good = hn::And(hn::And(hn::Ge(r, tiny), hn::Ge(o, tiny)), hn::Le(s, zero));
    const auto score = hn::IfThenElse(good, hn::Div(hn::Mul(s, s), below), none);
    const auto better = hn::Gt(score, top);
    top = hn::IfThenElse(better, score, top);
    where = hn::IfThenElse(better, now, where);
  }
  double tops[8], wheres[8];
  hn::StoreU(top, d, tops);
  hn::StoreU(where, d, wheres);
  for (Index l = 0; l < lanes; ++l) {
    if (wheres[l] < 0.0) continue;
    const Index place = static_cast<Index>(wheres[l]);
    if (tops[l] > best.score || (tops[l] == best.score && best.length == length && place < best.bin)) best = {tops[l], place, length};
  }
  for (; n < end; ++n) {
    const double s = s0[n + length] - s0[n], r = w0[n + length] - w0[n], o = total - r;
    if (r < kTiny || o < kTiny || s > 0.0) continue;
    const double score = s * s / (likelihood ? r * (o * o) : r * o);
    if (score > best.score) best = {score, n, length};
  }
}

detail::BestBox best_box_simd(const detail::FoldSeries& series, double period, double bin_duration, std::span<const Index> lengths,
                              Index oversample, bool likelihood, detail::FoldWork& work) {
  const Index turn = static_cast<Index>(std::ceil(period / bin_duration));
  const Index bins = turn + oversample;
  fold(series, period, bin_duration, bins, work);
  // Boxes that begin in the last bins end in the first ones, which are repeated behind the turn.
  for (Index i = 1; i <= oversample; ++i) {
    work.bins[at(2 * (turn + i - 1))] = work.bins[at(2 * i)];
    work.bins[at(2 * (turn + i - 1) + 1)] = work.bins[at(2 * i + 1)];
  }
  work.sum.resize(at(bins + 1));
  work.weight.resize(at(bins + 1));
  double sum = 0.0, weight = 0.0;
  for (Index i = 0; i <= bins; ++i) {
    work.sum[at(i)] = sum += work.bins[at(2 * i)];
    work.weight[at(i)] = weight += work.bins[at(2 * i + 1)];
  }
  detail::BestBox best;
  for (const Index length : lengths) scan(work, bins, length, series.weight, likelihood, best);
  return best;
}

}  // namespace HWY_NAMESPACE
}  // namespace orrery::transit
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace orrery::transit {
HWY_EXPORT(best_box_simd);

namespace detail {
BestBox best_box(const FoldSeries& series, double period, double bin_duration, std::span<const Index> lengths, Index oversample,
                 bool likelihood, FoldWork& work) {
  return HWY_DYNAMIC_DISPATCH(best_box_simd)(series, period, bin_duration, lengths, oversample, likelihood, work);
}
}  // namespace detail
}  // namespace orrery::transit
#endif
