// The text form of a series that reads back identically: write_series_csv and what read_series needs for it.
#include <algorithm>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/data/build_series.hpp"
#include "orrery/data/number.hpp"

namespace orrery::data {
namespace {

std::string clean(std::string_view text) { return std::string(trimmed(one_line(text, text.size()))); }

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : clean(text)) {
    out.push_back(c);
    if (c == '"') out.push_back('"');
  }
  return out + "\"";
}

}  // namespace

std::string_view quantity_name(Quantity quantity) {
  switch (quantity) {
    case Quantity::magnitude: return "magnitude";
    case Quantity::flux: return "flux";
    case Quantity::velocity: return "velocity";
    case Quantity::other: break;
  }
  return "other";
}

std::optional<Quantity> quantity_of_name(std::string_view name) {
  for (const auto quantity : {Quantity::magnitude, Quantity::flux, Quantity::velocity, Quantity::other}) {
    if (name == quantity_name(quantity)) return quantity;
  }
  return std::nullopt;
}

std::string write_series_csv(const Series& series) {
  require_usable(series.view(), 0, "write_series_csv");
  if (!series.band.empty() && series.band.size() != series.t.size()) {
    fail(ErrorKind::input, "write_series_csv", "expected one band a row, got " + plural(ssize(series.band), "band") + " for " + plural(series.size(), "row"));
  }
  std::string out = "# orrery series 1\n";
  const auto line = [&out](std::string_view key, std::string_view value) {
    out.append("# ").append(key).append(": ").append(clean(value)).append("\n");
  };
  line("name", series.name);
  line("time_label", series.time_label);
  line("time_unit", series.time_unit);
  line("y_label", series.y_label);
  line("y_unit", series.y_unit);
  line("quantity", quantity_name(series.quantity));
  for (const auto& band : series.band_names) line("band", band);
  out += "t,y";
  if (!series.sigma.empty()) out += ",sigma";
  if (!series.band.empty()) out += ",band";
  out += "\n";
  std::vector<std::string> bands;
  for (const auto& band : series.band_names) bands.push_back(quoted(band));
  for (std::size_t i = 0; i < series.t.size(); ++i) {
    out.append(number_text(series.t[i])).append(",").append(number_text(series.y[i]));
    if (!series.sigma.empty()) out.append(",").append(number_text(series.sigma[i]));
    if (!series.band.empty()) out.append(",").append(bands.at(static_cast<std::size_t>(series.band[i])));
    out += "\n";
  }
  return out;
}

bool detail::restore_labels(Series& series, const std::vector<std::string>& comments) {
  for (const auto& comment : comments) {
    const auto colon = comment.find(':');
    if (colon == std::string::npos) continue;
    const std::string key = comment.substr(0, colon);
    const std::string value = colon + 2 <= comment.size() ? comment.substr(colon + 2) : "";
    if (key == "name") series.name = value;
    if (key == "time_label") series.time_label = value;
    if (key == "time_unit") series.time_unit = value;
    if (key == "y_label") series.y_label = value;
    if (key == "y_unit") series.y_unit = value;
    if (key == "quantity") series.quantity = quantity_of_name(value).value_or(Quantity::other);
    if (key == "band") series.band_names.push_back(value);
  }
  return true;
}

void detail::order_bands(Series& series, std::vector<std::string> order) {
  if (series.band.empty()) {
    series.band_names = std::move(order);
    return;
  }
  std::vector<std::int32_t> place;
  for (const auto& name : series.band_names) {
    const auto found = std::find(order.begin(), order.end(), name);
    place.push_back(static_cast<std::int32_t>(found - order.begin()));
    if (found == order.end()) order.push_back(name);
  }
  for (auto& b : series.band) b = place[static_cast<std::size_t>(b)];
  series.band_names = std::move(order);
}

}  // namespace orrery::data
