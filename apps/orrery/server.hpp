#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "orrery/page.hpp"

namespace orrery::app {

struct ServerOptions {
  std::uint16_t port = 0;      ///< 0: any free one
  PageConfig page = {};        ///< opened first; its token and mode are set by the server
  std::string token = {};      ///< empty: 32 random hexadecimal digits from the system
};

/// Largest message a page may send [bytes]; larger ones close the connection with the reason.
inline constexpr std::uint64_t kServerMessageLimit = 256ull << 20;

/// The local server: loopback only; GET /?token=... gives the page, /session?token=... is the WebSocket of one live session,
/// each on its own thread. A wrong token, a foreign Host or a foreign Origin gets 403, anything else 404; no file is ever read
/// from a path in a request.
class Server {
 public:
  /// Binds and listens. @throws InputError (io) when the port is taken
  explicit Server(ServerOptions options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// http://127.0.0.1:PORT/?token=...
  [[nodiscard]] std::string address() const;
  [[nodiscard]] std::uint16_t port() const;

  /// Serves until stop() is called (from any thread) or `stop_asked` (looked at ten times a second) says so.
  void run(const std::function<bool()>& stop_asked = {});
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace orrery::app
