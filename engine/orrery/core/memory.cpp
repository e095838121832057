#include "orrery/core/memory.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <limits>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"

namespace orrery {
namespace {

#if !defined(__wasm__)
constexpr double kUnknown = std::numeric_limits<double>::infinity();

/// MemAvailable of /proc/meminfo [byte].
double of_the_machine() {
  std::FILE* file = std::fopen("/proc/meminfo", "r");
  if (file == nullptr) return kUnknown;
  char line[256];
  double kib = kUnknown;
  while (std::fgets(line, sizeof line, file) != nullptr) {
    if (std::sscanf(line, "MemAvailable: %lf", &kib) == 1) break;
  }
  std::fclose(file);
  return 1024.0 * kib;
}

/// A file that holds one number; "max" or no file: unknown.
double number_in(const char* path) {
  std::FILE* file = std::fopen(path, "r");
  if (file == nullptr) return kUnknown;
  double value = kUnknown;
  if (std::fscanf(file, "%lf", &value) != 1) value = kUnknown;
  std::fclose(file);
  return value;
}

/// The limit of the control group. What it uses already counts caches that can be dropped, so it is not taken off.
double of_the_group() { return number_in("/sys/fs/cgroup/memory.max"); }
#endif

}  // namespace

double available_memory() {
#if defined(__wasm__)
  return 1024.0 * 1024.0 * 1024.0;
#else
  return std::min(of_the_machine(), of_the_group());
#endif
}

void require_memory(double bytes, std::string_view where, std::string_view what) {
  if (bytes < 64e6) return;  // there is always that much, and it is not worth reading files
  const double there = available_memory();
  if (bytes <= there) return;
  fail(ErrorKind::limit, where, "expected work that fits into the " + number_text(there / 1e9, 3) + " GB there are, got " +
                                    number_text(bytes / 1e9, 3) + " GB " + std::string(what));
}

}  // namespace orrery
