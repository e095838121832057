#include "orrery/gp/damped_random_walk.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::gp;

namespace {

struct Sky {
  std::vector<double> t, y, sigma;
  [[nodiscard]] SeriesView view() const { return {t, y, sigma}; }
};

/// A walk seen at random times with unequal errors.
Sky walk_sky(Index n, double span, const DampedRandomWalk& walk, double error, std::uint64_t seed) {
  Random random(seed, 77);
  Sky sky;
  for (Index i = 0; i < n; ++i) sky.t.push_back(2450000.0 + random.uniform(0.0, span));
  std::sort(sky.t.begin(), sky.t.end());
  sky.y = damped_random_walk_sample(walk, sky.t, seed, 1);
  for (Index i = 0; i < n; ++i) {
    sky.sigma.push_back(error * random.uniform(0.5, 1.5));
    sky.y[at(i)] += 17.0 + std::hypot(sky.sigma.back(), walk.jitter) * random.normal();
  }
  return sky;
}

/// Dense Cholesky in long double: ln L with the best mean or the mean integrated over; the mean too.
struct Dense {
  long double log_likelihood, mean, mean_error;
};
Dense dense(const Sky& s, const DampedRandomWalk& w, MeanLevel level) {
  const std::size_t n = s.t.size();
  std::vector<std::vector<long double>> c(n, std::vector<long double>(n));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      c[i][j] = static_cast<long double>(w.sigma) * w.sigma * std::exp(-std::fabs(static_cast<long double>(s.t[i]) - s.t[j]) / w.tau);
    }
    const long double e = s.sigma.empty() ? 0.0L : s.sigma[i];
    c[i][i] += e * e + static_cast<long double>(w.jitter) * w.jitter;
  }
  long double log_det = 0;
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t k = 0; k < j; ++k) c[j][j] -= c[j][k] * c[j][k];
    c[j][j] = std::sqrt(c[j][j]);
    log_det += 2 * std::log(c[j][j]);
    for (std::size_t i = j + 1; i < n; ++i) {
      for (std::size_t k = 0; k < j; ++k) c[i][j] -= c[i][k] * c[j][k];
      c[i][j] /= c[j][j];
    }
  }
  std::vector<long double> y(n), one(n);
  long double yy = 0, y1 = 0, ones = 0;
  for (std::size_t i = 0; i < n; ++i) {
    y[i] = s.y[i];
    one[i] = 1;
    for (std::size_t k = 0; k < i; ++k) y[i] -= c[i][k] * y[k], one[i] -= c[i][k] * one[k];
    y[i] /= c[i][i], one[i] /= c[i][i];
    yy += y[i] * y[i], y1 += y[i] * one[i], ones += one[i] * one[i];
  }
  const long double log_two_pi = 1.837877066409345483560659472811L;
  long double value = -0.5L * (yy - y1 * y1 / ones + log_det + n * log_two_pi);
  if (level == MeanLevel::marginalised) value -= 0.5L * (std::log(ones) - log_two_pi);
  return {value, y1 / ones, 1 / std::sqrt(ones)};
}

}  // namespace

TEST_CASE("property: the filter is dense algebra in long double, in any order of times") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    CAPTURE(seed);
    Random random(seed, 3);
    const DampedRandomWalk truth{std::exp(random.uniform(-2.0, 1.0)), std::exp(random.uniform(-3.0, 6.0)), seed % 3 == 0 ? 0.1 : 0.0};
    auto sky = walk_sky(1 + random.index(90), 300.0, truth, 0.05, seed);
    if (sky.t.size() > 3) sky.t[2] = sky.t[1];  // two telescopes at once
    if (seed % 4 == 1 && truth.jitter > 0.0) sky.sigma.clear();
    if (seed % 2 == 1) {
      std::reverse(sky.t.begin(), sky.t.end());
      std::reverse(sky.y.begin(), sky.y.end());
      std::reverse(sky.sigma.begin(), sky.sigma.end());
    }
    for (const auto level : {MeanLevel::fitted, MeanLevel::marginalised}) {
      const auto found = damped_random_walk_likelihood(sky.view(), truth, level);
      const auto expected = dense(sky, truth, level);
      // Rounding: 90 points, covariances with a condition up to (1 / 0.05)^2 90 ~ 4e4 times 1e-16 a point.
      CHECK(close(found.log_likelihood, double(expected.log_likelihood), {.rtol = 1e-10, .atol = 1e-9}));
      CHECK(close(found.mean, double(expected.mean), {.rtol = 1e-11}));
      CHECK(close(found.mean_error, double(expected.mean_error), {.rtol = 1e-9}));
    }
  }
}

TEST_CASE("limits: a very short memory is white noise, a very long one a constant") {
  const auto sky = walk_sky(40, 100.0, {0.3, 5.0}, 0.1, 5);
  double log_l = 0.0, total = 0.0, mean = 0.0, chi2 = 0.0;
  for (std::size_t i = 0; i < 40; ++i) {
    const double v = 0.09 + sky.sigma[i] * sky.sigma[i];
    total += 1 / v, mean += sky.y[i] / v, log_l -= 0.5 * std::log(2 * 3.14159265358979324 * v);
  }
  mean /= total;
  for (std::size_t i = 0; i < 40; ++i) chi2 += std::pow(sky.y[i] - mean, 2) / (0.09 + sky.sigma[i] * sky.sigma[i]);
  const auto white = damped_random_walk_likelihood(sky.view(), {0.3, 1e-9});
  CHECK(close(white.log_likelihood, log_l - 0.5 * chi2, {.rtol = 1e-11}));
  CHECK(close(white.chi2, chi2, {.rtol = 1e-11}));
  const auto still = damped_random_walk_likelihood(sky.view(), {1e-9, 5.0});
  const auto stiff = damped_random_walk_likelihood(sky.view(), {1e-9, 1e9});
  CHECK(close(still.log_likelihood, stiff.log_likelihood, {.rtol = 1e-12}));
}

TEST_CASE("the fit ends at the top of the dense likelihood, whatever it starts from") {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    CAPTURE(seed);
    const auto sky = walk_sky(60, 400.0, {0.2, 25.0}, 0.04, 100 + seed);
    const auto fit = fit_damped_random_walk(sky.view());
    CHECK(fit.converged);
    const double top = double(dense(sky, fit.walk, MeanLevel::marginalised).log_likelihood);
    CHECK(close(fit.log_likelihood, top, {.rtol = 1e-9}));
    // No place of a grid over the whole range is higher; neighbours at a hundredth of a factor are lower by second order only.
    for (double s = -3.0; s <= 3.0; s += 0.5) {
      for (double tau = -2.0; tau <= 8.0; tau += 0.5) {
        const DampedRandomWalk other{0.2 * std::exp(s), std::exp(tau)};
        CHECK(damped_random_walk_likelihood(sky.view(), other, MeanLevel::marginalised).log_likelihood <= fit.log_likelihood + 1e-8);
      }
    }
    if (!fit.at_limit) {
      for (const double h : {-0.01, 0.01}) {
        const auto value = [&](double a, double b) {
          return double(dense(sky, {fit.walk.sigma * std::exp(a), fit.walk.tau * std::exp(b)}, MeanLevel::marginalised).log_likelihood);
        };
        CHECK(value(h, 0.0) < top);
        CHECK(value(0.0, h) < top);
      }
    }
  }
}

TEST_CASE("statistical: sigma, tau and jitter come back with honest errors") {
  // 120 skies of 200 points over 40 time scales. Pulls of ln sigma and ln tau: mean square of 120 squares of a unit normal is
  // 1 +- 0.13; the likelihood is not quite normal, hence [0.5, 1.7] (a false alarm at 4 sigma plus that). Negative control below.
  double sigma_pull = 0.0, tau_pull = 0.0, wrong_pull = 0.0, bias = 0.0;
  const int skies = 120;
  const DampedRandomWalk truth{0.3, 10.0, 0.0};
  for (int i = 0; i < skies; ++i) {
    const auto sky = walk_sky(200, 400.0, truth, 0.05, 9000 + std::uint64_t(i));
    const auto fit = fit_damped_random_walk(sky.view(), {.starts = 2});
    sigma_pull += std::pow(std::log(fit.walk.sigma / truth.sigma) / fit.error[0], 2) / skies;
    tau_pull += std::pow(std::log(fit.walk.tau / truth.tau) / fit.error[1], 2) / skies;
    wrong_pull += std::pow(std::log(fit.walk.tau / (2.5 * truth.tau)) / fit.error[1], 2) / skies;
    bias += std::log(fit.walk.tau / truth.tau) / skies;
  }
  MESSAGE("mean squared pulls: sigma ", sigma_pull, ", tau ", tau_pull, "; of a wrong tau ", wrong_pull, "; bias of ln tau ", bias);
  CHECK(sigma_pull > 0.5);
  CHECK(sigma_pull < 1.7);
  CHECK(tau_pull > 0.5);
  CHECK(tau_pull < 1.7);
  CHECK(wrong_pull > 3.0);
  CHECK(std::fabs(bias) < 0.15);

  auto jittery = walk_sky(400, 400.0, {0.3, 20.0, 0.15}, 0.05, 4);
  const auto fit = fit_damped_random_walk(jittery.view(), {.fit_jitter = true});
  CHECK(fit.fitted_jitter);
  CHECK(std::fabs(std::log(fit.walk.jitter / 0.15)) < 4.0 * fit.error[2]);
  jittery.sigma.clear();  // without errors the white part is found all the same: 0.15 and 0.05 (rms 0.052) in quadrature
  const auto blind = fit_damped_random_walk(jittery.view());
  CHECK(blind.fitted_jitter);
  CHECK(std::fabs(std::log(blind.walk.jitter / 0.159)) < 4.0 * blind.error[2]);
}

TEST_CASE("red and white noise are told apart by the likelihood") {
  int red = 0, white = 0;
  for (std::uint64_t i = 0; i < 20; ++i) {
    const auto walk = fit_damped_random_walk(walk_sky(100, 200.0, {0.2, 10.0}, 0.05, 300 + i).view());
    red += walk.log_likelihood - walk.log_likelihood_white > 6.0;
    const auto noise = fit_damped_random_walk(walk_sky(100, 200.0, {0.2, 1e-6}, 0.05, 600 + i).view());
    white += noise.log_likelihood - noise.log_likelihood_white < 6.0;  // two more parameters gain 12 in 2 ln L: 0.25 %
  }
  CHECK(red == 20);
  CHECK(white >= 19);
}

TEST_CASE("statistical: samples have the covariance of the process, also across duplicates and in any order") {
  const DampedRandomWalk walk{2.0, 3.0};
  const std::vector<double> t{5.0, 0.0, 1.0, 1.0, 4.0};
  const int count = 20000;
  double square[5][5] = {};
  for (std::uint64_t r = 0; r < count; ++r) {
    const auto y = damped_random_walk_sample(walk, t, 11, r);
    CHECK(y[2] == y[3]);
    for (int i = 0; i < 5; ++i) {
      for (int j = 0; j < 5; ++j) square[i][j] += y[std::size_t(i)] * y[std::size_t(j)] / count;
    }
  }
  for (int i = 0; i < 5; ++i) {
    for (int j = 0; j < 5; ++j) {
      // Error of a mean product of normals with unit variance: at most sqrt(2 / 20000) = 1 %; 5 sigma of 25 numbers: 1e-5.
      CHECK(close(square[i][j] / 4.0, std::exp(-std::fabs(t[std::size_t(i)] - t[std::size_t(j)]) / 3.0), {.atol = 0.05}));
    }
  }
  CHECK(damped_random_walk_sample(walk, t, 11, 5) == damped_random_walk_sample(walk, t, 11, 5));
  CHECK(damped_random_walk_sample(walk, t, 11, 5) != damped_random_walk_sample(walk, t, 11, 6));
}

TEST_CASE("the fit in slices gives the same numbers") {
  const auto sky = walk_sky(3000, 400.0, {0.2, 25.0}, 0.04, 8);
  const auto whole = fit_damped_random_walk(sky.view());
  Budget budget;
  Job job(budget, fit_damped_random_walk_task(budget, sky.view()));
  int slices = 1;
  while (!job.step(0.0)) ++slices;
  const auto sliced = job.result();
  CHECK(slices > 10);
  CHECK(sliced.walk.tau == whole.walk.tau);
  CHECK(sliced.error == whole.error);
}

TEST_CASE("real: MCG+08-11-011 is a damped random walk with a time scale of weeks or more") {
  ORRERY_NEED_DATA(path, "agn/mcg08_g.txt");
  Sky sky;
  std::ifstream in(path);
  std::string line;
  while (std::getline(in, line)) {
    double t, y, e;
    if (std::istringstream(line) >> t >> y >> e) sky.t.push_back(t), sky.y.push_back(y), sky.sigma.push_back(e);
  }
  REQUIRE(sky.t.size() == 85);
  const auto fit = fit_damped_random_walk(sky.view());
  MESSAGE("sigma ", fit.walk.sigma, ", tau ", fit.walk.tau, " d, gain over white noise ", fit.log_likelihood - fit.log_likelihood_white);
  CHECK(fit.log_likelihood - fit.log_likelihood_white > 30.0);
  CHECK(fit.walk.tau > 5.0);
  CHECK(close(fit.log_likelihood, double(dense(sky, fit.walk, MeanLevel::marginalised).log_likelihood), {.rtol = 1e-9}));
}

TEST_CASE("bad input is refused, dull input is answered") {
  const std::vector<double> t{1, 2, 3, 4, 5}, y{1, 2, 1, 2, 1}, e(5, 0.1), same(5, 2.0), bad{1, 2, NAN, 4, 5};
  CHECK_THROWS_AS((void)damped_random_walk_likelihood({t, y, e}, {0.0, 1.0}), InputError);
  CHECK_THROWS_AS((void)damped_random_walk_likelihood({t, y, e}, {1.0, -1.0}), InputError);
  CHECK_THROWS_AS((void)damped_random_walk_likelihood({t, bad, e}, {1.0, 1.0}), InputError);
  CHECK_THROWS_AS((void)fit_damped_random_walk({std::span(t).first(3), std::span(y).first(3), {}}), InputError);
  CHECK_THROWS_AS((void)fit_damped_random_walk({same, y, e}), InputError);
  CHECK_THROWS_AS((void)fit_damped_random_walk({t, y, e}, {.min_tau = 5.0, .max_tau = 1.0}), InputError);
  CHECK_THROWS_AS((void)fit_damped_random_walk({t, y, e}, {.starts = 0}), InputError);
  CHECK_THROWS_AS((void)damped_random_walk_sample({1.0, 1.0}, bad, 1), InputError);
  const auto constant = fit_damped_random_walk({t, same, e});
  CHECK(constant.at_limit);
  CHECK(constant.walk.sigma < 0.1);
  CHECK(close(constant.mean, 2.0, {.rtol = 1e-12}));
  // Exact values that share a time have no likelihood; with the jitter that a series without errors gets, they do.
  const std::vector<double> twice{1, 1, 3, 4, 5};
  CHECK(std::isinf(damped_random_walk_likelihood({twice, y, {}}, {1.0, 1.0}).log_likelihood));
  CHECK_FALSE(fit_damped_random_walk({twice, y, {}}, {.fit_jitter = false}).converged);
  CHECK(std::isfinite(fit_damped_random_walk({twice, y, {}}).log_likelihood));
}
