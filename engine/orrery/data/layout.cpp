#include "orrery/data/layout.hpp"

#include <algorithm>
#include <map>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/data/layout_detail.hpp"
#include "orrery/data/number.hpp"

namespace orrery::data {
namespace {

constexpr Index kSampleLines = 200;

bool is_number(std::string_view text) {
  double value = 0.0;
  return parse_number(text, value);
}

bool is_value(std::string_view text) {
  double value = 0.0;
  return is_number(text) || parse_date(text, value);
}

// How many fields the lines have under one delimiter: the most frequent number, and the share of lines that have it.
struct Fit {
  Index fields = 0;
  double share = 0.0;
};

Fit fit_of(const std::vector<std::string_view>& lines, char delimiter) {
  std::map<Index, Index> counts;
  std::vector<Field> fields;
  for (const auto line : lines) {
    split_fields(line, delimiter, fields);
    ++counts[ssize(fields)];
  }
  Fit best;
  for (const auto& [count, times] : counts) {
    const double share = static_cast<double>(times) / static_cast<double>(lines.size());
    if (share > best.share || (share == best.share && count > best.fields)) best = {count, share};
  }
  return best;
}

char find_delimiter(const std::vector<std::string_view>& lines) {
  // The first line may be a header with other habits: with two and more lines below it, they decide.
  const std::vector<std::string_view> body(lines.begin() + (lines.size() > 2 ? 1 : 0), lines.end());
  char best = ' ';
  double best_share = 0.0;
  for (const char delimiter : {'\t', ',', ';', '|', ' '}) {
    const Fit fit = fit_of(body, delimiter);
    if (fit.fields < 2) continue;
    if (fit.share >= 0.9) return delimiter;
    if (fit.share > best_share) {
      best = delimiter;
      best_share = fit.share;
    }
  }
  return best;
}

std::string format_name(char delimiter) {
  switch (delimiter) {
    case ',': return "CSV";
    case '\t': return "TSV";
    case ';': return "semicolon-separated";
    case '|': return "bar-separated";
    default: return "blank-separated";
  }
}

std::vector<std::string> texts(std::string_view line, char delimiter) {
  std::vector<Field> fields;
  split_fields(line, delimiter, fields);
  std::vector<std::string> out;
  for (const auto& field : fields) out.push_back(one_line(unquoted(field)));
  return out;
}

// Could these be names of columns? None is a number, each begins like a word, and not like "key = value" or a sentence.
bool are_names(const std::vector<std::string>& fields, bool comment) {
  Index named = 0;
  for (const auto& field : fields) {
    if (field.empty()) continue;
    if (is_value(field) || is_missing_word(field)) return false;
    const unsigned char c = static_cast<unsigned char>(field.front());
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '<' || c == '(' || c == '[' || c >= 0x80;
    if (comment && (!word || field.find('=') != std::string::npos || field.find("://") != std::string::npos || field.back() == ':')) {
      return false;
    }
    ++named;
  }
  return named > 0;
}

bool has_number(const std::vector<std::string>& fields) {
  return std::any_of(fields.begin(), fields.end(), [](const std::string& f) { return is_value(f); });
}

std::string_view without_mark(std::string_view line) {
  line = trimmed(line);
  const std::string_view marks = "#/\\%!;";
  while (!line.empty() && marks.find(line.front()) != std::string_view::npos) line.remove_prefix(1);
  return trimmed(line);
}

// Names in the comment nearest to the rows that holds as many names as a row has fields: "#MJD Mag Err".
void names_from_comments(Layout& layout) {
  for (auto line = layout.comments.rbegin(); line != layout.comments.rend(); ++line) {
    if (trimmed(*line).empty() || is_rule_line(*line)) continue;
    for (const char delimiter : {layout.delimiter, ',', '|', ' '}) {
      const auto names = texts(*line, delimiter);
      if (ssize(names) == layout.columns && are_names(names, true)) {
        layout.names = names;
        return;
      }
    }
    return;
  }
}

// The first line of the table itself: a header when it holds no number but the rows do.
bool is_header(const std::vector<std::string>& first, const std::vector<std::string_view>& lines, char delimiter) {
  if (!are_names(first, false) || has_number(first)) return false;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (has_number(texts(lines[i], delimiter))) return true;
  }
  auto sorted = first;
  std::sort(sorted.begin(), sorted.end());
  return lines.size() <= 1 || std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();  // all text: names differ
}

void fit_names(Layout& layout, Index header_line) {
  if (layout.names.empty()) return;
  auto& names = layout.names;
  while (ssize(names) > layout.columns && names.back().empty()) names.pop_back();
  if (ssize(names) + 1 == layout.columns) {
    names.insert(names.begin(), "");  // written by R: the row names have no header
    if (ssize(layout.units) + 1 == layout.columns) layout.units.insert(layout.units.begin(), "");
    layout.notes.push_back("the header has one name less than the rows have fields: the first column is taken as row names");
  } else if (ssize(names) != layout.columns && layout.delimiter == ' ') {
    layout.notes.push_back("the header on line " + std::to_string(header_line) + " has " + plural(ssize(names), "word") +
                           " for " + plural(layout.columns, "column") + " and was not used");
    names.clear();
  } else {
    layout.columns = ssize(names);  // a row of another length is reported with its line
  }
  if (ssize(layout.units) != layout.columns) layout.units.clear();
}

// Lines above the header that are no row of the table: "My star", "Observer: me". A header below them tells them apart, or, where there
// is a delimiter, that they do not have it.
void skip_titles(Layout& layout, detail::Lines& lines, std::vector<std::string_view>& sample) {
  constexpr std::size_t kMost = 20;
  std::size_t titles = 0;
  std::vector<std::string> fields;
  bool single = layout.delimiter != ' ';
  for (; titles + 1 < sample.size() && titles < kMost; ++titles) {
    fields = texts(sample[titles], layout.delimiter);
    if (ssize(fields) == layout.columns) break;
    single = single && fields.size() == 1;
  }
  if (titles == 0 || titles == kMost || ssize(fields) != layout.columns) return;
  if (!single && (has_number(fields) || !are_names(fields, false))) return;
  for (std::size_t i = 0; i < titles;) {
    std::string_view line;
    Index count = 1;
    if (!lines.peek(line)) return;
    line = detail::row_at(lines, count);
    if (!is_comment_line(line, ' ') && !is_rule_line(line)) {
      layout.comments.push_back(one_line(line, 1000));
      ++i;
    }
    lines.skip(count);
  }
  sample.erase(sample.begin(), sample.begin() + static_cast<std::ptrdiff_t>(titles));
  layout.notes.push_back(plural(static_cast<Index>(titles), "line") + " above the header passed over as title");
}

// Header, rule and units lines under the comments; moves the start of the rows past them.
void read_header(Layout& layout, detail::Lines& lines, const std::vector<std::string_view>& sample) {
  const auto first = texts(sample.front(), layout.delimiter);
  const Index header_line = lines.number();
  if (is_header(first, sample, layout.delimiter)) {
    layout.names = first;
    lines.skip();
    bool units_seen = false;
    for (std::string_view line; lines.peek(line); lines.skip()) {
      if (trimmed(line).empty() || is_rule_line(line) || is_comment_line(line, layout.delimiter)) continue;
      const auto fields = texts(line, layout.delimiter);
      const bool units = !units_seen && sample.size() > 2 && ssize(fields) == ssize(first) && are_names(fields, false) &&
                         !has_number(fields) && has_number(texts(sample[2], layout.delimiter));
      if (!units) break;
      layout.units = fields;
      units_seen = true;
    }
  } else {
    names_from_comments(layout);
  }
  layout.first_line = lines.number();
  layout.data_offset = lines.offset();
  fit_names(layout, header_line);
}

}  // namespace

std::string Layout::label(Index column) const {
  if (column < ssize(names) && !names[at(column)].empty()) return "'" + names[at(column)] + "'";
  return std::to_string(column + 1);
}

std::string unquoted(const Field& field) {
  if (!field.doubled_quotes) return std::string(field.text);
  std::string out;
  bool after_quote = false;  // the second of two quotes is left out
  for (const char c : field.text) {
    after_quote = c == '"' && !after_quote;
    if (c != '"' || after_quote) out.push_back(c);
  }
  return out;
}

bool split_fields(std::string_view line, char delimiter, std::vector<Field>& fields) {
  fields.clear();
  const bool blanks = delimiter == ' ';
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  std::size_t i = 0;
  const std::size_t n = line.size();
  for (;;) {
    while (i < n && blank(line[i]) && line[i] != delimiter) ++i;
    if (blanks) {
      while (i < n && blank(line[i])) ++i;
      if (i == n) return true;
    }
    if (i < n && line[i] == '"') {
      Field field{.quoted = true};
      const std::size_t begin = ++i;
      std::size_t quote = line.find('"', begin);
      while (quote != std::string_view::npos && quote + 1 < n && line[quote + 1] == '"') {
        field.doubled_quotes = true;
        quote = line.find('"', quote + 2);
      }
      field.text = line.substr(begin, quote == std::string_view::npos ? quote : quote - begin);
      fields.push_back(field);
      if (quote == std::string_view::npos) return false;
      i = quote + 1;
      while (i < n && !(blanks ? blank(line[i]) : line[i] == delimiter)) ++i;  // what follows a closing quote is not read
    } else {
      const std::size_t begin = i;
      while (i < n && !(blanks ? blank(line[i]) : line[i] == delimiter)) ++i;
      fields.push_back({.text = trimmed(line.substr(begin, i - begin))});
    }
    if (i >= n) return true;
    ++i;  // the delimiter; a last one opens an empty field
    if (i == n && !blanks) {
      fields.push_back({});
      return true;
    }
  }
}

bool is_comment_line(std::string_view line, char delimiter) {
  line = trimmed(line);
  if (line.empty()) return true;
  const char c = line.front();
  if (c == '#' || c == '\\' || c == '%' || c == '!') return true;
  if (c == '/' && line.size() > 1 && line[1] == '/') return true;
  return c == ';' && delimiter != ';';
}

bool is_rule_line(std::string_view line) {
  bool mark = false;
  Index marks = 0;
  for (const char c : line) {
    if (c == '-' || c == '=') {
      mark = true;
      ++marks;
    } else if (c != '+' && c != '|' && c != ' ' && c != '\t' && c != '\r') {
      return false;
    }
  }
  return mark && marks >= 3;
}

Layout find_layout(std::string_view head, bool complete, std::string_view name) {
  detail::refuse_other_files(head, name);
  Layout layout;
  const bool only_cr = head.find('\n') == std::string_view::npos && head.find('\r') != std::string_view::npos;
  if (only_cr) layout.line_end = '\r';
  detail::Lines lines(head, layout.line_end);
  if (detail::read_ecsv_head(layout, lines, name) || detail::read_ipac_head(layout, lines)) return layout;

  std::string_view line;
  for (; lines.peek(line) && is_comment_line(line, ' '); lines.skip()) {
    if (!trimmed(line).empty() && layout.comments.size() < 200) layout.comments.push_back(one_line(without_mark(line), 1000));
  }
  std::vector<std::string_view> sample;
  Index row_lines = 1;
  for (detail::Lines ahead = lines; ssize(sample) < kSampleLines && ahead.peek(line); ahead.skip(row_lines)) {
    line = detail::row_at(ahead, row_lines);
    if (!is_comment_line(line, ' ') && !is_rule_line(line) && (complete || ahead.terminated() || sample.empty())) sample.push_back(line);
  }
  if (sample.empty()) fail(ErrorKind::input, name, "expected rows of numbers, got only comments and blank lines");
  layout.delimiter = find_delimiter(sample);
  layout.format = format_name(layout.delimiter);
  const auto body = sample.size() > 1 ? std::vector<std::string_view>(sample.begin() + 1, sample.end()) : sample;
  layout.columns = fit_of(body, layout.delimiter).fields;
  skip_titles(layout, lines, sample);
  read_header(layout, lines, sample);
  if (sample.size() == 1 && !layout.names.empty() && lines.at_end()) {
    fail(ErrorKind::input, name, "expected rows under the header, got a header only (line " + std::to_string(lines.number() - 1) + ")");
  }
  return layout;
}

Table sample_table(const Layout& layout, std::string_view head, bool complete, Index rows) {
  Table table;
  table.has_header = !layout.names.empty();
  table.comments = layout.comments;
  std::vector<std::vector<std::string>> cells(at(layout.columns));
  detail::Lines lines(head.substr(std::min(layout.data_offset, head.size())), layout.line_end);
  std::vector<Field> fields;
  std::string_view line;
  Index row_lines = 1;
  for (Index n = 0; n < rows && lines.peek(line); lines.skip(row_lines)) {
    line = detail::row_at(lines, row_lines);
    if (is_comment_line(line, layout.delimiter) || is_rule_line(line) || (!complete && !lines.terminated())) continue;
    split_fields(line, layout.delimiter, fields);
    if (ssize(fields) < layout.columns) continue;  // the parser itself complains about ragged rows
    for (Index c = 0; c < layout.columns; ++c) cells[at(c)].push_back(valid_text(unquoted(fields[at(c)])));
    ++n;
  }
  for (Index c = 0; c < layout.columns; ++c) {
    table.columns.push_back(detail::typed_column(cells[at(c)], layout.datatypes.empty() ? "" : layout.datatypes[at(c)]));
    table.columns.back().name = table.has_header ? layout.names[at(c)] : "";
    if (!layout.units.empty()) table.columns.back().unit = layout.units[at(c)];
  }
  return table;
}

}  // namespace orrery::data
