// Figures: the list of them, and one frame as columns and numbers.
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include "orrery/data/read_series.hpp"
#include "orrery/live/evaluate.hpp"
#include "orrery/live/registry.hpp"
#include "support.hpp"

namespace orrery::python {
namespace {

nb::str text(std::string_view view) { return nb::str(view.data(), view.size()); }

live::Value value_of(std::string_view name, nb::handle given) {
  if (given.is_none()) return live::Auto{};
  if (nb::isinstance<nb::bool_>(given)) return nb::cast<bool>(given);
  if (nb::isinstance<nb::str>(given)) return nb::cast<std::string>(given);
  double number = 0.0;
  if (nb::try_cast(given, number)) return number;
  std::vector<double> list;
  if (nb::try_cast(given, list)) return list;
  fail(ErrorKind::input, std::string(name), "expected a number, True or False, a text, a list of numbers or None (automatic)");
}

nb::object python_value(const live::Value& value) {
  if (const auto* number = std::get_if<double>(&value)) return nb::float_(*number);
  if (const auto* on = std::get_if<bool>(&value)) return nb::bool_(*on);
  if (const auto* word = std::get_if<std::string>(&value)) return text(*word);
  if (const auto* list = std::get_if<std::vector<double>>(&value)) return nb::cast(*list);
  return nb::none();
}

template <class T>
nb::object numpy_column(const live::Column& column) {
  std::vector<T> values(at(column.length()));
  std::copy_n(column.bytes.data(), column.bytes.size(), reinterpret_cast<std::byte*>(values.data()));
  return nb::cast(array(std::move(values)));
}

nb::object column_array(const live::Column& column) {
  switch (column.dtype) {
    case live::DType::f32: return numpy_column<float>(column);
    case live::DType::i32: return numpy_column<std::int32_t>(column);
    case live::DType::u32: return numpy_column<std::uint32_t>(column);
    case live::DType::u8: return numpy_column<std::uint8_t>(column);
    case live::DType::f64: break;
  }
  return numpy_column<double>(column);
}

nb::dict mark_dict(const live::MarkFrame& mark) {
  nb::dict out;
  for (const auto& column : mark.columns) {
    const nb::object values = column_array(column);
    const bool gridded = mark.grid && column.id == "value" && mark.grid->rows * mark.grid->cols == column.length();
    out[text(column.id)] = gridded ? values.attr("reshape")(mark.grid->rows, mark.grid->cols) : values;
  }
  if (mark.grid && mark.grid->rows > 0) {
    out["extent"] = nb::make_tuple(mark.grid->x0, mark.grid->x1, mark.grid->y0, mark.grid->y1);
  }
  if (!mark.labels.empty()) out["labels"] = mark.labels;
  return out;
}

nb::dict frame_dict(const live::Frame& frame) {
  nb::dict panels;
  for (const auto& panel : frame.panels) {
    nb::dict marks;
    for (const auto& mark : panel.marks) {
      if (!mark.hidden) marks[text(mark.id)] = mark_dict(mark);
    }
    panels[text(panel.id)] = marks;
  }
  nb::list numbers;
  for (const auto& n : frame.numbers) {
    numbers.append(nb::make_tuple(n.label, n.value, n.error, n.unit, n.note));
  }
  nb::dict controls;
  for (const auto& control : frame.controls) {
    if (control.value) controls[text(control.name)] = python_value(*control.value);
  }
  nb::dict out;
  out["panels"] = panels;
  out["numbers"] = numbers;
  out["warnings"] = frame.warnings;
  out["controls"] = controls;
  return out;
}

void put_slot(live::Slots& slots, const live::Figure& figure, std::string_view name, nb::handle given) {
  const Index position = live::find_slot(figure, name);
  if (position < 0) fail(ErrorKind::input, "evaluate", std::string(figure.id) + " has no slot '" + std::string(name) + "'");
  const live::Slot& slot = figure.slots[at(position)];
  live::SlotContent content;
  if (slot.kind == live::SlotKind::series && nb::isinstance<data::Series>(given)) {
    content.series = nb::cast<const data::Series&>(given);
    content.name = content.series.name;
  } else if (const auto path = nb::cast<std::string>(given); slot.kind == live::SlotKind::series) {
    auto read = data::read_series_file(path);
    content.series = std::move(read.series);
    content.report = std::move(read.report);
    content.name = path;
  } else {
    content.table = data::read_table_file(path);
    content.name = path;
  }
  slots.put(name, std::move(content));
}

/// live::evaluate in slices: the same steps, with a look at signals between them.
nb::dict evaluate(std::string_view id, const nb::dict& given, const nb::dict& given_slots) {
  const live::Figure& figure = live::figure_by_id(live::all_figures(), id);
  live::Values values;
  for (const auto [name, value] : given) values[nb::cast<std::string>(name)] = value_of(nb::cast<std::string>(name), value);
  values = live::complete_values(figure, values, true);
  live::Slots slots = live::default_slots(figure);
  for (const auto [name, content] : given_slots) put_slot(slots, figure, nb::cast<std::string>(name), content);
  if (figure.frame == nullptr) {
    live::Frame frame;
    {
      const nb::gil_scoped_release release;
      frame = live::evaluate(figure, values, slots);
    }
    return frame_dict(frame);
  }
  live::NodeCache cache;
  Budget budget;
  live::FrameContext context(figure, values, slots, cache, budget, {});
  static_cast<void>(run(Job<bool>(budget, figure.frame(context))));
  return frame_dict(context.frame());
}

nb::list figures() {
  nb::list out;
  for (const live::Figure* figure : live::all_figures()) {
    if (figure->shelf == live::Shelf::hidden) continue;
    nb::list controls;
    for (const auto& control : figure->controls) {
      controls.append(nb::make_tuple(text(control.name), text(control.unit), control.low, control.high,
                                     python_value(live::start_value(control)), text(control.help)));
    }
    nb::list slots;
    for (const auto& slot : figure->slots) slots.append(text(slot.name));
    out.append(nb::make_tuple(text(figure->id), text(figure->title), text(figure->question), text(live::shelf_name(figure->shelf)),
                              controls, slots));
  }
  return out;
}

}  // namespace

void bind_live(nb::module_& m) {
  m.def("figures", &figures, nb::sig("def figures() -> list[tuple[str, str, str, str, list[tuple[typing.Any, ...]], list[str]]]"),
        "Id, title, question, shelf, controls and slots of every figure that is not hidden.");
  m.def("evaluate", &evaluate, "id"_a, "values"_a, "slots"_a,
        nb::sig("def evaluate(id: str, values: dict[str, typing.Any], slots: dict[str, Series | str]) -> dict[str, typing.Any]"),
        "One frame, computed to its end: panels, numbers, warnings and what the engine chose for the controls.");
}

}  // namespace orrery::python
