#include "orrery/period/lomb_scargle_batch.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/parallel.hpp"
#include "orrery/core/text.hpp"
#include "orrery/period/lomb_scargle_fast.hpp"
#include "orrery/period/nufft_detail.hpp"
#include "orrery/period/peaks.hpp"

namespace orrery::period {
namespace {

constexpr const char* kWhere = "lomb_scargle_batch";
constexpr double kLongStar = 2e5;  // points + frequencies, times harmonics, above which a star is done in slices of its own

struct Batch {
  BatchView stars;
  std::span<const FrequencyGrid> grids;
  BatchOptions options;
  BatchResult result;

  [[nodiscard]] const FrequencyGrid& grid(Index s) const { return grids[grids.size() == 1 ? 0 : at(s)]; }
  /// Where a star's power goes; scratch when powers are not kept.
  [[nodiscard]] std::span<double> place(Index s, std::vector<double>& scratch) {
    const std::size_t count = at(grid(s).count);
    if (options.keep_power) return std::span(result.power).subspan(at(result.offset[at(s)]), count);
    if (scratch.size() < count) scratch.resize(count);
    return std::span(scratch).first(count);
  }
};

void require_layout(const BatchView& stars, std::size_t grids) {
  const auto& o = stars.offset;
  if (stars.y.size() != stars.t.size() || (!stars.sigma.empty() && stars.sigma.size() != stars.t.size())) {
    fail(ErrorKind::input, kWhere, "expected columns of one length, got " + std::to_string(stars.t.size()) + ", " +
                                       std::to_string(stars.y.size()) + " and " + std::to_string(stars.sigma.size()));
  }
  if (o.empty() || o.front() != 0 || o.back() != ssize(stars.t) || !std::is_sorted(o.begin(), o.end())) {
    fail(ErrorKind::input, kWhere, "expected offsets that ascend from 0 to " + std::to_string(stars.t.size()));
  }
  if (grids != 1 && Index(grids) != stars.stars()) {
    fail(ErrorKind::input, kWhere, "expected 1 grid or " + std::to_string(stars.stars()) + ", got " + std::to_string(grids));
  }
}

void prepare(Batch& batch) {
  check_batch(batch.stars, batch.grids, batch.options);
  const Index stars = batch.stars.stars();
  auto& r = batch.result;
  r.offset.assign(at(stars + 1), 0);
  if (batch.options.keep_power) {
    for (Index s = 0; s < stars; ++s) r.offset[at(s + 1)] = r.offset[at(s)] + batch.grid(s).count;
    r.power.resize(at(r.offset.back()));
  }
  r.peaks = batch.options.peaks;
  r.peak_frequency.assign(at(stars * r.peaks), std::numeric_limits<double>::quiet_NaN());
  r.peak_power = r.peak_frequency;
}

void keep_peaks(Batch& batch, Index s, std::span<const double> power) {
  auto& r = batch.result;
  if (r.peaks == 0) return;
  const auto t = batch.stars.star(s).t;
  const auto [low, high] = std::minmax_element(t.begin(), t.end());
  const double separation = *high > *low ? 1.0 / (*high - *low) : 0.0;
  Index place = s * r.peaks;
  for (const auto& peak : local_maxima(power, batch.grid(s), r.peaks, separation)) {
    r.peak_frequency[at(place)] = peak.frequency;
    r.peak_power[at(place++)] = peak.power;
  }
}

}  // namespace

void check_batch(const BatchView& stars, std::span<const FrequencyGrid> grids, const BatchOptions& options) {
  require_layout(stars, grids.size());
  const int harmonics = options.periodogram.harmonics;
  if (harmonics < 1 || harmonics > detail::kMaxHarmonics) {
    fail(ErrorKind::input, kWhere, "expected 1 to 8 harmonics, got " + std::to_string(harmonics));
  }
  if (options.peaks < 0) fail(ErrorKind::input, kWhere, "expected peaks >= 0, got " + std::to_string(options.peaks));
  for (const auto& grid : grids) detail::require_grid(grid, kWhere);
  double powers = 0.0;
  for (Index s = 0; s < stars.stars(); ++s) {
    require_usable(stars.star(s), 2 * harmonics + 2, (std::string(kWhere) + ", star " + std::to_string(s)).c_str());
    powers += double(grids[grids.size() == 1 ? 0 : at(s)].count);
  }
  if (options.keep_power && 8.0 * powers > options.max_bytes) {
    fail(ErrorKind::limit, kWhere, "the powers of all stars need " + number_text(8.0 * powers / 1073741824.0, 3) + " GiB, more than " +
                                       number_text(options.max_bytes / 1073741824.0, 3) + ": keep peaks only");
  }
}

BatchResult lomb_scargle_batch(const BatchView& stars, std::span<const FrequencyGrid> grids, const BatchOptions& options) {
  Batch batch{stars, grids, options, {}};
  prepare(batch);
  std::atomic<Index> next = 0;  // stars are handed out one by one; which thread takes one changes no result
  const int threads = options.periodogram.threads;
  parallel_for(std::min<Index>(stars.stars(), threads > 0 ? threads : hardware_threads()), 1, [&](Index, Index) {
    detail::FastScratch work;
    std::vector<double> scratch;
    for (Index s = next++; s < stars.stars(); s = next++) {
      const auto power = batch.place(s, scratch);
      detail::fast_power(stars.star(s), batch.grid(s), options.periodogram, work, power);
      keep_peaks(batch, s, power);
    }
  }, threads);
  return std::move(batch.result);
}

Task<BatchResult> lomb_scargle_batch_task(Budget& budget, BatchView stars, std::vector<FrequencyGrid> grids, BatchOptions options) {
  Batch batch{stars, grids, options, {}};
  prepare(batch);
  detail::FastScratch work;
  std::vector<double> scratch;
  for (Index s = 0; s < stars.stars(); ++s) {
    co_await budget.pause();
    const auto star = stars.star(s);
    const auto power = batch.place(s, scratch);
    if (double(star.size() + batch.grid(s).count) * options.periodogram.harmonics > kLongStar) {
      const auto slow = co_await lomb_scargle_fast_task(budget, star, batch.grid(s), options.periodogram);
      std::copy(slow.begin(), slow.end(), power.begin());
    } else {
      detail::fast_power(star, batch.grid(s), options.periodogram, work, power);
    }
    keep_peaks(batch, s, power);
    budget.progress(double(s + 1) / double(stars.stars()), "stars");
  }
  co_return std::move(batch.result);
}

}  // namespace orrery::period
