#include "orrery/period/conditional_entropy.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "orrery/period/conditional_entropy_detail.hpp"

namespace orrery::period {
namespace {

constexpr const char* kWhere = "conditional_entropy";

/// Counts are at most N: a table of their n ln n costs no more than the series.
detail::EntropyTable table_of(const SeriesView& series, const ConditionalEntropyOptions& options) {
  detail::EntropyTable table{.series = detail::folded_series(series, 4, kWhere)};
  const auto [low, high] = std::minmax_element(table.series.y.begin(), table.series.y.end());
  const double bins = static_cast<double>(options.value_bins), range = *high - *low;
  for (const double y : table.series.y) {
    const double bin = range > 0.0 ? (y - *low) / range * bins : 0.0;
    table.row.push_back(static_cast<std::int32_t>(std::min(bin, bins - 1.0)));
  }
  table.n_log_n.assign(table.row.size() + 1, 0.0);
  for (std::size_t n = 2; n < table.n_log_n.size(); ++n) table.n_log_n[n] = static_cast<double>(n) * std::log(static_cast<double>(n));
  return table;
}

detail::Piecewise work_of(const SeriesView& series, const TrialFrequencies& frequency, const ConditionalEntropyOptions& options) {
  detail::require_range(options.phase_bins, 2, 1000, kWhere, "phase_bins");
  detail::require_range(options.value_bins, 2, 1000, kWhere, "value_bins");
  const auto table = std::make_shared<const detail::EntropyTable>(table_of(series, options));
  detail::require_trials(frequency, kWhere);
  return {.frequency = frequency, .piece = detail::piece_of(ssize(table->row) + options.phase_bins * options.value_bins, 1.5),
          .evaluate = [table, frequency, options](Index begin, Index end, double* out) {
            detail::entropy_piece(*table, frequency, options, begin, end, out);
          }};
}

}  // namespace

std::vector<double> conditional_entropy(const SeriesView& series, const TrialFrequencies& frequency,
                                        const ConditionalEntropyOptions& options) {
  return detail::run_pieces(work_of(series, frequency, options), options.threads);
}

Task<std::vector<double>> conditional_entropy_task(Budget& budget, SeriesView series, TrialFrequencies frequency,
                                                   ConditionalEntropyOptions options) {
  co_return co_await detail::run_pieces_task(budget, work_of(series, frequency, options), "conditional entropy");
}

}  // namespace orrery::period
