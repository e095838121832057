#include "orrery/period/lomb_scargle_fast.hpp"

#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/period/period_oracle.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::period;

TEST_CASE("agrees with direct sums on small problems") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    for (const int harmonics : {1, 2, 4, 8}) {
      const auto sky = oracle::sky(40 + 37 * Index(seed), 80.0, 0.37, seed);
      const FrequencyGrid grid{0.003 + 0.001 * double(seed), 0.0021 * double(1 + seed % 7), 3000 + 100 * Index(seed)};
      const LombScargleOptions options{.harmonics = harmonics, .fit_mean = seed % 3 != 0, .center_data = seed % 2 == 0};
      const auto f = grid.values();
      CAPTURE(seed);
      CAPTURE(harmonics);
      CHECK(max_difference(lomb_scargle(sky.view(), f, options), lomb_scargle_fast(sky.view(), grid, options)) < 1e-9);
    }
  }
}
