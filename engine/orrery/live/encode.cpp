#include "orrery/live/encode.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>

#include "orrery/core/text.hpp"
#include "orrery/live/json_detail.hpp"
#include "orrery/live/message.hpp"

namespace orrery::live {
namespace {

using detail::head_json;
using detail::Json;

/// A column on its way out: where it lies from the first column, or that the page has it.
struct Placed {
  const Column* column;
  Index offset;  ///< -1: same as last time
};

struct PlacedMark {
  const MarkFrame* mark;
  std::vector<Placed> columns;
  Index raster_width = 0, raster_height = 0, full_length = -1;
  std::array<double, 4> raster_view = {};  ///< range of x, range of y that the raster covers
};

struct PlacedPanel {
  const PanelFrame* panel;
  std::vector<PlacedMark> marks;
};

const Panel* panel_spec(const Figure& figure, std::string_view id) {
  const Index i = find_panel(figure, id);
  return i < 0 ? nullptr : &figure.panels[at(i)];
}

const MarkSpec* mark_spec(const Panel* panel, std::string_view id) {
  if (panel == nullptr) return nullptr;
  const auto it = std::find_if(panel->marks.begin(), panel->marks.end(), [&](const MarkSpec& m) { return m.id == id; });
  return it == panel->marks.end() ? nullptr : &*it;
}

AxisView axis_view(const AxisFrame& axis, const Axis* spec, const std::optional<Extent>& zoom, double css, double ratio) {
  const Extent shown = zoom.value_or(Extent{axis.low, axis.high});
  const Scale scale = axis.scale.value_or(spec ? spec->scale : Scale::linear);
  return {shown.low, shown.high, scale, static_cast<Index>(std::clamp(std::round(css * ratio), 1.0, 8192.0))};
}

void move_columns(const MarkFrame& mark, const std::vector<Index>& positions, MarkFrame& out) {
  for (const auto& column : mark.columns) {
    const auto values = mark.f64(column.id);
    if (column.dtype == DType::f64) out.set(column.id, taken(values, positions));
  }
}

/// The marks of one panel as they are sent; keeps the columns it makes.
class PanelEncoder {
 public:
  PanelEncoder(const PanelFrame& panel, const Panel* spec, const PanelView& view, const Palette& palette)
      : panel_(panel), spec_(spec), palette_(palette), ratio_(view.ratio),
        x_(axis_view(panel.x, spec ? &spec->x : nullptr, view.x, view.width, view.ratio)),
        y_(axis_view(panel.y, spec ? &spec->y : nullptr, view.y, view.height, view.ratio)) {}

  /// The mark to send, and through the arguments the size of its raster and the full length of its line.
  const MarkFrame& prepared(const MarkFrame& mark, PlacedMark& placed, std::deque<MarkFrame>& made) const {
    const MarkSpec* spec = mark_spec(spec_, mark.id);
    if (spec == nullptr) return mark;
    if (spec->mark == Mark::line) return decimated(mark, decimate_line(mark.f64("x"), mark.f64("y"), x_), placed, made);
    if (spec->mark == Mark::area) {
      return decimated(mark, decimate_area(mark.f64("x"), mark.f64("low"), mark.f64("high"), x_), placed, made);
    }
    if (spec->mark == Mark::points && ssize(mark.f64("x")) > kRasterFrom) return rasterised(mark, *spec, placed, made);
    return mark;
  }

 private:
  const MarkFrame& decimated(const MarkFrame& mark, const std::vector<Index>& kept, PlacedMark& placed, std::deque<MarkFrame>& made) const {
    placed.full_length = ssize(mark.f64("x"));
    if (ssize(kept) == placed.full_length) return mark;
    MarkFrame& out = made.emplace_back(mark.id);
    out.labels = mark.labels;
    out.grid = mark.grid;
    out.hidden = mark.hidden;
    move_columns(mark, kept, out);
    return out;
  }

  const MarkFrame& rasterised(const MarkFrame& mark, const MarkSpec& spec, PlacedMark& placed, std::deque<MarkFrame>& made) const {
    MarkFrame& out = made.emplace_back(mark);
    PointColumns points{.x = mark.f64("x"), .y = mark.f64("y"), .low = mark.f64("low"), .high = mark.f64("high")};
    const Column* band = mark.find("band");
    if (band != nullptr && band->dtype == DType::i32) {
      points.band = {reinterpret_cast<const std::int32_t*>(band->bytes.data()), at(band->length())};
    }
    const Column* alpha = mark.find("alpha");
    if (alpha != nullptr && alpha->dtype == DType::f32) {
      points.alpha = {reinterpret_cast<const float*>(alpha->bytes.data()), at(alpha->length())};
    }
    const bool reversed = panel_.y.reversed.value_or(spec_->y.reversed);
    out.set("raster", std::span<const std::uint8_t>(raster_points(points, x_, y_, reversed, ratio_, spec.role, palette_)));
    placed.raster_width = x_.pixels;
    placed.raster_height = y_.pixels;
    placed.raster_view = {x_.low, x_.high, y_.low, y_.high};
    return out;
  }

  const PanelFrame& panel_;
  const Panel* spec_;
  const Palette& palette_;
  double ratio_;
  AxisView x_, y_;
};

Json axis_json(const AxisFrame& axis) {
  Json json = {{"low", head_json(axis.low)}, {"high", head_json(axis.high)}};
  if (axis.label) json["label"] = *axis.label;
  if (axis.unit) json["unit"] = *axis.unit;
  if (axis.reversed) json["reversed"] = *axis.reversed;
  if (axis.scale) json["scale"] = detail::scale_name(*axis.scale);
  return json;
}

Json rounded(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double v : values) list.push_back(head_json(v));
  return list;
}

Json grid_json(const Grid& g) {
  Json json = {{"rows", g.rows}, {"cols", g.cols}, {"x0", head_json(g.x0)}, {"x1", head_json(g.x1)}, {"y0", head_json(g.y0)}, {"y1", head_json(g.y1)},
               {"low", head_json(g.low)}, {"high", head_json(g.high)}, {"scale", detail::scale_name(g.scale)}, {"map", g.map}, {"label", g.label}};
  if (!g.levels.empty()) json["levels"] = rounded(g.levels);
  Json plates = Json::array();
  for (const auto& p : g.plates) {
    plates.push_back({{"label", p.label}, {"x0", head_json(p.x0)}, {"y0", head_json(p.y0)}, {"x1", head_json(p.x1)}, {"y1", head_json(p.y1)}});
  }
  if (!plates.empty()) json["plates"] = plates;
  return json;
}

Json mark_json(const PlacedMark& placed, Index base) {
  const MarkFrame& mark = *placed.mark;
  Json columns = Json::array();
  for (const auto& [column, offset] : placed.columns) {
    Json json = {{"id", column->id}, {"dtype", dtype_name(column->dtype)}, {"len", column->length()}};
    if (offset < 0) {
      json["same"] = true;
    } else {
      json["off"] = base + offset;
    }
    columns.push_back(std::move(json));
  }
  Json json = {{"id", mark.id}, {"columns", columns}};
  if (!mark.labels.empty()) json["labels"] = mark.labels;
  if (mark.grid) json["grid"] = grid_json(*mark.grid);
  if (placed.raster_width > 0) {
    const auto& view = placed.raster_view;
    json["grid"].update({{"width", placed.raster_width}, {"height", placed.raster_height}, {"view", rounded({view.begin(), view.end()})}});
  }
  if (placed.full_length >= 0) json["grid"]["length"] = placed.full_length;
  if (mark.hidden) json["hidden"] = true;
  return json;
}

Json panels_json(const std::vector<PlacedPanel>& panels, Index base) {
  Json list = Json::array();
  for (const auto& placed : panels) {
    const PanelFrame& p = *placed.panel;
    Json json = {{"id", p.id}, {"x", axis_json(p.x)}, {"y", axis_json(p.y)}, {"alt", p.alt}};
    if (p.title) json["title"] = *p.title;
    if (p.hint) json["hint"] = *p.hint;
    Json marks = Json::array();
    for (const auto& mark : placed.marks) marks.push_back(mark_json(mark, base));
    json["marks"] = std::move(marks);
    list.push_back(std::move(json));
  }
  return list;
}

Json control_frames_json(const std::vector<ControlFrame>& controls) {
  Json json = Json::object();
  for (const auto& c : controls) {
    Json one = Json::object();
    if (c.value) one["value"] = detail::value_json(*c.value);
    if (c.low) one["low"] = head_json(*c.low);
    if (c.high) one["high"] = head_json(*c.high);
    if (c.choices) one["choices"] = *c.choices;
    if (!c.disabled.empty()) one["disabled"] = c.disabled;
    json[c.name] = std::move(one);
  }
  return json;
}

Json words_json(const Frame& frame) {
  Json numbers = Json::array();
  for (const auto& n : frame.numbers) {
    numbers.push_back({{"label", n.label}, {"value", n.value}, {"error", n.error}, {"unit", n.unit}, {"note", n.note}});
  }
  Json actions = Json::array();
  for (const auto& a : frame.actions) {
    actions.push_back({{"control", a.control}, {"label", a.label}, {"value", detail::value_json(a.value)}, {"help", a.help}});
  }
  return {{"numbers", numbers}, {"warnings", frame.warnings}, {"controls", control_frames_json(frame.controls)}, {"actions", actions}};
}

}  // namespace

std::vector<std::byte> FrameEncoder::encode(const Figure& figure, const Frame& frame, const Values& values, const Slots& slots,
                                            const Views& views, std::uint64_t sequence, int level, bool final) {
  MessageWriter writer;
  std::deque<MarkFrame> made;
  std::vector<PlacedPanel> panels;
  for (const auto& panel : frame.panels) {
    const auto view = views.panels.find(panel.id);
    const PanelEncoder encoder(panel, panel_spec(figure, panel.id), view == views.panels.end() ? PanelView{} : view->second, views.palette);
    PlacedPanel& placed = panels.emplace_back(PlacedPanel{&panel, {}});
    for (const auto& mark : panel.marks) {
      PlacedMark& out = placed.marks.emplace_back();
      out.mark = &encoder.prepared(mark, out, made);
      for (const auto& column : out.mark->columns) {
        auto& last = sent_[panel.id + '/' + mark.id + '/' + column.id];
        const bool same = !column.bytes.empty() && last == column.bytes;
        out.columns.push_back({&column, same ? -1 : writer.add(column.bytes)});
        if (!same) last = column.bytes;
      }
    }
  }
  Json head = words_json(frame);
  Code code = frame.code;
  detail::fill_code(figure, values, slots, code);
  head.update({{"type", "frame"}, {"level", level}, {"final", final}, {"view", views.sequence}, {"code", {{"python", code.python}, {"cpp", code.cpp}, {"shell", code.shell}}}});
  return writer.finish(sequence, [&](Index base) {
    head["panels"] = panels_json(panels, base);
    return detail::dump(head);
  });
}

}  // namespace orrery::live
