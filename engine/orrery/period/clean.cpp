#include "orrery/period/clean.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/period/nufft_detail.hpp"

namespace orrery::period {
namespace {

constexpr double kTwoPi = 6.283185307179586476925286766559;
constexpr double kTolerance = 1e-11;
constexpr Index kMaxStep = Index(1) << 25;  // frequencies: the window needs twice as many, and the transform takes 2^26

struct Complex {
  double re = 0.0, im = 0.0;
};

/// W at 0 ... 2M; below zero it is the conjugate.
struct Window {
  std::vector<double> re, im;
  [[nodiscard]] Complex operator()(Index k) const { return k >= 0 ? Complex{re[at(k)], im[at(k)]} : Complex{re[at(-k)], -im[at(-k)]}; }
};

struct Prepared {
  std::vector<double> tau, weight, weighted_y;
  double span = 0.0;
};

void require_options(const CleanOptions& o, double highest, double step, double span) {
  if (!(o.gain > 0.0 && o.gain <= 1.0)) fail(ErrorKind::input, "clean", "expected a gain in (0, 1], got " + number_text(o.gain));
  if (o.iterations < 0) fail(ErrorKind::input, "clean", "expected iterations >= 0, got " + std::to_string(o.iterations));
  if (!(o.floor >= 0.0)) fail(ErrorKind::input, "clean", "expected floor >= 0, got " + number_text(o.floor));
  if (!(highest > 0.0) || !std::isfinite(highest) || !(step > 0.0) || !(step <= 0.25 / span * (1.0 + 1e-9))) {
    fail(ErrorKind::input, "clean", "expected highest > 0 and a step of at most " + number_text(0.25 / span, 4) + " (a quarter of 1 / T), got " +
                                        number_text(highest) + " and " + number_text(step));
  }
  if (highest / step > double(kMaxStep)) {
    fail(ErrorKind::limit, "clean", "expected at most " + std::to_string(kMaxStep) + " frequencies, got " + number_text(highest / step, 6));
  }
}

Prepared prepared(const SeriesView& series, const CleanOptions& options, double& epoch) {
  require_usable(series, 2, "clean");
  Prepared p;
  const auto [low, high] = std::minmax_element(series.t.begin(), series.t.end());
  p.span = *high - *low;
  if (!(p.span > 0.0)) fail(ErrorKind::input, "clean", "expected times that differ");
  epoch = std::round(*low + 0.5 * p.span);
  double total = 0.0, mean = 0.0;
  for (std::size_t i = 0; i < series.t.size(); ++i) {
    const double sigma = options.weighted && !series.sigma.empty() ? series.sigma[i] : 1.0;
    p.tau.push_back(series.t[i] - epoch);
    p.weight.push_back(1.0 / (sigma * sigma));
    total += p.weight.back();
  }
  if (!(total > 0.0) || !std::isfinite(total)) fail(ErrorKind::input, "clean", "expected uncertainties whose squares a double can hold");
  for (double& w : p.weight) w /= total;
  for (std::size_t i = 0; i < series.t.size(); ++i) mean += p.weight[i] * (series.y[i] - series.y[0]);
  for (std::size_t i = 0; i < series.t.size(); ++i) p.weighted_y.push_back(p.weight[i] * (series.y[i] - series.y[0] - mean));
  return p;
}

/// Dirty spectrum at 0 ... M and window at 0 ... 2M, by one plan, with the plan's own phases taken off.
Task<bool> transform(Budget& budget, const Prepared& p, CleanSpectrum& out, Window& window) {
  const FrequencyGrid grid{0.0, out.grid.step, 2 * out.grid.count - 1};
  const std::span<const double> columns[] = {p.weighted_y, p.weight};
  const detail::NufftRequest requests[] = {{1, {0, 1}}};
  const double low = *std::min_element(p.tau.begin(), p.tau.end());
  const detail::NufftFixed fixed{detail::nufft_choice(ssize(p.tau), grid.count, grid.step * p.span, requests, kTolerance).shape, low};
  const auto plan = detail::nufft_plan(p.tau, grid, columns, requests, kTolerance, &fixed);
  for (auto* v : {&out.dirty_re, &out.dirty_im, &window.re, &window.im}) v->resize(at(grid.count));
  detail::NufftSink sink;
  sink.re = {out.dirty_re.data(), window.re.data()};
  sink.im = {out.dirty_im.data(), window.im.data()};
  detail::NufftWorkspace work;
  for (Index pair = 0; pair < plan.pairs(); ++pair) co_await detail::nufft_pair_task(budget, plan, work, pair, sink);
  for (Index k = 0; k < grid.count; ++k) {
    const double turns = detail::nufft_shift(plan.shape, grid, low, k), angle = kTwoPi * (turns - std::round(turns));
    const double c = std::cos(angle), s = std::sin(angle);
    const auto turn = [&](double& re, double& im) {
      const double r = re;
      re = r * c - im * s;
      im = r * s + im * c;
    };
    turn(out.dirty_re[at(k)], out.dirty_im[at(k)]);
    turn(window.re[at(k)], window.im[at(k)]);
  }
  out.dirty_re.resize(at(out.grid.count));
  out.dirty_im.resize(at(out.grid.count));
  co_return true;
}

double square(const CleanSpectrum& s, Index k) {
  return s.residual_re[at(k)] * s.residual_re[at(k)] + s.residual_im[at(k)] * s.residual_im[at(k)];
}

/// The first of the highest |R|: the highest of blocks, in lanes that the compiler makes SIMD of, then its place.
Index highest_residual(const CleanSpectrum& s) {
  constexpr Index kLanes = 8, kBlock = 512;
  double best = -1.0;
  Index block = 0;
  for (Index k0 = 0; k0 < s.grid.count; k0 += kBlock) {
    const Index k1 = std::min(k0 + kBlock, s.grid.count), whole = k0 + (k1 - k0) / kLanes * kLanes;
    double lane[kLanes] = {};
    for (Index k = k0; k < whole; k += kLanes) {
      for (Index l = 0; l < kLanes; ++l) {
        const double v = square(s, k + l);
        lane[l] = v > lane[l] ? v : lane[l];
      }
    }
    double top = *std::max_element(lane, lane + kLanes);
    for (Index k = whole; k < k1; ++k) top = std::max(top, square(s, k));
    if (top > best) best = top, block = k0;
  }
  for (Index k = block; k < std::min(block + kBlock, s.grid.count); ++k) {
    if (square(s, k) == best) return k;
  }
  return block;
}

/// What a line at p must be for the residual there to be what it is, its image at -p counted.
Complex component_at(const CleanSpectrum& s, const Window& window, Index p) {
  const double re = s.residual_re[at(p)], im = s.residual_im[at(p)];
  const Complex w = window(2 * p);
  const double determinant = 1.0 - w.re * w.re - w.im * w.im;
  // Near 0, and where the sampling cannot tell p from -p, the line and its image are one.
  if (determinant < 1e-4) return {0.5 * re, 0.5 * im};
  return {(re - (re * w.re + im * w.im)) / determinant, (im - (re * w.im - im * w.re)) / determinant};
}

/// Takes a W(f - p) + a* W(f + p) away for frequencies k0 ... k1 - 1; W(f - p) is the conjugate of W(p - f) where `below`. One loop
/// without a branch, so that it is done in SIMD.
void take_part(CleanSpectrum& s, const Window& window, Index p, Complex a, Index k0, Index k1, bool below) {
  double* re = s.residual_re.data();
  double* im = s.residual_im.data();
  const double* wr = window.re.data();
  const double* wi = window.im.data();
  const double sign = below ? -1.0 : 1.0;
  for (Index k = k0; k < k1; ++k) {
    const Index d = below ? p - k : k - p;
    const double ur = wr[d], ui = sign * wi[d], vr = wr[k + p], vi = wi[k + p];
    re[k] -= a.re * (ur + vr) - a.im * (ui - vi);
    im[k] -= a.re * (ui + vi) + a.im * (ur - vr);
  }
}

void take_out(CleanSpectrum& s, const Window& window, Index p, Complex a) {
  take_part(s, window, p, a, 0, p, true);
  take_part(s, window, p, a, p, s.grid.count, false);
  s.component_re[at(p)] += a.re;
  s.component_im[at(p)] += a.im;
}

/// Standard deviation of the Gaussian through the window's central peak at half its height, in steps.
double beam_of(const Window& window) {
  for (Index k = 1; k < ssize(window.re); ++k) {
    const double now = std::hypot(window.re[at(k)], window.im[at(k)]), before = std::hypot(window.re[at(k - 1)], window.im[at(k - 1)]);
    if (now > 0.5) continue;
    const double half = double(k - 1) + (before - 0.5) / (before - now);
    return half / std::sqrt(2.0 * std::log(2.0));
  }
  return 1.0;
}

/// The beam has the phase of the window's central peak, that of the weighted mean time, so that a line looks as if well sampled.
void draw(CleanSpectrum& s, const Prepared& p, bool restore) {
  const double sigma = s.beam / s.grid.step;
  const Index reach = restore ? Index(std::ceil(6.0 * sigma)) : 0;
  double middle = 0.0;
  for (std::size_t i = 0; i < p.tau.size(); ++i) middle += p.weight[i] * p.tau[i];
  std::vector<double> re = s.residual_re, im = s.residual_im;
  for (Index k = 0; k < s.grid.count; ++k) {
    const double a = s.component_re[at(k)], b = s.component_im[at(k)];
    if (a == 0.0 && b == 0.0) continue;
    for (Index j = -reach; j <= reach; ++j) {
      if (k + j < 0 || k + j >= s.grid.count) continue;
      const double z = double(j) / sigma, height = std::exp(-0.5 * z * z), angle = -kTwoPi * double(j) * s.grid.step * middle;
      const double c = height * std::cos(angle), d = height * std::sin(angle);
      re[at(k + j)] += a * c - b * d;
      im[at(k + j)] += a * d + b * c;
    }
  }
  for (Index k = 0; k < s.grid.count; ++k) {
    s.amplitude.push_back(2.0 * std::hypot(re[at(k)], im[at(k)]));
    s.dirty_amplitude.push_back(2.0 * std::hypot(s.dirty_re[at(k)], s.dirty_im[at(k)]));
  }
}

}  // namespace

Task<CleanSpectrum> clean_task(Budget& budget, SeriesView series, double highest, double step, CleanOptions options) {
  CleanSpectrum out;
  const auto p = prepared(series, options, out.epoch);
  require_options(options, highest, step, p.span);
  out.grid = {0.0, step, Index(std::floor(highest / step * (1.0 + 1e-12))) + 1};
  Window window;
  co_await transform(budget, p, out, window);
  out.residual_re = out.dirty_re;
  out.residual_im = out.dirty_im;
  out.component_re.assign(at(out.grid.count), 0.0);
  out.component_im = out.component_re;
  out.beam = beam_of(window) * step;
  for (; out.iterations < options.iterations; ++out.iterations) {
    const Index top = highest_residual(out);
    const double height = std::sqrt(square(out, top));
    if (!(2.0 * height > options.floor) || !(height > 0.0)) break;
    const Complex a = component_at(out, window, top);
    take_out(out, window, top, {options.gain * a.re, options.gain * a.im});
    budget.progress(double(out.iterations) / double(options.iterations), "cleaning");
    co_await budget.pause();
  }
  draw(out, p, options.restore);
  co_return out;
}

CleanSpectrum clean(const SeriesView& series, double highest, double step, const CleanOptions& options) {
  return run_to_end([&](Budget& budget) { return clean_task(budget, series, highest, step, options); });
}

}  // namespace orrery::period
