// The fold and the scan of one period in SIMD lanes.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "orrery/transit/box_least_squares_simd.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

#include <algorithm>
#include <cmath>

#include "orrery/core/pair_inl.hpp"
#include "orrery/transit/box_detail.hpp"
#include "orrery/transit/box_scan_inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::transit {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using orrery::HWY_NAMESPACE::add_pair;

constexpr std::size_t kBlock = 1024;  // points whose bins are found before they are added

/// Places of `count` points' bins among pairs: twice the bin, bins from 1. True divisions, because a product with 1 / period puts
/// points on an edge into the bin next to theirs.
inline void divide_into_bins(const double* tau, std::size_t count, double period, double bin_duration, std::uint32_t* place) {
  for (std::size_t i = 0; i < count; ++i) {
    const double phase = tau[i] - period * std::floor(tau[i] / period);
    place[i] = 2 * static_cast<std::uint32_t>(static_cast<std::int32_t>(phase / bin_duration) + 1);
  }
}

/// The same numbers by products. Quotients taken both ways differ by less than 2 epsilon of the quotient, so they have one whole part
/// unless they lie within `slack` of a whole number; lanes that hold such a point are divided.
inline void place_points(const double* tau, std::size_t count, double period, double bin_duration, double longest, std::uint32_t* place) {
  const hn::CappedTag<double, 8> d;
  const hn::Rebind<std::int32_t, decltype(d)> di;
  const hn::Rebind<std::uint32_t, decltype(d)> du;
  const double slack = 4.0 * kTiny * std::max({longest / period, period / bin_duration, 1.0});
  const auto p = hn::Set(d, period), turns = hn::Set(d, 1.0 / period), bins = hn::Set(d, 1.0 / bin_duration);
  const auto half = hn::Set(d, 0.5), edge = hn::Set(d, 0.5 - slack);
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) {
    const auto x = hn::LoadU(d, tau + i);
    const auto turn = hn::Mul(x, turns), whole = hn::Floor(turn);
    const auto bin = hn::Mul(hn::Sub(x, hn::Mul(p, whole)), bins), below = hn::Floor(bin);
    const auto from_middle = hn::Max(hn::Abs(hn::Sub(hn::Sub(turn, whole), half)), hn::Abs(hn::Sub(hn::Sub(bin, below), half)));
    const auto twice = hn::ShiftLeft<1>(hn::Add(hn::DemoteTo(di, below), hn::Set(di, 1)));
    hn::StoreU(hn::BitCast(du, twice), du, place + i);
    if (!hn::AllFalse(d, hn::Gt(from_middle, edge))) divide_into_bins(tau + i, hn::Lanes(d), period, bin_duration, place + i);
  }
  divide_into_bins(tau + i, count - i, period, bin_duration, place + i);
}

/// Adds every point to its bin; bin 0 stays empty.
inline void fold(const detail::FoldSeries& series, double period, double bin_duration, Index bins, detail::FoldWork& work) {
  work.bins.assign(at(2 * (bins + 1)), 0.0);
  work.place.resize(kBlock);
  const std::size_t n = series.tau.size();
  double* HWY_RESTRICT sums = work.bins.data();
  const std::uint32_t* HWY_RESTRICT place = work.place.data();
  for (std::size_t begin = 0; begin < n; begin += kBlock) {
    const std::size_t count = std::min(kBlock, n - begin);
    place_points(series.tau.data() + begin, count, period, bin_duration, series.span, work.place.data());
    const double* HWY_RESTRICT pair = series.pair.data() + 2 * begin;
    for (std::size_t i = 0; i < count; ++i) add_pair(pair + 2 * i, sums + place[i]);
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
  return best_from(work.suggestion, [&](detail::BestBox& best) {
    for (const Index length : lengths) {
      scan(work.sum.data(), work.weight.data(), bins - length + 1, length, series.weight, 0.0, kTiny, likelihood, best);
    }
  });
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
