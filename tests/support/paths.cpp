#include "support/paths.hpp"

namespace orrery::testing {

std::string shared_data() { return ORRERY_SHARED_DATA; }
std::string source_folder() { return ORRERY_SOURCE_DIR; }
std::string program() { return ORRERY_PROGRAM; }

}  // namespace orrery::testing
