#include "orrery/gp/damped_random_walk.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "orrery/core/text.hpp"

namespace orrery::gp {
namespace {

constexpr double kLogTwoPi = 1.8378770664093454836;
constexpr int kMax = 3;  // ln sigma, ln tau, ln jitter
using Vector = std::array<double, kMax>;
using Square = std::array<Vector, kMax>;

/// Points in the order of time, y relative to a rough level so that Julian-like values lose nothing.
struct Points {
  std::vector<double> gap;       ///< (N,) time since the point before; the first is 0
  std::vector<double> y, error2;
  double level = 0.0;
};

Points points_of(const SeriesView& s) {
  std::vector<Index> order(s.t.size());
  std::iota(order.begin(), order.end(), Index(0));
  if (!std::is_sorted(s.t.begin(), s.t.end())) {
    std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return s.t[at(a)] < s.t[at(b)]; });
  }
  Points p;
  p.level = s.y[at(order.front())];
  double last = s.t[at(order.front())];
  for (const Index i : order) {
    p.gap.push_back(s.t[at(i)] - last);
    last = s.t[at(i)];
    p.y.push_back(s.y[at(i)] - p.level);
    p.error2.push_back(s.sigma.empty() ? 0.0 : s.sigma[at(i)] * s.sigma[at(i)]);
  }
  return p;
}

/// Sums of one pass, with their derivatives by the parameters' logarithms. Innovations of y and of a series of ones: v = v_y - m v_1.
struct Pass {
  double log_det = 0.0, yy = 0.0, y1 = 0.0, ones = 0.0;
  Vector d_log_det{}, d_yy{}, d_y1{}, d_ones{};
};

/// A quantity of the filter and its derivatives.
struct Dual {
  double value = 0.0;
  Vector d{};
};

/// The Kalman filter of the process for y and for ones, which share gain and variance. `parameters` 0: no derivatives.
/// With P the variance of the state before a point, S = P + error^2 + jitter^2 and K = P / S: m <- m + K v, P <- P (1 - K), then
/// over a gap a = exp(-dt / tau): m <- a m, P <- a^2 P + sigma^2 (1 - a^2).
template <int parameters>
Pass filter(const Points& p, const DampedRandomWalk& walk, Square* information, double mean) {
  const double variance = walk.sigma * walk.sigma, jitter2 = walk.jitter * walk.jitter;
  Pass sum;
  Dual state, state1, spread{variance, {2.0 * variance, 0.0, 0.0}};
  for (std::size_t i = 0; i < p.y.size(); ++i) {
    if (i > 0 && p.gap[i] > 0.0) {
      const double x = p.gap[i] / walk.tau, a = std::exp(-x), lost = -std::expm1(-2.0 * x);
      for (int k = 0; k < parameters; ++k) {
        const double da = k == 1 ? a * x : 0.0;  // d a / d ln tau
        state.d[at(k)] = a * state.d[at(k)] + da * state.value;
        state1.d[at(k)] = a * state1.d[at(k)] + da * state1.value;
        spread.d[at(k)] = a * a * spread.d[at(k)] + 2.0 * a * da * (spread.value - variance) + (k == 0 ? 2.0 * variance * lost : 0.0);
      }
      state.value *= a;
      state1.value *= a;
      spread.value = a * a * spread.value + variance * lost;
    }
    const double noise = p.error2[i] + jitter2, s = spread.value + noise;
    const double v = p.y[i] - state.value, v1 = 1.0 - state1.value, inverse = 1.0 / s, gain = spread.value * inverse;
    sum.log_det += std::log(s);
    sum.yy += v * v * inverse;
    sum.y1 += v * v1 * inverse;
    sum.ones += v1 * v1 * inverse;
    Vector ds{}, dr{};
    for (int k = 0; k < parameters; ++k) {
      const double dnoise = k == 2 ? 2.0 * jitter2 : 0.0, dv = -state.d[at(k)], dv1 = -state1.d[at(k)];
      ds[at(k)] = spread.d[at(k)] + dnoise;
      const double ratio = ds[at(k)] * inverse;
      dr[at(k)] = dv - mean * dv1;
      sum.d_log_det[at(k)] += ratio;
      sum.d_yy[at(k)] += (2.0 * v * dv - v * v * ratio) * inverse;
      sum.d_y1[at(k)] += (v * dv1 + v1 * dv - v * v1 * ratio) * inverse;
      sum.d_ones[at(k)] += (2.0 * v1 * dv1 - v1 * v1 * ratio) * inverse;
      const double dgain = (spread.d[at(k)] - gain * ds[at(k)]) * inverse;
      state.d[at(k)] += dgain * v + gain * dv;
      state1.d[at(k)] += dgain * v1 + gain * dv1;
      // P' = P noise / S; noise = 0 leaves no spread at all.
      spread.d[at(k)] = (spread.d[at(k)] * noise + spread.value * dnoise) * inverse - spread.value * noise * inverse * ratio;
    }
    if constexpr (parameters > 0) {
      for (int k = 0; k < parameters; ++k) {
        for (int l = 0; l <= k; ++l) {
          (*information)[at(k)][at(l)] += dr[at(k)] * dr[at(l)] * inverse + 0.5 * ds[at(k)] * ds[at(l)] * inverse * inverse;
        }
      }
    }
    state.value += gain * v;
    state1.value += gain * v1;
    spread.value *= noise * inverse;
  }
  return sum;
}

/// ln L of a pass, and its gradient when asked for.
double log_likelihood(const Pass& s, Index n, MeanLevel level, int parameters = 0, Vector* gradient = nullptr) {
  const double mean = s.y1 / s.ones;
  const bool integrated = level == MeanLevel::marginalised;
  for (int k = 0; k < parameters; ++k) {
    const double d_chi2 = s.d_yy[at(k)] - 2.0 * mean * s.d_y1[at(k)] + mean * mean * s.d_ones[at(k)];
    (*gradient)[at(k)] = -0.5 * (d_chi2 + s.d_log_det[at(k)] + (integrated ? s.d_ones[at(k)] / s.ones : 0.0));
  }
  const double chi2 = s.yy - mean * s.y1;
  const double value = -0.5 * (chi2 + s.log_det + double(n) * kLogTwoPi + (integrated ? std::log(s.ones) - kLogTwoPi : 0.0));
  return std::isnan(value) ? -std::numeric_limits<double>::infinity() : value;
}

void require_walk(const DampedRandomWalk& w, const char* where) {
  const bool good = w.sigma > 0.0 && w.tau > 0.0 && w.jitter >= 0.0 &&
                    std::isfinite(w.sigma) && std::isfinite(w.tau) && std::isfinite(w.jitter);
  if (!good) {
    fail(ErrorKind::input, where,
         "expected sigma > 0, tau > 0 and jitter >= 0, got " + number_text(w.sigma) + ", " + number_text(w.tau) + " and " + number_text(w.jitter));
  }
}

/// The search in logarithms.
struct Climb {
  const Points& points;
  MeanLevel level;
  int parameters = 2;
  Vector low{}, high{};
  int evaluations = 0;
};

struct Place {
  Vector x{};
  double value = -std::numeric_limits<double>::infinity();
  Vector gradient{};
  Square information{};
  bool converged = false;
};

DampedRandomWalk walk_at(const Climb& c, const Vector& x) {
  return {std::exp(x[0]), std::exp(x[1]), c.parameters == 3 ? std::exp(x[2]) : 0.0};
}

Place evaluate(Climb& c, const Vector& x) {
  Place place{.x = x};
  const auto walk = walk_at(c, x);
  const Index n = ssize(c.points.y);
  const Pass rough = filter<0>(c.points, walk, nullptr, 0.0);  // the information wants the mean
  const double mean = rough.y1 / rough.ones;
  const Pass pass = c.parameters == 3 ? filter<3>(c.points, walk, &place.information, mean)
                                      : filter<2>(c.points, walk, &place.information, mean);
  place.value = log_likelihood(pass, n, c.level, c.parameters, &place.gradient);
  for (int k = 0; k < c.parameters; ++k) {
    for (int l = k + 1; l < c.parameters; ++l) place.information[at(k)][at(l)] = place.information[at(l)][at(k)];
  }
  c.evaluations += 2;
  return place;
}

/// Solves (A + damping diag A) x = b by elimination for the free parameters; the others get 0.
Vector solve(Square a, Vector b, const std::array<bool, kMax>& is_free, double damping, int parameters) {
  for (int k = 0; k < parameters; ++k) {
    if (!is_free[at(k)]) {
      for (int l = 0; l < parameters; ++l) a[at(k)][at(l)] = a[at(l)][at(k)] = 0.0;
      a[at(k)][at(k)] = 1.0;
      b[at(k)] = 0.0;
    }
    a[at(k)][at(k)] = a[at(k)][at(k)] * (1.0 + damping) + 1e-12;
  }
  for (int k = 0; k < parameters; ++k) {
    for (int r = k + 1; r < parameters; ++r) {
      const double q = a[at(r)][at(k)] / a[at(k)][at(k)];
      for (int l = k; l < parameters; ++l) a[at(r)][at(l)] -= q * a[at(k)][at(l)];
      b[at(r)] -= q * b[at(k)];
    }
  }
  for (int k = parameters - 1; k >= 0; --k) {
    for (int l = k + 1; l < parameters; ++l) b[at(k)] -= a[at(k)][at(l)] * b[at(l)];
    b[at(k)] /= a[at(k)][at(k)];
  }
  return b;
}

/// Damped scoring from one start: parameters on a limit that the gradient pushes against stay there.
Task<Place> climb(Budget& budget, Climb& c, Vector start) {
  Place here = evaluate(c, start);
  double damping = 1e-3;
  if (!std::isfinite(here.value)) co_return here;  // two exact values at one time: no walk explains them
  for (int step = 0; step < 100; ++step) {
    co_await budget.pause();
    std::array<bool, kMax> is_free{};
    double slope = 0.0;  // expected rise: gradient in units of its own spread
    for (int k = 0; k < c.parameters; ++k) {
      const bool stuck = (here.x[at(k)] <= c.low[at(k)] && here.gradient[at(k)] <= 0.0) ||
                         (here.x[at(k)] >= c.high[at(k)] && here.gradient[at(k)] >= 0.0);
      is_free[at(k)] = !stuck;
      if (!stuck) slope = std::max(slope, std::fabs(here.gradient[at(k)]) / std::sqrt(here.information[at(k)][at(k)] + 1e-8));
    }
    if (slope < 1e-6) {
      here.converged = true;
      break;
    }
    const Vector move = solve(here.information, here.gradient, is_free, damping, c.parameters);
    Vector next = here.x;
    for (int k = 0; k < c.parameters; ++k) {
      next[at(k)] = std::clamp(here.x[at(k)] + std::clamp(move[at(k)], -2.0, 2.0), c.low[at(k)], c.high[at(k)]);
    }
    if (next == here.x) break;
    Place there = evaluate(c, next);
    if (there.value > here.value) {
      here = there;
      damping = std::max(1e-9, 0.2 * damping);
    } else {
      damping *= 8.0;
      if (damping > 1e9) {  // no rise is left that rounding would show
        here.converged = slope < 1e-3;
        break;
      }
    }
  }
  co_return here;
}

/// One-sigma errors from differences of the gradient at the top; infinite where the curvature is not negative.
std::array<double, 3> errors_at(Climb& c, const Place& top) {
  constexpr double h = 1e-4;
  Square curvature{};
  std::array<double, 3> error{};
  std::array<bool, kMax> is_free{};
  for (int k = 0; k < c.parameters; ++k) {
    is_free[at(k)] = top.x[at(k)] > c.low[at(k)] && top.x[at(k)] < c.high[at(k)];
    Vector left = top.x, right = top.x;
    left[at(k)] -= h;
    right[at(k)] += h;
    const auto a = evaluate(c, left), b = evaluate(c, right);
    for (int l = 0; l < c.parameters; ++l) curvature[at(k)][at(l)] = -(b.gradient[at(l)] - a.gradient[at(l)]) / (2.0 * h);
  }
  for (int k = 0; k < c.parameters; ++k) {
    Vector unit{};
    unit[at(k)] = 1.0;
    const double variance = is_free[at(k)] ? solve(curvature, unit, is_free, 0.0, c.parameters)[at(k)] : -1.0;
    error[at(k)] = variance > 0.0 && variance < 1e4 ? std::sqrt(variance) : std::numeric_limits<double>::infinity();
  }
  return error;
}

/// ln L of errors and a jitter alone: golden section over ln jitter.
double white_likelihood(const Points& p, double low, double high, MeanLevel level) {
  const auto value = [&](double jitter2) {
    Pass s;
    for (std::size_t i = 0; i < p.y.size(); ++i) {
      const double variance = p.error2[i] + jitter2;
      s.log_det += std::log(variance);
      s.yy += p.y[i] * p.y[i] / variance;
      s.y1 += p.y[i] / variance;
      s.ones += 1.0 / variance;
    }
    return log_likelihood(s, ssize(p.y), level);
  };
  const double golden = 0.6180339887498949;
  double a = low, b = high;
  for (int i = 0; i < 60; ++i) {
    const double x1 = b - golden * (b - a), x2 = a + golden * (b - a);
    (value(std::exp(2.0 * x1)) < value(std::exp(2.0 * x2)) ? a : b) = value(std::exp(2.0 * x1)) < value(std::exp(2.0 * x2)) ? x1 : x2;
  }
  const double best = value(std::exp(a + b));
  return p.error2.front() > 0.0 ? std::max(best, value(0.0)) : best;
}

struct Scales {
  double spread = 0.0, span = 0.0, short_gap = 0.0;
};
Scales scales_of(const Points& p) {
  Scales s;
  double mean = 0.0;
  for (const double y : p.y) mean += y / double(p.y.size());
  for (const double y : p.y) s.spread += (y - mean) * (y - mean) / double(p.y.size());
  s.spread = std::sqrt(s.spread);
  std::vector<double> gaps;
  for (const double g : p.gap) {
    s.span += g;
    if (g > 0.0) gaps.push_back(g);
  }
  if (gaps.empty()) return s;
  const auto tenth = gaps.begin() + ssize(gaps) / 10;
  std::nth_element(gaps.begin(), tenth, gaps.end());
  s.short_gap = *tenth;
  return s;
}

}  // namespace

DampedRandomWalkLikelihood damped_random_walk_likelihood(const SeriesView& series, const DampedRandomWalk& walk, MeanLevel level) {
  require_usable(series, 1, "damped_random_walk_likelihood");
  require_walk(walk, "damped_random_walk_likelihood");
  const Points p = points_of(series);
  const Pass s = filter<0>(p, walk, nullptr, 0.0);
  const double mean = s.y1 / s.ones;
  return {log_likelihood(s, series.size(), level), p.level + mean, 1.0 / std::sqrt(s.ones), s.yy - mean * s.y1};
}

Task<DampedRandomWalkFit> fit_damped_random_walk_task(Budget& budget, SeriesView series, DampedRandomWalkOptions options) {
  constexpr const char* kWhere = "fit_damped_random_walk";
  require_usable(series, 4, kWhere);
  if (options.starts < 1 || options.starts > 50) fail(ErrorKind::input, kWhere, "expected 1 to 50 starts, got " + std::to_string(options.starts));
  const Points p = points_of(series);
  const Scales scales = scales_of(p);
  if (!(scales.span > 0.0)) fail(ErrorKind::input, kWhere, "expected times that are not all equal");
  const double min_tau = options.min_tau.value_or(0.1 * scales.short_gap), max_tau = options.max_tau.value_or(10.0 * scales.span);
  if (!(min_tau > 0.0 && min_tau <= max_tau && std::isfinite(max_tau))) {
    fail(ErrorKind::input, kWhere, "expected 0 < min_tau <= max_tau, got " + number_text(min_tau) + " and " + number_text(max_tau));
  }
  DampedRandomWalkFit fit;
  fit.fitted_jitter = options.fit_jitter.value_or(series.sigma.empty());
  const double level = std::fabs(p.level);
  const double spread = scales.spread > 0.0 ? scales.spread : std::max(1e-6 * level, 1e-12);
  Climb c{p, options.mean, fit.fitted_jitter ? 3 : 2};
  c.low = {std::log(1e-3 * spread), std::log(min_tau), std::log(1e-4 * spread)};
  c.high = {std::log(100.0 * spread), std::log(max_tau), std::log(10.0 * spread)};
  Place best;
  for (Index i = 0; i < options.starts; ++i) {
    const double part = (double(i) + 0.5) / double(options.starts);
    const Vector start{std::log(spread), c.low[1] + part * (c.high[1] - c.low[1]), std::log(0.3 * spread)};
    const Place top = co_await climb(budget, c, start);
    if (i == 0 || top.value > best.value) best = top;
    budget.progress(double(i + 1) / double(options.starts), "damped random walk");
  }
  fit.walk = walk_at(c, best.x);
  fit.error = errors_at(c, best);
  fit.at_limit = best.x[0] <= c.low[0] || best.x[0] >= c.high[0] || best.x[1] <= c.low[1] || best.x[1] >= c.high[1];
  fit.converged = best.converged;
  const Pass s = filter<0>(p, fit.walk, nullptr, 0.0);
  fit.mean = p.level + s.y1 / s.ones;
  fit.mean_error = 1.0 / std::sqrt(s.ones);
  fit.log_likelihood = best.value;
  fit.log_likelihood_white = white_likelihood(p, c.low[2], c.high[2], options.mean);
  fit.evaluations = c.evaluations + 1;
  co_return fit;
}

DampedRandomWalkFit fit_damped_random_walk(const SeriesView& series, const DampedRandomWalkOptions& options) {
  return run_to_end([&](Budget& budget) { return fit_damped_random_walk_task(budget, series, options); });
}

std::vector<double> damped_random_walk_sample(const DampedRandomWalk& walk, std::span<const double> t, std::uint64_t seed,
                                              std::uint64_t stream) {
  require_walk(walk, "damped_random_walk_sample");
  for (std::size_t i = 0; i < t.size(); ++i) {
    if (!std::isfinite(t[i])) {
      fail(ErrorKind::input, "damped_random_walk_sample", "expected finite times, got " + number_text(t[i]) + " at index " + std::to_string(i));
    }
  }
  std::vector<Index> order(t.size());
  std::iota(order.begin(), order.end(), Index(0));
  if (!std::is_sorted(t.begin(), t.end())) {
    std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return t[at(a)] < t[at(b)]; });
  }
  Random random(seed, stream);
  std::vector<double> y(t.size());
  double state = 0.0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::size_t j = at(order[i]);
    const double x = i == 0 ? std::numeric_limits<double>::infinity() : (t[j] - t[at(order[i - 1])]) / walk.tau;
    if (x > 0.0) state = std::exp(-x) * state + walk.sigma * std::sqrt(-std::expm1(-2.0 * x)) * random.normal();
    y[j] = state;
  }
  return y;
}

}  // namespace orrery::gp
