// Estimators of location on the sorted window of detrend, and the sliding of it.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "orrery/stats/detrend_detail.hpp"
#include "orrery/stats/special.hpp"

namespace orrery::stats::detail {
namespace {

constexpr double kMadOfSigma = 0.6744897501960817;  // MAD of a Gaussian of sigma 1
constexpr double kTolerance = 1e-9;                 // of the MAD: well below what a slider of noisy values means

struct Step {
  double distance, weight;
  double slope = 0.0;  // of distance, where it is known
};

/// One reweighting step of the biweight from the power sums: with u = (x - origin) / unit, g = (m - origin) / unit and r the cut,
/// sum (u - g)^p (1 - ((u - g) / r)^2)^2 for p = 1 and 0, by central moments.
Step biweight_step(SortedWindow& window, double m, double cut, double mad) {
  const auto core = window.core(m, cut, mad);
  const auto& s = core.sums;
  const double g = (m - core.origin) / core.unit, r = cut / core.unit, q = 1.0 / (r * r);
  const double g2 = g * g, g3 = g2 * g;
  const double m1 = s[1] - g * s[0];
  const double m2 = s[2] - 2.0 * g * s[1] + g2 * s[0];
  const double m3 = s[3] - 3.0 * g * s[2] + 3.0 * g2 * s[1] - g3 * s[0];
  const double m4 = s[4] - 4.0 * g * s[3] + 6.0 * g2 * s[2] - 4.0 * g3 * s[1] + g2 * g2 * s[0];
  const double m5 = s[5] - 5.0 * g * s[4] + 10.0 * g2 * s[3] - 10.0 * g3 * s[2] + 5.0 * g2 * g2 * s[1] - g2 * g3 * s[0];
  return {core.unit * (m1 - 2.0 * q * m3 + q * q * m5), s[0] - 2.0 * q * m2 + q * q * m4, 6.0 * q * m2 - s[0] - 5.0 * q * q * m4};
}

/// Fixed point m <- m + sum (x - m) w / sum w from the median. A steady approach is extrapolated (Aitken): the same point, sooner.
template <class Sums>
double reweighted(double start, double mad, bool extrapolate, const Sums& sums) {
  const double small = kTolerance * mad;
  const auto next = [&](double m) {
    const Step s = sums(m);
    return s.weight > 0.0 ? m + s.distance / s.weight : m;
  };
  double m = start;
  for (int round = 0; round < 500; ++round) {
    const double first = next(m);
    if (std::fabs(first - m) <= small) return first;
    const double second = next(first);
    if (std::fabs(second - first) <= small) return second;
    const double rate = (second - first) / (first - m);
    m = extrapolate && rate > 0.0 && rate < 0.9 ? second + (second - first) * rate / (1.0 - rate) : second;
  }
  return m;
}

/// The root of the biweight's equation: Newton's step where reweighting would walk to it steadily (the rate of its steps is
/// 1 + slope / weight), else the step of reweighting. After a step of s the error is of order s^2 / MAD.
double biweight_root(SortedWindow& window, double start, double cut, double mad) {
  double m = start;
  for (int round = 0; round < 500; ++round) {
    const Step at_m = biweight_step(window, m, cut, mad);
    if (!(at_m.weight > 0.0)) return m;
    const double rate = 1.0 + at_m.slope / at_m.weight;
    const bool newton = rate > 0.0 && rate < 0.9;
    const double step = newton ? -at_m.distance / at_m.slope : at_m.distance / at_m.weight;
    m += step;
    if (std::fabs(step) <= (newton ? 2e-5 : kTolerance) * mad) return m;
  }
  return m;
}

double sum_of(std::span<const double> values, double from) {
  double a = 0.0, b = 0.0, c = 0.0, d = 0.0;
  std::size_t i = 0;
  for (; i + 4 <= values.size(); i += 4) {
    a += values[i] - from;
    b += values[i + 1] - from;
    c += values[i + 2] - from;
    d += values[i + 3] - from;
  }
  for (; i < values.size(); ++i) a += values[i] - from;
  return (a + b) + (c + d);
}

/// Mean without, or with replaced, the int(c n) values of either end.
double cut_mean(std::span<const double> s, double share, bool replace) {
  const auto n = s.size();
  const auto cut = static_cast<std::size_t>(share * static_cast<double>(n));
  const double from = s[n / 2];
  double sum = sum_of(s.subspan(cut, n - 2 * cut), from);
  if (!replace) return from + sum / static_cast<double>(n - 2 * cut);
  sum += static_cast<double>(cut) * ((s[cut] - from) + (s[n - 1 - cut] - from));
  return from + sum / static_cast<double>(n);
}

/// Mean with values `c` MAD or more from the median replaced by it.
double hampel_filter(const SortedWindow& window, double median, double mad, double c) {
  const auto s = window.values();
  const Index low = window.not_above(median - c * mad), high = std::max(low, window.below(median + c * mad));
  return median + sum_of(s.subspan(at(low), at(high - low)), median) / static_cast<double>(s.size());
}

double huber_step(const SortedWindow& window, double median, double mad, double c) {
  const auto s = window.values();
  const Index low = window.below(median - c * mad), high = window.not_above(median + c * mad);
  if (high <= low) return median;
  const double clipped = sum_of(s.subspan(at(low), at(high - low)), median) / mad + c * static_cast<double>((ssize(s) - high) - low);
  return median + mad * clipped / static_cast<double>(high - low);
}

/// Huber's proposal 2: clipped mean and the scale of the values within c scales, in turn; the median when that runs away.
double huber_both(SortedWindow& window, double median, double mad, double c) {
  const auto n = static_cast<double>(window.size());
  const double inside = 2.0 * normal_cdf(c) - 1.0;
  const double gamma = inside + c * c * (1.0 - inside) - 2.0 * c * normal_pdf(c);
  double m = median, scale = mad / kMadOfSigma;
  for (int round = 0; round < 1000; ++round) {
    const auto core = window.core(m, c * scale * (1.0 + 1e-15), std::max(mad, scale));
    const auto& s = core.sums;
    const double g = (m - core.origin) / core.unit;
    const auto low = static_cast<double>(window.below(m - c * scale)), high = n - static_cast<double>(window.not_above(m + c * scale));
    const double next = m + (core.unit * (s[1] - g * s[0]) + c * scale * (high - low)) / n;
    const double h = (next - core.origin) / core.unit;
    const double squares = core.unit * core.unit * (s[2] - 2.0 * h * s[1] + h * h * s[0]);
    const double below = (n - 1.0) * gamma - (n - s[0]) * c * c;
    if (!(below > 0.0) || !(squares > 0.0)) return median;
    const double new_scale = std::sqrt(squares / below);
    const bool done = std::fabs(scale - new_scale) <= kTolerance * new_scale && std::fabs(m - next) <= kTolerance * new_scale;
    m = next;
    scale = new_scale;
    if (done) return m;
  }
  return median;
}

double hampel_weight(double z, const std::array<double, 3>& part) {
  if (z <= part[0]) return 1.0;
  if (z <= part[1]) return part[0] / z;
  if (z < part[2]) return part[0] * (part[2] - z) / (z * (part[2] - part[1]));
  return 0.0;
}

/// M-estimator whose scale is measured about it at every step; from the mean, as a regression on a constant begins.
template <class Weight>
double with_own_scale(const SortedWindow& window, const Weight& weight) {
  const auto s = window.values();
  const double from = window.median();
  double m = from + sum_of(s, from) / static_cast<double>(s.size());
  for (int round = 0; round < 200; ++round) {
    const double scale = window.median_distance(m) / kMadOfSigma;
    if (!(scale > 0.0)) return m;
    double distance = 0.0, total = 0.0;
    for (const double x : s) {
      const double w = weight(std::fabs(x - m) / scale);
      distance += w * (x - m);
      total += w;
    }
    if (!(total > 0.0)) return m;
    m += distance / total;
    if (std::fabs(distance / total) <= kTolerance * scale) return m;
  }
  return m;
}

/// The window of every point in [first, last), slid from one to the next.
template <class Estimate>
void slide_window(const Piece& piece, Index first, Index last, double half, const Estimate& estimate) {
  const auto& t = piece.t;
  const Index n = ssize(t);
  SortedWindow window;
  std::vector<double> fresh;
  Index begin = -1, end = -1;
  for (Index i = first; i < last; ++i) {
    if (std::isnan(piece.trend[at(i)])) continue;  // an edge that is cut
    const Index new_begin = std::lower_bound(t.begin() + std::max<Index>(begin, 0), t.begin() + i + 1, t[at(i)] - half) - t.begin();
    Index new_end = std::max(end, i + 1);
    while (new_end < n && t[at(new_end)] < t[at(i)] + half) ++new_end;
    if (begin < 0 || new_begin >= end) {
      fresh.clear();
      for (Index j = new_begin; j < new_end; ++j) {
        if (piece.used(j)) fresh.push_back(piece.y[at(j)]);
      }
      window.assign(fresh);
    } else {
      Index out = begin, in = end;
      for (;;) {
        while (out < new_begin && !piece.used(out)) ++out;
        while (in < new_end && !piece.used(in)) ++in;
        if (out < new_begin && in < new_end) {
          window.replace(piece.y[at(out++)], piece.y[at(in++)]);
        } else if (in < new_end) {
          window.insert(piece.y[at(in++)]);
        } else if (out < new_begin) {
          window.remove(piece.y[at(out++)]);
        } else {
          break;
        }
      }
    }
    begin = new_begin;
    end = new_end;
    piece.trend[at(i)] = window.size() > 0 ? estimate(window) : std::numeric_limits<double>::quiet_NaN();
  }
}

}  // namespace

double location(SortedWindow& window, const DetrendOptions& options, double c) {
  using enum DetrendMethod;
  const auto s = window.values();
  switch (options.method) {
    case median: return window.median();
    case trimmed_mean: return cut_mean(s, c, false);
    case winsorized_mean: return cut_mean(s, c, true);
    case hodges_lehmann: return detail::hodges_lehmann(s);
    case hampel: return with_own_scale(window, [&](double z) { return hampel_weight(z, options.hampel); });
    case ramsay: return with_own_scale(window, [&](double z) { return std::exp(-c * z); });
    default: break;
  }
  const double middle = window.median(), mad = window.median_distance(middle);
  if (mad == 0.0) return middle;
  switch (options.method) {
    case hampel_filter: return detail::hampel_filter(window, middle, mad, c);
    case huber_psi: return huber_step(window, middle, mad, c);
    case huber: return huber_both(window, middle, mad, c);
    case tau: {
      const Step step = biweight_step(window, middle, c * mad / kMadOfSigma, mad);
      return middle + step.distance / step.weight;
    }
    case biweight: return biweight_root(window, middle, c * mad, mad);
    default: break;
  }
  const bool sine = options.method == andrew_sine;
  return reweighted(middle, mad, sine, [&](double m) {
    const auto sums = weight_sums(s, m, 1.0 / (c * mad), sine);
    return Step{sums.distance, sums.weight};
  });
}

namespace {

/// Sums of two of ascending values: how many are not above x, and the ones next to x.
struct PairSums {
  std::span<const double> s;

  [[nodiscard]] Index not_above(double x) const {
    Index count = 0, j = ssize(s) - 1;
    for (Index i = 0; i <= j; ++i) {
      while (j >= i && s[at(i)] + s[at(j)] > x) --j;
      count += j - i + 1;
    }
    return count;
  }

  /// (largest sum <= x, smallest sum > x)
  [[nodiscard]] std::pair<double, double> around(double x) const {
    double under = -std::numeric_limits<double>::infinity(), over = -under;
    for (std::size_t i = 0; i < s.size(); ++i) {
      const auto end = std::partition_point(s.begin() + static_cast<Index>(i), s.end(), [&](double v) { return s[i] + v <= x; });
      if (end != s.begin() + static_cast<Index>(i)) under = std::max(under, s[i] + end[-1]);
      if (end != s.end()) over = std::min(over, s[i] + *end);
    }
    return {under, over};
  }

  /// The sums of rank k and k + 1 (from 0), which lie in [low, high] among few others.
  [[nodiscard]] std::pair<double, double> within(double low, double high, Index k) const {
    std::vector<double> near;
    for (std::size_t i = 0; i < s.size(); ++i) {
      const auto row = s.begin() + static_cast<Index>(i);
      const auto begin = std::partition_point(row, s.end(), [&](double x) { return s[i] + x < low; });
      const auto end = std::partition_point(begin, s.end(), [&](double x) { return s[i] + x <= high; });
      k -= begin - row;
      for (auto it = begin; it != end; ++it) near.push_back(s[i] + *it);
    }
    const auto middle = near.begin() + k;
    std::nth_element(near.begin(), middle, near.end());
    return {*middle, middle + 1 == near.end() ? *middle : *std::min_element(middle + 1, near.end())};
  }
};

/// The sums of rank k and k + 1: a bracket of values is cut by rank until few are left in it, counting by one walk over the values.
std::pair<double, double> middle_sums(const PairSums& sums, Index k) {
  const auto& s = sums.s;
  const Index n = ssize(s);
  double low = 2.0 * s[0], high = 2.0 * s[at(n - 1)];
  Index below = sums.not_above(low), upto = n * (n + 1) / 2;  // sums <= low, sums <= high
  if (below > k + 1) return {low, low};
  double middle = s[at(n / 2)] + s[at((n - 1) / 2)];
  for (bool halve = false; upto - below > 4 * n; halve = !halve) {
    if (!(middle > low && middle < high)) middle = low + 0.5 * (high - low);
    if (!(middle > low && middle < high)) return {below > k ? low : high, below > k + 1 ? low : high};  // neighbouring numbers
    const Index count = sums.not_above(middle);
    if (count == k + 1) return sums.around(middle);
    (count > k + 1 ? high : low) = middle;
    (count > k + 1 ? upto : below) = count;
    const double share = (static_cast<double>(k - below) + 0.5) / static_cast<double>(upto - below);
    middle = low + (halve ? 0.5 : std::clamp(share, 0.05, 0.95)) * (high - low);
  }
  return sums.within(low, high, k);
}

/// Mean of the window of every point by sums from the first value on; made anew for every call, so that errors do not add up.
void slide_mean(const Piece& piece, Index first, Index last, double half) {
  const auto& t = piece.t;
  Index begin = std::lower_bound(t.begin(), t.end(), t[at(first)] - half) - t.begin(), end = begin;
  const double from = piece.y[at(first)];
  double sum = 0.0;
  Index count = 0;
  for (Index i = first; i < last; ++i) {
    while (end < ssize(t) && (end <= i || t[at(end)] < t[at(i)] + half)) {
      if (piece.used(end)) {
        sum += piece.y[at(end)] - from;
        ++count;
      }
      ++end;
    }
    for (; t[at(begin)] < t[at(i)] - half; ++begin) {
      if (!piece.used(begin)) continue;
      sum -= piece.y[at(begin)] - from;
      --count;
    }
    if (std::isnan(piece.trend[at(i)])) continue;
    piece.trend[at(i)] = count > 0 ? from + sum / static_cast<double>(count) : std::numeric_limits<double>::quiet_NaN();
  }
}

}  // namespace

double hodges_lehmann(std::span<const double> ascending) {
  const Index n = ssize(ascending), pairs = n * (n + 1) / 2;
  if (n == 1) return ascending[0];
  const auto [first, second] = middle_sums({ascending}, (pairs - 1) / 2);
  return pairs % 2 == 1 ? 0.5 * first : 0.25 * (first + second);
}

void slide(const Piece& piece, Index first, Index last, const DetrendOptions& options, double tuning) {
  if (options.method == DetrendMethod::mean) return slide_mean(piece, first, last, 0.5 * options.window);
  slide_window(piece, first, last, 0.5 * options.window, [&](SortedWindow& window) { return location(window, options, tuning); });
}

}  // namespace orrery::stats::detail
