#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "orrery/core/fft.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

#include "orrery/core/fft.hpp"
#include "orrery/core/fft_inl.hpp"

#include "orrery/core/fft_buffer.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery {
namespace HWY_NAMESPACE {

std::size_t fft_lane_count() { return hn::Lanes(hn::ScalableTag<double>()); }
void fft_batch(const FftPlan& plan, double* x) { fft_lanes(hn::ScalableTag<double>(), plan, x); }

}  // namespace HWY_NAMESPACE
}  // namespace orrery
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <cmath>
#include <string>

#include "orrery/core/error.hpp"

namespace orrery {
HWY_EXPORT(fft_lane_count);
HWY_EXPORT(fft_batch);

namespace {

constexpr double kTwoPi = 6.283185307179586476925286766559;

/// exp(-2 pi i k / n), with the angle reduced to an eighth of a turn so that both parts keep full precision.
std::complex<double> root_of_unity(Index k, Index n) {
  k %= n;
  const Index eighth = (8 * k + n / 2) / n;  // nearest multiple of n / 8
  const double rest = kTwoPi * (double(8 * k - eighth * n) / (8.0 * double(n)));
  const double c = std::cos(rest), s = std::sin(rest), h = 0.70710678118654752440;
  const auto turned = [&](double cs, double sn) { return std::complex<double>(c * cs - s * sn, -(s * cs + c * sn)); };
  switch (eighth % 8) {
    case 0: return turned(1, 0);
    case 1: return turned(h, h);
    case 2: return turned(0, 1);
    case 3: return turned(-h, h);
    case 4: return turned(-1, 0);
    case 5: return turned(-h, -h);
    case 6: return turned(0, -1);
    default: return turned(h, -h);
  }
}

std::vector<int> radices_of(Index n) {
  std::vector<int> radices;
  for (const int odd : {5, 3}) {
    for (; n % odd == 0; n /= odd) radices.push_back(odd);
  }
  int twos = 0;
  for (; n % 2 == 0; n /= 2) ++twos;
  if (twos % 2 != 0) radices.push_back(2);
  for (int i = 0; i < twos / 2; ++i) radices.push_back(4);
  return radices;
}

}  // namespace

bool is_fft_size(Index n) {
  if (n < 1) return false;
  for (const int p : {2, 3, 5}) {
    while (n % p == 0) n /= p;
  }
  return n == 1;
}

Index next_fft_size(Index n) {
  if (n < 1) n = 1;
  while (!is_fft_size(n)) ++n;
  return n;
}

FftPlan fft_plan(Index n) {
  if (!is_fft_size(n) || n > (Index(1) << 30)) {
    fail(ErrorKind::input, "fft_plan", "expected a length 2^a 3^b 5^c up to 2^30, got " + std::to_string(n));
  }
  FftPlan plan;
  plan.size = n;
  std::vector<std::complex<double>> roots(at(n));
  for (Index k = 0; k < n; ++k) roots[at(k)] = root_of_unity(k, n);
  Index size = n;
  for (const int radix : radices_of(n)) {
    plan.levels.push_back({radix, size, plan.twiddles.size()});
    const Index part = size / radix;
    for (Index j = 0; j < part && part > 1; ++j) {
      for (int r = 1; r < radix; ++r) {
        const auto w = roots[at(j * r * (n / size))];
        plan.twiddles.push_back(w.real());
        plan.twiddles.push_back(w.imag());
      }
    }
    size = part;
  }
  plan.position.resize(at(n));
  for (Index k = 0; k < n; ++k) {
    Index rest = k, place = 0, length = n;
    for (const auto& level : plan.levels) {  // frequency k = r + radix * k' lies in part r, at the place of k' there
      length /= level.radix;
      place += (rest % level.radix) * length;
      rest /= level.radix;
    }
    plan.position[at(k)] = static_cast<std::int32_t>(place);
  }
  return plan;
}

std::vector<std::complex<double>> fft(std::span<const std::complex<double>> x, bool inverse) {
  const Index n = ssize(x);
  const Index lanes = Index(HWY_DYNAMIC_DISPATCH(fft_lane_count)());
  // Cut in time into one interleaved part a lane; a last butterfly across the lanes joins them.
  const Index used = n % lanes == 0 ? lanes : 1;
  const FftPlan plan = fft_plan(n / used);
  if (n < 1 || n > (Index(1) << 30)) fail(ErrorKind::input, "fft", "expected 1 to 2^30 elements, got " + std::to_string(n));
  FftBuffer batch(plan.size * 2 * lanes);
  for (Index e = 0; e < plan.size; ++e) {
    for (Index l = 0; l < lanes; ++l) {
      const auto v = l < used ? x[at(e * used + l)] : std::complex<double>();
      batch[2 * e * lanes + l] = v.real();
      batch[(2 * e + 1) * lanes + l] = inverse ? -v.imag() : v.imag();
    }
  }
  HWY_DYNAMIC_DISPATCH(fft_batch)(plan, batch.data());
  std::vector<std::complex<double>> out(at(n));
  for (Index k = 0; k < n; ++k) {
    const Index e = plan.position[at(k % plan.size)];
    std::complex<double> sum;
    const auto step = root_of_unity(k, n);
    std::complex<double> w = 1.0;
    for (Index l = 0; l < used; ++l) {
      sum += w * std::complex<double>(batch[2 * e * lanes + l], batch[(2 * e + 1) * lanes + l]);
      w *= step;
    }
    out[at(k)] = inverse ? std::conj(sum) : sum;
  }
  return out;
}

}  // namespace orrery
#endif
