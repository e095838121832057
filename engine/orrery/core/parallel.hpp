#pragma once
#include <type_traits>

#include "orrery/core/index.hpp"

namespace orrery {

/// Runs body(begin, end) over disjoint pieces that cover [0, n), on oneTBB's threads natively and on one thread in wasm.
/// Pieces are never smaller than `grain` (but for the last). Results must not depend on the cut: that is the caller's duty.
/// An exception thrown by a piece is rethrown here after the others have stopped.
/// @param threads  largest number of threads; 0 = all cores
template <class Body>
void parallel_for(Index n, Index grain, Body&& body, int threads = 0);

/// Number of threads that `threads = 0` stands for.
[[nodiscard]] int hardware_threads() noexcept;

namespace detail {
using PieceFunction = void (*)(void* body, Index begin, Index end);
void parallel_for_pieces(Index n, Index grain, int threads, void* body, PieceFunction call);
}  // namespace detail

template <class Body>
void parallel_for(Index n, Index grain, Body&& body, int threads) {
  using Plain = std::remove_reference_t<Body>;
  detail::parallel_for_pieces(n, grain, threads, const_cast<void*>(static_cast<const void*>(&body)),
                              [](void* b, Index begin, Index end) { (*static_cast<Plain*>(b))(begin, end); });
}

}  // namespace orrery
