#include "orrery/core/memory.hpp"

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "support/test.hpp"

using namespace orrery;

TEST_CASE("there is memory, and more than there is is refused with both sizes") {
  CHECK(available_memory() > 1e6);
  CHECK_NOTHROW(require_memory(1000.0, "here", "for nothing"));
  try {
    require_memory(3e18, "here", "for 5e7 trial periods");
    FAIL("3 EB were granted");
  } catch (const InputError& error) {
    CHECK(error.kind() == ErrorKind::limit);
    CHECK(error.message().find("got " + number_text(3e9, 3) + " GB for 5e7 trial periods") != std::string::npos);
    CHECK(error.where() == "here");
  }
}
