#include "orrery/period/conditional_entropy.hpp"

#include "orrery/period/statistic_oracle.hpp"

using namespace orrery;
using namespace orrery::period;

namespace {

/// sum p_ij ln(p_j / p_ij) over the cells of the unit square, counted one by one.
long double entropy(const SeriesView& s, long double f, int phase_bins, int value_bins) {
  const auto phase = oracle::phases(s, f);
  const auto [low, high] = std::minmax_element(s.y.begin(), s.y.end());
  long double h = 0;
  for (int j = 0; j < phase_bins; ++j) {
    std::vector<long double> cell(std::size_t(value_bins), 0.0L);
    long double column = 0;
    for (std::size_t i = 0; i < s.t.size(); ++i) {
      if (int(std::floor(phase[i] * phase_bins)) != j) continue;
      const long double place = (static_cast<long double>(s.y[i]) - *low) / (static_cast<long double>(*high) - *low) * value_bins;
      cell[std::size_t(std::min(int(place), value_bins - 1))] += 1;
      column += 1;
    }
    for (const long double c : cell) h += c > 0 ? c / s.t.size() * std::log(column / c) : 0;
  }
  return h;
}

}  // namespace

TEST_CASE("conditional entropy is the sum over cells in long double") {
  const auto sky = oracle::sky(217, 40.0, 0.37, 3);
  const auto f = oracle::some_frequencies(101, 0.02, 2.0);
  for (const auto& [phases, values] : {std::pair<Index, Index>{10, 5}, {2, 2}, {13, 40}}) {
    const auto curve = conditional_entropy(sky.view(), f, {.phase_bins = phases, .value_bins = values});
    // n ln n of 217 points loses 3 digits at most against the answer of order 1.
    CHECK(oracle::worst(curve, f, [&](long double v) { return entropy(sky.view(), v, int(phases), int(values)); }) < 1e-12);
    for (const double h : curve) CHECK((h >= 0.0 && h <= std::log(double(values)) + 1e-12));
  }
}

TEST_CASE("a worked square: four points, one in each corner of 2 x 2, know nothing; on a diagonal, everything") {
  const std::vector<double> t{0.0, 0.25, 0.5, 0.75}, diagonal{0, 0, 1, 1}, corners{0, 1, 0, 1}, f{1.0};
  CHECK(conditional_entropy({t, diagonal, {}}, f, {.phase_bins = 2, .value_bins = 2})[0] == 0.0);
  CHECK(close(conditional_entropy({t, corners, {}}, f, {.phase_bins = 2, .value_bins = 2})[0], std::log(2.0), {.rtol = 1e-15}));
}

TEST_CASE("manners, constants and options") {
  oracle::check_manners(PeriodStatistic::conditional_entropy, 1e-9);
  oracle::check_constant(PeriodStatistic::conditional_entropy, 0.0);
  const auto sky = oracle::sky(50, 40.0, 0.37, 3);
  const std::vector<double> f{0.4};
  CHECK_THROWS_AS(static_cast<void>(conditional_entropy(sky.view(), f, {.phase_bins = 1})), InputError);
  CHECK_THROWS_WITH_AS(static_cast<void>(conditional_entropy(sky.view(), f, {.value_bins = 1001})),
                       "conditional_entropy: expected value_bins from 2 to 1000, got 1001", InputError);
}
