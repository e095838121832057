#include "orrery/data/table.hpp"

#include <cmath>

#include "orrery/core/error.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::data;

namespace {
Table two_columns() {
  Table table;
  table.name = "star.csv";
  table.columns.push_back({.name = "time", .number = {1.0, 2.0}});
  table.columns.push_back({.name = "Band", .kind = Column::Kind::text, .code = {0, 1}, .words = {"g", "r"}});
  return table;
}
}  // namespace

TEST_CASE("a column is found by its name in any case or by its number") {
  const Table table = two_columns();
  CHECK(table.rows() == 2);
  CHECK(table.find("time") == 0);
  CHECK(table.find("BAND") == 1);
  CHECK(table.find("2") == 1);
  CHECK(table.find("3") == -1);
  CHECK(table.find("0") == -1);
  CHECK(table.find("1.5") == -1);
  CHECK(table.find("flux") == -1);
  CHECK(table.columns[1].text(1) == "r");
  CHECK(table.number("time")[1] == 2.0);
  CHECK_THROWS_WITH_AS((void)table.number("flux"), "star.csv: there is no column 'flux'", InputError);
  CHECK_THROWS_WITH_AS((void)table.number("band"), "star.csv: expected numbers, got text in column 'band'", InputError);
}

TEST_CASE("sentinels are marked only where they lie far from all else") {
  std::vector<double> magnitudes = {15.1, 16.2, -99.99, 17.0, 99.999, 15.5};
  CHECK(mark_sentinels(magnitudes) == 2);
  CHECK(std::isnan(magnitudes[2]));
  CHECK(std::isnan(magnitudes[4]));
  CHECK(magnitudes[0] == 15.1);

  std::vector<double> velocities = {-180.0, -99.9, 20.0, 150.0, 99.99};  // m/s: all of these can be true
  CHECK(mark_sentinels(velocities) == 0);

  std::vector<double> flux = {9000.0, 9990.0, 9999.0, 9500.0};
  CHECK(mark_sentinels(flux) == 0);

  std::vector<double> errors = {0.03, 0.02, 9.999, 0.05};
  CHECK(mark_sentinels(errors, true) == 1);
  std::vector<double> same = {0.03, 0.02, 9.999, 0.05};
  CHECK(mark_sentinels(same, false) == 0);

  std::vector<double> nothing_else = {-99.99, -99.99};
  CHECK(mark_sentinels(nothing_else) == 2);
  std::vector<double> counts = {99.0, 99.0};
  CHECK(mark_sentinels(counts) == 0);
  std::vector<double> empty;
  CHECK(mark_sentinels(empty) == 0);
}
