#include "orrery/period/caution.hpp"

#include <algorithm>
#include <vector>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"

namespace orrery::period {
namespace {

/// Positive spacings of one band's times, ascending.
std::vector<double> band_spacings(const data::Series& series, std::int32_t band) {
  std::vector<double> t;
  for (Index i = 0; i < series.size(); ++i) {
    if (series.band.empty() || series.band[at(i)] == band) t.push_back(series.t[at(i)]);
  }
  std::sort(t.begin(), t.end());
  std::vector<double> spacing;
  for (std::size_t i = 1; i < t.size(); ++i) {
    if (t[i] > t[i - 1]) spacing.push_back(t[i] - t[i - 1]);
  }
  std::sort(spacing.begin(), spacing.end());
  return spacing;
}

}  // namespace

Cadence series_cadence(const data::Series& series) {
  std::vector<double> best;
  for (std::int32_t b = 0; b < series.bands(); ++b) {
    auto spacing = band_spacings(series, b);
    if (spacing.size() > best.size()) best = std::move(spacing);
  }
  if (best.empty()) return {};
  const double low = best[best.size() / 10], high = best[best.size() - 1 - best.size() / 10];
  return {best.front(), best[best.size() / 2], best.size() > 20 && high < 1.2 * low};
}

std::string cadence_caution(const data::Series& series, double period) {
  const Cadence cadence = series_cadence(series);
  if (cadence.regular && period < 2.0 * (1.0 - 1e-6) * cadence.median) {  // the very Nyquist period may be asked for
    return "the period is shorter than twice the cadence, " + number_text(cadence.median, 4) + " day: longer periods give the same values";
  }
  if (!cadence.regular && period < cadence.shortest) {
    return "the period is shorter than the shortest time between two measurements, " + number_text(cadence.shortest, 4) +
           " day: longer ones may explain them alike";
  }
  return "";
}

std::string cycles_caution(const data::Series& series, double period) {
  if (series.t.empty()) return "";
  const auto [first, last] = std::minmax_element(series.t.begin(), series.t.end());
  const double cycles = (*last - *first) / period;
  if (cycles >= 3.0 * (1.0 - 1e-9)) return "";
  return "cycles of this period seen: " + number_text(cycles, 2) + "; a trend or slow irregular variation would look the same";
}

std::vector<std::string> period_cautions(const data::Series& series, double period) {
  std::vector<std::string> out;
  for (auto words : {cadence_caution(series, period), cycles_caution(series, period)}) {
    if (!words.empty()) out.push_back(std::move(words));
  }
  return out;
}

void require_variation(const data::Series& series, const char* where) {
  if (series.size() < 2) return;  // too few is said by others
  std::vector<double> first(at(series.bands()));
  std::vector<std::uint8_t> seen(first.size(), 0);
  for (Index i = 0; i < series.size(); ++i) {
    const auto b = series.band.empty() ? std::size_t{0} : static_cast<std::size_t>(series.band[at(i)]);
    if (!seen[b]) seen[b] = 1, first[b] = series.y[at(i)];
    if (series.y[at(i)] != first[b]) return;
  }
  const bool one = std::all_of(series.y.begin(), series.y.end(), [&](double y) { return y == series.y.front(); });
  fail(ErrorKind::input, where, "the series is constant and has no period: " +
                                    (one ? "all " + std::to_string(series.size()) + " values are " + number_text(series.y.front())
                                         : "in each band all values are the same"));
}

}  // namespace orrery::period
