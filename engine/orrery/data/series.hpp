#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "orrery/core/index.hpp"

namespace orrery {

/// Read-only view of a series of measurements: what every time-series method takes.
struct SeriesView {
  std::span<const double> t;      ///< (N,) times [day], any order unless the method says otherwise
  std::span<const double> y;      ///< (N,) values [u]
  std::span<const double> sigma;  ///< (N,) standard errors [u], or empty: equal and unknown

  [[nodiscard]] Index size() const noexcept { return ssize(t); }
};

/// Checks that a series can be used: equal lengths, at least `minimum` points, every value finite, every sigma > 0.
/// Says the first index that is wrong and how many are. Does nothing when all is well.
/// @throws InputError  naming `where`
/// @cost O(N)
void require_usable(const SeriesView& series, Index minimum, const char* where);

namespace data {

/// What the values of a series are; decides which way up they are drawn and how they are labelled.
enum class Quantity { magnitude, flux, velocity, other };

/// A series that owns its columns, with what a reader learned about it.
struct Series {
  std::vector<double> t;                ///< (N,) [time_unit], finite, ascending after a reader
  std::vector<double> y;                ///< (N,) [y_unit], finite
  std::vector<double> sigma;            ///< (N,) [y_unit], > 0; or empty
  std::vector<std::int32_t> band;       ///< (N,) position in band_names; or empty when there is one band
  std::vector<std::string> band_names;  ///< at least one name when band is not empty
  std::string name;                     ///< of the object or file
  std::string time_label = "time";      ///< "MJD", "BJD - 2454833", ...
  std::string time_unit = "day";        ///< "day", or "year" for series in calendar years; t is in this unit
  std::string y_label = "value";        ///< "g magnitude", "flux", ...
  std::string y_unit;                   ///< "mag", "e-/s", "m/s", "" when not known
  Quantity quantity = Quantity::other;

  [[nodiscard]] Index size() const noexcept { return ssize(t); }
  [[nodiscard]] SeriesView view() const noexcept { return {t, y, sigma}; }
  [[nodiscard]] Index bands() const noexcept { return band_names.empty() ? 1 : ssize(band_names); }
};

/// The rows whose band is `band` (all rows when the series has no band column). @cost O(N)
[[nodiscard]] Series select_band(const Series& series, Index band);

/// The rows for which keep[i] != 0. keep.size() must be N. @throws InputError on another length. @cost O(N)
[[nodiscard]] Series select_rows(const Series& series, std::span<const std::uint8_t> keep);

}  // namespace data
}  // namespace orrery
