// orrery transits FILE --method tls: transit least squares, one planet after the other.
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/data/read_series.hpp"
#include "orrery/json_output.hpp"
#include "orrery/period/caution.hpp"
#include "orrery/progress.hpp"
#include "orrery/stats/robust.hpp"
#include "orrery/stats/running_median.hpp"
#include "orrery/transit/planet_search.hpp"
#include "orrery/verbs.hpp"

namespace orrery::app {
namespace {

using nlohmann::json;

json finite(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }
json measured(const transit::Measured& m) { return {{"value", finite(m.value)}, {"error", finite(m.error)}}; }

/// Flux of level 1: magnitudes become flux, and the trend, or the median, is divided out.
void to_unit_level(data::ReadResult& read, double detrend) {
  data::Series& series = read.series;
  if (series.size() == 0) return;
  std::vector<double> level = detrend > 0.0 ? stats::running_median(series.t, series.y, detrend)
                                            : std::vector<double>(series.y.size(), stats::median(series.y));
  const bool magnitudes = series.quantity == data::Quantity::magnitude;
  for (std::size_t i = 0; i < level.size(); ++i) {
    if (!magnitudes && !(level[i] > 0.0)) {
      fail(ErrorKind::input, "transits", "expected a flux whose level is above 0, got " + number_text(level[i]) + " near time " + number_text(series.t[i]));
    }
    series.y[i] = magnitudes ? std::pow(10.0, -0.4 * (series.y[i] - level[i])) : series.y[i] / level[i];
    if (series.sigma.empty()) continue;
    series.sigma[i] = magnitudes ? 0.4 * std::log(10.0) * series.y[i] * series.sigma[i] : series.sigma[i] / level[i];
  }
}

transit::PlanetSearchOptions options_of(const TransitsFlags& flags) {
  transit::PlanetSearchOptions options{.max_planets = flags.planets};
  options.grid.radius = flags.star_radius;
  options.grid.mass = flags.star_mass;
  options.grid.min_transits = flags.min_transits > 0.0 ? flags.min_transits : 2.0;
  if (flags.exposure >= 0.0) options.transit.exposure = flags.exposure;
  if (flags.min_period > 0.0) options.grid.min_period = flags.min_period;
  if (flags.max_period > 0.0) options.grid.max_period = flags.max_period;
  return options;
}

json round_json(const transit::PlanetRound& round) {
  const auto& c = round.candidate;
  json transits = json::array();
  for (const auto& one : c.transits) {
    transits.push_back({{"time", one.time}, {"depth", finite(one.depth.value)}, {"error", finite(one.depth.error)}, {"points", one.points}});
  }
  return {{"period", c.period.value}, {"period_error", finite(c.period.error)}, {"transit_time", c.transit_time.value},
          {"transit_time_error", finite(c.transit_time.error)}, {"duration", c.duration}, {"exposure", c.exposure}, {"depth", c.depth.value}, {"depth_error", finite(c.depth.error)},
          {"radius_ratio", c.radius_ratio}, {"snr", c.snr}, {"red_noise", c.red_noise}, {"sde", round.sde}, {"sde_raw", round.sde_raw},
          {"false_alarm_probability", round.false_alarm_probability}, {"accepted", round.accepted}, {"n_points", round.points},
          {"n_transits", ssize(c.transits)}, {"n_transits_seen", c.seen}, {"odd", measured(c.depth_odd)}, {"even", measured(c.depth_even)},
          {"odd_even_mismatch", c.odd_even_mismatch}, {"half_period_later", measured(c.depth_half)}, {"ambiguous", c.ambiguous()},
          {"verdict", transit::verdict_name(c.verdict)}, {"verdict_text", transit::verdict_text(c)}, {"doubled", c.doubled},
          {"transits", transits}};
}

void print_round(Index number, const transit::PlanetRound& round) {
  const auto& c = round.candidate;
  const auto with_error = [](const transit::Measured& m) { return measured_text(m.value, m.error); };
  fmt::print("{}  period {} day, transit at {}, duration {} day\n", round.accepted ? fmt::format("planet {}", number) : "no planet", with_error(c.period),
             value_text(c.transit_time.value, c.transit_time.error, 15), number_text(c.duration, 3));
  fmt::print("          depth {}, radius {} of the star; SNR {:.1f}, SDE {:.1f}, false alarm {}{}\n", with_error(c.depth), number_text(c.radius_ratio, 3),
             c.snr, round.sde, round.false_alarm_probability <= 8e-5 ? "< " : round.false_alarm_probability >= 0.1 ? "> " : "",
             number_text(round.false_alarm_probability, 2));
  fmt::print("          {} of {} seen; odd and even depths differ by {:.1f} sigma\n", c.seen, plural(ssize(c.transits), "transit"), c.odd_even_mismatch);
  if (const auto text = transit::verdict_text(c); !text.empty()) fmt::print("          period: {}\n", text);
}

}  // namespace

int planets(const TransitsFlags& flags) {
  auto read = read_file(flags.file, flags.read.options(), flags.quiet);
  if (read.series.bands() > 1) fail(ErrorKind::input, flags.file, "has several bands: name the value column of one (--value)");
  period::require_variation(read.series, flags.file.c_str());
  to_unit_level(read, flags.detrend);
  const auto view = read.series.view();
  const auto rounds = run([&](Budget& budget) { return transit::find_planets_task(budget, view, options_of(flags)); }, flags.quiet);
  const Index periods = rounds.empty() ? 0 : rounds.front().periodogram.size();
  if (flags.as_json) {
    json found = json::array();
    for (const auto& round : rounds) found.push_back(round_json(round));
    fmt::print("{}\n", json_text({{"file", flags.file}, {"method", "tls"}, {"planets", found}, {"n_periods", periods}, {"n_used", read.series.size()},
                                  {"n_dropped", read.report.n_dropped()}, {"notes", read.report.notes}}));
    return kDone;
  }
  Index number = 0;
  for (const auto& round : rounds) print_round(++number, round);
  if (rounds.empty()) fmt::print("no dip at any trial period\n");
  fmt::print("used      {} of {} measurements{}\n", read.series.size(), read.report.n_measurements,
             rounds.empty() ? "" : ", " + plural(periods, "trial period"));
  for (const auto& note : read.report.notes) fmt::print("note      {}\n", note);
  return kDone;
}

}  // namespace orrery::app
