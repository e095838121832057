#include "orrery/period/super_smoother.hpp"

#include "orrery/period/statistic_oracle.hpp"

using namespace orrery;
using namespace orrery::period;

namespace {

using Column = std::vector<long double>;
struct Line {
  Column value, residual;
};
struct Curve {
  Column value, residual, span;
};

/// Running lines by least squares in every window, from scratch.
Line running(const Column& x, const Column& y, const Column& w, double span, bool closed) {
  const int n = int(x.size()), m = std::min(std::max(2, int(std::floor(0.5 * span * n + 0.5))), (n - 1) / 2);
  Line out;
  for (int i = 0; i < n; ++i) {
    const int low = closed ? i - m : std::clamp(i - m, 0, n - 1 - 2 * m);
    long double all = 0, mx = 0, my = 0, xx = 0, xy = 0;
    const auto visit = [&](auto&& use) {
      for (int k = low; k <= low + 2 * m; ++k) {
        const int turn = k < 0 ? -1 : k >= n ? 1 : 0;
        use(std::size_t(k - turn * n), x[std::size_t(k - turn * n)] + turn);
      }
    };
    visit([&](std::size_t j, long double xj) { all += w[j], mx += w[j] * xj, my += w[j] * y[j]; });
    mx /= all, my /= all;
    visit([&](std::size_t j, long double xj) { xx += w[j] * (xj - mx) * (xj - mx), xy += w[j] * (xj - mx) * (y[j] - my); });
    const std::size_t at_i = std::size_t(i);
    const long double slope = xx > 1e-12L * all ? xy / xx : 0, lever = xx > 1e-12L * all ? (x[at_i] - mx) * (x[at_i] - mx) / xx : 0;
    out.value.push_back(my + slope * (x[at_i] - mx));
    out.residual.push_back((y[at_i] - out.value.back()) / (1 - w[at_i] * (1 / all + lever)));
  }
  return out;
}

Curve friedman(const Column& x, const Column& y, const Column& w, bool closed, long double bass) {
  const double spans[] = {0.05, 0.2, 0.5};
  std::vector<Line> line;
  std::vector<Column> miss;
  for (const double span : spans) {
    line.push_back(running(x, y, w, span, closed));
    Column size = line.back().residual;
    for (auto& v : size) v = std::fabs(v);
    miss.push_back(running(x, size, w, 0.2, closed).value);
  }
  Column best;
  for (std::size_t i = 0; i < x.size(); ++i) {
    std::size_t k = 0;
    for (std::size_t s = 1; s < 3; ++s) k = miss[s][i] < miss[k][i] ? s : k;
    long double span = spans[k];
    if (bass > 0 && miss[k][i] < miss[2][i]) span += (0.5L - span) * std::pow(miss[k][i] / miss[2][i], 10 - bass);
    best.push_back(span);
  }
  Curve out{.span = running(x, best, w, 0.2, closed).value};
  Column raw;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const long double span = out.span[i] = std::clamp(out.span[i], 0.05L, 0.5L);
    const std::size_t a = span < 0.2L ? 0 : 1;
    const long double u = (span - spans[a]) / (static_cast<long double>(spans[a + 1]) - spans[a]);
    raw.push_back(line[a].value[i] + u * (line[a + 1].value[i] - line[a].value[i]));
    out.residual.push_back(line[a].residual[i] + u * (line[a + 1].residual[i] - line[a].residual[i]));
  }
  out.value = running(x, raw, w, 0.05, closed).value;
  return out;
}

/// The oracle along the time or around a period, back in the order of the rows.
Curve oracle_of(const SeriesView& s, long double period, long double bass) {
  const auto w = oracle::weights(s);
  const auto [first, last] = std::minmax_element(s.t.begin(), s.t.end());
  Column place = period > 0 ? oracle::phases(s, 1 / period) : Column{};
  const long double begin = *first, range = *last - begin;
  for (std::size_t i = 0; period <= 0 && i < s.t.size(); ++i) place.push_back((s.t[i] - begin) / range - 0.5L);
  std::vector<std::size_t> order(place.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return place[a] < place[b]; });
  Column x, y, weight;
  for (const std::size_t i : order) x.push_back(place[i]), y.push_back(s.y[i]), weight.push_back(w[i]);
  const Curve sorted = friedman(x, y, weight, period > 0, bass);
  Curve out{Column(x.size()), Column(x.size()), Column(x.size())};
  for (std::size_t k = 0; k < order.size(); ++k) {
    out.value[order[k]] = sorted.value[k], out.residual[order[k]] = sorted.residual[k], out.span[order[k]] = sorted.span[k];
  }
  return out;
}

double apart(const std::vector<double>& a, const Column& b) {
  double most = 0.0;
  for (std::size_t i = 0; i < b.size(); ++i) most = std::max(most, std::fabs(a[i] - double(b[i])));
  return most;
}

}  // namespace

TEST_CASE("the smoother is Friedman's by least squares in every window in long double") {
  for (const Index n : {5, 6, 11, 40, 201}) {
    const auto sky = oracle::sky(n, 20.0, 0.2, 3 + std::uint64_t(n), 0.3);
    for (const double period : {0.0, 5.0, 1.9}) {
      for (const double bass : {0.0, 5.0}) {
        CAPTURE(n);
        CAPTURE(period);
        CAPTURE(bass);
        const auto smooth = super_smoother(sky.view(), {.period = period, .bass = bass});
        const auto exact = oracle_of(sky.view(), period, bass);
        // Windows as differences of sums over all points: 1e-16 N over the smallest share of spread, 1e-5 in windows of five.
        CHECK(apart(smooth.value, exact.value) < 1e-9);
        CHECK(apart(smooth.residual, exact.residual) < 1e-7);
        CHECK(apart(smooth.span, exact.span) < 1e-9);
      }
    }
  }
}

TEST_CASE("a straight line comes back straight; a step is followed by small spans, noise by wide ones") {
  std::vector<double> t, line, step, noise;
  Random random(3);
  for (int i = 0; i < 200; ++i) {
    t.push_back(i * 0.1), line.push_back(1e6 + 3.0 * t.back()), step.push_back(i < 100 ? 0.0 : 1.0), noise.push_back(random.normal());
  }
  const auto straight = super_smoother({t, line, {}});
  CHECK(max_difference(straight.value, line) < 1e-8);
  const auto followed = super_smoother({t, step, {}}), flat = super_smoother({t, noise, {}}, {.bass = 8.0});
  CHECK(followed.span[100] < 0.1);
  CHECK(flat.span[100] > 0.3);
  CHECK_THROWS_AS(static_cast<void>(super_smoother({t, line, {}}, {.period = -1.0})), InputError);
  CHECK_THROWS_AS(static_cast<void>(super_smoother({t, line, {}}, {.bass = 11.0})), InputError);
  CHECK_THROWS_AS(static_cast<void>(super_smoother({std::span(t).first(4), std::span(line).first(4), {}})), InputError);
}

TEST_CASE("power: one minus the mean absolute residual of points left out, against the oracle") {
  const auto sky = oracle::sky(100, 40.0, 0.37, 9);
  const auto f = oracle::some_frequencies(23, 0.05, 1.0);
  std::vector<double> sorted = sky.y;
  std::sort(sorted.begin(), sorted.end());
  const double median = 0.5 * (sorted[49] + sorted[50]);
  const auto exact = [&](long double v) {
    const auto curve = oracle_of(sky.view(), 1 / v, 0);
    long double left = 0, base = 0;
    for (std::size_t i = 0; i < sky.t.size(); ++i) {
      left += std::fabs(curve.residual[i]) / sky.sigma[i];
      base += std::fabs(static_cast<long double>(sky.y[i]) - median) / sky.sigma[i];
    }
    return 1 - left / base;
  };
  CHECK(oracle::worst(super_smoother_power(sky.view(), f), f, exact) < 1e-8);
}

TEST_CASE("manners and constants") {
  oracle::check_manners(PeriodStatistic::super_smoother, 1e-5);  // a residual near equal phases feels 1e-9 turns
  oracle::check_constant(PeriodStatistic::super_smoother, 0.0);
}
