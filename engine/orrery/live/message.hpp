#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/live/frame.hpp"

namespace orrery::live {

inline constexpr std::uint16_t kProtocolVersion = 1;
inline constexpr Index kMessageHeader = 24;   ///< bytes before the head
inline constexpr Index kColumnAlignment = 64;  ///< bytes
inline constexpr Index kMessageLimit = Index{1} << 30;  ///< a message above this is refused

/// A received message: head text and the whole block its columns lie in. Views into the bytes given to decode_message.
struct MessageView {
  std::uint64_t sequence = 0;
  std::string_view head;
  std::span<const std::byte> bytes;
};

/// Result of decoding: the message, or why it is refused.
struct Decoded {
  std::optional<MessageView> message;
  std::string refusal;
};

/// Checks the container of docs/guide/protocol.md: magic, version, sizes. The head is not parsed here. Never reads outside.
/// @cost O(1)
[[nodiscard]] Decoded decode_message(std::span<const std::byte> bytes);

/// The bytes of a column that a head describes, or nothing when it is not aligned or not inside the message.
[[nodiscard]] std::optional<std::span<const std::byte>> column_bytes(const MessageView& message, DType dtype, Index length, Index offset);

/// Makes a message: columns are laid out in the order added; `head_at(base)` gives the head's text when the first column
/// starts at byte `base` (offsets in the head are base + what add() returned).
class MessageWriter {
 public:
  /// Adds a column and returns its offset from the first column. The bytes must live until finish().
  Index add(std::span<const std::byte> bytes);
  [[nodiscard]] std::vector<std::byte> finish(std::uint64_t sequence, const std::function<std::string(Index base)>& head_at) const;

 private:
  std::vector<std::span<const std::byte>> columns_;
  Index size_ = 0;
};

}  // namespace orrery::live
