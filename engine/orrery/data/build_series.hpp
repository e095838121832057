#pragma once
// From columns and their roles to a series with its report: shared by the text and the FITS readers.
#include "orrery/data/read_series.hpp"

namespace orrery::data::detail {

/// The columns of one band, ready to be used. `error` may be empty; all others have one length.
struct Measured {
  std::string band;
  std::vector<double> time;
  std::vector<double> value;
  std::vector<double> error;
};

/// Everything a reader found. `band` holds the band of each row when there is one group and a band column; `quality` the flags.
struct Raw {
  std::string name;  ///< of the file, for messages
  Index rows = 0;
  std::vector<Measured> groups;
  const Column* band = nullptr;
  const Column* quality = nullptr;
  bool band_by_option = false;
  bool sentinels = true;  ///< look for numbers that stand for "missing"
};

/// Drops, counts, sorts and labels. `result` comes with labels, columns, format and notes filled in.
/// @throws InputError  fewer than 2 usable measurements; a band column with more than 64 bands
void build_series(ReadResult& result, Raw raw, const ReadOptions& options);

/// A column of numbers as words, for bands written as numbers in a binary table.
[[nodiscard]] Column as_words(const Column& column);

/// The file's name without folder and extension.
[[nodiscard]] std::string stem_of(std::string_view name);

/// Puts back what write_series_csv wrote into the comments; false when the comments are no such head.
bool restore_labels(Series& series, const std::vector<std::string>& comments);

/// Gives the bands of a series the order they were written in.
void order_bands(Series& series, std::vector<std::string> order);

}  // namespace orrery::data::detail
