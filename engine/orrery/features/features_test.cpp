#include "orrery/features/features.hpp"

#include "orrery/data/synthetic.hpp"
#include "support/test.hpp"
using namespace orrery;
TEST_CASE("slices") {
  const auto s = data::sinusoid({}, 1);
  Budget budget;
  Job job(budget, features::features_task(budget, s.view(), {}));
  int n = 0;
  while (!job.step(0.001)) ++n;
  CHECK(job.result().value.size() == 215);
}
