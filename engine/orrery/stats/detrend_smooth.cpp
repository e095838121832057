// Savitzky-Golay and lowess trends of a whole piece.
#include <algorithm>
#include <cmath>
#include <limits>

#include "orrery/stats/detrend_detail.hpp"
#include "orrery/stats/robust.hpp"

namespace orrery::stats::detail {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr Index kMostTerms = 9;  // degree 8

/// Polynomials orthogonal over the used points of [begin, end), abscissa the point's number scaled to [-1, 1]; least squares by
/// projecting on one after the other (Forsythe 1957), which needs no matrix.
class LocalPolynomial {
 public:
  LocalPolynomial(const Piece& piece, Index begin, Index end, Index degree) {
    middle_ = 0.5 * static_cast<double>(begin + end - 1);
    scale_ = end - begin > 1 ? 2.0 / static_cast<double>(end - begin - 1) : 1.0;
    Index count = 0;
    for (Index i = begin; i < end; ++i) count += piece.used(i) ? 1 : 0;
    terms_ = std::min({degree + 1, count, kMostTerms});
    std::vector<double> before(at(end - begin), 0.0), now(at(end - begin), 1.0);
    double last_square = 1.0;
    for (Index k = 0; k < terms_; ++k) {
      double square = 0.0, moved = 0.0, projected = 0.0;
      for (Index i = begin; i < end; ++i) {
        if (!piece.used(i)) continue;
        const double p = now[at(i - begin)], x = abscissa(static_cast<double>(i));
        square += p * p;
        moved += x * p * p;
        projected += p * (piece.y[at(i)] - fitted(i - begin));
      }
      alpha_[at(k)] = moved / square;
      beta_[at(k)] = k > 0 ? square / last_square : 0.0;
      coefficient_[at(k)] = projected / square;
      last_square = square;
      fit_.resize(at(end - begin), 0.0);
      for (Index i = begin; i < end; ++i) {
        double& p = now[at(i - begin)];
        fit_[at(i - begin)] += coefficient_[at(k)] * p;
        const double next = (abscissa(static_cast<double>(i)) - alpha_[at(k)]) * p - beta_[at(k)] * before[at(i - begin)];
        before[at(i - begin)] = p;
        p = next;
      }
    }
  }
  [[nodiscard]] bool defined() const { return terms_ > 0; }
  [[nodiscard]] double fitted(Index place) const { return fit_.empty() ? 0.0 : fit_[at(place)]; }

 private:
  [[nodiscard]] double abscissa(double i) const { return (i - middle_) * scale_; }
  double middle_, scale_;
  Index terms_;
  double alpha_[kMostTerms], beta_[kMostTerms], coefficient_[kMostTerms];
  std::vector<double> fit_;
};

/// Weights of the middle point of a full window.
std::vector<double> middle_weights(Index window, Index degree) {
  std::vector<double> weights(at(window)), unit(at(window), 0.0), t(at(window), 0.0), trend(at(window));
  for (Index j = 0; j < window; ++j) {
    unit[at(j)] = 1.0;
    const LocalPolynomial fit({t, unit, {}, trend}, 0, window, degree);
    weights[at(j)] = fit.fitted(window / 2);
    unit[at(j)] = 0.0;
  }
  return weights;
}

}  // namespace

void savitzky_golay(const Piece& piece, Index window, Index degree) {
  const Index n = ssize(piece.y), half = window / 2;
  const auto whole = [&](Index begin, Index end, Index first, Index last) {
    const LocalPolynomial fit(piece, begin, end, degree);
    for (Index i = first; i < last; ++i) piece.trend[at(i)] = fit.defined() ? fit.fitted(i - begin) : kNaN;
  };
  if (n <= window) return whole(0, n, 0, n);
  const auto weights = middle_weights(window, degree);
  Index masked = 0;  // in the window
  for (Index i = 0; i < window; ++i) masked += piece.used(i) ? 0 : 1;
  whole(0, window, 0, half);
  for (Index i = half; i < n - half; ++i) {
    if (masked > 0) {
      whole(i - half, i + half + 1, i, i + 1);
    } else {
      double sum = 0.0;
      const double from = piece.y[at(i)];
      for (Index j = 0; j < window; ++j) sum += weights[at(j)] * (piece.y[at(i - half + j)] - from);
      piece.trend[at(i)] = from + sum;
    }
    if (i + 1 < n - half) masked += (piece.used(i + half + 1) ? 0 : 1) - (piece.used(i - half) ? 0 : 1);
  }
  whole(n - window, n, n - half, n);
}

void lowess_round(const Piece& piece, Index first, Index last, double window, std::span<const double> weight, std::span<double> trend) {
  const auto& t = piece.t;
  const double radius = 0.5 * window;
  for (Index i = first; i < last; ++i) {
    const double now = t[at(i)];
    const Index begin = std::lower_bound(t.begin(), t.end(), now - radius) - t.begin();
    const Index end = std::lower_bound(t.begin(), t.end(), now + radius) - t.begin();
    double w0 = 0.0, w1 = 0.0, w2 = 0.0, wy = 0.0, wxy = 0.0;
    const double from = piece.y[at(i)];
    for (Index j = begin; j < end; ++j) {
      const double x = (t[at(j)] - now) / radius, a = std::fabs(x), tube = 1.0 - a * a * a, w = weight[at(j)] * (tube * tube * tube);
      const double y = piece.y[at(j)] - from;
      w0 += w;
      w1 += w * x;
      w2 += w * x * x;
      wy += w * y;
      wxy += w * x * y;
    }
    const double determinant = w0 * w2 - w1 * w1;
    // A line needs two times: the determinant of one is rounding alone.
    trend[at(i)] = determinant > 1e-12 * w0 * w2 ? from + (w2 * wy - w1 * wxy) / determinant : kNaN;
  }
}

void lowess_weights(const Piece& piece, std::span<const double> trend, double tuning, std::span<double> weight) {
  std::vector<double> away;
  double most = 0.0;
  for (std::size_t i = 0; i < trend.size(); ++i) {
    most = std::max(most, std::fabs(piece.y[i]));
    if (!std::isnan(trend[i])) away.push_back(std::fabs(piece.y[i] - trend[i]));
  }
  // Not below the rounding of the values: those of noise-free data would drop out one after the other.
  const double scale = away.empty() ? 1.0 : std::max(tuning * median(away), 1e-12 * most + 1e-100);
  for (std::size_t i = 0; i < trend.size(); ++i) {
    const double u = (piece.y[i] - trend[i]) / scale;
    const double inside = std::max(0.0, 1.0 - u * u);
    weight[i] = piece.used(static_cast<Index>(i)) && !std::isnan(trend[i]) ? inside * inside : 0.0;
  }
}

}  // namespace orrery::stats::detail
