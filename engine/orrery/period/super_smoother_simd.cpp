// Running lines by prefix sums: every window's sums are differences of two prefixes, so that points go in SIMD lanes.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "orrery/period/super_smoother_simd.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

#include <algorithm>
#include <cmath>

#include "orrery/period/fold_inl.hpp"
#include "orrery/period/super_smoother_detail.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::period {
namespace HWY_NAMESPACE {

constexpr double kOnePlace = 1e-12;  // variance of x below which a window counts as one place: rounding of the sums is far below it
constexpr double kNoOther = 1e-10;   // share of the others in a point's own fit below which leaving it out means nothing

/// Points of half a window on each side of its middle.
inline std::size_t half_width(double span, std::size_t n) {
  const auto m = static_cast<std::size_t>(0.5 * span * static_cast<double>(n) + 0.5);
  return std::min(std::max<std::size_t>(m, 2), (n - 1) / 2);
}

/// Running sums before each place of the points, which a closed series repeats on both sides.
struct Target {
  std::vector<double> wy, wxy;
};
struct SmoothWork {
  const detail::SmoothPoints* points = nullptr;
  std::size_t n = 0, pad = 0;
  std::vector<double> w, wx, wxx;             // (N + 2 pad + 1,)
  Target target[3];
  std::vector<double> value[3], residual[3], miss[3], span, middle;

  void resize(std::size_t size, bool closed) {
    n = size, pad = closed ? half_width(detail::kSpans[2], n) : 0;
    for (auto* sums : {&w, &wx, &wxx}) sums->resize(n + 2 * pad + 1);
    for (auto& t : target) t.wy.resize(n + 2 * pad + 1), t.wxy.resize(n + 2 * pad + 1);
    for (int s = 0; s < 3; ++s) value[s].resize(n), residual[s].resize(n), miss[s].resize(n);
    span.resize(n), middle.resize(n);
  }
};

/// Calls visit(place in the extended series, point, x there) in order.
template <class Visit>
HWY_INLINE void walk(const SmoothWork& work, const Visit& visit) {
  const double* x = work.points->x.data();
  const std::size_t n = work.n, pad = work.pad;
  const double middle = work.points->closed ? 0.5 : 0.0;  // sums of squares about it lose least
  for (std::size_t k = 0; k < pad; ++k) visit(k, n - pad + k, x[n - pad + k] - 1.0 - middle);
  for (std::size_t k = 0; k < n; ++k) visit(pad + k, k, x[k] - middle);
  for (std::size_t k = 0; k < pad; ++k) visit(pad + n + k, k, x[k] + 1.0 - middle);
}

inline void sum_weights(SmoothWork& work) {
  const double* weight = work.points->weight.data();
  double w = 0.0, wx = 0.0, wxx = 0.0;
  walk(work, [&](std::size_t k, std::size_t i, double x) {
    work.w[k] = w, work.wx[k] = wx, work.wxx[k] = wxx;
    w += weight[i], wx += weight[i] * x, wxx += weight[i] * x * x;
  });
  work.w.back() = w, work.wx.back() = wx, work.wxx.back() = wxx;
}

inline void sum_target(SmoothWork& work, const double* y, Target& target) {
  const double* weight = work.points->weight.data();
  double wy = 0.0, wxy = 0.0;
  walk(work, [&](std::size_t k, std::size_t i, double x) {
    target.wy[k] = wy, target.wxy[k] = wxy;
    const double v = weight[i] * y[i];
    wy += v, wxy += v * x;
  });
  target.wy.back() = wy, target.wxy.back() = wxy;
}

/// Three targets at once: their chains of additions run beside each other.
inline void sum_misses(SmoothWork& work) {
  const double* weight = work.points->weight.data();
  double wy[3] = {}, wxy[3] = {};
  walk(work, [&](std::size_t k, std::size_t i, double x) {
    for (int s = 0; s < 3; ++s) {
      work.target[s].wy[k] = wy[s], work.target[s].wxy[k] = wxy[s];
      const double v = weight[i] * std::fabs(work.residual[s][i]);
      wy[s] += v, wxy[s] += v * x;
    }
  });
  for (int s = 0; s < 3; ++s) work.target[s].wy.back() = wy[s], work.target[s].wxy.back() = wxy[s];
}

/// Lines through the windows [low, low + width) of the extended series at points i ... i + lanes - 1.
template <class D>
HWY_INLINE void lines(D d, const SmoothWork& work, const Target& target, std::size_t low, std::size_t width, std::size_t i, double* value,
                      double* residual) {
  const std::size_t high = low + width;
  const auto part = [&](const std::vector<double>& sums) {
    return hn::Sub(hn::LoadU(d, sums.data() + high), hn::LoadU(d, sums.data() + low));
  };
  const auto one = hn::Set(d, 1.0), w = part(work.w), inverse = hn::Div(one, w);
  const auto wx = part(work.wx), wy = part(target.wy), mean_x = hn::Mul(wx, inverse), mean_y = hn::Mul(wy, inverse);
  const auto variance = hn::NegMulAdd(wx, mean_x, part(work.wxx)), covariance = hn::NegMulAdd(wx, mean_y, part(target.wxy));
  const auto spread = hn::Gt(variance, hn::Mul(w, hn::Set(d, kOnePlace)));
  const auto per_variance = hn::IfThenElseZero(spread, hn::Div(one, hn::IfThenElse(spread, variance, one)));
  const auto middle = hn::Set(d, work.points->closed ? 0.5 : 0.0);
  const auto dx = hn::Sub(hn::Sub(hn::LoadU(d, work.points->x.data() + i), middle), mean_x);
  const auto line = hn::MulAdd(hn::Mul(covariance, per_variance), dx, mean_y);
  hn::StoreU(line, d, value + i);
  if (residual == nullptr) return;
  const auto own = hn::Mul(hn::LoadU(d, work.points->weight.data() + i), hn::MulAdd(hn::Mul(dx, dx), per_variance, inverse));
  const auto others = hn::Sub(one, own);
  const auto r = hn::Sub(hn::LoadU(d, work.points->y.data() + i), line);
  hn::StoreU(hn::Div(r, hn::IfThenElse(hn::Gt(others, hn::Set(d, kNoOther)), others, one)), d, residual + i);
}

/// Running lines of half width m through a target whose sums are ready; residuals of points left out when asked for.
inline void smooth(const SmoothWork& work, const Target& target, std::size_t m, double* value, double* residual = nullptr) {
  const hn::CappedTag<double, 8> d;
  const hn::CappedTag<double, 1> one;
  const std::size_t lanes = hn::Lanes(d), n = work.n, width = 2 * m + 1;
  std::size_t i = 0;
  const std::size_t inner = work.pad > 0 ? 0 : m, end = work.pad > 0 ? n : n - m;  // windows that lie around their point
  for (; i < inner; ++i) lines(one, work, target, 0, width, i, value, residual);
  for (; i + lanes <= end; i += lanes) lines(d, work, target, i + work.pad - m, width, i, value, residual);
  for (; i < end; ++i) lines(one, work, target, i + work.pad - m, width, i, value, residual);
  for (; i < n; ++i) lines(one, work, target, n - width, width, i, value, residual);
}

/// The best of the three spans at each point, with bass.
inline void choose_spans(SmoothWork& work, double bass) {
  for (std::size_t i = 0; i < work.n; ++i) {
    const double a = work.miss[0][i], b = work.miss[1][i], c = work.miss[2][i];
    double span = detail::kSpans[0], least = a;
    if (b < least) span = detail::kSpans[1], least = b;
    if (c < least) span = detail::kSpans[2], least = c;
    if (bass > 0.0 && least < c && least > 0.0) span += (detail::kSpans[2] - span) * std::pow(least / c, 10.0 - bass);
    work.middle[i] = span;
  }
}

/// Between the three curves at the smoothed spans; `out` may be one of them.
inline void between(const SmoothWork& work, const std::vector<double> (&curve)[3], double* out) {
  for (std::size_t i = 0; i < work.n; ++i) {
    const double over = work.span[i] - detail::kSpans[1];
    const double up = std::max(0.0, over) / (detail::kSpans[2] - detail::kSpans[1]);
    const double down = std::max(0.0, -over) / (detail::kSpans[1] - detail::kSpans[0]);
    out[i] = curve[1][i] + up * (curve[2][i] - curve[1][i]) + down * (curve[0][i] - curve[1][i]);
  }
}

/// Everything but the last smoothing: three curves, their residuals, and the smoothed spans.
inline void three_curves(SmoothWork& work) {
  const detail::SmoothPoints& points = *work.points;
  sum_weights(work);
  sum_target(work, points.y.data(), work.target[0]);
  for (int s = 0; s < 3; ++s) {
    smooth(work, work.target[0], half_width(detail::kSpans[s], work.n), work.value[s].data(), work.residual[s].data());
  }
  const std::size_t middle = half_width(detail::kSpans[1], work.n);
  sum_misses(work);
  for (int s = 0; s < 3; ++s) smooth(work, work.target[s], middle, work.miss[s].data());
  choose_spans(work, points.bass);
  sum_target(work, work.middle.data(), work.target[0]);
  smooth(work, work.target[0], middle, work.span.data());
  for (double& span : work.span) span = std::clamp(span, detail::kSpans[0], detail::kSpans[2]);
}

Smooth smooth_sorted_simd(const detail::SmoothPoints& points) {
  SmoothWork work;
  work.points = &points;
  work.resize(points.x.size(), points.closed);
  three_curves(work);
  Smooth out;
  out.value.resize(work.n), out.residual.resize(work.n);
  between(work, work.value, work.middle.data());
  between(work, work.residual, out.residual.data());
  sum_target(work, work.middle.data(), work.target[0]);
  smooth(work, work.target[0], half_width(detail::kSpans[0], work.n), out.value.data());
  out.span = std::move(work.span);
  return out;
}

void smoother_piece_simd(const detail::FoldedSeries& series, const TrialFrequencies& frequency, double bass, double base, Index begin,
                         Index end, double* out) {
  const std::size_t n = series.tau.size();
  SortWork sort(n);
  SmoothWork work;
  detail::SmoothPoints points{.x = std::vector<double>(n), .y = std::vector<double>(n), .weight = std::vector<double>(n), .closed = true,
                              .bass = bass};
  work.points = &points;
  work.resize(n, true);
  for (Index k = begin; k < end; ++k) {
    sorted_phases(series.tau.data(), n, frequency[k], sort);
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t from = sort.sorted[i] & kPlaceMask;
      points.x[i] = sort.phase[from], points.y[i] = series.y[from], points.weight[i] = series.weight[from];
    }
    three_curves(work);
    between(work, work.residual, work.middle.data());
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i) sum += std::fabs(work.middle[i]) * std::sqrt(points.weight[i]);
    out[k - begin] = base > 0.0 ? 1.0 - sum / base : 0.0;
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace orrery::period
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace orrery::period {
HWY_EXPORT(smooth_sorted_simd);
HWY_EXPORT(smoother_piece_simd);

namespace detail {
Smooth smooth_sorted(const SmoothPoints& points) { return HWY_DYNAMIC_DISPATCH(smooth_sorted_simd)(points); }
void smoother_piece(const FoldedSeries& series, const TrialFrequencies& frequency, double bass, double base, Index begin, Index end,
                    double* out) {
  HWY_DYNAMIC_DISPATCH(smoother_piece_simd)(series, frequency, bass, base, begin, end, out);
}
}  // namespace detail
}  // namespace orrery::period
#endif
