// Code that repeats the present search in Python, C++ and the shell.
#include "light_curve.hpp"
#include "orrery/core/text.hpp"

namespace orrery::bench {
namespace {

/// The settings that differ from the defaults of PeriodSearch, in the words of one language.
struct Wording {
  std::string before, after_name, separator;
  bool shell = false;
  std::string yes = "true", no = "false";
};

std::string named(const Wording& w, std::string name, const std::string& value) {
  if (w.shell) {
    for (char& c : name) c = c == '_' ? '-' : c;
  }
  return w.separator + w.before + name + w.after_name + value;
}

std::string options_text(const Wording& w, const Scene& scene) {
  const auto& range = scene.report->range;
  const auto& search = scene.settings.search;
  std::string text = named(w, "min_period", number_text(range.min_period, 6)) + named(w, "max_period", number_text(range.max_period, 6));
  if (search.oversampling != 5.0) text += named(w, "oversampling", number_text(search.oversampling, 4));
  text += named(w, "harmonics", std::to_string(search.harmonics));
  if (!search.fit_mean) text += w.shell ? w.separator + "--fixed-mean" : named(w, "fit_mean", w.no);
  if (search.sigma_clip > 0.0) text += named(w, w.shell ? "clip" : "sigma_clip", number_text(search.sigma_clip, 4));
  return text;
}

std::string file_name(const Scene& scene) {
  return scene.slot.embedded.empty() && !scene.slot.name.empty() ? scene.slot.name : scene.slot.embedded.empty() ? "star.csv" : scene.slot.embedded + ".csv";
}

std::string escaped(const std::string& text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  out += escaped(text, "\"\\");
  out += '"';
  return out;
}

std::string shell_quoted(const std::string& text) {
  if (text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,+-_/") == std::string::npos) return text;
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

bool one_band(const Scene& scene) { return scene.selection.other_bands > 0; }

std::string list_text(const std::vector<double>& list) {
  std::string text;
  for (const double v : list) text += (text.empty() ? "" : ", ") + number_text(v);
  return text;
}

std::string answer(const Scene& scene) {
  const auto& report = *scene.report;
  return value_text(report.period, report.period_error) + " ± " + error_text(report.period_error) + " " + time_unit(scene.slot.series);
}

/// Rows under the mask left out, in numpy.
std::string python_mask(const Scene& scene, const std::vector<double>& mask) {
  const auto& series = scene.slot.series;
  std::string text = "keep = numpy.ones(len(star), bool)\n";
  for (std::size_t i = 0; i + 1 < mask.size(); i += 2) text += "keep[" + number_text(mask[i]) + ":" + number_text(mask[i + 1] + 1.0) + "] = False\n";
  text += "star = orrery.Series.from_arrays(star.t[keep], star.y[keep]";
  if (!series.sigma.empty()) text += ", star.sigma[keep]";
  if (!series.band.empty()) text += ", band=numpy.array(star.band_names)[star.band[keep]]";
  return text + ", quantity=star.quantity)\n";
}

std::string python_code(const Scene& scene, const std::vector<double>& mask) {
  const Wording words{.before = "", .after_name = "=", .separator = ", ", .yes = "True", .no = "False"};
  std::string text = mask.empty() ? "import orrery\n\n" : "import numpy\nimport orrery\n\n";
  const bool own = scene.slot.embedded.empty();
  text += own ? "star = orrery.read(" + quoted(file_name(scene)) + ")\n" : "star = orrery.embedded(" + quoted(scene.slot.embedded) + ")\n";
  if (!mask.empty()) text += python_mask(scene, mask);
  text += "fit = orrery.find_period(star" + options_text(words, scene) + (one_band(scene) ? ", band=" + quoted(scene.settings.band) : "") + ")\n";
  text += "fit.period, fit.period_error  # " + answer(scene) + "\n";
  if (!scene.fold->is_best) {
    text += "shown = orrery.evaluate(\"bench.light_curve\", period=" + number_text(scene.fold->period, 12) +
            ", harmonics=" + std::to_string(scene.settings.search.harmonics) + (own ? ", slots={\"series\": star}" : "") + ")\n";
  }
  return text;
}

std::string cpp_code(const Scene& scene, const std::vector<double>& mask) {
  const Wording words{.before = ".", .after_name = " = ", .separator = ", "};
  std::string text =
      "#include <orrery/data/read_series.hpp>\n#include <orrery/period/search.hpp>\nusing namespace orrery;\n\n"
      "auto star = data::read_series_file(" + quoted(file_name(scene)) + ").series;\n";
  if (!mask.empty()) {
    text += "std::vector<std::uint8_t> keep(star.t.size(), 1);\n";
    for (std::size_t i = 0; i + 1 < mask.size(); i += 2) {
      text += "std::fill(keep.begin() + " + number_text(mask[i]) + ", keep.begin() + " + number_text(mask[i + 1] + 1.0) + ", 0);\n";
    }
    text += "star = data::select_rows(star, keep);\n";
  }
  if (one_band(scene)) {
    const auto& names = scene.slot.series.band_names;
    Index band = 0;
    while (band + 1 < ssize(names) && names[at(band)] != scene.settings.band) ++band;
    text += "star = data::select_band(star, " + std::to_string(band) + ");  // " + scene.settings.band + "\n";
  }
  text += "const auto fit = period::find_period(star, {" + options_text(words, scene).substr(2) + "});\n";
  text += "fit.period, fit.period_error;  // " + answer(scene) + "\n";
  if (!scene.fold->is_best) {
    text += "const auto model = period::fit_period(star, 1.0 / " + number_text(scene.fold->period, 12) + ", " + std::to_string(scene.settings.search.harmonics) + ");\n";
  }
  return text;
}

/// The fold at a period that was set by hand: the figure itself answers.
std::string shell_shown(const Scene& scene, const std::vector<double>& mask) {
  const bool own = scene.slot.embedded.empty();
  std::string text = "\norrery eval bench.light_curve";
  if (own) text += " --data " + shell_quoted("series=" + file_name(scene));
  text += " --set period=" + number_text(scene.fold->period, 12) + " --set harmonics=" + std::to_string(scene.settings.search.harmonics);
  if (one_band(scene)) text += " --set " + shell_quoted("band=" + scene.settings.band);
  for (std::size_t i = 0; i + 1 < mask.size(); i += 2) {
    text += (i == 0 ? " --set mask=" : ",") + number_text(mask[i]) + "-" + number_text(mask[i + 1]);
  }
  return text + " --json";
}

std::string shell_code(const Scene& scene, const std::vector<double>& mask) {
  const Wording words{.before = "--", .after_name = " ", .separator = " ", .shell = true};
  std::string text;
  if (!mask.empty()) text += "# rows under the mask (" + list_text(mask) + ") are used here: take them out of the file first\n";
  text += "orrery periodogram " + shell_quoted(file_name(scene)) + options_text(words, scene);
  if (one_band(scene)) text += " --band " + shell_quoted(scene.settings.band);
  return text + " --json" + (scene.fold->is_best ? "" : shell_shown(scene, mask));
}

}  // namespace

live::Code code_for(const live::FrameContext& c, const Scene& scene) {
  if (scene.fold == nullptr) return {};  // the general code for the figure's state is shown instead
  const auto& mask = c.list("mask");
  return {python_code(scene, mask), cpp_code(scene, mask), shell_code(scene, mask)};
}

}  // namespace orrery::bench
