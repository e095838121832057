#include "orrery/period/clean.hpp"

#include <algorithm>
#include <cmath>
#include <complex>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "orrery/period/period_oracle.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::period;

namespace {

using Number = std::complex<long double>;
constexpr long double kTurn = 6.283185307179586476925286766559005768L;

Number sum(const std::vector<double>& t, const std::vector<long double>& v, long double f, long double epoch) {
  Number s = 0;
  for (std::size_t i = 0; i < t.size(); ++i) s += v[i] * std::polar(1.0L, -kTurn * f * (t[i] - epoch));
  return s;
}

/// The paper's loop, written with every W computed anew from the times in long double.
struct Plain {
  std::vector<Number> dirty, residual, component;
};
Plain plain(const oracle::Sky& sky, double step, int top, double gain, int iterations, double epoch) {
  std::vector<long double> w, wy;
  long double total = 0, mean = 0;
  for (const double s : sky.sigma) w.push_back(1 / ((long double)s * s)), total += w.back();
  for (std::size_t i = 0; i < w.size(); ++i) w[i] /= total, mean += w[i] * sky.y[i];
  for (std::size_t i = 0; i < w.size(); ++i) wy.push_back(w[i] * (sky.y[i] - mean));
  Plain out;
  for (int k = 0; k <= top; ++k) out.dirty.push_back(sum(sky.t, wy, (long double)step * k, epoch));
  out.residual = out.dirty;
  out.component.assign(out.dirty.size(), 0);
  for (int i = 0; i < iterations; ++i) {
    const auto lower = [](Number a, Number b) { return std::norm(a) < std::norm(b); };
    const auto peak = std::max_element(out.residual.begin(), out.residual.end(), lower);
    const long p = peak - out.residual.begin();
    const Number w2 = sum(sky.t, w, 2 * (long double)step * p, epoch);
    const Number a = (long double)gain * (*peak - std::conj(*peak) * w2) / (1 - std::norm(w2));
    out.component[std::size_t(p)] += a;
    for (int k = 0; k <= top; ++k) {
      const auto window = [&](long m) { return sum(sky.t, w, (long double)step * m, epoch); };
      out.residual[std::size_t(k)] -= a * window(k - p) + std::conj(a) * window(k + p);
    }
  }
  return out;
}

oracle::Sky nights(Index n, std::uint64_t seed, double noise) {
  Random random(seed);
  oracle::Sky sky;
  for (Index i = 0; i < n; ++i) {
    sky.t.push_back(double(random.index(60)) + 0.3 * random.uniform());
    sky.sigma.push_back(0.5 + random.uniform());
    const double a = double(kTurn) * 2.31 * sky.t.back(), b = double(kTurn) * 3.87 * sky.t.back() + 1;
    sky.y.push_back(5 + std::sin(a) + 0.4 * std::sin(b) + noise * random.normal());
  }
  return sky;
}

}  // namespace

TEST_CASE("spectra and components are those of the paper's loop in long double") {
  const auto sky = nights(60, 1, 0.2);
  const double step = 0.004;
  for (const double gain : {0.3, 1.0}) {
    const auto mine = clean(sky.view(), 3.0, step, {.gain = gain, .iterations = 12});
    CHECK(mine.iterations == 12);
    const auto truth = plain(sky, step, int(mine.grid.count) - 1, gain, 12, mine.epoch);
    for (std::size_t k = 0; k < truth.dirty.size(); k += 7) {
      const auto off = [&](double re, double im, Number z) { return std::abs(Number(re, im) - z); };
      CHECK(off(mine.dirty_re[k], mine.dirty_im[k], truth.dirty[k]) < 1e-10);  // sums to 1e-11
      CHECK(off(mine.residual_re[k], mine.residual_im[k], truth.residual[k]) < 1e-8);  // 12 steps, each over 1 - |W|^2
      CHECK(off(mine.component_re[k], mine.component_im[k], truth.component[k]) < 1e-8);
    }
  }
}

TEST_CASE("two sinusoids under a daily window: aliases go, the two stay, with their amplitudes") {
  const auto sky = nights(400, 2, 0.1);
  const auto found = clean(sky.view(), 8.0, 0.004, {.gain = 0.2, .iterations = 400, .floor = 0.03});
  const auto highest = [&](const std::vector<double>& a, double f) {
    const auto k = Index(std::lround(f / 0.004));
    return *std::max_element(a.begin() + k - 4, a.begin() + k + 5);
  };
  // Mean and errors are unequal: 4 % for 400 points of noise 0.1 and the grid's distance from the peak.
  CHECK(std::fabs(highest(found.amplitude, 2.31) - 1.0) < 0.05);
  CHECK(std::fabs(highest(found.amplitude, 3.87) - 0.4) < 0.05);
  for (const double alias : {1.31, 3.31, 4.31, 0.31, 2.87, 4.87}) {
    CAPTURE(alias);
    CHECK(highest(found.amplitude, alias) < 0.1);
  }
  for (const double alias : {1.31, 3.31}) CHECK(highest(found.dirty_amplitude, alias) > 0.5);  // the control: they were there
  CHECK(found.iterations < 400);
  CHECK(2.0 * std::hypot(found.residual_re[100], found.residual_im[100]) <= 0.03);
}

TEST_CASE("a noiseless pair on the grid: the components are the two lines and the mean, nothing is left") {
  const auto sky = nights(300, 5, 0.0);
  const double step = 0.003;  // 2.31 and 3.87 are its multiples 770 and 1290
  const auto found = clean(sky.view(), 5.0, step, {.gain = 0.5, .iterations = 500});
  double left = 0.0, stray = 0.0;
  for (Index k = 0; k < found.grid.count; ++k) {
    left = std::max(left, std::hypot(found.residual_re[at(k)], found.residual_im[at(k)]));
    const double line = 2.0 * std::hypot(found.component_re[at(k)], found.component_im[at(k)]);
    if (k == 770) CHECK(std::fabs(line - 1.0) < 1e-3);
    else if (k == 1290) CHECK(std::fabs(line - 0.4) < 1e-3);
    else if (k > 0) stray = std::max(stray, line);
  }
  CHECK(left < 1e-4);  // the control below: 0.2 after 2 rounds, which only began
  CHECK(stray < 1e-2);
  // The phase counts from the epoch: sin(2 pi f (t - epoch) + x) has the line (sin x - i cos x) / 2.
  const double x = double(kTurn) * std::remainder(2.31 * found.epoch, 1.0);
  CHECK(std::fabs(found.component_re[770] - 0.5 * std::sin(x)) < 1e-3);
  CHECK(std::fabs(found.component_im[770] + 0.5 * std::cos(x)) < 1e-3);
  const auto begun = clean(sky.view(), 5.0, step, {.gain = 0.5, .iterations = 2});
  CHECK(std::hypot(begun.residual_re[1290], begun.residual_im[1290]) > 0.1);
}

TEST_CASE("no iteration leaves the dirty spectrum; the task gives the same; lines without a beam") {
  const auto sky = nights(200, 3, 0.1);
  const auto none = clean(sky.view(), 5.0, 0.004, {.iterations = 0});
  CHECK(none.amplitude == none.dirty_amplitude);
  const auto whole = clean(sky.view(), 5.0, 0.004, {.iterations = 50});
  Budget budget;
  Job job(budget, clean_task(budget, sky.view(), 5.0, 0.004, {.iterations = 50}));
  int slices = 1;
  while (!job.step(0.0)) ++slices;
  CHECK(slices > 50);
  CHECK(job.result().amplitude == whole.amplitude);
  const auto lines = clean(sky.view(), 5.0, 0.004, {.iterations = 50, .restore = false});
  CHECK(lines.component_re == whole.component_re);
  CHECK(lines.amplitude != whole.amplitude);
  CHECK(close(whole.beam, 0.187 / 60.0 * 2.0, {.rtol = 0.35}));  // FWHM 1.2 / T of a box, T = 60 days: 0.0086 per day
  std::vector<double> flat(sky.t.size(), 2.0);
  CHECK(clean({sky.t, flat, {}}, 5.0, 0.004).iterations == 0);
}

TEST_CASE("bad input") {
  const auto sky = nights(50, 3, 0.1);
  CHECK_THROWS_AS((void)clean(sky.view(), 5.0, 0.01), InputError);
  CHECK_THROWS_AS((void)clean(sky.view(), 0.0, 0.001), InputError);
  CHECK_THROWS_AS((void)clean(sky.view(), 5.0, 0.0), InputError);
  CHECK_THROWS_AS((void)clean(sky.view(), 5.0, 1e-8), InputError);
  CHECK_THROWS_AS((void)clean(sky.view(), 5.0, 0.004, {.gain = 0.0}), InputError);
  CHECK_THROWS_AS((void)clean(sky.view(), 5.0, 0.004, {.iterations = -1}), InputError);
  const std::vector<double> same(50, 1.0), one{1.0};
  CHECK_THROWS_AS((void)clean({same, sky.y, {}}, 5.0, 0.004), InputError);
  CHECK_THROWS_AS((void)clean({one, one, {}}, 5.0, 0.004), InputError);
}
