// Features of several bands and of pairs of them.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "orrery/core/error.hpp"
#include "orrery/features/features_detail.hpp"

namespace orrery::features {
namespace {

using detail::Star;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Measurements of two bands at equal times.
struct Aligned {
  std::vector<double> t, first, second, first_error, second_error;
};

Aligned aligned(const Star& a, const Star& b) {
  Aligned out;
  std::size_t i = 0, j = 0;
  while (i < a.t.size() && j < b.t.size()) {
    if (a.t[i] < b.t[j]) {
      ++i;
    } else if (b.t[j] < a.t[i]) {
      ++j;
    } else {
      out.t.push_back(a.t[i]);
      out.first.push_back(a.y[i]);
      out.second.push_back(b.y[j]);
      if (a.has_errors()) {
        out.first_error.push_back(a.sigma[i]);
        out.second_error.push_back(b.sigma[j]);
      }
      ++i;
      ++j;
    }
  }
  return out;
}

/// Residuals from the weighted mean in errors.
std::vector<double> residuals(const std::vector<double>& y, const std::vector<double>& error) {
  double weight = 0.0, sum = 0.0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    weight += 1.0 / (error[i] * error[i]);
    sum += (y[i] - y[0]) / (error[i] * error[i]);
  }
  std::vector<double> out;
  for (std::size_t i = 0; i < y.size(); ++i) out.push_back((y[i] - y[0] - sum / weight) / error[i]);
  return out;
}

struct Add {
  FeatureValues& out;
  std::string suffix;
  void operator()(const char* name, const char* unit, double value, std::uint32_t reason) const {
    out.names.push_back(name + suffix);
    out.units.emplace_back(unit);
    const bool finite = std::isfinite(value);
    out.value.push_back(finite ? value : kNaN);
    out.reason.push_back(finite ? 0u : reason != 0 ? reason : static_cast<std::uint32_t>(kUndefined));
    if (!out.error.empty()) out.error.push_back(kNaN);
  }
};

void add_stetson(const Add& add, const Aligned& pair) {
  const std::size_t n = pair.t.size();
  const bool errors = !pair.first_error.empty();
  const std::uint32_t reason = n < 2 ? kNoPartner : errors ? 0u : static_cast<std::uint32_t>(kNoErrors);
  double i_index = kNaN, j_index = kNaN, l_index = kNaN;
  if (reason == 0) {
    const auto p = residuals(pair.first, pair.first_error), q = residuals(pair.second, pair.second_error);
    const double count = static_cast<double>(n), scale = count / (count - 1.0);
    double sum = 0.0, roots = 0.0, absolute = 0.0, squares = 0.0;
    for (std::size_t k = 0; k < n; ++k) {
      const double product = scale * p[k] * q[k];
      sum += p[k] * q[k];
      roots += std::copysign(std::sqrt(std::fabs(product)), product);
      absolute += std::fabs(product);
      squares += product * product;
    }
    i_index = sum / std::sqrt(count * (count - 1.0));
    j_index = roots / count;
    l_index = j_index * absolute / std::sqrt(count * squares) / 0.798;
  }
  add("StetsonI", "1", i_index, reason);
  add("StetsonJ", "1", j_index, reason);
  add("StetsonL", "1", l_index, reason);
}

void add_difference(const Add& add, const Aligned& pair) {
  const std::size_t n = pair.t.size();
  double eta = kNaN, q31 = kNaN;
  std::uint32_t reason = n < 2 ? kNoPartner : 0u;
  if (n >= 2) {
    std::vector<double> color;
    for (std::size_t k = 0; k < n; ++k) color.push_back(pair.first[k] - pair.second[k]);
    Star star({pair.t, color, {}});
    std::array<double, 3> made{};
    detail::slopes(star, made.data());
    eta = made[2];
    reason = star.reason;
    q31 = star.quantile(0.75, false) - star.quantile(0.25, false);
  }
  add("Eta_color", "1", eta, reason);
  add("Q31_color", "y", q31, reason);
}

}  // namespace

FeatureValues band_features(const data::Series& series, const FeatureOptions& options) {
  if (series.bands() < 2 || series.band.empty()) return features(series.view(), options);
  FeatureValues out;
  std::vector<data::Series> parts;
  std::vector<std::size_t> filled;
  for (Index b = 0; b < series.bands(); ++b) {
    parts.push_back(data::select_band(series, b));
    if (parts.back().size() == 0) continue;
    filled.push_back(at(b));
    auto one = features(parts.back().view(), options);
    for (auto& name : one.names) out.names.push_back(name + "_" + series.band_names[at(b)]);
    out.units.insert(out.units.end(), one.units.begin(), one.units.end());
    out.value.insert(out.value.end(), one.value.begin(), one.value.end());
    out.error.insert(out.error.end(), one.error.begin(), one.error.end());
    out.reason.insert(out.reason.end(), one.reason.begin(), one.reason.end());
  }
  if (filled.empty()) fail(ErrorKind::input, "features", "expected at least 1 point, got 0");
  std::vector<double> means;
  for (std::size_t a = 0; a < filled.size(); ++a) {
    Star first(parts[filled[a]].view());
    means.push_back(first.has_errors() ? first.base.weighted_mean : first.base.mean);
    for (std::size_t b = a + 1; b < filled.size(); ++b) {
      Star second(parts[filled[b]].view());
      const Add add{out, "_" + series.band_names[filled[a]] + "_" + series.band_names[filled[b]]};
      add("color_of_mean", "y", first.base.mean - second.base.mean, 0);
      add("color_of_median", "y", first.median() - second.median(), 0);
      add("color_of_maximum", "y", first.base.high - second.base.high, 0);
      add("color_of_minimum", "y", first.base.low - second.base.low, 0);
      const Aligned pair = aligned(first, second);
      add_stetson(add, pair);
      add_difference(add, pair);
    }
  }
  Add{out, ""}("color_spread", "y", means.size() > 1 ? detail::shape_of(means).deviation : kNaN, kNoPartner);
  return out;
}

}  // namespace orrery::features
