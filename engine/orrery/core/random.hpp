#pragma once
#include <cstdint>
#include <vector>

#include "orrery/core/index.hpp"

namespace orrery {

/// Counter-based random numbers: Philox 4x32-10. The stream is a pure function of (seed, stream, draw number), so results do
/// not depend on threads, on the compiler or on the standard library; native and wasm draw the same bits.
/// @source Salmon, Moraes, Dror & Shaw 2011, SC11, "Parallel random numbers: as easy as 1, 2, 3"
class Random {
 public:
  /// @param seed    chosen by the user
  /// @param stream  independent sequence, for instance one per tree, chain or bootstrap replica
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0) noexcept;

  /// Next 32 or 64 random bits.
  [[nodiscard]] std::uint32_t bits32() noexcept;
  [[nodiscard]] std::uint64_t bits64() noexcept;

  /// Uniform on the open interval (0, 1), 53 bits.
  [[nodiscard]] double uniform() noexcept;

  /// Uniform on (low, high).
  [[nodiscard]] double uniform(double low, double high) noexcept { return low + (high - low) * uniform(); }

  /// Standard normal by the inverse-free polar method (Marsaglia & Bray 1964, SIAM Review 6, 260); two draws are made at a time.
  [[nodiscard]] double normal() noexcept;

  /// Uniform integer in [0, n), without bias (Lemire 2019, ACM TOMACS 29, 3). n must be > 0 and < 2^32.
  [[nodiscard]] Index index(Index n) noexcept;

 private:
  void refill() noexcept;

  std::uint32_t key_[2];
  std::uint32_t counter_[4];
  std::uint32_t block_[4];
  int left_ = 0;
  bool has_spare_ = false;
  double spare_ = 0.0;
};

/// n independent standard normal numbers. @cost O(n)
[[nodiscard]] std::vector<double> normal_vector(Random& random, Index n);

}  // namespace orrery
