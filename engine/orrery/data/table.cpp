#include "orrery/data/table.hpp"

#include <cmath>
#include <limits>

#include "orrery/core/error.hpp"
#include "orrery/data/number.hpp"

namespace orrery::data {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return out;
}

}  // namespace

Index Table::find(std::string_view name_or_number) const {
  for (Index i = 0; i < ssize(columns); ++i) {
    if (columns[at(i)].name == name_or_number) return i;
  }
  for (Index i = 0; i < ssize(columns); ++i) {
    if (lower(columns[at(i)].name) == lower(name_or_number)) return i;
  }
  double position = 0.0;
  if (!name_or_number.empty() && parse_number(name_or_number, position) && position == std::floor(position) && position >= 1.0 &&
      position <= static_cast<double>(columns.size())) {
    return static_cast<Index>(position) - 1;
  }
  return -1;
}

const std::vector<double>& Table::number(std::string_view name_or_number) const {
  const Index i = find(name_or_number);
  if (i < 0 || columns[at(i)].kind != Column::Kind::number) {
    fail(ErrorKind::input, name,
         (i < 0 ? "there is no column '" : "expected numbers, got text in column '") + std::string(name_or_number) + "'");
  }
  return columns[at(i)].number;
}

Index mark_sentinels(std::vector<double>& values, bool error) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  Index candidates = 0;
  for (const double v : values) {
    if (!std::isfinite(v)) continue;
    if (looks_like_sentinel(v, error)) {
      ++candidates;
    } else {
      low = std::fmin(low, v);
      high = std::fmax(high, v);
    }
  }
  if (candidates == 0) return 0;
  const bool alone = low > high;
  Index marked = 0;
  for (double& v : values) {
    if (!std::isfinite(v) || !looks_like_sentinel(v, error)) continue;
    const double distance = v > high ? v - high : low - v;
    const bool far = distance > high - low && distance > std::fabs(v) / 5.0;
    if (alone ? std::fabs(v) != 99.0 : far) {
      v = std::numeric_limits<double>::quiet_NaN();
      ++marked;
    }
  }
  return marked;
}

}  // namespace orrery::data
