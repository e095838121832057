#pragma once
#include <CLI/CLI.hpp>

#include <functional>

namespace orrery::app {

/// What a chosen verb does; set by its callback, run by main, which turns errors into one line and an exit code.
using Action = std::function<int()>;

void add_figure_verbs(CLI::App& app, Action& action);       ///< figures, eval
void add_periodogram_verb(CLI::App& app, Action& action);   ///< periodogram
void add_export_verb(CLI::App& app, Action& action);        ///< export
void add_serve_verbs(CLI::App& app, Action& action);        ///< serve, open

void add_pipe_verb(CLI::App& app, Action& action);          ///< pipe

/// Exit codes: 0 done, 1 could not (a file cannot be written, a port is taken, stopped by the user), 2 wrong input.
inline constexpr int kDone = 0;
inline constexpr int kCouldNot = 1;
inline constexpr int kWrongInput = 2;

}  // namespace orrery::app
