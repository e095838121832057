#pragma once
#include <cstddef>
#include <iterator>

namespace orrery {

/// Signed size and position everywhere in the engine, so that differences and countdowns need no casts.
using Index = std::ptrdiff_t;

using std::ssize;

/// Unsigned position for indexing the standard containers; `i` must be >= 0.
[[nodiscard]] constexpr std::size_t at(Index i) noexcept { return static_cast<std::size_t>(i); }

}  // namespace orrery
