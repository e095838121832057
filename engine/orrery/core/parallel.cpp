#include "orrery/core/parallel.hpp"

#include <algorithm>

#ifndef __wasi__
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#endif

namespace orrery {

int hardware_threads() noexcept {
#ifdef __wasi__
  return 1;
#else
  return tbb::this_task_arena::max_concurrency();
#endif
}

namespace detail {

void parallel_for_pieces(Index n, Index grain, int threads, void* body, PieceFunction call) {
  if (n <= 0) return;
  grain = std::max<Index>(grain, 1);
#ifndef __wasi__
  if (threads != 1 && n > grain) {
    const auto run = [&] {
      tbb::parallel_for(tbb::blocked_range<Index>(0, n, at(grain)),
                        [&](const tbb::blocked_range<Index>& r) { call(body, r.begin(), r.end()); });
    };
    if (threads <= 0) {
      run();
    } else {
      tbb::task_arena(threads).execute(run);
    }
    return;
  }
#endif
  static_cast<void>(threads);
  call(body, 0, n);
}

}  // namespace detail
}  // namespace orrery
