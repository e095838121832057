#include "orrery/period/multiband.hpp"

#include <algorithm>
#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/period/period_oracle.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::period;

TEST_CASE("property: chi2 of the bands add (long-double sums), any normalisation; plain and task agree") {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    CAPTURE(seed);
    const auto a = oracle::sky(40, 50.0, 0.41, seed, 0.3), b = oracle::sky(25, 44.0, 0.41, seed + 100, 0.9);
    const auto c = oracle::sky(70, 50.0, 0.41, seed + 200);
    const std::vector<SeriesView> bands{a.view(), b.view(), c.view()};
    const FrequencyGrid grid{0.05, 0.003, 800};
    LombScargleOptions options{.harmonics = 1 + int(seed % 3), .fit_mean = seed % 4 != 1, .threads = 1};
    const auto power = lomb_scargle_multiband(bands, grid, options);
    double total = 0.0;
    for (const auto& band : bands) total += reference_chi2(band, options);
    for (Index k = 0; k < grid.count; k += 97) {
      double gain = 0.0;
      for (const auto& band : bands) {
        const long double f = (long double)grid.first + (long double)grid.step * k;
        gain += reference_chi2(band, options) * oracle::standard(band, f, options.harmonics, options.fit_mean, true);
      }
      CHECK(std::fabs(power[at(k)] - gain / total) < 1e-9);
      CHECK(std::fabs(power[at(k)] - multiband_fit(bands, grid[k], options).power()) < 1e-9);
    }
    options.normalization = Normalization::psd;
    CHECK(close(lomb_scargle_multiband(bands, grid, options)[5], 0.5 * total * power[5], {.rtol = 1e-14}));
    options.normalization = Normalization::standard;
    Budget budget;
    Job job(budget, lomb_scargle_multiband_task(budget, bands, grid, options));
    while (!job.step(0.0)) {}
    CHECK(power == job.result());
  }
}

TEST_CASE("bands too poor alone find the period together, and know it better") {
  const double truth = 0.41;
  const auto sky = [&](std::uint64_t seed, double mean, double amplitude, double shift) {
    Random random(seed);
    oracle::Sky out;
    for (int i = 0; i < 14; ++i) {
      out.t.push_back(random.uniform(0, 60));
      out.sigma.push_back(0.5);
      out.y.push_back(mean + amplitude * std::sin(6.283185307179586 * truth * out.t.back() + shift) + 0.5 * random.normal());
    }
    return out;
  };
  const std::vector<oracle::Sky> skies{sky(1, 20, 1.2, 0), sky(2, 18, 1.0, 0.4), sky(3, 17, 0.9, 0.6), sky(4, 16.5, 0.8, 0.7),
                                       sky(5, 16.2, 0.8, 0.8)};
  std::vector<SeriesView> bands;
  for (const auto& s : skies) bands.push_back(s.view());
  const FrequencyGrid grid{0.02, 0.003, 1000};
  const auto power = lomb_scargle_multiband(bands, grid);
  const Index best = std::max_element(power.begin(), power.end()) - power.begin();
  CHECK(std::fabs(grid[best] - truth) < 0.01);
  const auto fit = multiband_fit(bands, truth);
  CHECK(fit.bands.size() == 5);
  CHECK(fit.dof == 70 - 5 * 3 - 1);
  for (const auto& band : fit.bands) CHECK(fit.frequency_error < band.frequency_error);
}

TEST_CASE("bad input") {
  CHECK_THROWS_AS((void)lomb_scargle_multiband({}, {0.1, 0.1, 5}), InputError);
  CHECK_THROWS_AS((void)multiband_fit({}, 0.1), InputError);
  const auto poor = oracle::sky(3, 10, 0.3, 1);
  const std::vector<SeriesView> bands{poor.view()};
  CHECK_THROWS_AS((void)lomb_scargle_multiband(bands, {0.1, 0.1, 5}), InputError);
}
