#include "orrery/page.hpp"

#include <nlohmann/json.hpp>

#include "orrery/core/error.hpp"
#include "orrery/live/registry.hpp"

extern "C" {
extern const char orrery_page[];
extern const char orrery_page_end[];
}

namespace orrery::app {
namespace {

using nlohmann::json;

/// JSON that is safe inside a <script> element: no '<' can end it or open a comment.
std::string script_safe(const json& value) {
  const std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return safe;
}

json slots_json(const std::vector<PageSlot>& slots) {
  json list = json::array();
  for (const auto& slot : slots) list.push_back({{"slot", slot.slot}, {"name", slot.name}, {"csv", slot.csv}});
  return list;
}

/// What the gallery shows, known before any engine answers.
json figures_json() {
  json list = json::array();
  for (const live::Figure* f : live::all_figures()) {
    if (f->shelf == live::Shelf::hidden) continue;
    list.push_back({{"id", f->id}, {"title", f->title}, {"question", f->question}, {"shelf", live::shelf_name(f->shelf)}});
  }
  return list;
}

/// Leaves only the module that computes the figure. Each is an element on a line of its own (web/src/page.ts).
void keep_module_of(std::string& page, std::string_view figure) {
  constexpr std::string_view kElement = "<script type=\"application/octet-stream\" data-module=\"";
  constexpr std::string_view kBundle = "<script id=\"orrery-bundle\">";  // behind the modules; it has such words inside
  const std::string kept = std::string(kElement) + std::string(figure.substr(0, figure.find('.'))) + "\"";
  bool found = false;
  for (auto at = page.find(kElement); at < page.find(kBundle); at = page.find(kElement, at)) {
    const auto end = page.find('\n', at);
    if (end == std::string::npos) break;
    if (page.compare(at, kept.size(), kept) == 0) {
      found = true;
      at = end;
    } else {
      page.erase(at, end + 1 - at);
    }
  }
  if (!found) fail(ErrorKind::io, "page template", "has no WebAssembly module for the figure " + std::string(figure));
}

void replace_place(std::string& page, std::string_view place, std::string_view text) {
  const auto found = page.find(place);
  if (found == std::string::npos) fail(ErrorKind::io, "page template", "expected the place " + std::string(place));
  page.replace(found, place.size(), text);
}

}  // namespace

namespace {
/// The assembler's two labels as addresses.
std::string_view built_page() {
  const char* begin = &orrery_page[0];
  const char* end = &orrery_page_end[0];
  return {begin, static_cast<std::size_t>(end - begin)};
}
}  // namespace

bool page_built() { return !built_page().empty(); }

std::string filled_template(std::string_view page, const PageConfig& config) {
  json values = json::object();
  for (const auto& [name, value] : config.values) values[name] = json::parse(live::value_text(value));
  json filled = {{"mode", config.server ? "server" : "wasm"}, {"token", config.token}, {"single", config.single}, {"values", values},
                       {"slots", slots_json(config.slots)},
                       {"files", slots_json(config.files)}, {"figure", config.figure.empty() ? json(nullptr) : json(config.figure)}};
  std::string html(page);
  if (config.single) {
    keep_module_of(html, config.figure);
  } else {
    filled["figures"] = figures_json();
  }
  replace_place(html, "@ORRERY_CONNECT@", config.server ? "'self'" : "'none'");
  replace_place(html, "@ORRERY_CONFIG@", script_safe(filled));
  return html;
}

std::string page_html(const PageConfig& config) {
  if (!page_built()) fail(ErrorKind::io, "page", "this program was built without its page; build web/ and then the program (make run does both)");
  return filled_template(built_page(), config);
}

}  // namespace orrery::app
