#include "orrery/core/error.hpp"

#include "support/test.hpp"

using namespace orrery;

TEST_CASE("fail throws one exception that carries kind, place and message") {
  try {
    fail(ErrorKind::limit, "lomb_scargle", "expected N <= 10, got 11");
    FAIL("fail returned");
  } catch (const InputError& e) {
    CHECK(e.kind() == ErrorKind::limit);
    CHECK(e.where() == "lomb_scargle");
    CHECK(e.message() == "expected N <= 10, got 11");
    CHECK(std::string(e.what()) == "lomb_scargle: expected N <= 10, got 11");
    CHECK(error_kind_name(e.kind()) == "limit");
  }
}
