// Series: columns that the engine owns, seen by numpy without a copy.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "orrery/data/series.hpp"
#include "support.hpp"

namespace orrery::python {

void bind_data(nb::module_& m) {
  nb::class_<data::Series>(m, "Series")
      .def("__len__", &data::Series::size);
}

}  // namespace orrery::python
