#pragma once
// Pieces of find_layout that have a file of their own: lines of a buffer, file types that are not text tables, ECSV and IPAC heads.
#include <string>
#include <string_view>
#include <vector>

#include "orrery/data/layout.hpp"

namespace orrery::data::detail {

/// The lines of a buffer, one after the other, with their numbers. A CR before LF is not part of a line; nor is a byte order mark.
class Lines {
 public:
  Lines(std::string_view text, char line_end) : text_(text), end_(line_end) {
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") offset_ = 3;
  }
  /// The present line; false at the end of the buffer.
  [[nodiscard]] bool peek(std::string_view& line) const {
    if (offset_ >= text_.size()) return false;
    line = text_.substr(offset_, length());
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return true;
  }
  void skip() {
    offset_ += length() + 1;
    if (offset_ > text_.size()) offset_ = text_.size();
    ++number_;
  }
  void skip(Index count) {
    for (; count > 0; --count) skip();
  }
  [[nodiscard]] Index number() const { return number_; }
  [[nodiscard]] std::size_t offset() const { return offset_; }
  [[nodiscard]] bool at_end() const { return offset_ >= text_.size(); }
  [[nodiscard]] bool terminated() const { return offset_ + length() < text_.size(); }

 private:
  [[nodiscard]] std::size_t length() const {
    const auto stop = text_.find(end_, offset_);
    return (stop == std::string_view::npos ? text_.size() : stop) - offset_;
  }
  std::string_view text_;
  char end_;
  std::size_t offset_ = 0;
  Index number_ = 1;
};

/// The present row: the present line, or several when a quoted field holds line ends (at most 50). `count` says how many lines.
[[nodiscard]] std::string_view row_at(const Lines& lines, Index& count);

/// Stops with one line when the bytes are empty, binary, UTF-16 or of a known type that is not a text table.
void refuse_other_files(std::string_view head, std::string_view name);

/// Reads "# %ECSV" heads; false when there is none.
bool read_ecsv_head(Layout& layout, Lines& lines, std::string_view name);

/// Reads the heads of IPAC tables (\ keywords, | columns); false when there is none.
bool read_ipac_head(Layout& layout, Lines& lines);

/// A column of the kind that its cells, or the declared datatype, ask for.
[[nodiscard]] Column typed_column(const std::vector<std::string>& cells, std::string_view datatype);

}  // namespace orrery::data::detail
