// Power where the harmonics are nearly the same function: an orthonormal basis of what they span, without the normal matrix.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "orrery/period/lomb_scargle_arnoldi.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

#include <cmath>
#include <vector>

#include "orrery/core/trig_inl.hpp"
#include "orrery/period/lomb_scargle_detail.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::period {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using orrery::HWY_NAMESPACE::sincos_turns;
using orrery::HWY_NAMESPACE::turns_of_product;
using Lanes = hn::CappedTag<double, 8>;

/// What the sampling resolves of a turn: below it the times of a Julian date are rounding.
constexpr double kUnseenArc = 1e-6;

/// Complex columns over the points, real parts then imaginary parts, padded with zeros to whole vectors.
struct Columns {
  std::size_t points;
  std::vector<double> data;
  Columns(std::size_t n, std::size_t count) : points((n + 7) / 8 * 8), data(2 * count * points) {}
  [[nodiscard]] double* re(std::size_t c) { return data.data() + 2 * c * points; }
  [[nodiscard]] double* im(std::size_t c) { return re(c) + points; }
};

struct Complex {
  double re, im;
};

/// sum conj(a) b
HWY_INLINE Complex inner(const double* ar, const double* ai, const double* br, const double* bi, std::size_t n) {
  const Lanes d;
  auto re = hn::Zero(d), im = hn::Zero(d);
  for (std::size_t i = 0; i < n; i += hn::Lanes(d)) {
    const auto xr = hn::LoadU(d, ar + i), xi = hn::LoadU(d, ai + i), yr = hn::LoadU(d, br + i), yi = hn::LoadU(d, bi + i);
    re = hn::MulAdd(xr, yr, hn::MulAdd(xi, yi, re));
    im = hn::MulAdd(xr, yi, hn::NegMulAdd(xi, yr, im));
  }
  return {hn::GetLane(hn::SumOfLanes(d, re)), hn::GetLane(hn::SumOfLanes(d, im))};
}

/// b -= h a
HWY_INLINE void take_out(Complex h, const double* ar, const double* ai, double* br, double* bi, std::size_t n) {
  const Lanes d;
  const auto hr = hn::Set(d, h.re), hi = hn::Set(d, h.im);
  for (std::size_t i = 0; i < n; i += hn::Lanes(d)) {
    const auto xr = hn::LoadU(d, ar + i), xi = hn::LoadU(d, ai + i);
    hn::StoreU(hn::NegMulAdd(hr, xr, hn::MulAdd(hi, xi, hn::LoadU(d, br + i))), d, br + i);
    hn::StoreU(hn::NegMulAdd(hr, xi, hn::NegMulAdd(hi, xr, hn::LoadU(d, bi + i))), d, bi + i);
  }
}

/// Column `to` = (z - 1) times column `from`, z = exp(i phi).
HWY_INLINE void turn(Columns& q, std::size_t z, std::size_t from, std::size_t to) {
  const Lanes d;
  for (std::size_t i = 0; i < q.points; i += hn::Lanes(d)) {
    const auto zr = hn::LoadU(d, q.re(z) + i), zi = hn::LoadU(d, q.im(z) + i);
    const auto xr = hn::LoadU(d, q.re(from) + i), xi = hn::LoadU(d, q.im(from) + i);
    hn::StoreU(hn::MulSub(zr, xr, hn::Mul(zi, xi)), d, q.re(to) + i);
    hn::StoreU(hn::MulAdd(zr, xi, hn::Mul(zi, xr)), d, q.im(to) + i);
  }
}

/// Length of column `c`, which is brought to length 1 when it is not unseen.
HWY_INLINE double normalize_column(Columns& q, std::size_t c) {
  const Lanes d;
  const double length = std::sqrt(inner(q.re(c), q.im(c), q.re(c), q.im(c), q.points).re);
  if (!(length > kUnseenArc)) return 0.0;
  const auto scale = hn::Set(d, 1.0 / length);
  for (std::size_t i = 0; i < 2 * q.points; i += hn::Lanes(d)) hn::StoreU(hn::Mul(hn::LoadU(d, q.re(c) + i), scale), d, q.re(c) + i);
  return length;
}

/// Columns: 0 ... 2K the basis, 2K + 1 the step z - 1, 2K + 2 the data.
void begin_columns(const detail::WeightedSeries& series, int harmonics, double frequency, Columns& q) {
  const hn::CappedTag<double, 1> one;
  const std::size_t step = std::size_t(2 * harmonics) + 1, data = step + 1;
  for (std::size_t i = 0; i < series.tau.size(); ++i) {
    const auto u = turns_of_product(one, hn::Set(one, frequency), hn::Set(one, series.tau[i]));
    auto sine = u, cosine = u;
    sincos_turns(one, hn::Mul(u, hn::Set(one, 0.5)), sine, cosine);  // half the angle: z - 1 = 2 i sin(phi / 2) exp(i phi / 2)
    const double s = hn::GetLane(sine), c = hn::GetLane(cosine);
    q.re(step)[i] = -2.0 * s * s;
    q.im(step)[i] = 2.0 * s * c;
    sincos_turns(one, hn::Mul(u, hn::Set(one, double(-harmonics))), sine, cosine);
    const double root = std::sqrt(series.weight[i]);
    q.re(0)[i] = root * hn::GetLane(cosine);
    q.im(0)[i] = root * hn::GetLane(sine);
    q.re(data)[i] = series.weighted_y[i] / root;
  }
}

double arnoldi_power_simd(const detail::WeightedSeries& series, const detail::SolveContext& context, double frequency) {
  const std::size_t dimensions = std::size_t(2 * context.harmonics) + 1, step = dimensions, data = step + 1;
  Columns q(series.tau.size(), dimensions + 2);
  begin_columns(series, context.harmonics, frequency, q);
  double gain = 0.0;
  for (std::size_t j = 0; j < dimensions; ++j) {
    if (j > 0) turn(q, step, j - 1, j);
    for (int pass = 0; pass < 2 && j > 0; ++pass) {  // twice is enough
      for (std::size_t k = 0; k < j; ++k) {
        take_out(inner(q.re(k), q.im(k), q.re(j), q.im(j), q.points), q.re(k), q.im(k), q.re(j), q.im(j), q.points);
      }
    }
    if (normalize_column(q, j) == 0.0) break;  // z times the basis gives nothing new: what is left neither
    const Complex part = inner(q.re(j), q.im(j), q.re(data), q.im(data), q.points);
    gain += part.re * part.re + part.im * part.im;
  }
  return gain * context.inverse_variance;
}

}  // namespace HWY_NAMESPACE
}  // namespace orrery::period
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace orrery::period {
HWY_EXPORT(arnoldi_power_simd);

namespace detail {
double arnoldi_power(const WeightedSeries& series, const SolveContext& context, double frequency) {
  return HWY_DYNAMIC_DISPATCH(arnoldi_power_simd)(series, context, frequency);
}
}  // namespace detail
}  // namespace orrery::period
#endif
