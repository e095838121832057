#include "orrery/period/rr_lyrae.hpp"

#include <algorithm>
#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/parallel.hpp"
#include "orrery/core/text.hpp"
#include "orrery/period/lomb_scargle_fast.hpp"
#include "orrery/period/peaks.hpp"

namespace orrery::period {
namespace {

constexpr const char* kWhere = "find_rr_lyrae";

/// The bands of a series apart, with the floor in their errors.
struct Bands {
  std::vector<std::vector<double>> t, y, sigma;
  std::vector<std::vector<Index>> row;

  [[nodiscard]] std::vector<SeriesView> views() const {
    std::vector<SeriesView> out;
    for (std::size_t b = 0; b < t.size(); ++b) out.push_back({t[b], y[b], sigma[b]});
    return out;
  }
};

Bands split(const data::Series& series, double floor, std::span<const std::uint8_t> kept) {
  Bands out;
  const std::size_t bands = at(series.bands());
  out.t.resize(bands);
  out.y.resize(bands);
  out.sigma.resize(bands);
  out.row.resize(bands);
  for (std::size_t i = 0; i < series.t.size(); ++i) {
    if (!kept.empty() && kept[i] == 0) continue;
    const std::size_t b = series.band.empty() ? 0 : at(series.band[i]);
    out.t[b].push_back(series.t[i]);
    out.y[b].push_back(series.y[i]);
    if (!series.sigma.empty()) out.sigma[b].push_back(std::hypot(series.sigma[i], floor));
    out.row[b].push_back(Index(i));
  }
  return out;
}

FrequencyGrid search_grid(const data::Series& series, const RrLyraeOptions& o) {
  if (!(o.min_period > 0.0) || !(o.max_period > o.min_period) || !std::isfinite(o.max_period)) {
    fail(ErrorKind::input, kWhere, "expected 0 < min_period < max_period, got " + number_text(o.min_period) + " and " + number_text(o.max_period));
  }
  if (!(o.oversampling >= 1.0) || !(o.oversampling <= 100.0)) {
    fail(ErrorKind::input, kWhere, "expected an oversampling of 1 to 100, got " + number_text(o.oversampling));
  }
  if (o.candidates < 1 || o.coarse < 0) fail(ErrorKind::input, kWhere, "expected candidates >= 1 and coarse >= 0, got " + std::to_string(o.candidates) + " and " + std::to_string(o.coarse));
  if (!(o.floor >= 0.0) || !std::isfinite(o.floor) || !(o.clip >= 0.0)) {
    fail(ErrorKind::input, kWhere, "expected a floor and a clip >= 0, got " + number_text(o.floor) + " and " + number_text(o.clip));
  }
  require_usable(series.view(), 4, kWhere);
  const auto [first, last] = std::minmax_element(series.t.begin(), series.t.end());
  if (!(*last > *first)) fail(ErrorKind::input, kWhere, "expected times that differ, got all at " + number_text(*first));
  FrequencyGrid grid{.first = 1.0 / o.max_period, .step = 1.0 / (o.oversampling * (*last - *first))};
  const double count = std::ceil((1.0 / o.min_period - grid.first) / grid.step) + 1.0;
  if (count > 1e8) {
    fail(ErrorKind::limit, kWhere, "expected at most 1e8 trial frequencies, got " + number_text(count) + ", " +
                                       number_text(12.0 * count / 1e9, 3) + " GB: the series is too long for these periods");
  }
  grid.count = static_cast<Index>(count);
  return grid;
}

/// Sums of several fits at one frequency can differ by the rounding of chi2: the order of candidates is by chi2, then by frequency.
void sort_candidates(std::vector<RrLyraeCandidate>& candidates) {
  std::sort(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) {
    return a.fit.chi2 != b.fit.chi2 ? a.fit.chi2 < b.fit.chi2 : a.fit.frequency < b.fit.frequency;
  });
  const auto& best = candidates.front().fit;
  const double unit = best.dof > 0 ? best.chi2 / static_cast<double>(best.dof) : 1.0;
  for (auto& c : candidates) c.delta_chi2 = unit > 0.0 ? (c.fit.chi2 - best.chi2) / unit : 0.0;
}

struct RrLyraeRun {
  const data::Series& series;
  RrLyraeOptions options;
  Bands bands;
  std::vector<CurveTemplate> coarse;  // for the periodogram
  std::vector<std::int32_t> number;   // of each among all
  RrLyraeReport report;
};

/// Some templates of each range of periods, evenly and with both ends. Neighbours differ little, and the fits see them all.
void choose_coarse(RrLyraeRun& run) {
  const auto& all = run.report.templates;
  const double share =
      run.options.coarse > 0 ? std::min(1.0, static_cast<double>(run.options.coarse) / static_cast<double>(all.size())) : 1.0;
  for (Index begin = 0; begin < ssize(all);) {
    Index end = begin;
    while (end < ssize(all) && all[at(end)].min_period == all[at(begin)].min_period) ++end;
    const Index n = end - begin;
    const Index some = std::clamp<Index>(static_cast<Index>(std::round(share * static_cast<double>(n))), std::min<Index>(2, n), n);
    for (Index i = 0; i < some; ++i) {
      const Index k = begin + (some == 1 ? n / 2 : (i * (n - 1) + (some - 1) / 2) / (some - 1));
      run.coarse.push_back(all[at(k)]);
      run.number.push_back(static_cast<std::int32_t>(k));
    }
    begin = end;
  }
}

void name_templates(RrLyraeRun& run) {
  for (auto& i : run.report.curve.template_index) {
    if (i >= 0) i = run.number[at(i)];
  }
}

RrLyraeRun prepare(const data::Series& series, const RrLyraeOptions& options, std::span<const CurveTemplate> templates) {
  RrLyraeRun run{.series = series, .options = options};
  run.report.grid = search_grid(series, options);
  const bool flux = series.quantity == data::Quantity::flux;
  const std::vector<std::string> one = {"g"};
  if (templates.empty()) {
    run.report.templates = rr_lyrae_templates(series.band_names.empty() ? one : series.band_names, flux);
  } else {
    run.report.templates.assign(templates.begin(), templates.end());
  }
  choose_coarse(run);
  run.report.kept.assign(series.t.size(), 1);
  run.bands = split(series, options.floor, {});
  return run;
}

double floor_clip(const RrLyraeRun& run, double reduced) { return run.options.clip * std::sqrt(std::max(1.0, reduced)); }

/// Leaves out what is far from the present best; true when something new is.
bool clip_points(RrLyraeRun& run) {
  if (run.options.clip <= 0.0) return false;
  const TemplateFit& best = run.report.best();
  if (best.template_index < 0) return false;
  const auto& shape = run.report.templates[at(best.template_index)];
  const double limit = floor_clip(run, best.dof > 0 ? best.chi2 / static_cast<double>(best.dof) : 1.0);
  const double spread = run.series.sigma.empty() ? 1.0 : 0.0;
  bool some = false;
  for (std::size_t b = 0; b < run.bands.row.size(); ++b) {
    for (std::size_t i = 0; i < run.bands.row[b].size(); ++i) {
      const double model = best.offset[b] + best.amplitude[b] * shape.bands[b].value(best.phase(run.bands.t[b][i]));
      const double sigma = run.bands.sigma[b].empty() ? spread : run.bands.sigma[b][i];
      if (std::fabs(run.bands.y[b][i] - model) <= limit * sigma) continue;
      run.report.kept[at(run.bands.row[b][i])] = 0;
      some = true;
    }
  }
  return some;
}

void count_dropped(RrLyraeReport& report) { report.n_dropped = std::count(report.kept.begin(), report.kept.end(), std::uint8_t{0}); }

Task<bool> fit_candidates(Budget& budget, RrLyraeRun& run, std::vector<double> frequency) {
  const auto views = run.bands.views();
  run.report.candidates.clear();
  for (const double f : frequency) {
    auto fit = refine_template(views, run.report.templates, f, run.report.grid.step, run.options.amplitudes);
    const std::string name = fit.template_index >= 0 ? run.report.templates[at(fit.template_index)].name : "none";
    run.report.candidates.push_back({std::move(fit), name, 0.0});
    co_await budget.pause();
  }
  sort_candidates(run.report.candidates);
  co_return true;
}

/// From the periodogram to the candidates.
Task<bool> judge(Budget& budget, RrLyraeRun& run) {
  const double width = run.report.grid.step * run.options.oversampling;
  std::vector<double> frequency;
  for (const auto& peak : local_maxima(run.report.curve.power, run.report.grid, run.options.candidates, width)) {
    frequency.push_back(peak.frequency);
  }
  if (frequency.empty()) frequency.push_back(run.report.grid.first);
  co_await fit_candidates(budget, run, frequency);
  for (int round = 0; round < 3 && clip_points(run); ++round) {
    run.bands = split(run.series, run.options.floor, run.report.kept);
    for (std::size_t i = 0; i < frequency.size(); ++i) frequency[i] = run.report.candidates[i].fit.frequency;
    co_await fit_candidates(budget, run, frequency);
  }
  count_dropped(run.report);
  co_return true;
}

TemplateOptions template_options(const RrLyraeOptions& o) {
  return {.amplitudes = o.amplitudes, .harmonics = o.harmonics, .threads = o.threads};
}

}  // namespace

RrLyraeReport find_rr_lyrae(const data::Series& series, const RrLyraeOptions& options, std::span<const CurveTemplate> templates) {
  RrLyraeRun run = prepare(series, options, templates);
  run.report.curve = template_periodogram(run.bands.views(), run.coarse, run.report.grid, template_options(options));
  name_templates(run);
  static_cast<void>(run_to_end([&](Budget& budget) { return judge(budget, run); }));
  return std::move(run.report);
}

Task<RrLyraeReport> find_rr_lyrae_task(Budget& budget, const data::Series& series, RrLyraeOptions options,
                                       std::span<const CurveTemplate> templates) {
  RrLyraeRun run = prepare(series, options, templates);
  run.report.curve = co_await template_periodogram_task(budget, run.bands.views(), run.coarse, run.report.grid, template_options(options));
  name_templates(run);
  budget.progress(0.9, "fits");
  co_await judge(budget, run);
  co_return std::move(run.report);
}

}  // namespace orrery::period
