#include "orrery/progress.hpp"

#include <csignal>
#include <cstdio>
#include <memory>
#include <unistd.h>

namespace orrery::app {
namespace {

volatile std::sig_atomic_t stop_asked = 0;

void on_interrupt(int) { stop_asked = 1; }

}  // namespace

bool interrupted() { return stop_asked != 0; }

void watch_interrupt() {
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // a second Ctrl-C ends the program at once
  sigaction(SIGINT, &action, nullptr);
}

Progress::Progress(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0), started_(clock_ms()) {}

Progress::~Progress() {
  if (shown_ && terminal_) std::fputs("\r\033[K", stderr);
}

void Progress::say(double fraction, std::string_view words) {
  const double now = clock_ms();
  const double every = terminal_ ? 100.0 : 10000.0;
  if (quiet_ || now - started_ < 1000.0 || now - last_ < every) return;
  last_ = now;
  shown_ = true;
  std::fprintf(stderr, terminal_ ? "\r\033[K%3.0f %%  %.*s" : "%3.0f %%  %.*s\n", 100.0 * fraction, static_cast<int>(words.size()), words.data());
  std::fflush(stderr);
}

data::Progress reading_progress(bool quiet) {
  return [progress = std::make_shared<Progress>(quiet)](double fraction, std::string_view words) {
    progress->say(fraction, words);
    return !interrupted();
  };
}

data::ReadResult read_file(const std::string& file, const data::ReadOptions& options, bool quiet) {
  auto read = data::read_series_file(file, options, reading_progress(quiet));
  if (!read.report.dropped.empty()) read.report.notes.insert(read.report.notes.begin(), read.report.summary());
  return read;
}

}  // namespace orrery::app
