// Vetting: what the points say of one box.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/transit/box_least_squares.hpp"

namespace orrery::transit {
namespace {

using Mask = std::vector<unsigned char>;

/// x modulo m, in [0, m).
double wrapped(double x, double m) { return x - m * std::floor(x / m); }

/// Times within half a duration of epoch + k * every.
Mask mask_of(std::span<const double> t, double every, double epoch, double duration) {
  Mask mask(t.size());
  for (std::size_t i = 0; i < t.size(); ++i) {
    mask[i] = std::fabs(wrapped(t[i] - epoch + 0.5 * every, every) - 0.5 * every) < 0.5 * duration ? 1 : 0;
  }
  return mask;
}

struct Mean {
  double value = 0.0, variance = std::numeric_limits<double>::infinity();
};

class Statistics {
 public:
  Statistics(const SeriesView& series, const Box& box) : series_(series), box_(box) {
    for (std::size_t i = 0; i < series.t.size(); ++i) {
      weight_.push_back(series.sigma.empty() ? 1.0 : 1.0 / (series.sigma[i] * series.sigma[i]));
    }
  }

  [[nodiscard]] BoxStatistics all() const {
    const Mask in = mask_of(series_.t, box_.period, box_.transit_time, box_.duration);
    const Mean out_mean = mean_where([&](std::size_t i) { return in[i] == 0; });
    const auto depth_of = [&](const Mask& mask, const Mean& outside) {
      return depth(mean_where([&](std::size_t i) { return mask[i] != 0; }), outside);
    };
    BoxStatistics s;
    s.depth = depth_of(in, out_mean);
    s.depth_even = depth_of(mask_of(series_.t, 2.0 * box_.period, box_.transit_time, box_.duration), out_mean);
    s.depth_odd = depth_of(mask_of(series_.t, 2.0 * box_.period, box_.transit_time + box_.period, box_.duration), out_mean);
    const Mask phased = mask_of(series_.t, box_.period, box_.transit_time + 0.5 * box_.period, box_.duration);
    s.depth_phased = depth_of(phased, mean_where([&](std::size_t i) { return phased[i] == 0 && in[i] == 0; }));
    const Mask half = mask_of(series_.t, 0.5 * box_.period, box_.transit_time, box_.duration);
    s.depth_half = depth_of(half, mean_where([&](std::size_t i) { return half[i] == 0; }));
    const double inside = out_mean.value - s.depth.value;
    transits(in, inside, out_mean.value, s);
    harmonic(in, inside, out_mean.value, s);
    return s;
  }

 private:
  template <class Chosen>
  [[nodiscard]] Mean mean_where(Chosen chosen) const {
    double weight = 0.0, sum = 0.0;
    for (std::size_t i = 0; i < weight_.size(); ++i) {
      if (!chosen(i)) continue;
      weight += weight_[i];
      sum += weight_[i] * series_.y[i];
    }
    return weight > 0.0 ? Mean{sum / weight, 1.0 / weight} : Mean{};
  }

  static BoxStatistics::Depth depth(const Mean& inside, const Mean& outside) {
    if (!std::isfinite(inside.variance) || !std::isfinite(outside.variance)) return {0.0, std::numeric_limits<double>::infinity()};
    return {outside.value - inside.value, std::sqrt(inside.variance + outside.variance)};
  }

  void transits(const Mask& in, double inside, double outside, BoxStatistics& s) const {
    Index first = std::numeric_limits<Index>::max(), last = std::numeric_limits<Index>::min();
    const auto number = [&](std::size_t i) { return static_cast<Index>(std::nearbyint((series_.t[i] - box_.transit_time) / box_.period)); };
    for (std::size_t i = 0; i < in.size(); ++i) {
      if (in[i] == 0) continue;
      first = std::min(first, number(i));
      last = std::max(last, number(i));
    }
    if (first > last) return;
    for (Index k = first; k <= last; ++k) s.transit_times.push_back(box_.period * static_cast<double>(k) + box_.transit_time);
    s.per_transit_count.assign(at(last - first + 1), 0);
    s.per_transit_log_likelihood.assign(at(last - first + 1), 0.0);
    for (std::size_t i = 0; i < in.size(); ++i) {
      if (in[i] == 0) continue;
      const double a = series_.y[i] - inside, b = series_.y[i] - outside;
      ++s.per_transit_count[at(number(i) - first)];
      s.per_transit_log_likelihood[at(number(i) - first)] -= 0.5 * weight_[i] * (a * a - b * b);
    }
  }

  /// A sinusoid and a constant by weighted least squares, against the box.
  void harmonic(const Mask& in, double inside, double outside, BoxStatistics& s) const {
    std::array<std::array<double, 4>, 3> m{};  // normal equations, right side last
    const auto terms = [&](std::size_t i) {
      const double turns = series_.t[i] / box_.period;
      const double phase = 2.0 * std::numbers::pi * (turns - std::floor(turns));
      return std::array<double, 3>{std::sin(phase), std::cos(phase), 1.0};
    };
    for (std::size_t i = 0; i < weight_.size(); ++i) {
      const auto row = terms(i);
      for (std::size_t a = 0; a < 3; ++a) {
        for (std::size_t b = 0; b < 3; ++b) m[a][b] += weight_[i] * row[a] * row[b];
        m[a][3] += weight_[i] * row[a] * series_.y[i];
      }
    }
    const auto x = solved(m);
    double sine = 0.0, box = 0.0;
    for (std::size_t i = 0; i < weight_.size(); ++i) {
      const auto row = terms(i);
      const double r = series_.y[i] - (x[0] * row[0] + x[1] * row[1] + x[2]);
      const double q = series_.y[i] - (in[i] != 0 ? inside : outside);
      sine -= 0.5 * weight_[i] * r * r;
      box -= 0.5 * weight_[i] * q * q;
    }
    s.harmonic_amplitude = std::hypot(x[0], x[1]);
    s.harmonic_delta_log_likelihood = sine - box;
  }

  /// Elimination with row exchange; a direction that the times cannot see gets no amplitude.
  static std::array<double, 3> solved(std::array<std::array<double, 4>, 3> m) {
    const double scale = m[2][2];
    for (std::size_t k = 0; k < 3; ++k) {
      std::size_t pivot = k;
      for (std::size_t i = k + 1; i < 3; ++i) pivot = std::fabs(m[i][k]) > std::fabs(m[pivot][k]) ? i : pivot;
      std::swap(m[k], m[pivot]);
      if (std::fabs(m[k][k]) < 1e-13 * scale) continue;
      for (std::size_t i = 0; i < 3; ++i) {
        if (i == k) continue;
        const double f = m[i][k] / m[k][k];
        for (std::size_t j = k; j < 4; ++j) m[i][j] -= f * m[k][j];
      }
    }
    std::array<double, 3> x{};
    for (std::size_t k = 0; k < 3; ++k) x[k] = std::fabs(m[k][k]) < 1e-13 * scale ? 0.0 : m[k][3] / m[k][k];
    return x;
  }

  const SeriesView& series_;
  const Box& box_;
  std::vector<double> weight_;
};

}  // namespace

std::vector<unsigned char> transit_mask(std::span<const double> t, const Box& box) {
  return mask_of(t, box.period, box.transit_time, box.duration);
}

BoxStatistics box_statistics(const SeriesView& series, const Box& box) {
  require_usable(series, 2, "box_statistics");
  if (!(box.duration > 0.0) || !(box.duration < box.period) || !std::isfinite(box.period) || !std::isfinite(box.transit_time)) {
    fail(ErrorKind::input, "box_statistics", "expected 0 < duration < period and a finite transit time, got " + number_text(box.duration) + ", " +
                                                 number_text(box.period) + ", " + number_text(box.transit_time));
  }
  return Statistics(series, box).all();
}

}  // namespace orrery::transit
