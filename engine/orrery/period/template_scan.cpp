// The search over templates and phases, one frequency in each SIMD lane.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "orrery/period/template_scan.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

#include "orrery/core/trig_inl.hpp"
#include "orrery/period/template_detail.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::period {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using orrery::HWY_NAMESPACE::sincos_turns;
using orrery::HWY_NAMESPACE::turns_of_product;
using D = hn::CappedTag<double, 8>;
using V = hn::Vec<D>;
constexpr int kMostPhases = 4 * kMaxTemplateHarmonics;

/// All sums of a band at the lanes' frequencies.
HWY_INLINE void sums_of_lanes(const detail::TemplateBand& band, V f, int harmonics, double* columns, Index stride, Index place) {
  const D d;
  V w_cos[2 * kMaxTemplateHarmonics], w_sin[2 * kMaxTemplateHarmonics], y_cos[kMaxTemplateHarmonics], y_sin[kMaxTemplateHarmonics];
  for (int k = 0; k < 2 * harmonics; ++k) w_cos[k] = hn::Zero(d), w_sin[k] = hn::Zero(d);
  for (int k = 0; k < harmonics; ++k) y_cos[k] = hn::Zero(d), y_sin[k] = hn::Zero(d);
  for (std::size_t j = 0; j < band.tau.size(); ++j) {
    V s1, c1;
    sincos_turns(d, turns_of_product(d, f, hn::Set(d, band.tau[j])), s1, c1);
    const V w = hn::Set(d, band.weight[j]), wy = hn::Set(d, band.weighted_y[j]);
    V c = c1, s = s1;
    for (int k = 0; k < 2 * harmonics; ++k) {
      w_cos[k] = hn::MulAdd(w, c, w_cos[k]);
      w_sin[k] = hn::MulAdd(w, s, w_sin[k]);
      if (k < harmonics) {
        y_cos[k] = hn::MulAdd(wy, c, y_cos[k]);
        y_sin[k] = hn::MulAdd(wy, s, y_sin[k]);
      }
      const V next = hn::NegMulAdd(s, s1, hn::Mul(c, c1));  // at most 31 steps: error stays below 1e-14
      s = hn::MulAdd(s, c1, hn::Mul(c, s1));
      c = next;
    }
  }
  for (int k = 0; k < 2 * harmonics; ++k) {
    hn::StoreU(w_cos[k], d, columns + 2 * k * stride + place);
    hn::StoreU(w_sin[k], d, columns + (2 * k + 1) * stride + place);
  }
  columns += 4 * harmonics * stride;
  for (int k = 0; k < harmonics; ++k) {
    hn::StoreU(y_cos[k], d, columns + 2 * k * stride + place);
    hn::StoreU(y_sin[k], d, columns + (2 * k + 1) * stride + place);
  }
}

void direct_sums(const detail::TemplateBand& band, const double* frequency, Index count, Index harmonics, double* columns, Index stride) {
  const D d;
  const Index lanes = Index(hn::Lanes(d));
  double f[8];
  for (Index i = 0; i < count; i += lanes) {
    for (Index l = 0; l < lanes; ++l) f[l] = frequency[i + l < count ? i + l : count - 1];
    sums_of_lanes(band, hn::LoadU(d, f), static_cast<int>(harmonics), columns, stride, i);
  }
}

/// Y, M and mean square at a phase and half a cycle later: even harmonics are the same there, odd ones change their sign.
struct Both {
  V y[2], m[2], q[2];
};
HWY_INLINE Both both_halves(const double* weights, const double* columns, Index stride, int harmonics, double q0, double weight_sum) {
  const D d;
  V odd_y = hn::Zero(d), even_y = odd_y, odd_m = odd_y, even_m = odd_y, odd_q = odd_y, even_q = hn::Set(d, q0 * weight_sum);
  const double* y_columns = columns + 4 * harmonics * stride;
  for (int k = 0; k < harmonics; ++k) {
    const V c = hn::Set(d, weights[2 * k]), s = hn::Set(d, weights[2 * k + 1]);
    V& y = k % 2 == 0 ? odd_y : even_y;
    V& m = k % 2 == 0 ? odd_m : even_m;
    y = hn::MulAdd(c, hn::Load(d, y_columns + 2 * k * stride), y);
    y = hn::MulAdd(s, hn::Load(d, y_columns + (2 * k + 1) * stride), y);
    m = hn::MulAdd(c, hn::Load(d, columns + 2 * k * stride), m);
    m = hn::MulAdd(s, hn::Load(d, columns + (2 * k + 1) * stride), m);
  }
  weights += 2 * harmonics;
  for (int k = 0; k < 2 * harmonics; ++k) {
    V& q = k % 2 == 0 ? odd_q : even_q;
    q = hn::MulAdd(hn::Set(d, weights[2 * k]), hn::Load(d, columns + 2 * k * stride), q);
    q = hn::MulAdd(hn::Set(d, weights[2 * k + 1]), hn::Load(d, columns + (2 * k + 1) * stride), q);
  }
  const V inverse = hn::Set(d, 1.0 / weight_sum);
  Both out;
  const V first = hn::Add(even_m, odd_m), second = hn::Sub(even_m, odd_m);
  out.y[0] = hn::Add(even_y, odd_y);
  out.y[1] = hn::Sub(even_y, odd_y);
  out.q[0] = hn::Add(even_q, odd_q);
  out.q[1] = hn::Sub(even_q, odd_q);
  out.m[0] = hn::NegMulAdd(hn::Mul(first, first), inverse, out.q[0]);
  out.m[1] = hn::NegMulAdd(hn::Mul(second, second), inverse, out.q[1]);
  return out;
}

HWY_INLINE V gain_of(V y, V m, V q) {
  const D d;
  const auto good = hn::And(hn::Gt(y, hn::Zero(d)), hn::Gt(m, hn::Mul(q, hn::Set(d, detail::kUnseenTemplate))));
  return hn::IfThenElseZero(good, hn::Div(hn::Mul(y, y), hn::IfThenElse(good, m, hn::Set(d, 1.0))));
}

/// The gains of one template on all phases.
HWY_INLINE void gains_of_template(const detail::TemplateScan& scan, const detail::TemplateTable& table, const double* sums, Index stride,
                                  V* gain) {
  const D d;
  const int harmonics = static_cast<int>(scan.harmonics);
  const bool shared = scan.amplitudes == TemplateAmplitudes::shared;
  const double* weights = table.weights.data();
  const Index half = scan.phases / 2;
  for (Index l = 0; l < half; ++l) {
    V y[2] = {hn::Zero(d), hn::Zero(d)}, m[2] = {y[0], y[0]}, q[2] = {y[0], y[0]}, free[2] = {y[0], y[0]};
    for (std::size_t i = 0; i < table.band.size(); ++i) {
      const Both one =
          both_halves(weights, sums + table.band[i] * scan.columns() * stride, stride, harmonics, table.q0[i], table.weight_sum[i]);
      weights += 6 * harmonics;
      for (int h = 0; h < 2; ++h) {
        if (shared) {
          y[h] = hn::Add(y[h], one.y[h]);
          m[h] = hn::Add(m[h], one.m[h]);
          q[h] = hn::Add(q[h], one.q[h]);
        } else {
          free[h] = hn::Add(free[h], gain_of(one.y[h], one.m[h], one.q[h]));
        }
      }
    }
    gain[l] = shared ? gain_of(y[0], m[0], q[0]) : free[0];
    gain[l + half] = shared ? gain_of(y[1], m[1], q[1]) : free[1];
  }
}

/// Keeps the two highest tops of parabolas through neighbouring phases.
HWY_INLINE void keep_best(const V* gain, Index phases, V allowed, double first_place, V* best, V* place) {
  const D d;
  for (Index l = 0; l < phases; ++l) {
    const V left = gain[l == 0 ? phases - 1 : l - 1], right = gain[l + 1 == phases ? 0 : l + 1], here = gain[l];
    const V rise = hn::Sub(right, left), bend = hn::Sub(hn::Sub(hn::Add(here, here), left), right);
    const auto top = hn::And(hn::Ge(here, left), hn::Gt(here, right));
    if (hn::AllFalse(d, top)) continue;
    const V safe = hn::IfThenElse(top, bend, hn::Set(d, 1.0));
    V value = hn::MulAdd(hn::Mul(rise, rise), hn::Div(hn::Set(d, 0.125), safe), here);
    value = hn::Mul(hn::IfThenElseZero(top, value), allowed);
    const V at_place = hn::Set(d, first_place + static_cast<double>(l));
    const auto first = hn::Gt(value, best[0]), second = hn::Gt(value, best[1]);
    best[1] = hn::IfThenElse(first, best[0], hn::IfThenElse(second, value, best[1]));
    place[1] = hn::IfThenElse(first, place[0], hn::IfThenElse(second, at_place, place[1]));
    best[0] = hn::IfThenElse(first, value, best[0]);
    place[0] = hn::IfThenElse(first, at_place, place[0]);
  }
}

void scan_lanes(const detail::TemplateScan& scan, const detail::SumBlock& sums, const double* frequency, Index begin, Index end,
                detail::ScanBest* out) {
  const D d;
  const Index lanes = Index(hn::Lanes(d));
  V gain[kMostPhases];
  for (Index i = begin; i < end; i += lanes) {
    double f[8], value[8], number[8];
    for (Index l = 0; l < lanes; ++l) f[l] = frequency[i + l < end ? i + l : end - 1];
    const V vf = hn::LoadU(d, f);
    V best[2] = {hn::Zero(d), hn::Zero(d)}, place[2] = {hn::Set(d, -1.0), hn::Set(d, -1.0)};
    for (std::size_t s = 0; s < scan.tables.size(); ++s) {
      const auto& table = scan.tables[s];
      const auto inside = hn::And(hn::Ge(vf, hn::Set(d, table.low)), hn::Le(vf, hn::Set(d, table.high)));
      if (hn::AllFalse(d, inside) || table.band.empty()) continue;
      gains_of_template(scan, table, sums.data.data() + i, sums.stride, gain);
      keep_best(gain, scan.phases, hn::IfThenElseZero(inside, hn::Set(d, 1.0)), static_cast<double>(Index(s) * scan.phases), best, place);
    }
    for (int r = 0; r < 2; ++r) {
      hn::StoreU(best[r], d, value);
      hn::StoreU(place[r], d, number);
      for (Index l = 0; l < lanes && i + l < end; ++l) {
        out[i + l].gain[r] = value[l];
        out[i + l].place[r] = static_cast<std::int32_t>(number[l]);
      }
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace orrery::period
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace orrery::period {
HWY_EXPORT(direct_sums);
HWY_EXPORT(scan_lanes);

namespace detail {
void direct_sum_block(const TemplateBand& band, const double* frequency, Index count, Index harmonics, double* columns, Index stride) {
  HWY_DYNAMIC_DISPATCH(direct_sums)(band, frequency, count, harmonics, columns, stride);
}
void scan_block(const TemplateScan& scan, const SumBlock& sums, const double* frequency, Index begin, Index end, ScanBest* best) {
  HWY_DYNAMIC_DISPATCH(scan_lanes)(scan, sums, frequency, begin, end, best);
}
}  // namespace detail
}  // namespace orrery::period
#endif
