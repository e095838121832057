// One star: order, moments, sorted values.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include "orrery/features/features_detail.hpp"
#include "orrery/stats/robust.hpp"
#include "orrery/stats/special.hpp"

namespace orrery::features::detail {

// Values are dealt into as many equal intervals as there are values, then put in order within each: linear for any distribution that
// does not crowd into a few of them, and those intervals are sorted as usual.
void bucket_sort(std::vector<double>& values) {
  const std::size_t n = values.size();
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const double from = *low, scale = static_cast<double>(n - 1) / (*high - from);
  if (n < 64 || !(scale > 0.0) || !std::isfinite(scale)) {
    std::sort(values.begin(), values.end());
    return;
  }
  std::vector<std::uint32_t> place(n), end(n + 1, 0);
  for (std::size_t i = 0; i < n; ++i) {
    place[i] = static_cast<std::uint32_t>(std::min((values[i] - from) * scale, static_cast<double>(n - 1)));
    ++end[place[i]];
  }
  std::uint32_t sum = 0;
  for (auto& e : end) sum += std::exchange(e, sum);
  std::vector<double> dealt(n);
  for (std::size_t i = 0; i < n; ++i) dealt[end[place[i]]++] = values[i];
  std::size_t begin = 0;
  for (std::size_t k = 0; k < n; ++k) {  // end[k] is now where interval k ends
    const std::size_t stop = end[k];
    if (stop - begin > 16) {
      std::sort(dealt.begin() + static_cast<Index>(begin), dealt.begin() + static_cast<Index>(stop));
    } else {
      for (std::size_t i = begin + 1; i < stop; ++i) {
        const double v = dealt[i];
        std::size_t j = i;
        for (; j > begin && dealt[j - 1] > v; --j) dealt[j] = dealt[j - 1];
        dealt[j] = v;
      }
    }
    begin = stop;
  }
  values.swap(dealt);
}

Star::Star(const SeriesView& series) : t(series.t), y(series.y), sigma(series.sigma) {
  if (!std::is_sorted(t.begin(), t.end())) {
    std::vector<Index> places(t.size());
    std::iota(places.begin(), places.end(), Index(0));
    std::stable_sort(places.begin(), places.end(), [&](Index a, Index b) { return series.t[at(a)] < series.t[at(b)]; });
    for (const Index i : places) {
      own_t_.push_back(series.t[at(i)]);
      own_y_.push_back(series.y[at(i)]);
      if (!series.sigma.empty()) own_sigma_.push_back(series.sigma[at(i)]);
    }
    t = own_t_;
    y = own_y_;
    sigma = own_sigma_;
  }
  const double from = y[0];
  double sum = 0.0;
  base.low = base.high = from;
  for (const double v : y) {
    sum += v - from;
    base.low = std::min(base.low, v);
    base.high = std::max(base.high, v);
  }
  base.mean = base.low == base.high ? from : from + sum / count();
  for (const double v : y) {
    const double d = v - base.mean, d2 = d * d;
    base.squares += d2;
    base.cubes += d2 * d;
    base.fourths += d2 * d2;
  }
  if (sigma.empty()) return;
  double moved = 0.0;
  for (std::size_t i = 0; i < sigma.size(); ++i) {
    const double w = 1.0 / (sigma[i] * sigma[i]);
    base.weight += w;
    moved += w * (y[i] - base.mean);
    base.error_squares += sigma[i] * sigma[i];
  }
  base.weighted_mean = base.mean + moved / base.weight;
  for (std::size_t i = 0; i < sigma.size(); ++i) {
    const double u = (y[i] - base.weighted_mean) / sigma[i];
    base.absolute += std::fabs(u);
    base.chi2 += u * u;
  }
}

const std::vector<double>& Star::sorted() {
  if (sorted_.empty()) {
    sorted_.assign(y.begin(), y.end());
    bucket_sort(sorted_);
  }
  return sorted_;
}

double Star::quantile(double p, bool in_middle) {
  const auto& s = sorted();
  if (!in_middle) return stats::sorted_quantile(s, p);
  const double h = std::clamp(p * count() - 0.5, 0.0, count() - 1.0);
  const auto low = static_cast<std::size_t>(h);
  const double part = h - static_cast<double>(low);
  return part > 0.0 ? s[low] + part * (s[low + 1] - s[low]) : s[low];
}

double Star::median() {
  const auto& s = sorted();
  const std::size_t m = s.size();
  return m % 2 == 1 ? s[m / 2] : 0.5 * (s[m / 2 - 1] + s[m / 2]);
}

// Distances from the middle are two ascending runs of the sorted values: how many of the nearest half lie on the left is found by
// halving.
double Star::mad() {
  if (has_mad_) return mad_;
  const auto& s = sorted();
  const double m = median();
  const Index split = std::lower_bound(s.begin(), s.end(), m) - s.begin(), right = n() - split, count = (n() - 1) / 2 + 1;
  Index low = std::max<Index>(0, count - right), high = std::min(count, split);
  while (low < high) {
    const Index left = (low + high) / 2;
    if (m - s[at(split - 1 - left)] < s[at(split + count - left - 1)] - m) {
      low = left + 1;
    } else {
      high = left;
    }
  }
  const Index other = count - low;
  const double a = low > 0 ? m - s[at(split - low)] : -HUGE_VAL, b = other > 0 ? s[at(split + other - 1)] - m : -HUGE_VAL;
  mad_ = std::max(a, b);
  if (n() % 2 == 0) {
    const double c = low < split ? m - s[at(split - 1 - low)] : HUGE_VAL, d = other < right ? s[at(split + other)] - m : HUGE_VAL;
    mad_ = 0.5 * (mad_ + std::min(c, d));
  }
  has_mad_ = true;
  return mad_;
}

Shape shape_of(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  double sum = 0.0, m2 = 0.0, m3 = 0.0, m4 = 0.0;
  for (const double v : values) sum += v;
  const double mean = sum / n;
  for (const double v : values) {
    const double d = v - mean, d2 = d * d;
    m2 += d2 / n;
    m3 += d2 * d / n;
    m4 += d2 * d2 / n;
  }
  return {mean, std::sqrt(m2), m3 / (m2 * std::sqrt(m2)), m4 / (m2 * m2) - 3.0};
}

double middle(std::vector<double>& values) {
  const auto half = values.begin() + ssize(values) / 2;
  std::nth_element(values.begin(), half, values.end());
  return values.size() % 2 == 1 ? *half : 0.5 * (*half + *std::max_element(values.begin(), half));
}

namespace {

/// Taylor pieces of ln Phi about the middles of cells of 1/16 on [-12, 10]. With r = phi / Phi: f' = r, f'' = -r (z + r), and so on.
struct LogCdfTable {
  static constexpr int kCells = 352, kTerms = 9;
  std::array<std::array<double, kTerms>, kCells> piece;
  LogCdfTable() {
    for (int k = 0; k < kCells; ++k) {
      const double z = -12.0 + (k + 0.5) / 16.0;
      // Derivatives of r = f' by Leibniz on r' = -z r - r r.
      std::array<double, kTerms> r{};
      const double cdf = 0.5 * std::erfc(-z / std::numbers::sqrt2);
      r[0] = std::exp(-0.5 * z * z) / std::sqrt(2.0 * std::numbers::pi) / cdf;
      for (int j = 0; j + 1 < kTerms; ++j) {
        double next = -z * r[at(j)] - (j > 0 ? j * r[at(j - 1)] : 0.0), binomial = 1.0;
        for (int i = 0; i <= j; ++i) {
          next -= binomial * r[at(i)] * r[at(j - i)];
          binomial *= static_cast<double>(j - i) / (i + 1.0);
        }
        r[at(j + 1)] = next;
      }
      auto& p = piece[at(k)];
      p[0] = z > 0.0 ? std::log1p(-0.5 * std::erfc(z / std::numbers::sqrt2)) : std::log(cdf);
      double factorial = 1.0;
      for (int j = 1; j < kTerms; ++j) p[at(j)] = r[at(j - 1)] / (factorial *= j);
    }
  }
};

}  // namespace

double log_normal_cdf(double z) {
  static const LogCdfTable table;
  if (!(z >= -12.0)) {  // asymptotic: 2e-13 at z = -12 with these terms, better beyond
    const double q = 1.0 / (z * z);
    const double series = -q * (1.0 - q * (3.0 - q * (15.0 - q * (105.0 - q * (945.0 - q * (10395.0 - q * 135135.0))))));
    return -0.5 * z * z - std::log(-z * std::sqrt(2.0 * std::numbers::pi)) + std::log1p(series);
  }
  if (z >= 10.0) return -0.5 * std::erfc(z / std::numbers::sqrt2);
  const double cell = (z + 12.0) * 16.0;
  const auto k = static_cast<std::size_t>(cell);
  const double x = (cell - static_cast<double>(k) - 0.5) / 16.0;
  const auto& p = table.piece[k];
  double f = p[8];
  for (std::size_t j = 8; j-- > 0;) f = f * x + p[j];
  return f;
}

}  // namespace orrery::features::detail
