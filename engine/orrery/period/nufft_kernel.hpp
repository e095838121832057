#pragma once
#include "orrery/core/fft_buffer.hpp"
#include "orrery/core/index.hpp"

namespace orrery::period::detail {

/// The kernel as one polynomial a tap: tap t of a point whose first cell lies `offset` in [0, 1) behind its left edge.
struct NufftKernel {
  int width = 0;
  double beta = 0.0;
  int terms = 0;
  FftBuffer coefficients;  ///< (terms, stride): highest power first, of v = 2 * offset - 1
  [[nodiscard]] Index stride() const { return (width + 3) / 4 * 4; }
};

/// Shape parameter that balances aliasing and truncation at an oversampling sigma = cells / modes.
[[nodiscard]] double nufft_beta(int width, double sigma);

/// Smallest oversampling that keeps a sum within `tolerance` of sum |v|; 0 when this width cannot.
[[nodiscard]] double nufft_oversampling(int width, double tolerance);

/// @cost O(width^3), about 10 microseconds
[[nodiscard]] NufftKernel nufft_kernel(int width, double beta);

/// out[m] = 1 / Fourier transform of the kernel at mode m - modes / 2 of a grid of `big` cells. @cost O(modes)
void nufft_correction(int width, double beta, Index big, Index modes, FftBuffer& out);

}  // namespace orrery::period::detail
