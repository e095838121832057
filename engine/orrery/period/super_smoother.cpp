#include "orrery/period/super_smoother.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/period/super_smoother_detail.hpp"

namespace orrery::period {
namespace {

constexpr Index kFewest = 5;  // points: two on each side of one

/// Place of each time along the curve: phase, or part of the range about its middle.
std::vector<double> places(const detail::FoldedSeries& series, double period) {
  std::vector<double> x;
  const double range = series.tau.back();
  for (const double tau : series.tau) {
    const double turns = tau / period;
    x.push_back(period > 0.0 ? turns - std::floor(turns) : range > 0.0 ? tau / range - 0.5 : 0.0);
  }
  return x;
}

/// Positions of the input rows by ascending key; equal keys stay in order.
std::vector<std::size_t> order_of(std::span<const double> key) {
  std::vector<std::size_t> order(key.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return key[a] < key[b]; });
  return order;
}

detail::Piecewise work_of(const SeriesView& series, const TrialFrequencies& frequency, const SuperSmootherOptions& options) {
  constexpr const char* kWhere = "super_smoother_power";
  detail::require_range(options.bass, 0.0, 10.0, kWhere, "bass");
  auto folded = std::make_shared<const detail::FoldedSeries>(detail::folded_series(series, kFewest, kWhere));
  if (folded->size() >= detail::kMaxSortedPoints) {
    fail(ErrorKind::limit, kWhere, "expected less than 2^24 points, got " + std::to_string(folded->size()));
  }
  detail::require_trials(frequency, kWhere);
  std::vector<double> sorted = folded->y;
  std::sort(sorted.begin(), sorted.end());
  const double median = 0.5 * (sorted[(sorted.size() - 1) / 2] + sorted[sorted.size() / 2]);
  double base = 0.0;
  for (std::size_t i = 0; i < sorted.size(); ++i) base += std::fabs(folded->y[i] - median) * std::sqrt(folded->weight[i]);
  return {.frequency = frequency, .piece = detail::piece_of(folded->size(), 30.0),
          .evaluate = [folded, frequency, bass = options.bass, base](Index begin, Index end, double* out) {
            detail::smoother_piece(*folded, frequency, bass, base, begin, end, out);
          }};
}

}  // namespace

Smooth super_smoother(const SeriesView& series, const SmootherOptions& options) {
  constexpr const char* kWhere = "super_smoother";
  if (!(options.period >= 0.0) || !std::isfinite(options.period)) {
    fail(ErrorKind::input, kWhere, "expected a finite period >= 0, got " + number_text(options.period));
  }
  detail::require_range(options.bass, 0.0, 10.0, kWhere, "bass");
  const auto folded = detail::folded_series(series, kFewest, kWhere);
  const auto rows = order_of(series.t);  // of the folded series' points
  const auto x = places(folded, options.period);
  const auto order = order_of(x);
  detail::SmoothPoints points{.closed = options.period > 0.0, .bass = options.bass};
  for (const std::size_t i : order) {
    points.x.push_back(x[i]), points.y.push_back(folded.y[i]), points.weight.push_back(folded.weight[i]);
  }
  const Smooth sorted = detail::smooth_sorted(points);
  Smooth out{std::vector<double>(x.size()), std::vector<double>(x.size()), std::vector<double>(x.size())};
  for (std::size_t k = 0; k < order.size(); ++k) {
    const std::size_t row = rows[order[k]];
    // y was taken about a mean: what is left of it comes back with the value given.
    out.value[row] = series.y[row] - (points.y[k] - sorted.value[k]);
    out.residual[row] = sorted.residual[k];
    out.span[row] = sorted.span[k];
  }
  return out;
}

std::vector<double> super_smoother_power(const SeriesView& series, const TrialFrequencies& frequency, const SuperSmootherOptions& options) {
  return detail::run_pieces(work_of(series, frequency, options), options.threads);
}

Task<std::vector<double>> super_smoother_power_task(Budget& budget, SeriesView series, TrialFrequencies frequency,
                                                    SuperSmootherOptions options) {
  co_return co_await detail::run_pieces_task(budget, work_of(series, frequency, options), "super smoother");
}

}  // namespace orrery::period
