// orrery figures, orrery eval
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "orrery/core/error.hpp"
#include "orrery/json_output.hpp"
#include "orrery/live/evaluate.hpp"
#include "orrery/live/registry.hpp"
#include "orrery/progress.hpp"
#include "orrery/state.hpp"
#include "orrery/verbs.hpp"

namespace orrery::app {
namespace {

struct EvalFlags {
  std::string figure;
  std::vector<std::string> set;
  std::vector<std::string> data;
  bool as_json = false;
  bool quiet = false;
};

int list_figures(bool as_json) {
  nlohmann::json list = nlohmann::json::array();
  for (const live::Figure* f : live::all_figures()) {
    if (f->shelf == live::Shelf::hidden) continue;
    if (as_json) {
      nlohmann::json controls = nlohmann::json::array();
      for (const auto& c : f->controls) controls.push_back(c.name);
      list.push_back({{"id", f->id}, {"title", f->title}, {"question", f->question}, {"shelf", live::shelf_name(f->shelf)}, {"controls", controls}});
    } else {
      fmt::print("{:<28} {:<9} {}\n", f->id, live::shelf_name(f->shelf), f->question);
    }
  }
  if (as_json) fmt::print("{}\n", json_text(list));
  return kDone;
}

void print_frame(const live::Figure& figure, const live::Frame& frame) {
  fmt::print("{}\n{}\n", figure.title, figure.question);
  for (const auto& n : frame.numbers) {
    fmt::print("  {:<26} {}{}{}{}\n", n.label, n.value, n.error.empty() ? "" : " +- " + n.error, n.unit.empty() || n.unit == "1" ? "" : " " + n.unit,
               n.note.empty() ? "" : "  (" + n.note + ")");
  }
  for (const auto& warning : frame.warnings) fmt::print("! {}\n", warning);
}

int evaluate_figure(const EvalFlags& flags) {
  const live::Figure& figure = live::figure_by_id(live::all_figures(), flags.figure);
  const live::Values values = live::complete_values(figure, values_from_flags(figure, flags.set), true);
  const live::Slots slots = slots_from_flags(figure, flags.data);
  live::NodeCache cache;
  const auto make = [&](Budget& budget) { return evaluate_task(figure, values, slots, cache, budget); };
  const live::Frame frame = run(make, flags.quiet);
  if (flags.as_json) {
    fmt::print("{}\n", json_text(frame_json(figure, values, frame)));
  } else {
    print_frame(figure, frame);
  }
  return kDone;
}

}  // namespace

void add_figure_verbs(CLI::App& app, Action& action) {
  auto* figures = app.add_subcommand("figures", "list the figures");
  auto as_json = std::make_shared<bool>(false);
  figures->add_flag("--json", *as_json, "as JSON, with the controls of each");
  figures->callback([&action, as_json] { action = [as_json] { return list_figures(*as_json); }; });

  auto* eval = app.add_subcommand("eval", "the numbers behind a figure at a state");
  auto flags = std::make_shared<EvalFlags>();
  eval->add_option("figure", flags->figure, "figure id (see `orrery figures`)")->required();
  eval->add_option("--set", flags->set, "name=value of a control; lists as a,b; repeat for more")->allow_extra_args(false);
  eval->add_option("--data", flags->data, "slot=FILE: your file instead of the embedded set (or just FILE)")->allow_extra_args(false);
  eval->add_flag("--json", flags->as_json, "everything the frame holds, as JSON");
  eval->add_flag("--quiet", flags->quiet, "no progress line");
  eval->callback([&action, flags] { action = [flags] { return evaluate_figure(*flags); }; });
}

}  // namespace orrery::app
