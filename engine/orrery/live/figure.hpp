#pragma once
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/live/value.hpp"

namespace orrery::live {

class FrameContext;

enum class Scale { linear, log };

/// How a control is shown and what its value is (docs/guide/protocol.md).
enum class ControlKind { slider, integer, range, choice, toggle, point, rows };

/// One thing the user can move. Strings are literals.
struct Control {
  std::string_view name;   ///< key of the value, of the URL and of a recipe
  std::string_view label;  ///< what the user reads; empty: the name
  std::string_view unit;   ///< "day", "mag", "1/day"; "1" or empty: none
  ControlKind kind = ControlKind::slider;
  double low = 0.0;  ///< smallest value (of each coordinate)
  double high = 1.0;
  double start = 0.0;  ///< start value; NaN: Auto (slider only)
  double step = 0.0;   ///< 0: continuous
  Scale scale = Scale::linear;
  std::vector<double> start_list = {};             ///< range, point: two numbers; rows: empty
  std::vector<std::string_view> choices = {};      ///< choice: the first is the start. A frame may replace them.
  std::string_view group = {};                     ///< heading in the rail
  std::string_view help = {};                      ///< one sentence
  bool on_plot_only = false;                       ///< shown as a handle or brush; in the rail only as numbers
};

/// Start value of a slider that the engine is to choose.
inline constexpr double kAuto = std::numeric_limits<double>::quiet_NaN();

/// The value a control has before anyone moves it.
[[nodiscard]] Value start_value(const Control& control);

/// An input that the user may replace with their own file.
enum class SlotKind { series, table };
struct Slot {
  std::string_view name;      ///< "series"
  SlotKind kind = SlotKind::series;
  std::string_view label;     ///< "light curve"
  std::string_view embedded;  ///< id of the embedded set it starts with; empty: the figure makes its own synthetic data
  std::string_view help = {};
};

/// Colour of a mark: what it means, not what it looks like.
enum class Role { data, model, accent, mute, warn, band };

enum class Mark { points, line, area, bars, image, contour, rule, handle, graph, text };

struct MarkSpec {
  std::string_view id;
  Mark mark = Mark::points;
  Role role = Role::data;
  std::string_view link = {};       ///< row space: points of one link are selected together in all panels
  std::string_view label = {};      ///< direct label
  std::string_view control_x = {};  ///< handle: control moved by dragging along x (or the point control)
  std::string_view control_y = {};
  std::string_view note = {};       ///< "dashed", "thin", "thick", "faint": small changes of style
};

struct Axis {
  std::string_view label;
  std::string_view unit = {};
  Scale scale = Scale::linear;
  bool reversed = false;  ///< magnitudes
  bool ticks = true;
};

enum class Brush { none, x, xy };

struct Panel {
  std::string_view id;
  std::string_view title;
  std::string_view hint = {};
  Axis x;
  Axis y;
  std::vector<MarkSpec> marks;
  bool wide = false;
  bool square = false;
  bool tall = false;  ///< twice as high: rows of curves
  Brush brush = Brush::none;
  std::string_view brush_control = {};  ///< control of kind rows that "mask the selection" fills
};

/// The four shelves of the gallery; `hidden` figures serve tests and benches.
enum class Shelf { bench, lectures, book, hacks, hidden };

/// A figure: a pure function from control values and slots to a frame, and what a reader should know about it.
/// Exactly one of `draw` and `frame` is given. Figures are constants found through live/registry.hpp.
struct Figure {
  std::string_view id;        ///< "<family>.<name>", used in URLs and on the command line
  std::string_view title;     ///< "Light curve"
  std::string_view question;  ///< the one-line question it answers
  Shelf shelf = Shelf::hidden;
  std::string_view source;    ///< paper, equation or figure
  std::string_view explain;   ///< HTML paragraphs, maths as MathML
  std::vector<Control> controls;
  std::vector<Slot> slots = {};
  std::vector<Panel> panels;
  void (*draw)(FrameContext&) = nullptr;         ///< quick figures (below 8 ms in wasm)
  Task<bool> (*frame)(FrameContext&) = nullptr;  ///< long ones: publish a coarse frame, pause, refine; the result is ignored
};

/// Position of the control, slot or panel of that name; -1 when there is none.
[[nodiscard]] Index find_control(const Figure& figure, std::string_view name);
[[nodiscard]] Index find_slot(const Figure& figure, std::string_view name);
[[nodiscard]] Index find_panel(const Figure& figure, std::string_view id);

/// Complete, checked values: what is missing takes its start, numbers are brought into [low, high] unless `strict`.
/// @throws InputError  an unknown name, a value of the wrong kind, and (strict) a value out of range; says what is allowed
[[nodiscard]] Values complete_values(const Figure& figure, const Values& given, bool strict);

}  // namespace orrery::live
