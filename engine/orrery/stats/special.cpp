// The one source that includes Boost.Math. Double stays double (no promotion to long double: that would be a 128-bit software type
// in wasm, and another result), and no error policy throws: arguments are checked here before.
#define BOOST_MATH_STANDALONE
#ifdef __wasi__
#define BOOST_DISABLE_THREADS  // this libc++ has no <mutex>
#endif
#include "orrery/stats/special.hpp"

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#endif
#include <boost/math/policies/policy.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

#include <cmath>
#include <limits>
#include <numbers>

#include "orrery/stats/check_detail.hpp"

namespace orrery::stats {
namespace {

namespace bp = boost::math::policies;
using Quiet = bp::policy<bp::promote_double<false>, bp::promote_float<false>, bp::domain_error<bp::ignore_error>,
                         bp::pole_error<bp::ignore_error>, bp::overflow_error<bp::ignore_error>, bp::underflow_error<bp::ignore_error>,
                         bp::denorm_error<bp::ignore_error>, bp::evaluation_error<bp::ignore_error>,
                         bp::rounding_error<bp::ignore_error>, bp::indeterminate_result_error<bp::ignore_error>>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

void require_number(double x, const char* where) {
  if (std::isnan(x)) fail(ErrorKind::input, where, "expected a number, got nan");
}

void require_dof(double dof, const char* where) {
  if (!(dof > 0.0 && std::isfinite(dof))) fail(ErrorKind::input, where, "expected degrees of freedom > 0, got " + number_text(dof));
}

/// P(T > |x|) for Student's t.
double student_tail(double x, double dof) {
  if (std::isinf(x)) return 0.0;
  const double x2 = x * x;
  // The smaller of the two arguments is handed over, so that neither end of the beta function loses digits.
  if (x2 < dof) return 0.5 * boost::math::ibetac(0.5, 0.5 * dof, x2 / (dof + x2), Quiet());
  return 0.5 * boost::math::ibeta(0.5 * dof, 0.5, dof / (dof + x2), Quiet());
}

}  // namespace

double normal_pdf(double x) { return std::exp(-0.5 * x * x) / std::sqrt(2.0 * std::numbers::pi); }
double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }
double normal_survival(double x) { return 0.5 * std::erfc(x / std::numbers::sqrt2); }

double normal_quantile(double p) {
  detail::require_within(p, 0.0, 1.0, "normal_quantile", "p");
  if (p == 0.0) return -kInfinity;
  if (p == 1.0) return kInfinity;
  return -std::numbers::sqrt2 * boost::math::erfc_inv(2.0 * p, Quiet());
}

double chi2_cdf(double x, double dof) {
  require_number(x, "chi2_cdf");
  require_dof(dof, "chi2_cdf");
  if (x <= 0.0) return 0.0;
  if (std::isinf(x)) return 1.0;
  return boost::math::gamma_p(0.5 * dof, 0.5 * x, Quiet());
}

double chi2_survival(double x, double dof) {
  require_number(x, "chi2_survival");
  require_dof(dof, "chi2_survival");
  if (x <= 0.0) return 1.0;
  if (std::isinf(x)) return 0.0;
  return boost::math::gamma_q(0.5 * dof, 0.5 * x, Quiet());
}

double chi2_quantile(double p, double dof) {
  detail::require_within(p, 0.0, std::nextafter(1.0, 0.0), "chi2_quantile", "p");
  require_dof(dof, "chi2_quantile");
  return p == 0.0 ? 0.0 : 2.0 * boost::math::gamma_p_inv(0.5 * dof, p, Quiet());
}

double f_survival(double x, double dof1, double dof2) {
  require_number(x, "f_survival");
  require_dof(dof1, "f_survival");
  require_dof(dof2, "f_survival");
  if (x <= 0.0) return 1.0;
  if (std::isinf(x)) return 0.0;
  const double v = dof1 * x;
  if (v > dof2) return boost::math::ibeta(0.5 * dof2, 0.5 * dof1, dof2 / (dof2 + v), Quiet());
  return boost::math::ibetac(0.5 * dof1, 0.5 * dof2, v / (dof2 + v), Quiet());
}

double student_t_cdf(double x, double dof) {
  require_number(x, "student_t_cdf");
  require_dof(dof, "student_t_cdf");
  const double tail = student_tail(x, dof);
  return x > 0.0 ? 1.0 - tail : tail;
}

double student_t_survival(double x, double dof) { return student_t_cdf(-x, dof); }

double student_t_quantile(double p, double dof) {
  require_dof(dof, "student_t_quantile");
  if (!(p > 0.0 && p < 1.0)) fail(ErrorKind::input, "student_t_quantile", "expected p in (0, 1), got " + number_text(p));
  if (p == 0.5) return 0.0;
  const double tail = p < 0.5 ? p : 1.0 - p;
  double rest = 0.0;  // 1 - x without cancellation
  const double x = boost::math::ibeta_inv(0.5 * dof, 0.5, 2.0 * tail, &rest, Quiet());
  const double t = std::sqrt(dof * rest / x);
  return p < 0.5 ? -t : t;
}

double log_gamma(double x) {
  if (!(x > 0.0 && std::isfinite(x))) fail(ErrorKind::input, "log_gamma", "expected x > 0, got " + number_text(x));
  return boost::math::lgamma(x, Quiet());
}

}  // namespace orrery::stats
