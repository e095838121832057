// From chi2 at each period to the spectra and the detection efficiency.
#include <algorithm>
#include <array>
#include <cmath>

#include "orrery/transit/transit_least_squares.hpp"

namespace orrery::transit {
namespace {

struct Spread {
  double mean = 0.0, deviation = 0.0;
};

Spread spread_of(const std::vector<double>& values) {
  Spread out;
  const double n = static_cast<double>(values.size());
  for (const double v : values) out.mean += v / n;
  for (const double v : values) out.deviation += (v - out.mean) * (v - out.mean) / n;
  out.deviation = std::sqrt(out.deviation);
  return out;
}

/// Median of the `width` (odd) values around each; at the ends that of the first and last full window.
std::vector<double> running_medians(const std::vector<double>& values, std::size_t width) {
  std::vector<double> window(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(width)), out(values.size());
  std::sort(window.begin(), window.end());
  const std::size_t half = width / 2;
  for (std::size_t i = half; i + half < values.size(); ++i) {
    if (i > half) {
      window.erase(std::lower_bound(window.begin(), window.end(), values[i - half - 1]));
      window.insert(std::upper_bound(window.begin(), window.end(), values[i + half]), values[i + half]);
    }
    out[i] = window[half];
  }
  for (std::size_t i = 0; i < half; ++i) {
    out[i] = out[half];
    out[values.size() - 1 - i] = out[values.size() - 1 - half];
  }
  return out;
}

}  // namespace

void transit_spectra(TransitPeriodogram& found, double oversampling) {
  const std::size_t n = found.chi2.size();
  found.signal_residue.assign(n, 0.0);
  found.power_raw.assign(n, 0.0);
  found.power.assign(n, 0.0);
  found.sde = found.sde_raw = 0.0;
  if (n == 0) return;
  const auto [least, most] = std::minmax_element(found.chi2.begin(), found.chi2.end());
  if (!(*least < *most) || !(*least >= 0.0)) return;  // no transit anywhere, or the same one
  for (std::size_t i = 0; i < n; ++i) found.signal_residue[i] = found.chi2[i] > 0.0 ? *least / found.chi2[i] : 1.0;
  const Spread raw = spread_of(found.signal_residue);
  if (!(raw.deviation > 0.0)) return;  // all chi2 are 0 or equal to rounding
  for (std::size_t i = 0; i < n; ++i) found.power_raw[i] = (found.signal_residue[i] - raw.mean) / raw.deviation;
  found.sde_raw = (1.0 - raw.mean) / raw.deviation;
  std::size_t kernel = static_cast<std::size_t>(std::max(1.0, 30.0 * oversampling));
  kernel += kernel % 2 == 0 ? 1 : 0;
  found.power = found.power_raw;
  found.sde = found.sde_raw;
  if (n <= 2 * kernel) return;
  const auto trend = running_medians(found.power_raw, kernel);
  for (std::size_t i = 0; i < n; ++i) found.power[i] -= trend[i];
  const Spread flat = spread_of(found.power);
  if (!(flat.deviation > 0.0)) return;
  for (double& v : found.power) v = (v - flat.mean) / flat.deviation;
  found.sde = *std::max_element(found.power.begin(), found.power.end());
}

double transit_false_alarm_probability(double sde) {
  // Thinned from the published list.
  constexpr std::array<double, 12> kSde{5.651, 5.780, 5.888, 6.038, 6.302, 6.571, 6.786, 6.938, 7.169, 7.475, 8.340, 9.100};
  constexpr std::array<double, 12> kAlarm{0.1, 0.0809, 0.0681, 0.0521, 0.0329, 0.0201, 0.0137, 0.01048, 0.00728, 0.00408, 0.00088, 0.00008};
  if (!(sde > kSde.front())) return kAlarm.front();
  if (sde >= kSde.back()) return kAlarm.back();
  const auto above = static_cast<std::size_t>(std::upper_bound(kSde.begin(), kSde.end(), sde) - kSde.begin());
  const double part = (sde - kSde[above - 1]) / (kSde[above] - kSde[above - 1]);
  return kAlarm[above - 1] * std::pow(kAlarm[above] / kAlarm[above - 1], part);
}

}  // namespace orrery::transit
