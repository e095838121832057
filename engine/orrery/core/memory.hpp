#pragma once
#include <string_view>

namespace orrery {

/// Memory that a program could still allocate without the machine beginning to swap: what the system says is available, or the
/// limit of its control group when that is less. In WebAssembly what is left of 1 GiB is not known, and 1 GiB is said.
/// @return [byte]; infinite where the system does not say
/// @cost   reads two small files
[[nodiscard]] double available_memory();

/// Refuses work whose results and tables would not fit, before anything is allocated.
/// @param bytes  what the work will allocate [byte]
/// @param where  the function
/// @param what   what is so large, and what makes it smaller: "for 5e7 trial periods: take a shorter range"
/// @throws InputError  of kind limit, with both sizes named
void require_memory(double bytes, std::string_view where, std::string_view what);

}  // namespace orrery
