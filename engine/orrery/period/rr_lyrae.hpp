#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"
#include "orrery/period/template_periodogram.hpp"

namespace orrery::period {

/// Periods of the two kinds of RR Lyrae stars [day]: pulsation in the fundamental mode (ab) and in the first overtone (c).
struct RrLyraeRange {
  double ab_min = 0.42, ab_max = 0.95;
  double c_min = 0.23, c_max = 0.48;
};

/// Light curves of RR Lyrae stars in the given bands, brightest at phase 0: 21 of type ab from the smoothest to the steepest and 2
/// of type c, by their first 12 Fourier coefficients (all but 0.15 % rms, at most 0.75 %, of the range). The published numbers
/// order the shapes of each band alike, so that a template takes in every band the shape of its own rank. Amplitudes
/// are in proportion to 1 in g: u 0.95, r 0.72, i 0.58, z 0.52 (ab), u 0.88, r 0.71, i 0.55, z 0.48 (c).
/// @param bands  (B,) names; the first letter of u, g, r, i, z decides (B and V are taken as g, R as r, I as i), others count as g
/// @param flux   curves that fall where magnitudes rise
/// @param range  of the periods
/// @return       23 templates "ab 100" ... "ab 120", "c 0", "c 1" with B bands
/// @cost         O(B)
/// @source       Sesar et al. 2010, ApJ 708, 717: shapes; proportions are medians of their table 2
[[nodiscard]] std::vector<CurveTemplate> rr_lyrae_templates(std::span<const std::string> bands, bool flux = false,
                                                            const RrLyraeRange& range = {});

/// A curve of a numbered set, as published sets come: one file a number and band.
struct NumberedCurve {
  std::string band;  ///< u, g, r, i or z
  int number = 0;    ///< below 100: type c; else type ab
  PhaseCurve curve;  ///< of magnitudes, range 1, brightest at phase 0
};

/// Templates of a numbered set the way rr_lyrae_templates makes them: one for each number of the band with most curves of a type, with the
/// curve of the same rank in every other band.
/// @throws InputError  no curve; a type that is there, but not in one of the bands asked for
/// @cost               O(B n)
[[nodiscard]] std::vector<CurveTemplate> ranked_templates(std::span<const NumberedCurve> curves, std::span<const std::string> bands,
                                                          bool flux = false, const RrLyraeRange& range = {});

/// Settings of the search for RR Lyrae stars.
struct RrLyraeOptions {
  double min_period = 0.23;   ///< [day]
  double max_period = 0.95;   ///< [day]
  double oversampling = 6.0;  ///< frequencies across a peak of width 1 / baseline
  double floor = 0.02;        ///< [y_unit] added to every error in quadrature: what no template explains
  double clip = 5.0;          ///< points farther from their band's fit than so many errors leave the comparison of peaks; 0: none do
  Index candidates = 12;      ///< peaks that are fitted with all templates and harmonics
  Index coarse = 9;           ///< templates in the periodogram, evenly out of all; 0: all
  TemplateAmplitudes amplitudes = TemplateAmplitudes::free;  ///< no assumption about the bands is needed: shared finds as many
  int harmonics = 6;          ///< in the periodogram
  int threads = 0;            ///< 0 = all cores
};

/// A period that templates explain.
struct RrLyraeCandidate {
  TemplateFit fit;
  std::string name;         ///< of the template
  double delta_chi2 = 0.0;  ///< above the best, in units of its reduced chi2
};

/// What was found.
struct RrLyraeReport {
  FrequencyGrid grid;
  TemplatePeriodogram curve;              ///< (grid.count,); template_index counts in `templates`
  std::vector<CurveTemplate> templates;
  std::vector<RrLyraeCandidate> candidates;  ///< best first, at least one
  std::vector<std::uint8_t> kept;         ///< (N,) 1 for points used in the fits
  Index n_dropped = 0;

  [[nodiscard]] const TemplateFit& best() const { return candidates.front().fit; }
  /// "ab" or "c".
  [[nodiscard]] std::string type() const { return candidates.front().name.substr(0, candidates.front().name.find(' ')); }
};

/// Period and type of an RR Lyrae star: template_periodogram of all bands with one phase, period and amplitude, the highest peaks
/// refined with all harmonics of the templates, far points left out, and the peak of least chi2.
/// @param series     t [day], magnitudes or (series.quantity) fluxes, sigma or empty, band; some band of more than 3 points
/// @param options    see RrLyraeOptions
/// @param templates  none: rr_lyrae_templates of the series' bands; else templates of as many bands
/// @throws InputError  as template_periodogram; limits not ascending or not > 0, oversampling outside
///                     [1, 100], candidates < 1, a grid too large
/// @cost             template_periodogram, and about 3 ms a candidate
/// @source           Sesar et al. 2010, ApJ 708, 717; VanderPlas & Ivezic 2015, ApJ 812, 18; Sesar et al. 2017, AJ 153, 204 (shared phase
///                   and amplitude, ranges of period)
[[nodiscard]] RrLyraeReport find_rr_lyrae(const data::Series& series, const RrLyraeOptions& options = {},
                                          std::span<const CurveTemplate> templates = {});
/// The same on one thread, in slices. Series and templates must outlive the task.
[[nodiscard]] Task<RrLyraeReport> find_rr_lyrae_task(Budget& budget, const data::Series& series, RrLyraeOptions options,
                                                     std::span<const CurveTemplate> templates = {});

}  // namespace orrery::period
