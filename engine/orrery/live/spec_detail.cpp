#include "orrery/live/json_detail.hpp"
#include "orrery/live/registry.hpp"

namespace orrery::live::detail {
namespace {

const char* kind_name(ControlKind kind) {
  constexpr const char* names[] = {"slider", "integer", "range", "choice", "toggle", "point", "rows"};
  return names[static_cast<std::size_t>(kind)];
}

const char* mark_name(Mark mark) {
  constexpr const char* names[] = {"points", "line", "area", "bars", "image", "contour", "rule", "handle", "graph", "text"};
  return names[static_cast<std::size_t>(mark)];
}

const char* role_name(Role role) {
  constexpr const char* names[] = {"data", "model", "accent", "mute", "warn", "band"};
  return names[static_cast<std::size_t>(role)];
}

const char* brush_name(Brush brush) {
  constexpr const char* names[] = {"none", "x", "xy"};
  return names[static_cast<std::size_t>(brush)];
}

Json control_json(const Control& c) {
  return {{"name", c.name},
          {"label", c.label.empty() ? c.name : c.label},
          {"unit", c.unit},
          {"kind", kind_name(c.kind)},
          {"low", head_json(c.low)},
          {"high", head_json(c.high)},
          {"start", value_json(start_value(c))},
          {"step", head_json(c.step)},
          {"scale", scale_name(c.scale)},
          {"choices", c.choices},
          {"group", c.group},
          {"help", c.help},
          {"on_plot_only", c.on_plot_only}};
}

Json axis_json(const Axis& a) {
  return {{"label", a.label}, {"unit", a.unit}, {"scale", scale_name(a.scale)}, {"reversed", a.reversed}, {"ticks", a.ticks}};
}

Json panel_json(const Panel& p) {
  Json marks = Json::array();
  for (const auto& m : p.marks) {
    marks.push_back({{"id", m.id},
                     {"mark", mark_name(m.mark)},
                     {"role", role_name(m.role)},
                     {"link", m.link},
                     {"label", m.label},
                     {"control_x", m.control_x},
                     {"control_y", m.control_y},
                     {"note", m.note}});
  }
  return {{"id", p.id},         {"title", p.title},       {"hint", p.hint},
          {"x", axis_json(p.x)}, {"y", axis_json(p.y)},    {"marks", marks},
          {"wide", p.wide},     {"square", p.square},     {"tall", p.tall},
          {"brush", brush_name(p.brush)}, {"brush_control", p.brush_control}};
}

}  // namespace

Json spec_json(const Figure& figure) {
  Json controls = Json::array();
  for (const auto& control : figure.controls) controls.push_back(control_json(control));
  Json slots = Json::array();
  for (const auto& slot : figure.slots) {
    slots.push_back({{"name", slot.name},
                     {"kind", slot.kind == SlotKind::series ? "series" : "table"},
                     {"label", slot.label},
                     {"embedded", slot.embedded},
                     {"help", slot.help}});
  }
  Json panels = Json::array();
  for (const auto& panel : figure.panels) panels.push_back(panel_json(panel));
  return {{"id", figure.id},         {"title", figure.title},     {"question", figure.question}, {"shelf", shelf_name(figure.shelf)},
          {"source", figure.source}, {"explain", figure.explain}, {"controls", controls},        {"slots", slots},
          {"panels", panels}};
}

Json report_json(const SlotContent& content) {
  const data::ReadReport& report = content.report;
  Json dropped = Json::array();
  for (const auto& d : report.dropped) dropped.push_back({{"reason", d.reason}, {"count", d.count}});
  Json json = {{"format", report.format},   {"rows", report.n_rows},       {"measurements", report.n_measurements},
               {"used", report.n_used},     {"dropped", dropped},          {"duplicates", report.duplicates},
               {"notes", report.notes},
               {"roles", {{"time", report.time_column}, {"value", report.value_column}, {"error", report.error_column}, {"band", report.band_column}}}};
  if (!content.table.columns.empty()) {
    json["format"] = content.table.format;
    json["rows"] = json["used"] = content.table.rows();
    json["notes"] = content.table.notes;
  }
  return json;
}

}  // namespace orrery::live::detail
