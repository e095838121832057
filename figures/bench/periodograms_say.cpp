// What the figure of all periodograms says: who agrees, who does not and where, what could be wrong; and code that repeats it.
#include <algorithm>
#include <cmath>

#include "orrery/core/text.hpp"
#include "periodograms.hpp"

namespace orrery::statistics {
namespace {

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t k = 0; k < words.size(); ++k) text += (k == 0 ? "" : k + 1 == words.size() ? " and " : ", ") + words[k];
  return text;
}

Index shown_count(const RowScene& scene) {
  return std::count_if(scene.curve.begin(), scene.curve.end(), [](const RowCurve* c) { return c != nullptr; });
}

/// "super smoother at 8.38 day, twice": the rows outside the party, in words.
std::vector<std::string> dissent(const RowScene& scene) {
  std::vector<std::string> words;
  for (std::size_t k = 0; k < kRows; ++k) {
    const RowCurve* curve = scene.curve[k];
    if (curve == nullptr || (curve->coarse && scene.agreement.voters < shown_count(scene)) ||
        std::find(scene.agreement.rows.begin(), scene.agreement.rows.end(), k) != scene.agreement.rows.end()) continue;
    const double period = curve->peaks[0].period();
    const std::string relation = relation_of(period, scene.agreement.period, scene.range->baseline);
    words.push_back(std::string(kRowName[k]) + " at " + period_words(period, scene.range->baseline, scene.slot.series) +
                    (relation.empty() ? "" : ", " + relation));
  }
  return words;
}

void say_agreement(live::Frame& frame, const RowScene& scene) {
  const auto& party = scene.agreement;
  std::vector<std::string> names;
  for (const std::size_t k : party.rows) names.emplace_back(kRowName[k]);
  frame.number("agree", std::to_string(party.rows.size()) + " of " + std::to_string(party.voters) + (scene.coarse() ? " so far" : ""), "", "", listed(names));
  frame.number("on", value_text(party.period, 0.1 * width_at(party.period, scene.range->baseline)), scene.slot.series.time_unit, "",
               scene.coarse() ? "coarse, refining" : "");
  const auto others = dissent(scene);
  if (!others.empty()) frame.number("elsewhere", std::to_string(others.size()), "", "", listed(others));
  std::size_t clearest = party.rows[0];
  for (const std::size_t k : party.rows) clearest = scene.curve[k]->contrast > scene.curve[clearest]->contrast ? k : clearest;
  frame.number("clearest", std::string(kRowName[clearest]), "", "",
               "its best stands " + number_text(scene.curve[clearest]->contrast, 3) + " standard deviations out of its curve");
}

void warn_of_rows(live::Frame& frame, const RowScene& scene) {
  const std::string unit = scene.slot.series.time_unit;
  const auto& range = *scene.range;
  if (range.coarsened) {
    frame.warn("The range asked for needs more frequencies than are tried here: " + number_text(range.oversampling, 2) +
               " a peak, so that a narrow peak may be missed. Raise the shortest period.");
  }
  if (scene.data.thinned > 1) frame.warn("Every " + std::to_string(scene.data.thinned) + "th row is used: there are more than this figure can take.");
  if (2 * ssize(scene.agreement.rows) <= shown_count(scene) && !scene.coarse() && shown_count(scene) > 1) {
    frame.warn("No period convinces most of the statistics: fold each candidate and look.");
  }
  if (scene.agreement.period > range.baseline / 3.0) {
    frame.warn("The period is longer than a third of the baseline: a trend or slow irregular variation would look the same.");
  }
  const auto& t = scene.data.series.t;
  double gap = HUGE_VAL;
  for (std::size_t i = 1; i < t.size(); ++i) gap = t[i] > t[i - 1] ? std::min(gap, t[i] - t[i - 1]) : gap;
  if (scene.period < gap) frame.warn("The marked period is shorter than the shortest time between two measurements, " + number_text(gap, 3) + " " + unit + ".");
  if (scene.data.series.sigma.empty()) frame.warn("The series has no uncertainties: all points weigh the same.");
}

void say_limits(live::Frame& frame, const RowScene& scene) {
  auto& period = frame.control("period");
  period.value = head_number(scene.period);
  const auto& range = *scene.range;
  period.low = head_number(std::min(range.min_period, scene.period)), period.high = head_number(std::max(range.max_period, scene.period));
  for (const char* name : {"min_period", "max_period"}) {
    auto& control = frame.control(name);
    const bool low = std::string_view(name) == "min_period";
    const double now = low ? range.min_period : range.max_period;
    control.value = head_number(now);
    control.low = head_number(std::min(range.shortest, now)), control.high = head_number(std::max(range.longest, now));
  }
  if (scene.settings.period) frame.actions.push_back({"period", "where most agree", live::Auto{}, "the period that most statistics find"});
}

std::string words_list(const RowScene& scene, const char* quote, const char* separator) {
  std::string text;
  for (std::size_t k = 0; k < kRows; ++k) {
    if (k != kBoxRow && scene.curve[k] != nullptr) text += (text.empty() ? "" : separator) + (quote + std::string(kRowControl[k])) + quote;
  }
  return text;
}

}  // namespace

void say_bands(live::Frame& frame, const data::Series& series) {
  auto& band = frame.control("band");
  std::vector<std::string> bands = {"largest"};
  if (series.bands() > 1) bands.insert(bands.end(), series.band_names.begin(), series.band_names.end());
  band.choices = bands;
  if (series.bands() == 1) band.disabled = "The series has one band.";
}

void say_rows(live::Frame& frame, const RowScene& scene) {
  say_bands(frame, scene.slot.series);
  if (scene.range == nullptr) {
    frame.warn(scene.data.trouble);
    return;
  }
  if (scene.agreement.rows.empty()) {
    frame.warn("No statistic is chosen: switch one on.");
  } else {
    say_agreement(frame, scene);
    warn_of_rows(frame, scene);
  }
  frame.number("used", std::to_string(scene.data.series.size()), "", "", scene.data.band.empty() ? "measurements" : "measurements in " + scene.data.band);
  say_limits(frame, scene);
}

live::Code rows_code(const RowScene& scene) {
  if (scene.range == nullptr || scene.agreement.rows.empty()) return {};
  const bool own = scene.slot.embedded.empty();
  const std::string low = number_text(scene.range->min_period, 6), high = number_text(scene.range->max_period, 6);
  const std::string name = own ? (scene.slot.name.empty() ? "star.csv" : scene.slot.name) : scene.slot.embedded + ".csv";
  const auto& band = scene.data.band;
  live::Code code;
  code.python = "import orrery\n\n" + (own ? "star = orrery.read(\"" + name + "\")\n" : "star = orrery.embedded(\"" + scene.slot.embedded + "\")\n") +
                "for method in [" + words_list(scene, "\"", ", ") + "]:\n    print(orrery.periodogram(star, method=method, min_period=" + low +
                ", max_period=" + high + ", oversampling=4" + (band.empty() ? "" : ", band=\"" + band + "\"") + "))\n";
  code.cpp = "#include <orrery/data/read_series.hpp>\n#include <orrery/period/period_statistic.hpp>\nusing namespace orrery;\n\n"
             "const auto star = data::read_series_file(\"" + name + "\").series;\n"
             "const auto grid = period::frequency_grid(star.view(), {.min_frequency = 1 / " + high + ", .max_frequency = 1 / " + low +
             ", .oversampling = 4});\nfor (const auto& row : period::period_statistics()) {\n"
             "  const auto curve = period::period_statistic(star.view(), grid, row.kind);\n"
             "  const auto peaks = period::period_statistic_peaks(star.view(), grid, curve, row.kind);\n}\n";
  code.shell = "for method in " + words_list(scene, "", " ") + "; do\n  orrery periodogram '" + name + "' --method $method --min-period " + low +
               " --max-period " + high + " --oversampling 4" + (band.empty() ? "" : " --band '" + band + "'") + "\ndone";
  return code;
}

}  // namespace orrery::statistics
