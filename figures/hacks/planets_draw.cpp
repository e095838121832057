// What the figure of peeled planets draws and says.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "common.hpp"
#include "planets.hpp"

namespace orrery::figures::hacks {
namespace {

constexpr double kPpm = 1e6;
constexpr double kGap = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<const char*, 4> kLetters{"b", "c", "d", "e"};

/// Limits with 3 digits of their span, so that they do not differ between machines by rounding.
void show_rounded(live::AxisFrame& axis, live::Extent e) {
  const double unit = std::pow(10.0, std::floor(std::log10(e.high - e.low)) - 2.0);
  axis.low = std::floor(e.low / unit) * unit;
  axis.high = std::ceil(e.high / unit) * unit;
}

std::vector<double> in_ppm(const std::vector<double>& flux) {
  std::vector<double> out;
  for (const double y : flux) out.push_back(kPpm * (y - 1.0));
  return out;
}

/// Flux of the template of a planet as an exposure sees it, `apart` days from mid-transit [ppm].
double template_ppm(const transit::TransitTemplate& shape, const transit::PlanetCandidate& p, double apart) {
  constexpr int kSamples = 15;
  double sum = 0.0;
  for (int k = 0; k < kSamples; ++k) sum += shape.value((apart + p.exposure * ((k + 0.5) / kSamples - 0.5)) / p.duration);
  return -kPpm * p.depth.value * sum / kSamples;
}

void draw_series(live::FrameContext& c, const PlanetScene& s, const transit::TransitTemplate& shape) {
  auto& panel = c.frame().panel("series");
  const auto& shown = s.layers.back()->series;
  std::vector<double> left_t, left_y;
  for (std::size_t i = 0, k = 0; i < s.star.series.t.size(); ++i) {  // both in the order of time
    if (k < shown.t.size() && shown.t[k] == s.star.series.t[i]) {
      ++k;
      continue;
    }
    left_t.push_back(s.star.series.t[i]);
    left_y.push_back(kPpm * (s.star.series.y[i] - 1.0));
  }
  set_line(panel.mark("left"), left_t, left_y);
  set_line(panel.mark("obs"), shown.t, in_ppm(shown.y));
  std::vector<double> line_x, line_y, mark_x;
  std::vector<std::string> mark_names;
  const auto& layer = *s.layers.back();
  for (std::size_t k = 0; k < s.layers.size(); ++k) {
    if (!s.layers[k]->has_planet) continue;
    const auto& p = s.layers[k]->planet;
    for (const auto& one : p.transits) {
      mark_x.push_back(one.time);
      mark_names.push_back(kLetters[k]);
      if (s.layers[k] != &layer) continue;
      for (double u = -0.6; u <= 0.6; u += 0.02) {
        line_x.push_back(one.time + u * p.duration);
        line_y.push_back(template_ppm(shape, p, u * p.duration));
      }
      line_x.push_back(one.time + p.duration);
      line_y.push_back(kGap);
    }
  }
  set_line(panel.mark("model"), line_x, line_y);
  set_rule_x(panel.mark("transits"), mark_x, mark_names);
  show_rounded(panel.x, live::extent(s.star.series.t, 0.015));
  // From the deepest dip to a little above the noise: flares do not set the scale.
  const auto all = in_ppm(s.star.series.y);
  std::vector<double> sorted = all;
  std::sort(sorted.begin(), sorted.end());
  const double low = sorted[sorted.size() / 2000], high = sorted[sorted.size() - 1 - sorted.size() / 200];
  const std::vector<double> ends{low, high};
  show_rounded(panel.y, live::extent(ends, 0.15));
  panel.alt = plural(ssize(s.star.series.t), "measurement") + ", of which " + std::to_string(shown.t.size()) + " are searched; transits are marked.";
}

void draw_spectrum(live::FrameContext& c, const PlanetScene& s, const char* id, const transit::TransitPeriodogram& found, double top) {
  auto& panel = c.frame().panel(id);
  set_line(panel.mark("power"), found.period, found.power);
  set_rule_y(panel.mark("level"), {7.0}, {"1 %"});
  std::vector<double> gone;
  std::vector<std::string> names;
  for (std::size_t k = 0; k + 1 < s.layers.size(); ++k) {
    if (!s.layers[k]->has_planet) continue;
    gone.push_back(s.layers[k]->planet.period.value);
    names.push_back(kLetters[k]);
  }
  set_rule_x(panel.mark("gone"), gone, names);
  const Index best = found.best();
  auto& peak = panel.mark("peak");
  peak.hidden = best < 0;
  if (best >= 0) set_point(peak, found.period[at(best)], found.power[at(best)]);
  if (best < 0) set_line(peak, {}, {});
  panel.x = {found.period.front(), found.period.back()};
  panel.y.low = -2.0;
  panel.y.high = std::ceil(1.12 * top);
  panel.alt = std::string("Spectrum of ") + (id == std::string("tls") ? "transit" : "box") + " least squares; its peak is " +
              (best < 0 ? "nowhere" : "at " + number_text(found.period[at(best)], 5) + " days, " + number_text(found.power[at(best)], 3) + " standard deviations high") + ".";
}

/// Means of the fold in a fifth of the duration each.
void draw_means(live::MarkFrame& mark, const std::vector<double>& hours, const std::vector<double>& flux, double duration_hours) {
  constexpr int kBins = 15;
  std::array<double, kBins> sum{}, count{};
  for (std::size_t i = 0; i < hours.size(); ++i) {
    const double bin = std::floor((hours[i] / duration_hours + 1.5) * 5.0);
    if (bin < 0.0 || bin >= kBins) continue;
    sum[static_cast<std::size_t>(bin)] += flux[i];
    count[static_cast<std::size_t>(bin)] += 1.0;
  }
  std::vector<double> x, y;
  for (std::size_t b = 0; b < kBins; ++b) {
    if (count[b] < 2.0) continue;
    x.push_back(((static_cast<double>(b) + 0.5) / 5.0 - 1.5) * duration_hours);
    y.push_back(sum[b] / count[b]);
  }
  set_line(mark, x, y);
}

void draw_fold(live::FrameContext& c, const PlanetScene& s, const transit::TransitTemplate& shape) {
  auto& panel = c.frame().panel("fold");
  const auto& layer = *s.layers.back();
  std::vector<double> hours, flux;
  for (const char* id : {"obs", "means", "model", "box"}) set_line(panel.mark(id), {}, {});
  panel.x = {-12.0, 12.0};
  panel.y = {-1000.0, 500.0};
  panel.alt = "No dip is left to fold.";
  if (!layer.has_planet) return;
  const auto& p = layer.planet;
  const double reach = 1.5 * p.duration;
  for (std::size_t i = 0; i < layer.series.t.size(); ++i) {
    const double apart = std::remainder(layer.series.t[i] - p.transit_time.value, p.period.value);
    if (std::fabs(apart) > reach) continue;
    hours.push_back(24.0 * apart);
    flux.push_back(kPpm * (layer.series.y[i] - 1.0));
  }
  set_line(panel.mark("obs"), hours, flux);
  draw_means(panel.mark("means"), hours, flux, 24.0 * p.duration);
  set_curve(panel.mark("model"), spaced(-24.0 * reach, 24.0 * reach, 301), [&](double h) { return template_ppm(shape, p, h / 24.0); });
  const auto& bls = layer.bls;
  const Index best = bls.best();
  if (best >= 0 && std::fabs(bls.period[at(best)] / p.period.value - 1.0) < 0.01) {
    // The two periods differ a little: where the box lies in the middle of the span.
    const double half_span = 0.5 * (layer.series.t.back() - layer.series.t.front());
    const double later = std::round(half_span / p.period.value) * (bls.period[at(best)] - p.period.value);
    const double middle = 24.0 * std::remainder(bls.transit_time[at(best)] - p.transit_time.value + later, p.period.value);
    const double half = 12.0 * bls.duration[at(best)], depth = -kPpm * bls.depth[at(best)];
    set_line(panel.mark("box"), {-24.0 * reach, middle - half, middle - half, middle + half, middle + half, 24.0 * reach},
             {0.0, 0.0, depth, depth, 0.0, 0.0});
  }
  show_rounded(panel.x, {-24.0 * reach, 24.0 * reach});
  show_rounded(panel.y, live::extent(flux, 0.08));
  panel.alt = "The measurements around " + plural(ssize(p.transits), "transit") + " of " + number_text(p.period.value, 5) + " days, folded, with the limb-darkened template.";
}

std::string percent_text(double alarm) {
  if (alarm <= 8e-5) return "below 10⁻⁴";
  return alarm >= 0.1 ? "above 0.1" : number_text(alarm, 2);
}

void warn_of(live::Frame& frame, const PlanetScene& s) {
  const auto& layer = *s.layers.back();
  for (const auto& note : s.star.notes) frame.warn(note);
  if (layer.has_planet && !layer.accepted) {
    frame.warn("Nothing is left that stands out: an SDE below 7 is what noise alone reaches, so the period shown means nothing.");
  } else if (layer.has_planet) {
    const auto text = transit::verdict_text(layer.planet);
    if (!text.empty()) frame.warn("Of the period: " + text + ".");
    if (layer.planet.odd_even_mismatch > 3.0) {
      frame.warn("Odd and even transits differ by " + number_text(layer.planet.odd_even_mismatch, 2) + " standard errors: two stars, or twice this period.");
    }
  }
  if (!s.coarse && layer.oversampling < 3.0) {
    frame.warn("The series is long: only every " + number_text(3.0 / layer.oversampling, 2) + "th trial period is looked at here; the shell and Python take all.");
  }
  if (s.coarse) frame.warn("Coarse: every third trial period; the rest follows.");
}

}  // namespace

void draw_planets(live::FrameContext& c, const PlanetScene& scene) {
  const auto shape = transit::transit_template();
  const auto& layer = *scene.layers.back();
  draw_series(c, scene, shape);
  const double top = std::max({8.0, layer.tls.sde, layer.bls.sde});
  draw_spectrum(c, scene, "tls", layer.tls, top);
  draw_spectrum(c, scene, "bls", layer.bls, top);
  draw_fold(c, scene, shape);
}

void say_planets(live::FrameContext& c, const PlanetScene& scene) {
  live::Frame& frame = c.frame();
  const auto& layer = *scene.layers.back();
  const auto& p = layer.planet;
  const std::string which = scene.layers.size() == 1 ? "strongest planet" : "after " + plural(ssize(scene.layers) - 1, "planet");
  if (layer.has_planet) {
    frame.number("period", value_text(p.period.value, p.period.error), "day", error_text(p.period.error), layer.accepted ? which : "not a detection");
    frame.number("depth", value_text(kPpm * p.depth.value, kPpm * p.depth.error), "ppm", error_text(kPpm * p.depth.error),
                 number_text(p.radius_ratio, 3) + " of the star's radius");
    frame.number("transits seen", std::to_string(p.seen), "", "", "of " + std::to_string(p.transits.size()) + " in the span");
  } else {
    frame.number("period", "none", "", "", "no dip is left");
  }
  frame.number("SDE of transits", number_text(layer.tls.sde, 3), "", "", "false alarm " + percent_text(transit::transit_false_alarm_probability(layer.tls.sde)));
  frame.number("SDE of boxes", number_text(layer.bls.sde, 3), "", "", "the same periods and noise");
  warn_of(frame, scene);
  if (scene.star.simulated) offer_draw_again(c);
}

}  // namespace orrery::figures::hacks
