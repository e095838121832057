// What becomes of the sums of one vector of frequencies: powers, the largest power of replicas, or the sums themselves.
#if defined(ORRERY_PERIOD_NUFFT_SINK_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_PERIOD_NUFFT_SINK_INL
#undef ORRERY_PERIOD_NUFFT_SINK_INL
#else
#define ORRERY_PERIOD_NUFFT_SINK_INL
#endif

#include <algorithm>

#include "hwy/highway.h"
#include "orrery/period/nufft_detail.hpp"
#include "orrery/period/solve_inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::period {
namespace HWY_NAMESPACE {
using Lanes = hn::CappedTag<double, 8>;

/// What a sink does with one vector of frequencies; `count` of its lanes are inside the grid.
struct Emit {
  const detail::NufftPlan& plan;
  detail::NufftWorkspace& work;
  const detail::NufftSink& sink;

  HWY_INLINE void store(hn::Vec<Lanes> value, double* to, Index count) const {
    const Lanes d;
    if (count >= Index(hn::Lanes(d))) {
      hn::StoreU(value, d, to);
    } else {
      HWY_ALIGN double part[8];
      hn::Store(value, d, part);
      std::copy(part, part + count, to);
    }
  }
  HWY_INLINE hn::Vec<Lanes> load(const double* from, Index count) const {
    const Lanes d;
    if (count >= Index(hn::Lanes(d))) return hn::LoadU(d, from);
    HWY_ALIGN double part[8] = {};
    std::copy(from, from + count, part);
    return hn::Load(d, part);
  }
  HWY_INLINE void power(hn::Vec<Lanes> value, hn::Vec<Lanes> condition, Index k, Index count) const {
    const Lanes d;
    value = hn::Min(hn::Max(value, hn::Zero(d)), hn::Set(d, 1.0));
    store(value, sink.power + k, count);
    const auto weak = hn::Lt(condition, hn::Set(d, sink.condition_limit));
    if (HWY_UNLIKELY(!hn::AllFalse(d, weak))) {
      HWY_ALIGN double part[8];
      hn::Store(condition, d, part);
      for (Index l = 0; l < std::min(count, Index(hn::Lanes(d))); ++l) {
        if (part[l] < sink.condition_limit) work.suspicious.push_back(k + l);
      }
    }
  }
};

/// Reads the sums of one vector of frequencies out of the transformed batch: each column of one window, then of the other.
struct Sums {
  const double* batch;
  Index column_size;
  hn::Vec<Lanes> correction;
  HWY_INLINE hn::Vec<Lanes> re(Index column) const { return hn::Mul(hn::Load(Lanes(), batch + column * column_size), correction); }
  HWY_INLINE hn::Vec<Lanes> im(Index column) const {
    return hn::Mul(hn::Load(Lanes(), batch + column * column_size + Index(hn::Lanes(Lanes()))), correction);
  }
};

HWY_INLINE void emit_one_harmonic(const Emit& emit, const Sums& sums, Index k, Index count) {
  const Lanes d;
  const auto half = hn::Set(d, 0.5);
  const bool mean = emit.sink.context.fit_mean;
  const Index last = mean ? 2 : 1;
  const auto zero = hn::Zero(d);
  hn::Vec<Lanes> condition;
  const auto power = power_of_one_harmonic(d, emit.sink.context, sums.re(0), sums.im(0), mean ? sums.re(1) : zero, mean ? sums.im(1) : zero,
                                           hn::MulAdd(half, sums.re(last), half), hn::Mul(half, sums.im(last)), condition);
  emit.power(power, condition, k, count);
}

/// Columns: w y and w at 1 ... K, then w at K + 1 ... 2K.
HWY_INLINE void emit_harmonics(const Emit& emit, const Sums& sums, Index k, Index count) {
  const Lanes d;
  constexpr int kMax = detail::kMaxHarmonics;
  hn::Vec<Lanes> w[2 * (2 * kMax + 1)], wy[2 * (kMax + 1)];
  const int harmonics = emit.sink.context.harmonics;
  w[0] = hn::Set(d, 1.0);
  w[1] = hn::Zero(d);
  for (int h = 1; h <= 2 * harmonics; ++h) {
    const Index column = h <= harmonics ? 2 * h - 1 : harmonics + h - 1;
    w[2 * h] = sums.re(column);
    w[2 * h + 1] = sums.im(column);
    if (h <= harmonics) wy[2 * h] = sums.re(column - 1), wy[2 * h + 1] = sums.im(column - 1);
  }
  hn::Vec<Lanes> condition;
  const auto power = power_of_harmonics(d, emit.sink.context, w, wy, condition);
  emit.power(power, condition, k, count);
}

/// Columns: w y of several replicas at 1, then at 2, ... K; the sums of w are read from the sink. The largest power is kept, and all
/// powers where the sink asks for them.
HWY_INLINE void emit_maxima(const Emit& emit, const Sums& sums, Index k, Index count) {
  const Lanes d;
  constexpr int kMax = detail::kMaxHarmonics;
  const auto& sink = emit.sink;
  const int harmonics = sink.context.harmonics;
  const Index replicas = emit.plan.total_columns / harmonics;
  hn::Vec<Lanes> w[2 * (2 * kMax + 1)], wy[2 * (kMax + 1)];
  w[0] = hn::Set(d, 1.0);
  w[1] = hn::Zero(d);
  for (int h = 1; h <= 2 * harmonics; ++h) {
    w[2 * h] = emit.load(sink.re[at(h)] + k, count);
    w[2 * h + 1] = emit.load(sink.im[at(h)] + k, count);
  }
  detail::SolveContext context = sink.context;
  for (Index r = 0; r < replicas; ++r) {
    context.weighted_sum = sink.replica_sum[r];
    context.inverse_variance = sink.replica_inverse_variance[r];
    for (int h = 1; h <= harmonics; ++h) {
      wy[2 * h] = sums.re((h - 1) * replicas + r);
      wy[2 * h + 1] = sums.im((h - 1) * replicas + r);
    }
    hn::Vec<Lanes> condition;
    auto power = power_of_harmonics(d, context, w, wy, condition);
    power = hn::IfThenElseZero(hn::Ge(condition, hn::Set(d, sink.condition_limit)), power);
    power = hn::Min(hn::Max(power, hn::Zero(d)), hn::Set(d, 1.0));
    if (!sink.replica_power.empty()) emit.store(power, sink.replica_power[at(r)] + k, count);
    HWY_ALIGN double part[8];
    hn::Store(power, d, part);
    for (Index l = 0; l < std::min(count, Index(hn::Lanes(d))); ++l) sink.maxima[r] = std::max(sink.maxima[r], part[l]);
  }
}

HWY_INLINE void emit_sums(const Emit& emit, const Sums& sums, Index k, Index count) {
  for (Index c = 0; c < emit.plan.total_columns; ++c) {
    emit.store(sums.re(c), emit.sink.re[at(c)] + (k - emit.sink.origin), count);
    emit.store(sums.im(c), emit.sink.im[at(c)] + (k - emit.sink.origin), count);
  }
}

template <class One>
HWY_INLINE void emit_group(const detail::NufftPlan& plan, const double* batch, Index group, detail::NufftRange range, const One& one) {
  const Lanes d;
  const Index lanes = Index(hn::Lanes(d));
  const auto& shape = plan.shape;
  const Index half = shape.small_modes / 2;
  for (Index q = 0; q < shape.small_modes; ++q) {
    const Index offset = shape.residues * q + group * lanes;
    const Index k = range.begin + offset;
    if (k >= range.end) break;
    const Index mode = q - half < 0 ? q - half + shape.small : q - half;
    const double* element = batch + 2 * lanes * Index(plan.tables->fft.position[at(mode)]);
    const Sums sums{element, 4 * lanes * shape.small, hn::LoadU(d, plan.tables->correction.data() + offset)};
    one(sums, k, range.end - k);
  }
}

HWY_INLINE void emit_all(const detail::NufftPlan& plan, detail::NufftWorkspace& work, Index group, int half, detail::NufftRange range,
                         const detail::NufftSink& sink) {
  const Emit emit{plan, work, sink};
  const double* batch = work.batch.data() + half * 2 * Index(hn::Lanes(Lanes())) * plan.shape.small;
  using Kind = detail::NufftSink::Kind;
  switch (sink.kind) {
    case Kind::one_harmonic:
      emit_group(plan, batch, group, range, [&](const Sums& s, Index k, Index n) { emit_one_harmonic(emit, s, k, n); });
      break;
    case Kind::harmonics:
      emit_group(plan, batch, group, range, [&](const Sums& s, Index k, Index n) { emit_harmonics(emit, s, k, n); });
      break;
    case Kind::maxima:
      emit_group(plan, batch, group, range, [&](const Sums& s, Index k, Index n) { emit_maxima(emit, s, k, n); });
      break;
    case Kind::sums:
      emit_group(plan, batch, group, range, [&](const Sums& s, Index k, Index n) { emit_sums(emit, s, k, n); });
      break;
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace orrery::period
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
