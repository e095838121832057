// Transit least squares, transit light curves and the search for planets.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include <string>

#include "orrery/transit/planet_search.hpp"
#include "orrery/transit/transit_grid.hpp"
#include "orrery/transit/transit_least_squares.hpp"
#include "orrery/transit/transit_model.hpp"
#include "support.hpp"

namespace orrery::python {
namespace {

using transit::Measured;

SeriesView view_of(const Column& t, const Column& y, const OptionalColumn& sigma) { return {span(t), span(y), span(sigma)}; }

template <class T>
void take(const nb::dict& from, const char* name, T& to) {
  if (from.contains(name)) to = nb::cast<T>(from[name]);
}

/// Options by name, as python/orrery/_planets.py writes them.
transit::TransitOptions options_of(const nb::dict& given) {
  transit::TransitOptions o;
  take(given, "radius_ratio", o.shape.radius_ratio);
  take(given, "impact", o.shape.impact);
  take(given, "u1", o.shape.limb.u1);
  take(given, "u2", o.shape.limb.u2);
  take(given, "min_radius", o.limits.min_radius);
  take(given, "max_radius", o.limits.max_radius);
  take(given, "min_mass", o.limits.min_mass);
  take(given, "max_mass", o.limits.max_mass);
  take(given, "duration_step", o.duration_step);
  take(given, "level", o.level);
  take(given, "exposure", o.exposure);
  take(given, "smallest_depth", o.smallest_depth);
  take(given, "oversample", o.oversample);
  take(given, "rescore", o.rescore);
  take(given, "oversampling", o.oversampling);
  take(given, "threads", o.threads);
  return o;
}

nb::dict columns_of(transit::TransitPeriodogram&& p) {
  nb::dict out;
  out["period"] = array(std::move(p.period));
  out["chi2"] = array(std::move(p.chi2));
  out["depth"] = array(std::move(p.depth));
  out["duration"] = array(std::move(p.duration));
  out["transit_time"] = array(std::move(p.transit_time));
  out["signal_residue"] = array(std::move(p.signal_residue));
  out["power_raw"] = array(std::move(p.power_raw));
  out["power"] = array(std::move(p.power));
  out["chi2_flat"] = p.chi2_flat;
  out["scatter"] = p.scatter;
  out["sde"] = p.sde;
  out["sde_raw"] = p.sde_raw;
  return out;
}

nb::dict search(const Column& t, const Column& y, const OptionalColumn& sigma, const Column& period, const nb::dict& given) {
  const auto options = options_of(given);
  Budget budget;
  return columns_of(run(Job(budget, transit::transit_least_squares_task(budget, view_of(t, y, sigma), span(period), options))));
}

nb::tuple pair(const Measured& m) { return nb::make_tuple(m.value, m.error); }

nb::dict candidate_dict(const transit::PlanetCandidate& c) {
  std::vector<double> times, depths, errors;
  std::vector<Index> points;
  for (const auto& one : c.transits) {
    times.push_back(one.time);
    depths.push_back(one.depth.value);
    errors.push_back(one.depth.error);
    points.push_back(one.points);
  }
  nb::dict out;
  out["period"] = pair(c.period);
  out["transit_time"] = pair(c.transit_time);
  out["duration"] = c.duration;
  out["exposure"] = c.exposure;
  out["depth"] = pair(c.depth);
  out["snr"] = c.snr;
  out["red_noise"] = c.red_noise;
  out["gain"] = c.gain;
  out["radius_ratio"] = c.radius_ratio;
  out["seen"] = c.seen;
  out["depth_odd"] = pair(c.depth_odd);
  out["depth_even"] = pair(c.depth_even);
  out["depth_half"] = pair(c.depth_half);
  out["odd_even_mismatch"] = c.odd_even_mismatch;
  out["verdict"] = std::string(transit::verdict_name(c.verdict));
  out["verdict_text"] = transit::verdict_text(c);
  out["doubled"] = c.doubled;
  out["transit_times"] = array(std::move(times));
  out["transit_depths"] = array(std::move(depths));
  out["transit_depth_errors"] = array(std::move(errors));
  out["transit_points"] = array(std::move(points));
  return out;
}

transit::TransitGridOptions grid_of(const nb::dict& given) {
  transit::TransitGridOptions grid;
  take(given, "radius", grid.radius);
  take(given, "mass", grid.mass);
  take(given, "min_period", grid.min_period);
  take(given, "max_period", grid.max_period);
  take(given, "min_transits", grid.min_transits);
  take(given, "oversampling", grid.oversampling);
  return grid;
}

nb::list planets(const Column& t, const Column& y, const OptionalColumn& sigma, const nb::dict& transit_options, const nb::dict& grid,
                 Index max_planets, double min_sde, double min_snr, double mask_width) {
  const transit::PlanetSearchOptions options{.transit = options_of(transit_options), .grid = grid_of(grid), .max_planets = max_planets,
                                             .min_sde = min_sde, .min_snr = min_snr, .mask_width = mask_width};
  Budget budget;
  auto rounds = run(Job(budget, transit::find_planets_task(budget, view_of(t, y, sigma), options)));
  nb::list out;
  for (auto& round : rounds) {
    nb::dict one = candidate_dict(round.candidate);
    one["sde"] = round.sde;
    one["sde_raw"] = round.sde_raw;
    one["false_alarm_probability"] = round.false_alarm_probability;
    one["accepted"] = round.accepted;
    one["points"] = round.points;
    one["periodogram"] = columns_of(std::move(round.periodogram));
    out.append(one);
  }
  return out;
}

Array<double> light_curve(const Column& t, double period, double transit_time, double radius_ratio, double scaled_axis, double impact,
                          double u1, double u2, double eccentricity, double periastron, double exposure, Index exposure_samples) {
  const transit::TransitOrbit orbit{.period = period, .transit_time = transit_time, .radius_ratio = radius_ratio,
                                    .scaled_axis = scaled_axis, .impact = impact, .eccentricity = eccentricity,
                                    .periastron = periastron, .limb = {u1, u2},
                                    .exposure = exposure, .exposure_samples = exposure_samples};
  return array(transit::transit_light_curve(span(t), orbit));
}

}  // namespace

void bind_planets(nb::module_& m) {
  m.def("transit_least_squares", &search, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "period"_a.noconvert(), "options"_a,
        "Columns (P,) of the best transit at each period, and the spectra.");
  m.def("planet_candidate", [](const Column& t, const Column& y, const OptionalColumn& sigma, double period, double duration, double time,
                               const nb::dict& options) {
    return candidate_dict(transit::planet_candidate(view_of(t, y, sigma), period, duration, time, options_of(options)));
  }, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "period"_a, "duration"_a, "time"_a, "options"_a,
        "A candidate measured point by point.");
  m.def("find_planets", &planets, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "options"_a, "grid"_a, "max_planets"_a,
        "min_sde"_a, "min_snr"_a, "mask_width"_a, "The rounds of the search, a dict each.");
  m.def("transit_false_alarm_probability", &transit::transit_false_alarm_probability, "sde"_a, "Of white noise.");
  m.def("transit_period_grid", [](double length, const nb::dict& grid) { return array(transit::transit_period_grid(length, grid_of(grid))); },
        "span"_a, "grid"_a, "Trial periods (P,) [day].");
  m.def("transit_duration_grid", [](double low, double high, double step, double min_radius, double max_radius, double min_mass, double max_mass) {
    return array(transit::transit_duration_grid(low, high, step, {min_radius, max_radius, min_mass, max_mass}));
  }, "min_period"_a, "max_period"_a, "step"_a, "min_radius"_a, "max_radius"_a, "min_mass"_a, "max_mass"_a, "Trial durations (D,) as fractions of the period.");
  m.def("transit_light_curve", &light_curve, "t"_a.noconvert(), "period"_a, "transit_time"_a, "radius_ratio"_a, "scaled_axis"_a, "impact"_a,
        "u1"_a, "u2"_a, "eccentricity"_a, "periastron"_a, "exposure"_a, "exposure_samples"_a, "Flux at the times (N,).");
  m.def("transit_shape", [](const Column& x, double radius_ratio, double impact, double u1, double u2) {
    const auto shape = transit::transit_template({radius_ratio, impact, {u1, u2}}, 1e-3);
    std::vector<double> value;
    for (const double v : span(x)) value.push_back(shape.value(v));
    return array(std::move(value));
  }, "x"_a.noconvert(), "radius_ratio"_a, "impact"_a, "u1"_a, "u2"_a, "Shape of unit depth and duration at x (N,).");
}

}  // namespace orrery::python
