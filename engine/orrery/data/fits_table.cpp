#include "orrery/data/fits_table.hpp"

#include <fitsio.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <mutex>
#include <unordered_map>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/data/build_series.hpp"
#include "orrery/data/fits_guard_detail.hpp"
#include "orrery/data/number.hpp"
#include "orrery/data/roles_detail.hpp"

namespace orrery::data {
namespace {

constexpr LONGLONG kRowsAtOnce = 65536;
constexpr std::size_t kBlock = 2880;  // a FITS file is made of such blocks

std::mutex& cfitsio_mutex() {  // CFITSIO keeps its error messages in one place for the whole process
  static std::mutex mutex;
  return mutex;
}

// An open FITS file at its first table with rows, closed when it goes out of sight. All calls happen under the mutex.
class FitsFile {
 public:
  FitsFile(std::string_view bytes, std::string name) : lock_(cfitsio_mutex()), name_(std::move(name)) {
    const auto read = [bytes](std::uint64_t offset, char* into, std::size_t count) {
      if (offset >= bytes.size()) return std::size_t{0};
      return bytes.copy(into, count, static_cast<std::size_t>(offset));
    };
    place_ = detail::find_fits_table(read, bytes.size(), name_);
    buffer_ = const_cast<char*>(bytes.data());  // opened read-only, without a function to grow the memory
    buffer_size_ = bytes.size();
    if (buffer_size_ % kBlock != 0) {  // CFITSIO reads whole blocks, also past the end of memory: the last block is filled up
      filled_.assign(bytes.begin(), bytes.end());
      filled_.resize((buffer_size_ / kBlock + 1) * kBlock, '\0');
      buffer_ = filled_.data();
      buffer_size_ = filled_.size();
    }
    fits_open_memfile(&file_, "memory", READONLY, &buffer_, &buffer_size_, 0, nullptr, &status_);
    go_to_table();
  }
  FitsFile(const std::string& path, std::string name) : lock_(cfitsio_mutex()), name_(std::move(name)) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error) fail(ErrorKind::io, path, "cannot be opened: " + error.message());
    std::ifstream stream(path, std::ios::binary);
    const auto read = [&stream](std::uint64_t offset, char* into, std::size_t count) {
      stream.clear();
      stream.seekg(static_cast<std::streamoff>(offset));
      stream.read(into, static_cast<std::streamsize>(count));
      return static_cast<std::size_t>(std::max<std::streamsize>(0, stream.gcount()));
    };
    if (!stream) fail(ErrorKind::io, path, "cannot be opened");
    place_ = detail::find_fits_table(read, size, name_);
    fits_open_diskfile(&file_, path.c_str(), READONLY, &status_);
    go_to_table();
  }
  FitsFile(const FitsFile&) = delete;
  FitsFile& operator=(const FitsFile&) = delete;
  ~FitsFile() { close(); }

  // Stops with CFITSIO's own words when the last call failed.
  void check(const std::string& what) {
    if (status_ == 0) return;
    char text[FLEN_STATUS] = "";
    fits_get_errstatus(status_, text);
    fits_clear_errmsg();
    close();
    fail(ErrorKind::input, name_, what + " (CFITSIO " + std::to_string(status_) + ": " + text + ")");
  }
  [[noreturn]] void refuse(const std::string& what) {
    close();
    fail(ErrorKind::input, name_, what);
  }

  // A number or text from the header of the present HDU; the default when it is not there.
  [[nodiscard]] double number_key(const char* key, double otherwise) {
    double value = otherwise;
    int status = 0;
    fits_read_key(file_, TDOUBLE, key, &value, nullptr, &status);
    if (status != 0) fits_clear_errmsg();
    return status == 0 && std::isfinite(value) ? value : otherwise;
  }
  [[nodiscard]] std::string text_key(const std::string& key) {
    char value[FLEN_VALUE] = "";
    int status = 0;
    fits_read_key(file_, TSTRING, key.c_str(), value, nullptr, &status);
    if (status != 0) fits_clear_errmsg();
    return status == 0 ? one_line(trimmed(value)) : std::string();
  }

  [[nodiscard]] fitsfile* get() { return file_; }
  [[nodiscard]] int* status() { return &status_; }
  [[nodiscard]] const detail::FitsPlace& place() const { return place_; }

 private:
  void go_to_table() {
    check("cannot be opened as FITS");
    fits_movabs_hdu(file_, place_.hdu, nullptr, &status_);
    check("extension " + std::to_string(place_.hdu - 1) + " cannot be read");
    LONGLONG rows = 0;
    int columns = 0;
    fits_get_num_rowsll(file_, &rows, &status_);
    fits_get_num_cols(file_, &columns, &status_);
    check("extension " + std::to_string(place_.hdu - 1) + " has a header that cannot be read");
    if (rows != place_.rows || columns != place_.columns) refuse("has a table whose header contradicts itself");
  }
  void close() {
    int status = 0;
    if (file_ != nullptr) fits_close_file(file_, &status);
    fits_clear_errmsg();
    file_ = nullptr;
  }
  std::lock_guard<std::mutex> lock_;
  std::string name_;
  detail::FitsPlace place_;
  std::vector<char> filled_;
  void* buffer_ = nullptr;
  std::size_t buffer_size_ = 0;
  fitsfile* file_ = nullptr;
  int status_ = 0;
};

void read_numbers(FitsFile& fits, Column& column, int position, LONGLONG rows) {
  double missing = std::numeric_limits<double>::quiet_NaN();
  column.number.resize(static_cast<std::size_t>(rows));
  for (LONGLONG row = 0; row < rows; row += kRowsAtOnce) {
    const LONGLONG count = std::min(kRowsAtOnce, rows - row);
    int any = 0;
    fits_read_col(fits.get(), TDOUBLE, position, row + 1, 1, count, &missing, column.number.data() + row, &any, fits.status());
    fits.check("column '" + column.name + "', rows from " + std::to_string(row + 1) + ": cannot be read");
  }
  column.missing = std::count_if(column.number.begin(), column.number.end(), [](double v) { return std::isnan(v); });
}

void read_words(FitsFile& fits, Column& column, int position, LONGLONG rows, long width) {
  std::vector<char> text(static_cast<std::size_t>(width) + 1);
  char* into = text.data();
  std::unordered_map<std::string, std::int32_t> seen;
  for (LONGLONG row = 0; row < rows; ++row) {
    char missing[2] = "";
    int any = 0;
    std::fill(text.begin(), text.end(), '\0');
    fits_read_col(fits.get(), TSTRING, position, row + 1, 1, 1, missing, &into, &any, fits.status());
    fits.check("column '" + column.name + "', row " + std::to_string(row + 1) + ": cannot be read");
    std::string word = valid_text(trimmed(text.data()));
    if (is_missing_word(word)) word.clear();
    const auto [entry, fresh] = seen.try_emplace(word, static_cast<std::int32_t>(column.words.size()));
    if (fresh) column.words.push_back(word);
    column.code.push_back(entry->second);
    column.missing += word.empty() ? 1 : 0;
  }
}

bool is_number_type(int type) {
  constexpr int kTypes[] = {TBYTE, TSBYTE, TSHORT, TUSHORT, TINT, TUINT, TLONG, TULONG, TLONGLONG, TFLOAT, TDOUBLE, TLOGICAL};
  return std::find(std::begin(kTypes), std::end(kTypes), type) != std::end(kTypes);
}

// The present HDU as a table.
Table table_of(FitsFile& fits, std::string name) {
  const LONGLONG rows = fits.place().rows;
  Table table;
  table.name = std::move(name);
  table.format = "FITS table";
  table.has_header = true;
  Index left_out = 0;
  for (int i = 1; i <= fits.place().columns; ++i) {
    const std::string number = std::to_string(i);
    int type = 0;
    LONGLONG repeat = 0;
    LONGLONG width = 0;
    fits_get_coltypell(fits.get(), i, &type, &repeat, &width, fits.status());
    fits.check("column " + number + ": its format cannot be read");
    Column column;
    column.name = fits.text_key("TTYPE" + number);
    column.unit = fits.text_key("TUNIT" + number);
    const bool words = type == TSTRING && repeat > 0 && repeat == width && repeat <= 1024;
    const bool numbers = repeat == 1 && is_number_type(type);
    if (!words && !numbers) {
      ++left_out;
      continue;
    }
    if (type == TLOGICAL) column.unit = "";
    column.kind = words ? Column::Kind::text : Column::Kind::number;
    if (words) {
      read_words(fits, column, i, rows, static_cast<long>(repeat));
    } else {
      read_numbers(fits, column, i, rows);
    }
    table.columns.push_back(std::move(column));
  }
  if (table.columns.empty()) fits.refuse("has a table without a single column of plain numbers or text");
  if (left_out > 0) table.notes.push_back(plural(left_out, "column") + " of vectors left out");
  return table;
}

// What a light curve's header says beside its columns.
struct Header {
  std::string object;
  std::string time_label;
};

Header header_of(FitsFile& fits) {
  Header header;
  header.object = fits.text_key("OBJECT");
  const double reference = fits.number_key("BJDREFI", 0.0) + fits.number_key("BJDREFF", 0.0);
  if (reference != 0.0) header.time_label = "BJD - " + number_text(reference, 15);
  if (header.object.empty()) {
    fits_movabs_hdu(fits.get(), 1, nullptr, fits.status());
    *fits.status() = 0;
    header.object = fits.text_key("OBJECT");
  }
  return header;
}

Table head_of(const Table& table, Index rows) {
  Table head;
  head.name = table.name;
  head.has_header = true;
  for (const auto& column : table.columns) {
    Column cut = {.name = column.name, .unit = column.unit, .kind = column.kind, .words = column.words};
    const auto take = [rows](const auto& from, auto& into) { into.assign(from.begin(), from.begin() + std::min(rows, ssize(from))); };
    take(column.number, cut.number);
    take(column.code, cut.code);
    head.columns.push_back(std::move(cut));
  }
  return head;
}

ReadResult series_of(Table table, const Header& header, const ReadOptions& options) {
  constexpr Index kSampleRows = 100000;
  const Table head = head_of(table, kSampleRows);
  const Roles roles = find_roles(head, table.name, options.roles());
  ReadResult result;
  Series& series = result.series;
  series.name = header.object.empty() ? detail::stem_of(table.name) : header.object;
  series.time_label = header.time_label.empty() || options.time ? roles.time_label : header.time_label;
  series.time_unit = roles.time_unit;
  series.y_label = roles.y_label;
  series.y_unit = roles.y_unit;
  series.quantity = roles.quantity;
  result.report.format = table.format;
  result.report.notes = table.notes;
  result.report.notes.insert(result.report.notes.end(), roles.notes.begin(), roles.notes.end());
  const auto label = [&](std::string& text, Index c) {
    if (c >= 0) text += (text.empty() ? "" : ", ") + detail::column_label(head, c);
  };
  const auto numbers = [&](Index c) -> std::vector<double> {
    if (c < 0) return {};
    const Column& column = table.columns[at(c)];
    if (column.kind == Column::Kind::text) fail(ErrorKind::input, table.name, "expected numbers in " + detail::column_label(head, c) + ", got text");
    return column.number;
  };
  detail::Raw raw{.name = table.name, .rows = table.rows()};
  if (roles.dates) fail(ErrorKind::input, table.name, "expected times in numbers, got dates in words: say which column holds the times (option time)");
  label(result.report.time_column, roles.groups.front().time);
  label(result.report.band_column, roles.band);
  for (const auto& group : roles.groups) {
    label(result.report.value_column, group.value);
    label(result.report.error_column, group.error);
    raw.groups.push_back({.band = group.band, .time = numbers(group.time), .value = numbers(group.value), .error = numbers(group.error)});
  }
  Column band_words;
  if (roles.band >= 0) {
    band_words = detail::as_words(table.columns[at(roles.band)]);
    raw.band = &band_words;
  }
  if (roles.quality >= 0 && table.columns[at(roles.quality)].kind == Column::Kind::number) raw.quality = &table.columns[at(roles.quality)];
  raw.band_by_option = options.band.has_value();
  detail::build_series(result, std::move(raw), options);
  return result;
}

std::string name_of(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

Table whole_table(FitsFile& fits, std::string name, Header* header) {
  Table table = table_of(fits, std::move(name));
  if (header != nullptr) *header = header_of(fits);
  return table;
}

}  // namespace

Column detail::as_words(const Column& column) {
  if (column.kind == Column::Kind::text) return column;
  Column words{.name = column.name, .kind = Column::Kind::text};
  std::unordered_map<std::string, std::int32_t> seen;
  for (const double v : column.number) {
    const auto [entry, fresh] = seen.try_emplace(std::isnan(v) ? "" : number_text(v), static_cast<std::int32_t>(words.words.size()));
    if (fresh) words.words.push_back(entry->first);
    words.code.push_back(entry->second);
  }
  return words;
}

Table read_fits_table(std::string_view bytes, std::string_view name) {
  FitsFile fits(bytes, std::string(name));
  return whole_table(fits, std::string(name), nullptr);
}

Table read_fits_table_file(const std::string& path) {
  FitsFile fits(path, name_of(path));
  return whole_table(fits, name_of(path), nullptr);
}

ReadResult read_fits_series(std::string_view bytes, std::string_view name, const ReadOptions& options) {
  Header header;
  Table table;
  {
    FitsFile fits(bytes, std::string(name));
    table = whole_table(fits, std::string(name), &header);
  }
  return series_of(std::move(table), header, options);
}

ReadResult read_fits_series_file(const std::string& path, const ReadOptions& options) {
  Header header;
  Table table;
  {
    FitsFile fits(path, name_of(path));
    table = whole_table(fits, name_of(path), &header);
  }
  return series_of(std::move(table), header, options);
}

}  // namespace orrery::data
