#include "orrery/transit/injection.hpp"

#include <cmath>
#include <numbers>

#include "orrery/core/error.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::transit;

TEST_CASE("a transit takes its share of flux, and its magnitudes of light") {
  const TransitOrbit orbit{.period = 5.0, .transit_time = 1.2, .radius_ratio = 0.1, .scaled_axis = 12.0, .impact = 0.3};
  std::vector<double> t, flux, magnitude;
  for (int i = 0; i < 400; ++i) {
    t.push_back(2457000.0 + 0.037 * i);
    flux.push_back(1000.0 + i);
    magnitude.push_back(12.0 - 0.001 * i);
  }
  const auto curve = transit_light_curve(t, orbit);
  const auto dimmed = inject_transit(t, flux, orbit);
  const auto fainter = inject_transit(t, magnitude, orbit, TransitForm::limb_darkened, Brightness::magnitude);
  double deepest = 0.0;
  for (std::size_t i = 0; i < t.size(); ++i) {
    CHECK(dimmed[i] == flux[i] * curve[i]);
    CHECK(close(fainter[i] - magnitude[i], -2.5 * std::log10(curve[i]), {.atol = 1e-13}));
    deepest = std::max(deepest, fainter[i] - magnitude[i]);
  }
  CHECK(deepest > 0.008);  // 1.0857 * 0.01, less the darker limb at impact 0.3
}

TEST_CASE("a box is k^2 deep, as long as the centre of the planet is before the star, and an exposure spreads its edges") {
  const TransitOrbit orbit{.period = 7.0, .transit_time = 3.0, .radius_ratio = 0.05, .scaled_axis = 15.0, .impact = 0.6};
  std::vector<double> t, one;
  for (int i = 0; i < 70000; ++i) t.push_back(1e-4 * i);
  one.assign(t.size(), 1.0);
  double lost = 0.0, spread = 0.0;
  const auto sharp = inject_transit(t, one, orbit, TransitForm::box);
  auto long_orbit = orbit;
  long_orbit.exposure = 0.02;
  const auto soft = inject_transit(t, one, long_orbit, TransitForm::box);
  int levels = 0;
  for (std::size_t i = 0; i < t.size(); ++i) {
    CHECK((sharp[i] == 1.0 || close(sharp[i], 1.0 - 0.0025, {.atol = 1e-15})));
    lost += 1e-4 * (1.0 - sharp[i]) / 0.0025;
    spread += 1e-4 * (1.0 - soft[i]) / 0.0025;
    levels += soft[i] < 1.0 && soft[i] > 0.9975001 ? 1 : 0;
  }
  // The sky path, not the formula: |x| < sqrt(1 - b^2) on a circle seen at inclination i. Two steps of the times.
  const double sin_i = std::sqrt(1.0 - 0.04 * 0.04);
  const double duration = 7.0 / std::numbers::pi * std::asin(std::sqrt(1.0 - 0.36) / (15.0 * sin_i));
  CHECK(close(lost, duration, {.atol = 2e-4}));
  CHECK(close(spread, duration, {.atol = 2e-4}));  // an exposure moves light, it loses none
  CHECK(std::abs(levels - 400) < 12);              // two edges of 0.02 day
}

TEST_CASE("shapes of variables: brightest at phase 0, mean 0, upside down in magnitudes") {
  std::vector<double> phase, zero;
  for (int i = 0; i < 1000; ++i) phase.push_back(-2.0 + 0.001 * i);  // one period
  zero.assign(phase.size(), 0.0);
  for (const auto form : {VariableForm::sinusoid, VariableForm::sawtooth}) {
    const VariableSignal star{.period = 1.0, .amplitude = 0.3, .form = form, .rise = 0.2};
    const auto shape = variable_shape(phase, star);
    CHECK(close(shape[0], 1.0, {.atol = 1e-12}));
    double sum = 0.0, square = 0.0;
    for (const double v : shape) {
      sum += v / 1000.0;
      square += v * v / 1000.0;
      CHECK(std::fabs(v) <= 1.0 + 1e-12);
    }
    CHECK(std::fabs(sum) < 1e-12);
    CHECK(close(square, form == VariableForm::sawtooth ? 1.0 / 3.0 : 0.5, {.rtol = 1e-4}));
    const auto flux = inject_variable(phase, zero, star, Brightness::flux), magnitude = inject_variable(phase, zero, star);
    for (std::size_t i = 0; i < shape.size(); ++i) {
      CHECK(close(flux[i], 0.3 * shape[i], {.atol = 1e-9}));
      CHECK(magnitude[i] == -flux[i]);
    }
  }
  const std::vector<double> some{0.13, 7.4};
  const auto rich = variable_shape(some, {.harmonic = {0.4, -0.2}});
  for (std::size_t i = 0; i < some.size(); ++i) {
    const double a = 2.0 * std::numbers::pi * some[i];
    CHECK(close(rich[i], std::cos(a) + 0.4 * std::cos(2.0 * a) - 0.2 * std::cos(3.0 * a), {.atol = 1e-13}));
  }
}

TEST_CASE("injections that cannot be are refused in one line") {
  const std::vector<double> t{0.0, 1.0}, y{1.0, 1.0}, one{1.0};
  CHECK_THROWS_AS((void)inject_transit(t, one, {}), InputError);
  CHECK_THROWS_AS((void)inject_transit(t, y, {.period = -1.0}), InputError);
  CHECK_THROWS_AS((void)inject_transit(t, y, {.eccentricity = 0.2}, TransitForm::box), InputError);
  const TransitOrbit total{.period = 3.0, .radius_ratio = 1.2, .scaled_axis = 9.0};
  CHECK_THROWS_AS((void)inject_transit(t, y, total, TransitForm::limb_darkened, Brightness::magnitude), InputError);
  CHECK_THROWS_AS((void)inject_variable(t, one, {}), InputError);
  CHECK_THROWS_AS((void)inject_variable(t, y, {.period = 0.0}), InputError);
  CHECK_THROWS_AS((void)inject_variable(t, y, {.amplitude = -1.0}), InputError);
  CHECK_THROWS_AS((void)inject_variable(t, y, {.rise = 1.0}), InputError);
  CHECK_THROWS_AS((void)inject_variable(std::vector<double>{0.0, NAN}, y, {}), InputError);
  CHECK(inject_transit({}, {}, {}).empty());
}
