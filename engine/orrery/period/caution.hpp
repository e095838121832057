#pragma once
#include <string>
#include <vector>

#include "orrery/data/series.hpp"

namespace orrery::period {

/// Time between neighbouring measurements of the band that has most of them; times that coincide do not count. All 0 when there are none.
struct Cadence {
  double shortest = 0.0;  ///< [day]
  double median = 0.0;    ///< [day]
  bool regular = false;   ///< more than 20 spacings, four fifths of them within a factor of 1.2, as from space
};

/// @cost O(N log N) time, O(N) memory
[[nodiscard]] Cadence series_cadence(const data::Series& series);

/// What the sampling says against a period: with a regular cadence d a period below 2 d (the Nyquist period) has longer ones that give
/// the same values; with an irregular one a period below the shortest time between two measurements is seen by no pair of them.
/// @param period  [day], > 0
/// @return        one plain sentence; empty when there is nothing to say
/// @cost          as series_cadence
/// @source        VanderPlas 2018, ApJS 236, 16, sect. 4.1
[[nodiscard]] std::string cadence_caution(const data::Series& series, double period);

/// What the length of the series says against a period: with fewer than three cycles seen, red noise and slow trends look periodic.
/// @param period  [day], > 0
/// @return        one plain sentence; empty when there is nothing to say
/// @cost          O(N)
/// @source        Vaughan et al. 2016, MNRAS 461, 3145 (few-cycle periods of quasars)
[[nodiscard]] std::string cycles_caution(const data::Series& series, double period);

/// Both, in words, for a period that was found. @cost as cadence_caution
[[nodiscard]] std::vector<std::string> period_cautions(const data::Series& series, double period);

/// Refuses a series that cannot have a period because within each band all its values are the same. The methods themselves answer such a
/// series (with a power of 0 everywhere); a search that was asked for *the* period says this instead of naming one.
/// @throws InputError  naming `where`, the number of values and the value
/// @cost O(N B)
void require_variation(const data::Series& series, const char* where);

}  // namespace orrery::period
