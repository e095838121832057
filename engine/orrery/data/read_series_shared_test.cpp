// Every light curve and velocity file of the shared data is read without options, or refused with the option to give.
#include <algorithm>
#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/data/read_series.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::data;
using Names = std::vector<std::string>;

namespace {

struct Expected {
  const char* file;
  Index used;
  Index dropped;
  Quantity quantity;
  Names bands;
  bool errors;
  const char* time_label;
  const char* y_unit;
};

// Rows as the guide of the shared data or `wc -l` counts them; bands and units as the guide tells them where it does.
const Expected kFiles[] = {
    {"linear/LINEAR_11375941.csv", 280, 0, Quantity::magnitude, {}, true, "MJD or JD - 2400000", "mag"},
    {"variables/eros2/lm0010n22323.time", 1168, 144, Quantity::magnitude, {"R", "B"}, true, "time", "mag"},
    {"variables/macho/lc_1.3444.614.R.mjd", 722, 0, Quantity::magnitude, {"R"}, true, "MJD", "mag"},
    {"variables/macho/lc_1.3444.614.B.mjd", 1235, 0, Quantity::magnitude, {"B"}, true, "MJD", "mag"},
    {"variables/macho/lc_58.6272.729.R.mjd", 148, 0, Quantity::magnitude, {"R"}, true, "MJD", "mag"},
    {"variables/ogle/OGLE-LMC-LPV-00007.dat", 437, 0, Quantity::magnitude, {}, true, "HJD - 2450000", "mag"},
    {"kepler/EPIC201367065.csv", 3632, 0, Quantity::flux, {}, false, "BJD - 2454833", ""},
    {"kepler/hats-46_data_SWOPE.txt", 64, 0, Quantity::flux, {}, true, "JD", ""},
    {"rv/51Peg_kima.rv", 256, 0, Quantity::velocity, {}, true, "MJD or JD - 2400000", "m/s"},
    {"rv/HD164922_radvel.txt", 401, 0, Quantity::velocity, {"k", "j", "a"}, true, "JD", "m/s"},
    {"rv/K2-24_radvel.csv", 32, 0, Quantity::velocity, {}, true, "time", "m/s"},
    {"rv/K2-131_radvel.txt", 70, 0, Quantity::velocity, {"harps-n", "pfs"}, true, "JD", "m/s"},
    {"rv/CoRoT-7.txt", 177, 0, Quantity::velocity, {}, true, "JDB", "m/s"},
    {"rv/HD104067.dat", 71, 0, Quantity::velocity, {}, true, "BJD", "km/s"},
    {"rv/HD106252_joined.txt", 110, 0, Quantity::velocity, {"1", "2", "3", "4"}, true, "BJD", "m/s"},
    {"rv/piMen_HARPS.csv", 371, 0, Quantity::velocity, {}, true, "BJD", "m/s"},
    {"rv/K2-233_timeseries.dat", 372, 0, Quantity::velocity, {"0", "1", "2"}, true, "time", "km/s"},
    {"rv/systemic/HD141937_1_EULER.vels", 81, 0, Quantity::velocity, {}, true, "JD", "km/s"},
    {"rv/systemic/HD40307_1_3.6M.vels", 129, 0, Quantity::velocity, {}, true, "JD", "km/s"},
    {"rv/systemic/51Peg_2_ELODIE.vels", 153, 0, Quantity::velocity, {}, true, "JD", "m/s"},
    {"rv/eprv3_evidence/rvs_0001.txt", 200, 0, Quantity::velocity, {}, true, "time", "m/s"},
    {"rv/eprv3_evidence/rvs_0003.txt", 200, 0, Quantity::velocity, {}, true, "time", "m/s"},
    {"agn/mcg08_g.txt", 85, 0, Quantity::other, {}, true, "MJD or JD - 2400000", ""},
    {"agn/mcg08_r.txt", 42, 0, Quantity::other, {}, true, "MJD or JD - 2400000", ""},
    {"gp/co2.csv", 2225, 59, Quantity::other, {}, false, "MJD", ""},
    {"gp/sunspots.csv", 309, 0, Quantity::other, {}, false, "YEAR", ""},
    {"supernovae/ztf_snia/ZTF18aakiwbs.csv", -1, 0, Quantity::magnitude, {"R", "g"}, true, "MJD or JD - 2400000", "mag"},
};

bool noted(const ReadReport& report, const std::string& words) {
  return std::any_of(report.notes.begin(), report.notes.end(),
                     [&](const std::string& note) { return note.find(words) != std::string::npos; });
}

std::vector<std::string> files_under(const std::string& folder, const std::string& ending) {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string path = entry.path().string();
    if (entry.is_regular_file() && path.ends_with(ending)) out.push_back(path);
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

TEST_CASE("the light curves and velocities of the shared data, without options") {
  for (const auto& expected : kFiles) {
    const std::string path = shared_data(expected.file);
    if (path.empty()) continue;
    CAPTURE(std::string(expected.file));
    const auto [series, report] = read_series_file(path);
    if (expected.used >= 0) CHECK(series.size() == expected.used);
    CHECK(report.n_used == series.size());
    CHECK(report.n_dropped() == expected.dropped);
    CHECK(report.n_used + report.n_dropped() == report.n_measurements);
    CHECK(series.quantity == expected.quantity);
    CHECK(series.band_names == expected.bands);
    CHECK(series.sigma.empty() != expected.errors);
    CHECK(series.time_label == expected.time_label);
    CHECK(series.y_unit == expected.y_unit);
    CHECK(std::is_sorted(series.t.begin(), series.t.end()));
    require_usable(series.view(), 2, "test");
    const auto back = read_series(write_series_csv(series), "x.csv").series;  // and they survive the page's own format
    CHECK(back.t == series.t);
    CHECK(back.y == series.y);
    CHECK(back.sigma == series.sigma);
    CHECK(back.band == series.band);
    CHECK(back.time_unit == series.time_unit);
  }
}

TEST_CASE("all RR Lyrae stars of Stripe 82: five bands, -99.99 dropped") {
  const std::string folder = shared_data("rrlyrae_s82/lightcurves");
  if (folder.empty()) return;
  Index stars = 0;
  Index rows = 0;
  Index dropped = 0;
  for (const auto& path : files_under(folder, ".dat")) {
    CAPTURE(path);
    const auto [series, report] = read_series_file(path);
    CHECK(series.band_names == Names{"u", "g", "r", "i", "z"});
    CHECK(report.n_measurements == 5 * report.n_rows);
    CHECK(report.n_used + report.n_dropped() == report.n_measurements);
    CHECK(*std::max_element(series.y.begin(), series.y.end()) < 30.0);
    CHECK(*std::min_element(series.y.begin(), series.y.end()) > 5.0);
    CHECK(series.time_label == "MJD");
    rows += report.n_rows;
    dropped += report.n_dropped();
    ++stars;
  }
  CHECK(stars == 307);
  CHECK(rows == 18087);  // wc -l
  // The guide: -99.99 in 4 % of the magnitudes.
  CHECK(static_cast<double>(dropped) / static_cast<double>(5 * rows) == doctest::Approx(0.04).epsilon(0.25));
}

TEST_CASE("all supernovae of ZTF and all velocities of the systemic console") {
  const std::string supernovae = shared_data("supernovae/ztf_snia");
  if (supernovae.empty()) return;
  Index n = 0;
  for (const auto& path : files_under(supernovae, ".csv")) {
    if (path.find("bts_rows") != std::string::npos) continue;
    CAPTURE(path);
    const auto result = read_series_file(path);
    CHECK(result.series.bands() >= 2);
    CHECK(result.report.n_dropped() == 0);
    ++n;
  }
  CHECK(n == 80);
  const std::string systemic = shared_data("rv/systemic");
  if (systemic.empty()) return;
  for (const auto& path : files_under(systemic, ".vels")) {
    CAPTURE(path);
    const auto result = read_series_file(path);
    CHECK(result.series.quantity == Quantity::velocity);
    CHECK(result.series.y_unit == (path.find("HD141937") != std::string::npos || path.find("HD40307") != std::string::npos ? "km/s" : "m/s"));
    CHECK(result.series.time_label == "JD");
    CHECK(result.report.n_dropped() == 0);
  }
}

TEST_CASE("what needs a word from the user says so") {
  {
    ORRERY_NEED_DATA(path, "rv/HD104067.dat");  // velocities in km/s beside errors in m/s
    CHECK(noted(read_series_file(path).report, "are they in another unit? (option error_scale)"));
    const auto scaled = read_series_file(path, {.error_scale = 0.001});
    CHECK_FALSE(noted(scaled.report, "another unit"));
  }
  {
    ORRERY_NEED_DATA(path, "kepler/kepler17_downsample.dat");  // some errors are negative there
    const auto result = read_series_file(path);
    CHECK(result.report.n_rows == 1459);
    CHECK_FALSE(result.series.sigma.empty());
    CHECK(result.report.n_dropped() > 0);
    CHECK(result.report.dropped[0].reason == "zero or negative error");
  }
  for (const char* file : {"supernovae/Pantheon+SH0ES.dat", "supernovae/ztf_snia/bts_rows.csv", "rrlyrae_s82/table2_periods.dat",
                           "rrlyrae_s82/table3_positions.dat", "rrlyrae_s82/periods_20.csv", "linear/LINEARattributes.dat"}) {
    const std::string path = shared_data(file);
    if (path.empty()) continue;
    CAPTURE(std::string(file));
    std::string words;
    try {
      (void)read_series_file(path);
    } catch (const InputError& error) {
      words = error.what();
    }
    CHECK(words.find("time column") + words.find("looks like times") != 2 * std::string::npos);
    CHECK(words.find("(option") != std::string::npos);
    CHECK(words.find('\n') == std::string::npos);
  }
}
