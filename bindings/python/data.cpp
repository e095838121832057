// Series: columns that the engine owns, seen by numpy without a copy.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include "orrery/data/series.hpp"
#include "support.hpp"

namespace orrery::python {
namespace {

using data::Series;
using Codes = nb::ndarray<nb::numpy, const std::int32_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

constexpr std::string_view kQuantities[] = {"magnitude", "flux", "velocity", "other"};

std::vector<double> copy(const OptionalColumn& column) {
  const auto values = span(column);
  return {values.begin(), values.end()};
}

Series series(const Column& t, const Column& y, const OptionalColumn& sigma, const std::optional<Codes>& band,
              std::vector<std::string> band_names, std::string name, std::string y_unit, std::string_view quantity) {
  constexpr const char* where = "Series.from_arrays";
  require_usable({span(t), span(y), span(sigma)}, 1, where);
  Series out{.t = copy(t), .y = copy(y), .sigma = copy(sigma), .name = std::move(name), .y_unit = std::move(y_unit),
             .quantity = static_cast<data::Quantity>(one_of(quantity, kQuantities, where, "quantity"))};
  if (band) {
    if (band->size() != out.t.size()) {
      fail(ErrorKind::input, where, "expected one band a point (" + std::to_string(out.t.size()) + "), got " + std::to_string(band->size()));
    }
    out.band.assign(band->data(), band->data() + band->size());
    for (const std::int32_t code : out.band) {
      if (code < 0 || code >= ssize(band_names)) fail(ErrorKind::input, where, "expected band positions within the band names");
    }
    out.band_names = std::move(band_names);
  }
  return out;
}

}  // namespace

void bind_data(nb::module_& m) {
  // The views are read-only and keep the series alive; a series never changes after it was made.
  nb::class_<Series>(m, "Series", "Times, values, uncertainties and bands, owned by the engine and never changed.")
      .def("__len__", &Series::size)
      .def_prop_ro("t", [](nb::handle_t<Series> self) { return view(nb::cast<Series&>(self).t, self); }, "Times (N,) [day].")
      .def_prop_ro("y", [](nb::handle_t<Series> self) { return view(nb::cast<Series&>(self).y, self); }, "Values (N,).")
      .def_prop_ro("sigma", [](nb::handle_t<Series> self) { return view(nb::cast<Series&>(self).sigma, self); },
                   "Standard errors (N,), or (0,) when there are none.")
      .def_prop_ro("band", [](nb::handle_t<Series> self) { return view(nb::cast<Series&>(self).band, self); },
                   "Position of each point's band in band_names (N,), or (0,) when there is one band.")
      .def_ro("band_names", &Series::band_names)
      .def_ro("name", &Series::name)
      .def_ro("time_label", &Series::time_label)
      .def_ro("y_label", &Series::y_label)
      .def_ro("y_unit", &Series::y_unit)
      .def_prop_ro("quantity", [](const Series& self) { return std::string(kQuantities[static_cast<int>(self.quantity)]); })
      .def("select_band", [](const Series& self, Index band) {
        if (band < 0 || band >= self.bands()) fail(ErrorKind::input, "Series.select_band", "expected a position within the bands");
        return data::select_band(self, band);
      }, "band"_a);
  m.def("series", &series, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "band"_a.noconvert().none(), "band_names"_a,
        "name"_a, "y_unit"_a, "quantity"_a, "A series from columns, which are copied. Refuses what is not finite and sigma <= 0.");
}

}  // namespace orrery::python
