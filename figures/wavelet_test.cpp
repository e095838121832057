// The wavelet figure: periods that drift are followed, pauses are left open, and noise has no ridge.
#include <algorithm>
#include <cmath>

#include "figures_test.hpp"
#include "orrery/core/random.hpp"

using namespace orrery;
using namespace orrery::figures;
using namespace orrery::figures::testing;

namespace {

constexpr const char* kId = "stars.wavelet";

}  // namespace

TEST_CASE("wavelet: the ridge follows a period that grows by half, and stops where the star does") {
  for (const double seed : {1.0, 2.0, 3.0}) {
    CAPTURE(seed);
    const auto frame = frame_of(kId, {{"seed", seed}});
    const auto t = column(frame, "map", "ridge", "x"), p = column(frame, "map", "ridge", "y");
    REQUIRE(t.size() > 80);
    Index near = 0, far = 0, paused = 0;
    for (std::size_t i = 0; i < t.size(); ++i) {
      const double truth = 20.0 * (1.0 + 0.5 * t[i] / 400.0);
      // A tenth: half of a peak's width by the window, sqrt(2 c) = 0.16.
      (std::fabs(p[i] / truth - 1.0) < 0.1 ? near : far) += 1;
      paused += std::fabs(t[i] - 200.0) < 10.0;  // well inside a pause of 80 days
    }
    CHECK(near > 9 * far);
    CHECK(paused < 4);
    CHECK(number_of(frame, "in the last fifth") / number_of(frame, "period in the first fifth") == doctest::Approx(1.4 / 1.1).epsilon(0.08));
  }
}

TEST_CASE("wavelet: noise alone has a ridge at few times") {
  // At one place noise passes 1 in 1000. A column has at most about ln(50) / 0.16 = 25 periods apart: 2.5 %; some 40 columns are apart.
  Random random(11);
  data::Series s;
  for (Index i = 0; i < 400; ++i) s.t.push_back(400.0 * random.uniform());
  std::sort(s.t.begin(), s.t.end());
  for (Index i = 0; i < 400; ++i) s.y.push_back(random.normal());
  const auto frame = frame_of_series(kId, s);
  CHECK(number_of(frame, "times with a ridge") < 15.0);
  auto with_signal = s;
  for (std::size_t i = 0; i < s.t.size(); ++i) with_signal.y[i] += 6.0 * std::sin(s.t[i]);
  const auto found = frame_of_series(kId, with_signal);
  CHECK(number_of(found, "times with a ridge") > 90.0);
  CHECK(number_of(found, "at the cut") == doctest::Approx(6.283).epsilon(0.03));
}

TEST_CASE("wavelet: files that cannot be asked say so; a long one is drawn coarse first") {
  data::Series s{.t = {1, 2, 3}, .y = {1, 2, 3}};
  CHECK(warns(frame_of_series(kId, s), "Fewer than 10"));
  s.t.assign(12, 5.0), s.y.assign(12, 1.0);
  CHECK(warns(frame_of_series(kId, s), "All values are equal"));
  for (std::size_t i = 0; i < 12; ++i) s.y[i] = double(i);
  CHECK(warns(frame_of_series(kId, s), "same time"));
  data::Series big;
  for (Index i = 0; i < 3000; ++i) big.t.push_back(0.02 * double(i)), big.y.push_back(std::sin(big.t.back()));
  const auto frame = frame_of_series(kId, big, {{"min_period", 3.0}, {"max_period", 20.0}});
  CHECK(mark_of(frame, "map", "z").grid->cols == 160);
  CHECK(panel_of(frame, "map").y.low == doctest::Approx(3.0));
  CHECK(number_of(frame, "at the cut") == doctest::Approx(6.283).epsilon(0.03));
}
