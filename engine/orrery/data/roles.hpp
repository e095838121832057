#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "orrery/data/series.hpp"
#include "orrery/data/table.hpp"

namespace orrery::data {

/// What the user says about the columns; whatever is not said is found. A column is given by its name (upper and lower case are
/// one) or by its 1-based number ("3"). "none" for error or band: there is no such column.
struct RoleOptions {
  std::optional<std::string> time;
  std::optional<std::string> value;
  std::optional<std::string> error;
  std::optional<std::string> band;
  std::optional<Quantity> quantity;  ///< magnitude, flux, velocity or other
};

/// The columns of one band. A wide table has one such group a band, a long table has a single group.
struct BandColumns {
  std::string band;  ///< "" when the file does not say
  Index time = -1;
  Index value = -1;
  Index error = -1;  ///< -1: no errors
};

/// Which column plays which part, with the labels that follow from it. Positions are those of the file's columns.
struct Roles {
  std::vector<BandColumns> groups;  ///< at least one
  Index band = -1;                  ///< column that names the band of each row; -1: none
  Index quality = -1;               ///< column of quality flags, 0 = good; -1: none
  bool dates = false;               ///< times are calendar dates (2018-10-07, 19580329), read as MJD
  Quantity quantity = Quantity::other;
  std::string time_label = "time";
  std::string time_unit = "day";
  std::string y_label = "value";
  std::string y_unit;
  std::vector<std::string> notes;   ///< plain sentences: every choice that the file itself does not state
};

/// What a column name means by itself.
struct NameMeaning {
  enum class Role { none, time, value, error, band, quality } role = Role::none;
  int rank = 0;         ///< lower is surer: the lowest wins among several columns of one role
  Quantity quantity = Quantity::other;
  std::string keyword;  ///< what an error and its value have in common: "mag", "flux", "rv"; "" = any
  std::string band;     ///< "g" in "mag_g", "gmag", "e_gmag", "MagG"; "" = none
};

/// Reads a column name: mjd, hjd, bjd, jd, time, t, date, year; mag, flux, pdcsap_flux, rv, vel, y; err, magerr, e_mag, sigma, dy,
/// PDCSAP_FLUX_ERR; band, filter, fid, passband, instrument, tel; quality. Units in brackets and offsets ("HJD-2450000") may follow.
[[nodiscard]] NameMeaning meaning_of_name(std::string_view name);

/// Finds the roles of the columns from their names or, without a header, from how they behave:
///   - time: values like JD (2.4e6 to 2.5e6) or MJD (4e4 to 7e4), or else nearly ascending; the leftmost of the best;
///   - value: the first number column after it that is not constant; error: the next one, when it is positive and small against
///     the values or their scatter; band: a later column of text or whole numbers with 2 to 12 different values;
///   - several columns like JD or MJD in steps of three: (time, value, error) a band; five of them are u g r i z (SDSS Stripe 82).
/// Quantity and units come from the header, the comments ("value_units = KM/S"), the name of the file (.rv, .vels: velocities;
/// MACHO, EROS and OGLE names: magnitudes) and, last, from the values; each guess is noted.
/// @param sample  the first rows with all columns of the file
/// @param name    of the file
/// @throws InputError  no time or no value column: the message lists the columns and says which option to give
/// @cost O(rows columns)
[[nodiscard]] Roles find_roles(const Table& sample, std::string_view name, const RoleOptions& options = {});

}  // namespace orrery::data
