#include "orrery/period/frequency_grid.hpp"

#include <cmath>
#include <string>

#include "orrery/core/error.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::period;

namespace {
SeriesView times(const std::vector<double>& t) { return {t, t, {}}; }
}  // namespace

TEST_CASE("defaults are astropy's: df = 1 / (5 T), first = df / 2, up to five mean Nyquist frequencies") {
  const std::vector<double> t{15, 1.3, 2.1, 4.7, 5.9, 7.2, 8.8, 11.1, 12.4, 0};  // any order
  const auto grid = frequency_grid(times(t));
  CHECK(close(grid.step, 1.0 / 75.0, {.rtol = 1e-15}));
  CHECK(close(grid.first, 1.0 / 150.0, {.rtol = 1e-15}));
  // 1 + round((5 * 0.5 * 10 / 15 - df / 2) / df) = 1 + round(124.5); numpy would round the tie to even
  CHECK(grid.count == 126);
  CHECK(std::fabs(grid.last() - 5 * 0.5 * 10 / 15.0) <= 0.5 * grid.step * (1 + 1e-12));
  const auto values = grid.values();
  CHECK(ssize(values) == grid.count);
  CHECK(values.back() == grid[grid.count - 1]);
}

TEST_CASE("limits asked for are kept") {
  std::vector<double> t;
  for (int i = 0; i < 100; ++i) t.push_back(2450000.5 + i);
  const auto grid = frequency_grid(times(t), {.min_frequency = 0.1, .max_frequency = 2.0, .oversampling = 10});
  CHECK(grid.first == 0.1);
  CHECK(std::fabs(grid.last() - 2.0) <= 0.5 * grid.step);
  CHECK(close(grid.step, 1.0 / 990.0, {.rtol = 1e-12}));
  const auto one = frequency_grid(times(t), {.min_frequency = 0.5, .max_frequency = 0.5});
  CHECK(one.count == 1);
}

TEST_CASE("what cannot be a grid is refused, with its size") {
  const std::vector<double> t{0, 1, 1000}, same{5, 5, 5}, one{5}, bad{0, NAN};
  const auto refusal = [](const std::vector<double>& at, GridOptions options) {
    try {
      (void)frequency_grid(times(at), options);
    } catch (const InputError& e) {
      return std::string(error_kind_name(e.kind())) + " " + e.what();
    }
    return std::string();
  };
  CHECK(refusal(t, {.max_frequency = 1e6}).find("limit frequency_grid: expected at most 67108864 frequencies, got 5e+09 (40 GB") == 0);
  CHECK(refusal(same, {}).find("span more than zero, got 3 points at 5") != std::string::npos);
  CHECK(refusal(one, {}).find("at least 2 times, got 1") != std::string::npos);
  CHECK(refusal(bad, {}).find("got nan at index 1") != std::string::npos);
  CHECK(refusal(t, {.min_frequency = 2, .max_frequency = 1}).find("above the smallest, got 2 to 1") != std::string::npos);
  CHECK(refusal(t, {.oversampling = 0}).find("oversampling > 0, got 0") != std::string::npos);
  CHECK(refusal(t, {.min_frequency = -1}).find("smallest frequency > 0, got -1") != std::string::npos);
}
