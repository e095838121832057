#pragma once
#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>

#include "orrery/core/index.hpp"

namespace orrery {

/// Doubles on 64-byte boundaries, for SIMD loads. Owns them; moves, does not copy; not initialised unless asked.
class FftBuffer {
 public:
  FftBuffer() = default;
  explicit FftBuffer(Index count) { resize(count); }

  /// Makes room for `count` doubles; what was there is lost when it has to grow.
  void resize(Index count) {
    if (count > capacity_) {
      data_.reset(static_cast<double*>(::operator new(at(count) * sizeof(double), std::align_val_t{64})));
      capacity_ = count;
    }
    size_ = count;
  }
  void fill_zero() { std::fill(data(), data() + size_, 0.0); }

  [[nodiscard]] double* data() noexcept { return data_.get(); }
  [[nodiscard]] const double* data() const noexcept { return data_.get(); }
  [[nodiscard]] Index size() const noexcept { return size_; }
  double& operator[](Index i) { return data_.get()[i]; }
  double operator[](Index i) const { return data_.get()[i]; }

 private:
  struct Free {
    void operator()(double* p) const { ::operator delete(p, std::align_val_t{64}); }
  };
  std::unique_ptr<double, Free> data_;
  Index size_ = 0;
  Index capacity_ = 0;
};

}  // namespace orrery
