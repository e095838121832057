#include "orrery/data/series.hpp"

#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"

namespace orrery {
namespace {

template <class Wrong>
void refuse_where(std::span<const double> values, const char* where, const std::string& expected, Wrong wrong) {
  Index count = 0;
  Index first = -1;
  for (Index i = 0; i < ssize(values); ++i) {
    if (wrong(values[at(i)])) {
      if (count++ == 0) first = i;
    }
  }
  if (count > 0) {
    fail(ErrorKind::input, where,
         "expected " + expected + ", got " + plural(count, "bad value") + ", first at index " + std::to_string(first) + " (" +
             number_text(values[at(first)]) + ")");
  }
}

}  // namespace

void require_usable(const SeriesView& series, Index minimum, const char* where) {
  const Index n = series.size();
  if (ssize(series.y) != n || (!series.sigma.empty() && ssize(series.sigma) != n)) {
    fail(ErrorKind::input, where,
         "expected t, y and sigma of one length, got " + std::to_string(n) + ", " + std::to_string(series.y.size()) + " and " +
             std::to_string(series.sigma.size()));
  }
  if (n < minimum) {
    fail(ErrorKind::input, where, "expected at least " + plural(minimum, "point") + ", got " + std::to_string(n));
  }
  const auto not_finite = [](double v) { return !std::isfinite(v); };
  refuse_where(series.t, where, "finite times", not_finite);
  refuse_where(series.y, where, "finite values", not_finite);
  refuse_where(series.sigma, where, "finite uncertainties > 0", [](double v) { return !(v > 0.0) || !std::isfinite(v); });
}

namespace data {

Series select_rows(const Series& series, std::span<const std::uint8_t> keep) {
  if (ssize(keep) != series.size()) {
    fail(ErrorKind::input, "select_rows",
         "expected one flag a row (" + std::to_string(series.size()) + "), got " + std::to_string(keep.size()));
  }
  Series kept = series;
  kept.t.clear();
  kept.y.clear();
  kept.sigma.clear();
  kept.band.clear();
  for (std::size_t i = 0; i < keep.size(); ++i) {
    if (keep[i] == 0) continue;
    kept.t.push_back(series.t[i]);
    kept.y.push_back(series.y[i]);
    if (!series.sigma.empty()) kept.sigma.push_back(series.sigma[i]);
    if (!series.band.empty()) kept.band.push_back(series.band[i]);
  }
  return kept;
}

Series select_band(const Series& series, Index band) {
  if (series.band.empty()) return series;
  std::vector<std::uint8_t> keep(series.band.size());
  for (std::size_t i = 0; i < keep.size(); ++i) keep[i] = series.band[i] == band;
  return select_rows(series, keep);
}

}  // namespace data
}  // namespace orrery
