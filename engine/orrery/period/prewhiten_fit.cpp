// Levenberg-Marquardt for sinusoids with free frequencies, with the whole Hessian: peaks of noise are too curved for less.
#include <algorithm>
#include <cmath>

#include "orrery/period/prewhiten_detail.hpp"

namespace orrery::period::detail {
namespace {

constexpr double kTwoPi = 6.283185307179586476925286766559;
constexpr int kMaxSteps = 100;
constexpr double kNear = 1e-6, kThere = 1e-16;  // fall of chi2 that a step promises, in chi2 / N: where Newton takes over, and ends

/// Lower triangle of a symmetric matrix, row-major square.
struct Matrix {
  Index n = 0;
  std::vector<double> a;
  explicit Matrix(Index size) : n(size), a(at(size * size), 0.0) {}
  double& operator()(Index i, Index j) { return a[at(i * n + j)]; }
  double operator()(Index i, Index j) const { return a[at(i * n + j)]; }
};

constexpr double kMostDamping = 1e8;
constexpr double kRounding = 1e-14;
constexpr double kTellable = 1e-7;  // of a column's square that the others must leave; less would turn rounding into digits that are seen

/// Cholesky factor in place; false when some column is within `left` of its square a combination of those before it.
bool factor(Matrix& m, double left = kRounding) {
  for (Index j = 0; j < m.n; ++j) {
    double d = m(j, j);
    for (Index k = 0; k < j; ++k) d -= m(j, k) * m(j, k);
    if (!(d > left * m(j, j))) return false;
    m(j, j) = std::sqrt(d);
    for (Index i = j + 1; i < m.n; ++i) {
      double sum = m(i, j);
      for (Index k = 0; k < j; ++k) sum -= m(i, k) * m(j, k);
      m(i, j) = sum / m(j, j);
    }
  }
  return true;
}

void solve(const Matrix& l, std::span<double> x) {
  for (Index i = 0; i < l.n; ++i) {
    for (Index k = 0; k < i; ++k) x[at(i)] -= l(i, k) * x[at(k)];
    x[at(i)] /= l(i, i);
  }
  for (Index i = l.n - 1; i >= 0; --i) {
    for (Index k = i + 1; k < l.n; ++k) x[at(i)] -= l(k, i) * x[at(k)];
    x[at(i)] /= l(i, i);
  }
}

/// Normal matrix and right-hand side at the present parameters; and what the model's second derivatives take from the normal
/// matrix to make it the Hessian: for each mode the products of residuals with those of (sine, f), (cosine, f) and (f, f).
struct Step {
  Matrix normal;
  std::vector<double> right, curvature;
  explicit Step(Index n) : normal(n), right(at(n), 0.0), curvature(at(n - 1), 0.0) {}

  [[nodiscard]] Matrix hessian() const {
    Matrix h = normal;
    for (Index j = 0; j < ssize(curvature) / 3; ++j) {
      for (Index k = 0; k < 3; ++k) h(3 * j + 3, 3 * j + 1 + k) -= curvature[at(3 * j + k)];
    }
    return h;
  }
};

/// Derivatives of the model at one time: offset; sine, cosine, frequency (in 1 / span) of each mode. @return the model
double fill_row(const ModeFit& fit, double tau, double span, std::span<double> row) {
  row[0] = 1.0;
  double value = fit.offset;
  for (std::size_t j = 0; j < fit.frequency.size(); ++j) {
    const double turns = fit.frequency[j] * tau, phase = kTwoPi * (turns - std::round(turns));
    const double s = std::sin(phase), c = std::cos(phase);
    row[3 * j + 1] = s;
    row[3 * j + 2] = c;
    row[3 * j + 3] = kTwoPi * (tau / span) * (fit.sine[j] * c - fit.cosine[j] * s);
    value += fit.sine[j] * s + fit.cosine[j] * c;
  }
  return value;
}

/// w r times the second derivatives with frequency, from the row of first ones: of sine 2 pi u cos, of cosine -2 pi u sin (u = tau /
/// span), of the frequency -(2 pi u)^2 (sine sin + cosine cos).
void add_curvature(const ModeFit& fit, std::span<const double> row, double wr, double turn, std::span<double> curvature) {
  for (std::size_t j = 0; j < fit.frequency.size(); ++j) {
    const double s = row[3 * j + 1], c = row[3 * j + 2];
    curvature[3 * j] += wr * turn * c;
    curvature[3 * j + 1] -= wr * turn * s;
    curvature[3 * j + 2] -= wr * turn * turn * (fit.sine[j] * s + fit.cosine[j] * c);
  }
}

Task<bool> linearize(Budget& budget, const ModeData& data, ModeFit& fit, Step& step) {
  const Index p = fit.parameters();
  std::vector<double> row(at(p));
  fit.residual.resize(data.tau.size());
  fit.chi2 = 0.0;
  const Index each = std::max<Index>(16, 200000 / (p * p));
  for (Index i = 0; i < ssize(data.tau); ++i) {
    if (i % each == each - 1) co_await budget.pause();
    const double r = data.y[at(i)] - fill_row(fit, data.tau[at(i)], data.span, row), w = data.weight[at(i)];
    fit.residual[at(i)] = r;
    fit.chi2 += w * r * r;
    add_curvature(fit, row, w * r, kTwoPi * (data.tau[at(i)] / data.span), step.curvature);
    for (Index a = 0; a < p; ++a) {
      const double wa = w * row[at(a)];
      step.right[at(a)] += wa * r;
      for (Index b = 0; b <= a; ++b) step.normal(a, b) += wa * row[at(b)];
    }
  }
  co_return true;
}

ModeFit moved(const ModeFit& fit, std::span<const double> x, double span) {
  ModeFit out = fit;
  out.offset += x[0];
  for (std::size_t j = 0; j < fit.frequency.size(); ++j) {
    out.sine[j] += x[3 * j + 1];
    out.cosine[j] += x[3 * j + 2];
    out.frequency[j] += x[3 * j + 3] / span;
  }
  return out;
}

/// Inverse of the normal matrix, frequencies in 1/day again; empty when it has none that means anything.
std::vector<double> covariance_of(Matrix normal, double span) {
  const Index p = normal.n;
  if (!factor(normal, kTellable)) return {};
  std::vector<double> out(at(p * p));
  const auto unit = [&](Index i) { return i > 0 && i % 3 == 0 ? 1.0 / span : 1.0; };
  std::vector<double> column(at(p));
  for (Index j = 0; j < p; ++j) {
    std::fill(column.begin(), column.end(), 0.0);
    column[at(j)] = 1.0;
    solve(normal, column);
    for (Index i = 0; i < p; ++i) out[at(i * p + j)] = column[at(i)] * unit(i) * unit(j);
  }
  return out;
}

/// Fall of chi2 that a step promises: twice the part of an error squared that it moves.
double gain_of(std::span<const double> x, std::span<const double> right) {
  double gain = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) gain += x[i] * right[i];
  return gain;
}

/// A fall of chi2 that is small: `part` of chi2 / N, but not below what rounding of the values makes.
double small_gain(const ModeData& data, const ModeFit& fit, double part) {
  double square = 0.0;
  for (std::size_t i = 0; i < data.y.size(); ++i) square += data.weight[i] * data.y[i] * data.y[i];
  return part * fit.chi2 / double(data.y.size()) + 1e-29 * square;
}

/// Newton's steps to the last digit, so that the answer does not show the path (nor the machine) that led to it. They end when
/// rounding makes them, and not only chi2, stop falling. @return whether they came so far
Task<bool> polish(Budget& budget, const ModeData& data, ModeFit& fit) {
  double last = HUGE_VAL;
  for (int count = 0; count < 12; ++count) {
    Step step(fit.parameters());
    co_await linearize(budget, data, fit, step);
    Matrix hessian = step.hessian();
    if (!factor(hessian)) break;
    std::vector<double> x = step.right;
    solve(hessian, x);
    const double gain = gain_of(x, step.right);
    if (!(gain > 0.0) || !(gain < 0.25 * last)) break;
    fit = moved(fit, x, data.span);
    last = gain;
  }
  co_return last <= small_gain(data, fit, kThere);
}

/// The damped step of Newton, or of Gauss and Newton where the Hessian is not that of a minimum. False: neither can be made.
bool damped_step(const Step& step, double damping, std::vector<double>& x) {
  for (Matrix m : {step.hessian(), step.normal}) {
    for (Index i = 0; i < m.n; ++i) m(i, i) += damping * step.normal(i, i);
    if (!factor(m)) continue;
    x = step.right;
    solve(m, x);
    return true;
  }
  return false;
}

}  // namespace

Task<bool> fit_modes(Budget& budget, const ModeData& data, ModeFit& fit) {
  double damping = 1e-6;
  bool near = false;
  Step step(fit.parameters());
  co_await linearize(budget, data, fit, step);
  for (int count = 0; count < kMaxSteps && !near && damping < kMostDamping; ++count) {
    std::vector<double> x;
    if (damped_step(step, damping, x)) {
      const double gain = gain_of(x, step.right);
      ModeFit next = moved(fit, x, data.span);
      Step there(fit.parameters());
      co_await linearize(budget, data, next, there);
      near = damping <= 1e-3 && gain < small_gain(data, fit, kNear);
      if (next.chi2 <= fit.chi2) {
        fit = std::move(next);
        step = std::move(there);
        damping = std::max(1e-12, damping * 0.1);
        continue;
      }
    }
    damping = std::max(1e-6, damping * 10.0);
  }
  const bool converged = near && co_await polish(budget, data, fit);
  Step last(fit.parameters());
  co_await linearize(budget, data, fit, last);
  fit.covariance = covariance_of(std::move(last.normal), data.span);
  co_return converged;
}

}  // namespace orrery::period::detail
