#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "orrery/core/task.hpp"
#include "orrery/data/layout.hpp"
#include "orrery/data/table.hpp"

namespace orrery::data {

/// What a parser keeps of a column of the file.
enum class Keep : std::uint8_t { skip, number, text, date };

/// Reads the rows of a text table handed over in pieces that may be cut anywhere. Only the kept columns are stored, so the memory is
/// that of the result and of one line. Comment lines and rules are passed over. Missing values (is_missing_word) become NaN
/// or "" and are counted. Every message names file, line and column.
///   - A row with another number of fields than the others stops the reading ("star.csv:17: expected 4 fields, got 3"), but for the
///     last row of the file when it has too few: that one is torn, is dropped, and its line is told in the notes.
///   - A field that is no number in a kept number column stops the reading ("star.csv:17: column 'mag': expected a number, got 'abc'").
///   - An empty field behind a last delimiter is not counted.
class DelimitedParser {
 public:
  /// @param layout  from find_layout
  /// @param name    of the file, for messages
  /// @param keep    one a column of the layout
  /// @param rows    expected number of rows, to reserve memory; 0 = not known
  DelimitedParser(Layout layout, std::string name, std::vector<Keep> keep, Index rows = 0);
  ~DelimitedParser();
  DelimitedParser(DelimitedParser&&) noexcept;

  /// Reads the next bytes, which begin at Layout::data_offset.
  /// @throws InputError  a bad row (above), a line longer than 1 MiB, more than 2^31 - 1 rows
  /// @cost   O(bytes), about 3 ns a byte
  void feed(std::string_view bytes);

  /// Reads the last line, if the file did not end it, and gives the table of the kept columns in the file's order.
  /// @throws InputError  as feed; no rows at all
  [[nodiscard]] Table finish();

  [[nodiscard]] Index rows() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Where bytes come from, piece by piece.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// The next bytes, valid until the next call; empty at the end. @throws InputError (io) when reading fails
  virtual std::string_view next() = 0;
  /// All bytes there will be, or 0 when not known.
  [[nodiscard]] virtual std::size_t size() const = 0;
  /// True when everything has been handed out.
  [[nodiscard]] virtual bool at_end() const = 0;
};

/// Bytes in memory, in pieces of 1 MiB. The buffer must outlive it.
[[nodiscard]] std::unique_ptr<ByteSource> memory_source(std::string_view bytes);

#ifndef __wasi__
/// A file, read in pieces of 1 MiB. @throws InputError (io) when it cannot be opened or is a folder
[[nodiscard]] std::unique_ptr<ByteSource> file_source(const std::string& path);
#endif

/// Chooses what to keep: one Keep a column, from the layout and the first rows.
using Choose = std::function<std::vector<Keep>(const Layout& layout, const Table& sample)>;

/// Finds the layout, lets `choose` say what to keep, and reads all rows. Pauses after every 64 kB; progress is bytes read.
/// @throws InputError  as find_layout and DelimitedParser
[[nodiscard]] Task<Table> read_text_task(Budget& budget, ByteSource& source, std::string name, Choose choose);

struct TableOptions {
  std::vector<std::string> columns;  ///< names or 1-based numbers to keep; empty = all
  bool sentinels = true;             ///< take far-off all-nines numbers for missing: mark_sentinels
};

/// Says how far a reading is (fraction in [0, 1], a few words); answers false to stop it.
using Progress = std::function<bool(double fraction, std::string_view words)>;

/// Reads a plain table from a buffer: every column whose first values are numbers as numbers, others as text.
/// @param bytes  CSV, TSV, ECSV, IPAC, blank-, semicolon- or bar-separated text
/// @param name   of the file, for messages
/// @throws InputError  as find_layout and DelimitedParser; a column in `options` that is not there
/// @cost O(bytes) time, memory of the kept columns
[[nodiscard]] Table read_table(std::string_view bytes, std::string_view name, const TableOptions& options = {});

#ifndef __wasi__
/// The same from a file in bounded memory: the columns kept and 1 MiB. Stops when `progress` answers false.
/// @throws InputError  also (io) when the file cannot be read, (limit) when stopped
[[nodiscard]] Table read_table_file(const std::string& path, const TableOptions& options = {}, const Progress& progress = {});
#endif

/// Runs a job to its end in slices of 50 ms with a word to `progress` between them.
/// @throws InputError (limit) when progress answers false
template <class T>
[[nodiscard]] T run_with_progress(Budget& budget, Task<T> task, const std::string& name, const Progress& progress);

namespace detail {
[[noreturn]] void stopped(const std::string& name, double fraction);
}

template <class T>
T run_with_progress(Budget& budget, Task<T> task, const std::string& name, const Progress& progress) {
  Job<T> job(budget, std::move(task));
  if (!progress) {
    job.step();
    return job.result();
  }
  while (!job.step(50.0)) {
    if (!progress(budget.fraction(), budget.words())) detail::stopped(name, budget.fraction());
  }
  return job.result();
}

}  // namespace orrery::data
