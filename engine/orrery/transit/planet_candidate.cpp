#include "orrery/transit/planet_candidate.hpp"

#include <algorithm>
#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/stats/robust.hpp"
#include "orrery/transit/transit_detail.hpp"

namespace orrery::transit {
namespace {

constexpr double kSeen = 3.0;    // standard errors that make a dip, or exclude one

/// The shape of a transit as an exposure sees it.
struct Shape {
  detail::ShapeTable table;
  double exposure;  // [day]
};

struct Ephemeris {
  double period, duration, time;  // [day], time from the first measurement
};

/// A, B and points of the transits k = begin, begin + stride, ... of an ephemeris.
struct Sums {
  double above = 0.0, below = 0.0;
  Index points = 0;

  void add(const Sums& other) {
    above += other.above;
    below += other.below;
    points += other.points;
  }
  /// @param widened  factor on the error
  [[nodiscard]] Measured depth(double widened) const {
    return below > 0.0 ? Measured{above / below, widened / std::sqrt(below)} : Measured{0.0, HUGE_VAL};
  }
  [[nodiscard]] double gain() const { return below > 0.0 && above > 0.0 ? above * above / below : 0.0; }
};

Sums one_transit(const detail::DipSeries& series, const Shape& shape, double middle, double duration) {
  Sums out;
  const double reach = 0.5 * (duration + shape.exposure);
  for (Index i = series.first_at(middle - reach); i < ssize(series.tau) && series.tau[at(i)] < middle + reach; ++i) {
    const double apart = series.tau[at(i)] - middle, s = shape.table.averaged(apart, duration, shape.exposure);
    out.above += series.pair[at(2 * i)] * s;
    out.below += series.pair[at(2 * i + 1)] * s * s;
    out.points += std::fabs(apart) < 0.5 * duration ? 1 : 0;
  }
  return out;
}

/// Number of the first transit of which a part may lie in the span.
double first_number(const Ephemeris& e) { return std::ceil((-0.5 * e.duration - e.time) / e.period); }

Sums all_transits(const detail::DipSeries& series, const Shape& shape, const Ephemeris& e) {
  Sums out;
  for (double k = first_number(e); e.time + k * e.period - 0.5 * e.duration <= series.span; k += 1.0) {
    out.add(one_transit(series, shape, e.time + k * e.period, e.duration));
  }
  return out;
}

/// The ephemeris with its time at the transit nearest the middle of the span: there time and period hardly depend on each other.
Ephemeris centred(const detail::DipSeries& series, Ephemeris e) {
  e.time += e.period * std::round((0.5 * series.span - e.time) / e.period);
  return e;
}

/// Moves period, time and duration in turn by ever smaller steps as long as the gain rises.
Ephemeris improved(const detail::DipSeries& series, const Shape& shape, Ephemeris best) {
  best = centred(series, best);
  double gain = all_transits(series, shape, best).gain();
  const double turns = std::max(1.0, series.span / best.period);
  double time_step = 0.1 * best.duration, period_step = 0.3 * best.duration / turns, stretch = 1.1;
  for (int round = 0; round < 12; ++round) {
    const Ephemeris from = best;
    const Ephemeris trials[] = {{from.period, from.duration, from.time - time_step}, {from.period, from.duration, from.time + time_step},
                                {from.period - period_step, from.duration, from.time},
                                {from.period + period_step, from.duration, from.time},
                                {from.period, from.duration / stretch, from.time}, {from.period, from.duration * stretch, from.time}};
    for (const Ephemeris& trial : trials) {
      if (!(trial.duration < 0.5 * trial.period)) continue;
      const double here = all_transits(series, shape, trial).gain();
      if (here > gain) gain = here, best = trial;
    }
    if (best.period != from.period || best.time != from.time || best.duration != from.duration) continue;
    time_step *= 0.5;
    period_step *= 0.5;
    stretch = std::sqrt(stretch);
  }
  return best;
}

/// How far `move(step)` may go in steps that double until the gain has fallen by `fall`, then halve.
template <class Move>
double where_gain_falls(double gain, double fall, double first_step, Move&& move) {
  double inside = 0.0, outside = first_step;
  for (int k = 0; gain - move(outside) < fall; ++k) {
    if (k == 40) return HUGE_VAL;
    inside = outside;
    outside *= 2.0;
  }
  for (int k = 0; k < 12; ++k) {
    const double middle = 0.5 * (inside + outside);
    (gain - move(middle) < fall ? inside : outside) = middle;
  }
  return outside;
}

/// One sixth of the width over which chi2 stays within 9 `fall` of the best: three standard errors on both sides, because nearer to the
/// best chi2 is jagged (points enter and leave the edges of the transit).
template <class Shift>
double error_of(const detail::DipSeries& series, const Shape& shape, const Ephemeris& e, double fall, double first_step, Shift&& shift) {
  const double gain = all_transits(series, shape, e).gain();
  const auto gain_at = [&](double x) {
    const Ephemeris moved = shift(e, x);
    return moved.period > 0.5 * e.period ? all_transits(series, shape, moved).gain() : 0.0;  // a lone transit fits any longer period
  };
  const double up = where_gain_falls(gain, 9.0 * fall, first_step, gain_at);
  const double down = where_gain_falls(gain, 9.0 * fall, first_step, [&](double x) { return gain_at(-x); });
  return (up + down) / 6.0;
}

/// Scatter of weighted means over one duration outside transits, in units of their errors: by the median, so that a few flares or
/// other transits do not matter; at least 1.
double red_noise_of(const detail::DipSeries& series, const Ephemeris& e) {
  std::vector<double> deviation;
  double above = 0.0, below = 0.0, cell = -1.0;
  Index points = 0;
  const auto close_cell = [&] {
    if (points > 1) deviation.push_back(above / std::sqrt(below));
    above = below = 0.0;
    points = 0;
  };
  for (std::size_t i = 0; i < series.tau.size(); ++i) {
    if (std::fabs(std::remainder(series.tau[i] - e.time, e.period)) < e.duration) continue;
    if (std::floor(series.tau[i] / e.duration) != cell) close_cell();
    cell = std::floor(series.tau[i] / e.duration);
    above += series.pair[2 * i];
    below += series.pair[2 * i + 1];
    ++points;
  }
  close_cell();
  if (deviation.size() < 20) return 1.0;  // too few to tell
  return std::max(1.0, stats::kMadToSigma * stats::median_absolute_deviation(deviation));
}

PeriodVerdict verdict_of(const PlanetCandidate& c) {
  const auto reach = [](const Measured& m) { return m.value / m.error; };  // 0 for no points
  const double depth = c.depth.value;
  const bool odd_seen = reach(c.depth_odd) > kSeen, even_seen = reach(c.depth_even) > kSeen;
  const auto empty = [&](const Measured& m) { return m.value + kSeen * m.error < depth && m.value < 0.3 * depth; };
  if ((odd_seen && empty(c.depth_even)) || (even_seen && empty(c.depth_odd))) return PeriodVerdict::double_better;
  if (!std::isfinite(c.depth_odd.error) || !std::isfinite(c.depth_even.error)) return PeriodVerdict::double_possible;
  const double apart = std::fabs(depth - c.depth_half.value) / std::hypot(c.depth.error, c.depth_half.error);
  if (reach(c.depth_half) > kSeen && apart < kSeen) return PeriodVerdict::half_better;
  if (!(c.depth_half.value + kSeen * c.depth_half.error < depth)) return PeriodVerdict::half_possible;
  if (!odd_seen || !even_seen) return PeriodVerdict::double_possible;
  return PeriodVerdict::sure;
}

/// Transit by transit, odd and even ones, and those half way between.
void measure_transits(const detail::DipSeries& series, const Shape& shape, const Ephemeris& e, PlanetCandidate& out) {
  Sums parity[2], half;
  const double start = first_number(e);
  out.transits.clear();
  out.seen = 0;
  for (double k = start; e.time + k * e.period - 0.5 * e.duration <= series.span; k += 1.0) {
    const double middle = e.time + k * e.period;
    const Sums sums = one_transit(series, shape, middle, e.duration);
    parity[std::fmod(k - start, 2.0) != 0.0 ? 1 : 0].add(sums);
    out.transits.push_back({middle + series.first_time, sums.depth(out.red_noise), sums.points});
    out.seen += sums.points > 0 ? 1 : 0;
  }
  for (double k = start - 1.0; e.time + (k + 0.5) * e.period - 0.5 * e.duration <= series.span; k += 1.0) {
    half.add(one_transit(series, shape, e.time + (k + 0.5) * e.period, e.duration));
  }
  out.depth_even = parity[0].depth(out.red_noise);
  out.depth_odd = parity[1].depth(out.red_noise);
  out.depth_half = half.depth(out.red_noise);
  const double error = std::hypot(out.depth_odd.error, out.depth_even.error);
  out.odd_even_mismatch = std::isfinite(error) ? std::fabs(out.depth_odd.value - out.depth_even.value) / error : 0.0;
  out.verdict = verdict_of(out);
}

PlanetCandidate measure(const detail::DipSeries& series, const Shape& shape, const Ephemeris& e, const TransitOptions& options) {
  PlanetCandidate out;
  const Sums sums = all_transits(series, shape, e);
  out.duration = e.duration;
  out.exposure = shape.exposure;
  out.red_noise = red_noise_of(series, e);
  const double fall = out.red_noise * out.red_noise;
  out.depth = sums.depth(out.red_noise);
  out.snr = sums.below > 0.0 ? out.depth.value / out.depth.error : 0.0;
  out.gain = sums.gain();
  // The same shape grows with the square of the radius: Heller 2019 (arXiv 1901.01730).
  const double full = transit_template(options.shape, 0.1).full_depth;
  out.radius_ratio = options.shape.radius_ratio * std::sqrt(std::max(0.0, out.depth.value / full));
  const double step = 1e-3 * e.duration, turns = std::max(1.0, series.span / e.period);
  const double time_error = error_of(series, shape, e, fall, step, [](Ephemeris x, double by) {
    x.time += by;
    return x;
  });
  out.period = {e.period, error_of(series, shape, e, fall, step / turns, [](Ephemeris x, double by) {
    x.period += by;
    return x;
  })};
  const double cycles = std::floor(e.time / e.period);
  out.transit_time.error = std::hypot(time_error, cycles * out.period.error);
  const double first = e.time - e.period * cycles;
  out.transit_time.value = series.first_time + first;
  measure_transits(series, shape, e, out);
  return out;
}

}  // namespace

std::string_view verdict_name(PeriodVerdict verdict) {
  switch (verdict) {
    case PeriodVerdict::half_possible: return "half_possible";
    case PeriodVerdict::half_better: return "half_better";
    case PeriodVerdict::double_possible: return "double_possible";
    case PeriodVerdict::double_better: return "double_better";
    default: return "sure";
  }
}

PlanetCandidate planet_candidate(const SeriesView& series, double period, double duration, double time, const TransitOptions& options) {
  (void)transit_fit(series, period, duration, time, options);  // refuses what is wrong
  const auto dips = detail::dip_series(series, options.level, "planet_candidate");
  const Shape shape{detail::ShapeTable(options.shape), detail::exposure_of(dips, options.exposure, "planet_candidate")};
  const Ephemeris e = improved(dips, shape, {period, duration, time - dips.first_time});
  PlanetCandidate out = measure(dips, shape, e, options);
  if (out.verdict != PeriodVerdict::double_better) return out;
  const Index parity = out.depth_odd.value > out.depth_even.value ? 1 : 0;
  const double seen = out.transits[at(parity)].time - dips.first_time;
  out = measure(dips, shape, improved(dips, shape, {2.0 * e.period, e.duration, seen}), options);
  out.doubled = true;
  return out;
}

std::string verdict_text(const PlanetCandidate& c) {
  const auto depth_text = [](const Measured& m) { return value_text(m.value, m.error) + " +- " + error_text(m.error); };
  const std::string half = value_text(0.5 * c.period.value, 0.5 * c.period.error);
  const std::string twice = value_text(2.0 * c.period.value, 2.0 * c.period.error);
  std::string text = c.doubled ? "every other transit at half the period is empty" : "";
  if (!c.ambiguous()) return text;
  if (!text.empty()) text += "; ";
  if (c.verdict == PeriodVerdict::half_better) return text + "half way between the transits there is a dip of " + depth_text(c.depth_half) + ": the period is " + half + " day";
  if (c.verdict == PeriodVerdict::half_possible) {
    const bool none = !std::isfinite(c.depth_half.error);
    return text + (none ? "no measurement lies half way between the transits" : "half way between the transits the depth is " + depth_text(c.depth_half)) +
           ": a period of " + half + " day is not excluded";
  }
  const Measured& weak = c.depth_odd.value * c.depth_even.error < c.depth_even.value * c.depth_odd.error ? c.depth_odd : c.depth_even;
  const bool none = !std::isfinite(weak.error);
  return text + (none ? "no measurement lies in every other transit" : "every other transit has a depth of " + depth_text(weak)) +
         (c.verdict == PeriodVerdict::double_better ? ": the period is " + twice + " day" : ": a period of " + twice + " day is not excluded");
}

}  // namespace orrery::transit
