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
#include "orrery/transit/box_search.hpp"
#include "orrery/transit/period_grid.hpp"
#include "orrery/period/caution.hpp"
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
  double longest_period = 0.0;
  std::string search, reason;  // how boxes were looked for
  std::vector<std::string> doubts;
};

constexpr std::string_view kSearches[] = {"auto", "brute", "ffa", "sparse"};

std::optional<double> given(double value) { return value > 0.0 ? std::optional(value) : std::nullopt; }

transit::BoxDurations durations_of(const TransitsFlags& flags) {
  if (!flags.duration.empty()) return {flags.duration};
  if (flags.grid == "box") fail(ErrorKind::input, "transits", "expected --duration with --grid box, got none");
  return transit::keplerian_durations({.radius = flags.star_radius, .mass = flags.star_mass});
}

/// The box again with the periods between it and its neighbours, a transit at the end of the span moving by a fiftieth of itself: the
/// grid of a search lets it move by more, and a deep dip that is smeared looks unlike itself from transit to transit.
void refine(Found& found, const data::Series& series) {
  const auto [first, last] = std::minmax_element(series.t.begin(), series.t.end());
  const double p = found.box.period, step = 0.02 * found.box.duration * p / (*last - *first);
  std::vector<double> periods;
  for (int k = -75; k <= 75; ++k) periods.push_back(p + step * k);
  const double durations[] = {found.box.duration};
  if (!(periods.front() > found.box.duration)) return;
  const auto close = transit::box_least_squares(series.view(), periods, durations);
  const Index best = close.best();
  if (best < 0) return;
  found.box = {close.period[at(best)], close.duration[at(best)], close.transit_time[at(best)]};
  found.snr = close.depth_snr[at(best)];
}

/// The best box of all periods, by all cores, with progress.
Found best_box(const data::Series& series, const TransitsFlags& flags) {
  transit::BoxSearchOptions options{.min_transits = flags.min_transits};
  options.method = static_cast<transit::BoxMethod>(std::find(std::begin(kSearches), std::end(kSearches),
      flags.search) - std::begin(kSearches));
  const auto durations = durations_of(flags);
  if (flags.grid == "box") {
    options.period = transit::box_period_grid(series.t, flags.duration, {.min_period = given(flags.min_period),
        .max_period = given(flags.max_period), .min_transits = flags.min_transits});
  } else {
    options.min_period = given(flags.min_period);
    options.max_period = given(flags.max_period);
  }
  const auto all = run([&](Budget& budget) { return transit::box_search_task(budget, series.view(), durations, options); }, flags.quiet);
  const Index best = all.boxes.best();
  if (best < 0) fail(ErrorKind::input, "transits", "no trial period has a box with points inside and outside");
  const auto b = at(best);
  Found found{.box = {all.boxes.period[b], all.boxes.duration[b], all.boxes.transit_time[b]}, .statistics = {},
      .snr = all.boxes.depth_snr[b], .periods = all.boxes.size()};
  found.longest_period = *std::max_element(all.boxes.period.begin(), all.boxes.period.end());
  found.search = transit::box_method_name(all.method);
  found.reason = all.reason;
  found.doubts = all.warnings;
  refine(found, series);
  return found;
}

json finite(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }

/// What speaks against a planet.
std::vector<std::string> doubts_of(const Found& found) {
  const auto& s = found.statistics;
  std::vector<std::string> doubts = found.doubts;
  const double apart = std::fabs(s.depth_odd.value - s.depth_even.value) / std::hypot(s.depth_odd.error, s.depth_even.error);
  if (apart > 3.0) doubts.push_back(fmt::format("odd and even transits differ by {:.1f} sigma: two stars, or twice this period", apart));
  if (s.harmonic_delta_log_likelihood > 0.0) doubts.push_back("a sinusoid at this period explains more than the box");
  if (s.depth_phased.value > 3.0 * s.depth_phased.error) {
    doubts.push_back(fmt::format("half a period later there is a dip of {:.1f} sigma: a secondary eclipse, or half this period", s.depth_phased.value / s.depth_phased.error));
  }
  if (found.snr < 7.0) doubts.push_back(fmt::format("a depth of {:.1f} sigma is what noise alone reaches in such a search", found.snr));
  if (found.transits < 3) doubts.push_back(fmt::format("only {} with points inside", plural(found.transits, "transit")));
  if (found.box.period > 0.99 * found.longest_period) doubts.push_back("the period is at the end of the range searched");
  return doubts;
}

json found_json(const Found& f, const TransitsFlags& flags, const data::ReadResult& read) {
  const auto depth = [](const transit::BoxStatistics::Depth& d) { return json{{"depth", finite(d.value)}, {"error", finite(d.error)}}; };
  return {{"file", flags.file}, {"period", f.box.period}, {"transit_time", f.box.transit_time}, {"duration", f.box.duration},
          {"depth", finite(f.statistics.depth.value)}, {"depth_error", finite(f.statistics.depth.error)}, {"depth_snr", finite(f.snr)},
          {"n_transits", f.transits}, {"odd", depth(f.statistics.depth_odd)}, {"even", depth(f.statistics.depth_even)},
          {"half_period_later", depth(f.statistics.depth_phased)}, {"doubts", f.doubts}, {"n_periods", f.periods}, {"search", f.search}, {"search_reason", f.reason},
          {"n_used", read.series.size()}, {"n_dropped", read.report.n_dropped()}, {"notes", read.report.notes}};
}

void print_found(const Found& f, const data::ReadResult& read) {
  const double uncertain = f.box.duration / 2.0;
  fmt::print("period   {} day, a transit at {} day\n", number_text(f.box.period, 7), value_text(f.box.transit_time, uncertain, 15));
  fmt::print("depth    {}, {:.1f} sigma, over {} day\n", measured_text(f.statistics.depth.value, f.statistics.depth.error), f.snr,
             number_text(f.box.duration, 3));
  fmt::print("transits {} with points inside; odd ones {:.2g}, even ones {:.2g} deep\n", f.transits, f.statistics.depth_odd.value, f.statistics.depth_even.value);
  fmt::print("used     {} of {} measurements, {} trial periods\n", read.series.size(), read.report.n_measurements, f.periods);
  fmt::print("search   {}: {}\n", f.search, f.reason);
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

}  // namespace

int transits(const TransitsFlags& flags) {
  auto read = read_file(flags.file, flags.read.options(), flags.quiet);
  if (read.series.bands() > 1) fail(ErrorKind::input, flags.file, "has several bands: name the value column of one (--value)");
  period::require_variation(read.series, flags.file.c_str());
  prepare(read, flags.detrend);
  Found found = best_box(read.series, flags);
  found.statistics = transit::box_statistics(read.series.view(), found.box);
  for (const Index count : found.statistics.per_transit_count) found.transits += count > 0 ? 1 : 0;
  found.doubts = doubts_of(found);
  if (flags.as_json) {
    fmt::print("{}\n", json_text(found_json(found, flags, read)));
  } else {
    print_found(found, read);
  }
  return kDone;
}

}  // namespace orrery::app
