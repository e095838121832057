// orrery prewhiten FILE
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/data/read_series.hpp"
#include "orrery/json_output.hpp"
#include "orrery/period/caution.hpp"
#include "orrery/period/prewhiten.hpp"
#include "orrery/period/search.hpp"
#include "orrery/progress.hpp"
#include "orrery/verbs.hpp"

namespace orrery::app {
namespace {

using nlohmann::json;
using period::Mode;

json finite(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }

/// The one band that is prewhitened: values of several cannot be mixed.
data::Series one_band(const data::Series& series, const PrewhitenFlags& flags) {
  if (flags.band.empty() && series.bands() <= 1) return series;
  std::string known;
  for (std::size_t b = 0; b < series.band_names.size(); ++b) {
    if (series.band_names[b] == flags.band) return data::select_band(series, static_cast<Index>(b));
    known += (known.empty() ? "" : ", ") + series.band_names[b];
  }
  if (known.empty()) fail(ErrorKind::input, "--band " + flags.band, "the file names no bands");
  if (flags.band.empty()) fail(ErrorKind::input, flags.file, "has several bands: choose one with --band (" + known + ")");
  fail(ErrorKind::input, "--band " + flags.band, "expected one of: " + known);
}

period::FrequencyGrid grid_of(const data::Series& series, const PrewhitenFlags& flags) {
  period::PeriodSearch search{.oversampling = flags.oversampling};
  if (flags.min_period > 0.0) search.min_period = flags.min_period;
  if (flags.max_period > 0.0) search.max_period = flags.max_period;
  search.max_frequencies = 20'000'000;
  return period::search_range(series, search).grid;
}

json mode_json(const Mode& m) {
  return {{"frequency", finite(m.frequency)}, {"frequency_error", finite(m.frequency_error)}, {"period", finite(1.0 / m.frequency)},
          {"period_error", finite(m.frequency_error / (m.frequency * m.frequency))}, {"amplitude", finite(m.amplitude)},
          {"amplitude_error", finite(m.amplitude_error)}, {"phase", finite(m.phase)}, {"phase_error", finite(m.phase_error)},
          {"snr", finite(m.snr)}, {"log10_false_alarm", finite(m.log10_false_alarm)}, {"relation", m.relation}, {"resolved", m.resolved}};
}

json found_json(const data::ReadResult& read, const period::Prewhitening& found, const period::FrequencyGrid& grid,
                const PrewhitenFlags& flags) {
  json modes = json::array();
  for (const auto& m : found.modes) modes.push_back(mode_json(m));
  json out = {{"file", flags.file}, {"modes", modes}, {"epoch", found.epoch}, {"offset", finite(found.offset)}, {"chi2", finite(found.chi2)},
              {"chi2_0", finite(found.chi2_0)}, {"dof", found.dof}, {"stop", period::stop_words(found.stop)}, {"n_used", found.residual.size()},
              {"n_frequencies", grid.count}, {"min_period", finite(1.0 / grid.last())}, {"max_period", finite(1.0 / grid.first)},
              {"notes", read.report.notes}};
  if (flags.curve) {
    out["curve"] = {{"frequency", grid.values()}, {"residual_amplitude", found.amplitude}};
    out["residual"] = found.residual;
  }
  return out;
}

std::string chance(double log10) {
  return log10 > -4.0 ? fmt::format("{:.2g}", std::pow(10.0, log10)) : fmt::format("10^{:.1f}", log10);
}

void print_doubts(const data::Series& series, const period::Prewhitening& found) {
  for (std::size_t j = 0; j < found.modes.size(); ++j) {
    for (const auto& caution : period::period_cautions(series, 1.0 / found.modes[j].frequency)) fmt::print("doubt    f{}: {}\n", j + 1, caution);
  }
  for (std::size_t j = 0; j < found.modes.size(); ++j) {
    if (found.modes[j].log10_false_alarm <= -2.0) continue;
    fmt::print("doubt    f{} is no surprise in noise: do not count it, nor those after it\n", j + 1);
    break;
  }
  for (std::size_t j = 0; j < found.modes.size(); ++j) {
    if (found.modes[j].resolved) continue;
    fmt::print("doubt    f{} has another mode nearer than 1.5 / T: the data do not separate them well\n", j + 1);
  }
}

void print_words(const data::ReadResult& read, const data::Series& series, const period::Prewhitening& found, Index frequencies) {
  for (std::size_t j = 0; j < found.modes.size(); ++j) {
    const auto& m = found.modes[j];
    const double period = 1.0 / m.frequency, period_error = period * period * m.frequency_error;
    fmt::print("{:<8} {} /day, period {} day, amplitude {}, phase {}, S/N {}, false alarm {}{}\n", "f" + std::to_string(j + 1),
               measured_text(m.frequency, m.frequency_error), value_text(period, period_error),
               measured_text(m.amplitude, m.amplitude_error), measured_text(m.phase, m.phase_error), number_text(m.snr, 3),
               chance(m.log10_false_alarm), m.relation.empty() ? "" : ", " + m.relation);
  }
  if (found.modes.empty()) fmt::print("modes    none\n");
  fmt::print("stopped  {}\n", period::stop_words(found.stop));
  fmt::print("left     chi2 {} of {}, {} degrees of freedom\n", number_text(found.chi2, 6), number_text(found.chi2_0, 6), found.dof);
  fmt::print("used     {} of {} measurements, {} trial frequencies; phase 0 at {}\n", found.residual.size(), read.report.n_measurements, frequencies,
             number_text(found.epoch));
  for (const auto& note : read.report.notes) fmt::print("note     {}\n", note);
  print_doubts(series, found);
}

void print_csv(const period::Prewhitening& found) {
  fmt::print("frequency,frequency_error,amplitude,amplitude_error,phase,phase_error,snr,log10_false_alarm,relation\n");
  for (const auto& m : found.modes) {
    fmt::print("{},{},{},{},{},{},{},{},{}\n", number_text(m.frequency), number_text(m.frequency_error), number_text(m.amplitude),
               number_text(m.amplitude_error), number_text(m.phase), number_text(m.phase_error), number_text(m.snr),
               number_text(m.log10_false_alarm), m.relation);
  }
}

}  // namespace

int prewhiten(const PrewhitenFlags& flags) {
  const auto read = data::read_series_file(flags.file, flags.read.options(), reading_progress(flags.quiet));
  const data::Series series = one_band(read.series, flags);
  const auto grid = grid_of(series, flags);
  const period::PrewhitenOptions options{
      .max_modes = flags.modes, .min_snr = flags.snr, .max_false_alarm = flags.false_alarm, .noise_box = flags.noise_box};
  const auto found = run([&](Budget& budget) { return period::prewhiten_task(budget, series.view(), grid, options); }, flags.quiet);
  if (flags.as_json) {
    fmt::print("{}\n", json_text(found_json(read, found, grid, flags)));
  } else if (flags.as_csv) {
    print_csv(found);
  } else {
    print_words(read, series, found, grid.count);
  }
  return kDone;
}

}  // namespace orrery::app
