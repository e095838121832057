#include "orrery/live/message.hpp"

#include <bit>
#include <cstring>

namespace orrery::live {
namespace {

static_assert(std::endian::native == std::endian::little, "columns are sent as they lie in memory");

constexpr char kMagic[4] = {'O', 'R', 'R', 'Y'};

Index aligned(Index offset) { return (offset + kColumnAlignment - 1) / kColumnAlignment * kColumnAlignment; }

template <class T>
T read_at(std::span<const std::byte> bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

template <class T>
void write_at(std::vector<std::byte>& bytes, std::size_t offset, T value) {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

}  // namespace

Decoded decode_message(std::span<const std::byte> bytes) {
  if (ssize(bytes) < kMessageHeader) return {{}, "expected at least 24 bytes, got " + std::to_string(bytes.size())};
  if (std::memcmp(bytes.data(), kMagic, 4) != 0) return {{}, "expected the magic ORRY at byte 0"};
  const auto version = read_at<std::uint16_t>(bytes, 4);
  if (version != kProtocolVersion) return {{}, "expected protocol version 1, got " + std::to_string(version)};
  const auto head = read_at<std::uint32_t>(bytes, 8);
  const auto total = read_at<std::uint32_t>(bytes, 12);
  if (total != bytes.size()) {
    return {{}, "expected " + std::to_string(total) + " bytes as the header says, got " + std::to_string(bytes.size())};
  }
  if (head > total - kMessageHeader) return {{}, "expected the head to lie in the message, got " + std::to_string(head) + " bytes"};
  const auto* text = reinterpret_cast<const char*>(bytes.data()) + kMessageHeader;
  return {MessageView{read_at<std::uint64_t>(bytes, 16), {text, head}, bytes}, {}};
}

std::optional<std::span<const std::byte>> column_bytes(const MessageView& message, DType dtype, Index length, Index offset) {
  const Index total = ssize(message.bytes);
  if (length < 0 || offset < kMessageHeader || offset % kColumnAlignment != 0 || offset > total) return {};
  if (length > (total - offset) / dtype_size(dtype)) return {};
  return message.bytes.subspan(at(offset), at(length * dtype_size(dtype)));
}

Index MessageWriter::add(std::span<const std::byte> bytes) {
  const Index offset = size_;
  columns_.push_back(bytes);
  size_ = aligned(size_ + ssize(bytes));
  return offset;
}

std::vector<std::byte> MessageWriter::finish(std::uint64_t sequence, const std::function<std::string(Index)>& head_at) const {
  // The head contains offsets that depend on its own length: try again with the length it had, until it fits.
  Index base = aligned(kMessageHeader);
  std::string head = head_at(base);
  while (aligned(kMessageHeader + ssize(head)) > base) {
    base = aligned(kMessageHeader + ssize(head));
    head = head_at(base);
  }
  const Index total = columns_.empty() ? kMessageHeader + ssize(head) : base + size_;
  std::vector<std::byte> bytes(at(total));
  std::memcpy(bytes.data(), kMagic, 4);
  write_at(bytes, 4, kProtocolVersion);
  write_at(bytes, 8, static_cast<std::uint32_t>(head.size()));
  write_at(bytes, 12, static_cast<std::uint32_t>(total));
  write_at(bytes, 16, sequence);
  std::memcpy(bytes.data() + kMessageHeader, head.data(), head.size());
  Index offset = base;
  for (const auto& column : columns_) {
    if (!column.empty()) std::memcpy(bytes.data() + offset, column.data(), column.size());
    offset = aligned(offset + ssize(column));
  }
  return bytes;
}

}  // namespace orrery::live
