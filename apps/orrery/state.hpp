#pragma once
#include <string>
#include <vector>

#include "orrery/core/task.hpp"
#include "orrery/data/read_series.hpp"
#include "orrery/live/context.hpp"
#include "orrery/live/figure.hpp"
#include "orrery/live/slots.hpp"

namespace orrery::app {

/// Control values from `name=value` arguments, read as the control's kind says ("auto", 1.5, true, g, 0.2,1.2, 3-17,22).
/// @throws InputError naming the argument
[[nodiscard]] live::Values values_from_flags(const live::Figure& figure, const std::vector<std::string>& arguments);

/// The figure's slots with the user's files from `slot=FILE` or FILE (the first slot) in place of the embedded sets.
[[nodiscard]] live::Slots slots_from_flags(const live::Figure& figure, const std::vector<std::string>& arguments,
                                           const data::ReadOptions& options = {}, bool quiet = false);

/// A frame made in slices, so that the shell can show progress and be stopped.
[[nodiscard]] Task<live::Frame> evaluate_task(const live::Figure& figure, const live::Values& values, const live::Slots& slots,
                                              live::NodeCache& cache, Budget& budget);

}  // namespace orrery::app
