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

void print_frame(const live::Figure& figure, const live::Frame& frame) {
  fmt::print("{}\n{}\n", figure.title, figure.question);
  for (const auto& n : frame.numbers) {
    fmt::print("  {:<26} {}{}{}{}\n", n.label, n.value, n.error.empty() ? "" : " +- " + n.error, n.unit.empty() || n.unit == "1" ? "" : " " + n.unit,
               n.note.empty() ? "" : "  (" + n.note + ")");
  }
  for (const auto& warning : frame.warnings) fmt::print("! {}\n", warning);
}

}  // namespace

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

int evaluate_figure(const EvalFlags& flags) {
  const live::Figure& figure = live::figure_by_id(live::all_figures(), flags.figure);
  const live::Values values = live::complete_values(figure, values_from_flags(figure, flags.set), true);
  const live::Slots slots = slots_from_flags(figure, flags.data, flags.read.options());
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

}  // namespace orrery::app
