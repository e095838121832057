#include "orrery/period/autocorrelation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"

namespace orrery::period {
namespace {

constexpr double kMostPairs = 2e9;
constexpr double kReach = 5.0;  // widths of a Gaussian beyond which its weight (4e-6) is left out

/// A series in the order of time, in units of its own scatter.
struct Standard {
  std::vector<double> t, y;
  [[nodiscard]] Index size() const { return ssize(t); }
};

Standard standardised(const SeriesView& series, bool remove_noise, const char* where) {
  require_usable(series, 2, where);
  const std::size_t n = series.t.size();
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return series.t[a] < series.t[b]; });
  double mean = 0.0, variance = 0.0, noise = 0.0;
  for (const double y : series.y) mean += (y - series.y[0]) / static_cast<double>(n);
  mean += series.y[0];
  for (const double y : series.y) variance += (y - mean) * (y - mean) / static_cast<double>(n);
  for (const double s : series.sigma) noise += s * s / static_cast<double>(n);
  if (!(variance > 0.0) || !std::isfinite(variance)) {
    fail(ErrorKind::input, where, "expected values that vary, got a variance of " + number_text(variance));
  }
  if (remove_noise && !(variance > noise)) {
    fail(ErrorKind::input, where, "expected a variance above the mean square of sigma, got " + number_text(variance) + " and " + number_text(noise));
  }
  const double scale = 1.0 / std::sqrt(remove_noise ? variance - noise : variance);
  Standard out;
  for (const std::size_t i : order) {
    out.t.push_back(series.t[i]);
    out.y.push_back((series.y[i] - mean) * scale);
  }
  return out;
}

void require_lags(const LagGrid& lags, bool negative, const char* where) {
  const bool good = lags.count >= 1 && lags.step > 0.0 && std::isfinite(lags.step) && std::isfinite(lags[lags.count - 1]) &&
                    std::isfinite(lags.first) && (negative || lags.first >= 0.0);
  if (good && lags.count <= 100'000'000) return;
  fail(ErrorKind::input, where, std::string("expected ") + (negative ? "a finite first lag" : "first >= 0") + ", step > 0 and 1 to 1e8 lags, got " +
                                    number_text(lags.first) + ", " + number_text(lags.step) + " and " + std::to_string(lags.count));
}

struct CorrelationRun {
  Standard a, b;
  LagGrid lags;
  CorrelationOptions options;
  bool itself = false;
  double width = 0.0, low = 0.0, high = 0.0;  // of differences that count
  std::vector<double> weight, squares, sum, sum_squares;  // per lag: b, b^2, b u, b u^2
  std::vector<Index> begin, end;  // partners of every point of a

  void add(Index k, double b_weight, double u) {
    const std::size_t i = at(k);
    weight[i] += b_weight;
    squares[i] += b_weight * b_weight;
    sum[i] += b_weight * u;
    sum_squares[i] += b_weight * u * u;
  }
};

/// The points of b that lie within the lags of each point of a.
void find_partners(CorrelationRun& run, const char* where) {
  double pairs = 0.0;
  Index from = 0, to = 0;
  for (Index i = 0; i < run.a.size(); ++i) {
    while (from < run.b.size() && run.b.t[at(from)] - run.a.t[at(i)] < run.low) ++from;
    to = std::max(to, from);
    while (to < run.b.size() && run.b.t[at(to)] - run.a.t[at(i)] <= run.high) ++to;
    run.begin.push_back(from);
    run.end.push_back(to);
    pairs += static_cast<double>(to - from);
  }
  if (pairs > kMostPairs) {
    fail(ErrorKind::limit, where, "expected at most 2e9 pairs within the lags, got " + number_text(pairs, 3) + ": choose shorter lags, or bin the series");
  }
}

CorrelationRun prepare(const SeriesView& a, const SeriesView& b, bool itself, const LagGrid& lags, const CorrelationOptions& options,
                       const char* where) {
  require_lags(lags, !itself, where);
  if (!(options.width >= 0.0) || !std::isfinite(options.width)) fail(ErrorKind::input, where, "expected a width >= 0, got " + number_text(options.width));
  CorrelationRun run{.lags = lags, .options = options, .itself = itself};
  run.a = standardised(a, options.remove_noise, where);
  run.b = itself ? run.a : standardised(b, options.remove_noise, where);
  run.width = options.width > 0.0 ? options.width : 0.25 * lags.step;
  const double reach = options.kernel == LagKernel::slot ? 0.5 * lags.step : kReach * run.width;
  run.low = lags.first - reach;
  run.high = lags[lags.count - 1] + reach;
  for (auto* v : {&run.weight, &run.squares, &run.sum, &run.sum_squares}) v->assign(at(lags.count), 0.0);
  find_partners(run, where);
  return run;
}

void add_pairs(CorrelationRun& run, Index i) {
  const double t = run.a.t[at(i)], y = run.a.y[at(i)], inverse = 1.0 / run.lags.step;
  for (Index j = run.begin[at(i)]; j < run.end[at(i)]; ++j) {
    if (run.itself && run.options.remove_noise && i == j) continue;
    const double d = run.b.t[at(j)] - t, u = y * run.b.y[at(j)];
    const double place = (d - run.lags.first) * inverse;
    if (run.options.kernel == LagKernel::slot) {
      const auto k = static_cast<Index>(std::floor(place + 0.5));
      if (k >= 0 && k < run.lags.count) run.add(k, 1.0, u);
      continue;
    }
    const double reach = kReach * run.width * inverse;
    const Index last = std::min(run.lags.count - 1, static_cast<Index>(std::floor(place + reach)));
    for (Index k = std::max<Index>(0, static_cast<Index>(std::ceil(place - reach))); k <= last; ++k) {
      const double off = (d - run.lags[k]) / run.width;
      run.add(k, std::exp(-0.5 * off * off), u);
    }
  }
}

CorrelationFunction result_of(const CorrelationRun& run) {
  CorrelationFunction out;
  for (Index k = 0; k < run.lags.count; ++k) {
    const std::size_t i = at(k);
    const bool some = run.weight[i] > 0.0;
    const double value = some ? run.sum[i] / run.weight[i] : 0.0;
    const double pairs = some ? run.weight[i] * run.weight[i] / run.squares[i] : 0.0;
    const double spread = some ? std::max(0.0, run.sum_squares[i] / run.weight[i] - value * value) : 0.0;
    out.lag.push_back(run.lags[k]);
    out.value.push_back(value);
    out.pairs.push_back(pairs);
    // With slots: sqrt(sum (u - value)^2) / (n - 1), the paper's.
    out.error.push_back(pairs > 1.5 ? std::sqrt(spread * pairs) / (pairs - 1.0) : HUGE_VAL);
  }
  return out;
}

/// The points one by one; each has its partners in order, so the sums are the same however the work is cut.
Task<CorrelationFunction> correlate(Budget& budget, CorrelationRun run) {
  Index done = 0;
  for (Index i = 0; i < run.a.size(); ++i) {
    add_pairs(run, i);
    done += run.end[at(i)] - run.begin[at(i)];
    if (done < 20000) continue;
    done = 0;
    budget.progress(static_cast<double>(i + 1) / static_cast<double>(run.a.size()), "pairs");
    co_await budget.pause();
  }
  co_return result_of(run);
}

struct Pair {
  double lag;
  std::int32_t i, j;
};

std::vector<Pair> pairs_within(const Standard& s, double max_lag) {
  const char* where = "z_autocorrelation";
  std::vector<Pair> out;
  for (Index i = 0; i < s.size(); ++i) {
    for (Index j = i + 1; j < s.size() && s.t[at(j)] - s.t[at(i)] <= max_lag; ++j) {
      if (ssize(out) >= 50'000'000) fail(ErrorKind::limit, where, "expected at most 5e7 pairs (0.8 GB) within the largest lag, got more: choose a shorter one");
      out.push_back({s.t[at(j)] - s.t[at(i)], static_cast<std::int32_t>(i), static_cast<std::int32_t>(j)});
    }
  }
  std::sort(out.begin(), out.end(), [](const Pair& a, const Pair& b) {
    return a.lag != b.lag ? a.lag < b.lag : a.i != b.i ? a.i < b.i : a.j < b.j;
  });
  return out;
}

/// Coefficient of correlation of the pairs of a bin and its errors; nothing when one side does not vary.
void add_bin(const Standard& s, const std::vector<Pair>& bin, ZCorrelationFunction& out) {
  const double n = static_cast<double>(bin.size());
  double a = 0.0, b = 0.0, lag = 0.0, aa = 0.0, bb = 0.0, ab = 0.0;
  for (const Pair& p : bin) a += s.y[at(p.i)] / n, b += s.y[at(p.j)] / n, lag += p.lag / n;
  for (const Pair& p : bin) {
    const double x = s.y[at(p.i)] - a, y = s.y[at(p.j)] - b;
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  if (!(aa > 0.0) || !(bb > 0.0)) return;
  const double r = std::clamp(ab / std::sqrt(aa * bb), -1.0 + 1e-12, 1.0 - 1e-12), r2 = r * r, m = n - 1.0;
  const double z = std::atanh(r) + r / (2.0 * m) * (1.0 + (5.0 + r2) / (4.0 * m) + (11.0 + 2.0 * r2 + 3.0 * r2 * r2) / (8.0 * m * m));
  const double spread = std::sqrt((1.0 + (4.0 - r2) / (2.0 * m) + (22.0 - 6.0 * r2 - 3.0 * r2 * r2) / (6.0 * m * m)) / m);
  out.lag.push_back(lag);
  out.low.push_back(bin.front().lag);
  out.high.push_back(bin.back().lag);
  out.value.push_back(r);
  out.error_low.push_back(std::fabs(std::tanh(z - spread) - r));
  out.error_high.push_back(std::fabs(std::tanh(z + spread) - r));
  out.pairs.push_back(n);
}

}  // namespace

CorrelationFunction autocorrelation(const SeriesView& series, const LagGrid& lags, const CorrelationOptions& options) {
  return run_to_end([&](Budget& budget) { return autocorrelation_task(budget, series, lags, options); });
}

Task<CorrelationFunction> autocorrelation_task(Budget& budget, SeriesView series, LagGrid lags, CorrelationOptions options) {
  co_return co_await correlate(budget, prepare(series, series, true, lags, options, "autocorrelation"));
}

CorrelationFunction cross_correlation(const SeriesView& a, const SeriesView& b, const LagGrid& lags, const CorrelationOptions& options) {
  auto run = prepare(a, b, false, lags, options, "cross_correlation");
  return run_to_end([&](Budget& budget) { return correlate(budget, std::move(run)); });
}

ZCorrelationFunction z_autocorrelation(const SeriesView& series, double max_lag, Index min_pairs) {
  const char* where = "z_autocorrelation";
  if (!(max_lag > 0.0)) fail(ErrorKind::input, where, "expected max_lag > 0, got " + number_text(max_lag));
  if (min_pairs < 4) fail(ErrorKind::input, where, "expected at least 4 pairs a bin, got " + std::to_string(min_pairs));
  const Standard s = standardised(series, false, where);
  const auto pairs = pairs_within(s, max_lag);
  ZCorrelationFunction out;
  std::vector<Pair> bin;
  std::vector<Index> used_first(at(s.size()), -1), used_second(at(s.size()), -1);
  Index number = 0;
  const auto close_bin = [&] {
    if (ssize(bin) >= min_pairs) add_bin(s, bin, out);
    bin.clear();
    ++number;
  };
  for (const Pair& p : pairs) {
    // Pairs at one and the same lag (regular cadence) stay together.
    const bool same = !bin.empty() && p.lag - bin.back().lag <= 1e-9 * max_lag;
    if (ssize(bin) >= min_pairs && !same) close_bin();
    if (used_first[at(p.i)] == number || used_second[at(p.j)] == number) continue;
    used_first[at(p.i)] = number;
    used_second[at(p.j)] = number;
    bin.push_back(p);
  }
  close_bin();
  return out;
}

}  // namespace orrery::period
