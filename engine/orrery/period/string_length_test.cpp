#include "orrery/period/string_length.hpp"

#include "orrery/period/statistic_oracle.hpp"

using namespace orrery;
using namespace orrery::period;

namespace {

long double length(const SeriesView& s, long double f, StringMeasure measure) {
  const auto phase = oracle::phases(s, f), w = oracle::weights(s);
  const std::size_t n = phase.size();
  std::vector<std::size_t> order(n);
  for (std::size_t i = 0; i < n; ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return phase[a] < phase[b]; });
  long double mean = 0, scatter = 0, squares = 0, weighted = 0, all = 0, path = 0;
  for (const double y : s.y) mean += static_cast<long double>(y) / n;
  for (const double y : s.y) scatter += (y - mean) * (y - mean);
  const auto [low, high] = std::minmax_element(s.y.begin(), s.y.end());
  const long double base = *low, range = *high - base;
  const auto scaled = [&](std::size_t i) { return 0.5L * (s.y[i] - base) / range; };
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t a = order[k], b = order[(k + 1) % n];
    const long double d = static_cast<long double>(s.y[b]) - s.y[a], v = 1 / w[a] + 1 / w[b];
    squares += d * d, weighted += d * d / v, all += 1 / v;
    const long double forward = phase[b] - phase[a] + (k + 1 == n ? 1 : 0);
    path += std::sqrt((scaled(b) - scaled(a)) * (scaled(b) - scaled(a)) + forward * forward);
  }
  if (measure == StringMeasure::dworetsky) return path;
  if (measure == StringMeasure::lafler_kinman) return squares / scatter;
  const long double wmean = oracle::weighted_mean(s, w);
  long double sum = 0, v1 = 0, v2 = 0;
  for (std::size_t i = 0; i < n; ++i) sum += w[i] * (s.y[i] - wmean) * (s.y[i] - wmean), v1 += w[i], v2 += w[i] * w[i];
  return weighted / all / (2 * sum / (v1 - v2 / v1));
}

}  // namespace

TEST_CASE("string length is the sum over sorted points in long double, by all three measures") {
  for (const Index n : {4, 5, 9, 64, 303}) {
    const auto sky = oracle::sky(n, 40.0, 0.37, 3);
    const auto f = oracle::some_frequencies(101, 0.02, 2.0);
    for (const auto measure : {StringMeasure::lafler_kinman, StringMeasure::clarke, StringMeasure::dworetsky}) {
      const auto exact = [&](const SeriesView& s) { return [&, s](long double v) { return length(s, v, measure); }; };
      CHECK(oracle::worst(string_length(sky.view(), f, {.measure = measure}), f, exact(sky.view())) < 2e-12);  // dworetsky: phases to 2^-40
      const auto plain = oracle::without_errors(sky);
      CHECK(oracle::worst(string_length(plain, f, {.measure = measure}), f, exact(plain)) < 2e-12);
    }
  }
}

TEST_CASE("Clarke's measure is that of Lafler and Kinman times (N - 1) / 2 N without errors") {
  const auto sky = oracle::sky(60, 40.0, 0.37, 6);
  const auto f = oracle::some_frequencies(50, 0.5, 3.0);
  const auto plain = oracle::without_errors(sky);
  const auto lk = string_length(plain, f, {.measure = StringMeasure::lafler_kinman}), clarke = string_length(plain, f);
  for (std::size_t k = 0; k < f.size(); ++k) CHECK(close(clarke[k], lk[k] * 59.0 / 120.0, {.rtol = 1e-13}));
}

TEST_CASE("phases crowded in one place: near one cycle a day of nightly points the order is still right") {
  Random random(4);
  std::vector<double> t, y;
  for (int i = 0; i < 900; ++i) t.push_back(i + 1e-4 * random.uniform()), y.push_back(random.normal());
  const std::vector<double> f{1.0, 1.0000001, 2.0, 0.5};
  const SeriesView s{t, y, {}};
  CHECK(oracle::worst(string_length(s, f), f, [&](long double v) { return length(s, v, StringMeasure::clarke); }) < 2e-12);
}

TEST_CASE("equal phases: by time, whatever the order of the rows") {
  std::vector<double> t, y;
  for (int i = 0; i < 30; ++i) t.push_back(i % 2 == 0 ? i / 2 : 20 + i / 2), y.push_back(i * i % 7);
  // At f = 1 all phases are 0, so the string goes along the times: 2 sum of squares by hand.
  std::vector<std::pair<double, double>> by_time;
  for (std::size_t i = 0; i < t.size(); ++i) by_time.emplace_back(t[i], y[i]);
  std::sort(by_time.begin(), by_time.end());
  double squares = 0.0, mean = 0.0, scatter = 0.0;
  for (std::size_t i = 0; i < 30; ++i) squares += std::pow(by_time[(i + 1) % 30].second - by_time[i].second, 2), mean += y[i] / 30;
  for (const double v : y) scatter += (v - mean) * (v - mean);
  CHECK(close(string_length({t, y, {}}, std::vector<double>{1.0}, {.measure = StringMeasure::lafler_kinman})[0], squares / scatter,
              {.rtol = 1e-12}));
}

TEST_CASE("manners and constants") {
  oracle::check_manners(PeriodStatistic::string_length, 1e-9);
  oracle::check_constant(PeriodStatistic::string_length, 1.0);
}
