// The FATS set where its formulas differ from those of light-curve.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "orrery/features/features_detail.hpp"

namespace orrery::features::detail {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double square(double x) { return x * x; }

/// Slope of a straight line through (x, y).
double slope_of(std::span<const double> x, std::span<const double> y) {
  const auto n = static_cast<double>(x.size());
  double mx = 0.0, my = 0.0, xx = 0.0, xy = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    mx += x[i] / n;
    my += y[i] / n;
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += square(x[i] - mx);
    xy += (x[i] - mx) * (y[i] - my);
  }
  return xy / xx;
}

/// Median of sorted_[begin, end).
double median_of(std::span<const double> ascending) {
  const std::size_t n = ascending.size();
  return n % 2 == 1 ? ascending[n / 2] : 0.5 * (ascending[n / 2 - 1] + ascending[n / 2]);
}

}  // namespace

// Amplitude, FluxPercentileRatioMid20/35/50/65/80, Gskew, MedianBRP, PercentAmplitude, PercentDifferenceFluxPercentile, Q31,
// Meanvariance, Skew, SmallKurtosis, Std, AndersonDarling
void fats_values(Star& star, double* out) {
  const auto& s = star.sorted();
  const Index n = star.n();
  const double count = star.count(), median = star.median(), deviation = std::sqrt(star.base.squares / count);
  const auto tail = static_cast<std::size_t>(std::ceil(0.05 * count));
  const std::span<const double> all(s);
  out[0] = 0.5 * (median_of(all.last(tail)) - median_of(all.first(tail)));
  // FATS takes the value of rank ceil(p N), counted from 0.
  const auto ranked = [&](double p) { return s[at(std::min(n - 1, static_cast<Index>(std::ceil(p * count))))]; };
  const double wide = ranked(0.95) - ranked(0.05);
  constexpr double kLow[] = {0.40, 0.325, 0.25, 0.175, 0.10};
  for (std::size_t k = 0; k < 5; ++k) out[1 + k] = (ranked(1.0 - kLow[k]) - ranked(kLow[k])) / wide;
  const double low = star.quantile(0.03, false), high = star.quantile(0.97, false);
  const auto below = static_cast<std::size_t>(std::upper_bound(s.begin(), s.end(), low) - s.begin());
  const auto above = static_cast<std::size_t>(s.end() - std::lower_bound(s.begin(), s.end(), high));
  out[6] = median_of(all.first(below)) + median_of(all.last(above)) - 2.0 * median;
  const double near = (star.base.high - star.base.low) / 10.0;
  Index close = 0;
  for (const double v : star.y) close += v < median + near && v > median - near ? 1 : 0;
  out[7] = static_cast<double>(close) / count;
  out[8] = std::max(star.base.high - median, median - star.base.low) / median;
  out[9] = wide / median;
  out[10] = star.quantile(0.75, false) - star.quantile(0.25, false);
  out[11] = deviation / star.base.mean;
  out[12] = star.base.cubes / count / (square(deviation) * deviation);
  out[13] = count * (count + 1.0) / ((count - 1.0) * (count - 2.0) * (count - 3.0)) * star.base.fourths / square(square(deviation)) -
            3.0 * square(count - 1.0) / ((count - 2.0) * (count - 3.0));
  out[14] = deviation;
  std::array<double, 2> normal{};
  normality(star, normal.data());
  out[15] = 1.0 / (1.0 + std::exp(-10.0 * (normal[1] - 0.3)));
}

// Con, PairSlopeTrend, Rcs
void fats_order(Star& star, double* out) {
  const auto& y = star.y;
  const double n = star.count(), deviation = std::sqrt(star.base.squares / n);
  Index runs = 0, rises = 0, falls = 0;
  const auto out_of = [&](std::size_t i) { return std::fabs(y[i] - star.base.mean) > 2.0 * deviation; };
  for (std::size_t i = 0; i + 3 <= y.size(); ++i) runs += out_of(i) && out_of(i + 1) && out_of(i + 2) ? 1 : 0;
  out[0] = y.size() < 3 ? 0.0 : static_cast<double>(runs) / (n - 2.0);
  for (std::size_t i = y.size() > 30 ? y.size() - 29 : 1; i < y.size(); ++i) (y[i] > y[i - 1] ? rises : falls) += 1;
  out[1] = static_cast<double>(rises - falls) / 30.0;
  double sum = 0.0, low = HUGE_VAL, high = -HUGE_VAL;
  for (const double v : y) {
    sum += v - star.base.mean;
    low = std::min(low, sum);
    high = std::max(high, sum);
  }
  out[2] = (high - low) / (n * deviation);
}

// StructureFunction_index_21, _31, _32: of the values interpolated at 100 equal steps of time
void structure(Star& star, double* out) {
  constexpr std::size_t kPoints = 100;
  std::array<double, kPoints> value{};
  const double span = star.t.back() - star.t.front();
  if (!(span > 0.0)) {
    star.reason |= kEqualTimes;
    std::fill(out, out + 3, kNaN);
    return;
  }
  std::size_t j = 1;
  for (std::size_t k = 0; k < kPoints; ++k) {
    const double now = k + 1 == kPoints ? star.t.back() : star.t.front() + span * static_cast<double>(k) / (kPoints - 1);
    while (j + 1 < star.t.size() && star.t[j] < now) ++j;
    const double dt = star.t[j] - star.t[j - 1];
    value[k] = dt > 0.0 ? star.y[j - 1] + (star.y[j] - star.y[j - 1]) * ((now - star.t[j - 1]) / dt) : star.y[j];
  }
  std::vector<double> log1, log2, log3;
  for (std::size_t lag = 1; lag < kPoints; ++lag) {
    double s1 = 0.0, s2 = 0.0, s3 = 0.0;
    for (std::size_t k = 0; k + lag < kPoints; ++k) {
      const double d = std::fabs(value[k] - value[k + lag]);
      s1 += d;
      s2 += d * d;
      s3 += d * d * d;
    }
    if (!(s3 > 0.0)) continue;
    const double pairs = static_cast<double>(kPoints - lag);
    log1.push_back(std::log10(s1 / pairs));
    log2.push_back(std::log10(s2 / pairs));
    log3.push_back(std::log10(s3 / pairs));
  }
  const bool enough = log1.size() > 1;
  out[0] = enough ? slope_of(log1, log2) : kNaN;
  out[1] = enough ? slope_of(log1, log3) : kNaN;
  out[2] = enough ? slope_of(log2, log3) : kNaN;
}

// Autocor_length: first lag in points whose autocorrelation is below 1/e; N where there is none
void autocorrelation(Star& star, double* out) {
  const Index n = star.n();
  constexpr double kLimit = 0.36787944117144233;
  for (Index lag = 1; lag < n; ++lag) {
    double sum = 0.0;
    for (Index i = 0; i + lag < n; ++i) sum += (star.y[at(i)] - star.base.mean) * (star.y[at(i + lag)] - star.base.mean);
    if (sum / star.base.squares < kLimit) {
      out[0] = static_cast<double>(lag);
      return;
    }
  }
  out[0] = star.base.squares > 0.0 ? static_cast<double>(n) : kNaN;
}

// SlottedA_length, StetsonK_AC: autocorrelation in slots of 1 (unit of t)
void slotted(Star& star, double* out) {
  out[0] = out[1] = kNaN;
  const Index n = star.n();
  const double span = star.t.back() - star.t.front();
  if (n > 20000 || !(span > 0.0)) {
    star.reason |= n > 20000 ? kUndefined : kEqualTimes;
    return;
  }
  // As many slots as the span has, in the rounds of FATS: 100, then twice as many until one falls below 1/e.
  const Index most = std::clamp<Index>(static_cast<Index>(std::min(span, 1e6)) + 2, 100, 1 << 20);
  Index slots = 100, first = 1;
  std::vector<double> sum(at(most), 0.0), pairs(at(most), 0.0);
  Index done_below = 0;
  double power = 0.0;
  for (;;) {
    for (Index i = 0; i < n; ++i) {
      for (Index j = i + 1; j < n; ++j) {
        const double lag = star.t[at(j)] - star.t[at(i)];
        if (lag >= static_cast<double>(std::min(slots, most)) - 0.5) break;
        const auto k = static_cast<Index>(lag + 0.5);
        if (k < done_below) continue;
        sum[at(k)] += (star.y[at(j)] - star.base.mean) * (star.y[at(i)] - star.base.mean);
        pairs[at(k)] += 1.0;
      }
    }
    if (done_below == 0) power = (star.base.squares + sum[0]) / (pairs[0] + star.count());
    std::vector<double> correlation;
    if (done_below == 0) correlation.push_back(1.0);
    const double limit = 0.36787944117144233;
    double length = kNaN;
    for (Index k = std::max<Index>(first, 1); k < std::min(slots, most); ++k) {
      if (pairs[at(k)] == 0.0) continue;
      const double c = sum[at(k)] / pairs[at(k)] / power;
      correlation.push_back(c);
      if (std::isnan(length) && c < limit) length = static_cast<double>(k);
    }
    if (done_below == 0) {
      const Shape shape = shape_of(correlation);
      const auto m = static_cast<double>(correlation.size());
      double away = 0.0;
      for (const double c : correlation) away += std::fabs(c - shape.mean);
      out[1] = m > 1.0 ? away / (m * shape.deviation) : kNaN;  // 1/sqrt(m) sum |s| / sqrt(sum s^2), whatever the scale of s
    }
    if (!std::isnan(length)) {
      out[0] = length;
      return;
    }
    done_below = first = slots;
    slots *= 2;
    if (static_cast<double>(slots) > span) return;
  }
}

}  // namespace orrery::features::detail
