#include "orrery/stats/bootstrap.hpp"

#include <algorithm>
#include <cmath>

#include "orrery/core/parallel.hpp"
#include "orrery/core/random.hpp"
#include "orrery/stats/check_detail.hpp"
#include "orrery/stats/moments.hpp"
#include "orrery/stats/robust.hpp"
#include "orrery/stats/special.hpp"

namespace orrery::stats {
namespace {

void require_bootstrap(std::span<const double> values, const BootstrapOptions& options) {
  detail::require_finite(values, 2, "bootstrap");
  if (options.replicas < 2) fail(ErrorKind::input, "bootstrap", "expected at least 2 replicas, got " + std::to_string(options.replicas));
}

void summarise(Bootstrap& result) {
  result.standard_error = standard_deviation(result.replicates);
  result.bias = mean(result.replicates) - result.estimate;
}

std::vector<double> sorted_replicates(std::span<const double> replicates, double level, const char* where) {
  if (!(level > 0.0 && level < 1.0)) fail(ErrorKind::input, where, "expected level in (0, 1), got " + number_text(level));
  detail::require_finite(replicates, 2, where);
  std::vector<double> sorted(replicates.begin(), replicates.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

/// a of the BCa interval: a sixth of the skewness of the leave-one-out values, reversed.
double acceleration(const Jackknife& jackknife) {
  const double center = mean(jackknife.leave_one_out);
  double s2 = 0.0, s3 = 0.0;
  for (const double v : jackknife.leave_one_out) {
    const double d = center - v;
    s2 += d * d;
    s3 += d * d * d;
  }
  return s2 > 0.0 ? s3 / (6.0 * std::pow(s2, 1.5)) : 0.0;
}

}  // namespace

double bootstrap_replicate(std::span<const double> values, const Statistic& statistic, std::uint64_t seed, Index replica,
                           std::vector<double>& work) {
  Random random(seed, static_cast<std::uint64_t>(replica));
  work.resize(values.size());
  for (double& v : work) v = values[at(random.index(ssize(values)))];
  return statistic(work);
}

Bootstrap bootstrap(std::span<const double> values, const Statistic& statistic, const BootstrapOptions& options) {
  require_bootstrap(values, options);
  Bootstrap result{.estimate = statistic(values), .replicates = std::vector<double>(at(options.replicas))};
  parallel_for(
      options.replicas, 16,
      [&](Index begin, Index end) {
        std::vector<double> work;
        for (Index b = begin; b < end; ++b) result.replicates[at(b)] = bootstrap_replicate(values, statistic, options.seed, b, work);
      },
      options.threads);
  summarise(result);
  return result;
}

Task<Bootstrap> bootstrap_task(Budget& budget, std::span<const double> values, Statistic statistic, BootstrapOptions options) {
  require_bootstrap(values, options);
  Bootstrap result{.estimate = statistic(values)};
  std::vector<double> work;
  for (Index b = 0; b < options.replicas; ++b) {
    result.replicates.push_back(bootstrap_replicate(values, statistic, options.seed, b, work));
    budget.progress(static_cast<double>(b) / static_cast<double>(options.replicas), "bootstrap");
    co_await budget.pause();
  }
  summarise(result);
  co_return result;
}

Interval percentile_interval(std::span<const double> replicates, double level) {
  const auto sorted = sorted_replicates(replicates, level, "percentile_interval");
  return {sorted_quantile(sorted, 0.5 * (1.0 - level)), sorted_quantile(sorted, 0.5 * (1.0 + level))};
}

Task<Jackknife> jackknife_task(Budget& budget, std::span<const double> values, Statistic statistic) {
  detail::require_finite(values, 3, "jackknife");
  Jackknife result{.estimate = statistic(values)};
  std::vector<double> rest(values.begin() + 1, values.end());
  const double n = static_cast<double>(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    result.leave_one_out.push_back(statistic(rest));  // all but value i
    if (i + 1 < values.size()) rest[i] = values[i];
    budget.progress(static_cast<double>(i) / n, "jackknife");
    co_await budget.pause();
  }
  const double center = mean(result.leave_one_out);
  result.bias = (n - 1.0) * (center - result.estimate);
  result.corrected = result.estimate - result.bias;
  result.standard_error = (n - 1.0) / std::sqrt(n) * standard_deviation(result.leave_one_out);
  co_return result;
}

Jackknife jackknife(std::span<const double> values, const Statistic& statistic) {
  return run_to_end([&](Budget& budget) { return jackknife_task(budget, values, statistic); });
}

Interval bca_interval(const Bootstrap& bootstrap, const Jackknife& leave_out, double level) {
  const auto sorted = sorted_replicates(bootstrap.replicates, level, "bca_interval");
  const auto below = std::lower_bound(sorted.begin(), sorted.end(), bootstrap.estimate) - sorted.begin();
  const auto up_to = std::upper_bound(sorted.begin(), sorted.end(), bootstrap.estimate) - sorted.begin();
  const double fraction = 0.5 * static_cast<double>(below + up_to) / static_cast<double>(ssize(sorted));
  if (fraction <= 0.0 || fraction >= 1.0) return percentile_interval(sorted, level);
  const double z0 = normal_quantile(fraction);
  const double a = acceleration(leave_out);
  const auto end = [&](double p) {
    const double z = z0 + normal_quantile(p);
    return sorted_quantile(sorted, normal_cdf(z0 + z / (1.0 - a * z)));
  };
  return {end(0.5 * (1.0 - level)), end(0.5 * (1.0 + level))};
}

}  // namespace orrery::stats
