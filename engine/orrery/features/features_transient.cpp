// Fits of light curves of explosions: Bazin, Linexp and Villar functions by damped least squares inside bounds.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "orrery/features/features_detail.hpp"

namespace orrery::features::detail {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

template <std::size_t P>
using Values = std::array<double, P>;

double safe_exp(double x) { return std::exp(std::clamp(x, -700.0, 700.0)); }
double logistic(double x) { return 1.0 / (1.0 + safe_exp(-x)); }
double log_one_plus_exp(double x) { return x > 30.0 ? x : std::log1p(safe_exp(x)); }

/// A model gives its value at t and its slopes.
template <std::size_t P>
using Model = double (*)(double t, const Values<P>& p, Values<P>& slope);

template <std::size_t P>
struct Fit {
  Values<P> p{};
  double chi2 = HUGE_VAL;
  bool converged = false;
};

/// Times and values scaled to the order of one.
struct Scaled {
  std::vector<double> t, y, weight;
  double t0, dt, y0, dy;
  explicit Scaled(const Star& star) {
    t0 = star.t.front();
    dt = star.t.back() - star.t.front();
    y0 = star.base.mean;
    dy = star.base.high - star.base.low;
    for (std::size_t i = 0; i < star.t.size(); ++i) {
      t.push_back((star.t[i] - t0) / dt);
      y.push_back((star.y[i] - y0) / dy);
      weight.push_back(dy / star.sigma[i]);
    }
  }
};

/// Solves the symmetric positive system a x = b in place; false when it is not positive.
template <std::size_t P>
bool solve(std::array<Values<P>, P>& a, Values<P>& b) {
  for (std::size_t i = 0; i < P; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = a[i][j];
      for (std::size_t k = 0; k < j; ++k) sum -= a[i][k] * a[j][k];
      if (i == j) {
        if (!(sum > 0.0)) return false;
        a[i][i] = std::sqrt(sum);
      } else {
        a[i][j] = sum / a[j][j];
      }
    }
  }
  for (std::size_t i = 0; i < P; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= a[i][k] * b[k];
    b[i] /= a[i][i];
  }
  for (std::size_t i = P; i-- > 0;) {
    for (std::size_t k = i + 1; k < P; ++k) b[i] -= a[k][i] * b[k];
    b[i] /= a[i][i];
  }
  return true;
}

/// Levenberg-Marquardt with Marquardt's scaling; a step that leaves the box is cut at its walls, and parameters that press against
/// a wall are held for that step.
template <std::size_t P>
Fit<P> fit_from(const Scaled& data, Model<P> model, Values<P> p, const Values<P>& low, const Values<P>& high) {
  const auto sums = [&](const Values<P>& q, std::array<Values<P>, P>* matrix, Values<P>* right) {
    double chi2 = 0.0;
    Values<P> slope{};
    for (std::size_t i = 0; i < data.t.size(); ++i) {
      const double w = data.weight[i], r = w * (data.y[i] - model(data.t[i], q, slope));
      chi2 += r * r;
      if (matrix == nullptr) continue;
      for (std::size_t a = 0; a < P; ++a) {
        const double s = w * slope[a];
        (*right)[a] += s * r;
        for (std::size_t b = 0; b <= a; ++b) (*matrix)[a][b] += s * w * slope[b];
      }
    }
    return std::isfinite(chi2) ? chi2 : HUGE_VAL;
  };
  Fit<P> fit{p, HUGE_VAL, false};
  double damping = 1e-3;
  for (int round = 0; round < 200; ++round) {
    std::array<Values<P>, P> matrix{};
    Values<P> right{};
    fit.chi2 = sums(fit.p, &matrix, &right);
    bool better = false;
    while (damping < 1e12) {
      auto damped = matrix;
      Values<P> step = right;
      for (std::size_t a = 0; a < P; ++a) {
        const bool held = (fit.p[a] <= low[a] && right[a] < 0.0) || (fit.p[a] >= high[a] && right[a] > 0.0);
        if (held) {
          step[a] = 0.0;
          for (std::size_t b = 0; b < P; ++b) damped[std::max(a, b)][std::min(a, b)] = 0.0;
          damped[a][a] = 1.0;
        } else {
          damped[a][a] += damping * matrix[a][a] + 1e-300;
        }
      }
      if (solve<P>(damped, step)) {
        Values<P> next{};
        for (std::size_t a = 0; a < P; ++a) next[a] = std::clamp(fit.p[a] + step[a], low[a], high[a]);
        const double chi2 = sums(next, nullptr, nullptr);
        if (chi2 <= fit.chi2) {
          fit.converged = fit.chi2 - chi2 <= 1e-12 * fit.chi2;
          fit.p = next;
          fit.chi2 = chi2;
          damping = std::max(1e-12, damping * 0.2);
          better = true;
          break;
        }
      }
      damping *= 5.0;
    }
    if (!better || fit.converged) {
      fit.converged = true;  // no step makes it better
      break;
    }
  }
  return fit;
}

/// The best of several starts.
template <std::size_t P>
Fit<P> best_fit(const Scaled& data, Model<P> model, std::span<const Values<P>> starts, const Values<P>& low, const Values<P>& high) {
  Fit<P> best;
  for (const auto& start : starts) {
    const auto fit = fit_from<P>(data, model, start, low, high);
    if (fit.chi2 < best.chi2) best = fit;
  }
  return best;
}

bool cannot(Star& star, double* out, int count) {
  if (star.t.back() > star.t.front() && star.base.high > star.base.low) return false;
  star.reason |= star.base.high > star.base.low ? kEqualTimes : kNoVariation;
  std::fill(out, out + count, kNaN);
  return true;
}

double peak_time(const Star& star, const Scaled& data) {
  return data.t[at(std::max_element(star.y.begin(), star.y.end()) - star.y.begin())];
}

// p: A, B, t0, rise, fall
double bazin_model(double t, const Values<5>& p, Values<5>& slope) {
  const double d = p[2] - t, shape = safe_exp(d / p[4] - log_one_plus_exp(d / p[3])), l = logistic(d / p[3]);
  slope = {shape, 1.0, p[0] * shape * (1.0 / p[4] - l / p[3]), p[0] * shape * d / (p[3] * p[3]) * l, -p[0] * shape * d / (p[4] * p[4])};
  return p[1] + p[0] * shape;
}

// p: A, t0, tau, B
double linexp_model(double t, const Values<4>& p, Values<4>& slope) {
  const double x = (t - p[1]) / p[2], e = safe_exp(-x);
  slope = {x * e, -p[0] * e * (1.0 - x) / p[2], -p[0] * e * x * (1.0 - x) / p[2], 1.0};
  return p[3] + p[0] * x * e;
}

// p: A, c, t0, rise, fall, nu, gamma
double villar_model(double t, const Values<7>& p, Values<7>& slope) {
  const double dt = t - p[2], r = logistic(dt / p[3]);
  const bool early = dt <= p[6];
  const double plateau = 1.0 - p[5] * (early ? dt / p[6] : 1.0), f = early ? 1.0 : safe_exp(-(dt - p[6]) / p[4]);
  const double whole = p[0] * r * plateau * f;
  slope[0] = r * plateau * f;
  slope[1] = 1.0;
  slope[2] = p[0] * r * f * (-(1.0 - r) * plateau / p[3] + (early ? p[5] / p[6] : plateau / p[4]));
  slope[3] = -whole * (1.0 - r) * dt / (p[3] * p[3]);
  slope[4] = early ? 0.0 : whole * (dt - p[6]) / (p[4] * p[4]);
  slope[5] = -p[0] * r * f * (early ? dt / p[6] : 1.0);
  slope[6] = early ? p[0] * r * f * p[5] * dt / (p[6] * p[6]) : whole / p[4];
  return p[1] + whole;
}

constexpr double kShort = 1e-5;  // of the span: the shortest time scale

}  // namespace

// bazin_fit_amplitude, _baseline, _reference_time, _rise_time, _fall_time, _reduced_chi2
void bazin(Star& star, double* out) {
  if (cannot(star, out, 6)) return;
  const Scaled data(star);
  const double peak = peak_time(star, data), base = (star.base.low - data.y0) / data.dy;
  const Values<5> starts[] = {{1.0, base, peak, 0.5, 0.5}, {1.0, base, peak, 0.05, 0.2}, {1.5, base, peak - 0.02, 0.01, 0.05},
                              {1.5, base, peak, 0.02, 0.5}};
  const auto fit = best_fit<5>(data, bazin_model, starts, {0.0, -101.0, -10.0, kShort, kShort}, {100.0, 101.0, 11.0, 10.0, 10.0});
  if (!fit.converged) star.reason |= kNotConverged;
  out[0] = fit.p[0] * data.dy;
  out[1] = fit.p[1] * data.dy + data.y0;
  out[2] = fit.p[2] * data.dt + data.t0;
  out[3] = fit.p[3] * data.dt;
  out[4] = fit.p[4] * data.dt;
  out[5] = fit.chi2 / (star.count() - 5.0);
}

// linexp_fit_amplitude, _reference_time, _fall_time, _baseline, _reduced_chi2
void linexp(Star& star, double* out) {
  if (cannot(star, out, 5)) return;
  const Scaled data(star);
  const double peak = peak_time(star, data), base = (star.base.low - data.y0) / data.dy;
  const Values<4> starts[] = {{2.7, peak - 0.2, 0.2, base}, {2.7, peak - 0.05, 0.05, base}, {2.7, peak - 0.01, 0.01, base},
                              {2.7, peak - 0.5, 0.5, base}};
  const auto fit = best_fit<4>(data, linexp_model, starts, {0.0, -10.0, kShort, -101.0}, {100.0, 11.0, 10.0, 101.0});
  if (!fit.converged) star.reason |= kNotConverged;
  out[0] = fit.p[0] * data.dy;
  out[1] = fit.p[1] * data.dt + data.t0;
  out[2] = fit.p[2] * data.dt;
  out[3] = fit.p[3] * data.dy + data.y0;
  out[4] = fit.chi2 / (star.count() - 4.0);
}

// villar_fit_amplitude, _baseline, _reference_time, _rise_time, _fall_time, _plateau_rel_amplitude, _plateau_duration, _reduced_chi2
void villar(Star& star, double* out) {
  if (cannot(star, out, 8)) return;
  const Scaled data(star);
  const double peak = peak_time(star, data), base = (star.base.low - data.y0) / data.dy;
  const Values<7> starts[] = {{1.0, base, peak, 0.5, 0.5, 0.1, 0.1}, {1.0, base, peak - 0.05, 0.02, 0.2, 0.3, 0.1},
                              {1.2, base, peak - 0.02, 0.01, 0.05, 0.3, 0.05}, {1.0, base, peak - 0.1, 0.05, 0.1, 0.5, 0.4}};
  const auto fit = best_fit<7>(data, villar_model, starts, {0.0, -101.0, -20.0, kShort, kShort, 0.0, kShort},
                               {100.0, 101.0, 11.0, 10.0, 10.0, 0.999999, 10.0});
  if (!fit.converged) star.reason |= kNotConverged;
  out[0] = fit.p[0] * data.dy;
  out[1] = fit.p[1] * data.dy + data.y0;
  out[2] = fit.p[2] * data.dt + data.t0;
  out[3] = fit.p[3] * data.dt;
  out[4] = fit.p[4] * data.dt;
  out[5] = fit.p[5];
  out[6] = fit.p[6] * data.dt;
  out[7] = fit.chi2 / (star.count() - 7.0);
}

}  // namespace orrery::features::detail
