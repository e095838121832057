// Quantity, labels and units of a series: from the header, the comments, the name of the file and, last, the values.
#include <algorithm>
#include <cmath>

#include "orrery/data/roles_detail.hpp"

namespace orrery::data::detail {
namespace {

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return out;
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

bool ends(std::string_view text, std::string_view tail) {
  return text.size() >= tail.size() && text.substr(text.size() - tail.size()) == tail;
}

std::string bracket_unit(std::string_view name) {
  const auto open = name.find_first_of("([");
  const auto close = name.find_last_of(")]");
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {};
  return std::string(name.substr(open + 1, close - open - 1));
}

// Our own spelling of the units that matter here.
std::string plain_unit(const std::string& unit) {
  const std::string small = lowered(unit);
  if (small == "m/s" || small == "m s-1" || small == "m.s-1" || small == "m s^-1" || small == "ms-1") return "m/s";
  if (small == "km/s" || small == "km s-1" || small == "km.s-1" || small == "km s^-1" || small == "kms-1") return "km/s";
  if (small == "mag" || small == "mags" || small == "magnitude" || small.rfind("mag(", 0) == 0) return "mag";
  return unit;
}

std::string unit_in_comments(const Table& sample) {
  for (const auto& line : sample.comments) {
    const auto equals = line.find('=');
    if (equals == std::string::npos || !has(lowered(line.substr(0, equals)), "value_units")) continue;
    const auto from = line.find_first_not_of(' ', equals + 1);
    return from == std::string::npos ? "" : plain_unit(line.substr(from));
  }
  return {};
}

std::string column_unit(const Table& sample, Index column) {
  const Column& c = sample.columns[at(column)];
  return plain_unit(!c.unit.empty() ? c.unit : bracket_unit(c.name));
}

bool comment_word(const Table& sample, std::string_view word) {
  for (const auto& line : sample.comments) {
    for (auto from = line.find(word); from != std::string::npos; from = line.find(word, from + 1)) {
      const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
      const auto end = from + word.size();
      if ((from == 0 || !is_word(line[from - 1])) && (end >= line.size() || !is_word(line[end]))) return true;
    }
  }
  return false;
}

Quantity guess_quantity(Roles& roles, const Table& sample, const Behaviour& value, std::string_view file, const std::string& unit) {
  if (unit == "m/s" || unit == "km/s") return Quantity::velocity;
  if (unit == "mag") return Quantity::magnitude;
  const std::string small = lowered(file);
  if (ends(small, ".rv") || ends(small, ".vels") || small.rfind("rvs_", 0) == 0 || has(small, "_rv") || comment_word(sample, "RV")) {
    roles.notes.push_back("taken as velocities, from the name of the file or its comments");
    return Quantity::velocity;
  }
  if (ends(small, ".mjd") || has(small, "ogle") || has(small, "macho")) return Quantity::magnitude;
  if (has(small, "kplr") || has(small, "kepler") || has(small, "epic") || has(small, "ktwo") || has(small, "tess")) return Quantity::flux;
  if (value.low > 10.0 && value.high < 25.0 && value.high - value.low < 10.0) {
    roles.notes.push_back("values between 10 and 25 are taken as magnitudes; say the quantity if they are not");
    return Quantity::magnitude;
  }
  if (std::fabs(value.median - 1.0) < 0.2 && value.width < 0.2 && value.low > 0.0) return Quantity::flux;
  if (value.low > 100.0 && value.median > 10.0 * value.width) return Quantity::flux;
  return Quantity::other;
}

std::string time_label_of(const Table& sample, Index column, const Behaviour& time, std::string_view file) {
  const std::string& name = sample.columns[at(column)].name;
  const std::string small = lowered(file);
  const std::string bare = name.substr(0, name.find_first_of("([{"));
  const bool generic = bare.empty() || lowered(bare) == "time" || lowered(bare) == "date" || lowered(bare) == "t" || lowered(bare) == "x" || lowered(bare) == "times";
  const bool kepler = has(small, "kplr") || has(small, "kepler") || has(small, "epic") || has(small, "ktwo");
  if (generic) {
    if (time.like_jd()) return "JD";
    if (time.like_mjd()) return ends(small, ".mjd") ? "MJD" : "MJD or JD - 2400000";
    if (kepler && time.low > 50.0 && time.high < 6000.0) return "BJD - 2454833";
    if (has(small, "ogle") && time.low > 0.0 && time.high < 15000.0) return "HJD - 2450000";
    return "time";
  }
  std::string label = bare.substr(0, bare.find_last_not_of(" _\t") + 1);
  const std::string word = lowered(label);
  if (word.size() <= 4 && (ends(word, "jd") || word == "jdb")) {
    for (char& c : label) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
  }
  return label;
}

void set_time(Roles& roles, const Table& sample, const std::vector<Behaviour>& behaviour, std::string_view file) {
  const Index column = roles.groups.front().time;
  const Behaviour& time = behaviour[at(column)];
  const std::string name = lowered(sample.columns[at(column)].name);
  if (roles.dates) {
    roles.time_label = "MJD";
    roles.notes.push_back("calendar dates are read as MJD");
    return;
  }
  if (roles.time_label == "time") roles.time_label = time_label_of(sample, column, time, file);
  const std::string unit = lowered(column_unit(sample, column));
  if (unit == "yr" || unit == "year" || unit == "years" || name == "year" || name == "yr" || name == "years") {
    roles.time_unit = "year";
  } else if (unit == "s" || unit == "sec" || unit == "seconds") {
    roles.time_unit = "s";
  } else if (unit == "h" || unit == "hr" || unit == "hours" || unit == "hour") {
    roles.time_unit = "hour";
  }
}

// The values of one band or kind of row: several of them together scatter for other reasons.
Behaviour first_band(const Roles& roles, const Table& sample, const Behaviour& all) {
  const Column& values = sample.columns[at(roles.groups.front().value)];
  if (roles.band < 0 || values.kind != Column::Kind::number || values.number.empty()) return all;
  const Column& band = sample.columns[at(roles.band)];
  Column one;
  for (std::size_t i = 0; i < values.number.size(); ++i) {
    const bool same = band.kind == Column::Kind::text ? band.code[i] == band.code[0] : band.number[i] == band.number[0];
    if (same) one.number.push_back(values.number[i]);
  }
  return behaviour_of(one);
}

// The band in names like lc_1.3444.614.R.mjd and mcg08_g.txt; "" when there is none.
std::string band_in_name(std::string_view file) {
  const auto dot = file.find_last_of('.');
  if (dot == std::string_view::npos || dot < 2) return {};
  const std::string_view one = file.substr(dot - 1, 1);
  const char before = file[dot - 2];
  return (before == '.' || before == '_') && std::string_view("ugrizUBVRIJHKG").find(one) != std::string_view::npos ? std::string(one) : "";
}

void set_velocity_unit(Roles& roles, const Behaviour& value) {
  if (!roles.y_unit.empty()) return;
  // Peak-to-peak over many sigma: planets and pulsations move stars by m/s, whose numbers in km/s would scatter by less than 0.5.
  roles.y_unit = value.width >= 0.5 ? "m/s" : "km/s";
  roles.notes.push_back("the file does not state the unit of the velocities; from their scatter they are taken as " + roles.y_unit);
}

}  // namespace

void set_labels(Roles& roles, const Table& sample, const std::vector<Behaviour>& behaviour, std::string_view name,
                const RoleOptions& options) {
  BandColumns& group = roles.groups.front();
  const Behaviour& value = behaviour[at(group.value)];
  set_time(roles, sample, behaviour, name);
  std::string unit = column_unit(sample, group.value);
  if (unit.empty()) unit = unit_in_comments(sample);
  const auto meaning = meaning_of_name(sample.columns[at(group.value)].name);
  if (options.quantity) {
    roles.quantity = *options.quantity;
  } else if (roles.quantity == Quantity::other) {
    roles.quantity = meaning.role == NameMeaning::Role::value && meaning.quantity != Quantity::other
                         ? meaning.quantity
                         : sample.has_header && unit.empty() ? Quantity::other
                                                             : guess_quantity(roles, sample, value, name, unit);
  }
  roles.y_unit = unit;
  const std::string& column = sample.columns[at(group.value)].name;
  switch (roles.quantity) {
    case Quantity::magnitude:
      roles.y_label = "magnitude";
      if (roles.y_unit.empty()) roles.y_unit = "mag";
      break;
    case Quantity::flux: roles.y_label = "flux"; break;
    case Quantity::velocity:
      roles.y_label = "radial velocity";
      set_velocity_unit(roles, first_band(roles, sample, value));
      break;
    case Quantity::other: roles.y_label = column.empty() || lowered(column) == "y" ? "value" : column.substr(0, column.find_first_of("([{")); break;
  }
  const bool photometry = roles.quantity == Quantity::magnitude || roles.quantity == Quantity::flux;
  if (roles.groups.size() > 1 || roles.band >= 0) return;
  if (photometry && group.band.empty()) group.band = band_in_name(name);
  if (is_photometric_band(group.band)) roles.y_label = group.band + " " + roles.y_label;
}

}  // namespace orrery::data::detail
