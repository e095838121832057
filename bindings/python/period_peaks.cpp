// What follows from a periodogram: refined peaks, aliases, false-alarm probabilities.
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include "orrery/period/false_alarm.hpp"
#include "orrery/period/harmonic_fit.hpp"
#include "orrery/period/peaks.hpp"
#include "orrery/period/rivals.hpp"
#include "period_lists.hpp"
#include "support.hpp"

namespace orrery::python {
namespace {

using period::FrequencyGrid;
using period::HarmonicFit;

SeriesView view_of(const Column& t, const Column& y, const OptionalColumn& sigma) { return {span(t), span(y), span(sigma)}; }

period::LombScargleOptions model_options(int harmonics, bool fit_mean) { return {.harmonics = harmonics, .fit_mean = fit_mean}; }

HarmonicFit fit_at(const Column& t, const Column& y, const OptionalColumn& sigma, double frequency, int harmonics, bool fit_mean) {
  return period::harmonic_fit(view_of(t, y, sigma), frequency, model_options(harmonics, fit_mean));
}

/// The alias report of a single series around a frequency.
nb::tuple rivals(const Column& t, const Column& y, const OptionalColumn& sigma, double frequency, int harmonics, bool fit_mean,
                 double max_frequency) {
  const auto copy = [](std::span<const double> column) { return std::vector<double>(column.begin(), column.end()); };
  const data::Series series{.t = copy(span(t)), .y = copy(span(y)), .sigma = copy(span(sigma))};
  const auto best = period::fit_period(series, frequency, harmonics, fit_mean);
  const period::RivalOptions options{.max_frequency = max_frequency, .fit_mean = fit_mean};
  Budget budget;
  const auto report = run(Job<period::RivalReport>(budget, period::rivals_task(budget, series, best, {}, options)));
  return nb::make_tuple(rival_list(report.rivals), window_list(report.window), report.ambiguous);
}

period::FalseAlarmOptions alarm_options(std::string_view method, int harmonics, bool fit_mean, std::string_view normalization,
                                        Index resamples, std::uint64_t seed, std::optional<double> frequency, bool smooth) {
  static constexpr std::string_view methods[] = {"single", "naive", "davies", "baluev", "bootstrap", "red_noise"};
  period::FalseAlarmOptions options{.resamples = resamples, .seed = seed, .frequency = frequency, .smooth = smooth};
  options.method = static_cast<period::AlarmMethod>(one_of(method, methods, "false_alarm_probability", "method"));
  options.periodogram = model_options(harmonics, fit_mean);
  options.periodogram.normalization = static_cast<period::Normalization>(
      one_of(normalization, kNormalizations, "false_alarm_probability", "normalization"));
  return options;
}

}  // namespace

void bind_period_peaks(nb::module_& m) {
  nb::class_<HarmonicFit>(m, "HarmonicFit", "Least-squares harmonics at one frequency.")
      .def_ro("frequency", &HarmonicFit::frequency, "[1/day]")
      .def_ro("frequency_error", &HarmonicFit::frequency_error, "[1/day] one sigma; infinity when chi2 does not curve.")
      .def_prop_ro("period", &HarmonicFit::period, "[day]")
      .def_prop_ro("period_error", [](const HarmonicFit& fit) { return period::period_error(fit); }, "[day] one sigma.")
      .def_ro("amplitude", &HarmonicFit::amplitude, "Peak to peak of the model.")
      .def_ro("offset", &HarmonicFit::offset, "Constant of the model.")
      .def_ro("epoch", &HarmonicFit::epoch, "[day] phase 0.")
      .def_ro("chi2", &HarmonicFit::chi2)
      .def_ro("chi2_0", &HarmonicFit::chi2_0, "chi2 without a period.")
      .def_ro("dof", &HarmonicFit::dof)
      .def_ro("power", &HarmonicFit::power, "1 - chi2 / chi2_0.")
      .def("values", [](const HarmonicFit& fit, const Column& t) { return array(period::harmonic_model(fit, span(t))); }, "t"_a.noconvert(),
           "The model at times t (M,) [day].");
  m.def("refine_peak", [](const Column& t, const Column& y, const OptionalColumn& sigma, double frequency, double within, int harmonics,
                          bool fit_mean) {
    return period::refine_peak(view_of(t, y, sigma), frequency, within, model_options(harmonics, fit_mean));
  }, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "frequency"_a, "within"_a, "harmonics"_a, "fit_mean"_a,
        "The model at the maximum of the exact power next to a frequency.");
  m.def("harmonic_fit", &fit_at, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "frequency"_a, "harmonics"_a,
        "fit_mean"_a, "The best model with this frequency.");
  m.def("rivals", &rivals, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "frequency"_a, "harmonics"_a, "fit_mean"_a,
        "max_frequency"_a, nb::sig("def rivals(t: NDArray[numpy.float64], y: NDArray[numpy.float64], sigma: NDArray[numpy.float64] | None, "
                                   "frequency: float, harmonics: int, fit_mean: bool, max_frequency: float) -> "
                                   "tuple[list[tuple[float, float, float, float, float, float, int, str, bool]], "
                                   "list[tuple[float, float, str]], bool]"),
        "The alias report: rivals, window peaks, and whether some rival is not excluded.");
  m.def("false_alarm_probability", [](double power, const Column& t, const Column& y, const OptionalColumn& sigma, const FrequencyGrid& grid,
                                      std::string_view method, int harmonics, bool fit_mean, std::string_view normalization,
                                      Index resamples, std::uint64_t seed, std::optional<double> frequency, bool smooth) {
    const auto options = alarm_options(method, harmonics, fit_mean, normalization, resamples, seed, frequency, smooth);
    Budget budget;
    const auto found = run(Job<period::FalseAlarm>(
        budget, period::false_alarm_probability_task(budget, power, {view_of(t, y, sigma)}, grid, options)));
    return nb::make_tuple(found.probability, found.log10_probability, found.error);
  }, "power"_a, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "grid"_a, "method"_a, "harmonics"_a, "fit_mean"_a,
        "normalization"_a, "resamples"_a, "seed"_a, "frequency"_a.none(), "smooth"_a,
        nb::sig("def false_alarm_probability(power: float, t: NDArray[numpy.float64], y: NDArray[numpy.float64], "
                "sigma: NDArray[numpy.float64] | None, grid: FrequencyGrid, method: str, harmonics: int, fit_mean: bool, normalization: str, "
                "resamples: int, seed: int, frequency: float | None, smooth: bool) -> tuple[float, float, float]"),
        "Probability that noise has such a peak anywhere on the grid, its decimal logarithm and its error.");
  m.def("false_alarm_level", [](double probability, const Column& t, const Column& y, const OptionalColumn& sigma, const FrequencyGrid& grid,
                                std::string_view method, int harmonics, bool fit_mean, std::string_view normalization, Index resamples,
                                std::uint64_t seed, std::optional<double> frequency, bool smooth) {
    const auto options = alarm_options(method, harmonics, fit_mean, normalization, resamples, seed, frequency, smooth);
    Budget budget;
    return run(Job<double>(budget, period::false_alarm_level_task(budget, probability, {view_of(t, y, sigma)}, grid, options)));
  }, "probability"_a, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "grid"_a, "method"_a, "harmonics"_a, "fit_mean"_a,
        "normalization"_a, "resamples"_a, "seed"_a, "frequency"_a.none(), "smooth"_a, "Power that noise reaches with this probability.");
  m.def("bootstrap_maxima", [](const Column& t, const Column& y, const OptionalColumn& sigma, const FrequencyGrid& grid, int harmonics,
                               bool fit_mean, Index bootstraps, std::uint64_t seed) {
    Budget budget;
    return array(run(Job<std::vector<double>>(
        budget, period::bootstrap_maxima_task(budget, {view_of(t, y, sigma)}, grid, bootstraps, seed, model_options(harmonics,
            fit_mean)))));
  }, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "grid"_a, "harmonics"_a, "fit_mean"_a, "bootstraps"_a, "seed"_a,
        "Highest standard power of each shuffled series (bootstraps,), ascending.");
}

}  // namespace orrery::python
