#include "orrery/data/number.hpp"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#ifndef __wasi__
#include <charconv>
#endif

namespace orrery::data {
namespace {

constexpr std::uint64_t kExact = std::uint64_t{1} << 53;  // every integer up to here is a double
constexpr double kPowers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                              1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

bool digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool equals_word(std::string_view text, std::string_view word) {
  if (text.size() != word.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (lower(text[i]) != word[i]) return false;
  }
  return true;
}

// What the digits of a number say: mantissa * 10^exponent, exact unless digits had to be left out.
struct Decimal {
  std::uint64_t mantissa = 0;
  int digits = 0;  // significant digits in the mantissa, at most 19
  int exponent = 0;
  bool cut = false;
  bool any = false;

  void take(char c, bool fraction) {
    any = true;
    if (digits < 19) {
      mantissa = mantissa * 10 + static_cast<std::uint64_t>(c - '0');
      if (mantissa != 0) ++digits;
      if (fraction) --exponent;
    } else {
      cut = cut || c != '0';
      if (!fraction) ++exponent;
    }
  }
};

// The library's exact conversion of a text already known to be a number. from_chars does not follow the locale; wasi-libc
// has only the C locale, so strtod is safe there.
double exact_value(std::string_view text, const Decimal& decimal) {
  std::string plain(text.front() == '+' ? text.substr(1) : text);
  for (char& c : plain) {
    if (c == 'd' || c == 'D') c = 'e';
  }
#ifndef __wasi__
  double value = 0.0;
  const auto result = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (result.ec != std::errc::result_out_of_range) return value;
  const double size = decimal.exponent + decimal.digits > 0 ? std::numeric_limits<double>::infinity() : 0.0;
  return plain.front() == '-' ? -size : size;
#else
  (void)decimal;
  return std::strtod(plain.c_str(), nullptr);
#endif
}

bool from_decimal(Decimal& d, bool negative, double& value) {
  while (d.mantissa > kExact && d.mantissa % 10 == 0) {
    d.mantissa /= 10;
    ++d.exponent;
  }
  if (d.cut || d.mantissa > kExact || d.exponent < -22 || d.exponent > 22) {
    if (d.mantissa != 0) return false;
    d.exponent = 0;
  }
  double v = static_cast<double>(d.mantissa);
  v = d.exponent < 0 ? v / kPowers[-d.exponent] : v * kPowers[d.exponent];  // one rounding: both factors are exact
  value = negative ? -v : v;
  return true;
}

// Length of the UTF-8 sequence at the beginning of a text (Unicode 15, table 3-7), 0 when there is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [text](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto follows = [&](std::size_t i) { return byte(i) >= 0x80 && byte(i) <= 0xBF; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  const unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;  // no overlong forms
  const unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;  // no surrogates, nothing above U+10FFFF
  if (byte(1) < low || byte(1) > high) return 0;
  if (first >= 0xE0 && first <= 0xEF) return follows(2) ? 3 : 0;
  if (first >= 0xF0 && first <= 0xF4) return follows(2) && follows(3) ? 4 : 0;
  return 0;
}

bool read_digits(std::string_view text, std::size_t& at, std::size_t count, int& value) {
  if (at + count > text.size()) return false;
  value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!digit(text[at + i])) return false;
    value = 10 * value + (text[at + i] - '0');
  }
  at += count;
  return true;
}

// Days from 1858-11-17 (MJD 0) to a date of the Gregorian calendar, counted in eras of 400 years that begin on 1 March.
double calendar_mjd(int year, int month, int day) {
  const int y = month <= 2 ? year - 1 : year;
  const int era = y / 400;
  const int in_era = y - era * 400;
  const int in_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return 146097.0 * era + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 678881.0;
}

bool valid_date(int year, int month, int day) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

bool time_of_day(std::string_view text, double& fraction) {
  std::size_t i = 0;
  int hour = 0;
  int minute = 0;
  double second = 0.0;
  if (!text.empty() && (text.back() == 'Z' || text.back() == 'z')) text.remove_suffix(1);
  if (!read_digits(text, i, 2, hour) || i >= text.size() || text[i++] != ':' || !read_digits(text, i, 2, minute)) return false;
  if (i < text.size()) {
    if (text[i++] != ':' || i >= text.size() || !digit(text[i]) || !parse_number(text.substr(i), second)) return false;
  }
  if (hour > 24 || minute > 59 || second >= 61.0) return false;
  fraction = (hour * 3600.0 + minute * 60.0 + second) / 86400.0;
  return true;
}

}  // namespace

bool parse_number(std::string_view text, double& value) {
  const char* p = text.data();
  const char* const end = p + text.size();
  const bool negative = p < end && *p == '-';
  if (p < end && (*p == '+' || *p == '-')) ++p;
  Decimal decimal;
  for (; p < end && digit(*p); ++p) decimal.take(*p, false);
  if (p < end && *p == '.') {
    for (++p; p < end && digit(*p); ++p) decimal.take(*p, true);
  }
  if (!decimal.any) {
    const std::string_view word(p, static_cast<std::size_t>(end - p));
    if (!equals_word(word, "inf") && !equals_word(word, "infinity")) return false;
    value = negative ? -HUGE_VAL : HUGE_VAL;
    return true;
  }
  if (p < end && (lower(*p) == 'e' || lower(*p) == 'd')) {
    ++p;
    const bool down = p < end && *p == '-';
    if (p < end && (*p == '+' || *p == '-')) ++p;
    if (p == end) return false;
    int power = 0;
    for (; p < end && digit(*p); ++p) power = power < 100000 ? 10 * power + (*p - '0') : power;
    decimal.exponent += down ? -power : power;
  }
  if (p != end) return false;
  if (!from_decimal(decimal, negative, value)) value = exact_value(text, decimal);
  return true;
}

bool is_missing_word(std::string_view text) {
  if (text.empty()) return true;
  if (digit(text.front()) || text.size() > 7) return false;
  for (const std::string_view word : {"nan", "na", "n/a", "null", "none", "nil", "masked", "indef", "nodata", "\\nodata", "-", "--", "---",
                                      "...", "?", "*", "-nan", "+nan", "<na>"}) {
    if (equals_word(text, word)) return true;
  }
  return false;
}

bool looks_like_sentinel(double value, bool error) {
  const double v = std::fabs(value);
  if (v >= 1e30) return true;  // infinity too
  if (!(v >= (error ? 9.9 : 99.0))) return false;
  for (double top = error ? 10.0 : 100.0; top <= 1e6; top *= 10.0) {
    if (v > top) continue;
    double step = 1.0;  // top - 1, top - 0.1, ... : the numbers written with nines only
    for (int decimals = 0; decimals <= 6; ++decimals, step *= 10.0) {
      const double nines = (top * step - 1.0) / step;
      if (nines >= (error ? 9.9 : 99.0) && (v == nines || (v < top && v == static_cast<double>(static_cast<float>(nines))))) return true;
    }
  }
  return false;
}

bool parse_date(std::string_view text, double& mjd) {
  std::size_t i = 0;
  int year = 0;
  int month = 0;
  int day = 0;
  if (text.size() < 8 || !read_digits(text, i, 4, year)) return false;
  const char separator = text[i];
  const bool separated = separator == '-' || separator == '/';
  if (separated) ++i;
  if (!read_digits(text, i, 2, month)) return false;
  if (separated && (i >= text.size() || text[i++] != separator)) return false;
  if (!read_digits(text, i, 2, day) || !valid_date(year, month, day)) return false;
  double fraction = 0.0;
  if (i < text.size()) {
    if ((text[i] != 'T' && text[i] != ' ') || !time_of_day(text.substr(i + 1), fraction)) return false;
  }
  mjd = calendar_mjd(year, month, day) + fraction;
  return true;
}

std::string valid_text(std::string_view text) {
  std::string out(text);
  for (std::size_t i = 0; i < out.size();) {
    const std::size_t length = utf8_length(std::string_view(out).substr(i));
    if (length == 0) out[i] = '?';
    i += length == 0 ? 1 : length;
  }
  return out;
}

std::string one_line(std::string_view text, std::size_t most) {
  std::string out = valid_text(text.substr(0, most));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 32 || c == 127) c = ' ';
  }
  return text.size() > most ? out + "..." : out;
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace orrery::data
