#pragma once
#include <string>
#include <string_view>

#include "orrery/data/read_series.hpp"
#include "orrery/live/context.hpp"
#include "orrery/live/figure.hpp"
#include "orrery/live/frame.hpp"
#include "orrery/live/slots.hpp"

namespace orrery::live {

/// Content of a slot from the bytes of a user's file (CSV and its kin everywhere, FITS natively).
/// @param name     file name, for messages
/// @throws InputError  what the readers throw
[[nodiscard]] SlotContent slot_from_bytes(const Slot& slot, std::string_view bytes, std::string_view name,
                                          const data::ReadOptions& options = {});

#ifndef __wasi__
/// The same from a file, streamed: text and FITS. @throws InputError  also (io) when it cannot be read
[[nodiscard]] SlotContent slot_from_file(const Slot& slot, const std::string& path, const data::ReadOptions& options = {},
                                         const data::Progress& progress = {});

/// The figure's slots with a file in the first one.
[[nodiscard]] Slots slots_from_file(const Figure& figure, const std::string& path, const data::ReadOptions& options = {});
#endif

/// Content of a slot from an embedded set. @throws InputError naming the known ids
[[nodiscard]] SlotContent slot_from_embedded(const Slot& slot, std::string_view id);

/// Every slot of the figure with the embedded set it starts with (slots without one stay empty).
[[nodiscard]] Slots default_slots(const Figure& figure);

/// One frame, computed from nothing to its end: the numbers behind `orrery eval`, and the oracle for what a session shows.
/// @param given   values; absent ones take their start; out of range is refused
/// @throws InputError  from complete_values and from the figure
[[nodiscard]] Frame evaluate(const Figure& figure, const Values& given, const Slots& slots);
[[nodiscard]] Frame evaluate(const Figure& figure, const Values& given = {});

}  // namespace orrery::live
