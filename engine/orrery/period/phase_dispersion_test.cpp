#include "orrery/period/phase_dispersion.hpp"

#include "orrery/period/statistic_oracle.hpp"

using namespace orrery;
using namespace orrery::period;

namespace {

/// Stellingwerf's theta bin by bin and point by point.
long double theta(const SeriesView& s, long double f, int bins, int covers) {
  const auto phase = oracle::phases(s, f), w = oracle::weights(s);
  const long double n = s.t.size(), mean = oracle::weighted_mean(s, w);
  long double inside = 0, freedom = 0, whole = 0;
  for (std::size_t i = 0; i < s.t.size(); ++i) whole += w[i] * (s.y[i] - mean) * (s.y[i] - mean);
  for (int c = 0; c < covers; ++c) {
    for (int j = 0; j < bins; ++j) {
      const int low = j * covers + c, fine = bins * covers;  // in steps between the covers: edges are then whole numbers
      std::vector<std::size_t> in;
      for (std::size_t i = 0; i < s.t.size(); ++i) {
        if ((int(std::floor(phase[i] * fine)) - low + fine) % fine < covers) in.push_back(i);
      }
      if (in.empty()) continue;
      long double sum = 0, all = 0;
      for (const std::size_t i : in) sum += w[i] * s.y[i], all += w[i];
      for (const std::size_t i : in) inside += w[i] * (s.y[i] - sum / all) * (s.y[i] - sum / all);
      freedom += in.size() - 1.0L;
    }
  }
  return (inside / freedom) / (whole / (n - 1));
}

}  // namespace

TEST_CASE("phase dispersion is Stellingwerf's sum in long double: bins, covers, weights") {
  const auto sky = oracle::sky(120, 40.0, 0.37, 3);
  const auto f = oracle::some_frequencies(101, 0.02, 2.0);  // not a multiple of four
  for (const auto& [bins, covers] : {std::pair<Index, Index>{10, 1}, {5, 2}, {7, 3}, {50, 4}}) {
    const PhaseDispersionOptions options{.bins = bins, .covers = covers};
    CAPTURE(bins);
    CAPTURE(covers);
    // Rounding of sums of 120 terms.
    CHECK(oracle::worst(phase_dispersion(sky.view(), f, options), f,
                        [&](long double v) { return theta(sky.view(), v, int(bins), int(covers)); }) < 1e-12);
    const auto plain = oracle::without_errors(sky);
    CHECK(oracle::worst(phase_dispersion(plain, f, options), f,
                        [&](long double v) { return theta(plain, v, int(bins), int(covers)); }) < 1e-12);
  }
}

TEST_CASE("the polygon: scatter about straight lines through the means of bins, over empty bins too") {
  const auto sky = oracle::sky(25, 40.0, 0.37, 4);  // 25 points in 12 bins leave bins empty
  const auto f = oracle::some_frequencies(60, 0.02, 2.0);
  const auto polygon = [&](long double v) {
    const auto phase = oracle::phases(sky.view(), v), w = oracle::weights(sky.view());
    std::vector<std::pair<long double, long double>> knot;  // middle of a filled bin, mean there
    for (int j = 0; j < 12; ++j) {
      long double sum = 0, all = 0;
      for (std::size_t i = 0; i < phase.size(); ++i) {
        if (int(std::floor(phase[i] * 12)) == j) sum += w[i] * sky.y[i], all += w[i];
      }
      if (all > 0) knot.emplace_back((j + 0.5L) / 12, sum / all);
    }
    const auto filled = knot.size();
    const auto first = knot.front(), last = knot.back();
    knot.insert(knot.begin(), {last.first - 1, last.second});
    knot.emplace_back(first.first + 1, first.second);
    const long double mean = oracle::weighted_mean(sky.view(), w);
    long double left = 0, whole = 0;
    for (std::size_t i = 0; i < phase.size(); ++i) {
      std::size_t k = 1;
      while (knot[k].first < phase[i]) ++k;
      const long double u = (phase[i] - knot[k - 1].first) / (knot[k].first - knot[k - 1].first);
      const long double r = sky.y[i] - (knot[k - 1].second + u * (knot[k].second - knot[k - 1].second));
      left += w[i] * r * r, whole += w[i] * (sky.y[i] - mean) * (sky.y[i] - mean);
    }
    return (left / (25 - static_cast<long double>(filled))) / (whole / 24);
  };
  // Phases are taken 2^-41 of a turn up, along lines that rise by 12 a turn.
  CHECK(oracle::worst(phase_dispersion(sky.view(), f, {.bins = 12, .interpolate = true}), f, polygon) < 1e-10);
}

TEST_CASE("manners, constants and options") {
  oracle::check_manners(PeriodStatistic::phase_dispersion, 1e-9);
  oracle::check_constant(PeriodStatistic::phase_dispersion, 1.0);
  const auto sky = oracle::sky(50, 40.0, 0.37, 3);
  const std::vector<double> f{0.4};
  CHECK_THROWS_WITH_AS(static_cast<void>(phase_dispersion(sky.view(), f, {.bins = 1})), "phase_dispersion: expected bins from 2 to 1000, got 1", InputError);
  CHECK_THROWS_AS(static_cast<void>(phase_dispersion(sky.view(), f, {.bins = 100, .covers = 101})), InputError);
  CHECK_THROWS_AS(static_cast<void>(phase_dispersion(sky.view(), f, {.covers = 2, .interpolate = true})), InputError);
}

TEST_CASE("regular cadence and whole cycles: every point in one bin, no scatter left to tell") {
  std::vector<double> t, y;
  for (int i = 0; i < 40; ++i) t.push_back(0.1 * i), y.push_back(i % 3);
  const auto theta = phase_dispersion({t, y, {}}, std::vector<double>{10.0, 2.5}, {});
  CHECK(close(theta[0], 1.0, {.rtol = 1e-12}));  // one bin holds all: its scatter is that of the series
  CHECK(std::isfinite(theta[1]));
}

TEST_CASE("statistics: theta of white noise follows the beta law; negative control: a power of it does not") {
  // 2000 skies of 60 equal-weight points at one frequency: Kolmogorov's distance from uniform, 1.95 / sqrt(2000) is passed with
  // probability 1e-3 under the law (one seed: this test either passes for ever or not).
  constexpr int kSkies = 2000;
  std::vector<double> p;
  Random random(11);
  for (int k = 0; k < kSkies; ++k) {
    std::vector<double> t, y;
    for (int i = 0; i < 60; ++i) t.push_back(random.uniform(0.0, 30.0)), y.push_back(random.normal());
    const double theta = phase_dispersion({t, y, {}}, std::vector<double>{0.7}, {.bins = 5})[0];
    p.push_back(phase_dispersion_probability(theta, 60, 5));
  }
  std::sort(p.begin(), p.end());
  double distance = 0.0, wrong = 0.0;
  for (int k = 0; k < kSkies; ++k) {
    distance = std::max({distance, std::fabs(p[std::size_t(k)] - (k + 1.0) / kSkies), std::fabs(p[std::size_t(k)] - double(k) / kSkies)});
    wrong = std::max(wrong, std::fabs(std::pow(p[std::size_t(k)], 1.2) - (k + 0.5) / kSkies));
  }
  CHECK(distance < 1.95 / std::sqrt(double(kSkies)));
  CHECK(wrong > 1.95 / std::sqrt(double(kSkies)));
  CHECK(phase_dispersion_probability(0.0, 60, 5) == 0.0);
  CHECK(phase_dispersion_probability(2.0, 60, 5) == 1.0);
  CHECK_THROWS_AS(static_cast<void>(phase_dispersion_probability(0.5, 5, 5)), InputError);
}
