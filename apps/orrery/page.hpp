#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "orrery/live/value.hpp"

namespace orrery::app {

/// The user's data that a page carries: canonical CSV of one slot.
struct PageSlot {
  std::string slot;
  std::string name;
  std::string csv;
};

/// What the one page template is filled with (docs/adr/0005).
struct PageConfig {
  bool server = false;        ///< talks to the server it came from; else runs on its own
  std::string token;          ///< of the server
  std::string figure;         ///< opened first; empty: the gallery
  live::Values values = {};
  std::vector<PageSlot> slots = {};
  std::vector<PageSlot> files = {};  ///< further files to choose from in the page; the slots' own are among them
  bool single = false;        ///< one figure only, no gallery around it; the page then carries only the module of that figure
};

/// True when the program was built with the page.
[[nodiscard]] bool page_built();

/// The page as HTML. @throws InputError when the program was built without it
[[nodiscard]] std::string page_html(const PageConfig& config);

/// The template with its two places filled; for tests. @throws InputError when a place, or the module of a single figure, is missing
[[nodiscard]] std::string filled_template(std::string_view page, const PageConfig& config);

}  // namespace orrery::app
