#include "orrery/stats/binomial.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/stats/special.hpp"

namespace orrery::stats {

ProbabilityRange wilson_interval(Index successes, Index trials, double confidence) {
  constexpr const char* kWhere = "wilson_interval";
  if (successes < 0 || successes > trials) {
    fail(ErrorKind::input, kWhere, "expected successes in [0, " + std::to_string(trials) + "], got " + std::to_string(successes));
  }
  if (!(confidence > 0.0 && confidence < 1.0)) {
    fail(ErrorKind::input, kWhere, "expected confidence between 0 and 1, got " + number_text(confidence));
  }
  if (trials == 0) return {};
  const double z = normal_quantile(0.5 + 0.5 * confidence), k = static_cast<double>(successes), n = static_cast<double>(trials);
  const double middle = k + 0.5 * z * z, half = z * std::sqrt(k * (n - k) / n + 0.25 * z * z), below = n + z * z;
  const double low = std::max(0.0, (middle - half) / below), high = std::min(1.0, (middle + half) / below);
  return {successes == 0 ? 0.0 : low, successes == trials ? 1.0 : high};
}

}  // namespace orrery::stats
