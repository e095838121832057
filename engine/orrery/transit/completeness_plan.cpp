// Injection and recovery: checks, trial periods and everything else that is the same in all trials.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/memory.hpp"
#include "orrery/core/text.hpp"
#include "orrery/stats/robust.hpp"
#include "orrery/transit/completeness_detail.hpp"
#include "orrery/transit/period_grid.hpp"
#include "orrery/transit/transit_detail.hpp"
#include "orrery/transit/transit_grid.hpp"

namespace orrery::transit::detail {
namespace {

constexpr const char* kWhere = "completeness";
constexpr Index kFewest = 10;             // measurements
constexpr double kAxisOfOneDay = 4.2083;  // (G M P^2 / 4 pi^2)^(1/3) / R of the Sun, P = 1 day
constexpr double kGreatestDepth = 0.25;
constexpr double kMostTrials = 1e8;

void require_range(const char* what, double value, double low, double high) {
  if (value >= low && value <= high) return;
  fail(ErrorKind::input, kWhere, std::string("expected ") + what + " in [" + number_text(low) + ", " + number_text(high) + "], got " + number_text(value));
}

void require_edges(const char* what, const std::vector<double>& edge, double least, double most) {
  if (edge.size() < 2) fail(ErrorKind::input, kWhere, std::string("expected at least two ") + what + ", got " + std::to_string(edge.size()));
  for (std::size_t i = 0; i < edge.size(); ++i) {
    if (!(edge[i] >= least && edge[i] <= most) || (i > 0 && edge[i] < edge[i - 1])) {
      fail(ErrorKind::input, kWhere, std::string("expected ") + what + " ascending in [" + number_text(least) + ", " + number_text(most) + "], got " +
                                         number_text(edge[i]) + " at index " + std::to_string(i));
    }
  }
}

void require_method(const CompletenessOptions& o) {
  const bool transits = o.kind == InjectionKind::transit;
  if (o.method == RecoveryMethod::matched || transits == (o.method != RecoveryMethod::lomb_scargle)) return;
  fail(ErrorKind::input, kWhere, std::string("expected ") + (transits ? "a box search, tls or matched for transits" : "lomb_scargle or matched for variables") +
                                     ", got " + recovery_method_name(o.method));
}

void require_options(const CompletenessOptions& o) {
  require_method(o);
  require_edges("period edges [day]", o.period_edge, 1e-6, 1e9);
  require_edges("size edges", o.size_edge, 0.0, o.kind == InjectionKind::transit ? kGreatestDepth : 1e300);
  if (o.trials < 1) fail(ErrorKind::input, kWhere, "expected trials >= 1, got " + std::to_string(o.trials));
  if (o.first_trial < 0 || o.first_trial > 1'000'000'000) fail(ErrorKind::input, kWhere, "expected first_trial in [0, 1e9], got " + std::to_string(o.first_trial));
  if (o.control < 0 || o.control > 1'000'000) fail(ErrorKind::input, kWhere, "expected control in [0, 1e6], got " + std::to_string(o.control));
  if (!o.threshold && o.control < 2) fail(ErrorKind::input, kWhere, "expected a threshold, or a control of at least 2 series to set it, got " + std::to_string(o.control));
  if (o.threshold && !std::isfinite(*o.threshold)) fail(ErrorKind::input, kWhere, "expected a finite threshold, got " + number_text(*o.threshold));
  require_range("false_alarm", o.false_alarm, 1e-9, 1.0 - 1e-9);
  require_range("tolerance", o.tolerance, 1e-9, 0.2);
  require_range("confidence", o.confidence, 1e-9, 1.0 - 1e-9);
  require_range("max_impact", o.max_impact, 0.0, 0.999);
  require_range("star_radius", o.star_radius, 1e-3, 1e4);
  require_range("star_mass", o.star_mass, 1e-3, 1e4);
  require_range("oversampling", o.oversampling, 0.0, 100.0);
  require_range("rise", o.rise, 1e-6, 1.0 - 1e-6);
  if (!(o.control_block >= 0.0)) fail(ErrorKind::input, kWhere, "expected control_block >= 0, got " + number_text(o.control_block));
  if (o.peak_share) require_range("peak_share", *o.peak_share, 0.0, 2.0);
  const double cells = static_cast<double>(o.period_edge.size() - 1) * static_cast<double>(o.size_edge.size() - 1);
  const double trials = static_cast<double>(o.trials) * cells;
  if (trials > kMostTrials) fail(ErrorKind::limit, kWhere, "expected at most 1e8 injections, got " + number_text(trials, 3) + ": take fewer cells or trials");
  require_memory(trials * sizeof(InjectionTrial), kWhere, "for " + number_text(trials, 3) + " injections: take fewer cells or trials");
}

/// A program may not carry the search that is asked for.
void require_search(const Plan& p) {
  const auto method = p.options.method;
  const bool light = method == RecoveryMethod::matched || method == RecoveryMethod::lomb_scargle || method == RecoveryMethod::box_brute;
  if (!light && p.searches.choose == nullptr) fail(ErrorKind::input, kWhere, std::string("expected box_brute, lomb_scargle or matched here, got ") + recovery_method_name(method));
}

/// Ascending in time, sigma filled; of unit level for transits.
Columns prepared(const SeriesView& series, const CompletenessOptions& o) {
  require_usable(series, kFewest, kWhere);
  std::vector<Index> order(at(series.size()));
  std::iota(order.begin(), order.end(), Index(0));
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return series.t[at(a)] < series.t[at(b)]; });
  double level = 1.0;
  if (o.kind == InjectionKind::transit) {
    level = stats::median(series.y);
    if (!(level > 0.0)) fail(ErrorKind::input, kWhere, "expected a flux whose median is above 0, as transits take a share of it, got " + number_text(level));
  }
  Columns out;
  for (const Index i : order) {
    out.t.push_back(series.t[at(i)]);
    out.y.push_back(series.y[at(i)] / level);
    if (!series.sigma.empty()) out.sigma.push_back(series.sigma[at(i)] / level);
  }
  if (!(out.t.back() > out.t.front())) fail(ErrorKind::input, kWhere, "expected times that differ, got one time");
  return out;
}

void choose_periods(Plan& p) {
  const auto& o = p.options;
  const double shortest = o.period_edge.front(), longest = o.period_edge.back();
  // Rounded to ten digits here and in the draws, so that logarithms that differ in the last bit do not make two machines disagree.
  p.low = o.min_period.value_or(0.5 * shortest);
  p.high = o.max_period.value_or(std::max(longest, std::min(2.0 * longest, p.span)));
  const bool boxes = o.method == RecoveryMethod::box || o.method == RecoveryMethod::box_brute || o.method == RecoveryMethod::box_folding;
  if (boxes) {
    p.durations = keplerian_durations({.radius = o.star_radius, .mass = o.star_mass, .density_factor = 1.5,
                                       .max_impact = std::min(0.9, o.max_impact)});
    for (double& d : p.durations.value) d = head_number(d);
    if (!o.min_period) p.low = std::max(p.low, std::min(shortest, shortest_box_period(p.durations)));
  }
  if (!(p.low > 0.0) || !(p.high >= p.low) || !std::isfinite(p.high)) {
    fail(ErrorKind::input, kWhere, "expected searched periods from above 0 to no shorter, got " + number_text(p.low) + " to " + number_text(p.high));
  }
  if (o.method == RecoveryMethod::lomb_scargle) {
    p.grid = period::frequency_grid(p.flat.view(), {.min_frequency = 1.0 / p.high, .max_frequency = 1.0 / p.low,
                                                    .oversampling = o.oversampling > 0.0 ? o.oversampling : 5.0});
  }
  if (o.method == RecoveryMethod::tls) {
    p.period = transit_period_grid(p.span, {.radius = o.star_radius, .mass = o.star_mass, .min_period = 0.999999 * p.low,
                                            .max_period = p.high, .min_transits = std::min(2.0, p.span / p.high),
                                            .oversampling = o.oversampling > 0.0 ? o.oversampling : 3.0});
  }
  if (boxes && o.method != RecoveryMethod::box_folding) {
    p.period = duration_period_grid(p.span, p.durations, p.low, p.high, 1.0 / (o.oversampling > 0.0 ? o.oversampling : 1.1));
  }
  for (double& period : p.period) period = head_number(period);
}

void warn_of_cadence(Plan& p) {
  std::vector<double> gap;
  for (std::size_t i = 1; i < p.given.t.size(); ++i) gap.push_back(p.given.t[i] - p.given.t[i - 1]);
  const double cadence = stats::median(gap);
  if (p.low < 2.0 * cadence) {
    p.warnings.push_back("the shortest period searched, " + number_text(p.low, 3) + " day, is below twice the median spacing of the times, " +
                         number_text(cadence, 3) + " day: several periods may explain such points alike");
  }
}

}  // namespace

double scaled_axis(const CompletenessOptions& o, double period) {
  return kAxisOfOneDay * std::cbrt(o.star_mass * period * period) / o.star_radius;
}

double mean_transit_share(const CompletenessOptions& o, double period) {
  const double b = o.max_impact;
  // mean of sqrt(1 - b^2), b uniform
  const double chord = b > 1e-6 ? 0.5 * (std::sqrt(1.0 - b * b) + std::asin(b) / b) : 1.0;
  return chord * std::asin(std::min(1.0, 1.0 / scaled_axis(o, period))) / std::numbers::pi;
}

Task<Plan> plan_task(Budget& budget, SeriesView series, CompletenessOptions options, Searches searches) {
  if (options.period_edge.empty() || options.size_edge.empty()) fill_cells(series, options);
  require_options(options);
  Plan p{.searches = searches, .options = std::move(options)};
  require_search(p);
  auto& o = p.options;
  p.given = prepared(series, o);
  p.span = p.given.t.back() - p.given.t.front();
  if (o.kind == InjectionKind::transit) {
    const double room = scaled_axis(o, o.period_edge.front());
    if (!(room > 1.0 + std::sqrt(o.size_edge.back()))) {
      fail(ErrorKind::input, kWhere, "expected orbits outside the star, got a shortest period of " + number_text(o.period_edge.front()) + " day at " + number_text(room, 3) +
                                         " stellar radii");
    }
    p.exposure = exposure_of(dip_series(p.given.view(), 1.0, kWhere), o.exposure, kWhere);
  }
  if (o.detrend) {
    o.detrend->removal = o.kind == InjectionKind::transit ? stats::Removal::ratio : stats::Removal::difference;
    o.detrend->missing = stats::Missing::refuse;
    o.detrend->threads = 1;
  }
  auto flattening = detrended_task(budget, p, p.given);
  p.flat = co_await std::move(flattening);
  if (ssize(p.flat.t) < kFewest) fail(ErrorKind::input, kWhere, "expected at least 10 measurements with a trend, got " + std::to_string(p.flat.t.size()));
  if (p.flat.sigma.empty()) {
    const double scatter = stats::kMadToSigma * stats::median_absolute_deviation(p.flat.y);
    if (!(scatter > 0.0)) fail(ErrorKind::input, kWhere, "expected errors or values that scatter, got more than half of them equal");
    p.flat.sigma.assign(p.flat.t.size(), scatter);
    p.given.sigma.assign(p.given.t.size(), scatter);
    p.warnings.push_back("the series has no errors: each is taken as its scatter, " + number_text(scatter, 3));
  }
  choose_periods(p);
  warn_of_cadence(p);
  if (o.method == RecoveryMethod::box_brute) p.box = BoxMethod::brute;
  if (o.method == RecoveryMethod::box_folding) p.box = BoxMethod::folding;
  co_return p;
}

}  // namespace orrery::transit::detail

namespace orrery::transit {
namespace {

constexpr int kDefaultCells = 8;
constexpr double kDefaultLevel = 7.0;  // SNR

std::vector<double> equal_ratios(double low, double high) {
  std::vector<double> edge;
  for (int k = 0; k <= kDefaultCells; ++k) edge.push_back(head_number(low * std::pow(high / low, double(k) / kDefaultCells)));
  return edge;
}

}  // namespace

void fill_cells(const SeriesView& series, CompletenessOptions& o) {
  constexpr const char* kWhere = "completeness";
  require_usable(series, 2, kWhere);
  if (o.period_edge.empty()) {
    std::vector<double> t(series.t.begin(), series.t.end()), gap;
    std::sort(t.begin(), t.end());
    for (std::size_t i = 1; i < t.size(); ++i) gap.push_back(t[i] - t[i - 1]);
    const double span = t.back() - t.front();
    const double low = o.kind == InjectionKind::transit ? 1.0 : std::max(4.0 * stats::median(gap), 1e-4 * span);
    if (!(0.5 * span > low)) {
      fail(ErrorKind::input, kWhere, "expected a series longer than twice the shortest period, " + number_text(low, 3) + " day, got " + number_text(span, 3) +
                                         ": give periods");
    }
    o.period_edge = equal_ratios(low, 0.5 * span);
  }
  if (!o.size_edge.empty()) return;
  const double level = o.threshold.value_or(kDefaultLevel);
  const double first = unit_snr(series, o, o.period_edge.front()), last = unit_snr(series, o, o.period_edge.back());
  const double low = level / std::max(first, last) / 3.0, high = 3.0 * level / std::min(first, last);
  if (!(low > 0.0) || !std::isfinite(high)) fail(ErrorKind::input, kWhere, "expected errors or values that scatter, to choose sizes by: give sizes");
  o.size_edge = equal_ratios(low, o.kind == InjectionKind::transit ? std::min(high, 0.25) : high);
}

}  // namespace orrery::transit
