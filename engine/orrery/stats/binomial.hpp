#pragma once
#include "orrery/core/index.hpp"

namespace orrery::stats {

/// A probability between two limits.
struct ProbabilityRange {
  double low = 0.0;
  double high = 1.0;
};

/// Wilson's score interval of a binomial probability: all p for which k successes of n lie within z standard deviations of n p,
///   (k + z^2 / 2 +- z sqrt(k (n - k) / n + z^2 / 4)) / (n + z^2),   z the normal quantile of (1 + confidence) / 2.
/// Never empty and never outside [0, 1]; unlike k / n +- an error it says something for k = 0 and k = n. [0, 1] without trials.
/// @param successes   k, 0 <= k <= n
/// @param trials      n >= 0
/// @param confidence  in (0, 1)
/// @return            limits [1]
/// @throws InputError  k outside [0, n], confidence outside (0, 1)
/// @cost   O(1)
/// @source Wilson 1927, J. Am. Stat. Assoc. 22, 209; Brown, Cai & DasGupta 2001, Statistical Science 16, 101 (how it covers)
[[nodiscard]] ProbabilityRange wilson_interval(Index successes, Index trials, double confidence);

}  // namespace orrery::stats
