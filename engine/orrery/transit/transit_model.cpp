#include "orrery/transit/transit_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"

namespace orrery::transit {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr std::size_t kNodes = 48;

struct Rule {
  std::array<double, kNodes> cosine, weight;  // cos(theta) and w sin(theta) for theta over (0, pi)
};

/// Gauss-Legendre nodes of (0, pi) by Newton's method on the Legendre recurrence.
Rule make_rule() {
  Rule rule{};
  for (std::size_t i = 0; i < kNodes; ++i) {
    double x = std::cos(kPi * (static_cast<double>(i) + 0.75) / (static_cast<double>(kNodes) + 0.5)), slope = 1.0;
    for (int round = 0; round < 8; ++round) {
      double before = 1.0, here = x;
      for (std::size_t k = 2; k <= kNodes; ++k) {
        const double n = static_cast<double>(k);
        const double next = ((2.0 * n - 1.0) * x * here - (n - 1.0) * before) / n;
        before = here;
        here = next;
      }
      slope = static_cast<double>(kNodes) * (x * here - before) / (x * x - 1.0);
      x -= here / slope;
    }
    const double theta = 0.5 * kPi * (x + 1.0);
    rule.cosine[i] = std::cos(theta);
    rule.weight[i] = 0.5 * kPi * 2.0 / ((1.0 - x * x) * slope * slope) * std::sin(theta);
  }
  return rule;
}

double intensity(double mu, const LimbDarkening& limb) { return 1.0 - (1.0 - mu) * (limb.u1 + limb.u2 * (1.0 - mu)); }

/// Light within radius r of the centre: the integral of I(r) 2 pi r from 0, in closed form with r dr = -mu dmu.
double light_within(double r, const LimbDarkening& limb) {
  const double mu = std::sqrt(std::max(0.0, 1.0 - r * r));
  const auto antiderivative = [&](double m) {
    const double constant = 1.0 - limb.u1 - limb.u2, linear = limb.u1 + 2.0 * limb.u2;
    return m * m * (constant / 2.0 + m * (linear / 3.0 - m * limb.u2 / 4.0));
  };
  return 2.0 * kPi * (antiderivative(1.0) - antiderivative(mu));
}

void require(bool good, const char* where, const char* what, double got) {
  if (!good) fail(ErrorKind::input, where, std::string("expected ") + what + ", got " + number_text(got));
}

void require_limb(const LimbDarkening& limb, const char* where) {
  const bool finite = std::isfinite(limb.u1) && std::isfinite(limb.u2);
  // The law is a parabola in mu: its least value lies at an end of [0, 1] or where its slope vanishes.
  double least = finite ? std::min(1.0, 1.0 - limb.u1 - limb.u2) : -1.0;
  if (finite && limb.u2 != 0.0) {
    const double turn = -limb.u1 / (2.0 * limb.u2);
    if (turn > 0.0 && turn < 1.0) least = std::min(least, intensity(1.0 - turn, limb));
  }
  require(least >= -1e-12, where, "a limb darkening that leaves no part of the disc below 0", least);
}

void require_orbit(const TransitOrbit& o) {
  constexpr const char* kWhere = "transit_light_curve";
  require(o.period > 0.0 && std::isfinite(o.period), kWhere, "period > 0", o.period);
  require(std::isfinite(o.transit_time), kWhere, "a finite transit_time", o.transit_time);
  require(o.radius_ratio > 0.0 && o.radius_ratio <= 10.0, kWhere, "radius_ratio in (0, 10]", o.radius_ratio);
  require(o.scaled_axis > 1.0 && std::isfinite(o.scaled_axis), kWhere, "scaled_axis > 1", o.scaled_axis);
  require(o.impact >= 0.0 && o.impact < o.scaled_axis, kWhere, "impact in [0, scaled_axis)", o.impact);
  require(o.eccentricity >= 0.0 && o.eccentricity < 1.0, kWhere, "eccentricity in [0, 1)", o.eccentricity);
  require(std::isfinite(o.periastron), kWhere, "a finite periastron", o.periastron);
  require(o.exposure >= 0.0 && std::isfinite(o.exposure), kWhere, "exposure >= 0", o.exposure);
  require(o.exposure_samples >= 1 && o.exposure_samples <= 10000, kWhere, "exposure_samples in [1, 10000]", static_cast<double>(o.exposure_samples));
  require_limb(o.limb, kWhere);
}

/// Eccentric anomaly by Newton's method with a safe start.
double eccentric_anomaly(double mean, double e) {
  double anomaly = mean + (mean > 0.0 ? 0.85 : -0.85) * e;
  for (int round = 0; round < 50; ++round) {
    const double step = (anomaly - e * std::sin(anomaly) - mean) / (1.0 - e * std::cos(anomaly));
    anomaly -= std::clamp(step, -1.0, 1.0);
    if (std::fabs(step) < 1e-14) break;
  }
  return anomaly;
}

double true_to_mean(double f, double e) {
  const double anomaly = 2.0 * std::atan(std::sqrt((1.0 - e) / (1.0 + e)) * std::tan(0.5 * f));
  return anomaly - e * std::sin(anomaly);
}

/// What stays the same along an orbit.
struct Path {
  double motion, mean_at_transit, omega, e, axis, cos_inclination;

  explicit Path(const TransitOrbit& o)
      : motion(2.0 * kPi / o.period), mean_at_transit(0.0), omega(o.eccentricity > 0.0 ? o.periastron * kPi / 180.0 : 0.5 * kPi),
        e(o.eccentricity), axis(o.scaled_axis), cos_inclination(0.0) {
    const double f = 0.5 * kPi - omega;
    mean_at_transit = true_to_mean(std::remainder(f, 2.0 * kPi), e);
    cos_inclination = std::min(1.0, o.impact / axis * (1.0 + e * std::sin(omega)) / (1.0 - e * e));
  }

  /// Distance of the centres on the sky, in stellar radii; negative while the planet is behind.
  [[nodiscard]] double separation(double time_from_transit) const {
    const double mean = std::remainder(motion * time_from_transit + mean_at_transit, 2.0 * kPi);
    double f = mean, distance = axis;
    if (e > 0.0) {
      const double anomaly = eccentric_anomaly(mean, e);
      f = 2.0 * std::atan(std::sqrt((1.0 + e) / (1.0 - e)) * std::tan(0.5 * anomaly));
      distance = axis * (1.0 - e * std::cos(anomaly));
    }
    const double along = std::sin(omega + f), across = std::cos(omega + f);
    const double z = distance * std::sqrt(across * across + along * along * cos_inclination * cos_inclination);
    return along > 0.0 ? z : -z;
  }
};

/// Exact shape of unit depth at |x| for a straight path.
class Shape {
 public:
  explicit Shape(const TransitShape& shape)
      : shape_(shape), reach_(std::sqrt((1.0 + shape.radius_ratio) * (1.0 + shape.radius_ratio) - shape.impact * shape.impact)),
        depth_(1.0 - transit_flux(shape.impact, shape.radius_ratio, shape.limb)) {}
  [[nodiscard]] double operator()(double x) const {
    if (x >= 0.5) return 0.0;
    return (1.0 - transit_flux(std::hypot(shape_.impact, 2.0 * x * reach_), shape_.radius_ratio, shape_.limb)) / depth_;
  }
  [[nodiscard]] double depth() const { return depth_; }

 private:
  TransitShape shape_;
  double reach_, depth_;
};

struct Piece {
  double c0 = 0.0, c1 = 0.0, c2 = 0.0, error = 0.0;
};

/// The quadratic through the end points whose free coefficient is the least-squares one.
Piece fit_piece(const std::vector<double>& x, const std::vector<double>& y, std::size_t a, std::size_t b) {
  const double slope = (y[b] - y[a]) / (x[b] - x[a]);
  double above = 0.0, below = 0.0;
  for (std::size_t i = a; i <= b; ++i) {
    const double q = (x[i] - x[a]) * (x[i] - x[b]);
    above += q * (y[i] - y[a] - slope * (x[i] - x[a]));
    below += q * q;
  }
  const double bend = below > 0.0 ? above / below : 0.0;
  Piece p{.c0 = y[a] - slope * x[a] + bend * x[a] * x[b], .c1 = slope - bend * (x[a] + x[b]), .c2 = bend};
  for (std::size_t i = a; i <= b; ++i) p.error = std::max(p.error, std::fabs(p.c0 + x[i] * (p.c1 + x[i] * p.c2) - y[i]));
  return p;
}

/// Integral of (c0 + c1 x + c2 x^2)^2 from 0 to x.
double square_integral(double c0, double c1, double c2, double x) {
  return x * (c0 * c0 + x * (c0 * c1 + x * ((c1 * c1 + 2.0 * c0 * c2) / 3.0 + x * (c1 * c2 / 2.0 + x * c2 * c2 / 5.0))));
}

}  // namespace

double transit_flux(double separation, double radius_ratio, const LimbDarkening& limb) {
  static const Rule rule = make_rule();
  const double z = std::fabs(separation), p = radius_ratio;
  if (!(z < 1.0 + p) || !(p > 0.0)) return 1.0;
  const double whole = light_within(1.0, limb);
  double covered = 0.0;
  if (p > z) covered = light_within(std::min(1.0, p - z), limb);  // rings that lie under the disc all around
  const double low = std::fabs(z - p), high = std::min(1.0, z + p);
  if (low < high && z > 0.0) {
    const double middle = 0.5 * (low + high), half = 0.5 * (high - low);
    double sum = 0.0;
    for (std::size_t i = 0; i < kNodes; ++i) {
      const double r = middle - half * rule.cosine[i];
      const double cosine = std::clamp((z * z + r * r - p * p) / (2.0 * z * r), -1.0, 1.0);
      sum += rule.weight[i] * r * std::acos(cosine) * intensity(std::sqrt(std::max(0.0, 1.0 - r * r)), limb);
    }
    covered += 2.0 * half * sum;
  }
  return 1.0 - covered / whole;
}

std::vector<double> transit_light_curve(std::span<const double> t, const TransitOrbit& orbit) {
  require_orbit(orbit);
  for (const double time : t) require(std::isfinite(time), "transit_light_curve", "finite times", time);
  const Path path(orbit);
  const double n = static_cast<double>(orbit.exposure > 0.0 ? orbit.exposure_samples : 1);
  std::vector<double> flux;
  flux.reserve(t.size());
  for (const double time : t) {
    double sum = 0.0;
    for (double k = 0.0; k < n; ++k) {
      const double z = path.separation(time - orbit.transit_time + orbit.exposure * ((k + 0.5) / n - 0.5));
      sum += z < 0.0 ? 1.0 : transit_flux(z, orbit.radius_ratio, orbit.limb);
    }
    flux.push_back(sum / n);
  }
  return flux;
}

double transit_duration(const TransitOrbit& orbit) {
  require_orbit(orbit);
  const double reach = (1.0 + orbit.radius_ratio) * (1.0 + orbit.radius_ratio) - orbit.impact * orbit.impact;
  if (!(reach > 0.0)) return 0.0;
  const Path path(orbit);
  const double sine = std::sqrt(reach) / (orbit.scaled_axis * std::sqrt(1.0 - path.cos_inclination * path.cos_inclination));
  const double circular = orbit.period / kPi * std::asin(std::min(1.0, sine));
  return circular * std::sqrt(1.0 - path.e * path.e) / (1.0 + path.e * std::sin(path.omega));
}

double TransitTemplate::value(double x) const {
  const double u = std::fabs(x);
  for (std::size_t k = 0; k < c0.size(); ++k) {
    if (u < knot[k + 1]) return c0[k] + u * (c1[k] + u * c2[k]);
  }
  return 0.0;
}

TransitTemplate transit_template(const TransitShape& shape, double tolerance) {
  constexpr const char* kWhere = "transit_template";
  require(shape.radius_ratio > 0.0 && shape.radius_ratio <= 0.5, kWhere, "radius_ratio in (0, 0.5]", shape.radius_ratio);
  require(shape.impact >= 0.0 && shape.impact < 1.0, kWhere, "impact in [0, 1)", shape.impact);
  require(tolerance >= 1e-4 && tolerance <= 0.1, kWhere, "tolerance in [1e-4, 0.1]", tolerance);
  require_limb(shape.limb, kWhere);
  constexpr std::size_t kSteps = 2000;
  const Shape exact(shape);
  std::vector<double> x, y;
  for (std::size_t i = 0; i <= kSteps; ++i) {
    x.push_back(0.5 * static_cast<double>(i) / static_cast<double>(kSteps));
    y.push_back(exact(x.back()));
  }
  TransitTemplate out{.knot = {0.0}, .full_depth = exact.depth()};
  for (std::size_t a = 0; a < kSteps;) {
    std::size_t good = a + 1, bad = kSteps + 1;  // a piece of one step is exact
    while (bad - good > 1) {
      const std::size_t middle = bad == kSteps + 1 && good == a + 1 ? kSteps : (good + bad) / 2;
      (fit_piece(x, y, a, middle).error <= tolerance ? good : bad) = middle;
    }
    const Piece p = fit_piece(x, y, a, good);
    out.knot.push_back(x[good]);
    out.c0.push_back(p.c0);
    out.c1.push_back(p.c1);
    out.c2.push_back(p.c2);
    out.greatest_error = std::max(out.greatest_error, p.error);
    out.mean_square += 2.0 * (square_integral(p.c0, p.c1, p.c2, x[good]) - square_integral(p.c0, p.c1, p.c2, x[a]));
    a = good;
  }
  return out;
}

}  // namespace orrery::transit
