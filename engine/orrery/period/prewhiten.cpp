#include "orrery/period/prewhiten.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/period/false_alarm.hpp"
#include "orrery/period/lomb_scargle_detail.hpp"
#include "orrery/period/lomb_scargle_fast.hpp"
#include "orrery/period/nufft_detail.hpp"
#include "orrery/period/peaks.hpp"
#include "orrery/period/prewhiten_detail.hpp"

namespace orrery::period {
namespace {

using detail::ModeData;
using detail::ModeFit;

constexpr double kTwoPi = 6.283185307179586476925286766559;
constexpr Index kMostPassedOver = 50;  // then no peak is worth a fit

/// What the search stands at: a fit, the spectra of what it leaves, and what was known of each mode when it was found.
struct State {
  ModeFit fit;
  std::vector<double> power, amplitude;
  std::vector<double> log10_false_alarm;
};

struct Search {
  SeriesView series;
  FrequencyGrid grid;
  PrewhitenOptions options;
  ModeData data;
  double epoch = 0.0;
  double total_weight = 0.0;
  std::vector<double> passed_over;  ///< peaks that would not become modes of their own

  [[nodiscard]] SeriesView left(const State& s) const { return {series.t, s.fit.residual, series.sigma}; }
};

void require_options(const PrewhitenOptions& o) {
  if (o.max_modes < 0) fail(ErrorKind::input, "prewhiten", "expected max_modes >= 0, got " + std::to_string(o.max_modes));
  for (const double v : {o.min_snr, o.max_false_alarm, o.noise_box, o.separation}) {
    if (!(v >= 0.0) || !std::isfinite(v)) fail(ErrorKind::input, "prewhiten", "expected limits that are finite and >= 0, got " + number_text(v));
  }
}

Search prepared(const SeriesView& series, const FrequencyGrid& grid, const PrewhitenOptions& options) {
  require_options(options);
  const auto weighted = detail::weighted_series(series, {}, "prewhiten");
  detail::require_grid(grid, "prewhiten");
  Search s{.series = series, .grid = grid, .options = options, .data = {}, .passed_over = {}};
  s.data.span = weighted.last - weighted.first;
  if (!(s.data.span > 0.0)) fail(ErrorKind::input, "prewhiten", "expected times that differ");
  double middle = 0.0;
  for (std::size_t i = 0; i < weighted.tau.size(); ++i) middle += weighted.weight[i] * weighted.tau[i];
  s.epoch = weighted.epoch + std::round(middle);
  s.total_weight = weighted.total_weight;
  for (std::size_t i = 0; i < series.t.size(); ++i) {
    s.data.tau.push_back(series.t[i] - s.epoch);
    s.data.y.push_back(series.y[i]);
    s.data.weight.push_back(weighted.weight[i] * weighted.total_weight);
  }
  return s;
}

/// Spectra of what the fit leaves.
Task<bool> look(Budget& budget, const Search& search, State& state) {
  state.power = co_await lomb_scargle_fast_task(budget, search.left(state), search.grid, {});
  const double variance = state.fit.chi2 / search.total_weight;
  state.amplitude.resize(state.power.size());
  for (std::size_t k = 0; k < state.power.size(); ++k) state.amplitude[k] = std::sqrt(2.0 * state.power[k] * variance);
  co_return true;
}

/// First and last index of the box around a frequency. At an end of the grid it is moved inside, not cut.
struct Box {
  Index from = 0, to = 0;
};
Box box_around(const FrequencyGrid& grid, double frequency, double width) {
  if (grid.count < 2) return {};
  const Index half = std::min(Index(std::lround(std::min(0.5 * width / grid.step, double(grid.count)))), (grid.count - 1) / 2);
  const double place = std::round((frequency - grid.first) / grid.step);
  const Index middle = Index(std::clamp(place, double(half), double(grid.count - 1 - half)));
  return {middle - half, middle + half};
}

/// Mean of the amplitude spectrum around a frequency.
double noise_at(const Search& search, const State& state, double frequency) {
  const double asked = search.options.noise_box;
  const auto box = box_around(search.grid, frequency, asked > 0.0 ? asked : default_noise_box(search.data.span));
  const double sum = std::accumulate(state.amplitude.begin() + box.from, state.amplitude.begin() + box.to + 1, 0.0);
  return sum / double(box.to - box.from + 1);
}

double snr_of(const Search& search, const State& state, Index j) {
  const double noise = noise_at(search, state, state.fit.frequency[at(j)]);
  const double amplitude = std::hypot(state.fit.sine[at(j)], state.fit.cosine[at(j)]);
  return noise > 0.0 ? amplitude / noise : HUGE_VAL;
}

/// The highest peak that lies apart from the modes; none: power 0.
Peak next_peak(const Search& search, const State& state) {
  const double apart = search.options.separation / search.data.span;
  const auto near = [&](double f) {
    const auto close = [&](double g) { return std::fabs(f - g) < apart; };
    return std::any_of(state.fit.frequency.begin(), state.fit.frequency.end(), close) ||
           std::any_of(search.passed_over.begin(), search.passed_over.end(), close);
  };
  for (Index count = 16;; count *= 4) {
    const auto peaks = local_maxima(state.power, search.grid, count);
    for (const auto& peak : peaks) {
      if (!near(peak.frequency)) return peak;
    }
    if (ssize(peaks) < count) return {};
  }
}

/// Baluev's formula of the peak's power among the residuals. Straight from the law: modules for the page need no resampling.
double log10_false_alarm(const Search& search, const State& state, double power) {
  const SeriesView left = search.left(state);
  const auto law = alarm_law({&left, 1}, search.grid.last() - search.grid.first);
  return log_false_alarm(law, AlarmMethod::baluev, -std::log1p(-std::min(power, 1.0 - 1e-15))) / std::log(10.0);
}

/// A fit with the peak as one mode more, at the search's epoch.
ModeFit with_mode(const Search& search, const State& state, const Peak& peak) {
  const auto one = refine_peak(search.left(state), peak.frequency, std::max(search.grid.step, 0.5 / search.data.span));
  const double shift = one.frequency * (search.epoch - one.epoch), angle = kTwoPi * (shift - std::round(shift));
  ModeFit fit = state.fit;
  fit.frequency.push_back(one.frequency);
  fit.sine.push_back(one.sine[0] * std::cos(angle) - one.cosine[0] * std::sin(angle));
  fit.cosine.push_back(one.sine[0] * std::sin(angle) + one.cosine[0] * std::cos(angle));
  return fit;
}

/// A fit that says nothing about its modes: one ran into another, left the range (towards 0 it becomes a trend) or its peak, or cannot
/// be told from the others.
bool collapsed(const Search& search, const ModeFit& fit, const Peak& peak) {
  const double width = 1.0 / search.data.span, apart = 0.5 * search.options.separation * width;
  if (std::fabs(fit.frequency.back() - peak.frequency) > width) return true;
  for (Index i = 0; i < fit.size(); ++i) {
    const double f = fit.frequency[at(i)];
    if (!(f >= 0.5 * search.grid.first) || !(f <= search.grid.last() + width)) return true;
    for (Index j = 0; j < i; ++j) {
      if (std::fabs(f - fit.frequency[at(j)]) < apart) return true;
    }
  }
  return fit.covariance.empty();
}

Mode mode_of(const Search& search, const State& state, Index j) {
  const auto& fit = state.fit;
  const Index p = fit.parameters(), first = 3 * j + 1;
  const Index dof = ssize(search.data.tau) - p;
  const double scale = dof > 0 ? fit.chi2 / double(dof) : HUGE_VAL;
  const auto c = [&](Index a, Index b) { return fit.covariance[at((first + a) * p + first + b)] * scale; };
  const double s = fit.sine[at(j)], k = fit.cosine[at(j)];
  Mode mode{.frequency = fit.frequency[at(j)], .amplitude = std::hypot(s, k)};
  mode.frequency_error = std::sqrt(c(2, 2));
  const double turn = std::atan2(k, s) / kTwoPi;
  mode.phase = turn < 0.0 ? turn + 1.0 : turn;
  const double square = std::max(mode.amplitude * mode.amplitude, 1e-300);
  mode.amplitude_error = std::sqrt(std::max(0.0, s * s * c(0, 0) + 2.0 * s * k * c(1, 0) + k * k * c(1, 1)) / square);
  mode.phase_error = std::sqrt(std::max(0.0, k * k * c(0, 0) - 2.0 * s * k * c(1, 0) + s * s * c(1, 1))) / square / kTwoPi;
  mode.snr = snr_of(search, state, j);
  mode.log10_false_alarm = state.log10_false_alarm[at(j)];
  return mode;
}

Prewhitening result_of(const Search& search, State state, PrewhitenStop stop, double chi2_0) {
  Prewhitening out{.modes = {}, .epoch = search.epoch, .offset = state.fit.offset, .chi2 = state.fit.chi2, .chi2_0 = chi2_0, .stop = stop};
  for (Index j = 0; j < state.fit.size(); ++j) out.modes.push_back(mode_of(search, state, j));
  relate_modes(out.modes, search.data.span);
  out.dof = ssize(search.data.tau) - state.fit.parameters();
  out.residual = std::move(state.fit.residual);
  out.amplitude = std::move(state.amplitude);
  return out;
}

/// The state with one mode more, in `next`. @return why there is none, or count
Task<PrewhitenStop> find_next(Budget& budget, Search& search, const State& state, State& next) {
  for (;;) {
    if (ssize(search.data.tau) - (state.fit.parameters() + 3) < 1) co_return PrewhitenStop::too_few_points;
    const auto peak = next_peak(search, state);
    if (!(peak.power > 0.0)) co_return PrewhitenStop::no_peak;
    const double alarm = log10_false_alarm(search, state, peak.power);
    if (search.options.max_false_alarm > 0.0 && alarm > std::log10(search.options.max_false_alarm)) co_return PrewhitenStop::false_alarm;
    next.fit = with_mode(search, state, peak);
    next.log10_false_alarm = state.log10_false_alarm;
    next.log10_false_alarm.push_back(alarm);
    const bool converged = co_await detail::fit_modes(budget, search.data, next.fit);
    if (converged && !collapsed(search, next.fit, peak)) co_return PrewhitenStop::count;
    search.passed_over.push_back(peak.frequency);
    if (ssize(search.passed_over) > kMostPassedOver) co_return PrewhitenStop::no_peak;
  }
}

}  // namespace

Task<Prewhitening> prewhiten_task(Budget& budget, SeriesView series, FrequencyGrid grid, PrewhitenOptions options) {
  Search search = prepared(series, grid, options);
  State state;
  co_await detail::fit_modes(budget, search.data, state.fit);
  const double chi2_0 = state.fit.chi2;
  co_await look(budget, search, state);
  auto stop = PrewhitenStop::count;
  std::vector<Prewhitening> stages;
  const auto keep = [&] {
    if (options.stages) stages.push_back(result_of(search, state, PrewhitenStop::count, chi2_0));
  };
  keep();
  while (state.fit.size() < options.max_modes) {
    budget.progress(double(state.fit.size()) / double(options.max_modes), "prewhitening");
    State next;
    stop = co_await find_next(budget, search, state, next);
    if (stop != PrewhitenStop::count) break;
    co_await look(budget, search, next);
    if (snr_of(search, next, next.fit.size() - 1) < options.min_snr) {
      stop = PrewhitenStop::snr;
      break;
    }
    state = std::move(next);
    keep();
  }
  budget.progress(1.0, "prewhitening");
  auto out = result_of(search, std::move(state), stop, chi2_0);
  if (!stages.empty()) stages.back().stop = stop;
  out.stages = std::move(stages);
  co_return out;
}

Prewhitening prewhiten(const SeriesView& series, const FrequencyGrid& grid, const PrewhitenOptions& options) {
  return run_to_end([&](Budget& budget) { return prewhiten_task(budget, series, grid, options); });
}

std::vector<double> mode_model(const Prewhitening& found, std::span<const double> t) {
  std::vector<double> out(t.size(), found.offset);
  for (std::size_t i = 0; i < t.size(); ++i) {
    for (const auto& mode : found.modes) {
      const double turns = mode.frequency * (t[i] - found.epoch) + mode.phase;
      out[i] += mode.amplitude * std::sin(kTwoPi * (turns - std::round(turns)));
    }
  }
  return out;
}

double default_noise_box(double span) { return std::max(2.0, 30.0 / span); }

std::vector<double> noise_level(std::span<const double> amplitude, const FrequencyGrid& grid, double box) {
  if (ssize(amplitude) != grid.count) {
    fail(ErrorKind::input, "noise_level", "expected " + std::to_string(grid.count) + " amplitudes, got " + std::to_string(amplitude.size()));
  }
  if (!(box > 0.0)) fail(ErrorKind::input, "noise_level", "expected box > 0, got " + number_text(box));
  std::vector<double> sum(amplitude.size() + 1, 0.0), out(amplitude.size());
  for (std::size_t k = 0; k < amplitude.size(); ++k) sum[k + 1] = sum[k] + amplitude[k];
  for (Index k = 0; k < grid.count; ++k) {
    const auto b = box_around(grid, grid[k], box);
    out[at(k)] = (sum[at(b.to + 1)] - sum[at(b.from)]) / double(b.to - b.from + 1);
  }
  return out;
}

std::string stop_words(PrewhitenStop stop) {
  switch (stop) {
    case PrewhitenStop::snr: return "the next mode's signal to noise is below the limit";
    case PrewhitenStop::false_alarm: return "the next peak's false-alarm probability is above the limit";
    case PrewhitenStop::no_peak: return "no peak is left that stands apart from the modes";
    case PrewhitenStop::too_few_points: return "too few points for another mode";
    case PrewhitenStop::count: break;
  }
  return "as many modes as asked for";
}

}  // namespace orrery::period
