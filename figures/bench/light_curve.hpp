#pragma once
// Pieces of the figure bench.light_curve: what its controls ask, what is computed from it, and what is said and drawn.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "orrery/live/context.hpp"
#include "orrery/period/search.hpp"

namespace orrery::bench {

extern const std::string_view kLightCurveExplain;

/// Largest frequency grid of the figure; wider ranges are made coarser, with a warning.
inline constexpr Index kMaxFrequencies = 200'000;
/// The clip's slider is off at its top end.
inline constexpr double kClipOff = 10.0;
/// Rivals that are worse by less than this (4 sigma) are not excluded.
inline constexpr double kUndecided = 16.0;

/// What the controls say.
struct Settings {
  period::PeriodSearch search;
  std::string band;                 ///< "all" or a name
  std::optional<double> period;     ///< none: the best peak
  std::optional<double> zero_phase; ///< none: maximum brightness
  Index bins = 0;
  bool frequency_axis = false;
  bool phase_residuals = false;
};
[[nodiscard]] Settings settings_of(const live::FrameContext& c);

/// The rows of the slot that band and mask leave, and what is left out.
struct Selection {
  data::Series series;                 ///< rows to be searched
  std::vector<std::int32_t> row;       ///< (N,) their rows in the slot
  std::vector<std::int32_t> masked;    ///< rows of the slot in the chosen band under the mask
  Index other_bands = 0;               ///< rows in bands that were not chosen
  Index duplicates = 0;                ///< rows at the time of an earlier one of the same band
  std::string trouble;                 ///< why no period can be searched; empty: all is well
};
[[nodiscard]] Selection select_rows(const data::Series& series, const Settings& settings, const std::vector<double>& mask);

/// The model at the shown period, and what it leaves.
struct Fold {
  period::PeriodModel model;
  double period = 0.0;                 ///< [day] shown
  double period_error = 0.0;           ///< [day]
  double log10_false_alarm = 0.0;      ///< of a peak as high as the power here
  bool is_best = true;
  double zero_phase = 0.0;             ///< model phase that is drawn at phase 0
  double amplitude = 0.0;              ///< [y_unit] full range in the band with most points
  double amplitude_error = 0.0;
  Index reference = 0;                 ///< that band, position in model.bands
  std::vector<double> phase;           ///< (N,) of the selection's rows, from the zero phase, in [0, 1)
  std::vector<double> residual;        ///< (N,) value - model; NaN in bands without a model
  std::optional<double> snap;          ///< [day] local maximum of the power uphill from the shown period
  double unequal_halves = 0.0;         ///< gain in chi2 of twice the period with twice the harmonics, beyond what its coefficients cost
};
[[nodiscard]] Fold fold_at(const Selection& selection, const period::PeriodReport& report, const Settings& settings);

/// Coarse answer for the first frame: fewer rows and frequencies, no clip. Costs a fraction of the search.
[[nodiscard]] bool worth_coarse(const Selection& selection, const period::SearchRange& range, const Settings& settings);
[[nodiscard]] Task<period::PeriodReport> coarse_search(Budget& budget, const Selection& selection, Settings settings);

/// Everything a frame is made from.
struct Scene {
  const live::SlotContent& slot;
  const Settings& settings;
  const Selection& selection;
  const period::PeriodReport* report = nullptr;  ///< null when there is trouble
  const Fold* fold = nullptr;
  bool coarse = false;
};

void draw_observations(live::Frame& frame, const Scene& scene);
void draw_periodogram(live::Frame& frame, const Scene& scene);
void draw_fold(live::Frame& frame, const Scene& scene);
void draw_residuals(live::Frame& frame, const Scene& scene);
void say_numbers(live::Frame& frame, const Scene& scene);
void say_warnings(live::Frame& frame, const Scene& scene);
void say_controls(live::Frame& frame, const Scene& scene);
[[nodiscard]] live::Code code_for(const live::FrameContext& c, const Scene& scene);

/// Time that is subtracted on the axis, so that its labels stay short: a round number of thousands of days, or 0.
[[nodiscard]] double axis_offset(const data::Series& series);
/// "mag", "day"... of the slot's values and times.
[[nodiscard]] std::string time_unit(const data::Series& series);
/// "2 × 10⁻²³", "0.013": a probability given by its logarithm.
[[nodiscard]] std::string probability_text(double log10_probability);
/// Name of a band, or "" when the series has one.
[[nodiscard]] std::string band_name(const data::Series& series, std::int32_t band);

}  // namespace orrery::bench
