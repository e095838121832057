#include "orrery/period/template_periodogram.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/parallel.hpp"
#include "orrery/core/text.hpp"
#include "orrery/period/lomb_scargle_fast.hpp"
#include "orrery/period/nufft_detail.hpp"
#include "orrery/period/template_detail.hpp"

namespace orrery::period {
namespace {

using detail::BandSums;
using detail::PhaseGain;
using detail::PreparedTemplate;
using detail::SumBlock;
using detail::TemplateSeries;

constexpr const char* kWhere = "template_periodogram";
constexpr Index kPiece = 2048;       // frequencies whose sums are held at a time, by one thread
constexpr Index kBlock = 32;         // frequencies between two looks at the clock
constexpr double kTolerance = 1e-11; // of a sum, relative to the sum of weights
constexpr double kTurn = 2.0 * std::numbers::pi;

struct TemplateRun {
  TemplateSeries series;
  std::vector<PreparedTemplate> templates;
  detail::TemplateScan scan;
  TemplateOptions options;
  FrequencyGrid grid;
  TemplatePeriodogram out;

  [[nodiscard]] Index pieces() const { return (grid.count + kPiece - 1) / kPiece; }
};

TemplateRun prepare(std::span<const SeriesView> bands, std::span<const CurveTemplate> templates, const FrequencyGrid& grid,
                    const TemplateOptions& options) {
  if (options.harmonics < 1 || options.harmonics > kMaxTemplateHarmonics) {
    fail(ErrorKind::input, kWhere, "expected 1 to 16 harmonics, got " + std::to_string(options.harmonics));
  }
  detail::require_grid(grid, kWhere);
  TemplateRun run{.options = options, .grid = grid};
  run.series = detail::template_series(bands, kWhere);
  run.templates = detail::prepare_templates(templates, ssize(bands), options.harmonics, kWhere);
  run.scan = detail::template_scan(run.templates, run.series, options.harmonics, options.amplitudes);
  run.out.power.assign(at(grid.count), 0.0);
  run.out.template_index.assign(at(grid.count), -1);
  return run;
}

/// What a thread works with.
struct Work {
  SumBlock sums;
  std::vector<double> frequency;
  std::vector<detail::ScanBest> best;
  detail::NufftWorkspace nufft;
  PhaseGain gain;
  std::vector<BandSums> own;
};

std::vector<detail::NufftRequest> requests_for(Index harmonics) {
  constexpr int kWeightedY = 0, kWeight = 1;
  std::vector<detail::NufftRequest> requests;
  for (int k = 1; k <= 2 * static_cast<int>(harmonics); ++k) {
    requests.push_back(k <= harmonics ? detail::NufftRequest{k, {kWeightedY, kWeight}} : detail::NufftRequest{k, {kWeight}});
  }
  return requests;
}

/// Whether the transform is the faster way to a piece's sums of this band.
bool fast_band(const detail::TemplateBand& band, const FrequencyGrid& piece, Index harmonics) {
  const double direct = static_cast<double>(ssize(band.tau) * piece.count) * (4.0 + 1.5 * static_cast<double>(harmonics));  // cycles
  if (direct <= 1e6) return false;
  const auto [low, high] = std::minmax_element(band.tau.begin(), band.tau.end());
  return direct > detail::nufft_choice(ssize(band.tau), piece.count, piece.step * (*high - *low), requests_for(harmonics), kTolerance).cost;
}

/// A plan of one band and piece whose sums go into the block.
struct BandTransform {
  detail::NufftPlan plan;
  detail::NufftSink sink;
};
BandTransform band_transform(const detail::TemplateBand& band, const FrequencyGrid& piece, Index harmonics, double* columns, Index stride) {
  const std::span<const double> strengths[] = {band.weighted_y, band.weight};
  BandTransform out{.plan = detail::nufft_plan(band.tau, piece, strengths, requests_for(harmonics), kTolerance), .sink = {}};
  const auto put = [&](Index column) {
    out.sink.re.push_back(columns + column * stride);
    out.sink.im.push_back(columns + (column + 1) * stride);
  };
  for (Index k = 0; k < 2 * harmonics; ++k) {
    if (k < harmonics) put(4 * harmonics + 2 * k);
    put(2 * k);
  }
  return out;
}

/// The transform counts time within a window of frequencies from its own origin, which power does not feel but bands must share:
/// turns the sums to the common epoch, and from exp(-i k phi) to exp(i k phi).
void turn_to_epoch(const detail::TemplateBand& band, const detail::NufftPlan& plan, Index harmonics, double* columns, Index stride) {
  const double first = *std::min_element(band.tau.begin(), band.tau.end());
  const double origin = plan.grid.step * first - 0.5 * plan.shape.width / static_cast<double>(plan.shape.big());
  const Index modes = plan.shape.modes(), centre = plan.shape.residues * (plan.shape.small_modes / 2);
  for (Index i = 0; i < plan.grid.count; ++i) {
    const double turns = static_cast<double>(i % modes - centre) * origin;
    const double c1 = std::cos(kTurn * (turns - std::round(turns))), s1 = std::sin(kTurn * (turns - std::round(turns)));
    double c = c1, s = s1;
    const auto turn = [&](Index column) {
      double &re = columns[column * stride + i], &im = columns[(column + 1) * stride + i];
      const double turned = re * c + im * s;
      im = re * s - im * c;
      re = turned;
    };
    for (Index k = 0; k < 2 * harmonics; ++k) {
      turn(2 * k);
      if (k < harmonics) turn(4 * harmonics + 2 * k);
      const double next = c * c1 - s * s1;
      s = s * c1 + c * s1;
      c = next;
    }
  }
}

FrequencyGrid piece_grid(const FrequencyGrid& grid, Index piece) {
  return {grid[piece * kPiece], grid.step, std::min(kPiece, grid.count - piece * kPiece)};
}

void begin_piece(const TemplateRun& run, Index piece, Work& work) {
  const FrequencyGrid part = piece_grid(run.grid, piece);
  work.frequency.resize(at(part.count));
  for (Index i = 0; i < part.count; ++i) work.frequency[at(i)] = run.grid[piece * kPiece + i];
  work.sums.count = part.count;
  work.sums.stride = kPiece;
  if (work.sums.data.size() == 0) {
    work.sums.data.resize(run.scan.bands * run.scan.columns() * kPiece);
    work.sums.data.fill_zero();
  }
  work.best.resize(at(part.count));
  work.own.resize(run.series.bands.size());
}

Task<bool> fill_sums(Budget& budget, const TemplateRun& run, Index piece, Work& work) {
  const FrequencyGrid part = piece_grid(run.grid, piece);
  const Index harmonics = run.scan.harmonics;
  for (std::size_t b = 0; b < run.series.bands.size(); ++b) {
    const auto& band = run.series.bands[b];
    if (band.tau.empty()) continue;
    double* columns = work.sums.data.data() + Index(b) * run.scan.columns() * kPiece;
    if (fast_band(band, part, harmonics)) {
      const auto transform = band_transform(band, part, harmonics, columns, kPiece);
      for (Index pair = 0; pair < transform.plan.pairs(); ++pair) {
        co_await detail::nufft_pair_task(budget, transform.plan, work.nufft, pair, transform.sink);
      }
      turn_to_epoch(band, transform.plan, harmonics, columns, kPiece);
    } else {
      const Index some = std::clamp<Index>(100000 / (ssize(band.tau) * harmonics) / 8 * 8, 8, kPiece);
      for (Index i = 0; i < part.count; i += some) {
        detail::direct_sum_block(band, work.frequency.data() + i, std::min(some, part.count - i), harmonics, columns + i, kPiece);
        co_await budget.pause();
      }
    }
  }
  co_return true;
}

/// The sums at one frequency, for the fine search of the phase.
void take_sums(const TemplateRun& run, Index i, Work& work) {
  const Index harmonics = run.scan.harmonics;
  for (std::size_t b = 0; b < work.own.size(); ++b) {
    auto& to = work.own[b];
    const double* column = work.sums.data.data() + Index(b) * run.scan.columns() * kPiece + i;
    for (auto* v : {&to.wc, &to.ws}) v->resize(at(2 * harmonics));
    for (auto* v : {&to.yc, &to.ys}) v->resize(at(harmonics));
    for (Index k = 0; k < 2 * harmonics; ++k) {
      to.wc[at(k)] = column[2 * k * kPiece];
      to.ws[at(k)] = column[(2 * k + 1) * kPiece];
    }
    column += 4 * harmonics * kPiece;
    for (Index k = 0; k < harmonics; ++k) {
      to.yc[at(k)] = column[2 * k * kPiece];
      to.ys[at(k)] = column[(2 * k + 1) * kPiece];
    }
  }
}

void polish(TemplateRun& run, Index piece, Index i, Work& work) {
  const auto& best = work.best[at(i)];
  if (best.place[0] < 0) return;
  take_sums(run, i, work);
  const Index phases = run.scan.phases;
  double top = -1.0;
  std::int32_t which = -1;
  for (int r = 0; r < 2; ++r) {
    // The parabola is good to a few per cent: a second maximum far below the first cannot win.
    if (best.place[r] < 0 || best.gain[r] < 0.85 * best.gain[0]) continue;
    const auto s = static_cast<std::int32_t>(best.place[r] / phases);
    double u = kTurn * static_cast<double>(best.place[r] % phases) / static_cast<double>(phases);
    work.gain.set(run.templates[at(s)], run.series, work.own, run.options.amplitudes);
    const double gain = work.gain.climb(u, kTurn / static_cast<double>(phases));
    if (gain > top) top = gain, which = s;
  }
  const Index k = piece * kPiece + i;
  run.out.power[at(k)] = run.series.variance > 0.0 ? std::clamp(top / run.series.variance, 0.0, 1.0) : 0.0;
  run.out.template_index[at(k)] = which;
}

/// One piece of the grid. Different pieces write different places.
Task<bool> piece_task(Budget& budget, TemplateRun& run, Index piece, Work& work) {
  begin_piece(run, piece, work);
  co_await fill_sums(budget, run, piece, work);
  for (Index i = 0; i < work.sums.count; i += kBlock) {
    const Index end = std::min(i + kBlock, work.sums.count);
    detail::scan_block(run.scan, work.sums, work.frequency.data(), i, end, work.best.data());
    for (Index k = i; k < end; ++k) polish(run, piece, k, work);
    co_await budget.pause();
  }
  co_return true;
}

}  // namespace

TemplatePeriodogram template_periodogram(std::span<const SeriesView> bands, std::span<const CurveTemplate> templates,
                                         const FrequencyGrid& grid, const TemplateOptions& options) {
  TemplateRun run = prepare(bands, templates, grid, options);
  parallel_for(run.pieces(), 1, [&](Index begin, Index end) {
    Work work;
    for (Index piece = begin; piece < end; ++piece) {
      static_cast<void>(run_to_end([&](Budget& budget) { return piece_task(budget, run, piece, work); }));
    }
  }, options.threads);
  return std::move(run.out);
}

Task<TemplatePeriodogram> template_periodogram_task(Budget& budget, std::vector<SeriesView> bands, std::span<const CurveTemplate> templates,
                                                    FrequencyGrid grid, TemplateOptions options) {
  TemplateRun run = prepare(bands, templates, grid, options);
  Work work;
  for (Index piece = 0; piece < run.pieces(); ++piece) {
    co_await piece_task(budget, run, piece, work);
    budget.progress(static_cast<double>(piece + 1) / static_cast<double>(run.pieces()), "templates");
  }
  co_return std::move(run.out);
}

}  // namespace orrery::period
