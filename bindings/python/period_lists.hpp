#pragma once
// The alias report as Python sees it: python/orrery/_period.py names the parts.
#include <nanobind/stl/string.h>

#include "orrery/period/rivals.hpp"
#include "support.hpp"

namespace orrery::python {

[[nodiscard]] inline nb::list rival_list(const std::vector<period::Rival>& rivals) {
  nb::list out;
  for (const auto& r : rivals) {
    out.append(nb::make_tuple(r.period, r.period_error, r.power, r.delta_chi2, r.prediction, r.log10_odds, r.harmonics,
                              r.relation, r.excluded));
  }
  return out;
}

[[nodiscard]] inline nb::list window_list(const std::vector<period::WindowPeak>& window) {
  nb::list out;
  for (const auto& peak : window) out.append(nb::make_tuple(peak.frequency, peak.height, peak.words));
  return out;
}

}  // namespace orrery::python
