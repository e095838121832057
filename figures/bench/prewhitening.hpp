#pragma once
// Pieces of the figure statistics.prewhitening: sinusoids taken away one after the other, and what is left.
#include <string>
#include <string_view>
#include <vector>

#include "orrery/live/context.hpp"
#include "orrery/period/clean.hpp"
#include "orrery/period/prewhiten.hpp"
#include "periodograms.hpp"

namespace orrery::statistics {

extern const std::string_view kPrewhiteningExplain;

inline constexpr Index kMostModes = 10;

/// What the controls say.
struct ModeSettings {
  RowSettings rows;  ///< band and range, as the figure of all periodograms takes them
  Index modes = 1;   ///< taken away
  double snr = 4.0;
  double gain = 0.3;
  bool clean = true;
};
[[nodiscard]] ModeSettings mode_settings(const live::FrameContext& c);

[[nodiscard]] RowData mode_rows(const data::Series& series, const ModeSettings& settings);
[[nodiscard]] period::SearchRange mode_range(const RowData& data, const ModeSettings& settings);

/// CLEAN of what n modes leave; empty grid: it would need too many frequencies for a live answer.
struct CleanLeft {
  period::CleanSpectrum spectrum;
  [[nodiscard]] bool there() const { return spectrum.grid.count > 0; }
};
[[nodiscard]] Task<CleanLeft> clean_left(Budget& budget, const RowData& data, std::vector<double> residual, period::SearchRange range,
                                         double gain);

/// Amplitude of the window, 1 at 0, at k steps of the grid.
[[nodiscard]] Task<std::vector<double>> window_amplitude(Budget& budget, const RowData& data, period::FrequencyGrid grid);

/// Everything a frame is made from.
struct ModeScene {
  const live::SlotContent& slot;
  const ModeSettings& settings;
  const RowData& data;
  const period::SearchRange* range = nullptr;  ///< null when there is trouble
  const period::Prewhitening* found = nullptr; ///< with its stages
  const CleanLeft* clean = nullptr;
  const std::vector<double>* window = nullptr;
  bool coarse = false;

  [[nodiscard]] Index most() const { return ssize(found->stages) - 1; }
  [[nodiscard]] Index taken() const { return std::min(settings.modes, most()); }
  [[nodiscard]] const period::Prewhitening& before() const { return found->stages.front(); }
  [[nodiscard]] const period::Prewhitening& now() const { return found->stages[at(taken())]; }
  /// S/N of mode j (from 1) against what was left when it had been taken away.
  [[nodiscard]] double snr_when_found(Index j) const { return found->stages[at(j)].modes.back().snr; }
  /// Modes that were all above the limit when they were found.
  [[nodiscard]] Index significant() const;
  [[nodiscard]] double baseline() const { return range->baseline; }
};

void draw_stretch(live::Frame& frame, const ModeScene& scene);
void draw_before(live::Frame& frame, const ModeScene& scene);
void draw_after(live::Frame& frame, const ModeScene& scene);
void draw_ladder(live::Frame& frame, const ModeScene& scene);
void say_modes(live::Frame& frame, const ModeScene& scene);
[[nodiscard]] live::Code modes_code(const ModeScene& scene);

}  // namespace orrery::statistics
