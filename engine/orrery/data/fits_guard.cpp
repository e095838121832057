#include <algorithm>
#include <limits>
#include <vector>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/data/fits_guard_detail.hpp"
#include "orrery/data/number.hpp"

namespace orrery::data::detail {
namespace {

constexpr std::size_t kCard = 80;
constexpr std::size_t kBlock = 2880;
constexpr std::size_t kMostBlocks = 2000;  // of one header: 72000 cards
constexpr int kMostHdus = 1000;
constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

// Product and sum that stop at the largest number instead of wrapping round.
std::int64_t times(std::int64_t a, std::int64_t b) { return a != 0 && b > kLargest / a ? kLargest : a * b; }
std::int64_t plus(std::int64_t a, std::int64_t b) { return b > kLargest - a ? kLargest : a + b; }

struct ColumnFormat {
  std::string form;
  std::int64_t start = 0;  // TBCOL of ASCII tables
};

// The header of one HDU, card by card.
class HeaderGuard {
 public:
  HeaderGuard(const ReadAt& read, std::string_view name, int hdu) : read_(read), name_(name), hdu_(hdu) {}

  // Reads the header at `offset`; leaves in `offset` where the data begin.
  void load(std::uint64_t& offset) {
    for (std::size_t blocks = 0; blocks < kMostBlocks; ++blocks) {
      const std::size_t old = text_.size();
      text_.resize(old + kBlock);
      const std::size_t got = read_(offset, text_.data() + old, kBlock);
      offset += kBlock;
      text_.resize(old + got / kCard * kCard);
      for (std::size_t card = old; card < text_.size(); card += kCard) {
        if (!check_card(std::string_view(text_).substr(card, kCard))) continue;
        text_.resize(card);
        return;
      }
      if (got < kBlock) refuse("the file is truncated: the header has no end");
    }
    refuse("the header has no end in " + std::to_string(kMostBlocks * kBlock / kCard) + " cards");
  }

  // The data of an HDU that is no table of interest [bytes], or fills in the place.
  std::int64_t check(FitsPlace& place, bool& table) {
    const std::string first = keyword(0);
    const std::string expected = hdu_ == 1 ? "SIMPLE" : "XTENSION";
    if (first != expected) refuse("expected " + expected + " first, got '" + first + "'");
    const std::string kind = hdu_ == 1 ? "IMAGE" : string_value(0);
    const std::int64_t bits = whole(1, "BITPIX", -64, 64);
    if (bits != 8 && bits != 16 && bits != 32 && bits != 64 && bits != -32 && bits != -64) refuse("BITPIX: got " + std::to_string(bits));
    const std::int64_t axes = whole(2, "NAXIS", 0, 999);
    std::int64_t elements = axes == 0 ? 0 : 1;
    for (std::int64_t i = 1; i <= axes; ++i) {
      elements = times(elements, whole(static_cast<std::size_t>(2 + i), "NAXIS" + std::to_string(i), 0, kLargest));
    }
    std::int64_t extra = 0;
    std::int64_t groups = 1;
    auto next = static_cast<std::size_t>(3 + axes);
    if (hdu_ > 1) {
      extra = whole(next++, "PCOUNT", 0, kLargest);
      groups = whole(next++, "GCOUNT", 0, kLargest);
    }
    table = kind == "BINTABLE" || kind == "TABLE" || kind == "A3DTABLE";
    if (table) check_table(kind, bits, axes, groups, next, place);
    table = table && place.rows > 0;
    return times(bits < 0 ? -bits / 8 : bits / 8, times(groups, plus(extra, elements)));
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    const std::string where = hdu_ == 1 ? "" : "extension " + std::to_string(hdu_ - 1) + ": ";
    fail(ErrorKind::input, name_, one_line(where + what, 300));
  }

  // True for the END card. Keyword and value must be printable ASCII; comments may be in any language, old files in any encoding.
  bool check_card(std::string_view text) const {
    const auto key = trimmed(text.substr(0, 8));
    bool comment = key == "COMMENT" || key == "HISTORY" || key.empty();
    for (const char c : text) {
      comment = comment || c == '/';
      const bool printable = c >= 32 && c <= 126;
      if (!printable && (!comment || c == 0)) refuse("is not FITS: the header holds a byte that is not text");
    }
    return trimmed(text) == "END" && text.substr(0, 3) == "END";
  }

  [[nodiscard]] std::size_t cards() const { return text_.size() / kCard; }
  [[nodiscard]] std::string_view card(std::size_t i) const {
    return i < cards() ? std::string_view(text_).substr(i * kCard, kCard) : std::string_view();
  }
  [[nodiscard]] std::string keyword(std::size_t i) const { return std::string(trimmed(card(i).substr(0, 8))); }
  [[nodiscard]] bool has_value(std::size_t i) const { return card(i).size() == kCard && card(i).substr(8, 2) == "= "; }

  // The value behind "= " without its comment: text between quotes (quotes doubled inside are not taken apart), or up to the slash.
  [[nodiscard]] std::string value(std::size_t i) const {
    if (!has_value(i)) refuse("'" + keyword(i) + "' has no value");
    const auto text = trimmed(card(i).substr(10));
    if (text.substr(0, 1) != "'") return std::string(trimmed(text.substr(0, text.find('/'))));
    auto close = text.find('\'', 1);
    while (close != std::string_view::npos && close + 1 < text.size() && text[close + 1] == '\'') close = text.find('\'', close + 2);
    if (close == std::string_view::npos) refuse("'" + keyword(i) + "': the text is not closed");
    return std::string(text.substr(0, close + 1));
  }
  [[nodiscard]] std::string string_value(std::size_t i) const {
    const std::string quoted = value(i);
    if (quoted.size() < 2 || quoted.front() != '\'') refuse("'" + keyword(i) + "': expected text in quotes, got " + quoted);
    return std::string(trimmed(std::string_view(quoted).substr(1, quoted.size() - 2)));
  }

  // The whole number of a mandatory keyword at its place.
  [[nodiscard]] std::int64_t whole(std::size_t i, const std::string& key, std::int64_t low, std::int64_t high) const {
    if (keyword(i) != key) refuse("expected " + key + " as card " + std::to_string(i + 1) + ", got '" + keyword(i) + "'");
    return number_in(i, low, high);
  }
  [[nodiscard]] std::int64_t number_in(std::size_t i, std::int64_t low, std::int64_t high) const {
    const std::string text = value(i);
    const bool negative = text.substr(0, 1) == "-";
    std::int64_t number = 0;
    bool good = text.size() > (negative ? 1U : 0U) && text.size() < 20;
    for (std::size_t k = negative || text.substr(0, 1) == "+" ? 1 : 0; good && k < text.size(); ++k) {
      good = text[k] >= '0' && text[k] <= '9';
      if (good) number = plus(times(number, 10), text[k] - '0');
    }
    if (negative) number = -number;
    if (!good || number < low || number > high) {
      const std::string range = high == kLargest ? "a whole number >= " + std::to_string(low) : std::to_string(low) + " to " + std::to_string(high);
      refuse(keyword(i) + ": expected " + range + ", got " + text);
    }
    return number;
  }

  void check_table(const std::string& kind, std::int64_t bits, std::int64_t axes, std::int64_t groups, std::size_t next,
                   FitsPlace& place) const {
    if (bits != 8 || axes != 2 || groups != 1) refuse("expected a table with BITPIX 8, NAXIS 2 and GCOUNT 1");
    const std::int64_t columns = whole(next, "TFIELDS", 0, 999);
    place = {.hdu = hdu_, .rows = number_in(4, 0, kLargest), .width = number_in(3, 0, kLargest), .columns = static_cast<int>(columns)};
    std::vector<ColumnFormat> formats(static_cast<std::size_t>(columns));
    for (std::size_t i = next + 1; i < cards(); ++i) check_keyword(i, formats);
    std::int64_t width = 0;
    for (const auto& column : formats) {
      if (kind == "TABLE") {
        if (column.start < 1) refuse("a column has no TBCOL");
        if (plus(column.start - 1, ascii_width(column.form)) > place.width) refuse("a column of " + column.form + " does not fit into a row");
        width = place.width;
      } else {
        width = plus(width, binary_width(column.form));
      }
    }
    if (width != place.width && columns > 0) {
      refuse("the columns take " + std::to_string(width) + " bytes, NAXIS1 says " + std::to_string(place.width));
    }
  }

  // Keywords that CFITSIO turns into fields of fixed size: of the right type, short, and of a column that is there.
  void check_keyword(std::size_t i, std::vector<ColumnFormat>& formats) const {
    const std::string key = keyword(i);
    if (key == "ZIMAGE" || key == "ZTABLE") refuse("the table is compressed: unpack it first (funpack)");
    if (key == "CONTINUE" || key == "HIERARCH" || !has_value(i)) return;
    for (const std::string_view stem : {"TTYPE", "TFORM", "TUNIT", "TDISP", "TDIM", "TNULL", "TSCAL", "TZERO", "TBCOL"}) {
      if (key.size() <= stem.size() || key.compare(0, stem.size(), stem) != 0) continue;
      double position = 0.0;
      if (!parse_number(key.substr(stem.size()), position)) continue;
      if (position < 1.0 || position > static_cast<double>(formats.size())) {
        refuse(key + ": there are " + std::to_string(formats.size()) + " columns");
      }
      auto& column = formats[static_cast<std::size_t>(position) - 1];
      if (stem == "TFORM") column.form = string_value(i);
      if (stem == "TBCOL") column.start = number_in(i, 1, kLargest);
      if (stem == "TTYPE" || stem == "TUNIT" || stem == "TDISP" || stem == "TDIM") (void)string_value(i);
      if ((stem == "TDISP" || stem == "TDIM") && string_value(i).size() > 30) refuse(key + ": longer than 30 characters");
      if (stem == "TSCAL" || stem == "TZERO") check_real(i);
      if (stem == "TNULL" && value(i).size() > 20) refuse(key + ": longer than 20 characters");
      return;
    }
    if (key == "THEAP") (void)number_in(i, 0, kLargest);
  }

  void check_real(std::size_t i) const {
    double number = 0.0;
    const bool good = parse_number(value(i), number) && number > -1e300 && number < 1e300;
    if (!good) refuse(keyword(i) + ": expected a number, got " + value(i));
  }

  // Bytes of one field of a binary table: repeat count and type letter.
  [[nodiscard]] std::int64_t binary_width(const std::string& form) const {
    std::size_t i = 0;
    std::int64_t repeat = 0;
    for (; i < form.size() && form[i] >= '0' && form[i] <= '9'; ++i) repeat = plus(times(repeat, 10), form[i] - '0');
    if (i == 0) repeat = 1;
    constexpr std::string_view kLetters = "LXBIJKAEDCMPQ";
    constexpr std::int64_t kBytes[] = {1, 0, 1, 2, 4, 8, 1, 4, 8, 8, 16, 8, 16};
    const auto letter = i < form.size() ? kLetters.find(form[i]) : std::string_view::npos;
    if (letter == std::string_view::npos || form.size() > 16 || repeat > 1000000000) {
      refuse("TFORM: expected a format such as D or 8A, got '" + form + "'");
    }
    if ((form[i] == 'P' || form[i] == 'Q') && repeat > 1) refuse("TFORM: expected 0 or 1 before P and Q, got '" + form + "'");
    return form[i] == 'X' ? (repeat + 7) / 8 : times(repeat, kBytes[letter]);
  }

  // Characters of one field of an ASCII table: a letter, the width, and digits after the point.
  [[nodiscard]] std::int64_t ascii_width(const std::string& form) const {
    std::int64_t width = 0;
    std::size_t i = 1;
    for (; i < form.size() && form[i] >= '0' && form[i] <= '9'; ++i) width = plus(times(width, 10), form[i] - '0');
    const bool letter = i > 1 && std::string_view("AIFED").find(form[0]) != std::string_view::npos;
    bool good = letter && form.size() <= 10 && width >= 1 && width <= 1024;
    if (good && i < form.size()) {
      const bool real = form[0] == 'F' || form[0] == 'E' || form[0] == 'D';
      good = real && form[i] == '.' && form.find_first_not_of("0123456789", i + 1) == std::string::npos;
    }
    if (!good) refuse("TFORM: expected a format such as F10.3, got '" + form + "'");
    return width;
  }

  const ReadAt& read_;
  std::string_view name_;
  int hdu_;
  std::string text_;
};

}  // namespace

FitsPlace find_fits_table(const ReadAt& read, std::uint64_t size, std::string_view name) {
  std::uint64_t offset = 0;
  for (int hdu = 1; hdu <= kMostHdus; ++hdu) {
    if (hdu > 1 && offset >= size) fail(ErrorKind::input, name, "expected a FITS table, found none in " + plural(hdu - 2, "extension"));
    HeaderGuard header(read, name, hdu);
    header.load(offset);
    FitsPlace place;
    bool table = false;
    const std::int64_t bytes = header.check(place, table);
    const std::uint64_t room = size > offset ? size - offset : 0;
    if (table) {
      const auto there = static_cast<std::int64_t>(room / static_cast<std::uint64_t>(std::max<std::int64_t>(place.width, 1)));
      if (place.width == 0 || place.columns == 0) fail(ErrorKind::input, name, "has a table of 0 bytes a row: nothing to read");
      if (place.rows > there) {
        fail(ErrorKind::input, name, "the file is truncated: its header promises " + std::to_string(place.rows) + " rows of " +
                                         std::to_string(place.width) + " bytes, there is room for " + std::to_string(there));
      }
      if (place.rows > std::numeric_limits<std::int32_t>::max()) fail(ErrorKind::limit, name, "has more than 2147483647 rows");
      return place;
    }
    if (static_cast<std::uint64_t>(bytes) > room) {
      fail(ErrorKind::input, name, "the file is truncated: extension " + std::to_string(hdu - 1) + " promises more bytes than there are");
    }
    offset += (static_cast<std::uint64_t>(bytes) + kBlock - 1) / kBlock * kBlock;
  }
  fail(ErrorKind::input, name, "has more than " + std::to_string(kMostHdus) + " extensions and no table among them");
}

}  // namespace orrery::data::detail
