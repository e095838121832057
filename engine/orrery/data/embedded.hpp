#pragma once
#include <span>
#include <string_view>

#include "orrery/data/series.hpp"

namespace orrery::data {

/// A small real data set that the library carries with it, as the text of a CSV file that read_series reads without options.
/// The sources are data/<id>.csv; data/README.md tells where each is from, under which licence, and what is known about it.
struct EmbeddedSet {
  std::string_view id;        ///< "eros_cepheid"
  std::string_view title;     ///< "Cepheid lm0010n22323 (EROS-2)"
  std::string_view csv;       ///< the whole file
  Quantity quantity;          ///< what the values are
  double period;              ///< the known period [time_unit of the series: day, for the sunspots year]
  std::string_view citation;  ///< the survey or paper that the measurements come from
};

/// All embedded sets. The first is the default: a Cepheid in two bands with a period that no method misses.
/// @cost O(1); the text lives in the program
[[nodiscard]] std::span<const EmbeddedSet> embedded_sets();

}  // namespace orrery::data
