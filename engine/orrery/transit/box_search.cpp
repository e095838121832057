#include "orrery/transit/box_search.hpp"

#include <algorithm>
#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/transit/box_sparse.hpp"

namespace orrery::transit {
namespace {

constexpr const char* kWhere = "box_search";
constexpr Index kFew = 300;            // points below which bins are a loss
constexpr double kQuick = 0.1;         // s of brute force that nothing needs to beat
constexpr double kPoint = 1.3e-9;      // s to fold a point, of one core; these decide between methods, nothing else
constexpr double kBox = 0.3e-9;        // s to look at a box
constexpr double kAddition = 0.2e-9;   // s to add a sample
constexpr double kAdvantage = 2.0;     // by which fast folding must be quicker

struct Choice {
  BoxMethod method;
  std::string reason;
};

/// Middle of the spacings that are not 0 [day].
double cadence(const SeriesView& series) {
  std::vector<double> t(series.t.begin(), series.t.end()), gaps;
  std::sort(t.begin(), t.end());
  for (std::size_t i = 1; i < t.size(); ++i) {
    if (t[i] > t[i - 1]) gaps.push_back(t[i] - t[i - 1]);
  }
  if (gaps.empty()) return 0.0;
  const auto middle = gaps.begin() + ssize(gaps) / 2;
  std::nth_element(gaps.begin(), middle, gaps.end());
  return *middle;
}

BoxFoldingOptions folding_options(const BoxSearchOptions& o) {
  return {.min_period = o.min_period, .max_period = o.max_period, .min_transits = o.min_transits, .objective = o.objective,
          .oversample = o.oversample, .threads = o.threads};
}

double brute_seconds(const SeriesView& series, const std::vector<double>& period, const BoxDurations& durations, Index oversample) {
  const double points = static_cast<double>(series.size()) * kPoint;
  const double boxes = static_cast<double>(oversample) * static_cast<double>(durations.value.size()) * kBox;
  double sum = 0.0;
  const std::size_t stride = std::max<std::size_t>(1, period.size() / 1000);  // a thousand periods tell enough
  for (std::size_t k = 0; k < period.size(); k += stride) {
    sum += static_cast<double>(stride) * (points + boxes * period[k] / durations.shortest(period[k]));
  }
  return sum;
}

Choice choose(const SeriesView& series, const std::vector<double>& period, const BoxDurations& durations, const BoxSearchOptions& o) {
  const std::string counts = plural(series.size(), "point") + ", " + plural(ssize(period), "trial period");
  if (o.method != BoxMethod::automatic) return {o.method, "as asked"};
  if (series.size() < kFew) return {BoxMethod::sparse, counts + ": with fewer than 300 points boxes need no bins"};
  if (!o.period.empty()) return {BoxMethod::brute, counts + ", given: each is folded"};
  const double brute = brute_seconds(series, period, durations, o.oversample);
  const std::string about = counts + ": about " + number_text(brute, 2) + " s of one core";
  if (brute < kQuick) return {BoxMethod::brute, about};
  const auto size = box_folding_size(series, durations, folding_options(o));
  const double folding = size.additions * kAddition + size.boxes * kBox;
  if (folding * kAdvantage > brute) return {BoxMethod::brute, about + ", fast folding " + number_text(folding, 2) + " s"};
  return {BoxMethod::folding, about + " point by point, " + number_text(folding, 2) + " s by fast folding"};
}

std::vector<double> periods_of(const SeriesView& series, const BoxDurations& durations, const BoxSearchOptions& o) {
  if (!o.period.empty()) {
    if (o.min_period || o.max_period) fail(ErrorKind::input, kWhere, "expected periods or limits, got both");
    return o.period;
  }
  if (!(o.min_transits >= 1.0)) fail(ErrorKind::input, kWhere, "expected min_transits >= 1, got " + number_text(o.min_transits));
  require_durations(durations, o.min_period.value_or(1e300), kWhere);
  const auto [first, last] = std::minmax_element(series.t.begin(), series.t.end());
  const double span = *last - *first;
  if (!(span > 0.0)) fail(ErrorKind::input, kWhere, "expected times that differ, got one time");
  const double low = o.min_period.value_or(shortest_box_period(durations)), high = o.max_period.value_or(span / o.min_transits);
  if (!(low > 0.0)) fail(ErrorKind::input, kWhere, "expected min_period > 0, got " + number_text(low));
  if (!(high >= low) && !o.min_period && !o.max_period) {
    fail(ErrorKind::input, kWhere, "expected times that span " + plural(Index(std::ceil(o.min_transits)), "transit") + " of the shortest period, " +
                                       number_text(low, 3) + " day; they span " + number_text(span, 3) + " day");
  }
  if (!(high >= low)) fail(ErrorKind::input, kWhere, "expected max_period above min_period (" + number_text(low) + "), got " + number_text(high));
  return duration_period_grid(span, durations, low, high);
}

std::vector<std::string> warnings_of(const SeriesView& series, const std::vector<double>& period) {
  std::vector<std::string> out;
  const double spacing = cadence(series), shortest = period.empty() ? 0.0 : *std::min_element(period.begin(), period.end());
  if (spacing > 0.0 && shortest < spacing) {
    out.push_back("the shortest period, " + number_text(shortest, 3) + " day, is shorter than the cadence, " + number_text(spacing, 3) +
                  " day: several periods may explain such points alike");
  }
  return out;
}

}  // namespace

const char* box_method_name(BoxMethod method) noexcept {
  constexpr const char* kNames[] = {"auto", "brute", "ffa", "sparse"};
  return kNames[static_cast<int>(method)];
}

Task<BoxSearch> box_search_task(Budget& budget, SeriesView series, BoxDurations durations, BoxSearchOptions options) {
  require_usable(series, 2, kWhere);
  if (options.method == BoxMethod::folding && !options.period.empty()) {
    fail(ErrorKind::input, kWhere, "expected no periods with fast folding, which has its own: give limits, or take another method");
  }
  BoxSearch out;
  // Fast folding has periods of its own; when it is asked for, others need not be counted.
  const auto period = options.method == BoxMethod::folding ? std::vector<double>{} : periods_of(series, durations, options);
  auto choice = choose(series, period, durations, options);
  out.method = choice.method;
  out.reason = std::move(choice.reason);
  if (choice.method == BoxMethod::folding) {
    auto search = box_folding_task(budget, series, durations, folding_options(options));
    auto found = co_await std::move(search);
    out.boxes = std::move(found.boxes);
    out.exact = std::move(found.exact);
  } else if (choice.method == BoxMethod::sparse) {
    auto search = box_sparse_task(budget, series, period, durations, {.objective = options.objective, .threads = options.threads});
    out.boxes = co_await std::move(search);
  } else {
    auto search = box_least_squares_task(budget, series, period, durations,
                                         {.objective = options.objective, .oversample = options.oversample, .threads = options.threads});
    out.boxes = co_await std::move(search);
  }
  out.warnings = warnings_of(series, out.boxes.period);
  co_return out;
}

BoxSearch box_search(const SeriesView& series, const BoxDurations& durations, const BoxSearchOptions& options) {
  return run_to_end([&](Budget& budget) { return box_search_task(budget, series, durations, options); });
}

}  // namespace orrery::transit
