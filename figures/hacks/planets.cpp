// What the figure of peeled planets computes.
#include "planets.hpp"

#include <algorithm>
#include <cmath>

#include "orrery/core/random.hpp"
#include "orrery/core/text.hpp"
#include "orrery/stats/robust.hpp"
#include "orrery/stats/running_median.hpp"
#include "orrery/transit/box_least_squares.hpp"

namespace orrery::figures::hacks {
namespace {

constexpr double kSpan = 80.0;                 // day
constexpr double kCadence = 29.4 / 1440.0;     // day, K2 long cadence
constexpr Index kFewest = 50;                  // measurements that are searched
constexpr double kMostWork = 1.5e8;            // measurements times periods
constexpr double kThreshold = 7.0;             // SDE and SNR

double span_of(const data::Series& series) { return series.t.empty() ? 0.0 : series.t.back() - series.t.front(); }

std::vector<double> trial_periods(const data::Series& series, double min_period, double oversampling) {
  const double span = span_of(series);
  // At least a factor two of periods, whatever the slider says. Rounded, so that the coarse grid is a part of the fine one to the last
  // bit, on every machine.
  auto periods = transit::transit_period_grid(span, {.min_period = std::min(min_period, 0.25 * span), .max_period = 0.5 * span,
                                             .oversampling = oversampling});
  for (double& p : periods) p = head_number(p);
  return periods;
}

/// Box least squares over the same periods, its gain in chi2 made into the same spectrum.
Task<transit::TransitPeriodogram> box_spectrum(Budget& budget, const data::Series& series, std::vector<double> period,
                                               double oversampling) {
  const std::vector<double> durations{0.07, 0.1, 0.14, 0.2, 0.28};
  std::vector<double> fitting;
  for (const double d : durations) {
    if (d < 0.5 * period.front()) fitting.push_back(d);
  }
  if (fitting.empty()) fitting.push_back(0.1 * period.front());
  const auto found = co_await transit::box_least_squares_task(budget, series.view(), period, fitting, {.oversample = 6, .threads = 1});
  transit::TransitPeriodogram out{.period = std::move(period)};
  double weight = 0.0, mean = 0.0;
  for (std::size_t i = 0; i < series.y.size(); ++i) {
    const double w = 1.0 / (series.sigma[i] * series.sigma[i]);
    weight += w;
    mean += w * series.y[i];
  }
  for (std::size_t i = 0; i < series.y.size(); ++i) out.chi2_flat += std::pow((series.y[i] - mean / weight) / series.sigma[i], 2.0);
  for (const double l : found.log_likelihood) out.chi2.push_back(std::max(1.0, out.chi2_flat - 2.0 * l));
  out.depth = found.depth;
  out.duration = found.duration;
  out.transit_time = found.transit_time;
  transit::transit_spectra(out, oversampling);
  co_return out;
}

}  // namespace

std::vector<transit::TransitOrbit> simulated_planets(double size) {
  const double exposure = kCadence;
  return {{.period = 10.0546, .transit_time = 3.17, .radius_ratio = 0.0348 * size, .scaled_axis = 29.0, .impact = 0.3,
           .exposure = exposure},
          {.period = 24.6465, .transit_time = 2.03, .radius_ratio = 0.0262 * size, .scaled_axis = 53.0, .impact = 0.35,
           .exposure = exposure},
          {.period = 44.5565, .transit_time = 15.97, .radius_ratio = 0.0239 * size, .scaled_axis = 78.0, .impact = 0.4,
           .exposure = exposure}};
}

Star simulated_star(double noise, double size, std::uint64_t seed) {
  Star star{.simulated = true};
  auto& s = star.series;
  s.name = "simulated star like K2-3";
  s.quantity = data::Quantity::flux;
  Random random(seed, 23);
  for (double t = 0.0; t < kSpan; t += kCadence) {
    // The telescope turned for four hours in the middle, and looked away half a day around day 38.2, where the half period of the
    // outer planet would show.
    if (std::fabs(t - 38.25) < 0.35 || std::fabs(t - 52.0) < 0.1) continue;
    s.t.push_back(t);
    s.y.push_back(1e-6 * noise * random.normal());
    s.sigma.push_back(1e-6 * noise);
  }
  std::vector<double> flux(s.t.size(), 1.0);
  for (const auto& planet : simulated_planets(size)) {
    const auto curve = transit::transit_light_curve(s.t, planet);
    for (std::size_t i = 0; i < flux.size(); ++i) flux[i] *= curve[i];
  }
  for (std::size_t i = 0; i < flux.size(); ++i) s.y[i] += flux[i];
  return star;
}

Star star_of(const data::Series& series, double window) {
  Star star{.series = series};
  auto& s = star.series;
  if (series.bands() > 1) return star.trouble = "A light curve in one band is needed: this one has " + std::to_string(series.bands()) + ".", star;
  if (s.size() < kFewest) return star.trouble = plural(s.size(), "measurement") + " are too few: at least " + std::to_string(kFewest) + " are needed.", star;
  if (!(span_of(s) > 0.0)) return star.trouble = "All measurements are at the same time: there is no period to look for.", star;
  const auto trend = stats::running_median(s.t, s.y, window);
  const bool magnitudes = s.quantity == data::Quantity::magnitude;
  if (!magnitudes && !(*std::min_element(trend.begin(), trend.end()) > 0.0)) {
    return star.trouble = "The flux has no level above zero, so a depth relative to it means nothing.", star;
  }
  for (std::size_t i = 0; i < trend.size(); ++i) {
    s.y[i] = magnitudes ? std::pow(10.0, -0.4 * (s.y[i] - trend[i])) : s.y[i] / trend[i];
    if (!s.sigma.empty()) s.sigma[i] = magnitudes ? 0.921 * s.y[i] * s.sigma[i] : s.sigma[i] / trend[i];
  }
  if (s.sigma.empty()) {
    const double scatter = stats::kMadToSigma * stats::median_absolute_deviation(s.y);
    if (!(scatter > 0.0)) return star.trouble = "More than half of the values are equal: there is no scatter to judge a dip by.", star;
    s.sigma.assign(s.y.size(), scatter);
    star.notes.push_back("The file has no errors; each point has that of the scatter, " + number_text(1e6 * scatter, 2) + " ppm.");
  }
  return star;
}

double affordable_oversampling(const data::Series& series, double min_period, double wanted) {
  const double span = span_of(series);
  // of a star like the Sun, oversampling 1
  const double count = 39.7 * span * (std::cbrt(1.0 / std::min(min_period, 0.25 * span)) - std::cbrt(2.0 / span));
  const double most = kMostWork / static_cast<double>(series.size() + 1000) / std::max(1.0, count);
  return std::clamp(most, 0.05, wanted);
}

Task<Layer> search_layer(Budget& budget, data::Series series, double min_period, double oversampling) {
  Layer layer{.series = std::move(series), .oversampling = oversampling};
  const auto period = trial_periods(layer.series, min_period, oversampling);
  layer.tls = co_await transit::transit_least_squares_task(budget, layer.series.view(), period,
                                                             {.oversampling = oversampling, .threads = 1});
  layer.bls = co_await box_spectrum(budget, layer.series, period, oversampling);
  const Index best = layer.tls.best();
  if (best < 0 || !(layer.tls.depth[at(best)] > 0.0)) co_return layer;
  co_await budget.pause();
  layer.has_planet = true;
  layer.planet = transit::planet_candidate(layer.series.view(), layer.tls.period[at(best)], layer.tls.duration[at(best)],
                                           layer.tls.transit_time[at(best)]);
  layer.accepted = layer.tls.sde >= kThreshold && layer.planet.snr >= kThreshold;
  co_return layer;
}

data::Series without(const data::Series& series, const transit::PlanetCandidate& planet) {
  auto keep = transit::candidate_mask(series.t, planet, 1.5);
  for (auto& k : keep) k = k == 0 ? 1 : 0;
  return data::select_rows(series, keep);
}

}  // namespace orrery::figures::hacks
