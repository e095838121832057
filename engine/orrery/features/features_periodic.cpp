// Features of a periodogram, of the folded series, of harmonics with prewhitening, and of a damped random walk.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "orrery/features/features_detail.hpp"
#include "orrery/period/false_alarm.hpp"
#include "orrery/period/frequency_grid.hpp"
#include "orrery/period/harmonic_fit.hpp"
#include "orrery/period/lomb_scargle_fast.hpp"
#include "orrery/period/peaks.hpp"

namespace orrery::features::detail {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr Index kMostFrequencies = 1 << 20;

/// From half a step up to `highest` or as far as a million frequencies reach, five a peak.
period::FrequencyGrid grid_up_to(double span, double highest) {
  const double step = 1.0 / (5.0 * span);
  const double count = std::clamp(std::floor(highest / step), 2.0, static_cast<double>(kMostFrequencies));
  return {.first = 0.5 * step, .step = step, .count = static_cast<Index>(count)};
}

/// The refined frequency of the highest peak.
double best_frequency(const SeriesView& series, const period::FrequencyGrid& grid) {
  const auto power = period::lomb_scargle_fast(series, grid, {.threads = 1});
  const Index k = std::max_element(power.begin(), power.end()) - power.begin();
  return period::refine_peak(series, grid[k], grid.step, {.threads = 1}).frequency;
}

bool no_span(Star& star, double* out, int count) {
  if (star.t.back() > star.t.front() && star.base.high > star.base.low) return false;
  star.reason |= star.base.high > star.base.low ? kEqualTimes : kNoVariation;
  std::fill(out, out + count, kNaN);
  return true;
}

/// Values in order of phase at this period (phase 0 at `epoch`).
std::vector<double> folded(const Star& star, double period, double epoch) {
  std::vector<double> phase(star.t.size());
  std::vector<Index> places(star.t.size());
  std::iota(places.begin(), places.end(), Index(0));
  for (std::size_t i = 0; i < phase.size(); ++i) {
    const double x = (star.t[i] - epoch) / period;
    phase[i] = x - std::floor(x);
  }
  std::stable_sort(places.begin(), places.end(), [&](Index a, Index b) { return phase[at(a)] < phase[at(b)]; });
  std::vector<double> values;
  values.reserve(places.size());
  for (const Index i : places) values.push_back(star.y[at(i)]);
  return values;
}

double step_squares(std::span<const double> y) {
  double sum = 0.0;
  for (std::size_t i = 1; i < y.size(); ++i) sum += (y[i] - y[i - 1]) * (y[i] - y[i - 1]);
  return sum;
}

double median_step(std::span<const double> y) {
  std::vector<double> steps;
  for (std::size_t i = 1; i < y.size(); ++i) steps.push_back(std::fabs(y[i] - y[i - 1]));
  return middle(steps);
}

}  // namespace

const Spectrum& Star::spectrum() {
  if (has_spectrum_) return spectrum_;
  has_spectrum_ = true;
  const double span = t.back() - t.front();
  const SeriesView plain{t, y, {}};
  const auto grid = grid_up_to(span, 50.0 * count() / span);
  spectrum_.frequency = best_frequency(plain, grid);
  spectrum_.step = grid.step;
  spectrum_.there = true;
  return spectrum_;
}

// periodogram_period_0, periodogram_period_s_to_n_0: without errors, on light-curve's grid: from two cycles in the span on, ten
// frequencies a peak of a span one mean step longer, up to the mean Nyquist frequency
void peak(Star& star, double* out) {
  if (no_span(star, out, 2)) return;
  const double span = star.t.back() - star.t.front(), first = 2.0 / span, step = (star.count() - 1.0) / (10.0 * span * star.count());
  const auto count = std::clamp<Index>(5 * (star.n() - 1) - 15, 3, kMostFrequencies);
  const auto power = period::lomb_scargle_fast({star.t, star.y, {}}, {.first = first, .step = step, .count = count},
                                               {.fit_mean = false, .threads = 1});
  Index best = -1;
  for (Index k = 1; k + 1 < count; ++k) {
    const double p = power[at(k)];
    if (p > power[at(k - 1)] && p > power[at(k + 1)] && (best < 0 || p > power[at(best)])) best = k;
  }
  if (best < 0) {
    star.reason |= kUndefined;
    out[0] = out[1] = kNaN;
    return;
  }
  const Shape shape = shape_of(power);
  const auto n = static_cast<double>(count);
  out[0] = 1.0 / (first + step * static_cast<double>(best));
  out[1] = (power[at(best)] - shape.mean) / (shape.deviation * std::sqrt(n / (n - 1.0)));
}

// PeriodLS, Period_fit, Psi_CS, Psi_eta, p2p_scatter_2praw, p2p_scatter_over_mad, p2p_scatter_pfold_over_mad, p2p_ssqr_diff_over_var
void fold(Star& star, double* out) {
  if (no_span(star, out, 8)) return;
  const double frequency = star.spectrum().frequency, n = star.count();
  const SeriesView plain{star.t, star.y, {}};
  const auto fit = period::harmonic_fit(plain, frequency, {.threads = 1});
  const double span = star.t.back() - star.t.front();
  out[0] = 1.0 / frequency;
  out[1] = period::false_alarm_probability(std::clamp(fit.power, 0.0, 1.0), plain, grid_up_to(span, 2.5 * n / span)).probability;
  const auto twice = folded(star, 2.0 / frequency, star.t.front()), once = folded(star, 1.0 / frequency, star.t.front());
  double sum = 0.0, low = HUGE_VAL, high = -HUGE_VAL;
  for (const double v : twice) {
    sum += v - star.base.mean;
    low = std::min(low, sum);
    high = std::max(high, sum);
  }
  const double variance = star.base.squares / n, steps = step_squares(star.y), mad = star.mad();
  out[2] = (high - low) / (n * std::sqrt(variance));
  out[3] = step_squares(twice) / ((n - 1.0) * variance);
  out[4] = step_squares(twice) / steps;
  out[5] = median_step(star.y) / mad;
  out[6] = median_step(once) / mad;
  out[7] = steps / ((n - 1.0) * variance);
}

// Freq1..3_harmonics_amplitude_0..3, then _rel_phase_0..3: four sinusoids with a constant of their own, each fitted to the values as
// they were and all taken off; then the next frequency. Phases are arctan(cosine / sine) from the first time on, as in FATS.
void fats_harmonics(Star& star, double* out) {
  if (no_span(star, out, 24)) return;
  std::vector<double> y(star.y.begin(), star.y.end());
  const double span = star.t.back() - star.t.front();
  for (int i = 0; i < 3; ++i) {
    const SeriesView view{star.t, y, {}};
    const double first = i == 0 ? star.spectrum().frequency : best_frequency(view, grid_up_to(span, 50.0 * star.count() / span));
    std::vector<double> rest = y;
    std::array<double, 4> phase{};
    for (int j = 0; j < 4; ++j) {
      const double frequency = first * (j + 1);
      const auto fit = period::harmonic_fit(view, frequency, {.threads = 1});
      const auto model = period::harmonic_model(fit, star.t);
      for (std::size_t k = 0; k < rest.size(); ++k) rest[k] -= model[k];
      const double turn = 2.0 * std::numbers::pi * frequency * (fit.epoch - star.t.front());
      const double sine = fit.sine[0] * std::cos(turn) + fit.cosine[0] * std::sin(turn);
      const double cosine = fit.cosine[0] * std::cos(turn) - fit.sine[0] * std::sin(turn);
      out[4 * i + j] = std::hypot(sine, cosine);
      phase[at(j)] = std::atan(cosine / sine);
      out[12 + 4 * i + j] = phase[at(j)] - phase[0];
    }
    y = std::move(rest);
  }
}

// freq1..3_freq, freq1..3_amplitude1..4, freq1..3_rel_phase2..4, freq_amplitude_ratio_21, _31, freq_frequency_ratio_21, _31,
// freq_varrat, scatter_res_raw. Four harmonics together, plain least squares with errors and 0.05 in quadrature, up to 33 / day.
void cesium_harmonics(Star& star, double* out) {
  if (no_span(star, out, 30)) return;
  std::vector<double> y(star.y.begin(), star.y.end()), sigma(star.y.size());
  for (std::size_t k = 0; k < sigma.size(); ++k) sigma[k] = std::hypot(star.sigma[k], 0.05);
  const double span = star.t.back() - star.t.front();
  double total = 0.0, left = 0.0;
  for (std::size_t k = 0; k < y.size(); ++k) total += y[k] * y[k] / (sigma[k] * sigma[k]);
  std::array<double, 3> frequency{}, amplitude{};
  for (int i = 0; i < 3; ++i) {
    const SeriesView view{star.t, y, sigma};
    frequency[at(i)] = best_frequency(view, grid_up_to(span, 33.0));
    const auto fit = period::harmonic_fit(view, frequency[at(i)], {.harmonics = 4, .threads = 1});
    const auto model = period::harmonic_model(fit, star.t);
    out[i] = frequency[at(i)];
    const double base_phase = std::atan2(fit.cosine[0], fit.sine[0]);
    for (int j = 0; j < 4; ++j) {
      out[3 + 4 * i + j] = std::hypot(fit.sine[at(j)], fit.cosine[at(j)]);
      const double turned = std::atan2(fit.cosine[at(j)], fit.sine[at(j)]) - base_phase * (j + 1);
      if (j > 0) out[15 + 3 * i + j - 1] = std::atan2(std::sin(turned), std::cos(turned));
    }
    amplitude[at(i)] = out[3 + 4 * i];
    for (std::size_t k = 0; k < y.size(); ++k) y[k] -= model[k];
    if (i == 0) {
      for (std::size_t k = 0; k < y.size(); ++k) left += y[k] * y[k] / (sigma[k] * sigma[k]);
    }
  }
  out[24] = amplitude[1] / amplitude[0];
  out[25] = amplitude[2] / amplitude[0];
  out[26] = frequency[1] / frequency[0];
  out[27] = frequency[2] / frequency[0];
  out[28] = left / total;
  const double center = middle(y);  // reorders; the order is not needed any more
  for (double& v : y) v = std::fabs(v - center);
  out[29] = middle(y) / star.mad();
}

namespace {

/// ln likelihood of a damped random walk about the mean of the values: the recursion of a state with its variance.
double walk_likelihood(const Star& star, double sigma, double tau) {
  const double whole = 0.5 * tau * sigma * sigma;
  double state = 0.0, variance = whole, sum = 0.0;
  for (std::size_t i = 1; i < star.t.size(); ++i) {
    const double error = star.sigma[i - 1] * star.sigma[i - 1], a = std::exp(-(star.t[i] - star.t[i - 1]) / tau);
    const double gain = variance / (variance + error);
    state = a * (state + gain * (star.y[i - 1] - star.base.mean - state));
    variance = whole * (1.0 - a * a) + a * a * variance * (1.0 - gain);
    const double v = variance + star.sigma[i] * star.sigma[i], d = star.y[i] - star.base.mean - state;
    sum -= 0.5 * (std::log(2.0 * std::numbers::pi * v) + d * d / v);
  }
  return sum;
}

}  // namespace

// CAR_sigma, CAR_tau, CAR_mean: the highest likelihood over (ln tau, ln variance) by a grid and a shrinking pattern of steps
void walk(Star& star, double* out) {
  if (no_span(star, out, 3)) return;
  const double span = star.t.back() - star.t.front(), variance = star.variance();
  const double low = std::log(0.1 * span / star.count()), high = std::log(10.0 * span);
  const auto at_point = [&](double ln_tau, double ln_v) {
    const double tau = std::exp(ln_tau);
    return walk_likelihood(star, std::sqrt(2.0 * std::exp(ln_v) / tau), tau);
  };
  double tau = low, v = std::log(variance), best = -HUGE_VAL;
  for (int i = 0; i < 12; ++i) {
    for (int j = -2; j <= 2; ++j) {
      const double a = low + (high - low) * i / 11.0, b = std::log(variance) + 1.2 * j, value = at_point(a, b);
      if (value > best) {
        best = value;
        tau = a;
        v = b;
      }
    }
  }
  for (double step = 0.5; step > 1e-6;) {
    bool moved = false;
    constexpr double kTurns[][2] = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, 1}, {-1, -1}, {1, -1}, {-1, 1}};
    for (const auto& turn : kTurns) {
      const double a = std::clamp(tau + step * turn[0], low, high), b = v + step * turn[1], value = at_point(a, b);
      if (!(value > best)) continue;
      best = value;
      tau = a;
      v = b;
      moved = true;
      break;
    }
    if (!moved) step *= 0.5;
  }
  if (tau <= low || tau >= high) star.reason |= kNotConverged;
  out[1] = std::exp(tau);
  out[0] = std::sqrt(2.0 * std::exp(v) / out[1]);
  out[2] = star.base.mean / out[1];
}

}  // namespace orrery::features::detail
