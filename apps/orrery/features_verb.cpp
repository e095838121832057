// orrery features FILE, orrery flatten FILE
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/data/read_series.hpp"
#include "orrery/features/features.hpp"
#include "orrery/json_output.hpp"
#include "orrery/progress.hpp"
#include "orrery/stats/detrend.hpp"
#include "orrery/verbs.hpp"

namespace orrery::app {
namespace {

using nlohmann::json;

json finite(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }

features::FeatureOptions options_of(const FeaturesFlags& flags) {
  features::FeatureOptions options{.names = flags.names, .periodic = !flags.no_periodic, .transient = flags.transient,
                                   .bootstrap = flags.bootstrap, .seed = flags.seed};
  if (flags.set == "light-curve") options.sets = features::kLightCurve;
  if (flags.set == "fats") options.sets = features::kFats;
  if (flags.set == "cesium") options.sets = features::kCesium;
  return options;
}

/// y in the unit of the file, t in that of its times.
std::string unit_text(const std::string& unit, const data::Series& series) {
  std::string out;
  for (const char c : unit) {
    if (c == 'y') {
      out += series.y_unit.empty() ? "y" : series.y_unit;
    } else if (c == 't' && unit != "sqrt(t)" && unit.find("sqrt") == std::string::npos) {
      out += series.time_unit;
    } else {
      out += c;
    }
  }
  return out == "1" ? "" : out;
}

void print_features(const features::FeatureValues& f, const data::ReadResult& read, const FeaturesFlags& flags) {
  const bool errors = !f.error.empty();
  if (flags.as_csv) fmt::print("name,value{},unit,reason\n", errors ? ",error" : "");
  for (std::size_t k = 0; k < f.names.size(); ++k) {
    const std::string unit = unit_text(f.units[k], read.series), why = features::reason_text(f.reason[k]);
    if (flags.as_csv) {
      fmt::print("{},{}{},{},\"{}\"\n", f.names[k], number_text(f.value[k]), errors ? "," + number_text(f.error[k]) : "", unit, why);
    } else {
      const std::string value = std::isnan(f.value[k]) ? "-" : number_text(f.value[k], 7);
      fmt::print("{:<42} {:>14}{} {}{}\n", f.names[k], value, errors ? fmt::format(" +- {:<10}", number_text(f.error[k], 2)) : "", unit,
                 why.empty() ? "" : "  (" + why + ")");
    }
  }
}

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

/// Writes the columns; a file that cannot be written is an error of its own.
void write_flat(const std::string& path, const data::Series& s, const stats::Detrended& d, bool ratio) {
  const bool to_screen = path.empty() || path == "-";
  const File file(to_screen ? stdout : std::fopen(path.c_str(), "w"), [](std::FILE* f) { return f == stdout ? 0 : std::fclose(f); });
  if (!file) fail(ErrorKind::io, path, "cannot be written");
  // Names that the reader knows, so that the next verb reads the file as it is.
  const std::string value = ratio ? "flux" : "mag";
  fmt::print(file.get(), "time,{}{},trend\n", value, s.sigma.empty() ? "" : "," + value + "_err");
  for (std::size_t i = 0; i < s.t.size(); ++i) {
    const std::string error = s.sigma.empty() ? "" : "," + number_text(ratio ? s.sigma[i] / d.trend[i] : s.sigma[i]);
    fmt::print(file.get(), "{},{}{},{}\n", number_text(s.t[i]), number_text(d.flat[i]), error, number_text(d.trend[i]));
  }
  if (std::fflush(file.get()) != 0) fail(ErrorKind::io, path, "cannot be written to the end");
}

}  // namespace

int features(const FeaturesFlags& flags) {
  const auto read = read_file(flags.file, flags.read.options(), flags.quiet);
  const auto options = options_of(flags);
  features::FeatureValues f;
  if (read.series.bands() > 1) {
    f = features::band_features(read.series, options);
  } else {
    f = run([&](Budget& budget) { return features::features_task(budget, read.series.view(), options); }, flags.quiet);
  }
  if (!flags.as_json) {
    print_features(f, read, flags);
    return kDone;
  }
  json values = json::object();
  for (std::size_t k = 0; k < f.names.size(); ++k) {
    json one = {{"value", finite(f.value[k])}, {"unit", unit_text(f.units[k], read.series)}};
    if (!f.error.empty()) one["error"] = finite(f.error[k]);
    if (f.reason[k] != 0) one["reason"] = features::reason_text(f.reason[k]);
    values[f.names[k]] = std::move(one);
  }
  fmt::print("{}\n", json_text({{"file", flags.file}, {"n_used", read.series.size()}, {"n_dropped", read.report.n_dropped()},
                                {"notes", read.report.notes}, {"features", std::move(values)}}));
  return kDone;
}

int flatten(const FlattenFlags& flags) {
  const auto read = read_file(flags.file, flags.read.options(), flags.quiet);
  const data::Series& s = read.series;
  if (s.bands() > 1) fail(ErrorKind::input, flags.file, "has several bands: name the value column of one (--value)");
  const bool ratio = s.quantity != data::Quantity::magnitude;
  stats::DetrendOptions options{.method = stats::detrend_method(flags.method), .window = flags.window, .edge_cutoff = flags.edge_cutoff,
                                .removal = ratio ? stats::Removal::ratio : stats::Removal::difference};
  if (flags.break_tolerance >= 0.0) options.break_tolerance = flags.break_tolerance;
  if (flags.tuning > 0.0) options.tuning = flags.tuning;
  std::vector<std::uint8_t> masked;
  if (flags.transit.size() == 3) {
    const double period = flags.transit[0], duration = flags.transit[2];
    if (!(period > 0.0 && duration > 0.0)) fail(ErrorKind::input, "--transit", "expected period > 0 and duration > 0");
    for (const double t : s.t) {
      const double phase = (t - flags.transit[1]) / period;
      masked.push_back(std::fabs(phase - std::round(phase)) * period < 0.5 * duration ? 1 : 0);
    }
  }
  const auto d = run([&](Budget& budget) { return stats::detrend_task(budget, s.t, s.y, masked, options); }, flags.quiet);
  write_flat(flags.output, s, d, ratio);
  if (!flags.output.empty() && flags.output != "-") {
    fmt::print("wrote    {}: {} points in {}, {} without a trend\n", flags.output, s.size(), plural(d.pieces, "piece"), d.without_trend);
    for (const auto& note : read.report.notes) fmt::print("note     {}\n", note);
  }
  if (ratio && d.not_positive > 0) {
    fmt::print(stderr, "orrery: the trend is not positive at {} points, where a ratio means nothing (--quantity magnitude takes differences)\n", d.not_positive);
  }
  return kDone;
}

}  // namespace orrery::app
