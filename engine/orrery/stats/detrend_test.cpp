#include "orrery/stats/detrend.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <vector>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::stats;
using Real = long double;
using enum DetrendMethod;

namespace {

struct Curve {
  std::vector<double> t, y;
  std::vector<std::uint8_t> masked;
};

/// A spotted star with a transit, flares, gaps, equal times and equal values.
Curve curve(int n, std::uint64_t seed) {
  Random random(seed);
  Curve c;
  double now = 2457000.0;
  for (int i = 0; i < n; ++i) {
    now += random.uniform() < 0.01 ? 3.0 : random.uniform() < 0.02 ? 0.0 : 0.02 * (0.5 + random.uniform());
    const double phase = std::fmod(now, 3.3);
    double y = 1.0 + 0.01 * std::sin(now) + 0.001 * random.normal() - (phase < 0.15 ? 0.01 : 0.0);
    if (random.uniform() < 0.01) y += 0.2 * random.uniform();
    if (random.uniform() < 0.05) y = 1.0;
    c.t.push_back(now);
    c.y.push_back(y);
    c.masked.push_back(phase < 0.15 ? 1 : 0);
  }
  return c;
}

Real middle(std::vector<Real> v) {
  std::sort(v.begin(), v.end());
  const auto n = v.size();
  return n % 2 == 1 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}
Real distance(const std::vector<Real>& v, Real from) {
  std::vector<Real> d;
  for (const Real x : v) d.push_back(std::fabs(x - from));
  return middle(d);
}

/// Plain reweighting to 1e-15 of the scale.
template <class Weight>
Real reweighted(const std::vector<Real>& v, Real m, bool own_scale, const Weight& weight) {
  for (int round = 0; round < 5000; ++round) {
    const Real scale = own_scale ? distance(v, m) / 0.674489750196081743L : 1.0L;
    if (scale == 0.0L) return m;
    Real sum = 0, total = 0;
    for (const Real x : v) {
      const Real w = weight((x - m) / scale);
      sum += w * (x - m);
      total += w;
    }
    const Real step = sum / total;
    m += step;
    if (std::fabs(step) < 1e-17L) break;
  }
  return m;
}

Real square(Real x) { return x * x; }

Real mean_of(const std::vector<Real>& v) { return std::accumulate(v.begin(), v.end(), Real(0)) / static_cast<Real>(v.size()); }

/// Huber's proposal 2 by 3000 plain rounds.
Real huber_oracle(const std::vector<Real>& v, Real m, Real mad) {
  const Real n = v.size(), c = 1.5L, inside = std::erf(c / std::sqrt(2.0L));
  const Real gamma = inside + c * c * (1 - inside) - 2 * c * std::exp(-c * c / 2) / std::sqrt(2 * std::numbers::pi_v<Real>);
  Real at_m = m, scale = mad / 0.674489750196081743L;
  for (int round = 0; round < 3000; ++round) {
    Real clipped = 0, squares = 0, out = 0;
    for (const Real x : v) clipped += std::clamp(x, at_m - c * scale, at_m + c * scale) / n;
    for (const Real x : v) {
      const bool in = std::fabs(x - at_m) <= c * scale;
      squares += in ? square(x - clipped) : 0;
      out += in ? 0 : 1;
    }
    const Real below = (n - 1) * gamma - out * c * c;
    if (!(below > 0) || !(squares > 0)) return m;
    at_m = clipped;
    scale = std::sqrt(squares / below);
  }
  return at_m;
}

/// Those that need no scale, or find their own.
Real plain_oracle(DetrendMethod method, std::vector<Real> v) {
  std::sort(v.begin(), v.end());
  const auto n = v.size(), cut = static_cast<std::size_t>(0.1 * static_cast<double>(n));
  std::vector<Real> values;
  for (std::size_t i = 0; i < n; ++i) {
    if (method == trimmed_mean && i >= cut && i < n - cut) values.push_back(v[i]);
    if (method == winsorized_mean) values.push_back(std::clamp(v[i], v[cut], v[n - 1 - cut]));
    for (std::size_t j = i; method == hodges_lehmann && j < n; ++j) values.push_back((v[i] + v[j]) / 2);
  }
  if (method == median) return middle(v);
  if (method == mean) return mean_of(v);
  if (method == hodges_lehmann) return middle(values);
  if (method == ramsay) return reweighted(v, mean_of(v), true, [](Real z) { return std::exp(-0.3L * std::fabs(z)); });
  if (method != hampel) return mean_of(values);
  return reweighted(v, mean_of(v), true, [](Real z) -> Real {
    const Real a = std::fabs(z);
    return a <= 1.7L ? 1.0L : a <= 3.4L ? 1.7L / a : a < 8.5L ? 1.7L * (8.5L - a) / (a * 5.1L) : 0.0L;
  });
}

/// Location of a window, from the definitions in the header, in long double.
Real oracle(DetrendMethod method, const std::vector<Real>& v) {
  for (const auto plain : {median, mean, trimmed_mean, winsorized_mean, hodges_lehmann, hampel, ramsay}) {
    if (method == plain) return plain_oracle(method, v);
  }
  const Real m = middle(v), mad = distance(v, m), n = v.size();
  Real sum = 0, total = 0;
  if (mad == 0) return m;
  if (method == huber) return huber_oracle(v, m, mad);
  if (method == hampel_filter) {
    for (const Real x : v) sum += (std::fabs(x - m) >= 3 * mad ? m : x) / n;
    return sum;
  }
  if (method == huber_psi) {
    for (const Real x : v) {
      total += std::fabs(x - m) <= 1.28L * mad ? 1 : 0;
      sum += std::clamp((x - m) / mad, -1.28L, 1.28L);
    }
    return m + mad * sum / total;
  }
  const auto tukey = [](Real u) -> Real { return std::fabs(u) < 1 ? square(1 - u * u) : 0; };
  if (method == tau) {
    for (const Real x : v) {
      const Real w = tukey((x - m) / (4.5L * mad / 0.674489750196081743L));
      sum += w * x;
      total += w;
    }
    return sum / total;
  }
  if (method == biweight) return reweighted(v, m, false, [&](Real d) { return tukey(d / (5 * mad)); });
  if (method == andrew_sine) return reweighted(v, m, false, [&](Real d) -> Real {
    const Real u = d / (Real(1.339) * mad);
    return u == 0 ? 1 : std::fabs(u) < std::numbers::pi_v<Real> ? std::sin(u) / u : 0;
  });
  return reweighted(v, m, false, [&](Real d) -> Real {
    const Real u = d / (Real(2.11) * mad);
    return std::fabs(u) < 1 ? std::exp(-u * u / 2) : 0;
  });
}

constexpr DetrendMethod kSliders[] = {biweight, andrew_sine, welsch, hodges_lehmann, median, mean, trimmed_mean, winsorized_mean,
                                      hampel_filter, huber_psi, tau, huber, hampel, ramsay};

/// Trend by looking at every window anew.
std::vector<double> brute(const Curve& c, const DetrendOptions& o, bool masks) {
  const double gap = o.break_tolerance.value_or(o.window / 2);
  std::vector<double> trend(c.t.size(), std::nan(""));
  for (std::size_t i = 0; i < c.t.size(); ++i) {
    std::size_t a = i, b = i;
    while (a > 0 && (gap == 0.0 || c.t[a] - c.t[a - 1] <= gap)) --a;
    while (b + 1 < c.t.size() && (gap == 0.0 || c.t[b + 1] - c.t[b] <= gap)) ++b;
    const double edge = std::min(o.edge_cutoff, o.window / 2);
    if (c.t[i] < c.t[a] + edge || c.t[i] > c.t[b] - edge) continue;
    std::vector<Real> window;
    for (std::size_t j = a; j <= b; ++j) {
      if (c.t[j] >= c.t[i] - o.window / 2 && c.t[j] < c.t[i] + o.window / 2 && !(masks && c.masked[j] != 0)) window.push_back(c.y[j]);
    }
    if (!window.empty()) trend[i] = static_cast<double>(oracle(o.method, window));
  }
  return trend;
}

double worst(const std::vector<double>& a, const std::vector<double>& b) {
  double most = 0.0;
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::isnan(a[i]) != std::isnan(b[i])) return HUGE_VAL;
    if (!std::isnan(a[i])) most = std::max(most, std::fabs(a[i] - b[i]));
  }
  return most;
}

}  // namespace

TEST_CASE("sliders against every window in long double") {
  const auto c = curve(kSanitized ? 150 : 500, 5);
  for (const auto method : kSliders) {
    for (const double window : {0.15, 1.0}) {
      for (const bool masks : {false, true}) {
        DetrendOptions o{.method = method, .window = window, .edge_cutoff = masks ? 0.1 : 0.0};
        if (masks) o.break_tolerance = 0.0;
        CAPTURE(kDetrendNames[static_cast<std::size_t>(method)]);
        CAPTURE(window);
        const auto ours = detrend(c.t, c.y, masks ? std::span<const std::uint8_t>(c.masked) : std::span<const std::uint8_t>{}, o);
        // The fixed points stop at 1e-9 of the scale of the window, which is at most 0.02 here; the others keep rounding only.
        // Slow ones (rate of convergence near 1) stop a hundred steps early.
        CHECK(worst(ours.trend, brute(c, o, masks)) < 2e-9);
      }
    }
  }
}

TEST_CASE("many windows: the sums of the biweight do not drift, and jumps of the level do not spoil them") {
  Random random(8);
  Curve c;
  for (int i = 0; i < 3000; ++i) {
    c.t.push_back(0.02 * i);
    c.y.push_back((i / 700 % 2 == 0 ? 1.0 : 500.0) + (i < 1500 ? 1e-3 : 30.0) * random.normal());
    if (random.uniform() < 0.02) c.y.back() += 1e6 * random.normal();
  }
  const DetrendOptions o{.method = biweight, .window = 1.0};
  const auto ours = detrend(c.t, c.y, {}, o).trend;
  for (int i = 0; i < 3000; i += 7) {
    std::vector<Real> window;
    for (int j = 0; j < 3000; ++j) {
      if (c.t[j] >= c.t[i] - 0.5 && c.t[j] < c.t[i] + 0.5) window.push_back(c.y[j]);
    }
    const auto scale = static_cast<double>(distance(window, middle(window)));
    CHECK(std::fabs(ours[i] - static_cast<double>(oracle(biweight, window))) < 1e-7 * std::max(1e-3, scale));
  }
}

TEST_CASE("Hodges-Lehmann with many equal values and few") {
  Random random(4);
  for (int n = 1; n < 60; ++n) {
    Curve c;
    std::vector<Real> v;
    for (int i = 0; i < n; ++i) {
      c.t.push_back(0.0);
      c.y.push_back(n % 3 == 0 ? random.normal() : std::floor(4.0 * random.uniform()));
      v.push_back(c.y.back());
    }
    CAPTURE(n);
    const auto trend = detrend(c.t, c.y, {}, {.method = hodges_lehmann, .window = 1.0}).trend;
    CHECK(trend[0] == doctest::Approx(static_cast<double>(oracle(hodges_lehmann, v))).epsilon(1e-14));
  }
}

TEST_CASE("results do not depend on threads, on the order of the points, or on slices") {
  const auto c = curve(700, 9);
  for (const auto method : {biweight, andrew_sine, hodges_lehmann, mean, lowess, spline, savitzky_golay}) {
    const DetrendOptions one{.method = method, .window = method == savitzky_golay ? 31.0 : 1.0, .threads = 1};
    DetrendOptions more = one;
    more.threads = 2;
    const auto a = detrend(c.t, c.y, c.masked, one), b = detrend(c.t, c.y, c.masked, more);
    CHECK(worst(a.trend, b.trend) == 0.0);
    Budget budget;
    Job job(budget, detrend_task(budget, c.t, c.y, c.masked, one));
    while (!job.step(0.05)) {
    }
    CHECK(worst(a.trend, job.result().trend) == 0.0);
    Curve back = c;
    std::reverse(back.t.begin(), back.t.end());
    std::reverse(back.y.begin(), back.y.end());
    std::reverse(back.masked.begin(), back.masked.end());
    auto reversed = detrend(back.t, back.y, back.masked, one).trend;
    std::reverse(reversed.begin(), reversed.end());
    // Points at one time keep the order they came in, so sums are made in another order: rounding.
    CHECK(worst(a.trend, reversed) < (method == savitzky_golay ? 1e-2 : 1e-9));
    const std::vector<double> rows = [&] { auto v = c.y; v.insert(v.end(), c.y.begin(), c.y.end()); return v; }();
    const auto batch = detrend_rows(c.t, row_major(rows, 2, ssize(c.t)), c.masked, more);
    CHECK(worst(batch[0].flat, a.flat) == 0.0);
    CHECK(worst(batch[1].flat, a.flat) == 0.0);
  }
}

TEST_CASE("Savitzky-Golay: a polynomial of its degree comes out as it is, also with a mask and at the ends; weights of 5 points") {
  std::vector<double> t, y;
  std::vector<std::uint8_t> masked;
  for (int i = 0; i < 60; ++i) {
    const double x = i / 30.0;
    t.push_back(i);
    y.push_back(2.0 - x + 3.0 * x * x);
    masked.push_back(i >= 20 && i < 26 ? 1 : 0);
  }
  auto broken = y;
  for (int i = 20; i < 26; ++i) broken[i] = 1e3;  // masked: not seen
  CHECK(worst(detrend(t, y, {}, {.method = savitzky_golay, .window = 11}).trend, y) < 1e-13);
  CHECK(worst(detrend(t, broken, masked, {.method = savitzky_golay, .window = 11}).trend, y) < 1e-12);
  CHECK(worst(detrend(t, y, {}, {.method = savitzky_golay, .window = 201}).trend, y) < 1e-12);
  std::vector<double> one(9, 0.0), nine(t.begin(), t.begin() + 9);
  one[4] = 1.0;
  const auto w = detrend(nine, one, {}, {.method = savitzky_golay, .window = 5, .removal = Removal::difference}).trend;
  const double published[] = {-3.0 / 35, 12.0 / 35, 17.0 / 35, 12.0 / 35, -3.0 / 35};  // Savitzky & Golay 1964, table I
  for (int k = 0; k < 5; ++k) CHECK(w[k + 2] == doctest::Approx(published[k]).epsilon(1e-14));
}

TEST_CASE("lowess and spline: lines and cubics come out as they are; outliers do not pull") {
  std::vector<double> t, line, cubic;
  for (int i = 0; i < 200; ++i) {
    const double x = 0.05 * i;
    t.push_back(x);
    line.push_back(1.0 + 0.1 * x);
    cubic.push_back(1.0 + 0.1 * x - 0.02 * x * x + 0.003 * x * x * x);
  }
  CHECK(worst(detrend(t, line, {}, {.method = lowess, .window = 1.0}).trend, line) < 1e-12);
  CHECK(worst(detrend(t, cubic, {}, {.method = spline, .window = 2.0}).trend, cubic) < 1e-10);
  auto spiked = line;
  for (int i = 10; i < 200; i += 20) spiked[i] += 5.0;
  Random random(2);
  for (auto& v : spiked) v += 1e-6 * random.normal();
  CHECK(worst(detrend(t, spiked, {}, {.method = lowess, .window = 2.0}).trend, line) < 1e-5);   // ten sigma of the noise
  auto noisy = line;
  for (int i = 0; i < 200; ++i) noisy[i] += 1e-3 * random.normal() + (i % 20 == 10 ? 0.05 : 0.0);
  // 50 points a knot; four coefficients share the ends.
  CHECK(worst(detrend(t, noisy, {}, {.method = spline, .window = 2.0}).trend, line) < 2e-3);
  CHECK(worst(detrend(t, spiked, {}, {.method = mean, .window = 2.0}).trend, line) > 0.1);  // and the mean is pulled
}

TEST_CASE("a masked transit keeps its depth, an unmasked one in a short window does not") {
  std::vector<double> t, y;
  std::vector<std::uint8_t> masked;
  for (int i = 0; i < 500; ++i) {
    t.push_back(0.02 * i);
    const bool in = std::fabs(t.back() - 5.0) < 0.2;
    y.push_back((1.0 + 0.01 * std::sin(t.back())) * (in ? 0.99 : 1.0));
    masked.push_back(in ? 1 : 0);
  }
  const DetrendOptions o{.window = 0.6};
  // 0.2 to 0.3 day from the middle, where the window sees, the sine has bent by 2e-4 to 4.5e-4.
  CHECK(std::fabs(detrend(t, y, masked, o).flat[250] - 0.99) < 5e-4);
  CHECK(detrend(t, y, {}, o).flat[250] > 0.999);
}

TEST_CASE("edges, gaps and missing values") {
  const double nan = std::nan("");
  const std::vector<double> t{0, 1, 2, 3, 20, 21, 22, 23}, y{1, 1, nan, 1, 2, 2, 2, 2};
  CHECK_THROWS_AS((void)detrend(t, y, {}, {.window = 4.0}), InputError);
  const auto d = detrend(t, y, {}, {.window = 4.0, .missing = Missing::skip});
  CHECK(d.pieces == 2);
  CHECK(std::isnan(d.trend[2]));
  CHECK(d.trend[3] == 1.0);
  CHECK(d.trend[4] == 2.0);
  CHECK(d.without_trend == 0);
  CHECK(detrend(t, y, {}, {.window = 4.0, .break_tolerance = 0.0, .missing = Missing::skip}).pieces == 1);
  const auto cut = detrend(t, y, {}, {.window = 4.0, .edge_cutoff = 1.0, .missing = Missing::skip});
  CHECK(std::isnan(cut.trend[0]));
  CHECK(cut.trend[1] == 1.0);
  CHECK(cut.without_trend == 4);
  const std::vector<std::uint8_t> all(8, 1);
  CHECK(detrend(t, y, all, {.window = 4.0, .missing = Missing::skip}).without_trend == 7);
  for (const auto method : {lowess, spline, savitzky_golay}) {
    CHECK(detrend(t, y, all, {.method = method, .window = 5.0, .missing = Missing::skip}).without_trend == 7);
  }
}

TEST_CASE("few points and wrong input") {
  for (std::size_t k = 0; k < kDetrendNames.size(); ++k) {
    CHECK(detrend_method(kDetrendNames[k]) == static_cast<DetrendMethod>(k));
    for (int n = 1; n < 6; ++n) {
      const std::vector<double> same(n, 2.5), equal(n, 1.0);
      std::vector<double> up;
      for (int i = 0; i < n; ++i) up.push_back(i);
      for (const auto& t : {same, up}) {
        const auto d = detrend(t, equal, {}, {.method = static_cast<DetrendMethod>(k), .window = 3.0});
        for (const double v : d.trend) CHECK((std::isnan(v) || std::fabs(v - 1.0) < 1e-12));
      }
    }
  }
  const std::vector<double> t{0, 1}, y{1, 1}, one{1}, none;
  CHECK_THROWS_AS((void)detrend(none, none, {}, {.window = 1.0}), InputError);
  CHECK_THROWS_AS((void)detrend(t, one, {}, {.window = 1.0}), InputError);
  CHECK_THROWS_AS((void)detrend(t, y, {}, {}), InputError);
  CHECK_THROWS_AS((void)detrend(t, y, {}, {.window = 1.0, .edge_cutoff = -1.0}), InputError);
  CHECK_THROWS_AS((void)detrend(t, y, {}, {.method = trimmed_mean, .window = 1.0, .tuning = 0.5}), InputError);
  CHECK_THROWS_AS((void)detrend(t, y, {}, {.method = savitzky_golay, .window = 1.5}), InputError);
  CHECK_THROWS_AS((void)detrend(t, y, {}, {.window = 1.0, .tuning = 0.0}), InputError);
  CHECK_THROWS_AS((void)detrend_method("best"), InputError);
}
