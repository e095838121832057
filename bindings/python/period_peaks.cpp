// What follows from a periodogram: refined peaks, aliases, false-alarm probabilities.
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include "orrery/period/false_alarm.hpp"
#include "orrery/period/harmonic_fit.hpp"
#include "orrery/period/peaks.hpp"
#include "support.hpp"

namespace orrery::python {
namespace {

using period::FrequencyGrid;
using period::HarmonicFit;

SeriesView view_of(const Column& t, const Column& y, const OptionalColumn& sigma) { return {span(t), span(y), span(sigma)}; }

period::LombScargleOptions model_options(int harmonics, bool fit_mean) { return {.harmonics = harmonics, .fit_mean = fit_mean}; }

nb::list aliases(const Column& t, const Column& y, const OptionalColumn& sigma, const HarmonicFit& best, int harmonics, bool fit_mean,
                 double max_frequency) {
  nb::list out;
  const period::AliasOptions options{.model = model_options(harmonics, fit_mean), .max_frequency = max_frequency};
  for (const auto& a : period::aliases(view_of(t, y, sigma), best, options)) {
    out.append(nb::make_tuple(a.name, a.period, a.frequency, a.power, a.delta_chi2, a.excluded));
  }
  return out;
}

period::FalseAlarmOptions alarm_options(std::string_view method, int harmonics, bool fit_mean, std::string_view normalization,
                                        Index bootstraps, std::uint64_t seed) {
  static constexpr std::string_view methods[] = {"single", "naive", "davies", "baluev", "bootstrap"};
  period::FalseAlarmOptions options{.bootstraps = bootstraps, .seed = seed};
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
  m.def("aliases", &aliases, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "best"_a, "harmonics"_a, "fit_mean"_a,
        "max_frequency"_a, nb::sig("def aliases(t: NDArray[numpy.float64], y: NDArray[numpy.float64], sigma: NDArray[numpy.float64] | None, "
                                   "best: HarmonicFit, harmonics: int, fit_mean: bool, max_frequency: float) -> "
                                   "list[tuple[str, float, float, float, float, bool]]"),
        "Name, period, frequency, power, delta chi2 and exclusion of every rival.");
  m.def("false_alarm_probability", [](double power, const Column& t, const Column& y, const OptionalColumn& sigma, const FrequencyGrid& grid,
                                      std::string_view method, int harmonics, bool fit_mean, std::string_view normalization,
                                      Index bootstraps, std::uint64_t seed) {
    const auto options = alarm_options(method, harmonics, fit_mean, normalization, bootstraps, seed);
    Budget budget;
    const auto found = run(Job<period::FalseAlarm>(
        budget, period::false_alarm_probability_task(budget, power, view_of(t, y, sigma), grid, options)));
    return nb::make_tuple(found.probability, found.log10_probability);
  }, "power"_a, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "grid"_a, "method"_a, "harmonics"_a, "fit_mean"_a,
        "normalization"_a, "bootstraps"_a, "seed"_a,
        nb::sig("def false_alarm_probability(power: float, t: NDArray[numpy.float64], y: NDArray[numpy.float64], "
                "sigma: NDArray[numpy.float64] | None, grid: FrequencyGrid, method: str, harmonics: int, fit_mean: bool, normalization: str, "
                "bootstraps: int, seed: int) -> tuple[float, float]"),
        "Probability that noise has such a peak anywhere on the grid, and its decimal logarithm.");
  m.def("false_alarm_level", [](double probability, const Column& t, const Column& y, const OptionalColumn& sigma, const FrequencyGrid& grid,
                                std::string_view method, int harmonics, bool fit_mean, std::string_view normalization, Index bootstraps,
                                std::uint64_t seed) {
    const auto options = alarm_options(method, harmonics, fit_mean, normalization, bootstraps, seed);
    Budget budget;
    return run(Job<double>(budget, period::false_alarm_level_task(budget, probability, view_of(t, y, sigma), grid, options)));
  }, "probability"_a, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "grid"_a, "method"_a, "harmonics"_a, "fit_mean"_a,
        "normalization"_a, "bootstraps"_a, "seed"_a, "Power that noise reaches with this probability anywhere on the grid.");
  m.def("bootstrap_maxima", [](const Column& t, const Column& y, const OptionalColumn& sigma, const FrequencyGrid& grid, int harmonics,
                               bool fit_mean, Index bootstraps, std::uint64_t seed) {
    Budget budget;
    return array(run(Job<std::vector<double>>(
        budget, period::bootstrap_maxima_task(budget, view_of(t, y, sigma), grid, bootstraps, seed, model_options(harmonics, fit_mean)))));
  }, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "grid"_a, "harmonics"_a, "fit_mean"_a, "bootstraps"_a, "seed"_a,
        "Highest standard power of each shuffled series (bootstraps,), ascending.");
}

}  // namespace orrery::python
