// The statistics of a trial period, by their words, and the super smoother.
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include <cmath>
#include <string>

#include "orrery/core/parallel.hpp"
#include "orrery/period/period_statistic.hpp"
#include "support.hpp"

namespace orrery::python {
namespace {

using period::FrequencyGrid, period::PeriodStatistic, period::PeriodStatisticInfo, period::PeriodStatisticOptions, period::TrialFrequencies;

constexpr const char* kWhere = "periodogram";
constexpr std::string_view kMeasures[] = {"lafler_kinman", "clarke", "dworetsky"};
constexpr std::string_view kDivergences[] = {"cauchy_schwarz", "euclidean"};

const PeriodStatisticInfo& info_named(std::string_view word) {
  if (const auto* info = period::find_period_statistic(word)) return *info;
  std::string allowed;
  for (const auto& row : period::period_statistics()) allowed += (allowed.empty() ? "'" : ", '") + std::string(row.word) + "'";
  fail(ErrorKind::input, kWhere, "expected method to be one of " + allowed + ", got '" + std::string(word) + "'");
}

/// Settings that a method takes, each with what puts it in its place. The only place that knows their names.
struct Setting {
  PeriodStatistic kind;
  std::string_view name;
  void (*set)(PeriodStatisticOptions&, nb::handle);
};
const Setting kSettings[] = {
    {PeriodStatistic::lomb_scargle, "harmonics", [](auto& o, nb::handle v) { o.lomb_scargle.harmonics = nb::cast<int>(v); }},
    {PeriodStatistic::lomb_scargle, "fit_mean", [](auto& o, nb::handle v) { o.lomb_scargle.fit_mean = nb::cast<bool>(v); }},
    {PeriodStatistic::lomb_scargle, "normalization", [](auto& o, nb::handle v) {
       o.lomb_scargle.normalization = period::Normalization(one_of(nb::cast<std::string>(v), kNormalizations, kWhere, "normalization"));
     }},
    {PeriodStatistic::analysis_of_variance, "harmonics", [](auto& o, nb::handle v) { o.analysis_of_variance.harmonics = nb::cast<int>(v); }},
    {PeriodStatistic::phase_dispersion, "bins", [](auto& o, nb::handle v) { o.phase_dispersion.bins = nb::cast<Index>(v); }},
    {PeriodStatistic::phase_dispersion, "covers", [](auto& o, nb::handle v) { o.phase_dispersion.covers = nb::cast<Index>(v); }},
    {PeriodStatistic::phase_dispersion, "interpolate", [](auto& o, nb::handle v) { o.phase_dispersion.interpolate = nb::cast<bool>(v); }},
    {PeriodStatistic::conditional_entropy, "phase_bins", [](auto& o, nb::handle v) { o.conditional_entropy.phase_bins = nb::cast<Index>(v); }},
    {PeriodStatistic::conditional_entropy, "value_bins", [](auto& o, nb::handle v) { o.conditional_entropy.value_bins = nb::cast<Index>(v); }},
    {PeriodStatistic::string_length, "measure", [](auto& o, nb::handle v) {
       o.string_length.measure = period::StringMeasure(one_of(nb::cast<std::string>(v), kMeasures, kWhere, "measure"));
     }},
    {PeriodStatistic::mutual_information, "divergence", [](auto& o, nb::handle v) {
       o.mutual_information.divergence = period::InformationDivergence(one_of(nb::cast<std::string>(v), kDivergences, kWhere, "divergence"));
     }},
    {PeriodStatistic::mutual_information, "value_bandwidth",
     [](auto& o, nb::handle v) { o.mutual_information.value_bandwidth = nb::cast<double>(v); }},
    {PeriodStatistic::mutual_information, "phase_bandwidth",
     [](auto& o, nb::handle v) { o.mutual_information.phase_bandwidth = nb::cast<double>(v); }},
    {PeriodStatistic::super_smoother, "bass", [](auto& o, nb::handle v) { o.super_smoother.bass = nb::cast<double>(v); }},
};

PeriodStatisticOptions options_of(const PeriodStatisticInfo& info, const nb::dict& settings) {
  PeriodStatisticOptions options;
  options.threads = 1;
  for (const auto& [key, value] : settings) {
    const auto name = nb::cast<std::string>(key);
    const Setting* found = nullptr;
    std::string known;
    for (const Setting& s : kSettings) {
      if (s.kind != info.kind) continue;
      known += (known.empty() ? "" : ", ") + std::string(s.name);
      if (s.name == name) found = &s;
    }
    if (found == nullptr) fail(ErrorKind::input, kWhere, "expected settings of '" + std::string(info.word) + "' (" + known + "), got " + name);
    found->set(options, value);
  }
  return options;
}

SeriesView view_of(const Column& t, const Column& y, const OptionalColumn& sigma) { return {span(t), span(y), span(sigma)}; }

/// As many tasks beside each other as threads, but no more than fit into a gigabyte, as each keeps a series and tables of its own; at
/// least one.
int workers_of(Index points, const PeriodStatisticInfo& info, int threads) {
  const double most = 1e9 / (info.memory * static_cast<double>(std::max<Index>(points, 1)));
  return static_cast<int>(std::clamp(most, 1.0, static_cast<double>(threads > 0 ? threads : hardware_threads())));
}

/// The curve in parts of about 0.4 s of one core, which run as tasks on the threads. The cut depends on sizes alone.
Array<double> values(const SeriesView& series, const TrialFrequencies& trial, const PeriodStatisticInfo& info,
                     const PeriodStatisticOptions& options, int threads) {
  const Index count = trial.size();
  const std::vector<double> none;
  if (count <= 0 || count > period::kMaxGridCount) {  // nothing to do but to say what is wrong
    static_cast<void>(period::period_statistic(series, count > 0 ? trial : TrialFrequencies(none), info.kind, options));
    return array(std::vector<double>{});
  }
  std::vector<double> out(at(count));
  const double seconds = 1e-9 * info.cost * static_cast<double>(series.size()) * static_cast<double>(count);
  const int workers = workers_of(series.size(), info, threads);
  Index parts = std::clamp<Index>(static_cast<Index>(std::ceil(seconds / 0.4)), 1, std::max<Index>(1, count / 64));
  if (seconds > 0.02) parts = std::max(parts, std::min<Index>(4, count / 64 + 1));
  const Index size = (count + parts - 1) / parts;
  run_parts((count + size - 1) / size, workers, [&](Budget& budget, Index part) -> Task<bool> {
    const Index first = part * size, some = std::min(size, count - first);
    const TrialFrequencies own = trial.grid() != nullptr ? TrialFrequencies(FrequencyGrid{trial[first], trial.grid()->step, some})
                                                         : TrialFrequencies(trial.list().subspan(at(first), at(some)));
    const auto curve = co_await period::period_statistic_task(budget, series, own, info.kind, options);
    std::copy(curve.value.begin(), curve.value.end(), out.begin() + first);
    co_return true;
  });
  return array(std::move(out));
}

nb::list table() {
  nb::list rows;
  for (const auto& row : period::period_statistics()) {
    rows.append(nb::make_tuple(std::string(row.word), std::string(row.name), std::string(row.value), row.minimum));
  }
  return rows;
}

nb::list peaks(const Column& t, const Column& y, const OptionalColumn& sigma, const FrequencyGrid& grid, const Column& curve,
               std::string_view method, const nb::dict& settings, Index count, Index finer) {
  const auto& info = info_named(method);
  const auto options = options_of(info, settings);
  period::PeriodStatisticCurve whole{.value = {span(curve).begin(), span(curve).end()}, .minimum = info.minimum, .best = 0};
  for (Index k = 1; k < ssize(whole.value); ++k) whole.best = whole.goodness(k) > whole.goodness(whole.best) ? k : whole.best;
  Budget budget;
  const auto found = run(Job(budget, period::period_statistic_peaks_task(budget, view_of(t, y, sigma), grid, whole, info.kind, options,
                                                                         {.count = count, .finer = finer})));
  nb::list out;
  for (const auto& peak : found) out.append(nb::make_tuple(peak.frequency, peak.value));
  return out;
}

template <class Trial>
Array<double> shuffled(const Column& t, const Column& y, const OptionalColumn& sigma, const Trial& trial, std::string_view method,
                       const nb::dict& settings, Index count, std::uint64_t seed) {
  const auto& info = info_named(method);
  const auto options = options_of(info, settings);
  Budget budget;
  return array(run(Job(budget, period::shuffled_best_task(budget, view_of(t, y, sigma), trial, info.kind, count, seed, options))));
}

nb::tuple smoother(const Column& t, const Column& y, const OptionalColumn& sigma, double period, double bass) {
  auto smooth = period::super_smoother(view_of(t, y, sigma), {.period = period, .bass = bass});
  return nb::make_tuple(array(std::move(smooth.value)), array(std::move(smooth.residual)), array(std::move(smooth.span)));
}

}  // namespace

void bind_period_statistics(nb::module_& m) {
  m.def("period_statistics", &table, "Rows (word, name, value, minimum) of the table of period statistics.");
  m.def("period_statistic", [](const Column& t, const Column& y, const OptionalColumn& sigma, const FrequencyGrid& grid,
                               std::string_view method, const nb::dict& settings, int threads) {
    const auto& info = info_named(method);
    return values(view_of(t, y, sigma), grid, info, options_of(info, settings), threads);
  }, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "grid"_a, "method"_a, "settings"_a, "threads"_a,
        "A statistic (F,) at the frequencies of a grid.");
  m.def("period_statistic", [](const Column& t, const Column& y, const OptionalColumn& sigma, const Column& frequency,
                               std::string_view method, const nb::dict& settings, int threads) {
    const auto& info = info_named(method);
    return values(view_of(t, y, sigma), span(frequency), info, options_of(info, settings), threads);
  }, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "frequency"_a.noconvert(), "method"_a, "settings"_a, "threads"_a,
        "A statistic (F,) at any frequencies.");
  m.def("period_statistic_peaks", &peaks, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "grid"_a, "curve"_a.noconvert(),
        "method"_a, "settings"_a, "count"_a, "finer"_a, "(frequency, value) of the best few, sought between the grid's frequencies.");
  m.def("shuffled_best", &shuffled<FrequencyGrid>, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "grid"_a, "method"_a,
        "settings"_a, "count"_a, "seed"_a, "Best value of each of `count` shuffled series (count,).");
  m.def("shuffled_best", [](const Column& t, const Column& y, const OptionalColumn& sigma, const Column& frequency, std::string_view method,
                            const nb::dict& settings, Index count, std::uint64_t seed) {
    return shuffled<TrialFrequencies>(t, y, sigma, span(frequency), method, settings, count, seed);
  }, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "frequency"_a.noconvert(), "method"_a, "settings"_a, "count"_a,
        "seed"_a, "Best value of each of `count` shuffled series (count,).");
  m.def("single_probability", [](double value, Index points, std::string_view method, const nb::dict& settings) {
    const auto& info = info_named(method);
    return period::single_probability(value, points, info.kind, options_of(info, settings));
  }, "value"_a, "points"_a, "method"_a, "settings"_a, "Probability of noise at one frequency, or None where no law is known.");
  m.def("super_smoother", &smoother, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "period"_a, "bass"_a,
        "(value, residual, span) at the points.");
}

}  // namespace orrery::python
