#include "orrery/period/phase_curve.hpp"

#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::period;

TEST_CASE("property: the coefficients of a tabulated curve give it back") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    PhaseCurve truth;
    const int harmonics = 1 + int(seed % 12);
    for (int k = 0; k < harmonics; ++k) {
      truth.cosine.push_back(random.normal());
      truth.sine.push_back(random.normal());
    }
    std::vector<double> phase, value;
    const int n = 2 * harmonics + 1 + int(random.index(40));
    const double first = random.uniform(-0.3, 0.9);
    for (int i = 0; i < n; ++i) {
      phase.push_back(first + double(i) / n);
      value.push_back(7.0 + truth.value(phase.back()));  // the constant is not part of a curve
    }
    const auto found = phase_curve(phase, value, harmonics);
    for (std::size_t k = 0; k < truth.cosine.size(); ++k) {
      CHECK(close(found.cosine[k], truth.cosine[k], {.atol = 1e-12}));
      CHECK(close(found.sine[k], truth.sine[k], {.atol = 1e-12}));
    }
    CHECK(close(found.value(0.37), found.value(-4.63), {.atol = 1e-12}));
  }
}

TEST_CASE("uneven phases: the trapezoids' error falls with the square of their width") {
  Random random(5);
  double error[2] = {};
  const int sizes[] = {200, 800};
  for (int s = 0; s < 2; ++s) {
    std::vector<double> phase, value;
    for (int i = 0; i < sizes[s]; ++i) phase.push_back((i + 0.3 * random.uniform()) / sizes[s]);
    for (const double p : phase) value.push_back(std::cos(6.283185307179586 * p) - 0.5 * std::sin(3 * 6.283185307179586 * p));
    const auto curve = phase_curve(phase, value, 4);
    error[s] = std::max({std::fabs(curve.cosine[0] - 1.0), std::fabs(curve.sine[2] + 0.5), std::fabs(curve.cosine[1])});
  }
  CHECK(error[0] < 1e-3);
  CHECK(error[1] < error[0] / 4);  // 16 in the mean; the jitter of the phases is random
}

TEST_CASE("the range of a sinusoid is twice its amplitude") {
  const PhaseCurve curve{{0.3}, {0.4}};
  CHECK(close(curve.range(), 1.0, {.atol = 2e-5}));  // 512 phases miss the top by (pi / 512)^2 / 2
  CHECK(PhaseCurve{}.range() == 0.0);
}

TEST_CASE("bad input") {
  const std::vector<double> phase{0.0, 0.25, 0.5, 0.75}, value{1, 2, 3, 4};
  CHECK_THROWS_AS((void)phase_curve(phase, value, 0), InputError);
  CHECK_THROWS_AS((void)phase_curve(phase, value, 2), InputError);
  CHECK_THROWS_AS((void)phase_curve(phase, std::vector<double>{1, 2, 3}, 1), InputError);
  CHECK_THROWS_AS((void)phase_curve(std::vector<double>{0, 0.5, 0.4, 0.6}, value, 1), InputError);
  CHECK_THROWS_AS((void)phase_curve(std::vector<double>{0, 0.5, 0.7, 1.0}, value, 1), InputError);
  CHECK_THROWS_AS((void)phase_curve(phase, std::vector<double>{1, 2, NAN, 4}, 1), InputError);
}
