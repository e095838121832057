#include "orrery/period/lomb_scargle.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/parallel.hpp"
#include "orrery/core/text.hpp"
#include "orrery/period/lomb_scargle_detail.hpp"

namespace orrery::period {
namespace detail {
namespace {

/// A reference time near the middle that is a whole number of the spacing of doubles at the largest time, so that t - epoch is
/// exact for Julian dates.
double reference_epoch(double first, double last) { return std::round(first + 0.5 * (last - first)); }

}  // namespace

WeightedSeries weighted_series(const SeriesView& series, const LombScargleOptions& options, const char* where) {
  if (options.harmonics < 1 || options.harmonics > kMaxHarmonics) {
    fail(ErrorKind::input, where, "expected 1 to 8 harmonics, got " + std::to_string(options.harmonics));
  }
  require_usable(series, 2 * options.harmonics + 2, where);
  WeightedSeries out;
  const auto [low, high] = std::minmax_element(series.t.begin(), series.t.end());
  out.first = *low;
  out.last = *high;
  out.epoch = reference_epoch(out.first, out.last);
  const std::size_t n = series.t.size();
  out.tau.resize(n);
  out.weight.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    out.tau[i] = series.t[i] - out.epoch;
    const double sigma = series.sigma.empty() ? 1.0 : series.sigma[i];
    out.weight[i] = 1.0 / (sigma * sigma);
    out.total_weight += out.weight[i];
  }
  if (!std::isfinite(out.total_weight) || !(out.total_weight > 0.0) || !std::isfinite(1.0 / out.total_weight)) {
    fail(ErrorKind::input, where, "expected uncertainties whose squares a double can hold, got a sum of weights of " +
                                      number_text(out.total_weight));
  }
  for (double& w : out.weight) w /= out.total_weight;
  replace_values(out, series.y, options);
  if (!std::isfinite(out.variance)) fail(ErrorKind::input, where, "expected values whose squares a double can hold");
  return out;
}

void replace_values(WeightedSeries& series, std::span<const double> y, const LombScargleOptions& options) {
  const std::size_t n = series.tau.size();
  series.mean = 0.0;
  if (options.fit_mean || options.center_data) {
    // Second pass on the remainder: a mean of 1e6 with a scatter of 1e-3 keeps its digits.
    const double rough = y[0];
    double rest = 0.0;
    for (std::size_t i = 0; i < n; ++i) rest += series.weight[i] * (y[i] - rough);
    series.mean = rough + rest;
  }
  series.weighted_y.resize(n);
  series.weighted_sum = 0.0;
  series.variance = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    const double centred = y[i] - series.mean;
    series.weighted_y[i] = series.weight[i] * centred;
    series.weighted_sum += series.weighted_y[i];
    series.variance += series.weighted_y[i] * centred;
  }
}

SolveContext solve_context(const WeightedSeries& series, const LombScargleOptions& options) {
  return {options.harmonics, options.fit_mean, series.weighted_sum, series.variance > 0.0 ? 1.0 / series.variance : 0.0};
}

void normalize(std::span<double> power, Normalization normalization, double chi2_0) {
  for (double& p : power) p = normalized_power(std::clamp(p, 0.0, 1.0), normalization, chi2_0);
}

}  // namespace detail

namespace {

/// Frequencies a piece: about a third of a millisecond of work, whole SIMD groups.
Index piece_size(Index points, int harmonics) {
  const double pairs = 3e5 / (0.5 + 0.5 * harmonics);
  return std::clamp<Index>(Index(pairs / double(points)) / 8 * 8, 8, 4096);
}

void require_frequencies(std::span<const double> frequency) {
  for (std::size_t i = 0; i < frequency.size(); ++i) {
    if (!(frequency[i] > 0.0) || !std::isfinite(frequency[i])) {
      fail(ErrorKind::input, "lomb_scargle",
           "expected finite frequencies > 0, got " + number_text(frequency[i]) + " at index " + std::to_string(i));
    }
  }
}

}  // namespace

std::vector<double> lomb_scargle(const SeriesView& series, std::span<const double> frequency, const LombScargleOptions& options) {
  const auto prepared = detail::weighted_series(series, options, "lomb_scargle");
  require_frequencies(frequency);
  const auto context = detail::solve_context(prepared, options);
  std::vector<double> power(frequency.size());
  const Index piece = piece_size(prepared.size(), options.harmonics);
  const Index pieces = (ssize(frequency) + piece - 1) / piece;
  parallel_for(pieces, 1, [&](Index begin, Index end) {
    const std::size_t from = at(begin * piece);
    const std::size_t count = std::min(at(end * piece), frequency.size()) - from;
    const auto part = std::span(power).subspan(from, count);
    detail::direct_power(prepared, context, frequency.subspan(from, count), part);
    detail::normalize(part, options.normalization, prepared.reference_chi2());
  }, options.threads);
  return power;
}

Task<std::vector<double>> lomb_scargle_task(Budget& budget, SeriesView series, std::span<const double> frequency,
                                            LombScargleOptions options) {
  const auto prepared = detail::weighted_series(series, options, "lomb_scargle");
  require_frequencies(frequency);
  const auto context = detail::solve_context(prepared, options);
  std::vector<double> power(frequency.size());
  const std::size_t piece = at(piece_size(prepared.size(), options.harmonics));
  for (std::size_t from = 0; from < frequency.size(); from += piece) {
    const std::size_t count = std::min(piece, frequency.size() - from);
    const auto part = std::span(power).subspan(from, count);
    detail::direct_power(prepared, context, frequency.subspan(from, count), part);
    detail::normalize(part, options.normalization, prepared.reference_chi2());
    budget.progress(double(from + count) / double(frequency.size()), "periodogram");
    co_await budget.pause();
  }
  co_return power;
}

double normalized_power(double p, Normalization normalization, double chi2_0) {
  switch (normalization) {
    case Normalization::model: return p / (1.0 - p);
    case Normalization::log: return -std::log1p(-p);
    case Normalization::psd: return 0.5 * chi2_0 * p;
    case Normalization::standard: break;
  }
  return p;
}

double standard_power(double power, Normalization normalization, double chi2_0) {
  switch (normalization) {
    case Normalization::model: return std::isinf(power) ? 1.0 : power / (1.0 + power);
    case Normalization::log: return -std::expm1(-power);
    case Normalization::psd: return chi2_0 > 0.0 ? 2.0 * power / chi2_0 : 0.0;
    case Normalization::standard: break;
  }
  return power;
}

double reference_chi2(const SeriesView& series, const LombScargleOptions& options) {
  return detail::weighted_series(series, options, "reference_chi2").reference_chi2();
}

}  // namespace orrery::period
