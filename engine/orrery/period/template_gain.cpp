// Templates made ready, and the fall of chi2 as a function of the phase.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/period/template_detail.hpp"

namespace orrery::period::detail {
namespace {

constexpr double kTurn = 2.0 * std::numbers::pi;

/// Value and two derivatives of sum p cos(k u) + r sin(k u), added to out; circle holds cos(k u), sin(k u) by turns.
void add_series(const std::vector<double>& p, const std::vector<double>& r, const double* circle, double* out) {
  double sum[3] = {out[0], out[1], out[2]};
  for (std::size_t k = 0; k < p.size(); ++k) {
    const double n = static_cast<double>(k + 1), c = circle[2 * k], s = circle[2 * k + 1];
    const double value = p[k] * c + r[k] * s;
    sum[0] += value;
    sum[1] += n * (r[k] * c - p[k] * s);
    sum[2] -= n * n * value;
  }
  std::copy(sum, sum + 3, out);
}

double series_value(const std::vector<double>& p, const std::vector<double>& r, const double* circle) {
  double even = 0.0, odd = 0.0;  // two chains of additions hide each other's latency
  for (std::size_t k = 0; k < p.size(); ++k) {
    even += p[k] * circle[2 * k];
    odd += r[k] * circle[2 * k + 1];
  }
  return even + odd;
}

/// Y^2 / M and its derivatives; nothing where Y <= 0 or the template's spread is not seen.
PhaseValue quotient(const double* y, const double* m, double q) {
  if (!(y[0] > 0.0) || !(m[0] > kUnseenTemplate * q)) return {};
  const double a = y[0] / m[0];
  return {.gain = y[0] * a,
          .slope = a * (2.0 * y[1] - a * m[1]),
          .curvature = 2.0 / m[0] * (y[1] - a * m[1]) * (y[1] - a * m[1]) + a * (2.0 * y[2] - a * m[2])};
}

void require_curves(const CurveTemplate& shape, Index bands, const char* where) {
  if (ssize(shape.bands) != bands) {
    fail(ErrorKind::input, where, "expected template '" + shape.name + "' to have " + plural(bands, "band") + " like the series, got " +
                                      std::to_string(shape.bands.size()));
  }
  for (const auto& curve : shape.bands) {
    const bool equal = curve.cosine.size() == curve.sine.size() && curve.harmonics() <= kMaxCurveHarmonics;
    const auto finite = [](double v) { return std::isfinite(v); };
    if (equal && std::all_of(curve.cosine.begin(), curve.cosine.end(), finite) &&
        std::all_of(curve.sine.begin(), curve.sine.end(), finite))
      continue;
    fail(ErrorKind::input, where, "expected finite cosines and sines, as many of each and at most 64, in template '" + shape.name + "'");
  }
  if (!(shape.min_period >= 0.0) || !(shape.max_period > shape.min_period)) {
    fail(ErrorKind::input, where, "expected 0 <= min_period < max_period in template '" + shape.name + "', got " +
                                      number_text(shape.min_period) + " and " + number_text(shape.max_period));
  }
}

TemplateBand prepare_band(const SeriesView& view, double epoch, double total) {
  TemplateBand band;
  const std::size_t n = view.t.size();
  if (n == 0) return band;
  for (std::size_t i = 0; i < n; ++i) {
    const double sigma = view.sigma.empty() ? 1.0 : view.sigma[i];
    band.tau.push_back(view.t[i] - epoch);
    band.weight.push_back(1.0 / (sigma * sigma) / total);
    band.weight_sum += band.weight.back();
  }
  double rest = 0.0;
  for (std::size_t i = 0; i < n; ++i) rest += band.weight[i] * (view.y[i] - view.y[0]);
  band.mean = view.y[0] + rest / band.weight_sum;
  for (std::size_t i = 0; i < n; ++i) {
    const double centred = view.y[i] - band.mean;
    band.weighted_y.push_back(band.weight[i] * centred);
    band.variance += band.weighted_y.back() * centred;
  }
  return band;
}

}  // namespace

TemplateSeries template_series(std::span<const SeriesView> bands, const char* where) {
  TemplateSeries out;
  double first = HUGE_VAL, last = -HUGE_VAL;
  Index most = 0;
  for (const auto& view : bands) {
    require_usable(view, 0, where);
    out.n += view.size();
    most = std::max(most, view.size());
    for (std::size_t i = 0; i < view.t.size(); ++i) {
      first = std::min(first, view.t[i]);
      last = std::max(last, view.t[i]);
      const double sigma = view.sigma.empty() ? 1.0 : view.sigma[i];
      out.total_weight += 1.0 / (sigma * sigma);
    }
  }
  if (most < 4) fail(ErrorKind::input, where, "expected a band of more than 3 points, got " + plural(ssize(bands), "band") + " of at most " + std::to_string(most));
  if (!std::isfinite(out.total_weight) || !std::isfinite(1.0 / out.total_weight)) {
    fail(ErrorKind::input, where, "expected uncertainties whose squares a double can hold, got a sum of weights of " + number_text(out.total_weight));
  }
  out.epoch = std::round(first + 0.5 * (last - first));
  out.baseline = last - first;
  for (const auto& view : bands) {
    out.bands.push_back(prepare_band(view, out.epoch, out.total_weight));
    out.variance += out.bands.back().variance;
  }
  if (!std::isfinite(out.variance)) fail(ErrorKind::input, where, "expected values whose squares a double can hold");
  return out;
}

SquaredCurve squared_curve(const PhaseCurve& curve, Index harmonics) {
  const Index k = harmonics > 0 ? std::min(harmonics, curve.harmonics()) : curve.harmonics();
  SquaredCurve out{.a = {curve.cosine.begin(), curve.cosine.begin() + k}, .b = {curve.sine.begin(), curve.sine.begin() + k},
                   .qc = std::vector<double>(at(2 * k), 0.0), .qs = std::vector<double>(at(2 * k), 0.0)};
  const PhaseCurve used{out.a, out.b};
  const Index n = 4 * k + 1;  // T^2 has 2 K harmonics: its sums over so many even phases are exact
  for (Index i = 0; i < n; ++i) {
    const double phase = static_cast<double>(i) / static_cast<double>(n), v = used.value(phase), square = v * v / static_cast<double>(n);
    out.q0 += square;
    for (Index m = 1; m <= 2 * k; ++m) {
      const double angle = kTurn * static_cast<double>(m * i % n) / static_cast<double>(n);
      out.qc[at(m - 1)] += 2.0 * square * std::cos(angle);
      out.qs[at(m - 1)] += 2.0 * square * std::sin(angle);
    }
  }
  return out;
}

std::vector<PreparedTemplate> prepare_templates(std::span<const CurveTemplate> templates, Index bands, Index harmonics, const char* where) {
  if (templates.empty()) fail(ErrorKind::input, where, "expected at least 1 template, got 0");
  std::vector<PreparedTemplate> out;
  for (const auto& shape : templates) {
    require_curves(shape, bands, where);
    PreparedTemplate one{.low = 1.0 / shape.max_period, .high = shape.min_period > 0.0 ? 1.0 / shape.min_period : HUGE_VAL};
    for (const auto& curve : shape.bands) one.bands.push_back(squared_curve(curve, harmonics));
    out.push_back(std::move(one));
  }
  return out;
}

void direct_band_sums(const TemplateBand& band, double frequency, Index harmonics, BandSums& out) {
  const std::size_t h = at(harmonics);
  out.wc.assign(2 * h, 0.0);
  out.ws.assign(2 * h, 0.0);
  out.yc.assign(h, 0.0);
  out.ys.assign(h, 0.0);
  for (std::size_t j = 0; j < band.tau.size(); ++j) {
    const double turns = frequency * band.tau[j];
    const double angle = kTurn * (turns - std::round(turns));
    const double c1 = std::cos(angle), s1 = std::sin(angle);
    double c = c1, s = s1;
    for (std::size_t k = 0; k < 2 * h; ++k) {
      out.wc[k] += band.weight[j] * c;
      out.ws[k] += band.weight[j] * s;
      if (k < h) out.yc[k] += band.weighted_y[j] * c, out.ys[k] += band.weighted_y[j] * s;
      const double next = c * c1 - s * s1;
      s = s * c1 + c * s1;
      c = next;
    }
  }
}

void PhaseGain::set(const PreparedTemplate& shape, const TemplateSeries& series, std::span<const BandSums> sums,
                    TemplateAmplitudes amplitudes) {
  shared_ = amplitudes == TemplateAmplitudes::shared;
  bands_.resize(series.bands.size());
  circle_ = 0;
  for (std::size_t b = 0; b < bands_.size(); ++b) {
    Band& band = bands_[b];
    circle_ = std::max(circle_, 2 * shape.bands[b].harmonics());
    const auto& curve = shape.bands[b];
    const std::size_t h = curve.a.size();
    band.used = h > 0 && series.bands[b].weight_sum > 0.0;
    if (!band.used) continue;
    band.weight_sum = series.bands[b].weight_sum;
    band.q0 = curve.q0 * band.weight_sum;
    for (auto* v : {&band.yp, &band.yr, &band.mp, &band.mr}) v->resize(h);
    band.qp.resize(2 * h);
    band.qr.resize(2 * h);
    for (std::size_t k = 0; k < h; ++k) {
      band.yp[k] = curve.a[k] * sums[b].yc[k] + curve.b[k] * sums[b].ys[k];
      band.yr[k] = curve.b[k] * sums[b].yc[k] - curve.a[k] * sums[b].ys[k];
      band.mp[k] = curve.a[k] * sums[b].wc[k] + curve.b[k] * sums[b].ws[k];
      band.mr[k] = curve.b[k] * sums[b].wc[k] - curve.a[k] * sums[b].ws[k];
    }
    for (std::size_t k = 0; k < 2 * h; ++k) {
      band.qp[k] = curve.qc[k] * sums[b].wc[k] + curve.qs[k] * sums[b].ws[k];
      band.qr[k] = curve.qs[k] * sums[b].wc[k] - curve.qc[k] * sums[b].ws[k];
    }
  }
}

void fill_circle(double u, Index harmonics, double* circle) {
  const double c1 = std::cos(u), s1 = std::sin(u);
  double c = c1, s = s1;
  for (Index k = 0; k < harmonics; ++k) {
    circle[2 * k] = c;
    circle[2 * k + 1] = s;
    const double next = c * c1 - s * s1;
    s = s * c1 + c * s1;
    c = next;
  }
}

PhaseGain::Parts PhaseGain::parts(const Band& band, const double* circle, double* mean) const {
  Parts out{};
  double first[3] = {}, square[3] = {band.q0, 0.0, 0.0};
  add_series(band.yp, band.yr, circle, out.y);
  add_series(band.mp, band.mr, circle, first);
  add_series(band.qp, band.qr, circle, square);
  out.q = square[0];
  out.m[0] = square[0] - first[0] * first[0] / band.weight_sum;
  out.m[1] = square[1] - 2.0 * first[0] * first[1] / band.weight_sum;
  out.m[2] = square[2] - 2.0 * (first[1] * first[1] + first[0] * first[2]) / band.weight_sum;
  if (mean != nullptr) *mean = first[0] / band.weight_sum;
  return out;
}

double PhaseGain::at_circle(const double* circle) const {
  double y = 0.0, m = 0.0, q = 0.0, free = 0.0;
  for (const Band& band : bands_) {
    if (!band.used) continue;
    const double one = series_value(band.yp, band.yr, circle), mean = series_value(band.mp, band.mr, circle);
    const double square = band.q0 + series_value(band.qp, band.qr, circle);
    const double spread = square - mean * mean / band.weight_sum;
    y += one;
    m += spread;
    q += square;
    if (one > 0.0 && spread > kUnseenTemplate * square) free += one * one / spread;
  }
  if (!shared_) return free;
  return y > 0.0 && m > kUnseenTemplate * q ? y * y / m : 0.0;
}

PhaseValue PhaseGain::at_phase(double u) const {
  double circle[4 * kMaxCurveHarmonics];
  fill_circle(u, circle_, circle);
  Parts sum{};
  PhaseValue free;
  for (const Band& band : bands_) {
    if (!band.used) continue;
    const Parts one = parts(band, circle, nullptr);
    for (int i = 0; i < 3; ++i) sum.y[i] += one.y[i], sum.m[i] += one.m[i];
    sum.q += one.q;
    const PhaseValue part = quotient(one.y, one.m, one.q);
    free.gain += part.gain;
    free.slope += part.slope;
    free.curvature += part.curvature;
  }
  return shared_ ? quotient(sum.y, sum.m, sum.q) : free;
}

double PhaseGain::climb(double& u, double reach) const {
  const double low = u - reach, high = u + reach;
  PhaseValue here = at_phase(u);
  double best = here.gain, best_u = u;
  for (int i = 0; i < 12; ++i) {
    // Where the gain is not concave: a step uphill instead of Newton's.
    const double step = here.curvature < 0.0 ? -here.slope / here.curvature : std::copysign(0.3 * reach, here.slope);
    const double next = std::clamp(u + step, low, high);
    const bool last = std::fabs(next - u) < 1e-12;
    u = next;
    here = at_phase(u);
    if (here.gain > best) best = here.gain, best_u = u;
    if (last) break;
  }
  // At the top gains differ by rounding alone: the root of the slope is the better known place.
  if (here.gain < best * (1.0 - 1e-12)) u = best_u;
  return best;
}

std::vector<double> PhaseGain::amplitudes(double u) const {
  double circle[4 * kMaxCurveHarmonics];
  fill_circle(u, circle_, circle);
  std::vector<double> out(bands_.size(), 0.0);
  double y = 0.0, m = 0.0;
  for (std::size_t b = 0; b < bands_.size(); ++b) {
    if (!bands_[b].used) continue;
    const Parts one = parts(bands_[b], circle, nullptr);
    y += one.y[0];
    m += one.m[0];
    if (!shared_ && one.y[0] > 0.0 && one.m[0] > kUnseenTemplate * one.q) out[b] = one.y[0] / one.m[0];
  }
  if (shared_ && m > 0.0) {
    for (std::size_t b = 0; b < bands_.size(); ++b) out[b] = std::max(0.0, y / m);
  }
  return out;
}

std::vector<double> PhaseGain::means(double u) const {
  double circle[4 * kMaxCurveHarmonics];
  fill_circle(u, circle_, circle);
  std::vector<double> out(bands_.size(), 0.0);
  for (std::size_t b = 0; b < bands_.size(); ++b) {
    if (bands_[b].used) static_cast<void>(parts(bands_[b], circle, &out[b]));
  }
  return out;
}

TemplateScan template_scan(const std::vector<PreparedTemplate>& templates, const TemplateSeries& series, Index harmonics,
                           TemplateAmplitudes amplitudes) {
  TemplateScan scan{
      .harmonics = harmonics, .phases = std::max<Index>(16, 4 * harmonics), .bands = ssize(series.bands), .amplitudes = amplitudes};
  for (const auto& shape : templates) {
    TemplateTable table{.low = shape.low, .high = shape.high};
    for (std::size_t b = 0; b < shape.bands.size(); ++b) {
      if (shape.bands[b].a.empty() || !(series.bands[b].weight_sum > 0.0)) continue;
      table.band.push_back(static_cast<std::int32_t>(b));
      table.q0.push_back(shape.bands[b].q0);
      table.weight_sum.push_back(series.bands[b].weight_sum);
    }
    table.weights.resize(scan.phases / 2 * ssize(table.band) * 6 * harmonics);
    table.weights.fill_zero();
    double* out = table.weights.data();
    for (Index l = 0; l < scan.phases / 2; ++l) {
      for (const auto b : table.band) {
        const auto& curve = shape.bands[at(b)];
        const auto put = [&](const std::vector<double>& p, const std::vector<double>& r, double* to) {
          for (std::size_t k = 0; k < p.size(); ++k) {
            const double angle = kTurn * static_cast<double>(Index(k + 1) * l % scan.phases) / static_cast<double>(scan.phases);
            to[2 * k] = p[k] * std::cos(angle) + r[k] * std::sin(angle);
            to[2 * k + 1] = r[k] * std::cos(angle) - p[k] * std::sin(angle);
          }
        };
        put(curve.a, curve.b, out);
        put(curve.qc, curve.qs, out + 2 * harmonics);
        out += 6 * harmonics;
      }
    }
    scan.tables.push_back(std::move(table));
  }
  return scan;
}

}  // namespace orrery::period::detail
