#include "orrery/stats/special.hpp"

#include <cmath>
#include <limits>
#include <numbers>

#include "orrery/core/error.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::stats;

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

/// Integral of a smooth function by Simpson's rule in long double.
template <class F>
long double simpson(F f, long double a, long double b, int n = 20000) {
  const long double h = (b - a) / n;
  long double sum = f(a) + f(b);
  for (int i = 1; i < n; ++i) sum += f(a + h * i) * (i % 2 == 1 ? 4 : 2);
  return sum * h / 3;
}

}  // namespace

TEST_CASE("normal: published values, tails and inverse") {
  CHECK(close(normal_pdf(0.0), 0.3989422804014327, {.rtol = 1e-15}));
  CHECK(normal_cdf(0.0) == 0.5);
  // Abramowitz & Stegun 1964, table 26.1 and 26.2: P(1) and Q(5), Q(20).
  CHECK(close(normal_cdf(1.0), 0.841344746068543, {.rtol = 1e-14}));
  CHECK(close(normal_survival(5.0), 2.866515718791939e-7, {.rtol = 1e-13}));
  CHECK(close(normal_survival(20.0), 2.753624118606233e-89, {.rtol = 1e-12}));
  CHECK(close(normal_quantile(0.975), 1.959963984540054, {.rtol = 1e-14}));
  CHECK(normal_quantile(0.0) == -kInf);
  CHECK(normal_quantile(1.0) == kInf);
  CHECK(normal_quantile(0.5) == 0.0);
  for (double x = -35.0; x < 6.0; x += 0.37) {
    CAPTURE(x);
    // The inverse amplifies a relative error e of p by e / (|x|) far out and by e / pdf near 1, where 1 - p has few digits left.
    const double slack = 1e-15 / std::max(normal_pdf(x) / normal_cdf(x), 1e-300);
    CHECK(close(normal_quantile(normal_cdf(x)), x, {.rtol = 1e-13, .atol = 4 * slack}));
  }
}

TEST_CASE("chi2: closed forms at even and odd degrees of freedom") {
  for (double x : {0.01, 0.5, 1.0, 3.0, 10.0, 60.0, 300.0}) {
    CAPTURE(x);
    CHECK(close(chi2_survival(x, 2), std::exp(-x / 2), {.rtol = 1e-13}));
    CHECK(close(chi2_survival(x, 4), std::exp(-x / 2) * (1 + x / 2), {.rtol = 1e-13}));
    CHECK(close(chi2_survival(x, 1), std::erfc(std::sqrt(x / 2)), {.rtol = 1e-12}));
    CHECK(close(chi2_cdf(x, 3), std::erf(std::sqrt(x / 2)) - std::sqrt(2 * x / std::numbers::pi) * std::exp(-x / 2), {.rtol = 1e-10}));
    CHECK(close(chi2_cdf(x, 7.5) + chi2_survival(x, 7.5), 1.0, {.rtol = 1e-14}));
    if (chi2_cdf(x, 7.5) < 0.999) CHECK(close(chi2_quantile(chi2_cdf(x, 7.5), 7.5), x, {.rtol = 1e-11}));
  }
  CHECK(chi2_cdf(-1.0, 3.0) == 0.0);
  CHECK(chi2_survival(0.0, 3.0) == 1.0);
  CHECK(chi2_survival(kInf, 3.0) == 0.0);
  CHECK(close(chi2_quantile(0.95, 1), 3.841458820694124, {.rtol = 1e-13}));
}

TEST_CASE("Student's t: Cauchy, 2 degrees of freedom, and the integral of the density") {
  for (double t : {-30.0, -2.0, -0.1, 0.0, 0.3, 1.0, 5.0, 1e4}) {
    CAPTURE(t);
    CHECK(close(student_t_cdf(t, 1), 0.5 + std::atan(t) / std::numbers::pi, {.rtol = 1e-11}));  // the oracle cancels at -30
    CHECK(close(student_t_cdf(t, 2), 0.5 * (1 + t / std::sqrt(2 + t * t)), {.rtol = 1e-11}));
    CHECK(student_t_survival(t, 3) == student_t_cdf(-t, 3));
  }
  const double dof = 6.5;
  const auto density = [&](long double t) {
    return std::exp(std::lgamma(0.5L * (dof + 1)) - std::lgamma(0.5L * dof)) / std::sqrt(dof * std::numbers::pi_v<long double>) *
           std::pow(1 + t * t / dof, -0.5L * (dof + 1));
  };
  for (double t : {0.2, 1.7, 4.0}) CHECK(close(student_t_cdf(t, dof), 0.5 + double(simpson(density, 0, t)), {.rtol = 1e-13}));
  // Published: t_{0.975, 10} = 2.2281388519862748.
  CHECK(close(student_t_quantile(0.975, 10), 2.2281388519862748, {.rtol = 1e-12}));
  CHECK(close(student_t_quantile(0.025, 10), -2.2281388519862748, {.rtol = 1e-12}));
  CHECK(close(student_t_cdf(student_t_quantile(1e-9, 4), 4), 1e-9, {.rtol = 1e-9}));
}

TEST_CASE("F: equal to t squared with one degree of freedom, closed form with two") {
  for (double x : {0.05, 0.7, 1.0, 4.0, 50.0}) {
    CAPTURE(x);
    CHECK(close(f_survival(x, 1, 9), 2 * student_t_survival(std::sqrt(x), 9), {.rtol = 1e-12}));
    CHECK(close(f_survival(x, 2, 8), std::pow(1 + 2 * x / 8, -4.0), {.rtol = 1e-12}));
    CHECK(close(f_survival(x, 5, 7) + f_survival(1 / x, 7, 5), 1.0, {.rtol = 1e-13}));
  }
  CHECK(f_survival(0.0, 3, 4) == 1.0);
  CHECK(f_survival(kInf, 3, 4) == 0.0);
}

TEST_CASE("log_gamma: factorials, the half, and small arguments") {
  CHECK(close(log_gamma(0.5), 0.5 * std::log(std::numbers::pi), {.rtol = 1e-14}));
  CHECK(close(log_gamma(11.0), std::log(3628800.0), {.rtol = 1e-14}));
  CHECK(close(log_gamma(1e5 + 1) - log_gamma(1e5), std::log(1e5), {.atol = 1e-9}));  // difference of numbers of 1e6
  CHECK(close(log_gamma(1e-10), -std::log(1e-10), {.rtol = 1e-10}));
}

TEST_CASE("bad input is refused") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS((void)normal_quantile(-0.1), InputError);
  CHECK_THROWS_AS((void)normal_quantile(nan), InputError);
  CHECK_THROWS_AS((void)chi2_cdf(1.0, 0.0), InputError);
  CHECK_THROWS_AS((void)chi2_survival(nan, 2.0), InputError);
  CHECK_THROWS_AS((void)chi2_quantile(1.0, 2.0), InputError);
  CHECK_THROWS_AS((void)f_survival(1.0, -1.0, 2.0), InputError);
  CHECK_THROWS_AS((void)student_t_cdf(0.0, kInf), InputError);
  CHECK_THROWS_AS((void)student_t_quantile(1.0, 3.0), InputError);
  CHECK_THROWS_AS((void)log_gamma(0.0), InputError);
}
