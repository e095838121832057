// Injection and recovery.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <string>

#include "orrery/transit/completeness.hpp"
#include "orrery/transit/injection.hpp"
#include "support.hpp"

namespace orrery::python {
namespace {

constexpr std::string_view kKinds[] = {"transit", "variable"};
constexpr std::string_view kMethods[] = {"box", "box_brute", "box_folding", "tls", "lomb_scargle", "matched"};
constexpr std::string_view kTransits[] = {"limb_darkened", "box"};
constexpr std::string_view kVariables[] = {"sinusoid", "sawtooth"};

SeriesView view_of(const Column& t, const Column& y, const OptionalColumn& sigma) { return {span(t), span(y), span(sigma)}; }

template <class T>
void take(const nb::dict& from, const char* name, T& to) {
  if (from.contains(name)) to = nb::cast<T>(from[name]);
}

template <class T, std::size_t N>
void take_word(const nb::dict& from, const char* name, const std::string_view (&words)[N], T& to) {
  if (from.contains(name)) to = static_cast<T>(one_of(nb::cast<std::string>(from[name]), words, "completeness", name));
}

transit::Brightness brightness(bool magnitudes) { return magnitudes ? transit::Brightness::magnitude : transit::Brightness::flux; }

/// Options by name, as python/orrery/_completeness.py writes them.
transit::CompletenessOptions options_of(const nb::dict& given) {
  transit::CompletenessOptions o;
  take_word(given, "kind", kKinds, o.kind);
  take_word(given, "method", kMethods, o.method);
  take_word(given, "transit_form", kTransits, o.transit_form);
  take_word(given, "variable_form", kVariables, o.variable_form);
  take(given, "period_edge", o.period_edge);
  take(given, "size_edge", o.size_edge);
  take(given, "trials", o.trials);
  take(given, "first_trial", o.first_trial);
  take(given, "seed", o.seed);
  take(given, "threshold", o.threshold);
  take(given, "false_alarm", o.false_alarm);
  take(given, "tolerance", o.tolerance);
  take(given, "peak_share", o.peak_share);
  take(given, "confidence", o.confidence);
  take(given, "control", o.control);
  take(given, "control_block", o.control_block);
  take(given, "min_period", o.min_period);
  take(given, "max_period", o.max_period);
  take(given, "oversampling", o.oversampling);
  take(given, "oversample", o.oversample);
  take(given, "harmonics", o.harmonics);
  take(given, "u1", o.limb.u1);
  take(given, "u2", o.limb.u2);
  take(given, "star_radius", o.star_radius);
  take(given, "star_mass", o.star_mass);
  take(given, "max_impact", o.max_impact);
  take(given, "exposure", o.exposure);
  take(given, "harmonic", o.harmonic);
  take(given, "rise", o.rise);
  take(given, "threads", o.threads);
  bool magnitudes = false;
  take(given, "magnitudes", magnitudes);
  o.values = brightness(magnitudes);
  double window = 0.0;
  take(given, "window", window);
  if (window > 0.0) o.detrend = stats::DetrendOptions{.window = window};
  return o;
}

nb::dict control_dict(transit::CompletenessControl&& c) {
  nb::dict out;
  out["statistic"] = array(std::move(c.statistic));
  out["judged"] = c.judged;
  out["above"] = c.above;
  out["interval"] = nb::make_tuple(c.rate.low, c.rate.high);
  out["plain_period"] = c.plain_period;
  out["plain_statistic"] = c.plain_statistic;
  out["inverted_statistic"] = c.inverted_statistic;
  return out;
}

/// Columns of all trials.
nb::dict trials_dict(const std::vector<transit::InjectionTrial>& trials) {
  std::vector<double> period, size, epoch, impact, snr, found, statistic;
  std::vector<Index> outcome;
  for (const auto& t : trials) {
    period.push_back(t.signal.period);
    size.push_back(t.signal.size);
    epoch.push_back(t.signal.epoch);
    impact.push_back(t.signal.impact);
    snr.push_back(t.snr);
    found.push_back(t.found);
    statistic.push_back(t.statistic);
    outcome.push_back(static_cast<Index>(t.outcome));
  }
  nb::dict out;
  out["period"] = array(std::move(period));
  out["size"] = array(std::move(size));
  out["epoch"] = array(std::move(epoch));
  out["impact"] = array(std::move(impact));
  out["snr"] = array(std::move(snr));
  out["found"] = array(std::move(found));
  out["statistic"] = array(std::move(statistic));
  out["outcome"] = array(std::move(outcome));
  return out;
}

nb::dict map_dict(transit::CompletenessMap&& map) {
  nb::dict out;
  out["trials"] = trials_dict(map.trials);
  out["period_edge"] = array(std::move(map.period_edge));
  out["size_edge"] = array(std::move(map.size_edge));
  out["injected"] = array(std::move(map.injected));
  out["recovered"] = array(std::move(map.recovered));
  out["alias"] = array(std::move(map.alias));
  out["other"] = array(std::move(map.other));
  out["fraction"] = array(std::move(map.fraction));
  out["low"] = array(std::move(map.low));
  out["high"] = array(std::move(map.high));
  out["expected"] = array(std::move(map.expected));
  out["threshold"] = map.threshold;
  out["calibrated"] = map.calibrated;
  out["method"] = std::string(transit::recovery_method_name(map.method));
  out["control"] = control_dict(std::move(map.control));
  out["warnings"] = map.warnings;
  return out;
}

nb::dict search(const Column& t, const Column& y, const OptionalColumn& sigma, const nb::dict& given) {
  const auto options = options_of(given);
  Budget budget;
  return map_dict(run(Job(budget, transit::completeness_task(budget, view_of(t, y, sigma), options))));
}

Array<double> inject_transit(const Column& t, const Column& y, double period, double transit_time, double radius_ratio, double scaled_axis,
                             double impact, double u1, double u2, double exposure, std::string_view form, bool magnitudes) {
  const transit::TransitOrbit orbit{.period = period, .transit_time = transit_time, .radius_ratio = radius_ratio,
                                    .scaled_axis = scaled_axis, .impact = impact, .limb = {u1, u2}, .exposure = exposure};
  const auto shape = static_cast<transit::TransitForm>(one_of(form, kTransits, "inject_transit", "form"));
  return array(transit::inject_transit(span(t), span(y), orbit, shape, brightness(magnitudes)));
}

Array<double> inject_variable(const Column& t, const Column& y, double period, double epoch, double amplitude, std::string_view form,
                              std::vector<double> harmonic, double rise, bool magnitudes) {
  const transit::VariableSignal signal{.period = period, .epoch = epoch, .amplitude = amplitude,
                                       .form = static_cast<transit::VariableForm>(one_of(form, kVariables, "inject_variable", "form")),
                                       .harmonic = std::move(harmonic), .rise = rise};
  return array(transit::inject_variable(span(t), span(y), signal, brightness(magnitudes)));
}

}  // namespace

void bind_completeness(nb::module_& m) {
  m.def("completeness", &search, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "options"_a,
        "The map: columns of cells row by row, of trials, and the control.");
  m.def("inject_transit", &inject_transit, "t"_a.noconvert(), "y"_a.noconvert(), "period"_a, "transit_time"_a, "radius_ratio"_a,
        "scaled_axis"_a, "impact"_a, "u1"_a, "u2"_a, "exposure"_a, "form"_a, "magnitudes"_a, "Values with the transits (N,).");
  m.def("inject_variable", &inject_variable, "t"_a.noconvert(), "y"_a.noconvert(), "period"_a, "epoch"_a, "amplitude"_a, "form"_a,
        "harmonic"_a, "rise"_a, "magnitudes"_a, "Values with the variation (N,).");
}

}  // namespace orrery::python
