// Counts over the unit square: phases in SIMD lanes, four frequencies side by side.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "orrery/period/conditional_entropy_simd.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

#include <algorithm>

#include "orrery/period/conditional_entropy_detail.hpp"
#include "orrery/period/fold_inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::period {
namespace HWY_NAMESPACE {

constexpr std::size_t kAside = 4, kBlock = 512;

struct EntropyWork {
  std::vector<std::uint32_t> count;  // (kAside, phase bins, value bins)
  std::vector<std::int32_t> bin = std::vector<std::int32_t>(kAside * kBlock);
};

inline void count_four(const detail::EntropyTable& table, const double* f, std::size_t phases, std::size_t values, EntropyWork& work) {
  std::fill(work.count.begin(), work.count.end(), 0u);
  const std::size_t n = table.row.size();
  for (std::size_t begin = 0; begin < n; begin += kBlock) {
    const std::size_t some = std::min(kBlock, n - begin);
    for (std::size_t a = 0; a < kAside; ++a) {
      bins_of(table.series.tau.data() + begin, some, f[a], static_cast<double>(phases), work.bin.data() + a * kBlock);
    }
    const std::int32_t* row = table.row.data() + begin;
    const std::int32_t* bin = work.bin.data();
    std::uint32_t* count = work.count.data();
    const auto height = static_cast<std::int32_t>(values);
    for (std::size_t i = 0; i < some; ++i) {
      for (std::size_t a = 0; a < kAside; ++a) {
        ++count[a * phases * values + static_cast<std::size_t>(bin[a * kBlock + i] * height + row[i])];
      }
    }
  }
}

void entropy_piece_simd(const detail::EntropyTable& table, const TrialFrequencies& frequency, const ConditionalEntropyOptions& options,
                        Index begin, Index end, double* out) {
  const std::size_t phases = at(options.phase_bins), values = at(options.value_bins);
  EntropyWork work;
  work.count.resize(kAside * phases * values);
  for (Index k = begin; k < end; k += Index(kAside)) {
    double f[kAside];
    for (std::size_t a = 0; a < kAside; ++a) f[a] = frequency[std::min(k + Index(a), end - 1)];
    count_four(table, f, phases, values, work);
    const std::uint32_t* count = work.count.data();
    for (std::size_t a = 0; a < kAside && k + Index(a) < end; ++a) {
      double sum = 0.0;
      for (std::size_t j = 0; j < phases; ++j) {
        std::uint32_t all = 0;
        for (std::size_t i = 0; i < values; ++i, ++count) {
          all += *count;
          sum -= table.n_log_n[*count];
        }
        sum += table.n_log_n[all];
      }
      out[k - begin + Index(a)] = std::max(0.0, sum / static_cast<double>(table.row.size()));
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace orrery::period
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace orrery::period {
HWY_EXPORT(entropy_piece_simd);

namespace detail {
void entropy_piece(const EntropyTable& table, const TrialFrequencies& frequency, const ConditionalEntropyOptions& options, Index begin,
                   Index end, double* out) {
  HWY_DYNAMIC_DISPATCH(entropy_piece_simd)(table, frequency, options, begin, end, out);
}
}  // namespace detail
}  // namespace orrery::period
#endif
