#include "orrery/period/multiband_flexible.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/parallel.hpp"
#include "orrery/core/text.hpp"
#include "orrery/period/lomb_scargle_detail.hpp"
#include "orrery/period/multiband_flexible_detail.hpp"
#include "orrery/period/nufft_detail.hpp"

namespace orrery::period {
namespace {

using detail::FlexibleModel;
using detail::FlexibleSums;

constexpr double kTolerance = 1e-11;  // of a sum, as in lomb_scargle_fast
constexpr Index kPiece = 256;         // frequencies at a time by direct sums
constexpr Index kSolveEach = 4096;    // frequencies between two pauses

struct FlexibleRun {
  FlexibleModel model;
  FrequencyGrid grid;
  Normalization normalization = Normalization::standard;
  std::vector<detail::NufftPlan> plans;  ///< (B,) those of exact bands are empty
  Index first_plan = -1;                 ///< a band with a plan; all have the same windows
  double origin = 0.0;                   ///< tau that the plans' cells count from
  std::vector<double> power;

  [[nodiscard]] Index pieces() const { return first_plan < 0 ? (grid.count + kPiece - 1) / kPiece : plans[at(first_plan)].pairs(); }
  [[nodiscard]] detail::NufftRange range(Index piece) const {
    if (first_plan < 0) return {piece * kPiece, std::min((piece + 1) * kPiece, grid.count)};
    const auto& plan = plans[at(first_plan)];
    return {detail::window_range(plan, 2 * piece).begin, detail::window_range(plan, 2 * piece + 1).end};
  }
};

/// What one thread needs.
struct Worker {
  FlexibleSums sums, few;
  detail::NufftWorkspace work;
  detail::NufftSink sink;
  std::vector<double> frequency, shift;
  std::vector<Index> suspicious;
};

std::vector<detail::NufftRequest> requests_for(int harmonics) {
  std::vector<detail::NufftRequest> requests;
  for (int k = 1; k <= 2 * harmonics; ++k) {
    requests.push_back({k, k <= harmonics ? std::vector<int>{0, 1} : std::vector<int>{1}});  // w y, w
  }
  return requests;
}

/// Which bands go by direct sums, and the plans of the others: one shape for all, so that their windows are the same.
void plan_bands(FlexibleRun& run) {
  auto& model = run.model;
  const auto requests = requests_for(model.harmonics());
  run.plans.resize(model.bands.size());
  Index points = 0, planned = 0;
  double last = -HUGE_VAL;
  run.origin = HUGE_VAL;
  for (std::size_t b = 0; b < model.bands.size(); ++b) {
    const auto& tau = model.bands[b].tau;
    const auto [low, high] = std::minmax_element(tau.begin(), tau.end());
    const double direct_cost = double(tau.size()) * double(run.grid.count) * (2.5 + 1.5 * model.harmonics());  // cycles, measured
    model.exact[b] = direct_cost < 1e5 || direct_cost < detail::nufft_choice(ssize(tau), run.grid.count, run.grid.step * (*high - *low),
        requests, kTolerance).cost;
    if (model.exact[b] != 0) continue;
    run.origin = std::min(run.origin, *low);
    last = std::max(last, *high);
    points += ssize(tau);
    ++planned;
    const double part = 0.5 * model.bands[b].share;
    model.weak_shared += part * model.band_lambda / (part + model.band_lambda);
    model.weak_rest += part;
  }
  if (planned == 0) return;
  const double span = run.grid.step * (last - run.origin);
  const detail::NufftFixed fixed{detail::nufft_choice(points / planned, run.grid.count, span, requests, kTolerance).shape,
                                 run.origin};
  for (std::size_t b = 0; b < model.bands.size(); ++b) {
    if (model.exact[b] != 0) continue;
    const std::span<const double> columns[] = {model.bands[b].weighted_y, model.bands[b].weight};
    run.plans[b] = detail::nufft_plan(model.bands[b].tau, run.grid, columns, requests, kTolerance, &fixed);
    run.first_plan = Index(b);
  }
}

FlexibleRun prepared(std::span<const SeriesView> bands, const FrequencyGrid& grid, const FlexibleOptions& options) {
  FlexibleRun run{.model = detail::flexible_prepared(bands, options, "multiband_flexible"), .grid = grid,
                  .normalization = options.normalization, .plans = {}, .first_plan = -1, .origin = 0.0, .power = {}};
  // A grid may begin at 0: what the data cannot say there is left to the regularisation.
  detail::require_grid({grid.first == 0.0 ? grid.step : grid.first, grid.step, grid.count}, "multiband_flexible");
  run.power.resize(at(grid.count));
  plan_bands(run);
  return run;
}

/// Standard powers by direct sums of all bands.
void exact_power(const FlexibleModel& model, std::span<const double> frequency, FlexibleSums& sums, std::span<double> power) {
  for (std::size_t from = 0; from < frequency.size(); from += kPiece) {
    const auto part = frequency.subspan(from, std::min<std::size_t>(kPiece, frequency.size() - from));
    sums.resize(model, ssize(part));
    for (Index b = 0; b < ssize(model.bands); ++b) detail::flexible_direct(model, b, part, {}, 0, sums);
    detail::flexible_solve(model, sums, 0, ssize(part), power.data() + from, nullptr);
  }
}

/// Sums of one band at the frequencies of a piece.
Task<bool> band_task(Budget& budget, const FlexibleRun& run, Worker& worker, Index band, Index piece) {
  const auto range = run.range(piece);
  if (run.model.exact[at(band)] != 0) {
    const Index each = std::max<Index>(8, 200000 / (ssize(run.model.bands[at(band)].tau) * run.model.harmonics()) / 8 * 8);
    for (Index first = 0; first < range.end - range.begin; first += each) {
      const auto some = [&](std::span<const double> all) { return all.subspan(at(first), at(std::min(each, ssize(all) - first))); };
      detail::flexible_direct(run.model, band, some(worker.frequency), some(worker.shift), first, worker.sums);
      co_await budget.pause();
    }
    co_return true;
  }
  worker.sink.kind = detail::NufftSink::Kind::sums;
  worker.sink.origin = range.begin;
  worker.sink.re.clear();
  worker.sink.im.clear();
  for (Index c = 0; c < run.model.sums(); ++c) {
    worker.sink.re.push_back(worker.sums.column(band, c, 0));
    worker.sink.im.push_back(worker.sums.column(band, c, 1));
  }
  co_return co_await detail::nufft_pair_task(budget, run.plans[at(band)], worker.work, piece, worker.sink);
}

/// Powers of one piece of the grid, in slices.
Task<bool> piece_task(Budget& budget, FlexibleRun& run, Worker& worker, Index piece) {
  const auto range = run.range(piece);
  const Index count = range.end - range.begin;
  const bool planned = run.first_plan >= 0;
  worker.sums.resize(run.model, count);
  worker.frequency.resize(at(count));
  worker.shift.assign(at(count), 0.0);
  for (Index k = 0; k < count; ++k) {
    worker.frequency[at(k)] = run.grid[range.begin + k];
    if (planned) worker.shift[at(k)] = detail::nufft_shift(run.plans[at(run.first_plan)].shape, run.grid, run.origin, range.begin + k);
  }
  for (Index b = 0; b < ssize(run.model.bands); ++b) co_await band_task(budget, run, worker, b, piece);
  const auto power = std::span(run.power).subspan(at(range.begin), at(count));
  worker.suspicious.clear();
  for (Index first = 0; first < count; first += kSolveEach) {
    detail::flexible_solve(run.model, worker.sums, first, std::min(kSolveEach, count - first), power.data(),
                           planned ? &worker.suspicious : nullptr);
    co_await budget.pause();
  }
  double value[8], frequency[8];
  for (std::size_t from = 0; from < worker.suspicious.size(); from += 8) {
    const std::size_t some = std::min<std::size_t>(8, worker.suspicious.size() - from);
    for (std::size_t i = 0; i < some; ++i) frequency[i] = worker.frequency[at(worker.suspicious[from + i])];
    exact_power(run.model, {frequency, some}, worker.few, {value, some});
    for (std::size_t i = 0; i < some; ++i) power[at(worker.suspicious[from + i])] = value[i];
    co_await budget.pause();
  }
  detail::normalize(power, run.normalization, run.model.reference_chi2());
  co_return true;
}

}  // namespace

std::vector<double> multiband_flexible(std::span<const SeriesView> bands, const FrequencyGrid& grid, const FlexibleOptions& options) {
  auto run = prepared(bands, grid, options);
  const Index pieces = run.pieces();
  std::atomic<Index> next = 0;  // pieces are handed out one by one; which thread takes one changes no result
  parallel_for(std::min<Index>(pieces, options.threads > 0 ? options.threads : hardware_threads()), 1, [&](Index, Index) {
    Worker worker;
    for (Index piece = next++; piece < pieces; piece = next++) {
      static_cast<void>(run_to_end([&](Budget& budget) { return piece_task(budget, run, worker, piece); }));
    }
  }, options.threads);
  return std::move(run.power);
}

Task<std::vector<double>> multiband_flexible_task(Budget& budget, std::vector<SeriesView> bands, FrequencyGrid grid,
                                                  FlexibleOptions options) {
  auto run = prepared(bands, grid, options);
  co_await budget.pause();
  Worker worker;
  for (Index piece = 0; piece < run.pieces(); ++piece) {
    co_await piece_task(budget, run, worker, piece);
    budget.progress(double(piece + 1) / double(run.pieces()), "periodogram");
  }
  co_return std::move(run.power);
}

std::vector<double> multiband_flexible_exact(std::span<const SeriesView> bands, std::span<const double> frequency,
                                             const FlexibleOptions& options) {
  const auto model = detail::flexible_prepared(bands, options, "multiband_flexible_exact");
  for (std::size_t i = 0; i < frequency.size(); ++i) {
    if (!std::isfinite(frequency[i])) {
      fail(ErrorKind::input, "multiband_flexible_exact",
           "expected finite frequencies, got " + number_text(frequency[i]) + " at index " + std::to_string(i));
    }
  }
  std::vector<double> power(frequency.size());
  const Index pieces = (ssize(frequency) + kPiece - 1) / kPiece;
  parallel_for(pieces, 1, [&](Index begin, Index end) {
    FlexibleSums sums;
    const std::size_t from = at(begin * kPiece), count = std::min(at(end * kPiece), frequency.size()) - from;
    const auto part = std::span(power).subspan(from, count);
    exact_power(model, frequency.subspan(from, count), sums, part);
    detail::normalize(part, options.normalization, model.reference_chi2());
  }, options.threads);
  return power;
}

FlexiblePeak refine_flexible(std::span<const SeriesView> bands, double frequency, double within, const FlexibleOptions& options) {
  const auto model = detail::flexible_prepared(bands, options, "refine_flexible");
  if (!std::isfinite(frequency) || !std::isfinite(within) || !(within > 0.0)) {
    fail(ErrorKind::input, "refine_flexible", "expected a finite frequency and within > 0, got " + number_text(frequency) + " and " + number_text(within));
  }
  FlexibleSums sums;
  const auto power = [&](double f) {
    double value = 0.0;
    exact_power(model, {&f, 1}, sums, {&value, 1});
    return value;
  };
  constexpr double kGolden = 0.6180339887498949;
  double low = frequency - within, high = frequency + within;
  double a = high - kGolden * (high - low), b = low + kGolden * (high - low), at_a = power(a), at_b = power(b);
  while (high - low > 2e-8 * within) {
    if (at_a >= at_b) {
      high = b, b = a, at_b = at_a;
      at_a = power(a = high - kGolden * (high - low));
    } else {
      low = a, a = b, at_a = at_b;
      at_b = power(b = low + kGolden * (high - low));
    }
  }
  FlexiblePeak peak{0.5 * (low + high), HUGE_VAL, 0.0};
  peak.power = power(peak.frequency);
  Index points = 0;
  double first = HUGE_VAL, last = -HUGE_VAL;
  for (const auto& band : model.bands) {
    points += ssize(band.tau);
    for (const double tau : band.tau) first = std::min(first, tau), last = std::max(last, tau);
  }
  const double step = 0.02 / std::max(last - first, 1e-300);  // a fiftieth of a peak: P bends by 1e-3 of itself
  const double bend = (2.0 * peak.power - power(peak.frequency - step) - power(peak.frequency + step)) / (step * step);
  const Index dof = points - ssize(bands) * model.band_columns() - 2 * std::max(0, model.base_harmonics - model.band_harmonics) - 1;
  if (bend > 0.0 && dof > 0) peak.frequency_error = std::sqrt((1.0 - peak.power) / double(dof) / (0.5 * bend));
  return peak;
}

}  // namespace orrery::period
