#include "orrery/data/delimited.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <limits>
#include <unordered_map>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/data/number.hpp"

namespace orrery::data {
namespace {

constexpr std::size_t kLongestLine = std::size_t{1} << 20;
constexpr std::size_t kPiece = std::size_t{64} << 10;

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
using WordMap = std::unordered_map<std::string, std::int32_t, TextHash, std::equal_to<>>;

std::string shown(std::string_view text) { return "'" + one_line(text, 40) + "'"; }

}  // namespace

struct DelimitedParser::State {
  Layout layout;
  std::string name;
  std::vector<Keep> keep;
  std::vector<Column> columns;  // one a kept column
  std::vector<WordMap> words;   // beside `columns`
  std::string carry;            // the beginning of a line whose end has not come yet
  std::vector<Field> fields;
  std::string torn;             // message of a short row: an error unless it is the last one
  Index torn_line = 0;
  Index line = 1;
  Index row_line = 1;           // where the present row begins (a quoted field may hold line ends)
  Index rows = 0;

  [[nodiscard]] std::string where(Index number) const { return name + ":" + std::to_string(number); }

  void add_text(std::size_t k, const Field& field) {
    const std::string text = !field.quoted && is_missing_word(field.text) ? std::string() : valid_text(unquoted(field));
    auto& map = words[k];
    auto found = map.find(std::string_view(text));
    if (found == map.end()) {
      found = map.emplace(text, static_cast<std::int32_t>(columns[k].words.size())).first;
      columns[k].words.push_back(text);
    }
    columns[k].missing += text.empty() ? 1 : 0;
    columns[k].code.push_back(found->second);
  }

  // False when the field should have been a number and is not.
  bool add_number(std::size_t k, std::string_view text, bool date) {
    double value = std::numeric_limits<double>::quiet_NaN();
    if (date ? !parse_date(text, value) : !parse_number(text, value)) {
      if (!is_missing_word(text)) return false;
      ++columns[k].missing;
    }
    columns[k].number.push_back(value);
    return true;
  }

  void take_back_row(std::size_t kept) {  // values of a row that turns out to be torn
    for (std::size_t k = 0; k < kept; ++k) {
      if (columns[k].kind == Column::Kind::number) {
        if (columns[k].number.back() != columns[k].number.back()) --columns[k].missing;
        columns[k].number.pop_back();
      } else {
        if (columns[k].text(columns[k].size() - 1).empty()) --columns[k].missing;
        columns[k].code.pop_back();
      }
    }
  }

  void bad_count(Index got, bool last) {
    const std::string what = "expected " + plural(layout.columns, "field") + (layout.names.empty() ? "" : " (as in the header)") + ", got " +
                             std::to_string(got);
    if (got < layout.columns && !last) {
      torn = what;
      torn_line = row_line;
    } else if (got < layout.columns) {
      torn_line = row_line;
    } else {
      fail(ErrorKind::input, where(row_line), what);
    }
  }

  // One row. `last`: the file ended without an end of line, so the row may be torn.
  void add_row(bool last) {
    if (torn_line != 0) fail(ErrorKind::input, where(torn_line), torn);
    while (ssize(fields) > layout.columns && fields.back().text.empty()) fields.pop_back();
    if (ssize(fields) != layout.columns) return bad_count(ssize(fields), last);
    if (rows == std::numeric_limits<std::int32_t>::max()) fail(ErrorKind::limit, where(row_line), "more than 2147483647 rows");
    std::size_t k = 0;
    for (std::size_t c = 0; c < keep.size(); ++c) {
      if (keep[c] == Keep::skip) continue;
      const Field& field = fields[c];
      if (keep[c] == Keep::text) {
        add_text(k, field);
      } else if (!add_number(k, field.text, keep[c] == Keep::date)) {
        if (last && c + 1 == keep.size()) {  // the file was cut inside this very field
          take_back_row(k);
          torn_line = row_line;
          return;
        }
        fail(ErrorKind::input, where(row_line),
             "column " + layout.label(static_cast<Index>(c)) + ": expected a " + (keep[c] == Keep::date ? "date" : "number") + ", got " +
                 shown(field.text));
      }
      ++k;
    }
    ++rows;
  }

  // A line without its end. Returns false when a quoted field goes on in the next line.
  bool add_line(std::string_view text, bool last) {
    if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
    if (text.find_first_not_of(" \t\f\v") == std::string_view::npos) return true;
    if (is_comment_line(text, layout.delimiter) || is_rule_line(text)) return true;
    if (!split_fields(text, layout.delimiter, fields)) {
      if (!last) return false;
      if (text.find('\n') < text.size() - 1) {  // it swallowed whole lines
        fail(ErrorKind::input, where(row_line), "a quote (\") is opened and never closed");
      }
      torn_line = row_line;
      return true;
    }
    add_row(last);
    return true;
  }
};

DelimitedParser::DelimitedParser(Layout layout, std::string name, std::vector<Keep> keep, Index rows)
    : state_(std::make_unique<State>()) {
  if (ssize(keep) != layout.columns) {
    fail(ErrorKind::input, "DelimitedParser", "expected one Keep a column (" + std::to_string(layout.columns) + "), got " + std::to_string(keep.size()));
  }
  for (std::size_t c = 0; c < keep.size(); ++c) {
    if (keep[c] == Keep::skip) continue;
    Column column;
    column.name = layout.names.empty() || layout.names[c].empty() ? "column " + std::to_string(c + 1) : layout.names[c];
    if (!layout.units.empty()) column.unit = layout.units[c];
    column.kind = keep[c] == Keep::text ? Column::Kind::text : Column::Kind::number;
    if (column.kind == Column::Kind::number) column.number.reserve(at(rows));
    if (column.kind == Column::Kind::text) column.code.reserve(at(rows));
    state_->columns.push_back(std::move(column));
  }
  state_->words.resize(state_->columns.size());
  state_->line = layout.first_line;
  state_->layout = std::move(layout);
  state_->name = std::move(name);
  state_->keep = std::move(keep);
}

DelimitedParser::~DelimitedParser() = default;
DelimitedParser::DelimitedParser(DelimitedParser&&) noexcept = default;

Index DelimitedParser::rows() const noexcept { return state_->rows; }

void DelimitedParser::feed(std::string_view bytes) {
  State& s = *state_;
  while (!bytes.empty()) {
    const auto* stop = static_cast<const char*>(std::memchr(bytes.data(), s.layout.line_end, bytes.size()));
    const std::size_t length = stop ? static_cast<std::size_t>(stop - bytes.data()) : bytes.size();
    if (s.carry.size() + length > kLongestLine) {
      fail(ErrorKind::input, s.where(s.line), "a line (or a quoted field) is longer than 1 MiB: is this a table?");
    }
    if (!stop) {
      s.carry.append(bytes);
      return;
    }
    std::string_view text = bytes.substr(0, length);
    bytes.remove_prefix(length + 1);
    const bool continued = !s.carry.empty();
    if (continued) {
      s.carry.append(text);
      text = s.carry;
    } else {
      s.row_line = s.line;
    }
    if (s.add_line(text, false)) {
      s.carry.clear();
    } else {
      if (!continued) s.carry.assign(text);
      s.carry.push_back('\n');
    }
    ++s.line;
    if (s.carry.empty()) s.row_line = s.line;
  }
}

Table DelimitedParser::finish() {
  State& s = *state_;
  if (!s.carry.empty()) {
    const std::string rest = std::move(s.carry);
    s.carry.clear();
    (void)s.add_line(rest, true);
  }
  Table table;
  table.name = s.name;
  table.format = s.layout.format;
  table.has_header = !s.layout.names.empty();
  table.comments = s.layout.comments;
  table.notes = s.layout.notes;
  if (s.torn_line != 0) {
    if (s.rows == 0) fail(ErrorKind::input, s.where(s.torn_line), s.torn.empty() ? "the only row is torn" : s.torn);
    table.notes.push_back("the last line (" + std::to_string(s.torn_line) + ") is torn and was dropped");
  }
  if (s.rows == 0) fail(ErrorKind::input, s.name, "expected rows of numbers, got none");
  table.columns = std::move(s.columns);
  return table;
}

namespace {

class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::string_view bytes) : rest_(bytes), size_(bytes.size()) {}
  std::string_view next() override {
    const auto piece = rest_.substr(0, kLongestLine);
    rest_.remove_prefix(piece.size());
    return piece;
  }
  [[nodiscard]] std::size_t size() const override { return size_; }
  [[nodiscard]] bool at_end() const override { return rest_.empty(); }

 private:
  std::string_view rest_;
  std::size_t size_;
};

#ifndef __wasi__
class FileSource final : public ByteSource {
 public:
  explicit FileSource(const std::string& path) : path_(path), file_(std::fopen(path.c_str(), "rb")) {
    if (file_ == nullptr) fail(ErrorKind::io, path, std::string("cannot be opened: ") + std::strerror(errno));
    if (std::fseek(file_, 0, SEEK_END) == 0) {
      const long end = std::ftell(file_);
      size_ = end > 0 && end < std::numeric_limits<long>::max() ? static_cast<std::size_t>(end) : 0;
    }
    std::rewind(file_);
    piece_.resize(kLongestLine);
  }
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  ~FileSource() override {
    if (file_ != nullptr) std::fclose(file_);
  }
  std::string_view next() override {
    const std::size_t got = std::fread(piece_.data(), 1, piece_.size(), file_);
    if (got < piece_.size()) {
      if (std::ferror(file_) != 0) fail(ErrorKind::io, path_, std::string("cannot be read: ") + std::strerror(errno));
      end_ = true;
    }
    return {piece_.data(), got};
  }
  [[nodiscard]] std::size_t size() const override { return size_; }
  [[nodiscard]] bool at_end() const override { return end_; }

 private:
  std::string path_;
  std::FILE* file_;
  std::vector<char> piece_;
  std::size_t size_ = 0;
  bool end_ = false;
};
#endif

Index expected_rows(const Layout& layout, std::string_view head, std::size_t size) {
  const auto body = head.substr(std::min(layout.data_offset, head.size()));
  const auto lines = std::count(body.begin(), body.end(), layout.line_end);
  if (lines < 2 || size <= head.size()) return lines + 1;
  return static_cast<Index>(static_cast<double>(size) / static_cast<double>(body.size()) * static_cast<double>(lines) * 1.02) + 16;
}

std::vector<Keep> table_choice(const TableOptions& options, const std::string& name, const Layout& layout, const Table& sample) {
  std::vector<Keep> keep(at(layout.columns), options.columns.empty() ? Keep::number : Keep::skip);
  for (const auto& wanted : options.columns) {
    const Index c = sample.find(wanted);
    if (c < 0) fail(ErrorKind::input, name, "there is no column " + shown(wanted) + " among " + plural(layout.columns, "column"));
    keep[at(c)] = Keep::number;
  }
  for (std::size_t c = 0; c < keep.size(); ++c) {
    if (keep[c] != Keep::skip && sample.columns[c].kind == Column::Kind::text) keep[c] = Keep::text;
  }
  return keep;
}

Choose choose_columns(const TableOptions& options, std::string name) {
  return [options, name = std::move(name)](const Layout& layout, const Table& sample) {
    return table_choice(options, name, layout, sample);
  };
}

void mark_table(Table& table, const TableOptions& options) {
  if (!options.sentinels) return;
  for (auto& column : table.columns) {
    if (column.kind != Column::Kind::number) continue;
    const Index marked = mark_sentinels(column.number);
    if (marked == 0) continue;
    column.missing += marked;
    table.notes.push_back("column '" + column.name + "': " + plural(marked, "value") + " of nines only (such as -99.99) taken as missing");
  }
}

}  // namespace

std::unique_ptr<ByteSource> memory_source(std::string_view bytes) { return std::make_unique<MemorySource>(bytes); }

#ifndef __wasi__
std::unique_ptr<ByteSource> file_source(const std::string& path) { return std::make_unique<FileSource>(path); }
#endif

Task<Table> read_text_task(Budget& budget, ByteSource& source, std::string name, Choose choose) {
  std::string_view piece = source.next();
  const bool complete = source.at_end();
  Layout layout = find_layout(piece, complete, name);
  const Table sample = sample_table(layout, piece, complete);
  std::vector<Keep> keep = choose(layout, sample);
  const std::size_t size = source.size();
  const Index rows = expected_rows(layout, piece, size);
  piece.remove_prefix(std::min(layout.data_offset, piece.size()));
  std::size_t done = layout.data_offset;
  DelimitedParser parser(std::move(layout), std::move(name), std::move(keep), rows);
  while (!piece.empty()) {
    const std::string_view now = piece.substr(0, kPiece);
    parser.feed(now);
    piece.remove_prefix(now.size());
    done += now.size();
    budget.progress(size > 0 ? std::min(1.0, static_cast<double>(done) / static_cast<double>(size)) : 0.0, "reading");
    co_await budget.pause();
    if (piece.empty() && !source.at_end()) piece = source.next();
  }
  co_return parser.finish();
}

Table read_table(std::string_view bytes, std::string_view name, const TableOptions& options) {
  const auto source = memory_source(bytes);
  Budget budget;
  Table table = run_with_progress(budget, read_text_task(budget, *source, std::string(name), choose_columns(options, std::string(name))),
                                  std::string(name), {});
  mark_table(table, options);
  return table;
}

#ifndef __wasi__
Table read_table_file(const std::string& path, const TableOptions& options, const Progress& progress) {
  const std::string name = path.substr(path.find_last_of('/') + 1);
  const auto source = file_source(path);
  Budget budget;
  Table table = run_with_progress(budget, read_text_task(budget, *source, name, choose_columns(options, name)), name, progress);
  mark_table(table, options);
  return table;
}
#endif

void detail::stopped(const std::string& name, double fraction) {
  fail(ErrorKind::limit, name, "reading was stopped at " + number_text(100.0 * fraction, 3) + " %");
}

}  // namespace orrery::data
