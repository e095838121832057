#include "orrery/period/mutual_information.hpp"

#include "orrery/period/statistic_oracle.hpp"

using namespace orrery;
using namespace orrery::period;

namespace {

long double quantile(const SeriesView& s, const std::vector<long double>& w, long double q) {
  std::vector<std::size_t> order(s.y.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return s.y[a] < s.y[b]; });
  long double total = 0, below = 0, last = 0;
  for (const long double v : w) total += v;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const long double place = (below + w[order[k]] / 2) / total;
    if (place >= q) return k == 0 ? s.y[order[0]] : s.y[order[k - 1]] + (q - last) / (place - last) * (s.y[order[k]] - s.y[order[k - 1]]);
    below += w[order[k]], last = place;
  }
  return s.y[order.back()];
}

/// The three potentials pair by pair.
long double information(const SeriesView& s, long double f, const MutualInformationOptions& options) {
  const auto phase = oracle::phases(s, f), w = oracle::weights(s);
  const long double mean = oracle::weighted_mean(s, w), pi = 3.141592653589793238462643383279502884L;
  const std::size_t n = phase.size();
  long double sum = 0, total = 0;
  for (std::size_t i = 0; i < n; ++i) sum += w[i] * (s.y[i] - mean) * (s.y[i] - mean), total += w[i];
  const long double scale = std::min(std::sqrt(sum / total), (quantile(s, w, 0.75L) - quantile(s, w, 0.25L)) / 1.349L);
  const long double h = options.value_bandwidth * 0.9L * scale * std::pow(static_cast<long double>(n), -0.2L),
      r = std::exp(-static_cast<long double>(options.phase_bandwidth));
  long double joint = 0, values = 0, phases = 0, cross = 0;
  for (std::size_t i = 0; i < n; ++i) {
    long double gi = 0, ci = 0;
    for (std::size_t j = 0; j < n; ++j) {
      const long double d = static_cast<long double>(s.y[i]) - s.y[j];
      const long double v = 2 * h * h + (s.sigma.empty() ? 0.0L : 1 / w[i] + 1 / w[j]);
      const long double g = std::exp(-d * d / (2 * v)) / std::sqrt(2 * pi * v);
      const long double c = (1 - r * r) / (2 * pi * (1 + r * r - 2 * r * std::cos(2 * pi * (phase[i] - phase[j]))));
      joint += g * c, gi += g, ci += c;
    }
    values += gi, phases += ci, cross += gi * ci;
  }
  const long double pairs = static_cast<long double>(n) * n;
  joint /= pairs, cross /= pairs * n;
  const long double product = (values / pairs) * (phases / pairs);
  return options.divergence == InformationDivergence::cauchy_schwarz
      ? std::log(joint * product / (cross * cross)) : joint - 2 * cross + product;
}

}  // namespace

TEST_CASE("mutual information is the sum over pairs in long double") {
  const auto sky = oracle::sky(80, 40.0, 0.37, 3);
  const auto f = oracle::some_frequencies(37, 0.02, 2.0);
  for (const MutualInformationOptions options :
       {MutualInformationOptions{}, {.divergence = InformationDivergence::euclidean}, {.value_bandwidth = 0.3}, {.phase_bandwidth = 0.2},
        {.value_bandwidth = 3.0, .phase_bandwidth = 5.0}}) {
    const auto exact = [&](const SeriesView& s) { return [&, s](long double v) { return information(s, v, options); }; };
    CHECK(oracle::worst(mutual_information(sky.view(), f, options), f, exact(sky.view())) < 1e-8);  // what the header promises
    const auto plain = oracle::without_errors(sky);
    CHECK(oracle::worst(mutual_information(plain, f, options), f, exact(plain)) < 1e-8);
  }
}

TEST_CASE("far outliers and equal values keep the factor honest") {
  auto sky = oracle::sky(60, 40.0, 0.37, 8);
  sky.y[3] += 500.0, sky.y[30] -= 3000.0;
  for (std::size_t i = 10; i < 25; ++i) sky.y[i] = 3.0;
  const auto f = oracle::some_frequencies(9, 0.1, 1.0);
  const auto plain = oracle::without_errors(sky);
  CHECK(oracle::worst(mutual_information(plain, f), f, [&](long double v) { return information(plain, v, {}); }) < 1e-8);
}

TEST_CASE("manners, constants and options") {
  oracle::check_manners(PeriodStatistic::mutual_information, 1e-7);
  oracle::check_constant(PeriodStatistic::mutual_information, 0.0);
  const auto sky = oracle::sky(50, 40.0, 0.37, 3);
  const std::vector<double> f{0.4};
  CHECK_THROWS_WITH_AS(static_cast<void>(mutual_information(sky.view(), f, {.phase_bandwidth = 0.01})),
                       "mutual_information: expected phase_bandwidth from 0.1 to 10, got 0.01", InputError);
  const std::vector<double> many((1 << 20) + 1, 1.0);
  CHECK_THROWS_WITH_AS(static_cast<void>(mutual_information({many, many, {}}, f)),
                       "mutual_information: expected at most 1048576 points, got 1048577: the factor of the values' kernel would take about "
                       "0.67 GB; take every so-manyth", InputError);
  // More than half of the values equal: quartiles say nothing, the deviation does.
  std::vector<double> t, y;
  for (int i = 0; i < 20; ++i) t.push_back(i * 0.77), y.push_back(i < 15 ? 1.0 : 2.0);
  CHECK(std::isfinite(mutual_information({t, y, {}}, f)[0]));
}
