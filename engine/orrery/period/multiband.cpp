#include "orrery/period/multiband.hpp"

#include <algorithm>
#include <cmath>

#include "orrery/core/error.hpp"
#include "orrery/period/lomb_scargle_detail.hpp"
#include "orrery/period/lomb_scargle_fast.hpp"
#include "orrery/period/nufft_detail.hpp"

namespace orrery::period {
namespace {

struct Combination {
  LombScargleOptions one;           ///< options of a single band: standard power
  std::vector<double> chi2_0;
  double total = 0.0;
};

Combination combination(std::span<const SeriesView> bands, const LombScargleOptions& options, const char* where) {
  if (bands.empty()) fail(ErrorKind::input, where, "expected at least 1 band, got 0");
  Combination c{options, {}, 0.0};
  c.one.normalization = Normalization::standard;
  for (const auto& band : bands) {
    c.chi2_0.push_back(detail::weighted_series(band, options, where).reference_chi2());
    c.total += c.chi2_0.back();
  }
  return c;
}

void add_band(const Combination& c, std::size_t band, std::span<const double> power, std::span<double> sum) {
  const double share = c.total > 0.0 ? c.chi2_0[band] / c.total : 0.0;
  for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += share * power[k];
}

}  // namespace

std::vector<double> lomb_scargle_multiband(std::span<const SeriesView> bands, const FrequencyGrid& grid,
                                           const LombScargleOptions& options) {
  const auto c = combination(bands, options, "lomb_scargle_multiband");
  detail::require_grid(grid, "lomb_scargle_multiband");
  std::vector<double> sum(at(grid.count), 0.0);
  for (std::size_t b = 0; b < bands.size(); ++b) add_band(c, b, lomb_scargle_fast(bands[b], grid, c.one), sum);
  detail::normalize(sum, options.normalization, c.total);
  return sum;
}

Task<std::vector<double>> lomb_scargle_multiband_task(Budget& budget, std::vector<SeriesView> bands, FrequencyGrid grid,
                                                      LombScargleOptions options) {
  const auto c = combination(bands, options, "lomb_scargle_multiband");
  detail::require_grid(grid, "lomb_scargle_multiband");
  std::vector<double> sum(at(grid.count), 0.0);
  for (std::size_t b = 0; b < bands.size(); ++b) {
    add_band(c, b, co_await lomb_scargle_fast_task(budget, bands[b], grid, c.one), sum);
    budget.progress(double(b + 1) / double(bands.size()), "periodogram");
    co_await budget.pause();
  }
  detail::normalize(sum, options.normalization, c.total);
  co_return sum;
}

MultibandFit multiband_fit(std::span<const SeriesView> bands, double frequency, const LombScargleOptions& options) {
  if (bands.empty()) fail(ErrorKind::input, "multiband_fit", "expected at least 1 band, got 0");
  MultibandFit fit;
  fit.frequency = frequency;
  double information = 0.0;
  Index freedom = -1;  // the frequency is one number for all
  for (const auto& band : bands) {
    fit.bands.push_back(harmonic_fit(band, frequency, options));
    const auto& f = fit.bands.back();
    fit.chi2 += f.chi2;
    fit.chi2_0 += f.chi2_0;
    freedom += f.dof + 1;
    information += f.information;
  }
  fit.dof = freedom;
  fit.frequency_error = information > 0.0 && fit.dof > 0 ? std::sqrt(fit.chi2 / double(fit.dof) / information) : HUGE_VAL;
  return fit;
}

}  // namespace orrery::period
