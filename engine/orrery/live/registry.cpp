#include "orrery/live/registry.hpp"

#include <string>

#include "orrery/core/error.hpp"

namespace orrery::live {

const Figure& figure_by_id(std::span<const Figure* const> figures, std::string_view id) {
  std::string known;
  for (const Figure* figure : figures) {
    if (figure->id == id) return *figure;
    if (figure->shelf != Shelf::hidden) known += (known.empty() ? "" : ", ") + std::string(figure->id);
  }
  fail(ErrorKind::input, "figure '" + std::string(id) + "'", "expected one of: " + known);
}

std::string_view shelf_name(Shelf shelf) {
  constexpr std::string_view names[] = {"bench", "lectures", "book", "hacks", "hidden"};
  return names[static_cast<std::size_t>(shelf)];
}

}  // namespace orrery::live
