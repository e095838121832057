#include "orrery/live/session.hpp"

#include <algorithm>
#include <deque>
#include <optional>

#include "orrery/data/embedded.hpp"
#include "orrery/live/encode.hpp"
#include "orrery/live/evaluate.hpp"
#include "orrery/live/json_detail.hpp"
#include "orrery/live/message.hpp"
#include "orrery/live/registry.hpp"

namespace orrery::live {
namespace {

using detail::Json;

constexpr double kStarvedMs = 150.0;        // a job may finish first when no frame went out for so long
constexpr double kProgressFromMs = 400.0;   // progress is said from here on,
constexpr double kProgressEveryMs = 100.0;  // and so often

struct Pending {
  std::uint64_t sequence;
  Values values;
};

/// A frame being made. Neither movable nor copyable: the context refers to its neighbours.
struct Running {
  Running(const Figure& figure, Pending state, const Slots& slots, NodeCache& cache, FrameContext::Publish publish)
      : sequence(state.sequence), values(std::move(state.values)), context(figure, values, slots, cache, budget, std::move(publish)),
        job(budget, figure.frame(context)) {}
  std::uint64_t sequence;
  Values values;
  Budget budget;
  FrameContext context;
  Job<bool> job;
  double started = clock_ms();
  double last_progress = 0.0;
  bool published = false;
};

struct Shown {
  Frame frame;
  Values values;
  std::uint64_t sequence = 0;
  int level = 0;
  bool final = false;
};

std::optional<Extent> extent_member(const Json& object, const char* name) {
  const auto it = object.find(name);
  if (it == object.end() || !it->is_array() || it->size() != 2 || !(*it)[0].is_number() || !(*it)[1].is_number()) return {};
  const Extent e{(*it)[0].get<double>(), (*it)[1].get<double>()};
  if (!(e.low < e.high)) return {};
  return e;
}

void read_views(const Json& head, Views& views) {
  if (const Json* panels = detail::object_member(head, "views")) {
    for (const auto& [id, item] : panels->items()) {
      if (!item.is_object()) continue;
      PanelView view;
      view.width = std::clamp(detail::number_member(item, "width", view.width), 1.0, 8192.0);
      view.height = std::clamp(detail::number_member(item, "height", view.height), 1.0, 8192.0);
      view.ratio = std::clamp(detail::number_member(item, "ratio", view.ratio), 0.5, 4.0);
      view.x = extent_member(item, "x");
      view.y = extent_member(item, "y");
      views.panels.insert_or_assign(id, view);
    }
  }
  const Json* palette = detail::object_member(head, "palette");
  if (palette == nullptr) return;
  constexpr const char* roles[] = {"data", "model", "accent", "mute", "warn"};
  for (std::size_t i = 0; i < std::size(roles); ++i) parse_colour(detail::text_member(*palette, roles[i]), views.palette.roles[i]);
  const auto band = palette->find("band");
  if (band == palette->end() || !band->is_array()) return;
  std::vector<Rgb> colours;
  for (const auto& item : *band) {
    Rgb colour;
    if (item.is_string() && parse_colour(item.get<std::string>(), colour)) colours.push_back(colour);
  }
  if (!colours.empty()) views.palette.band = std::move(colours);
}

data::ReadOptions read_options(const Json& head) {
  data::ReadOptions options;
  const Json* given = detail::object_member(head, "options");
  if (given == nullptr) return options;
  const auto text = [&](const char* name, std::optional<std::string>& out) {
    const std::string value = detail::text_member(*given, name);
    if (!value.empty()) out = value;
  };
  text("time", options.time);
  text("value", options.value);
  text("error", options.error);
  text("band", options.band);
  options.time_offset = detail::number_member(*given, "time_offset", 0.0);
  return options;
}

std::optional<std::span<const std::byte>> bytes_column(const MessageView& message, const Json& head) {
  const auto columns = head.find("columns");
  if (columns == head.end() || !columns->is_array()) return {};
  for (const auto& column : *columns) {
    if (!column.is_object() || detail::text_member(column, "id") != "bytes") continue;
    const double length = detail::number_member(column, "len", -1.0);
    const double offset = detail::number_member(column, "off", -1.0);
    std::optional<std::span<const std::byte>> bytes;
    if (length >= 0.0 && length < 4294967296.0 && offset >= 0.0 && offset < 4294967296.0) {
      bytes = column_bytes(message, DType::u8, static_cast<Index>(length), static_cast<Index>(offset));
    }
    if (!bytes) fail(ErrorKind::input, "data message", "expected its column to lie inside the message");
    return bytes;
  }
  return {};
}

}  // namespace

struct Session::State {
  std::span<const Figure* const> figures;
  const Figure* figure = nullptr;
  Slots slots;
  Views views;
  NodeCache cache;
  FrameEncoder encoder;
  std::deque<std::vector<std::byte>> outbox;
  std::optional<Pending> pending;
  std::unique_ptr<Running> running;
  std::optional<Shown> shown;
  Values values;  ///< of the last state asked for
  std::uint64_t sequence = 0;
  double last_frame = -1e9;

  void send(const Json& head) { outbox.push_back(MessageWriter().finish(sequence, [&](Index) { return detail::dump(head); })); }
  void send_figures();
  void send_slot(const Slot& slot);
  void show(Frame frame, const Values& frame_values, std::uint64_t frame_sequence, int level, bool final);
  void open(const Json& head);
  void set(const Json& head);
  void replace_data(const MessageView& message, const Json& head);
  void ask(Values new_values);
  void drop_job_if_allowed();
  void start_pending();
  void send_progress(double now);
};

void Session::State::send_figures() {
  Json list = Json::array();
  for (const Figure* f : figures) {
    if (f->shelf == Shelf::hidden) continue;
    list.push_back({{"id", f->id}, {"title", f->title}, {"question", f->question}, {"shelf", shelf_name(f->shelf)}});
  }
  send({{"type", "figures"}, {"figures", list}});
}

void Session::State::send_slot(const Slot& slot) {
  if (!slots.has(slot.name)) return;
  const SlotContent& content = slots.at(slot.name);
  const std::string csv = slot_csv(content);
  Json embedded = Json::array();
  if (slot.kind == SlotKind::series) {
    for (const auto& set : data::embedded_sets()) embedded.push_back({{"id", set.id}, {"title", set.title}});
  }
  Json head = {{"type", "data"}, {"slot", slot.name}, {"name", content.name}, {"rows", slot_rows(content)},
               {"report", detail::report_json(content)}, {"embedded", embedded}, {"is_embedded", !content.embedded.empty()}};
  MessageWriter writer;
  const Index offset = writer.add(std::as_bytes(std::span(csv.data(), csv.size())));
  outbox.push_back(writer.finish(sequence, [&](Index base) {
    head["columns"] = Json::array({{{"id", "csv"}, {"dtype", "u8"}, {"len", csv.size()}, {"off", base + offset}}});
    return detail::dump(head);
  }));
}

void Session::State::show(Frame frame, const Values& frame_values, std::uint64_t frame_sequence, int level, bool final) {
  shown = Shown{std::move(frame), frame_values, frame_sequence, level, final};
  outbox.push_back(encoder.encode(*figure, shown->frame, shown->values, slots, views, frame_sequence, level, final));
  last_frame = clock_ms();
}

void Session::State::open(const Json& head) {
  const Figure& next = figure_by_id(figures, detail::text_member(head, "figure"));
  const auto given = head.find("values");
  Values complete = complete_values(next, given == head.end() ? Values{} : detail::values_from_json(*given), false);
  Slots content = default_slots(next);
  for (const auto& slot : next.slots) {
    // A user's file stays when the next figure has a slot of the same name and kind.
    const Index old = figure == nullptr ? -1 : find_slot(*figure, slot.name);
    if (old >= 0 && figure->slots[at(old)].kind == slot.kind && slots.has(slot.name) && slots.at(slot.name).embedded.empty()) {
      content.put(slot.name, slots.at(slot.name));
    }
  }
  running.reset();
  shown.reset();
  figure = &next;
  slots = std::move(content);
  cache.clear();
  encoder.forget();
  views.panels.clear();
  views.sequence = sequence;
  read_views(head, views);
  send({{"type", "spec"}, {"figure", detail::spec_json(next)}});
  for (const auto& slot : next.slots) send_slot(slot);
  ask(std::move(complete));
}

void Session::State::set(const Json& head) {
  if (figure == nullptr) fail(ErrorKind::input, "set", "expected an open figure");
  const auto given = head.find("values");
  ask(complete_values(*figure, given == head.end() ? Values{} : detail::values_from_json(*given), false));
}

void Session::State::replace_data(const MessageView& message, const Json& head) {
  if (figure == nullptr) fail(ErrorKind::input, "data", "expected an open figure");
  const std::string name = detail::text_member(head, "slot");
  const Index position = find_slot(*figure, name);
  if (position < 0) fail(ErrorKind::input, std::string(figure->id), "has no slot '" + name + "'");
  const Slot& slot = figure->slots[at(position)];
  const auto bytes = bytes_column(message, head);
  SlotContent content;
  if (bytes) {
    const std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    content = slot_from_bytes(slot, text, detail::text_member(head, "name", "file"), read_options(head));
  } else {
    const Json* options = detail::object_member(head, "options");
    const std::string id = options ? detail::text_member(*options, "embedded") : std::string();
    content = slot_from_embedded(slot, id.empty() ? slot.embedded : std::string_view(id));
  }
  running.reset();  // it refers to the slots
  slots.put(slot.name, std::move(content));
  cache.clear();
  send_slot(slot);
  ask(values);
}

void Session::State::ask(Values new_values) {
  values = new_values;
  pending = Pending{sequence, std::move(new_values)};
  drop_job_if_allowed();
}

void Session::State::drop_job_if_allowed() {
  // A steady drag must not starve: without a frame for a while the running job may finish first.
  if (running && pending && (running->published || clock_ms() - last_frame < kStarvedMs)) running.reset();
}

void Session::State::start_pending() {
  Pending next = std::move(*pending);
  pending.reset();
  if (figure->draw != nullptr) {
    Budget budget;
    FrameContext context(*figure, next.values, slots, cache, budget, {});
    figure->draw(context);
    show(std::move(context.frame()), next.values, next.sequence, 0, true);
    return;
  }
  running = std::make_unique<Running>(*figure, std::move(next), slots, cache, [this](const Frame& frame, int level) {
    running->published = true;
    show(frame, running->values, running->sequence, level, false);
  });
}

void Session::State::send_progress(double now) {
  if (now - running->started < kProgressFromMs || now - running->last_progress < kProgressEveryMs) return;
  running->last_progress = now;
  const Json head = {{"type", "progress"}, {"fraction", detail::head_json(running->budget.fraction())}, {"words", running->budget.words()}};
  outbox.push_back(MessageWriter().finish(running->sequence, [&](Index) { return detail::dump(head); }));
}

Session::Session(std::span<const Figure* const> figures) : state_(std::make_unique<State>()) { state_->figures = figures; }
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

void Session::receive(std::span<const std::byte> message) {
  const Decoded decoded = decode_message(message);
  if (!decoded.message) fail(ErrorKind::input, "message", decoded.refusal);
  const Json head = Json::parse(decoded.message->head, nullptr, false);
  if (!head.is_object()) fail(ErrorKind::input, "message", "expected its head to be a JSON object");
  const std::string type = detail::text_member(head, "type");
  State& s = *state_;
  s.sequence = decoded.message->sequence;
  if (type == "figures") return s.send_figures();
  if (type == "open") return s.open(head);
  if (type == "set") return s.set(head);
  if (type == "data") return s.replace_data(*decoded.message, head);
  if (type == "cancel") {
    s.running.reset();
    s.pending.reset();
    return;
  }
  if (type == "view") {
    s.views.sequence = s.sequence;
    read_views(head, s.views);
    if (const auto& shown = s.shown) {
      s.outbox.push_back(s.encoder.encode(*s.figure, shown->frame, shown->values, s.slots, s.views, shown->sequence, shown->level,
                                          shown->final));
    }
    return;
  }
  fail(ErrorKind::input, "message", "expected figures, open, set, view, data or cancel, got '" + type + "'");
}

bool Session::step(double milliseconds) {
  State& s = *state_;
  s.drop_job_if_allowed();
  if (!s.running && s.pending) s.start_pending();
  if (s.running) {
    const bool done = s.running->job.step(std::min(milliseconds, kSliceMs));
    if (done) {
      const auto finished = std::move(s.running);
      static_cast<void>(finished->job.result());
      s.show(std::move(finished->context.frame()), finished->values, finished->sequence, 1000, true);
    } else {
      s.send_progress(clock_ms());
    }
  }
  return s.running != nullptr || s.pending.has_value();
}

std::vector<std::byte> Session::take() {
  State& s = *state_;
  if (s.outbox.empty()) return {};
  auto message = std::move(s.outbox.front());
  s.outbox.pop_front();
  return message;
}

void Session::report(ErrorKind kind, std::string_view where, std::string_view message) {
  state_->send({{"type", "error"}, {"kind", error_kind_name(kind)}, {"where", where}, {"message", message}});
}

Index Session::nodes_computed() const { return state_->cache.computed(); }

}  // namespace orrery::live
