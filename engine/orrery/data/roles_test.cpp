#include "orrery/data/roles.hpp"

#include "orrery/core/error.hpp"
#include "orrery/data/layout.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::data;
using Role = NameMeaning::Role;

namespace {
Roles roles_of(std::string_view text, const RoleOptions& options = {}, std::string_view name = "star.csv") {
  const auto layout = find_layout(text, true, name);
  return find_roles(sample_table(layout, text, true), name, options);
}
std::string complaint(std::string_view text, const RoleOptions& options = {}) {
  try {
    (void)roles_of(text, options);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no complaint";
}
}  // namespace

TEST_CASE("names of times") {
  for (const char* name : {"mjd", "HJD", "BJD_TDB", "jd", "time", "TIME", "t", "date", "YEAR", "HJD-2450000", "Time (days)", "obs_mjd", "jdb", "bjd [d]",
                           "obsmjd", "rjd", "JD-2400000", "time_days"}) {
    CAPTURE(std::string(name));
    CHECK(meaning_of_name(name).role == Role::time);
  }
  CHECK(meaning_of_name("bjd").rank < meaning_of_name("time").rank);
  CHECK(meaning_of_name("time").rank < meaning_of_name("date").rank);
  CHECK(meaning_of_name("mjd_g").band == "g");
}

TEST_CASE("names of values") {
  struct Case {
    const char* name;
    Quantity quantity;
    const char* band;
  };
  for (const auto& [name, quantity, band] : {Case{"mag", Quantity::magnitude, ""}, Case{"Magnitude", Quantity::magnitude, ""},
                                             Case{"mag_g", Quantity::magnitude, "g"}, Case{"g_mag", Quantity::magnitude, "g"},
                                             Case{"MagR", Quantity::magnitude, "R"}, Case{"gmag", Quantity::magnitude, "g"},
                                             Case{"PDCSAP_FLUX", Quantity::flux, ""}, Case{"flux_W1", Quantity::flux, "W1"},
                                             Case{"rv", Quantity::velocity, ""}, Case{"mnvel", Quantity::velocity, ""},
                                             Case{"vrad", Quantity::velocity, ""}, Case{"RV [m/s]", Quantity::velocity, ""},
                                             Case{"y", Quantity::other, ""},
                                             Case{"SAP_FLUX", Quantity::flux, ""}, Case{"psfMag", Quantity::magnitude, ""}}) {
    CAPTURE(std::string(name));
    const auto meaning = meaning_of_name(name);
    CHECK(meaning.role == Role::value);
    CHECK(meaning.quantity == quantity);
    CHECK(meaning.band == band);
  }
}

TEST_CASE("names of errors find their value") {
  struct Case {
    const char* name;
    const char* keyword;
    const char* band;
  };
  for (const auto& [name, keyword, band] :
       {Case{"err", "", ""}, Case{"error", "", ""}, Case{"sigma", "", ""}, Case{"magerr", "mag", ""}, Case{"e_mag", "mag", ""}, Case{"mag_err", "mag", ""},
        Case{"dy", "y", ""}, Case{"PDCSAP_FLUX_ERR", "pdcsapflux", ""}, Case{"SAP_FLUX_ERR", "sapflux", ""}, Case{"svrad", "vrad", ""},
        Case{"errvel", "vel", ""}, Case{"e_rv", "rv", ""}, Case{"ErMagR", "mag", "R"}, Case{"err_g", "", "g"}, Case{"magerr_g", "mag", "g"},
        Case{"g_err", "", "g"}, Case{"e_gmag", "mag", "g"}, Case{"ErRV", "rv", ""}, Case{"eR", "", "R"}, Case{"sigma_flux", "flux", ""},
        Case{"mag_err_g", "mag", "g"}, Case{"yerr", "y", ""}}) {
    CAPTURE(std::string(name));
    const auto meaning = meaning_of_name(name);
    CHECK(meaning.role == Role::error);
    CHECK(meaning.keyword == keyword);
    CHECK(meaning.band == band);
  }
}

TEST_CASE("other names") {
  for (const char* name : {"band", "Filter", "filt", "fid", "passband", "instrument", "tel"}) CHECK(meaning_of_name(name).role == Role::band);
  CHECK(meaning_of_name("SAP_QUALITY").role == Role::quality);
  for (const char* name : {"id", "ra", "dec", "TIMECORR", "CADENCENO", "fwhm", "airm", "class", "", "exptime", "snr", "s_hk", "days_off_x"}) {
    CAPTURE(std::string(name));
    CHECK(meaning_of_name(name).role != Role::value);
    CHECK(meaning_of_name(name).role != Role::error);
  }
  CHECK(meaning_of_name("TIMECORR").role == Role::none);
}

TEST_CASE("a header in any order, with an index and other columns") {
  const auto roles = roles_of(",errvel,t,vel\n0,1.5,2364.8,6.9\n1,1.6,2364.9,5.0\n2,1.6,2365.9,4.0\n");
  REQUIRE(roles.groups.size() == 1);
  CHECK(roles.groups[0].time == 2);
  CHECK(roles.groups[0].value == 3);
  CHECK(roles.groups[0].error == 1);
  CHECK(roles.quantity == Quantity::velocity);
}

TEST_CASE("bands side by side") {
  const auto one_time = roles_of("hjd,mag_g,err_g,mag_r,err_r\n2450000,15,0.1,14,0.1\n2450001,15,0.1,14,0.1\n");
  REQUIRE(one_time.groups.size() == 2);
  CHECK(one_time.groups[1].band == "r");
  CHECK(one_time.groups[1].time == 0);
  CHECK(one_time.groups[1].value == 3);
  CHECK(one_time.groups[1].error == 4);
  const auto own_times = roles_of("t_g,g,g_err,t_r,r,r_err\n1,15,0.1,1.1,14,0.1\n2,15,0.1,2.1,14,0.1\n");
  REQUIRE(own_times.groups.size() == 2);
  CHECK(own_times.groups[1].time == 3);
  CHECK(own_times.groups[1].error == 5);
  const auto eros = roles_of("# t R eR B eB\n1 15 .1 14 .1\n2 15 .1 14 .1\n");
  REQUIRE(eros.groups.size() == 2);
  CHECK(eros.groups[0].band == "R");
  CHECK(eros.groups[1].error == 4);
}

TEST_CASE("options override what is found") {
  const std::string_view text = "a,b,c,d\n1,15,0.1,g\n2,16,0.2,r\n3,17,0.1,g\n";
  const auto roles = roles_of(text, {.time = "a", .value = "2", .error = "C", .band = "d", .quantity = Quantity::magnitude});
  CHECK(roles.groups[0].time == 0);
  CHECK(roles.groups[0].value == 1);
  CHECK(roles.groups[0].error == 2);
  CHECK(roles.band == 3);
  CHECK(roles.quantity == Quantity::magnitude);
  CHECK(roles_of("t,mag,magerr,band\n1,2,3,g\n2,3,4,g\n", {.error = "none", .band = "none"}).groups[0].error == -1);
  CHECK(roles_of("t,mag,magerr,band\n1,2,3,g\n2,3,4,g\n", {.error = "none", .band = "none"}).band == -1);
  CHECK(complaint(text, {.time = "e"}) == "star.csv: option time: there is no column 'e' among a, b, c, d");
  CHECK(complaint(text, {.time = "a", .value = "1"}) == "star.csv: time and value are the same column 1 'a': choose another (options time, value)");
  CHECK(complaint(text, {.time = "a", .value = "2", .error = "2"}) == "star.csv: value and error are the same column 2 'b': choose another (options value, error)");
  CHECK(complaint(text, {.time = "a", .value = "2", .band = "2"}) == "star.csv: value and band are the same column 2 'b': choose another (options value, band)");
}

TEST_CASE("messages say which option to give") {
  CHECK(complaint("a,b\n55000.5,15\n55001.5,16\n") ==
        "star.csv: no time column among a, b; column 1 'a' holds numbers like Julian dates: say which it is (option time, by name or number)");
  CHECK(complaint("t,b,c\n1,15,3\n2,16,4\n") == "star.csv: no value column among t, b, c: say which it is (option value, by name or number)");
  CHECK(complaint("5 x\n3 y\n4 z\n9 t\n") ==
        "star.csv: no header, and no column of numbers behind the times (column 1): say which is the value by number (option value)");
  CHECK(complaint("1\n2\n") == "star.csv: expected at least a time and a value column, got 1 column");
  CHECK(complaint("time,mag\nabc,15\ndef,16\n") ==
        "star.csv: expected times in column 1 'time', got text ('abc'): say which column holds the times (option time, by name or number)");
}

TEST_CASE("without a header: by behaviour") {
  const auto plain = roles_of("2171.8 15.48 0.006\n2183.8 15.52 0.007\n2184.8 15.51 0.006\n");
  CHECK(plain.groups[0].time == 0);
  CHECK(plain.groups[0].value == 1);
  CHECK(plain.groups[0].error == 2);
  CHECK(plain.quantity == Quantity::magnitude);
  const auto coded = roles_of("8257.5 -9.62 0.0019 0\n8257.6 -9.61 0.002 0\n8258.6 -9.66 0.002 0\n8257.5 6.1 0.002 1\n8257.6 6.2 0.002 1\n8258.6 6.1 0.002 1\n"
                              "8259.6 6.1 0.002 1\n8261 6.2 0.002 1\n8262 6.2 .002 1\n8263 6.2 .002 1\n8264 6.2 .002 1\n8265 6.2 .002 1\n8266 6.2 .002 1\n"
                              "8267 6.2 .002 1\n8268 6.2 .002 1\n8269 6.2 .002 1\n8270 6.2 .002 1\n8271 6.2 .002 1\n8272 6.2 .002 1\n8273 6.2 .002 1\n8274 6.2 .002 1\n");
  CHECK(coded.band == 3);
  const auto indexed = roles_of("0 2455000.5 3.0\n1 2455001.5 4.0\n2 2455002.5 2.0\n");
  CHECK(indexed.groups[0].time == 1);
  CHECK(indexed.groups[0].value == 2);
  CHECK(indexed.groups[0].error == -1);
  const auto unsorted = roles_of("3.1 15.1 0.1\n1.2 15.3 0.1\n2.2 15.2 0.1\n0.5 15.2 0.1\n");
  CHECK(unsorted.groups[0].time == 0);
  REQUIRE(!unsorted.notes.empty());
}

TEST_CASE("five triples without a header are SDSS's u g r i z, other numbers are counted") {
  std::string five;
  std::string two;
  for (int i = 0; i < 6; ++i) {
    five += "23.2 1.02";
    two += "23.2 1.02";
    for (int b = 0; b < 5; ++b) {
      const std::string triple = " " + std::to_string(51081 + i) + "." + std::to_string(10 + b) + " 1" + std::to_string(5 + i % 3) + ".5 0.02";
      five += triple;
      if (b < 2) two += triple;
    }
    five += "\n";
    two += "\n";
  }
  const auto sdss = roles_of(five);
  REQUIRE(sdss.groups.size() == 5);
  CHECK(sdss.groups[0].band == "u");
  CHECK(sdss.groups[4].band == "z");
  CHECK(sdss.groups[4].time == 14);
  CHECK(sdss.time_label == "MJD");
  CHECK(sdss.quantity == Quantity::magnitude);
  const auto pair = roles_of(two);
  REQUIRE(pair.groups.size() == 2);
  CHECK(pair.groups[1].band == "2");
}

TEST_CASE("labels and units") {
  CHECK(roles_of("HJD-2450000,mag\n1,15\n2,16\n").time_label == "HJD-2450000");
  CHECK(roles_of("bjd,mag\n1,15\n2,16\n").time_label == "BJD");
  CHECK(roles_of("time,mag\n2450001,15\n2450002,16\n").time_label == "JD");
  CHECK(roles_of("YEAR,n\n1700,5\n1701,11\n").time_unit == "year");
  CHECK(roles_of("date,co2\n19580329,316.1\n19580405,317.3\n").dates);
  CHECK(roles_of("date,co2\n1958-03-29,316.1\n1958-04-05,317.3\n").dates);
  CHECK(roles_of("# value_units = KM/S\n2450001 3.001 0.01\n2450002 3.002 0.01\n2450003 3.003 0.01\n").y_unit == "km/s");
  CHECK(roles_of("time,rv [m/s]\n1,15\n2,16\n").y_unit == "m/s");
  CHECK(roles_of("1 -5.1 .1\n2 -5.2 .1\n", {}, "lc_1.3444.614.R.mjd").y_label == "R magnitude");
  CHECK(roles_of("1 1.001\n2 1.002\n3 0.999\n").quantity == Quantity::flux);
}
