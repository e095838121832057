#include "orrery/live/value.hpp"

#include <cmath>

#include "support/test.hpp"

using namespace orrery::live;

TEST_CASE("a value is written as the JSON the protocol carries") {
  CHECK(value_text(Auto{}) == "null");
  CHECK(value_text(0.57) == "0.57");
  CHECK(value_text(std::nan("")) == "null");
  CHECK(value_text(true) == "true");
  CHECK(value_text(std::string("a \"quoted\" choice")) == R"("a \"quoted\" choice")");
  CHECK(value_text(std::vector<double>{1, 2.5}) == "[1.0,2.5]");
}

TEST_CASE("text that is not UTF-8 is replaced, not refused") {
  CHECK(value_text(std::string("\xff")) == "\"\xef\xbf\xbd\"");
}
