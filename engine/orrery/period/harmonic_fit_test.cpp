#include "orrery/period/harmonic_fit.hpp"

#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "orrery/period/peaks.hpp"
#include "orrery/period/period_oracle.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::period;

TEST_CASE("a noiseless harmonic series gives its own coefficients back") {
  Random random(3);
  std::vector<double> t, y;
  const double f = 0.73, epoch_of_truth = 1000.0;
  for (int i = 0; i < 80; ++i) {
    t.push_back(1000.0 + random.uniform(0, 50));
    const double phi = 6.283185307179586 * f * (t.back() - epoch_of_truth);
    y.push_back(5.0 + 2.0 * std::sin(phi) - 0.5 * std::cos(2 * phi) + 0.25 * std::sin(3 * phi));
  }
  const auto fit = harmonic_fit({t, y, {}}, f, {.harmonics = 3});
  CHECK(close(fit.offset, 5.0, {.rtol = 1e-12}));
  CHECK(fit.chi2 < 1e-24);
  CHECK(close(fit.power, 1.0, {.rtol = 1e-12}));
  const auto model = harmonic_model(fit, t);
  CHECK(max_difference(model, y) < 1e-12);
  CHECK(close(std::hypot(fit.sine[0], fit.cosine[0]), 2.0, {.rtol = 1e-12}));
  CHECK(close(std::hypot(fit.sine[1], fit.cosine[1]), 0.5, {.rtol = 1e-12}));
  CHECK(close(std::hypot(fit.sine[2], fit.cosine[2]), 0.25, {.rtol = 1e-12}));
  double low = 1e9, high = -1e9;
  for (int i = 0; i < 1000000; ++i) {
    const double phi = 6.283185307179586e-6 * i;
    const double v = 2.0 * std::sin(phi) - 0.5 * std::cos(2 * phi) + 0.25 * std::sin(3 * phi);
    low = std::min(low, v);
    high = std::max(high, v);
  }
  CHECK(close(fit.amplitude, high - low, {.atol = 1e-6}));  // 768 steps and a parabola: (2 pi / 768)^4 times the fourth derivative
}

TEST_CASE("property: the fit's power is the periodogram's, and its slope is d chi2 / d f") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const auto sky = oracle::sky(60, 40.0, 0.37, seed);
    const double f = 0.2 + 0.05 * double(seed);
    const LombScargleOptions options{.harmonics = 1 + int(seed % 4), .fit_mean = seed % 2 == 0};
    const auto fit = harmonic_fit(sky.view(), f, options);
    const double exact = oracle::standard(sky.view(), f, options.harmonics, options.fit_mean, true);
    CHECK(close(fit.power, exact, {.atol = 1e-12}));
    CHECK(fit.dof == 60 - 2 * options.harmonics - 1 - (options.fit_mean ? 1 : 0));
    const double h = 1e-6;
    const double numeric = (harmonic_fit(sky.view(), f + h, options).chi2 - harmonic_fit(sky.view(), f - h, options).chi2) / (2 * h);
    CHECK(close(fit.slope, numeric, {.rtol = 1e-5, .atol = 1e-4}));  // central difference: h^2 times the third derivative
  }
}

TEST_CASE("Monte Carlo: the scatter of refined periods is the quoted error, whatever the scale of sigma") {
  // 400 skies of one sinusoid; the sample standard deviation has a relative error of 1 / sqrt(800) = 3.5 %, so 4 sigma = 14 %:
  // false-alarm rate 6e-5.
  const double truth = 0.37;
  for (const double quoted : {1.0, 0.1}) {  // errors quoted ten times too small: the reduced chi2 repairs it
    double sum = 0.0, squares = 0.0, error = 0.0;
    const int skies = 400;
    for (int i = 0; i < skies; ++i) {
      Random random(11, std::uint64_t(i));
      std::vector<double> t, y, sigma;
      for (int j = 0; j < 100; ++j) {
        t.push_back(random.uniform(0, 60));
        sigma.push_back(quoted * random.uniform(0.3, 0.6));
        y.push_back(std::sin(6.283185307179586 * truth * t.back()) + sigma.back() / quoted * random.normal());
      }
      const auto fit = refine_peak({t, y, sigma}, truth, 0.008);
      const double offset = fit.period() - 1.0 / truth;
      sum += offset;
      squares += offset * offset;
      error += period_error(fit) / skies;
    }
    const double scatter = std::sqrt((squares - sum * sum / skies) / (skies - 1));
    CHECK(std::fabs(scatter / error - 1.0) < 0.14);
    CHECK(std::fabs(sum / skies) < 4.0 * scatter / std::sqrt(double(skies)));
  }
}

TEST_CASE("even sampling and equal errors: the error is that of Montgomery and O'Donoghue") {
  std::vector<double> t, y, sigma;
  Random random(5);
  for (int i = 0; i < 4000; ++i) {
    t.push_back(0.01 * i);
    sigma.push_back(0.3);
    y.push_back(std::sin(6.283185307179586 * 1.234 * t.back()) + 0.3 * random.normal());
  }
  const auto fit = refine_peak({t, y, sigma}, 1.234, 0.01);
  const double expected = std::sqrt(6.0 / 4000) * 0.3 / (3.14159265358979 * 40.0 * 1.0);
  CHECK(close(fit.frequency_error, expected, {.rtol = 0.05}));  // reduced chi2 is 1 +- 0.022 and the amplitude 1 +- 0.007
}

TEST_CASE("bad input") {
  const auto sky = oracle::sky(20, 10.0, 0.3, 1);
  CHECK_THROWS_AS((void)harmonic_fit(sky.view(), 0.0), InputError);
  CHECK_THROWS_AS((void)harmonic_fit(sky.view(), NAN), InputError);
  CHECK_THROWS_AS((void)harmonic_fit(sky.view(), 0.3, {.harmonics = 0}), InputError);
  CHECK_THROWS_AS((void)refine_peak(sky.view(), 0.3, 0.0), InputError);
}
