#pragma once
// Shared by the template periodogram and the template fits.
#include <cstdint>
#include <span>
#include <vector>

#include "orrery/core/fft_buffer.hpp"
#include "orrery/core/index.hpp"
#include "orrery/period/template_periodogram.hpp"

namespace orrery::period::detail {

/// A band made ready for sums: weights of all bands together sum to 1, values have the band's weighted mean taken off.
struct TemplateBand {
  std::vector<double> tau, weight, weighted_y;  ///< (N,)
  double weight_sum = 0.0;
  double mean = 0.0;
  double variance = 0.0;  ///< sum weight (y - mean)^2
};
struct TemplateSeries {
  std::vector<TemplateBand> bands;
  double epoch = 0.0;
  double total_weight = 0.0;
  double variance = 0.0;  ///< of all bands
  double baseline = 0.0;  ///< [day]
  Index n = 0;
};
/// @throws InputError naming `where`
[[nodiscard]] TemplateSeries template_series(std::span<const SeriesView> bands, const char* where);

/// A curve and the coefficients of its square: T^2 = q0 + sum_m qc[m-1] cos(m u) + qs[m-1] sin(m u), m = 1 ... 2 K.
struct SquaredCurve {
  std::vector<double> a, b, qc, qs;
  double q0 = 0.0;
  [[nodiscard]] Index harmonics() const { return ssize(a); }
};
[[nodiscard]] SquaredCurve squared_curve(const PhaseCurve& curve, Index harmonics);

struct PreparedTemplate {
  std::vector<SquaredCurve> bands;
  double low = 0.0, high = 0.0;  ///< [1/day] frequencies at which it may be
};
/// The first `harmonics` of each curve (0: all). @throws InputError naming `where`
[[nodiscard]] std::vector<PreparedTemplate> prepare_templates(std::span<const CurveTemplate> templates, Index bands, Index harmonics,
                                                              const char* where);

/// Sums over a band at one frequency: w cos, w sin of k phi for k = 1 ... 2 K, w y cos, w y sin for k = 1 ... K.
struct BandSums {
  std::vector<double> wc, ws, yc, ys;
};
void direct_band_sums(const TemplateBand& band, double frequency, Index harmonics, BandSums& out);

/// The fall of chi2 (in units of the total weight) as a function of the phase u [rad] of a template, with two derivatives.
struct PhaseValue {
  double gain = 0.0, slope = 0.0, curvature = 0.0;
};
class PhaseGain {
 public:
  /// Coefficients in the phase, from the sums of every band.
  void set(const PreparedTemplate& shape, const TemplateSeries& series, std::span<const BandSums> sums, TemplateAmplitudes amplitudes);
  [[nodiscard]] PhaseValue at_phase(double u) const;
  /// The gain alone; circle holds cos(k u), sin(k u) by turns for k = 1 ... 2 K.
  [[nodiscard]] double at_circle(const double* circle) const;
  /// Newton's method from a point, not farther than `reach`; gives where the gain ends up and it. @cost O(B K) a step, 2 to 6 steps
  double climb(double& u, double reach) const;
  /// Amplitudes (B,) at a phase.
  [[nodiscard]] std::vector<double> amplitudes(double u) const;
  /// sum w T / sum w of each band (B,) at a phase: what the offset must allow for.
  [[nodiscard]] std::vector<double> means(double u) const;

 private:
  struct Band {
    std::vector<double> yp, yr, mp, mr, qp, qr;
    double q0 = 0.0, weight_sum = 0.0;
    bool used = false;
  };
  struct Parts {
    double y[3], m[3], q;
  };
  [[nodiscard]] Parts parts(const Band& band, const double* circle, double* mean) const;
  std::vector<Band> bands_;
  Index circle_ = 0;  ///< harmonics of a square
  bool shared_ = true;
};

void fill_circle(double u, Index harmonics, double* circle);

/// Part of T's own spread below which a phase sees nothing of a template (all points at like phases).
inline constexpr double kUnseenTemplate = 1e-7;

/// Tables of the search on a grid of phases, for one template: per phase of the first half circle and band the weights of the sums.
struct TemplateTable {
  FftBuffer weights;  ///< (phases / 2, used bands, 2 H for w and for w y, then 4 H for w of the square)
  std::vector<std::int32_t> band;  ///< used bands
  std::vector<double> q0, weight_sum;  ///< of the used bands: mean of T^2, sum of w
  double low = 0.0, high = 0.0;
};
struct TemplateScan {
  Index harmonics = 0, phases = 0, bands = 0;
  TemplateAmplitudes amplitudes = TemplateAmplitudes::shared;
  std::vector<TemplateTable> tables;
  [[nodiscard]] Index columns() const { return 6 * harmonics; }
};
[[nodiscard]] TemplateScan template_scan(const std::vector<PreparedTemplate>& templates, const TemplateSeries& series, Index harmonics,
                                         TemplateAmplitudes amplitudes);

/// Sums at some neighbouring frequencies: column c of band b is at data + (b columns + c) stride. Columns: w cos and w sin of k phi by
/// turns for k = 1 ... 2 H, then w y cos and w y sin for k = 1 ... H.
struct SumBlock {
  FftBuffer data;
  Index stride = 0;  ///< >= count, a multiple of 8
  Index count = 0;
};
/// The two best maxima over templates and phases of the grid, by the parabola through three phases.
struct ScanBest {
  double gain[2] = {0.0, 0.0};
  std::int32_t place[2] = {-1, -1};  ///< template * phases + phase
};
// SIMD parts (template_scan.cpp).
void direct_sum_block(const TemplateBand& band, const double* frequency, Index count, Index harmonics, double* columns, Index stride);
void scan_block(const TemplateScan& scan, const SumBlock& sums, const double* frequency, Index begin, Index end, ScanBest* best);

}  // namespace orrery::period::detail
