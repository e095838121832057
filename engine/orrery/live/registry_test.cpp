#include "orrery/live/registry.hpp"

#include <string>

#include "orrery/core/error.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::live;

TEST_CASE("an unknown figure is refused with the ones there are; hidden ones are found but not named") {
  static const Figure shown{.id = "a.one", .shelf = Shelf::book};
  static const Figure hidden{.id = "a.two", .shelf = Shelf::hidden};
  const Figure* const figures[] = {&shown, &hidden};
  CHECK(&figure_by_id(figures, "a.two") == &hidden);
  try {
    (void)figure_by_id(figures, "a.three");
    FAIL("found");
  } catch (const InputError& e) {
    CHECK(std::string(e.what()) == "figure 'a.three': expected one of: a.one");
  }
}
