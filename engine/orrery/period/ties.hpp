#pragma once
// Order that rounding cannot change: perfect aliases have the same power but for the last digits, which differ between machines.
#include <algorithm>
#include <cmath>

namespace orrery::period {

/// Orders again what is sorted by value: a run in which each value is within `tolerance` of the one before counts as equal, and is put
/// in the order of `before`. Runs, not bins of a fixed width: the edge of a bin would part equals again.
/// @param first,last  sorted by value, either way
/// @param tolerance   in units of value, >= 0; far above rounding and far below what matters
/// @param value       value(x) -> double
/// @param before      strict order of equals
/// @cost O(n log n) at most
template <class Iterator, class Value, class Before>
void order_ties(Iterator first, Iterator last, double tolerance, const Value& value, const Before& before) {
  while (first != last) {
    auto end = first + 1;
    while (end != last && std::fabs(value(*end) - value(*(end - 1))) <= tolerance) ++end;
    std::stable_sort(first, end, before);
    first = end;
  }
}

}  // namespace orrery::period
