#include "orrery/core/task.hpp"

#include <vector>

#include "orrery/core/error.hpp"
#include "support/test.hpp"

using namespace orrery;

namespace {

Task<int> count_to(Budget& budget, int n) {
  int sum = 0;
  for (int i = 1; i <= n; ++i) {
    sum += i;
    budget.progress(double(i) / n, "adding");
    co_await budget.pause();
  }
  co_return sum;
}

Task<int> twice(Budget& budget, int n) {
  const int first = co_await count_to(budget, n);
  const int second = co_await count_to(budget, n);
  co_return first + second;
}

Task<int> broken(Budget& budget) {
  co_await budget.pause();
  fail(ErrorKind::input, "broken", "on purpose");
}

Task<int> around(Budget& budget) { co_return co_await broken(budget); }

}  // namespace

TEST_CASE("a task run to its end gives its value") {
  CHECK(run_to_end([](Budget& b) { return twice(b, 10); }) == 110);
}

TEST_CASE("a slice of no time stops at every pause, inner tasks included, and the answer is the same") {
  Budget budget;
  Job job(budget, twice(budget, 10));
  int slices = 0;
  while (!job.step(0.0)) ++slices;
  CHECK(slices == 20);
  CHECK(budget.words() == "adding");
  CHECK(job.result() == 110);
}

TEST_CASE("an error crosses the tasks to the result, and a job dropped half-way is no leak") {
  Budget budget;
  Job job(budget, around(budget));
  job.step();
  CHECK_THROWS_AS((void)job.result(), InputError);
  Budget other;
  Job dropped(other, twice(other, 10));
  CHECK_FALSE(dropped.step(0.0));
}
