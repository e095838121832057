#include "orrery/transit/transit_detail.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/stats/robust.hpp"

namespace orrery::transit::detail {
namespace {

/// The error that every point is given when the series has none.
double scatter_of(const SeriesView& series, const char* where) {
  if (!series.sigma.empty()) return 0.0;
  const double scatter = stats::kMadToSigma * stats::median_absolute_deviation(series.y);
  if (scatter > 0.0) return scatter;
  fail(ErrorKind::input, where, "expected values with a scatter, got more than half of them equal: give their errors");
}

}  // namespace

DipSeries dip_series(const SeriesView& series, double level, const char* where) {
  require_usable(series, 3, where);
  if (!std::isfinite(level)) fail(ErrorKind::input, where, "expected a finite level, got " + number_text(level));
  DipSeries out{.scatter = scatter_of(series, where)};
  std::vector<Index> order(series.t.size());
  std::iota(order.begin(), order.end(), Index{0});
  if (!std::is_sorted(series.t.begin(), series.t.end())) {
    std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return series.t[at(a)] < series.t[at(b)]; });
  }
  out.first_time = series.t[at(order.front())];
  out.span = series.t[at(order.back())] - out.first_time;
  if (!(out.span > 0.0)) fail(ErrorKind::input, where, "expected times that differ, got all at " + number_text(out.first_time));
  for (const Index i : order) {
    const double sigma = series.sigma.empty() ? out.scatter : series.sigma[at(i)];
    const double w = 1.0 / (sigma * sigma), r = level - series.y[at(i)];
    out.tau.push_back(series.t[at(i)] - out.first_time);
    out.pair.push_back(w * r);
    out.pair.push_back(w);
    out.chi2_flat += w * r * r;
  }
  if (!std::isfinite(out.chi2_flat)) fail(ErrorKind::input, where, "expected errors whose squares a double can hold, got a chi2 of " + number_text(out.chi2_flat));
  const Index cells = ssize(out.tau);
  out.lookup_scale = static_cast<double>(cells) / out.span;
  Index point = 0;
  for (Index cell = 0; cell <= cells; ++cell) {
    while (point < cells && out.tau[at(point)] < static_cast<double>(cell) / out.lookup_scale) ++point;
    out.lookup.push_back(point);
  }
  return out;
}

Index DipSeries::first_at(double time) const {
  if (!(time > 0.0)) return 0;
  if (time > span) return ssize(tau);
  Index point = lookup[std::min(lookup.size() - 1, static_cast<std::size_t>(time * lookup_scale))];
  while (point > 0 && tau[at(point - 1)] >= time) --point;  // rounding of the cell
  while (point < ssize(tau) && tau[at(point)] < time) ++point;
  return point;
}

double exposure_of(const DipSeries& series, double given, const char* where) {
  if (!std::isfinite(given)) fail(ErrorKind::input, where, "expected a finite exposure, got " + number_text(given));
  if (given >= 0.0) return given;
  std::vector<double> spacing;
  for (std::size_t i = 1; i < series.tau.size(); ++i) spacing.push_back(series.tau[i] - series.tau[i - 1]);
  const double usual = stats::median(spacing);
  const auto regular = std::count_if(spacing.begin(), spacing.end(), [&](double s) { return std::fabs(s - usual) <= 0.1 * usual; });
  return 5 * regular >= 4 * ssize(spacing) ? usual : 0.0;
}

ShapeTable::ShapeTable(const TransitShape& shape) {
  const double reach = std::sqrt((1.0 + shape.radius_ratio) * (1.0 + shape.radius_ratio) - shape.impact * shape.impact);
  const double depth = 1.0 - transit_flux(shape.impact, shape.radius_ratio, shape.limb);
  for (std::size_t k = 0; k < 1024; ++k) {
    const double x = static_cast<double>(k) / kShapeScale;
    value_[k] = (1.0 - transit_flux(std::hypot(shape.impact, 2.0 * x * reach), shape.radius_ratio, shape.limb)) / depth;
  }
}

StepKernel step_kernel(const ShapeTable& shape, Index length) {
  constexpr int kSamples = 64;  // in a step
  const double half = 0.5 * static_cast<double>(length), rim = (half - 1.0) / half;
  StepKernel out{.length = length};
  double n = 0.0, v2 = 0.0, v4 = 0.0, y = 0.0, yv2 = 0.0, square = 0.0;
  for (Index step = 0; step < length; ++step) {
    for (int k = 0; k < kSamples; ++k) {
      const double v = (static_cast<double>(step) + (k + 0.5) / kSamples) / half - 1.0, s = shape(0.5 * v);
      if (step == 0 || step == length - 1) {
        out.edge += s / (2.0 * kSamples);
        out.edge_square += s * s / (2.0 * kSamples);
        continue;
      }
      n += 1.0;
      v2 += v * v;
      v4 += v * v * v * v;
      y += s;
      yv2 += s * v * v;
      square += s * s;
    }
  }
  // Least squares of alpha + beta v^2 over the middle steps.
  const double beta = (n * yv2 - v2 * y) / (n * v4 - v2 * v2), alpha = (y - beta * v2) / n;
  out.rim = alpha + beta * rim * rim;
  out.slope = -2.0 * beta * rim / half;
  out.bend = beta / (half * half);
  out.middle_square = square / n;
  return out;
}

}  // namespace orrery::transit::detail
