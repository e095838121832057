// orrery periodogram FILE
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/data/read_series.hpp"
#include "orrery/json_output.hpp"
#include "orrery/period/caution.hpp"
#include "orrery/period/lomb_scargle.hpp"
#include "orrery/period/period_statistic.hpp"
#include "orrery/period/search.hpp"
#include "orrery/progress.hpp"
#include "orrery/read_flags.hpp"
#include "orrery/verbs.hpp"

namespace orrery::app {
namespace {

using nlohmann::json;

data::Series chosen_band(const data::Series& series, const std::string& band) {
  if (band.empty() || band == "all") return series;
  for (std::size_t b = 0; b < series.band_names.size(); ++b) {
    if (series.band_names[b] == band) return data::select_band(series, static_cast<Index>(b));
  }
  std::string known = "all";
  for (const auto& name : series.band_names) known += ", " + name;
  fail(ErrorKind::input, "--band " + band, "expected one of: " + known);
}

constexpr std::string_view kAlarms[] = {"single", "naive", "davies", "baluev", "bootstrap", "red_noise"};  // in the order of AlarmMethod

period::PeriodSearch search_of(const PeriodogramFlags& flags) {
  period::PeriodSearch search{.oversampling = flags.oversampling, .harmonics = flags.harmonics.value_or(1), .fit_mean = !flags.fixed_mean,
                              .sigma_clip = flags.clip};
  if (flags.min_period > 0.0) search.min_period = flags.min_period;
  if (flags.max_period > 0.0) search.max_period = flags.max_period;
  search.max_frequencies = 20'000'000;
  search.least_oversampling = flags.oversampling;  // a grid coarser than asked for is refused: there is no hand on a slider here
  search.method = flags.method == "exact" ? period::SearchMethod::exact : period::SearchMethod::fast;
  search.alarm = static_cast<period::AlarmMethod>(std::find(std::begin(kAlarms), std::end(kAlarms), flags.alarm) - std::begin(kAlarms));
  search.resamples = flags.resamples;
  search.seed = flags.seed;
  search.smooth = flags.smooth;
  return search;
}

json finite(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }

json report_json(const data::ReadResult& read, const data::Series& used, const period::PeriodReport& report,
                 const PeriodogramFlags& flags) {
  json aliases = json::array();
  for (const auto& rival : report.rivals) {
    aliases.push_back({{"period", finite(rival.period)},
                       {"period_error", finite(rival.period_error)},
                       {"power", finite(rival.power)},
                       {"delta_chi2", finite(rival.delta_chi2)},
                       {"prediction", finite(rival.prediction)},
                       {"log10_odds", finite(rival.log10_odds)},
                       {"harmonics", rival.harmonics},
                       {"relation", rival.relation},
                       {"excluded", rival.excluded}});
  }
  json window = json::array();
  for (const auto& peak : report.window) window.push_back({{"frequency", peak.frequency}, {"height", peak.height}, {"words", peak.words}});
  json result = {{"file", flags.file},
                 {"method", flags.method},
                 {"harmonics", flags.harmonics.value_or(1)},
                 {"period", finite(report.period)},
                 {"period_error", finite(report.period_error)},
                 {"power", finite(report.peak_power)},
                 {"false_alarm_probability", finite(report.false_alarm_probability)},
                 {"log10_false_alarm_probability", finite(report.log10_false_alarm_probability)},
                 {"amplitude", finite(report.amplitude)},
                 {"n_used", report.n_used},
                 {"n_dropped", read.report.n_dropped() + report.n_dropped},
                 {"n_frequencies", report.range.grid.count},
                 {"min_period", finite(report.range.min_period)},
                 {"max_period", finite(report.range.max_period)},
                 {"alarm", flags.alarm},
                 {"false_alarm_error", finite(report.false_alarm_error)},
                 {"ambiguous", report.ambiguous},
                 {"aliases", aliases},
                 {"window", window},
                 {"warnings", report.warnings},
                 {"at_edge", report.at_edge},
                 {"notes", read.report.notes}};
  if (!used.band_names.empty()) result["bands"] = used.band_names;
  if (flags.curve) result["curve"] = {{"frequency", report.range.grid.values()}, {"power", report.power}};
  return result;
}

void print_csv(const period::PeriodReport& report, bool curve) {
  if (curve) {
    fmt::print("frequency,power\n");
    for (Index k = 0; k < report.range.grid.count; ++k) fmt::print("{},{}\n", number_text(report.range.grid[k]), number_text(report.power[at(k)]));
    return;
  }
  fmt::print("period,period_error,power,false_alarm_probability,n_used\n{},{},{},{},{}\n", number_text(report.period), number_text(report.period_error),
             number_text(report.peak_power), number_text(report.false_alarm_probability), report.n_used);
}

std::string chi2_text(double delta) { return delta < 1e6 ? fmt::format("{:.1f}", delta) : number_text(delta, 3); }

void print_words(const data::ReadResult& read, const period::PeriodReport& report, const PeriodogramFlags& flags) {
  fmt::print("period   {} day\n", measured_text(report.period, report.period_error));
  const double p = report.log10_false_alarm_probability;
  const std::string error = report.false_alarm_error > 0.0 ? fmt::format(" +- {:.1g}", report.false_alarm_error) : "";
  const std::string chance = p > -4.0 ? fmt::format("{:.3g}{}", report.false_alarm_probability, error) : fmt::format("10^{:.1f}", p);
  fmt::print("power    {:.4f}, false-alarm probability {} ({})\n", report.peak_power, chance, flags.alarm);
  fmt::print("used     {} of {} measurements\n", report.n_used, read.report.n_measurements);
  for (const auto& note : read.report.notes) fmt::print("note     {}\n", note);
  for (const auto& warning : report.warnings) fmt::print("doubt    {}\n", warning);
  if (report.at_edge) fmt::print("doubt    the highest power is at the edge of the searched range\n");
  if (report.ambiguous) fmt::print("doubt    ambiguous: the data do not exclude every rival\n");
  for (const auto& rival : report.rivals) {
    fmt::print("rival    {} day{}: delta chi2 {}, predicts {} by {:.1f} standard errors, {}\n", value_text(rival.period, rival.period_error),
               rival.relation.empty() ? "" : " (" + rival.relation + ")", chi2_text(rival.delta_chi2), rival.prediction < 0.0 ? "better" : "worse",
               std::fabs(rival.prediction), rival.excluded ? "excluded" : "not excluded");
  }
}

}  // namespace

int periodogram(const PeriodogramFlags& flags) {
  const auto read = read_file(flags.file, flags.read.options(), flags.quiet);
  const data::Series series = chosen_band(read.series, flags.band);
  if (period::find_period_statistic(flags.method) != nullptr) return statistic(flags, read, series);
  if (flags.shuffles > 0) fail(ErrorKind::input, "--shuffles", "is for the statistics; least squares has its false-alarm probability");
  const auto search = search_of(flags);
  period::require_variation(series, flags.file.c_str());
  const auto make = [&](Budget& budget) { return period::find_period_task(budget, series, search); };
  const period::PeriodReport report = run(make, flags.quiet);
  if (flags.as_json) {
    fmt::print("{}\n", json_text(report_json(read, series, report, flags)));
  } else if (flags.as_csv) {
    print_csv(report, flags.curve);
  } else {
    print_words(read, report, flags);
  }
  return kDone;
}

}  // namespace orrery::app
