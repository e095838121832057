#include "orrery/stats/binomial.hpp"

#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/stats/special.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::stats;

TEST_CASE("Wilson's limits are where the count is z standard deviations from what is expected") {
  for (const double confidence : {0.6827, 0.95, 0.999}) {
    const double z = normal_quantile(0.5 + 0.5 * confidence);
    for (const Index n : {1, 2, 7, 30, 1000}) {
      for (Index k = 0; k <= n; k += std::max<Index>(1, n / 7)) {
        CAPTURE(k);
        CAPTURE(n);
        const auto range = wilson_interval(k, n, confidence);
        CHECK(range.low <= double(k) / double(n));
        CHECK(range.high >= double(k) / double(n));
        // (k - n p)^2 = z^2 n p (1 - p): the definition, solved nowhere here. Rounding grows with n^2.
        for (const double p : {range.low, range.high}) {
          if (p == 0.0 || p == 1.0) continue;
          const double miss = double(k) - double(n) * p;
          CHECK(close(miss * miss, z * z * double(n) * p * (1.0 - p), {.rtol = 1e-9, .atol = 1e-12 * double(n)}));
        }
        const auto mirror = wilson_interval(n - k, n, confidence);
        CHECK(close(range.low, 1.0 - mirror.high, {.atol = 1e-14}));
      }
    }
  }
  CHECK(wilson_interval(0, 10, 0.95).low == 0.0);
  CHECK(wilson_interval(10, 10, 0.95).high == 1.0);
  CHECK(close(wilson_interval(0, 10, 0.95).high, 0.2775, {.atol = 5e-5}));  // 3.8415 / 13.8415
  CHECK(wilson_interval(0, 0, 0.9).high == 1.0);
}

TEST_CASE("counts and confidences that cannot be are refused") {
  CHECK_THROWS_AS((void)wilson_interval(3, 2, 0.9), InputError);
  CHECK_THROWS_AS((void)wilson_interval(-1, 2, 0.9), InputError);
  CHECK_THROWS_AS((void)wilson_interval(1, 2, 1.0), InputError);
  CHECK_THROWS_AS((void)wilson_interval(1, 2, NAN), InputError);
}
