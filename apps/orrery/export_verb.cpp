// orrery export FIGURE|FILE -o page.html
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "orrery/core/error.hpp"
#include "orrery/live/registry.hpp"
#include "orrery/page.hpp"
#include "orrery/read_flags.hpp"
#include "orrery/state.hpp"
#include "orrery/verbs.hpp"

namespace orrery::app {
namespace {

constexpr const char* kBench = "bench.light_curve";

const live::Figure* figure_named(const std::string& id) {
  for (const live::Figure* figure : live::all_figures()) {
    if (figure->id == id) return figure;
  }
  return nullptr;
}

void write_file(const std::string& path, const std::string& text) {
  std::FILE* file = path == "-" ? stdout : std::fopen(path.c_str(), "wb");
  const bool written = file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const bool closed = file != nullptr && (file == stdout ? std::fflush(file) == 0 : std::fclose(file) == 0);
  if (!written || !closed) fail(ErrorKind::io, path, std::string("cannot be written: ") + std::strerror(errno));
}

}  // namespace

int export_page(const ExportFlags& flags) {
  const live::Figure* figure = figure_named(flags.what);
  std::vector<std::string> data = flags.data;
  if (figure == nullptr) {
    if (!std::filesystem::exists(flags.what)) static_cast<void>(live::figure_by_id(live::all_figures(), flags.what));
    figure = &live::figure_by_id(live::all_figures(), kBench);
    data.push_back(flags.what);
  }
  PageConfig config{.figure = std::string(figure->id), .values = values_from_flags(*figure, flags.set), .single = true};
  static_cast<void>(live::complete_values(*figure, config.values, true));
  const live::Slots slots = slots_from_flags(*figure, data, flags.read.options());
  for (const auto& slot : figure->slots) {
    if (slots.has(slot.name) && slots.at(slot.name).embedded.empty()) {
      config.slots.push_back({std::string(slot.name), slots.at(slot.name).name, live::slot_csv(slots.at(slot.name))});
    }
  }
  const std::string html = page_html(config);
  write_file(flags.output, html);
  if (flags.output != "-") fmt::print("{} ({:.0f} kB): opens anywhere, network or not\n", flags.output, double(html.size()) / 1000.0);
  return kDone;
}

}  // namespace orrery::app
