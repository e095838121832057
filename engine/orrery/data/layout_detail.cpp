#include "orrery/data/layout_detail.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "orrery/core/error.hpp"
#include "orrery/data/number.hpp"

namespace orrery::data::detail {
namespace {

struct Magic {
  std::string_view bytes;
  const char* what;
};

// First bytes of files that people drop by mistake, and what to do about it.
constexpr Magic kMagic[] = {
    {"\x1F\x8B", "a gzip file: unpack it first (gunzip)"},
    {"BZh", "a bzip2 file: unpack it first (bunzip2)"},
    {"\xFD" "7zXZ", "an xz file: unpack it first (unxz)"},
    {"\x28\xB5\x2F\xFD", "a zstd file: unpack it first (unzstd)"},
    {"PK\x03\x04", "a zip file (or a spreadsheet): unpack it, or save it as CSV"},
    {"\x89HDF", "an HDF5 file: this reader does not read HDF5; save the table as CSV or FITS"},
    {"PAR1", "a Parquet file: save it as CSV or FITS"},
    {"%PDF", "a PDF document"},
    {"\x89PNG", "a PNG picture"},
    {"\xFF\xD8\xFF", "a JPEG picture"},
    {"\x93NUMPY", "a numpy array file: save it as CSV"},
    {"\xFF\xFE", "UTF-16 text: save it as UTF-8"},
    {"\xFE\xFF", "UTF-16 text: save it as UTF-8"},
};

// The value of `key: value` inside a YAML flow map "{name: mag, unit: 'mag', datatype: float64}" or a block line; "" when absent.
std::string yaml_value(std::string_view text, std::string_view key) {
  for (std::size_t from = 0; from < text.size();) {
    const auto found = text.find(key, from);
    if (found == std::string_view::npos) return {};
    from = found + key.size();
    const bool starts = found == 0 || text[found - 1] == ' ' || text[found - 1] == '{' || text[found - 1] == ',';
    if (!starts || from >= text.size() || text[from] != ':') continue;
    auto value = trimmed(text.substr(from + 1));
    if (!value.empty() && (value.front() == '\'' || value.front() == '"')) {
      const auto close = value.find(value.front(), 1);
      return one_line(value.substr(1, close == std::string_view::npos ? close : close - 1));
    }
    return one_line(trimmed(value.substr(0, value.find_first_of(",}"))));
  }
  return {};
}

struct EcsvColumn {
  std::string name, unit, datatype;
  void take(std::string_view text) {
    if (auto v = yaml_value(text, "name"); !v.empty()) name = v;
    if (auto v = yaml_value(text, "unit"); !v.empty()) unit = v;
    if (auto v = yaml_value(text, "datatype"); !v.empty()) datatype = v;
  }
};

std::vector<std::string> bar_fields(std::string_view line) {
  std::vector<std::string> out;
  line = trimmed(line);
  line.remove_prefix(1);
  while (!line.empty()) {
    const auto stop = line.find('|');
    out.push_back(one_line(trimmed(line.substr(0, stop))));
    if (stop == std::string_view::npos) break;
    line.remove_prefix(stop + 1);
  }
  return out;
}

bool identifier(std::string_view text) {
  if (text.size() < 16) return false;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return true;
}

bool opens_a_quote(std::string_view row) {
  std::vector<Field> fields;
  for (const char delimiter : {',', '\t', ';', '|', ' '}) {
    if (!split_fields(row, delimiter, fields)) return true;
  }
  return false;
}

}  // namespace

std::string_view row_at(const Lines& lines, Index& count) {
  std::string_view first;
  count = 1;
  if (!lines.peek(first) || first.find('"') == std::string_view::npos || !opens_a_quote(first)) return first;
  Lines ahead = lines;
  ahead.skip();
  std::string_view line;
  for (Index n = 2; n <= 50 && ahead.peek(line); ++n, ahead.skip()) {
    const auto odd = std::count(line.begin(), line.end(), '"') % 2;
    if (odd == 0) continue;
    count = n;
    return {first.data(), static_cast<std::size_t>(line.data() + line.size() - first.data())};
  }
  return first;
}

void refuse_other_files(std::string_view head, std::string_view name) {
  if (head.empty()) fail(ErrorKind::input, name, "the file is empty");
  for (const auto& magic : kMagic) {
    if (head.substr(0, magic.bytes.size()) == magic.bytes) {
      fail(ErrorKind::input, name, std::string("expected a text table, got ") + magic.what);
    }
  }
  const std::size_t looked = std::min<std::size_t>(head.size(), 4096);
  std::size_t odd = 0;
  bool blank = true;
  for (std::size_t i = 0; i < looked; ++i) {
    const auto c = static_cast<unsigned char>(head[i]);
    if (c == 0) fail(ErrorKind::input, name, "expected a text table, got binary data (a zero byte at offset " + std::to_string(i) + ")");
    if (c < 32 && c != '\t' && c != '\n' && c != '\r' && c != '\f') ++odd;
    if (c > 32) blank = false;
  }
  if (odd > 3 && odd * 50 > looked) fail(ErrorKind::input, name, "expected a text table, got binary data (many control characters)");
  if (blank && looked == head.size()) fail(ErrorKind::input, name, "the file holds only blanks");
}

bool read_ecsv_head(Layout& layout, Lines& lines, std::string_view name) {
  std::string_view line;
  if (!lines.peek(line) || line.substr(0, 7) != "# %ECSV") return false;
  layout.format = "ECSV";
  layout.delimiter = ' ';
  std::vector<EcsvColumn> columns;
  bool in_columns = false;
  for (lines.skip(); lines.peek(line) && !line.empty() && line.front() == '#'; lines.skip()) {
    line.remove_prefix(line.size() > 1 && line[1] == ' ' ? 2 : 1);
    if (layout.comments.size() < 200) layout.comments.push_back(one_line(line, 1000));
    if (line.substr(0, 10) == "delimiter:") {
      if (line.find(',') != std::string_view::npos) layout.delimiter = ',';
    } else if (line.substr(0, 9) == "datatype:") {
      in_columns = true;
    } else if (in_columns && line.substr(0, 1) == "-") {
      columns.emplace_back();
      columns.back().take(line.substr(1));
    } else if (in_columns && line.substr(0, 1) == " " && !columns.empty()) {
      columns.back().take(trimmed(line));
    } else {
      in_columns = false;
    }
  }
  std::vector<Field> fields;
  if (lines.peek(line)) split_fields(line, layout.delimiter, fields);
  if (columns.empty() || fields.size() != columns.size()) {
    fail(ErrorKind::input, name, "line " + std::to_string(lines.number()) + ": expected the " + std::to_string(columns.size()) +
                                     " column names that the ECSV head describes, got " + std::to_string(fields.size()));
  }
  for (auto& column : columns) {
    layout.names.push_back(std::move(column.name));
    layout.units.push_back(std::move(column.unit));
    layout.datatypes.push_back(std::move(column.datatype));
  }
  lines.skip();
  layout.columns = ssize(layout.names);
  layout.first_line = lines.number();
  layout.data_offset = lines.offset();
  if (lines.at_end()) fail(ErrorKind::input, name, "expected rows under the header, got a header only");
  return true;
}

bool read_ipac_head(Layout& layout, Lines& lines) {
  Lines ahead = lines;
  std::string_view line;
  std::vector<std::string> comments;
  while (ahead.peek(line) && !line.empty() && line.front() == '\\') {
    comments.push_back(one_line(trimmed(line.substr(1)), 1000));
    ahead.skip();
  }
  if (!ahead.peek(line) || line.empty() || line.front() != '|' || trimmed(line).back() != '|') return false;
  std::vector<std::vector<std::string>> rows;
  for (; ahead.peek(line) && !line.empty() && line.front() == '|'; ahead.skip()) {
    if (!is_rule_line(line)) rows.push_back(bar_fields(line));
    if (rows.size() > 4) return false;  // rows between bars: a bar-separated table, not IPAC
  }
  if (rows.empty() || ahead.at_end()) return false;
  layout.format = "IPAC table";
  layout.delimiter = ' ';
  layout.names = rows[0];
  layout.columns = ssize(layout.names);
  if (rows.size() > 1 && ssize(rows[1]) == layout.columns) layout.datatypes = rows[1];
  if (rows.size() > 2 && ssize(rows[2]) == layout.columns) layout.units = rows[2];
  layout.comments = std::move(comments);
  layout.first_line = ahead.number();
  layout.data_offset = ahead.offset();
  lines = ahead;
  return true;
}

Column typed_column(const std::vector<std::string>& cells, std::string_view datatype) {
  Column column;
  Index numbers = 0;
  Index words = 0;
  Index identifiers = 0;
  for (const auto& cell : cells) {
    double value = std::numeric_limits<double>::quiet_NaN();
    const bool missing = is_missing_word(cell);
    const bool number = !missing && parse_number(cell, value);
    column.number.push_back(value);
    column.missing += missing ? 1 : 0;
    numbers += number ? 1 : 0;
    words += !missing && !number ? 1 : 0;
    identifiers += number && identifier(cell) ? 1 : 0;
  }
  const bool text = datatype.substr(0, 3) == "str" || datatype.substr(0, 4) == "char" || numbers < words || 2 * identifiers > numbers + words;
  if (!text) return column;
  column.kind = Column::Kind::text;
  column.number.clear();
  std::unordered_map<std::string_view, std::int32_t> seen;
  for (const auto& cell : cells) {
    const auto [entry, fresh] = seen.try_emplace(cell, static_cast<std::int32_t>(column.words.size()));
    if (fresh) column.words.push_back(cell);
    column.code.push_back(entry->second);
  }
  return column;
}

}  // namespace orrery::data::detail
