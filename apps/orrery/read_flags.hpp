#pragma once
#include <string>

#include "orrery/data/read_series.hpp"

namespace orrery::app {

/// The flags that overrule what the reader finds by itself.
struct ReadFlags {
  std::string time, value, error, band_column, quantity;
  double time_offset = 0.0, error_scale = 1.0;
  bool keep_flagged = false;

  [[nodiscard]] data::ReadOptions options() const {
    data::ReadOptions o;
    if (!time.empty()) o.time = time;
    if (!value.empty()) o.value = value;
    if (!error.empty()) o.error = error;
    if (!band_column.empty()) o.band = band_column;
    o.time_offset = time_offset;
    if (quantity == "magnitude") o.quantity = data::Quantity::magnitude;
    if (quantity == "flux") o.quantity = data::Quantity::flux;
    if (quantity == "velocity") o.quantity = data::Quantity::velocity;
    if (quantity == "other") o.quantity = data::Quantity::other;
    o.error_scale = error_scale;
    o.keep_flagged = keep_flagged;
    return o;
  }
};

}  // namespace orrery::app
