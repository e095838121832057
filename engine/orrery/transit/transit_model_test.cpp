#include "orrery/transit/transit_model.hpp"

#include <cmath>
#include <numbers>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::transit;

namespace {

constexpr long double kPi = std::numbers::pi_v<long double>;

/// Light under the disc by brute force in long double: strips across the path, each as long as the disc or the star allows, midpoint
/// rule in angles that smooth the square roots at both ends.
long double covered_light(long double z, long double p, long double u1, long double u2, int strips) {
  const int along = strips / 2;
  const long double left = std::max(z - p, -1.0L), right = std::min(z + p, 1.0L);
  if (left >= right) return 0.0L;
  long double sum = 0.0L;
  // The curve that bounds a strip changes where the two circles cross: the two parts are summed apart.
  const long double cross = z > 0.0L ? (1.0L + z * z - p * p) / (2.0L * z) : 2.0L;
  const long double cut[3] = {left, std::min(std::max(cross, left), right), right};
  for (int part = 0; part < 2; ++part) {
    const long double middle = 0.5L * (cut[part] + cut[part + 1]), half = 0.5L * (cut[part + 1] - cut[part]);
    for (int i = 0; half > 0.0L && i < strips; ++i) {
      const long double angle = kPi * (i + 0.5L) / strips, x = middle - half * std::cos(angle);
      const long double dx = half * std::sin(angle) * kPi / strips;
      const long double top = std::sqrt(std::max(0.0L, std::min(p * p - (x - z) * (x - z), 1.0L - x * x)));
      long double strip = 0.0L;
      for (int j = 0; j < along; ++j) {
        const long double turn = 0.5L * kPi * (j + 0.5L) / along, y = top * std::sin(turn);
        const long double mu = std::sqrt(std::max(0.0L, 1.0L - x * x - y * y));
        strip += (1.0L - u1 * (1.0L - mu) - u2 * (1.0L - mu) * (1.0L - mu)) * top * std::cos(turn) * 0.5L * kPi / along;
      }
      sum += 2.0L * strip * dx;
    }
  }
  return sum;
}

double brute_flux(double z, double p, const LimbDarkening& limb) {
  // The midpoint rule is of second order: the step halved takes its error away (Richardson).
  const long double coarse = covered_light(z, p, limb.u1, limb.u2, 100), fine = covered_light(z, p, limb.u1, limb.u2, 200);
  return static_cast<double>(1.0L - (4.0L * fine - coarse) / 3.0L / (kPi * (1.0L - limb.u1 / 3.0L - limb.u2 / 6.0L)));
}

}  // namespace

TEST_CASE("flux agrees with a sum over the covered area in long double, from full cover to first contact") {
  const LimbDarkening laws[] = {{0.0, 0.0}, {0.4804, 0.1867}, {0.9, 0.1}, {0.2, -0.1}};
  for (const auto& limb : laws) {
    for (const double p : {0.01, 0.1, 0.2}) {
      for (const double z : {0.0, 0.05, 0.4, 0.9, 1.0 - p - 1e-4, 1.0 - p + 1e-4, 1.0, 1.0 + 0.8 * p}) {
        CAPTURE(limb.u1);
        CAPTURE(p);
        CAPTURE(z);
        CHECK(std::fabs(transit_flux(z, p, limb) - brute_flux(z, p, limb)) < 1e-7);
      }
    }
  }
  CHECK(std::fabs(transit_flux(0.3, 0.7) - brute_flux(0.3, 0.7, {})) < 1e-5);
  CHECK(std::fabs(transit_flux(0.9, 1.5) - brute_flux(0.9, 1.5, {})) < 1e-5);
  CHECK(transit_flux(0.2, 1.3) == doctest::Approx(0.0));  // an eclipse
  CHECK(transit_flux(1.2, 0.2) == 1.0);
}

TEST_CASE("without limb darkening the flux is the overlap of two circles; an annulus in the middle has a closed form") {
  for (const double z : {0.0, 0.3, 0.85}) CHECK(close(transit_flux(z, 0.1, {0.0, 0.0}), 1.0 - 0.01, {.atol = 1e-9}));
  // In the middle: 1 - u1/3 - u2/6 is the mean intensity, and the covered light the integral of I to r = p.
  const double p = 0.1, mu = std::sqrt(1.0 - p * p);
  const double covered = 1.0 - mu * mu - 0.6 * (1.0 - mu * mu - 2.0 / 3.0 * (1.0 - mu * mu * mu));
  CHECK(close(transit_flux(0.0, p, {0.6, 0.0}), 1.0 - covered / (1.0 - 0.2), {.atol = 1e-12}));
}

TEST_CASE("an orbit: flux at conjunction, duration between contacts, nothing behind the star") {
  const TransitOrbit orbit{.period = 10.054, .transit_time = 3.0, .radius_ratio = 0.035, .scaled_axis = 29.0, .impact = 0.4};
  const double duration = transit_duration(orbit);
  const std::vector<double> t{3.0, 3.0 + 10.054, 3.0 + 5.027, 3.0 + 0.4999 * duration, 3.0 + 0.5001 * duration, 3.0 - 0.4999 * duration};
  const auto flux = transit_light_curve(t, orbit);
  CHECK(close(flux[0], transit_flux(0.4, 0.035), {.atol = 1e-12}));
  CHECK(close(flux[1], flux[0], {.atol = 1e-10}));
  CHECK(flux[2] == 1.0);
  CHECK(flux[3] < 1.0);
  CHECK(flux[4] == 1.0);
  CHECK(flux[5] < 1.0);
  CHECK(transit_duration({.scaled_axis = 20.0, .impact = 1.5}) == 0.0);
}

TEST_CASE("an eccentric orbit: the depth is that of the impact, passing at periastron is quicker, contacts as foretold") {
  TransitOrbit near{.period = 20.0, .transit_time = 1.0, .radius_ratio = 0.05, .scaled_axis = 30.0, .impact = 0.2, .eccentricity = 0.4,
                    .periastron = 90.0};
  TransitOrbit far = near;
  far.periastron = -90.0;
  for (const auto& orbit : {near, far}) {
    CHECK(close(transit_light_curve(std::vector{1.0}, orbit)[0], transit_flux(0.2, 0.05), {.atol = 1e-10}));
    const double half = 0.5 * transit_duration(orbit);
    // The formula is good to the curvature of the path: a per cent at a/R = 30.
    const auto edge = transit_light_curve(std::vector{1.0 + 0.98 * half, 1.0 + 1.02 * half}, orbit);
    CHECK(edge[0] < 1.0);
    CHECK(edge[1] == 1.0);
  }
  CHECK(transit_duration(near) < 0.6 * transit_duration(far));
  // e = 0 as the limit of small e.
  TransitOrbit round = near, almost = near;
  round.eccentricity = 0.0;
  almost.eccentricity = 1e-9;
  almost.periastron = 37.0;
  const std::vector<double> t{0.9, 1.05, 1.1};
  CHECK(max_difference(transit_light_curve(t, round), transit_light_curve(t, almost)) < 1e-9);
}

TEST_CASE("a long exposure smears the edges and keeps the light that is missing") {
  TransitOrbit orbit{.period = 5.0, .transit_time = 0.0, .radius_ratio = 0.1, .scaled_axis = 12.0};
  std::vector<double> t;
  for (int i = -2000; i < 2000; ++i) t.push_back((i + 0.5) * 1e-4);
  const auto sharp = transit_light_curve(t, orbit);
  orbit.exposure = 0.02;
  orbit.exposure_samples = 31;
  const auto smooth = transit_light_curve(t, orbit);
  double missing_sharp = 0.0, missing_smooth = 0.0;
  for (std::size_t i = 0; i < t.size(); ++i) {
    missing_sharp += 1.0 - sharp[i];
    missing_smooth += 1.0 - smooth[i];
    if (i % 100 != 0 || std::fabs(t[i]) > 0.18) continue;
    double mean = 0.0;  // of the 200 instants that the exposure covers
    for (std::size_t k = i - 100; k < i + 100; ++k) mean += sharp[k] / 200.0;
    CHECK(std::fabs(smooth[i] - mean) < 2e-4);  // 31 against 200 points over edges of depth 0.01
  }
  CHECK(close(missing_sharp, missing_smooth, {.rtol = 1e-6}));
}

TEST_CASE("the template keeps within a hundredth of the depth with a few pieces, for any star and path") {
  Random random(3);
  for (int round = 0; round < 30; ++round) {
    const TransitShape shape{.radius_ratio = random.uniform(0.005, 0.2), .impact = random.uniform(0.0, 0.9),
                             .limb = {random.uniform(0.0, 0.6), random.uniform(0.0, 0.35)}};
    const auto fitted = transit_template(shape);
    const double reach = std::sqrt((1 + shape.radius_ratio) * (1 + shape.radius_ratio) - shape.impact * shape.impact);
    const double depth = 1.0 - transit_flux(shape.impact, shape.radius_ratio, shape.limb);
    CAPTURE(round);
    CHECK(close(fitted.full_depth, depth, {.rtol = 1e-12}));
    double square = 0.0;
    for (int i = 0; i < 3000; ++i) {
      const double x = (i + 0.5) / 3000 - 0.5;
      const double exact = (1.0 - transit_flux(std::hypot(shape.impact, 2 * x * reach), shape.radius_ratio, shape.limb)) / depth;
      square += fitted.value(x) * fitted.value(x) / 3000;
      CHECK(std::fabs(fitted.value(x) - exact) < 0.01);
    }
    CHECK(close(fitted.mean_square, square, {.rtol = 1e-4}));
    CHECK(fitted.c0.size() <= 7);
    CHECK(fitted.value(0.5) == 0.0);
    CHECK(fitted.value(-0.7) == 0.0);
  }
}

TEST_CASE("orbits and shapes that cannot be are refused") {
  const std::vector<double> t{0.0};
  CHECK_THROWS_WITH_AS((void)transit_light_curve(t, {.period = 0.0}), "transit_light_curve: expected period > 0, got 0", InputError);
  CHECK_THROWS_AS((void)transit_light_curve(t, {.scaled_axis = 0.5}), InputError);
  CHECK_THROWS_AS((void)transit_light_curve(t, {.eccentricity = 1.0}), InputError);
  CHECK_THROWS_AS((void)transit_light_curve(t, {.limb = {1.0, 0.5}}), InputError);
  CHECK_THROWS_AS((void)transit_light_curve(t, {.exposure_samples = 0}), InputError);
  CHECK_THROWS_AS((void)transit_light_curve(std::vector{std::nan("")}, {}), InputError);
  CHECK_THROWS_AS((void)transit_template({.impact = 1.0}), InputError);
  CHECK_THROWS_AS((void)transit_template({}, 0.5), InputError);
}
