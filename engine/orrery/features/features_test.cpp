#include "orrery/features/features.hpp"
#include "support/test.hpp"
TEST_CASE("x") { CHECK(orrery::features::registry().size() > 0); }
