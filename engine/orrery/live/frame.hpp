#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/live/figure.hpp"
#include "orrery/live/value.hpp"

namespace orrery::live {

enum class DType : std::uint8_t { f64, f32, i32, u32, u8 };
[[nodiscard]] std::string_view dtype_name(DType dtype);
[[nodiscard]] Index dtype_size(DType dtype);

/// One column of a mark, as raw little-endian bytes.
struct Column {
  std::string id;
  DType dtype = DType::f64;
  std::vector<std::byte> bytes;
  [[nodiscard]] Index length() const { return ssize(bytes) / dtype_size(dtype); }
};

/// Numbers beside the columns of a mark: size and extent of a grid, histogram base, contour levels, plates of a graph.
struct Plate {
  std::string label;
  double x0, y0, x1, y1;
};
struct Grid {
  Index rows = 0, cols = 0;                    ///< image, contour
  double x0 = 0, x1 = 1, y0 = 0, y1 = 1;       ///< extent of the image in axis units (outer edges)
  double low = 0, high = 1;                    ///< colour range
  Scale scale = Scale::linear;                 ///< of the colours
  std::string map = "viridis";
  std::string label;                           ///< of the colour bar; empty: no colour bar
  std::vector<double> levels;                  ///< contour
  std::vector<Plate> plates;                   ///< graph
};

/// What one mark draws now. The setters replace a column of the same id; spans are copied.
class MarkFrame {
 public:
  explicit MarkFrame(std::string_view mark_id) : id(mark_id) {}
  MarkFrame& set(std::string_view column, std::span<const double> values);
  MarkFrame& set(std::string_view column, std::span<const float> values);
  MarkFrame& set(std::string_view column, std::span<const std::int32_t> values);
  MarkFrame& set(std::string_view column, std::span<const std::uint8_t> values);
  [[nodiscard]] const Column* find(std::string_view column) const;
  [[nodiscard]] std::span<const double> f64(std::string_view column) const;  ///< empty when absent or of another type

  std::string id;
  std::vector<Column> columns;
  std::vector<std::string> labels;
  std::optional<Grid> grid;
  bool hidden = false;
};

/// Axis range of a panel now. low < high always, also when the axis is drawn reversed.
struct AxisFrame {
  double low = 0.0;
  double high = 1.0;
  std::optional<std::string> label;
  std::optional<std::string> unit;
  std::optional<bool> reversed;
  std::optional<Scale> scale;
};

struct PanelFrame {
  explicit PanelFrame(std::string_view panel_id) : id(panel_id) {}
  /// The mark of that id, made when it is not there yet.
  MarkFrame& mark(std::string_view mark_id);

  std::string id;
  AxisFrame x, y;
  std::optional<std::string> title, hint;
  std::string alt;  ///< one sentence that says what the panel shows
  std::vector<MarkFrame> marks;
};

/// One item of the answer line: "period 0.641754 +- 0.000003 day".
struct Number {
  std::string label;
  std::string value;
  std::string error = {};
  std::string unit = {};
  std::string note = {};
};

/// What a frame says about a control: the value the engine chose, new limits or choices, or why it cannot be moved.
struct ControlFrame {
  std::string name;
  std::optional<Value> value;
  std::optional<double> low, high;
  std::optional<std::vector<std::string>> choices;
  std::string disabled;
};

/// A button beside a control that sets it to a value.
struct Action {
  std::string control;
  std::string label;
  Value value;
  std::string help = {};
};

/// Code that reproduces the present state.
struct Code {
  std::string python, cpp, shell;
};

/// Everything a figure says at one state.
struct Frame {
  /// The panel of that id, made when it is not there yet; references stay valid while no further panel is made.
  PanelFrame& panel(std::string_view panel_id);
  ControlFrame& control(std::string_view name);
  void number(std::string_view label, std::string_view value, std::string_view unit = {}, std::string_view error = {},
              std::string_view note = {});
  void warn(std::string_view text) { warnings.emplace_back(text); }

  std::vector<PanelFrame> panels;
  std::vector<Number> numbers;
  std::vector<std::string> warnings;
  std::vector<ControlFrame> controls;
  std::vector<Action> actions;
  Code code;  ///< an empty member is filled with the general code for the figure's state
};

/// Range that shows all finite values with a margin (default 4 % on both sides); [0, 1] when there is none, and a range of
/// some width around a constant.
struct Extent {
  double low, high;
};
[[nodiscard]] Extent extent(std::span<const double> values, double margin = 0.04);
[[nodiscard]] Extent extent(std::span<const double> low, std::span<const double> high, double margin = 0.04);
inline void show(AxisFrame& axis, Extent e) { axis.low = e.low, axis.high = e.high; }

}  // namespace orrery::live
