#pragma once
// The fit of all modes together.
#include <vector>

#include "orrery/core/task.hpp"
#include "orrery/period/prewhiten.hpp"

namespace orrery::period::detail {

/// offset + sum_j sine_j sin(2 pi f_j tau) + cosine_j cos(2 pi f_j tau), tau = t - epoch; and what the data says of it.
struct ModeFit {
  double offset = 0.0;
  std::vector<double> frequency, sine, cosine;
  double chi2 = 0.0;
  std::vector<double> residual;    ///< (N,)
  std::vector<double> covariance;  ///< (p, p) of offset, then sine, cosine, frequency of each mode; errors as quoted

  [[nodiscard]] Index size() const { return ssize(frequency); }
  [[nodiscard]] Index parameters() const { return 1 + 3 * size(); }
};

/// What the fit needs of a series.
struct ModeData {
  std::vector<double> tau, y, weight;  ///< 1 / sigma^2
  double span = 1.0;                   ///< [day] unit of time inside: frequencies are counted in 1 / span
};

/// Levenberg-Marquardt from where `fit` stands; residual, chi2 and covariance are filled.
[[nodiscard]] Task<bool> fit_modes(Budget& budget, const ModeData& data, ModeFit& fit);

}  // namespace orrery::period::detail
