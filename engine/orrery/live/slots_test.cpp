#include "orrery/live/slots.hpp"

#include "orrery/core/error.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::live;

TEST_CASE("a slot's version changes with its content, and an empty slot says so") {
  Slots slots;
  CHECK_FALSE(slots.has("series"));
  CHECK(slots.version("series") == 0);
  CHECK_THROWS_AS((void)slots.at("series"), InputError);
  slots.put("series", {.series = {.t = {1}, .y = {2}}});
  const auto first = slots.version("series");
  slots.put("series", {.series = {.t = {1, 2}, .y = {2, 3}}});
  CHECK(slots.version("series") != first);
  CHECK(slot_rows(slots.at("series")) == 2);
}

TEST_CASE("a table comes back from its CSV, cells with commas and quotes too") {
  SlotContent content;
  content.table.columns.push_back({.name = "g, r", .number = {1.5, std::nan("")}});
  content.table.columns.push_back({.name = "class", .kind = data::Column::Kind::text, .code = {0, 1}, .words = {"a\"b", "c"}});
  const std::string csv = slot_csv(content);
  CHECK(csv == "\"g, r\",class\n1.5,\"a\"\"b\"\n,c\n");
  const auto back = data::read_table(csv, "again.csv");
  REQUIRE(back.columns.size() == 2);
  CHECK(back.columns[0].name == "g, r");
  CHECK(back.columns[0].number[0] == 1.5);
  CHECK(back.columns[0].missing == 1);
  CHECK(back.columns[1].text(0) == "a\"b");
}
