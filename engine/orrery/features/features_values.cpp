// Features of the values alone, of the values with their errors, and of their order in time: the light-curve set.
#include <algorithm>
#include <cmath>
#include <limits>

#include "orrery/features/features_detail.hpp"
#include "orrery/stats/special.hpp"

namespace orrery::features::detail {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double square(double x) { return x * x; }

/// Otsu's split of ascending values: the cut with the largest variance between its sides.
void otsu(Star& star, double* out) {
  const auto& s = star.sorted();
  const std::size_t n = s.size();
  const double count = star.count(), from = star.base.mean;
  double sum = 0.0, total = 0.0, best = -1.0;
  for (const double v : s) total += v - from;
  std::size_t cut = 0;
  for (std::size_t i = 0; i + 1 < n; ++i) {
    sum += s[i] - from;
    const double low = static_cast<double>(i + 1), high = count - low;
    const double between = square(sum * count - total * low) / (low * high);  // low high (mean of the one - mean of the other)^2
    if (between > best) {
      best = between;
      cut = i;
    }
  }
  const auto part = [&](std::size_t begin, std::size_t end, double& mean) {
    mean = 0.0;
    for (std::size_t i = begin; i < end; ++i) mean += (s[i] - from) / static_cast<double>(end - begin);
    double squares = 0.0;
    for (std::size_t i = begin; i < end; ++i) squares += square(s[i] - from - mean);
    return end - begin > 1 ? std::sqrt(squares / static_cast<double>(end - begin - 1)) : 0.0;
  };
  double lower = 0.0, upper = 0.0;
  out[1] = part(0, cut + 1, lower);
  out[2] = part(cut + 1, n, upper);
  out[0] = upper - lower;
  out[3] = static_cast<double>(cut + 1) / count;
}

double biweight_scale(Star& star) {
  const double m = star.median(), unit = 9.0 * star.mad();
  if (unit == 0.0) return 0.0;
  double above = 0.0, below = 0.0;
  const double inverse = 1.0 / unit;
  for (const double v : star.y) {
    const double u2 = square((v - m) * inverse);
    if (u2 >= 1.0) continue;
    const double in = 1.0 - u2;
    above += u2 * square(in * in);
    below += in * (1.0 - 5.0 * u2);
  }
  return unit * std::sqrt(star.count() * above) / std::fabs(below);
}

}  // namespace

// amplitude, beyond_1_std, biweight_scale_9, inter_percentile_range_25, kurtosis, magnitude_percentage_ratio_40_5, mean,
// mean_variance, median, median_absolute_deviation, median_buffer_range_percentage_10, otsu x 4, percent_amplitude,
// percent_difference_magnitude_percentile_5, skew, standard_deviation
void values(Star& star, double* out) {
  const Base& b = star.base;
  const double n = star.count(), deviation = std::sqrt(star.variance());
  out[0] = 0.5 * (b.high - b.low);
  const double median = star.median(), near = 0.1 * 0.5 * (b.high - b.low);
  Index beyond = 0, close = 0;
  for (const double v : star.y) {
    beyond += static_cast<Index>(std::fabs(v - b.mean) > deviation);
    close += static_cast<Index>(std::fabs(v - median) < near);
  }
  out[1] = n > 1 ? static_cast<double>(beyond) / n : kNaN;
  out[2] = biweight_scale(star);
  out[3] = star.quantile(0.75, true) - star.quantile(0.25, true);
  const double s2 = star.variance();
  out[4] = n * (n + 1.0) / ((n - 1.0) * (n - 2.0) * (n - 3.0)) * b.fourths / (s2 * s2) - 3.0 * square(n - 1.0) / ((n - 2.0) * (n - 3.0));
  const double wide = star.quantile(0.95, true) - star.quantile(0.05, true);
  out[5] = (star.quantile(0.6, true) - star.quantile(0.4, true)) / wide;
  out[6] = b.mean;
  out[7] = deviation / b.mean;
  out[8] = median;
  out[9] = star.mad();
  out[10] = static_cast<double>(close) / n;
  if (star.n() > 1 && b.high > b.low) {
    otsu(star, out + 11);
  } else {
    std::fill(out + 11, out + 15, kNaN);
  }
  out[15] = std::max(b.high - median, median - b.low);
  out[16] = wide / median;
  out[17] = n * b.cubes / ((n - 1.0) * (n - 2.0) * s2 * deviation);
  out[18] = deviation;
}

// anderson_darling_normal, and the statistic without the factor for small samples
void normality(Star& star, double* out) {
  const auto& s = star.sorted();
  const double n = star.count(), scale = 1.0 / std::sqrt(star.variance());
  double sum = 0.0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    const double z = (s[i] - star.base.mean) * scale, k = static_cast<double>(i);
    sum += (2.0 * k + 1.0) * log_normal_cdf(z) + (2.0 * (n - k) - 1.0) * log_normal_cdf(-z);
  }
  out[1] = -n - sum / n;
  out[0] = out[1] * (1.0 + 4.0 / n - 25.0 / (n * n));
}

// qn: the k-th smallest distance of two values, by halving a bracket of distances; a count is one walk over the sorted values.
void pair_scale(Star& star, double* out) {
  const auto& s = star.sorted();
  const Index n = star.n(), half = n / 2 + 1, rank = half * (half - 1) / 2;
  const auto not_above = [&](double x) {
    Index count = 0, j = 0;
    for (Index i = 0; i < n; ++i) {
      while (s[at(i)] - s[at(j)] > x) ++j;
      count += i - j;
    }
    return count;
  };
  double low = 0.0, high = s.back() - s.front(), guess = star.mad();
  Index below = not_above(0.0), upto = n * (n - 1) / 2;
  if (below >= rank) {
    out[0] = 0.0;
    return;
  }
  for (bool halve = false; upto - below > n; halve = !halve) {
    if (!(guess > low && guess < high)) guess = 0.5 * (low + high);
    if (!(guess > low && guess < high)) break;
    const Index count = not_above(guess);
    (count >= rank ? high : low) = guess;
    (count >= rank ? upto : below) = count;
    const double share = (static_cast<double>(rank - below)) / static_cast<double>(upto - below);
    guess = low + (halve ? 0.5 : std::clamp(share, 0.02, 0.98)) * (high - low);
  }
  std::vector<double> near;
  if (upto - below <= n) {
    near.reserve(at(upto - below));
    for (Index i = 0, far = 0, close = 0; i < n; ++i) {
      while (s[at(i)] - s[at(far)] > high) ++far;
      close = std::max(close, far);
      while (close < i && s[at(i)] - s[at(close)] > low) ++close;
      for (Index j = far; j < close; ++j) near.push_back(s[at(i)] - s[at(j)]);
    }
    const auto k = near.begin() + (rank - below - 1);
    std::nth_element(near.begin(), k, near.end());
    high = *k;
  }
  out[0] = 2.219144465985076 * high;
}

// chi2_pvar, excess_variance, chi2, roms, stetson_K, weighted_mean
void errors(Star& star, double* out) {
  const Base& b = star.base;
  const double n = star.count(), median = star.median();
  out[0] = n > 1 ? stats::chi2_survival(b.chi2, n - 1.0) : kNaN;
  out[1] = (star.variance() - b.error_squares / n) / (b.mean * b.mean);
  out[2] = b.chi2 / (n - 1.0);
  double away = 0.0;
  for (std::size_t i = 0; i < star.y.size(); ++i) away += std::fabs(star.y[i] - median) / star.sigma[i];
  out[3] = away / (n - 1.0);
  out[4] = b.absolute / std::sqrt(n * b.chi2);
  out[5] = b.weighted_mean;
}

// cusum, eta, lafler_kinman_string_length
void order(Star& star, double* out) {
  const auto& y = star.y;
  double sum = 0.0, low = HUGE_VAL, high = -HUGE_VAL, steps = 0.0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    sum += y[i] - star.base.mean;
    low = std::min(low, sum);
    high = std::max(high, sum);
    if (i > 0) steps += square(y[i] - y[i - 1]);
  }
  const double n = star.count();
  out[0] = (high - low) / (n * std::sqrt(star.variance()));
  out[1] = steps / star.base.squares;
  out[2] = (steps + square(y.front() - y.back())) / (2.0 * star.base.squares);
}

// eta_e, maximum_slope, Eta_e (FATS)
void slopes(Star& star, double* out) {
  double sum = 0.0, weight = 0.0, most = 0.0;
  for (std::size_t i = 1; i < star.t.size(); ++i) {
    const double dt = star.t[i] - star.t[i - 1], slope = (star.y[i] - star.y[i - 1]) / dt;
    if (dt == 0.0) {
      star.reason |= kEqualTimes;
      out[0] = out[1] = out[2] = kNaN;
      return;
    }
    sum += slope * slope;
    weight += 1.0 / (dt * dt);
    most = std::max(most, std::fabs(slope));
  }
  const double n = star.count(), span = star.t.back() - star.t.front();
  out[0] = sum * span * span / (square(n - 1.0) * star.base.squares);
  out[1] = most;
  out[2] = weight / (n - 1.0) * span * span * sum / (star.base.squares / n * weight * n * n);
}

}  // namespace orrery::features::detail
