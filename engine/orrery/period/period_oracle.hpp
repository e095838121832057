#pragma once
// For tests only: Lomb-Scargle by long-double normal equations, written independently of the engine's sums and solves.
#include <cmath>
#include <vector>

#include "orrery/core/close.hpp"
#include "orrery/core/random.hpp"
#include "orrery/data/series.hpp"
#include "orrery/period/lomb_scargle.hpp"

namespace orrery::period::oracle {

/// chi2 gain over chi2_0 at f = first + k * step (kept in long double), by Gaussian elimination with pivoting on [1,] sin, cos, ...
inline double standard(const SeriesView& s, long double f, int harmonics, bool fit_mean, bool center) {
  const std::size_t n = s.t.size();
  const int p = 2 * harmonics + (fit_mean ? 1 : 0);
  long double total = 0, mean = 0;
  const auto weight = [&](std::size_t i) {
    const long double e = s.sigma.empty() ? 1.0L : static_cast<long double>(s.sigma[i]);
    return 1.0L / (e * e);
  };
  for (std::size_t i = 0; i < n; ++i) total += weight(i), mean += weight(i) * s.y[i];
  mean = fit_mean || center ? mean / total : 0.0L;
  std::vector<long double> a(std::size_t(p * (p + 1)), 0.0L), row(std::size_t(p) + 1);
  long double yy = 0;
  const long double two_pi = 6.283185307179586476925286766559005768L;
  for (std::size_t i = 0; i < n; ++i) {
    const long double turns = f * (static_cast<long double>(s.t[i]) - s.t[0]);
    const long double phase = two_pi * (turns - std::floor(turns));
    const long double w = weight(i) / total, y = s.y[i] - mean;
    std::size_t c = 0;
    if (fit_mean) row[c++] = 1.0L;
    for (int k = 1; k <= harmonics; ++k) row[c++] = std::sin(k * phase), row[c++] = std::cos(k * phase);
    row[c] = y;
    for (int r = 0; r < p; ++r) {
      for (int q = 0; q <= p; ++q) a[std::size_t(r * (p + 1) + q)] += w * row[std::size_t(r)] * row[std::size_t(q)];
    }
    yy += w * y * y;
  }
  // Elimination: what is taken from yy by each column in turn is the gain. The constant's own part counts in chi2_0, not here.
  std::vector<long double> b(static_cast<std::size_t>(p));
  long double gain = 0;
  const auto A = [&](int r, int q) -> long double& { return a[std::size_t(r * (p + 1) + q)]; };
  for (int j = 0; j < p; ++j) {
    if (A(j, j) < 1e-15L) continue;
    if (!(fit_mean && j == 0)) gain += A(j, p) * A(j, p) / A(j, j);
    for (int r = j + 1; r < p; ++r) {
      const long double l = A(r, j) / A(j, j);
      for (int q = j; q <= p; ++q) A(r, q) -= l * A(j, q);
    }
  }
  return double(gain / yy);
}

/// A sinusoid at `frequency` with noise, uneven times over `span` days, unequal errors.
struct Sky {
  std::vector<double> t, y, sigma;
  [[nodiscard]] SeriesView view() const { return {t, y, sigma}; }
};
inline Sky sky(Index n, double span, double frequency, std::uint64_t seed, double noise = 0.5) {
  Random random(seed);
  Sky out;
  for (Index i = 0; i < n; ++i) {
    out.t.push_back(random.uniform(0.0, span));
    out.sigma.push_back(noise * random.uniform(0.6, 1.4));
    const double phase = 6.283185307179586 * frequency * out.t.back();
    out.y.push_back(3.0 + std::sin(phase) + 0.3 * std::cos(2 * phase + 1.0) + out.sigma.back() * random.normal());
  }
  return out;
}

}  // namespace orrery::period::oracle
