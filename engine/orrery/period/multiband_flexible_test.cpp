#include "orrery/period/multiband_flexible.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "orrery/core/error.hpp"
#include "orrery/period/multiband.hpp"
#include "orrery/period/peaks.hpp"
#include "orrery/period/period_oracle.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::period;

namespace {

using Real = long double;

/// theta' b of (A'WA + Lambda) theta = b over chi2_0, by Gauss-Jordan elimination with pivoting in long double, on the columns of the
/// model written out: nothing shared with the engine's sums, order of elimination or scaling.
double dense_power(std::span<const SeriesView> bands, Real f, const FlexibleOptions& o) {
  const std::size_t shared = std::size_t(1 + 2 * o.base_harmonics), own = std::size_t(1 + 2 * o.band_harmonics);
  const std::size_t p = shared + own * bands.size();
  std::vector<std::vector<Real>> a(p, std::vector<Real>(p + 1, 0));
  Real chi2_0 = 0;
  const Real origin = bands[0].t[0];
  for (std::size_t b = 0; b < bands.size(); ++b) {
    Real total = 0, mean = 0;
    const auto weight = [&](std::size_t i) {
      return bands[b].sigma.empty() ? Real(1) : 1 / (Real(bands[b].sigma[i]) * Real(bands[b].sigma[i]));
    };
    for (std::size_t i = 0; i < bands[b].t.size(); ++i) total += weight(i), mean += weight(i) * bands[b].y[i];
    mean = o.center_data ? mean / total : 0;
    for (std::size_t i = 0; i < bands[b].t.size(); ++i) {
      std::vector<Real> row(p, 0);
      const Real phase = 6.283185307179586476925286766559005768L * f * (bands[b].t[i] - origin), y = bands[b].y[i] - mean;
      const auto fill = [&](std::size_t from, int harmonics) {
        row[from] = 1;
        for (int k = 1; k <= harmonics; ++k) row[from + std::size_t(2 * k - 1)] = std::sin(k * phase),
            row[from + std::size_t(2 * k)] = std::cos(k * phase);
      };
      fill(0, o.base_harmonics);
      fill(shared + b * own, o.band_harmonics);
      for (std::size_t r = 0; r < p; ++r) {
        for (std::size_t c = 0; c < p; ++c) a[r][c] += weight(i) * row[r] * row[c];
        a[r][p] += weight(i) * row[r] * y;
      }
      chi2_0 += weight(i) * y * y;
    }
  }
  Real trace = 0;
  for (std::size_t r = 0; r < p; ++r) trace += a[r][r];
  for (std::size_t r = 0; r < p; ++r) {
    a[r][r] += (o.regularize_by_trace ? trace : Real(1)) * Real((r < shared ? o.base_regularization : o.band_regularization).value_or(0.0));
  }
  std::vector<Real> right(p);
  for (std::size_t r = 0; r < p; ++r) right[r] = a[r][p];
  std::vector<std::size_t> order(p);
  for (std::size_t j = 0; j < p; ++j) {
    std::size_t top = j;
    for (std::size_t r = j; r < p; ++r) {
      if (std::fabs(a[r][j]) > std::fabs(a[top][j])) top = r;
    }
    std::swap(a[j], a[top]);
    for (std::size_t r = 0; r < p; ++r) {
      if (r == j) continue;
      const Real l = a[r][j] / a[j][j];
      for (std::size_t c = j; c <= p; ++c) a[r][c] -= l * a[j][c];
    }
  }
  Real power = 0;
  for (std::size_t j = 0; j < p; ++j) power += right[j] * a[j][p] / a[j][j];
  return double(power / chi2_0);
}

struct Case {
  int base, band;
  std::optional<double> base_lambda, band_lambda;
  bool by_trace, center;
};

}  // namespace

TEST_CASE("property: power is that of the regularised dense system in long double; direct sums, transform and fit agree") {
  const Case cases[] = {{1, 1, {}, 1e-6, true, true},   {2, 1, {}, 1e-6, true, true}, {1, 3, 1e-4, 1e-2, true, true}, {0, 1, {}, 1e-6,
      true, true},
                        {1, 0, {}, 1e-6, true, true},   {4, 0, {}, 1e-3, true, true}, {2, 2, 0.3, 5.0, false, true},  {1, 1, {}, 1e-3,
                            true, false},
                        {5, 2, 1e-5, 1e-5, true, true}, {1, 1, {}, 1e4, true, true}};
  std::uint64_t seed = 0;
  for (const auto& c : cases) {
    ++seed;
    CAPTURE(seed);
    const auto a = oracle::sky(160, 50.0, 0.41, seed, 0.3), b = oracle::sky(6, 44.0, 0.41, seed + 100, 0.9), e = oracle::sky(700, 61.0,
        0.41, seed + 200);
    std::vector<SeriesView> bands{a.view(), b.view(), e.view()};
    if (seed % 3 == 1) {
      for (auto& band : bands) band.sigma = {};
    }
    const FlexibleOptions options{.base_harmonics = c.base, .band_harmonics = c.band, .base_regularization = c.base_lambda,
                                  .band_regularization = c.band_lambda, .regularize_by_trace = c.by_trace, .center_data = c.center,
                                      .threads = 1};
    const FrequencyGrid grid{0.002, 0.0015, 6000};
    const auto power = multiband_flexible(bands, grid, options);
    const auto exact = multiband_flexible_exact(bands, grid.values(), options);
    CHECK(max_difference(power, exact) < 1e-9);  // the transform's promise
    // From one cycle on: below, eight columns can hardly be told apart, and what 1e-13 of them still says is left out.
    for (Index k = 12; k < grid.count; k += k < 20 ? 1 : 397) {
      CAPTURE(k);
      const double truth = dense_power(bands, Real(grid.first) + Real(grid.step) * Real(k), options);
      // Rounding 1e-16 over the weakest regularisation, 1e-6; at one cycle also over the least pivot of a band, 1e-3.
      CHECK(std::fabs(exact[at(k)] - truth) < 1e-9);
      // residuals of coefficients: one more condition number
      CHECK(std::fabs(flexible_fit(bands, grid[k], options).power() - truth) < 1e-8);
    }
  }
}

TEST_CASE("plain, threads and task give the same bits; normalisations follow") {
  const auto a = oracle::sky(300, 50.0, 0.41, 1), b = oracle::sky(280, 50.0, 0.41, 2), c = oracle::sky(4, 50.0, 0.41, 3);
  const std::vector<SeriesView> bands{a.view(), b.view(), c.view()};
  const FrequencyGrid grid{0.004, 0.004, 20000};
  FlexibleOptions options{.base_harmonics = 2, .threads = 1};
  const auto power = multiband_flexible(bands, grid, options);
  options.threads = 2;
  CHECK(power == multiband_flexible(bands, grid, options));
  Budget budget;
  Job job(budget, multiband_flexible_task(budget, bands, grid, options));
  Index slices = 0;
  while (!job.step(0.0)) ++slices;
  CHECK(slices > 10);
  CHECK(power == job.result());
  options.normalization = Normalization::log;
  CHECK(close(multiband_flexible(bands, grid, options)[77], -std::log1p(-power[77]), {.rtol = 1e-14}));
}

TEST_CASE("no own regularisation: the sum of single bands; a hard one: one sinusoid through all bands") {
  const auto a = oracle::sky(60, 50.0, 0.41, 1), b = oracle::sky(80, 50.0, 0.41, 2);
  const std::vector<SeriesView> bands{a.view(), b.view()};
  const FrequencyGrid grid{0.1, 0.01, 300};
  const auto free = multiband_flexible(bands, grid, {.band_regularization = std::nullopt});
  // kUnseen = 1e-13 decides that the shared columns add nothing: what rounding leaves of them is below it.
  CHECK(max_difference(free, lomb_scargle_multiband(bands, grid)) < 1e-10);
  oracle::Sky both = a;
  const auto mean = [](const oracle::Sky& s) {
    double sum = 0, weight = 0;
    for (std::size_t i = 0; i < s.t.size(); ++i) sum += s.y[i] / (s.sigma[i] * s.sigma[i]), weight += 1 / (s.sigma[i] * s.sigma[i]);
    return sum / weight;
  };
  for (std::size_t i = 0; i < a.t.size(); ++i) both.y[i] -= mean(a);
  for (std::size_t i = 0; i < b.t.size(); ++i) both.t.push_back(b.t[i]), both.y.push_back(b.y[i] - mean(b)),
      both.sigma.push_back(b.sigma[i]);
  const auto hard = multiband_flexible(bands, grid, {.band_regularization = 1e9});
  CHECK(max_difference(hard, lomb_scargle(both.view(), grid.values())) < 1e-8);  // the bands' parts keep a billionth
}

TEST_CASE("a refined peak is the top of the exact power, and its error that of the single-band fit") {
  const auto a = oracle::sky(150, 50.0, 0.41, 1, 0.3);
  const SeriesView band[] = {a.view()};
  const FlexibleOptions options{.band_regularization = 1e-9};
  const auto peak = refine_flexible(band, 0.4102, 0.004, options);
  const auto fit = refine_peak(a.view(), 0.4102, 0.004);
  // Golden sections stop where rounding hides the parabola: 1e-8 of the peak's width 0.02.
  CHECK(std::fabs(peak.frequency - fit.frequency) < 1e-8);
  CHECK(close(peak.power, fit.power, {.rtol = 1e-7}));  // the regularisation's part
  // Gauss-Newton curvature there, the full one here: they differ by residual times second derivative, a few parts in sqrt(N).
  CHECK(close(peak.frequency_error, fit.frequency_error, {.rtol = 0.15}));
  for (const double away : {-1e-4, 1e-4}) {
    CHECK(multiband_flexible_exact(band, std::vector<double>{peak.frequency + away}, options)[0] < peak.power);
  }
}

TEST_CASE("values of another program: astropy 8.0.2, LombScargleMultiband, method flexible") {
  // python: t, y, dy of timeseries.md's ten points, bands = i % 2, frequency .05 .1 .2 .37 .5
  const std::vector<double> t0{0, 2.1, 5.9, 8.8, 12.4}, y0{1.2, .8, .5, -.7, 1}, s0{.1, .15, .3, .1, .2};
  const std::vector<double> t1{1.3, 4.7, 7.2, 11.1, 15}, y1{-.3, -1.1, .9, .2, -.4}, s1{.2, .1, .2, .25, .15};
  const SeriesView bands[] = {{t0, y0, s0}, {t1, y1, s1}};
  const double frequency[] = {.05, .1, .2, .37, .5};
  const auto standard = multiband_flexible_exact(bands, frequency);
  const double expected[] = {0.7107132234406178, 0.6778559413394148, 0.8055318206096875, 0.6295168032530244, 0.8899565090691105};
  const double other[] = {0.7260830405565261, 0.9881322052501961, 0.9904144560761015, 0.8868117660887871, 0.9144721455925178};
  const auto two = multiband_flexible_exact(bands, frequency, {.base_harmonics = 2, .band_harmonics = 1, .base_regularization = 0.01,
                                                               .band_regularization = 0.1, .regularize_by_trace = false});
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(close(standard[i], expected[i], {.atol = 1e-9}));  // their solve loses the digits that 1e-6 of regularisation costs
    CHECK(close(two[i], other[i], {.atol = 1e-11}));
  }
}

TEST_CASE("bad input, and input that only looks bad") {
  const std::vector<double> t{1, 2, 3}, y{1, 2, 4}, one{5}, same{7, 7, 7};
  const SeriesView good{t, y, {}}, single{one, one, {}}, flat{t, same, {}};
  const FrequencyGrid grid{0.1, 0.1, 5};
  CHECK_THROWS_AS((void)multiband_flexible({}, grid), InputError);
  const SeriesView pair[] = {good, single};
  CHECK_THROWS_AS((void)multiband_flexible(pair, grid, {.base_harmonics = 0, .band_harmonics = 0}), InputError);
  CHECK_THROWS_AS((void)multiband_flexible(pair, grid, {.base_harmonics = 9}), InputError);
  CHECK_THROWS_AS((void)multiband_flexible(pair, grid, {.band_regularization = -1.0}), InputError);
  CHECK_THROWS_AS((void)multiband_flexible(pair, {0.1, 0.1, kMaxGridCount + 1}), InputError);
  CHECK_THROWS_AS((void)multiband_flexible_exact(pair, std::vector<double>{NAN}), InputError);
  CHECK_THROWS_AS((void)flexible_model(flexible_fit(pair, 0.1), 2, t), InputError);
  const auto power = multiband_flexible(pair, {0.0, 0.1, 5});  // a band of one point, and a grid from 0
  CHECK(power[0] < 1e-6);
  for (const double p : power) CHECK((p >= 0.0 && p <= 1.0));
  CHECK(multiband_flexible(std::span(&flat, 1), grid)[2] == 0.0);
}
