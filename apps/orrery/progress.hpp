#pragma once
#include <string>
#include <string_view>

#include "orrery/core/task.hpp"
#include "orrery/data/delimited.hpp"
#include "orrery/data/read_series.hpp"

namespace orrery::app {

/// A line on standard error that says how far a long work is: shown from one second on, rewritten in place on a terminal,
/// one line every ten seconds elsewhere, wiped at the end.
class Progress {
 public:
  explicit Progress(bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void say(double fraction, std::string_view words);

 private:
  bool quiet_;
  bool terminal_;
  bool shown_ = false;
  double started_;
  double last_ = 0.0;
};

/// For the readers: says how far they are, and stops them when the user does.
[[nodiscard]] data::Progress reading_progress(bool quiet);

/// The series of a file; the first note says how many measurements were left out and why, when some were.
[[nodiscard]] data::ReadResult read_file(const std::string& file, const data::ReadOptions& options, bool quiet);

/// True once the user has pressed Ctrl-C (after watch_interrupt()).
[[nodiscard]] bool interrupted();
void watch_interrupt();

/// Thrown out of `run` when the user stops the work.
struct Interrupted {};

/// Runs a task in slices, with progress, until it ends or the user stops it. @throws Interrupted, and what the task throws
template <class Make>
auto run(Make&& make, bool quiet) {
  Progress progress(quiet);
  Budget budget;
  Job job(budget, make(budget));
  while (!job.step(50.0)) {
    if (interrupted()) throw Interrupted{};
    progress.say(budget.fraction(), budget.words());
  }
  return job.result();
}

}  // namespace orrery::app
