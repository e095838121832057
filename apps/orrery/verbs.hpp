#pragma once
#include <optional>
#include <string>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/data/read_series.hpp"
#include "orrery/read_flags.hpp"

namespace orrery::app {

/// Exit codes: 0 done, 1 could not (a file cannot be written, a port is taken, stopped by the user), 2 wrong input.
inline constexpr int kDone = 0;
inline constexpr int kCouldNot = 1;
inline constexpr int kWrongInput = 2;

// Each verb: what its flags say, and what it does. The flags themselves are declared in command_line.cpp. A verb returns an exit
// code or throws; main turns what is thrown into one line.

/// orrery figures [--json]
[[nodiscard]] int list_figures(bool as_json);

struct EvalFlags {
  std::string figure;
  std::vector<std::string> set, data;
  ReadFlags read;
  bool as_json = false, quiet = false;
};
[[nodiscard]] int evaluate_figure(const EvalFlags& flags);

struct PeriodogramFlags {
  std::string file;
  ReadFlags read;
  double min_period = 0.0, max_period = 0.0, oversampling = 5.0, clip = 0.0;
  std::optional<int> harmonics;  ///< none: 1, or what the statistic takes
  Index shuffles = 0;
  std::string band, method = "fast";
  bool fixed_mean = false, as_json = false, as_csv = false, curve = false, quiet = false;
};
[[nodiscard]] int periodogram(const PeriodogramFlags& flags);
/// The same by a statistic of the folded series, when --method names one; of a series that periodogram has read.
[[nodiscard]] int statistic(const PeriodogramFlags& flags, const data::ReadResult& read, const data::Series& series);

/// orrery transits FILE
struct TransitsFlags {
  std::string file;
  ReadFlags read;
  std::vector<double> duration{0.05, 0.1, 0.2, 0.4};
  double detrend = 0.0, min_period = 0.0, max_period = 0.0, min_transits = 3.0, star_radius = 1.0, star_mass = 1.0;
  std::string grid = "kepler";
  bool as_json = false, quiet = false;
};
[[nodiscard]] int transits(const TransitsFlags& flags);

struct ExportFlags {
  std::string what, output;
  std::vector<std::string> set, data;
  ReadFlags read;
};
[[nodiscard]] int export_page(const ExportFlags& flags);

/// orrery serve, orrery open FILE...
struct ServeFlags {
  std::string figure, token;
  std::vector<std::string> set, files;
  ReadFlags read;
  int port = 0;
  bool no_browser = false;
};
[[nodiscard]] int serve(const ServeFlags& flags);

/// A live session on standard input and output.
[[nodiscard]] int pipe();

}  // namespace orrery::app
