#include "orrery/period/analysis_of_variance.hpp"

#include <complex>

#include "orrery/period/statistic_oracle.hpp"

using namespace orrery;
using namespace orrery::period;

namespace {

using Complex = std::complex<long double>;

/// The paper's recurrence: monic orthogonal polynomials on the unit circle, projections of z^K (y - mean), 2 K + 1 of them.
long double ratio(const SeriesView& s, long double f, int harmonics) {
  const auto phase = oracle::phases(s, f), w = oracle::weights(s);
  const long double mean = oracle::weighted_mean(s, w), two_pi = 6.283185307179586476925286766559005768L;
  const std::size_t n = phase.size();
  std::vector<Complex> z, p(n, 1.0L), data;
  long double whole = 0, explained = 0;
  for (std::size_t i = 0; i < n; ++i) {
    z.push_back(std::polar(1.0L, two_pi * phase[i]));
    data.push_back((s.y[i] - mean) * std::polar(1.0L, two_pi * harmonics * phase[i]));
    whole += w[i] * std::norm(data[i]);
  }
  for (int k = 0; k <= 2 * harmonics; ++k) {
    Complex projection = 0, zp = 0;
    long double norm = 0;
    for (std::size_t i = 0; i < n; ++i) {
      projection += w[i] * std::conj(p[i]) * data[i];
      norm += w[i] * std::norm(p[i]);
      zp += w[i] * z[i] * p[i];
    }
    explained += std::norm(projection) / norm;
    const Complex alpha = zp / norm;
    for (std::size_t i = 0; i < n; ++i) p[i] = z[i] * p[i] - alpha * std::pow(z[i], k) * std::conj(p[i]);
  }
  return (n - 2.0L * harmonics - 1) * explained / (2.0L * harmonics * (whole - explained));
}

}  // namespace

TEST_CASE("analysis of variance is the projection on orthogonal polynomials by the paper's recurrence in long double") {
  const auto sky = oracle::sky(90, 40.0, 0.37, 3);
  const auto f = oracle::some_frequencies(80, 0.05, 2.0);
  for (const int harmonics : {1, 2, 3, 5, 8}) {
    CAPTURE(harmonics);
    const auto exact = [&](long double v) { return ratio(sky.view(), v, harmonics); };
    CHECK(oracle::worst(analysis_of_variance(sky.view(), f, {.harmonics = harmonics}), f,
                        exact) < 1e-9);  // the recurrence itself loses digits near the ends
    const auto plain = oracle::without_errors(sky);
    CHECK(oracle::worst(analysis_of_variance(plain, f, {.harmonics = harmonics}), f,
                        [&](long double v) { return ratio(plain, v, harmonics); }) < 1e-9);
  }
}

TEST_CASE("manners and constants") {
  oracle::check_manners(PeriodStatistic::analysis_of_variance, 2e-3);  // a ratio of 1e3 at a peak that 1e-9 turns move
  oracle::check_constant(PeriodStatistic::analysis_of_variance, 0.0);
  const auto sky = oracle::sky(7, 40.0, 0.37, 3);
  CHECK_THROWS_AS(static_cast<void>(analysis_of_variance(sky.view(), std::vector<double>{0.4}, {.harmonics = 3})), InputError);
}

TEST_CASE("statistics: Theta of white noise with unequal errors follows F; negative control: with one degree more it does not") {
  constexpr int kSkies = 2000;  // Kolmogorov's distance as for phase dispersion: 1e-3 under the law
  std::vector<double> p, wrong;
  Random random(12);
  for (int k = 0; k < kSkies; ++k) {
    std::vector<double> t, y, e;
    for (int i = 0; i < 20; ++i) {
      t.push_back(random.uniform(0.0, 30.0)), e.push_back(random.uniform(0.5, 2.0));
      y.push_back(e.back() * random.normal());
    }
    const double theta = analysis_of_variance({t, y, e}, std::vector<double>{0.7}, {.harmonics = 2})[0];
    p.push_back(analysis_of_variance_probability(theta, 20, 2));
    wrong.push_back(analysis_of_variance_probability(theta, 20, 4));
  }
  const auto distance = [](std::vector<double> v) {
    std::sort(v.begin(), v.end());
    double d = 0.0;
    for (std::size_t k = 0; k < v.size(); ++k) d = std::max(d, std::fabs(v[k] - (double(k) + 0.5) / double(v.size())));
    return d;
  };
  CHECK(distance(p) < 1.95 / std::sqrt(double(kSkies)));
  CHECK(distance(wrong) > 1.95 / std::sqrt(double(kSkies)));
  CHECK_THROWS_AS(static_cast<void>(analysis_of_variance_probability(1.0, 5, 2)), InputError);
}
