// orrery serve, orrery open FILE...
#include <fmt/format.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

#include "orrery/core/error.hpp"
#include "orrery/live/evaluate.hpp"
#include "orrery/live/registry.hpp"
#include "orrery/progress.hpp"
#include "orrery/server.hpp"
#include "orrery/state.hpp"
#include "orrery/verbs.hpp"

namespace orrery::app {
namespace {

/// Opens the address in the desktop's browser, where there is a desktop.
void open_browser(const std::string& address) {
  const bool desktop = std::getenv("DISPLAY") != nullptr || std::getenv("WAYLAND_DISPLAY") != nullptr;
  if (!desktop) return;
  const pid_t child = fork();
  if (child != 0) return;
  const int quiet = open("/dev/null", O_WRONLY);
  if (quiet >= 0) {
    dup2(quiet, STDOUT_FILENO);
    dup2(quiet, STDERR_FILENO);
  }
  execlp("xdg-open", "xdg-open", address.c_str(), static_cast<char*>(nullptr));
  _exit(127);
}

/// A file for the page; says on the way what was read.
PageSlot opened(const live::Figure& figure, const std::string& path, const ServeFlags& flags) {
  if (figure.slots.empty()) fail(ErrorKind::input, std::string(figure.id), "takes no data file, got '" + path + "'");
  const live::Slot& slot = figure.slots.front();
  const live::SlotContent content = live::slot_from_file(slot, path, flags.read.options(), reading_progress(false));
  fmt::print("{}: {}\n", content.name, content.report.summary());
  for (const auto& note : content.report.notes) fmt::print("  {}\n", note);
  return {std::string(slot.name), content.name, live::slot_csv(content)};
}

PageConfig page_of(const ServeFlags& flags) {
  PageConfig page{.figure = flags.figure};
  if (page.figure.empty()) return page;
  const live::Figure& figure = live::figure_by_id(live::all_figures(), page.figure);
  page.values = values_from_flags(figure, flags.set);
  static_cast<void>(live::complete_values(figure, page.values, true));
  for (const auto& path : flags.files) page.files.push_back(opened(figure, path, flags));
  if (!page.files.empty()) page.slots = {page.files.front()};
  if (page.files.size() == 1) page.files.clear();
  return page;
}

}  // namespace

int serve(const ServeFlags& flags) {
  Server server({.port = static_cast<std::uint16_t>(flags.port), .page = page_of(flags), .token = flags.token});
  fmt::print("Orrery is at {}\nCtrl-C stops it.\n", server.address());
  std::fflush(stdout);
  if (!flags.no_browser) open_browser(server.address());
  server.run([] { return interrupted(); });
  return kDone;
}

}  // namespace orrery::app
