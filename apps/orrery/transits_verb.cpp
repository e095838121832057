// orrery transits FILE
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <nlohmann/json.hpp>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/data/read_series.hpp"
#include "orrery/json_output.hpp"
#include "orrery/transit/box_least_squares.hpp"
#include "orrery/transit/period_grid.hpp"
#include "orrery/progress.hpp"
#include "orrery/stats/robust.hpp"
#include "orrery/stats/running_median.hpp"
#include "orrery/verbs.hpp"

namespace orrery::app {
namespace {

using nlohmann::json;

struct Found {
  transit::Box box;
  transit::BoxStatistics statistics;
  double snr = 0.0;
  Index periods = 0, transits = 0;
  std::vector<std::string> doubts;
};

constexpr Index kChunk = 2048;  // periods between two looks at Ctrl-C

/// The best box of all periods, by all cores, with progress.
Found best_box(const SeriesView& series, std::span<const double> periods, std::span<const double> durations, bool quiet) {
  Progress progress(quiet);
  Found found{.periods = ssize(periods)};
  double top = -1.0;
  for (Index first = 0; first < ssize(periods); first += kChunk) {
    if (interrupted()) throw Interrupted{};
    progress.say(static_cast<double>(first) / static_cast<double>(periods.size()), "box search");
    const Index count = std::min(kChunk, ssize(periods) - first);
    const auto part = transit::box_least_squares(series, periods.subspan(at(first), at(count)), durations);
    const Index best = part.best();
    if (best < 0 || !(part.objective[at(best)] > top)) continue;
    top = part.objective[at(best)];
    found.box = {part.period[at(best)], part.duration[at(best)], part.transit_time[at(best)]};
    found.snr = part.depth_snr[at(best)];
  }
  if (top < 0.0) fail(ErrorKind::input, "transits", "no trial period has a box with points inside and outside");
  return found;
}

json finite(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }

/// What speaks against a planet.
std::vector<std::string> doubts_of(const Found& found, double longest_period) {
  const auto& s = found.statistics;
  std::vector<std::string> doubts;
  const double apart = std::fabs(s.depth_odd.value - s.depth_even.value) / std::hypot(s.depth_odd.error, s.depth_even.error);
  if (apart > 3.0) doubts.push_back(fmt::format("odd and even transits differ by {:.1f} sigma: two stars, or twice this period", apart));
  if (s.harmonic_delta_log_likelihood > 0.0) doubts.push_back("a sinusoid at this period explains more than the box");
  if (s.depth_phased.value > 3.0 * s.depth_phased.error) {
    doubts.push_back(fmt::format("half a period later there is a dip of {:.1f} sigma: a secondary eclipse, or half this period", s.depth_phased.value / s.depth_phased.error));
  }
  if (found.snr < 7.0) doubts.push_back(fmt::format("a depth of {:.1f} sigma is what noise alone reaches in such a search", found.snr));
  if (found.transits < 3) doubts.push_back(fmt::format("only {} with points inside", plural(found.transits, "transit")));
  if (found.box.period > 0.99 * longest_period) doubts.push_back("the period is at the end of the range searched");
  return doubts;
}

json found_json(const Found& f, const TransitsFlags& flags, const data::ReadResult& read) {
  const auto depth = [](const transit::BoxStatistics::Depth& d) { return json{{"depth", finite(d.value)}, {"error", finite(d.error)}}; };
  return {{"file", flags.file}, {"period", f.box.period}, {"transit_time", f.box.transit_time}, {"duration", f.box.duration},
          {"depth", finite(f.statistics.depth.value)}, {"depth_error", finite(f.statistics.depth.error)}, {"depth_snr", finite(f.snr)},
          {"n_transits", f.transits}, {"odd", depth(f.statistics.depth_odd)}, {"even", depth(f.statistics.depth_even)},
          {"half_period_later", depth(f.statistics.depth_phased)}, {"doubts", f.doubts}, {"n_periods", f.periods},
          {"n_used", read.series.size()}, {"n_dropped", read.report.n_dropped()}, {"notes", read.report.notes}};
}

void print_found(const Found& f, const data::ReadResult& read) {
  const double uncertain = f.box.duration / 2.0;
  fmt::print("period   {} day, a transit at {} day\n", number_text(f.box.period, 7), value_text(f.box.transit_time, uncertain));
  fmt::print("depth    {} +- {}, {:.1f} sigma, over {} day\n", value_text(f.statistics.depth.value, f.statistics.depth.error),
             error_text(f.statistics.depth.error), f.snr, number_text(f.box.duration, 3));
  fmt::print("transits {} with points inside; odd ones {:.2g}, even ones {:.2g} deep\n", f.transits, f.statistics.depth_odd.value, f.statistics.depth_even.value);
  fmt::print("used     {} of {} measurements, {} trial periods\n", read.series.size(), read.report.n_measurements, f.periods);
  for (const auto& note : read.report.notes) fmt::print("note     {}\n", note);
  for (const auto& doubt : f.doubts) fmt::print("doubt    {}\n", doubt);
}

/// Takes off what is not a dip, and finds errors where there are none.
void prepare(data::ReadResult& read, double detrend) {
  data::Series& series = read.series;
  if (series.quantity == data::Quantity::magnitude) {
    for (double& y : series.y) y = -y;  // a dip is a larger magnitude
  }
  if (detrend > 0.0) {
    const auto trend = stats::running_median(series.t, series.y, detrend);
    const bool flux = series.quantity != data::Quantity::magnitude && *std::min_element(trend.begin(), trend.end()) > 0.0;
    for (std::size_t i = 0; i < trend.size(); ++i) {
      series.y[i] = flux ? series.y[i] / trend[i] : series.y[i] - trend[i];
      if (flux && !series.sigma.empty()) series.sigma[i] /= trend[i];
    }
  }
  if (!series.sigma.empty()) return;
  const double scatter = stats::kMadToSigma * stats::median_absolute_deviation(series.y);
  if (!(scatter > 0.0)) return;
  series.sigma.assign(series.y.size(), scatter);
  read.report.notes.push_back("without errors in the file each point has that of the scatter, " + number_text(scatter, 2));
}

std::optional<double> given(double value) { return value > 0.0 ? std::optional(value) : std::nullopt; }

std::vector<double> trial_periods(const data::Series& series, const TransitsFlags& flags) {
  if (flags.grid == "box") {
    return transit::box_period_grid(series.t, flags.duration, {.min_period = given(flags.min_period), .max_period = given(flags.max_period),
                                                              .min_transits = flags.min_transits});
  }
  const double span = series.t.empty() ? 0.0 : series.t.back() - series.t.front();
  return transit::keplerian_period_grid(span, {.radius = flags.star_radius, .mass = flags.star_mass, .min_period = given(flags.min_period),
                                              .max_period = given(flags.max_period), .min_transits = flags.min_transits});
}

}  // namespace

int transits(const TransitsFlags& flags) {
  auto read = data::read_series_file(flags.file, flags.read.options(), reading_progress(flags.quiet));
  if (read.series.bands() > 1) fail(ErrorKind::input, flags.file, "has several bands: name the value column of one (--value)");
  prepare(read, flags.detrend);
  const auto periods = trial_periods(read.series, flags);
  const auto view = read.series.view();
  Found found = best_box(view, periods, flags.duration, flags.quiet);
  found.statistics = transit::box_statistics(view, found.box);
  for (const Index count : found.statistics.per_transit_count) found.transits += count > 0 ? 1 : 0;
  found.doubts = doubts_of(found, periods.back());
  if (flags.as_json) {
    fmt::print("{}\n", json_text(found_json(found, flags, read)));
  } else {
    print_found(found, read);
  }
  return kDone;
}

}  // namespace orrery::app
