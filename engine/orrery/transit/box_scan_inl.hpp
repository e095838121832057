// The best box among running sums over bins, for Highway's per-target passes: included by sources that use foreach_target.
#if defined(ORRERY_TRANSIT_BOX_SCAN_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_TRANSIT_BOX_SCAN_INL
#undef ORRERY_TRANSIT_BOX_SCAN_INL
#else
#define ORRERY_TRANSIT_BOX_SCAN_INL
#endif

#include <bit>
#include <cstdint>
#include <limits>

#include "hwy/highway.h"
#include "orrery/transit/box_detail.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::transit {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr double kTiny = std::numeric_limits<double>::epsilon();  // weights below it count as no points

/// Best of the boxes of one length that begin in [0, end), if it beats `best`: bins ascend, and of equal scores the first counts. A
/// score S^2 / b is divided only where S^2 comes near `best` times b, which few boxes do once a good one is known.
/// @param sum, weight  (end + length,) running sums
/// @param slope        added to a box's weight for each bin: what was taken off before summing
/// @param tiny_weight  boxes lighter than that, or with as little outside, do not count
template <class T>
inline void scan(const T* sum, const T* weight, Index end, Index length, T total, T slope, T tiny_weight, bool likelihood,
    detail::BestBox& best) {
  const hn::CappedTag<T, 64 / sizeof(T)> d;
  const Index lanes = static_cast<Index>(hn::Lanes(d));
  const T offset = slope * static_cast<T>(length);
  const auto all = hn::Set(d, total), tiny = hn::Set(d, tiny_weight), zero = hn::Zero(d), add = hn::Set(d, offset);
  constexpr T kNear = T{1} - T{8} * std::numeric_limits<T>::epsilon();  // product and quotient round differently
  auto near = hn::Set(d, static_cast<T>(best.score) * kNear);
  const auto take = [&](Index n) {
    const T s = sum[n + length] - sum[n], r = (weight[n + length] - weight[n]) + offset, o = total - r;
    if (r < tiny_weight || o < tiny_weight || s > T{0}) return;
    const double score = static_cast<double>(s * s / (likelihood ? r * (o * o) : r * o));
    if (score > best.score) best = {score, n, length};
  };
  Index n = 0;
  for (; n + lanes <= end; n += lanes) {
    const auto s = hn::Sub(hn::LoadU(d, sum + n + length), hn::LoadU(d, sum + n));
    const auto r = hn::Add(hn::Sub(hn::LoadU(d, weight + n + length), hn::LoadU(d, weight + n)), add);
    const auto o = hn::Sub(all, r);
    const auto below = likelihood ? hn::Mul(r, hn::Mul(o, o)) : hn::Mul(r, o);
    const auto good = hn::And(hn::And(hn::Ge(r, tiny), hn::Ge(o, tiny)), hn::Le(s, zero));
    const auto candidate = hn::And(good, hn::Gt(hn::Mul(s, s), hn::Mul(near, below)));
    if (hn::AllFalse(d, candidate)) continue;
    std::uint8_t bits[8] = {};
    hn::StoreMaskBits(d, candidate, bits);
    for (unsigned left = bits[0] | static_cast<unsigned>(bits[1]) << 8; left != 0; left &= left - 1) take(n + std::countr_zero(left));
    near = hn::Set(d, static_cast<T>(best.score) * kNear);
  }
  for (; n < end; ++n) take(n);
}

/// Runs look(best) with a score to beat that the search before this one suggests, so that few boxes need a division, and again from
/// nothing when no box beats it. What is found does not depend on the suggestion.
template <class Look>
inline detail::BestBox best_from(double& suggestion, Look&& look) {
  detail::BestBox best;
  best.score = suggestion;
  look(best);
  if (best.length < 0 && suggestion > -1.0) {
    best = {};
    look(best);
  }
  suggestion = best.length < 0 ? -1.0 : 0.6 * best.score;
  return best;
}

}  // namespace HWY_NAMESPACE
}  // namespace orrery::transit
HWY_AFTER_NAMESPACE();

#endif
