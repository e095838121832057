#include "orrery/period/statistic_detail.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/parallel.hpp"
#include "orrery/core/text.hpp"

namespace orrery::period::detail {
namespace {

/// Positions by ascending time; equal times stay in the order given.
std::vector<std::size_t> order_in_time(std::span<const double> t) {
  std::vector<std::size_t> order(t.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (!std::is_sorted(t.begin(), t.end())) {
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return t[a] < t[b]; });
  }
  return order;
}

}  // namespace

FoldedSeries folded_series(const SeriesView& series, Index minimum, const char* where) {
  require_usable(series, minimum, where);
  const auto order = order_in_time(series.t);
  const std::size_t n = order.size();
  FoldedSeries out;
  out.tau.resize(n), out.y.resize(n), out.weight.assign(n, 1.0);
  double total = 0.0, rest = 0.0;
  const double first = series.t[order[0]], rough = series.y[order[0]];  // a mean of 1e6 with a scatter of 1e-3 keeps its digits
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t from = order[i];
    out.tau[i] = series.t[from] - first;
    out.y[i] = series.y[from] - rough;
    if (!series.sigma.empty()) {
      out.sigma.push_back(series.sigma[from]);
      out.weight[i] = 1.0 / (series.sigma[from] * series.sigma[from]);
    }
    total += out.weight[i];
    rest += out.weight[i] * out.y[i];
  }
  if (!(total > 0.0) || !std::isfinite(total) || !std::isfinite(1.0 / total)) {
    fail(ErrorKind::input, where, "expected uncertainties whose squares a double can hold, got a sum of weights of " + number_text(total));
  }
  for (std::size_t i = 0; i < n; ++i) {
    out.y[i] -= rest / total;
    out.weight[i] *= static_cast<double>(n) / total;
    out.scatter += out.weight[i] * out.y[i] * out.y[i];
  }
  if (!std::isfinite(out.scatter)) fail(ErrorKind::input, where, "expected values whose squares a double can hold");
  return out;
}

void require_trials(const TrialFrequencies& frequency, const char* where) {
  if (frequency.size() < 0 || frequency.size() > kMaxGridCount) {
    fail(ErrorKind::limit, where, "expected at most " + std::to_string(kMaxGridCount) + " frequencies, got " + std::to_string(frequency.size()) +
                                      ": " + number_text(8e-9 * static_cast<double>(frequency.size()), 3) + " GB");
  }
  const auto refuse = [&](Index k) {
    fail(ErrorKind::input, where, "expected finite frequencies > 0, got " + number_text(frequency[k]) + " at index " + std::to_string(k));
  };
  const auto good = [&](Index k) { return frequency[k] > 0.0 && std::isfinite(frequency[k]); };
  if (frequency.grid() != nullptr) {  // the ends stand for all
    for (const Index k : {Index(0), frequency.size() - 1}) {
      if (frequency.size() > 0 && !good(k)) refuse(k);
    }
    return;
  }
  for (Index k = 0; k < frequency.size(); ++k) {
    if (!good(k)) refuse(k);
  }
}

void require_range(Index value, Index low, Index high, const char* where, const char* what) {
  if (value >= low && value <= high) return;
  fail(ErrorKind::input, where, std::string("expected ") + what + " from " + std::to_string(low) + " to " + std::to_string(high) + ", got " +
                                    std::to_string(value));
}

void require_range(double value, double low, double high, const char* where, const char* what) {
  if (value >= low && value <= high) return;
  fail(ErrorKind::input, where, std::string("expected ") + what + " from " + number_text(low) + " to " + number_text(high) + ", got " +
                                    number_text(value));
}

Index piece_of(Index points, double nanoseconds) {
  const double frequencies = 5e5 / (nanoseconds * static_cast<double>(points));
  return std::clamp<Index>(static_cast<Index>(frequencies) / 4 * 4, 4, 4096);
}

std::vector<double> run_pieces(const Piecewise& work, int threads) {
  const Index count = work.frequency.size();
  std::vector<double> out(at(count));
  parallel_for((count + work.piece - 1) / work.piece, 1, [&](Index first, Index last) {
    for (Index p = first; p < last; ++p) {
      const Index begin = p * work.piece;
      work.evaluate(begin, std::min(begin + work.piece, count), out.data() + begin);
    }
  }, threads);
  return out;
}

Task<std::vector<double>> run_pieces_task(Budget& budget, Piecewise work, std::string_view words) {
  const Index count = work.frequency.size();
  std::vector<double> out(at(count));
  for (Index begin = 0; begin < count; begin += work.piece) {
    const Index end = std::min(begin + work.piece, count);
    work.evaluate(begin, end, out.data() + begin);
    budget.progress(static_cast<double>(end) / static_cast<double>(count), words);
    co_await budget.pause();
  }
  co_return out;
}

}  // namespace orrery::period::detail
