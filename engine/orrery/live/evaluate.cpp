#include "orrery/live/evaluate.hpp"

#include <string>

#include "orrery/core/error.hpp"
#include "orrery/data/embedded.hpp"

namespace orrery::live {

SlotContent slot_from_bytes(const Slot& slot, std::string_view bytes, std::string_view name, const data::ReadOptions& options) {
  SlotContent content;
  content.name = name;
  if (slot.kind == SlotKind::series) {
    auto read = data::read_series(bytes, name, options);
    content.series = std::move(read.series);
    content.report = std::move(read.report);
  } else {
    content.table = data::read_table(bytes, name);
  }
  return content;
}

#ifndef __wasi__
SlotContent slot_from_file(const Slot& slot, const std::string& path, const data::ReadOptions& options, const data::Progress& progress) {
  SlotContent content;
  content.name = path.substr(path.find_last_of('/') + 1);
  if (slot.kind == SlotKind::series) {
    auto read = data::read_series_file(path, options, progress);
    content.series = std::move(read.series);
    content.report = std::move(read.report);
  } else {
    content.table = data::read_table_file(path, {}, progress);
  }
  return content;
}

Slots slots_from_file(const Figure& figure, const std::string& path, const data::ReadOptions& options) {
  if (figure.slots.empty()) fail(ErrorKind::input, std::string(figure.id), "takes no data file, got '" + path + "'");
  Slots slots = default_slots(figure);
  slots.put(figure.slots.front().name, slot_from_file(figure.slots.front(), path, options));
  return slots;
}
#endif

SlotContent slot_from_embedded(const Slot& slot, std::string_view id) {
  std::string known;
  for (const auto& set : data::embedded_sets()) {
    if (set.id == id) {
      SlotContent content = slot_from_bytes(slot, set.csv, std::string(set.id) + ".csv");
      content.name = set.title;
      content.embedded = set.id;
      return content;
    }
    known += (known.empty() ? "" : ", ") + std::string(set.id);
  }
  fail(ErrorKind::input, "embedded set '" + std::string(id) + "'", "expected one of: " + known);
}

Slots default_slots(const Figure& figure) {
  Slots slots;
  for (const auto& slot : figure.slots) {
    if (!slot.embedded.empty()) slots.put(slot.name, slot_from_embedded(slot, slot.embedded));
  }
  return slots;
}

Frame evaluate(const Figure& figure, const Values& given, const Slots& slots) {
  const Values values = complete_values(figure, given, true);
  NodeCache cache;
  Budget budget;
  FrameContext context(figure, values, slots, cache, budget, {});
  if (figure.draw != nullptr) {
    figure.draw(context);
  } else {
    Job job(budget, figure.frame(context));
    job.step();
    static_cast<void>(job.result());
  }
  return std::move(context.frame());
}

Frame evaluate(const Figure& figure, const Values& given) { return evaluate(figure, given, default_slots(figure)); }

}  // namespace orrery::live
