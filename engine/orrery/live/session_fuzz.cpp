// A page that sends anything: heads cut at byte 0x1e, each in a sound container with the whole input as its file. The session
// refuses with one line or answers with messages that decode, and still answers a good message at the end.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "orrery/core/error.hpp"
#include "orrery/live/context.hpp"
#include "orrery/live/message.hpp"
#include "orrery/live/session.hpp"

using namespace orrery;
using namespace orrery::live;

namespace {

void require(bool good) {
  if (!good) std::abort();
}

void draw_rows(FrameContext& c) {
  const auto& series = c.slots().series("series");
  c.frame().panel("p").mark("m").set("x", series.t).set("y", series.y);
  c.frame().number("rows", std::to_string(static_cast<double>(series.size()) * c.number("a")));
}

const Figure kRows{.id = "test.rows",
                   .title = "Rows",
                   .shelf = Shelf::bench,
                   .controls = {{.name = "a", .high = 10},
                                {.name = "r", .kind = ControlKind::range, .high = 1},
                                {.name = "on", .kind = ControlKind::toggle}},
                   .slots = {{.name = "series", .label = "series"}},
                   .panels = {{.id = "p", .marks = {{.id = "m"}}}},
                   .draw = draw_rows};
const Figure* const kFigures[] = {&kRows};

void send(Session& session, std::uint64_t sequence, std::string_view head, std::string_view file) {
  MessageWriter writer;
  writer.add(std::as_bytes(std::span(file.data(), file.size())));
  try {
    session.receive(writer.finish(sequence, [&](Index) { return std::string(head); }));
    for (int i = 0; i < 20 && session.step(1.0); ++i) {
    }
  } catch (const InputError& error) {
    require(std::string_view(error.what()).find('\n') == std::string_view::npos);
  }
  for (auto out = session.take(); !out.empty(); out = session.take()) require(decode_message(out).message.has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Session session(kFigures);
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  std::string_view rest = input;
  std::uint64_t sequence = 1;
  while (!rest.empty() && sequence < 9) {
    const auto end = rest.find('\x1e');
    send(session, sequence++, rest.substr(0, end), input);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  MessageWriter writer;
  session.receive(writer.finish(sequence, [](Index) { return std::string(R"({"type":"figures"})"); }));
  require(!session.take().empty());
  return 0;
}
