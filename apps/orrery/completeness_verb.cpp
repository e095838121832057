// orrery completeness FILE: injection and recovery.
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/data/read_series.hpp"
#include "orrery/json_output.hpp"
#include "orrery/progress.hpp"
#include "orrery/stats/robust.hpp"
#include "orrery/transit/completeness.hpp"
#include "orrery/verbs.hpp"

namespace orrery::app {
namespace {

using nlohmann::json;
using transit::CompletenessMap, transit::CompletenessOptions, transit::InjectionKind, transit::RecoveryMethod;

constexpr double kEarths = 109.08;  // radii of the Earth in one of the Sun

/// Edges of cells in equal ratios.
std::vector<double> edges_of(const std::vector<double>& cells, const char* flag) {
  if (cells.empty()) return {};
  const double low = cells[0], high = cells[1], count = cells[2];
  if (!(low > 0.0) || !(high > low) || !(count >= 1.0 && count <= 1000.0) || count != std::floor(count)) {
    fail(ErrorKind::input, flag, "expected smallest,largest,cells with 0 < smallest < largest and 1 to 1000 cells, got " + number_text(low) + "," + number_text(high) + "," + number_text(count));
  }
  std::vector<double> edge;
  for (double k = 0.0; k <= count; k += 1.0) edge.push_back(low * std::pow(high / low, k / count));
  return edge;
}

RecoveryMethod method_of(const CompletenessFlags& flags) {
  if (flags.method.empty()) return flags.kind == "transit" ? RecoveryMethod::box : RecoveryMethod::lomb_scargle;
  auto method = RecoveryMethod::box;
  while (flags.method != transit::recovery_method_name(method)) method = static_cast<RecoveryMethod>(static_cast<int>(method) + 1);
  return method;
}

CompletenessOptions options_of(const CompletenessFlags& flags, const data::Series& series) {
  const bool transits = flags.kind == "transit";
  const bool transit_shape = flags.shape == "limb_darkened" || flags.shape == "box";
  if (!flags.shape.empty() && transit_shape != transits) fail(ErrorKind::input, "--shape", flags.shape + " is not a shape of --kind " + flags.kind);
  CompletenessOptions o{.kind = transits ? InjectionKind::transit : InjectionKind::variable, .method = method_of(flags)};
  o.period_edge = edges_of(flags.period, "--period");
  o.size_edge = edges_of(flags.size, "--size");
  o.trials = flags.trials;
  o.seed = flags.seed;
  if (flags.threshold > 0.0) o.threshold = flags.threshold;
  o.false_alarm = flags.false_alarm;
  o.tolerance = flags.tolerance;
  o.control = flags.control;
  o.control_block = flags.control_block;
  o.harmonics = flags.harmonics;
  o.star_radius = flags.star_radius;
  o.star_mass = flags.star_mass;
  o.transit_form = flags.shape == "box" ? transit::TransitForm::box : transit::TransitForm::limb_darkened;
  o.variable_form = flags.shape == "sawtooth" ? transit::VariableForm::sawtooth : transit::VariableForm::sinusoid;
  o.values = series.quantity == data::Quantity::magnitude ? transit::Brightness::magnitude : transit::Brightness::flux;
  if (flags.detrend > 0.0) o.detrend = stats::DetrendOptions{.window = flags.detrend};
  o.threads = flags.threads;
  return o;
}

/// Magnitudes become flux of median 1.
void to_flux(data::Series& series) {
  if (series.quantity != data::Quantity::magnitude || series.size() == 0) return;
  const double level = stats::median(series.y);
  for (std::size_t i = 0; i < series.y.size(); ++i) {
    series.y[i] = std::pow(10.0, -0.4 * (series.y[i] - level));
    if (!series.sigma.empty()) series.sigma[i] *= 0.4 * std::log(10.0) * series.y[i];
  }
}

template <class T>
json rows_of(const CompletenessMap& map, const std::vector<T>& values) {
  json rows = json::array();
  const auto columns = at(map.columns());
  for (std::size_t r = 0; r < at(map.rows()); ++r) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(r * columns);
    rows.push_back(std::vector<T>(begin, begin + static_cast<std::ptrdiff_t>(columns)));
  }
  return rows;
}

json trials_json(const CompletenessMap& map) {
  constexpr const char* kOutcomes[] = {"missed", "other", "alias", "recovered"};
  json all = json::array();
  for (const auto& t : map.trials) {
    all.push_back({{"period", t.signal.period}, {"size", t.signal.size}, {"epoch", t.signal.epoch}, {"impact", t.signal.impact}, {"snr", t.snr}, {"found", t.found},
                   {"statistic", t.statistic}, {"outcome", kOutcomes[static_cast<int>(t.outcome)]}});
  }
  return all;
}

json answer_json(const data::ReadResult& read, const data::Series& series, const CompletenessMap& map, const CompletenessFlags& flags) {
  const auto& c = map.control;
  auto notes = read.report.notes;
  notes.insert(notes.end(), map.warnings.begin(), map.warnings.end());
  json result = {{"file", flags.file}, {"kind", flags.kind}, {"method", transit::recovery_method_name(map.method)}, {"threshold", map.threshold},
                 {"threshold_from_control", map.calibrated}, {"period_edges", map.period_edge}, {"size_edges", map.size_edge}, {"injected", rows_of(map, map.injected)},
                 {"recovered", rows_of(map, map.recovered)}, {"aliases", rows_of(map, map.alias)}, {"others", rows_of(map, map.other)}, {"fraction", rows_of(map, map.fraction)},
                 {"low", rows_of(map, map.low)}, {"high", rows_of(map, map.high)}, {"expected", rows_of(map, map.expected)},
                 {"control", {{"judged", c.judged}, {"above", c.above}, {"low", c.rate.low}, {"high", c.rate.high}, {"plain_period", c.plain_period},
                              {"plain_statistic", c.plain_statistic}, {"inverted_statistic", c.inverted_statistic}}},
                 {"n_used", series.size()}, {"n_dropped", read.report.n_dropped()}, {"notes", notes}};
  if (flags.with_trials) result["injections"] = trials_json(map);
  return result;
}

void print_map(const CompletenessMap& map, const CompletenessFlags& flags) {
  const bool transits = flags.kind == "transit";
  fmt::print("recovered [%] of {} {}s a cell, by {}, threshold {}{}\n", flags.trials, flags.kind, transit::recovery_method_name(map.method), number_text(map.threshold, 3),
             map.calibrated ? " from the control" : "");
  fmt::print("{:>12}{}  period [day] to\n", transits ? "depth to" : "size to", transits ? "  Earths" : "");
  fmt::print("{:>12}{}", "", transits ? "        " : "");
  for (std::size_t c = 1; c < map.period_edge.size(); ++c) fmt::print("{:>8}", number_text(map.period_edge[c], 3));
  fmt::print("\n");
  for (Index r = map.rows() - 1; r >= 0; --r) {
    fmt::print("{:>12}", number_text(map.size_edge[at(r + 1)], 3));
    if (transits) fmt::print("{:>8.2f}", kEarths * flags.star_radius * std::sqrt(map.size_edge[at(r + 1)]));
    for (Index c = 0; c < map.columns(); ++c) fmt::print("{:>8.0f}", 100.0 * map.fraction[at(r * map.columns() + c)]);
    fmt::print("\n");
  }
  const auto& control = map.control;
  fmt::print("control     {} of {} series in disorder pass the threshold: false-alarm probability {} to {}\n", control.above, control.judged, number_text(control.rate.low, 2),
             number_text(control.rate.high, 2));
}

}  // namespace

int completeness(const CompletenessFlags& flags) {
  auto read = data::read_series_file(flags.file, flags.read.options(), reading_progress(flags.quiet));
  data::Series series = read.series;
  if (!flags.band.empty()) {
    Index band = 0;
    while (band < ssize(series.band_names) && series.band_names[at(band)] != flags.band) ++band;
    if (band == ssize(series.band_names)) fail(ErrorKind::input, flags.file, "has no band " + flags.band);
    series = data::select_band(series, band);
  }
  if (series.bands() > 1) fail(ErrorKind::input, flags.file, "has several bands, whose values cannot be mixed: choose one with --band");
  const auto options = options_of(flags, series);
  if (options.kind == InjectionKind::transit) to_flux(series);
  const auto view = series.view();
  const auto map = run([&](Budget& budget) { return transit::completeness_task(budget, view, options); }, flags.quiet);
  if (flags.as_json) {
    fmt::print("{}\n", json_text(answer_json(read, series, map, flags)));
    return kDone;
  }
  print_map(map, flags);
  fmt::print("used        {} of {} measurements\n", series.size(), read.report.n_measurements);
  for (const auto& note : read.report.notes) fmt::print("note        {}\n", note);
  for (const auto& note : map.warnings) fmt::print("note        {}\n", note);
  return kDone;
}

}  // namespace orrery::app
