// The orrery command: verbs, errors to exit codes. Everything else is in the verbs.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <exception>

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
  CLI::App app{"Orrery: data-science methods of astronomy, with live figures"};
  app.set_version_flag("--version", "orrery " ORRERY_VERSION);
  app.require_subcommand(1);
  Action action;
  add_serve_verbs(app, action);
  add_figure_verbs(app, action);
  add_periodogram_verb(app, action);
  add_export_verb(app, action);
  add_pipe_verb(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? kDone : kWrongInput;
  }
  watch_interrupt();
  return run_action(action);
}
