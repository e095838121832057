#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "orrery/core/index.hpp"

namespace orrery::data {

/// One named column: numbers (NaN where a value is missing) or text (each row holds the position of its word, so that a
/// column of a few names repeated over millions of rows stays small).
struct Column {
  enum class Kind : std::uint8_t { number, text };

  std::string name;                 ///< from the header; "column 3" when there is none
  std::string unit;                 ///< "" when not known
  Kind kind = Kind::number;
  std::vector<double> number;       ///< (N,) when kind is number; NaN = missing
  std::vector<std::int32_t> code;   ///< (N,) when kind is text: position in `words`
  std::vector<std::string> words;   ///< the different texts in order of appearance; "" = missing
  Index missing = 0;                ///< rows without a value

  [[nodiscard]] Index size() const noexcept { return kind == Kind::number ? ssize(number) : ssize(code); }
  [[nodiscard]] std::string_view text(Index row) const { return words[at(code[at(row)])]; }
};

/// Named columns of one length, with what the reader learned on the way.
struct Table {
  std::string name;                   ///< of the file
  std::string format;                 ///< "CSV", "ECSV", "blank-separated", "FITS binary table", ...
  std::vector<Column> columns;
  std::vector<std::string> comments;  ///< the comment lines at the head of the file, without their marks
  std::vector<std::string> notes;     ///< plain sentences: what was dropped or taken for missing
  bool has_header = false;            ///< the names come from the file

  [[nodiscard]] Index rows() const noexcept { return columns.empty() ? 0 : columns.front().size(); }

  /// Position of the column with this name (upper and lower case are one when no name matches exactly), or of the 1-based
  /// number written as text ("3"); -1 when there is none.
  [[nodiscard]] Index find(std::string_view name_or_number) const;

  /// The numbers of a column. @throws InputError when there is no such column or it holds text
  [[nodiscard]] const std::vector<double>& number(std::string_view name_or_number) const;
};

/// Turns into NaN the numbers of a column that stand for "missing" and adds them to `missing`. The rule: v looks like a sentinel
/// (nines only, or >= 1e30: looks_like_sentinel) and lies outside the range [a, b] of all other finite values by more than b - a
/// and by more than |v| / 5. So -99.99 among magnitudes 15 to 17 goes, and -99.9 m/s among velocities of +-200 m/s stays.
/// A column of nothing but such numbers is all missing, unless they are plain integers of two digits (99 may be a count).
/// @param error  the column holds standard errors: 9.99, 9.999, ... are candidates too
/// @return how many were marked
/// @cost  O(N)
Index mark_sentinels(std::vector<double>& values, bool error = false);

}  // namespace orrery::data
