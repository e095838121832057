#include "orrery/live/frame.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace orrery::live {
namespace {

template <class Items>
auto* find_by(Items& items, std::string_view name) {
  const auto it = std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.id == name; });
  return it == items.end() ? nullptr : &*it;
}

template <class T>
void put(MarkFrame& mark, std::string_view id, DType dtype, std::span<const T> values) {
  Column column{std::string(id), dtype, std::vector<std::byte>(values.size_bytes())};
  if (!values.empty()) std::memcpy(column.bytes.data(), values.data(), values.size_bytes());
  if (auto* existing = find_by(mark.columns, id)) {
    *existing = std::move(column);
  } else {
    mark.columns.push_back(std::move(column));
  }
}

Extent finished(double low, double high, double margin) {
  if (!(low <= high)) return {0.0, 1.0};
  if (low == high) {
    const double half = low == 0.0 ? 0.5 : std::fabs(low) * 1e-3;
    return {low - half, high + half};
  }
  const double pad = margin * (high - low);
  return {low - pad, high + pad};
}

void widen(double value, double& low, double& high) {
  if (!std::isfinite(value)) return;
  low = std::min(low, value);
  high = std::max(high, value);
}

}  // namespace

std::string_view dtype_name(DType dtype) {
  constexpr std::string_view names[] = {"f64", "f32", "i32", "u32", "u8"};
  return names[static_cast<std::size_t>(dtype)];
}

Index dtype_size(DType dtype) {
  constexpr Index sizes[] = {8, 4, 4, 4, 1};
  return sizes[static_cast<std::size_t>(dtype)];
}

MarkFrame& MarkFrame::set(std::string_view column, std::span<const double> values) { return put(*this, column, DType::f64, values), *this; }
MarkFrame& MarkFrame::set(std::string_view column, std::span<const float> values) { return put(*this, column, DType::f32, values), *this; }
MarkFrame& MarkFrame::set(std::string_view column, std::span<const std::int32_t> values) {
  return put(*this, column, DType::i32, values), *this;
}
MarkFrame& MarkFrame::set(std::string_view column, std::span<const std::uint8_t> values) {
  return put(*this, column, DType::u8, values), *this;
}

const Column* MarkFrame::find(std::string_view column) const { return find_by(columns, column); }

std::span<const double> MarkFrame::f64(std::string_view column) const {
  const Column* found = find(column);
  if (found == nullptr || found->dtype != DType::f64) return {};
  // std::vector<std::byte> comes from operator new, aligned for double.
  return {reinterpret_cast<const double*>(found->bytes.data()), at(found->length())};
}

MarkFrame& PanelFrame::mark(std::string_view mark_id) {
  if (auto* existing = find_by(marks, mark_id)) return *existing;
  return marks.emplace_back(mark_id);
}

PanelFrame& Frame::panel(std::string_view panel_id) {
  if (auto* existing = find_by(panels, panel_id)) return *existing;
  panels.reserve(16);
  return panels.emplace_back(panel_id);
}

ControlFrame& Frame::control(std::string_view name) {
  const auto it = std::find_if(controls.begin(), controls.end(), [&](const auto& c) { return c.name == name; });
  if (it != controls.end()) return *it;
  controls.reserve(32);
  controls.push_back({.name = std::string(name)});
  return controls.back();
}

void Frame::number(std::string_view label, std::string_view value, std::string_view unit, std::string_view error, std::string_view note) {
  numbers.push_back({std::string(label), std::string(value), std::string(error), std::string(unit), std::string(note)});
}

Extent extent(std::span<const double> values, double margin) { return extent(values, values, margin); }

Extent extent(std::span<const double> low_values, std::span<const double> high_values, double margin) {
  double low = HUGE_VAL;
  double high = -HUGE_VAL;
  for (const double v : low_values) widen(v, low, high);
  for (const double v : high_values) widen(v, low, high);
  return finished(low, high, margin);
}

}  // namespace orrery::live
