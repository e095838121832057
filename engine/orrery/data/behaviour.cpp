// How the columns of a table without a header behave, and which roles follow from that.
#include <algorithm>
#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/data/roles_detail.hpp"

namespace orrery::data::detail {
namespace {

double quantile(const std::vector<double>& sorted, double q) {
  return sorted[static_cast<std::size_t>(std::lround(q * static_cast<double>(sorted.size() - 1)))];
}

// Whole numbers or words that repeat: the code of an instrument, a filter, a kind of row.
bool like_category(const Column& column, const Behaviour& b) {
  if (column.kind == Column::Kind::text) {
    const Index words = ssize(column.words);
    return words >= 2 && words <= 12 && column.size() >= 2 * words;
  }
  return b.number && b.whole && b.different >= 2 && b.different <= 12 && column.size() >= 3 * b.different && b.low >= 0.0 && b.high <= 99.0;
}

int time_score(const Behaviour& b) {
  if (!b.number || b.constant) return 0;
  if (b.like_jd()) return 5;
  if (b.like_mjd()) return 4;
  if (b.index) return 1;
  return b.ascending >= 0.95 ? 3 : 0;
}

// Columns like JD or MJD in steps of three, each followed by a value and an error.
std::vector<BandColumns> triples(const Table& sample, const std::vector<Behaviour>& behaviour) {
  std::vector<BandColumns> groups;
  for (Index c = 0; c + 2 < ssize(sample.columns); ++c) {
    const Behaviour& b = behaviour[at(c)];
    if (!b.like_jd() && !b.like_mjd()) continue;
    if (!groups.empty() && c != groups.back().time + 3) return {};
    if (behaviour[at(c + 1)].like_mjd() || sample.columns[at(c + 1)].kind == Column::Kind::text) return {};
    groups.push_back({.band = "", .time = c, .value = c + 1, .error = c + 2});
    c += 2;
  }
  return groups.size() >= 2 ? groups : std::vector<BandColumns>{};
}

void name_triples(Roles& roles) {
  const char* const sdss[] = {"u", "g", "r", "i", "z"};
  const bool five = roles.groups.size() == 5;
  for (std::size_t i = 0; i < roles.groups.size(); ++i) roles.groups[i].band = five ? sdss[i] : std::to_string(i + 1);
  if (five) {
    roles.time_label = "MJD";
    roles.quantity = Quantity::magnitude;
  }
  roles.notes.push_back("no header: " + plural(static_cast<Index>(roles.groups.size()), "time column") +
                        " in steps of three are read as (time, value, error) a band" +
                        (five ? ", the bands as u g r i z (the layout of SDSS Stripe 82)" : ""));
}

}  // namespace

Behaviour behaviour_of(const Column& column) {
  Behaviour b;
  if (column.kind != Column::Kind::number) return b;
  std::vector<double> values = column.number;
  mark_sentinels(values);
  std::erase_if(values, [](double v) { return !std::isfinite(v); });
  if (values.empty()) return b;
  b.number = true;
  b.whole = std::all_of(values.begin(), values.end(), [](double v) { return v == std::floor(v); });
  Index up = 0;
  b.index = values.size() > 2 && (values.front() == 0.0 || values.front() == 1.0);
  for (std::size_t i = 1; i < values.size(); ++i) {
    up += values[i] >= values[i - 1] ? 1 : 0;
    b.index = b.index && values[i] == values[i - 1] + 1.0;
  }
  b.ascending = values.size() > 1 ? static_cast<double>(up) / static_cast<double>(values.size() - 1) : 1.0;
  std::sort(values.begin(), values.end());
  b.positive = static_cast<double>(values.end() - std::upper_bound(values.begin(), values.end(), 0.0)) / static_cast<double>(values.size());
  b.low = values.front();
  b.high = values.back();
  b.constant = b.low == b.high;
  b.median = quantile(values, 0.5);
  b.width = 0.5 * (quantile(values, 0.84) - quantile(values, 0.16));
  for (std::size_t i = 0; i < values.size() && b.different < 13; ++i) b.different += i == 0 || values[i] != values[i - 1] ? 1 : 0;
  return b;
}

bool like_errors(const Behaviour& error, const Behaviour& value) {
  if (!error.number || error.positive < 0.95 || error.like_jd() || error.like_mjd()) return false;
  return error.median <= 0.3 * std::fabs(value.median) || error.median <= 3.0 * value.width;
}

std::string column_label(const Table& sample, Index column) {
  const std::string& name = sample.columns[at(column)].name;
  return "column " + std::to_string(column + 1) + (name.empty() ? "" : " '" + name + "'");
}

void roles_by_behaviour(Roles& roles, const Table& sample, const std::vector<Behaviour>& behaviour, std::string_view name) {
  roles.groups = triples(sample, behaviour);
  if (!roles.groups.empty()) return name_triples(roles);
  const Index columns = ssize(sample.columns);
  BandColumns group;
  int best = 0;
  for (Index c = 0; c < columns; ++c) {
    if (const int score = time_score(behaviour[at(c)]); score > best) {
      best = score;
      group.time = c;
    }
  }
  if (group.time < 0 && columns > 1 && columns <= 4 && behaviour[0].number && !behaviour[0].constant) {
    group.time = 0;
    roles.notes.push_back("no header and no ascending column: the first column is taken as time");
  }
  if (group.time < 0) {
    fail(ErrorKind::input, name, "no header, and none of the " + plural(columns, "column") +
                                     " looks like times: say which are time, value and error by number (options time, value, error)");
  }
  for (Index c = group.time + 1; c < columns && group.value < 0; ++c) {
    if (behaviour[at(c)].number && !behaviour[at(c)].constant) group.value = c;
  }
  for (Index c = group.time + 1; c < columns && group.value < 0; ++c) {
    if (behaviour[at(c)].number) group.value = c;  // a constant is still better than nothing
  }
  if (group.value < 0) {
    fail(ErrorKind::input, name, "no header, and no column of numbers behind the times (" + column_label(sample, group.time) +
                                     "): say which is the value by number (option value)");
  }
  const Index next = group.value + 1;
  if (next < columns && like_errors(behaviour[at(next)], behaviour[at(group.value)])) group.error = next;
  for (Index c = std::max(group.value, group.error) + 1; c < columns && roles.band < 0; ++c) {
    if (like_category(sample.columns[at(c)], behaviour[at(c)])) roles.band = c;
  }
  std::string note = "no header: time is column " + std::to_string(group.time + 1) + ", value is column " + std::to_string(group.value + 1);
  note += group.error < 0 ? ", there is no error" : ", error is column " + std::to_string(group.error + 1);
  if (roles.band >= 0) note += ", band (or kind of row) is column " + std::to_string(roles.band + 1);
  roles.notes.push_back(note);
  roles.groups.push_back(group);
}

}  // namespace orrery::data::detail
