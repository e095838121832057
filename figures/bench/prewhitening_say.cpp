// What the figure of prewhitening says, and code that repeats it.
#include <algorithm>
#include <cmath>

#include "orrery/core/text.hpp"
#include "prewhitening.hpp"

namespace orrery::statistics {
namespace {

constexpr Index kListed = 5;

std::string per_time(const ModeScene& scene) { return "1/" + scene.slot.series.time_unit; }

std::string note_of(const ModeScene& scene, const period::Mode& mode) {
  const std::string unit = scene.slot.series.y_unit.empty() ? "" : " " + scene.slot.series.y_unit;
  const double error = mode.frequency_error / (mode.frequency * mode.frequency);
  return "period " + value_text(1.0 / mode.frequency, error) + " " + scene.slot.series.time_unit + ", amplitude " +
         value_text(mode.amplitude, mode.amplitude_error) + unit + (mode.relation.empty() ? "" : ", " + mode.relation);
}

void say_taken(live::Frame& frame, const ModeScene& scene) {
  const auto& modes = scene.now().modes;
  for (Index j = 0; j < std::min(kListed, ssize(modes)); ++j) {
    const auto& mode = modes[at(j)];
    frame.number("f" + std::to_string(j + 1), value_text(mode.frequency, mode.frequency_error), per_time(scene),
                 error_text(mode.frequency_error), note_of(scene, mode));
  }
}

void say_left(live::Frame& frame, const ModeScene& scene) {
  if (scene.coarse) {
    frame.number("left", "looking", "", "", "the modes come in a moment");
    return;
  }
  const Index n = scene.taken();
  if (n < scene.most()) {
    const auto& next = scene.found->stages[at(n + 1)].modes.back();
    const double snr = scene.snr_when_found(n + 1);
    frame.number("left", value_text(1.0 / next.frequency, next.frequency_error / (next.frequency * next.frequency)), scene.slot.series.time_unit, "",
                 "the next period, S/N " + number_text(snr, 3) + (snr >= scene.settings.snr ? ", above the limit" : ", below the limit: noise"));
  } else if (scene.found->stop != period::PrewhitenStop::count) {
    frame.number("left", "nothing", "", "", period::stop_words(scene.found->stop));
  }
  const Index significant = scene.significant();
  frame.number("above the limit", (significant == kMostModes ? "at least " : "") + std::to_string(significant), "", "",
               significant == 1 ? "mode" : "modes");
}

void say_scatter(live::Frame& frame, const ModeScene& scene) {
  const auto rms = [&](const period::Prewhitening& stage) {
    double sum = 0.0;
    for (const double r : stage.residual) sum += r * r;
    return std::sqrt(sum / double(stage.residual.size()));
  };
  const std::string unit = scene.slot.series.y_unit;
  frame.number("scatter", number_text(rms(scene.now()), 3), unit, "", scene.taken() == 0 ? "" : "from " + number_text(rms(scene.before()), 3));
}

/// The limit is a custom of long dense series; Baluev's probability knows how many frequencies were tried with how few points.
void warn_of_chance(live::Frame& frame, const ModeScene& scene) {
  for (Index j = 1; j <= scene.significant(); ++j) {
    const double log10_chance = scene.found->stages[at(j)].modes.back().log10_false_alarm;
    if (log10_chance < -2.0) continue;
    frame.warn("Mode " + std::to_string(j) + " is above the limit, but noise alone shows such a peak somewhere with a probability of " +
               number_text(100.0 * std::pow(10.0, log10_chance), 2) + " %: do not count it, nor those after it.");
    return;
  }
}

void warn_of_modes(live::Frame& frame, const ModeScene& scene) {
  const auto& modes = scene.now().modes;
  const Index n = scene.taken();
  if (!scene.coarse && n > scene.significant()) {
    frame.warn("Mode " + std::to_string(scene.significant() + 1) + " is below the limit: from there on noise may be taken away.");
  }
  warn_of_chance(frame, scene);
  for (std::size_t j = 0; j < modes.size(); ++j) {
    if (modes[j].resolved) continue;
    frame.warn("f" + std::to_string(j + 1) + " has a neighbour nearer than 1.5 over the baseline: the data do not separate them well.");
  }
  if (scene.range->coarsened) {
    frame.warn("The range asked for needs more frequencies than are tried here: " + number_text(scene.range->oversampling, 2) +
               " a peak, so that a narrow peak may be missed. Raise the shortest period.");
  }
  if (scene.settings.clean && scene.clean != nullptr && !scene.clean->there()) {
    frame.warn("CLEAN is not drawn: the range needs more frequencies than it can take at once. Raise the shortest period.");
  }
  if (scene.data.thinned > 1) {
    frame.warn("Every " + std::to_string(scene.data.thinned) + "th row is used: there are more than this figure can take.");
  }
  if (scene.data.series.sigma.empty()) frame.warn("The series has no uncertainties: all points weigh the same.");
}

void say_limits(live::Frame& frame, const ModeScene& scene) {
  const auto& range = *scene.range;
  for (const bool low : {true, false}) {
    auto& control = frame.control(low ? "min_period" : "max_period");
    const double now = low ? range.min_period : range.max_period;
    control.value = head_number(now);
    control.low = head_number(std::min(range.shortest, now)), control.high = head_number(std::max(range.longest, now));
  }
  const Index good = scene.significant();
  if (!scene.coarse && good != scene.taken()) {
    frame.actions.push_back({"modes", "all above the limit", double(good), "as many modes as stand above the limit"});
  }
}

}  // namespace

void say_modes(live::Frame& frame, const ModeScene& scene) {
  say_bands(frame, scene.slot.series);
  if (scene.range == nullptr) {
    frame.warn(scene.data.trouble);
    return;
  }
  say_taken(frame, scene);
  say_left(frame, scene);
  say_scatter(frame, scene);
  warn_of_modes(frame, scene);
  say_limits(frame, scene);
}

live::Code modes_code(const ModeScene& scene) {
  if (scene.range == nullptr) return {};
  const bool own = scene.slot.embedded.empty();
  const std::string low = number_text(scene.range->min_period, 6), high = number_text(scene.range->max_period, 6);
  const std::string name = own ? (scene.slot.name.empty() ? "star.csv" : scene.slot.name) : scene.slot.embedded + ".csv";
  const std::string n = std::to_string(scene.taken()), gain = number_text(scene.settings.gain, 3);
  const auto& band = scene.data.band;
  live::Code code;
  code.python = "import orrery\n\n" + (own ? "star = orrery.read(\"" + name + "\")\n" : "star = orrery.embedded(\"" + scene.slot.embedded + "\")\n") +
                (band.empty() ? "" : "star = star.select_band(\"" + band + "\")\n") + "found = orrery.prewhiten(star, max_modes=" + n +
                ", min_snr=0, min_period=" + low + ", max_period=" + high + ")\nprint(found)\n" +
                "left = orrery.clean(star.t, found.residual, star.sigma, max_frequency=1 / " + low + ", gain=" + gain + ", iterations=100)\n";
  code.cpp = "#include <orrery/data/read_series.hpp>\n#include <orrery/period/clean.hpp>\n#include <orrery/period/prewhiten.hpp>\n"
             "using namespace orrery;\n\nauto star = data::read_series_file(\"" + name + "\").series;\n" +
             (band.empty() ? "" : "star = data::select_band(star, 0);  // \"" + band + "\": see star.band_names\n") +
             "const auto grid = period::frequency_grid(star.view(), {.min_frequency = 1 / " + high + ", .max_frequency = 1 / " + low +
             "});\nconst auto found = period::prewhiten(star.view(), grid, {.max_modes = " + n + ", .min_snr = 0.0});\n"
             "const auto left = period::clean({star.t, found.residual, star.sigma}, 1 / " + low + ", grid.step, {.gain = " + gain +
             ", .iterations = 100});\n";
  code.shell = "orrery prewhiten '" + name + "' --modes " + n + " --snr 0 --min-period " + low + " --max-period " + high +
               (band.empty() ? "" : " --band '" + band + "'");
  return code;
}

}  // namespace orrery::statistics
