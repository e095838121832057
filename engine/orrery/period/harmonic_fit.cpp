#include "orrery/period/harmonic_fit.hpp"

#include <algorithm>
#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/period/lomb_scargle_detail.hpp"

namespace orrery::period {
namespace {

constexpr double kTwoPi = 6.283185307179586476925286766559;
constexpr double kUnseenColumn = 1e-13;  // part of a column's length left after the others, below which it is noise

/// Normal matrix of the model's columns and, last, of some right-hand sides; weights sum to 1.
class NormalEquations {
 public:
  explicit NormalEquations(int columns) : n_(columns), a_(at(Index(columns) * columns)) {}

  void add(double weight, std::span<const double> row) {
    for (int i = 0; i < n_; ++i) {
      const double wi = weight * row[at(i)];
      for (int j = 0; j <= i; ++j) cell(i, j) += wi * row[at(j)];
    }
  }
  /// L D L' in place; a column with nothing new is left out (pivot 0). Columns from `model` on are only carried along.
  void factor(int model) {
    for (int j = 0; j < model; ++j) {
      if (cell(j, j) < kUnseenColumn) cell(j, j) = 0.0;
      const double inverse = cell(j, j) > 0.0 ? 1.0 / cell(j, j) : 0.0;
      for (int i = j + 1; i < n_; ++i) {
        const double l = cell(i, j) * inverse;
        for (int k = j + 1; k <= i; ++k) cell(i, k) -= l * cell(k, j);
      }
    }
  }
  /// Coefficients of the model for carried column `right`, after factor().
  [[nodiscard]] std::vector<double> solve(int model, int right) const {
    std::vector<double> x(at(model));
    for (int j = model - 1; j >= 0; --j) {
      double sum = cell(right, j);
      for (int i = j + 1; i < model; ++i) sum -= cell(i, j) * x[at(i)];
      x[at(j)] = cell(j, j) > 0.0 ? sum / cell(j, j) : 0.0;
    }
    return x;
  }
  double& cell(int i, int j) { return a_[at(Index(i) * n_ + j)]; }
  [[nodiscard]] double cell(int i, int j) const { return a_[at(Index(i) * n_ + j)]; }

 private:
  int n_;
  std::vector<double> a_;
};

struct Phase {
  double sine, cosine;
};
Phase phase_of(double frequency, double tau) {
  const double turns = frequency * tau;
  const double rest = kTwoPi * (turns - std::round(turns));
  return {std::sin(rest), std::cos(rest)};
}

/// Columns: [1,] sin phi, cos phi, sin 2 phi, ...
void fill_row(std::span<double> row, bool constant, int harmonics, Phase p) {
  std::size_t c = 0;
  if (constant) row[c++] = 1.0;
  double s = p.sine, k = p.cosine;
  for (int h = 0; h < harmonics; ++h) {
    row[c++] = s;
    row[c++] = k;
    const double next = k * p.cosine - s * p.sine;
    s = s * p.cosine + k * p.sine;
    k = next;
  }
}

/// Periodic part at phase phi, and its derivative with respect to phi.
struct Wave {
  double value, derivative;
};
Wave wave(const HarmonicFit& fit, Phase p) {
  Wave w{0.0, 0.0};
  double s = p.sine, c = p.cosine;
  for (std::size_t h = 0; h < fit.sine.size(); ++h) {
    w.value += fit.sine[h] * s + fit.cosine[h] * c;
    w.derivative += double(h + 1) * (fit.sine[h] * c - fit.cosine[h] * s);
    const double next = c * p.cosine - s * p.sine;
    s = s * p.cosine + c * p.sine;
    c = next;
  }
  return w;
}

double peak_to_peak(const HarmonicFit& fit) {
  if (fit.sine.size() == 1) return 2.0 * std::hypot(fit.sine[0], fit.cosine[0]);
  const Index steps = 256 * ssize(fit.sine);
  const auto at_step = [&](double i) {
    const double phi = kTwoPi * i / double(steps);
    return wave(fit, {std::sin(phi), std::cos(phi)}).value;
  };
  double low = HUGE_VAL, high = -HUGE_VAL;
  double before = at_step(-1), now = at_step(0);
  for (Index i = 0; i < steps; ++i) {
    const double after = at_step(double(i + 1));
    // Parabola through three points: what lies between the steps, to about 1e-8 of the amplitude.
    const double bend = before - 2.0 * now + after;
    const double tip = bend != 0.0 ? now - 0.125 * (after - before) * (after - before) / bend : now;
    const bool inside = bend != 0.0 && std::fabs(0.5 * (before - after) / bend) <= 1.0;
    low = std::min({low, now, inside ? tip : now});
    high = std::max({high, now, inside ? tip : now});
    before = now;
    now = after;
  }
  return high - low;
}

void fit_coefficients(const detail::WeightedSeries& s, const LombScargleOptions& options, HarmonicFit& fit) {
  const int model = 2 * options.harmonics + (options.fit_mean ? 1 : 0);
  std::vector<double> row(at(model) + 1);
  NormalEquations normal(model + 1);
  for (std::size_t i = 0; i < s.tau.size(); ++i) {
    fill_row(row, options.fit_mean, options.harmonics, phase_of(fit.frequency, s.tau[i]));
    row[at(model)] = s.weighted_y[i] / s.weight[i];
    normal.add(s.weight[i], row);
  }
  normal.factor(model);
  const auto x = normal.solve(model, model);
  std::size_t c = 0;
  fit.offset = s.mean + (options.fit_mean ? x[c++] : 0.0);
  for (int h = 0; h < options.harmonics; ++h) {
    fit.sine.push_back(x[c++]);
    fit.cosine.push_back(x[c++]);
  }
}

}  // namespace

HarmonicFit harmonic_fit(const SeriesView& series, double frequency, const LombScargleOptions& options) {
  const auto s = detail::weighted_series(series, options, "harmonic_fit");
  if (!(frequency > 0.0) || !std::isfinite(frequency)) {
    fail(ErrorKind::input, "harmonic_fit", "expected a finite frequency > 0, got " + number_text(frequency));
  }
  HarmonicFit fit;
  fit.frequency = frequency;
  fit.epoch = s.epoch;
  fit_coefficients(s, options, fit);
  // Residuals, and what they and the model's columns know about the frequency (column d = dm/df).
  const int model = 2 * options.harmonics + (options.fit_mean ? 1 : 0);
  std::vector<double> row(at(model) + 1);
  NormalEquations normal(model + 1);
  double squares = 0.0;
  for (std::size_t i = 0; i < s.tau.size(); ++i) {
    const Phase p = phase_of(frequency, s.tau[i]);
    const Wave w = wave(fit, p);
    const double residual = (s.weighted_y[i] / s.weight[i] + s.mean) - fit.offset - w.value;
    const double d = kTwoPi * s.tau[i] * w.derivative;
    fill_row(row, options.fit_mean, options.harmonics, p);
    row[at(model)] = d;
    normal.add(s.weight[i], row);
    squares += s.weight[i] * residual * residual;
    fit.slope -= 2.0 * s.total_weight * s.weight[i] * residual * d;
  }
  normal.factor(model);
  fit.chi2 = s.total_weight * squares;
  fit.chi2_0 = s.reference_chi2();
  fit.power = fit.chi2_0 > 0.0 ? std::clamp(1.0 - fit.chi2 / fit.chi2_0, 0.0, 1.0) : 0.0;
  fit.dof = s.size() - model - 1;
  fit.amplitude = peak_to_peak(fit);
  fit.information = s.total_weight * std::max(0.0, normal.cell(model, model));
  fit.frequency_error = fit.information > 0.0 && fit.dof > 0 ? std::sqrt(fit.reduced_chi2() / fit.information) : HUGE_VAL;
  return fit;
}

std::vector<double> harmonic_model(const HarmonicFit& fit, std::span<const double> t) {
  std::vector<double> out(t.size());
  for (std::size_t i = 0; i < t.size(); ++i) out[i] = fit.offset + wave(fit, phase_of(fit.frequency, t[i] - fit.epoch)).value;
  return out;
}

double period_error(const HarmonicFit& fit) { return fit.frequency_error / (fit.frequency * fit.frequency); }

}  // namespace orrery::period
