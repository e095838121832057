// Any bytes: a usable series or one InputError; what was read survives the page's own format.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "orrery/core/error.hpp"
#include "orrery/data/number.hpp"
#include "orrery/data/read_series.hpp"

using namespace orrery;
using namespace orrery::data;

namespace {

void require(bool good) {
  if (!good) std::abort();
}

ReadOptions options_of(std::uint8_t choice) {
  ReadOptions options;
  if ((choice & 1) != 0) options.time = "1";
  if ((choice & 2) != 0) options.value = "2";
  if ((choice & 4) != 0) options.error = (choice & 8) != 0 ? "none" : "3";
  if ((choice & 16) != 0) options.band = (choice & 8) != 0 ? "none" : "4";
  if ((choice & 32) != 0) options.time_offset = 2400000.5;
  options.keep_flagged = (choice & 64) != 0;
  return options;
}

void check(const ReadResult& result) {
  const Series& s = result.series;
  require_usable(s.view(), 2, "fuzz");
  for (std::size_t i = 1; i < s.t.size(); ++i) require(s.t[i - 1] <= s.t[i]);
  require(s.band.empty() || s.band.size() == s.t.size());
  for (const auto band : s.band) require(band >= 0 && band < ssize(s.band_names));
  require(result.report.n_used == s.size());
  require(result.report.n_used + result.report.n_dropped() == result.report.n_measurements);
  for (const auto& name : s.band_names) require(valid_text(name) == name);  // or JSON would stumble
  for (const auto& note : result.report.notes) require(valid_text(note) == note && note.find('\n') == std::string::npos);
  require(result.report.summary().find('\n') == std::string::npos);
}

void check_round_trip(const Series& s) {
  const Series back = read_series(write_series_csv(s), "back").series;
  require(back.t == s.t && back.y == s.y && back.sigma == s.sigma && back.quantity == s.quantity);
  std::set<std::string> names;  // control characters become blanks: two names may become one
  for (const auto& name : s.band_names) {
    if (name.find_first_not_of(" \t") != std::string::npos) names.insert(name);
    for (const char c : name) {
      if (static_cast<unsigned char>(c) < 32 || c == ' ') return;
    }
  }
  if (names.size() == s.band_names.size()) require(back.band == s.band && back.band_names == s.band_names);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (bytes.substr(0, 9) == "SIMPLE  =") return 0;  // fuzz_fits_table
  ReadResult result;
  try {
    result = read_series(bytes, "fuzz.csv", options_of(data[0]));
  } catch (const InputError& error) {
    require(std::string_view(error.what()).find('\n') == std::string_view::npos);
    return 0;
  }
  check(result);
  check_round_trip(result.series);  // must not throw
  return 0;
}
