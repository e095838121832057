// Errors and threads.
#include <nanobind/stl/string.h>

#include <exception>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/parallel.hpp"
#include "orrery/core/text.hpp"
#include "support.hpp"

namespace orrery::python {
namespace {

/// Raises orrery.InputError with the one-line message, and with `kind` and `where` as attributes.
void translate(const std::exception_ptr& thrown, void* type) {
  try {
    std::rethrow_exception(thrown);
  } catch (const InputError& error) {
    const nb::handle cls(static_cast<PyObject*>(type));
    nb::object raised = cls(error.what());
    const std::string_view kind = error_kind_name(error.kind());
    raised.attr("kind") = nb::str(kind.data(), kind.size());
    raised.attr("where") = nb::str(error.where().data(), error.where().size());
    PyErr_SetObject(cls.ptr(), raised.ptr());
  }
}

}  // namespace

void bind_core(nb::module_& m) {
  const nb::exception<InputError> type(m, "InputError", PyExc_ValueError);
  type.attr("__doc__") = "An argument or a file is not what was asked for: one line that says where, what was expected and what "
                         "was got. `kind` is 'input', 'io' or 'limit'; `where` names the function or file:row:column.";
  nb::register_exception_translator(translate, type.ptr());  // tried before the plain one of nb::exception
  m.def("hardware_threads", &hardware_threads, "Number of threads that threads=0 stands for.");
  m.def("value_text", [](double value, double error) { return value_text(value, error); }, "value"_a, "error"_a,
        "The value with two significant digits of its error.");
  m.def("error_text", [](double error) { return error_text(error); }, "error"_a, "The error with two significant digits.");
  m.def("address", [](const Column& column) { return reinterpret_cast<std::uintptr_t>(column.data()); }, "column"_a.noconvert(),
        "Where the engine sees a column: the same address as numpy's when it was not copied.");
}

}  // namespace orrery::python
