// The server as a stranger on the network would try it: plain sockets, no HTTP library of ours.
#include "orrery/server.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <thread>

#include "orrery/core/error.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::app;

namespace {

const std::string kToken = "0123456789abcdef0123456789abcdef";

class RunningServer {
 public:
  RunningServer() : server({.page = {.figure = "bench.light_curve"}, .token = kToken}), thread([this] { server.run(); }) {}
  ~RunningServer() {
    server.stop();
    thread.join();
  }
  [[nodiscard]] std::string host() const { return "127.0.0.1:" + std::to_string(server.port()); }
  Server server;
  std::thread thread;
};

/// Sends raw bytes and gives what comes back until the server closes or has answered `enough` bytes. `then` is sent after the
/// first answer.
std::string raw(std::uint16_t port, const std::string& bytes, std::size_t enough = 4096, const std::string& then = {}) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  timeval patience{2, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  (void)!write(fd, bytes.data(), bytes.size());
  std::string answer;
  char buffer[4096];
  for (ssize_t got; answer.size() < enough && (got = read(fd, buffer, sizeof buffer)) > 0;) {
    if (answer.empty() && !then.empty()) (void)!write(fd, then.data(), then.size());
    answer.append(buffer, std::size_t(got));
  }
  close(fd);
  return answer;
}

std::string get(const RunningServer& s, const std::string& target, const std::string& headers = {}, std::string host = {}) {
  if (host.empty()) host = s.host();
  return raw(s.server.port(), "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers + "Connection: close\r\n\r\n");
}

std::string status(const std::string& answer) { return answer.substr(0, 12); }

const std::string kUpgrade = "Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nConnection: Upgrade\r\n";

}  // namespace

TEST_CASE("only the address with the token, this Host and this Origin gets the page") {
  if (!page_built()) {
    MESSAGE("skipped: the page is not built");
    return;
  }
  RunningServer s;
  const std::string own = "/?token=" + kToken;
  CHECK(status(get(s, own)) == "HTTP/1.1 200");
  CHECK(status(get(s, own, "Origin: http://" + s.host() + "\r\n")) == "HTTP/1.1 200");
  CHECK(status(get(s, "/")) == "HTTP/1.1 403");
  CHECK(status(get(s, "/?token=" + std::string(32, '0'))) == "HTTP/1.1 403");
  CHECK(status(get(s, "/?token=" + kToken.substr(1))) == "HTTP/1.1 403");
  CHECK(status(get(s, own, "Origin: http://evil.example\r\n")) == "HTTP/1.1 403");
  CHECK(status(get(s, own, "Origin: null\r\n")) == "HTTP/1.1 403");
  CHECK(status(get(s, own, {}, "evil.example")) == "HTTP/1.1 403");
  CHECK(status(get(s, own, {}, "127.0.0.1:1")) == "HTTP/1.1 403");
  for (const char* path : {"/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/static/../../etc/passwd", "//etc/passwd", "/session"}) {
    CAPTURE(path);
    const auto answer = get(s, std::string(path) + "?token=" + kToken);
    CHECK(status(answer) != "HTTP/1.1 403");
    CHECK(answer.find("root:") == std::string::npos);
  }
  CHECK(status(get(s, "/../../etc/passwd?token=" + kToken)) == "HTTP/1.1 404");
  CHECK(status(raw(s.server.port(), "POST " + own + " HTTP/1.1\r\nHost: " + s.host() + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")) == "HTTP/1.1 405");
}

TEST_CASE("the WebSocket asks for the same, and an oversized message is refused") {
  if (!page_built()) {
    MESSAGE("skipped: the page is not built");
    return;
  }
  RunningServer s;
  const auto upgrade = [&](const std::string& token, const std::string& origin) {
    return raw(s.server.port(), "GET /session?token=" + token + " HTTP/1.1\r\nHost: " + s.host() + "\r\nOrigin: " + origin + "\r\n" + kUpgrade + "\r\n", 12);
  };
  CHECK(status(upgrade(kToken, "http://" + s.host())) == "HTTP/1.1 101");
  CHECK(status(upgrade(std::string(32, 'f'), "http://" + s.host())) == "HTTP/1.1 403");
  CHECK(status(upgrade(kToken, "http://evil.example")) == "HTTP/1.1 403");
  // A binary message that says it has 2^40 bytes: closed with code 1009 (0x03f1), before the bytes come.
  const std::string upgrade_request = "GET /session?token=" + kToken + " HTTP/1.1\r\nHost: " + s.host() + "\r\n" + kUpgrade + "\r\n";
  const char frame[] = {char(0x82), char(0xff), 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4};
  const auto answer = raw(s.server.port(), upgrade_request, 100000, std::string(frame, sizeof frame));
  CHECK(status(answer) == "HTTP/1.1 101");
  CHECK(answer.find("\x88") != std::string::npos);
  CHECK(answer.find("\x03\xf1") != std::string::npos);
  CHECK(status(get(s, "/?token=" + kToken)) == "HTTP/1.1 200");  // still there
}

TEST_CASE("garbage and half requests do not end the server; a taken port is said") {
  if (!page_built()) {
    MESSAGE("skipped: the page is not built");
    return;
  }
  RunningServer s;
  (void)raw(s.server.port(), std::string(300, '\x01') + "\r\n\r\n", 1);
  (void)raw(s.server.port(), "GET / HTTP/1.1\r\nHost: " + std::string(20000, 'a') + "\r\n\r\n", 1);
  CHECK(status(get(s, "/?token=" + kToken)) == "HTTP/1.1 200");
  CHECK_THROWS_AS(Server({.port = s.server.port(), .page = {}}), InputError);
}
