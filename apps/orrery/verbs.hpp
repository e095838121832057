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
  std::string band, method = "fast", alarm = "baluev";
  Index resamples = 1000;
  std::uint64_t seed = 0;
  bool smooth = false, fixed_mean = false, as_json = false, as_csv = false, curve = false, quiet = false;
};
[[nodiscard]] int periodogram(const PeriodogramFlags& flags);
/// The same by a statistic of the folded series, when --method names one; of a series that periodogram has read.
[[nodiscard]] int statistic(const PeriodogramFlags& flags, const data::ReadResult& read, const data::Series& series);

/// orrery transits FILE
struct TransitsFlags {
  std::string file;
  ReadFlags read;
  std::vector<double> duration;  // none: those of orbits around the star
  double detrend = 0.0, min_period = 0.0, max_period = 0.0, min_transits = 3.0, star_radius = 1.0, star_mass = 1.0, exposure = -1.0;
  std::string search = "auto", grid = "kepler", method = "bls";
  Index planets = 3;
  bool as_json = false, quiet = false;
};
[[nodiscard]] int transits(const TransitsFlags& flags);
/// orrery transits FILE --method tls
[[nodiscard]] int planets(const TransitsFlags& flags);

/// orrery completeness FILE
struct CompletenessFlags {
  std::string file, kind = "transit", method, shape, band;
  ReadFlags read;
  std::vector<double> period, size;  // low, high, cells; none: chosen
  Index trials = 10, control = 100;
  std::uint64_t seed = 0;
  double threshold = 0.0, false_alarm = 0.01, tolerance = 0.01, control_block = 0.0, detrend = 0.0, star_radius = 1.0, star_mass = 1.0;
  int harmonics = 1, threads = 0;
  bool as_json = false, with_trials = false, quiet = false;
};
[[nodiscard]] int completeness(const CompletenessFlags& flags);

/// orrery rrlyrae FILE
struct RrLyraeFlags {
  std::string file, templates, amplitudes = "free";
  ReadFlags read;
  double min_period = 0.23, max_period = 0.95, floor = 0.02;
  bool as_json = false, curve = false, quiet = false;
};
[[nodiscard]] int rr_lyrae(const RrLyraeFlags& flags);

/// orrery autocorrelation FILE
struct AutocorrelationFlags {
  std::string file, method = "regular";
  ReadFlags read;
  double step = 0.0, max_lag = 0.0, min_period = 0.0, detrend = 0.0, clip = 0.0;
  bool as_json = false, curve = false, quiet = false;
};
[[nodiscard]] int autocorrelation(const AutocorrelationFlags& flags);

/// orrery prewhiten FILE
struct PrewhitenFlags {
  std::string file, band;
  ReadFlags read;
  Index modes = 20;
  double snr = 4.0, false_alarm = 0.0, min_period = 0.0, max_period = 0.0, oversampling = 5.0, noise_box = 0.0;
  bool as_json = false, as_csv = false, curve = false, quiet = false;
};
[[nodiscard]] int prewhiten(const PrewhitenFlags& flags);

/// orrery wavelet FILE
struct WaveletFlags {
  std::string file;
  ReadFlags read;
  double min_period = 0.0, max_period = 0.0, decay = 0.0125;
  Index frequencies = 200, times = 100;
  bool as_json = false, map = false, quiet = false;
};
[[nodiscard]] int wavelet(const WaveletFlags& flags);

/// orrery features FILE
struct FeaturesFlags {
  std::string file, set = "all";
  ReadFlags read;
  std::vector<std::string> names;
  long bootstrap = 0;
  unsigned long long seed = 1;
  bool no_periodic = false, transient = false, as_json = false, as_csv = false, quiet = false;
};
[[nodiscard]] int features(const FeaturesFlags& flags);

/// orrery flatten FILE
struct FlattenFlags {
  std::string file, output, method = "biweight";
  ReadFlags read;
  double window = 0.0, break_tolerance = -1.0, edge_cutoff = 0.0, tuning = 0.0;
  std::vector<double> transit;
  bool quiet = false;
};
[[nodiscard]] int flatten(const FlattenFlags& flags);

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
