#pragma once
#include "orrery/core/index.hpp"

namespace orrery::period::detail {

/// Sums of a window: w, w^2, w c, w s, w c^2, w c s, w x, w x c, w x s, w x^2.
inline constexpr int kWaveletSums = 10;

}  // namespace orrery::period::detail
