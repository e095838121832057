#include "orrery/stats/gaussian_classifier.hpp"

#include <cmath>
#include <limits>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "orrery/stats/special.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::stats;

namespace {

struct Sample {
  std::vector<double> x;
  std::vector<std::int32_t> label;
  [[nodiscard]] MatrixView view() const { return row_major(x, ssize(label), 2); }
};

/// Two classes; class 1 is shifted by (2, 1), three times wider along x, and correlated.
Sample two_classes(Index n, std::uint64_t seed) {
  Random random(seed);
  Sample s;
  for (Index i = 0; i < n; ++i) {
    const std::int32_t c = random.uniform() < 0.4;
    const double a = random.normal(), b = random.normal();
    s.x.push_back(c ? 2.0 + 3.0 * a : a);
    s.x.push_back(c ? 1.0 + 0.5 * a + b : b);
    s.label.push_back(c);
  }
  return s;
}

/// ln of prior times the two-dimensional Gaussian density by the inverse matrix, in long double.
long double dense_log_joint(const GaussianClassifier& g, double x, double y, Index c) {
  const double* s = g.covariance.data() + 4 * c;
  const long double det = static_cast<long double>(s[0]) * s[3] - static_cast<long double>(s[1]) * s[2];
  const long double u = x - static_cast<long double>(g.mean[at(2 * c)]), v = y - static_cast<long double>(g.mean[at(2 * c + 1)]);
  const long double q = (s[3] * u * u - (s[1] + s[2]) * u * v + s[0] * v * v) / det;
  return std::log(static_cast<long double>(g.prior[at(c)])) - 0.5L * q - 0.5L * std::log(4 * std::acos(-1.0L) * std::acos(-1.0L) * det);
}

}  // namespace

TEST_CASE("property: log joint by dense algebra, class by the largest") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const auto s = two_classes(60, seed);
    for (const auto kind : {ClassCovariance::diagonal, ClassCovariance::full, ClassCovariance::shared}) {
      const auto g = gaussian_classifier(s.view(), s.label, {.covariance = kind});
      for (Index i = 0; i < 60; ++i) {
        const double p[] = {s.x[at(2 * i)], s.x[at(2 * i + 1)]};
        const long double j0 = dense_log_joint(g, p[0], p[1], 0), j1 = dense_log_joint(g, p[0], p[1], 1);
        CHECK(close(g.log_joint(p, 0), double(j0), {.rtol = 1e-11, .atol = 1e-12}));
        CHECK(close(g.log_odds(p), double(j1 - j0), {.rtol = 1e-10, .atol = 1e-11}));
        CHECK(g.classify(p) == (j1 > j0 ? 1 : 0));
      }
      if (kind == ClassCovariance::diagonal) CHECK(g.covariance[1] == 0.0);
      const std::vector<double> first(g.covariance.begin(), g.covariance.begin() + 4), second(g.covariance.begin() + 4, g.covariance.end());
      if (kind == ClassCovariance::shared) CHECK(first == second);
    }
  }
}

TEST_CASE("shared covariance: log odds are linear; equal widths: the boundary lies halfway") {
  const auto s = two_classes(300, 3);
  const auto g = gaussian_classifier(s.view(), s.label, {.covariance = ClassCovariance::shared});
  const auto odds = [&](double x, double y) {
    const double p[] = {x, y};
    return g.log_odds(p);
  };
  CHECK(close(odds(3, 5) + odds(0, 0), odds(3, 0) + odds(0, 5), {.rtol = 1e-11}));
  CHECK(close(odds(4, 2) - odds(2, 1), odds(2, 1) - odds(0, 0), {.rtol = 1e-11}));
  const auto even = gaussian_classifier({1, 1}, {0, 0, 4, 2}, {1, 0, 0, 1, 1, 0, 0, 1});
  const double middle[] = {2, 1};
  CHECK(close(even.log_odds(middle), 0.0, {.atol = 1e-14}));
}

TEST_CASE("accuracy of the true Gaussians is that of theory") {
  // Two unit circles d apart, equal priors: error Phi(-d / 2). N = 40,000: binomial error 0.0018; 5 of them, false alarm 6e-7.
  Random random(1);
  const double d = 2.0;
  Sample s;
  for (int i = 0; i < 40000; ++i) {
    const std::int32_t c = i % 2;
    s.x.push_back(d * c + random.normal());
    s.x.push_back(random.normal());
    s.label.push_back(c);
  }
  const auto truth = gaussian_classifier({1, 1}, {0, 0, d, 0}, {1, 0, 0, 1, 1, 0, 0, 1});
  const double expected = normal_cdf(d / 2);
  CHECK(std::fabs(truth.accuracy(s.view(), s.label) - expected) < 5 * std::sqrt(expected * (1 - expected) / 40000));
  const auto fitted = gaussian_classifier(s.view(), s.label, {.covariance = ClassCovariance::shared});
  CHECK(std::fabs(fitted.accuracy(s.view(), s.label) - expected) < 0.01);
}

TEST_CASE("priors move the boundary as Bayes says") {
  const auto s = two_classes(200, 5);
  const auto fair = gaussian_classifier(s.view(), s.label, {.prior = {1, 1}});
  const auto rare = gaussian_classifier(s.view(), s.label, {.prior = {99, 1}});
  const double p[] = {1.0, 1.0};
  CHECK(close(rare.log_odds(p) - fair.log_odds(p), -std::log(99.0), {.rtol = 1e-12}));
}

TEST_CASE("bad input is refused") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  auto s = two_classes(50, 1);
  CHECK_THROWS_AS((void)gaussian_classifier(s.view(), std::vector<std::int32_t>(3, 0)), InputError);
  CHECK_THROWS_AS((void)gaussian_classifier(s.view(), std::vector<std::int32_t>(50, 0)), InputError);  // class 1 is empty
  CHECK_THROWS_AS((void)gaussian_classifier(s.view(), std::vector<std::int32_t>(50, -1)), InputError);
  CHECK_THROWS_AS((void)gaussian_classifier(s.view(), s.label, {.prior = {1}}), InputError);
  CHECK_THROWS_AS((void)gaussian_classifier(s.view(), s.label, {.prior = {1, 0}}), InputError);
  CHECK_THROWS_AS((void)gaussian_classifier({1, 1}, {0, 0, 1, 1}, {1, 1, 1, 1, 1, 0, 0, 1}), InputError);  // singular
  CHECK_THROWS_AS((void)gaussian_classifier({1, 1}, {0, 0, 1}, {1, 1, 1, 1, 1, 0, 0, 1}), InputError);
  const auto g = gaussian_classifier(s.view(), s.label);
  CHECK_THROWS_AS((void)g.accuracy(row_major(s.x, 100, 1), s.label), InputError);
  s.x[4] = nan;
  CHECK_THROWS_AS((void)gaussian_classifier(s.view(), s.label), InputError);
  s.x[4] = 0.0;
  for (std::size_t i = 0; i < s.x.size(); i += 2) s.x[i + 1] = 2 * s.x[i];
  CHECK_THROWS_AS((void)gaussian_classifier(s.view(), s.label), InputError);  // one feature repeats the other
}
