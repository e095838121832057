// C ABI of the engine in WebAssembly: one session. Messages are those of docs/guide/protocol.md.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "orrery/live/registry.hpp"
#include "orrery/live/session.hpp"

namespace {

orrery::live::Session& session() {
  static orrery::live::Session one(orrery::live::all_figures());
  return one;
}

std::vector<std::byte> outgoing;      // keeps the last taken message alive
std::uint32_t outgoing_place[2];  // its address and size, as the host reads them

}  // namespace

extern "C" {

void* orrery_alloc(std::size_t size) { return std::malloc(size); }

void orrery_free(void* bytes) { std::free(bytes); }

void orrery_receive(const std::byte* bytes, std::size_t size) { session().receive({bytes, size}); }

int orrery_step(double milliseconds) { return session().step(milliseconds) ? 1 : 0; }

const std::uint32_t* orrery_take() {
  outgoing = session().take();
  if (outgoing.empty()) return nullptr;
  outgoing_place[0] = static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(outgoing.data()));
  outgoing_place[1] = static_cast<std::uint32_t>(outgoing.size());
  return outgoing_place;
}
}
