// Time and accuracy of lomb_scargle_fast on the sizes that bench/ compares with other packages. Usage: [threads] [N Nf [K]]
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include "orrery/core/task.hpp"
#include "orrery/period/lomb_scargle_fast.hpp"
#include "orrery/period/period_oracle.hpp"

using namespace orrery;
using namespace orrery::period;

namespace {

void measure(Index n, Index count, LombScargleOptions options) {
  const auto sky = oracle::sky(n, 1000.0, 0.27, 1);
  auto sorted = sky;
  std::sort(sorted.t.begin(), sorted.t.end());
  const FrequencyGrid grid{1e-4, 1e-4, count};
  std::vector<double> ms, cpu;
  std::vector<double> power;
  const double begin = clock_ms();
  for (int round = 0; round < 5 || (clock_ms() - begin < 1000.0 && round < 400); ++round) {
    const double start = clock_ms();
    const std::clock_t used = std::clock();
    power = lomb_scargle_fast(sorted.view(), grid, options);
    ms.push_back(clock_ms() - start);
    cpu.push_back(1e3 * double(std::clock() - used) / CLOCKS_PER_SEC);
  }
  std::sort(ms.begin(), ms.end());
  std::sort(cpu.begin(), cpu.end());
  std::vector<double> f, some;
  for (Index i = 0; i < 500; ++i) {
    const Index k = i * (count - 1) / 499;
    f.push_back(grid[k]);
    some.push_back(power[at(k)]);
  }
  const auto exact = lomb_scargle(sorted.view(), f, options);
  std::printf("N %7td  Nf %8td  K %d  threads %d  best %8.2f ms  median %8.2f ms  processor %8.2f ms  difference to direct sums %.1e\n",
              n, count, options.harmonics, options.threads, ms.front(), ms[ms.size() / 2], cpu[cpu.size() / 2],
              max_difference(exact, some));
}

}  // namespace

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
  if (argc > 3) {
    measure(std::atol(argv[2]), std::atol(argv[3]), {.harmonics = argc > 4 ? std::atoi(argv[4]) : 1, .threads = threads});
    return 0;
  }
  const std::pair<Index, Index> sizes[] = {{300, 100000}, {3000, 10000}, {3000, 20000}, {3000, 100000}, {3000, 1000000}, {100000, 1000000}};
  for (const auto& [n, count] : sizes) {
    measure(n, count, {.threads = threads});
  }
  for (const int harmonics : {2, 3, 4, 8}) measure(3000, 20000, {.harmonics = harmonics, .threads = threads});
  return 0;
}
