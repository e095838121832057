#pragma once
// What the groups of features share: one star, its sorted values and moments, computed when first asked for.
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/data/series.hpp"
#include "orrery/features/features.hpp"

namespace orrery::features::detail {

/// Sums over the values and their errors.
struct Base {
  double mean = 0.0, squares = 0.0, cubes = 0.0, fourths = 0.0;  // sums of powers of y - mean
  double low = 0.0, high = 0.0;
  double weight = 0.0, weighted_mean = 0.0, chi2 = 0.0, error_squares = 0.0, absolute = 0.0;  // absolute: sum |y - wmean| / sigma
};

/// The highest peak of the periodogram and others.
struct Spectrum {
  bool there = false;
  double period = 0.0, signal_to_noise = 0.0;  // light-curve
  double frequency = 0.0, step = 0.0;          // refined best
};

/// One star in order of time.
class Star {
 public:
  explicit Star(const SeriesView& series);

  [[nodiscard]] Index n() const { return ssize(t); }
  [[nodiscard]] double count() const { return static_cast<double>(t.size()); }
  [[nodiscard]] bool has_errors() const { return !sigma.empty(); }
  [[nodiscard]] double variance() const { return base.squares / (count() - 1.0); }
  [[nodiscard]] SeriesView view() const { return {t, y, sigma}; }

  [[nodiscard]] const std::vector<double>& sorted();
  [[nodiscard]] double median();
  [[nodiscard]] double mad();
  [[nodiscard]] const Spectrum& spectrum();
  /// Quantile at p: `middle` puts order statistic i at (i + 1/2) / N (Hyndman & Fan's 5), else at i / (N - 1) (their 7).
  [[nodiscard]] double quantile(double p, bool middle);

  std::span<const double> t, y, sigma;
  Base base;
  std::uint32_t reason = 0;  // of the group at work

 private:
  std::vector<double> own_t_, own_y_, own_sigma_, sorted_;
  bool has_mad_ = false, has_spectrum_ = false;
  double mad_ = 0.0;
  Spectrum spectrum_;
};

using Compute = void (*)(Star& star, double* out);

/// Groups in the order of their numbers.
struct Group {
  Compute compute;
  int size;
};
enum GroupId : int {
  kValues, kNormality, kPairScale, kErrors, kOrder, kSlopes, kLine, kErrorLine, kParabola, kTimes, kFatsValues, kFatsOrder, kStructure,
  kAutocorrelation, kSlotted, kWalk, kCesiumValues, kCesiumErrors, kStetsonCesium, kCadence, kTimeMap, kPeak, kFold, kFatsHarmonics,
  kCesiumHarmonics, kBazin, kLinexp, kVillar, kGroupCount
};
[[nodiscard]] const Group& group(int id);
[[nodiscard]] bool is_periodic(int id);
[[nodiscard]] bool is_transient(int id);

// The groups, by source file.
void values(Star&, double*);
void normality(Star&, double*);
void pair_scale(Star&, double*);
void errors(Star&, double*);
void order(Star&, double*);
void slopes(Star&, double*);
void line(Star&, double*);
void error_line(Star&, double*);
void parabola(Star&, double*);
void times(Star&, double*);
void fats_values(Star&, double*);
void fats_order(Star&, double*);
void structure(Star&, double*);
void autocorrelation(Star&, double*);
void slotted(Star&, double*);
void walk(Star&, double*);
void cesium_values(Star&, double*);
void cesium_errors(Star&, double*);
void stetson_cesium(Star&, double*);
void cadence(Star&, double*);
void time_map(Star&, double*);
void peak(Star&, double*);
void fold(Star&, double*);
void fats_harmonics(Star&, double*);
void cesium_harmonics(Star&, double*);
void bazin(Star&, double*);
void linexp(Star&, double*);
void villar(Star&, double*);

/// Sorts ascending. @cost O(n) for values that do not crowd, O(n log n) at most
void bucket_sort(std::vector<double>& values);

/// ln of the standard normal distribution function, by a table of Taylor pieces for -12 <= z <= 10: relative error below 1e-12, and for
/// z > 5 an absolute one below 1e-22.
[[nodiscard]] double log_normal_cdf(double z);

/// Population (biased) mean, standard deviation, skewness, excess kurtosis of any numbers.
struct Shape {
  double mean, deviation, skew, kurtosis;
};
[[nodiscard]] Shape shape_of(std::span<const double> values);

/// Median of numbers that may be reordered.
[[nodiscard]] double middle(std::vector<double>& values);

}  // namespace orrery::features::detail
