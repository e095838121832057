#include "orrery/data/read_series.hpp"

#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "orrery/data/big_csv_test.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::data;

namespace {
std::string complaint(std::string_view text, const ReadOptions& options = {}) {
  try {
    (void)read_series(text, "star.csv", options);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no complaint";
}
Index dropped(const ReadReport& report, const std::string& reason) {
  for (const auto& entry : report.dropped) {
    if (entry.reason == reason) return entry.count;
  }
  return 0;
}
bool noted(const ReadReport& report, const std::string& words) {
  for (const auto& note : report.notes) {
    if (note.find(words) != std::string::npos) return true;
  }
  return false;
}
}  // namespace

TEST_CASE("missing values are counted, said and never used") {
  const auto [series, report] = read_series("mjd,mag,magerr\n53003,15.3,0.1\n53001,,0.1\n53002,nan,0.1\n53004,-99.99,0.1\n53005,15.5,\n,15.1,0.1\n53006,15.6,9.999\n"
                                            "53000,15.0,0.2\n53007,15.7,0\n53008,15.8,-0.1\n53009,15.9,inf\n",
                                            "star.csv");
  CHECK(series.t == std::vector<double>{53000, 53003});
  CHECK(series.y == std::vector<double>{15.0, 15.3});
  CHECK(series.sigma == std::vector<double>{0.2, 0.1});
  CHECK(series.quantity == Quantity::magnitude);
  CHECK(series.time_label == "MJD");
  CHECK(series.name == "star");
  CHECK(report.n_rows == 11);
  CHECK(report.n_used == 2);
  CHECK(report.n_dropped() == 9);
  CHECK(dropped(report, "missing value") == 3);
  CHECK(dropped(report, "missing time") == 1);
  CHECK(dropped(report, "missing error") == 2);
  CHECK(dropped(report, "zero or negative error") == 2);
  CHECK(dropped(report, "not finite") == 1);
  CHECK_FALSE(report.was_sorted);
  CHECK(report.time_column == "column 1 'mjd'");
  CHECK(report.summary() ==
        "2 of 11 measurements used; 9 dropped (1 missing time, 3 missing value, 2 missing error, 2 zero or negative error, 1 not finite)");
}

TEST_CASE("bad input: one clear line") {
  CHECK(complaint("") == "star.csv: the file is empty");
  CHECK(complaint("t,mag,err\n") == "star.csv: expected rows under the header, got a header only (line 1)");
  CHECK(complaint("t,mag\n1,2\n") == "star.csv: expected at least 2 usable measurements, got 1 in 1 row");
  CHECK(complaint("t,mag\n1,nan\n2,nan\n3,\n") == "star.csv: expected at least 2 usable measurements, got 0 in 3 rows (dropped: 3 missing value)");
  CHECK(complaint("t,mag\n1,15\n2,abc\n3,16\n") == "star.csv:3: column 'mag': expected a number, got 'abc'");
  CHECK(complaint("t,mag\n1,15\n2\n3,16\n") == "star.csv:3: expected 2 fields (as in the header), got 1");
  CHECK(complaint(std::string_view("t,mag\n1,\0\n", 10)) == "star.csv: expected a text table, got binary data (a zero byte at offset 8)");
  CHECK(complaint("SIMPLE  = garbage").find("star.csv: ") == 0);
}

TEST_CASE("duplicates are kept and counted, within a band") {
  const auto one = read_series("t,mag\n1,15\n1,15.1\n1,15.2\n2,16\n", "a.csv");
  CHECK(one.report.duplicates == 2);
  CHECK(one.series.size() == 4);
  CHECK(noted(one.report, "2 duplicate times"));
  const auto two = read_series("t,mag,band\n1,15,g\n1,15.1,r\n1,15.2,g\n2,16,r\n", "a.csv");
  CHECK(two.report.duplicates == 1);
}

TEST_CASE("constant values and equal times are told") {
  CHECK(noted(read_series("t,mag\n1,15\n2,15\n3,15\n", "a.csv").report, "all values are the same (15)"));
  CHECK(noted(read_series("t,mag\n1,15\n1,16\n", "a.csv").report, "all times are the same (1)"));
}

TEST_CASE("an error column that says nothing is not used") {
  const auto result = read_series("t,mag,err\n1,15,0\n2,16,0\n3,17,-99.99\n", "a.csv");
  CHECK(result.series.size() == 3);
  CHECK(result.series.sigma.empty());
  CHECK(noted(result.report, "the error column holds no positive number and is not used"));
}

TEST_CASE("a band column, also of numbers, with missing bands") {
  const auto result = read_series("t,mag,err,fid\n3,15,.1,2\n1,16,.1,1\n2,16,.1,\n4,15,.1,1\n", "a.csv");
  CHECK(result.series.band_names == std::vector<std::string>{"2", "1"});
  CHECK(result.series.band == std::vector<std::int32_t>{1, 0, 1});
  CHECK(dropped(result.report, "missing band") == 1);
  const auto single = read_series("t,mag,err,band\n3,15,.1,g\n1,16,.1,g\n", "a.csv");
  CHECK(single.series.band.empty());
  CHECK(single.series.band_names == std::vector<std::string>{"g"});
  CHECK(single.series.bands() == 1);
}

TEST_CASE("a band column with a value in every row is no band") {
  std::string text = "t,mag,band\n";
  for (int i = 0; i < 100; ++i) text += std::to_string(i) + ",15.5,x" + std::to_string(i) + "\n";
  const auto result = read_series(text, "a.csv");
  CHECK(result.series.band_names.empty());
  CHECK(noted(result.report, "has 100 different values and is not used as band"));
  CHECK(complaint(text, {.band = "band"}) == "star.csv: option band: column 'band' has 100 different values, expected at most 64");
}

TEST_CASE("time offset and error scale") {
  const auto result = read_series("t,rv,err\n50000,1.0,20\n50001,1.1,30\n", "a.csv", {.time_offset = 2400000.0, .error_scale = 0.001});
  CHECK(result.series.t[0] == 2450000.0);
  CHECK(result.series.sigma[1] == 0.03);
  CHECK(result.series.time_label == "JD");
}

TEST_CASE("quality flags other than 0 are dropped unless wanted") {
  const std::string_view text = "time,flux,quality\n1,10,0\n2,11,4\n3,12,0\n";
  CHECK(dropped(read_series(text, "a.csv").report, "quality flag") == 1);
  CHECK(read_series(text, "a.csv", {.keep_flagged = true}).series.size() == 3);
}

TEST_CASE("errors in another unit are noticed") {
  std::string text = "bjd,rv,err\n";
  for (int i = 0; i < 20; ++i) text += std::to_string(2454135 + i) + ".5,15.1" + std::to_string(10 + i % 7) + ",3.5\n";
  CHECK(noted(read_series(text, "a.csv").report, "are they in another unit? (option error_scale)"));
  CHECK_FALSE(noted(read_series(text, "a.csv", {.error_scale = 0.001}).report, "another unit"));
}

TEST_CASE("property: a written series comes back identical") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    Series series;
    const Index n = 2 + random.index(60);
    double t = random.index(2) == 0 ? 2450000.0 : 0.0;
    for (Index i = 0; i < n; ++i) {
      t += random.uniform() * std::pow(10.0, static_cast<double>(random.index(8)) - 4.0);
      series.t.push_back(t);
      series.y.push_back(i == 1 ? -99.99 : random.normal() * std::pow(10.0, static_cast<double>(random.index(20)) - 10.0));
      if (seed % 3 != 0) series.sigma.push_back(random.uniform() + 1e-9);
      if (seed % 2 == 0) series.band.push_back(static_cast<std::int32_t>(random.index(3)));
    }
    if (seed % 2 == 0) series.band = [&] { auto b = series.band; b[0] = 2; b[1] = 1; return b; }();
    series.band_names = seed % 2 == 0 ? std::vector<std::string>{"g", "say \"r\", or not", "i #1"} : seed % 5 == 0 ? std::vector<std::string>{"V"} : std::vector<std::string>{};
    series.name = "RR Lyr: the star, \"itself\"";
    series.time_label = "BJD - 2454833";
    series.time_unit = seed % 7 == 0 ? "year" : "day";
    series.y_label = "g magnitude";
    series.y_unit = seed % 4 == 0 ? "" : "mag";
    series.quantity = static_cast<Quantity>(seed % 4);
    const auto back = read_series(write_series_csv(series), "other.csv").series;
    CHECK(back.t == series.t);
    CHECK(back.y == series.y);
    CHECK(back.sigma == series.sigma);
    CHECK(back.band == series.band);
    CHECK(back.band_names == series.band_names);
    CHECK(back.name == series.name);
    CHECK(back.time_label == series.time_label);
    CHECK(back.time_unit == series.time_unit);
    CHECK(back.y_label == series.y_label);
    CHECK(back.y_unit == series.y_unit);
    CHECK(back.quantity == series.quantity);
    CHECK(write_series_csv(back) == write_series_csv(series));
  }
}

TEST_CASE("as a job in slices the answer is the same") {
  std::string text = "t,mag\n";
  for (int i = 0; i < 200000; ++i) text += std::to_string(i) + ".25,15." + std::to_string(i % 977) + "\n";
  const auto whole = read_series(text, "a.csv");
  const auto source = memory_source(text);
  Budget budget;
  Job job(budget, read_series_task(budget, *source, "a.csv", {}));
  Index steps = 1;
  while (!job.step(0.5)) ++steps;
  const auto sliced = job.result();
  CHECK(steps > 2);  // 2.6 MB in slices of half a millisecond
  CHECK(sliced.series.t == whole.series.t);
  CHECK(sliced.series.y == whole.series.y);
}

TEST_CASE("a series is streamed from a file: memory is that of its columns") {
  const BigCsv file;
  Index calls = 0;
  const PeakMemory memory;
  const double start = clock_ms();
  const auto [series, report] = read_series_file(file.path, {}, [&](double, std::string_view) { return ++calls > 0; });
  const double seconds = (clock_ms() - start) / 1000.0;
  const double columns = (3 * 8.0 + 4.0) * static_cast<double>(file.rows) / 1e6;
  MESSAGE(file.megabytes, " MB, ", file.rows, " rows: ", seconds, " s, ", file.megabytes / seconds, " MB/s; peak memory +", memory.megabytes(),
          " MB, the columns are ", columns, " MB, progress was told ", calls, " times");
  CHECK(series.size() == file.rows);
  CHECK(series.band_names == std::vector<std::string>{"g", "r"});
  CHECK(report.n_dropped() == 0);
  // Three columns of numbers and the bands twice (4 bytes), reserve, one scratch column for the median of the checks.
  if (!kSanitized) CHECK(memory.megabytes() < 1.7 * columns + 8.0);
}

TEST_CASE("a band whose name shows nothing is a missing band") {
  const auto read = read_series("t,mag,err,band\n1,15,0.1,g\n2,15.1,0.1,\x10\n3,15.2,0.1,g\n4,15.1,0.1,g\n", "a.csv", {.band = "band"});
  CHECK(read.series.size() == 3);
  REQUIRE(read.report.dropped.size() == 1);
  CHECK(read.report.dropped[0].reason == "missing band");
}
