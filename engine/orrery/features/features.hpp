#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"
#include "orrery/data/series.hpp"

namespace orrery::features {

/// Which published set a feature belongs to; a feature with one formula in several sets has several bits.
enum FeatureSet : unsigned {
  kLightCurve = 1,  ///< Malanchev et al. 2021, MNRAS 502, 5147 (light-curve)
  kFats = 2,        ///< Nun et al. 2015, arXiv 1506.00010 (FATS)
  kCesium = 4,      ///< Naul et al. 2016 (cesium); Richards et al. 2011, ApJ 733, 10
  kEverySet = 7,
};

/// Why a value is not a number. Several bits may be set.
enum Reason : std::uint32_t {
  kTooFewPoints = 1,   ///< fewer than FeatureInfo::min_points
  kNoErrors = 2,       ///< the formula needs standard errors and the series has none
  kNoVariation = 4,    ///< all values are equal and the formula divides by their spread
  kEqualTimes = 8,     ///< the formula divides by a difference of times that is zero
  kNotConverged = 16,  ///< a fit did not settle; the last values are given, this bit is a warning
  kUndefined = 32,     ///< a division by zero or a logarithm of what is not positive, for another reason
  kNoPartner = 64,     ///< a feature of two bands, and no measurement of one at a time of the other (or none at all)
};

/// What a feature is.
struct FeatureInfo {
  std::string_view name;         ///< that of its set; suffixed `_cesium` where another set has a different formula of that name
  std::string_view unit;         ///< "y" the unit of the values, "t" that of the times, "1", "y/t", "1/t", ...
  std::string_view description;  ///< formula in words
  unsigned sets;                 ///< FeatureSet bits
  int group;                     ///< features of a group are computed together
  int place;                     ///< within the group
  Index min_points;
  bool needs_errors;
};

/// All features of one band, in a fixed order: those of `sets`. Names are unique.
[[nodiscard]] std::span<const FeatureInfo> registry();

/// Names of the features of the sets, in the order of the registry.
[[nodiscard]] std::vector<std::string_view> names(unsigned sets = kEverySet);

/// Settings of features.
struct FeatureOptions {
  unsigned sets = kEverySet;           ///< used when `names` is empty
  std::vector<std::string> names;      ///< a chosen subset, in this order
  bool periodic = true;                ///< with `sets`: also those that need a periodogram
  bool transient = true;               ///< with `sets`: also Bazin, Linexp and Villar fits, meant for fluxes of explosions
  Index bootstrap = 0;                 ///< resamplings of the points for the errors; 0: none
  std::uint64_t seed = 1;
  int threads = 0;                     ///< largest number; 0 = all cores. Results do not depend on it
};

/// Features of one series, or of all its bands.
struct FeatureValues {
  std::vector<std::string> names;      ///< of a series with bands: name_band, then those of pairs: name_band1_band2
  std::vector<std::string> units;
  std::vector<double> value;           ///< NaN where reason says why
  std::vector<double> error;           ///< standard deviation over the resamplings that gave a number; empty without bootstrap
  std::vector<std::uint32_t> reason;   ///< Reason bits
};

/// Features of a light curve. One sort of the values, one set of moments and one periodogram are shared by all that need them.
/// Values are taken as they are, magnitudes or fluxes; formulas that turn magnitudes into fluxes (cesium) say so. Logarithms
/// or other transforms that some catalogues apply are not applied.
/// @param series   t (N,) [day], y (N,) [u], sigma (N,) [u] or empty; any order; N >= 1
/// @param options  which, errors by resampling
/// @return         values (F,) in the order of the names
/// @throws InputError  no point, unequal lengths, a value that is not finite, sigma <= 0, unknown name, bootstrap < 0 or above 1e6
/// @cost           O(N log N) for those of the values, 50 us at N = 1000; periodic ones that of a periodogram with 10 points a peak up
///                 to the mean Nyquist frequency; pair counts of slotted autocorrelation O(N^2), N <= 20000; O(N) memory.
///                 Bootstrap multiplies
/// @source         the sets above, formula by formula in docs/guide/features.md
[[nodiscard]] FeatureValues features(const SeriesView& series, const FeatureOptions& options = {});

/// The same on one thread, in slices of a few milliseconds: a pause between groups of features and between resamplings.
/// @throws InputError as features, when it begins
[[nodiscard]] Task<FeatureValues> features_task(Budget& budget, SeriesView series, FeatureOptions options = {});

/// Features of every band, each named with the band, and of every pair of bands in their order:
///   color_of_mean, color_of_median, color_of_maximum, color_of_minimum [y]   differences of the two bands (first minus second)
///   StetsonI, StetsonJ, StetsonL [1]                                          of measurements at equal times; need errors
///   Eta_color, Q31_color [1, y]                                               of differences at equal times
/// and color_spread, the standard deviation of the bands' weighted means.
/// @param series  as a reader gives it, bands or one
/// @throws InputError as features
/// @source Stetson 1996, PASP 108, 851; Welch & Stetson 1993, AJ 105, 1813 (I); Nun et al. 2015; Malanchev et al. 2021
[[nodiscard]] FeatureValues band_features(const data::Series& series, const FeatureOptions& options = {});

/// Features of many stars: one row a star, threads over stars.
struct FeatureTable {
  std::vector<std::string> names;     ///< (F,)
  std::vector<std::string> units;     ///< (F,)
  Index rows = 0;
  std::vector<double> value;          ///< (rows, F) row by row
  std::vector<std::uint32_t> reason;  ///< (rows, F)
};

/// @param stars    each as features takes it; bootstrap is not used
/// @throws InputError as features, naming the star
/// @cost   the sum over the stars, divided by the threads
[[nodiscard]] FeatureTable feature_table(std::span<const SeriesView> stars, const FeatureOptions& options = {});

/// Counts of all pairs of points in cells of time difference and value difference: a picture that classifiers learn from.
/// @param dt_edge  (A + 1,) [day] ascending, >= 0
/// @param dy_edge  (B + 1,) [u] ascending; y of the later point minus that of the earlier
/// @return         (A, B) counts row by row
/// @throws InputError  as features; fewer than two edges or not ascending
/// @cost           O(N^2 log(A B)), pairs beyond the last dt edge are not looked at
/// @source         Mahabal et al. 2017, arXiv 1709.06257
[[nodiscard]] std::vector<double> dmdt_map(const SeriesView& series, std::span<const double> dt_edge, std::span<const double> dy_edge);

/// "too few points, no errors" for reason bits.
[[nodiscard]] std::string reason_text(std::uint32_t reason);

}  // namespace orrery::features
