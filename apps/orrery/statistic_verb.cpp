// orrery periodogram FILE --method pdm, entropy, ...: a statistic of the folded series instead of least squares.
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/data/read_series.hpp"
#include "orrery/json_output.hpp"
#include "orrery/period/caution.hpp"
#include "orrery/period/period_statistic.hpp"
#include "orrery/progress.hpp"
#include "orrery/read_flags.hpp"
#include "orrery/verbs.hpp"

namespace orrery::app {
namespace {

using nlohmann::json;

struct Answer {
  const period::PeriodStatisticInfo& info;
  period::FrequencyGrid grid;
  period::PeriodStatisticCurve curve;
  std::vector<period::PeriodStatisticPeak> peaks;
  std::optional<double> shuffled;  ///< probability by shuffling
  std::vector<std::string> notes;
};

json finite(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }

/// Settings of the flags; those of other methods are refused in words.
period::PeriodStatisticOptions options_of(const PeriodogramFlags& flags) {
  if (flags.clip > 0.0 || flags.fixed_mean) {
    fail(ErrorKind::input, "--method " + flags.method, "takes no --clip and no --fixed-mean: they belong to the fast and exact methods");
  }
  period::PeriodStatisticOptions options;
  options.lomb_scargle.harmonics = flags.harmonics.value_or(options.lomb_scargle.harmonics);
  options.analysis_of_variance.harmonics = flags.harmonics.value_or(options.analysis_of_variance.harmonics);
  if (flags.harmonics && flags.method != "aov" && flags.method != "lomb_scargle") {
    fail(ErrorKind::input, "--method " + flags.method, "takes no --harmonics: they belong to least squares and to aov");
  }
  return options;
}

period::FrequencyGrid grid_of(const SeriesView& series, const PeriodogramFlags& flags) {
  period::GridOptions options{.oversampling = flags.oversampling, .max_count = 20'000'000};
  if (flags.max_period > 0.0) options.min_frequency = 1.0 / flags.max_period;
  if (flags.min_period > 0.0) options.max_frequency = 1.0 / flags.min_period;
  return period::frequency_grid(series, options);
}

Task<Answer> answer(Budget& budget, const data::Series& series, const PeriodogramFlags& flags) {
  const auto& info = *period::find_period_statistic(flags.method);
  const auto options = options_of(flags);
  const SeriesView view = series.view();
  require_usable(view, 4, "periodogram");
  period::require_variation(series, flags.file.c_str());
  Answer out{.info = info, .grid = grid_of(view, flags)};
  out.curve = co_await period::period_statistic_task(budget, view, out.grid, info.kind, options);
  out.peaks = co_await period::period_statistic_peaks_task(budget, view, out.grid, out.curve, info.kind, options);
  if (flags.shuffles > 0) {
    const auto best = co_await period::shuffled_best_task(budget, view, out.grid, info.kind, flags.shuffles, 0, options);
    out.shuffled = period::shuffled_probability(out.curve.value[at(out.curve.best)], best, info.minimum);
  }
  out.notes = period::period_cautions(series, out.peaks[0].period());
  if (out.curve.contrast == 0.0) out.notes.push_back("the curve is flat: no period is better than another");
  co_return out;
}

json answer_json(const data::ReadResult& read, const data::Series& series, const Answer& a, const PeriodogramFlags& flags) {
  json peaks = json::array();
  for (const auto& peak : a.peaks) peaks.push_back({{"period", finite(peak.period())}, {"value", finite(peak.value)}});
  auto notes = read.report.notes;
  notes.insert(notes.end(), a.notes.begin(), a.notes.end());
  json result = {{"file", flags.file},
                 {"method", flags.method},
                 {"statistic", a.info.name},
                 {"quantity", a.info.value},
                 {"minimum", a.info.minimum},
                 {"period", finite(a.peaks[0].period())},
                 {"value", finite(a.peaks[0].value)},
                 {"contrast", finite(a.curve.contrast)},
                 {"peaks", peaks},
                 {"n_used", series.size()},
                 {"n_dropped", read.report.n_dropped()},
                 {"n_frequencies", a.grid.count},
                 {"min_period", finite(1.0 / a.grid.last())},
                 {"max_period", finite(1.0 / a.grid.first)},
                 {"notes", notes}};
  if (a.shuffled) result["shuffled_probability"] = *a.shuffled;
  if (flags.curve) result["curve"] = {{"frequency", a.grid.values()}, {"value", a.curve.value}};
  return result;
}

void print_csv(const Answer& a, bool curve) {
  if (curve) {
    fmt::print("frequency,value\n");
    for (Index k = 0; k < a.grid.count; ++k) fmt::print("{},{}\n", number_text(a.grid[k]), number_text(a.curve.value[at(k)]));
    return;
  }
  fmt::print("period,value,contrast\n");
  for (const auto& peak : a.peaks) fmt::print("{},{},{}\n", number_text(peak.period()), number_text(peak.value), number_text(a.curve.contrast));
}

void print_words(const data::ReadResult& read, const data::Series& series, const Answer& a) {
  fmt::print("period   {} day by {}\n", number_text(a.peaks[0].period(), 7), a.info.name);
  fmt::print("{:<8} {}, {} is best; it stands {:.1f} standard deviations from the mean of the curve\n", a.info.value,
             number_text(a.peaks[0].value, 5), a.info.minimum ? "the least" : "the most", a.curve.contrast);
  if (a.shuffled) fmt::print("shuffled probability {:.3g} that a series without a period is as good\n", *a.shuffled);
  fmt::print("used     {} of {} measurements, {} frequencies\n", series.size(), read.report.n_measurements, a.grid.count);
  for (const auto& note : read.report.notes) fmt::print("note     {}\n", note);
  for (const auto& note : a.notes) fmt::print("note     {}\n", note);
  for (std::size_t k = 1; k < a.peaks.size(); ++k) {
    fmt::print("rival    {} day, {} {}\n", number_text(a.peaks[k].period(), 7), a.info.value, number_text(a.peaks[k].value, 5));
  }
}

}  // namespace

int statistic(const PeriodogramFlags& flags, const data::ReadResult& read, const data::Series& series) {
  if (series.bands() > 1) fail(ErrorKind::input, flags.file, "has several bands, whose values cannot be mixed: choose one with --band");
  const auto make = [&](Budget& budget) { return answer(budget, series, flags); };
  const Answer found = run(make, flags.quiet);
  if (flags.as_json) {
    fmt::print("{}\n", json_text(answer_json(read, series, found, flags)));
  } else if (flags.as_csv) {
    print_csv(found, flags.curve);
  } else {
    print_words(read, series, found);
  }
  return kDone;
}

}  // namespace orrery::app
