// orrery pipe: a live session on standard input and output, for other front ends and for the contract tests. Each message
// (docs/guide/protocol.md) is worked to its end before the next is read.
#include <cstdio>
#include <cstring>

#include "orrery/border.hpp"
#include "orrery/live/message.hpp"
#include "orrery/live/registry.hpp"
#include "orrery/verbs.hpp"

namespace orrery::app {
namespace {

/// The next message on standard input; empty at the end. @throws InputError when it is cut off or too large
std::vector<std::byte> read_message() {
  std::vector<std::byte> bytes(at(live::kMessageHeader));
  const std::size_t got = std::fread(bytes.data(), 1, bytes.size(), stdin);
  if (got == 0) return {};
  std::uint32_t total = 0;
  std::memcpy(&total, bytes.data() + 12, sizeof total);
  if (got < bytes.size() || total < bytes.size() || total > live::kMessageLimit) {
    fail(ErrorKind::input, "standard input", "expected a message of the live protocol, got " + std::to_string(got) + " bytes that are none");
  }
  bytes.resize(total);
  if (std::fread(bytes.data() + live::kMessageHeader, 1, total - at(live::kMessageHeader), stdin) != total - at(live::kMessageHeader)) {
    fail(ErrorKind::input, "standard input", "expected " + std::to_string(total) + " bytes, got fewer");
  }
  return bytes;
}

void write_all(live::Session& session) {
  for (auto out = session.take(); !out.empty(); out = session.take()) {
    if (std::fwrite(out.data(), 1, out.size(), stdout) != out.size()) fail(ErrorKind::io, "standard output", "cannot be written");
  }
  std::fflush(stdout);
}

}  // namespace

int pipe() {
  live::Session session(live::all_figures());
  for (auto message = read_message(); !message.empty(); message = read_message()) {
    guarded(session, [&] { session.receive(message); return true; });
    while (guarded(session, [&] { return session.step(1e9); })) write_all(session);
    write_all(session);
  }
  return kDone;
}

}  // namespace orrery::app
