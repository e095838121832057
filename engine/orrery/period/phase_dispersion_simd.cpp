// Sums in bins of phase: phases in SIMD lanes, four frequencies side by side so that one bin's addition never waits for the last one's.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "orrery/period/phase_dispersion_simd.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

#include <algorithm>

#include "orrery/core/pair_inl.hpp"
#include "orrery/period/fold_inl.hpp"
#include "orrery/period/phase_dispersion_detail.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::period {
namespace HWY_NAMESPACE {
using orrery::HWY_NAMESPACE::add_pair;

constexpr std::size_t kAside = 4, kBlock = 512;  // frequencies side by side, points whose bins are found before they are added

struct DispersionWork {
  std::vector<double> pair;           // (2 N,) w y and w side by side
  std::vector<double> sums;           // (kAside, 2 fine bins)
  std::vector<double> mean;           // of bins, for the polygon
  std::vector<std::int32_t> bin = std::vector<std::int32_t>(kAside * kBlock);
  std::vector<double> phase;
};

/// Sums of the fine bins at four frequencies.
inline void fold_four(const detail::FoldedSeries& series, const double* f, std::size_t fine, DispersionWork& work) {
  std::fill(work.sums.begin(), work.sums.end(), 0.0);
  const std::size_t n = series.tau.size();
  for (std::size_t begin = 0; begin < n; begin += kBlock) {
    const std::size_t count = std::min(kBlock, n - begin);
    for (std::size_t a = 0; a < kAside; ++a) {
      bins_of(series.tau.data() + begin, count, f[a], static_cast<double>(fine), work.bin.data() + a * kBlock);
    }
    const double* pair = work.pair.data() + 2 * begin;
    const std::int32_t* bin = work.bin.data();
    double* sums = work.sums.data();
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t a = 0; a < kAside; ++a) {
        add_pair(pair + 2 * i, sums + 2 * (a * fine + static_cast<std::size_t>(bin[a * kBlock + i])));
      }
    }
  }
}

/// What bins of all covers leave of the scatter, and how many of them hold points.
struct Left {
  double scatter = 0.0;
  Index filled = 0;
};

inline Left left_in_bins(const detail::FoldedSeries& series, const double* sums, std::size_t fine, std::size_t covers) {
  Left left{.scatter = series.scatter * static_cast<double>(covers)};
  for (std::size_t j = 0; j < fine; ++j) {
    double s = 0.0, w = 0.0;
    for (std::size_t c = 0; c < covers; ++c) {
      const std::size_t k = j + c < fine ? j + c : j + c - fine;
      s += sums[2 * k];
      w += sums[2 * k + 1];
    }
    if (!(w > 0.0)) continue;
    left.scatter -= s * s / w;
    ++left.filled;
  }
  return left;
}

/// The same about the polygon through the bins' means.
inline Left left_by_polygon(const detail::FoldedSeries& series, double f, const double* sums, std::size_t bins, DispersionWork& work) {
  Left left;
  std::vector<double>& mean = work.mean;
  mean.assign(bins, 0.0);
  std::size_t some = 0;
  for (std::size_t j = 0; j < bins; ++j) {
    if (!(sums[2 * j + 1] > 0.0)) continue;
    mean[j] = sums[2 * j] / sums[2 * j + 1];
    some = j;
    ++left.filled;
  }
  for (std::size_t step = 1, from = some; step <= bins; ++step) {  // straight on over empty bins
    const std::size_t j = (some + step) % bins;
    if (!(sums[2 * j + 1] > 0.0)) continue;
    const std::size_t gap = (j + bins - from - 1) % bins + 1;
    for (std::size_t k = 1; k < gap; ++k) {
      mean[(from + k) % bins] = mean[from] + (mean[j] - mean[from]) * static_cast<double>(k) / static_cast<double>(gap);
    }
    from = j;
  }
  const std::size_t n = series.tau.size();
  work.phase.resize(n);
  phases_of(series.tau.data(), n, f, work.phase.data());
  for (std::size_t i = 0; i < n; ++i) {
    const double x = work.phase[i] * static_cast<double>(bins) + static_cast<double>(bins) - 0.5;  // > 0
    const auto whole = static_cast<std::size_t>(x);
    const double u = x - static_cast<double>(whole);
    const double r = series.y[i] - ((1.0 - u) * mean[whole % bins] + u * mean[(whole + 1) % bins]);
    left.scatter += series.weight[i] * r * r;
  }
  return left;
}

void dispersion_piece_simd(const detail::FoldedSeries& series, const TrialFrequencies& frequency, const PhaseDispersionOptions& options,
                           Index begin, Index end, double* out) {
  const std::size_t covers = at(options.covers), fine = at(options.bins) * covers, n = series.tau.size();
  DispersionWork work;
  work.pair.resize(2 * n);
  for (std::size_t i = 0; i < n; ++i) {
    work.pair[2 * i] = series.weight[i] * series.y[i];
    work.pair[2 * i + 1] = series.weight[i];
  }
  work.sums.resize(2 * fine * kAside);
  for (Index k = begin; k < end; k += Index(kAside)) {
    double f[kAside];
    for (std::size_t a = 0; a < kAside; ++a) f[a] = frequency[std::min(k + Index(a), end - 1)];
    fold_four(series, f, fine, work);
    for (std::size_t a = 0; a < kAside && k + Index(a) < end; ++a) {
      const double* sums = work.sums.data() + 2 * a * fine;
      const Left left = options.interpolate ? left_by_polygon(series, f[a], sums, fine, work) : left_in_bins(series, sums, fine, covers);
      const double freedom = static_cast<double>(n * covers) - static_cast<double>(left.filled);
      const double whole = series.scatter / (static_cast<double>(n) - 1.0);
      out[k - begin + Index(a)] = whole > 0.0 && freedom > 0.0 ? std::max(0.0, left.scatter) / freedom / whole : 1.0;
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace orrery::period
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace orrery::period {
HWY_EXPORT(dispersion_piece_simd);

namespace detail {
void dispersion_piece(const FoldedSeries& series, const TrialFrequencies& frequency, const PhaseDispersionOptions& options, Index begin,
                      Index end, double* out) {
  HWY_DYNAMIC_DISPATCH(dispersion_piece_simd)(series, frequency, options, begin, end, out);
}
}  // namespace detail
}  // namespace orrery::period
#endif
