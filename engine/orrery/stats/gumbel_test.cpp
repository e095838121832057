#include "orrery/stats/gumbel.hpp"

#include <cmath>
#include <vector>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::stats;

namespace {

std::vector<double> drawn(const Gumbel& law, Index n, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> x;
  for (Index i = 0; i < n; ++i) x.push_back(law.location - law.scale * std::log(-std::log(random.uniform())));
  return x;
}

double log_likelihood(const std::vector<double>& x, double location, double scale) {
  double sum = 0.0;
  for (const double v : x) {
    const double z = (v - location) / scale;
    sum += -std::log(scale) - z - std::exp(-z);
  }
  return sum;
}

}  // namespace

TEST_CASE("survival and quantile are inverse, far into the tail") {
  const Gumbel law{3.0, 0.7};
  for (const double p : {0.999, 0.5, 1e-3, 1e-12, 1e-200}) {
    CHECK(close(gumbel_log_survival(law, gumbel_quantile(law, p)), std::log(p), {.rtol = 1e-9}));
  }
  CHECK(close(std::exp(gumbel_log_survival(law, 3.0)), 1.0 - std::exp(-1.0), {.rtol = 1e-14}));
  CHECK_THROWS_AS((void)gumbel_quantile(law, 0.0), InputError);
}

TEST_CASE("the fit is the top of the likelihood; statistical: its errors are honest") {
  // 400 fits: mean squares of pulls of a unit normal are 1 +- 0.07; 5 sigma either side.
  const Gumbel truth{10.0, 2.0};
  double location = 0.0, scale = 0.0, tail = 0.0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const auto x = drawn(truth, 200, seed);
    const auto fit = fit_gumbel(x);
    if (seed < 20) {
      const double top = log_likelihood(x, fit.law.location, fit.law.scale);
      for (const double h : {-1e-4, 1e-4}) {
        CHECK(log_likelihood(x, fit.law.location + h, fit.law.scale) < top);
        CHECK(log_likelihood(x, fit.law.location, fit.law.scale + h) < top);
      }
    }
    location += std::pow(fit.law.location - truth.location, 2) / fit.location_variance / 400;
    scale += std::pow(fit.law.scale - truth.scale, 2) / fit.scale_variance / 400;
    const double x3 = gumbel_quantile(truth, 1e-3);
    tail += std::pow((gumbel_log_survival(fit.law, x3) - std::log(1e-3)) / fit.log_survival_error(x3), 2) / 400;
  }
  for (const double pull : {location, scale, tail}) {
    CHECK(pull > 0.65);
    CHECK(pull < 1.35);
  }
}

TEST_CASE("bad input") {
  const std::vector<double> one{1.0}, same{2.0, 2.0}, bad{1.0, NAN};
  CHECK_THROWS_AS((void)fit_gumbel(one), InputError);
  CHECK_THROWS_AS((void)fit_gumbel(same), InputError);
  CHECK_THROWS_AS((void)fit_gumbel(bad), InputError);
}
