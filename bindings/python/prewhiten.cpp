// Prewhitening and CLEAN; the spectral window.
#include <nanobind/stl/string.h>

#include "orrery/period/clean.hpp"
#include "orrery/period/prewhiten.hpp"
#include "orrery/period/window.hpp"
#include "support.hpp"

namespace orrery::python {
namespace {

using period::Mode;

constexpr const char* kStops[] = {"count", "snr", "false_alarm", "no_peak", "too_few_points"};

/// One number of every mode.
Array<double> each(const std::vector<Mode>& modes, double Mode::*member) {
  std::vector<double> out;
  for (const auto& mode : modes) out.push_back(mode.*member);
  return array(std::move(out));
}

nb::dict modes_dict(const std::vector<Mode>& modes) {
  nb::dict out;
  out["frequency"] = each(modes, &Mode::frequency);
  out["frequency_error"] = each(modes, &Mode::frequency_error);
  out["amplitude"] = each(modes, &Mode::amplitude);
  out["amplitude_error"] = each(modes, &Mode::amplitude_error);
  out["phase"] = each(modes, &Mode::phase);
  out["phase_error"] = each(modes, &Mode::phase_error);
  out["snr"] = each(modes, &Mode::snr);
  out["log10_false_alarm"] = each(modes, &Mode::log10_false_alarm);
  nb::list relation, resolved;
  for (const auto& mode : modes) {
    relation.append(mode.relation);
    resolved.append(mode.resolved);
  }
  out["relation"] = relation;
  out["resolved"] = resolved;
  return out;
}

nb::dict prewhiten(const Column& t, const Column& y, const OptionalColumn& sigma, const period::FrequencyGrid& grid, Index max_modes,
                   double min_snr, double max_false_alarm, double noise_box, double separation) {
  const period::PrewhitenOptions options{.max_modes = max_modes, .min_snr = min_snr, .max_false_alarm = max_false_alarm,
                                         .noise_box = noise_box, .separation = separation};
  Budget budget;
  auto found = run(Job<period::Prewhitening>(
      budget, period::prewhiten_task(budget, {span(t), span(y), span(sigma)}, grid, options)));
  nb::dict out = modes_dict(found.modes);
  out["epoch"] = found.epoch;
  out["offset"] = found.offset;
  out["chi2"] = found.chi2;
  out["chi2_0"] = found.chi2_0;
  out["dof"] = found.dof;
  out["residual"] = array(std::move(found.residual));
  out["residual_amplitude"] = array(std::move(found.amplitude));
  out["stop"] = kStops[static_cast<std::size_t>(found.stop)];
  out["stop_words"] = period::stop_words(found.stop);
  return out;
}

/// A complex column as its two parts.
nb::dict clean(const Column& t, const Column& y, const OptionalColumn& sigma, double highest, double step, double gain, Index iterations,
               double floor, bool weighted, bool restore) {
  const period::CleanOptions options{.gain = gain, .iterations = iterations, .floor = floor, .weighted = weighted, .restore = restore};
  Budget budget;
  auto found = run(Job<period::CleanSpectrum>(
      budget, period::clean_task(budget, {span(t), span(y), span(sigma)}, highest, step, options)));
  nb::dict out;
  out["frequency"] = array(found.grid.values());
  out["epoch"] = found.epoch;
  out["dirty"] = nb::make_tuple(array(std::move(found.dirty_re)), array(std::move(found.dirty_im)));
  out["components"] = nb::make_tuple(array(std::move(found.component_re)), array(std::move(found.component_im)));
  out["residual"] = nb::make_tuple(array(std::move(found.residual_re)), array(std::move(found.residual_im)));
  out["amplitude"] = array(std::move(found.amplitude));
  out["dirty_amplitude"] = array(std::move(found.dirty_amplitude));
  out["beam"] = found.beam;
  out["iterations"] = found.iterations;
  return out;
}

Array<double> window(const Column& t, const OptionalColumn& sigma, const Column& frequency) {
  const SeriesView series{span(t), span(t), span(sigma)};
  std::vector<double> power(frequency.size());
  const Index grain = std::clamp<Index>(2'000'000 / std::max<Index>(1, ssize(series.t)), 64, 65536);
  static_cast<void>(period::spectral_window_exact(series, {}));  // refuses a wrong series also when there is no frequency
  in_pieces(ssize(power), grain, [&](Index first, Index count) {
    const auto part = period::spectral_window_exact(series, span(frequency).subspan(at(first), at(count)));
    std::copy(part.begin(), part.end(), power.begin() + first);
  });
  return array(std::move(power));
}

Array<double> window_fast(const Column& t, const OptionalColumn& sigma, const period::FrequencyGrid& grid) {
  Budget budget;
  return array(run(Job<std::vector<double>>(budget, period::spectral_window_task(budget, {span(t), span(t), span(sigma)}, grid))));
}

}  // namespace

void bind_prewhiten(nb::module_& m) {
  m.def("prewhiten", &prewhiten, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "grid"_a, "max_modes"_a, "min_snr"_a,
        "max_false_alarm"_a, "noise_box"_a, "separation"_a,
        nb::sig("def prewhiten(t: NDArray[numpy.float64], y: NDArray[numpy.float64], sigma: NDArray[numpy.float64] | None, "
                "grid: FrequencyGrid, max_modes: int, min_snr: float, max_false_alarm: float, noise_box: float, separation: float) "
                "-> dict[str, typing.Any]"),
        "Modes one after the other: columns of the modes, the model's offset and epoch, residuals.");
  m.def("clean", &clean, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "highest"_a, "step"_a, "gain"_a, "iterations"_a,
        "floor"_a, "weighted"_a, "restore"_a,
        nb::sig("def clean(t: NDArray[numpy.float64], y: NDArray[numpy.float64], sigma: NDArray[numpy.float64] | None, highest: float, "
                "step: float, gain: float, iterations: int, floor: float, weighted: bool, restore: bool) -> dict[str, typing.Any]"),
        "CLEAN spectrum at k step; complex columns as pairs of real ones.");
  m.def("spectral_window", &window, "t"_a.noconvert(), "sigma"_a.noconvert().none(), "frequency"_a.noconvert(),
        "Power of the sampling's window at any frequencies (F,), 1 at 0.");
  m.def("spectral_window_fast", &window_fast, "t"_a.noconvert(), "sigma"_a.noconvert().none(), "grid"_a,
        "The same on a regular grid, to 1e-10.");
}

}  // namespace orrery::python
