// What the figure of completeness computes.
#include "completeness.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "common.hpp"
#include "orrery/core/random.hpp"
#include "orrery/core/text.hpp"
#include "orrery/period/harmonic_fit.hpp"
#include "orrery/period/lomb_scargle_fast.hpp"
#include "orrery/stats/robust.hpp"
#include "orrery/transit/box_least_squares.hpp"

namespace orrery::figures::recovery {
namespace {

using transit::InjectionKind;

constexpr Index kFewest = 50;             // measurements that are searched
constexpr Index kColumns = 8, kRows = 7;  // cells
constexpr double kMostWork = 1.2e7;       // measurements times trial periods of one search for boxes
constexpr double kMostFrequencies = 20000.0;
constexpr int kHarmonics = 6;              // of the star's own light curve
constexpr double kClip = 4.0;             // scatters
constexpr double kShortestOrbit = 0.8;    // day: clear of the star

/// Robust scatter of a point. Of a light curve with a trend, from neighbours.
double scatter_of(const Field& f) {
  const auto& y = f.series.y;
  if (f.kind == InjectionKind::variable) return stats::kMadToSigma * stats::median_absolute_deviation(y);
  std::vector<double> step;
  for (std::size_t i = 1; i < y.size(); ++i) step.push_back(y[i] - y[i - 1]);
  return stats::kMadToSigma * stats::median_absolute_deviation(step) / std::numbers::sqrt2;
}

/// The span, period range and units; false with a word of trouble when nothing can be searched.
bool measure(Field& f) {
  auto& s = f.series;
  if (s.size() < kFewest) return f.trouble = plural(s.size(), "measurement") + " are too few: at least " + std::to_string(kFewest) + " are needed.", false;
  f.span = s.t.back() - s.t.front();
  if (!(f.span > 0.0)) return f.trouble = "All measurements are at the same time: there is no period to look for.", false;
  f.scatter = head_number(scatter_of(f));
  if (!(f.scatter > 0.0)) return f.trouble = "More than half of the values are equal: there is no scatter to judge a signal by.", false;
  if (s.sigma.empty()) {
    s.sigma.assign(s.y.size(), f.scatter);
    f.notes.push_back("The file has no errors; each point has that of the scatter.");
  }
  return true;
}

/// Median of |value - middle| / error, 1 for Gaussian noise, when so much is added to the errors in quadrature.
double pull_with(const data::Series& s, double middle, double extra) {
  std::vector<double> pull;
  for (std::size_t i = 0; i < s.y.size(); ++i) {
    pull.push_back(std::fabs(s.y[i] - middle) / std::sqrt(s.sigma[i] * s.sigma[i] + extra * extra));
  }
  return stats::kMadToSigma * stats::median(pull);
}

/// Errors that are smaller than the scatter would promise too much: a constant is added in quadrature until both agree.
void widen_errors(Field& f) {
  const double middle = stats::median(f.series.y);
  if (pull_with(f.series, middle, 0.0) < 1.05) return;
  double low = 0.0, high = 2.0 * f.scatter;
  for (int k = 0; k < 40; ++k) {
    const double extra = 0.5 * (low + high);
    (pull_with(f.series, middle, extra) > 1.0 ? low : high) = extra;
  }
  const double extra = head_number(high);
  for (double& s : f.series.sigma) s = std::sqrt(s * s + extra * extra);
  f.notes.push_back("The values scatter more than their errors say: " + number_text(extra, 2) + " is added to each error in quadrature.");
}

/// Sizes around those whose SNR is the threshold.
void choose_sizes(Field& f) {
  const auto options = options_of(f, {});
  const auto unit = [&](double period) { return kMapThreshold / (f.scatter * transit::unit_snr(f.series.view(), options, period)); };
  f.smallest = head_number(0.3 * std::min(unit(f.shortest), unit(f.longest)));
  f.largest = head_number(3.5 * std::max(unit(f.shortest), unit(f.longest)));
  if (f.kind == InjectionKind::transit) f.largest = std::min(f.largest, 0.2 / f.scatter);
  if (!(f.largest > f.smallest)) f.trouble = "The scatter of a point is larger than any planet is deep.";
}

/// Light over its median, one band.
bool to_flux(Field& f) {
  auto& s = f.series;
  const double level = stats::median(s.y);
  const bool magnitudes = s.quantity == data::Quantity::magnitude;
  if (!magnitudes && !(level > 0.0)) return f.trouble = "The flux has no level above zero, so a depth relative to it means nothing.", false;
  for (std::size_t i = 0; i < s.y.size(); ++i) {
    s.y[i] = magnitudes ? std::pow(10.0, -0.4 * (s.y[i] - level)) : s.y[i] / level;
    if (!s.sigma.empty()) s.sigma[i] = magnitudes ? 0.921 * s.y[i] * s.sigma[i] : s.sigma[i] / level;
  }
  return true;
}

/// Keeps the beginning of a long series, so that a search stays affordable.
void shorten(Field& f) {
  auto& s = f.series;
  const auto work = [&](std::size_t n) {
    const double span = s.t[n - 1] - s.t[0];
    return static_cast<double>(n) * 130.0 * span;  // trial periods of boxes from 0.4 day on: about 130 a day of span
  };
  std::size_t n = s.t.size();
  while (n > 2000 && work(n) > kMostWork) n = n * 9 / 10;
  if (n == s.t.size()) return;
  f.notes.push_back("The series is long: only its first " + number_text(s.t[n - 1] - s.t[0], 3) + " days are used here; the shell and Python take all.");
  s.t.resize(n);
  s.y.resize(n);
  if (!s.sigma.empty()) s.sigma.resize(n);
}

data::Series fullest_band(const data::Series& series, Field& f) {
  if (series.bands() < 2) return series;
  std::vector<Index> count(at(series.bands()), 0);
  for (const auto b : series.band) ++count[static_cast<std::size_t>(b)];
  const Index best = std::max_element(count.begin(), count.end()) - count.begin();
  f.notes.push_back("Of several bands the one with most measurements is used: " + series.band_names[at(best)] + ".");
  return data::select_band(series, best);
}

/// The frequency of least chi2 near a trial frequency.
double refined(const SeriesView& series, double frequency, double step) {
  double best = frequency, least = HUGE_VAL;
  for (int k = -40; k <= 40; ++k) {
    const double trial = head_number(frequency + step * k / 40.0);
    const double chi2 = period::harmonic_fit(series, trial, {.harmonics = kHarmonics}).chi2;
    if (chi2 < least) best = trial;
    least = std::min(least, chi2);
  }
  return best;
}

/// Keeps rows, in place.
void keep_rows(Field& f, const std::vector<std::uint8_t>& keep) { f.series = data::select_rows(f.series, keep); }

/// Points far outside the noise are not of it.
void clip(Field& f) {
  const double middle = stats::median(f.series.y);
  std::vector<std::uint8_t> keep;
  Index gone = 0;
  for (const double y : f.series.y) {
    keep.push_back(std::fabs(y - middle) < kClip * f.scatter ? 1 : 0);
    gone += keep.back() == 0 ? 1 : 0;
  }
  if (gone == 0) return;
  keep_rows(f, keep);
  f.notes.push_back(plural(gone, "measurement") + " more than " + number_text(kClip) + " times the scatter away " + (gone == 1 ? "is" : "are") + " left out.");
}

/// Takes out the star's own period, when it has one.
Task<bool> take_out_period(Budget& budget, Field& f) {
  auto& s = f.series;
  const double step = 0.2 / f.span;
  const period::FrequencyGrid grid{head_number(1.0 / f.span), head_number(step), static_cast<Index>(kMostFrequencies)};
  const period::LombScargleOptions search{.harmonics = 2, .threads = 1};
  const auto power = co_await period::lomb_scargle_fast_task(budget, s.view(), grid, search);
  const auto best = std::max_element(power.begin(), power.end()) - power.begin();
  const double n = static_cast<double>(s.size());
  if (power[at(best)] / (1.0 - std::min(0.999999, power[at(best)])) * n < kMapThreshold * kMapThreshold) co_return true;
  const double frequency = refined(s.view(), grid[best], step);
  const auto fit = period::harmonic_fit(s.view(), frequency, {.harmonics = kHarmonics});
  const auto model = period::harmonic_model(fit, s.t);
  for (std::size_t i = 0; i < s.y.size(); ++i) s.y[i] -= model[i] - fit.offset;
  f.own_period = 1.0 / frequency;
  f.notes.push_back("The star's own light curve, six harmonics of " + number_text(f.own_period, 4) + " days, is taken out first.");
  co_return true;
}

/// Cuts out flares, and the transits of planets that the star has, so that they are neither found nor shuffled into false ones.
Task<bool> take_out_planets(Budget& budget, Field& f) {
  const stats::DetrendOptions trend{.window = 1.5, .threads = 1};
  const auto durations = transit::keplerian_durations({.density_factor = 1.5});
  for (int round = 0; round < 4; ++round) {
    auto& s = f.series;
    const auto flat = co_await stats::detrend_task(budget, s.t, s.y, {}, trend);
    std::vector<double> t, y, sigma;
    std::vector<std::uint8_t> keep(s.t.size(), 1);
    for (std::size_t i = 0; i < s.t.size(); ++i) {
      keep[i] = flat.flat[i] > 1.0 + kClip * f.scatter ? 0 : 1;
      if (!std::isfinite(flat.flat[i]) || keep[i] == 0) continue;
      t.push_back(s.t[i]);
      y.push_back(flat.flat[i]);
      sigma.push_back(s.sigma[i]);
    }
    if (t.size() < at(kFewest)) co_return true;
    const auto period = transit::duration_period_grid(t.back() - t.front(), durations, kShortestOrbit, f.span);
    const transit::BoxOptions options{.objective = transit::BoxObjective::snr, .oversample = 4, .threads = 1};
    auto search = transit::box_least_squares_task(budget, {t, y, sigma}, period, durations, options);
    const auto b = co_await std::move(search);
    const Index best = b.best();
    const bool planet = round < 3 && best >= 0 && b.depth_snr[at(best)] >= kMapThreshold;
    if (planet) {
      const double width = std::min(1.5 * b.duration[at(best)], 0.5 * b.period[at(best)]);
      const auto mask = transit::transit_mask(s.t, {b.period[at(best)], width, b.transit_time[at(best)]});
      for (std::size_t i = 0; i < keep.size(); ++i) keep[i] = keep[i] != 0 && mask[i] == 0 ? 1 : 0;
      f.notes.push_back("The star has dips of its own, " + number_text(b.period[at(best)], 4) + " days apart, SNR " + number_text(b.depth_snr[at(best)], 3) + ": they are cut out first.");
    }
    keep_rows(f, keep);
    if (!planet || f.series.size() < kFewest) co_return true;
  }
  co_return true;
}

}  // namespace

Field simulated_field(double noise, double spots, std::uint64_t seed) {
  Field f{.simulated = true};
  auto& s = f.series;
  s.name = "simulated star";
  s.quantity = data::Quantity::flux;
  Random random(seed, 31);
  for (int hour = 0; hour < 27 * 24; ++hour) {
    const double t = hour / 24.0, turn = 2.0 * std::numbers::pi * t / 9.3;
    if (std::fabs(t - 13.5) < 0.6) continue;  // the data are sent down
    s.t.push_back(t);
    s.y.push_back(1.0 + 1e-6 * (noise * random.normal() + spots * (std::sin(turn) + 0.4 * std::sin(2.0 * turn + 1.0))));
    s.sigma.push_back(1e-6 * noise);
  }
  f.span = s.t.back() - s.t.front();
  f.scatter = 1e-6 * noise;
  f.shortest = kShortestOrbit;
  f.longest = 0.5 * 27.0;
  choose_sizes(f);
  return f;
}

Task<Field> field_of(Budget& budget, const data::Series& series, InjectionKind kind) {
  Field f{.kind = kind};
  f.series = fullest_band(series, f);
  if (f.series.size() >= 2) shorten(f);
  if (kind == InjectionKind::transit && f.series.size() > 0 && !to_flux(f)) co_return f;
  if (!measure(f)) co_return f;
  if (kind == InjectionKind::variable) {
    co_await take_out_period(budget, f);
    if (!measure(f)) co_return f;
    clip(f);
    if (!measure(f)) co_return f;
    widen_errors(f);
  }
  if (kind == InjectionKind::transit && f.span > 4.0 * kShortestOrbit) {
    co_await take_out_planets(budget, f);
    if (!measure(f)) co_return f;
  }
  std::vector<double> gap;
  for (std::size_t i = 1; i < f.series.t.size(); ++i) gap.push_back(f.series.t[i] - f.series.t[i - 1]);
  const double cadence = stats::median(gap);
  f.longest = head_number(0.5 * f.span);
  const double fastest = std::max(10.0 * f.span / kMostFrequencies, std::min(0.5, 4.0 * cadence));
  f.shortest = kind == InjectionKind::transit ? kShortestOrbit : head_number(fastest);
  if (!(f.longest > 2.0 * f.shortest)) co_return f.trouble = "The series is too short: half its span is " + number_text(f.longest, 3) + " days.", f;
  choose_sizes(f);
  co_return f;
}

transit::CompletenessOptions options_of(const Field& f, const MapSettings& settings) {
  const bool transits = f.kind == InjectionKind::transit;
  transit::CompletenessOptions o{.kind = f.kind,
                                 .method = transits ? transit::RecoveryMethod::box_brute : transit::RecoveryMethod::lomb_scargle};
  if (f.largest > f.smallest) {
    for (const double p : log_spaced(f.shortest, f.longest, kColumns + 1)) o.period_edge.push_back(head_number(p));
    for (const double s : log_spaced(f.smallest, f.largest, kRows + 1)) o.size_edge.push_back(head_number(s * f.scatter));
  }
  o.trials = 1;
  o.control = 10;
  o.threshold = kMapThreshold;
  o.tolerance = 0.02;
  o.oversample = 2;  // still below the length of an exposure
  if (f.kind == InjectionKind::transit) {  // so that a map is a matter of seconds in a page
    o.oversampling = 0.8;
    o.max_period = f.longest * 1.05;
  }
  o.seed = settings.seed;
  o.threads = 1;
  o.max_impact = 0.8;
  if (f.kind == InjectionKind::variable) {
    o.variable_form = settings.sawtooth ? transit::VariableForm::sawtooth : transit::VariableForm::sinusoid;
    o.values = f.series.quantity == data::Quantity::magnitude ? transit::Brightness::magnitude : transit::Brightness::flux;
  }
  if (settings.window > 0.0) o.detrend = stats::DetrendOptions{.window = settings.window};
  return o;
}

}  // namespace orrery::figures::recovery
