#include "orrery/period/window.hpp"

#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/period/period_oracle.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::period;

TEST_CASE("even sampling has the window of a comb: sin^2(N x) / (N sin x)^2") {
  std::vector<double> t;
  const int n = 50;
  for (int i = 0; i < n; ++i) t.push_back(2450000.0 + 0.5 * i);
  const FrequencyGrid grid{0.0, 0.003, 2000};
  const auto window = spectral_window({t, t, {}}, grid);
  for (Index k = 0; k < grid.count; ++k) {
    const double x = 3.14159265358979323846 * std::fmod(grid[k], 2.0) * 0.5;
    const double s = std::sin(x);
    const double expected = std::fabs(s) < 1e-9 ? 1.0 : std::pow(std::sin(n * x) / (n * s), 2);
    CHECK(std::fabs(window[at(k)] - expected) < 1e-10);
  }
  CHECK(close(window[0], 1.0, {.rtol = 1e-10}));
}

TEST_CASE("property: fast, exact and long double agree; weights, order, threads, task") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const auto sky = oracle::sky(3 + 40 * Index(seed), 70.0, 0.3, seed);
    const FrequencyGrid grid{0.001 * double(seed), 0.0013 * double(1 + seed % 5), 2500};
    const WindowOptions options{.weighted = seed % 2 == 0, .threads = 1};
    const auto fast = spectral_window(sky.view(), grid, options);
    CHECK(max_difference(fast, spectral_window_exact(sky.view(), grid.values(), options)) < 1e-10);
    CHECK(fast == spectral_window(sky.view(), grid, {.weighted = options.weighted, .threads = 2}));
    Budget budget;
    Job job(budget, spectral_window_task(budget, sky.view(), grid, options));
    while (!job.step(0.0)) {}
    CHECK(fast == job.result());
    for (Index k = 0; k < grid.count; k += 499) {
      long double re = 0, im = 0, total = 0;
      for (std::size_t i = 0; i < sky.t.size(); ++i) {
        const long double w = options.weighted ? 1.0L / (sky.sigma[i] * sky.sigma[i]) : 1.0L;
        const long double phase = 6.283185307179586476925L * ((long double)grid.first + (long double)grid.step * k) * sky.t[i];
        re += w * std::cos(phase), im += w * std::sin(phase), total += w;
      }
      CHECK(std::fabs(fast[at(k)] - double((re * re + im * im) / (total * total))) < 1e-10);
    }
  }
}

TEST_CASE("one point is blind to frequency; bad input is refused") {
  const std::vector<double> one{5.0}, none;
  for (const double w : spectral_window({one, one, {}}, {0.0, 0.1, 100})) CHECK(close(w, 1.0, {.rtol = 1e-10}));
  CHECK_THROWS_AS((void)spectral_window({none, none, {}}, {0.0, 0.1, 100}), InputError);
  CHECK_THROWS_AS((void)spectral_window({one, one, {}}, {-0.1, 0.1, 100}), InputError);
  CHECK_THROWS_AS((void)spectral_window({one, one, {}}, {0.0, 0.1, 0}), InputError);
  const std::vector<double> bad{NAN};
  CHECK_THROWS_AS((void)spectral_window_exact({one, one, {}}, bad), InputError);
}
