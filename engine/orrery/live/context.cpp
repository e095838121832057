#include "orrery/live/context.hpp"

#include <algorithm>
#include <cmath>

#include "orrery/core/error.hpp"

namespace orrery::live {

std::shared_ptr<const void> NodeCache::find_any(std::string_view node, const Key& key) {
  const auto it = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.node == node && e.key == key; });
  if (it == entries_.end()) return nullptr;
  std::rotate(it, it + 1, entries_.end());  // newest last
  return entries_.back().result;
}

void NodeCache::keep_any(std::string_view node, const Key& key, std::shared_ptr<const void> result) {
  ++computed_;
  entries_.push_back({std::string(node), key, std::move(result)});
  const auto same = std::count_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.node == node; });
  if (same > static_cast<std::ptrdiff_t>(kKept)) {
    entries_.erase(std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.node == node; }));
  }
}

FrameContext::FrameContext(const Figure& figure, const Values& values, const Slots& slots, NodeCache& cache, Budget& budget,
                           Publish publish)
    : figure_(figure), values_(values), slots_(slots), cache_(cache), budget_(budget), publish_(std::move(publish)) {}

const Value& FrameContext::value(std::string_view control) const {
  const auto it = values_.find(control);
  if (it == values_.end()) fail(ErrorKind::input, std::string(figure_.id), "its frame asks for a control that it does not have: " + std::string(control));
  return it->second;
}

double FrameContext::number(std::string_view control) const {
  const auto* number = std::get_if<double>(&value(control));
  return number ? *number : kAuto;
}

bool FrameContext::is_auto(std::string_view control) const { return std::holds_alternative<Auto>(value(control)); }

bool FrameContext::toggle(std::string_view control) const {
  const auto* on = std::get_if<bool>(&value(control));
  return on != nullptr && *on;
}

const std::string& FrameContext::choice(std::string_view control) const {
  static const std::string none;
  const auto* text = std::get_if<std::string>(&value(control));
  return text ? *text : none;
}

const std::vector<double>& FrameContext::list(std::string_view control) const {
  static const std::vector<double> none;
  const auto* values = std::get_if<std::vector<double>>(&value(control));
  return values ? *values : none;
}

Key FrameContext::key(std::initializer_list<std::string_view> controls, std::initializer_list<std::string_view> slot_names) const {
  Key key;
  for (const auto name : controls) key.add_value(value(name));
  for (const auto name : slot_names) key.add(static_cast<double>(slots_.version(name)));
  return key;
}

void FrameContext::publish() {
  if (publish_) publish_(frame_, level_++);
}

}  // namespace orrery::live
