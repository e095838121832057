// Series: columns that the engine owns, seen by numpy without a copy; readers; embedded sets.
#include <string>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include "orrery/data/embedded.hpp"
#include "orrery/data/read_series.hpp"
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

std::optional<data::Quantity> quantity_named(const std::optional<std::string>& name, const char* where) {
  if (!name) return std::nullopt;
  return static_cast<data::Quantity>(one_of(*name, kQuantities, where, "quantity"));
}

/// The report as plain Python values: what orrery.Report is made of.
nb::dict report_dict(const data::ReadReport& report) {
  nb::dict dropped;
  for (const auto& part : report.dropped) dropped[part.reason.c_str()] = part.count;
  nb::dict columns;
  columns["time"] = report.time_column;
  columns["value"] = report.value_column;
  columns["error"] = report.error_column;
  columns["band"] = report.band_column;
  nb::dict out;
  out["format"] = report.format;
  out["rows"] = report.n_rows;
  out["measurements"] = report.n_measurements;
  out["used"] = report.n_used;
  out["dropped"] = dropped;
  out["duplicates"] = report.duplicates;
  out["was_sorted"] = report.was_sorted;
  out["columns"] = columns;
  out["notes"] = report.notes;
  return out;
}

nb::tuple result_tuple(data::ReadResult&& result) {
  const nb::dict report = report_dict(result.report);
  return nb::make_tuple(nb::cast(std::move(result.series)), report);
}

/// Streams a file without the GIL. Between slices it takes the GIL to look for signals and to tell `progress`, which may raise:
/// the reading stops, and what was raised comes out.
nb::tuple read(const std::string& path, const data::ReadOptions& options, const nb::object& progress) {
  data::ReadResult result;
  bool raised = false;
  const auto tell = [&](double fraction, std::string_view words) {
    const nb::gil_scoped_acquire hold;
    if (PyErr_CheckSignals() != 0) return !(raised = true);
    if (progress.is_none()) return true;
    // The words are short and plain: a terminated copy needs no "#" format.
    PyObject* const answer = PyObject_CallFunction(progress.ptr(), "ds", fraction, std::string(words).c_str());
    if (answer == nullptr) return !(raised = true);
    Py_DECREF(answer);
    return true;
  };
  try {
    const nb::gil_scoped_release release;
    result = data::read_series_file(path, options, tell);
  } catch (const InputError&) {
    if (raised) throw nb::python_error();
    throw;
  }
  return result_tuple(std::move(result));
}

nb::tuple embedded(std::string_view id) {
  std::string known;
  for (const auto& set : data::embedded_sets()) {
    if (set.id == id) return result_tuple(data::read_series(set.csv, std::string(set.id) + ".csv"));
    known += (known.empty() ? "'" : ", '") + std::string(set.id) + "'";
  }
  fail(ErrorKind::input, "embedded", "expected one of " + known + ", got '" + std::string(id) + "'");
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
      .def_ro("time_unit", &Series::time_unit)
      .def_ro("y_label", &Series::y_label)
      .def_ro("y_unit", &Series::y_unit)
      .def_prop_ro("quantity", [](const Series& self) { return std::string(kQuantities[static_cast<int>(self.quantity)]); })
      .def("select_band", [](const Series& self, Index band) {
        if (band < 0 || band >= self.bands()) fail(ErrorKind::input, "Series.select_band", "expected a position within the bands");
        return data::select_band(self, band);
      }, "band"_a);
  m.def("series", &series, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "band"_a.noconvert().none(), "band_names"_a,
        "name"_a, "y_unit"_a, "quantity"_a, "A series from columns, which are copied. Refuses what is not finite and sigma <= 0.");
  m.def("read", [](const std::string& path, std::optional<std::string> time, std::optional<std::string> value, std::optional<std::string> error,
                   std::optional<std::string> band, const std::optional<std::string>& quantity, double time_offset, double error_scale,
                   bool keep_flagged, const nb::object& progress) {
    return read(path, {.time = std::move(time), .value = std::move(value), .error = std::move(error), .band = std::move(band),
                       .quantity = quantity_named(quantity, "read"), .time_offset = time_offset, .error_scale = error_scale,
                       .keep_flagged = keep_flagged}, progress);
  }, "path"_a, "time"_a.none(), "value"_a.none(), "error"_a.none(), "band"_a.none(), "quantity"_a.none(), "time_offset"_a, "error_scale"_a,
        "keep_flagged"_a, "progress"_a.none(), nb::sig("def read(path: str, time: str | None, value: str | None, error: str | None, "
        "band: str | None, quantity: str | None, time_offset: float, error_scale: float, keep_flagged: bool, "
        "progress: typing.Callable[[float, str], object] | None) -> tuple[Series, dict[str, typing.Any]]"),
        "A series and the report from a file, streamed.");
  m.def("embedded_sets", [] {
    nb::list sets;
    for (const auto& set : data::embedded_sets()) {
      sets.append(nb::make_tuple(nb::str(set.id.data(), set.id.size()), nb::str(set.title.data(), set.title.size())));
    }
    return sets;
  }, nb::sig("def embedded_sets() -> list[tuple[str, str]]"), "Id and title of every embedded set.");
  m.def("embedded", &embedded, "id"_a, nb::sig("def embedded(id: str) -> tuple[Series, dict[str, typing.Any]]"),
        "A series and the report from an embedded set.");
}

}  // namespace orrery::python
