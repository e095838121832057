#include "orrery/core/text.hpp"

#include <bit>
#include <cmath>
#include <cstdlib>

#include "orrery/core/random.hpp"
#include "support/test.hpp"

using namespace orrery;

TEST_CASE("number_text reads back to the same double, and is short where it can be") {
  Random random(3);
  for (int i = 0; i < 20000; ++i) {
    const double value = std::bit_cast<double>(random.bits64());
    if (!std::isfinite(value)) continue;
    CHECK(std::strtod(number_text(value).c_str(), nullptr) == value);
  }
  CHECK(number_text(0.1) == "0.1");
  CHECK(number_text(2457000.123) == "2457000.123");
  CHECK(number_text(std::nan("")) == "nan");
}

TEST_CASE("value_text keeps two digits of the error") {
  CHECK(value_text(0.641754321, 0.0000031) == "0.6417543");
  CHECK(error_text(0.0000031) == "0.0000031");
  CHECK(value_text(23.4211, 0.12) == "23.42");
  CHECK(value_text(1234.5, 40.0) == "1234");
  CHECK(value_text(1.23456789, 0.0) == "1.23457");
  CHECK(error_text(std::nan("")).empty());
}

TEST_CASE("an error of rounding does not fill a line with digits") {
  CHECK(value_text(3.1, 3.2e-16) == "3.100000000");
  CHECK(error_text(3.2e-16) == "3.2e-16");
  CHECK(value_text(41.44, 1e-12) == "41.44000000");
  CHECK(value_text(1.25e-12, 1e-26) == "1.25e-12");
  CHECK(value_text(0.00012345678912345, 1.6e-15) == "0.0001234567891");
  CHECK(value_text(0.0, 1e-20) == "0.000000000");
  CHECK(value_text(2457000.1234567, 2e-6) == "2457000.123");
  CHECK(value_text(2457000.1234567, 2e-6, 15) == "2457000.1234567");
  CHECK(value_text(123456789012.0, 1.0) == "123456789012");  // digits before the point are never lost
  CHECK(measured_text(3.1, 0.0) == "3.1 (error not known)");
  CHECK(measured_text(3.1, INFINITY) == "3.1 (error not known)");
  CHECK(measured_text(3.1, 6e-17) == "3.100000000 (exact to rounding)");
  CHECK(measured_text(23.4211, 0.12) == "23.42 +- 0.12");
}

TEST_CASE("head_number forgets what two machines may disagree on") {
  CHECK(head_number(0.1 + 1e-13) == head_number(0.1));
  CHECK(head_number(2457000.123) == 2457000.123);
  CHECK(plural(1, "point") == "1 point");
  CHECK(plural(3, "point") == "3 points");
}
