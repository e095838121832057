#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"

namespace orrery::stats {

/// Any number made from a sample: mean, sigma_g, a quantile, ... It must not depend on the order of the values.
using Statistic = std::function<double(std::span<const double>)>;

struct BootstrapOptions {
  Index replicas = 1000;
  std::uint64_t seed = 0;
  int threads = 0;  ///< largest number of threads; 0 = all cores. Results do not depend on it; the statistic must be callable from several
};

struct Bootstrap {
  double estimate = 0.0;           ///< statistic of the sample itself [v]
  std::vector<double> replicates;  ///< (B,) statistic of each resampled set [v], in the order of the replicas
  double standard_error = 0.0;     ///< standard deviation of the replicates, B - 1 below [v]
  double bias = 0.0;               ///< mean of the replicates - estimate [v]
};

/// Nonparametric bootstrap: B samples of N values drawn from the N given ones with replacement, and the statistic of each.
/// Replica b draws from Philox stream b of the seed, so a longer run begins with the same replicas.
/// @param values     (N,) [u], finite, N >= 2
/// @param statistic  what is asked of a sample [v]
/// @param options    replicas >= 2
/// @throws InputError  N < 2, a value that is not finite, replicas < 2
/// @cost             O(B (N + cost of the statistic)) time, O(B + N) memory
/// @source           Efron 1979, Annals of Statistics 7, 1
[[nodiscard]] Bootstrap bootstrap(std::span<const double> values, const Statistic& statistic, const BootstrapOptions& options = {});

/// The same in slices, on one thread. The values must outlive the task.
[[nodiscard]] Task<Bootstrap> bootstrap_task(Budget& budget, std::span<const double> values, Statistic statistic, BootstrapOptions options);

/// Statistic of one replica: what bootstrap() puts at replicates[replica]; `work` is reused storage.
[[nodiscard]] double bootstrap_replicate(std::span<const double> values, const Statistic& statistic, std::uint64_t seed, Index replica,
                                         std::vector<double>& work);

struct Interval {
  double low = 0.0;
  double high = 0.0;
};

/// Percentile interval: the (1 - level)/2 and (1 + level)/2 quantiles of the replicates.
/// @param level  confidence [1], in (0, 1), e.g. 0.95
/// @throws InputError  fewer than 2 replicates, level outside (0, 1)
/// @cost  O(B log B)
/// @source Efron & Tibshirani 1993, An Introduction to the Bootstrap, sect. 13.3
[[nodiscard]] Interval percentile_interval(std::span<const double> replicates, double level);

struct Jackknife {
  double estimate = 0.0;               ///< statistic of all values [v]
  std::vector<double> leave_one_out;   ///< (N,) statistic without value i [v]
  double bias = 0.0;                   ///< (N - 1) (mean of leave_one_out - estimate) [v]
  double corrected = 0.0;              ///< estimate - bias [v]
  double standard_error = 0.0;         ///< sqrt((N - 1)/N sum (leave_one_out - their mean)^2) [v]
};

/// First-order jackknife. Right for smooth statistics (mean, sigma); for quantiles (median, sigma_g) its standard error does not
/// converge to the true one however large N is.
/// @param values     (N,) [u], finite, N >= 3
/// @throws InputError  N < 3, a value that is not finite
/// @cost             O(N (N + cost of the statistic)) time, O(N) memory
/// @source           Efron & Stein 1981, Annals of Statistics 9, 586; quantiles: Efron 1982, The Jackknife, the Bootstrap, sect. 3.4
[[nodiscard]] Jackknife jackknife(std::span<const double> values, const Statistic& statistic);

/// The same in slices. The values must outlive the task.
[[nodiscard]] Task<Jackknife> jackknife_task(Budget& budget, std::span<const double> values, Statistic statistic);

/// Bias-corrected and accelerated interval: percentiles moved by z0 = Phi^-1(fraction of replicates below the estimate, ties half)
/// and a = sum d^3 / (6 (sum d^2)^1.5), d = mean of leave_one_out - leave_one_out. Second-order accurate for smooth statistics.
/// @param bootstrap  of the same sample and statistic
/// @param leave_out  jackknife of the same sample and statistic
/// @param level      confidence [1], in (0, 1)
/// @return           interval [v]; the percentile interval when all replicates lie on one side of the estimate (z0 infinite)
/// @throws InputError  fewer than 2 replicates, level outside (0, 1)
/// @cost  O(B log B + N)
/// @source Efron 1987, Journal of the American Statistical Association 82, 171, eqs. 2.3, 6.6
[[nodiscard]] Interval bca_interval(const Bootstrap& bootstrap, const Jackknife& leave_out, double level);

}  // namespace orrery::stats
