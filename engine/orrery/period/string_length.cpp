#include "orrery/period/string_length.hpp"

#include <algorithm>
#include <memory>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/period/string_length_detail.hpp"

namespace orrery::period {
namespace {

constexpr const char* kWhere = "string_length";

/// What the raw lengths are divided by; 0 for a constant series.
double divisor(const detail::FoldedSeries& series, StringMeasure measure) {
  const double n = static_cast<double>(series.size());
  if (measure == StringMeasure::clarke && !series.sigma.empty()) {
    double sum = 0.0, squares = 0.0;
    for (const double w : series.weight) sum += w, squares += w * w;
    return 2.0 * series.scatter / (sum - squares / sum);
  }
  double mean = 0.0, scatter = 0.0;
  for (const double y : series.y) mean += y / n;
  for (const double y : series.y) scatter += (y - mean) * (y - mean);
  return measure == StringMeasure::clarke ? scatter * 2.0 * n / (n - 1.0) : scatter;
}

/// Values from -1/4 to 1/4.
void bring_to_half(std::vector<double>& y) {
  const auto [low, high] = std::minmax_element(y.begin(), y.end());
  const double range = *high - *low, base = *low;
  for (double& v : y) v = range > 0.0 ? 0.5 * (v - base) / range - 0.25 : 0.0;
}

detail::Piecewise work_of(const SeriesView& series, const TrialFrequencies& frequency, const StringLengthOptions& options) {
  auto folded = detail::folded_series(series, 4, kWhere);
  if (folded.size() >= detail::kMaxSortedPoints) {
    fail(ErrorKind::limit, kWhere, "expected less than 2^24 points, got " + std::to_string(folded.size()));
  }
  detail::require_trials(frequency, kWhere);
  const bool by_path = options.measure == StringMeasure::dworetsky;
  const double unit = by_path ? 1.0 : divisor(folded, options.measure);
  if (by_path) bring_to_half(folded.y);
  const double constant = options.measure == StringMeasure::clarke ? 1.0 : 2.0;
  const auto shared = std::make_shared<const detail::FoldedSeries>(std::move(folded));
  return {.frequency = frequency, .piece = detail::piece_of(shared->size(), 6.0),
          .evaluate = [shared, frequency, measure = options.measure, unit, constant](Index begin, Index end, double* out) {
            detail::string_piece(*shared, frequency, measure, begin, end, out);
            for (double* v = out; v < out + (end - begin); ++v) *v = unit > 0.0 ? *v / unit : constant;
          }};
}

}  // namespace

std::vector<double> string_length(const SeriesView& series, const TrialFrequencies& frequency, const StringLengthOptions& options) {
  return detail::run_pieces(work_of(series, frequency, options), options.threads);
}

Task<std::vector<double>> string_length_task(Budget& budget, SeriesView series, TrialFrequencies frequency, StringLengthOptions options) {
  co_return co_await detail::run_pieces_task(budget, work_of(series, frequency, options), "string length");
}

}  // namespace orrery::period
