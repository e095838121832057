// The one translation unit that sees Boost.Beast. HTTP and WebSocket run on the thread that calls run(); each live session has
// its own thread (server_session).
#include "orrery/server.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <chrono>
#include <deque>
#include <fstream>
#include <optional>
#include <utility>

#include "orrery/core/error.hpp"
#include "orrery/server_session.hpp"

namespace orrery::app {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;
using Request = http::request<http::empty_body>;
using Response = http::response<http::string_body>;

constexpr auto kIdle = std::chrono::seconds(30);
constexpr std::size_t kUnsentLimit = std::size_t{512} << 20;

std::string random_token() {
  std::array<unsigned char, 16> bytes{};
  std::ifstream source("/dev/urandom", std::ios::binary);
  if (!source.read(reinterpret_cast<char*>(bytes.data()), bytes.size())) fail(ErrorKind::io, "server", "no random numbers from the system");
  std::string token;
  for (const unsigned char b : bytes) {
    token += "0123456789abcdef"[b >> 4];
    token += "0123456789abcdef"[b & 15];
  }
  return token;
}

/// Equal text, in a time that does not tell where it differs.
bool same_secret(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return difference == 0;
}

struct Target {
  std::string_view path, token;
};

Target split_target(std::string_view target) {
  const auto question = target.find('?');
  Target result{target.substr(0, question), {}};
  if (question == std::string_view::npos) return result;
  std::string_view query = target.substr(question + 1);
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    if (query.substr(0, 6) == "token=") result.token = query.substr(6, end - 6);
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return result;
}

std::string_view text_of(beast::string_view text) { return {text.data(), text.size()}; }

/// A live session on a WebSocket.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  explicit Connection(tcp::socket socket) : socket_(std::move(socket)), executor_(socket_.get_executor()) {}

  asio::awaitable<void> serve(Request request) {
    socket_.set_option(websocket::stream_base::timeout::suggested(beast::role_type::server));
    socket_.read_message_max(kServerMessageLimit);
    socket_.binary(true);
    co_await socket_.async_accept(request, asio::use_awaitable);
    session_ = std::make_unique<SessionThread>([weak = weak_from_this(), executor = executor_](std::vector<std::byte> bytes) {
      asio::post(executor, [weak, bytes = std::move(bytes)]() mutable {
        if (const auto self = weak.lock()) self->send(std::move(bytes));
      });
    });
    beast::flat_buffer buffer;
    for (;;) {
      const std::size_t size = co_await socket_.async_read(buffer, asio::use_awaitable);
      const auto* begin = static_cast<const std::byte*>(buffer.data().data());
      session_->receive({begin, begin + size});
      buffer.consume(size);
    }
  }

 private:
  void send(std::vector<std::byte> bytes) {
    unsent_ += bytes.size();
    outbox_.push_back(std::move(bytes));
    if (unsent_ > kUnsentLimit) return beast::get_lowest_layer(socket_).close();  // the page has stopped reading
    if (outbox_.size() == 1) write_next();
  }

  void write_next() {
    socket_.async_write(asio::buffer(outbox_.front()), [self = shared_from_this()](beast::error_code error, std::size_t) {
      self->unsent_ -= self->outbox_.front().size();
      self->outbox_.pop_front();
      if (!error && !self->outbox_.empty()) self->write_next();
    });
  }

  websocket::stream<tcp::socket> socket_;
  asio::any_io_executor executor_;
  std::unique_ptr<SessionThread> session_;
  std::deque<std::vector<std::byte>> outbox_;
  std::size_t unsent_ = 0;
};

}  // namespace

struct Server::State {
  ServerOptions options;
  asio::io_context context{1};
  tcp::acceptor acceptor{context};
  asio::steady_timer tick{context};
  std::function<bool()> stop_asked;
  std::string html;

  [[nodiscard]] std::uint16_t port() const { return acceptor.local_endpoint().port(); }

  /// 200 for what may be answered; 403 for another machine's page or no token; 404 and 405 for the rest.
  [[nodiscard]] http::status judge(const Request& request) const {
    const std::string own = ":" + std::to_string(port());
    const auto is_own = [&](std::string_view host) { return host == "127.0.0.1" + own || host == "localhost" + own; };
    if (!is_own(text_of(request[http::field::host]))) return http::status::forbidden;
    const std::string_view origin = text_of(request[http::field::origin]);
    if (!origin.empty() && !(origin.substr(0, 7) == "http://" && is_own(origin.substr(7)))) return http::status::forbidden;
    const Target target = split_target(text_of(request.target()));
    if (!same_secret(target.token, options.token)) return http::status::forbidden;
    if (request.method() != http::verb::get) return http::status::method_not_allowed;
    return target.path == "/" || target.path == "/session" ? http::status::ok : http::status::not_found;
  }

  [[nodiscard]] Response answer(const Request& request) const {
    const http::status status = judge(request);
    Response response{status, request.version()};
    response.set(http::field::cache_control, "no-store");
    response.set(http::field::content_type, status == http::status::ok ? "text/html; charset=utf-8" : "application/json");
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Referrer-Policy", "no-referrer");
    response.keep_alive(request.keep_alive());
    if (status == http::status::ok) {
      response.body() = html;
    } else {
      const char* why = status == http::status::forbidden ? "expected the address that orrery printed, with its token, from this machine"
                                                          : "expected GET / or the WebSocket /session";
      response.body() = std::string("{\"error\": \"") + why + "\"}\n";
    }
    response.prepare_payload();
    return response;
  }

  asio::awaitable<void> serve(tcp::socket socket) {
    beast::tcp_stream stream(std::move(socket));
    beast::flat_buffer buffer;
    for (;;) {
      stream.expires_after(kIdle);
      http::request_parser<http::empty_body> parser;
      parser.header_limit(16384);
      parser.body_limit(0);
      co_await http::async_read(stream, buffer, parser, asio::use_awaitable);
      Request request = parser.release();
      const bool live = websocket::is_upgrade(request) && split_target(text_of(request.target())).path == "/session";
      if (live && judge(request) == http::status::ok) {
        stream.expires_never();
        const auto connection = std::make_shared<Connection>(stream.release_socket());
        co_await connection->serve(std::move(request));
        co_return;
      }
      const Response response = answer(request);
      co_await http::async_write(stream, response, asio::use_awaitable);
      if (!response.keep_alive()) co_return;
    }
  }

  asio::awaitable<void> accept() {
    for (;;) {
      tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
      socket.set_option(tcp::no_delay(true));
      // A page that goes away ends its own connection and nothing else.
      asio::co_spawn(context, serve(std::move(socket)), [](std::exception_ptr) {});
    }
  }

  void watch() {
    tick.expires_after(std::chrono::milliseconds(100));
    tick.async_wait([this](beast::error_code error) {
      if (error) return;
      if (stop_asked && stop_asked()) return context.stop();
      watch();
    });
  }
};

Server::Server(ServerOptions options) : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.options = std::move(options);
  if (s.options.token.empty()) s.options.token = random_token();
  s.options.page.server = true;
  s.options.page.token = s.options.token;
  s.html = page_html(s.options.page);
  beast::error_code error;
  const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), s.options.port);
  s.acceptor.open(endpoint.protocol(), error);
  if (!error) s.acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) s.acceptor.bind(endpoint, error);
  if (!error) s.acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) fail(ErrorKind::io, "127.0.0.1:" + std::to_string(s.options.port), "cannot listen: " + error.message() + "; try --port 0");
}

Server::~Server() = default;

std::uint16_t Server::port() const { return state_->port(); }

std::string Server::address() const { return "http://127.0.0.1:" + std::to_string(port()) + "/?token=" + state_->options.token; }

void Server::run(const std::function<bool()>& stop_asked) {
  State& s = *state_;
  s.stop_asked = stop_asked;
  asio::co_spawn(s.context, s.accept(), [](std::exception_ptr) {});
  s.watch();
  s.context.run();
}

void Server::stop() { state_->context.stop(); }

}  // namespace orrery::app
