#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "orrery/core/task.hpp"
#include "orrery/live/frame.hpp"
#include "orrery/live/slots.hpp"

namespace orrery::live {

/// Results kept between frames, by node name and key: a slider recomputes only the nodes whose key it changes. Each node keeps
/// its few latest results, so that going back (undo, a slider moved to and fro) costs nothing.
class NodeCache {
 public:
  static constexpr std::size_t kKept = 4;

  template <class T>
  [[nodiscard]] std::shared_ptr<const T> find(std::string_view node, const Key& key) {
    return std::static_pointer_cast<const T>(find_any(node, key));
  }
  template <class T>
  std::shared_ptr<const T> keep(std::string_view node, const Key& key, T result) {
    auto shared = std::make_shared<const T>(std::move(result));
    keep_any(node, key, shared);
    return shared;
  }
  void clear() { entries_.clear(); }
  [[nodiscard]] Index computed() const { return computed_; }  ///< results ever kept: what a test counts

 private:
  struct Entry {
    std::string node;
    Key key;
    std::shared_ptr<const void> result;
  };
  [[nodiscard]] std::shared_ptr<const void> find_any(std::string_view node, const Key& key);
  void keep_any(std::string_view node, const Key& key, std::shared_ptr<const void> result);
  std::vector<Entry> entries_;
  Index computed_ = 0;
};

/// What a figure gets to make one frame: the values, the slots, the cache, the budget and the frame to fill.
class FrameContext {
 public:
  using Publish = std::function<void(const Frame&, int level)>;
  FrameContext(const Figure& figure, const Values& values, const Slots& slots, NodeCache& cache, Budget& budget, Publish publish);

  /// Values by control name; the name must be a control of the figure and of that kind.
  [[nodiscard]] double number(std::string_view control) const;  ///< slider, integer; NaN when Auto
  [[nodiscard]] bool is_auto(std::string_view control) const;
  [[nodiscard]] bool toggle(std::string_view control) const;
  [[nodiscard]] const std::string& choice(std::string_view control) const;
  [[nodiscard]] const std::vector<double>& list(std::string_view control) const;  ///< range, point, rows
  [[nodiscard]] Index integer(std::string_view control) const { return static_cast<Index>(number(control)); }
  [[nodiscard]] const Value& value(std::string_view control) const;

  [[nodiscard]] const Values& values() const { return values_; }
  [[nodiscard]] const Figure& figure() const { return figure_; }
  [[nodiscard]] const Slots& slots() const { return slots_; }
  [[nodiscard]] Frame& frame() { return frame_; }
  [[nodiscard]] Budget& budget() { return budget_; }

  /// Key made of the named controls' values and the named slots' versions.
  [[nodiscard]] Key key(std::initializer_list<std::string_view> controls, std::initializer_list<std::string_view> slot_names = {}) const;

  /// The node's result for this key, computed by make() when it is not at hand. The reference lives as long as the context.
  template <class Make>
  const auto& node(std::string_view name, const Key& key, Make&& make) {
    using T = std::remove_cvref_t<decltype(make())>;
    auto result = cache_.find<T>(name, key);
    if (!result) result = cache_.keep<T>(name, key, make());
    held_.push_back(result);
    return *result;
  }

  /// The same for a long method: make(budget) gives a Task. `const T& x = *co_await c.node_task<T>("name", key, make);`
  /// Keep `make` a named object that outlives the co_await (captures of a temporary lambda die too early).
  template <class T, class Make>
  Task<const T*> node_task(std::string name, Key key, Make& make) {
    auto result = cache_.find<T>(name, key);
    if (!result) {
      T fresh = co_await make(budget_);
      result = cache_.keep<T>(name, key, std::move(fresh));
    }
    held_.push_back(result);
    co_return result.get();
  }

  /// Sends the frame as it is now, as a coarse answer; go on refining after it. Follow it with `co_await budget().pause()`.
  void publish();

 private:
  const Figure& figure_;
  const Values& values_;
  const Slots& slots_;
  NodeCache& cache_;
  Budget& budget_;
  Publish publish_;
  Frame frame_;
  int level_ = 0;
  std::vector<std::shared_ptr<const void>> held_;
};

}  // namespace orrery::live
