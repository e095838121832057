// Which modes may be harmonics and combinations of others.
#include <algorithm>
#include <cmath>
#include <string>

#include "orrery/period/prewhiten.hpp"

namespace orrery::period {
namespace {

constexpr int kHighestHarmonic = 9, kHighestOrder = 4;
constexpr double kSigmas = 3.0;
constexpr double kNearest = 0.1, kFarthest = 0.5, kResolution = 1.5;  // in 1 / T

/// i f_a + j f_b; j = 0: a harmonic.
struct Combination {
  std::size_t a = 0, b = 0;
  int i = 0, j = 0;
};

std::string term(int factor, std::size_t mode) {
  const int size = std::abs(factor);
  return (size == 1 ? "" : std::to_string(size) + " ") + "f" + std::to_string(mode + 1);
}

/// The positive term first: "2 f2 - f1".
std::string words(Combination c) {
  if (c.j == 0) return term(c.i, c.a);
  if (c.i < 0) std::swap(c.i, c.j), std::swap(c.a, c.b);
  return term(c.i, c.a) + (c.j > 0 ? " + " : " - ") + term(c.j, c.b);
}

/// The simplest first: harmonics, then sums and differences by their order.
std::vector<Combination> combinations(const std::vector<std::size_t>& parents) {
  std::vector<Combination> all;
  for (int k = 2; k <= kHighestHarmonic; ++k) {
    for (const auto a : parents) all.push_back({a, a, k, 0});
  }
  for (int order = 2; order <= kHighestOrder; ++order) {
    for (int i = order - 1; i >= 1; --i) {
      const int j = order - i;
      for (std::size_t p = 0; p < parents.size(); ++p) {
        for (std::size_t q = p + 1; q < parents.size(); ++q) {
          const auto a = parents[p], b = parents[q];
          all.push_back({a, b, i, j}), all.push_back({a, b, i, -j}), all.push_back({a, b, -i, j});
        }
      }
    }
  }
  return all;
}

/// How far from an exact relation a frequency may be [1/day], given the error of the difference. An error that is not finite, of a
/// mode that the data hardly constrain, excuses nothing.
double tolerance(double error, double span) {
  return std::min(std::max(std::isfinite(error) ? kSigmas * error : 0.0, kNearest / span), kFarthest / span);
}

bool meets(std::span<const Mode> modes, const Mode& mode, const Combination& c, double span) {
  const double x = c.i, y = c.j;
  const double expected = x * modes[c.a].frequency + y * modes[c.b].frequency;
  const double error = std::hypot(mode.frequency_error, x * modes[c.a].frequency_error, y * modes[c.b].frequency_error);
  return std::fabs(mode.frequency - expected) <= tolerance(error, span);
}

bool is_half(const Mode& mode, const Mode& of, double span) {
  return std::fabs(2.0 * mode.frequency - of.frequency) <= tolerance(std::hypot(2.0 * mode.frequency_error, of.frequency_error), span);
}

std::string relation(std::span<const Mode> modes, std::size_t of, const std::vector<std::size_t>& parents, double span) {
  for (const auto a : parents) {
    if (is_half(modes[of], modes[a], span)) return term(1, a) + " / 2";
  }
  for (const auto& c : combinations(parents)) {
    if (meets(modes, modes[of], c, span)) return words(c);
  }
  return {};
}

}  // namespace

void relate_modes(std::span<Mode> modes, double span) {
  std::vector<std::size_t> parents;
  for (std::size_t of = 0; of < modes.size(); ++of) {
    modes[of].relation = relation(modes, of, parents, span);
    if (modes[of].relation.empty()) parents.push_back(of);
    for (std::size_t other = 0; other < modes.size(); ++other) {
      if (other != of && std::fabs(modes[of].frequency - modes[other].frequency) < kResolution / span) modes[of].resolved = false;
    }
  }
}

}  // namespace orrery::period
