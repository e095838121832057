#pragma once
// Tables of stars for the Hess diagram: quantities one can plot, and a synthetic population for when no file is there.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/data/table.hpp"

namespace orrery::figures::book {

/// One quantity of a table: a column, or the difference of two (a colour).
struct Quantity {
  std::string name;    ///< what the user chooses: "g-r", "r", "ra"
  std::string column;  ///< column of the table
  std::string minus;   ///< column subtracted; empty: none
  bool magnitude = false;  ///< a magnitude: drawn upside down
  bool color = false;
};

/// What a table offers: colours and magnitudes when it has SDSS bands (names dered_g, mag_g, psfMag_g, modelMag_g or g; likewise u, r,
/// i, z), then every other column of numbers.
/// @param corrected  prefer dereddened magnitudes (dered_) where there are both
[[nodiscard]] std::vector<Quantity> quantities_of(const data::Table& table, bool corrected);

/// True when the table has both kinds of magnitudes.
[[nodiscard]] bool has_both_magnitudes(const data::Table& table);

/// Values of a quantity, NaN where one is missing. (N,)
[[nodiscard]] std::vector<double> values_of(const data::Table& table, const Quantity& quantity);

/// A made-up field of stars at high Galactic latitude with the columns of an SDSS table: dered_u ... dered_z and mag_u ... mag_z. It is
/// no survey and no Galaxy model: a third halo stars at the blue turn-off g-r = 0.3, a quarter disc stars spread over the main
/// sequence, the rest red dwarfs at g-r = 1.4; numbers rise with r up to 21.5; the other colours follow smooth curves of g-r (the
/// stellar locus) with 0.03 mag of scatter; errors are 0.015 mag and grow beyond r = 20; E(B-V) lies between 0.02 and 0.06.
/// @cost O(n), about 0.2 us a star
[[nodiscard]] data::Table synthetic_stars(Index n, std::uint64_t seed);

}  // namespace orrery::figures::book
