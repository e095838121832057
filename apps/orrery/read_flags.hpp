#pragma once
#include <CLI/CLI.hpp>

#include <string>

#include "orrery/data/read_series.hpp"

namespace orrery::app {

/// The flags that overrule what the reader finds by itself.
struct ReadFlags {
  std::string time, value, error, band_column;
  double time_offset = 0.0;

  /// `band_flag`: "--band,--band-column", or only the latter where --band chooses a band.
  void add_to(CLI::App& verb, const char* band_flag = "--band,--band-column") {
    verb.add_option("--time", time, "column of times: a name, or a number from 1");
    verb.add_option("--value", value, "column of values (magnitude, flux, velocity)");
    verb.add_option("--error", error, "column of standard errors");
    verb.add_option(band_flag, band_column, "column that names the band");
    verb.add_option("--time-offset", time_offset, "days added to the times");
  }
  [[nodiscard]] data::ReadOptions options() const {
    data::ReadOptions o;
    if (!time.empty()) o.time = time;
    if (!value.empty()) o.value = value;
    if (!error.empty()) o.error = error;
    if (!band_column.empty()) o.band = band_column;
    o.time_offset = time_offset;
    return o;
  }
};

}  // namespace orrery::app
