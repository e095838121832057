#pragma once
// Sums and solves of the flexible multiband model behind fixed signatures. See multiband_flexible.hpp for the model.
#include <cstdint>
#include <span>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/period/multiband_flexible.hpp"

namespace orrery::period::detail {

/// A band made ready: all bands together have weights that sum to 1.
struct FlexibleBand {
  std::vector<double> tau, weight, weighted_y;  ///< (N_b,) t - epoch, 1 / sigma^2 over the total, weight * (y - mean)
  double share = 0.0;                           ///< sum of weight
  double weighted_sum = 0.0;                    ///< sum of weighted_y
  double mean = 0.0;
};

/// Entry of a normal matrix: factor_a sums[a] + factor_b sums[b], with sums of w cos(k phi) at 2k and of w sin(k phi) at 2k + 1.
struct FlexibleEntry {
  int a = 0, b = 0;
  double factor_a = 0.0, factor_b = 0.0;
};

struct FlexibleModel {
  std::vector<FlexibleBand> bands;
  double epoch = 0.0;
  double total_weight = 0.0;
  double variance = 0.0;           ///< sum of weight (y - mean)^2 over all bands
  int base_harmonics = 1, band_harmonics = 1;
  double base_lambda = 0.0;        ///< in units of the total weight
  double band_lambda = 0.0;
  std::vector<FlexibleEntry> entries;  ///< of the lower triangle: the band's columns, the shared columns; row by row
  std::vector<int> right;          ///< which sum of w y goes with each column
  double weak_shared = 0.0;        ///< what a pivot of the shared columns is, in size, when no frequency is singular: columns
  double weak_rest = 0.0;          ///< that the bands have too, and the others
  std::vector<std::uint8_t> exact; ///< (B,) bands by direct sums: their pivots say nothing about errors

  [[nodiscard]] int harmonics() const { return base_harmonics > band_harmonics ? base_harmonics : band_harmonics; }
  [[nodiscard]] int band_columns() const { return 1 + 2 * band_harmonics; }
  [[nodiscard]] int base_columns() const { return 1 + 2 * base_harmonics; }
  /// Complex sums a band: w y and w at 1 ... K, then w at K + 1 ... 2K.
  [[nodiscard]] Index sums() const { return 3 * harmonics(); }
  [[nodiscard]] double reference_chi2() const { return total_weight * variance; }
};

/// Checks and prepares. @throws InputError naming `where`
[[nodiscard]] FlexibleModel flexible_prepared(std::span<const SeriesView> bands, const FlexibleOptions& options, const char* where);

/// Sums of some frequencies: [band][sum][re, im][stride].
struct FlexibleSums {
  std::vector<double> values;
  Index stride = 0;
  Index per_band = 0;
  void resize(const FlexibleModel& model, Index frequencies);
  [[nodiscard]] double* column(Index band, Index sum, int part) { return values.data() + band * per_band + (2 * sum + part) * stride; }
  [[nodiscard]] const double* column(Index band, Index sum, int part) const {
    return values.data() + band * per_band + (2 * sum + part) * stride;
  }
};

/// Direct sums of one band with exp(-2 pi i k (f tau + shift)), as the transform gives them, for frequencies that go to positions from
/// `first` on. shift: one a frequency, or empty for 0.
void flexible_direct(const FlexibleModel& model, Index band, std::span<const double> frequency, std::span<const double> shift, Index first,
                     FlexibleSums& sums);

/// Standard powers of frequencies first ... first + count - 1 of the sums into power[first] ...; first a multiple of 8.
/// suspicious: positions whose power may have lost digits to the transform; or null.
void flexible_solve(const FlexibleModel& model, const FlexibleSums& sums, Index first, Index count, double* power,
                    std::vector<Index>* suspicious);

}  // namespace orrery::period::detail
