#pragma once
// Pieces of the figure recovery.completeness: the star, the map, one injection looked at closely, and what is drawn.
#include <cstdint>
#include <string>
#include <vector>

#include "orrery/data/series.hpp"
#include "orrery/live/context.hpp"
#include "orrery/transit/completeness.hpp"

namespace orrery::figures::recovery {

inline constexpr double kMapThreshold = 7.0;  ///< for which the range of sizes is chosen

/// A star into which signals are put.
struct Field {
  data::Series series;             ///< flux of median 1 (transits), or values as they are without the star's own period; sigma always there
  transit::InjectionKind kind = transit::InjectionKind::transit;
  bool simulated = false;
  double scatter = 0.0;            ///< of a point, robust: the unit of the size axis [unit of y]
  double own_period = 0.0;         ///< [day] that was taken out; 0: none
  double span = 0.0, shortest = 0.0, longest = 0.0;  ///< [day] and the periods of the map
  double smallest = 0.0, largest = 0.0;              ///< sizes of the map [scatter]
  std::string trouble;             ///< why it cannot be searched; empty: all is well
  std::vector<std::string> notes;  ///< what was done to it

  /// Size in units of the scatter as the engine wants it, and back.
  [[nodiscard]] double engine_size(double size) const { return size * scatter; }
};

/// 27 days of a quiet star, an exposure an hour, with a gap; spots of some amplitude [ppm] that turn in nine days.
[[nodiscard]] Field simulated_field(double noise, double spots, std::uint64_t seed);
/// The user's file, or the embedded star, for one kind of injection.
[[nodiscard]] Task<Field> field_of(Budget& budget, const data::Series& series, transit::InjectionKind kind);

/// Settings of the engine for a star.
struct MapSettings {
  bool sawtooth = false;
  double window = 0.0;  ///< [day] of the biweight trend; 0: none
  std::uint64_t seed = 0;
};
[[nodiscard]] transit::CompletenessOptions options_of(const Field& field, const MapSettings& settings);

struct CompletenessScene {
  const Field& field;
  const transit::CompletenessOptions& options;
  const transit::CompletenessMap& map;    ///< judged
  const transit::InjectionView& view;
  double period = 0.0, size = 0.0;        ///< picked [day, scatter]
  double threshold = kMapThreshold;
  Index trials = 0;                       ///< a cell, in the end
  bool coarse = false;
};
void draw_completeness(live::FrameContext& c, const CompletenessScene& scene);
void say_completeness(live::FrameContext& c, const CompletenessScene& scene);

}  // namespace orrery::figures::recovery
