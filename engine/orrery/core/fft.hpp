#pragma once
#include <complex>
#include <cstdint>
#include <span>
#include <vector>

#include "orrery/core/index.hpp"

namespace orrery {

/// One pass of a decimation-in-frequency transform: blocks of `size` are cut into `radix` parts.
struct FftLevel {
  int radix = 0;           ///< 2, 3, 4 or 5
  Index size = 0;          ///< length of the blocks this pass works on
  std::size_t twiddle = 0; ///< where its factors start in FftPlan::twiddles: (radix - 1) complex numbers for each j < size / radix
};

/// Everything a transform of one length needs; made once, used for any number of transforms, shared by threads.
struct FftPlan {
  Index size = 0;
  std::vector<FftLevel> levels;         ///< outermost first
  std::vector<double> twiddles;         ///< re, im
  std::vector<std::int32_t> position;   ///< (size,) where X[k] lies after the in-place transform (digit-reversed order)
};

/// True when n = 2^a 3^b 5^c, the lengths that fft_plan takes. @cost O(log n)
[[nodiscard]] bool is_fft_size(Index n);

/// Smallest transform length >= n. @cost O(log n) a candidate, a handful of candidates
[[nodiscard]] Index next_fft_size(Index n);

/// Plan for length n.
/// @throws InputError  n < 1 or a prime factor above 5
/// @cost   O(n), about 5 ns an element; no trial runs
[[nodiscard]] FftPlan fft_plan(Index n);

/// Discrete Fourier transform X[k] = sum_j x[j] exp(-2 pi i j k / n); inverse: exp(+...), not divided by n.
/// The same passes run on SIMD lanes inside the blocked non-uniform transform of period/; this is the one-signal form.
/// @param x  (n,) n = 2^a 3^b 5^c
/// @return   (n,) in natural order
/// @throws InputError  as fft_plan
/// @cost     O(n log n) time, O(n) memory
/// @source   Cooley & Tukey 1965, Math. Comp. 19, 297 (decimation in frequency: Gentleman & Sande 1966)
[[nodiscard]] std::vector<std::complex<double>> fft(std::span<const std::complex<double>> x, bool inverse = false);

}  // namespace orrery
