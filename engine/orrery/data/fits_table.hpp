#pragma once
#include <string>
#include <string_view>

#include "orrery/data/read_series.hpp"

#ifndef __wasi__
namespace orrery::data {

/// Reads the first table of a FITS file that has rows (binary or ASCII): every scalar column of numbers (TNULL and NaN count as
/// missing) and of text. Columns of vectors are left out, and a note says so. Goes through CFITSIO. Sizes promised by the header are
/// compared with the size of the file before anything is allocated.
/// @param bytes  the whole file
/// @param name   of the file, for messages
/// @throws InputError  "lc.fits: the file is truncated: ...", no table, a header that CFITSIO refuses, more than 2^31 - 1 rows
/// @cost O(bytes) time and memory. CFITSIO is called by one thread at a time.
/// @source FITS standard 4.0 (Pence et al. 2010, A&A 524, A42)
[[nodiscard]] Table read_fits_table(std::string_view bytes, std::string_view name);

/// The same from a file; the path is taken as it is (no extended file names).
[[nodiscard]] Table read_fits_table_file(const std::string& path);

/// Reads a series from a FITS table by column names, as read_series does. Kepler, K2 and TESS light curves: TIME, PDCSAP_FLUX (SAP_FLUX
/// when PDCSAP_FLUX is absent or empty) with its error, rows with SAP_QUALITY or QUALITY = 0 only; the time label is made from
/// BJDREFI + BJDREFF ("BJD - 2454833"), the name is OBJECT.
/// @throws InputError  as read_fits_table; no time or value column (the message lists the columns)
[[nodiscard]] ReadResult read_fits_series(std::string_view bytes, std::string_view name, const ReadOptions& options = {});

/// The same from a file.
[[nodiscard]] ReadResult read_fits_series_file(const std::string& path, const ReadOptions& options = {});

}  // namespace orrery::data
#endif
