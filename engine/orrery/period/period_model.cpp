// The harmonic model of one or several bands at one frequency: fit, refinement, evaluation.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/period/period_model.hpp"

namespace orrery::period {
namespace {

constexpr double kTurn = 2.0 * std::numbers::pi;
constexpr int kMaxColumns = 17;                       // 1 + 2 * 8 harmonics
using Columns = std::array<double, kMaxColumns>;
using Square = std::array<Columns, kMaxColumns>;

double turns(double cycles) { return cycles - std::floor(cycles); }

/// Columns 1, cos, sin, cos 2, sin 2, ... from the cosine and sine of the fundamental.
void fill_columns(double c, double s, int harmonics, Columns& row) {
  row[0] = 1.0;
  double ck = c, sk = s;
  for (int k = 1; k <= harmonics; ++k) {
    row[at(2 * k - 1)] = ck;
    row[at(2 * k)] = sk;
    const double next = ck * c - sk * s;
    sk = sk * c + ck * s;
    ck = next;
  }
}

/// Cholesky factor of a Gram matrix. A column that the ones before it explain gets a zero pivot: it stays out of the solution.
struct Factor {
  Square lower{};
  int first = 0, size = 0;

  Factor(const Square& gram, int first_column, int columns) : first(first_column), size(columns) {
    for (int i = first; i < size; ++i) {
      for (int j = first; j <= i; ++j) {
        double rest = gram[at(i)][at(j)];
        for (int k = first; k < j; ++k) rest -= lower[at(i)][at(k)] * lower[at(j)][at(k)];
        if (i == j) {
          lower[at(i)][at(i)] = rest > 1e-11 * gram[at(i)][at(i)] ? std::sqrt(rest) : 0.0;
        } else {
          lower[at(i)][at(j)] = lower[at(j)][at(j)] > 0.0 ? rest / lower[at(j)][at(j)] : 0.0;
        }
      }
    }
  }
  void forward(Columns& x) const {
    for (int i = first; i < size; ++i) {
      for (int k = first; k < i; ++k) x[at(i)] -= lower[at(i)][at(k)] * x[at(k)];
      x[at(i)] = lower[at(i)][at(i)] > 0.0 ? x[at(i)] / lower[at(i)][at(i)] : 0.0;
    }
  }
  void backward(Columns& x) const {
    for (int i = size - 1; i >= first; --i) {
      for (int k = i + 1; k < size; ++k) x[at(i)] -= lower[at(k)][at(i)] * x[at(k)];
      x[at(i)] = lower[at(i)][at(i)] > 0.0 ? x[at(i)] / lower[at(i)][at(i)] : 0.0;
    }
  }
};

/// Points of one band, centred in time and value.
struct BandPoints {
  std::int32_t band = 0;
  std::vector<double> tau, y, weight;  // y minus its weighted mean
  double mean = 0.0, chi2_0 = 0.0;
};

std::vector<BandPoints> split_bands(const data::Series& series, int harmonics, double epoch) {
  std::vector<BandPoints> bands(at(series.bands()));
  for (Index i = 0; i < series.size(); ++i) {
    BandPoints& band = bands[series.band.empty() ? 0 : at(series.band[at(i)])];
    const double sigma = series.sigma.empty() ? 1.0 : series.sigma[at(i)];
    band.tau.push_back(series.t[at(i)] - epoch);
    band.y.push_back(series.y[at(i)]);
    band.weight.push_back(1.0 / (sigma * sigma));
  }
  for (std::size_t b = 0; b < bands.size(); ++b) bands[b].band = static_cast<std::int32_t>(b);
  std::erase_if(bands, [&](const BandPoints& b) { return ssize(b.tau) <= 2 * harmonics + 2; });
  for (BandPoints& band : bands) {
    const double rough = band.y.front();
    double sum = 0.0, total = 0.0;
    for (std::size_t i = 0; i < band.y.size(); ++i) {
      sum += band.weight[i] * (band.y[i] - rough);
      total += band.weight[i];
    }
    band.mean = rough + sum / total;
    for (std::size_t i = 0; i < band.y.size(); ++i) {
      band.y[i] -= band.mean;
      band.chi2_0 += band.weight[i] * band.y[i] * band.y[i];
    }
  }
  return bands;
}

BandModel fit_band(const BandPoints& points, double frequency, int harmonics, bool fit_mean) {
  const int columns = 2 * harmonics + 1;
  const int first = fit_mean ? 0 : 1;
  const std::size_t n = points.tau.size();
  std::vector<double> fundamental(2 * n);
  Square gram{};
  Columns rhs{}, row{};
  for (std::size_t i = 0; i < n; ++i) {
    const double angle = kTurn * turns(frequency * points.tau[i]);
    fundamental[2 * i] = std::cos(angle);
    fundamental[2 * i + 1] = std::sin(angle);
    fill_columns(fundamental[2 * i], fundamental[2 * i + 1], harmonics, row);
    for (int a = 0; a < columns; ++a) {
      const double weighted = points.weight[i] * row[at(a)];
      for (int b = 0; b <= a; ++b) gram[at(a)][at(b)] += weighted * row[at(b)];
      rhs[at(a)] += weighted * points.y[i];
    }
  }
  const Factor factor(gram, first, columns);
  Columns x = rhs;
  x[0] = fit_mean ? x[0] : 0.0;
  factor.forward(x);
  factor.backward(x);

  BandModel model{.band = points.band, .n = ssize(points.tau), .constant = points.mean + x[0], .chi2_0 = points.chi2_0};
  for (int k = 1; k <= harmonics; ++k) {
    model.cosine.push_back(x[at(2 * k - 1)]);
    model.sine.push_back(x[at(2 * k)]);
  }
  Columns cross{};
  double own = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    fill_columns(fundamental[2 * i], fundamental[2 * i + 1], harmonics, row);
    double value = 0.0, slope = 0.0;
    for (int a = first; a < columns; ++a) value += x[at(a)] * row[at(a)];
    for (int k = 1; k <= harmonics; ++k) slope += k * (x[at(2 * k)] * row[at(2 * k - 1)] - x[at(2 * k - 1)] * row[at(2 * k)]);
    slope *= kTurn * points.tau[i];
    const double rest = points.y[i] - value;
    const double weighted = points.weight[i] * slope;
    model.chi2 += points.weight[i] * rest * rest;
    model.gradient += weighted * rest;
    own += weighted * slope;
    for (int a = first; a < columns; ++a) cross[at(a)] += weighted * row[at(a)];
  }
  factor.forward(cross);
  for (int a = first; a < columns; ++a) own -= cross[at(a)] * cross[at(a)];
  model.information = std::max(own, 0.0);
  model.chi2 = std::min(model.chi2, model.chi2_0);
  model.covariance.assign(at(Index(columns) * columns), 0.0);
  for (int j = first; j < columns; ++j) {
    Columns unit{};
    unit[at(j)] = 1.0;
    factor.forward(unit);
    factor.backward(unit);
    for (int i = first; i < columns; ++i) model.covariance[at(Index(i) * columns + j)] = unit[at(i)];
  }
  return model;
}

PeriodModel fit_bands(const std::vector<BandPoints>& bands, double frequency, int harmonics, bool fit_mean, double epoch, bool has_sigma) {
  PeriodModel model{.frequency = frequency, .epoch = epoch, .harmonics = harmonics};
  double information = 0.0;
  Index coefficients = 1;
  for (const BandPoints& band : bands) {
    model.bands.push_back(fit_band(band, frequency, harmonics, fit_mean));
    const BandModel& fitted = model.bands.back();
    model.n += fitted.n;
    model.chi2 += fitted.chi2;
    model.chi2_0 += fitted.chi2_0;
    information += fitted.information;
    coefficients += 2 * harmonics + 1;
  }
  model.dof = std::max<Index>(model.n - coefficients, 1);
  model.scale = std::sqrt(model.chi2 / double(model.dof));
  if (has_sigma) model.scale = std::max(model.scale, 1.0);
  model.frequency_error = information > 0.0 ? model.scale / std::sqrt(information) : std::numeric_limits<double>::infinity();
  return model;
}

struct Slope {
  double gradient = 0.0, information = 0.0;
};
Slope slope_of(const PeriodModel& model) {
  Slope slope;
  for (const BandModel& band : model.bands) slope.gradient += band.gradient, slope.information += band.information;
  return slope;
}

double reference_epoch(const data::Series& series) {
  const auto [low, high] = std::minmax_element(series.t.begin(), series.t.end());
  return std::round(*low + 0.5 * (*high - *low));
}

void require(const data::Series& series, double frequency, int harmonics, const char* where) {
  require_usable(series.view(), 1, where);
  if (!series.band.empty()) {
    const auto wrong = std::find_if(series.band.begin(), series.band.end(), [&](std::int32_t b) { return b < 0 || b >= series.bands(); });
    if (series.band.size() != series.t.size() || wrong != series.band.end()) fail(ErrorKind::input, where, "expected a band number for every point");
  }
  if (!(frequency > 0.0) || !std::isfinite(frequency)) fail(ErrorKind::input, where, "expected a frequency > 0, got " + number_text(frequency));
  if (harmonics < 1 || harmonics > 8) fail(ErrorKind::input, where, "expected 1 to 8 harmonics, got " + std::to_string(harmonics));
}

}  // namespace

double PeriodModel::phase(double t) const { return turns(frequency * (t - epoch)); }

double PeriodModel::value(Index b, double at_phase) const {
  const BandModel& band = bands[at(b)];
  double sum = band.constant;
  for (int k = 1; k <= harmonics; ++k) {
    const double angle = kTurn * turns(k * at_phase);
    sum += band.cosine[at(k - 1)] * std::cos(angle) + band.sine[at(k - 1)] * std::sin(angle);
  }
  return sum;
}

double PeriodModel::error(Index b, double at_phase) const {
  const BandModel& band = bands[at(b)];
  const int columns = 2 * harmonics + 1;
  Columns row{};
  fill_columns(std::cos(kTurn * turns(at_phase)), std::sin(kTurn * turns(at_phase)), harmonics, row);
  double variance = 0.0;
  for (int i = 0; i < columns; ++i) {
    for (int j = 0; j < columns; ++j) variance += row[at(i)] * row[at(j)] * band.covariance[at(Index(i) * columns + j)];
  }
  return scale * std::sqrt(std::max(variance, 0.0));
}

Index PeriodModel::find_band(std::int32_t band) const {
  const auto found = std::find_if(bands.begin(), bands.end(), [&](const BandModel& b) { return b.band == band; });
  return found == bands.end() ? -1 : found - bands.begin();
}

PeriodModel fit_period(const data::Series& series, double frequency, int harmonics, bool fit_mean) {
  require(series, frequency, harmonics, "fit_period");
  const double epoch = reference_epoch(series);
  return fit_bands(split_bands(series, harmonics, epoch), frequency, harmonics, fit_mean, epoch, !series.sigma.empty());
}

PeriodModel refine_period(const data::Series& series, double frequency, double within, int harmonics, bool fit_mean,
                          double tolerance) {
  require(series, frequency, harmonics, "refine_period");
  const double epoch = reference_epoch(series);
  const auto bands = split_bands(series, harmonics, epoch);
  const bool has_sigma = !series.sigma.empty();
  PeriodModel best = fit_bands(bands, frequency, harmonics, fit_mean, epoch, has_sigma);
  // Gauss-Newton at first, whose curvature leaves the residuals out; then the curvature that two gradients show (secant).
  double factor = 1.0, curvature = 0.0;
  for (int round = 0; round < 40 && std::isfinite(best.frequency_error); ++round) {
    const Slope slope = slope_of(best);
    const double divisor = curvature > 0.1 * slope.information ? curvature : slope.information;
    const double step = std::clamp(factor * slope.gradient / divisor, -0.5 * within, 0.5 * within);
    const double next = std::clamp(best.frequency + step, frequency - within, frequency + within);
    if (std::fabs(next - best.frequency) <= tolerance * best.frequency_error || !(next > 0.0)) break;
    PeriodModel trial = fit_bands(bands, next, harmonics, fit_mean, epoch, has_sigma);
    curvature = (slope.gradient - slope_of(trial).gradient) / (next - best.frequency);
    if (trial.chi2 > best.chi2 * (1.0 + 1e-13)) {
      factor *= 0.5;
      continue;
    }
    factor = 1.0;
    best = std::move(trial);
  }
  return best;
}

std::vector<double> left_out_residuals(const data::Series& series, const PeriodModel& model) {
  constexpr double kMostLeverage = 0.95;
  require_usable(series.view(), 1, "left_out_residuals");
  std::vector<double> out;
  for (Index i = 0; i < series.size(); ++i) {
    const Index b = model.find_band(series.band.empty() ? 0 : series.band[at(i)]);
    if (b < 0) {
      out.push_back(std::numeric_limits<double>::quiet_NaN());
      continue;
    }
    const double sigma = series.sigma.empty() ? 1.0 : series.sigma[at(i)], phase = model.phase(series.t[at(i)]);
    const double spread = model.scale > 0.0 ? model.error(b, phase) / (model.scale * sigma) : 0.0;
    out.push_back((series.y[at(i)] - model.value(b, phase)) / (sigma * (1.0 - std::min(spread * spread, kMostLeverage))));
  }
  return out;
}

double rounded_to_error(double value, double error) {
  if (!std::isfinite(value) || value == 0.0) return value;
  const double fallback = std::fabs(value) * 1e-7;
  const double resolution = std::isfinite(error) && error > 0.0 ? std::min(error, std::fabs(value)) : fallback;
  const int decimals = std::clamp(3 - static_cast<int>(std::floor(std::log10(resolution))), -15, 15);
  if (decimals <= 0) {
    const double unit = std::pow(10.0, -decimals);
    return std::round(value / unit) * unit;
  }
  const double unit = std::pow(10.0, decimals);
  return std::round(value * unit) / unit;
}

}  // namespace orrery::period
