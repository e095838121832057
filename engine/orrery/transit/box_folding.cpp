#include "orrery/transit/box_folding.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/memory.hpp"
#include "orrery/core/text.hpp"
#include "orrery/transit/box_folding_detail.hpp"

namespace orrery::transit {
namespace {

constexpr const char* kWhere = "box_folding";
constexpr double kGrowth = 1.05;           // of the shortest duration within a block
constexpr double kMostSamples = 1e9;       // of a block
constexpr double kAlike = 0.02;            // smallest weight in units of the mean one, up to which running sums may be floats
constexpr double kMostInFloat = 1e6;       // points: their sum in a float is good to 0.06, three times the smallest weight
constexpr Index kSubPeriods = 5;           // of the second search, around a peak

/// A search laid out: blocks with their range of periods and sample, no sums yet.
struct Plan {
  std::vector<detail::FoldBlock> blocks;
  std::vector<detail::FoldUnit> units;
  std::vector<Index> lengths;  // of boxes [samples]
  Index stride = 1, trials = 0;
  double weight_unit = 1.0, value_unit = 1.0, total = 0.0;  // the sums are in these units
  bool in_float = true;                                     // weights so much alike that floats tell points from none
};

void require(bool good, const std::string& what, double got) {
  if (!good || !std::isfinite(got)) fail(ErrorKind::input, kWhere, "expected " + what + ", got " + number_text(got));
}

double span_of(const SeriesView& series) {
  const auto [first, last] = std::minmax_element(series.t.begin(), series.t.end());
  return *last - *first;
}

struct Limits {
  double span, low, high;
};

Limits limits_of(const SeriesView& series, const BoxDurations& durations, const BoxFoldingOptions& o) {
  require_usable(series, 2, kWhere);
  require(o.samples >= 1, "samples >= 1", static_cast<double>(o.samples));
  require(o.drift > 0.0, "drift > 0", o.drift);
  require(o.exact_peaks >= 1, "exact_peaks >= 1", static_cast<double>(o.exact_peaks));
  require(o.min_transits >= 1.0, "min_transits >= 1", o.min_transits);
  require_durations(durations, 1e300, kWhere);
  const double span = span_of(series);
  require(span > 0.0, "times that differ", span);
  const double low = o.min_period.value_or(shortest_box_period(durations)), high = o.max_period.value_or(span / o.min_transits);
  require(low > 0.0, "min_period > 0", low);
  if (!(high > low)) fail(ErrorKind::input, kWhere, "expected max_period above min_period (" + number_text(low) + "), got " + number_text(high));
  require(high <= span, "max_period within the span (" + number_text(span) + ")", high);
  require_durations(durations, low, kWhere);
  return {span, low, high};
}

/// Ranges of period with one sample each; the last ends at `high`.
std::vector<detail::FoldBlock> blocks_of(const Limits& limits, const BoxDurations& durations, const BoxFoldingOptions& o) {
  std::vector<detail::FoldBlock> blocks;
  const double ratio = durations.exponent > 0.0 ? std::pow(kGrowth, 1.0 / durations.exponent) : std::numeric_limits<double>::infinity();
  for (double low = limits.low; low < limits.high; low *= ratio) {
    detail::FoldBlock block{.sample = durations.shortest(low) / static_cast<double>(o.samples), .low = low, .high = std::min(limits.high,
        low * ratio), .pair = {}};
    const double samples = std::floor(limits.span / block.sample) + 1.0;
    if (samples > kMostSamples) {
      fail(ErrorKind::limit, kWhere, "expected at most 1e9 samples of the shortest duration / " + std::to_string(o.samples) + ", got " + number_text(samples, 3));
    }
    block.samples = static_cast<Index>(samples);
    blocks.push_back(std::move(block));
  }
  return blocks;
}

Index stride_of(const BoxFoldingOptions& o) { return std::max<Index>(1,
    static_cast<Index>(std::floor(o.drift * static_cast<double>(o.samples) + 1e-9))); }

/// The transform of turns of `turn` samples; count 0 when none of its periods lies in the block.
detail::FoldUnit unit_of(const detail::FoldBlock& block, Index turn, Index stride) {
  detail::FoldUnit unit{.turn = turn, .rows = (block.samples + turn - 1) / turn};
  const Index end = std::max<Index>(1, unit.rows - 1);  // a drift of rows - 1 is the next turn's 0
  const auto period = [&](Index drift) {
    return (static_cast<double>(turn) + static_cast<double>(drift) / static_cast<double>(end)) * block.sample;
  };
  while (unit.begin < end && period(unit.begin) < block.low) unit.begin += stride;
  for (Index drift = unit.begin; drift < end && period(drift) < block.high; drift += stride) ++unit.count;
  return unit;
}

BoxFoldingSize size_of(const std::vector<detail::FoldBlock>& blocks, const BoxFoldingOptions& o, std::size_t durations) {
  BoxFoldingSize out;
  const double stride = static_cast<double>(stride_of(o)), threads = static_cast<double>(detail::slots_of(o.threads));
  double samples = 0.0, largest = 0.0;
  for (const auto& block : blocks) {
    const double n = static_cast<double>(block.samples), first = std::floor(block.low / block.sample),
        turns = std::ceil((block.high - block.low) / block.sample);
    const double middle = first + 0.5 * turns, rows = std::ceil(n / middle);
    out.trials += turns * (std::floor(std::max(1.0, rows - 1.0) / stride) + 1.0);
    out.additions += turns * n * std::max(1.0, std::log2(rows));
    out.boxes += turns * n / stride * static_cast<double>(durations);
    samples += n + first + turns + 2.0;
    largest = std::max(largest, n + first + turns);
  }
  out.bytes = 8.0 * samples + threads * 16.0 * largest + 64.0 * out.trials;
  return out;
}

/// Units of the sums: mean weight and scatter are 1, so that floats hold them.
void set_units(const detail::FoldSeries& series, Plan& plan) {
  const double n = static_cast<double>(series.tau.size());
  double square = 0.0, smallest = series.weight;
  for (std::size_t i = 0; i < series.tau.size(); ++i) {
    const double s = series.pair[2 * i], w = series.pair[2 * i + 1];
    square += w > 0.0 ? s * (s / w) : 0.0;
    smallest = std::min(smallest, w);
  }
  plan.weight_unit = series.weight / n;
  const double scatter = std::sqrt(square / series.weight);
  plan.value_unit = scatter > 0.0 && std::isfinite(scatter) ? scatter : 1.0;
  plan.total = n;
  plan.in_float = smallest > kAlike * plan.weight_unit && n < kMostInFloat;
}

void fill(const detail::FoldSeries& series, const Plan& plan, detail::FoldBlock& block) {
  const double value = 1.0 / (plan.weight_unit * plan.value_unit), weight = 1.0 / plan.weight_unit;
  const Index turn = static_cast<Index>(std::ceil(block.high / block.sample)) + 1;
  std::vector<double> sums(at(2 * block.samples), 0.0);
  for (std::size_t i = 0; i < series.tau.size(); ++i) {
    const auto k = 2 * std::min(at(block.samples - 1), static_cast<std::size_t>(series.tau[i] / block.sample));
    sums[k] += series.pair[2 * i] * value;
    sums[k + 1] += series.pair[2 * i + 1] * weight;
  }
  block.pair.assign(at(2 * (block.samples + turn)), 0.0F);
  for (std::size_t k = 0; k < sums.size(); ++k) block.pair[k] = static_cast<float>(sums[k]);
}

Plan plan_of(const SeriesView& series, const BoxDurations& durations, const BoxFoldingOptions& o) {
  Plan plan{.blocks = blocks_of(limits_of(series, durations, o), durations, o), .units = {}, .lengths = {}, .stride = stride_of(o)};
  const auto size = size_of(plan.blocks, o, durations.value.size());
  require_memory(size.bytes, kWhere, "for " + number_text(size.trials, 3) + " trial periods: take longer durations or a shorter range");
  const double unit = durations.shortest(1.0) / static_cast<double>(o.samples);
  for (const double d : durations.value) plan.lengths.push_back(static_cast<Index>(std::round(d / unit)));
  std::sort(plan.lengths.begin(), plan.lengths.end());
  plan.lengths.erase(std::unique(plan.lengths.begin(), plan.lengths.end()), plan.lengths.end());
  for (std::size_t b = 0; b < plan.blocks.size(); ++b) {
    const auto& block = plan.blocks[b];
    const Index first_turn = std::max<Index>(1, static_cast<Index>(block.low / block.sample));
    for (Index turn = first_turn; static_cast<double>(turn) * block.sample < block.high; ++turn) {
      auto one = unit_of(block, turn, plan.stride);
      if (one.count == 0) continue;
      one.block = static_cast<Index>(b);
      one.first = plan.trials;
      plan.trials += one.count;
      plan.units.push_back(one);
    }
  }
  if (plan.trials == 0) fail(ErrorKind::input, kWhere, "expected a range of periods wider than a step, got one without any");
  return plan;
}

/// The numbers of a box in the user's units.
void write(const Plan& plan, const detail::FoldBlock& block, double first_time, bool likelihood, const detail::ScoredBox& found,
    std::size_t k,
           BoxPeriodogram& out) {
  if (found.box.length < 0) return;
  const double r = found.weight, o = plan.total - r, depth = -found.sum / o - found.sum / r;
  out.depth[k] = depth * plan.value_unit;
  out.depth_error[k] = std::sqrt((1.0 / r + 1.0 / o) / plan.weight_unit);
  out.depth_snr[k] = out.depth[k] / out.depth_error[k];
  out.log_likelihood[k] = 0.5 * r * plan.weight_unit * out.depth[k] * out.depth[k];
  out.objective[k] = likelihood ? out.log_likelihood[k] : out.depth_snr[k];
  out.duration[k] = static_cast<double>(found.box.length) * block.sample;
  const double middle = (static_cast<double>(found.box.bin) + 0.5 * static_cast<double>(found.box.length)) * block.sample;
  out.transit_time[k] = std::fmod(middle + first_time, out.period[k]);
}

void search_unit(const Plan& plan, const detail::FoldUnit& unit, double first_time, bool likelihood, detail::FoldingWork& work,
    BoxPeriodogram& out) {
  const auto& block = plan.blocks[at(unit.block)];
  const float* profiles = detail::fast_fold(block.pair.data(), unit, plan.stride, work);
  const double rows = static_cast<double>(std::max<Index>(1, unit.rows - 1));
  for (Index k = 0; k < unit.count; k += 4) {
    const Index count = std::min<Index>(4, unit.count - k);
    const float* four[4] = {};
    for (Index i = 0; i < count; ++i) four[i] = profiles + detail::row_width(unit.turn) * (unit.begin + (k + i) * plan.stride);
    detail::ScoredBox found[4];
    detail::scan_profiles(four, count, {unit.turn, plan.lengths, plan.total, likelihood, plan.in_float}, work, found);
    for (Index i = 0; i < count; ++i) {
      const auto place = at(unit.first + k + i);
      out.period[place] = (static_cast<double>(unit.turn) + static_cast<double>(unit.begin + (k + i) * plan.stride) / rows) * block.sample;
      write(plan, block, first_time, likelihood, found[i], place, out);
    }
  }
}

/// Positions of the highest local maxima.
std::vector<Index> peaks_of(const std::vector<double>& y, Index most) {
  std::vector<Index> peaks;
  for (Index i = 0; i < ssize(y); ++i) {
    const bool up = i == 0 || y[at(i)] > y[at(i - 1)], down = i + 1 == ssize(y) || y[at(i)] >= y[at(i + 1)];
    if (up && down && std::isfinite(y[at(i)])) peaks.push_back(i);
  }
  const auto higher = [&](Index a, Index b) { return y[at(a)] != y[at(b)] ? y[at(a)] > y[at(b)] : a < b; };
  if (ssize(peaks) > most) {
    std::nth_element(peaks.begin(), peaks.begin() + most, peaks.end(), higher);
    peaks.resize(at(most));
  }
  std::sort(peaks.begin(), peaks.end());
  return peaks;
}

/// Periods around one trial, up to half way to its neighbours.
void add_sub_periods(const std::vector<double>& period, Index i, std::vector<double>& out) {
  const double here = period[at(i)];
  const double left = i > 0 ? 0.5 * (here - period[at(i - 1)]) : 0.0,
      right = i + 1 < ssize(period) ? 0.5 * (period[at(i + 1)] - here) : 0.0;
  for (Index k = 0; k < kSubPeriods; ++k) {
    const double x = (static_cast<double>(k) + 0.5) / static_cast<double>(kSubPeriods) * 2.0 - 1.0;
    out.push_back(here + x * (x < 0.0 ? left : right));
  }
}

/// Replaces position i by the best of these exact boxes.
void replace(const BoxPeriodogram& exact, Index first, Index i, BoxPeriodogram& out) {
  Index best = first;
  for (Index k = first; k < first + kSubPeriods; ++k) {
    if (exact.objective[at(k)] > exact.objective[at(best)]) best = k;
  }
  const auto from = [&](const std::vector<double>& a, std::vector<double>& b) { b[at(i)] = a[at(best)]; };
  from(exact.period, out.period);
  from(exact.objective, out.objective);
  from(exact.depth, out.depth);
  from(exact.depth_error, out.depth_error);
  from(exact.duration, out.duration);
  from(exact.transit_time, out.transit_time);
  from(exact.depth_snr, out.depth_snr);
  from(exact.log_likelihood, out.log_likelihood);
}

/// The highest of those above all that were searched point by point: noise makes some folded objectives too high.
std::vector<Index> not_yet_exact(const std::vector<double>& y, const std::vector<unsigned char>& done, Index most) {
  double top = -1.0;
  for (std::size_t i = 0; i < y.size(); ++i) top = done[i] != 0 ? std::max(top, y[i]) : top;
  std::vector<Index> above;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (done[i] == 0 && y[i] > top) above.push_back(static_cast<Index>(i));
  }
  std::sort(above.begin(), above.end(), [&](Index a, Index b) { return y[at(a)] != y[at(b)] ? y[at(a)] > y[at(b)] : a < b; });
  above.resize(at(std::min(ssize(above), most)));
  return above;
}

/// The highest peaks, and then the highest of all until it is one that was searched.
Task<bool> with_exact_peaks(Budget& budget, SeriesView series, const BoxDurations& durations, BoxFoldingOptions o,
    FoldedBoxPeriodogram& out) {

  std::vector<unsigned char> done(out.boxes.period.size(), 0);
  for (auto peaks = peaks_of(out.boxes.objective, o.exact_peaks); !peaks.empty();) {
    std::vector<double> periods;
    for (const Index i : peaks) add_sub_periods(out.boxes.period, i, periods);
    auto search = box_least_squares_task(budget, series, periods, durations, {.objective = o.objective, .oversample = o.oversample,
        .threads = o.threads});
    const auto exact = co_await std::move(search);
    for (std::size_t k = 0; k < peaks.size(); ++k) {
      replace(exact, static_cast<Index>(k) * kSubPeriods, peaks[k], out.boxes);
      done[at(peaks[k])] = 1;
      out.exact.push_back(peaks[k]);
    }
    peaks = not_yet_exact(out.boxes.objective, done, o.exact_peaks);
  }
  std::sort(out.exact.begin(), out.exact.end());
  co_return true;
}

}  // namespace

BoxFoldingSize box_folding_size(const SeriesView& series, const BoxDurations& durations, const BoxFoldingOptions& options) {
  return size_of(blocks_of(limits_of(series, durations, options), durations, options), options, durations.value.size());
}

Task<FoldedBoxPeriodogram> box_folding_task(Budget& budget, SeriesView series, BoxDurations durations, BoxFoldingOptions options) {
  Plan plan = plan_of(series, durations, options);
  FoldedBoxPeriodogram out{.boxes = detail::empty_boxes(std::vector<double>(at(plan.trials), 0.0)), .exact = {}};
  const bool likelihood = options.objective == BoxObjective::likelihood;
  {
    const auto folded = detail::fold_series(series, kWhere);
    set_units(folded, plan);
    for (auto& block : plan.blocks) {
      fill(folded, plan, block);
      co_await budget.pause();
    }
    std::vector<detail::FoldingWork> work(detail::slots_of(options.threads));
    for (Index first = 0, batch = 1; first < ssize(plan.units);) {
      const Index count = std::min(batch, ssize(plan.units) - first);
      const double start = clock_ms();
      detail::share_out(count, work, [&](Index k, detail::FoldingWork& mine) {
        search_unit(plan, plan.units[at(first + k)], folded.first_time, likelihood, mine, out.boxes);
      });
      budget.progress(0.95 * static_cast<double>(first + count) / static_cast<double>(plan.units.size()), "box search by fast folding");
      co_await budget.pause();
      first += count;
    batch = detail::next_batch(count, start);
    }
  }
  auto second = with_exact_peaks(budget, series, durations, options, out);
  co_await std::move(second);
  co_return out;
}

FoldedBoxPeriodogram box_folding(const SeriesView& series, const BoxDurations& durations, const BoxFoldingOptions& options) {
  return run_to_end([&](Budget& budget) { return box_folding_task(budget, series, durations, options); });
}

}  // namespace orrery::transit
