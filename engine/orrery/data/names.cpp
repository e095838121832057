// What column names mean: the words that surveys and programs use for time, value, error and band.
#include <algorithm>

#include "orrery/data/roles.hpp"
#include "orrery/data/roles_detail.hpp"

namespace orrery::data {
namespace {

using Role = NameMeaning::Role;

struct Word {
  std::string_view text;
  int rank;
};

constexpr Word kTimes[] = {{"bjd", 1},     {"hjd", 1},      {"mjd", 1},     {"jd", 1},      {"rjd", 1},    {"bkjd", 1},   {"btjd", 1},
                           {"jdb", 1},     {"bmjd", 1},     {"tjd", 1},     {"time", 2},    {"t", 2},      {"times", 2},  {"obstime", 2},
                           {"timestamp", 2}, {"days", 3},   {"day", 3},     {"date", 4},    {"dates", 4},  {"dateobs", 4}, {"year", 4},
                           {"yr", 4},      {"years", 4},    {"epoch", 5},   {"x", 6}};

struct ValueWord {
  std::string_view text;
  Quantity quantity;
  std::string_view keyword;
  int rank;
  bool joins_band;  // "magR", "gmag" are this word and a band
};

constexpr ValueWord kValues[] = {
    {"pdcsapflux", Quantity::flux, "pdcsapflux", 1, false}, {"magnitude", Quantity::magnitude, "mag", 2, true},
    {"psfmag", Quantity::magnitude, "mag", 2, true},        {"mag", Quantity::magnitude, "mag", 2, true},
    {"mags", Quantity::magnitude, "mag", 2, false},         {"flux", Quantity::flux, "flux", 3, true},
    {"fluxes", Quantity::flux, "flux", 3, false},           {"sapflux", Quantity::flux, "sapflux", 4, false},
    {"relflux", Quantity::flux, "flux", 3, false},          {"normflux", Quantity::flux, "flux", 3, false},
    {"counts", Quantity::flux, "counts", 5, false},         {"rate", Quantity::flux, "rate", 5, false},
    {"rv", Quantity::velocity, "rv", 2, false},             {"vel", Quantity::velocity, "vel", 2, false},
    {"mnvel", Quantity::velocity, "vel", 2, false},         {"vrad", Quantity::velocity, "vrad", 2, false},
    {"velocity", Quantity::velocity, "vel", 2, false},      {"radvel", Quantity::velocity, "vel", 2, false},
    {"radialvelocity", Quantity::velocity, "vel", 2, false}, {"rvel", Quantity::velocity, "vel", 2, false},
    {"y", Quantity::other, "y", 6, false},                  {"value", Quantity::other, "y", 6, false},
    {"val", Quantity::other, "y", 6, false},                {"signal", Quantity::other, "y", 6, false},
    {"m", Quantity::magnitude, "mag", 7, false},            {"f", Quantity::flux, "flux", 7, false}};

constexpr Word kBands[] = {{"band", 1}, {"filter", 1}, {"filt", 1}, {"fid", 1}, {"passband", 1}, {"bandpass", 1}, {"flt", 1}, {"filtername", 1},
                           {"instrument", 2}, {"inst", 2}, {"tel", 2}, {"telescope", 2}};

constexpr std::string_view kQuality[] = {"quality", "sapquality", "qualityflag"};

constexpr std::string_view kErrorWords[] = {"uncertainty", "error", "sigma", "stderr", "unc", "err", "std", "sig"};

constexpr std::string_view kErrorPieces[] = {"uncertainty", "error", "sigma", "err", "er", "sig", "e", "d", "s"};

constexpr std::string_view kPhotometricBands[] = {"u", "g", "r", "i", "z", "y", "U", "B", "V", "R", "I", "J", "H", "K", "Ks", "G",
                                                  "BP", "RP", "W1", "W2", "W3", "W4", "Y", "Z", "Kp", "c", "o", "w"};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
bool letter_or_digit(char c) { return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80; }

// A name without its unit, cut at everything that is neither letter nor digit.
struct Cut {
  std::vector<std::string> parts;  // as written
  std::string joined;              // lower case, all parts together
};

Cut cut_name(std::string_view name) {
  name = name.substr(0, name.find_first_of("([{"));
  Cut cut;
  bool inside = false;
  for (const char c : name) {
    if (!letter_or_digit(c)) {
      inside = false;
      continue;
    }
    if (!inside) cut.parts.emplace_back();
    inside = true;
    cut.parts.back().push_back(c);
    cut.joined.push_back(lower(c));
  }
  return cut;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const auto& part : parts) out += part;
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

const ValueWord* value_word(std::string_view joined_name) {
  for (const auto& word : kValues) {
    if (word.text == joined_name) return &word;
  }
  return nullptr;
}

NameMeaning as_value(const ValueWord& word, std::string band) {
  return {.role = Role::value, .rank = word.rank, .quantity = word.quantity, .keyword = std::string(word.keyword), .band = std::move(band)};
}

// "mag", "mag_g", "g_mag", "MagR", "gmag": a value word with or without a band.
NameMeaning value_meaning(const std::vector<std::string>& parts) {
  if (parts.empty()) return {};
  if (const auto* word = value_word(joined(parts))) return as_value(*word, "");
  if (parts.size() >= 2) {
    const std::vector<std::string> head(parts.begin(), parts.end() - 1);
    const std::vector<std::string> tail(parts.begin() + 1, parts.end());
    if (const auto* word = value_word(joined(head)); word && parts.back().size() <= 8) return as_value(*word, parts.back());
    if (const auto* word = value_word(joined(tail)); word && parts.front().size() <= 8) return as_value(*word, parts.front());
    return {};
  }
  const std::string& name = parts.front();
  const std::string small = joined(parts);
  for (const auto& word : kValues) {
    if (!word.joins_band || small.size() <= word.text.size() || small.size() > word.text.size() + 2) continue;
    const std::size_t rest = small.size() - word.text.size();
    const std::string before = name.substr(0, rest);
    const std::string after = name.substr(word.text.size());
    if (small.compare(0, word.text.size(), word.text) == 0 && detail::is_photometric_band(after)) return as_value(word, after);
    if (small.compare(rest, word.text.size(), word.text) == 0 && detail::is_photometric_band(before)) return as_value(word, before);
  }
  return {};
}

NameMeaning as_error(NameMeaning of, int rank) {
  of.role = Role::error;
  of.rank = rank;
  return of;
}

// The rest of an error's name: nothing, a value word, or a band.
bool error_of(const std::vector<std::string>& rest, NameMeaning& meaning) {
  if (rest.empty()) {
    meaning = {.role = Role::error, .rank = 3};
    return true;
  }
  if (const auto value = value_meaning(rest); value.role == Role::value) {
    meaning = as_error(value, value.rank);
    return true;
  }
  if (rest.size() == 1 && detail::is_photometric_band(rest.front())) {
    meaning = {.role = Role::error, .rank = 3, .band = rest.front()};
    return true;
  }
  return false;
}

// Takes an error word off the beginning or the end of one part. A single letter must stand before a value word, an e also before a band.
bool strip_error(const std::vector<std::string>& parts, std::size_t i, std::string_view word, NameMeaning& meaning) {
  const std::string part = joined({parts[i]});
  if (part.size() <= word.size()) return false;
  auto rest = parts;
  const bool letter = word.size() == 1;
  if (part.compare(0, word.size(), word) == 0) {
    rest[i] = parts[i].substr(word.size());
    if (error_of(rest, meaning) && (!letter || (meaning.keyword.empty() ? word == "e" : meaning.band.empty()))) return true;
  }
  if (letter || part.compare(part.size() - word.size(), word.size(), word) != 0) return false;
  rest[i] = parts[i].substr(0, parts[i].size() - word.size());
  return error_of(rest, meaning);
}

// The parts without an error word at their beginning or end: "e_mag", "mag_err", "magerr", "ErMagR", "PDCSAP_FLUX_ERR", "svrad", "dy".
NameMeaning error_meaning(const std::vector<std::string>& parts) {
  NameMeaning meaning;
  if (parts.empty()) return {};
  const std::string first = joined({parts.front()});
  const std::string last = joined({parts.back()});
  for (const auto word : kErrorWords) {
    if (first == word && error_of({parts.begin() + 1, parts.end()}, meaning)) return meaning;
    if (last == word && error_of({parts.begin(), parts.end() - 1}, meaning)) return meaning;
    for (std::size_t i = 1; i + 1 < parts.size(); ++i) {  // mag_err_g
      if (joined({parts[i]}) != word) continue;
      auto rest = parts;
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
      if (error_of(rest, meaning)) return meaning;
    }
  }
  const bool letter = first == "e" || first == "d" || first == "s";
  if (parts.size() >= 2 && letter && error_of({parts.begin() + 1, parts.end()}, meaning)) return meaning;
  for (const bool with_value : {true, false}) {  // "ErRV" is an error of rv, not one of band V
    for (const auto word : kErrorPieces) {
      for (std::size_t i = 0; i < parts.size(); ++i) {
        if (strip_error(parts, i, word, meaning) && (!with_value || !meaning.keyword.empty())) return meaning;
      }
    }
  }
  return {};
}

NameMeaning time_meaning(const Cut& cut) {
  for (const auto& word : kTimes) {
    if (cut.joined == word.text) return {.role = Role::time, .rank = word.rank};
  }
  for (std::size_t i = 0; i < cut.parts.size(); ++i) {  // "BJD_TDB", "HJD-2450000", "obs_mjd", "mjd_g"
    const std::string part = joined({cut.parts[i]});
    for (const auto& word : kTimes) {
      if (part != word.text) continue;
      const std::string band = cut.parts.size() == 2 && detail::is_photometric_band(cut.parts[1 - i]) ? cut.parts[1 - i] : "";
      if (part.size() < 2 && band.empty()) continue;
      return {.role = Role::time, .rank = word.rank + (word.rank > 1 ? 1 : 0), .band = band};
    }
  }
  for (const std::string_view start : {"bjd", "hjd", "mjd", "obsmjd", "jd24"}) {
    if (cut.joined.compare(0, start.size(), start) == 0) return {.role = Role::time, .rank = 2};
  }
  return {};
}

}  // namespace

bool detail::is_photometric_band(std::string_view text) {
  return std::find(std::begin(kPhotometricBands), std::end(kPhotometricBands), text) != std::end(kPhotometricBands);
}

NameMeaning meaning_of_name(std::string_view name) {
  const Cut cut = cut_name(name);
  if (cut.parts.empty()) return {};
  for (const auto& word : kBands) {
    if (cut.joined == word.text) return {.role = Role::band, .rank = word.rank};
  }
  for (const auto word : kQuality) {
    if (cut.joined == word) return {.role = Role::quality, .rank = 1};
  }
  if (auto meaning = error_meaning(cut.parts); meaning.role != Role::none) return meaning;
  if (auto meaning = value_meaning(cut.parts); meaning.role != Role::none) return meaning;
  if (auto meaning = time_meaning(cut); meaning.role != Role::none) return meaning;
  const bool rare = cut.joined == "c" || cut.joined == "o" || cut.joined == "w";  // by themselves these letters mean other things
  if (cut.parts.size() == 1 && !rare && detail::is_photometric_band(cut.parts[0])) {
    return {.role = Role::value, .rank = 9, .quantity = Quantity::magnitude, .keyword = "", .band = cut.parts[0]};
  }
  return {};
}

}  // namespace orrery::data
