#include "orrery/data/build_series.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/data/number.hpp"

namespace orrery::data::detail {
namespace {

constexpr Index kMostBands = 64;

enum Reason : std::size_t { missing_time, missing_value, missing_error, bad_error, flagged, not_finite, missing_band, reasons };
constexpr const char* kReasons[reasons] = {"missing time", "missing value", "missing error", "zero or negative error",
                                           "quality flag", "not finite",    "missing band"};

struct Builder {
  ReadResult& result;
  const ReadOptions& options;
  Index count[reasons] = {};
  Index sentinels = 0;

  void note(const std::string& text) { result.report.notes.push_back(one_line(text, 400)); }

  // An error column that holds no positive number says nothing: better no errors than no rows.
  void check_errors(Measured& group) {
    if (group.error.empty()) return;
    const bool any = std::any_of(group.error.begin(), group.error.end(), [](double e) { return e > 0.0 && std::isfinite(e); });
    if (any) return;
    group.error.clear();
    note("the error column" + (group.band.empty() ? "" : " of band " + group.band) + " holds no positive number and is not used");
  }

  // Whether a name shows nothing: empty, or of control characters that one_line() turns into blanks.
  [[nodiscard]] static bool blank(std::string_view name) {
    return std::all_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; });
  }

  // Why this measurement cannot be used, or `reasons` when it can.
  [[nodiscard]] Reason fault(double t, double y, const double* error) const {
    if (std::isnan(t)) return missing_time;
    if (std::isnan(y)) return missing_value;
    if (!std::isfinite(t) || !std::isfinite(y)) return not_finite;
    if (error == nullptr) return reasons;
    if (std::isnan(*error)) return missing_error;
    if (!std::isfinite(*error)) return not_finite;
    return *error > 0.0 ? reasons : bad_error;
  }

  // Whether the measurement in row i can be used; counts the reason when not.
  [[nodiscard]] bool usable(const Raw& raw, std::size_t i, double t, double y, const double* error) {
    Reason reason = fault(t, y, error);
    if (raw.band != nullptr && blank(raw.band->text(static_cast<Index>(i)))) reason = missing_band;
    if (raw.quality != nullptr && !options.keep_flagged && raw.quality->number[i] != 0.0) reason = flagged;
    if (reason != reasons) ++count[reason];
    return reason == reasons;
  }

  // The only group: kept measurements move to the front of its own columns, so that they are never in memory twice.
  void take_only(const Raw& raw, Measured& group, bool with_error) {
    Series& series = result.series;
    std::size_t kept = 0;
    if (raw.band != nullptr) series.band.reserve(group.time.size());
    for (std::size_t i = 0; i < group.time.size(); ++i) {
      const double error = with_error ? group.error[i] * options.error_scale : 0.0;
      if (!usable(raw, i, group.time[i], group.value[i], with_error ? &error : nullptr)) continue;
      group.time[kept] = group.time[i] + options.time_offset;
      group.value[kept] = group.value[i];
      if (with_error) group.error[kept] = error;
      if (raw.band != nullptr) series.band.push_back(raw.band->code[i]);
      ++kept;
    }
    group.time.resize(kept);
    group.value.resize(kept);
    group.error.resize(with_error ? kept : 0);
    series.t = std::move(group.time);
    series.y = std::move(group.value);
    series.sigma = std::move(group.error);
  }

  // One of several bands side by side.
  void take_band(const Raw& raw, const Measured& group, std::int32_t band, bool with_error) {
    Series& series = result.series;
    for (std::size_t i = 0; i < group.time.size(); ++i) {
      const double error = with_error ? group.error[i] * options.error_scale : 0.0;
      if (!usable(raw, i, group.time[i], group.value[i], with_error ? &error : nullptr)) continue;
      series.t.push_back(group.time[i] + options.time_offset);
      series.y.push_back(group.value[i]);
      if (with_error) series.sigma.push_back(error);
      series.band.push_back(band);
    }
  }

  void sort() {
    Series& s = result.series;
    result.report.was_sorted = std::is_sorted(s.t.begin(), s.t.end());
    if (result.report.was_sorted) return;
    std::vector<std::int32_t> order(s.t.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
      return s.t[at(a)] != s.t[at(b)] ? s.t[at(a)] < s.t[at(b)] : a < b;  // equal times stay in the file's order
    });
    const auto permute = [&](auto& values) {
      auto sorted = values;
      for (std::size_t i = 0; i < values.size(); ++i) sorted[i] = values[at(order[i])];
      values = std::move(sorted);
    };
    permute(s.t);
    permute(s.y);
    if (!s.sigma.empty()) permute(s.sigma);
    if (!s.band.empty()) permute(s.band);
  }

  // Only the bands that are left, in their old order; no band column when a single one is.
  void tidy_bands() {
    Series& s = result.series;
    if (s.band.empty()) return;
    std::vector<std::int32_t> place(s.band_names.size(), -1);
    for (const auto b : s.band) place[static_cast<std::size_t>(b)] = 0;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < place.size(); ++i) {
      if (place[i] < 0) {
        if (!s.band_names[i].empty()) note("band " + s.band_names[i] + " has no usable measurement");
        continue;
      }
      place[i] = static_cast<std::int32_t>(names.size());
      names.push_back(s.band_names[i]);
    }
    for (auto& b : s.band) b = place[static_cast<std::size_t>(b)];
    s.band_names = std::move(names);
    if (s.band_names.size() == 1) s.band.clear();
  }

  void count_duplicates() {
    const Series& s = result.series;
    std::vector<std::int32_t> codes;
    for (std::size_t i = 0; i < s.t.size();) {
      std::size_t j = i + 1;
      while (j < s.t.size() && s.t[j] == s.t[i]) ++j;
      if (j > i + 1) {
        if (s.band.empty()) {
          result.report.duplicates += static_cast<Index>(j - i - 1);
        } else {
          codes.assign(s.band.begin() + static_cast<std::ptrdiff_t>(i), s.band.begin() + static_cast<std::ptrdiff_t>(j));
          std::sort(codes.begin(), codes.end());
          const auto different = std::unique(codes.begin(), codes.end()) - codes.begin();
          result.report.duplicates += static_cast<Index>(j - i) - different;
        }
      }
      i = j;
    }
    if (result.report.duplicates > 0) note(plural(result.report.duplicates, "duplicate time") + " (kept)");
  }

  void look_at_values() {
    const Series& s = result.series;
    const auto [low, high] = std::minmax_element(s.y.begin(), s.y.end());
    if (*low == *high) note("all values are the same (" + number_text(*low) + ")");
    if (s.t.front() == s.t.back()) note("all times are the same (" + number_text(s.t.front()) + ")");
    if (s.sigma.empty() || s.size() < 8) return;
    const auto median = [](std::vector<double> v) {
      std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2), v.end());
      return v[v.size() / 2];
    };
    std::vector<double> away = s.y;
    const double middle = median(s.y);
    for (double& v : away) v = std::fabs(v - middle);
    const double scatter = median(away);
    const double error = median(s.sigma);
    // Honest errors are at most about 1.5 times the median absolute deviation; ten times that is another unit.
    if (scatter > 0.0 && error > 15.0 * scatter) {
      note("the errors are typically " + number_text(error / scatter, 2) +
           " times the scatter of the values: are they in another unit? (option error_scale)");
    }
  }

  void refuse_empty(const Raw& raw) const {
    const Index used = result.series.size();
    if (used >= 2) return;
    std::string why;
    for (std::size_t r = 0; r < reasons; ++r) {
      if (count[r] > 0) why += (why.empty() ? "" : ", ") + std::to_string(count[r]) + " " + kReasons[r];
    }
    fail(ErrorKind::input, raw.name, "expected at least 2 usable measurements, got " + std::to_string(used) + " in " + plural(raw.rows, "row") +
                                         (why.empty() ? "" : " (dropped: " + why + ")"));
  }
};

void count_sentinels(Builder& builder, Raw& raw) {
  if (!raw.sentinels) return;
  Index values = 0;
  Index errors = 0;
  for (auto& group : raw.groups) {
    (void)mark_sentinels(group.time);
    values += mark_sentinels(group.value);
    if (!group.error.empty()) errors += mark_sentinels(group.error, true);
  }
  if (values > 0) builder.note(plural(values, "value") + " of nines only (such as -99.99) taken as missing");
  if (errors > 0) builder.note(plural(errors, "error") + " of nines only (such as 9.999) taken as missing");
}

void set_offset_label(Series& series, double offset) {
  if (offset == 0.0 || series.t.empty()) return;
  const double low = *std::min_element(series.t.begin(), series.t.end());
  const double high = *std::max_element(series.t.begin(), series.t.end());
  if (low >= 2.4e6 && high <= 2.5e6) {
    series.time_label = "JD";
  } else {
    series.time_label += (offset > 0.0 ? " + " : " - ") + number_text(std::fabs(offset));
  }
}

}  // namespace

std::string stem_of(std::string_view name) {
  name = name.substr(name.find_last_of("/\\") + 1);
  const auto dot = name.find_last_of('.');
  return one_line(dot == 0 || dot == std::string_view::npos ? name : name.substr(0, dot));
}

void build_series(ReadResult& result, Raw raw, const ReadOptions& options) {
  Builder builder{.result = result, .options = options};
  count_sentinels(builder, raw);
  if (raw.band != nullptr && ssize(raw.band->words) > kMostBands) {
    if (raw.band_by_option) {
      fail(ErrorKind::input, raw.name, "option band: column '" + raw.band->name + "' has " + plural(ssize(raw.band->words), "different value") +
                                           ", expected at most " + std::to_string(kMostBands));
    }
    builder.note("column '" + raw.band->name + "' has " + plural(ssize(raw.band->words), "different value") + " and is not used as band");
    raw.band = nullptr;
    result.report.band_column.clear();
  }
  Series& series = result.series;
  const bool wide = raw.groups.size() > 1;
  if (wide && raw.band != nullptr) {
    builder.note("the bands stand side by side: column '" + one_line(raw.band->name) + "' is not used as band");
    raw.band = nullptr;
    result.report.band_column.clear();
  }
  if (raw.band != nullptr) {
    for (const auto& word : raw.band->words) series.band_names.push_back(one_line(word));
  } else if (wide || !raw.groups.front().band.empty()) {
    for (const auto& group : raw.groups) series.band_names.push_back(group.band);
  }
  bool with_error = true;
  for (auto& group : raw.groups) {
    builder.check_errors(group);
    with_error = with_error && !group.error.empty();
  }
  if (!with_error && std::any_of(raw.groups.begin(), raw.groups.end(), [](const Measured& g) { return !g.error.empty(); })) {
    builder.note("not every band has errors: none are used");
  }
  for (std::size_t g = 0; g < raw.groups.size(); ++g) {
    if (!wide) {
      builder.take_only(raw, raw.groups[g], with_error);
      break;
    }
    builder.take_band(raw, raw.groups[g], static_cast<std::int32_t>(g), with_error);
    raw.groups[g] = {};  // its memory is not needed twice
  }
  builder.refuse_empty(raw);
  builder.sort();
  builder.tidy_bands();
  builder.count_duplicates();
  builder.look_at_values();
  set_offset_label(series, options.time_offset);
  result.report.n_rows = raw.rows;
  result.report.n_measurements = raw.rows * static_cast<Index>(raw.groups.size());
  result.report.n_used = series.size();
  for (std::size_t r = 0; r < reasons; ++r) {
    if (builder.count[r] > 0) result.report.dropped.push_back({kReasons[r], builder.count[r]});
  }
}

}  // namespace orrery::data::detail
