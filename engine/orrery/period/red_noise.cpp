#include "orrery/period/red_noise.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "orrery/core/text.hpp"
#include "orrery/period/replicas_detail.hpp"

namespace orrery::period {
namespace {

constexpr std::uint64_t kNoiseStreams = std::uint64_t(1) << 40;  // white parts; below are the walks

/// -ln(1 - Z), finite.
double depth_of(double standard) { return -std::log1p(-std::min(standard, 1.0 - 1e-15)); }

struct Simulation {
  std::vector<SeriesView> views;
  RedNoiseOptions options;
  detail::ReplicaSearch search;
  std::vector<double> t;                     ///< times of all bands, one after another
  std::vector<std::size_t> start;            ///< of each band in t
  std::vector<std::vector<double>> error;    ///< (N_b,) errors and jitter in quadrature
  RedNoiseNull null;
  std::vector<std::vector<double>> sums;     ///< (lanes) x (F,) depths of the reference
  detail::ReplicaValues values;
  detail::ReplicaPower refer, keep;
};

/// Time scale of all bands: mean of ln tau weighted by its certainty; by the points where none is certain.
double common_tau(const std::vector<gp::DampedRandomWalkFit>& walks, const std::vector<SeriesView>& bands) {
  double total = 0.0, sum = 0.0;
  for (const auto& fit : walks) {
    const double weight = std::isfinite(fit.error[1]) ? 1.0 / (fit.error[1] * fit.error[1]) : 0.0;
    total += weight;
    sum += weight * std::log(fit.walk.tau);
  }
  if (total > 0.0) return std::exp(sum / total);
  for (std::size_t b = 0; b < walks.size(); ++b) {
    total += double(bands[b].size());
    sum += double(bands[b].size()) * std::log(walks[b].walk.tau);
  }
  return std::exp(sum / total);
}

Task<bool> fit_walks(Budget& budget, Simulation& s) {
  auto& walks = s.null.walks;
  for (const auto& view : s.views) walks.push_back(co_await gp::fit_damped_random_walk_task(budget, view, s.options.walk));
  if (s.views.size() == 1) co_return true;
  auto given = s.options.walk;
  given.min_tau = given.max_tau = common_tau(walks, s.views);
  given.starts = 1;
  for (std::size_t b = 0; b < walks.size(); ++b) walks[b] = co_await gp::fit_damped_random_walk_task(budget, s.views[b], given);
  co_return true;
}

/// Replica r: one walk of unit variance at the times of all bands, scaled for each, and white noise.
void simulate(const Simulation& s, Index r, Index band, std::span<double> y) {
  const auto& walk = s.null.walks[at(band)].walk;
  const auto unit = gp::damped_random_walk_sample({1.0, walk.tau, 0.0}, s.t, s.options.seed, std::uint64_t(r));
  Random random(s.options.seed, kNoiseStreams + std::uint64_t(r) * std::uint64_t(s.views.size()) + std::uint64_t(band));
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = walk.sigma * unit[s.start[at(band)] + i] + s.error[at(band)][i] * random.normal();
}

void keep_maxima(RedNoiseNull& null, Index r, std::span<const double> power) {
  double highest = 0.0, relative = 0.0;
  for (std::size_t k = 0; k < power.size(); ++k) {
    const double depth = depth_of(power[k]);
    highest = std::max(highest, depth);
    if (null.expected[k] > 0.0) relative = std::max(relative, depth / null.expected[k]);
  }
  null.maxima[at(r)] = highest;
  null.relative_maxima[at(r)] = relative;
}

Task<bool> prepare(Budget& budget, Simulation& s) {
  constexpr const char* kWhere = "red_noise_null";
  const auto& options = s.options;
  if (options.resamples < 1 || options.reference < 1) {
    fail(ErrorKind::input, kWhere, "expected at least 1 resample and 1 reference, got " + std::to_string(options.resamples) + " and " +
                                       std::to_string(options.reference));
  }
  auto plain = options.periodogram;
  plain.normalization = Normalization::standard;
  co_await detail::prepare_replicas(budget, s.search, s.views, s.null.grid, plain, kWhere);
  co_await fit_walks(budget, s);
  s.null.normalization = options.periodogram.normalization;
  for (std::size_t b = 0; b < s.views.size(); ++b) {
    s.null.chi2_0 += s.search.bands[b].series.reference_chi2();
    s.start.push_back(s.t.size());
    s.t.insert(s.t.end(), s.views[b].t.begin(), s.views[b].t.end());
    auto& error = s.error.emplace_back();
    for (std::size_t i = 0; i < s.views[b].t.size(); ++i) {
      error.push_back(std::hypot(s.views[b].sigma.empty() ? 0.0 : s.views[b].sigma[i], s.null.walks[b].walk.jitter));
    }
  }
  const Index lanes = std::min(detail::kReplicaLanes, options.reference);
  s.sums.assign(at(lanes), std::vector<double>(at(s.null.grid.count), 0.0));
  s.null.maxima.assign(at(options.resamples), 0.0);
  s.null.relative_maxima = s.null.maxima;
  s.values = [&s](Index r, Index band, std::span<double> y) { simulate(s, r, band, y); };
  s.refer = [&s](Index, Index lane, std::span<const double> power) {
    auto& sum = s.sums[at(lane)];
    for (std::size_t k = 0; k < power.size(); ++k) sum[k] += depth_of(power[k]);
  };
  s.keep = [&s](Index r, Index, std::span<const double> power) { keep_maxima(s.null, r - s.options.reference, power); };
  co_return true;
}

void take_reference(Simulation& s) {
  s.null.expected.assign(at(s.null.grid.count), 0.0);
  for (const auto& sum : s.sums) {
    for (std::size_t k = 0; k < sum.size(); ++k) s.null.expected[k] += sum[k] / double(s.options.reference);
  }
}

RedNoiseNull finish(Simulation& s) {
  std::sort(s.null.maxima.begin(), s.null.maxima.end());
  std::sort(s.null.relative_maxima.begin(), s.null.relative_maxima.end());
  return std::move(s.null);
}

/// Expected depth at the grid point nearest to a frequency.
double expected_at(const RedNoiseNull& null, double frequency, const char* where) {
  const auto& grid = null.grid;
  const double place = grid.count > 1 ? std::round((frequency - grid.first) / grid.step) : 0.0;
  if (!(place >= -1.0 && place <= double(grid.count))) {
    fail(ErrorKind::input, where, "expected a frequency of the grid, got " + number_text(frequency));
  }
  return null.expected[at(Index(std::clamp(place, 0.0, double(grid.count - 1))))];
}

}  // namespace

Task<RedNoiseNull> red_noise_null_task(Budget& budget, std::vector<SeriesView> bands, FrequencyGrid grid, RedNoiseOptions options) {
  Simulation s{.views = std::move(bands), .options = options};
  s.null.grid = grid;
  co_await prepare(budget, s);
  co_await detail::run_replicas_task(budget, s.search, 0, options.reference, s.values, s.refer, "expected power of red noise");
  take_reference(s);
  co_await detail::run_replicas_task(budget, s.search, options.reference, options.resamples, s.values, s.keep, "maxima of red noise");
  co_return finish(s);
}

RedNoiseNull red_noise_null(std::span<const SeriesView> bands, const FrequencyGrid& grid, const RedNoiseOptions& options) {
  Simulation s{.views = {bands.begin(), bands.end()}, .options = options};
  s.null.grid = grid;
  (void)run_to_end([&](Budget& budget) { return prepare(budget, s); });
  detail::run_replicas(s.search, 0, options.reference, s.values, s.refer);
  take_reference(s);
  detail::run_replicas(s.search, options.reference, options.resamples, s.values, s.keep);
  return finish(s);
}

RedNoiseNull red_noise_null(const SeriesView& series, const FrequencyGrid& grid, const RedNoiseOptions& options) {
  return red_noise_null(std::span(&series, 1), grid, options);
}

FalseAlarm red_noise_probability(const RedNoiseNull& null, double power, std::optional<double> frequency, bool smooth) {
  if (std::isnan(power)) fail(ErrorKind::input, "red_noise_probability", "expected a power, got nan");
  const double depth = depth_of(standard_power(power, null.normalization, null.chi2_0));
  if (!frequency) return probability_from_maxima(null.maxima, depth, smooth);
  const double expected = expected_at(null, *frequency, "red_noise_probability");
  return probability_from_maxima(null.relative_maxima, expected > 0.0 ? depth / expected : 0.0, smooth);
}

double red_noise_level(const RedNoiseNull& null, double probability, std::optional<double> frequency, bool smooth) {
  if (!(probability > 0.0 && probability <= 1.0)) {
    fail(ErrorKind::input, "red_noise_level", "expected a probability in (0, 1], got " + number_text(probability));
  }
  const double depth = frequency ? level_from_maxima(null.relative_maxima, probability, smooth) * expected_at(null, *frequency, "red_noise_level")
                                 : level_from_maxima(null.maxima, probability, smooth);
  return normalized_power(-std::expm1(-depth), null.normalization, null.chi2_0);
}

}  // namespace orrery::period
