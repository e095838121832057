#include "orrery/period/phase_dispersion.hpp"

#include <cmath>
#include <memory>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/period/phase_dispersion_detail.hpp"
#include "orrery/stats/special.hpp"

namespace orrery::period {
namespace {

constexpr const char* kWhere = "phase_dispersion";

detail::Piecewise work_of(const SeriesView& series, const TrialFrequencies& frequency, const PhaseDispersionOptions& options) {
  detail::require_range(options.bins, 2, 1000, kWhere, "bins");
  detail::require_range(options.covers, 1, 10000 / options.bins, kWhere, "covers");
  if (options.interpolate && options.covers > 1) {
    fail(ErrorKind::input, kWhere, "expected one cover with interpolate, got " + std::to_string(options.covers));
  }
  const auto folded = std::make_shared<const detail::FoldedSeries>(detail::folded_series(series, 4, kWhere));
  detail::require_trials(frequency, kWhere);
  const Index work = folded->size() + options.bins * options.covers;
  return {.frequency = frequency, .piece = detail::piece_of(work, options.interpolate ? 4.0 : 1.5),
          .evaluate = [folded, frequency, options](Index begin, Index end, double* out) {
            detail::dispersion_piece(*folded, frequency, options, begin, end, out);
          }};
}

}  // namespace

std::vector<double> phase_dispersion(const SeriesView& series, const TrialFrequencies& frequency, const PhaseDispersionOptions& options) {
  return detail::run_pieces(work_of(series, frequency, options), options.threads);
}

Task<std::vector<double>> phase_dispersion_task(Budget& budget, SeriesView series, TrialFrequencies frequency,
                                                PhaseDispersionOptions options) {
  co_return co_await detail::run_pieces_task(budget, work_of(series, frequency, options), "phase dispersion");
}

double phase_dispersion_probability(double theta, Index points, Index bins) {
  if (bins < 2 || points <= bins || std::isnan(theta)) {
    fail(ErrorKind::input, "phase_dispersion_probability", "expected theta, at least 2 bins and more points than bins, got " +
                                                               std::to_string(points) + " points and " + std::to_string(bins) + " bins");
  }
  // x = theta (N - M) / (N - 1) is the share of the scatter left within bins; x ~ Beta(a, b) means F = (1 - x) a / (x b) ~ F(2 b, 2 a).
  const double inside = static_cast<double>(points - bins), between = static_cast<double>(bins - 1);
  const double x = theta * inside / (inside + between);
  if (x <= 0.0) return 0.0;
  if (x >= 1.0) return 1.0;
  return stats::f_survival((1.0 - x) * inside / (x * between), between, inside);
}

}  // namespace orrery::period
