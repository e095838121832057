#pragma once
// Pieces of the figure statistics.periodograms: every period statistic as a row over one series.
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "orrery/live/context.hpp"
#include "orrery/period/period_statistic.hpp"
#include "orrery/period/search.hpp"

namespace orrery::statistics {

extern const std::string_view kPeriodogramsExplain;

/// Rows of the figure: the statistics of the table in their order, and the box search as the last.
inline constexpr std::size_t kRows = 8, kBoxRow = 7;
/// Controls that switch them, and what the rows are called on the panel.
inline constexpr std::array<std::string_view, kRows> kRowControl = {"lomb_scargle", "aov", "pdm", "entropy", "string_length", "qmi",
                                                                    "supersmoother", "bls"};
inline constexpr std::array<std::string_view, kRows> kRowName = {"Lomb–Scargle", "variance ratio", "phase dispersion", "entropy",
                                                                 "string length", "mutual information", "super smoother", "box search"};

/// What the controls say.
struct RowSettings {
  std::array<bool, kRows> shown{};
  period::PeriodStatisticOptions options;
  period::PeriodSearch search;
  std::string band;
  std::optional<double> period;
};
[[nodiscard]] RowSettings row_settings(const live::FrameContext& c);
/// The limits of the controls min_period and max_period, in order and apart.
[[nodiscard]] period::PeriodSearch given_range(const live::FrameContext& c);

/// The rows of one band that are searched.
struct RowData {
  data::Series series;
  std::string band;      ///< its name; empty when the series has one
  Index thinned = 1;     ///< every so-manyth row of the band is used
  std::string trouble;   ///< why nothing can be searched; empty: all is well
};
/// @param most  longer series are thinned to so many rows
[[nodiscard]] RowData row_data(const data::Series& series, const RowSettings& settings, Index most = 5000);
/// The trial frequencies: as many as the points allow in about a second and a half of one core.
[[nodiscard]] period::SearchRange row_range(const RowData& data, const RowSettings& settings);

/// A curve of one row.
struct RowCurve {
  std::vector<double> period;  ///< (F,) [day] ascending
  std::vector<double> height;  ///< (F,) 0 at the median of the curve, 1 at its best
  std::vector<period::PeriodStatisticPeak> peaks;  ///< best first
  double contrast = 0.0;
  bool minimum = false;
  bool coarse = false;
};
/// [ms] that a row may take before a coarse curve is drawn first, on one native core.
inline constexpr double kQuickRow = 3.0;
[[nodiscard]] double row_cost(std::size_t row, double points, double frequencies);
[[nodiscard]] Task<RowCurve> row_curve(Budget& budget, std::size_t row, const RowData& data, period::FrequencyGrid grid,
                                       RowSettings settings);
/// The same from fewer points and frequencies, in a few milliseconds.
[[nodiscard]] Task<RowCurve> coarse_row(Budget& budget, std::size_t row, const RowData& data, period::FrequencyGrid grid,
                                        RowSettings settings);

/// Where a period stands to another: "the same", "twice", "half", "one day apart"; empty when nothing simple.
[[nodiscard]] std::string relation_of(double period, double reference, double baseline);

/// What the rows agree on.
struct Agreement {
  double period = 0.0;            ///< [day] best of most rows; of equal parties that of the first row
  std::vector<std::size_t> rows;  ///< that are best there
  Index voters = 0;               ///< rows that were asked: those that are not coarse, if there is one
};

/// Everything a frame is made from.
struct RowScene {
  const live::SlotContent& slot;
  const RowSettings& settings;
  const RowData& data;
  const period::SearchRange* range = nullptr;  ///< null when there is trouble
  std::array<const RowCurve*, kRows> curve{};
  Agreement agreement;
  double period = 0.0;                         ///< [day] marked
  const period::Smooth* smooth = nullptr;      ///< through the fold at the marked period
  [[nodiscard]] bool coarse() const;
};
[[nodiscard]] Agreement agreement_of(const RowScene& scene);

void set_mark(live::MarkFrame& mark, const std::vector<double>& x, const std::vector<double>& y);
void label_values(live::AxisFrame& axis, const data::Series& series);
/// Limits with 4 digits of their span, so that they do not differ between machines by rounding.
void show_rounded(live::AxisFrame& axis, live::Extent e);
/// The choices of the control `band`.
void say_bands(live::Frame& frame, const data::Series& series);

void draw_rows(live::Frame& frame, const RowScene& scene);
void draw_row_fold(live::Frame& frame, const RowScene& scene);
void draw_bests(live::Frame& frame, const RowScene& scene);
void say_rows(live::Frame& frame, const RowScene& scene);
[[nodiscard]] live::Code rows_code(const RowScene& scene);

/// Width of a peak at a period [day]: P^2 / T.
[[nodiscard]] double width_at(double period, double baseline);
[[nodiscard]] std::string period_words(double period, double baseline, const data::Series& series);

}  // namespace orrery::statistics
