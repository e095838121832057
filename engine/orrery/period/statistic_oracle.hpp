#pragma once
// For tests only: phases in long double, skies, and what every statistic of the folded series must keep.
#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "orrery/core/error.hpp"
#include "orrery/period/period_oracle.hpp"
#include "orrery/period/period_statistic.hpp"
#include "orrery/data/read_series.hpp"
#include "support/test.hpp"

namespace orrery::period::oracle {

/// Phase from the first time, in [0, 1). Points of random skies never lie within 2^-40 of an edge.
inline std::vector<long double> phases(const SeriesView& s, long double f) {
  const long double first = *std::min_element(s.t.begin(), s.t.end());
  std::vector<long double> out;
  for (const double t : s.t) {
    const long double turns = f * (static_cast<long double>(t) - first);
    out.push_back(turns - std::floor(turns));
  }
  return out;
}

inline std::vector<long double> weights(const SeriesView& s) {
  std::vector<long double> w(s.t.size(), 1.0L);
  for (std::size_t i = 0; i < s.sigma.size(); ++i) w[i] = 1.0L / (static_cast<long double>(s.sigma[i]) * s.sigma[i]);
  return w;
}

inline long double weighted_mean(const SeriesView& s, const std::vector<long double>& w) {
  long double sum = 0, all = 0;
  for (std::size_t i = 0; i < w.size(); ++i) sum += w[i] * s.y[i], all += w[i];
  return sum / all;
}

/// Largest relative difference between a curve and a formula applied at each frequency.
inline double worst(const std::vector<double>& curve, const std::vector<double>& frequency,
                    const std::function<long double(long double)>& formula) {
  if (curve.size() != frequency.size()) return HUGE_VAL;
  double most = 0.0;
  for (std::size_t k = 0; k < curve.size(); ++k) {
    const auto exact = static_cast<double>(formula(frequency[k]));
    const double d = std::fabs(curve[k] - exact) / std::max(1.0, std::fabs(exact));
    most = std::isnan(d) ? HUGE_VAL : std::max(most, d);
  }
  return most;
}

inline SeriesView without_errors(const Sky& sky) { return {sky.t, sky.y, {}}; }

inline std::vector<double> some_frequencies(Index count, double low, double high) {
  std::vector<double> f;
  for (Index k = 0; k < count; ++k) f.push_back(low + (high - low) * double(k) / double(count - 1));
  return f;
}

/// What a statistic owes to everybody: the same on one thread, on many and in slices; on a grid and on the list of it; for shuffled
/// rows, a Julian date and another unit of y; a period found; bad input refused by name.
inline void check_manners(PeriodStatistic kind, double scale_tolerance) {
  const Sky sky_ = sky(300, 90.0, 1.0 / 1.7321, 5, 0.2);
  const SeriesView s = sky_.view();
  const FrequencyGrid grid = frequency_grid(s, {.min_frequency = 0.4, .max_frequency = 0.8, .oversampling = 8.0});
  PeriodStatisticOptions one;
  one.threads = 1;
  const auto curve = period_statistic(s, grid, kind, one);
  CHECK(std::fabs(1.0 / grid[curve.best] - 1.7321) < 1.7321 * 1.7321 / 90.0);  // within the width of a peak
  CHECK(curve.contrast > 4.0);  // measured 5 to 20: only that it stands out
  CHECK(period_statistic(s, grid, kind).value == curve.value);
  Budget budget;
  Job<PeriodStatisticCurve> job(budget, period_statistic_task(budget, s, grid, kind));
  int slices = 0;
  while (!job.step(0.0)) ++slices;
  CHECK(slices > 0);
  CHECK(budget.fraction() == 1.0);
  CHECK(job.result().value == curve.value);
  // A list may take another path (direct sums instead of a transform), good to 1e-9 of the scale.
  const auto listed = period_statistic(s, grid.values(), kind);
  CHECK(listed.best == curve.best);
  CHECK(max_difference(listed.value, curve.value) < 1e-7 * (1.0 + std::fabs(curve.value[at(curve.best)])));
  // Rows from last to first, 1000 times the values, times around JD 2457000 (which keep 5e-10 day: phases move by 1e-9 turns, so a
  // point may change its bin or its place in the string; seeds are such that none does).
  Sky other = sky_;
  std::reverse(other.t.begin(), other.t.end()), std::reverse(other.y.begin(), other.y.end());
  std::reverse(other.sigma.begin(), other.sigma.end());
  for (double& t : other.t) t += 2457000.0;
  for (double& y : other.y) y = 1000.0 * (y + 7.0);
  for (double& e : other.sigma) e *= 1000.0;
  CHECK(max_difference(period_statistic(other.view(), grid, kind).value, curve.value) < scale_tolerance);
  CHECK_THROWS_AS(static_cast<void>(period_statistic({std::span(s.t).first(3), std::span(s.y).first(3), {}}, grid, kind)), InputError);
  CHECK_THROWS_AS(static_cast<void>(period_statistic(s, std::vector<double>{1.0, 0.0}, kind)), InputError);
  CHECK_THROWS_AS(static_cast<void>(period_statistic(s, std::vector<double>{std::nan("")}, kind)), InputError);
  CHECK_THROWS_AS(static_cast<void>(period_statistic(s, FrequencyGrid{0.1, 1e-9, Index(1) << 40}, kind)), InputError);
  Sky bad = sky_;
  bad.y[7] = std::nan("");
  CHECK_THROWS_AS(static_cast<void>(period_statistic(bad.view(), grid, kind)), InputError);
  bad = sky_;
  bad.sigma[3] = 0.0;
  CHECK_THROWS_AS(static_cast<void>(period_statistic(bad.view(), grid, kind)), InputError);
  CHECK(period_statistic(s, std::vector<double>{}, kind).best == -1);
}

/// A constant series and times that repeat: one finite value everywhere.
inline void check_constant(PeriodStatistic kind, double expected) {
  const std::vector<double> t{0, 1, 1, 2, 2, 2, 3.7, 5, 8, 8.5, 9}, y(11, 4.2);
  const auto curve = period_statistic({t, y, {}}, some_frequencies(40, 0.1, 3.0), kind);
  for (const double v : curve.value) CHECK(close(v, expected, {.atol = 1e-9}));
  CHECK(curve.contrast == 0.0);
}

}  // namespace orrery::period::oracle
