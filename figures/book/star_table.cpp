#include "star_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "orrery/core/random.hpp"

namespace orrery::figures::book {
namespace {

constexpr std::array<std::string_view, 5> kBands = {"u", "g", "r", "i", "z"};
constexpr std::array<std::string_view, 5> kPrefixes = {"dered_", "mag_", "psfMag_", "modelMag_", ""};
constexpr std::array<double, 5> kExtinction = {5.155, 3.793, 2.751, 2.086, 1.479};  // A / E(B-V) in u, g, r, i, z

std::string joined(std::string_view prefix, std::string_view band) { return std::string(prefix) + std::string(band); }

bool is_number(const data::Table& table, const std::string& name) {
  const Index c = table.find(name);
  return c >= 0 && table.columns[at(c)].name == name && table.columns[at(c)].kind == data::Column::Kind::number;
}

/// g and r are there under this prefix.
bool has_prefix(const data::Table& table, std::string_view prefix) {
  return is_number(table, joined(prefix, "g")) && is_number(table, joined(prefix, "r"));
}

/// Prefix of the magnitudes to use; false when there are none.
bool find_prefix(const data::Table& table, bool corrected, std::string_view& prefix) {
  for (const bool dereddened : {corrected, !corrected}) {
    for (const auto candidate : kPrefixes) {
      if ((candidate == "dered_") != dereddened || !has_prefix(table, candidate)) continue;
      prefix = candidate;
      return true;
    }
  }
  return false;
}

void add_bands(const data::Table& table, std::string_view prefix, std::vector<Quantity>& out) {
  const auto there = [&](std::string_view band) { return is_number(table, joined(prefix, band)); };
  const auto color = [&](std::string_view a, std::string_view b) {
    if (there(a) && there(b)) {
      out.push_back({.name = joined(a, "-") + std::string(b), .column = joined(prefix, a), .minus = joined(prefix, b), .color = true});
    }
  };
  color("g", "r");
  color("u", "g");
  color("r", "i");
  color("i", "z");
  color("g", "i");
  for (const auto band : {"r", "u", "g", "i", "z"}) {
    if (there(band)) out.push_back({.name = band, .column = joined(prefix, band), .magnitude = true});
  }
}

/// g-r and r of one made-up star.
struct Star {
  double color, r;
};
Star draw_star(Random& random) {
  const double kind = random.uniform();
  // Numbers rise as 10^(slope r) between 14 and 21.5.
  const auto magnitude = [&](double slope) {
    const double k = slope * std::log(10.0);
    return 21.5 + std::log(random.uniform() * (1.0 - std::exp(-7.5 * k)) + std::exp(-7.5 * k)) / k;
  };
  if (kind < 0.33) {  // halo: a sharp blue edge and a tail of subdwarfs
    const double tail = -0.16 * std::log(random.uniform());
    return {0.24 + std::min(tail, 0.9) + 0.04 * random.normal(), magnitude(0.22)};
  }
  if (kind < 0.58) return {0.35 + 0.85 * random.uniform(), magnitude(0.10)};
  return {1.40 + 0.07 * random.normal(), magnitude(0.20)};
}

/// The other colours along the locus: u-g, r-i, i-z for a given g-r.
std::array<double, 3> locus(double gr, Random& random) {
  const double red = std::max(0.0, gr - 1.30);
  const double dwarf = gr > 1.25 ? 0.55 * std::fabs(random.normal()) : 0.0;  // M dwarfs: g-r stands still while r-i goes on
  const double ri = 0.02 + 0.36 * gr + 1.5 * red * red + dwarf;
  const double ug = 0.75 + 1.55 * std::max(0.0, gr - 0.2) - 0.25 * std::pow(std::max(0.0, gr - 0.2), 2);
  return {ug + 0.03 * random.normal(), ri + 0.03 * random.normal(), 0.55 * ri - 0.02 + 0.03 * random.normal()};
}

}  // namespace

bool has_both_magnitudes(const data::Table& table) {
  bool observed = false;
  for (const auto prefix : kPrefixes) observed = observed || (prefix != "dered_" && has_prefix(table, prefix));
  return observed && has_prefix(table, "dered_");
}

std::vector<Quantity> quantities_of(const data::Table& table, bool corrected) {
  std::vector<Quantity> result;
  std::string_view prefix;
  if (find_prefix(table, corrected, prefix)) add_bands(table, prefix, result);
  for (const auto& column : table.columns) {
    if (column.kind != data::Column::Kind::number) continue;
    const auto same = [&](const Quantity& q) { return q.name == column.name || q.column == column.name; };
    const bool taken = std::any_of(result.begin(), result.end(), same);
    const bool magnitude = column.unit == "mag" || column.name.starts_with("mag") || column.name.starts_with("dered_");
    if (!taken) result.push_back({.name = column.name, .column = column.name, .magnitude = magnitude});
  }
  return result;
}

std::vector<double> values_of(const data::Table& table, const Quantity& quantity) {
  std::vector<double> values = table.number(quantity.column);
  if (quantity.minus.empty()) return values;
  const auto& other = table.number(quantity.minus);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] -= other[i];
  return values;
}

data::Table synthetic_stars(Index n, std::uint64_t seed) {
  data::Table table{.name = "synthetic population", .format = "synthetic"};
  for (const std::string_view prefix : {"dered_", "mag_"}) {
    for (const auto band : kBands) {
      table.columns.push_back({.name = joined(prefix, band), .unit = "mag", .number = std::vector<double>(at(n))});
    }
  }
  Random random(seed, 7);
  for (Index row = 0; row < n; ++row) {
    const Star star = draw_star(random);
    const auto [ug, ri, iz] = locus(star.color, random);
    const std::array<double, 5> truth = {star.r + star.color + ug, star.r + star.color, star.r, star.r - ri, star.r - ri - iz};
    const double reddening = random.uniform(0.02, 0.06);
    for (std::size_t b = 0; b < 5; ++b) {
      const double error = 0.015 + 0.03 * std::pow(10.0, 0.4 * (truth[b] - 20.5));
      const double value = truth[b] + std::min(error, 0.5) * random.normal();
      table.columns[b].number[at(row)] = value;
      table.columns[5 + b].number[at(row)] = value + kExtinction[b] * reddening;
    }
  }
  return table;
}

}  // namespace orrery::figures::book
