#include "orrery/stats/outlier_posterior.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "orrery/stats/check_detail.hpp"
#include "orrery/stats/moments.hpp"

namespace orrery::stats {
namespace {

constexpr Index kMaxNodes = 1024;
constexpr Index kMaxFractions = 256;
constexpr Index kFactors = 16;  ///< factors of a product between two logarithms: 16 densities cannot underflow (see floor below)

void require_grid(const MeanSigmaGrid& g, const char* where) {
  const auto nodes = [](Index n) { return n >= 2 && n <= kMaxNodes; };
  if (!nodes(g.means) || !nodes(g.sigmas)) {
    fail(ErrorKind::input, where,
         "expected 2 to 1024 nodes each way, got " + std::to_string(g.means) + " x " + std::to_string(g.sigmas));
  }
  if (!(g.mean_low < g.mean_high && std::isfinite(g.mean_high - g.mean_low))) fail(ErrorKind::input, where, "expected mean_low < mean_high");
  if (!(0.0 < g.sigma_low && g.sigma_low < g.sigma_high && std::isfinite(g.sigma_high))) {
    fail(ErrorKind::input, where, "expected 0 < sigma_low < sigma_high");
  }
}

/// Trapezoid weights: half at both ends.
double end_weight(Index i, Index n) { return i == 0 || i == n - 1 ? 0.5 : 1.0; }

struct Summary {
  double mean = 0.0, error = 0.0;
};

/// Turns sums of probability at the nodes into a density, and gives its mean and standard deviation.
Summary finish_marginal(std::vector<double>& mass, double low, double high) {
  const Index n = ssize(mass);
  const double step = (high - low) / static_cast<double>(n - 1);
  double total = 0.0, first = 0.0, second = 0.0;
  for (Index i = 0; i < n; ++i) {
    const double w = end_weight(i, n) * mass[at(i)];
    const double x = step * static_cast<double>(i);
    total += w;
    first += w * x;
    second += w * x * x;
  }
  first /= total;
  second /= total;
  for (double& m : mass) m /= total * step;
  return {low + first, std::sqrt(std::max(0.0, second - first * first))};
}

/// Normalises log_density to a largest value of 0 and fills the marginals.
void finish(MeanSigmaPosterior& p) {
  const auto& g = p.grid;
  const double highest = *std::max_element(p.log_density.begin(), p.log_density.end());
  for (double& v : p.log_density) v -= highest;
  p.mean_marginal.assign(at(g.means), 0.0);
  p.sigma_marginal.assign(at(g.sigmas), 0.0);
  double total = 0.0, edge = 0.0;
  for (Index r = 0; r < g.sigmas; ++r) {
    for (Index c = 0; c < g.means; ++c) {
      const double mass = std::exp(p.log_density[at(r * g.means + c)]);
      p.mean_marginal[at(c)] += end_weight(r, g.sigmas) * mass;
      p.sigma_marginal[at(r)] += end_weight(c, g.means) * mass;
      total += mass;
      if (r == 0 || c == 0 || r == g.sigmas - 1 || c == g.means - 1) edge += mass;
    }
  }
  p.edge_mass = edge / total;
  const auto mean = finish_marginal(p.mean_marginal, g.mean_low, g.mean_high);
  const auto sigma = finish_marginal(p.sigma_marginal, g.sigma_low, g.sigma_high);
  p.mean = mean.mean, p.mean_error = mean.error;
  p.sigma = sigma.mean, p.sigma_error = sigma.error;
}

/// Integrates the likelihood over the outlier fraction at one node of the grid.
class FractionIntegral {
 public:
  explicit FractionIntegral(const OutlierOptions& options)
      : fraction_(at(options.fractions)), log_(fraction_.size()), product_(fraction_.size()) {
    for (Index k = 0; k < options.fractions; ++k) {
      fraction_[at(k)] = options.max_fraction * (static_cast<double>(k) + 0.5) / static_cast<double>(options.fractions);
    }
  }

  /// ln of the mean over f of prod_i [(1 - f) p_i + f q_i]; also adds to the moments of f, relative to exp(weight_log).
  double log_mean(std::span<const double> inlier, std::span<const double> outlier) {
    std::fill(log_.begin(), log_.end(), 0.0);
    std::fill(product_.begin(), product_.end(), 1.0);
    for (std::size_t i = 0; i < inlier.size(); ++i) {
      const double p = inlier[i];
      const double slope = outlier[i] - p;
      for (std::size_t k = 0; k < fraction_.size(); ++k) product_[k] *= p + fraction_[k] * slope;
      if ((i + 1) % kFactors == 0 || i + 1 == inlier.size()) take_logarithms();
    }
    const double highest = *std::max_element(log_.begin(), log_.end());
    double sum = 0.0;
    first_ = second_ = 0.0;
    for (std::size_t k = 0; k < fraction_.size(); ++k) {
      const double w = std::exp(log_[k] - highest);
      sum += w;
      first_ += w * fraction_[k];
      second_ += w * fraction_[k] * fraction_[k];
    }
    first_ /= sum;
    second_ /= sum;
    return highest + std::log(sum / static_cast<double>(fraction_.size()));
  }
  [[nodiscard]] double first() const { return first_; }    ///< mean of f at the last node
  [[nodiscard]] double second() const { return second_; }  ///< mean of f^2

 private:
  void take_logarithms() {
    for (std::size_t k = 0; k < fraction_.size(); ++k) {
      log_[k] += std::log(std::max(product_[k], 1e-300));
      product_[k] = 1.0;
    }
  }
  std::vector<double> fraction_, log_, product_;
  double first_ = 0.0, second_ = 0.0;
};

/// exp(-(x - m)^2 / (2 s^2)) / s relative to a common factor; a floor keeps products of kFactors above the smallest double.
void densities(std::span<const double> values, double mean, double sigma, double unit, std::vector<double>& out) {
  const double scale = -0.5 / (sigma * sigma);
  const double height = unit / sigma;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double d = values[i] - mean;
    out[i] = std::max(height * std::exp(scale * d * d), 1e-18);
  }
}

void require_options(const OutlierOptions& o, const MeanSigmaGrid& grid, const char* where) {
  if (!(o.outlier_sigma > 0.0 && std::isfinite(o.outlier_sigma))) fail(ErrorKind::input, where, "expected outlier_sigma > 0");
  if (o.outlier_sigma > 1e12 * grid.sigma_low) fail(ErrorKind::input, where, "expected outlier_sigma <= 1e12 sigma_low");
  if (!(o.max_fraction > 0.0 && o.max_fraction <= 1.0)) fail(ErrorKind::input, where, "expected max_fraction in (0, 1]");
  if (o.fractions < 1 || o.fractions > kMaxFractions) fail(ErrorKind::input, where, "expected 1 to 256 fractions");
}

}  // namespace

MeanSigmaPosterior gaussian_posterior(std::span<const double> values, const MeanSigmaGrid& grid) {
  detail::require_finite(values, 2, "gaussian_posterior");
  require_grid(grid, "gaussian_posterior");
  const Moments m = moments(values);
  const double n = static_cast<double>(m.count);
  const double squares = (n - 1.0) * m.variance;
  MeanSigmaPosterior result{.grid = grid, .log_density = std::vector<double>(at(grid.means * grid.sigmas))};
  for (Index r = 0; r < grid.sigmas; ++r) {
    const double s = grid.sigma(r);
    for (Index c = 0; c < grid.means; ++c) {
      const double d = grid.mean(c) - m.mean;
      result.log_density[at(r * grid.means + c)] = -(n + 1.0) * std::log(s) - 0.5 * (squares + n * d * d) / (s * s);
    }
  }
  finish(result);
  return result;
}

Task<MeanSigmaPosterior> outlier_posterior_task(Budget& budget, std::span<const double> values, MeanSigmaGrid grid,
                                                OutlierOptions options) {
  detail::require_finite(values, 2, "outlier_posterior");
  require_grid(grid, "outlier_posterior");
  require_options(options, grid, "outlier_posterior");
  const Index nodes = grid.means * grid.sigmas;
  MeanSigmaPosterior result{.grid = grid, .log_density = std::vector<double>(at(nodes))};
  std::vector<double> inlier(values.size()), outlier(values.size()), first(at(nodes)), second(at(nodes));
  FractionIntegral integral(options);
  for (Index c = 0; c < grid.means; ++c) {
    const double mean = grid.mean(c);
    densities(values, mean, options.outlier_sigma, options.outlier_sigma, outlier);
    for (Index r = 0; r < grid.sigmas; ++r) {
      const auto node = at(r * grid.means + c);
      densities(values, mean, grid.sigma(r), options.outlier_sigma, inlier);
      result.log_density[node] = integral.log_mean(inlier, outlier) - std::log(grid.sigma(r));
      first[node] = integral.first();
      second[node] = integral.second();
      co_await budget.pause();
    }
    budget.progress(static_cast<double>(c) / static_cast<double>(grid.means), "posterior");
  }
  finish(result);
  double total = 0.0, f1 = 0.0, f2 = 0.0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const double mass = std::exp(result.log_density[i]);
    total += mass;
    f1 += mass * first[i];
    f2 += mass * second[i];
  }
  result.fraction = f1 / total;
  result.fraction_error = std::sqrt(std::max(0.0, f2 / total - result.fraction * result.fraction));
  co_return result;
}

MeanSigmaPosterior outlier_posterior(std::span<const double> values, const MeanSigmaGrid& grid, const OutlierOptions& options) {
  return run_to_end([&](Budget& budget) { return outlier_posterior_task(budget, values, grid, options); });
}

std::vector<double> enclosing_levels(const MeanSigmaPosterior& posterior, std::span<const double> parts) {
  for (const double part : parts) {
    if (!(part > 0.0 && part < 1.0)) fail(ErrorKind::input, "enclosing_levels", "expected parts in (0, 1), got " + number_text(part));
  }
  std::vector<double> sorted = posterior.log_density;
  std::sort(sorted.begin(), sorted.end(), [](double a, double b) { return a > b; });
  std::vector<double> sum(sorted.size());
  double total = 0.0;
  for (std::size_t i = 0; i < sorted.size(); ++i) sum[i] = total += std::exp(sorted[i]);
  std::vector<double> levels;
  for (const double part : parts) {
    const auto it = std::lower_bound(sum.begin(), sum.end(), part * total);
    levels.push_back(sorted[std::min(static_cast<std::size_t>(it - sum.begin()), sorted.size() - 1)]);
  }
  return levels;
}

}  // namespace orrery::stats
