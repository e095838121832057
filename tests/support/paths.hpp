#pragma once
#include <string>

namespace orrery::testing {

[[nodiscard]] std::string shared_data();    ///< folder of the real data, which may be absent
[[nodiscard]] std::string source_folder();  ///< root of this checkout
[[nodiscard]] std::string program();        ///< the `orrery` of this build

}  // namespace orrery::testing
