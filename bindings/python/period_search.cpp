// Period search: the report, the harmonic model.
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include "orrery/period/caution.hpp"
#include "orrery/period/search.hpp"
#include "period_lists.hpp"
#include "support.hpp"

namespace orrery::python {
namespace {

using period::PeriodModel;
using period::PeriodReport;

/// Values and standard errors of one band's model at times t (N,).
nb::tuple model_values(const PeriodModel& model, const Column& t, std::int32_t band) {
  const Index b = model.find_band(band);
  if (b < 0) fail(ErrorKind::input, "model", "expected a band that was fitted: this one has too few points");
  std::vector<double> value(t.size()), error(t.size());
  for (std::size_t i = 0; i < t.size(); ++i) {
    const double phase = model.phase(t.data()[i]);
    value[i] = model.value(b, phase);
    error[i] = model.error(b, phase);
  }
  return nb::make_tuple(array(std::move(value)), array(std::move(error)));
}

constexpr std::string_view kAlarms[] = {"single", "naive", "davies", "baluev", "bootstrap", "red_noise"};  // in the order of AlarmMethod

nb::tuple find_period(const data::Series& series, std::optional<double> min_period, std::optional<double> max_period, double oversampling,
                      int harmonics, bool fit_mean, double sigma_clip, Index max_frequencies, std::string_view alarm, Index resamples,
                      std::uint64_t seed, bool smooth) {
  const period::PeriodSearch search{.min_period = min_period, .max_period = max_period, .oversampling = oversampling,
                                    .harmonics = harmonics, .fit_mean = fit_mean, .sigma_clip = sigma_clip,
                                    .max_frequencies = max_frequencies, .least_oversampling = 1.0,
                                    .alarm = static_cast<period::AlarmMethod>(one_of(alarm, kAlarms, "find_period", "alarm")),
                                    .resamples = resamples, .seed = seed, .smooth = smooth};
  period::require_variation(series, "find_period");
  Budget budget;
  PeriodReport report = run(Job<PeriodReport>(budget, period::find_period_task(budget, series, search)));
  nb::dict out;
  out["grid"] = report.range.grid;
  out["coarsened"] = report.range.coarsened;
  out["period"] = report.period;
  out["period_error"] = report.period_error;
  out["peak_power"] = report.peak_power;
  out["false_alarm_probability"] = report.false_alarm_probability;
  out["log10_false_alarm_probability"] = report.log10_false_alarm_probability;
  out["amplitude"] = report.amplitude;
  out["n_used"] = report.n_used;
  out["n_dropped"] = report.n_dropped;
  out["warnings"] = report.warnings;
  out["at_edge"] = report.at_edge;
  out["false_alarm_error"] = report.false_alarm_error;
  out["ambiguous"] = report.ambiguous;
  out["rivals"] = rival_list(report.rivals);
  out["window"] = window_list(report.window);
  out["kept"] = array(std::vector<std::uint8_t>(report.kept)).cast().attr("view")("bool");
  out["power"] = array(std::vector<double>(report.power));
  out["fit"] = report.fit;
  return nb::make_tuple(nb::cast(std::move(report)), out);
}

}  // namespace

void bind_period_search(nb::module_& m) {
  m.def("require_variation", [](const data::Series& series, const std::string& where) { period::require_variation(series, where.c_str()); },
        "series"_a, "where"_a, "Refuses a series whose values are all the same.");
  m.def("period_cautions", &period::period_cautions, "series"_a, "period"_a, "What sampling and span say against a period.");
  nb::class_<PeriodModel>(m, "PeriodModel", "Harmonics in every band at one common frequency.")
      .def_ro("frequency", &PeriodModel::frequency, "[1/day]")
      .def_ro("frequency_error", &PeriodModel::frequency_error, "[1/day] one sigma; infinity when the data say nothing.")
      .def_ro("epoch", &PeriodModel::epoch, "[day] time of phase 0.")
      .def_ro("harmonics", &PeriodModel::harmonics)
      .def_ro("dof", &PeriodModel::dof)
      .def_ro("chi2", &PeriodModel::chi2)
      .def_ro("chi2_0", &PeriodModel::chi2_0, "chi2 of constants alone.")
      .def_prop_ro("power", &PeriodModel::power)
      .def_prop_ro("period", &PeriodModel::period, "[day]")
      .def_prop_ro("period_error", &PeriodModel::period_error, "[day] one sigma.")
      .def("values", &model_values, "t"_a.noconvert(), "band"_a,
           nb::sig("def values(self, t: NDArray[numpy.float64], band: int) -> tuple[NDArray[numpy.float64], NDArray[numpy.float64]]"),
           "Model and its standard error at times t (N,) [day].");
  nb::class_<PeriodReport>(m, "PeriodReport", "What find_period found; kept for false_alarm_power.")
      .def("log10_false_alarm_probability", &period::log10_false_alarm_probability, "power"_a)
      .def("false_alarm_power", &period::false_alarm_power, "probability"_a, "Power that noise exceeds with this probability.");
  m.def("find_period", &find_period, "series"_a, "min_period"_a.none(), "max_period"_a.none(), "oversampling"_a, "harmonics"_a, "fit_mean"_a,
        "sigma_clip"_a, "max_frequencies"_a, "alarm"_a, "resamples"_a, "seed"_a, "smooth"_a,
        nb::sig("def find_period(series: Series, min_period: float | None, max_period: float | None, oversampling: float, harmonics: int, "
                "fit_mean: bool, sigma_clip: float, max_frequencies: int, alarm: str, resamples: int, seed: int, smooth: bool) -> tuple[PeriodReport, dict[str, typing.Any]]"),
        "Lomb-Scargle search of all bands together: the report and its values by name.");
}

}  // namespace orrery::python
