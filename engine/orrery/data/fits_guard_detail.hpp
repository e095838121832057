#pragma once
// A look at the headers of a FITS file before CFITSIO sees them: CFITSIO trusts a header more than a file from anywhere deserves
// (found by fuzz_fits_table: copies past fixed buffers), so only headers that follow the standard are handed on.
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "orrery/core/index.hpp"

namespace orrery::data::detail {

/// Reads `count` bytes at `offset` into `into`; answers how many there were.
using ReadAt = std::function<std::size_t(std::uint64_t offset, char* into, std::size_t count)>;

/// Where the first table with rows is.
struct FitsPlace {
  int hdu = 0;           ///< number of the HDU, the primary one is 1
  std::int64_t rows = 0;
  std::int64_t width = 0;  ///< bytes a row
  int columns = 0;
};

/// Walks the HDUs up to the first table with rows and checks every header on the way: printable cards, the mandatory keywords in their
/// order and ranges, formats of the columns that add up to the row, sizes that fit into the file.
/// @param size  of the file [bytes]
/// @throws InputError  "lc.fits: the file is truncated: ...", "lc.fits: extension 1: TFIELDS: expected 0 to 999, got ...", no table
/// @cost O(headers)
/// @source FITS standard 4.0, sections 3, 4 and 7
[[nodiscard]] FitsPlace find_fits_table(const ReadAt& read, std::uint64_t size, std::string_view name);

}  // namespace orrery::data::detail
