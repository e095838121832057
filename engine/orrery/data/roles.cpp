#include "orrery/data/roles.hpp"

#include <algorithm>
#include <map>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/data/number.hpp"
#include "orrery/data/roles_detail.hpp"

namespace orrery::data {
namespace {

using detail::Behaviour;
using Role = NameMeaning::Role;

struct Finder {
  const Table& sample;
  const RoleOptions& options;
  std::string name;
  std::vector<Behaviour> behaviour;
  std::vector<NameMeaning> meaning;
  Roles roles;

  [[nodiscard]] Index columns() const { return ssize(sample.columns); }

  [[nodiscard]] std::string all_names() const {
    std::string out;
    for (Index c = 0; c < std::min<Index>(columns(), 24); ++c) {
      const auto& column = sample.columns[at(c)].name;
      if (c > 0) out += ", ";
      out += column.empty() ? std::to_string(c + 1) : column;
    }
    return out + (columns() > 24 ? ", ..." : "");
  }

  // The column an option names, -1 when it says none. Stops when there is no such column.
  [[nodiscard]] Index chosen(const std::string& wanted, const char* option) const {
    if (wanted == "none" && sample.find(wanted) < 0) return -1;
    const Index c = sample.find(wanted);
    if (c < 0) fail(ErrorKind::input, name, std::string("option ") + option + ": there is no column '" + one_line(wanted, 40) + "' among " + all_names());
    return c;
  }

  [[nodiscard]] Index named(Role role) const {
    Index best = -1;
    for (Index c = 0; c < columns(); ++c) {
      if (meaning[at(c)].role == role && (best < 0 || meaning[at(c)].rank < meaning[at(best)].rank)) best = c;
    }
    return best;
  }

  [[nodiscard]] Index time_by_name() const {
    Index time = named(Role::time);
    // Among equals a column of numbers is better than one of dates in words.
    if (time >= 0 && sample.columns[at(time)].kind == Column::Kind::text) {
      for (Index c = 0; c < columns(); ++c) {
        if (meaning[at(c)].role == Role::time && behaviour[at(c)].number) return c;
      }
    }
    if (time >= 0) return time;
    std::string hint;
    for (Index c = 0; c < columns(); ++c) {
      if (behaviour[at(c)].like_jd() || behaviour[at(c)].like_mjd()) {
        hint.append("; ").append(detail::column_label(sample, c)).append(" holds numbers like Julian dates");
        break;
      }
    }
    fail(ErrorKind::input, name, "no time column among " + all_names() + hint + ": say which it is (option time, by name or number)");
  }

  // Two or more bands side by side: mag_g, err_g, mag_r, err_r with one time or one a band.
  [[nodiscard]] std::vector<BandColumns> wide_groups(Index time) const {
    std::map<std::string, BandColumns> by_band;
    std::vector<std::string> order;
    for (Index c = 0; c < columns(); ++c) {
      const auto& m = meaning[at(c)];
      if (m.role != Role::value || c == time) continue;
      if (m.band.empty()) return {};  // a plain value column wins
      auto [entry, fresh] = by_band.try_emplace(m.band, BandColumns{.band = m.band, .time = time, .value = c});
      if (fresh) order.push_back(m.band);
      if (!fresh && m.rank < meaning[at(entry->second.value)].rank) entry->second.value = c;
    }
    if (by_band.size() < 2) return {};
    std::vector<BandColumns> groups;
    for (const auto& band : order) {
      BandColumns group = by_band[band];
      for (Index c = 0; c < columns(); ++c) {
        const auto& m = meaning[at(c)];
        if (m.band != band) continue;
        if (m.role == Role::time) group.time = c;
        if (m.role == Role::error && group.error < 0) group.error = c;
      }
      groups.push_back(group);
    }
    return groups;
  }

  [[nodiscard]] Index value_by_name(Index time) const {
    Index best = -1;
    int best_rank = 0;
    for (Index c = 0; c < columns(); ++c) {
      const auto& m = meaning[at(c)];
      if (c == time || m.role != Role::value) continue;
      const int rank = m.rank + (behaviour[at(c)].number ? 0 : 100);  // a column without any number comes last
      if (best < 0 || rank < best_rank) {
        best = c;
        best_rank = rank;
      }
    }
    if (best >= 0) return best;
    std::vector<Index> left;  // exactly one column of numbers without a part: that is it
    for (Index c = 0; c < columns(); ++c) {
      const bool is_index = behaviour[at(c)].index || sample.columns[at(c)].name.empty();
      if (c != time && meaning[at(c)].role == Role::none && behaviour[at(c)].number && !is_index) left.push_back(c);
    }
    if (left.size() == 1) return left.front();
    fail(ErrorKind::input, name, "no value column among " + all_names() + ": say which it is (option value, by name or number)");
  }

  [[nodiscard]] bool plain_error(Index c) const { return meaning[at(c)].keyword.empty() && meaning[at(c)].band.empty(); }

  [[nodiscard]] Index error_of(Index value) const {
    const auto& v = meaning[at(value)];
    Index generic = -1;
    Index errors = 0;
    for (Index c = 0; c < columns(); ++c) {
      const auto& m = meaning[at(c)];
      if (m.role != Role::error || c == value) continue;
      if (!v.keyword.empty() && m.keyword == v.keyword && m.band == v.band) return c;
      ++errors;
      const bool plainer = generic >= 0 && !plain_error(generic) && plain_error(c);
      if (generic < 0 || plainer) generic = c;
    }
    if (generic < 0) return -1;
    return plain_error(generic) || errors == 1 ? generic : -1;
  }

  void by_name() {
    const Index time = options.time ? chosen(*options.time, "time") : time_by_name();
    if (time < 0) fail(ErrorKind::input, name, "option time: a series needs a time column");
    roles.quality = named(Role::quality);
    if (!options.value) roles.groups = wide_groups(time);
    if (roles.groups.empty()) {
      BandColumns group{.band = "", .time = time};
      group.value = options.value ? chosen(*options.value, "value") : value_by_name(time);
      if (group.value < 0) fail(ErrorKind::input, name, "option value: a series needs a value column");
      group.band = meaning[at(group.value)].band;
      if (!options.error) group.error = error_of(group.value);
      if (group.error == group.time) group.error = -1;
      roles.groups.push_back(group);
      if (!options.band) roles.band = named(Role::band);
    }
    note_names();
  }

  void note_names() {
    if (roles.groups.size() > 1) {
      std::string bands;
      for (const auto& group : roles.groups) bands.append(" ").append(group.band);
      roles.notes.push_back("bands side by side:" + bands);
    }
    if (roles.band >= 0 && meaning[at(roles.band)].rank == 2) {
      roles.notes.push_back(detail::column_label(sample, roles.band) + " names instruments: each is read as a band");
    }
    const auto& value = roles.groups.front();
    Index values = 0;
    for (Index c = 0; c < columns(); ++c) values += meaning[at(c)].role == Role::value && c != value.time ? 1 : 0;
    if (roles.groups.size() == 1 && values > 1 && !options.value) {
      roles.notes.push_back("of " + plural(values, "value column") + " " + detail::column_label(sample, value.value) + " was taken (option value)");
    }
  }

  void without_names() {
    if (!options.time && !options.value) {
      detail::roles_by_behaviour(roles, sample, behaviour, name);
    } else {
      BandColumns group;
      if (options.time) {
        group.time = chosen(*options.time, "time");
      } else {
        detail::roles_by_behaviour(roles, sample, behaviour, name);
        group.time = roles.groups.front().time;
        roles = {};
      }
      if (group.time < 0) fail(ErrorKind::input, name, "option time: a series needs a time column");
      group.value = options.value ? chosen(*options.value, "value") : next_number(group.time);
      if (group.value < 0) fail(ErrorKind::input, name, "option value: no column of numbers is left for the values");
      const Index next = group.value + 1;
      const bool there = next < columns() && next != group.time;
      if (there && detail::like_errors(behaviour[at(next)], behaviour[at(group.value)])) group.error = next;
      roles.groups = {group};
    }
  }

  [[nodiscard]] Index next_number(Index time) const {
    for (Index step = 1; step < columns(); ++step) {
      const Index c = (time + step) % columns();
      if (behaviour[at(c)].number && !behaviour[at(c)].constant) return c;
    }
    return -1;
  }

  void take_options() {
    if (options.error) {
      const Index c = chosen(*options.error, "error");
      for (auto& group : roles.groups) group.error = roles.groups.size() == 1 || c < 0 ? c : group.error;
    }
    if (options.band) roles.band = chosen(*options.band, "band");
    if (options.time) {
      for (auto& group : roles.groups) group.time = chosen(*options.time, "time");
    }
  }

  void refuse_same(Index a, Index b, const std::string& first, const std::string& second) const {
    if (a < 0 || a != b) return;
    const std::string label = detail::column_label(sample, a);
    fail(ErrorKind::input, name, first + " and " + second + " are the same " + label + ": choose another (options " + first + ", " + second + ")");
  }

  // A column plays one role. Where two fall on one column, what the user named goes before what was found, and the needed before
  // the useful.
  void part_roles() {
    const bool named_band = options.band.has_value();
    for (auto& group : roles.groups) {
      refuse_same(group.time, group.value, "time", "value");
      if (options.error) {
        refuse_same(group.time, group.error, "time", "error");
        refuse_same(group.value, group.error, "value", "error");
      }
      if (named_band) {
        refuse_same(group.time, roles.band, "time", "band");
        refuse_same(group.value, roles.band, "value", "band");
        if (options.error) refuse_same(group.error, roles.band, "error", "band");
      }
      if (group.error == group.time || group.error == group.value || (named_band && group.error == roles.band)) group.error = -1;
      if (roles.band == group.time || roles.band == group.value || roles.band == group.error) roles.band = -1;
      if (roles.quality == group.time || roles.quality == group.value || roles.quality == group.error) roles.quality = -1;
    }
    if (roles.band < 0 || roles.band != roles.quality) return;
    if (named_band) {
      roles.quality = -1;
    } else {
      roles.band = -1;
    }
  }

  // Are the times written as dates: words like 2018-10-07, or whole numbers like 19580329 under a name like "date"?
  void find_dates() {
    const Index time = roles.groups.front().time;
    const Column& column = sample.columns[at(time)];
    Index dates = 0;
    Index seen = 0;
    double mjd = 0.0;
    if (column.kind == Column::Kind::text) {
      for (const auto& word : column.words) {
        if (is_missing_word(word)) continue;
        ++seen;
        dates += parse_date(word, mjd) ? 1 : 0;
      }
    } else if (meaning[at(time)].rank >= 4 && behaviour[at(time)].whole && behaviour[at(time)].low >= 1e7) {
      for (const double v : column.number) {
        if (!(v < 1e8)) continue;
        ++seen;
        dates += parse_date(std::to_string(static_cast<long long>(v)), mjd) ? 1 : 0;
      }
    }
    roles.dates = seen > 0 && 2 * dates > seen;
    if (column.kind == Column::Kind::text && !roles.dates) {
      const std::string word = column.words.empty() ? std::string() : one_line(column.words.front(), 40);
      fail(ErrorKind::input, name, "expected times in " + detail::column_label(sample, time) + ", got text ('" + word + "'): say which column holds the times (option time, by name or number)");
    }
  }

  [[nodiscard]] Roles find() {
    if (columns() < 2) {
      fail(ErrorKind::input, name, "expected at least a time and a value column, got " + plural(columns(), "column"));
    }
    for (const auto& column : sample.columns) {
      behaviour.push_back(detail::behaviour_of(column));
      meaning.push_back(sample.has_header ? meaning_of_name(column.name) : NameMeaning{});
    }
    if (sample.has_header) {
      by_name();
    } else {
      without_names();
    }
    take_options();
    part_roles();
    find_dates();
    detail::set_labels(roles, sample, behaviour, name, options);
    return std::move(roles);
  }
};

}  // namespace

Roles find_roles(const Table& sample, std::string_view name, const RoleOptions& options) {
  Finder finder{.sample = sample, .options = options, .name = std::string(name)};
  return finder.find();
}

}  // namespace orrery::data
