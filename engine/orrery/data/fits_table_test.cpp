#include "orrery/data/fits_table.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::data;

namespace {

// A FITS file made by hand from the standard: cards of 80 bytes, blocks of 2880, big-endian numbers. No library is asked.
struct FitsMaker {
  std::string bytes;

  void card(const std::string& text) {
    bytes += text;
    bytes.append(80 - text.size(), ' ');
  }
  void key(const std::string& name, const std::string& value) {
    std::string line = name;
    line.append(8 - name.size(), ' ');
    card(line + "= " + (value.front() == '\'' ? value : std::string(20 - value.size(), ' ') + value));
  }
  void end() {
    card("END");
    fill(' ');
  }
  void fill(char with) { bytes.append((2880 - bytes.size() % 2880) % 2880, with); }
  void primary(const std::string& object = "") {
    key("SIMPLE", "T");
    key("BITPIX", "8");
    key("NAXIS", "0");
    if (!object.empty()) key("OBJECT", "'" + object + "'");
    end();
  }
  void table(const std::string& width, const std::string& rows, const std::vector<std::pair<std::string, std::string>>& columns,
             const std::vector<std::pair<std::string, std::string>>& more = {}) {
    key("XTENSION", "'BINTABLE'");
    key("BITPIX", "8");
    key("NAXIS", "2");
    key("NAXIS1", width);
    key("NAXIS2", rows);
    key("PCOUNT", "0");
    key("GCOUNT", "1");
    key("TFIELDS", std::to_string(columns.size()));
    for (std::size_t i = 0; i < columns.size(); ++i) {
      key("TTYPE" + std::to_string(i + 1), "'" + columns[i].first + "'");
      key("TFORM" + std::to_string(i + 1), "'" + columns[i].second + "'");
    }
    for (const auto& [name, value] : more) key(name, value);
    end();
  }
  template <class T>
  void number(T value) {
    char raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof value);
    static_assert(std::endian::native == std::endian::little);
    for (std::size_t i = sizeof(T); i > 0; --i) bytes.push_back(raw[i - 1]);
  }
};

// A light curve in Kepler's layout: 6 rows, one without flux, one flagged, one without time.
std::string kepler_like(bool with_pdcsap = true) {
  FitsMaker fits;
  fits.primary("KIC 1");
  fits.table("32", "6", {{"TIME", "D"}, {"TIMECORR", "E"}, {"SAP_FLUX", "E"}, {"SAP_FLUX_ERR", "E"}, {"PDCSAP_FLUX", "E"}, {"PDCSAP_FLUX_ERR", "E"},
              {"SAP_QUALITY", "J"}},
             {{"BJDREFI", "2454833"}, {"BJDREFF", "0.0"}, {"TUNIT5", "'e-/s'"}, {"TUNIT1", "'BJD - 2454833'"}});
  for (int i = 0; i < 6; ++i) {
    fits.number(i == 3 ? NAN : 100.0 + 0.02 * i);
    fits.number(0.001f);
    fits.number(1000.0f + static_cast<float>(i));
    fits.number(2.0f);
    fits.number(i == 1 || !with_pdcsap ? NAN : 2000.0f + static_cast<float>(i));
    fits.number(with_pdcsap ? 1.0f : NAN);
    fits.number(std::int32_t{i == 2 ? 128 : 0});
  }
  fits.fill('\0');
  return fits.bytes;
}

std::string complaint(std::string_view bytes) {
  try {
    (void)read_fits_series(bytes, "lc.fits");
  } catch (const InputError& error) {
    return error.what();
  }
  return "no complaint";
}

std::string whole_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("Kepler's layout: PDCSAP, flags, labels") {
  const std::string bytes = kepler_like();
  const auto [series, report] = read_series(bytes, "kplr1.fits");  // found by its first bytes
  CHECK(series.t == std::vector<double>{100.0, 100.08, 100.1});
  CHECK(series.y == std::vector<double>{2000.0, 2004.0, 2005.0});
  CHECK(series.sigma == std::vector<double>{1.0, 1.0, 1.0});
  CHECK(series.name == "KIC 1");
  CHECK(series.time_label == "BJD - 2454833");
  CHECK(series.y_unit == "e-/s");
  CHECK(series.quantity == Quantity::flux);
  CHECK(report.format == "FITS table");
  CHECK(report.n_rows == 6);
  CHECK(report.summary() == "3 of 6 measurements used; 3 dropped (1 missing time, 1 missing value, 1 quality flag)");
  CHECK(report.value_column == "column 5 'PDCSAP_FLUX'");
  CHECK(report.error_column == "column 6 'PDCSAP_FLUX_ERR'");
  CHECK(read_series(bytes, "a.fits", {.keep_flagged = true}).series.size() == 4);
  CHECK(read_series(bytes, "a.fits", {.value = "SAP_FLUX"}).report.error_column == "column 4 'SAP_FLUX_ERR'");
}

TEST_CASE("an empty PDCSAP column gives way to SAP") {
  const auto [series, report] = read_fits_series(kepler_like(false), "kplr1.fits");
  CHECK(report.value_column == "column 3 'SAP_FLUX'");
  CHECK(report.error_column == "column 4 'SAP_FLUX_ERR'");
  CHECK(series.size() == 4);
}

TEST_CASE("any table by column names: integers with TNULL, scaled integers, text bands, vectors left out") {
  FitsMaker fits;
  fits.primary();
  fits.table("23", "3", {{"mjd", "D"}, {"mag", "I"}, {"band", "2A"}, {"stamp", "2E"}, {"err", "B"}, {"note", "2A"}},
             {{"TNULL2", "-32768"}, {"TSCAL2", "0.001"}, {"TZERO2", "15.0"}, {"TSCAL5", "0.01"}});
  const char* bands[] = {"g ", "r ", "g "};
  for (int i = 0; i < 3; ++i) {
    fits.number(53000.5 + i);
    fits.number(static_cast<std::int16_t>(i == 1 ? -32768 : 500 * i));
    fits.bytes += bands[i];
    fits.number(1.0f);
    fits.number(2.0f);
    fits.number(static_cast<std::uint8_t>(3));
    fits.bytes += "xy";
  }
  fits.fill('\0');
  const auto table = read_fits_table(fits.bytes, "t.fits");
  CHECK(table.columns.size() == 5);
  CHECK(table.notes == std::vector<std::string>{"1 column of vectors left out"});
  CHECK(table.columns[1].missing == 1);
  CHECK(close(table.number("mag")[2], 16.0, {.rtol = 1e-15}));
  CHECK(table.columns[2].words == std::vector<std::string>{"g", "r"});
  const auto [series, report] = read_fits_series(fits.bytes, "t.fits");
  CHECK(series.size() == 2);
  CHECK(series.band_names == std::vector<std::string>{"g"});
  CHECK(close(series.sigma[0], 0.03, {.rtol = 1e-15}));
}

TEST_CASE("the first table with rows is taken") {
  FitsMaker fits;
  fits.primary();
  fits.table("8", "0", {{"time", "D"}});
  fits.table("16", "2", {{"time", "D"}, {"flux", "D"}});
  for (const double v : {1.0, 10.0, 2.0, 11.0}) fits.number(v);
  fits.fill('\0');
  CHECK(read_fits_series(fits.bytes, "t.fits").series.y == std::vector<double>{10.0, 11.0});
}

TEST_CASE("broken FITS files: one clear line each") {
  FitsMaker nothing;
  nothing.primary();
  CHECK(complaint(nothing.bytes) == "lc.fits: expected a FITS table, found none in 0 extensions");
  FitsMaker huge;
  huge.primary();
  huge.table("16", "1000000000000", {{"time", "D"}, {"flux", "D"}});
  CHECK(complaint(huge.bytes).find("lc.fits: ") == 0);
  FitsMaker many;
  many.primary();
  many.table("16", "2000000000", {{"time", "D"}, {"flux", "D"}});
  many.fill('\0');
  const std::string words = complaint(many.bytes);
  CAPTURE(words);
  CHECK(words.find("lc.fits: the file is truncated: its header promises 2000000000 rows of 16 bytes, there is room for ") == 0);
  FitsMaker columns;
  columns.primary();
  columns.table("8", "1", {{"x", "Q"}});
  CHECK(complaint(columns.bytes).find("lc.fits: ") == 0);
  CHECK(complaint("SIMPLE  =                    T").find("lc.fits: ") == 0);
  FitsMaker unnamed;
  unnamed.primary();
  unnamed.table("16", "2", {{"a", "D"}, {"b", "D"}});
  for (const double v : {1.0, 10.0, 2.0, 11.0}) unnamed.number(v);
  unnamed.fill('\0');
  CHECK(complaint(unnamed.bytes) == "lc.fits: no time column among a, b: say which it is (option time, by name or number)");
  CHECK_THROWS_AS((void)read_fits_table_file("/nowhere/x.fits"), InputError);
}

TEST_CASE("property: cut anywhere, a FITS file gives an answer or one line, never more rows than it holds") {
  const std::string bytes = kepler_like();
  Index refused = 0;
  for (std::size_t size = 9; size < bytes.size(); size += 37) {
    CAPTURE(size);
    const std::string words = complaint(std::string_view(bytes).substr(0, size));
    refused += words == "no complaint" ? 0 : 1;
    CHECK(words.find('\n') == std::string::npos);
  }
  CHECK(refused > 100);  // all cuts before the table's end
}

TEST_CASE("property: random bytes overwritten in a FITS file never crash the reader") {
  const std::string bytes = kepler_like();
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    std::string damaged = bytes;
    for (int k = 0; k < 8; ++k) {
      const Index place = 9 + random.index(ssize(damaged) - 9);
      damaged[at(place)] = static_cast<char>(seed % 2 == 0 ? 32 + random.index(95) : random.index(256));
    }
    CHECK(complaint(damaged).find('\n') == std::string::npos);
  }
}

TEST_CASE("Kepler files of the shared data: rows as their guide counts them") {
  {
    ORRERY_NEED_DATA(path, "kepler/kplr001430163-2013011073258_llc.fits");
    const auto [series, report] = read_series_file(path);
    CHECK(report.n_rows == 4780);
    CHECK(series.size() == 3305);  // "4,780 rows; 3,305 good"
    CHECK(series.name == "KIC 1430163");
    CHECK(series.time_label == "BJD - 2454833");
    const auto memory = read_series(whole_file(path), "x.fits");
    CHECK(memory.series.t == series.t);
    CHECK(memory.series.y == series.y);
    // Truncated in the middle of the table.
    const std::string half = whole_file(path).substr(0, 300000);
    const std::string words = complaint(half);
    CAPTURE(words);
    CHECK(words.find("lc.fits: ") == 0);
  }
  {
    ORRERY_NEED_DATA(path, "kepler/kplr010666592-2009131110544_slc.fits");
    CHECK(read_series_file(path).report.n_rows == 14280);
  }
  {
    ORRERY_NEED_DATA(path, "kepler/kepler_zw229_Q7.fits");
    const auto [series, report] = read_series_file(path, {.value = "SAP_FLUX"});
    CHECK(report.n_rows == 4375);
    CHECK(report.error_column == "column 5 'SAP_FLUX_ERR'");
  }
}

TEST_CASE("other FITS tables of the shared data") {
  ORRERY_NEED_DATA(path, "sdss/vollim_dr7_cbp_102709.fits");
  const auto table = read_fits_table_file(path);
  CHECK(table.rows() == 120606);
  CHECK(table.find("ra") >= 0);
}
