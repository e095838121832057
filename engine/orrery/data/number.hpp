#pragma once
#include <string>
#include <string_view>

#include "orrery/core/index.hpp"

namespace orrery::data {

/// Reads a whole field as a decimal number: [+-] digits [. digits] [eEdD [+-] digits], or inf / infinity. Nothing may be left
/// over and no blank may stand around it. Independent of the locale; the nearest double, always (ties to even). Fortran's D
/// exponent is accepted. NaN is not a number here: see is_missing_word.
/// @param text   the field
/// @param value  set only when the answer is true
/// @return       true when all of `text` is one number
/// @cost         ~15 ns for up to 15 digits, else the library's slower exact conversion
/// @source       Clinger 1990, PLDI '90, "How to read floating point numbers accurately", section 4 (the fast path)
[[nodiscard]] bool parse_number(std::string_view text, double& value);

/// True for the words that stand for "no value": the empty field, nan, na, n/a, null, none, nil, masked, indef, nodata, \nodata,
/// "-", "--", "---", "...", "?", "*" (letters in any case).
[[nodiscard]] bool is_missing_word(std::string_view text);

/// True for numbers that surveys write in place of a missing value: at least two nines before the point and nothing but nines
/// (99, 99.9, 99.99, 99.999, 999.99, 9999, ... with either sign, as double or as float), or |v| >= 1e30. With `error` also
/// 9.9, 9.99, 9.999, ... A number of this kind may be a true value: see mark_sentinels for the rule that decides.
[[nodiscard]] bool looks_like_sentinel(double value, bool error = false);

/// Calendar date (and time of day) as a Modified Julian Date [day]: 2018-10-07, 2018/10/07, 2018-10-07T09:31:01.843,
/// "2018-10-07 09:31:01", 20181007. Proleptic Gregorian calendar, days of 86400 s, years 0001 to 9999.
/// @return true when all of `text` is such a date
[[nodiscard]] bool parse_date(std::string_view text, double& mjd);

/// The text with every byte that is no part of UTF-8 replaced by "?" (old files in Latin-1), so that it can go into JSON.
[[nodiscard]] std::string valid_text(std::string_view text);

/// The text as a message, note or name may show it: valid_text with control characters made blanks, cut with "..." after `most` bytes.
[[nodiscard]] std::string one_line(std::string_view text, std::size_t most = 200);

/// The text without blanks and tabs at its two ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace orrery::data
