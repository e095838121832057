#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "orrery/data/read_series.hpp"
#include "orrery/data/series.hpp"
#include "orrery/data/table.hpp"

namespace orrery::live {

/// What a slot holds now: a series or a table, and how it was read.
struct SlotContent {
  std::uint64_t version = 0;    ///< changes with the content, 0 = nothing there
  std::string name;             ///< file name or title of the embedded set
  std::string embedded;         ///< id of the embedded set, empty for a user's file
  data::Series series;
  data::Table table;
  data::ReadReport report;
};

/// Contents by slot name.
class Slots {
 public:
  void put(std::string_view slot, SlotContent content);
  [[nodiscard]] bool has(std::string_view slot) const;
  /// @throws InputError when the slot is empty
  [[nodiscard]] const SlotContent& at(std::string_view slot) const;
  [[nodiscard]] const data::Series& series(std::string_view slot) const { return at(slot).series; }
  [[nodiscard]] const data::Table& table(std::string_view slot) const { return at(slot).table; }
  [[nodiscard]] std::uint64_t version(std::string_view slot) const;

 private:
  std::map<std::string, std::shared_ptr<const SlotContent>, std::less<>> contents_;
  std::uint64_t next_version_ = 1;
};

/// Rows that the content has.
[[nodiscard]] Index slot_rows(const SlotContent& content);

/// The content as CSV text that reads back to the same content: what a page keeps, exports and reopens. @cost O(rows)
[[nodiscard]] std::string slot_csv(const SlotContent& content);

}  // namespace orrery::live
