#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/period/frequency_grid.hpp"
#include "orrery/period/phase_curve.hpp"

namespace orrery::period {

/// Whether the amplitudes of the bands keep the proportions of the template or are fitted each on its own.
enum class TemplateAmplitudes { shared, free };

/// Settings of the template periodogram.
struct TemplateOptions {
  TemplateAmplitudes amplitudes = TemplateAmplitudes::shared;
  int harmonics = 6;  ///< of the templates used in the periodogram, 1 to 16; fits use all that they have
  int threads = 0;    ///< largest number of threads; 0 = all cores. Results do not depend on it
};

/// Most harmonics in a periodogram.
inline constexpr int kMaxTemplateHarmonics = 16;

/// The best template at each frequency.
struct TemplatePeriodogram {
  std::vector<double> power;           ///< (F,) 1 - chi2 / chi2_0, in [0, 1]; 0 where no template rises with a positive amplitude
  std::vector<std::int32_t> template_index;  ///< (F,) which; -1 where none
};

/// How well templates with an amplitude >= 0 and a common phase explain bands of a series, at each frequency of a regular grid. In band b
///   m(t) = offset_b + A r_b T_b(f (t - epoch) + phase),
/// r_b T_b from the template (shared), or with its own A_b (free). Offsets and amplitudes have a closed form: with Y = sum w y T and
/// M = sum w T^2 - (sum w T)^2 / sum w, both trigonometric polynomials of the phase whose coefficients are the sums
/// sum w y e^(i k phi) and sum w e^(i k phi), the fall of chi2 is Y^2 / M. The sums come from a non-uniform fast Fourier transform, or
/// directly when there are few points; the phase is searched on 4 K points (at least 16), and the best two maxima are refined
/// by Newton's method. Templates and phases of nearly equal merit can be mistaken before that: the power is then below the best by up to a
/// hundredth; template_fit, which refines all maxima of all templates, decides.
/// @param bands      (B,) series t [day], y [u], sigma [u] or empty; an empty band is left out; some band of more than 3 points
/// @param templates  (S,) each with B bands; a band without harmonics is not explained by that template
/// @param grid       first > 0, step > 0 [1/day]
/// @return           power and best template (F,)
/// @throws InputError  unusable bands, templates or grid; harmonics outside [1, 16]
/// @cost             about 0.1 us a frequency for each template and band at K = 6 (one core, AVX2); 12 bytes a frequency,
///                   and 100 K bytes a band for each of 2048 frequencies and thread
/// @source           Sesar et al. 2010, ApJ 708, 717 (templates); Hoffman et al. 2021, arXiv:2101.12348 (closed form by Fourier
///                   coefficients); VanderPlas & Ivezic 2015, ApJ 812, 18 (several bands)
[[nodiscard]] TemplatePeriodogram template_periodogram(std::span<const SeriesView> bands, std::span<const CurveTemplate> templates,
                                                       const FrequencyGrid& grid, const TemplateOptions& options = {});

/// The same on one thread, in slices: equal numbers. What the views show must outlive the task.
[[nodiscard]] Task<TemplatePeriodogram> template_periodogram_task(Budget& budget, std::vector<SeriesView> bands,
                                                                  std::span<const CurveTemplate> templates, FrequencyGrid grid,
                                                                  TemplateOptions options = {});

/// One template at one frequency.
struct TemplateFit {
  double frequency = 0.0;        ///< [1/day]
  double frequency_error = 0.0;  ///< [1/day] within the peak, errors scaled by the reduced chi2; infinity when chi2 does not curve
  Index template_index = -1;     ///< -1: no template has a positive amplitude
  double epoch = 0.0;            ///< [day] a time of phase 0 of the template, near the middle of the series
  std::vector<double> amplitude; ///< (B,) factor on the template's band
  std::vector<double> offset;    ///< (B,) [u]
  double chi2 = 0.0;
  double chi2_0 = 0.0;           ///< of the constants alone
  Index n = 0;                   ///< points
  Index dof = 0;                 ///< n - fitted numbers

  [[nodiscard]] double period() const { return 1.0 / frequency; }
  [[nodiscard]] double period_error() const { return frequency_error / (frequency * frequency); }
  [[nodiscard]] double power() const { return chi2_0 > 0.0 ? 1.0 - chi2 / chi2_0 : 0.0; }
  /// Cycles since the epoch, in [0, 1).
  [[nodiscard]] double phase(double t) const;
};

/// The best of the templates, with all their harmonics, at one frequency (templates whose range of periods it is not in are left out).
/// @throws InputError  as template_periodogram; frequency not > 0
/// @cost   O(S B (N K + K^2))
[[nodiscard]] TemplateFit template_fit(std::span<const SeriesView> bands, std::span<const CurveTemplate> templates, double frequency,
                                       TemplateAmplitudes amplitudes = TemplateAmplitudes::shared);

/// The fit at the local minimum of chi2 next to a frequency, with its error from the curvature of chi2.
/// @param within  [1/day] how far it may go; a grid step
/// @cost   about 25 template_fit, most of them with one template
[[nodiscard]] TemplateFit refine_template(std::span<const SeriesView> bands, std::span<const CurveTemplate> templates, double frequency,
                                          double within, TemplateAmplitudes amplitudes = TemplateAmplitudes::shared);

}  // namespace orrery::period
