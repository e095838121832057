// Weighted wavelet Z: the points of a window in SIMD lanes.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "orrery/period/wavelet.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

#include "orrery/core/trig_inl.hpp"
#include "orrery/period/wavelet_detail.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::period {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using orrery::HWY_NAMESPACE::reduce_turns;
using orrery::HWY_NAMESPACE::sincos_turns;
using D = hn::CappedTag<double, 8>;
using V = hn::Vec<D>;

/// exp(x) for -700 < x <= 0, relative error below 1e-13: 2^n by its bits times a polynomial of the rest.
HWY_INLINE V exp_of_negative(V x) {
  const D d;
  const hn::RebindToSigned<D> di;
  const V magic = hn::Set(d, 6755399441055744.0);
  const V shifted = hn::Add(hn::Mul(x, hn::Set(d, 1.4426950408889634)), magic);
  const V n = hn::Sub(shifted, magic);
  V r = hn::NegMulAdd(n, hn::Set(d, 0.693147180369123816490), x);
  r = hn::NegMulAdd(n, hn::Set(d, 1.90821492927058770002e-10), r);
  constexpr double kInverse[] = {1.0 / 479001600.0, 1.0 / 39916800.0, 1.0 / 3628800.0, 1.0 / 362880.0, 1.0 / 40320.0, 1.0 / 5040.0,
                                 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0};
  V p = hn::Set(d, kInverse[0]);
  for (int k = 1; k < 13; ++k) p = hn::MulAdd(p, r, hn::Set(d, kInverse[k]));
  const auto bits = hn::ShiftLeft<52>(hn::BitCast(di, shifted));  // the low bits of the shifted number are n
  return hn::BitCast(d, hn::Add(hn::BitCast(di, p), bits));
}

/// Sums over points [begin, end): times from tau, in turns of f.
void window_sums(const double* t, const double* x, const double* weight, Index begin, Index end, double f, double tau, double decay,
                 double* out) {
  const D d;
  const Index lanes = Index(hn::Lanes(d));
  V sum[detail::kWaveletSums];
  for (V& s : sum) s = hn::Zero(d);
  const V vf = hn::Set(d, f), vtau = hn::Set(d, tau), factor = hn::Set(d, -39.478417604357434 * decay);  // (2 pi)^2
  for (Index i = begin; i < end; i += lanes) {
    const auto some = hn::FirstN(d, static_cast<std::size_t>(end - i < lanes ? end - i : lanes));
    const V turns = hn::Mul(vf, hn::Sub(hn::MaskedLoad(some, d, t + i), vtau));
    const V safe = hn::IfThenElseZero(some, turns);
    V s, c;
    sincos_turns(d, reduce_turns(d, safe), s, c);
    const V w =
        hn::IfThenElseZero(some, hn::Mul(hn::MaskedLoad(some, d, weight + i), exp_of_negative(hn::Mul(factor, hn::Mul(safe, safe)))));
    const V y = hn::MaskedLoad(some, d, x + i);
    const V wc = hn::Mul(w, c), wy = hn::Mul(w, y);
    sum[0] = hn::Add(sum[0], w);
    sum[1] = hn::MulAdd(w, w, sum[1]);
    sum[2] = hn::Add(sum[2], wc);
    sum[3] = hn::MulAdd(w, s, sum[3]);
    sum[4] = hn::MulAdd(wc, c, sum[4]);
    sum[5] = hn::MulAdd(wc, s, sum[5]);
    sum[6] = hn::Add(sum[6], wy);
    sum[7] = hn::MulAdd(wy, c, sum[7]);
    sum[8] = hn::MulAdd(wy, s, sum[8]);
    sum[9] = hn::MulAdd(wy, y, sum[9]);
  }
  for (int k = 0; k < detail::kWaveletSums; ++k) {
    double lane[8], total = 0.0;
    hn::StoreU(sum[k], d, lane);
    for (Index l = 0; l < lanes; ++l) total += lane[l];
    out[k] = total;
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace orrery::period
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/parallel.hpp"
#include "orrery/core/text.hpp"
#include "orrery/period/wavelet.hpp"

namespace orrery::period {
HWY_EXPORT(window_sums);

namespace {

constexpr const char* kWhere = "weighted_wavelet";
constexpr double kMostPlaces = 2e8;
constexpr double kCut = 20.0;  // exponent of the window beyond which points are left out: 2e-9

struct WaveletRun {
  std::vector<double> t, x, weight;  // by time; x has its mean taken off
  double decay = 0.0;
  WaveletMap map;
};

WaveletRun prepare(const SeriesView& series, std::span<const double> frequency, std::span<const double> time,
                   const WaveletOptions& options) {
  require_usable(series, 4, kWhere);
  for (const double f : frequency) {
    if (!(f > 0.0) || !std::isfinite(f)) fail(ErrorKind::input, kWhere, "expected frequencies > 0, got " + number_text(f));
  }
  for (const double t : time) {
    if (!std::isfinite(t)) fail(ErrorKind::input, kWhere, "expected finite times, got " + number_text(t));
  }
  if (!(options.decay > 0.0) || !std::isfinite(options.decay)) fail(ErrorKind::input, kWhere, "expected decay > 0, got " + number_text(options.decay));
  const double places = static_cast<double>(frequency.size()) * static_cast<double>(time.size());
  if (places > kMostPlaces) {
    fail(ErrorKind::limit, kWhere, "expected at most 2e8 places in the map, got " + number_text(places, 3) + ", " + number_text(24.0 * places / 1e9, 3) + " GB");
  }
  std::vector<std::size_t> order(series.t.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return series.t[a] < series.t[b]; });
  WaveletRun run{.decay = options.decay};
  double total = 0.0, mean = 0.0;
  for (const std::size_t i : order) {
    const double s = series.sigma.empty() ? 1.0 : series.sigma[i];
    run.t.push_back(series.t[i]);
    run.weight.push_back(1.0 / (s * s));
    total += run.weight.back();
    mean += run.weight.back() * (series.y[i] - series.y[0]);
  }
  if (!std::isfinite(total) || !std::isfinite(1.0 / total)) {
    fail(ErrorKind::input, kWhere, "expected uncertainties whose squares a double can hold, got a sum of weights of " + number_text(total));
  }
  mean = series.y[0] + mean / total;
  const double scale = static_cast<double>(series.t.size()) / total;
  for (double& w : run.weight) w *= scale;
  for (const std::size_t i : order) run.x.push_back(series.y[i] - mean);
  run.map.frequency.assign(frequency.begin(), frequency.end());
  run.map.time.assign(time.begin(), time.end());
  for (auto* v : {&run.map.z, &run.map.amplitude, &run.map.effective}) v->assign(frequency.size() * time.size(), 0.0);
  return run;
}

/// Z, amplitude and N_eff from the sums.
void solve_place(const double* sum, double& z, double& amplitude, double& effective) {
  const double w = sum[0];
  if (!(w > 0.0) || !(sum[1] > 0.0)) return;
  effective = w * w / sum[1];
  if (!(effective > 3.0)) return;
  const double c = sum[2] / w, s = sum[3] / w, x = sum[6] / w;
  const double cc = sum[4] / w - c * c, cs = sum[5] / w - c * s, ss = 1.0 - sum[4] / w - s * s;
  const double xc = sum[7] / w - x * c, xs = sum[8] / w - x * s, variance = sum[9] / w - x * x;
  const double determinant = cc * ss - cs * cs;
  if (!(determinant > 1e-10) || !(variance > 0.0)) return;  // the points in the window cannot tell cosine, sine and constant apart
  const double a = (xc * ss - xs * cs) / determinant, b = (xs * cc - xc * cs) / determinant;
  const double explained = std::min(a * xc + b * xs, variance);
  amplitude = std::hypot(a, b);
  z = std::min(1e12, 0.5 * (effective - 3.0) * explained / std::max(variance - explained, 1e-300));
}

void fill_place(WaveletRun& run, Index row, Index column) {
  const double f = run.map.frequency[at(row)], tau = run.map.time[at(column)];
  const double reach = std::sqrt(kCut / run.decay) / (6.283185307179586 * f);
  const Index begin = std::lower_bound(run.t.begin(), run.t.end(), tau - reach) - run.t.begin();
  const Index end = std::upper_bound(run.t.begin(), run.t.end(), tau + reach) - run.t.begin();
  double sum[detail::kWaveletSums];
  HWY_DYNAMIC_DISPATCH(window_sums)(run.t.data(), run.x.data(), run.weight.data(), begin, end, f, tau, run.decay, sum);
  const std::size_t place = at(row * run.map.columns() + column);
  solve_place(sum, run.map.z[place], run.map.amplitude[place], run.map.effective[place]);
}

}  // namespace

WaveletMap weighted_wavelet(const SeriesView& series, std::span<const double> frequency, std::span<const double> time,
                            const WaveletOptions& options) {
  WaveletRun run = prepare(series, frequency, time, options);
  parallel_for(run.map.rows(), 1, [&](Index begin, Index end) {
    for (Index row = begin; row < end; ++row) {
      for (Index column = 0; column < run.map.columns(); ++column) fill_place(run, row, column);
    }
  }, options.threads);
  return std::move(run.map);
}

Task<WaveletMap> weighted_wavelet_task(Budget& budget, SeriesView series, std::span<const double> frequency, std::span<const double> time,
                                       WaveletOptions options) {
  WaveletRun run = prepare(series, frequency, time, options);
  for (Index row = 0; row < run.map.rows(); ++row) {
    for (Index column = 0; column < run.map.columns(); ++column) {
      fill_place(run, row, column);
      if (column % 16 == 15) co_await budget.pause();
    }
    budget.progress(static_cast<double>(row + 1) / static_cast<double>(run.map.rows()), "wavelet map");
    co_await budget.pause();
  }
  co_return std::move(run.map);
}

}  // namespace orrery::period
#endif
