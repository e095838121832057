// Sums and solves of the flexible multiband model: one frequency in each SIMD lane.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "orrery/period/multiband_flexible_simd.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

#include <algorithm>

#include "orrery/core/trig_inl.hpp"
#include "orrery/period/multiband_flexible_detail.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::period {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using orrery::HWY_NAMESPACE::sincos_turns;
using orrery::HWY_NAMESPACE::turns_of_product;
using Wide = hn::CappedTag<double, 8>;
using V = hn::Vec<Wide>;

constexpr int kMaxHarmonics = 8;
constexpr double kUnseen = 1e-13;  // part of a band's weight below which a pivot is rounding
constexpr double kWeak = 0.02;     // part of a band's weight below which the transform's errors show: as in lomb_scargle_fast

/// kHarmonics = 0: any number, known at run time only.
template <int kHarmonics>
HWY_INLINE void direct_vector(const detail::FlexibleBand& band, int harmonics, V f, V shift, detail::FlexibleSums& sums, Index number,
    Index i) {
  const Wide d;
  const int top = kHarmonics > 0 ? kHarmonics : harmonics;
  constexpr int kTop = kHarmonics > 0 ? kHarmonics : kMaxHarmonics;
  V wc[2 * kTop], ws[2 * kTop], yc[kTop], ys[kTop];
  for (int h = 0; h < 2 * top; ++h) wc[h] = ws[h] = hn::Zero(d);
  for (int h = 0; h < top; ++h) yc[h] = ys[h] = hn::Zero(d);
  const std::size_t n = band.tau.size();
  for (std::size_t j = 0; j < n; ++j) {
    V s1, c1;
    sincos_turns(d, hn::Add(turns_of_product(d, f, hn::Set(d, band.tau[j])), shift), s1, c1);
    const V w = hn::Set(d, band.weight[j]), wy = hn::Set(d, band.weighted_y[j]);
    V c = c1, s = s1;
    for (int h = 0; h < 2 * top; ++h) {
      wc[h] = hn::MulAdd(w, c, wc[h]);
      ws[h] = hn::NegMulAdd(w, s, ws[h]);
      if (h < top) {
        yc[h] = hn::MulAdd(wy, c, yc[h]);
        ys[h] = hn::NegMulAdd(wy, s, ys[h]);
      }
      const V next = hn::NegMulAdd(s, s1, hn::Mul(c, c1));
      s = hn::MulAdd(s, c1, hn::Mul(c, s1));
      c = next;
    }
  }
  for (int h = 0; h < 2 * top; ++h) {
    const Index column = h < top ? 2 * h + 1 : top + h;
    hn::StoreU(wc[h], d, sums.column(number, column, 0) + i);
    hn::StoreU(ws[h], d, sums.column(number, column, 1) + i);
    if (h >= top) continue;
    hn::StoreU(yc[h], d, sums.column(number, column - 1, 0) + i);
    hn::StoreU(ys[h], d, sums.column(number, column - 1, 1) + i);
  }
}

void direct_sums(const detail::FlexibleModel& model, Index number, const double* frequency, const double* shift,
                 Index count, Index first, detail::FlexibleSums& sums) {
  const Wide d;
  const Index lanes = Index(hn::Lanes(d));
  const auto& band = model.bands[at(number)];
  const int harmonics = model.harmonics();
  double f[8], more[8] = {};
  for (Index i = 0; i < count; i += lanes) {
    for (Index l = 0; l < lanes; ++l) {
      const Index from = i + l < count ? i + l : i;
      f[l] = frequency[from];
      if (shift != nullptr) more[l] = shift[from];
    }
    const V some = hn::LoadU(d, f), turned = hn::LoadU(d, more);
    switch (harmonics) {
      case 1: direct_vector<1>(band, harmonics, some, turned, sums, number, first + i); break;
      case 2: direct_vector<2>(band, harmonics, some, turned, sums, number, first + i); break;
      case 3: direct_vector<3>(band, harmonics, some, turned, sums, number, first + i); break;
      default: direct_vector<0>(band, harmonics, some, turned, sums, number, first + i); break;
    }
  }
}

/// Room for one band's matrix and for the shared one, lower triangles with the right-hand side as last row.
struct Room {
  static constexpr int kColumns = 1 + 2 * kMaxHarmonics;
  V both[(2 * kColumns + 1) * (2 * kColumns + 1)];
  V shared[(kColumns + 1) * (kColumns + 1)];
};

/// Takes column j (its pivot, and l = what the pivot divides) out of rows j + 1 ... n - 1.
HWY_INLINE void eliminate(V* a, int n, int j, V unseen) {
  const Wide d;
  const V pivot = a[j * n + j];
  const V inverse = hn::IfThenElseZero(hn::Gt(pivot, unseen), hn::Div(hn::Set(d, 1.0), pivot));
  for (int i = j + 1; i < n; ++i) {
    const V l = hn::Mul(a[i * n + j], inverse);
    for (int k = j + 1; k <= i; ++k) a[i * n + k] = hn::NegMulAdd(l, a[k * n + j], a[i * n + k]);
  }
}

/// Adds to the shared matrix what is left of a band when its own columns are taken out. Returns the lanes whose pivots are weak.
HWY_INLINE hn::Mask<Wide> add_band(const detail::FlexibleModel& model, const detail::FlexibleSums& sums, Index number, Index i,
                                    Room& room) {
  const Wide d;
  const auto& band = model.bands[at(number)];
  const int top = model.harmonics();
  V w[2 * (2 * kMaxHarmonics + 1)], y[2 * (kMaxHarmonics + 1)];
  w[0] = hn::Set(d, band.share);
  y[0] = hn::Set(d, band.weighted_sum);
  w[1] = y[1] = hn::Zero(d);
  for (int h = 1; h <= 2 * top; ++h) {
    const Index column = h <= top ? 2 * h - 1 : top + h - 1;
    w[2 * h] = hn::LoadU(d, sums.column(number, column, 0) + i);
    w[2 * h + 1] = hn::LoadU(d, sums.column(number, column, 1) + i);
    if (h > top) continue;
    y[2 * h] = hn::LoadU(d, sums.column(number, column - 1, 0) + i);
    y[2 * h + 1] = hn::LoadU(d, sums.column(number, column - 1, 1) + i);
  }
  const int own = model.band_columns(), shared = model.base_columns(), n = own + shared + 1;
  V* a = room.both;
  const auto* entry = model.entries.data();
  for (int r = 0; r < n - 1; ++r) {
    for (int c = 0; c <= r; ++c, ++entry) {
      a[r * n + c] = hn::MulAdd(hn::Set(d, entry->factor_a), w[entry->a], hn::Mul(hn::Set(d, entry->factor_b), w[entry->b]));
    }
  }
  for (int c = 0; c < n - 1; ++c) a[(n - 1) * n + c] = y[model.right[at(c)]];
  a[(n - 1) * n + n - 1] = hn::Zero(d);
  const V lambda = hn::Set(d, model.band_lambda), weak = hn::Set(d, kWeak * band.share), unseen = hn::Set(d, kUnseen * band.share);
  auto weakness = hn::Lt(hn::Set(d, 1.0), hn::Zero(d));
  for (int j = 0; j < own; ++j) {
    a[j * n + j] = hn::Add(a[j * n + j], lambda);
    weakness = hn::Or(weakness, hn::Lt(hn::Sub(a[j * n + j], lambda), weak));
    eliminate(a, n, j, unseen);
  }
  for (int r = 0; r <= shared; ++r) {
    for (int c = 0; c <= r; ++c) {
      V& to = room.shared[r * (shared + 1) + c];
      to = hn::Add(to, a[(own + r) * n + own + c]);
    }
  }
  return weakness;
}

void solve(const detail::FlexibleModel& model, const detail::FlexibleSums& sums, Index first, Index count, double* power,
           std::vector<Index>* suspicious) {
  const Wide d;
  const Index lanes = Index(hn::Lanes(d));
  Room room;
  const int n = model.base_columns() + 1;
  const V scale = hn::Set(d, model.variance > 0.0 ? 1.0 / model.variance : 0.0);
  const Index end = first + count;
  for (Index i = first; i < end; i += lanes) {
    std::fill(room.shared, room.shared + n * n, hn::Zero(d));
    auto weakness = hn::Lt(hn::Set(d, 1.0), hn::Zero(d));
    for (Index b = 0; b < ssize(model.bands); ++b) {
      const auto weak = add_band(model, sums, b, i, room);
      if (model.exact[at(b)] == 0) weakness = hn::Or(weakness, weak);
    }
    for (int j = 0; j + 1 < n; ++j) {
      V& pivot = room.shared[j * n + j];
      const double limit = kWeak * (j < model.band_columns() ? model.weak_shared : model.weak_rest);
      weakness = hn::Or(weakness, hn::Lt(pivot, hn::Set(d, limit)));
      pivot = hn::Add(pivot, hn::Set(d, model.base_lambda));
      eliminate(room.shared, n, j, hn::Set(d, kUnseen));
    }
    V value = hn::Mul(hn::Neg(room.shared[n * n - 1]), scale);
    value = hn::Min(hn::Max(value, hn::Zero(d)), hn::Set(d, 1.0));
    HWY_ALIGN double part[8], bad[8];
    hn::Store(value, d, part);
    hn::Store(hn::IfThenElseZero(weakness, hn::Set(d, 1.0)), d, bad);
    for (Index l = 0; l < std::min(lanes, end - i); ++l) {
      power[i + l] = part[l];
      if (suspicious != nullptr && bad[l] != 0.0) suspicious->push_back(i + l);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace orrery::period
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace orrery::period {
HWY_EXPORT(direct_sums);
HWY_EXPORT(solve);

namespace detail {

void flexible_direct(const FlexibleModel& model, Index band, std::span<const double> frequency, std::span<const double> shift, Index first,
                     FlexibleSums& sums) {
  HWY_DYNAMIC_DISPATCH(direct_sums)(model, band, frequency.data(), shift.empty() ? nullptr : shift.data(), ssize(frequency), first, sums);
}
void flexible_solve(const FlexibleModel& model, const FlexibleSums& sums, Index first, Index count, double* power,
                    std::vector<Index>* suspicious) {
  HWY_DYNAMIC_DISPATCH(solve)(model, sums, first, count, power, suspicious);
}

}  // namespace detail
}  // namespace orrery::period
#endif
