#include "orrery/core/error.hpp"

#include <string>

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

TEST_CASE("an error is one line, whatever is put into it") {
  const InputError error(ErrorKind::input, "a\nb.csv", "expected x, got 'np\n\x01'");
  CHECK(std::string(error.what()) == "a b.csv: expected x, got 'np  '");
  CHECK(error.where() == "a b.csv");
}
