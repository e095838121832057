#include "orrery/period/wavelet.hpp"

#include <algorithm>
#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::period;

namespace {

struct Sky {
  std::vector<double> t, y, sigma;
  SeriesView view() const { return {t, y, sigma}; }
};

/// A sinusoid whose frequency drifts from f0 by `drift` a day.
Sky drifting(int n, double span, double f0, double drift, double noise, bool errors, std::uint64_t seed) {
  Random random(seed);
  Sky s;
  for (int i = 0; i < n; ++i) {
    const double t = random.uniform(0.0, span);
    s.t.push_back(t);
    const double sigma = noise * (errors ? random.uniform(0.5, 2.0) : 1.0);
    if (errors) s.sigma.push_back(sigma);
    s.y.push_back(9.0 + 0.7 * std::sin(6.283185307179586 * (f0 * t + 0.5 * drift * t * t)) + sigma * random.normal());
  }
  return s;
}

/// Foster's definitions with the 3 x 3 matrix of inner products, in long double, all points.
void brute(const Sky& s, double f, double tau, double c, double& z, double& amplitude, double& effective) {
  const long double omega = 6.283185307179586476925286766559L * f;
  long double w = 0, w2 = 0, a[3][4] = {}, xx = 0, x1 = 0;
  for (std::size_t i = 0; i < s.t.size(); ++i) {
    const long double u = omega * ((long double)s.t[i] - tau);
    const long double k = std::exp(-(long double)c * u * u) / (s.sigma.empty() ? 1.0L : (long double)s.sigma[i] * s.sigma[i]);
    const long double phi[3] = {1.0L, std::cos(u), std::sin(u)};
    w += k, w2 += k * k, xx += k * s.y[i] * s.y[i], x1 += k * s.y[i];
    for (int p = 0; p < 3; ++p) {
      for (int q = 0; q < 3; ++q) a[p][q] += k * phi[p] * phi[q];
      a[p][3] += k * phi[p] * s.y[i];
    }
  }
  for (int j = 0; j < 3; ++j) {
    for (int p = 0; p < 3; ++p) {
      if (p == j) continue;
      const long double l = a[p][j] / a[j][j];
      for (int q = j; q < 4; ++q) a[p][q] -= l * a[j][q];
    }
  }
  const long double y[3] = {a[0][3] / a[0][0], a[1][3] / a[1][1], a[2][3] / a[2][2]};
  long double v = 0, mean = 0;
  for (std::size_t i = 0; i < s.t.size(); ++i) {
    const long double u = omega * ((long double)s.t[i] - tau);
    const long double k = std::exp(-(long double)c * u * u) / (s.sigma.empty() ? 1.0L : (long double)s.sigma[i] * s.sigma[i]);
    const long double m = y[0] + y[1] * std::cos(u) + y[2] * std::sin(u);
    v += k * m * m / w, mean += k * m / w;
  }
  const long double vx = xx / w - x1 / w * x1 / w, vy = v - mean * mean, n = w * w / w2;
  effective = double(n);
  z = double((n - 3) * vy / (2 * (vx - vy)));
  amplitude = double(std::sqrt(y[1] * y[1] + y[2] * y[2]));
}

}  // namespace

TEST_CASE("property: Z, amplitude and effective number by Foster's matrices in long double") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const auto s = drifting(200, 50.0, 0.6, 0.01, 0.3, seed % 2 == 1, seed);
    const double decay = seed % 3 == 0 ? 0.0125 : 0.004;
    const std::vector<double> f{0.3, 0.61, 0.85, 1.4}, tau{-2.0, 11.3, 25.0, 49.0};
    const auto map = weighted_wavelet(s.view(), f, tau, {.decay = decay});
    for (Index row = 0; row < 4; ++row) {
      for (Index column = 0; column < 4; ++column) {
        double z, amplitude, effective;
        brute(s, f[at(row)], tau[at(column)], decay, z, amplitude, effective);
        const std::size_t place = at(row * 4 + column);
        if (effective <= 3.5) continue;
        CHECK(close(map.effective[place], effective, {.rtol = 1e-5}));  // points beyond e^-20 of the window are left out
        CHECK(close(map.z[place], z, {.rtol = 1e-5}));
        CHECK(close(map.amplitude[place], amplitude, {.rtol = 1e-5}));
      }
    }
  }
}

TEST_CASE("a drifting frequency is followed in time") {
  const auto s = drifting(800, 100.0, 0.5, 0.005, 0.2, false, 3);
  std::vector<double> f, tau;
  for (int i = 0; i < 120; ++i) f.push_back(0.3 + 0.008 * i);
  for (int i = 0; i < 9; ++i) tau.push_back(10.0 + 10.0 * i);
  const auto map = weighted_wavelet(s.view(), f, tau);
  for (Index column = 0; column < 9; ++column) {
    Index best = 0;
    for (Index row = 1; row < 120; ++row) {
      if (map.z[at(row * 9 + column)] > map.z[at(best * 9 + column)]) best = row;
    }
    // The window holds about 1.4 cycles to each side: resolution f / 8, and the top of the map is known to a few tenths of it.
    CHECK(std::fabs(f[at(best)] - (0.5 + 0.005 * tau[at(column)])) < 0.05);
    CHECK(std::fabs(map.amplitude[at(best * 9 + column)] - 0.7) < 0.2);
  }
}

TEST_CASE("statistical: Z of noise is an F statistic of mean near 1 (negative control)") {
  double sum = 0.0;
  int n = 0, above = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed, 9);
    Sky s;
    for (int i = 0; i < 300; ++i) s.t.push_back(random.uniform(0.0, 60.0)), s.y.push_back(random.normal());
    const std::vector<double> f{0.2, 0.5, 0.9}, tau{15.0, 30.0, 45.0};
    for (const double z : weighted_wavelet(s.view(), f, tau).z) sum += z, above += z > 5.0, ++n;
  }
  // 180 values, F(2, 60) has mean 1.03 and standard deviation 1.07: 0.08 for the mean. P(Z > 5) = 1 %: 2 expected, more than 8 is 1e-4.
  CHECK(std::fabs(sum / n - 1.03) < 0.4);
  CHECK(above <= 8);
}

TEST_CASE("threads and slices do not change a bit; empty windows are 0") {
  const auto s = drifting(150, 40.0, 0.6, 0.0, 0.2, true, 5);
  const std::vector<double> f{0.4, 0.6, 0.8}, tau{5.0, 20.0, 35.0, 1000.0};
  const auto one = weighted_wavelet(s.view(), f, tau, {.threads = 1}), two = weighted_wavelet(s.view(), f, tau, {.threads = 2});
  CHECK(one.z == two.z);
  CHECK(one.z[3] == 0.0);
  CHECK(one.effective[3] == 0.0);
  Budget budget;
  Job job(budget, weighted_wavelet_task(budget, s.view(), f, tau));
  while (!job.step(0.0)) {}
  CHECK(job.result().z == one.z);
}

TEST_CASE("bad input") {
  const auto s = drifting(30, 10.0, 0.6, 0.0, 0.2, false, 1);
  const std::vector<double> f{0.5}, tau{5.0}, zero{0.0}, bad{NAN};
  CHECK_THROWS_AS((void)weighted_wavelet(s.view(), zero, tau), InputError);
  CHECK_THROWS_AS((void)weighted_wavelet(s.view(), f, bad), InputError);
  CHECK_THROWS_AS((void)weighted_wavelet(s.view(), f, tau, {.decay = 0.0}), InputError);
  const std::vector<double> t{1, 2, 3};
  CHECK_THROWS_AS((void)weighted_wavelet({t, t, {}}, f, tau), InputError);
  const std::vector<double> many(20000, 1.0);
  CHECK_THROWS_AS((void)weighted_wavelet(s.view(), many, many), InputError);
  const std::vector<double> same(5, 1.0), flat(5, 2.0);
  CHECK(weighted_wavelet({same, flat, {}}, f, tau).z[0] == 0.0);
}
