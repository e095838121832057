#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/matrix_view.hpp"

namespace orrery::stats {

/// What the classes' Gaussians may look like; decides the shape of the boundary between two classes.
enum class ClassCovariance {
  diagonal,  ///< own widths, no correlation: Gaussian naive Bayes; the boundary is a conic along the axes
  full,      ///< own covariance: quadratic discriminant analysis; any conic
  shared,    ///< one covariance for all classes: linear discriminant analysis; a straight line
};

/// Bayes classifier with one Gaussian a class: ln p(c, x) = ln prior_c - (1/2) (x - m_c)^T S_c^-1 (x - m_c) - (1/2) ln det(2 pi S_c).
struct GaussianClassifier {
  Index classes = 0;
  Index features = 0;
  std::vector<double> prior;       ///< (C,) sums to 1
  std::vector<double> mean;        ///< (C, D) row-major [unit of the features]
  std::vector<double> covariance;  ///< (C, D, D) row-major
  std::vector<double> cholesky;    ///< (C, D, D) lower triangles L with L L^T = S_c
  std::vector<double> log_norm;    ///< (C,) ln prior_c - (1/2) ln det(2 pi S_c)

  /// ln p(c, x). @param x (D,). @cost O(D^2)
  [[nodiscard]] double log_joint(std::span<const double> x, Index c) const;
  /// ln p(1 | x) - ln p(0 | x) of a classifier with two classes; 0 on the boundary. @cost O(D^2)
  [[nodiscard]] double log_odds(std::span<const double> x) const { return log_joint(x, 1) - log_joint(x, 0); }
  /// Class of largest p(c, x), the lowest one on a tie. @cost O(C D^2)
  [[nodiscard]] Index classify(std::span<const double> x) const;
  /// Fraction of rows of x (N, D) classified as their label says. @throws InputError sizes that do not fit. @cost O(N C D^2)
  [[nodiscard]] double accuracy(const MatrixView& x, std::span<const std::int32_t> label) const;
};

struct ClassifierOptions {
  ClassCovariance covariance = ClassCovariance::full;
  std::vector<double> prior = {};  ///< (C,) > 0, brought to sum 1; empty: the classes' fractions in the training set
};

/// Fits means and covariances by maximum likelihood (N_c below, not N_c - 1; shared: the weighted mean of the classes').
/// @param x        (N, D) features, finite, 1 <= D <= 16
/// @param label    (N,) classes 0 ... C - 1, C >= 2, each with at least D + 1 rows (2 rows for diagonal)
/// @param options  covariance, prior
/// @throws InputError  sizes that do not fit, a value that is not finite, a class with too few rows, a covariance that is singular
/// @cost           O(N D^2 + C D^3) time, O(C D^2) memory
/// @source         Hastie, Tibshirani & Friedman 2009, The Elements of Statistical Learning, sect. 4.3 and 6.6.3
[[nodiscard]] GaussianClassifier gaussian_classifier(const MatrixView& x, std::span<const std::int32_t> label,
                                                     const ClassifierOptions& options = {});

/// The classifier of given Gaussians, for instance the true ones: no other rule errs less often (the Bayes classifier).
/// @param prior       (C,) > 0, brought to sum 1
/// @param mean        (C, D) row-major
/// @param covariance  (C, D, D) row-major, symmetric positive definite
/// @throws InputError  sizes that do not fit, a prior <= 0, a covariance that is not positive definite
/// @cost              O(C D^3)
[[nodiscard]] GaussianClassifier gaussian_classifier(std::vector<double> prior, std::vector<double> mean, std::vector<double> covariance);

}  // namespace orrery::stats
