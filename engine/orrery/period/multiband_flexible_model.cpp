// Preparation of the flexible multiband model, and its fit at one frequency.
#include <algorithm>
#include <cmath>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/period/multiband_flexible_detail.hpp"

namespace orrery::period {
namespace {

constexpr double kTwoPi = 6.283185307179586476925286766559;

void require_options(std::span<const SeriesView> bands, const FlexibleOptions& options, const char* where) {
  if (bands.empty()) fail(ErrorKind::input, where, "expected at least 1 band, got 0");
  const int base = options.base_harmonics, band = options.band_harmonics;
  if (base < 0 || base > 8 || band < 0 || band > 8 || base + band == 0) {
    fail(ErrorKind::input, where, "expected 0 to 8 shared and 0 to 8 band harmonics, not both 0, got " + std::to_string(base) + " and " +
                                      std::to_string(band));
  }
  for (const auto& lambda : {options.base_regularization, options.band_regularization}) {
    if (lambda && (!(*lambda >= 0.0) || !std::isfinite(*lambda))) {
      fail(ErrorKind::input, where, "expected finite regularisations >= 0, got " + number_text(*lambda));
    }
  }
}

/// Column c of a part: constant, sin phi, cos phi, sin 2 phi, ...
struct Column {
  int k = 0;
  bool sine = false;
  explicit Column(int c) : k((c + 1) / 2), sine(c % 2 != 0) {}
};

/// Product of two columns, summed with the weights.
detail::FlexibleEntry entry_of(Column a, Column b) {
  const int plus = 2 * (a.k + b.k), minus = 2 * std::abs(a.k - b.k);
  if (a.sine == b.sine) return {plus, minus, a.sine ? -0.5 : 0.5, 0.5};
  const int difference = a.sine ? a.k - b.k : b.k - a.k;  // sin's multiple less cos's
  return {plus + 1, minus + 1, 0.5, difference > 0 ? 0.5 : difference < 0 ? -0.5 : 0.0};
}

void fill_entries(detail::FlexibleModel& model) {
  std::vector<Column> columns;
  for (int c = 0; c < model.band_columns(); ++c) columns.emplace_back(c);
  for (int c = 0; c < model.base_columns(); ++c) columns.emplace_back(c);
  for (std::size_t r = 0; r < columns.size(); ++r) {
    model.right.push_back(2 * columns[r].k + (columns[r].sine ? 1 : 0));
    for (std::size_t c = 0; c <= r; ++c) model.entries.push_back(entry_of(columns[r], columns[c]));
  }
}

detail::FlexibleBand band_of(const SeriesView& series, double epoch, double total_weight, bool center) {
  detail::FlexibleBand band;
  for (std::size_t i = 0; i < series.t.size(); ++i) {
    const double sigma = series.sigma.empty() ? 1.0 : series.sigma[i];
    band.tau.push_back(series.t[i] - epoch);
    band.weight.push_back(1.0 / (sigma * sigma) / total_weight);
    band.share += band.weight.back();
  }
  if (center) {
    double rest = 0.0;
    for (std::size_t i = 0; i < series.t.size(); ++i) rest += band.weight[i] * (series.y[i] - series.y[0]);
    band.mean = series.y[0] + rest / band.share;
  }
  for (std::size_t i = 0; i < series.t.size(); ++i) {
    band.weighted_y.push_back(band.weight[i] * (series.y[i] - band.mean));
    band.weighted_sum += band.weighted_y.back();
  }
  return band;
}

/// Dense symmetric system, lower triangle; directions that nothing constrains get 0.
class Dense {
 public:
  explicit Dense(Index n) : n_(n), a_(at(n * n), 0.0), b_(at(n), 0.0) {}
  double& a(Index i, Index j) { return a_[at(i * n_ + j)]; }
  double& b(Index i) { return b_[at(i)]; }
  std::vector<double> solve() {
    std::vector<double> limit(at(n_));
    for (Index j = 0; j < n_; ++j) limit[at(j)] = 1e-13 * a(j, j);
    for (Index j = 0; j < n_; ++j) {
      if (!(a(j, j) > limit[at(j)])) a(j, j) = 0.0;
      const double inverse = a(j, j) > 0.0 ? 1.0 / a(j, j) : 0.0;
      for (Index i = j + 1; i < n_; ++i) {
        const double l = a(i, j) * inverse;
        b(i) -= l * b(j);
        for (Index k = j + 1; k <= i; ++k) a(i, k) -= l * a(k, j);
      }
    }
    std::vector<double> x(at(n_));
    for (Index j = n_ - 1; j >= 0; --j) {
      double sum = b(j);
      for (Index i = j + 1; i < n_; ++i) sum -= a(i, j) * x[at(i)];
      x[at(j)] = a(j, j) > 0.0 ? sum / a(j, j) : 0.0;
    }
    return x;
  }

 private:
  Index n_;
  std::vector<double> a_, b_;
};

/// Values of constant, sin phi, cos phi, ... at one time.
void fill_row(std::span<double> row, double frequency, double tau) {
  const double turns = frequency * tau, phase = kTwoPi * (turns - std::round(turns));
  const double s1 = std::sin(phase), c1 = std::cos(phase);
  double s = s1, c = c1;
  row[0] = 1.0;
  for (std::size_t k = 1; k + 1 < row.size(); k += 2) {
    row[k] = s;
    row[k + 1] = c;
    const double next = c * c1 - s * s1;
    s = s * c1 + c * s1;
    c = next;
  }
}

FlexibleFit::Part part_of(std::span<const double> x) {
  FlexibleFit::Part part;
  part.constant = x[0];
  for (std::size_t k = 1; k + 1 < x.size(); k += 2) part.sine.push_back(x[k]), part.cosine.push_back(x[k + 1]);
  return part;
}

double part_value(const FlexibleFit::Part& part, std::span<const double> row) {
  double value = part.constant;
  for (std::size_t k = 0; k < part.sine.size(); ++k) value += part.sine[k] * row[2 * k + 1] + part.cosine[k] * row[2 * k + 2];
  return value;
}

double square_of(std::span<const double> x) {
  double sum = 0.0;
  for (const double v : x) sum += v * v;
  return sum;
}

std::vector<double> coefficients(const detail::FlexibleModel& model, double frequency) {
  const Index own = model.band_columns(), shared = model.base_columns();
  Dense system(shared + own * ssize(model.bands));
  std::vector<double> row(at(std::max(own, shared)));
  std::vector<Index> place(at(shared + own));
  for (Index c = 0; c < shared; ++c) place[at(c)] = c, system.a(c, c) += model.base_lambda;
  for (Index b = 0; b < ssize(model.bands); ++b) {
    const auto& band = model.bands[at(b)];
    for (Index c = 0; c < own; ++c) {
      place[at(shared + c)] = shared + b * own + c;
      system.a(shared + b * own + c, shared + b * own + c) += model.band_lambda;
    }
    for (std::size_t i = 0; i < band.tau.size(); ++i) {
      fill_row(row, frequency, band.tau[i]);
      const auto value = [&](Index c) { return row[at(c < shared ? c : c - shared)]; };
      for (Index r = 0; r < shared + own; ++r) {
        system.b(place[at(r)]) += band.weighted_y[i] * value(r);
        for (Index c = 0; c <= r; ++c) system.a(place[at(r)], place[at(c)]) += band.weight[i] * value(r) * value(c);
      }
    }
  }
  return system.solve();
}

}  // namespace

namespace detail {

FlexibleModel flexible_prepared(std::span<const SeriesView> bands, const FlexibleOptions& options, const char* where) {
  require_options(bands, options, where);
  FlexibleModel model;
  double first = HUGE_VAL, last = -HUGE_VAL;
  for (const auto& band : bands) {
    require_usable(band, 1, where);
    const auto [low, high] = std::minmax_element(band.t.begin(), band.t.end());
    first = std::min(first, *low);
    last = std::max(last, *high);
    for (std::size_t i = 0; i < band.t.size(); ++i) model.total_weight += band.sigma.empty() ? 1.0 : 1.0 / (band.sigma[i] * band.sigma[i]);
  }
  if (!std::isfinite(model.total_weight) || !(model.total_weight > 0.0) || !std::isfinite(1.0 / model.total_weight)) {
    fail(ErrorKind::input, where, "expected uncertainties whose squares a double can hold, got a sum of weights of " +
                                      number_text(model.total_weight));
  }
  model.epoch = std::round(first + 0.5 * (last - first));  // whole: t - epoch is exact for Julian dates
  for (const auto& band : bands) {
    model.bands.push_back(band_of(band, model.epoch, model.total_weight, options.center_data));
    const auto& b = model.bands.back();
    for (std::size_t i = 0; i < b.tau.size(); ++i) model.variance += b.weighted_y[i] * (band.y[i] - b.mean);
  }
  if (!std::isfinite(model.variance)) fail(ErrorKind::input, where, "expected values whose squares a double can hold");
  model.base_harmonics = options.base_harmonics;
  model.band_harmonics = options.band_harmonics;
  const double unit = options.regularize_by_trace ? 2.0 + options.base_harmonics + options.band_harmonics : 1.0 / model.total_weight;
  model.base_lambda = options.base_regularization.value_or(0.0) * unit;
  model.band_lambda = options.band_regularization.value_or(0.0) * unit;
  model.exact.assign(bands.size(), 1);
  fill_entries(model);
  return model;
}

void FlexibleSums::resize(const FlexibleModel& model, Index frequencies) {
  stride = (frequencies + 15) / 8 * 8;  // the last vector may reach beyond the end
  per_band = 2 * model.sums() * stride;
  values.resize(at(per_band * ssize(model.bands)));
}

}  // namespace detail

FlexibleFit flexible_fit(std::span<const SeriesView> bands, double frequency, const FlexibleOptions& options) {
  const auto model = detail::flexible_prepared(bands, options, "flexible_fit");
  if (!std::isfinite(frequency)) fail(ErrorKind::input, "flexible_fit", "expected a finite frequency, got " + number_text(frequency));
  const auto x = coefficients(model, frequency);
  const std::span<const double> all(x);
  FlexibleFit fit{.frequency = frequency, .epoch = model.epoch, .shared = part_of(all.first(at(model.base_columns()))), .bands = {},
      .mean = {}};
  fit.penalty = model.base_lambda * square_of(all.first(at(model.base_columns())));
  double squares = 0.0;
  for (std::size_t b = 0; b < bands.size(); ++b) {
    const auto own = all.subspan(at(model.base_columns()) + b * at(model.band_columns()), at(model.band_columns()));
    fit.bands.push_back(part_of(own));
    fit.mean.push_back(model.bands[b].mean);
    fit.penalty += model.band_lambda * square_of(own);
    const auto fitted = flexible_model(fit, Index(b), bands[b].t);
    for (std::size_t i = 0; i < fitted.size(); ++i) {
      const double off = bands[b].y[i] - fitted[i];
      squares += model.bands[b].weight[i] * off * off;
    }
  }
  fit.chi2 = model.total_weight * squares;
  fit.chi2_0 = model.reference_chi2();
  fit.penalty *= model.total_weight;
  return fit;
}

std::vector<double> flexible_model(const FlexibleFit& fit, Index band, std::span<const double> t) {
  if (band < 0 || band >= ssize(fit.bands)) {
    fail(ErrorKind::input, "flexible_model", "expected a band from 0 to " + std::to_string(ssize(fit.bands) - 1) + ", got " + std::to_string(band));
  }
  const auto& own = fit.bands[at(band)];
  std::vector<double> row(1 + 2 * std::max(fit.shared.sine.size(), own.sine.size())), value(t.size());
  for (std::size_t i = 0; i < t.size(); ++i) {
    fill_row(row, fit.frequency, t[i] - fit.epoch);
    value[i] = fit.mean[at(band)] + part_value(fit.shared, row) + part_value(own, row);
  }
  return value;
}

}  // namespace orrery::period
