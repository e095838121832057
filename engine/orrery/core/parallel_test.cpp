#include "orrery/core/parallel.hpp"

#include <atomic>
#include <vector>

#include "orrery/core/error.hpp"
#include "support/test.hpp"

using namespace orrery;

TEST_CASE("every index is visited once, whatever the number of threads") {
  for (const int threads : {0, 1, 2, 5}) {
    CAPTURE(threads);
    std::vector<std::atomic<int>> seen(1003);
    parallel_for(1003, 10, [&](Index begin, Index end) {
      for (Index i = begin; i < end; ++i) ++seen[at(i)];
    }, threads);
    for (const auto& count : seen) CHECK(count == 1);
  }
}

TEST_CASE("nothing to do calls nothing, and an error comes out") {
  bool called = false;
  parallel_for(0, 1, [&](Index, Index) { called = true; });
  CHECK_FALSE(called);
  CHECK_THROWS_AS(parallel_for(100, 1, [](Index begin, Index) { if (begin > 40) fail(ErrorKind::input, "piece", "no"); }, 2), InputError);
}
