#include "orrery/data/number.hpp"

#include <clocale>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "orrery/core/random.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::data;

namespace {
double number(std::string_view text) {
  double value = -12345.0;
  CHECK_MESSAGE(parse_number(text, value), "not read: ", std::string(text));
  return value;
}
bool refused(std::string_view text) {
  double value = 1.0;
  return !parse_number(text, value) && value == 1.0;
}
double date(std::string_view text) {
  double mjd = HUGE_VAL;
  CHECK_MESSAGE(parse_date(text, mjd), std::string(text));
  return mjd;
}
}  // namespace

TEST_CASE("numbers of the usual shapes") {
  CHECK(number("0") == 0.0);
  CHECK(std::signbit(number("-0")));
  CHECK(number("+1.5") == 1.5);
  CHECK(number(".5") == 0.5);
  CHECK(number("5.") == 5.0);
  CHECK(number("1e3") == 1000.0);
  CHECK(number("1.0D-03") == 1e-3);
  CHECK(number("2456992.5198700000") == 2456992.51987);
  CHECK(number("0.000000000000000000000000000000000001") == 1e-36);
  CHECK(number("1e400") == HUGE_VAL);
  CHECK(number("-1e400") == -HUGE_VAL);
  CHECK(number("1e-400") == 0.0);
  CHECK(number("0e99999999999") == 0.0);
  CHECK(number("4.9406564584124654e-324") == 4.9406564584124654e-324);
  CHECK(number("-Inf") == -HUGE_VAL);
}

TEST_CASE("what is not one number is refused and leaves the value alone") {
  for (const char* text : {"", " 1", "1 ", "abc", "1,5", "1.2.3", "1e", "1e+", "--1", "0x10", "nan", ".", "+", "e5", "1d", "12:30", "1_000"}) {
    CAPTURE(text);
    CHECK(refused(text));
  }
}

TEST_CASE("property: every printed double reads back as strtod reads it") {
  Random random(11);
  for (int i = 0; i < 200000; ++i) {
    const std::uint64_t bits = random.bits64();
    double original = 0.0;
    std::memcpy(&original, &bits, sizeof original);
    if (!std::isfinite(original)) continue;
    if (i % 2 == 0) original = (random.uniform() - 0.5) * std::pow(10.0, static_cast<double>(random.index(30)) - 10.0);
    char text[64];
    std::snprintf(text, sizeof text, i % 3 == 0 ? "%.17g" : i % 3 == 1 ? "%.15g" : "%.6f", original);
    CAPTURE(text);
    REQUIRE(number(text) == std::strtod(text, nullptr));
  }
}

TEST_CASE("the locale changes nothing") {
  if (std::setlocale(LC_NUMERIC, "de_DE.UTF-8") == nullptr) MESSAGE("the German locale is not installed: only the C locale is tried");
  CHECK(number("12345678901234567.5") == 12345678901234567.5);
  CHECK(number("1.25") == 1.25);
  std::setlocale(LC_NUMERIC, "C");
}

TEST_CASE("words for a missing value") {
  for (const char* text : {"", "nan", "NaN", "NULL", "None", "--", "-", "N/A", "\\nodata", "...", "-nan"}) CHECK(is_missing_word(text));
  for (const char* text : {"0", "-1", "nano", "9", "no", "nullable", "abc"}) CHECK_FALSE(is_missing_word(text));
}

TEST_CASE("numbers that may stand for a missing value") {
  for (const double v : {-99.99, 99.999, -9999.0, 99.99, 99.0, -99.0, 999.9, 9999.99, -999999.0, 1e30, -1e31}) {
    CAPTURE(v);
    CHECK(looks_like_sentinel(v));
  }
  CHECK(looks_like_sentinel(static_cast<double>(-99.99f)));
  for (const double v : {0.0, 9.999, 98.99, 99.5, 99.98, 990.0, 100.0, 14.87, 99999.123}) {
    CAPTURE(v);
    CHECK_FALSE(looks_like_sentinel(v));
  }
  CHECK(looks_like_sentinel(9.999, true));
  CHECK(looks_like_sentinel(9.99, true));
  CHECK_FALSE(looks_like_sentinel(9.0, true));
  CHECK_FALSE(looks_like_sentinel(0.999, true));
}

TEST_CASE("what messages show is one short line") {
  CHECK(one_line("a\nb\tc\x7f") == "a b c ");
  CHECK(one_line("abcdef", 3) == "abc...");
  CHECK(one_line("ab\xC3\xA9", 3) == "ab?...");  // a letter cut in two
  CHECK(valid_text("\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80") == "\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80");
  CHECK(valid_text("caf\xE9\n") == "caf?\n");              // Latin-1
  CHECK(valid_text("\xC0\x80 \xED\xA0\x80 \xF5") == "?? ??? ?");  // overlong, surrogate, too high
}

TEST_CASE("dates become MJD") {
  CHECK(date("1858-11-17") == 0.0);
  CHECK(date("2000-01-01") == 51544.0);                           // J2000.0 is MJD 51544.5
  CHECK(date("2000-01-01T12:00:00") == 51544.5);
  CHECK(date("20000101") == 51544.0);
  CHECK(date("2024/02/29") == 60369.0);
  CHECK(date("1970-01-01 00:00") == 40587.0);                     // the Unix epoch
  CHECK(close(date("2018-10-07T09:31:01.843Z"), 58398.0 + (9 * 3600 + 31 * 60 + 1.843) / 86400.0, {.atol = 1e-11}));
  double mjd = 0.0;
  for (const char* text : {"2023-02-29", "2018-13-01", "2018-10", "20181332", "2018-10-07T25:00", "2018-10/07", "2018-10-07x", "12345678.5"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_date(text, mjd));
  }
}
