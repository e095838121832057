#include "orrery/period/rotation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/stats/robust.hpp"
#include "orrery/stats/running_median.hpp"

namespace orrery::period {
namespace {

constexpr const char* kWhere = "rotation_period";
constexpr double kMostCells = 2e7, kMostProducts = 1e12;
constexpr Index kBlock = 8;          // lags worked on together
constexpr double kFwhmToSigma = 0.42466090014400953;

struct Grid {
  std::vector<double> x;  // mean 0; 0 for what is missing
  double cadence = 0.0;
  Index filled = 0, missing = 0;
};

double median_spacing(const std::vector<double>& t) {
  std::vector<double> gaps;
  for (std::size_t i = 1; i < t.size(); ++i) {
    if (t[i] > t[i - 1]) gaps.push_back(t[i] - t[i - 1]);
  }
  return stats::median(gaps);
}

void require_options(const RotationOptions& o) {
  for (const double v : {o.cadence, o.max_lag, o.smoothing, o.max_gap, o.min_period, o.detrend, o.clip}) {
    if (!(v >= 0.0) || !std::isfinite(v)) fail(ErrorKind::input, kWhere, "expected options >= 0, got " + number_text(v));
  }
}

/// The points in the order of time, without a slow trend and far points.
struct Clean {
  std::vector<double> t, y;
};

Clean cleaned(const SeriesView& series, const RotationOptions& o) {
  std::vector<std::size_t> order(series.t.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return series.t[a] < series.t[b]; });
  Clean all;
  for (const std::size_t i : order) {
    all.t.push_back(series.t[i]);
    all.y.push_back(series.y[i]);
  }
  if (o.detrend > 0.0) {
    const auto trend = stats::running_median(all.t, all.y, o.detrend);
    for (std::size_t i = 0; i < trend.size(); ++i) all.y[i] -= trend[i];
  }
  const double scale = o.clip > 0.0 ? stats::kMadToSigma * stats::median_absolute_deviation(all.y) : 0.0;
  if (!(scale > 0.0)) return all;
  const double middle = stats::median(all.y);
  Clean kept;
  for (std::size_t i = 0; i < all.t.size(); ++i) {
    if (std::fabs(all.y[i] - middle) > o.clip * scale) continue;
    kept.t.push_back(all.t[i]);
    kept.y.push_back(all.y[i]);
  }
  if (kept.t.size() < 3) fail(ErrorKind::input, kWhere, "expected at least 3 points after the clip, got " + std::to_string(kept.t.size()));
  return kept;
}

/// Means of the points of each cell; cells without points hold NaN.
Grid cells_of(const Clean& clean, const RotationOptions& o) {
  const auto& t = clean.t;
  const double span = t.back() - t.front();
  if (!(span > 0.0)) fail(ErrorKind::input, kWhere, "expected times that differ, got all at " + number_text(t.front()));
  Grid grid{.cadence = o.cadence > 0.0 ? o.cadence : median_spacing(t)};
  if (!(span / grid.cadence < kMostCells)) {
    fail(ErrorKind::limit, kWhere, "expected at most 2e7 cells of the cadence, got " + number_text(span / grid.cadence, 3) + ": choose a longer cadence");
  }
  std::vector<double> count;
  const auto cells = static_cast<std::size_t>(std::floor(span / grid.cadence + 0.5)) + 1;
  grid.x.assign(cells, 0.0);
  count.assign(cells, 0.0);
  double mean = 0.0;
  for (const double y : clean.y) mean += (y - clean.y[0]) / static_cast<double>(clean.y.size());
  mean += clean.y[0];
  for (std::size_t i = 0; i < t.size(); ++i) {
    const auto cell = std::min(cells - 1, static_cast<std::size_t>((t[i] - t.front()) / grid.cadence + 0.5));
    grid.x[cell] += clean.y[i] - mean;
    count[cell] += 1.0;
  }
  for (std::size_t c = 0; c < cells; ++c) grid.x[c] = count[c] > 0.0 ? grid.x[c] / count[c] : std::nan("");
  return grid;
}

/// Straight lines over short gaps, the mean in long ones.
void fill_gaps(Grid& grid, double max_gap) {
  const Index longest = static_cast<Index>(std::floor(max_gap / grid.cadence + 0.5));
  Index last = 0;  // the first cell has a point
  for (Index c = 1; c < ssize(grid.x); ++c) {
    if (std::isnan(grid.x[at(c)])) continue;
    const double from = grid.x[at(last)], to = grid.x[at(c)];
    const bool bridge = c - last - 1 <= longest;
    for (Index g = last + 1; g < c; ++g) {
      grid.x[at(g)] = bridge ? from + (to - from) * static_cast<double>(g - last) / static_cast<double>(c - last) : std::nan("");
      (bridge ? grid.filled : grid.missing) += 1;
    }
    last = c;
  }
  double sum = 0.0, n = 0.0;
  for (const double v : grid.x) {
    if (!std::isnan(v)) sum += v, n += 1.0;
  }
  for (double& v : grid.x) v = std::isnan(v) ? 0.0 : v - sum / n;
}

/// sum_i x_i x_(i+k) for eight neighbouring k: eight chains of additions in a fixed order, which a compiler puts in vectors.
void products(const std::vector<double>& x, Index first, double* out) {
  double sum[kBlock] = {};
  const Index n = ssize(x);
  const double* data = x.data();
  const Index whole = std::max<Index>(0, n - first - kBlock + 1);
  for (Index i = 0; i < whole; ++i) {
    const double v = data[i];
    const double* partner = data + i + first;
    for (Index l = 0; l < kBlock; ++l) sum[l] += v * partner[l];
  }
  for (Index i = whole; i < n - first; ++i) {
    for (Index l = 0; l < kBlock && i + first + l < n; ++l) sum[l] += data[i] * data[i + first + l];
  }
  std::copy(sum, sum + kBlock, out);
}

std::vector<double> smoothed(const std::vector<double>& value, double sigma) {
  const auto reach = static_cast<Index>(std::ceil(3.0 * sigma));
  std::vector<double> kernel;
  for (Index k = 0; k <= reach; ++k) kernel.push_back(std::exp(-0.5 * static_cast<double>(k * k) / (sigma * sigma)));
  std::vector<double> out(value.size());
  const Index n = ssize(value);
  for (Index i = 0; i < n; ++i) {
    double sum = 0.0, weight = 0.0;
    for (Index k = -reach; k <= reach; ++k) {
      const Index j = std::abs(i + k);  // the function is even
      if (j >= n) continue;
      sum += kernel[at(std::abs(k))] * value[at(j)];
      weight += kernel[at(std::abs(k))];
    }
    out[at(i)] = sum / weight;
  }
  return out;
}

Task<RegularCorrelation> correlate(Budget& budget, SeriesView series, RotationOptions o) {
  require_options(o);
  require_usable(series, 3, kWhere);
  Grid grid = cells_of(cleaned(series, o), o);
  fill_gaps(grid, o.max_gap > 0.0 ? o.max_gap : 3.0 * grid.cadence);
  const double cells = static_cast<double>(ssize(grid.x));
  const double wanted = o.max_lag > 0.0 ? o.max_lag / grid.cadence : 0.5 * cells;
  const Index lags = static_cast<Index>(std::min(std::floor(wanted), cells - 1.0)) + 1;
  if (cells * static_cast<double>(lags) > kMostProducts) {
    fail(ErrorKind::limit, kWhere, "expected at most 1e12 products of cells and lags, got " + number_text(cells * static_cast<double>(lags), 3) +
                                       ": choose a longer cadence or shorter lags");
  }
  RegularCorrelation out{.cadence = grid.cadence, .filled = grid.filled, .missing = grid.missing};
  double block[kBlock];
  for (Index k = 0; k < lags; k += kBlock) {
    products(grid.x, k, block);
    for (Index l = 0; l < kBlock && k + l < lags; ++l) {
      out.lag.push_back(grid.cadence * static_cast<double>(k + l));
      out.value.push_back(block[l]);
    }
    budget.progress(static_cast<double>(k) / static_cast<double>(lags), "autocorrelation");
    co_await budget.pause();
  }
  const double zero = out.value[0];
  if (!(zero > 0.0) || !std::isfinite(zero)) fail(ErrorKind::input, kWhere, "expected values that vary, got a sum of squares of " + number_text(zero));
  for (double& v : out.value) v /= zero;
  const double width = o.smoothing > 0.0 ? o.smoothing / grid.cadence : std::min(18.0, std::max(1.0, 0.01 * static_cast<double>(lags)));
  out.smooth = smoothed(out.value, kFwhmToSigma * width);
  co_return out;
}

/// Maxima of the smoothed function with a minimum on either side.
std::vector<CorrelationPeak> peaks_of(const RegularCorrelation& c) {
  std::vector<CorrelationPeak> out;
  const auto& v = c.smooth;
  double before = v.empty() ? 0.0 : v[0];  // lowest value since the last peak
  Index top = -1;
  const auto close = [&](double after) {
    const double left = v[at(top - 1)], here = v[at(top)], right = v[at(top + 1)];
    const double bend = 2.0 * here - left - right;
    const double shift = bend > 0.0 ? 0.5 * (right - left) / bend : 0.0;
    out.push_back({c.cadence * (static_cast<double>(top) + shift), here, here - 0.5 * (before + after)});
    before = after;
  };
  double low = before;
  for (Index i = 1; i + 1 < ssize(v); ++i) {
    low = std::min(low, v[at(i)]);
    if (!(v[at(i)] > v[at(i - 1)]) || !(v[at(i)] >= v[at(i + 1)])) continue;
    if (top >= 0) {
      close(low);
    } else {
      before = low;
    }
    top = i;
    low = v[at(i)];
  }
  if (top >= 0) {
    for (Index i = top; i < ssize(v); ++i) low = std::min(low, v[at(i)]);
    close(low);
  }
  return out;
}

/// Slope of the lags at multiples of a first guess, and its error.
void measure(RotationPeriod& out, double guess) {
  constexpr Index kMost = 10;
  std::vector<double> number, lag;
  double slope = guess;
  for (Index k = 1; k <= kMost; ++k) {
    const double expected = slope * static_cast<double>(k);
    const CorrelationPeak* nearest = nullptr;
    for (const auto& p : out.peaks) {
      if (std::fabs(p.lag - expected) > 0.2 * guess) continue;
      if (nearest == nullptr || std::fabs(p.lag - expected) < std::fabs(nearest->lag - expected)) nearest = &p;
    }
    if (nearest == nullptr) break;
    number.push_back(static_cast<double>(k));
    lag.push_back(nearest->lag);
    double nn = 0.0, nl = 0.0;
    for (std::size_t i = 0; i < number.size(); ++i) nn += number[i] * number[i], nl += number[i] * lag[i];
    slope = nl / nn;  // through lag 0, where the autocorrelation has its first maximum
  }
  out.used = ssize(number);
  out.period = out.used > 0 ? slope : guess;
  std::vector<double> rest;
  for (std::size_t i = 0; i < number.size(); ++i) rest.push_back(std::fabs(lag[i] / number[i] - slope));
  out.period_error = rest.size() > 1 ? stats::kMadToSigma * stats::median(rest) / std::sqrt(static_cast<double>(rest.size() - 1)) : 0.0;
  out.period_error = std::max(out.period_error, out.correlation.cadence / static_cast<double>(std::max<Index>(1, out.used)));
}

}  // namespace

RegularCorrelation regular_autocorrelation(const SeriesView& series, const RotationOptions& options) {
  return run_to_end([&](Budget& budget) { return correlate(budget, series, options); });
}

RotationPeriod rotation_period(const SeriesView& series, const RotationOptions& options) {
  return run_to_end([&](Budget& budget) { return rotation_period_task(budget, series, options); });
}

Task<RotationPeriod> rotation_period_task(Budget& budget, SeriesView series, RotationOptions options) {
  RotationPeriod out;
  out.correlation = co_await correlate(budget, series, options);
  out.peaks = peaks_of(out.correlation);
  std::vector<const CorrelationPeak*> candidates;
  for (const auto& p : out.peaks) {
    if (p.lag >= options.min_period && candidates.size() < 2) candidates.push_back(&p);
  }
  if (candidates.empty()) co_return out;
  out.first_lag = candidates[0]->lag;
  out.second_chosen = candidates.size() == 2 && candidates[1]->value > candidates[0]->value;
  const CorrelationPeak& chosen = *candidates[out.second_chosen ? 1 : 0];
  out.height = chosen.height;
  measure(out, chosen.lag);
  co_return out;
}

}  // namespace orrery::period
