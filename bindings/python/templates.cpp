// Template periodograms and RR Lyrae stars.
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <string>

#include "orrery/core/parallel.hpp"
#include "orrery/period/rr_lyrae.hpp"
#include "orrery/period/template_periodogram.hpp"
#include "support.hpp"

namespace orrery::python {
namespace {

using period::CurveTemplate;
using period::PhaseCurve;
using period::TemplateFit;

constexpr std::string_view kAmplitudes[] = {"shared", "free"};

period::TemplateAmplitudes amplitudes_named(std::string_view name, const char* where) {
  return static_cast<period::TemplateAmplitudes>(one_of(name, kAmplitudes, where, "amplitudes"));
}

/// The bands of a series apart.
struct Bands {
  std::vector<std::vector<double>> t, y, sigma;
  std::vector<SeriesView> views;
};
Bands bands_of(const data::Series& series) {
  Bands out;
  const auto n = at(series.bands());
  out.t.resize(n), out.y.resize(n), out.sigma.resize(n);
  for (std::size_t i = 0; i < series.t.size(); ++i) {
    const std::size_t b = series.band.empty() ? 0 : at(series.band[i]);
    out.t[b].push_back(series.t[i]);
    out.y[b].push_back(series.y[i]);
    if (!series.sigma.empty()) out.sigma[b].push_back(series.sigma[i]);
  }
  for (std::size_t b = 0; b < n; ++b) out.views.push_back({out.t[b], out.y[b], out.sigma[b]});
  return out;
}

nb::dict fit_dict(const TemplateFit& fit) {
  nb::dict out;
  out["frequency"] = fit.frequency;
  out["frequency_error"] = fit.frequency_error;
  out["template_index"] = fit.template_index;
  out["epoch"] = fit.epoch;
  out["amplitude"] = array(std::vector<double>(fit.amplitude));
  out["offset"] = array(std::vector<double>(fit.offset));
  out["chi2"] = fit.chi2;
  out["chi2_0"] = fit.chi2_0;
  out["n"] = fit.n;
  out["dof"] = fit.dof;
  return out;
}

nb::tuple power_curve(const data::Series& series, const std::vector<CurveTemplate>& templates, const period::FrequencyGrid& grid,
                      std::string_view amplitudes, int harmonics, int threads) {
  const period::TemplateOptions options{.amplitudes = amplitudes_named(amplitudes, "template_periodogram"), .harmonics = harmonics, .threads = 1};
  const Bands bands = bands_of(series);
  constexpr Index kPart = 8192;  // frequencies: a few tens of milliseconds
  const Index parts = std::max<Index>(1, (grid.count + kPart - 1) / kPart);
  std::vector<double> power(at(grid.count));
  std::vector<std::int32_t> which(at(grid.count));
  run_parts(parts, threads > 0 ? threads : hardware_threads(), [&](Budget& budget, Index part) -> Task<bool> {
    const Index first = part * kPart;
    const period::FrequencyGrid own{grid[first], grid.step, std::min(kPart, grid.count - first)};
    const auto values = co_await period::template_periodogram_task(budget, bands.views, templates, own, options);
    std::copy(values.power.begin(), values.power.end(), power.begin() + first);
    std::copy(values.template_index.begin(), values.template_index.end(), which.begin() + first);
    co_return true;
  });
  return nb::make_tuple(array(std::move(power)), array(std::move(which)));
}

nb::dict fit(const data::Series& series, const std::vector<CurveTemplate>& templates, double frequency, double within,
             std::string_view amplitudes) {
  const Bands bands = bands_of(series);
  const auto kind = amplitudes_named(amplitudes, "template_fit");
  return fit_dict(within > 0.0 ? period::refine_template(bands.views, templates, frequency, within, kind)
                               : period::template_fit(bands.views, templates, frequency, kind));
}

nb::dict rr_lyrae(const data::Series& series, const std::vector<CurveTemplate>& templates, double min_period, double max_period,
                  double oversampling, double floor, double clip, Index candidates, std::string_view amplitudes, int harmonics) {
  const period::RrLyraeOptions options{.min_period = min_period, .max_period = max_period, .oversampling = oversampling, .floor = floor,
                                       .clip = clip, .candidates = candidates, .amplitudes = amplitudes_named(amplitudes, "find_rr_lyrae"),
                                       .harmonics = harmonics};
  Budget budget;
  auto report = run(Job<period::RrLyraeReport>(budget, period::find_rr_lyrae_task(budget, series, options, templates)));
  nb::list found;
  for (const auto& c : report.candidates) {
    nb::dict one = fit_dict(c.fit);
    one["name"] = c.name;
    one["delta_chi2"] = c.delta_chi2;
    found.append(one);
  }
  nb::dict out;
  out["grid"] = report.grid;
  out["power"] = array(std::move(report.curve.power));
  out["template_index"] = array(std::move(report.curve.template_index));
  out["kept"] = array(std::move(report.kept)).cast().attr("view")("bool");
  out["candidates"] = found;
  out["templates"] = std::move(report.templates);
  return out;
}

Array<double> curve_values(const CurveTemplate& self, Index band, const Column& phase) {
  if (band < 0 || band >= ssize(self.bands)) fail(ErrorKind::input, "values", "expected a band from 0 to " + std::to_string(ssize(self.bands) - 1) + ", got " + std::to_string(band));
  std::vector<double> out(phase.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = self.bands[at(band)].value(phase.data()[i]);
  return array(std::move(out));
}

nb::list coefficients(const CurveTemplate& self) {
  nb::list out;
  for (const auto& curve : self.bands)
    out.append(nb::make_tuple(array(std::vector<double>(curve.cosine)), array(std::vector<double>(curve.sine))));
  return out;
}

void make_template(CurveTemplate* self, std::string name, const std::vector<std::vector<double>>& cosine,
                   const std::vector<std::vector<double>>& sine, double min_period, double max_period) {
  if (cosine.size() != sine.size()) fail(ErrorKind::input, "CurveTemplate", "expected cosines and sines for as many bands");
  CurveTemplate made{.name = std::move(name), .min_period = min_period, .max_period = max_period};
  for (std::size_t b = 0; b < cosine.size(); ++b) made.bands.push_back({cosine[b], sine[b]});
  new (self) CurveTemplate(std::move(made));
}

}  // namespace

void bind_templates(nb::module_& m) {
  nb::class_<CurveTemplate>(m, "CurveTemplate", "Light curves of one kind of star in some bands: Fourier coefficients over phase, amplitudes in proportion.")
      .def("__init__", &make_template, "name"_a, "cosine"_a, "sine"_a, "min_period"_a = 0.0, "max_period"_a = 1e300,
           "name, then for each band the cosines and the sines of harmonics 1, 2, ...; periods [day] at which the template may be.")
      .def_ro("name", &CurveTemplate::name)
      .def_ro("min_period", &CurveTemplate::min_period, "[day]")
      .def_ro("max_period", &CurveTemplate::max_period, "[day]")
      .def_prop_ro("bands", [](const CurveTemplate& self) { return ssize(self.bands); }, "Number of bands.")
      .def_prop_ro("coefficients", &coefficients, "For each band the cosines (K,) and the sines (K,).")
      .def("values", &curve_values, "band"_a, "phase"_a.noconvert(), "The curve of a band at phases (N,).")
      .def("__repr__", [](const CurveTemplate& self) { return "<CurveTemplate '" + self.name + "', " + std::to_string(self.bands.size()) + " bands>"; });
  m.def("phase_curve", [](const Column& phase, const Column& value, int harmonics) {
    auto curve = period::phase_curve(span(phase), span(value), harmonics);
    return nb::make_tuple(array(std::move(curve.cosine)), array(std::move(curve.sine)));
  }, "phase"_a.noconvert(), "value"_a.noconvert(), "harmonics"_a, "Cosines and sines (K,) of a tabulated curve.");
  m.def("rr_lyrae_templates", [](const std::vector<std::string>& bands, bool flux) { return period::rr_lyrae_templates(bands, flux); }, "bands"_a,
        "flux"_a, "23 templates of the built-in set.");
  m.def("ranked_templates", [](const std::vector<int>& number, const std::vector<std::string>& band, const std::vector<std::vector<double>>& cosine,
                                const std::vector<std::vector<double>>& sine, const std::vector<std::string>& bands) {
    if (band.size() != number.size() || cosine.size() != number.size() || sine.size() != number.size()) {
      fail(ErrorKind::input, "ranked_templates", "expected as many bands, cosines and sines as numbers");
    }
    std::vector<period::NumberedCurve> curves;
    for (std::size_t i = 0; i < number.size(); ++i) curves.push_back({band[i], number[i], {cosine[i], sine[i]}});
    return period::ranked_templates(curves, bands);
  }, "number"_a, "band"_a, "cosine"_a, "sine"_a, "bands"_a, "Templates of a numbered set.");
  m.def("template_periodogram", &power_curve, "series"_a, "templates"_a, "grid"_a, "amplitudes"_a, "harmonics"_a, "threads"_a,
        "Power and best template (F,) on a regular grid.");
  m.def("template_fit", &fit, "series"_a, "templates"_a, "frequency"_a, "within"_a, "amplitudes"_a,
        nb::sig("def template_fit(series: Series, templates: Sequence[CurveTemplate], frequency: float, within: float, amplitudes: str) "
                "-> dict[str, typing.Any]"),
        "The best template at a frequency, or (within > 0) next to it.");
  m.def("find_rr_lyrae", &rr_lyrae, "series"_a, "templates"_a, "min_period"_a, "max_period"_a, "oversampling"_a, "floor"_a, "clip"_a,
        "candidates"_a, "amplitudes"_a, "harmonics"_a,
        nb::sig("def find_rr_lyrae(series: Series, templates: Sequence[CurveTemplate], min_period: float, max_period: float, oversampling: float, "
                "floor: float, clip: float, candidates: int, amplitudes: str, harmonics: int) -> dict[str, typing.Any]"),
        "Search with templates: the curve and the candidates, best first.");
}

}  // namespace orrery::python
