// Searches for transits.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <cmath>
#include <string>

#include "orrery/transit/box_least_squares.hpp"
#include "orrery/transit/box_search.hpp"
#include "orrery/transit/period_grid.hpp"
#include "support.hpp"

namespace orrery::python {
namespace {

constexpr std::string_view kObjectives[] = {"likelihood", "snr"};
constexpr std::string_view kMethods[] = {"auto", "brute", "ffa", "sparse"};

SeriesView view_of(const Column& t, const Column& y, const OptionalColumn& sigma) { return {span(t), span(y), span(sigma)}; }

nb::dict columns(transit::BoxPeriodogram&& all) {
  nb::dict out;
  out["objective"] = array(std::move(all.objective));
  out["depth"] = array(std::move(all.depth));
  out["depth_error"] = array(std::move(all.depth_error));
  out["duration"] = array(std::move(all.duration));
  out["transit_time"] = array(std::move(all.transit_time));
  out["depth_snr"] = array(std::move(all.depth_snr));
  out["log_likelihood"] = array(std::move(all.log_likelihood));
  return out;
}

/// The search in pieces of trial periods, so that Ctrl-C is seen; a piece knows nothing of the others.
nb::dict search(const Column& t, const Column& y, const OptionalColumn& sigma, const Column& period, const Column& duration,
                std::string_view objective, Index oversample, int threads) {
  const transit::BoxOptions options{
      .objective = static_cast<transit::BoxObjective>(one_of(objective, kObjectives, "box_least_squares", "objective")),
      .oversample = oversample, .threads = threads};
  const auto series = view_of(t, y, sigma);
  const auto periods = span(period);
  // Refuses what is wrong before the work: the shortest and the longest period stand for all.
  if (!periods.empty()) {
    const auto [shortest, longest] = std::minmax_element(periods.begin(), periods.end());
    const double ends[] = {*shortest, *longest};
    static_cast<void>(transit::box_least_squares(series, ends, span(duration), options));
  } else {
    static_cast<void>(transit::box_least_squares(series, periods, span(duration), options));
  }
  transit::BoxPeriodogram all;
  for (auto* column : {&all.objective, &all.depth, &all.depth_error, &all.duration, &all.transit_time, &all.depth_snr,
                       &all.log_likelihood}) {
    column->resize(periods.size());
  }
  in_pieces(ssize(periods), 64, [&](Index first, Index count) {
    const auto part = transit::box_least_squares(series, periods.subspan(at(first), at(count)), span(duration), options);
    const auto put = [&](const std::vector<double>& from, std::vector<double>& to) {
      std::copy(from.begin(), from.end(), to.begin() + first);
    };
    put(part.objective, all.objective);
    put(part.depth, all.depth);
    put(part.depth_error, all.depth_error);
    put(part.duration, all.duration);
    put(part.transit_time, all.transit_time);
    put(part.depth_snr, all.depth_snr);
    put(part.log_likelihood, all.log_likelihood);
  });
  return columns(std::move(all));
}

/// A search that chooses its method and, without trial periods, these.
nb::dict choose_and_search(const Column& t, const Column& y, const OptionalColumn& sigma, const Column& duration, double exponent,
                           const OptionalColumn& period, std::string_view method, std::optional<double> min_period,
                           std::optional<double> max_period, double min_transits, std::string_view objective, Index oversample,
                               int threads) {
  const auto durations = span(duration), periods = span(period);
  const transit::BoxSearchOptions options{
      .method = static_cast<transit::BoxMethod>(one_of(method, kMethods, "box_least_squares", "method")),
      .period = {periods.begin(), periods.end()}, .min_period = min_period, .max_period = max_period, .min_transits = min_transits,
      .objective = static_cast<transit::BoxObjective>(one_of(objective, kObjectives, "box_least_squares", "objective")),
      .oversample = oversample, .threads = threads};
  Budget budget;
  auto found = run(Job(budget, transit::box_search_task(budget, view_of(t, y, sigma), {{durations.begin(), durations.end()}, exponent},
      options)));
  auto trial = std::move(found.boxes.period);
  nb::dict out = columns(std::move(found.boxes));
  out["period"] = array(std::move(trial));
  out["method"] = transit::box_method_name(found.method);
  out["reason"] = found.reason;
  out["exact"] = array(std::move(found.exact));
  out["warnings"] = found.warnings;
  return out;
}

nb::dict statistics(const Column& t, const Column& y, const OptionalColumn& sigma, double period, double duration, double transit_time) {
  auto s = transit::box_statistics(view_of(t, y, sigma), {period, duration, transit_time});
  const auto pair = [](const transit::BoxStatistics::Depth& d) { return nb::make_tuple(d.value, d.error); };
  nb::dict out;
  out["depth"] = pair(s.depth);
  out["depth_odd"] = pair(s.depth_odd);
  out["depth_even"] = pair(s.depth_even);
  out["depth_half"] = pair(s.depth_half);
  out["depth_phased"] = pair(s.depth_phased);
  out["harmonic_amplitude"] = s.harmonic_amplitude;
  out["harmonic_delta_log_likelihood"] = s.harmonic_delta_log_likelihood;
  out["transit_times"] = array(std::move(s.transit_times));
  out["per_transit_count"] = array(std::move(s.per_transit_count));
  out["per_transit_log_likelihood"] = array(std::move(s.per_transit_log_likelihood));
  return out;
}

}  // namespace

void bind_transits(nb::module_& m) {
  m.def("box_least_squares", &search, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "period"_a.noconvert(),
        "duration"_a.noconvert(), "objective"_a, "oversample"_a, "threads"_a, "Columns (P,) of the best box at each period.");
  m.def("box_search", &choose_and_search, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "duration"_a.noconvert(),
        "exponent"_a, "period"_a.noconvert().none(), "method"_a, "min_period"_a.none(), "max_period"_a.none(), "min_transits"_a, "objective"_a,
        "oversample"_a, "threads"_a, "Columns (P,) of the best box at each period, with the periods, the method taken and why.");
  m.def("keplerian_durations", [](double radius, double mass, double density_factor, double max_impact, double step) {
    auto durations = transit::keplerian_durations({.radius = radius, .mass = mass, .density_factor = density_factor,
        .max_impact = max_impact, .step = step});
    return nb::make_tuple(array(std::move(durations.value)), durations.exponent);
  }, "radius"_a, "mass"_a, "density_factor"_a, "max_impact"_a, "step"_a, "Durations at a period of one day [day], and the power of the period with which they grow.");
  m.def("box_statistics", &statistics, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "period"_a, "duration"_a,
        "transit_time"_a, "What the points say of one box.");
  m.def("transit_mask", [](const Column& t, double period, double duration, double transit_time) {
    return array(transit::transit_mask(span(t), {period, duration, transit_time}));
  }, "t"_a.noconvert(), "period"_a, "duration"_a, "transit_time"_a, "1 within a transit (N,).");
  m.def("box_period_grid", [](const Column& t, const Column& duration, std::optional<double> min_period, std::optional<double> max_period,
                              double min_transits, double frequency_factor) {
    return array(transit::box_period_grid(span(t), span(duration), {.min_period = min_period, .max_period = max_period,
                                                                   .min_transits = min_transits, .frequency_factor = frequency_factor}));
  }, "t"_a.noconvert(), "duration"_a.noconvert(), "min_period"_a.none(), "max_period"_a.none(), "min_transits"_a, "frequency_factor"_a,
        "Trial periods equally spaced in frequency (P,) [day].");
  m.def("keplerian_period_grid", [](double length, double radius, double mass, std::optional<double> min_period,
                                    std::optional<double> max_period, double min_transits, double oversampling) {
    return array(transit::keplerian_period_grid(length, {.radius = radius, .mass = mass, .min_period = min_period, .max_period = max_period,
                                                        .min_transits = min_transits, .oversampling = oversampling}));
  }, "span"_a, "radius"_a, "mass"_a, "min_period"_a.none(), "max_period"_a.none(), "min_transits"_a, "oversampling"_a,
        "Trial periods for circular orbits around a star (P,) [day].");
}

}  // namespace orrery::python
