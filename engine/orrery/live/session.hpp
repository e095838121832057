#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "orrery/core/error.hpp"
#include "orrery/live/figure.hpp"

namespace orrery::live {

/// One page's conversation with the engine: messages in, messages out, and work in slices between. The same class runs in the
/// wasm worker, behind the WebSocket and behind the notebook. It is not thread-safe; it never blocks.
class Session {
 public:
  explicit Session(std::span<const Figure* const> figures);
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  /// Takes one message. When it throws, the session is as it was before the message (natively; in wasm the host starts a new one).
  /// @throws InputError  a message that breaks the protocol, an unknown figure or control, a file that cannot be read
  void receive(std::span<const std::byte> message);

  /// Works for at most about `milliseconds`. Returns true while there is more to do.
  /// @throws InputError  from the figure; the failed state is dropped, the last frame stays valid
  bool step(double milliseconds);

  /// Next message for the page; empty when there is none.
  [[nodiscard]] std::vector<std::byte> take();

  /// Puts an `error` message in the outbox: how a border passes on what it caught.
  void report(ErrorKind kind, std::string_view where, std::string_view message);

  [[nodiscard]] Index nodes_computed() const;  ///< for tests: results the cache was given since `open`

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Slice of work between two looks at the inbox [ms].
inline constexpr double kSliceMs = 8.0;

}  // namespace orrery::live
