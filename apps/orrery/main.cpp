// The orrery command: errors to exit codes. The flags are in command_line, the work is in the verbs.
#include <fmt/format.h>

#include <exception>

#include "orrery/command_line.hpp"
#include "orrery/core/error.hpp"
#include "orrery/progress.hpp"
#include "orrery/verbs.hpp"

namespace {

int run_action(const orrery::app::Action& action) {
  using namespace orrery::app;
  try {
    return action();
  } catch (const orrery::InputError& e) {
    fmt::print(stderr, "orrery: {}\n", e.what());
    return e.kind() == orrery::ErrorKind::io ? kCouldNot : kWrongInput;
  } catch (const Interrupted&) {
    fmt::print(stderr, "orrery: stopped\n");
    return kCouldNot;
  } catch (const std::bad_alloc&) {
    fmt::print(stderr, "orrery: not enough memory for this input\n");
    return kCouldNot;
  } catch (const std::exception& e) {
    fmt::print(stderr, "orrery: {}\n", e.what());
    return kCouldNot;
  }
}

}  // namespace

int main(int argc, char** argv) {
  using namespace orrery::app;
  int exit_code = kDone;
  const Action action = action_of(argc, argv, exit_code);
  if (!action) return exit_code;
  watch_interrupt();
  return run_action(action);
}
