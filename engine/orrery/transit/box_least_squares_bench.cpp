// Time of the box searches on the series that bench/transits.py compares with other packages. Usage: [cell]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include "orrery/core/random.hpp"
#include "orrery/transit/box_folding.hpp"
#include "orrery/transit/box_least_squares.hpp"
#include "orrery/transit/period_grid.hpp"

using namespace orrery;
using namespace orrery::transit;

namespace {

struct Cell {
  const char* name;
  Index n;
  double span, shortest, longest;
  Index periods;
  std::vector<double> duration;
};

std::vector<double> equal_steps(double low, double high, Index n) {
  std::vector<double> out;
  for (Index i = 0; i < n; ++i) out.push_back(low + (high - low) * static_cast<double>(i) / static_cast<double>(n - 1));
  return out;
}

void measure(const Cell& cell) {
  Random random(1);
  std::vector<double> t = equal_steps(0.0, cell.span, cell.n), y, sigma, period;
  for (double& x : t) x += random.uniform(-1e-4, 1e-4);
  for (Index i = 0; i < cell.n; ++i) {
    sigma.push_back(random.uniform(0.0008, 0.0012));
    y.push_back(1.0 + 0.001 * random.normal());
  }
  for (const double f : equal_steps(1.0 / cell.longest, 1.0 / cell.shortest, cell.periods)) period.push_back(1.0 / f);
  double best = 1e300;
  for (int round = 0; round < 7; ++round) {
    const std::clock_t start = std::clock();
    static_cast<void>(box_least_squares({t, y, sigma}, period, cell.duration, {.threads = 1}));
    best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  std::printf("%-30s %8.2f us a period", cell.name, 1e6 * best / static_cast<double>(cell.periods));
  best = 1e300;
  double trials = 0.0;
  for (int round = 0; round < 3; ++round) {
    const std::clock_t start = std::clock();
    trials = static_cast<double>(box_folding({t, y, sigma}, keplerian_durations(), {.min_period = cell.shortest,
        .max_period = cell.longest, .threads = 1}).boxes.size());
    best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  const auto grid = keplerian_period_grid(cell.span, {.min_period = cell.shortest, .max_period = cell.longest});
  std::printf("; folding, Keplerian durations %6.3f us a period, %.0f periods in %.3f s (Keplerian grid: %zu)\n", 1e6 * best / trials, trials, best, grid.size());
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<Cell> cells{{"K2, 1 duration", 4320, 90.0, 0.6, 20.0, 2000, {0.2}},
                                {"K2, 10 durations", 4320, 90.0, 0.6, 20.0, 2000, equal_steps(0.05, 0.4, 10)},
                                {"TESS 2 min, 10 durations", 19'440, 27.0, 0.6, 12.0, 500, equal_steps(0.05, 0.4, 10)},
                                {"Kepler 4 years, 10 durations", 70'080, 1460.0, 1.0, 300.0, 200, equal_steps(0.1, 0.6, 10)}};
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (argc < 2 || std::atoi(argv[1]) == static_cast<int>(i)) measure(cells[i]);
  }
  return 0;
}
