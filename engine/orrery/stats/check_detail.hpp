#pragma once
// Shared argument checks of the family: one sentence that says what was expected and what was got.
#include <cmath>
#include <span>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/index.hpp"
#include "orrery/core/text.hpp"

namespace orrery::stats::detail {

/// At least `minimum` values, all finite. @throws InputError naming `where`, the count and the first wrong index
inline void require_finite(std::span<const double> values, Index minimum, const char* where) {
  if (ssize(values) < minimum) {
    fail(ErrorKind::input, where, "expected at least " + plural(minimum, "value") + ", got " + std::to_string(values.size()));
  }
  Index wrong = 0;
  Index first = -1;
  for (Index i = 0; i < ssize(values); ++i) {
    if (std::isfinite(values[at(i)])) continue;
    if (first < 0) first = i;
    ++wrong;
  }
  if (wrong > 0) {
    fail(ErrorKind::input, where, "expected finite values, got " + std::to_string(wrong) + " that are not, the first at index " + std::to_string(first));
  }
}

/// @throws InputError naming `where` and `what` unless low <= value <= high
inline void require_within(double value, double low, double high, const char* where, const char* what) {
  if (value >= low && value <= high) return;
  fail(ErrorKind::input, where,
       std::string("expected ") + what + " in [" + number_text(low) + ", " + number_text(high) + "], got " + number_text(value));
}

}  // namespace orrery::stats::detail
