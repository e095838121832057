#pragma once
#include <span>

#include "orrery/core/index.hpp"

namespace orrery {

/// Read-only view of a dense matrix with free strides (in elements), so that row-major, column-major and transposed
/// numpy arrays are all seen without a copy. It owns nothing.
struct MatrixView {
  const double* data = nullptr;
  Index rows = 0;
  Index cols = 0;
  Index row_stride = 0;  ///< elements from one row to the next
  Index col_stride = 1;  ///< elements from one column to the next

  [[nodiscard]] double operator()(Index row, Index col) const { return data[row * row_stride + col * col_stride]; }
};

/// View of contiguous row-major storage. `values.size()` must be rows * cols.
[[nodiscard]] inline MatrixView row_major(std::span<const double> values, Index rows, Index cols) {
  return {values.data(), rows, cols, cols, 1};
}

}  // namespace orrery
