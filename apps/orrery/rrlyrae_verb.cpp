// orrery rrlyrae FILE
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/data/read_series.hpp"
#include "orrery/json_output.hpp"
#include "orrery/period/rr_lyrae.hpp"
#include "orrery/progress.hpp"
#include "orrery/verbs.hpp"

namespace orrery::app {
namespace {

using nlohmann::json;

json finite(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }

/// Number and band of "103g.dat"; band empty when the name is another.
period::NumberedCurve named(const std::string& stem) {
  std::size_t digits = 0;
  while (digits < stem.size() && stem[digits] >= '0' && stem[digits] <= '9') ++digits;
  if (digits == 0 || digits > 6 || digits + 1 != stem.size()) return {};
  return {.band = stem.substr(digits), .number = std::stoi(stem.substr(0, digits)), .curve = {}};
}

/// The user's own curves: a folder of <number><band>.dat with rows of phase and magnitude.
std::vector<period::CurveTemplate> read_templates(const std::string& folder, const data::Series& series) {
  constexpr int kHarmonics = 16;
  if (!std::filesystem::is_directory(folder)) fail(ErrorKind::io, folder, "is not a folder of templates");
  std::vector<period::NumberedCurve> curves;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    auto curve = named(entry.path().stem().string());
    if (entry.path().extension() != ".dat" || curve.band.empty()) continue;
    std::ifstream file(entry.path());
    std::vector<double> phase, value;
    for (double p = 0.0, v = 0.0; file >> p >> v;) phase.push_back(p), value.push_back(v);
    curve.curve = period::phase_curve(phase, value, kHarmonics);
    curves.push_back(std::move(curve));
  }
  if (curves.empty()) fail(ErrorKind::input, folder, "expected files like 103g.dat, found none");
  const std::vector<std::string> one = {"g"};
  return period::ranked_templates(curves, series.band_names.empty() ? one : series.band_names, series.quantity == data::Quantity::flux);
}

json fit_json(const period::RrLyraeCandidate& c) {
  return {{"period", finite(c.fit.period())}, {"period_error", finite(c.fit.period_error())}, {"template", c.name}, {"power", finite(c.fit.power())},
          {"delta_chi2", finite(c.delta_chi2)}, {"epoch", finite(c.fit.epoch)}};
}

json report_json(const data::ReadResult& read, const period::RrLyraeReport& r, const RrLyraeFlags& flags) {
  json out = fit_json(r.candidates.front());
  out["file"] = flags.file;
  out["type"] = r.type();
  out["amplitudes"] = flags.amplitudes;
  json bands = json::array();
  for (std::size_t b = 0; b < r.best().amplitude.size(); ++b) {
    const auto& shape = r.best().template_index < 0 ? period::PhaseCurve{} : r.templates[at(r.best().template_index)].bands[b];
    bands.push_back({{"band", read.series.band_names.empty() ? "" : read.series.band_names[b]}, {"offset", finite(r.best().offset[b])},
                     {"amplitude", finite(r.best().amplitude[b] * shape.range())}});
  }
  out["bands"] = bands;
  out["candidates"] = json::array();
  for (const auto& c : r.candidates) out["candidates"].push_back(fit_json(c));
  out["n_used"] = read.series.size() - r.n_dropped;
  out["n_dropped"] = read.report.n_dropped() + r.n_dropped;
  out["n_frequencies"] = r.grid.count;
  out["notes"] = read.report.notes;
  if (flags.curve) out["curve"] = {{"frequency", r.grid.values()}, {"power", r.curve.power}};
  return out;
}

void print_words(const data::ReadResult& read, const period::RrLyraeReport& r) {
  const auto& best = r.best();
  fmt::print("period   {} day\n", measured_text(best.period(), best.period_error()));
  fmt::print("type     {}, template {}, power {:.4f}\n", r.type(), r.candidates.front().name, best.power());
  for (std::size_t b = 0; b < best.amplitude.size() && best.template_index >= 0; ++b) {
    fmt::print("band     {}: range {:.3f}\n", read.series.band_names.empty() ? "-" : read.series.band_names[b],
               best.amplitude[b] * r.templates[at(best.template_index)].bands[b].range());
  }
  fmt::print("used     {} of {} measurements, {} trial frequencies\n", read.series.size() - r.n_dropped, read.report.n_measurements, r.grid.count);
  for (const auto& note : read.report.notes) fmt::print("note     {}\n", note);
  for (std::size_t i = 1; i < std::min<std::size_t>(5, r.candidates.size()); ++i) {
    fmt::print("rival    {} day, template {}, delta chi2 {:.1f}\n", number_text(r.candidates[i].fit.period(), 7), r.candidates[i].name, r.candidates[i].delta_chi2);
  }
  if (r.candidates.size() > 1 && r.candidates[1].delta_chi2 < 25.0) fmt::print("doubt    the first rival fits nearly as well\n");
}

}  // namespace

int rr_lyrae(const RrLyraeFlags& flags) {
  const auto read = read_file(flags.file, flags.read.options(), flags.quiet);
  std::vector<period::CurveTemplate> templates;
  if (!flags.templates.empty()) templates = read_templates(flags.templates, read.series);
  const period::RrLyraeOptions options{
      .min_period = flags.min_period,
      .max_period = flags.max_period,
      .floor = flags.floor,
      .amplitudes = flags.amplitudes == "free" ? period::TemplateAmplitudes::free : period::TemplateAmplitudes::shared};
  const auto make = [&](Budget& budget) { return period::find_rr_lyrae_task(budget, read.series, options, templates); };
  const auto report = run(make, flags.quiet);
  if (flags.as_json) {
    fmt::print("{}\n", json_text(report_json(read, report, flags)));
  } else {
    print_words(read, report);
  }
  return kDone;
}

}  // namespace orrery::app
