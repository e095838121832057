#pragma once
#include <span>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/period/frequency_grid.hpp"

namespace orrery::period {

/// The frequencies that a statistic of the folded series is asked for: a regular grid or any list. Made from either without a word,
/// so that every statistic takes both. A list is not copied and must outlive it.
class TrialFrequencies {
 public:
  /// first + step * k [1/day]
  TrialFrequencies(const FrequencyGrid& grid) : grid_(grid), regular_(true) {}  // NOLINT: implicit on purpose
  /// (F,) [1/day], any spacing and order
  TrialFrequencies(std::span<const double> list) : list_(list) {}               // NOLINT
  TrialFrequencies(const std::vector<double>& list) : list_(list) {}            // NOLINT

  [[nodiscard]] Index size() const noexcept { return regular_ ? grid_.count : ssize(list_); }
  [[nodiscard]] double operator[](Index k) const { return regular_ ? grid_[k] : list_[at(k)]; }
  /// The regular grid, or null for a list.
  [[nodiscard]] const FrequencyGrid* grid() const noexcept { return regular_ ? &grid_ : nullptr; }
  /// The list; empty for a grid.
  [[nodiscard]] std::span<const double> list() const noexcept { return list_; }

 private:
  FrequencyGrid grid_;
  std::span<const double> list_;
  bool regular_ = false;
};

}  // namespace orrery::period
