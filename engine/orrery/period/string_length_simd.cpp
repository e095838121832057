// Points brought into the order of their phases by buckets, then measured in SIMD lanes.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "orrery/period/string_length_simd.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

#include "orrery/period/fold_inl.hpp"
#include "orrery/period/string_length_detail.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::period {
namespace HWY_NAMESPACE {

struct StringWork {
  SortWork sort;
  std::vector<double> y, other;  // (N + 1,) in the order of the phases, the first again at the end: values, and variances or phases
  explicit StringWork(std::size_t n) : sort(n), y(n + 1), other(n + 1) {}
};

/// Sum over neighbours of term(d, difference of y, other of the one, of the next); the first point closes the string.
template <class Term>
HWY_INLINE void sum_of_steps(const StringWork& work, std::size_t n, const Term& term) {
  const hn::CappedTag<double, 8> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto step = hn::Sub(hn::LoadU(d, work.y.data() + i + 1), hn::LoadU(d, work.y.data() + i));
    term(d, step, hn::LoadU(d, work.other.data() + i), hn::LoadU(d, work.other.data() + i + 1));
  }
  double from[8] = {}, to[8] = {}, a[8], b[8];
  for (std::size_t l = 0; l < 8; ++l) a[l] = 1e300, b[l] = 1e300;  // lanes beyond the end weigh nothing
  if (i == n) return;
  for (std::size_t l = 0; i + l < n; ++l) {
    from[l] = work.y[i + l], to[l] = work.y[i + l + 1], a[l] = work.other[i + l], b[l] = work.other[i + l + 1];
  }
  term(d, hn::Sub(hn::LoadU(d, to), hn::LoadU(d, from)), hn::LoadU(d, a), hn::LoadU(d, b));
}

inline double squares(const StringWork& work, std::size_t n) {
  const hn::CappedTag<double, 8> d;
  auto sum = hn::Zero(d);
  sum_of_steps(work, n, [&](auto, auto step, auto, auto) { sum = hn::MulAdd(step, step, sum); });
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

inline double weighted_mean_square(const StringWork& work, std::size_t n) {
  const hn::CappedTag<double, 8> d;
  auto sum = hn::Zero(d), weight = hn::Zero(d);
  sum_of_steps(work, n, [&](auto tag, auto step, auto v, auto next) {
    const auto w = hn::Div(hn::Set(tag, 1.0), hn::Add(v, next));
    sum = hn::MulAdd(hn::Mul(step, step), w, sum);
    weight = hn::Add(weight, w);
  });
  return hn::GetLane(hn::SumOfLanes(d, sum)) / hn::GetLane(hn::SumOfLanes(d, weight));
}

inline double path(const StringWork& work, std::size_t n) {
  const hn::CappedTag<double, 8> d;
  auto sum = hn::Zero(d);
  sum_of_steps(work, n, [&](auto, auto step, auto phase, auto next) {
    const auto forward = hn::Sub(next, phase);
    sum = hn::Add(sum, hn::Sqrt(hn::MulAdd(step, step, hn::Mul(forward, forward))));
  });
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

void string_piece_simd(const detail::FoldedSeries& series, const TrialFrequencies& frequency, StringMeasure measure, Index begin, Index end,
                       double* out) {
  const std::size_t n = series.tau.size();
  StringWork work(n);
  const bool weighted = measure == StringMeasure::clarke && !series.sigma.empty(), by_path = measure == StringMeasure::dworetsky;
  for (Index k = begin; k < end; ++k) {
    sorted_phases(series.tau.data(), n, frequency[k], work.sort);
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t from = work.sort.sorted[i] & kPlaceMask;
      work.y[i] = series.y[from];
      if (weighted) work.other[i] = series.sigma[from] * series.sigma[from];
      if (by_path) work.other[i] = work.sort.phase[from];
    }
    work.y[n] = work.y[0];
    work.other[n] = work.other[0] + (by_path ? 1.0 : 0.0);
    out[k - begin] = weighted ? weighted_mean_square(work, n) : by_path ? path(work, n) : squares(work, n);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace orrery::period
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace orrery::period {
HWY_EXPORT(string_piece_simd);

namespace detail {
void string_piece(const FoldedSeries& series, const TrialFrequencies& frequency, StringMeasure measure, Index begin, Index end,
                  double* out) {
  HWY_DYNAMIC_DISPATCH(string_piece_simd)(series, frequency, measure, begin, end, out);
}
}  // namespace detail
}  // namespace orrery::period
#endif
