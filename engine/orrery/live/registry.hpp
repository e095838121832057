#pragma once
#include <span>
#include <string_view>

#include "orrery/live/figure.hpp"

namespace orrery::live {

/// Every figure of this build, in the order of the families. Defined in a source that the build generates from the
/// families' CMakeLists (cmake/orrery.cmake).
[[nodiscard]] std::span<const Figure* const> all_figures();

/// The figure of that id among the given ones. @throws InputError naming the known ids when there is none.
[[nodiscard]] const Figure& figure_by_id(std::span<const Figure* const> figures, std::string_view id);

/// "bench", "lectures", "book", "hacks", "hidden".
[[nodiscard]] std::string_view shelf_name(Shelf shelf);

}  // namespace orrery::live
