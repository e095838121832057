#include "orrery/live/slots.hpp"

#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"

namespace orrery::live {
namespace {

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::string table_csv(const data::Table& table) {
  std::string csv;
  for (const auto& column : table.columns) csv += (csv.empty() ? "" : ",") + csv_cell(column.name);
  csv += '\n';
  for (Index row = 0; row < table.rows(); ++row) {
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      const auto& column = table.columns[c];
      if (c > 0) csv += ',';
      if (column.kind == data::Column::Kind::text) {
        csv += csv_cell(column.text(row));
      } else if (const double value = column.number[at(row)]; !std::isnan(value)) {
        csv += number_text(value);
      }
    }
    csv += '\n';
  }
  return csv;
}

}  // namespace

Index slot_rows(const SlotContent& content) { return content.table.columns.empty() ? content.series.size() : content.table.rows(); }

std::string slot_csv(const SlotContent& content) {
  return content.table.columns.empty() ? data::write_series_csv(content.series) : table_csv(content.table);
}

void Slots::put(std::string_view slot, SlotContent content) {
  content.version = next_version_++;
  contents_.insert_or_assign(std::string(slot), std::make_shared<const SlotContent>(std::move(content)));
}

bool Slots::has(std::string_view slot) const { return contents_.find(slot) != contents_.end(); }

const SlotContent& Slots::at(std::string_view slot) const {
  const auto it = contents_.find(slot);
  if (it == contents_.end()) fail(ErrorKind::input, "slot '" + std::string(slot) + "'", "expected data, got none; open a file for it");
  return *it->second;
}

std::uint64_t Slots::version(std::string_view slot) const {
  const auto it = contents_.find(slot);
  return it == contents_.end() ? 0 : it->second->version;
}

}  // namespace orrery::live
