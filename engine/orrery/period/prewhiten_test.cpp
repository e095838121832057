#include "orrery/period/prewhiten.hpp"

#include <algorithm>
#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "orrery/data/read_series.hpp"
#include "orrery/period/false_alarm.hpp"
#include "orrery/period/lomb_scargle_fast.hpp"
#include "orrery/period/period_oracle.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::period;

namespace {

struct Truth {
  double frequency, amplitude, phase;
};
constexpr Truth kModes[] = {{5.734, 1.0, 0.1}, {6.9218, 0.6, 0.7}, {11.468, 0.35, 0.4}, {7.02, 0.2, 0.9}, {3.117, 0.12, 0.55}};

/// A delta Scuti star from one observatory: nights of six hours in three seasons of 100 days, 1500 points.
oracle::Sky nights(std::uint64_t seed, double noise, double epoch = 0.0, Index n = 1500) {
  Random random(seed);
  oracle::Sky sky;
  for (Index i = 0; i < n; ++i) {
    sky.t.push_back(epoch + 365.25 * double(random.index(3)) + double(random.index(100)) + 0.25 * random.uniform());
    sky.sigma.push_back(noise);
    double y = 9.0 + noise * random.normal();
    for (const auto& m : kModes) y += m.amplitude * std::sin(6.283185307179586 * (m.frequency * (sky.t.back() - epoch) + m.phase));
    sky.y.push_back(y);
  }
  return sky;
}

constexpr FrequencyGrid kGrid{0.5, 0.0002, 75000};  // to 15.5 per day, five points a peak

}  // namespace

TEST_CASE("five modes under daily and yearly aliases: all found, in order, within their errors, and nothing more") {
  const auto sky = nights(1, 0.15);
  const auto found = prewhiten(sky.view(), kGrid);
  REQUIRE(found.modes.size() == 5);
  CHECK(found.stop == PrewhitenStop::snr);
  for (std::size_t j = 0; j < 5; ++j) {
    CAPTURE(j);
    const auto& m = found.modes[j];
    const double turns = kModes[j].frequency * found.epoch + kModes[j].phase;
    const double phase = turns - std::floor(turns), off = m.phase - phase;
    // Four sigma in 15 numbers: false-alarm rate 1e-3, at a fixed seed.
    CHECK(std::fabs(m.frequency - kModes[j].frequency) < 4 * m.frequency_error);
    CHECK(std::fabs(m.amplitude - kModes[j].amplitude) < 4 * m.amplitude_error);
    CHECK(std::fabs(off - std::round(off)) < 4 * m.phase_error);
    CHECK(m.snr > 4);
    CHECK(m.log10_false_alarm < -3);
  }
  // chi2 of what is left: dof +- 4.5 sqrt(2 dof)
  CHECK(std::fabs(found.chi2 - double(found.dof)) < 4.5 * std::sqrt(2.0 * double(found.dof)));
  const auto model = mode_model(found, sky.t);
  for (std::size_t i = 0; i < model.size(); i += 37) CHECK(std::fabs(sky.y[i] - model[i] - found.residual[i]) < 1e-9);
}

TEST_CASE("errors are those of Montgomery and O'Donoghue for white noise, and right over many stars") {
  double squares[3] = {0, 0, 0};
  constexpr int kStars = 60;
  for (int s = 0; s < kStars; ++s) {
    Random random(std::uint64_t(s) + 500);
    oracle::Sky sky;
    const double f = 1.37, a = 1.0, noise = 0.8;
    for (int i = 0; i < 300; ++i) {
      sky.t.push_back(0.1 * i + 0.01 * random.uniform());
      sky.sigma.push_back(noise);
      sky.y.push_back(a * std::sin(6.283185307179586 * f * sky.t.back()) + noise * random.normal());
    }
    const auto found = prewhiten(sky.view(), {0.2, 0.006, 700}, {.max_modes = 1});
    REQUIRE(found.modes.size() == 1);
    const auto& m = found.modes[0];
    CHECK(close(m.amplitude_error, std::sqrt(2.0 / 300) * noise, {.rtol = 0.25}));  // chi2_r of 300 points: 8 % sigma, and edges
    CHECK(close(m.frequency_error, std::sqrt(6.0 / 300) * noise / (3.141592653589793 * 30 * m.amplitude), {.rtol = 0.25}));
    const double turns = f * found.epoch, off = m.phase - (turns - std::floor(turns));
    const double pulls[] = {(m.frequency - f) / m.frequency_error, (m.amplitude - a) / m.amplitude_error,
                            (off - std::round(off)) / m.phase_error};
    for (int k = 0; k < 3; ++k) squares[k] += pulls[k] * pulls[k] / kStars;
  }
  // Mean square of 60 standard normals: 1 +- 0.18; 4 sigma each.
  for (const double mean : squares) CHECK(std::fabs(mean - 1.0) < 0.75);
}

TEST_CASE("noise alone: nothing is found (negative control), and every way to stop says so") {
  Index modes = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    auto sky = nights(seed, 0.3, 0.0, 400);
    Random random(seed + 77);
    for (double& y : sky.y) y = random.normal();
    modes += ssize(prewhiten(sky.view(), {0.5, 0.0005, 20000}, {.min_snr = 0.0, .max_false_alarm = 1e-3}).modes);
  }
  CHECK(modes <= 1);  // 10 series at 1e-3 each: two or more once in 20 000
  const auto sky = nights(2, 0.2, 2450000.5, 600);
  CHECK(prewhiten(sky.view(), kGrid, {.max_modes = 2}).stop == PrewhitenStop::count);
  CHECK(prewhiten(sky.view(), kGrid, {.max_modes = 0}).modes.empty());
  CHECK(prewhiten(sky.view(), kGrid, {.min_snr = 0.0, .max_false_alarm = 1e-6}).stop == PrewhitenStop::false_alarm);
  CHECK(prewhiten(sky.view(), kGrid, {.min_snr = 0.0, .separation = 1e5}).stop == PrewhitenStop::no_peak);
  const auto few = oracle::sky(9, 30, 0.4, 3);
  CHECK(prewhiten(few.view(), {0.1, 0.005, 100}, {.min_snr = 0.0}).stop == PrewhitenStop::too_few_points);
  std::vector<double> flat(sky.t.size(), 3.0);
  CHECK(prewhiten({sky.t, flat, {}}, {0.1, 0.005, 100}).modes.empty());
}

TEST_CASE("a Julian epoch, no errors, and the task: the same modes") {
  const auto a = nights(3, 0.15), b = nights(3, 0.15, 2450000.0);
  const FrequencyGrid grid{2.0, 0.0002, 30000};
  const auto first = prewhiten({a.t, a.y, {}}, grid, {.max_modes = 3}), second = prewhiten({b.t, b.y, {}}, grid, {.max_modes = 3});
  REQUIRE(first.modes.size() == 3);
  REQUIRE(second.modes.size() == 3);
  for (std::size_t j = 0; j < 3; ++j) {
    CHECK(std::fabs(first.modes[j].frequency - second.modes[j].frequency) < 1e-3 * first.modes[j].frequency_error);
    CHECK(close(first.modes[j].amplitude, second.modes[j].amplitude, {.rtol = 1e-6}));  // the dates keep 5e-10 day
  }
  Budget budget;
  Job job(budget, prewhiten_task(budget, {a.t, a.y, {}}, grid, {.max_modes = 3}));
  int slices = 1;
  while (!job.step(0.0)) ++slices;
  CHECK(slices > 20);
  CHECK(job.result().residual == first.residual);
}

TEST_CASE("the fit stands at the minimum to the last digits: the gradient in long double, modes of noise included") {
  const auto sky = nights(6, 0.3, 0.0, 300);
  const FrequencyGrid grid{2.0, 0.0005, 12000};
  const auto found = prewhiten(sky.view(), grid, {.max_modes = 8, .min_snr = 0.0});
  REQUIRE(found.modes.size() == 8);
  const double scale = std::sqrt(found.chi2 / double(found.dof));
  for (const auto& m : found.modes) {
    CAPTURE(m.frequency);
    long double by_amplitude = 0.0L, by_phase = 0.0L, by_frequency = 0.0L;
    for (std::size_t i = 0; i < sky.t.size(); ++i) {
      const long double tau = sky.t[i] - found.epoch, x = 6.283185307179586476925286766559L * (m.frequency * tau + m.phase);
      const long double wr = found.residual[i] / (sky.sigma[i] * sky.sigma[i]);
      by_amplitude += wr * std::sin(x);
      by_phase += wr * m.amplitude * std::cos(x);
      by_frequency += wr * m.amplitude * std::cos(x) * tau;
    }
    // Half the gradient times an error is about how many errors the minimum is away. Rounding of 300 residuals leaves 1e-12.
    const double turn = 6.283185307179586 / scale;
    CHECK(std::fabs(double(by_amplitude)) * m.amplitude_error / scale < 1e-10);
    CHECK(std::fabs(double(by_phase)) * m.phase_error * turn < 1e-10);
    CHECK(std::fabs(double(by_frequency)) * m.frequency_error * turn < 1e-10);
  }
  const auto first = lomb_scargle_fast(sky.view(), grid);
  const auto alarm = false_alarm_probability(*std::max_element(first.begin(), first.end()), sky.view(), grid);
  CHECK(close(found.modes[0].log10_false_alarm, alarm.log10_probability, {.rtol = 1e-9}));
}

TEST_CASE("stages are the answers with fewer modes; the noise level is the mean of the box") {
  const auto sky = nights(4, 0.15, 0.0, 500);
  const FrequencyGrid grid{2.0, 0.0005, 12000};
  const auto all = prewhiten(sky.view(), grid, {.max_modes = 4, .min_snr = 0.0, .noise_box = 1.0, .stages = true});
  REQUIRE(all.stages.size() == 5);
  for (const Index n : {0, 1, 3}) {
    const auto alone = prewhiten(sky.view(), grid, {.max_modes = n, .min_snr = 0.0, .noise_box = 1.0});
    const auto& stage = all.stages[at(n)];
    CHECK(stage.residual == alone.residual);
    CHECK(stage.amplitude == alone.amplitude);
    CHECK(stage.modes.size() == alone.modes.size());
    CHECK(stage.chi2 == alone.chi2);
  }
  CHECK(all.stages.back().residual == all.residual);
  CHECK(all.chi2 < 0.1 * all.chi2_0);
  const auto level = noise_level(all.amplitude, grid, 1.0);
  for (const Index k : {0, 700, 6000, 11999}) {
    const Index from = std::clamp<Index>(k - 1000, 0, 12000 - 2001);  // 1 per day: 1000 steps on each side
    double sum = 0.0;
    for (Index i = from; i <= from + 2000; ++i) sum += all.amplitude[at(i)];
    CHECK(close(level[at(k)], sum / 2001.0, {.rtol = 1e-11}));
  }
  const auto& mode = all.modes[1];
  CHECK(close(mode.snr, mode.amplitude / level[at(Index(std::lround((mode.frequency - grid.first) / grid.step)))], {.rtol = 1e-9}));
}

TEST_CASE("relations: harmonics, combinations and halves are named, a near miss is not, close pairs are flagged") {
  const auto mode = [](double frequency, double error) { return Mode{.frequency = frequency, .frequency_error = error, .amplitude = 1.0}; };
  // T = 100 days: 0.001 is near enough, whatever the errors.
  std::vector<Mode> modes = {mode(5.0, 1e-4), mode(7.3, 1e-4), mode(10.0004, 1e-4), mode(12.301, 5e-4),
                             mode(2.3, 1e-4), mode(9.6, 1e-4), mode(2.5, 1e-4),     mode(12.3025, 1e-4),
                             mode(1.37, 1e-4), mode(5.01, 1e-4), mode(8.67, 1e-4)};
  relate_modes(modes, 100.0);
  const char* expected[] = {"", "", "2 f1", "f1 + f2", "f2 - f1", "2 f2 - f1", "f1 / 2", "", "", "", "f2 + f9"};
  for (std::size_t j = 0; j < modes.size(); ++j) {
    CAPTURE(j);
    CHECK(modes[j].relation == expected[j]);
  }
  for (std::size_t j = 0; j < modes.size(); ++j) {
    CAPTURE(j);
    CHECK(modes[j].resolved == (j != 0 && j != 9 && j != 3 && j != 7));  // 5.0 and 5.01; 12.301 and 12.3025
  }
  std::vector<Mode> vague = {mode(5.0, 1e-4), mode(15.02, 1e-2)};  // within three sigma of 3 f1, but beyond half of 1 / T
  relate_modes(vague, 100.0);
  CHECK(vague[1].relation.empty());
}

TEST_CASE("without noise: the two sinusoids to rounding") {
  auto sky = nights(7, 0.1, 2450000.0, 200);
  for (std::size_t i = 0; i < sky.t.size(); ++i) {
    const double t = sky.t[i] - 2450000.0;
    sky.y[i] = 1e3 + std::sin(6.283185307179586 * 3.3 * t) + 0.3 * std::cos(6.283185307179586 * 5.21 * t);
  }
  const auto found = prewhiten(sky.view(), {2.0, 0.0005, 12000}, {.max_modes = 2});
  REQUIRE(found.modes.size() == 2);
  CHECK(std::fabs(found.modes[0].frequency - 3.3) < 1e-12);
  CHECK(std::fabs(found.modes[1].frequency - 5.21) < 1e-12);
  for (const double r : found.residual) CHECK(std::fabs(r) < 1e-8);  // t keeps 5e-10 day, y 1e-13
}

TEST_CASE("bad input") {
  const auto sky = oracle::sky(50, 30, 0.4, 3);
  const FrequencyGrid grid{0.1, 0.005, 100};
  CHECK_THROWS_AS((void)prewhiten(oracle::sky(3, 30, 0.4, 3).view(), grid), InputError);
  CHECK_THROWS_AS((void)prewhiten(sky.view(), {0.0, 0.1, 5}), InputError);
  CHECK_THROWS_AS((void)prewhiten(sky.view(), grid, {.max_modes = -1}), InputError);
  CHECK_THROWS_AS((void)prewhiten(sky.view(), grid, {.min_snr = NAN}), InputError);
  const std::vector<double> same(50, 1.0);
  CHECK_THROWS_AS((void)prewhiten({same, sky.y, {}}, grid), InputError);
  CHECK_THROWS_AS((void)noise_level(same, grid, 1.0), InputError);
  CHECK_THROWS_AS((void)noise_level(std::vector<double>(100, 1.0), grid, 0.0), InputError);
}

TEST_CASE("HD 40307: the three small planets come out one after the other") {
  ORRERY_NEED_DATA(path, "rv/systemic/HD40307_1_3.6M.vels");
  const auto read = data::read_series_file(path);
  const auto found = prewhiten(read.series.view(), {0.02, 0.0001, 3800}, {.max_modes = 4, .min_snr = 0.0});
  for (const double period : {4.311, 9.62, 20.43}) {
    CAPTURE(period);
    const auto is_it = [&](const Mode& m) { return std::fabs(1.0 / m.frequency / period - 1.0) < 0.01; };
    CHECK(std::any_of(found.modes.begin(), found.modes.end(), is_it));
  }
}

TEST_CASE("LINEAR 11375941: an RR Lyrae's harmonics are modes at whole multiples") {
  ORRERY_NEED_DATA(path, "linear/LINEAR_11375941.csv");
  const auto read = data::read_series_file(path);
  const auto found = prewhiten(read.series.view(), {1.0, 0.00005, 600000}, {.max_modes = 3});
  REQUIRE(found.modes.size() >= 2);
  CHECK(std::fabs(24.0 / found.modes[0].frequency - 2.58014) < 1e-4);  // hours: VanderPlas 2018, ApJS 236, 16
  const auto& m = found.modes[1];
  CHECK(m.relation == "2 f1");
  CHECK(std::fabs(m.frequency - 2 * found.modes[0].frequency) < 4 * m.frequency_error);
}
