// Any bytes as a message: refused with words, or a head and columns that lie inside it; and what the writer makes is read again.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "orrery/live/message.hpp"

using namespace orrery;
using namespace orrery::live;

namespace {

void require(bool good) {
  if (!good) std::abort();
}

unsigned sum_of(std::span<const std::byte> bytes) {
  unsigned sum = 0;
  for (const std::byte b : bytes) sum += static_cast<unsigned>(b);
  return sum;
}

// Reads every byte that the message says it has: what lies outside is the sanitizer's to find.
unsigned read_all(const MessageView& message) {
  unsigned sum = message.head.empty() ? 0U : static_cast<unsigned char>(message.head.back());
  const auto head = nlohmann::json::parse(message.head, nullptr, false);
  if (!head.is_object() || !head.contains("columns") || !head["columns"].is_array()) return sum;
  for (const auto& column : head["columns"]) {
    if (!column.is_object() || !column.contains("len") || !column.contains("off")) continue;
    if (!column["len"].is_number_integer() || !column["off"].is_number_integer()) continue;
    for (const DType dtype : {DType::f64, DType::f32, DType::i32, DType::u32, DType::u8}) {
      if (const auto bytes = column_bytes(message, dtype, column["len"].get<Index>(), column["off"].get<Index>())) sum += sum_of(*bytes);
    }
  }
  return sum;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const Decoded decoded = decode_message(bytes);
  require(decoded.message.has_value() == decoded.refusal.empty());
  volatile unsigned kept = decoded.message ? read_all(*decoded.message) : 0U;
  (void)kept;

  MessageWriter writer;
  const Index offset = writer.add(bytes);
  Index place = 0;
  const auto written = writer.finish(7, [&](Index base) {
    place = base + offset;
    return std::string("{}");
  });
  const Decoded again = decode_message(written);
  require(again.message && again.message->sequence == 7 && again.message->head == "{}");
  const auto column = column_bytes(*again.message, DType::u8, static_cast<Index>(size), place);
  require(size == 0 || (column && std::equal(column->begin(), column->end(), bytes.begin(), bytes.end())));
  return 0;
}
