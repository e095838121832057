// Any bytes: a table or one InputError, and the same table however the bytes are cut.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "orrery/core/error.hpp"
#include "orrery/data/delimited.hpp"

using namespace orrery;
using namespace orrery::data;

namespace {

void require(bool good) {
  if (!good) std::abort();
}

bool same(double a, double b) { return a == b || (a != a && b != b); }

std::vector<Keep> everything(const Table& sample) {
  std::vector<Keep> keep;
  for (const auto& column : sample.columns) keep.push_back(column.kind == Column::Kind::text ? Keep::text : Keep::number);
  return keep;
}

// The rows through the parser in pieces of `step` bytes.
Table in_pieces(const Layout& layout, const std::vector<Keep>& keep, std::string_view bytes, std::size_t step) {
  DelimitedParser parser(layout, "fuzz", keep);
  for (std::size_t from = layout.data_offset; from < bytes.size(); from += step) parser.feed(bytes.substr(from, step));
  return parser.finish();
}

void compare(const Table& a, const Table& b) {
  require(a.columns.size() == b.columns.size() && a.rows() == b.rows());
  for (std::size_t c = 0; c < a.columns.size(); ++c) {
    const Column& x = a.columns[c];
    const Column& y = b.columns[c];
    require(x.size() == a.rows() && x.size() == y.size() && x.missing == y.missing && x.words == y.words && x.code == y.code);
    for (std::size_t i = 0; i < x.number.size(); ++i) require(same(x.number[i], y.number[i]));
    for (const auto code : x.code) require(code >= 0 && code < ssize(x.words));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    (void)read_table(bytes, "fuzz");
  } catch (const InputError& error) {
    require(std::string_view(error.what()).find('\n') == std::string_view::npos);
  }
  try {
    const Layout layout = find_layout(bytes, true, "fuzz");
    const std::vector<Keep> keep = everything(sample_table(layout, bytes, true));
    const Table whole = in_pieces(layout, keep, bytes, size + 1);
    compare(whole, in_pieces(layout, keep, bytes, 1));
    compare(whole, in_pieces(layout, keep, bytes, 7));
  } catch (const InputError&) {
    return 0;
  }
  return 0;
}
