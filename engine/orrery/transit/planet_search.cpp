#include "orrery/transit/planet_search.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"

namespace orrery::transit {
namespace {

constexpr const char* kWhere = "find_planets";
constexpr Index kFewestPoints = 10;  // below this nothing is searched

/// The measurements that are left.
struct Rest {
  std::vector<double> t, y, sigma;

  [[nodiscard]] SeriesView view() const { return {t, y, sigma}; }
  void take_out(const std::vector<unsigned char>& mask) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < t.size(); ++i) {
      if (mask[i] != 0) continue;
      t[kept] = t[i];
      y[kept] = y[i];
      if (!sigma.empty()) sigma[kept] = sigma[i];
      ++kept;
    }
    t.resize(kept);
    y.resize(kept);
    if (!sigma.empty()) sigma.resize(kept);
  }
};

std::vector<double> prepare(const SeriesView& series, PlanetSearchOptions& options) {
  require_usable(series, 3, kWhere);
  if (options.max_planets < 1 || options.max_planets > 20) {
    fail(ErrorKind::input, kWhere, "expected max_planets in [1, 20], got " + std::to_string(options.max_planets));
  }
  if (!(options.mask_width >= 1.0 && options.mask_width <= 10.0)) {
    fail(ErrorKind::input, kWhere, "expected mask_width in [1, 10], got " + number_text(options.mask_width));
  }
  options.transit.oversampling = options.grid.oversampling;
  const auto [first, last] = std::minmax_element(series.t.begin(), series.t.end());
  return transit_period_grid(*last - *first, options.grid);
}

/// Measures what a search found; false when there is nothing to measure.
bool judge(const Rest& rest, TransitPeriodogram&& found, const PlanetSearchOptions& options, PlanetRound& round) {
  const Index best = found.best();
  round.points = ssize(rest.t);
  round.sde = found.sde;
  round.sde_raw = found.sde_raw;
  round.false_alarm_probability = transit_false_alarm_probability(found.sde);
  round.periodogram = std::move(found);
  if (best < 0 || !(round.periodogram.depth[at(best)] > 0.0)) return false;
  const auto& p = round.periodogram;
  round.candidate = planet_candidate(rest.view(), p.period[at(best)], p.duration[at(best)], p.transit_time[at(best)], options.transit);
  round.accepted = round.sde >= options.min_sde && round.candidate.snr >= options.min_snr;
  return true;
}

}  // namespace

std::vector<PlanetRound> find_planets(const SeriesView& series, const PlanetSearchOptions& given) {
  PlanetSearchOptions options = given;
  const auto periods = prepare(series, options);
  Rest rest{{series.t.begin(), series.t.end()}, {series.y.begin(), series.y.end()}, {series.sigma.begin(), series.sigma.end()}};
  std::vector<PlanetRound> rounds;
  while (ssize(rounds) < options.max_planets && ssize(rest.t) >= kFewestPoints) {
    PlanetRound round;
    if (!judge(rest, transit_least_squares(rest.view(), periods, options.transit), options, round)) break;
    rounds.push_back(std::move(round));
    if (!rounds.back().accepted) break;
    rest.take_out(candidate_mask(rest.t, rounds.back().candidate, options.mask_width));
  }
  return rounds;
}

Task<std::vector<PlanetRound>> find_planets_task(Budget& budget, SeriesView series, PlanetSearchOptions options) {
  const auto periods = prepare(series, options);
  Rest rest{{series.t.begin(), series.t.end()}, {series.y.begin(), series.y.end()}, {series.sigma.begin(), series.sigma.end()}};
  std::vector<PlanetRound> rounds;
  while (ssize(rounds) < options.max_planets && ssize(rest.t) >= kFewestPoints) {
    PlanetRound round;
    auto found = co_await transit_least_squares_task(budget, rest.view(), periods, options.transit);
    if (!judge(rest, std::move(found), options, round)) break;
    co_await budget.pause();
    rounds.push_back(std::move(round));
    if (!rounds.back().accepted) break;
    rest.take_out(candidate_mask(rest.t, rounds.back().candidate, options.mask_width));
  }
  co_return rounds;
}

std::vector<unsigned char> candidate_mask(std::span<const double> t, const PlanetCandidate& candidate, double width) {
  std::vector<unsigned char> mask;
  mask.reserve(t.size());
  for (const double time : t) {
    const double apart = std::remainder(time - candidate.transit_time.value, candidate.period.value);
    mask.push_back(std::fabs(apart) < 0.5 * width * candidate.duration ? 1 : 0);
  }
  return mask;
}

}  // namespace orrery::transit
