#include "orrery/live/message.hpp"

#include <cstring>
#include <string>

#include "orrery/core/random.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::live;

namespace {

std::vector<std::byte> sample() {
  static const std::vector<double> x{1, 2, 3};
  static const std::vector<std::uint8_t> y(100, 7);
  MessageWriter writer;
  const Index first = writer.add(std::as_bytes(std::span(x)));
  const Index second = writer.add(std::as_bytes(std::span(y)));
  return writer.finish(42, [&](Index base) {
    return "{\"x\":" + std::to_string(base + first) + ",\"y\":" + std::to_string(base + second) + std::string(30, ' ') + "}";
  });
}

Index offset_in(std::string_view head, const std::string& name) {
  return std::stol(std::string(head.substr(head.find("\"" + name + "\":") + 4)));
}

}  // namespace

TEST_CASE("a message comes back: sequence, head, aligned columns") {
  const auto bytes = sample();
  const auto decoded = decode_message(bytes);
  REQUIRE(decoded.message);
  CHECK(decoded.message->sequence == 42);
  const Index x = offset_in(decoded.message->head, "x");
  CHECK(x % kColumnAlignment == 0);
  const auto column = column_bytes(*decoded.message, DType::f64, 3, x);
  REQUIRE(column);
  double third;
  std::memcpy(&third, column->data() + 16, 8);
  CHECK(third == 3.0);
  const auto y = column_bytes(*decoded.message, DType::u8, 100, offset_in(decoded.message->head, "y"));
  REQUIRE(y);
  CHECK(std::to_integer<int>((*y)[99]) == 7);
}

TEST_CASE("a column outside the message, unaligned or of a negative length is refused") {
  const auto bytes = sample();
  const auto message = *decode_message(bytes).message;
  const Index total = ssize(bytes);
  CHECK_FALSE(column_bytes(message, DType::u8, total, 64));
  CHECK_FALSE(column_bytes(message, DType::u8, 1, total + 64));
  CHECK_FALSE(column_bytes(message, DType::u8, 1, 65));
  CHECK_FALSE(column_bytes(message, DType::u8, -1, 64));
  CHECK_FALSE(column_bytes(message, DType::f64, Index{1} << 61, 64));
  CHECK_FALSE(column_bytes(message, DType::u8, 1, -64));
  CHECK_FALSE(column_bytes(message, DType::u8, 1, 0));
}

TEST_CASE("property: no flipped, cut or grown message is read outside") {
  // Run under asan in CI, where a read outside would end the program.
  const auto good = sample();
  Random random(5);
  Index refused = 0;
  for (int i = 0; i < 20000; ++i) {
    auto bytes = good;
    for (Index k = random.index(3); k >= 0; --k) bytes[at(random.index(ssize(bytes)))] = std::byte(random.bits32());
    if (random.index(3) == 0) bytes.resize(at(random.index(ssize(bytes) + 1)));
    const auto decoded = decode_message(bytes);
    if (!decoded.message) {
      ++refused;
      CHECK_FALSE(decoded.refusal.empty());
      continue;
    }
    std::size_t sum = 0;
    for (const char c : decoded.message->head) sum += static_cast<unsigned char>(c);
    const auto column = column_bytes(*decoded.message, DType::f64, random.index(1000), 64 * random.index(10));
    if (column) for (const auto b : *column) sum += std::to_integer<std::size_t>(b);
    CHECK(sum > 0);
  }
  CHECK(refused > 1000);
}
