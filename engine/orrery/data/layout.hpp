#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/data/table.hpp"

namespace orrery::data {

/// How a text table is written: found from its first lines by find_layout, followed by DelimitedParser.
struct Layout {
  std::string format;                  ///< "CSV", "TSV", "ECSV", "IPAC table", "blank-separated", "semicolon-separated", ...
  char delimiter = ',';                ///< ' ' stands for any run of blanks and tabs
  char line_end = '\n';                ///< '\r' for files of old Macs; a CR before LF is dropped
  Index columns = 0;                   ///< fields in a row
  std::vector<std::string> names;      ///< one a column, or empty when the file has no header
  std::vector<std::string> units;      ///< one a column, or empty
  std::vector<std::string> datatypes;  ///< one a column (ECSV and IPAC), or empty
  std::vector<std::string> comments;   ///< comment lines before the first row, without their marks, at most 200
  Index first_line = 1;                ///< 1-based number of the line at `data_offset`
  std::size_t data_offset = 0;         ///< first byte after header and comments
  std::vector<std::string> notes;      ///< plain sentences about what was found

  /// The name of a column as messages write it: "'mag'", or "3" when it has none.
  [[nodiscard]] std::string label(Index column) const;
};

/// One field of a line: the bytes between two delimiters without blanks around them; quotes are taken off.
struct Field {
  std::string_view text;
  bool quoted = false;          ///< stood in quotes: never taken for a missing value unless empty
  bool doubled_quotes = false;  ///< "" stands for one " inside: see unquoted
};

/// Cuts a line into fields. A field may be quoted with " when the quote is its first character.
/// @return false when a quote is still open at the end of the line (the field goes on in the next one)
/// @cost   O(length)
bool split_fields(std::string_view line, char delimiter, std::vector<Field>& fields);

/// The field's text with doubled quotes made single.
[[nodiscard]] std::string unquoted(const Field& field);

/// True for a line that is no row: blank, or a comment that begins with #, //, \, %, ! or (unless it is the delimiter) ; .
[[nodiscard]] bool is_comment_line(std::string_view line, char delimiter);

/// True for a rule under a header, made of - = + | and blanks only ("---  ----", "|-----|").
[[nodiscard]] bool is_rule_line(std::string_view line);

/// Finds delimiter, header, units and comments of a text table from its beginning. The delimiter is the one of tab, comma,
/// semicolon, bar and blanks that gives nearly all lines the same number of fields, at least two. The header is the first
/// line without any number above lines with numbers; or the column line of an IPAC table; or the last comment line when it
/// holds as many names as a row has fields; or what the YAML head of an ECSV file says.
/// @param head      beginning of the file, 64 kB are plenty
/// @param complete  `head` is the whole file
/// @param name      of the file, for messages
/// @throws InputError  empty file, header without rows, binary content or UTF-16, compressed or other known file type
/// @cost O(head)
/// @source ECSV: Astropy Proposal for Enhancement 6 (Aldcroft 2014); IPAC: IRSA table format
[[nodiscard]] Layout find_layout(std::string_view head, bool complete, std::string_view name);

/// The first rows as a table, to choose column roles from: at most `rows` rows; a column is a number column when at least half of
/// its values that are not missing are numbers, but for whole numbers of 16 and more digits (identifiers), which stay text. A
/// field that is not a number in a number column is NaN here.
/// @cost O(head)
[[nodiscard]] Table sample_table(const Layout& layout, std::string_view head, bool complete, Index rows = 2000);

}  // namespace orrery::data
