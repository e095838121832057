#include "orrery/period/lomb_scargle_fast.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <fstream>
#include <sstream>

#include "orrery/core/error.hpp"
#include "orrery/period/peaks.hpp"
#include "orrery/period/rivals.hpp"
#include "orrery/period/period_oracle.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::period;

namespace {

/// Frequencies to check in long double: evenly spread, the last ones, the first ones (worst conditioned), and three on each side
/// of every multiple of 64 in some stretches, so that every kind of block edge is among them.
std::vector<Index> some_frequencies(Index count, Index how_many) {
  std::vector<Index> which;
  for (Index i = 0; i < how_many; ++i) which.push_back(i * (count - 1) / (how_many - 1));
  for (Index i = 0; i < 20; ++i) which.push_back(i), which.push_back(count - 1 - i);
  for (const Index edge : {1024, 2048, 4096, 6144, 8192}) {
    for (Index i = edge - 3; i < edge + 3 && edge + 3 < count; ++i) which.push_back(i);
  }
  return which;
}

double worst_error(const oracle::Sky& sky, const FrequencyGrid& grid, const LombScargleOptions& options, std::span<const double> power,
                   std::span<const Index> which) {
  const double chi2_0 = reference_chi2(sky.view(), options);
  double worst = 0.0;
  for (const Index k : which) {
    const long double f = static_cast<long double>(grid.first) + static_cast<long double>(grid.step) * static_cast<long double>(k);
    const double p = oracle::standard(sky.view(), f, options.harmonics, options.fit_mean, options.center_data);
    const double exact = normalized_power(p, options.normalization, chi2_0);
    // Relative to the power scale: what 1e-9 of standard power is in this normalisation.
    const double scale = options.normalization == Normalization::psd     ? 0.5 * chi2_0
                         : options.normalization == Normalization::model ? std::pow(1.0 - p, -2)
                         : options.normalization == Normalization::log   ? 1.0 / (1.0 - p)
                                                                         : 1.0;
    worst = std::max(worst, std::fabs(power[std::size_t(k)] - exact) / scale);
  }
  return worst;
}

/// Three columns of a text file as t, y, sigma; rows that are not numbers, or that hold a missing value, are left out.
oracle::Sky read_columns(const std::string& path, std::size_t first) {
  oracle::Sky sky;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream words(line);
    std::vector<double> row;
    for (double v; words >> v;) row.push_back(v);
    if (row.size() < first + 3 || row[first + 1] == -99.99 || row[first + 1] == 99.999) continue;
    sky.t.push_back(row[first]);
    sky.y.push_back(row[first + 1]);
    sky.sigma.push_back(row[first + 2]);
  }
  return sky;
}

/// Best period between two, refined on the exact sums.
HarmonicFit best_period(const oracle::Sky& sky, double shortest, double longest) {
  const auto grid = frequency_grid(sky.view(), {.min_frequency = 1.0 / longest, .max_frequency = 1.0 / shortest, .oversampling = 10});
  const auto power = lomb_scargle_fast(sky.view(), grid);
  return refine_peak(sky.view(), local_maxima(power, grid, 1).front().frequency, grid.step);
}

}  // namespace

TEST_CASE("accuracy against long double: N = 3000, up to a million frequencies, all normalisations, mean on and off") {
  const auto sky = oracle::sky(3000, 1000.0, 0.27, 1);
  const std::tuple<Index, double, Index> sizes[] = {{10000, 1e-9, 300}, {100000, 1e-9, 150}, {1000000, 1e-8, 150}};
  for (const auto& [count, tolerance, checks] : sizes) {
    const FrequencyGrid grid{1e-4, 2e-4, count};
    const auto which = some_frequencies(count, checks);
    for (const bool fit_mean : {true, false}) {
      const LombScargleOptions standard{.fit_mean = fit_mean};
      const auto power = lomb_scargle_fast(sky.view(), grid, standard);
      const double error = worst_error(sky, grid, standard, power, which);
      MESSAGE("Nf ", count, ", mean ", fit_mean, ": largest error ", error);
      CHECK(error < tolerance);
      CHECK(*std::min_element(power.begin(), power.end()) >= 0.0);
      CHECK(*std::max_element(power.begin(), power.end()) <= 1.0);
      const double chi2_0 = reference_chi2(sky.view(), standard);
      for (const auto normalization : {Normalization::model, Normalization::log, Normalization::psd}) {
        auto options = standard;
        options.normalization = normalization;
        const auto other = lomb_scargle_fast(sky.view(), grid, options);
        double worst = 0.0;
        for (Index k = 0; k < count; ++k) {
          const double expected = normalized_power(power[at(k)], normalization, chi2_0);
          worst = std::max(worst, std::fabs(other[at(k)] - expected) / std::max(1.0, expected));
        }
        CHECK(worst < 1e-14);  // the same standard power, so the same accuracy
        if (count == 10000) CHECK(worst_error(sky, grid, options, other, which) < tolerance);
      }
    }
  }
}

TEST_CASE("always_transform takes the other path where direct sums are the default, with the same accuracy") {
  for (const Index count : {1, 2, 7, 40, 300}) {
    for (const int harmonics : {1, 3}) {
      const auto sky = oracle::sky(60, 20.0, 0.9, std::uint64_t(count));
      const FrequencyGrid grid{0.4, 0.013, count};
      LombScargleOptions options{.harmonics = harmonics};
      const auto direct = lomb_scargle_fast(sky.view(), grid, options);
      CHECK(direct == lomb_scargle(sky.view(), grid.values(), options));
      options.always_transform = true;
      const auto transformed = lomb_scargle_fast(sky.view(), grid, options);
      CHECK(transformed == run_to_end([&](Budget& b) { return lomb_scargle_fast_task(b, sky.view(), grid, options); }));
      if (count > 2) CHECK(transformed != direct);
      std::vector<Index> all;
      for (Index k = 0; k < count; ++k) all.push_back(k);
      CHECK(worst_error(sky, grid, options, transformed, all) < 1e-9);  // the header's promise
    }
  }
}

TEST_CASE("adding a Julian date changes nothing") {
  auto sky = oracle::sky(3000, 1000.0, 0.27, 2);
  for (double& t : sky.t) t = std::round(t * 2097152.0) / 2097152.0;  // these times are exact after the shift too
  const FrequencyGrid grid{1e-4, 2e-4, 100000};
  const auto before = lomb_scargle_fast(sky.view(), grid);
  for (double& t : sky.t) t += 2450000.0;
  CHECK(max_difference(before, lomb_scargle_fast(sky.view(), grid)) < 1e-9);
}

TEST_CASE("property: agrees with direct sums for any N, K, spacing, order of points") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const int harmonics = seed % 5 == 4 ? 8 : 1 + int(seed % 5);
    Random random(seed, 1);
    const auto sky = oracle::sky(40 + 37 * Index(seed % 20), 80.0, 0.37, seed);
    // From a hundredth of a peak's width to many turns between grid points: the data covers a part of the time grid, or wraps.
    const FrequencyGrid grid{random.uniform(0.001, 0.3), std::pow(10.0, random.uniform(-4.0, -0.5)), 1000 + 700 * Index(seed % 7)};
    const LombScargleOptions options{.harmonics = harmonics, .fit_mean = seed % 3 != 0, .center_data = seed % 2 == 0, .threads = 1};
    const auto f = grid.values();
    CAPTURE(seed);
    const auto fast = lomb_scargle_fast(sky.view(), grid, options);
    CHECK(max_difference(lomb_scargle(sky.view(), f, options), fast) < 1e-9);
    auto two = options;
    two.threads = 2;
    CHECK(fast == lomb_scargle_fast(sky.view(), grid, two));
    Budget budget;
    Job job(budget, lomb_scargle_fast_task(budget, sky.view(), grid, options));
    while (!job.step(0.0)) {}
    CHECK(fast == job.result());
  }
}

TEST_CASE("regular sampling, where the normal matrix is singular at every alias of zero, and one frequency") {
  std::vector<double> t, y;
  Random random(4);
  for (int i = 0; i < 500; ++i) t.push_back(2457000.0 + 0.02 * i), y.push_back(std::sin(2.2 * i) + random.normal());
  const FrequencyGrid grid{0.01, 0.01, 15000};  // three times the sampling frequency
  for (const int harmonics : {1, 3}) {
    const LombScargleOptions options{.harmonics = harmonics};
    const auto fast = lomb_scargle_fast({t, y, {}}, grid, options);
    const auto exact = lomb_scargle({t, y, {}}, grid.values(), options);
    CHECK(*std::max_element(fast.begin(), fast.end()) <= 1.0);
    CHECK(max_difference(fast, exact) < 1e-9);
  }
  const FrequencyGrid one{0.37, 0.0, 1};
  CHECK(max_difference(lomb_scargle_fast({t, y, {}}, one), lomb_scargle({t, y, {}}, one.values())) < 1e-9);
  const std::vector<double> flat(500, 3.0);
  for (const double p : lomb_scargle_fast({t, flat, {}}, grid)) CHECK(p == 0.0);
  const std::vector<double> same(20, 5.0), values{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  for (const double p : lomb_scargle_fast({same, values, {}}, {0.1, 0.1, 300})) CHECK(p < 1e-15);  // all at one time: rounding squared
}

TEST_CASE("a task pauses often: no step of a long run takes long") {
  const auto sky = oracle::sky(20000, 1000.0, 0.27, 3);
  Budget budget;
  const std::clock_t start = std::clock();  // processor time: other jobs on the machine do not count
  Job job(budget, lomb_scargle_fast_task(budget, sky.view(), {1e-4, 1e-4, 200000}, {}));
  Index slices = 0;
  while (!job.step(0.0)) ++slices;
  const double all = 1e3 * double(std::clock() - start) / CLOCKS_PER_SEC;
  if (!kSanitized) CHECK(all / double(slices) < 1.0);  // mean [ms]
  CHECK(budget.fraction() == 1.0);
}

TEST_CASE("real: CoRoT-7 velocities, 200,000 frequencies, where approximate transforms have returned powers above 1") {
  ORRERY_NEED_DATA(path, "rv/CoRoT-7.txt");
  const auto sky = read_columns(path, 0);
  REQUIRE(sky.t.size() == 177);
  const FrequencyGrid grid{0.02, (1.5 - 0.02) / 199999, 200000};
  const auto power = lomb_scargle_fast(sky.view(), grid);
  const auto top = std::max_element(power.begin(), power.end());
  CHECK(close(*top, 0.263658, {.atol = 5e-7}));  // six digits are given
  CHECK(close(1.0 / grid[top - power.begin()], 23.421, {.atol = 5e-4}));
  CHECK(*std::min_element(power.begin(), power.end()) >= 0.0);
  CHECK(max_difference(power, lomb_scargle(sky.view(), grid.values())) < 1e-9);  // all of them
}

TEST_CASE("real: a LINEAR RR Lyrae and an EROS-2 Cepheid have their periods") {
  ORRERY_NEED_DATA(linear, "linear/LINEAR_11375941.csv");
  const auto star = read_columns(linear, 0);
  REQUIRE(star.t.size() == 280);
  CHECK(close(24.0 * best_period(star, 0.05, 1.0).period(), 2.58013, {.atol = 1e-5}));
  ORRERY_NEED_DATA(eros, "variables/eros2/lm0010n22323.time");
  const auto cepheid = read_columns(eros, 0);
  const auto fit = best_period(cepheid, 1.5, 100.0);
  CHECK(close(fit.period(), 4.191, {.atol = 1e-3}));
  CHECK(close(fit.power, 0.907435, {.atol = 2e-6}));  // astropy 8: 0.9074340 on a fine grid, whose nearest point is 1e-6 below the top
}

TEST_CASE("real: plain Lomb-Scargle finds 15 of the 20 RR Lyrae in g; the failures are aliases of the day or year") {
  ORRERY_NEED_DATA(list, "rrlyrae_s82/periods_20.csv");
  std::ifstream file(list);
  std::string line;
  std::getline(file, line);
  int found = 0, stars = 0, named = 0;
  for (; std::getline(file, line); ++stars) {
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream words(line);
    std::string id, type;
    double period = 0.0;
    words >> id >> type >> period;
    ORRERY_NEED_DATA(path, "rrlyrae_s82/lightcurves/" + id + ".dat");
    const auto star = read_columns(path, 5);
    const auto fit = best_period(star, 0.2, 1.2);
    const bool right = std::fabs(fit.period() / period - 1.0) < 1e-4;
    found += right;
    CAPTURE(id);
    if (right) continue;
    // The truth must stand among the named aliases of what was found, and not be excluded.
    const data::Series series{.t = star.t, .y = star.y, .sigma = star.sigma};
    const auto report = rivals(series, fit_period(series, fit.frequency, 1));
    const auto is_truth = [&](const Rival& r) { return std::fabs(r.period / period - 1.0) < 2e-4 && !r.excluded; };
    named += std::any_of(report.rivals.begin(), report.rivals.end(), is_truth);
  }
  CHECK(stars == 20);
  CHECK(found >= 15);  // 15 are given with the data, one of the others is within 1e-3 of its alias in power
  CHECK(named >= 20 - found - 1);
}

TEST_CASE("bad input is refused") {
  const auto sky = oracle::sky(30, 10.0, 0.3, 1);
  CHECK_THROWS_AS((void)lomb_scargle_fast(sky.view(), {0.0, 0.1, 10}), InputError);
  CHECK_THROWS_AS((void)lomb_scargle_fast(sky.view(), {0.1, -0.1, 10}), InputError);
  CHECK_THROWS_AS((void)lomb_scargle_fast(sky.view(), {0.1, 0.1, 0}), InputError);
  CHECK_THROWS_AS((void)lomb_scargle_fast(sky.view(), {0.1, 0.1, kMaxGridCount + 1}), InputError);
  CHECK_THROWS_AS((void)lomb_scargle_fast(sky.view(), {0.1, NAN, 10}), InputError);
  CHECK_THROWS_AS((void)lomb_scargle_fast(sky.view(), {0.1, 0.1, 10}, {.harmonics = 0}), InputError);
}
