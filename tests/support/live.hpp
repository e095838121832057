#pragma once
// Helpers of tests that talk to a live session as a page would.
#include <cstring>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "orrery/live/message.hpp"
#include "orrery/live/session.hpp"

namespace orrery::live::testing {

/// A message from the page: head and, for `data`, the bytes of a file.
inline std::vector<std::byte> up(std::uint64_t sequence, nlohmann::json head, std::string_view file = {}) {
  MessageWriter writer;
  if (file.empty()) return writer.finish(sequence, [&](Index) { return head.dump(); });
  const Index offset = writer.add(std::as_bytes(std::span(file.data(), file.size())));
  return writer.finish(sequence, [&](Index base) {
    head["columns"] = {{{"id", "bytes"}, {"dtype", "u8"}, {"len", file.size()}, {"off", base + offset}}};
    return head.dump();
  });
}

/// A message from the session.
struct Down {
  std::uint64_t sequence = 0;
  nlohmann::json head;
  std::vector<std::byte> bytes;
  [[nodiscard]] std::string type() const { return head.value("type", ""); }

  /// Column of a mark in a frame as doubles; empty when absent or "same".
  [[nodiscard]] std::vector<double> column(std::string_view panel, std::string_view mark, std::string_view id) const {
    for (const auto& p : head["panels"]) {
      if (p["id"] != panel) continue;
      for (const auto& m : p["marks"]) {
        if (m["id"] != mark) continue;
        for (const auto& c : m["columns"]) {
          if (c["id"] != id || !c.contains("off") || c["dtype"] != "f64") continue;
          std::vector<double> values(c["len"].get<std::size_t>());
          if (!values.empty()) std::memcpy(values.data(), bytes.data() + c["off"].get<std::size_t>(), values.size() * 8);
          return values;
        }
      }
    }
    return {};
  }
};

inline Down decoded(std::vector<std::byte> bytes) {
  Down down;
  const auto result = decode_message(bytes);
  if (!result.message) return down;
  down.sequence = result.message->sequence;
  down.head = nlohmann::json::parse(result.message->head, nullptr, false);
  down.bytes = std::move(bytes);
  return down;
}

/// Everything in the outbox.
inline std::vector<Down> taken_messages(Session& session) {
  std::vector<Down> all;
  for (auto bytes = session.take(); !bytes.empty(); bytes = session.take()) all.push_back(decoded(std::move(bytes)));
  return all;
}

/// Steps to the end of all work and returns what was said.
inline std::vector<Down> settled(Session& session, double slice_ms = 8.0) {
  while (session.step(slice_ms)) {
  }
  return taken_messages(session);
}

}  // namespace orrery::live::testing
