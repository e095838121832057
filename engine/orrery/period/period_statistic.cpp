#include "orrery/period/period_statistic.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "orrery/period/lomb_scargle_fast.hpp"
#include "orrery/period/statistic_detail.hpp"
#include "orrery/stats/special.hpp"

namespace orrery::period {
namespace {

using Values = std::vector<double>;

// Each statistic under one signature: all cores, and in slices.
Values curve_of(const SeriesView& s, const TrialFrequencies& f, PeriodStatistic kind, const PeriodStatisticOptions& options) {
  const auto with = [&](auto settings) {
    settings.threads = options.threads;
    return settings;
  };
  switch (kind) {
    case PeriodStatistic::lomb_scargle:
      if (f.grid() != nullptr) return lomb_scargle_fast(s, *f.grid(), with(options.lomb_scargle));
      return lomb_scargle(s, f.list(), with(options.lomb_scargle));
    case PeriodStatistic::analysis_of_variance: return analysis_of_variance(s, f, with(options.analysis_of_variance));
    case PeriodStatistic::phase_dispersion: return phase_dispersion(s, f, with(options.phase_dispersion));
    case PeriodStatistic::conditional_entropy: return conditional_entropy(s, f, with(options.conditional_entropy));
    case PeriodStatistic::string_length: return string_length(s, f, with(options.string_length));
    case PeriodStatistic::mutual_information: return mutual_information(s, f, with(options.mutual_information));
    case PeriodStatistic::super_smoother: return super_smoother_power(s, f, with(options.super_smoother));
  }
  fail(ErrorKind::input, "period_statistic", "expected a statistic of the table");
}

Task<Values> curve_task(Budget& b, SeriesView s, TrialFrequencies f, PeriodStatistic kind, PeriodStatisticOptions options) {
  switch (kind) {
    case PeriodStatistic::lomb_scargle:
      if (f.grid() != nullptr) return lomb_scargle_fast_task(b, s, *f.grid(), options.lomb_scargle);
      return lomb_scargle_task(b, s, f.list(), options.lomb_scargle);
    case PeriodStatistic::analysis_of_variance: return analysis_of_variance_task(b, s, f, options.analysis_of_variance);
    case PeriodStatistic::phase_dispersion: return phase_dispersion_task(b, s, f, options.phase_dispersion);
    case PeriodStatistic::conditional_entropy: return conditional_entropy_task(b, s, f, options.conditional_entropy);
    case PeriodStatistic::string_length: return string_length_task(b, s, f, options.string_length);
    case PeriodStatistic::mutual_information: return mutual_information_task(b, s, f, options.mutual_information);
    case PeriodStatistic::super_smoother: return super_smoother_power_task(b, s, f, options.super_smoother);
  }
  fail(ErrorKind::input, "period_statistic", "expected a statistic of the table");
}

constexpr PeriodStatisticInfo kTable[] = {
    {PeriodStatistic::lomb_scargle, "lomb_scargle", "Lomb-Scargle", "power", false, 0.2, 100.0},
    {PeriodStatistic::analysis_of_variance, "aov", "analysis of variance", "variance ratio", false, 0.3, 100.0},
    {PeriodStatistic::phase_dispersion, "pdm", "phase dispersion minimisation", "dispersion", true, 1.2, 80.0},
    {PeriodStatistic::conditional_entropy, "entropy", "conditional entropy", "entropy", true, 1.2, 70.0},
    {PeriodStatistic::string_length, "string_length", "string length", "length", true, 6.0, 100.0},
    {PeriodStatistic::mutual_information, "qmi", "quadratic mutual information", "information", false, 40.0, 800.0},
    {PeriodStatistic::super_smoother, "supersmoother", "super smoother", "power", false, 40.0, 300.0},
};

PeriodStatisticCurve judged(Values value, PeriodStatistic kind) {
  PeriodStatisticCurve curve{.value = std::move(value), .minimum = period_statistic_info(kind).minimum};
  const Index count = ssize(curve.value);
  if (count == 0) return curve;
  double mean = 0.0;
  for (const double v : curve.value) mean += v / static_cast<double>(count);
  double square = 0.0;
  curve.best = 0;
  for (Index k = 0; k < count; ++k) {
    if (curve.goodness(k) > curve.goodness(curve.best)) curve.best = k;
    square += (curve.value[at(k)] - mean) * (curve.value[at(k)] - mean);
  }
  const double deviation = std::sqrt(square / static_cast<double>(count)), lead = std::fabs(curve.value[at(curve.best)] - mean);
  curve.contrast = std::isfinite(lead) && deviation > 1e-12 * std::fabs(mean) ? lead / deviation : 0.0;
  return curve;
}

/// A series whose (y, sigma) pairs have changed places.
struct Shuffled {
  Values y, sigma;
};
Shuffled shuffle(const SeriesView& series, Random& random) {
  Shuffled out{{series.y.begin(), series.y.end()}, {series.sigma.begin(), series.sigma.end()}};
  for (Index i = series.size() - 1; i > 0; --i) {
    const Index j = random.index(i + 1);
    std::swap(out.y[at(i)], out.y[at(j)]);
    if (!out.sigma.empty()) std::swap(out.sigma[at(i)], out.sigma[at(j)]);
  }
  return out;
}

void require_shuffles(const TrialFrequencies& frequency, Index count) {
  if (count >= 1 && frequency.size() >= 1) return;
  fail(ErrorKind::input, "shuffled_best", "expected at least one shuffle and one frequency, got " + std::to_string(count) + " and " +
                                              std::to_string(frequency.size()));
}

}  // namespace

std::span<const PeriodStatisticInfo> period_statistics() { return kTable; }

const PeriodStatisticInfo& period_statistic_info(PeriodStatistic kind) { return kTable[static_cast<std::size_t>(kind)]; }

const PeriodStatisticInfo* find_period_statistic(std::string_view word) {
  const auto found = std::find_if(std::begin(kTable), std::end(kTable), [&](const auto& row) { return row.word == word; });
  return found == std::end(kTable) ? nullptr : found;
}

PeriodStatisticCurve period_statistic(const SeriesView& series, const TrialFrequencies& frequency, PeriodStatistic kind,
                                      const PeriodStatisticOptions& options) {
  return judged(curve_of(series, frequency, kind, options), kind);
}

Task<PeriodStatisticCurve> period_statistic_task(Budget& budget, SeriesView series, TrialFrequencies frequency, PeriodStatistic kind,
                                                 PeriodStatisticOptions options) {
  co_return judged(co_await curve_task(budget, series, frequency, kind, options), kind);
}

std::optional<double> single_probability(double value, Index points, PeriodStatistic kind, const PeriodStatisticOptions& options) {
  switch (kind) {
    case PeriodStatistic::lomb_scargle: {
      if (options.lomb_scargle.normalization == Normalization::psd) {
        fail(ErrorKind::input, "single_probability", "expected a normalization other than psd");
      }
      const double p = standard_power(value, options.lomb_scargle.normalization, 1.0);
      const int harmonics = options.lomb_scargle.harmonics;
      const double freedom = static_cast<double>(points - 2 * harmonics - 1);
      return analysis_of_variance_probability(freedom * p / (2.0 * harmonics * std::max(1.0 - p, 0x1p-53)), points, harmonics);
    }
    case PeriodStatistic::analysis_of_variance:
      return analysis_of_variance_probability(value, points, options.analysis_of_variance.harmonics);
    case PeriodStatistic::phase_dispersion: return phase_dispersion_probability(value, points, options.phase_dispersion.bins);
    default: return std::nullopt;
  }
}

std::vector<double> shuffled_best(const SeriesView& series, const TrialFrequencies& frequency, PeriodStatistic kind, Index count,
                                  std::uint64_t seed, const PeriodStatisticOptions& options) {
  require_shuffles(frequency, count);
  require_usable(series, 1, "shuffled_best");
  Values out;
  for (Index r = 0; r < count; ++r) {
    Random random(seed, static_cast<std::uint64_t>(r));
    const auto shuffled = shuffle(series, random);
    const auto curve = period_statistic({series.t, shuffled.y, shuffled.sigma}, frequency, kind, options);
    out.push_back(curve.value[at(curve.best)]);
  }
  return out;
}

Task<std::vector<double>> shuffled_best_task(Budget& budget, SeriesView series, TrialFrequencies frequency, PeriodStatistic kind,
                                             Index count, std::uint64_t seed, PeriodStatisticOptions options) {
  require_shuffles(frequency, count);
  require_usable(series, 1, "shuffled_best");
  Values out;
  for (Index r = 0; r < count; ++r) {
    Random random(seed, static_cast<std::uint64_t>(r));
    const auto shuffled = shuffle(series, random);
    const auto curve = co_await period_statistic_task(budget, {series.t, shuffled.y, shuffled.sigma}, frequency, kind, options);
    out.push_back(curve.value[at(curve.best)]);
    budget.progress(static_cast<double>(r + 1) / static_cast<double>(count), "shuffled series");
    co_await budget.pause();
  }
  co_return out;
}

double shuffled_probability(double value, std::span<const double> shuffled, bool minimum) {
  if (shuffled.empty() || std::isnan(value)) fail(ErrorKind::input, "shuffled_probability", "expected a value and at least one shuffled one");
  const auto good = [&](double v) { return minimum ? v <= value : v >= value; };
  const auto as_good = std::count_if(shuffled.begin(), shuffled.end(), good);
  return (1.0 + static_cast<double>(as_good)) / (1.0 + static_cast<double>(shuffled.size()));
}

}  // namespace orrery::period
