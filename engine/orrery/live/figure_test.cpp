#include "orrery/live/figure.hpp"

#include <cmath>
#include <string>

#include "orrery/core/error.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::live;

namespace {
const Figure kFigure{.id = "test.one",
                     .controls = {{.name = "a", .low = 1, .high = 5, .start = 2},
                                  {.name = "auto", .low = 1, .high = 5, .start = kAuto},
                                  {.name = "n", .kind = ControlKind::integer, .low = 1, .high = 9, .start = 3},
                                  {.name = "range", .kind = ControlKind::range, .low = 0, .high = 10, .start_list = {1, 2}},
                                  {.name = "rows", .kind = ControlKind::rows},
                                  {.name = "which", .kind = ControlKind::choice, .choices = {"x", "y"}},
                                  {.name = "on", .kind = ControlKind::toggle, .start = 1}}};

std::string refusal(const Values& values, bool strict) {
  try {
    (void)complete_values(kFigure, values, strict);
  } catch (const InputError& e) {
    return e.what();
  }
  return {};
}
}  // namespace

TEST_CASE("absent values take their start, and values are checked against their control") {
  const auto values = complete_values(kFigure, {}, true);
  CHECK(std::get<double>(values.at("a")) == 2.0);
  CHECK(std::holds_alternative<Auto>(values.at("auto")));
  CHECK(std::get<std::string>(values.at("which")) == "x");
  CHECK(std::get<bool>(values.at("on")));
  CHECK(std::get<std::vector<double>>(values.at("range")) == std::vector<double>{1, 2});
}

TEST_CASE("strict refuses what the page clamps") {
  CHECK(refusal({{"a", 9.0}}, true) == "control 'a': expected a value in [1, 5], got 9");
  CHECK(std::get<double>(complete_values(kFigure, {{"a", 9.0}}, false).at("a")) == 5.0);
  CHECK(std::get<double>(complete_values(kFigure, {{"n", 3.4}}, true).at("n")) == 3.0);
  CHECK(std::get<std::vector<double>>(complete_values(kFigure, {{"range", std::vector<double>{7, 3}}}, true).at("range")) ==
        std::vector<double>{3, 7});
  CHECK(refusal({{"b", 1.0}}, false).find("has no control 'b'; expected one of: a, auto") != std::string::npos);
  CHECK(refusal({{"a", std::string("x")}}, false).find("expected a number") != std::string::npos);
  CHECK(refusal({{"a", Auto{}}}, false).find("expected a number") != std::string::npos);
  CHECK(refusal({{"auto", Auto{}}}, true).empty());
  CHECK(refusal({{"a", std::nan("")}}, false).find("expected a number") != std::string::npos);
  CHECK(refusal({{"rows", std::vector<double>{3, 1}}}, false).find("pairs of rows") != std::string::npos);
  CHECK(refusal({{"rows", std::vector<double>{1, 3, 5}}}, false).find("pairs of rows") != std::string::npos);
}

TEST_CASE("keys differ when anything differs") {
  CHECK(Key().add(1.0).add(2.0) == Key().add(1.0).add(2.0));
  CHECK_FALSE(Key().add("ab").add("c") == Key().add("a").add("bc"));
  CHECK_FALSE(Key().add_value(Value(1.0)) == Key().add_value(Value(true)));
  CHECK_FALSE(Key().add(std::vector<double>{1}).add(2.0) == Key().add(std::vector<double>{1, 2}));
}
