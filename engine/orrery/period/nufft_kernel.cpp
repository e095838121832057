// The spreading kernel of the blocked transform: Kaiser-Bessel I0(beta sqrt(1 - z^2)), |z| <= 1, over `width` cells.
#include "orrery/period/nufft_kernel.hpp"

#include <cmath>
#include <vector>

namespace orrery::period::detail {
namespace {

constexpr double kPi = 3.14159265358979323846;

/// I0(beta sqrt(1 - z^2)) / I0(beta) by its power series: all terms are positive.
double bessel_series(double quarter_square) {
  double term = 1.0, sum = 1.0;
  for (int k = 1; term > 1e-17 * sum; ++k) {
    term *= quarter_square / (double(k) * double(k));
    sum += term;
  }
  return sum;
}

}  // namespace

double nufft_beta(int width, double sigma) {
  // Beatty, Nishimura & Pauly 2005, IEEE Trans. Med. Imaging 24, 799, eq. 5
  const double a = double(width) * (1.0 - 0.5 / sigma);
  return kPi * std::sqrt(a * a - 0.8);
}

double nufft_oversampling(int width, double tolerance) {
  // The aliasing error of the best kernel falls as exp(-pi width sqrt(1 - 1 / sigma)) (Potts & Steidl 2003).
  const double s = std::log(3.0 / tolerance) / (kPi * double(width));
  return s < 0.9 ? 1.0 / (1.0 - s * s) : 0.0;
}

NufftKernel nufft_kernel(int width, double beta) {
  NufftKernel kernel;
  kernel.width = width;
  kernel.beta = beta;
  kernel.terms = width + 3;
  const int n = kernel.terms;
  const std::size_t size = static_cast<std::size_t>(n);
  kernel.coefficients.resize(n * kernel.stride());
  kernel.coefficients.fill_zero();
  const double norm = 1.0 / bessel_series(0.25 * beta * beta);
  std::vector<double> cosines(size * size), chebyshev(size), value(size), power(size);
  for (int j = 0; j < n; ++j) {
    for (int i = 0; i < n; ++i) cosines[at(j * n + i)] = std::cos(kPi * j * (i + 0.5) / n);
  }
  for (int tap = 0; tap < width; ++tap) {
    for (int i = 0; i < n; ++i) {
      const double v = cosines[at(n + i)];
      const double z = (tap + 0.5 * (v + 1.0)) * 2.0 / width - 1.0;
      value[at(i)] = norm * bessel_series(0.25 * beta * beta * std::fmax(0.0, 1.0 - z * z));
    }
    for (int j = 0; j < n; ++j) {
      double sum = 0.0;
      for (int i = 0; i < n; ++i) sum += value[at(i)] * cosines[at(j * n + i)];
      chebyshev[at(j)] = sum * (j == 0 ? 1.0 : 2.0) / n;
    }
    // sum c_j T_j(v) -> powers of v, by T_{j+1} = 2 v T_j - T_{j-1}
    std::vector<double> before(size, 0.0), now(size, 0.0), next(size, 0.0);
    std::fill(power.begin(), power.end(), 0.0);
    before[0] = 1.0;
    now[1] = 1.0;
    power[0] = chebyshev[0];
    for (int j = 1; j < n; ++j) {
      for (int p = 0; p <= j; ++p) power[at(p)] += chebyshev[at(j)] * now[at(p)];
      for (int p = 0; p < n; ++p) next[at(p)] = (p > 0 ? 2.0 * now[at(p - 1)] : 0.0) - before[at(p)];
      before.swap(now);
      now.swap(next);
    }
    for (int p = 0; p < n; ++p) kernel.coefficients[(n - 1 - p) * kernel.stride() + tap] = power[at(p)];
  }
  return kernel;
}

void nufft_correction(int width, double beta, Index big, Index modes, FftBuffer& out) {
  // Fourier transform of the kernel at nu cycles a cell: width sinh(q) / (q I0(beta)), q = sqrt(beta^2 - (pi width nu)^2)
  const double scale = bessel_series(0.25 * beta * beta) / double(width);
  out.resize(modes);
  const Index half = modes / 2;
  for (Index m = 0; m <= half; ++m) {
    const double a = kPi * double(width) * double(m) / double(big);
    const double q = std::sqrt(beta * beta - a * a);
    const double e = std::exp(q);
    const double value = scale * 2.0 * q / (e - 1.0 / e);
    out[half - m] = value;
    if (half + m < modes) out[half + m] = value;
  }
}

}  // namespace orrery::period::detail
