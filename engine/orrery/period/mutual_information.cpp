#include "orrery/period/mutual_information.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <numeric>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/period/mutual_information_detail.hpp"

namespace orrery::period {
namespace detail {
namespace {

constexpr const char* kWhere = "mutual_information";
constexpr double kLeftOut = 1e-10;  // of the trace of G, and of the Fourier series of C
constexpr Index kMostPoints = 1 << 20;  // above, the factor would take more than a gigabyte
constexpr double kSmall = 1e-9;     // products of a column's square and a term of C below it are left out

/// Value below which a share q of the weight lies: linear between the middles of the sorted points' weights.
double weighted_quantile(const std::vector<double>& sorted, const std::vector<double>& weight, double total, double q) {
  double below = 0.0, last_place = 0.0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const double place = (below + 0.5 * weight[i]) / total;
    if (place >= q) {
      if (i == 0) return sorted[0];
      const double u = (q - last_place) / (place - last_place);
      return sorted[i - 1] + u * (sorted[i] - sorted[i - 1]);
    }
    below += weight[i];
    last_place = place;
  }
  return sorted.back();
}

/// Silverman's rule with the smaller of two measures of scatter; the standard deviation when half of the values are equal.
double rule_of_thumb(const FoldedSeries& series) {
  std::vector<std::size_t> order(series.y.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return series.y[a] < series.y[b]; });
  std::vector<double> sorted, weight;
  for (const std::size_t i : order) sorted.push_back(series.y[i]), weight.push_back(series.weight[i]);
  const double n = static_cast<double>(series.size());
  const double quartiles = (weighted_quantile(sorted, weight, n, 0.75) - weighted_quantile(sorted, weight, n, 0.25)) / 1.349;
  const double deviation = std::sqrt(series.scatter / n);
  return 0.9 * (quartiles > 0.0 ? std::min(deviation, quartiles) : deviation) * std::pow(n, -0.2);
}

/// Columns of L with G = L L^T but for kLeftOut of the trace: Cholesky that always takes the largest diagonal element left.
std::vector<std::vector<double>> factor(const FoldedSeries& series, double bandwidth) {
  const std::size_t n = series.y.size();
  std::vector<double> variance(n), left(n);
  double trace = 0.0;
  const auto density = [](double d, double v) { return std::exp(-0.5 * d * d / v) / std::sqrt(2.0 * std::numbers::pi * v); };
  for (std::size_t i = 0; i < n; ++i) {
    variance[i] = bandwidth * bandwidth + (series.sigma.empty() ? 0.0 : series.sigma[i] * series.sigma[i]);
    trace += left[i] = density(0.0, 2.0 * variance[i]);
  }
  std::vector<std::vector<double>> columns;
  for (double rest = trace; rest > kLeftOut * trace && columns.size() < n;) {
    const auto p = static_cast<std::size_t>(std::max_element(left.begin(), left.end()) - left.begin());
    if (!(left[p] > 0.0)) break;
    const double scale = 1.0 / std::sqrt(left[p]);
    std::vector<double> column(n);
    for (std::size_t i = 0; i < n; ++i) column[i] = density(series.y[i] - series.y[p], variance[i] + variance[p]);
    for (const auto& other : columns) {
      const double at_pivot = other[p];
      for (std::size_t i = 0; i < n; ++i) column[i] -= other[i] * at_pivot;
    }
    rest = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      column[i] *= scale;
      left[i] = std::max(0.0, left[i] - column[i] * column[i]);
      rest += left[i];
    }
    left[p] = 0.0;
    columns.push_back(std::move(column));
  }
  return columns;
}

/// One Jacobi rotation of the symmetric g (R x R) that clears element (p, q), and of the columns of v.
void rotate(std::vector<double>& g, std::vector<double>& v, std::size_t size, std::size_t p, std::size_t q) {
  const double zeta = 0.5 * (g[q * size + q] - g[p * size + p]) / g[p * size + q];
  const double tangent = (zeta >= 0.0 ? 1.0 : -1.0) / (std::fabs(zeta) + std::sqrt(1.0 + zeta * zeta));
  const double c = 1.0 / std::sqrt(1.0 + tangent * tangent), s = c * tangent;
  const auto turn = [&](double& a, double& b) {
    const double old = a;
    a = c * old - s * b;
    b = s * old + c * b;
  };
  for (std::size_t k = 0; k < size; ++k) turn(g[k * size + p], g[k * size + q]), turn(v[k * size + p], v[k * size + q]);
  for (std::size_t k = 0; k < size; ++k) turn(g[p * size + k], g[q * size + k]);
}

/// Turns the columns so that they are orthogonal, the longest first: L L^T stays, and what is short is not needed at high k. The turn
/// is made of the eigenvectors of L^T L (Jacobi's method); factors of very many columns are left as they are.
void turn_columns(std::vector<std::vector<double>>& columns) {
  const std::size_t size = columns.size(), n = columns[0].size();
  if (size > 200) return;
  std::vector<double> g(size * size), v(size * size, 0.0);
  for (std::size_t p = 0; p < size; ++p) {
    v[p * size + p] = 1.0;
    for (std::size_t q = p; q < size; ++q) {
      g[p * size + q] = g[q * size + p] = std::inner_product(columns[p].begin(), columns[p].end(), columns[q].begin(), 0.0);
    }
  }
  for (int sweep = 0; sweep < 8; ++sweep) {
    for (std::size_t p = 0; p < size; ++p) {
      for (std::size_t q = p + 1; q < size; ++q) {
        if (std::fabs(g[p * size + q]) > 1e-18 * g[0]) rotate(g, v, size, p, q);
      }
    }
  }
  std::vector<std::size_t> order(size);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return g[a * size + a] > g[b * size + b]; });
  while (order.size() > 1 && g[order.back() * size + order.back()] < kSmall * g[order[0] * size + order[0]]) order.pop_back();
  std::vector<double> row(size);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t r = 0; r < size; ++r) row[r] = columns[r][i];
    for (std::size_t r = 0; r < order.size(); ++r) {
      double sum = 0.0;
      for (std::size_t k = 0; k < size; ++k) sum += row[k] * v[k * size + order[r]];
      columns[r][i] = sum;
    }
  }
  columns.resize(order.size());
}

/// r^k until the series has converged, and the columns that still matter at each k.
void plan_terms(InformationTable& table, const std::vector<double>& square, double phase_bandwidth) {
  const double trace = std::accumulate(square.begin(), square.end(), 0.0);
  const auto terms = static_cast<Index>(std::ceil(-std::log(kLeftOut) / phase_bandwidth));
  for (Index k = 1; k <= terms; ++k) {
    const double decay = std::exp(-phase_bandwidth * static_cast<double>(k));
    Index columns = table.columns;
    while (columns > 2 && square[at(columns - 3)] * decay < kSmall * trace) --columns;
    table.decay.push_back(decay);
    table.used.push_back((columns + 3) / 4 * 4);
  }
}

}  // namespace

InformationTable information_table(const SeriesView& series, const MutualInformationOptions& options) {
  require_range(options.value_bandwidth, 0.1, 100.0, kWhere, "value_bandwidth");
  require_range(options.phase_bandwidth, 0.1, 10.0, kWhere, "phase_bandwidth");
  if (series.size() > kMostPoints) {
    fail(ErrorKind::limit, kWhere, "expected at most " + std::to_string(kMostPoints) + " points, got " + std::to_string(series.size()) +
                                       ": the factor of the values' kernel would take about " +
                                       number_text(16e-9 * 40.0 * static_cast<double>(series.size()), 2) + " GB; take every so-manyth");
  }
  const FoldedSeries folded = folded_series(series, 4, kWhere);
  InformationTable table{.tau = folded.tau, .constant = !(folded.scatter > 0.0)};
  if (table.constant) return table;
  const std::size_t n = folded.y.size();
  auto columns = factor(folded, options.value_bandwidth * rule_of_thumb(folded));
  turn_columns(columns);
  table.columns = 2 + ssize(columns);
  table.stride = (table.columns + 3) / 4 * 4;
  table.strength.assign(n * at(table.stride), 0.0);
  std::vector<double> square;
  for (std::size_t r = 0; r < columns.size(); ++r) {
    const double sum = std::accumulate(columns[r].begin(), columns[r].end(), 0.0);
    table.joint_at_zero += sum * sum;
    double squares = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      double* row = table.strength.data() + i * at(table.stride);
      row[2 + r] = columns[r][i];
      row[1] += columns[r][i] * sum / static_cast<double>(n);
      squares += columns[r][i] * columns[r][i];
    }
    square.push_back(squares);
  }
  for (std::size_t i = 0; i < n; ++i) table.strength[i * at(table.stride)] = 1.0;
  table.mean_kernel = table.joint_at_zero / (static_cast<double>(n) * static_cast<double>(n));
  plan_terms(table, square, options.phase_bandwidth);
  return table;
}

}  // namespace detail

namespace {

detail::Piecewise work_of(const SeriesView& series, const TrialFrequencies& frequency, const MutualInformationOptions& options) {
  const auto table = std::make_shared<const detail::InformationTable>(detail::information_table(series, options));
  detail::require_trials(frequency, "mutual_information");
  const double products = static_cast<double>(std::accumulate(table->used.begin(), table->used.end(), Index(0)));
  const Index piece = detail::piece_of(ssize(table->tau), std::max(1.0, 0.1 * products));
  return {.frequency = frequency, .piece = (piece + 7) / 8 * 8,
          .evaluate = [table, frequency, divergence = options.divergence](Index begin, Index end, double* out) {
            if (table->constant) {
              std::fill(out, out + (end - begin), 0.0);
            } else {
              detail::information_piece(*table, frequency, divergence, begin, end, out);
            }
          }};
}

}  // namespace

std::vector<double> mutual_information(const SeriesView& series, const TrialFrequencies& frequency,
                                       const MutualInformationOptions& options) {
  return detail::run_pieces(work_of(series, frequency, options), options.threads);
}

Task<std::vector<double>> mutual_information_task(Budget& budget, SeriesView series, TrialFrequencies frequency,
                                                  MutualInformationOptions options) {
  co_return co_await detail::run_pieces_task(budget, work_of(series, frequency, options), "mutual information");
}

}  // namespace orrery::period
