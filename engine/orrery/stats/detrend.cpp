#include "orrery/stats/detrend.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/parallel.hpp"
#include "orrery/core/text.hpp"
#include "orrery/stats/detrend_detail.hpp"

namespace orrery::stats {
namespace {

constexpr const char* kWhere = "detrend";
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
/// Points slid over in one go, a millisecond or less; the sorted window is made anew for each, whatever the threads.
Index chunk_size(DetrendMethod method) { return method == DetrendMethod::hodges_lehmann ? 32 : 256; }

double default_tuning(DetrendMethod method) {
  using enum DetrendMethod;
  switch (method) {
    case biweight: return 5.0;
    case andrew_sine: return 1.339;
    case welsch: return 2.11;
    case trimmed_mean:
    case winsorized_mean: return 0.1;
    case hampel_filter: return 3.0;
    case huber_psi: return 1.28;
    case tau: return 4.5;
    case huber: return 1.5;
    case ramsay: return 0.3;
    case savitzky_golay:
    case spline: return 2.0;
    case lowess: return 6.0;
    default: return 1.0;
  }
}

[[noreturn]] void refuse(const std::string& message) { fail(ErrorKind::input, kWhere, message); }

double checked_tuning(const DetrendOptions& o) {
  using enum DetrendMethod;
  const double c = o.tuning.value_or(default_tuning(o.method));
  const bool share = o.method == trimmed_mean || o.method == winsorized_mean;
  if (share && !(c > 0.0 && c < 0.5)) refuse("expected a share to cut in (0, 0.5), got " + number_text(c));
  if (o.method == savitzky_golay && !(c >= 0.0 && c <= 8.0 && c == std::floor(c))) refuse("expected a degree of 0 to 8, got " + number_text(c));
  if (o.method != savitzky_golay && !(c > 0.0 && std::isfinite(c))) refuse("expected tuning > 0, got " + number_text(c));
  const auto& h = o.hampel;
  if (o.method == hampel && !(h[0] > 0.0 && h[1] >= h[0] && h[2] > h[1])) {
    refuse("expected ascending parts of Hampel's weights, got " + number_text(h[0]) + ", " + number_text(h[1]) + ", " + number_text(h[2]));
  }
  return c;
}

void check(std::span<const double> t, std::span<const double> y, std::span<const std::uint8_t> masked, const DetrendOptions& o,
           Index row = -1) {
  if (t.size() != y.size() || (!masked.empty() && masked.size() != t.size())) {
    refuse("expected columns of one length, got t " + std::to_string(t.size()) + ", y " + std::to_string(y.size()) +
           (masked.empty() ? "" : ", mask " + std::to_string(masked.size())));
  }
  if (!(o.window > 0.0) || !std::isfinite(o.window)) refuse("expected window > 0, got " + number_text(o.window));
  if (o.method == DetrendMethod::savitzky_golay && !(o.window >= 1.0 && o.window == std::floor(o.window) && o.window < 1e9)) {
    refuse("expected the window of savgol as a number of points, got " + number_text(o.window));
  }
  if (o.break_tolerance && !(*o.break_tolerance >= 0.0)) refuse("expected break_tolerance >= 0, got " + number_text(*o.break_tolerance));
  if (!(o.edge_cutoff >= 0.0)) refuse("expected edge_cutoff >= 0, got " + number_text(o.edge_cutoff));
  static_cast<void>(checked_tuning(o));
  Index wrong = 0, first = -1;
  for (Index i = 0; i < ssize(t); ++i) {
    if (std::isfinite(t[at(i)]) && std::isfinite(y[at(i)])) continue;
    if (first < 0) first = i;
    ++wrong;
  }
  const std::string in = row < 0 ? "" : " in row " + std::to_string(row);
  if (wrong == ssize(t)) refuse("expected at least 1 finite point, got none of " + std::to_string(t.size()) + in);
  if (wrong > 0 && o.missing == Missing::refuse) {
    refuse("expected finite times and values, got " + std::to_string(wrong) + " that are not, the first at index " + std::to_string(first) +
           " (or ask for missing ones to be skipped)");
  }
}

/// Everything between the input and its pieces: finite points in order of time, where each came from, where the gaps are.
struct Plan {
  std::vector<double> t, y, trend;
  std::vector<std::uint8_t> masked;
  std::vector<Index> from;  // empty: as they came
  std::vector<Index> ends;  // of the pieces
  double tuning = 0.0;

  [[nodiscard]] detail::Piece piece(std::size_t k) {
    const std::size_t begin = k == 0 ? 0 : at(ends[k - 1]), count = at(ends[k]) - begin;
    return {std::span(t).subspan(begin, count), std::span(y).subspan(begin, count),
            masked.empty() ? std::span<const std::uint8_t>{} : std::span<const std::uint8_t>(masked).subspan(begin, count),
            std::span(trend).subspan(begin, count)};
  }
};

bool slides(DetrendMethod method) {
  return method != DetrendMethod::savitzky_golay && method != DetrendMethod::lowess && method != DetrendMethod::spline;
}

Plan plan_of(std::span<const double> t, std::span<const double> y, std::span<const std::uint8_t> masked, const DetrendOptions& o) {
  check(t, y, masked, o);
  Plan plan{.tuning = checked_tuning(o)};
  std::vector<Index> order;
  order.reserve(t.size());
  for (Index i = 0; i < ssize(t); ++i) {
    if (std::isfinite(t[at(i)]) && std::isfinite(y[at(i)])) order.push_back(i);
  }
  const auto earlier = [&](Index a, Index b) { return t[at(a)] < t[at(b)]; };
  if (!std::is_sorted(order.begin(), order.end(), earlier)) std::stable_sort(order.begin(), order.end(), earlier);
  for (const Index i : order) {
    plan.t.push_back(t[at(i)]);
    plan.y.push_back(y[at(i)]);
    if (!masked.empty()) plan.masked.push_back(masked[at(i)]);
  }
  plan.from = std::move(order);
  plan.trend.assign(plan.t.size(), 0.0);
  const double none = std::numeric_limits<double>::infinity();
  double gap = o.break_tolerance.value_or(o.method == DetrendMethod::savitzky_golay ? 0.0 : 0.5 * o.window);
  if (gap == 0.0) gap = none;
  for (Index i = 1; i < ssize(plan.t); ++i) {
    if (plan.t[at(i)] - plan.t[at(i - 1)] > gap) plan.ends.push_back(i);
  }
  plan.ends.push_back(ssize(plan.t));
  if (slides(o.method)) {  // edges that are cut are marked by NaN
    const double cut = std::min(o.edge_cutoff, 0.5 * o.window);
    for (std::size_t k = 0; k < plan.ends.size(); ++k) {
      const auto piece = plan.piece(k);
      const double low = piece.t.front() + cut, high = piece.t.back() - cut;
      for (std::size_t i = 0; i < piece.t.size(); ++i) {
        if (!(piece.t[i] >= low && piece.t[i] <= high)) piece.trend[i] = kNaN;
      }
    }
  }
  return plan;
}

/// A part of a piece that is worked on in one go.
struct Chunk {
  std::size_t piece;
  Index first, last;
};

std::vector<Chunk> chunks_of(const Plan& plan, DetrendMethod method) {
  std::vector<Chunk> chunks;
  Index begin = 0;
  for (std::size_t k = 0; k < plan.ends.size(); ++k) {
    const Index n = plan.ends[k] - begin, step = slides(method) ? chunk_size(method) : n;
    for (Index first = 0; first < n; first += step) chunks.push_back({k, first, std::min(first + step, n)});
    begin = plan.ends[k];
  }
  return chunks;
}

/// Lowess of one piece, round by round: work on all points, then finish_round until it says that nothing changes.
class Lowess {
 public:
  Lowess(const detail::Piece& piece, double window, double tuning)
      : piece_(piece), window_(window), tuning_(tuning), weight_(piece.t.size()), before_(piece.t.size(), 1.0), next_(piece.t.size()) {
    const auto [least, most] = std::minmax_element(piece.y.begin(), piece.y.end());
    small_ = 1e-6 * (*most - *least);
    for (Index i = 0; i < ssize(weight_); ++i) weight_[at(i)] = piece.used(i) ? 1.0 : 0.0;
  }
  void work(Index first, Index last) { detail::lowess_round(piece_, first, last, window_, weight_, next_); }
  [[nodiscard]] bool finish_round() {
    double change = 0.0;
    for (std::size_t i = 0; i < next_.size(); ++i) {
      if (!std::isnan(next_[i])) change = std::max(change, std::fabs(next_[i] - before_[i]));
    }
    detail::lowess_weights(piece_, next_, tuning_, weight_);
    before_.swap(next_);
    const bool done = change <= small_ || ++round_ == 30;
    if (done) std::copy(before_.begin(), before_.end(), piece_.trend.begin());
    return done;
  }

 private:
  detail::Piece piece_;
  double window_, tuning_, small_ = 0.0;
  int round_ = 0;
  std::vector<double> weight_, before_, next_;
};

/// A chunk by any method but lowess.
void work_on(const Chunk& c, Plan& plan, const DetrendOptions& o) {
  const auto piece = plan.piece(c.piece);
  if (o.method == DetrendMethod::savitzky_golay) {
    detail::savitzky_golay(piece, static_cast<Index>(o.window) / 2 * 2 + 1, static_cast<Index>(plan.tuning));
  } else if (o.method == DetrendMethod::spline) {
    detail::robust_spline(piece, o.window, plan.tuning, o.removal == Removal::ratio);
  } else {
    detail::slide(piece, c.first, c.last, o, plan.tuning);
  }
}

Detrended result_of(const Plan& plan, std::span<const double> y, const DetrendOptions& o) {
  Detrended out{.trend = std::vector<double>(y.size(), kNaN), .flat = std::vector<double>(y.size(), kNaN), .pieces = ssize(plan.ends)};
  for (std::size_t i = 0; i < plan.from.size(); ++i) {
    const std::size_t place = at(plan.from[i]);
    const double trend = plan.trend[i];
    out.trend[place] = trend;
    out.flat[place] = o.removal == Removal::difference ? y[place] - trend : trend == 0.0 ? kNaN : y[place] / trend;
    out.without_trend += std::isnan(trend) ? 1 : 0;
    out.not_positive += trend <= 0.0 ? 1 : 0;
  }
  return out;
}

constexpr Index kLowessChunk = 64;

}  // namespace

Detrended detrend(std::span<const double> t, std::span<const double> y, std::span<const std::uint8_t> masked,
                  const DetrendOptions& options) {
  Plan plan = plan_of(t, y, masked, options);
  const auto chunks = chunks_of(plan, options.method);
  if (options.method == DetrendMethod::lowess) {
    for (std::size_t k = 0; k < plan.ends.size(); ++k) {
      Lowess lowess(plan.piece(k), options.window, plan.tuning);
      do {
        parallel_for(chunks[k].last, kLowessChunk, [&](Index first, Index last) { lowess.work(first, last); }, options.threads);
      } while (!lowess.finish_round());
    }
  } else {
    parallel_for(ssize(chunks), 1, [&](Index first, Index last) {
      for (Index k = first; k < last; ++k) work_on(chunks[at(k)], plan, options);
    }, options.threads);
  }
  return result_of(plan, y, options);
}

Task<Detrended> detrend_task(Budget& budget, std::span<const double> t, std::span<const double> y, std::span<const std::uint8_t> masked,
                             DetrendOptions options) {
  Plan plan = plan_of(t, y, masked, options);
  const auto chunks = chunks_of(plan, options.method);
  for (std::size_t k = 0; k < chunks.size(); ++k) {
    budget.progress(static_cast<double>(k) / static_cast<double>(chunks.size()), "trend");
    if (options.method != DetrendMethod::lowess) {
      work_on(chunks[k], plan, options);
      co_await budget.pause();
      continue;
    }
    Lowess lowess(plan.piece(k), options.window, plan.tuning);
    do {
      for (Index first = 0; first < chunks[k].last; first += kLowessChunk) {
        lowess.work(first, std::min(first + kLowessChunk, chunks[k].last));
        co_await budget.pause();
      }
    } while (!lowess.finish_round());
  }
  co_return result_of(plan, y, options);
}

std::vector<Detrended> detrend_rows(std::span<const double> t, const MatrixView& y, std::span<const std::uint8_t> masked,
                                    const DetrendOptions& options, Index first_row) {
  if (y.cols != ssize(t)) refuse("expected rows of " + plural(ssize(t), "value") + ", got " + std::to_string(y.cols));
  std::vector<std::vector<double>> rows(at(y.rows), std::vector<double>(t.size()));
  DetrendOptions one = options;
  one.threads = 1;
  for (Index r = 0; r < y.rows; ++r) {
    for (Index i = 0; i < y.cols; ++i) rows[at(r)][at(i)] = y(r, i);
    check(t, rows[at(r)], masked, one, first_row + r);
  }
  std::vector<Detrended> out(at(y.rows));
  parallel_for(y.rows, 1, [&](Index first, Index last) {
    for (Index r = first; r < last; ++r) out[at(r)] = detrend(t, rows[at(r)], masked, one);
  }, options.threads);
  return out;
}

DetrendMethod detrend_method(std::string_view name) {
  std::string all;
  for (std::size_t i = 0; i < kDetrendNames.size(); ++i) {
    if (kDetrendNames[i] == name) return static_cast<DetrendMethod>(i);
    all += (i == 0 ? "'" : ", '") + std::string(kDetrendNames[i]) + "'";
  }
  refuse("expected method to be one of " + all + ", got '" + std::string(name) + "'");
}

}  // namespace orrery::stats
