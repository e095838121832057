#include "orrery/period/lomb_scargle.hpp"

#include <algorithm>
#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/period/period_oracle.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::period;

namespace {

const std::vector<double> kT{0, 1.3, 2.1, 4.7, 5.9, 7.2, 8.8, 11.1, 12.4, 15};
const std::vector<double> kY{1.2, -.3, .8, -1.1, .5, .9, -.7, .2, 1, -.4};
const std::vector<double> kDy{.1, .2, .15, .1, .3, .2, .1, .25, .2, .15};
const std::vector<double> kF{.05, .1, .2, .37, .5};
const SeriesView kTen{kT, kY, kDy};

std::vector<double> golden(LombScargleOptions options) { return lomb_scargle(kTen, kF, options); }

}  // namespace

TEST_CASE("golden values of ten points, all normalisations (computed with astropy 5.2, 12 digits)") {
  const auto standard = golden({});
  const std::vector<double> expected{.361495940151, .377143372847, .303961937719, .232357403775, .787028674305};
  CHECK(max_difference(standard, expected) < 1e-12);  // as many digits as are given
  const auto model = golden({.normalization = Normalization::model});
  CHECK(close(model[0], .566160754304, {.atol = 1e-12}));
  CHECK(close(model[4], 3.69546779003, {.atol = 1e-11}));
  const auto log = golden({.normalization = Normalization::log});
  CHECK(close(log[0], .448627245113, {.atol = 1e-12}));
  CHECK(close(log[4], 1.54659774349, {.atol = 1e-11}));
  const auto psd = golden({.normalization = Normalization::psd});
  CHECK(close(psd[0], 72.3690289803, {.atol = 1e-10}));
  CHECK(close(psd[4], 157.557788658, {.atol = 1e-9}));
  const auto no_mean = golden({.fit_mean = false});
  CHECK(close(no_mean[0], .345733943841, {.atol = 1e-12}));
  CHECK(close(no_mean[4], .694579164768, {.atol = 1e-12}));
  const auto two = golden({.harmonics = 2});
  const std::vector<double> expected_two{.537314002333, .594738590485, .708329780713, .549260920147, .882889026247};
  CHECK(max_difference(two, expected_two) < 1e-12);
}

TEST_CASE("property: agrees with long-double normal equations for every K, with and without mean and centring") {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const auto sky = oracle::sky(60, 80.0, 0.37, seed);
    Random random(seed, 1);
    std::vector<double> f(40);
    for (double& v : f) v = random.uniform(0.05, 6.0);  // above 4 / T: the normal matrix is well conditioned
    const LombScargleOptions options{.harmonics = 1 + int(seed % 8), .fit_mean = seed % 3 != 0, .center_data = seed % 2 == 0};
    const auto power = lomb_scargle(sky.view(), f, options);
    for (std::size_t i = 0; i < f.size(); ++i) {
      CAPTURE(seed);
      CAPTURE(f[i]);
      const double exact = oracle::standard(sky.view(), f[i], options.harmonics, options.fit_mean, options.center_data);
      // 60 rounded terms of 1e-16 each, amplified by the condition of a 17 x 17 matrix on 60 points (below 1e4).
      CHECK(std::fabs(power[i] - exact) < 1e-11);
    }
  }
}

TEST_CASE("property: blind to an offset, a time shift, the order of points, the unit of y; a Task gives the same bits") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    auto sky = oracle::sky(50, 30.0, 1.3, seed);
    for (double& t : sky.t) t = std::round(t * 1048576.0) / 1048576.0;  // exact again after adding a Julian date
    std::vector<double> f;
    for (int k = 1; k < 500; ++k) f.push_back(0.02 * k);
    const auto before = lomb_scargle(sky.view(), f, {.threads = 1});
    auto moved = sky;
    for (double& t : moved.t) t += 2450000.0;
    for (double& y : moved.y) y = 1000.0 * (y + 7.0);
    for (double& s : moved.sigma) s *= 1000.0;
    std::reverse(moved.t.begin(), moved.t.end());
    std::reverse(moved.y.begin(), moved.y.end());
    std::reverse(moved.sigma.begin(), moved.sigma.end());
    CHECK(max_difference(before, lomb_scargle(moved.view(), f)) < 1e-11);
    CHECK(max_difference(before, lomb_scargle(sky.view(), f, {.threads = 2})) == 0.0);
    Budget budget;
    Job job(budget, lomb_scargle_task(budget, sky.view(), f, {}));
    while (!job.step(0.0)) {}
    CHECK(max_difference(before, job.result()) == 0.0);
  }
}

TEST_CASE("standard power stays in [0, 1] and is finite where the sampling is blind") {
  std::vector<double> t, y, f;
  for (int i = 0; i < 40; ++i) t.push_back(i), y.push_back(i % 2 == 0 ? 1.0 : -1.0 + 0.01 * i);
  for (int k = 1; k <= 400; ++k) f.push_back(0.0125 * k);  // hits 1/2, 1, 3/2, ... where sine or everything vanishes
  for (int harmonics = 1; harmonics <= 4; ++harmonics) {
    for (const bool fit_mean : {true, false}) {
      for (const double p : lomb_scargle({t, y, {}}, f, {.harmonics = harmonics, .fit_mean = fit_mean})) {
        CHECK(p >= 0.0);
        CHECK(p <= 1.0);
      }
    }
  }
  const std::vector<double> nyquist{0.5, 1.0};
  const auto blind = lomb_scargle({t, y, {}}, nyquist);
  CHECK(blind[0] > 0.9);            // only cos(pi t) = +-1 is left, and it explains the alternation
  CHECK(blind[1] == doctest::Approx(0.0));  // f = 1 / cadence is a constant
  const std::vector<double> flat(40, 5.0);
  for (const double p : lomb_scargle({t, flat, {}}, f)) CHECK(p == 0.0);
}

TEST_CASE("a tenth of a turn in all, to eight harmonics: the power of polynomials of degree 2K") {
  // 1e-11: what the sums may lose before the basis takes over (condition 1e-5).
  for (const int harmonics : {1, 2, 3, 4, 8}) {
    CAPTURE(harmonics);
    const auto sky = oracle::sky(200, 50.0, 0.11, std::uint64_t(harmonics));
    for (const double turns : {1e-3, 0.02, 0.1, 0.5, 0.9}) {
      CAPTURE(turns);
      const double f = turns / 50.0;
      const double power = lomb_scargle(sky.view(), std::span(&f, 1), {.harmonics = harmonics})[0];
      CHECK(std::fabs(power - oracle::by_real_powers(sky.view(), f, harmonics)) < 1e-11);
    }
  }
}

TEST_CASE("control: normal equations in double would be wrong there") {
  const auto sky = oracle::sky(200, 50.0, 0.11, 4);
  const double exact = oracle::by_real_powers(sky.view(), 0.1 / 50.0, 4), naive = oracle::standard(sky.view(), 0.1L / 50.0L, 4, true, true);
  CHECK(std::fabs(exact - naive) > 1e-6);  // even in long double
}

TEST_CASE("normalisations convert there and back") {
  for (const auto normalization : {Normalization::standard, Normalization::model, Normalization::log, Normalization::psd}) {
    for (const double p : {0.0, 1e-12, 0.3, 0.999}) {
      CHECK(close(standard_power(normalized_power(p, normalization, 42.0), normalization, 42.0), p, {.rtol = 1e-12, .atol = 1e-16}));
    }
  }
  CHECK(close(reference_chi2(kTen), 2 * 157.557788658 / .787028674305, {.rtol = 1e-11}));
}

TEST_CASE("bad input is refused before any work, with a reason") {
  const std::vector<double> zero{0.0};
  const auto refused = [](auto&& call) {
    try {
      call();
    } catch (const InputError& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  CHECK(refused([&] { (void)lomb_scargle(kTen, zero); }).find("frequencies > 0, got 0 at index 0") != std::string::npos);
  CHECK(refused([&] { (void)lomb_scargle(kTen, kF, {.harmonics = 9}); }).find("1 to 8 harmonics, got 9") != std::string::npos);
  CHECK(refused([&] { (void)lomb_scargle(kTen, kF, {.harmonics = 5}); }).find("at least 12 points, got 10") != std::string::npos);
  const std::vector<double> tiny(10, 1e-200);
  CHECK(refused([&] { (void)lomb_scargle({kT, kY, tiny}, kF); }).find("squares") != std::string::npos);
  const std::vector<double> huge{1e200, -1e200, 1, 2, 3, 4, 5, 6, 7, 8};
  CHECK(refused([&] { (void)lomb_scargle({kT, huge, {}}, kF); }).find("squares") != std::string::npos);
}
