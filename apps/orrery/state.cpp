#include "orrery/state.hpp"

#include <cmath>
#include <cstdlib>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/live/evaluate.hpp"
#include "orrery/progress.hpp"

namespace orrery::app {
namespace {

[[noreturn]] void wrong(const std::string& argument, const std::string& expected) {
  fail(ErrorKind::input, "--set " + argument, "expected " + expected);
}

double number_from(const std::string& text, const std::string& argument) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !std::isfinite(value)) wrong(argument, "a number, got '" + text + "'");
  return value;
}

std::vector<std::string> pieces(const std::string& text, char separator) {
  std::vector<std::string> result;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    result.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return result;
}

std::vector<double> rows_from(const std::string& text, const std::string& argument) {
  std::vector<double> rows;
  if (text.empty()) return rows;
  for (const auto& piece : pieces(text, ',')) {
    const auto dash = piece.find('-');
    rows.push_back(number_from(piece.substr(0, dash), argument));
    rows.push_back(dash == std::string::npos ? rows.back() : number_from(piece.substr(dash + 1), argument));
  }
  return rows;
}

live::Value value_from(const live::Control& control, const std::string& text, const std::string& argument) {
  using live::ControlKind;
  switch (control.kind) {
    case ControlKind::slider:
    case ControlKind::integer:
      if (text == "auto") return live::Auto{};
      return number_from(text, argument);
    case ControlKind::toggle:
      if (text == "true" || text == "1" || text == "on" || text == "yes") return true;
      if (text == "false" || text == "0" || text == "off" || text == "no") return false;
      wrong(argument, "true or false");
    case ControlKind::choice: return text;
    case ControlKind::rows: return rows_from(text, argument);
    case ControlKind::range:
    case ControlKind::point: {
      std::vector<double> list;
      for (const auto& piece : pieces(text, ',')) list.push_back(number_from(piece, argument));
      return list;
    }
  }
  wrong(argument, "a value");
}

}  // namespace

live::Values values_from_flags(const live::Figure& figure, const std::vector<std::string>& arguments) {
  live::Values values;
  for (const auto& argument : arguments) {
    const auto equals = argument.find('=');
    if (equals == std::string::npos) wrong(argument, "name=value");
    const std::string name = argument.substr(0, equals);
    const Index position = live::find_control(figure, name);
    if (position < 0) {
      static_cast<void>(live::complete_values(figure, {{name, 0.0}}, true));  // says which controls there are
    }
    values.insert_or_assign(name, value_from(figure.controls[at(position)], argument.substr(equals + 1), argument));
  }
  return values;
}

live::Slots slots_from_flags(const live::Figure& figure, const std::vector<std::string>& arguments, const data::ReadOptions& options,
                             bool quiet) {
  live::Slots slots = live::default_slots(figure);
  for (const auto& argument : arguments) {
    if (figure.slots.empty()) fail(ErrorKind::input, std::string(figure.id), "takes no data file, got '" + argument + "'");
    const auto equals = argument.find('=');
    const Index named = equals == std::string::npos ? -1 : live::find_slot(figure, argument.substr(0, equals));
    const live::Slot& slot = figure.slots[at(std::max<Index>(named, 0))];
    const std::string path = named < 0 ? argument : argument.substr(equals + 1);
    slots.put(slot.name, live::slot_from_file(slot, path, options, reading_progress(quiet)));
  }
  return slots;
}

Task<live::Frame> evaluate_task(const live::Figure& figure, const live::Values& values, const live::Slots& slots, live::NodeCache& cache,
                                Budget& budget) {
  live::FrameContext context(figure, values, slots, cache, budget, {});
  if (figure.draw != nullptr) {
    figure.draw(context);
  } else {
    static_cast<void>(co_await figure.frame(context));
  }
  co_return std::move(context.frame());
}

}  // namespace orrery::app
