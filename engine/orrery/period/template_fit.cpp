// One frequency, all harmonics of the templates.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/period/template_detail.hpp"

namespace orrery::period {
namespace {

using detail::BandSums;
using detail::PhaseGain;
using detail::PreparedTemplate;
using detail::TemplateSeries;

constexpr double kTurn = 2.0 * std::numbers::pi;

/// The best phase and template at a frequency.
struct Best {
  double gain = 0.0;
  double phase = 0.0;  ///< [rad]
  Index which = -1;
};

class Fitter {
 public:
  Fitter(std::span<const SeriesView> bands, std::span<const CurveTemplate> templates, TemplateAmplitudes amplitudes, const char* where)
      : series_(detail::template_series(bands, where)), templates_(detail::prepare_templates(templates, ssize(bands), 0, where)),
        amplitudes_(amplitudes), sums_(bands.size()) {
    for (const auto& shape : templates_) {
      for (const auto& curve : shape.bands) harmonics_ = std::max(harmonics_, curve.harmonics());
    }
    const Index phases = phases_of_search();
    circle_.resize(at(4 * phases * harmonics_));
    for (Index l = 0; l < phases; ++l) {
      detail::fill_circle(kTurn * static_cast<double>(l) / static_cast<double>(phases), 2 * harmonics_,
                          circle_.data() + 4 * l * harmonics_);
    }
  }

  [[nodiscard]] const TemplateSeries& series() const { return series_; }

  /// only: one template, else all.
  Best best(double frequency, Index only = -1) {
    fill_sums(frequency);
    Best top;
    for (Index s = 0; s < ssize(templates_); ++s) {
      const auto& shape = templates_[at(s)];
      if ((only >= 0 && s != only) || frequency < shape.low || frequency > shape.high) continue;
      gain_.set(shape, series_, sums_, amplitudes_);
      double phase = 0.0;
      const double gain = best_phase(phase);
      if (gain > top.gain) top = {gain, phase, s};
    }
    return top;
  }

  TemplateFit fit(double frequency) {
    const Best top = best(frequency);
    TemplateFit out{.frequency = frequency, .frequency_error = HUGE_VAL, .template_index = top.which, .epoch = series_.epoch,
                    .amplitude = std::vector<double>(series_.bands.size(), 0.0), .offset = std::vector<double>(series_.bands.size(), 0.0),
                    .chi2 = series_.total_weight * (series_.variance - top.gain), .chi2_0 = series_.total_weight * series_.variance,
                    .n = series_.n, .dof = series_.n};
    std::vector<double> mean(series_.bands.size(), 0.0);
    if (top.which >= 0) {
      gain_.set(templates_[at(top.which)], series_, sums_, amplitudes_);
      out.amplitude = gain_.amplitudes(top.phase);
      mean = gain_.means(top.phase);
      // T(2 pi f tau + u) is T(2 pi f (tau + u / (2 pi f))): the nearest time of phase 0 to the middle.
      const double turns = top.phase / kTurn;
      out.epoch = series_.epoch - (turns - std::round(turns)) / frequency;
    }
    Index numbers = top.which >= 0 ? 2 : 0;  // frequency and phase
    for (std::size_t b = 0; b < mean.size(); ++b) {
      if (series_.bands[b].tau.empty()) continue;
      out.offset[b] = series_.bands[b].mean - out.amplitude[b] * mean[b];
      numbers += 1 + (top.which >= 0 && amplitudes_ == TemplateAmplitudes::free ? 1 : 0);
    }
    out.dof -= numbers + (top.which >= 0 && amplitudes_ == TemplateAmplitudes::shared ? 1 : 0);
    out.chi2 = std::max(0.0, out.chi2);
    return out;
  }

 private:
  [[nodiscard]] Index phases_of_search() const { return std::max<Index>(16, 6 * harmonics_); }

  void fill_sums(double frequency) {
    for (std::size_t b = 0; b < sums_.size(); ++b) detail::direct_band_sums(series_.bands[b], frequency, harmonics_, sums_[b]);
  }

  /// The highest of the gains on even phases and its neighbours' tops, by Newton's method.
  double best_phase(double& phase) {
    const Index phases = phases_of_search();
    const double step = kTurn / static_cast<double>(phases);
    values_.resize(at(phases));
    for (Index l = 0; l < phases; ++l) values_[at(l)] = gain_.at_circle(circle_.data() + 4 * l * harmonics_);
    const double high = *std::max_element(values_.begin(), values_.end());
    double top = 0.0;
    for (Index l = 0; l < phases; ++l) {
      const double here = values_[at(l)];
      if (here < values_[at((l + phases - 1) % phases)] || here < values_[at((l + 1) % phases)] || here < 0.5 * high) continue;
      double u = step * static_cast<double>(l);
      const double gain = gain_.climb(u, step);
      if (gain > top) top = gain, phase = u;
    }
    return top;
  }

  TemplateSeries series_;
  std::vector<PreparedTemplate> templates_;
  TemplateAmplitudes amplitudes_;
  Index harmonics_ = 0;
  std::vector<BandSums> sums_;
  PhaseGain gain_;
  std::vector<double> values_, circle_;
};

void require_frequency(double frequency, const char* where) {
  if (frequency > 0.0 && std::isfinite(frequency)) return;
  fail(ErrorKind::input, where, "expected a frequency > 0, got " + number_text(frequency));
}

constexpr int kCoarse = 5;      // steps to each side: a template of K harmonics has structure of a K-th of the peak's width
constexpr int kGolden = 32;     // golden sections: the interval shrinks to 1e-6 of its width
constexpr double kGoldenPart = 0.3819660112501051;

/// Largest gain in [low, high], one template; golden sections.
double golden_top(Fitter& fitter, Index which, double low, double high) {
  const auto gain = [&](double f) { return fitter.best(f, which).gain; };
  double a = low + kGoldenPart * (high - low), b = high - kGoldenPart * (high - low);
  double ga = gain(a), gb = gain(b);
  for (int i = 0; i < kGolden; ++i) {
    if (ga > gb) {
      high = b, b = a, gb = ga;
      a = low + kGoldenPart * (high - low), ga = gain(a);
    } else {
      low = a, a = b, ga = gb;
      b = high - kGoldenPart * (high - low), gb = gain(b);
    }
  }
  return 0.5 * (low + high);
}

}  // namespace

double TemplateFit::phase(double t) const {
  const double turns = frequency * (t - epoch);
  const double phase = turns - std::floor(turns);
  return phase < 1.0 ? phase : 0.0;
}

TemplateFit template_fit(std::span<const SeriesView> bands, std::span<const CurveTemplate> templates, double frequency,
                         TemplateAmplitudes amplitudes) {
  require_frequency(frequency, "template_fit");
  return Fitter(bands, templates, amplitudes, "template_fit").fit(frequency);
}

TemplateFit refine_template(std::span<const SeriesView> bands, std::span<const CurveTemplate> templates, double frequency, double within,
                            TemplateAmplitudes amplitudes) {
  require_frequency(frequency, "refine_template");
  if (!(within > 0.0) || !std::isfinite(within)) fail(ErrorKind::input, "refine_template", "expected within > 0, got " + number_text(within));
  Fitter fitter(bands, templates, amplitudes, "refine_template");
  const double step = within / kCoarse;
  Best best;
  double center = frequency;
  for (int i = -kCoarse; i <= kCoarse; ++i) {
    const double f = frequency + step * i;
    if (!(f > 0.0)) continue;
    const Best here = fitter.best(f);
    if (here.gain > best.gain) best = here, center = f;
  }
  if (best.which < 0) return fitter.fit(frequency);
  const double top = golden_top(fitter, best.which, std::max(center - step, 0.5 * center), center + step);
  TemplateFit out = fitter.fit(top);
  // chi2 = least + (f - top)^2 / var: its curvature over a step that raises it by a small part of itself.
  const auto& series = fitter.series();
  const double h = series.baseline > 0.0 ? 0.01 / series.baseline : 1e-6 * top;
  const double bend = 2.0 * fitter.best(top, out.template_index).gain - fitter.best(top - h, out.template_index).gain -
                      fitter.best(top + h, out.template_index).gain;
  const double information = series.total_weight * bend / (2.0 * h * h);
  if (information > 0.0 && out.dof > 0) out.frequency_error = std::sqrt(out.chi2 / static_cast<double>(out.dof) / information);
  return out;
}

}  // namespace orrery::period
