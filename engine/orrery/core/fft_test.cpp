#include "orrery/core/fft.hpp"

#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "support/test.hpp"

using namespace orrery;

namespace {

using Complex = std::complex<double>;

std::vector<Complex> noise(Index n, std::uint64_t seed) {
  Random random(seed);
  std::vector<Complex> x(at(n));
  for (auto& v : x) v = {random.normal(), random.normal()};
  return x;
}

/// Largest difference to the long-double sums, relative to the root of the signal's power.
double error_of(const std::vector<Complex>& x, const std::vector<Complex>& transformed, long double sign) {
  const std::size_t n = x.size();
  long double power = 0, worst = 0;
  for (const auto& v : x) power += std::norm(v);
  for (std::size_t k = 0; k < n; ++k) {
    long double re = 0, im = 0;
    for (std::size_t j = 0; j < n; ++j) {
      const long double angle = sign * 6.283185307179586476925286766559L * (long double)((j * k) % n) / (long double)n;
      const long double c = std::cos(angle), s = std::sin(angle);
      re += c * x[j].real() - s * x[j].imag();
      im += c * x[j].imag() + s * x[j].real();
    }
    worst = std::max(worst, std::hypot(re - transformed[k].real(), im - transformed[k].imag()));
  }
  return double(worst / std::sqrt(power));
}

}  // namespace

TEST_CASE("every length 2^a 3^b 5^c up to 512 agrees with the long-double DFT, both directions") {
  for (Index n = 1; n <= 512; ++n) {
    if (!is_fft_size(n)) continue;
    CAPTURE(n);
    const auto x = noise(n, std::uint64_t(n));
    // Rounding of a fast transform grows as log n: below 20 ulp here.
    CHECK(error_of(x, fft(x), -1.0L) < 3e-15);
    CHECK(error_of(x, fft(x, true), 1.0L) < 3e-15);
  }
}

TEST_CASE("there and back at lengths that leave the first cache, and Parseval") {
  for (const Index n : {4096, 6144, 10240, 8000, 65536}) {
    CAPTURE(n);
    const auto x = noise(n, 7);
    const auto there = fft(x);
    const auto back = fft(there, true);
    double worst = 0, before = 0, after = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      worst = std::max(worst, std::abs(back[i] / double(n) - x[i]));
      before += std::norm(x[i]);
      after += std::norm(there[i]);
    }
    CHECK(worst < 1e-14);
    CHECK(close(after, before * double(n), {.rtol = 1e-13}));
  }
}

TEST_CASE("sizes") {
  CHECK(next_fft_size(1) == 1);
  CHECK(next_fft_size(7) == 8);
  CHECK(next_fft_size(1001) == 1024);
  CHECK(next_fft_size(1025) == 1080);
  CHECK_THROWS_AS((void)fft_plan(14), InputError);
  CHECK_THROWS_AS((void)fft_plan(0), InputError);
  CHECK_THROWS_AS((void)fft(std::vector<Complex>(7)), InputError);
}
