// orrery autocorrelation FILE, orrery wavelet FILE
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "orrery/core/error.hpp"
#include "orrery/core/text.hpp"
#include "orrery/data/read_series.hpp"
#include "orrery/json_output.hpp"
#include "orrery/period/autocorrelation.hpp"
#include "orrery/period/rotation.hpp"
#include "orrery/period/search.hpp"
#include "orrery/period/wavelet.hpp"
#include "orrery/progress.hpp"
#include "orrery/verbs.hpp"

namespace orrery::app {
namespace {

using nlohmann::json;

data::ReadResult read_one_band(const std::string& file, const ReadFlags& flags, bool quiet) {
  auto read = read_file(file, flags.options(), quiet);
  if (read.series.bands() > 1) fail(ErrorKind::input, file, "has several bands: name the value column of one (--value)");
  return read;
}

json finite_list(const std::vector<double>& values) {
  json out = json::array();
  for (const double v : values) out.push_back(std::isfinite(v) ? json(v) : json(nullptr));
  return out;
}

int print_rotation(const data::ReadResult& read, const AutocorrelationFlags& flags) {
  const period::RotationOptions options{
      .cadence = flags.step, .max_lag = flags.max_lag, .min_period = flags.min_period, .detrend = flags.detrend, .clip = flags.clip};
  const auto r = run([&](Budget& budget) { return period::rotation_period_task(budget, read.series.view(), options); }, flags.quiet);
  if (flags.as_json) {
    json peaks = json::array();
    for (const auto& p : r.peaks) peaks.push_back({{"lag", p.lag}, {"value", p.value}, {"height", p.height}});
    json out = {{"file", flags.file}, {"method", flags.method}, {"period", r.period}, {"period_error", r.period_error}, {"height", r.height}, {"first_lag", r.first_lag},
                {"second_chosen", r.second_chosen}, {"n_peaks", r.used}, {"peaks", peaks}, {"cadence", r.correlation.cadence}, {"notes", read.report.notes}};
    if (flags.curve) out["curve"] = {{"lag", r.correlation.lag}, {"value", r.correlation.value}, {"smooth", r.correlation.smooth}};
    fmt::print("{}\n", json_text(out));
    return kDone;
  }
  if (r.period > 0.0) {
    fmt::print("period   {} day, from {}\n", measured_text(r.period, r.period_error), plural(r.used, "peak"));
    fmt::print("height   {:.3f} above the minima beside the peak\n", r.height);
  } else {
    fmt::print("period   none: the autocorrelation has no peak\n");
  }
  fmt::print("grid     cadence {} day, {} cells filled, {} missing\n", number_text(r.correlation.cadence, 4), r.correlation.filled, r.correlation.missing);
  for (const auto& note : read.report.notes) fmt::print("note     {}\n", note);
  if (r.second_chosen) fmt::print("doubt    the first peak, at {} day, is lower: taken as half a turn\n", number_text(r.first_lag, 4));
  if (r.period > 0.0 && r.height < 0.1) fmt::print("doubt    a peak this low may be chance\n");
  return kDone;
}

int print_function(const data::ReadResult& read, const AutocorrelationFlags& flags) {
  const auto& t = read.series.t;
  const double span = t.empty() ? 0.0 : t.back() - t.front();
  const double longest = flags.max_lag > 0.0 ? flags.max_lag : 0.5 * span;
  std::vector<double> lag, value, low, high, pairs;
  if (flags.method == "z") {
    auto z = period::z_autocorrelation(read.series.view(), longest);
    lag = std::move(z.lag), value = std::move(z.value), low = std::move(z.error_low), high = std::move(z.error_high),
    pairs = std::move(z.pairs);
  } else {
    const double step = flags.step > 0.0 ? flags.step : span / std::max(1.0, static_cast<double>(t.size()) - 1.0);
    if (!(step > 0.0)) fail(ErrorKind::input, flags.file, "expected times that differ");
    if (longest / step > 1e8) fail(ErrorKind::limit, "--max-lag", "expected at most 1e8 lags, got " + number_text(longest / step, 3));
    const period::LagGrid lags{0.0, step, static_cast<Index>(std::floor(longest / step + 1e-9)) + 1};
    const period::CorrelationOptions options{.kernel = flags.method == "gaussian" ? period::LagKernel::gaussian : period::LagKernel::slot,
                                             .remove_noise = flags.method == "discrete"};
    auto r = run([&](Budget& budget) { return period::autocorrelation_task(budget, read.series.view(), lags, options); }, flags.quiet);
    lag = std::move(r.lag), value = std::move(r.value), low = r.error, high = std::move(r.error), pairs = std::move(r.pairs);
  }
  if (flags.as_json) {
    const json curve = {{"lag", lag}, {"value", finite_list(value)}, {"error_low", finite_list(low)}, {"error_high", finite_list(high)}, {"pairs", finite_list(pairs)}};
    fmt::print("{}\n", json_text(json{{"file", flags.file}, {"method", flags.method}, {"curve", curve}, {"notes", read.report.notes}}));
    return kDone;
  }
  fmt::print("lag,value,error_low,error_high,pairs\n");
  for (std::size_t k = 0; k < lag.size(); ++k) {
    fmt::print("{},{},{},{},{}\n", number_text(lag[k]), number_text(value[k]), number_text(low[k]), number_text(high[k]), number_text(pairs[k]));
  }
  return kDone;
}

std::vector<double> spaced(double low, double high, Index n) {
  std::vector<double> out;
  for (Index i = 0; i < n; ++i) out.push_back(low + (high - low) * static_cast<double>(i) / static_cast<double>(std::max<Index>(1, n - 1)));
  return out;
}

}  // namespace

int autocorrelation(const AutocorrelationFlags& flags) {
  const auto read = read_one_band(flags.file, flags.read, flags.quiet);
  return flags.method == "regular" ? print_rotation(read, flags) : print_function(read, flags);
}

int wavelet(const WaveletFlags& flags) {
  const auto read = read_one_band(flags.file, flags.read, flags.quiet);
  period::PeriodSearch search;
  if (flags.min_period > 0.0) search.min_period = flags.min_period;
  if (flags.max_period > 0.0) search.max_period = flags.max_period;
  const auto range = period::search_range(read.series, search);
  const auto frequency = spaced(1.0 / range.max_period, 1.0 / range.min_period, flags.frequencies);
  const auto time = spaced(read.series.t.front(), read.series.t.back(), flags.times);
  const auto map = run([&](Budget& budget) {
    return period::weighted_wavelet_task(budget, read.series.view(), frequency, time, {.decay = flags.decay});
  }, flags.quiet);
  std::vector<double> ridge, z, amplitude;
  for (Index column = 0; column < map.columns(); ++column) {
    Index best = 0;
    for (Index row = 1; row < map.rows(); ++row) {
      if (map.z[at(row * map.columns() + column)] > map.z[at(best * map.columns() + column)]) best = row;
    }
    ridge.push_back(map.frequency[at(best)]);
    z.push_back(map.z[at(best * map.columns() + column)]);
    amplitude.push_back(map.amplitude[at(best * map.columns() + column)]);
  }
  if (flags.as_json) {
    json out = {{"file", flags.file}, {"time", time}, {"frequency", ridge}, {"z", z}, {"amplitude", amplitude}, {"notes", read.report.notes}};
    if (flags.map) out["map"] = {{"frequency", frequency}, {"z", map.z}, {"amplitude", map.amplitude}, {"effective", map.effective}};
    fmt::print("{}\n", json_text(out));
    return kDone;
  }
  fmt::print("time,frequency,z,amplitude\n");
  for (std::size_t i = 0; i < time.size(); ++i) {
    fmt::print("{},{},{},{}\n", number_text(time[i]), number_text(ridge[i], 6), number_text(z[i], 4), number_text(amplitude[i], 4));
  }
  return kDone;
}

}  // namespace orrery::app
