#pragma once
// For tests only: Lomb-Scargle by long-double normal equations, written independently of the engine's sums and solves.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>
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

/// The same with the constant fitted, where less than a turn passes: trigonometric polynomials of degree K are cos(phi / 2)^(2K) times
/// polynomials of degree 2K in x = tan(phi / 2), phi = 0 in the middle of the times. By the three-term recurrence of Stieltjes in
/// long double: no normal equations, no complex numbers, and well-conditioned on short arcs.
inline double by_real_powers(const SeriesView& s, long double f, int harmonics) {
  const std::size_t n = s.t.size();
  const auto [low, high] = std::minmax_element(s.t.begin(), s.t.end());
  const long double middle = 0.5L * (static_cast<long double>(*low) + *high), pi = 3.141592653589793238462643383279502884L;
  long double total = 0, mean = 0, yy = 0;
  std::vector<long double> x(n), root(n), y(n), now(n), before(n, 0.0L);
  for (std::size_t i = 0; i < n; ++i) {
    const long double e = s.sigma.empty() ? 1.0L : static_cast<long double>(s.sigma[i]);
    root[i] = 1.0L / (e * e), total += root[i], mean += root[i] * s.y[i];
  }
  for (std::size_t i = 0; i < n; ++i) {
    root[i] = std::sqrt(root[i] / total);
    y[i] = root[i] * (s.y[i] - mean / total), yy += y[i] * y[i];
    const long double half = pi * f * (static_cast<long double>(s.t[i]) - middle);
    x[i] = std::tan(half), now[i] = root[i] * std::pow(std::cos(half), 2 * harmonics);
  }
  const auto dot = [&](const auto& a, const auto& b) {
    long double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += a[i] * b[i];
    return sum;
  };
  long double gain = 0, beta = 0;
  for (int j = 0; j <= 2 * harmonics; ++j) {
    const long double length = std::sqrt(dot(now, now));
    for (auto& v : now) v /= length;
    if (j > 0) beta = length;
    gain += dot(now, y) * dot(now, y);
    std::vector<long double> next(n);
    for (std::size_t i = 0; i < n; ++i) next[i] = x[i] * now[i];
    const long double alpha = dot(next, now);
    for (std::size_t i = 0; i < n; ++i) next[i] -= alpha * now[i] + beta * before[i];
    before = std::exchange(now, next);
  }
  return double(gain / yy);
}

/// A sinusoid around magnitude 15 with full range `amplitude`, equal errors, Julian dates in order.
inline data::Series made(Index n, double period, double amplitude, double noise, std::uint64_t seed, double span = 200.0) {
  Random random(seed);
  data::Series s;
  for (Index i = 0; i < n; ++i) s.t.push_back(2450000.0 + span * random.uniform());
  std::sort(s.t.begin(), s.t.end());
  for (const double t : s.t) {
    s.y.push_back(15.0 + 0.5 * amplitude * std::sin(2.0 * std::numbers::pi * (t - 2450000.0) / period) + noise * random.normal());
    s.sigma.push_back(noise);
  }
  return s;
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
