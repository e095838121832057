#include "orrery/period/template_periodogram.hpp"

#include <algorithm>
#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::period;

namespace {

constexpr long double kTurn = 6.283185307179586476925286766559005768L;

struct Star {
  std::vector<std::vector<double>> t, y, sigma;
  std::vector<SeriesView> views() const {
    std::vector<SeriesView> out;
    for (std::size_t b = 0; b < t.size(); ++b) out.push_back({t[b], y[b], sigma[b]});
    return out;
  }
};

/// Curves with a steep side: harmonics fall off as 1 / k with like phases.
std::vector<CurveTemplate> random_templates(int count, int bands, int harmonics, std::uint64_t seed) {
  Random random(seed, 7);
  std::vector<CurveTemplate> out;
  for (int s = 0; s < count; ++s) {
    CurveTemplate shape{.name = "shape " + std::to_string(s)};
    const double skew = random.uniform(0.2, 1.3);
    for (int b = 0; b < bands; ++b) {
      PhaseCurve curve;
      const double ratio = 1.0 / (1.0 + 0.5 * b), lag = random.uniform(-0.2, 0.2);
      for (int k = 1; k <= harmonics; ++k) {
        const double a = ratio * std::exp(-0.5 * skew * (k - 1)) / k;
        curve.cosine.push_back(-a * std::cos(lag * k) + 0.02 * random.normal());
        curve.sine.push_back(-a * std::sin(lag * k + 0.5) + 0.02 * random.normal());
      }
      shape.bands.push_back(curve);
    }
    out.push_back(shape);
  }
  return out;
}

Star star_of(const CurveTemplate& shape, int n, double span, double frequency, double amplitude, double noise, std::uint64_t seed) {
  Random random(seed, 3);
  Star star;
  for (std::size_t b = 0; b < shape.bands.size(); ++b) {
    star.t.emplace_back();
    star.y.emplace_back();
    star.sigma.emplace_back();
    for (int i = 0; i < n + int(b) * 5; ++i) {
      const double t = 1000.0 + random.uniform(0.0, span);
      star.t[b].push_back(t);
      star.sigma[b].push_back(noise * random.uniform(0.6, 1.4));
      star.y[b].push_back(17.0 - double(b) + amplitude * shape.bands[b].value(frequency * t + 0.3) +
                          star.sigma[b].back() * random.normal());
    }
  }
  return star;
}

/// Fall of chi2 over chi2_0 at one frequency and phase by least squares in long double, by residuals, not by sums of squares.
long double gain_at(const Star& star, const CurveTemplate& shape, long double f, long double phase, bool shared, int harmonics) {
  long double total = 0, top = 0, bottom = 0, free = 0;
  for (std::size_t b = 0; b < star.t.size(); ++b) {
    std::vector<long double> model(star.t[b].size());
    long double w_sum = 0, y_mean = 0, m_mean = 0;
    for (std::size_t i = 0; i < model.size(); ++i) {
      const long double u = f * ((long double)star.t[b][i] - 1000.0L) + phase;
      for (int k = 1; k <= std::min(harmonics, int(shape.bands[b].harmonics())); ++k) {
        model[i] += shape.bands[b].cosine[std::size_t(k - 1)] * std::cos(kTurn * k * u) +
                    shape.bands[b].sine[std::size_t(k - 1)] * std::sin(kTurn * k * u);
      }
      const long double w = 1.0L / ((long double)star.sigma[b][i] * star.sigma[b][i]);
      w_sum += w;
      y_mean += w * star.y[b][i];
      m_mean += w * model[i];
    }
    y_mean /= w_sum;
    m_mean /= w_sum;
    long double ym = 0, mm = 0;
    for (std::size_t i = 0; i < model.size(); ++i) {
      const long double w = 1.0L / ((long double)star.sigma[b][i] * star.sigma[b][i]);
      total += w * (star.y[b][i] - y_mean) * (star.y[b][i] - y_mean);
      ym += w * (star.y[b][i] - y_mean) * (model[i] - m_mean);
      mm += w * (model[i] - m_mean) * (model[i] - m_mean);
    }
    top += ym;
    bottom += mm;
    if (ym > 0) free += ym * ym / mm;
  }
  return shared ? (top > 0 ? top * top / bottom / total : 0.0L) : free / total;
}

/// Over all templates and 96 phases, then golden sections between the neighbours of the best of each template.
long double brute_power(const Star& star, const std::vector<CurveTemplate>& templates, long double f, bool shared, int harmonics) {
  long double best = 0;
  for (const auto& shape : templates) {
    constexpr int kPhases = 96;
    std::vector<long double> g(kPhases);
    for (int i = 0; i < kPhases; ++i) g[std::size_t(i)] = gain_at(star, shape, f, (long double)i / kPhases, shared, harmonics);
    const int top = int(std::max_element(g.begin(), g.end()) - g.begin());
    long double low = (top - 1.0L) / kPhases, high = (top + 1.0L) / kPhases;
    for (int i = 0; i < 24; ++i) {
      const long double a = low + 0.381966L * (high - low), b = high - 0.381966L * (high - low);
      const bool left = gain_at(star, shape, f, a, shared, harmonics) > gain_at(star, shape, f, b, shared, harmonics);
      (left ? high : low) = left ? b : a;
    }
    best = std::max(best, gain_at(star, shape, f, 0.5L * (low + high), shared, harmonics));
  }
  return best;
}

}  // namespace

TEST_CASE("property: the power is the best of all templates, phases, amplitudes >= 0 and offsets (brute force in long double)") {
  int worse = 0, tried = 0;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    CAPTURE(seed);
    const int bands = 1 + int(seed % 3), harmonics = 1 + int(seed % 6);
    const bool shared = seed % 2 == 0;
    const auto templates = random_templates(3, bands, harmonics + 1, seed);
    const auto star = star_of(templates[1], 12 + int(seed), 30.0, 1.7, 0.8, 0.1, seed);
    const FrequencyGrid grid{1.55, 0.0075, 41};  // the 20th is the true one
    const TemplateOptions options{.amplitudes = shared ? TemplateAmplitudes::shared : TemplateAmplitudes::free, .harmonics = harmonics};
    const auto found = template_periodogram(star.views(), templates, grid, options);
    for (Index k = 0; k < grid.count; k += 8) {
      const double brute = double(brute_power(star, templates, (long double)grid[k], shared, harmonics));
      // Two maxima of nearly equal height can be mistaken before they are refined; then what is lost is small.
      CHECK(found.power[at(k)] <= brute + 1e-9);
      CHECK(found.power[at(k)] > brute - 0.01);
      worse += found.power[at(k)] < brute - 1e-8;
      ++tried;
    }
  }
  CHECK(tried == 72);
  CHECK(worse <= 2);
}

TEST_CASE("fits take all harmonics: equal to brute force; model, chi2 and power agree") {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    CAPTURE(seed);
    const int bands = 1 + int(seed % 2);
    const bool shared = seed % 4 < 2;
    const auto amplitudes = shared ? TemplateAmplitudes::shared : TemplateAmplitudes::free;
    const auto templates = random_templates(2, bands, 9, seed + 50);
    const auto star = star_of(templates[0], 25, 40.0, 1.3, 0.5, 0.1, seed);
    const auto views = star.views();
    for (const double f : {1.3, 1.31, 2.077}) {
      const auto fit = template_fit(views, templates, f, amplitudes);
      CHECK(close(fit.power(), double(brute_power(star, templates, f, shared, 9)), {.atol = 1e-9}));
      double chi2 = 0.0;
      for (std::size_t b = 0; b < views.size(); ++b) {
        const auto& curve = templates[at(fit.template_index)].bands[b];
        for (std::size_t i = 0; i < star.t[b].size(); ++i) {
          const double r = (star.y[b][i] - fit.offset[b] - fit.amplitude[b] * curve.value(fit.phase(star.t[b][i]))) / star.sigma[b][i];
          chi2 += r * r;
        }
      }
      CHECK(close(chi2, fit.chi2, {.rtol = 1e-8}));
      CHECK(fit.n == (bands == 1 ? 25 : 55));
      CHECK(fit.dof == fit.n - 2 - bands - (shared ? 1 : bands));
    }
  }
}

TEST_CASE("transform and direct sums are one: many points against few frequencies at a time") {
  const auto templates = random_templates(4, 2, 6, 3);
  const auto star = star_of(templates[2], 1500, 300.0, 1.7, 0.4, 0.2, 1);
  const FrequencyGrid grid{1.6, 1e-4, 5000};  // three pieces, by the transform
  const auto found = template_periodogram(star.views(), templates, grid, {.harmonics = 6});
  int equal = 0;
  for (Index k = 0; k < grid.count; k += 101) {
    const auto fit = template_fit(star.views(), templates, grid[k]);  // direct sums
    // Templates and phases of nearly equal merit can be mistaken before they are refined; never is more found than there is.
    CHECK(found.power[at(k)] < fit.power() + 1e-9);
    CHECK(found.power[at(k)] > fit.power() - 2e-3);
    equal += found.power[at(k)] > fit.power() - 1e-9;
  }
  CHECK(equal >= 40);  // of 50
  const Index best = std::max_element(found.power.begin(), found.power.end()) - found.power.begin();
  CHECK(std::fabs(grid[best] - 1.7) < 2e-4);
  CHECK(found.template_index[at(best)] == 2);
}

TEST_CASE("plain, task and any number of threads give the same bits") {
  const auto templates = random_templates(3, 2, 5, 9);
  const auto star = star_of(templates[0], 40, 60.0, 1.7, 0.4, 0.2, 2);
  const FrequencyGrid grid{0.9, 5e-4, 5001};
  const auto one = template_periodogram(star.views(), templates, grid, {.harmonics = 5, .threads = 1});
  const auto two = template_periodogram(star.views(), templates, grid, {.harmonics = 5, .threads = 2});
  CHECK(one.power == two.power);
  CHECK(one.template_index == two.template_index);
  Budget budget;
  Job job(budget, template_periodogram_task(budget, star.views(), templates, grid, {.harmonics = 5}));
  int steps = 1;
  while (!job.step(0.0)) ++steps;
  CHECK(steps > 20);
  CHECK(job.result().power == one.power);
}

TEST_CASE("property: refined, the injected period, amplitude and template come back within their errors") {
  // 20 stars, 2 numbers each: 5 sigma has a false-alarm rate of 2e-5 for Gaussian errors; the small-sample scale makes it 1e-3.
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const auto templates = random_templates(3, 2, 8, 100 + seed);
    const auto star = star_of(templates[1], 60, 90.0, 1.7, 0.8, 0.05, seed);
    const auto fit = refine_template(star.views(), templates, 1.7 + 0.001, 0.003);
    CHECK(fit.template_index == 1);
    CHECK(fit.frequency_error > 0.0);
    CHECK(fit.frequency_error < 5e-4);
    CHECK(std::fabs(fit.frequency - 1.7) < 5.0 * fit.frequency_error);
    // Amplitude: sigma sqrt(2 / N) over the curve's rms, about 0.02.
    CHECK(std::fabs(fit.amplitude[0] - 0.8) < 0.1);
    CHECK(fit.amplitude[0] == fit.amplitude[1]);
    CHECK(fit.period_error() == doctest::Approx(fit.frequency_error / (fit.frequency * fit.frequency)));
  }
}

TEST_CASE("an upside-down star is not explained; a template speaks only within its periods; an empty band is left out") {
  auto templates = random_templates(1, 2, 6, 12);
  auto star = star_of(templates[0], 60, 90.0, 1.7, 0.8, 0.02, 4);
  const double right = template_fit(star.views(), templates, 1.7).power();
  CHECK(right > 0.99);
  for (auto& band : star.y) {
    for (double& y : band) y = 34.0 - y;
  }
  CHECK(template_fit(star.views(), templates, 1.7).power() < 0.97);
  templates[0].min_period = 0.2;
  templates[0].max_period = 0.5;
  const auto outside = template_fit(star.views(), templates, 1.7);
  CHECK(outside.template_index == -1);
  CHECK(outside.power() == 0.0);
  const auto power = template_periodogram(star.views(), templates, {1.5, 0.1, 10});
  CHECK(power.power[2] == 0.0);
  CHECK(power.template_index[2] == -1);
  CHECK(power.power[8] > 0.0);
  star.t[1].clear(), star.y[1].clear(), star.sigma[1].clear();
  const auto alone = template_fit(star.views(), templates, 2.5);
  CHECK(alone.n == 60);
  CHECK(alone.dof == 60 - 4);
}

TEST_CASE("bad input: one clear refusal before any work") {
  const auto templates = random_templates(1, 1, 4, 1);
  const std::vector<double> t{0, 0.3, 0.7, 1.1, 1.9}, y{1, 2, 1, 3, 2};
  const std::vector<SeriesView> bands{{t, y, {}}};
  const FrequencyGrid grid{0.5, 0.1, 10};
  CHECK(template_periodogram(bands, templates, grid).power.size() == 10);
  CHECK_THROWS_AS((void)template_periodogram({}, templates, grid), InputError);
  CHECK_THROWS_AS((void)template_periodogram(bands, {}, grid), InputError);
  CHECK_THROWS_AS((void)template_periodogram(bands, random_templates(1, 2, 4, 1), grid), InputError);
  CHECK_THROWS_AS((void)template_periodogram(bands, templates, {0.0, 0.1, 10}), InputError);
  CHECK_THROWS_AS((void)template_periodogram(bands, templates, {0.5, 0.1, 4'000'000'000}), InputError);
  CHECK_THROWS_AS((void)template_periodogram(bands, templates, grid, {.harmonics = 17}), InputError);
  const std::vector<SeriesView> three{{std::span(t).first(3), std::span(y).first(3), {}}};
  CHECK_THROWS_AS((void)template_periodogram(three, templates, grid), InputError);
  CHECK_THROWS_AS((void)template_fit(bands, templates, -1.0), InputError);
  CHECK_THROWS_AS((void)refine_template(bands, templates, 1.0, 0.0), InputError);
  const std::vector<double> flat(5, 2.0), zero(5, 0.0);
  const std::vector<SeriesView> constant{{t, flat, {}}}, bad{{t, y, zero}};
  for (const double p : template_periodogram(constant, templates, grid).power) CHECK(p == 0.0);
  CHECK_THROWS_AS((void)template_periodogram(bad, templates, grid), InputError);
  const std::vector<double> same(5, 3.0);
  const std::vector<SeriesView> at_once{{same, y, {}}};
  for (const double p : template_periodogram(at_once, templates, grid).power) CHECK(p == 0.0);
}
