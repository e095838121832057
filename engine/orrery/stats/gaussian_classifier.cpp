#include "orrery/stats/gaussian_classifier.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "orrery/stats/check_detail.hpp"

namespace orrery::stats {
namespace {

constexpr const char* kWhere = "gaussian_classifier";
constexpr Index kMaxFeatures = 16;

/// L of S = L L^T in place of S (lower triangle); false when S is not positive definite.
bool factorise(std::span<double> s, Index d) {
  const auto a = [&](Index r, Index c) -> double& { return s[at(r * d + c)]; };
  for (Index c = 0; c < d; ++c) {
    double pivot = a(c, c);
    const double before = pivot;
    for (Index k = 0; k < c; ++k) pivot -= a(c, k) * a(c, k);
    if (!(pivot > 1e-13 * before) || !std::isfinite(pivot)) return false;  // what is left is rounding
    a(c, c) = std::sqrt(pivot);
    for (Index r = c + 1; r < d; ++r) {
      double sum = a(r, c);
      for (Index k = 0; k < c; ++k) sum -= a(r, k) * a(c, k);
      a(r, c) = sum / a(c, c);
    }
    for (Index k = c + 1; k < d; ++k) a(c, k) = 0.0;
  }
  return true;
}

std::vector<double> normalised(std::vector<double> prior) {
  double sum = 0.0;
  for (const double p : prior) {
    if (!(p > 0.0 && std::isfinite(p))) fail(ErrorKind::input, kWhere, "expected priors > 0, got " + number_text(p));
    sum += p;
  }
  for (double& p : prior) p /= sum;
  return prior;
}

Index count_classes(const MatrixView& x, std::span<const std::int32_t> label) {
  if (x.cols < 1 || x.cols > kMaxFeatures) {
    fail(ErrorKind::input, kWhere, "expected 1 to " + std::to_string(kMaxFeatures) + " features, got " + std::to_string(x.cols));
  }
  if (ssize(label) != x.rows) {
    fail(ErrorKind::input, kWhere, "expected one label a row, got " + std::to_string(label.size()) + " labels and " + plural(x.rows, "row"));
  }
  std::int32_t highest = 0;
  for (const auto c : label) {
    if (c < 0 || c > 1000) fail(ErrorKind::input, kWhere, "expected labels 0, 1, ... up to 1000, got " + std::to_string(c));
    highest = std::max(highest, c);
  }
  return std::max<Index>(2, Index(highest) + 1);
}

void require_finite_rows(const MatrixView& x) {
  for (Index i = 0; i < x.rows; ++i) {
    for (Index j = 0; j < x.cols; ++j) {
      if (!std::isfinite(x(i, j))) fail(ErrorKind::input, kWhere, "expected finite features, got one that is not in row " + std::to_string(i));
    }
  }
}

/// Rows of each class; refuses classes that cannot give a covariance.
std::vector<double> class_sizes(std::span<const std::int32_t> label, Index classes, Index minimum) {
  std::vector<double> size(at(classes), 0.0);
  for (const auto c : label) size[at(c)] += 1.0;
  for (Index c = 0; c < classes; ++c) {
    if (size[at(c)] < static_cast<double>(minimum)) {
      fail(ErrorKind::input, kWhere,
           "expected at least " + plural(minimum, "row") + " of class " + std::to_string(c) + ", got " + number_text(size[at(c)]));
    }
  }
  return size;
}

void fit_means(const MatrixView& x, std::span<const std::int32_t> label, std::span<const double> size, std::vector<double>& mean) {
  const Index d = x.cols;
  for (Index i = 0; i < x.rows; ++i) {
    const Index c = label[at(i)];
    for (Index j = 0; j < d; ++j) mean[at(c * d + j)] += x(i, j) / size[at(c)];
  }
}

void fit_covariances(const MatrixView& x, std::span<const std::int32_t> label, std::span<const double> size, ClassCovariance kind,
                     std::span<const double> mean, std::vector<double>& covariance) {
  const Index d = x.cols;
  for (Index i = 0; i < x.rows; ++i) {
    const Index c = label[at(i)];
    for (Index j = 0; j < d; ++j) {
      for (Index k = 0; k < d; ++k) {
        if (kind == ClassCovariance::diagonal && k != j) continue;
        covariance[at((c * d + j) * d + k)] += (x(i, j) - mean[at(c * d + j)]) * (x(i, k) - mean[at(c * d + k)]) / size[at(c)];
      }
    }
  }
  if (kind != ClassCovariance::shared) return;
  std::vector<double> pooled(at(d * d), 0.0);
  for (Index c = 0; c < ssize(size); ++c) {
    for (Index e = 0; e < d * d; ++e) pooled[at(e)] += size[at(c)] / static_cast<double>(x.rows) * covariance[at(c * d * d + e)];
  }
  for (Index c = 0; c < ssize(size); ++c) std::copy(pooled.begin(), pooled.end(), covariance.begin() + c * d * d);
}

}  // namespace

double GaussianClassifier::log_joint(std::span<const double> x, Index c) const {
  const double* m = mean.data() + c * features;
  const double* l = cholesky.data() + c * features * features;
  double z[kMaxFeatures];
  double distance = 0.0;
  for (Index r = 0; r < features; ++r) {
    double sum = x[at(r)] - m[r];
    for (Index k = 0; k < r; ++k) sum -= l[r * features + k] * z[k];
    z[r] = sum / l[r * features + r];
    distance += z[r] * z[r];
  }
  return log_norm[at(c)] - 0.5 * distance;
}

Index GaussianClassifier::classify(std::span<const double> x) const {
  Index best = 0;
  double highest = log_joint(x, 0);
  for (Index c = 1; c < classes; ++c) {
    const double value = log_joint(x, c);
    if (value > highest) highest = value, best = c;
  }
  return best;
}

double GaussianClassifier::accuracy(const MatrixView& x, std::span<const std::int32_t> label) const {
  if (x.cols != features || ssize(label) != x.rows || x.rows < 1) {
    fail(ErrorKind::input, "GaussianClassifier::accuracy", "expected rows of " + plural(features, "feature") + " with one label each");
  }
  std::vector<double> row(at(features));
  Index right = 0;
  for (Index i = 0; i < x.rows; ++i) {
    for (Index j = 0; j < features; ++j) row[at(j)] = x(i, j);
    right += classify(row) == label[at(i)];
  }
  return static_cast<double>(right) / static_cast<double>(x.rows);
}

GaussianClassifier gaussian_classifier(std::vector<double> prior, std::vector<double> mean, std::vector<double> covariance) {
  const Index classes = ssize(prior);
  const Index d = classes > 0 ? ssize(mean) / classes : 0;
  if (classes < 2 || d < 1 || d > kMaxFeatures || ssize(mean) != classes * d || ssize(covariance) != classes * d * d) {
    fail(ErrorKind::input, kWhere, "expected C >= 2 priors, C x D means and C x D x D covariances, got " + std::to_string(prior.size()) + ", " +
                                       std::to_string(mean.size()) + " and " + std::to_string(covariance.size()));
  }
  GaussianClassifier result{.classes = classes, .features = d, .prior = normalised(std::move(prior)), .mean = std::move(mean),
                            .covariance = covariance, .cholesky = std::move(covariance), .log_norm = std::vector<double>(at(classes))};
  for (Index c = 0; c < classes; ++c) {
    const std::span<double> block(result.cholesky.data() + c * d * d, at(d * d));
    if (!factorise(block, d)) {
      fail(ErrorKind::input, kWhere, "the covariance of class " + std::to_string(c) + " is not positive definite (a feature repeats another?)");
    }
    double log_det = 0.0;
    for (Index j = 0; j < d; ++j) log_det += 2.0 * std::log(block[at(j * d + j)]);
    result.log_norm[at(c)] = std::log(result.prior[at(c)]) - 0.5 * (log_det + static_cast<double>(d) * std::log(2.0 * std::numbers::pi));
  }
  return result;
}

GaussianClassifier gaussian_classifier(const MatrixView& x, std::span<const std::int32_t> label, const ClassifierOptions& options) {
  const Index classes = count_classes(x, label);
  const auto size = class_sizes(label, classes, options.covariance == ClassCovariance::diagonal ? 2 : x.cols + 1);
  require_finite_rows(x);
  if (!options.prior.empty() && ssize(options.prior) != classes) {
    fail(ErrorKind::input, kWhere, "expected " + plural(classes, "prior") + ", got " + std::to_string(options.prior.size()));
  }
  std::vector<double> mean(at(classes * x.cols), 0.0);
  std::vector<double> covariance(at(classes * x.cols * x.cols), 0.0);
  fit_means(x, label, size, mean);
  fit_covariances(x, label, size, options.covariance, mean, covariance);
  return gaussian_classifier(options.prior.empty() ? size : options.prior, std::move(mean), std::move(covariance));
}

}  // namespace orrery::stats
