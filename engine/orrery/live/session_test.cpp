#include "orrery/live/session.hpp"

#include <string>

#include "orrery/core/error.hpp"
#include "orrery/live/context.hpp"
#include "support/live.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::live;
using live::testing::settled;
using live::testing::taken_messages;
using live::testing::up;
using nlohmann::json;

namespace {

void draw_rows(FrameContext& c) {
  const auto& series = c.slots().series("series");
  if (series.size() == 3) fail(ErrorKind::input, "rows", "three is refused");
  c.frame().panel("p").mark("m").set("x", series.t).set("y", series.y);
  c.frame().number("rows", std::to_string(series.size()));
}

/// Coarse answer, 20 pauses, final answer; the coarse part can be switched off.
Task<bool> slow_frame(FrameContext& c) {
  const double a = c.number("a");
  c.frame().number("a", std::to_string(a) + " coarse");
  if (c.toggle("coarse")) c.publish();
  for (int i = 0; i < 20; ++i) {
    const double start = clock_ms();
    while (clock_ms() - start < 0.5) {
    }
    co_await c.budget().pause();
  }
  if (a == 7.0) fail(ErrorKind::input, "slow", "seven is refused");
  c.frame().numbers.clear();
  c.frame().number("a", std::to_string(a));
  co_return true;
}

const Figure kRows{.id = "test.rows",
                   .title = "Rows",
                   .shelf = Shelf::bench,
                   .controls = {{.name = "a", .high = 10}},
                   .slots = {{.name = "series", .label = "series"}},
                   .panels = {{.id = "p", .marks = {{.id = "m"}}}},
                   .draw = draw_rows};
const Figure kSlow{.id = "test.slow",
                   .title = "Slow",
                   .shelf = Shelf::hidden,
                   .controls = {{.name = "a", .high = 10}, {.name = "coarse", .kind = ControlKind::toggle, .start = 1}},
                   .frame = slow_frame};
const Figure* const kFigures[] = {&kRows, &kSlow};

json open(const char* figure, json values = json::object()) { return {{"type", "open"}, {"figure", figure}, {"values", values}}; }
json set(json values) { return {{"type", "set"}, {"values", values}}; }

std::string refusal(Session& session, const std::vector<std::byte>& message) {
  try {
    session.receive(message);
    (void)settled(session);
  } catch (const InputError& e) {
    return e.what();
  }
  return {};
}

}  // namespace

TEST_CASE("figures lists what is on the shelves") {
  Session session(kFigures);
  session.receive(up(1, {{"type", "figures"}}));
  const auto messages = settled(session);
  REQUIRE(messages.size() == 1);
  CHECK(messages[0].head["figures"].size() == 1);
  CHECK(messages[0].head["figures"][0]["id"] == "test.rows");
}

TEST_CASE("open, set: spec, then frames that answer the last sequence number") {
  Session session(kFigures);
  session.receive(up(1, open("test.slow")));
  auto messages = settled(session);
  REQUIRE(messages.size() == 3);
  CHECK(messages[0].type() == "spec");
  CHECK(messages[1].head["final"] == false);
  CHECK(messages[2].head["final"] == true);
  session.receive(up(2, set({{"a", 3}})));
  messages = settled(session, 0.0);
  REQUIRE(messages.size() == 2);
  CHECK(messages.back().sequence == 2);
  CHECK(messages.back().head["numbers"][0]["value"] == "3.000000");
}

TEST_CASE("the latest wins: of many states set during a job only the last is settled") {
  Session session(kFigures);
  session.receive(up(1, open("test.slow")));
  (void)settled(session);
  for (int i = 2; i < 50; ++i) {
    session.receive(up(std::uint64_t(i), set({{"a", i / 10.0}})));
    (void)session.step(1.0);
  }
  const auto messages = settled(session);
  int finals = 0;
  for (const auto& m : messages) finals += m.head["final"] == true;
  CHECK(finals == 1);
  CHECK(messages.back().sequence == 49);
  CHECK(messages.back().head["numbers"][0]["value"] == "4.900000");
}

TEST_CASE("a steady drag without coarse answers does not starve") {
  Session session(kFigures);
  session.receive(up(1, open("test.slow", {{"coarse", false}})));
  (void)settled(session);
  int finals = 0;
  const double start = clock_ms();
  for (std::uint64_t i = 2; clock_ms() - start < 700.0; ++i) {  // a state every millisecond, jobs of 10 ms
    session.receive(up(i, set({{"a", double(i % 5)}, {"coarse", false}})));
    (void)session.step(1.0);
    for (const auto& m : taken_messages(session)) finals += m.head["final"] == true;
  }
  CHECK(finals >= 2);
}

TEST_CASE("data replaces a slot, comes back as canonical CSV, and a bad file changes nothing") {
  Session session(kFigures);
  session.receive(up(1, open("test.rows")));
  CHECK_THROWS_AS((void)session.step(8.0), InputError);  // the slot is empty
  (void)taken_messages(session);
  const std::string csv = "t,mag\n1,10\n2,12\n3,11\n4,10\n5,11\n";
  session.receive(up(2, {{"type", "data"}, {"slot", "series"}, {"name", "a.csv"}}, csv));
  auto messages = settled(session);
  REQUIRE(messages.size() == 2);
  CHECK(messages[0].type() == "data");
  CHECK(messages[0].head["rows"] == 5);
  CHECK(messages[1].head["numbers"][0]["value"] == "5");
  CHECK(messages[1].column("p", "m", "x").size() == 5);
  CHECK(refusal(session, up(3, {{"type", "data"}, {"slot", "series"}, {"name", "b.csv"}}, "\x01\x02\x03 garbage")).find("b.csv") != std::string::npos);
  session.receive(up(4, set({{"a", 1}})));
  messages = settled(session);
  CHECK(messages.back().head["numbers"][0]["value"] == "5");
}

TEST_CASE("an error in a frame drops that state only") {
  Session session(kFigures);
  session.receive(up(1, open("test.slow")));
  (void)settled(session);
  CHECK(refusal(session, up(2, set({{"a", 7}}))) == "slow: seven is refused");
  session.report(ErrorKind::input, "slow", "seven is refused");
  const auto error = settled(session);
  CHECK(error.back().type() == "error");
  CHECK(error.back().head["where"] == "slow");
  session.receive(up(3, set({{"a", 2}})));
  CHECK(settled(session).back().head["numbers"][0]["value"] == "2.000000");
}

TEST_CASE("cancel stops, view encodes again without computing, progress is said on long work") {
  Session session(kFigures);
  session.receive(up(1, open("test.slow")));
  (void)session.step(0.0);
  session.receive(up(2, {{"type", "cancel"}}));
  CHECK_FALSE(session.step(0.0));
  session.receive(up(3, {{"type", "view"}, {"views", {{"p", {{"width", 10}, {"height", 1e9}, {"x", {5, 1}}}}}}}));
  const auto messages = settled(session);
  CHECK(messages.back().type() == "frame");
}

TEST_CASE("a frame names the message that said its sizes") {
  Session session(kFigures);
  session.receive(up(1, open("test.slow")));
  CHECK(settled(session).back().head["view"] == 1);
  session.receive(up(2, set({{"a", 3}})));
  CHECK(settled(session).back().head["view"] == 1);
  session.receive(up(3, {{"type", "view"}, {"views", {{"p", {{"width", 10}, {"height", 10}}}}}}));
  const auto messages = settled(session);
  CHECK(messages.back().head["view"] == 3);
  CHECK(messages.back().sequence == 2);
}

TEST_CASE("what breaks the protocol is refused in words") {
  Session session(kFigures);
  CHECK(refusal(session, up(1, set({}))).find("expected an open figure") != std::string::npos);
  CHECK(refusal(session, up(1, {{"type", "dance"}})).find("got 'dance'") != std::string::npos);
  CHECK(refusal(session, up(1, open("no.such"))).find("expected one of: test.rows") != std::string::npos);
  CHECK(refusal(session, up(1, open("test.slow", {{"a", {{"b", 1}}}}))).find("control 'a'") != std::string::npos);
  CHECK(refusal(session, up(1, json::array())).find("JSON object") != std::string::npos);
  CHECK(refusal(session, std::vector<std::byte>(10)).find("at least 24 bytes") != std::string::npos);
}
