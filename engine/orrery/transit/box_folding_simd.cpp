// The fast folding transform and the scan of its profiles in SIMD lanes.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "orrery/transit/box_folding_simd.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

#include <algorithm>
#include <cstdint>

#include "orrery/transit/box_folding_detail.hpp"
#include "orrery/transit/box_scan_inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::transit {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// out = a + b.
inline void add(const float* HWY_RESTRICT a, const float* HWY_RESTRICT b, Index n, float* HWY_RESTRICT out) {
  const hn::ScalableTag<float> d;
  const Index lanes = static_cast<Index>(hn::Lanes(d));
  Index i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(hn::Add(hn::LoadU(d, a + i), hn::LoadU(d, b + i)), d, out + i);
  for (; i < n; ++i) out[i] = a[i] + b[i];
}

/// Drift of a part that has `part` of `rows` rows, when that of the whole is `drift`; rounded.
inline Index share(Index drift, Index part, Index rows) { return rows > 1 ? (2 * drift * (part - 1) + rows - 1) / (2 * (rows - 1)) : 0; }

/// A block of rows of `turn` pairs, `width` floats from one to the next: rows of the answer are drifts 0 ... rows - 1, those not needed
/// are left as they are. The first half of the rows drifts by its share, the second half begins where that ends (Staelin 1969).
struct Transform {
  Index turn, width_in, width;

  /// @param need  (rows,) or null: all
  /// @param flags  memory for the needs of the parts
  /// @return      where the answer is: `out`, or `in` for a single row
  const float* run(const float* in, Index rows, const unsigned char* need, unsigned char* flags, float* out, float* other) const {
    if (rows == 1) return in;
    const Index head_rows = rows / 2, tail_rows = rows - head_rows;
    unsigned char *need_head = nullptr, *need_tail = nullptr;
    if (need != nullptr && rows >= 8) {
      need_head = flags;
      need_tail = flags + head_rows;
      flags += rows;
      std::fill_n(need_head, rows, static_cast<unsigned char>(0));
      for (Index s = 0; s < rows; ++s) {
        if (need[s] == 0) continue;
        need_head[share(s, head_rows, rows)] = 1;
        need_tail[share(s, tail_rows, rows)] = 1;
      }
    }
    const float* head = run(in, head_rows, need_head, flags, other, out);
    const float* tail = run(in + head_rows * width_in, tail_rows, need_tail, flags, other + head_rows * width, out + head_rows * width);
    for (Index s = 0; s < rows; ++s) {
      if (need != nullptr && need[s] == 0) continue;
      const float* first = head + share(s, head_rows, rows) * width;  // a single row has share 0
      const Index t = share(s, tail_rows, rows), shift = 2 * ((s - t) % turn), length = 2 * turn;
      const float* second = tail + t * width;
      float* sum = out + s * width;
      add(first, second + shift, length - shift, sum);
      add(first + length - shift, second, shift, sum + length - shift);
    }
    return out;
  }
};

/// Begins on a line of the cache.
inline float* aligned(std::vector<float>& memory, std::size_t size) {
  if (memory.size() < size + 16) memory.resize(size + 16);
  const auto address = reinterpret_cast<std::uintptr_t>(memory.data());
  return memory.data() + (64 - address % 64) % 64 / sizeof(float);
}

const float* fast_fold_simd(const float* rows, const detail::FoldUnit& unit, Index stride, detail::FoldingWork& work) {
  const Index width = detail::row_width(unit.turn);
  float *a = aligned(work.a, at(unit.rows * width)), *b = aligned(work.b, at(unit.rows * width));
  work.need.assign(at(4 * unit.rows + 64), 0);
  for (Index k = 0; k < unit.count; ++k) work.need[at(unit.begin + k * stride)] = 1;
  const Transform transform{unit.turn, 2 * unit.turn, width};
  return transform.run(rows, unit.rows, work.need.data(), work.need.data() + unit.rows, a, b);
}

/// Running sums of four profiles at once, so that the additions of one do not wait for each other; weights less `slope`.
template <class T>
inline void running_sums(const float* const* profile, Index turn, Index length, T slope, T* sum, T* weight) {
  T s[4] = {0, 0, 0, 0}, w[4] = {0, 0, 0, 0};
  const Index row = turn + length + 1;
  for (Index k = 0; k < 4; ++k) sum[k * row] = weight[k * row] = 0;
  for (Index i = 0, j = 0; i < turn + length; ++i, j = j + 1 == turn ? 0 : j + 1) {
    for (Index k = 0; k < 4; ++k) {
      sum[k * row + i + 1] = s[k] += static_cast<T>(profile[k][2 * j]);
      weight[k * row + i + 1] = w[k] += static_cast<T>(profile[k][2 * j + 1]) - slope;
    }
  }
}

/// Best box of each profile by running sums of type T.
template <class T>
inline void best_boxes(const float* const* profile, Index count, const detail::ProfileScan& search, T slope, T tiny, std::vector<T>& sums,
                       std::vector<T>& weights, double& suggestion, detail::ScoredBox* out) {
  const Index turn = search.turn, longest = std::min(turn, *std::max_element(search.lengths.begin(), search.lengths.end())),
      row = turn + longest + 1;
  sums.resize(at(4 * row));
  weights.resize(at(4 * row));
  const float* four[4];
  for (Index k = 0; k < 4; ++k) four[k] = profile[std::min(k, count - 1)];
  running_sums(four, turn, longest, slope, sums.data(), weights.data());
  for (Index k = 0; k < count; ++k) {
    const T *sum = sums.data() + k * row, *weight = weights.data() + k * row;
    const auto best = best_from(suggestion, [&](detail::BestBox& box) {
      for (const Index length : search.lengths) {
        if (length < turn) scan(sum, weight, turn, length, static_cast<T>(search.total), slope, tiny, search.likelihood, box);
      }
    });
    out[k] = {.box = best};
    for (Index i = 0; i < best.length; ++i) {
      const Index j = (best.bin + i) % turn;
      out[k].sum += static_cast<double>(profile[k][2 * j]);
      out[k].weight += static_cast<double>(profile[k][2 * j + 1]);
    }
    if (best.length >= 0 && out[k].weight < kTiny) out[k].box = {};
  }
}

void scan_profiles_simd(const float* const* profile, Index count, const detail::ProfileScan& search, detail::FoldingWork& work,
    detail::ScoredBox* out) {
  if (search.in_float) {
    // Less the mean, running weights stay small and floats keep them; boxes lighter than half the lightest point hold none.
    const auto slope = static_cast<float>(search.total / static_cast<double>(search.turn));
    best_boxes(profile, count, search, slope, 0.01F, work.float_sum, work.float_weight, work.suggestion, out);
  } else {
    best_boxes(profile, count, search, 0.0, kTiny, work.sum, work.weight, work.suggestion, out);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace orrery::transit
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace orrery::transit {
HWY_EXPORT(fast_fold_simd);
HWY_EXPORT(scan_profiles_simd);

namespace detail {
const float* fast_fold(const float* rows, const FoldUnit& unit, Index stride, FoldingWork& work) {
  return HWY_DYNAMIC_DISPATCH(fast_fold_simd)(rows, unit, stride, work);
}

void scan_profiles(const float* const* profile, Index count, const ProfileScan& search, FoldingWork& work, ScoredBox* out) {
  HWY_DYNAMIC_DISPATCH(scan_profiles_simd)(profile, count, search, work, out);
}
}  // namespace detail
}  // namespace orrery::transit
#endif
