#include "orrery/core/text.hpp"
#include "orrery/live/json_detail.hpp"

namespace orrery::live::detail {
namespace {

std::string list_text(const std::vector<double>& list, const char* separator) {
  std::string text;
  for (const double v : list) text += (text.empty() ? "" : separator) + number_text(v);
  return text;
}

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

std::string python_text(const Value& value) {
  if (const auto* number = std::get_if<double>(&value)) return number_text(*number);
  if (const auto* on = std::get_if<bool>(&value)) return *on ? "True" : "False";
  if (const auto* text = std::get_if<std::string>(&value)) return quoted(*text);
  if (const auto* list = std::get_if<std::vector<double>>(&value)) return "[" + list_text(*list, ", ") + "]";
  return "None";
}

std::string cpp_text(const Value& value) {
  if (const auto* number = std::get_if<double>(&value)) {
    const std::string text = number_text(*number);
    return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
  }
  if (const auto* on = std::get_if<bool>(&value)) return *on ? "true" : "false";
  if (const auto* text = std::get_if<std::string>(&value)) return "std::string(" + quoted(*text) + ")";
  if (const auto* list = std::get_if<std::vector<double>>(&value)) return "std::vector<double>{" + list_text(*list, ", ") + "}";
  return "live::Auto{}";
}

std::string shell_text(const std::string& name, const Value& value) {
  std::string text;
  if (const auto* number = std::get_if<double>(&value)) {
    text = number_text(*number);
  } else if (const auto* on = std::get_if<bool>(&value)) {
    text = *on ? "true" : "false";
  } else if (const auto* choice = std::get_if<std::string>(&value)) {
    text = *choice;
  } else if (const auto* list = std::get_if<std::vector<double>>(&value)) {
    text = list_text(*list, ",");
  }
  const bool plain = text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,+-_") == std::string::npos;
  std::string escaped;
  for (const char c : text) escaped += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return " --set " + name + "=" + (plain ? text : "'" + escaped + "'");
}

/// The values that differ from the start: what a reader wants to see in code.
Values moved(const Figure& figure, const Values& values) {
  Values result;
  for (const auto& control : figure.controls) {
    const auto it = values.find(control.name);
    if (it != values.end() && it->second != start_value(control)) result.insert(*it);
  }
  return result;
}

/// Name of the user's file in the figure's first slot, when there is one.
std::string user_file(const Figure& figure, const Slots& slots) {
  if (figure.slots.empty() || !slots.has(figure.slots.front().name)) return {};
  const auto& content = slots.at(figure.slots.front().name);
  return content.embedded.empty() ? content.name : std::string();
}

}  // namespace

void fill_code(const Figure& figure, const Values& values, const Slots& slots, Code& code) {
  const std::string id(figure.id);
  const std::string file = user_file(figure, slots);
  const std::string slot = figure.slots.empty() ? "" : std::string(figure.slots.front().name);
  const std::string cpp_slots = file.empty() ? "" : ", live::slots_from_file(figure, " + quoted(file) + ")";
  std::string python = "import orrery\n\nframe = orrery.evaluate(\n    " + quoted(id) + ",\n";
  std::string cpp = "#include <orrery/live/evaluate.hpp>\nusing namespace orrery;\n\nconst auto& figure = live::figure_by_id(live::all_figures(), " +
                    quoted(id) + ");\nconst auto frame = live::evaluate(figure, {\n";
  std::string shell = "orrery eval " + id;
  for (const auto& [name, value] : moved(figure, values)) {
    python += "    " + name + "=" + python_text(value) + ",\n";
    cpp += "    {" + quoted(name) + ", " + cpp_text(value) + "},\n";
    shell += shell_text(name, value);
  }
  if (!file.empty()) {
    python += "    slots={" + quoted(slot) + ": " + quoted(file) + "},\n";
    shell += " --data " + slot + "='" + file + "'";
  }
  if (code.python.empty()) code.python = python + ")\nprint(frame.numbers)";
  if (code.cpp.empty()) code.cpp = cpp + "}" + cpp_slots + ");";
  if (code.shell.empty()) code.shell = shell + " --json";
}

}  // namespace orrery::live::detail
