#include "orrery/stats/running_median.hpp"

#include <algorithm>
#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::stats;

TEST_CASE("running median against sorting every window") {
  Random random(3);
  std::vector<double> t, y;
  double now = 0.0;
  for (int i = 0; i < 400; ++i) {
    t.push_back(now += random.uniform() < 0.05 ? 3.0 : 0.1 * random.uniform());  // gaps, and times close together
    y.push_back(random.normal());
  }
  t[7] = t[6];  // equal times
  for (const double window : {0.01, 0.5, 2.0, 1e3}) {
    const auto trend = running_median(t, y, window);
    for (std::size_t i = 0; i < t.size(); ++i) {
      std::vector<double> near;
      for (std::size_t j = 0; j < t.size(); ++j) {
        if (std::fabs(t[j] - t[i]) <= 0.5 * window) near.push_back(y[j]);
      }
      std::sort(near.begin(), near.end());
      const std::size_t n = near.size();
      CHECK(trend[i] == (n % 2 == 1 ? near[n / 2] : 0.5 * (near[n / 2 - 1] + near[n / 2])));
    }
  }
}

TEST_CASE("a short dip does not pull the trend down") {
  std::vector<double> t, y;
  for (int i = 0; i < 200; ++i) {
    t.push_back(i);
    y.push_back(i >= 100 && i < 105 ? 0.9 : 1.0);
  }
  for (const double v : running_median(t, y, 20.0)) CHECK(v == 1.0);
}

TEST_CASE("nothing, and wrong input") {
  CHECK(running_median({}, {}, 1.0).empty());
  const std::vector<double> up{0, 1}, down{1, 0}, one{1}, bad{0, std::nan("")};
  CHECK_THROWS_AS((void)running_median(up, one, 1.0), InputError);
  CHECK_THROWS_AS((void)running_median(down, up, 1.0), InputError);
  CHECK_THROWS_AS((void)running_median(up, bad, 1.0), InputError);
  CHECK_THROWS_AS((void)running_median(up, up, 0.0), InputError);
}
