#include "orrery/transit/box_search.hpp"

#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/data/read_series.hpp"
#include "orrery/stats/running_median.hpp"
#include "orrery/transit/box_sparse.hpp"
#include "orrery/transit/transit_test_support.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::transit;
using namespace orrery::transit::testing;

namespace {

/// A light curve of the shared data, without its slow trend.
data::Series flat_star(const std::string& path, double window, data::ReadOptions options = {}) {
  auto star = data::read_series_file(path, options).series;
  const auto trend = stats::running_median(star.t, star.y, window);
  for (std::size_t i = 0; i < star.y.size(); ++i) star.y[i] /= trend[i];
  star.sigma.clear();
  return star;
}

}  // namespace

TEST_CASE("the method is chosen by points and work, and said") {
  const auto few = observe(0.0, 20.0, 0.1, 1e-3, {}, 1), some = observe(0.0, 20.0, 0.04, 1e-3, {}, 2), many = observe(0.0, 200.0, 0.01,
      1e-3, {}, 3);
  const auto durations = keplerian_durations();
  const auto sparse = box_search(few.view(), durations);
  CHECK(sparse.method == BoxMethod::sparse);
  CHECK(sparse.reason.find("fewer than 300 points") != std::string::npos);
  const auto brute = box_search(some.view(), durations, {.min_period = 2.0});
  CHECK(brute.method == BoxMethod::brute);
  const auto folding = box_search(many.view(), durations, {.min_period = 2.0});
  CHECK(folding.method == BoxMethod::folding);
  CHECK(!folding.exact.empty());
  CHECK(folding.reason.find("by fast folding") != std::string::npos);
  const auto given = box_search(many.view(), durations, {.period = {3.0, 5.0}});
  CHECK(given.method == BoxMethod::brute);
  CHECK(given.boxes.period == std::vector<double>{3.0, 5.0});
}

TEST_CASE("each method gives what its own function gives") {
  const auto sky = observe(0.0, 30.0, 0.06, 1e-3, {{.period = 4.3, .transit_time = 1.3, .radius_ratio = 0.05, .scaled_axis = 12.0}}, 4);
  const auto durations = keplerian_durations();
  BoxSearchOptions options{.method = BoxMethod::brute, .min_period = 2.0};
  const auto brute = box_search(sky.view(), durations, options);
  CHECK(brute.boxes.objective == box_least_squares(sky.view(), brute.boxes.period, durations).objective);
  options.method = BoxMethod::sparse;
  const auto sparse = box_search(sky.view(), durations, options);
  CHECK(sparse.boxes.objective == box_sparse(sky.view(), brute.boxes.period, durations).objective);
  options.method = BoxMethod::folding;
  const auto folding = box_search(sky.view(), durations, options);
  CHECK(folding.boxes.objective == box_folding(sky.view(), durations, {.min_period = 2.0}).boxes.objective);
  for (const auto* found : {&brute, &sparse, &folding}) {
    const auto b = at(found->boxes.best());
    CHECK(std::fabs(found->boxes.period[b] - 4.3) < 0.15 * 4.3 / 30.0);
    CHECK(std::fabs(found->boxes.depth[b] - 0.0029) < 0.0004);  // 0.05^2, deeper in the middle of a darkened star
  }
  Budget budget;
  Job job(budget, box_search_task(budget, sky.view(), durations, options));
  Index slices = 0;
  while (!job.step(0.0)) ++slices;
  CHECK(slices > 2);
  CHECK(job.result().boxes.objective == folding.boxes.objective);
}

TEST_CASE("recovery by fast folding is not below that of brute force") {
  // 40 planets with a box SNR of about 4 to 8 in 30 days: around the threshold, where losing a few per cent of the signal would lose
  // planets.
  const auto durations = keplerian_durations();
  int brute = 0, folding = 0;
  double snr_brute = 0.0, snr_folding = 0.0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Random random(900 + seed);
    const double period = std::exp(random.uniform(std::log(1.0), std::log(8.0))), time = random.uniform(0.0, period);
    const double scaled_axis = 4.2 * std::pow(period, 2.0 / 3.0) * random.uniform(0.8, 1.2);
    auto sky = observe(0.0, 30.0, 0.02, 1e-3, {}, seed);
    const double duration = period / (3.14159 * scaled_axis), points = 1500.0 * duration / period;
    const double ratio = std::sqrt(1e-3 * random.uniform(4.0, 7.5) / std::sqrt(points));
    const auto curve = transit_light_curve(sky.t, {.period = period, .transit_time = time, .radius_ratio = ratio,
        .scaled_axis = scaled_axis});
    for (std::size_t i = 0; i < curve.size(); ++i) sky.y[i] *= curve[i];
    const auto judge = [&](BoxMethod method, int& count, double& snr) {
      const auto found = box_search(sky.view(), durations, {.method = method, .min_period = 0.8, .max_period = 10.0});
      const auto b = at(found.boxes.best());
      count += std::fabs(found.boxes.period[b] / period - 1.0) * 30.0 < duration ? 1 : 0;
      snr += found.boxes.depth_snr[b] / 40.0;
    };
    judge(BoxMethod::brute, brute, snr_brute);
    judge(BoxMethod::folding, folding, snr_folding);
  }
  MESSAGE("recovered of 40: brute " << brute << ", folding " << folding << "; mean SNR " << snr_brute << ", " << snr_folding);
  CHECK(brute > 20);
  CHECK(brute < 40);
  CHECK(folding >= brute - 4);  // some five planets at the threshold go either way: two sigma of their difference
  CHECK(snr_folding > 0.985 * snr_brute);
}

TEST_CASE("K2-3: the inner planet, by brute force and by fast folding") {
  ORRERY_NEED_DATA(path, "kepler/EPIC201367065.csv");
  const auto star = flat_star(path, 1.0);
  for (const auto method : {BoxMethod::brute, BoxMethod::folding}) {
    const auto found = box_search({star.t, star.y, {}}, keplerian_durations({.radius = 0.56, .mass = 0.6}), {.method = method,
        .min_period = 1.0});
    const auto b = at(found.boxes.best());
    CHECK(std::fabs(found.boxes.period[b] - 10.0534) < 0.005);  // data README: 10.0534 day, depth 0.00127, of a running median of 49 points
    CHECK(std::fabs(found.boxes.depth[b] - 0.00127) < 0.0002);
  }
}

TEST_CASE("HAT-P-7: the planet of 2.2 days in ten days of one-minute points") {
  ORRERY_NEED_DATA(path, "kepler/kplr010666592-2009131110544_slc.fits");
  const auto star = flat_star(path, 1.5);
  for (const auto method : {BoxMethod::brute, BoxMethod::folding}) {
    const auto found = box_search({star.t, star.y, {}}, keplerian_durations({.radius = 2.0,
        .mass = 1.5}),
        {.method = method,
        .min_period = 1.5, .max_period = 3.0});
    const auto b = at(found.boxes.best());
    // four transits in ten days, a box of a slow ingress; data README: 2.206 day by boxes of 0.15 day, 0.0060 deep
    CHECK(std::fabs(found.boxes.period[b] - 2.2047) < 0.008);
    CHECK(std::fabs(found.boxes.depth[b] - 0.0062) < 0.0006);
  }
}

TEST_CASE("few points, equal values, wrong input, too much, and what is worth a warning") {
  const std::vector<double> t{0, 1, 2.2}, y{1, 1, 0}, flat{1, 1, 1}, same{1, 1, 1}, one{1}, bad{1, std::nan(""), 1}, zero{0.1, 0.0, 0.1};
  const BoxDurations durations{{0.1}};
  CHECK(box_search({t, y, {}}, durations, {.min_period = 0.5, .max_period = 2.0}).boxes.best() >= 0);
  CHECK(box_search({t, flat, {}}, durations, {.min_period = 0.5, .max_period = 2.0}).boxes.depth.front() == 0.0);
  CHECK_THROWS_AS((void)box_search({one, one, {}}, durations), InputError);
  CHECK_THROWS_AS((void)box_search({t, bad, {}}, durations), InputError);
  CHECK_THROWS_AS((void)box_search({t, y, zero}, durations), InputError);
  CHECK_THROWS_WITH_AS((void)box_search({same, y, {}}, durations), "box_search: expected times that differ, got one time", InputError);
  CHECK_THROWS_AS((void)box_search({t, y, {}}, durations, {.method = BoxMethod::folding, .period = {1.0}}), InputError);
  CHECK_THROWS_AS((void)box_search({t, y, {}}, durations, {.period = {1.0}, .min_period = 1.0}), InputError);
  CHECK_THROWS_AS((void)box_search({t, y, {}}, {{1e-9}}, {.min_period = 0.01}), InputError);
  const auto sky = observe(0.0, 200.0, 1.0, 1e-3, {}, 5);
  const auto quick = box_search(sky.view(), {{0.05}}, {.min_period = 0.4, .max_period = 2.0});
  REQUIRE(quick.warnings.size() == 1);
  CHECK(quick.warnings[0].find("shorter than the cadence") != std::string::npos);
  CHECK(box_search(sky.view(), {{0.5}}, {.min_period = 5.0}).warnings.empty());
}
