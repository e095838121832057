// What the light-curve bench says in words and numbers: the answer line, warnings, and the controls' limits and buttons.
#include <algorithm>
#include <cmath>

#include "light_curve.hpp"
#include "orrery/core/text.hpp"

namespace orrery::bench {
namespace {

std::string superscript(int number) {
  static const char* const digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = number < 0 ? "⁻" : "";
  for (const char c : std::to_string(std::abs(number))) text += digits[c - '0'];
  return text;
}

std::string period_with_unit(const Scene& scene, double period, double error) {
  return value_text(period, error) + " " + time_unit(scene.slot.series);
}

std::string rival_text(const Scene& scene, const period::Rival& rival) {
  return number_text(rival.period, 5) + " " + time_unit(scene.slot.series);
}

/// What was left out and why: the reader's reasons, then the figure's own.
std::string dropped_text(const Scene& scene) {
  std::string text;
  const auto add = [&](Index count, const std::string& reason) {
    if (count > 0) text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + reason;
  };
  for (const auto& dropped : scene.slot.report.dropped) add(dropped.count, dropped.reason);
  add(scene.selection.other_bands, "in other bands");
  add(ssize(scene.selection.masked), "masked");
  if (scene.report != nullptr) {
    Index thin = 0;
    const auto& series = scene.selection.series;
    for (Index i = 0; i < series.size(); ++i) thin += scene.fold->model.find_band(series.band.empty() ? 0 : series.band[at(i)]) < 0;
    add(thin, "in bands with too few points");
    add(scene.report->n_dropped - thin, "clipped");
  }
  return text;
}

void warn_of_data(live::Frame& frame, const Scene& scene) {
  const auto& series = scene.selection.series;
  if (series.sigma.empty() && series.size() > 0) {
    frame.warn("The series has no uncertainties: all points weigh the same, and every error here comes from the scatter around the model.");
  }
  if (scene.selection.duplicates > 0) {
    frame.warn(plural(scene.selection.duplicates, "measurement") +
               (scene.selection.duplicates == 1 ? " stands" : " stand") + " at the same time as another of the same band: are rows repeated?");
  }
}

void warn_of_range(live::Frame& frame, const Scene& scene) {
  const auto& range = scene.report->range;
  const std::string unit = time_unit(scene.slot.series);
  if (range.coarsened) {
    frame.warn("The range asked for needs more than " + number_text(double(kMaxFrequencies)) + " frequencies. The grid has " +
               number_text(range.oversampling, 2) + " frequencies across a peak, so that a narrow peak may be missed: raise the shortest period.");
  }
  if (scene.report->at_edge && scene.fold->is_best) {
    frame.warn("The highest power lies at the edge of the searched range: widen the range, the true peak may be outside.");
  }
  if (scene.fold->period > range.baseline / 3.0) {
    frame.warn("The period is longer than a third of the baseline: only " + number_text(range.baseline / scene.fold->period, 2) +
               " cycles were seen, and a trend or slow irregular variation would look the same.");
  }
}

void warn_of_model(live::Frame& frame, const Scene& scene) {
  const auto& model = scene.fold->model;
  const Index coefficients = model.n - model.dof;
  if (model.n < 4 * coefficients) {
    frame.warn(plural(model.n, "point") + " for " + plural(coefficients, "coefficient") + " of the model: use fewer harmonics or a single band.");
  }
  if (scene.fold->log10_false_alarm > -2.0) {
    frame.warn("Noise alone gives a peak this high in " + probability_text(scene.fold->log10_false_alarm + 2.0) +
               " % of series sampled like this one: the period is not established.");
  }
  const double reduced = model.chi2 / double(model.dof);
  if (!scene.selection.series.sigma.empty() && reduced > 4.0) {
    frame.warn("χ²/dof is " + number_text(reduced, 3) + ": the quoted errors are too small, or the curve needs more harmonics. The errors shown are scaled by " +
               number_text(model.scale, 2) + ".");
  }
  if (double(scene.report->n_dropped) > 0.1 * double(scene.selection.series.size())) {
    frame.warn(number_text(100.0 * double(scene.report->n_dropped) / double(scene.selection.series.size()), 2) +
               " % of the points are left out by the clip or in bands with too few points: is the model right?");
  }
}

/// What would decide between a period and its alias.
std::string remedy(const std::string& relation) {
  if (relation.ends_with("sidereal day")) return " Nights at very different hour angles, or another longitude, would decide.";
  if (relation.ends_with("day")) return " Observations at other times of night, or from another longitude, would decide.";
  if (relation.ends_with("year")) return " Observations in other months would decide.";
  return {};
}

void warn_of_rivals(live::Frame& frame, const Scene& scene) {
  const std::string unit = time_unit(scene.slot.series);
  int said = 0;
  for (const auto& rival : scene.report->rivals) {
    if (said == 3 || !scene.fold->is_best) break;
    if (rival.excluded || rival.relation.ends_with("the period")) continue;  // the latter are told below by the shape of the curve
    if (rival.harmonics > scene.report->fit.harmonics) continue;             // so is twice the period
    std::string cost = rival.delta_chi2 < 0.05 ? "as well (Δχ² = 0)" : "almost as well (Δχ² = " + number_text(rival.delta_chi2, 2) + ")";
    if (rival.delta_chi2 >= kUndecided) {
      cost = "worse by Δχ² = " + number_text(rival.delta_chi2, 2) + ", but predicts points left out nearly as well (" +
             number_text(std::max(rival.prediction, 0.0), 2) + " standard errors)";
    }
    const bool alias = !rival.relation.empty();
    frame.warn((alias ? "The alias " + rival.relation + " away, " : "Another period, ") + rival_text(scene, rival) + ", explains the data " + cost + "." +
               remedy(rival.relation));
    ++said;
  }
  if (scene.fold->unequal_halves > kUndecided) {
    frame.warn("Twice this period, " + number_text(2.0 * scene.fold->period, 6) + " " + unit + ", fits better when its two halves may differ (Δχ² = " +
               number_text(scene.fold->unequal_halves, 2) + " after " + plural(2 * scene.settings.search.harmonics, "harmonic") +
               "): look for two unequal minima.");
  }
  for (const auto& rival : scene.report->rivals) {
    if (rival.relation == "half the period" && rival.delta_chi2 < kUndecided && scene.fold->is_best) {
      frame.warn("Half this period, " + rival_text(scene, rival) + ", is not excluded (Δχ² = " + number_text(rival.delta_chi2, 2) + ").");
    }
  }
}

double lowest_shown(const Scene& scene) { return std::min(scene.report->range.min_period, scene.fold->period); }
double highest_shown(const Scene& scene) { return std::max(scene.report->range.max_period, scene.fold->period); }

/// Rival that follows the shown period in the list "best, first rival, second rival, ...".
live::Value next_alias(const Scene& scene) {
  const auto& rivals = scene.report->rivals;
  Index now = -1;
  for (Index i = 0; i < ssize(rivals); ++i) {
    if (std::fabs(rivals[at(i)].period / scene.fold->period - 1.0) < 1e-6) now = i;
  }
  if (now + 1 < ssize(rivals)) return rivals[at(now + 1)].period;
  return live::Auto{};
}

void say_actions(live::Frame& frame, const Scene& scene) {
  const auto add = [&](const char* label, live::Value value, const char* help) {
    const double* number = std::get_if<double>(&value);
    if (number != nullptr && (*number < lowest_shown(scene) || *number > highest_shown(scene))) return;
    frame.actions.push_back({"period", label, std::move(value), help});
  };
  add("best", live::Auto{}, "the highest peak of the searched range");
  add("½", 0.5 * scene.fold->period, "half the period");
  add("2×", 2.0 * scene.fold->period, "twice the period");
  if (!scene.report->rivals.empty()) add("next alias", next_alias(scene), "the next period that explains the data nearly as well");
  if (scene.fold->snap) add("snap", *scene.fold->snap, "the nearest local maximum of the power");
}

}  // namespace

std::string time_unit(const data::Series& series) { return series.time_unit.empty() ? "day" : series.time_unit; }

std::string probability_text(double log10_probability) {
  if (log10_probability >= -3.0) return number_text(std::min(std::pow(10.0, log10_probability), 100.0), 2);
  int exponent = static_cast<int>(std::floor(log10_probability));
  long mantissa = std::lround(std::pow(10.0, log10_probability - exponent));
  if (mantissa == 10) mantissa = 1, ++exponent;
  return std::to_string(mantissa) + " × 10" + superscript(exponent);
}

void say_numbers(live::Frame& frame, const Scene& scene) {
  const Index total = scene.slot.report.n_measurements > 0 ? scene.slot.report.n_measurements : scene.slot.series.size();
  if (scene.fold == nullptr) {
    frame.number("used", "0 of " + std::to_string(total), {}, {}, dropped_text(scene));
    return;
  }
  const Fold& fold = *scene.fold;
  const auto& series = scene.slot.series;
  const std::string best = "best " + period_with_unit(scene, scene.report->period, scene.report->period_error);
  const std::string note = scene.coarse ? "coarse" : fold.is_best ? "" : best;
  frame.number("period", value_text(fold.period, fold.period_error), time_unit(series), error_text(fold.period_error), note);
  frame.number("power", number_text(std::max(fold.model.power(), 0.0), 4));
  frame.number("false alarm", probability_text(fold.log10_false_alarm));
  const std::string band = band_name(series, fold.model.bands[at(fold.reference)].band);
  frame.number("amplitude", value_text(fold.amplitude, fold.amplitude_error), series.y_unit, error_text(fold.amplitude_error),
               (band.empty() ? "" : "in " + band + ", ") + std::string("full range"));
  if (series.sigma.empty()) {
    frame.number("rms", number_text(fold.model.scale, 3), series.y_unit, {}, "around the model");
  } else {
    frame.number("χ² / dof", number_text(fold.model.chi2 / double(fold.model.dof), 3), {}, {}, plural(fold.model.dof, "degree") + " of freedom");
  }
  frame.number("used", std::to_string(fold.model.n) + " of " + std::to_string(total), {}, {}, dropped_text(scene));
}

void say_warnings(live::Frame& frame, const Scene& scene) {
  if (!scene.selection.trouble.empty()) frame.warn(scene.selection.trouble);
  warn_of_data(frame, scene);
  if (scene.fold == nullptr) return;
  warn_of_rivals(frame, scene);
  warn_of_range(frame, scene);
  warn_of_model(frame, scene);
}

void say_controls(live::Frame& frame, const Scene& scene) {
  auto& band = frame.control("band");
  band.choices = std::vector<std::string>{"all"};
  if (scene.slot.series.band_names.size() > 1) {
    for (const auto& name : scene.slot.series.band_names) band.choices->push_back(name);
  } else {
    band.disabled = "the series has one band";
  }
  if (std::find(band.choices->begin(), band.choices->end(), scene.settings.band) == band.choices->end()) band.value = std::string("all");
  if (scene.fold == nullptr) {
    for (const char* name : {"period", "zero_phase", "min_period", "max_period"}) frame.control(name).disabled = scene.selection.trouble;
    return;
  }
  const auto& range = scene.report->range;
  const auto limits = [&](const char* name, double value, double low, double high) {
    auto& control = frame.control(name);
    control.value = value, control.low = std::min(low, value), control.high = std::max(high, value);
  };
  limits("period", scene.fold->period, range.min_period, range.max_period);
  limits("min_period", range.min_period, range.shortest, 0.5 * range.longest);
  limits("max_period", range.max_period, 2.0 * range.shortest, range.longest);
  frame.control("zero_phase").value = scene.fold->zero_phase;
  say_actions(frame, scene);
}

}  // namespace orrery::bench
