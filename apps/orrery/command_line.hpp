#pragma once
#include <functional>

namespace orrery::app {

/// What a chosen verb does.
using Action = std::function<int()>;

/// Reads the command line. Empty when there is nothing left to do but to end with `exit_code`: help was asked for, or the line is
/// wrong and a message went out.
[[nodiscard]] Action action_of(int argc, char** argv, int& exit_code);

}  // namespace orrery::app
