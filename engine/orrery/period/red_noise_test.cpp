#include "orrery/period/red_noise.hpp"

#include <algorithm>
#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "orrery/period/lomb_scargle.hpp"
#include "orrery/period/multiband.hpp"
#include "orrery/period/period_oracle.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::period;

namespace {

const FrequencyGrid kGrid{0.0025, 0.0025, 400};  // fmax T = 200 for T = 200 days

/// A damped random walk, errors of a tenth of it, and perhaps a sinusoid.
oracle::Sky red_sky(Index n, std::uint64_t seed, double amplitude = 0.0, double frequency = 0.3, double tau = 10.0) {
  Random random(seed, 5);
  oracle::Sky sky;
  for (Index i = 0; i < n; ++i) sky.t.push_back(random.uniform(0, 200));
  sky.y = gp::damped_random_walk_sample({1.0, tau}, sky.t, seed, 0);
  for (Index i = 0; i < n; ++i) {
    sky.sigma.push_back(random.uniform(0.05, 0.15));
    sky.y[at(i)] += 20.0 + sky.sigma.back() * random.normal() + amplitude * std::sin(6.283185307179586 * frequency * sky.t[at(i)]);
  }
  return sky;
}

struct Highest {
  double power = 0.0, frequency = 0.0;
  Highest(const std::vector<double>& p, const RedNoiseNull& null, bool relative) {
    double best = -1.0;
    for (std::size_t k = 0; k < p.size(); ++k) {
      const double score = relative ? -std::log1p(-p[k]) / null.expected[k] : p[k];
      if (score > best) best = score, power = p[k], frequency = kGrid[Index(k)];
    }
  }
};

}  // namespace

TEST_CASE("calibration: on red noise the white law alarms nearly always, the red one as often as it says") {
  // 200 skies at 10 %: 20 +- 4.2. The fit's freedom is not in the null, so the count may be somewhat higher: at most 20 + 4.5 sigma
  // (1e-5 by chance) and not below 20 - 4 sigma. Negative control: Baluev on the same skies.
  const int skies = kSanitized ? 30 : 200;
  int anywhere = 0, relative = 0, white = 0;
  for (int i = 0; i < skies; ++i) {
    const auto sky = red_sky(60, 100 + std::uint64_t(i));
    const LombScargleOptions options{.threads = 1};
    const auto power = lomb_scargle(sky.view(), kGrid.values(), options);
    const auto null = red_noise_null(sky.view(), kGrid, {.periodogram = options, .walk = {.fit_jitter = true, .starts = 3}, .resamples = 99,
                                                         .reference = 60, .seed = std::uint64_t(i)});
    const Highest high(power, null, false), standing(power, null, true);
    anywhere += red_noise_probability(null, high.power).probability <= 0.1;
    relative += red_noise_probability(null, standing.power, standing.frequency).probability <= 0.1;
    white += false_alarm_probability(high.power, sky.view(), kGrid).probability <= 0.1;
  }
  MESSAGE("alarms at 10 % of ", skies, " red skies: white law ", white, ", red anywhere ", anywhere, ", red by frequency ", relative);
  CHECK(white > 0.7 * skies);
  const double sigma = std::sqrt(0.09 * skies);
  for (const int alarms : {anywhere, relative}) {
    CHECK(alarms <= 0.1 * skies + 4.5 * sigma);
    CHECK(alarms >= 0.1 * skies - 4.0 * sigma);
  }
}

TEST_CASE("a signal that stands out of red noise is found by frequency where its height alone says nothing") {
  int found = 0;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const auto sky = red_sky(150, seed, 0.8, 0.3, 40.0);
    const auto null = red_noise_null(sky.view(), kGrid, {.resamples = 300, .seed = seed});
    const auto power = lomb_scargle(sky.view(), kGrid.values());
    const Highest standing(power, null, true);
    found += std::fabs(standing.frequency - 0.3) < 0.005 &&
             red_noise_probability(null, standing.power, standing.frequency).probability < 0.01;
  }
  const auto null = red_noise_null(red_sky(150, 0, 0.0, 0.3, 40.0).view(), kGrid, {.resamples = 20});
  CHECK(null.expected[2] > 3.0 * null.expected.back());  // the noise is red
  CHECK(found >= 4);
}

TEST_CASE("white noise has a flat expectation and the white law's probability") {
  Random random(4);
  oracle::Sky sky;
  for (int i = 0; i < 80; ++i) {
    sky.t.push_back(random.uniform(0, 200));
    sky.sigma.push_back(random.uniform(0.5, 1.5));
    sky.y.push_back(sky.sigma.back() * random.normal());
  }
  const auto null = red_noise_null(sky.view(), kGrid, {.resamples = 1000});
  const auto [low, high] = std::minmax_element(null.expected.begin(), null.expected.end());
  CHECK(*high < 1.8 * *low);  // 200 references: 7 % each, 400 frequencies
  const double level = false_alarm_level(0.05, sky.view(), kGrid);
  const auto found = red_noise_probability(null, level);
  MESSAGE("at Baluev's 5 %: ", found.probability, " +- ", found.error);
  CHECK(found.probability < 0.05 + 5.0 * found.error);
  CHECK(found.probability > 0.015);
}

TEST_CASE("simulations are those of the walk; threads, slices and bands change nothing; levels are inverse") {
  const auto a = red_sky(50, 1), b = red_sky(30, 2);
  const RedNoiseOptions options{.periodogram = {.harmonics = 2, .threads = 1}, .resamples = 40, .reference = 20, .seed = 9};
  for (const auto& views : {std::vector{a.view()}, std::vector{a.view(), b.view()}}) {
    const auto null = red_noise_null(views, kGrid, options);
    auto more = options;
    more.periodogram.threads = 2;
    const auto threaded = red_noise_null(views, kGrid, more);
    CHECK(null.maxima == threaded.maxima);
    CHECK(null.relative_maxima == threaded.relative_maxima);
    CHECK(null.expected == threaded.expected);
    Budget budget;
    Job job(budget, red_noise_null_task(budget, views, kGrid, options));
    while (!job.step(0.0)) {}
    CHECK(null.relative_maxima == job.result().relative_maxima);
    CHECK(null.walks.back().walk.tau == null.walks.front().walk.tau);
    for (const std::optional<double> f : {std::optional<double>{}, std::optional<double>{0.5}}) {
      const double level = red_noise_level(null, 0.2, f);
      CHECK(close(red_noise_probability(null, level * (1 - 1e-12), f).probability, 0.2, {.atol = 1.5 / 41}));
    }
    // Oracle: the same draws through the direct periodogram.
    std::vector<double> all_t, maxima;
    for (const auto& v : views) all_t.insert(all_t.end(), v.t.begin(), v.t.end());
    for (std::uint64_t r = 20; r < 60; ++r) {
      std::vector<std::vector<double>> y(views.size());
      std::vector<SeriesView> drawn;
      for (std::size_t band = 0; band < views.size(); ++band) {
        const auto& walk = null.walks[band].walk;
        auto unit = gp::damped_random_walk_sample({1.0, walk.tau}, all_t, 9, r);
        Random random(9, (std::uint64_t(1) << 40) + r * views.size() + band);
        for (std::size_t i = 0; i < views[band].t.size(); ++i) {
          y[band].push_back(walk.sigma * unit[band * 50 + i] + std::hypot(views[band].sigma[i], walk.jitter) * random.normal());
        }
        drawn.push_back({views[band].t, y[band], views[band].sigma});
      }
      const auto power = lomb_scargle_multiband(drawn, kGrid, {.harmonics = 2});
      maxima.push_back(-std::log1p(-*std::max_element(power.begin(), power.end())));
    }
    std::sort(maxima.begin(), maxima.end());
    CHECK(max_difference(maxima, null.maxima) < 1e-5);  // sums to 1e-9, amplified by conditions down to 1e-3 at the lowest frequencies
  }
}

TEST_CASE("one dispatcher: false_alarm_probability with method red_noise, in any normalisation") {
  const auto sky = red_sky(60, 3);
  const double chi2_0 = reference_chi2(sky.view());
  const FalseAlarmOptions options{.method = AlarmMethod::red_noise, .resamples = 50, .seed = 2, .frequency = 0.4};
  const double expected = false_alarm_probability(0.3, sky.view(), kGrid, options).probability;
  CHECK(expected < 1.0);
  for (const auto normalization : {Normalization::model, Normalization::log, Normalization::psd}) {
    auto other = options;
    other.periodogram.normalization = normalization;
    CHECK(false_alarm_probability(normalized_power(0.3, normalization, chi2_0), sky.view(), kGrid, other).probability == expected);
  }
}

TEST_CASE("bad input") {
  const auto sky = red_sky(60, 3);
  CHECK_THROWS_AS((void)red_noise_null(sky.view(), kGrid, {.resamples = 0}), InputError);
  CHECK_THROWS_AS((void)red_noise_null(std::vector<SeriesView>{}, kGrid), InputError);
  const auto null = red_noise_null(sky.view(), kGrid, {.resamples = 10, .reference = 10});
  CHECK_THROWS_AS((void)red_noise_probability(null, NAN), InputError);
  CHECK_THROWS_AS((void)red_noise_probability(null, 0.5, 3.0), InputError);
  CHECK_THROWS_AS((void)red_noise_level(null, 0.0), InputError);
}
