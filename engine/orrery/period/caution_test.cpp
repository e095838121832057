#include "orrery/period/caution.hpp"

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::period;

namespace {

data::Series made(const std::vector<double>& t) {
  data::Series s;
  s.t = t;
  for (const double x : t) s.y.push_back(std::sin(x));
  return s;
}

data::Series regular(double step, int n) {
  std::vector<double> t;
  for (int i = 0; i < n; ++i) t.push_back(100.0 + step * i);
  return made(t);
}

}  // namespace

TEST_CASE("a regular cadence warns below its Nyquist period, and not at or above it") {
  const auto s = regular(0.25, 60);
  CHECK(series_cadence(s).regular);
  CHECK(close(series_cadence(s).median, 0.25, {.rtol = 1e-12}));
  CHECK(cadence_caution(s, 0.5).empty());
  CHECK(cadence_caution(s, 0.7).empty());
  CHECK(cadence_caution(s, 0.49).find("twice the cadence, 0.25 day") != std::string::npos);
}

TEST_CASE("irregular nights warn only below the shortest spacing; times that coincide are no spacing") {
  Random random(5);
  std::vector<double> t{0.0, 0.0, 0.125};
  while (t.size() < 60) t.push_back(t.back() + 1.0 + 3.0 * random.uniform());
  const auto s = made(t);
  CHECK(!series_cadence(s).regular);
  CHECK(series_cadence(s).shortest == 0.125);
  CHECK(cadence_caution(s, 0.3).empty());  // far below the median of days: RR Lyrae stars are found so
  CHECK(cadence_caution(s, 0.12).find("0.125 day") != std::string::npos);
  CHECK(cadence_caution(made({5.0, 5.0, 5.0}), 1.0).empty());
}

TEST_CASE("fewer than three cycles warn; a found trend is called what it may be") {
  const auto s = regular(0.25, 61);  // 15 days
  CHECK(cycles_caution(s, 5.0).empty());
  CHECK(cycles_caution(s, 6.0).find("cycles of this period seen: 2.5;") == 0);
  CHECK(period_cautions(s, 5.0).empty());
  CHECK(period_cautions(s, 0.3).size() == 1);
  CHECK(period_cautions(s, 15.0).size() == 1);
}

TEST_CASE("constant series are refused in words; one value that differs is enough") {
  auto s = regular(1.0, 10);
  CHECK_NOTHROW(require_variation(s, "here"));
  s.y.assign(10, 15.0);
  try {
    require_variation(s, "here");
    FAIL("a constant series passed");
  } catch (const InputError& error) {
    CHECK(std::string(error.what()).find("here: the series is constant and has no period: all 10 values are 15") == 0);
  }
  s.band = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
  s.band_names = {"g", "r"};
  for (std::size_t i = 1; i < 10; i += 2) s.y[i] = 14.0;
  CHECK_THROWS_AS(require_variation(s, "here"), InputError);  // constant in each band, not constant together
  s.y[4] = 15.1;
  CHECK_NOTHROW(require_variation(s, "here"));
}
