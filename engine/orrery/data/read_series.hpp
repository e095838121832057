#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "orrery/core/task.hpp"
#include "orrery/data/delimited.hpp"
#include "orrery/data/roles.hpp"
#include "orrery/data/series.hpp"

namespace orrery::data {

/// What the user may say about a file; all of it is found when it is not said. In the shell: --time, --value, --error, --band,
/// --time-offset. Columns by name or 1-based number; "none" for error or band when there is no such column.
struct ReadOptions {
  std::optional<std::string> time;
  std::optional<std::string> value;
  std::optional<std::string> error;
  std::optional<std::string> band;
  std::optional<Quantity> quantity;  ///< magnitude, flux, velocity or other
  double time_offset = 0.0;          ///< added to every time [unit of the times]; 2400000.5 makes JD of MJD
  double error_scale = 1.0;          ///< factor on every error; 0.001 for errors in m/s beside velocities in km/s
  bool keep_flagged = false;         ///< use rows whose quality flag is not 0

  [[nodiscard]] RoleOptions roles() const { return {.time = time, .value = value, .error = error, .band = band, .quantity = quantity}; }
};

/// Why measurements were left out, and how many.
struct Dropped {
  std::string reason;  ///< "missing value", "missing time", "missing error", "zero or negative error", "quality flag", "not finite", "missing band"
  Index count = 0;
};

/// What a reader did, for the user to see. n_measurements = n_used + the sum of `dropped`.
struct ReadReport {
  std::string format;            ///< "CSV", "ECSV", "FITS binary table", ...
  Index n_rows = 0;              ///< rows of the file
  Index n_measurements = 0;      ///< rows, or rows times bands when the bands stand side by side
  Index n_used = 0;
  std::vector<Dropped> dropped;  ///< only reasons that occurred
  Index duplicates = 0;          ///< measurements at the very time of an earlier one in the same band; they are kept
  bool was_sorted = true;        ///< the file was in order of time already
  std::string time_column;       ///< "column 1 'mjd'"; several are joined by commas
  std::string value_column;
  std::string error_column;      ///< "" when there is none
  std::string band_column;       ///< "" when there is none
  std::vector<std::string> notes;  ///< plain sentences: guesses, sentinels, torn line, constant values

  [[nodiscard]] Index n_dropped() const;
  /// "60 of 62 measurements used; 2 dropped (missing value)". Without end of line.
  [[nodiscard]] std::string summary() const;
};

struct ReadResult {
  Series series;
  ReadReport report;
};

/// Reads a series from a buffer: a text table (see find_layout), or natively a FITS table (see fits_table.hpp). Missing values are
/// never used: rows without time or value, and rows without error when the file has errors, are dropped and counted; so are
/// errors <= 0, numbers that stand for "missing" (mark_sentinels) and rows with a quality flag. An error column without a
/// single positive number is taken as absent. Times are sorted (stable); duplicate times are kept and counted.
/// A file written by write_series_csv comes back as the same series, bit for bit.
/// @param bytes    the file
/// @param name     of the file; its stem becomes Series::name, and it helps to guess the quantity
/// @return         series with at least 2 measurements, and the report
/// @throws InputError  "star.csv:17: column 'mag': expected a number, got 'abc'"; no time or value column (says which option to give);
///                     fewer than 2 usable measurements; FITS in wasm; everything find_layout and DelimitedParser refuse
/// @cost O(bytes) time; memory of the kept columns, and up to half as much for the checks at the end
[[nodiscard]] ReadResult read_series(std::string_view bytes, std::string_view name, const ReadOptions& options = {});

/// The same as a job in slices, for a page that must stay awake. `source` must outlive the task. Text tables only.
[[nodiscard]] Task<ReadResult> read_series_task(Budget& budget, ByteSource& source, std::string name, ReadOptions options);

#ifndef __wasi__
/// The same from a file: text is streamed (memory of the kept columns), FITS goes through CFITSIO.
/// @param progress  called every 50 ms; reading stops when it answers false
/// @throws InputError  also (io) when the file cannot be read, (limit) when stopped
[[nodiscard]] ReadResult read_series_file(const std::string& path, const ReadOptions& options = {}, const Progress& progress = {});
#endif

/// The series as text that read_series gives back identically: a few "# key: value" lines (name, labels, units, quantity, bands),
/// a header t,y[,sigma][,band], and numbers in the shortest form that reads back to the same double. Control characters in
/// names become blanks.
/// @cost O(N), about 1 us a row
[[nodiscard]] std::string write_series_csv(const Series& series);

/// "magnitude", "flux", "velocity" or "other", and back (nothing for another word).
[[nodiscard]] std::string_view quantity_name(Quantity quantity);
[[nodiscard]] std::optional<Quantity> quantity_of_name(std::string_view name);

}  // namespace orrery::data
