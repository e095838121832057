// Straight lines, parabolas, and how the times are spread.
#include <algorithm>
#include <cmath>
#include <limits>

#include "orrery/features/features_detail.hpp"

namespace orrery::features::detail {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Weighted line: slope, sum of weighted squares of t about its mean, chi2.
struct Line {
  double slope, spread, chi2;
};
Line line_of(const Star& star, bool weighted) {
  const auto weight = [&](std::size_t i) { return weighted ? 1.0 / (star.sigma[i] * star.sigma[i]) : 1.0; };
  double w = 0.0, wt = 0.0, wy = 0.0;
  const double t0 = star.t[0], y0 = star.y[0];
  for (std::size_t i = 0; i < star.t.size(); ++i) {
    w += weight(i);
    wt += weight(i) * (star.t[i] - t0);
    wy += weight(i) * (star.y[i] - y0);
  }
  const double mt = wt / w, my = wy / w;
  double tt = 0.0, ty = 0.0, yy = 0.0;
  for (std::size_t i = 0; i < star.t.size(); ++i) {
    const double x = star.t[i] - t0 - mt, v = star.y[i] - y0 - my, u = weight(i);
    tt += u * x * x;
    ty += u * x * v;
    yy += u * v * v;
  }
  return {ty / tt, tt, std::max(0.0, yy - ty * ty / tt)};
}

bool one_time(Star& star, double* out, int count) {
  if (star.t.back() > star.t.front()) return false;
  star.reason |= kEqualTimes;
  std::fill(out, out + count, kNaN);
  return true;
}

}  // namespace

// linear_trend, linear_trend_sigma, linear_trend_noise
void line(Star& star, double* out) {
  if (one_time(star, out, 3)) return;
  const Line l = line_of(star, false);
  out[0] = l.slope;
  out[2] = std::sqrt(l.chi2 / (star.count() - 2.0));
  out[1] = out[2] / std::sqrt(l.spread);
}

// linear_fit_slope, linear_fit_slope_sigma, linear_fit_reduced_chi2
void error_line(Star& star, double* out) {
  if (one_time(star, out, 3)) return;
  const Line l = line_of(star, true);
  out[0] = l.slope;
  out[1] = 1.0 / std::sqrt(l.spread);
  out[2] = l.chi2 / (star.count() - 2.0);
}

// parabola_fit_g, parabola_fit_m0, parabola_fit_reduced_chi2: by polynomials orthogonal under the weights, times scaled to [-1, 1]
void parabola(Star& star, double* out) {
  if (one_time(star, out, 3)) return;
  const double half = 0.5 * (star.t.back() - star.t.front()), center = star.t.front() + half;
  const std::size_t n = star.t.size();
  double s0 = 0, s1 = 0, s2 = 0, sy = 0;
  const auto x_of = [&](std::size_t i) { return (star.t[i] - center) / half; };
  const auto w_of = [&](std::size_t i) { return 1.0 / (star.sigma[i] * star.sigma[i]); };
  for (std::size_t i = 0; i < n; ++i) {
    s0 += w_of(i);
    s1 += w_of(i) * x_of(i);
    sy += w_of(i) * (star.y[i] - star.y[0]);
  }
  const double a0 = s1 / s0, c0 = sy / s0;
  double q1 = 0, q1x = 0, y1 = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double p = x_of(i) - a0;
    q1 += w_of(i) * p * p;
    q1x += w_of(i) * p * p * x_of(i);
    y1 += w_of(i) * p * (star.y[i] - star.y[0] - c0);
  }
  const double a1 = q1x / q1, b1 = q1 / s0, c1 = y1 / q1;
  double q2 = 0, y2 = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double p1 = x_of(i) - a0, p2 = (x_of(i) - a1) * p1 - b1;
    q2 += w_of(i) * p2 * p2;
    y2 += w_of(i) * p2 * (star.y[i] - star.y[0] - c0 - c1 * p1);
  }
  if (!(q2 > 1e-24 * s0)) {  // two times
    star.reason |= kEqualTimes;
    std::fill(out, out + 3, kNaN);
    return;
  }
  const double c2 = y2 / q2;
  for (std::size_t i = 0; i < n; ++i) {
    const double p1 = x_of(i) - a0, p2 = (x_of(i) - a1) * p1 - b1, r = star.y[i] - star.y[0] - c0 - c1 * p1 - c2 * p2;
    s2 += w_of(i) * r * r;
  }
  // y = c0 + c1 (x - a0) + c2 ((x - a1)(x - a0) - b1) = A x^2 + B x + C
  const double b = c1 - c2 * (a0 + a1), c = c0 - c1 * a0 + c2 * (a0 * a1 - b1);
  out[0] = c2 / (half * half);
  out[1] = star.y[0] + c - b * b / (4.0 * c2);
  out[2] = s2 / (star.count() - 3.0);
}

// duration, maximum_time_interval, minimum_time_interval, observation_count, time_mean, time_standard_deviation
void times(Star& star, double* out) {
  const auto& t = star.t;
  const double n = star.count();
  double most = 0.0, least = HUGE_VAL, sum = 0.0, squares = 0.0;
  for (std::size_t i = 0; i < t.size(); ++i) {
    sum += t[i] - t[0];
    if (i == 0) continue;
    most = std::max(most, t[i] - t[i - 1]);
    least = std::min(least, t[i] - t[i - 1]);
  }
  const double mean = sum / n;
  for (const double v : t) squares += (v - t[0] - mean) * (v - t[0] - mean);
  const bool pair = t.size() > 1;
  out[0] = t.back() - t.front();
  out[1] = pair ? most : kNaN;
  out[2] = pair ? least : kNaN;
  out[3] = n;
  out[4] = t[0] + mean;
  out[5] = pair ? std::sqrt(squares / (n - 1.0)) : kNaN;
}

}  // namespace orrery::features::detail
