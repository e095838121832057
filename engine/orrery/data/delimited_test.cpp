#include "orrery/data/delimited.hpp"

#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "orrery/data/big_csv_test.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::data;

namespace {
std::string complaint(std::string_view text) {
  try {
    (void)read_table(text, "star.csv");
  } catch (const InputError& error) {
    return error.what();
  }
  return "no complaint";
}
}  // namespace

TEST_CASE("a table with numbers, text and missing values") {
  const Table table = read_table("t,mag,band\n1,15.5,g\n2,,r\n3,nan,\n4,16.5,g\n", "star.csv");
  CHECK(table.rows() == 4);
  CHECK(table.has_header);
  CHECK(table.format == "CSV");
  CHECK(table.columns[1].missing == 2);
  CHECK(std::isnan(table.number("mag")[1]));
  CHECK(table.number("mag")[3] == 16.5);
  CHECK(table.columns[2].text(3) == "g");
  CHECK(table.columns[2].missing == 1);
}

TEST_CASE("messages name file, line and column") {
  CHECK(complaint("t,mag\n1,2\n2,3\n3,abc\n") == "star.csv:4: column 'mag': expected a number, got 'abc'");
  CHECK(complaint("1 2\n2 3\n3 abc\n4 4\n") == "star.csv:3: column 2: expected a number, got 'abc'");
  CHECK(complaint("t,mag\n1,2\n\n# note\n2,3,4\n3,4\n") == "star.csv:5: expected 2 fields (as in the header), got 3");
  CHECK(complaint("1 2 3\n2 3 4\n3 4\n4 5 6\n") == "star.csv:3: expected 3 fields, got 2");
  CHECK(complaint("t,mag\n1,\"2\n2,3\n3,4\n") == "star.csv:2: a quote (\") is opened and never closed");
  CHECK(complaint("t,mag\n1,2\n2,x\x01y\n3,1\n") == "star.csv:3: column 'mag': expected a number, got 'x y'");
  CHECK_THROWS_WITH_AS((void)read_table("t,y\n1,2\n", "star.csv", {.columns = {"flux"}}),
                       "star.csv: there is no column 'flux' among 2 columns", InputError);
}

TEST_CASE("a torn last line is dropped and told") {
  for (const char* text : {"a,b,c\n1,2,3\n4,5,6\n7,8", "a,b,c\n1,2,3\n4,5,6\n7,8\n", "a,b,c\n1,2,3\n4,5,6\n7,8,1e-", "a,b,c\n1,2,3\n4,5,6\n7,8,\"1"}) {
    CAPTURE(text);
    const Table table = read_table(text, "star.csv");
    CHECK(table.rows() == 2);
    for (const auto& column : table.columns) CHECK(column.size() == 2);
    REQUIRE(table.notes.size() == 1);
    CHECK(table.notes[0] == "the last line (4) is torn and was dropped");
  }
  CHECK(read_table("a,b,c\n1,2,3\n4,5,6", "star.csv").rows() == 2);  // only the last end of line is missing
}

TEST_CASE("quoted fields may hold delimiters, quotes and line ends; line numbers stay right") {
  const Table table = read_table("name,t\r\n\"a, \"\"b\"\"\nc\",1\r\nd,2\r\n", "star.csv");
  CHECK(table.rows() == 2);
  CHECK(table.columns[0].text(0) == "a, \"b\"\nc");
  CHECK(complaint("name,t\n\"a\nb\",1\nd,2\ne,x\n") == "star.csv:5: column 't': expected a number, got 'x'");
}

TEST_CASE("property: the answer does not depend on how the bytes are cut") {
  std::string text = "name,t,mag\n";
  for (int i = 0; i < 40; ++i) text += "\"s,\"\"" + std::to_string(i % 7) + "\n\"," + std::to_string(i) + ",1" + std::to_string(i) + ".5e-1\r\n";
  const Table whole = read_table(text, "star.csv");
  REQUIRE(whole.rows() == 40);
  const Layout layout = find_layout(text, true, "star.csv");
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    DelimitedParser parser(layout, "star.csv", {Keep::text, Keep::number, Keep::number});
    for (std::size_t at_byte = layout.data_offset; at_byte < text.size();) {
      const auto piece = std::string_view(text).substr(at_byte, static_cast<std::size_t>(random.index(9)) + 1);
      parser.feed(piece);
      at_byte += piece.size();
    }
    const Table pieces = parser.finish();
    CHECK(pieces.columns[0].words == whole.columns[0].words);
    CHECK(pieces.columns[0].code == whole.columns[0].code);
    CHECK(pieces.columns[1].number == whole.columns[1].number);
    CHECK(pieces.columns[2].number == whole.columns[2].number);
  }
}

TEST_CASE("far-off numbers of nines are missing, unless the caller wants them") {
  const std::string_view text = "z,mag\n0.1,15\n0.2,-9999\n0.3,16\n";
  const Table table = read_table(text, "star.csv");
  CHECK(table.columns[1].missing == 1);
  REQUIRE(table.notes.size() == 1);
  CHECK(table.notes[0] == "column 'mag': 1 value of nines only (such as -99.99) taken as missing");
  CHECK(read_table(text, "star.csv", {.sentinels = false}).number("mag")[1] == -9999.0);
}

TEST_CASE("a line without end is refused before it fills the memory") {
  const std::string_view start = "t,y\n1,2\n";
  DelimitedParser parser(find_layout(start, true, "x"), "x", {Keep::number, Keep::number});
  parser.feed("1,2\n");
  const std::string much(1 << 18, '7');
  CHECK_THROWS_WITH_AS(
      {
        for (int i = 0; i < 8; ++i) parser.feed(much);
      },
      "x:3: a line (or a quoted field) is longer than 1 MiB: is this a table?", InputError);
}

// ORRERY_CSV_MB=1000 test_data -tc="*streamed*" is the same with a file of 1 GB.
TEST_CASE("a file is streamed: memory is that of the kept columns, progress runs, stopping stops") {
  const BigCsv file;
  double last = 0.0;
  const auto progress = [&](double fraction, std::string_view words) {
    CHECK(fraction >= last);
    CHECK(words == "reading");
    last = fraction;
    return true;
  };
  const PeakMemory memory;
  const double start = clock_ms();
  const Table table = read_table_file(file.path, {.columns = {"time", "mag"}}, progress);
  const double seconds = (clock_ms() - start) / 1000.0;
  const double columns = 16.0 * static_cast<double>(file.rows) / 1e6;
  MESSAGE(file.megabytes, " MB, ", file.rows, " rows: ", seconds, " s, ", file.megabytes / seconds, " MB/s; peak memory +", memory.megabytes(),
          " MB, the two columns are ", columns, " MB");
  CHECK(table.rows() == file.rows);
  CHECK(close(table.number("time").back(), BigCsv::time_of(file.rows - 1), {.rtol = 1e-11}));  // 12 digits were written
  // Two columns, 2 % of reserve for an uneven file, a piece of 1 MiB, a sample of 2000 rows: far below the file.
  CHECK(memory.megabytes() < 1.1 * columns + 8.0);
  CHECK_THROWS_WITH_AS((void)read_table_file(file.path, {}, [](double, std::string_view) { return false; }),
                       doctest::Contains("reading was stopped at"), InputError);
}

TEST_CASE("files that cannot be read") {
  CHECK_THROWS_WITH_AS((void)read_table_file("/nowhere/x.csv"), "/nowhere/x.csv: cannot be opened: No such file or directory", InputError);
  CHECK_THROWS_AS((void)read_table_file("/tmp"), InputError);
}

TEST_CASE("the SDSS stars of the shared data: every row, identifiers as text") {
  ORRERY_NEED_DATA(path, "sdss/star1000.csv");
  const Table table = read_table_file(path);
  CHECK(table.rows() == 742);  // the shared data's own count
  CHECK(table.columns[0].text(0) == "1237648721216405598");
  CHECK(table.number("dered_u")[0] == 18.86762);
  CHECK(table.columns[at(table.find("class"))].words == std::vector<std::string>{"STAR"});
}
