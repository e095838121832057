#include "orrery/period/frequency_grid.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"

namespace orrery::period {
namespace {

void require_positive(double value, const char* what) {
  if (!(value > 0.0) || !std::isfinite(value)) {
    fail(ErrorKind::input, "frequency_grid", std::string("expected a finite ") + what + " > 0, got " + number_text(value));
  }
}

}  // namespace

std::vector<double> FrequencyGrid::values() const {
  std::vector<double> out(at(std::max<Index>(count, 0)));
  for (Index k = 0; k < count; ++k) out[at(k)] = (*this)[k];
  return out;
}

FrequencyGrid frequency_grid(const SeriesView& series, const GridOptions& options) {
  const auto t = series.t;
  if (t.size() < 2) fail(ErrorKind::input, "frequency_grid", "expected at least 2 times, got " + std::to_string(t.size()));
  for (std::size_t i = 0; i < t.size(); ++i) {
    if (!std::isfinite(t[i])) {
      fail(ErrorKind::input, "frequency_grid", "expected finite times, got " + number_text(t[i]) + " at index " + std::to_string(i));
    }
  }
  const auto [low, high] = std::minmax_element(t.begin(), t.end());
  const double span = *high - *low;
  if (!(span > 0.0) || !std::isfinite(span)) {
    fail(ErrorKind::input, "frequency_grid", "expected times that span more than zero, got " + plural(ssize(t), "point") + " at " + number_text(*low));
  }
  require_positive(options.oversampling, "oversampling");
  require_positive(options.nyquist_factor, "Nyquist factor");
  const double step = 1.0 / span / options.oversampling;
  const double first = options.min_frequency.value_or(0.5 * step);
  const double last = options.max_frequency.value_or(options.nyquist_factor * 0.5 * double(t.size()) / span);
  require_positive(step, "frequency step");
  require_positive(first, "smallest frequency");
  require_positive(last, "largest frequency");
  if (last < first) {
    fail(ErrorKind::input, "frequency_grid",
         "expected a largest frequency above the smallest, got " + number_text(first, 6) + " to " + number_text(last, 6));
  }
  const double count = 1.0 + std::round((last - first) / step);
  if (count > double(options.max_count)) {
    fail(ErrorKind::limit, "frequency_grid",
         "expected at most " + number_text(double(options.max_count)) + " frequencies, got " + number_text(count, 6) + " (" +
             number_text(8e-9 * count, 3) + " GB of power): raise the smallest or lower the largest frequency");
  }
  return {first, step, Index(count)};
}

}  // namespace orrery::period
