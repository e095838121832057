#include "orrery/data/layout.hpp"

#include "orrery/core/error.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::data;
using Names = std::vector<std::string>;

namespace {
Layout layout_of(std::string_view text) { return find_layout(text, true, "star.csv"); }
std::string complaint(std::string_view text) {
  try {
    (void)layout_of(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no complaint";
}
}  // namespace

TEST_CASE("delimiters are found") {
  CHECK(layout_of("t,y\n1,2\n3,4\n").format == "CSV");
  CHECK(layout_of("t\ty\n1\t2\n3\t4\n").format == "TSV");
  CHECK(layout_of("t;y\n1;2\n3;4\n").format == "semicolon-separated");
  CHECK(layout_of("t|y\n1|2\n3|4\n").format == "bar-separated");
  CHECK(layout_of("  1.0   2.0  3 \n 4.0 5.0  6\n").format == "blank-separated");
  CHECK(layout_of("  1.0   2.0  3 \n 4.0 5.0  6\n").columns == 3);
  CHECK(layout_of("a, b, c\n1, 2, 3\n4, 5, 6\n").format == "CSV");
  CHECK(layout_of("1.0\t 2.0\t 3\n4.0\t 5.0\t 6\n").columns == 3);
  CHECK(layout_of("name,t,y\n\"a,b\",2,3\n\"c,d,e\",2,3\n").columns == 3);  // commas inside quotes do not count
}

TEST_CASE("headers are found in all their places") {
  CHECK(layout_of("t,mag\n1,2\n").names == Names{"t", "mag"});
  CHECK(layout_of("1,2\n3,4\n").names.empty());
  CHECK(layout_of("#MJD Mag Err\n1 2 3\n4 5 6\n").names == Names{"MJD", "Mag", "Err"});
  CHECK(layout_of("# words about it\n# t, mag\n1,2\n3,4\n").names == Names{"t", "mag"});
  CHECK(layout_of("# value_units = M/S\n1 2 3\n4 5 6\n").names.empty());          // three words, but no names
  CHECK(layout_of("# see http://a.b/c\n1 2\n4 5\n").names.empty());
  CHECK(layout_of("jdb vrad svrad\n--- ---- -----\n1 2 3\n4 5 6\n").names == Names{"jdb", "vrad", "svrad"});
  CHECK(layout_of("jdb vrad svrad\n--- ---- -----\n1 2 3\n4 5 6\n").first_line == 3);
  CHECK(layout_of("a b\n1 x 2\n2 y 3\n").names == Names{"", "a", "b"});           // R's row names
  CHECK(layout_of("time flux\nd mJy\n1 2\n3 4\n").units == Names{"d", "mJy"});
  CHECK(layout_of("\xEF\xBB\xBFt,mag\r\n1,2\r\n").names == Names{"t", "mag"});      // byte order mark and CRLF
  CHECK(layout_of("t,mag\r1,2\r3,4\r").names == Names{"t", "mag"});                // lines of an old Mac
  CHECK(layout_of("// t y\n1 2\n2 3\n").names == Names{"t", "y"});
  CHECK(layout_of("\n\nt,y\n1,2\n").first_line == 4);
}

TEST_CASE("titles above the header are passed over, short headers are not") {
  const auto titled = layout_of("My star, observed by me\nwith care\nt,mag,err\n1,2,3\n2,3,4\n3,4,5\n4,5,6\n");
  CHECK(titled.names == Names{"t", "mag", "err"});
  const auto layout = layout_of("My star\nwith care\nt,mag,err\n1,2,3\n2,3,4\n3,4,5\n4,5,6\n5,6,7\n6,7,8\n");
  CHECK(layout.names == Names{"t", "mag", "err"});
  CHECK(layout.first_line == 4);
  CHECK(layout.notes == Names{"2 lines above the header passed over as title"});
  CHECK(layout_of("The light curve of my star\nt mag err\n1 2 3\n2 3 4\n3 4 5\n").names == Names{"t", "mag", "err"});
  CHECK(layout_of("a b\n1 x 2\n2 y 3\n3 z 4\n").names == Names{"", "a", "b"});
}

TEST_CASE("ECSV: names, units and datatypes from the YAML head") {
  const auto layout = layout_of(
      "# %ECSV 1.0\n# ---\n# delimiter: ','\n# datatype:\n# - {name: time, unit: d, datatype: float64}\n"
      "# - name: mag\n#   unit: 'mag(AB)'\n#   datatype: float32\n# - {name: filt, datatype: string, description: 'the name: of it'}\n"
      "# meta: {source: test}\n# schema: astropy-2.0\ntime,mag,filt\n1.0,2.0,g\n");
  CHECK(layout.format == "ECSV");
  CHECK(layout.delimiter == ',');
  CHECK(layout.names == Names{"time", "mag", "filt"});
  CHECK(layout.units == Names{"d", "mag(AB)", ""});
  CHECK(layout.datatypes == Names{"float64", "float32", "string"});
  CHECK(layout.first_line == 13);
  CHECK(complaint("# %ECSV 1.0\n# ---\n# datatype:\n# - {name: a, datatype: int64}\na b\n1 2\n") ==
        "star.csv: line 5: expected the 1 column names that the ECSV head describes, got 2");
}

TEST_CASE("IPAC tables: bars over blank-separated rows") {
  const auto layout = layout_of(
      "\\catalog = test\n\\ a comment\n|   hjd   |  mag  | name |\n| double | double | char |\n|  days  | mag |   |\n| null | null | null |\n"
      "  2450000.5  15.1  a\n  2450001.5  null  b\n");
  CHECK(layout.format == "IPAC table");
  CHECK(layout.names == Names{"hjd", "mag", "name"});
  CHECK(layout.units == Names{"days", "mag", ""});
  CHECK(layout.first_line == 7);
  // Rows between bars, as many databases print them, are no IPAC table.
  CHECK(layout_of("| t | y |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n| 5 | 6 |\n").format == "bar-separated");
}

TEST_CASE("what is no text table gets one clear line") {
  CHECK(complaint("") == "star.csv: the file is empty");
  CHECK(complaint(" \n\n  \n") == "star.csv: the file holds only blanks");
  CHECK(complaint("# only\n# words\n") == "star.csv: expected rows of numbers, got only comments and blank lines");
  CHECK(complaint("t,mag,err\n") == "star.csv: expected rows under the header, got a header only (line 1)");
  CHECK(complaint("# %ECSV 1.0\n# ---\n# datatype:\n# - {name: a, datatype: int64}\na\n") ==
        "star.csv: expected rows under the header, got a header only");
  CHECK(complaint(std::string_view("1,2\n3,\0\n", 8)) == "star.csv: expected a text table, got binary data (a zero byte at offset 6)");
  CHECK(complaint("\x01\x02\x03\x04\x05") == "star.csv: expected a text table, got binary data (many control characters)");
  CHECK(complaint("\x1F\x8B\x08stuff") == "star.csv: expected a text table, got a gzip file: unpack it first (gunzip)");
  CHECK(complaint("\x89PNG\r\n") == "star.csv: expected a text table, got a PNG picture");
  CHECK(complaint("\xFF\xFE" "1") == "star.csv: expected a text table, got UTF-16 text: save it as UTF-8");
}

TEST_CASE("fields: quotes, doubled quotes, blanks, empty ends") {
  std::vector<Field> fields;
  const auto cut = [&](std::string_view line, char delimiter) {
    REQUIRE(split_fields(line, delimiter, fields));
    Names out;
    for (const auto& field : fields) out.push_back(unquoted(field));
    return out;
  };
  CHECK(cut("a,\"b,c\", d ,", ',') == Names{"a", "b,c", "d", ""});
  CHECK(cut("\"say \"\"hi\"\"\",2", ',') == Names{"say \"hi\"", "2"});
  CHECK(cut("  1   \"two words\" 3  ", ' ') == Names{"1", "two words", "3"});
  CHECK(cut("1\t\t3", '\t') == Names{"1", "", "3"});
  CHECK(cut("5'3\",x", ',') == Names{"5'3\"", "x"});  // a quote inside a field is only a character
  CHECK(cut(",", ',') == Names{"", ""});
  CHECK_FALSE(split_fields("1,\"open", ',', fields));
}

TEST_CASE("the sample tells numbers from text") {
  const std::string_view text = "id,t,mag,band\n1237648721216405598,1,15.1,g\n1237650796220383236,2,--,r\n1237650796220383237,3,abc,r\n";
  const auto sample = sample_table(layout_of(text), text, true);
  REQUIRE(sample.columns.size() == 4);
  CHECK(sample.columns[0].kind == Column::Kind::text);  // a double cannot hold such a number
  CHECK(sample.columns[1].kind == Column::Kind::number);
  CHECK(sample.columns[2].kind == Column::Kind::number);
  CHECK(sample.columns[2].missing == 1);
  CHECK(sample.columns[3].kind == Column::Kind::text);
  CHECK(sample.columns[3].words == Names{"g", "r"});
}
