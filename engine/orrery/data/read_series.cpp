#include "orrery/data/read_series.hpp"

#include <algorithm>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/data/build_series.hpp"
#include "orrery/data/number.hpp"
#include "orrery/data/roles_detail.hpp"
#ifndef __wasi__
#include "orrery/data/fits_table.hpp"
#endif

namespace orrery::data {
namespace {

constexpr std::string_view kCanonical = "orrery series 1";

bool is_fits(std::string_view bytes) { return bytes.substr(0, 9) == "SIMPLE  ="; }

// What the chosen columns are, kept between the choice and the building.
struct Plan {
  Roles roles;
  std::vector<Index> place;  // of a file column in the table that was read; -1 when not kept
  std::vector<std::string> labels;
  bool canonical = false;
};

void keep_column(std::vector<Keep>& keep, Index column, Keep how) {
  if (column >= 0) keep[at(column)] = how;
}

std::vector<Keep> choose_roles(Plan& plan, const std::string& name, const ReadOptions& options, const Layout& layout, const Table& sample) {
  plan.canonical = !layout.comments.empty() && layout.comments.front() == kCanonical;
  plan.roles = find_roles(sample, name, options.roles());
  std::vector<Keep> keep(at(layout.columns), Keep::skip);
  keep_column(keep, plan.roles.band, Keep::text);
  keep_column(keep, plan.roles.quality, Keep::number);
  for (const auto& group : plan.roles.groups) {
    keep_column(keep, group.value, Keep::number);
    keep_column(keep, group.error, Keep::number);
    keep_column(keep, group.time, plan.roles.dates ? Keep::date : Keep::number);
  }
  Index kept = 0;
  for (Index c = 0; c < layout.columns; ++c) {
    plan.place.push_back(keep[at(c)] == Keep::skip ? -1 : kept++);
    plan.labels.push_back(detail::column_label(sample, c));
  }
  return keep;
}

void add_label(std::string& text, const Plan& plan, Index column) {
  if (column < 0) return;
  const std::string& label = plan.labels[at(column)];
  if (text.find(label) == std::string::npos) text += (text.empty() ? "" : ", ") + label;
}

std::vector<double> take_column(Table& table, const Plan& plan, Index column, bool again) {
  if (column < 0) return {};
  auto& values = table.columns[at(plan.place[at(column)])].number;
  return again ? values : std::move(values);
}

ReadResult result_from(Table table, const Plan& plan, const std::string& name, const ReadOptions& options) {
  const Roles& roles = plan.roles;
  ReadResult result;
  result.report.format = table.format;
  result.report.notes = table.notes;
  Series& series = result.series;
  series.name = detail::stem_of(name);
  series.time_label = roles.time_label;
  series.time_unit = roles.time_unit;
  series.y_label = roles.y_label;
  series.y_unit = roles.y_unit;
  series.quantity = roles.quantity;
  const bool restored = plan.canonical && detail::restore_labels(series, table.comments);
  std::vector<std::string> band_order = std::exchange(series.band_names, {});
  if (!restored) result.report.notes.insert(result.report.notes.end(), roles.notes.begin(), roles.notes.end());

  detail::Raw raw{.name = name, .rows = table.rows(), .sentinels = !restored};
  for (std::size_t g = 0; g < roles.groups.size(); ++g) {
    const auto& group = roles.groups[g];
    const bool again = std::any_of(roles.groups.begin() + static_cast<std::ptrdiff_t>(g) + 1, roles.groups.end(),
                                   [&](const BandColumns& other) { return other.time == group.time; });
    add_label(result.report.time_column, plan, group.time);
    add_label(result.report.value_column, plan, group.value);
    add_label(result.report.error_column, plan, group.error);
    raw.groups.push_back({.band = group.band,
                          .time = take_column(table, plan, group.time, again),
                          .value = take_column(table, plan, group.value, false),
                          .error = take_column(table, plan, group.error, false)});
  }
  add_label(result.report.band_column, plan, roles.band);
  if (roles.band >= 0) raw.band = &table.columns[at(plan.place[at(roles.band)])];
  if (roles.quality >= 0) raw.quality = &table.columns[at(plan.place[at(roles.quality)])];
  raw.band_by_option = options.band.has_value();
  detail::build_series(result, std::move(raw), options);
  if (restored) detail::order_bands(series, std::move(band_order));
  for (auto& band : series.band_names) band = valid_text(band);  // also those that came from comments
  return result;
}

}  // namespace

Index ReadReport::n_dropped() const {
  Index sum = 0;
  for (const auto& reason : dropped) sum += reason.count;
  return sum;
}

std::string ReadReport::summary() const {
  std::string text = std::to_string(n_used) + " of " + plural(n_measurements, "measurement") + " used";
  if (dropped.empty()) return text;
  text += "; " + std::to_string(n_dropped()) + " dropped (";
  for (std::size_t i = 0; i < dropped.size(); ++i) {
    text += (i > 0 ? ", " : "") + (dropped.size() > 1 ? std::to_string(dropped[i].count) + " " : std::string()) + dropped[i].reason;
  }
  return text + ")";
}

Task<ReadResult> read_series_task(Budget& budget, ByteSource& source, std::string name, ReadOptions options) {
  Plan plan;
  Choose choose = [&plan, &name, &options](const Layout& layout, const Table& sample) {
    return choose_roles(plan, name, options, layout, sample);
  };
  Table table = co_await read_text_task(budget, source, name, std::move(choose));
  budget.progress(1.0, "sorting");
  co_await budget.pause();
  co_return result_from(std::move(table), plan, name, options);
}

ReadResult read_series(std::string_view bytes, std::string_view name, const ReadOptions& options) {
  if (is_fits(bytes)) {
#ifdef __wasi__
    fail(ErrorKind::input, name, "expected a text table, got a FITS file: open it with the bench on your machine (orrery open), which reads FITS");
#else
    return read_fits_series(bytes, name, options);
#endif
  }
  const auto source = memory_source(bytes);
  Budget budget;
  return run_with_progress(budget, read_series_task(budget, *source, std::string(name), options), std::string(name), {});
}

#ifndef __wasi__
ReadResult read_series_file(const std::string& path, const ReadOptions& options, const Progress& progress) {
  const std::string name = path.substr(path.find_last_of('/') + 1);
  const auto source = file_source(path);
  if (is_fits(source->next())) return read_fits_series_file(path, options);
  const auto from_start = file_source(path);
  Budget budget;
  return run_with_progress(budget, read_series_task(budget, *from_start, name, options), name, progress);
}
#endif

}  // namespace orrery::data
