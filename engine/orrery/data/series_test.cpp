#include "orrery/data/series.hpp"

#include <cmath>
#include <string>

#include "orrery/core/error.hpp"
#include "support/test.hpp"

using namespace orrery;

namespace {
std::string refusal(const SeriesView& series, Index minimum) {
  try {
    require_usable(series, minimum, "test");
  } catch (const InputError& e) {
    return e.what();
  }
  return {};
}
}  // namespace

TEST_CASE("require_usable says what is wrong and where") {
  const std::vector<double> good{1, 2, 3};
  const std::vector<double> bad{1, std::nan(""), HUGE_VAL};
  const std::vector<double> negative{0.1, -0.1, 0.1};
  CHECK(refusal({good, good, {}}, 3).empty());
  CHECK(refusal({good, good, good}, 3).empty());
  CHECK(refusal({good, good, {}}, 4) == "test: expected at least 4 points, got 3");
  CHECK(refusal({good, bad, {}}, 1) == "test: expected finite values, got 2 bad values, first at index 1 (nan)");
  CHECK(refusal({bad, good, {}}, 1).find("finite times") != std::string::npos);
  CHECK(refusal({good, good, negative}, 1).find("uncertainties > 0, got 1 bad value, first at index 1 (-0.1)") != std::string::npos);
  CHECK(refusal({good, std::span<const double>(good).first(2), {}}, 1).find("one length, got 3, 2 and 0") != std::string::npos);
}

TEST_CASE("selecting a band keeps its rows, in order, with their errors") {
  data::Series s{.t = {1, 2, 3, 4}, .y = {10, 20, 30, 40}, .sigma = {.1, .2, .3, .4}, .band = {0, 1, 0, 1}, .band_names = {"g", "r"}};
  const auto r = data::select_band(s, 1);
  CHECK(r.t == std::vector<double>{2, 4});
  CHECK(r.sigma == std::vector<double>{.2, .4});
  s.band.clear();
  CHECK(data::select_band(s, 1).size() == 4);
  CHECK_THROWS_AS((void)data::select_rows(s, std::vector<std::uint8_t>{1}), InputError);
}
