#include "orrery/core/random.hpp"

// Random123 1.14 refuses processors that it does not list, and wasm32 is not listed. It asks for __riscv nowhere else, and that
// path is plain 64-bit arithmetic; random_test.cpp and the native-to-wasm comparison hold the numbers to the published ones.
#if defined(__wasm__) && !defined(__riscv)
#define __riscv 32
#include <Random123/philox.h>
#undef __riscv
#else
#include <Random123/philox.h>
#endif

#include <cmath>

namespace orrery {

Random::Random(std::uint64_t seed, std::uint64_t stream) noexcept
    : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
      counter_{0, 0, static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32)},
      block_{} {}

void Random::refill() noexcept {
  const r123::Philox4x32 philox;
  r123::Philox4x32::ctr_type counter;
  r123::Philox4x32::key_type key;
  for (std::size_t i = 0; i < 4; ++i) counter[i] = counter_[i];
  for (std::size_t i = 0; i < 2; ++i) key[i] = key_[i];
  const auto block = philox(counter, key);
  for (std::size_t i = 0; i < 4; ++i) block_[i] = block[i];
  if (++counter_[0] == 0) ++counter_[1];
  left_ = 4;
}

std::uint32_t Random::bits32() noexcept {
  if (left_ == 0) refill();
  return block_[4 - left_--];
}

std::uint64_t Random::bits64() noexcept {
  const std::uint64_t low = bits32();
  return low | (static_cast<std::uint64_t>(bits32()) << 32);
}

double Random::uniform() noexcept { return (static_cast<double>(bits64() >> 11) + 0.5) * 0x1p-53; }

double Random::normal() noexcept {
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  for (;;) {
    const double u = 2.0 * uniform() - 1.0;
    const double v = 2.0 * uniform() - 1.0;
    const double s = u * u + v * v;
    if (s >= 1.0 || s == 0.0) continue;
    const double factor = std::sqrt(-2.0 * std::log(s) / s);
    spare_ = v * factor;
    has_spare_ = true;
    return u * factor;
  }
}

Index Random::index(Index n) noexcept {
  const auto bound = static_cast<std::uint32_t>(n);
  std::uint64_t product = static_cast<std::uint64_t>(bits32()) * bound;
  auto low = static_cast<std::uint32_t>(product);
  if (low < bound) {
    const std::uint32_t threshold = static_cast<std::uint32_t>(-bound) % bound;
    while (low < threshold) {
      product = static_cast<std::uint64_t>(bits32()) * bound;
      low = static_cast<std::uint32_t>(product);
    }
  }
  return static_cast<Index>(product >> 32);
}

std::vector<double> normal_vector(Random& random, Index n) {
  std::vector<double> values(at(n));
  for (double& v : values) v = random.normal();
  return values;
}

}  // namespace orrery
