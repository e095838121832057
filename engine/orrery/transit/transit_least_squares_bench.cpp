// bench_transit_least_squares FILE.csv: the search of a light curve (time, flux) on one thread; prints what it found and its time.
#include <ctime>
#include <cstdio>
#include <cstdlib>

#include "orrery/data/read_series.hpp"
#include "orrery/transit/transit_least_squares.hpp"

int main(int argc, char** argv) {
  using namespace orrery;
  if (argc < 2) return 2;
  const auto series = data::read_series_file(argv[1]).series;
  const auto periods = transit::transit_period_grid(series.t.back() - series.t.front());
  const transit::TransitOptions options{.oversample = argc > 2 ? std::atoi(argv[2]) : 10, .rescore = argc <= 3, .threads = 1};
  for (int round = 0; round < 3; ++round) {
    const auto start = std::clock();
    const auto found = transit::transit_least_squares(series.view(), periods, options);
    const double spent = double(std::clock() - start) / CLOCKS_PER_SEC;
    const auto b = at(found.best());
    std::printf("%zu points, %zu periods: %.3f s of processor time; SDE %.3f raw %.3f at %.6f day, depth %.6f, duration %.4f day, time %.4f\n",
                series.t.size(), periods.size(), spent, found.sde, found.sde_raw, found.period[b], found.depth[b], found.duration[b],
                found.transit_time[b]);
  }
  return 0;
}
