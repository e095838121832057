// Phases, bins and the order of phases at one frequency, for Highway's per-target passes: included by sources that use foreach_target.
#if defined(ORRERY_PERIOD_FOLD_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_PERIOD_FOLD_INL
#undef ORRERY_PERIOD_FOLD_INL
#else
#define ORRERY_PERIOD_FOLD_INL
#endif

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "hwy/highway.h"
#include "orrery/core/trig_inl.hpp"
#include "orrery/period/statistic_detail.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::period {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using orrery::HWY_NAMESPACE::reduce_turns;

/// f * t modulo one turn, in [-1/2, 1/2], the same bits on every machine: what bins and orders of points depend on. Without FMA the
/// low part of the product comes from halves of the factors (Dekker 1971, Numer. Math. 18, 224).
template <class D, class V = hn::Vec<D>>
HWY_INLINE V exact_turns(D d, V f, V t) {
  const V high = hn::Mul(f, t);
#if HWY_NATIVE_FMA
  const V low = hn::MulSub(f, t, high);
#else
  const V splitter = hn::Set(d, 134217729.0);  // 2^27 + 1
  const auto upper = [&](V v) {
    const V c = hn::Mul(splitter, v);
    return hn::Sub(c, hn::Sub(c, v));
  };
  const V fh = upper(f), th = upper(t), fl = hn::Sub(f, fh), tl = hn::Sub(t, th);
  const V first = hn::Sub(hn::Mul(fh, th), high);
  const V low = hn::Add(hn::Add(hn::Add(first, hn::Mul(fh, tl)), hn::Mul(fl, th)), hn::Mul(fl, tl));
#endif
  return hn::Add(reduce_turns(d, high), low);
}

/// Phase of f * t plus kEdge, in [0, 1): what lies on an edge lies above it.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V edged_phase(D d, V f, V t) {
  const V one = hn::Set(d, 1.0), zero = hn::Zero(d);
  const V u = hn::Add(exact_turns(d, f, t), hn::Set(d, detail::kEdge));
  const V up = hn::IfThenElse(hn::Lt(u, zero), hn::Add(u, one), u);
  return hn::IfThenZeroElse(hn::Ge(up, one), up);
}

/// Phases of n points at f: out[i] in [0, 1).
inline void phases_of(const double* tau, std::size_t n, double f, double* out) {
  const hn::CappedTag<double, 8> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto vf = hn::Set(d, f);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(edged_phase(d, vf, hn::LoadU(d, tau + i)), d, out + i);
  const hn::CappedTag<double, 1> one;
  for (; i < n; ++i) hn::StoreU(edged_phase(one, hn::Set(one, f), hn::LoadU(one, tau + i)), one, out + i);
}

/// Bin of each point, phase * bins rounded down.
inline void bins_of(const double* tau, std::size_t n, double f, double bins, std::int32_t* out) {
  const hn::CappedTag<double, 8> d;
  const hn::Rebind<std::int32_t, decltype(d)> di;
  const std::size_t lanes = hn::Lanes(d);
  const auto vf = hn::Set(d, f), vb = hn::Set(d, bins), last = hn::Set(d, bins - 1.0);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto bin = hn::Min(hn::Mul(edged_phase(d, vf, hn::LoadU(d, tau + i)), vb), last);
    hn::StoreU(hn::DemoteTo(di, bin), di, out + i);
  }
  const hn::CappedTag<double, 1> one;
  for (; i < n; ++i) {
    const double bin = hn::GetLane(edged_phase(one, hn::Set(one, f), hn::LoadU(one, tau + i))) * bins;
    out[i] = static_cast<std::int32_t>(bin < bins - 1.0 ? bin : bins - 1.0);
  }
}

/// Memory of sorted_phases, for n points.
struct SortWork {
  std::vector<double> phase;
  std::vector<std::uint64_t> key, sorted;
  std::vector<std::uint32_t> start;
  int bits = 1;
  explicit SortWork(std::size_t n) : phase(n), key(n), sorted(n) {
    while (bits < 22 && (std::size_t{1} << bits) < n) ++bits;
    start.resize((std::size_t{1} << bits) + 1);
  }
};

inline constexpr std::uint64_t kPlaceMask = (std::uint64_t{1} << 24) - 1;

/// Keys of the points in the order of their phases: 40 bits of phase above 24 of the place in the series. As many buckets as points,
/// then neighbours: phases fall evenly enough for about one point a bucket.
inline void sorted_phases(const double* tau, std::size_t n, double f, SortWork& work) {
  phases_of(tau, n, f, work.phase.data());
  std::uint32_t* start = work.start.data();
  std::memset(start, 0, work.start.size() * sizeof(std::uint32_t));
  const int shift = 64 - work.bits;
  for (std::size_t i = 0; i < n; ++i) {
    const double lifted = work.phase[i] + 1.0;  // its mantissa is the phase as a fixed-point number
    std::uint64_t bits;
    std::memcpy(&bits, &lifted, sizeof bits);
    const std::uint64_t key = ((bits << 12) & ~kPlaceMask) | i;
    work.key[i] = key;
    ++start[(key >> shift) + 1];
  }
  std::uint32_t sum = 0, fullest = 0;
  for (std::size_t b = 0; b < work.start.size(); ++b) {
    fullest = start[b] > fullest ? start[b] : fullest;
    start[b] = sum += start[b];
  }
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t key = work.key[i];
    work.sorted[start[key >> shift]++] = key;
  }
  std::uint64_t* s = work.sorted.data();
  if (fullest > 48) {  // nearly one phase for all, as near one cycle a day: neighbours would take N^2
    for (std::size_t b = 0, from = 0; b + 1 < work.start.size(); from = start[b++]) {
      if (start[b] - from > 48) std::sort(s + from, s + start[b]);
    }
  }
  for (std::size_t i = 1; i < n; ++i) {
    const std::uint64_t key = s[i];
    std::size_t j = i;
    for (; j > 0 && s[j - 1] > key; --j) s[j] = s[j - 1];
    s[j] = key;
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace orrery::period
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
