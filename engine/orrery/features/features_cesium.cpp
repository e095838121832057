// The cesium set where its formulas differ, and the spread of the times.
#include <algorithm>
#include <cmath>
#include <limits>

#include "orrery/features/features_detail.hpp"
#include "orrery/stats/robust.hpp"

namespace orrery::features::detail {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Stetson's mean: weights fall for values far from it, 20 rounds at most; sigma 0.1 as cesium's default, which it is used with.
double stetson_mean(Star& star) {
  constexpr double kWeight = 100.0, kAlpha = 2.0, kTolerance = 1e-6;
  double mean = star.median();
  for (int round = 0; round < 20; ++round) {
    double total = 0.0, sum = 0.0;
    for (const double v : star.y) {
      const double u = std::fabs(v - mean) * std::sqrt(kWeight) / kAlpha, w = kWeight / (1.0 + u * u);
      total += w;
      sum += w * v;
    }
    const double step = sum / total - mean;
    mean += step;
    if (std::fabs(step) < kTolerance * std::fabs(mean) || std::fabs(step) < kTolerance) break;
  }
  return mean;
}

}  // namespace

// maximum, minimum, std, skew_cesium, percent_close_to_median, percent_amplitude_cesium, percent_difference_flux_percentile,
// flux_percentile_ratio_mid20/35/50/65/80: those of fluxes take y for magnitudes, flux = 10^(-0.4 y)
void cesium_values(Star& star, double* out) {
  const Base& b = star.base;
  const double n = star.count(), deviation = std::sqrt(b.squares / n), median = star.median();
  out[0] = b.high;
  out[1] = b.low;
  out[2] = deviation;
  out[3] = b.cubes / n / (deviation * deviation * deviation);
  const double window = 0.1 * (b.high - b.low);
  Index close = 0;
  for (const double v : star.y) close += std::fabs(v - median) < window ? 1 : 0;
  out[4] = static_cast<double>(close) / n;
  // Fluxes over that of the median, in ascending order: the last values first.
  const auto& s = star.sorted();
  std::vector<double> flux(s.size());
  for (std::size_t i = 0; i < s.size(); ++i) flux[i] = std::pow(10.0, -0.4 * (s[s.size() - 1 - i] - median));
  const auto at_share = [&](double p) { return stats::sorted_quantile(flux, p); };
  const double middle_flux = at_share(0.5), wide = at_share(0.95) - at_share(0.05);
  out[5] = std::max(flux.back() / middle_flux - 1.0, 1.0 - flux.front() / middle_flux);
  out[6] = wide / middle_flux;
  constexpr double kHalf[] = {0.10, 0.175, 0.25, 0.325, 0.40};
  for (std::size_t k = 0; k < 5; ++k) out[7 + k] = (at_share(0.5 + kHalf[k]) - at_share(0.5 - kHalf[k])) / wide;
}

// avg_err, med_err, std_err, percent_beyond_1_std, weighted_std_dev, Beyond1Std
void cesium_errors(Star& star, double* out) {
  const Shape shape = shape_of(star.sigma);
  std::vector<double> work(star.sigma.begin(), star.sigma.end());
  const double deviation = std::sqrt(star.base.chi2 / star.base.weight);
  Index beyond = 0;
  for (const double v : star.y) beyond += std::fabs(v - star.base.weighted_mean) > deviation ? 1 : 0;
  out[0] = shape.mean;
  out[1] = middle(work);
  out[2] = shape.deviation;
  out[3] = static_cast<double>(beyond) / star.count();
  out[4] = deviation;
  // Beyond1Std (FATS): the deviation about the weighted mean without weights
  const double n = star.count(), shift = star.base.mean - star.base.weighted_mean;
  const double plain = std::sqrt((star.base.squares + n * shift * shift) / (n - 1.0));
  Index far = 0;
  for (const double v : star.y) far += std::fabs(v - star.base.weighted_mean) > plain ? 1 : 0;
  out[5] = n > 1.0 ? static_cast<double>(far) / n : kNaN;
}

// stetson_j, stetson_k
void stetson_cesium(Star& star, double* out) {
  const double n = star.count(), mean = stetson_mean(star), scale = std::sqrt(n / (n - 1.0)) / 0.1;
  double j = 0.0, absolute = 0.0, squares = 0.0;
  for (const double v : star.y) {
    const double d = scale * (v - mean), p = d * d - 1.0;
    j += std::copysign(std::sqrt(std::fabs(p)), p) / n;
    absolute += std::fabs(d) / n;
    squares += d * d / n;
  }
  out[0] = j;
  out[1] = absolute / std::sqrt(squares) / 0.798;
}

// cads_avg, cads_med, cads_std, cads_skew, cads_kurtosis, avg/med/std_double_to_single_step, cad_probs x 17
void cadence(Star& star, double* out) {
  const std::size_t n = star.t.size();
  std::vector<double> step, ratio;
  for (std::size_t i = 1; i < n; ++i) step.push_back(star.t[i] - star.t[i - 1]);
  const Shape shape = shape_of(step);
  out[0] = shape.mean;
  out[2] = shape.deviation;
  out[3] = shape.skew;
  out[4] = shape.kurtosis;
  // cesium's formula is of the steps themselves: (c[i+2] + c[i]) / (c[i+1] - c[i]).
  for (std::size_t i = 0; i + 2 < step.size(); ++i) ratio.push_back((step[i + 2] + step[i]) / (step[i + 1] - step[i]));
  const Shape ratios = ratio.empty() ? Shape{kNaN, kNaN, kNaN, kNaN} : shape_of(ratio);
  const bool finite = std::all_of(ratio.begin(), ratio.end(), [](double v) { return std::isfinite(v); });
  out[5] = ratios.mean;
  out[6] = ratio.empty() || !finite ? kNaN : middle(ratio);
  out[7] = ratios.deviation;
  constexpr double kMinutes[] = {1, 10, 20, 30, 40, 50, 100, 500, 1000, 5000, 1e4, 5e4, 1e5, 5e5, 1e6, 5e6, 1e7};
  for (std::size_t k = 0; k < 17; ++k) {  // share of steps below, those equal to it counted half (and no more than once)
    const double limit = kMinutes[k] / (24.0 * 60.0);
    Index below = 0, equal = 0;
    for (const double v : step) {
      below += v < limit ? 1 : 0;
      equal += v == limit ? 1 : 0;
    }
    const double share = static_cast<double>(below) + (equal > 0 ? 0.5 * (static_cast<double>(equal) + 1.0) : 0.0);
    out[8 + k] = share / static_cast<double>(step.size());
  }
  out[1] = middle(step);
}

// all_times_nhist_numpeaks, _peak_val, _peak_1_to_2, _1_to_3, _2_to_3, _1_to_4, _2_to_4, _3_to_4, _peak1_bin ... _peak4_bin:
// histogram of all time differences in 50 bins, from 2500 bins of times; ranks of the peaks count from 0 as in cesium
void time_map(Star& star, double* out) {
  constexpr Index kBins = 50, kFine = 50, kAll = kBins * kFine;
  const double span = star.t.back() - star.t.front();
  std::fill(out, out + 12, kNaN);
  if (!(span > 0.0)) {
    star.reason |= kEqualTimes;
    return;
  }
  std::vector<double> fine(at(kAll), 0.0), wide(at(kBins), 0.0);
  std::vector<Index> filled;
  for (const double t : star.t) {
    const Index k = std::min(kAll - 1, static_cast<Index>((t - star.t.front()) / span * static_cast<double>(kAll)));
    if (fine[at(k)] == 0.0) filled.push_back(k);
    fine[at(k)] += 1.0;
  }
  for (std::size_t a = 0; a < filled.size(); ++a) {
    for (std::size_t b = 0; b <= a; ++b) wide[at((filled[a] - filled[b]) / kFine)] += fine[at(filled[a])] * fine[at(filled[b])];
  }
  wide[0] -= star.count();
  double mean = 0.0;
  for (const double v : wide) mean += v / static_cast<double>(kBins);
  for (double& v : wide) v /= span * mean;
  std::vector<Index> peaks;
  for (Index i = 0; i < kBins; ++i) {
    if (i > 0 && !(wide[at(i)] > wide[at(i - 1)])) continue;
    Index j = i + 1;
    while (j < kBins && wide[at(j)] == wide[at(i)]) ++j;
    if (j == kBins || wide[at(j)] < wide[at(i)]) peaks.push_back(i);
  }
  std::stable_sort(peaks.begin(), peaks.end(), [&](Index a, Index b) { return wide[at(a)] > wide[at(b)]; });
  out[0] = static_cast<double>(peaks.size());
  out[1] = *std::max_element(wide.begin(), wide.end());
  constexpr std::size_t kPairs[][2] = {{1, 2}, {1, 3}, {2, 3}, {1, 4}, {2, 4}, {3, 4}};
  for (std::size_t k = 0; k < 6; ++k) {
    if (peaks.size() > kPairs[k][1]) out[2 + k] = wide[at(peaks[kPairs[k][0]])] / wide[at(peaks[kPairs[k][1]])];
  }
  for (std::size_t k = 1; k <= 4; ++k) {
    if (peaks.size() > k) out[7 + k] = static_cast<double>(peaks[k]);
  }
}

}  // namespace orrery::features::detail
