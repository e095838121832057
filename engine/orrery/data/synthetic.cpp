#include "orrery/data/synthetic.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "orrery/core/text.hpp"

namespace orrery::data {
namespace {

// Streams of one seed, so that a change of one ingredient leaves the others as they were.
enum Stream : std::uint64_t { times_stream, noise_stream, error_stream, night_stream };

void require(bool good, const char* where, const std::string& expected, double got) {
  if (!good) fail(ErrorKind::input, where, "expected " + expected + ", got " + number_text(got));
}

std::vector<double> uniform_times(Index n, double baseline, std::uint64_t seed) {
  Random random(seed, times_stream);
  std::vector<double> t(at(n));
  for (double& v : t) v = random.uniform(0.0, baseline);
  std::sort(t.begin(), t.end());
  return t;
}

void add_noise(Series& series, std::uint64_t seed) {
  Random random(seed, noise_stream);
  for (std::size_t i = 0; i < series.y.size(); ++i) series.y[i] += series.sigma[i] * random.normal();
}

void check(const SinusoidOptions& o) {
  const char* where = "sinusoid";
  require(o.n >= 1, where, "n >= 1", static_cast<double>(o.n));
  require(o.baseline > 0.0 && std::isfinite(o.baseline), where, "a finite baseline > 0", o.baseline);
  require(o.period > 0.0 && std::isfinite(o.period), where, "a finite period > 0", o.period);
  require(o.sigma > 0.0 && std::isfinite(o.sigma), where, "a finite sigma > 0", o.sigma);
  require(o.sigma_spread >= 0.0 && o.sigma_spread < 1.0, where, "a sigma_spread in [0, 1)", o.sigma_spread);
  require(std::isfinite(o.amplitude), where, "a finite amplitude", o.amplitude);
  require(std::isfinite(o.mean), where, "a finite mean", o.mean);
  require(std::isfinite(o.phase), where, "a finite phase", o.phase);
  for (const double h : o.harmonics) require(std::isfinite(h), where, "finite harmonics", h);
}

double curve(const SinusoidOptions& o, double t) {
  const double cycles = t / o.period + o.phase;
  const double angle = 2.0 * std::numbers::pi * (cycles - std::floor(cycles));
  double sum = std::sin(angle);
  for (std::size_t k = 0; k < o.harmonics.size(); ++k) sum += o.harmonics[k] * std::sin(static_cast<double>(k + 2) * angle);
  return o.mean + o.amplitude * sum;
}

}  // namespace

Series sinusoid(const SinusoidOptions& options, std::uint64_t seed) {
  check(options);
  Series series;
  series.name = "synthetic sinusoid";
  series.y_label = "magnitude";
  series.y_unit = "mag";
  series.quantity = Quantity::magnitude;
  series.t = uniform_times(options.n, options.baseline, seed);
  Random errors(seed, error_stream);
  for (const double t : series.t) {
    series.y.push_back(curve(options, t));
    series.sigma.push_back(options.sigma * (1.0 + options.sigma_spread * (2.0 * errors.uniform() - 1.0)));
  }
  if (options.noise) add_noise(series, seed);
  return series;
}

std::vector<double> nightly_times(const NightOptions& o, std::uint64_t seed) {
  const char* where = "nightly_times";
  require(o.days > 0.0 && o.days <= 1e8, where, "days in (0, 1e8]", o.days);
  require(std::isfinite(o.start), where, "a finite start", o.start);
  require(o.cadence >= 1.0 && std::isfinite(o.cadence), where, "a cadence >= 1", o.cadence);
  require(o.visits >= 1, where, "visits >= 1", static_cast<double>(o.visits));
  require(o.night > 0.0 && o.night <= 1.0, where, "a night in (0, 1]", o.night);
  require(o.season > 0.0 && o.season <= 1.0, where, "a season in (0, 1]", o.season);
  require(o.clear > 0.0 && o.clear <= 1.0, where, "a share of clear nights in (0, 1]", o.clear);
  Random random(seed, night_stream);
  std::vector<double> times;
  const double end = o.start + o.days;
  for (double night = std::floor(o.start); night < end; night += 1.0) {
    const bool visited = random.uniform() < o.clear / o.cadence;  // always drawn: a shorter season changes no other night
    const double year = (night - o.start) / 365.25;
    if (!visited || year - std::floor(year) >= o.season) continue;
    const std::size_t first = times.size();
    for (Index v = 0; v < o.visits; ++v) {
      const double t = night + 0.25 + o.night * (random.uniform() - 0.5);
      if (t >= o.start && t < end) times.push_back(t);
    }
    std::sort(times.begin() + static_cast<std::ptrdiff_t>(first), times.end());
  }
  std::sort(times.begin(), times.end());  // nights as long as a day may touch
  return times;
}

std::vector<double> sawtooth(std::span<const double> t, const SawtoothOptions& o) {
  require(o.period > 0.0 && std::isfinite(o.period), "sawtooth", "a finite period > 0", o.period);
  require(o.rise > 0.0 && o.rise < 1.0, "sawtooth", "a rise in (0, 1)", o.rise);
  std::vector<double> y;
  y.reserve(t.size());
  for (const double time : t) {
    const double cycles = (time - o.epoch) / o.period;
    const double phase = cycles - std::floor(cycles);
    const double faint = phase < 1.0 - o.rise ? phase / (1.0 - o.rise) : (1.0 - phase) / o.rise;
    y.push_back(o.mean + o.amplitude * (faint - 0.5));
  }
  return y;
}

Series noisy_series(std::vector<double> t, std::vector<double> y, double sigma, std::uint64_t seed) {
  require(sigma > 0.0 && std::isfinite(sigma), "noisy_series", "a finite sigma > 0", sigma);
  Series series;
  series.name = "synthetic series";
  series.sigma.assign(t.size(), sigma);
  series.t = std::move(t);
  series.y = std::move(y);
  require_usable(series.view(), 0, "noisy_series");
  add_noise(series, seed);
  return series;
}

Series white_noise(Index n, double baseline, double sigma, std::uint64_t seed) {
  require(n >= 1, "white_noise", "n >= 1", static_cast<double>(n));
  require(baseline > 0.0 && std::isfinite(baseline), "white_noise", "a finite baseline > 0", baseline);
  Series series = noisy_series(uniform_times(n, baseline, seed), std::vector<double>(at(n), 0.0), sigma, seed);
  series.name = "white noise";
  return series;
}

}  // namespace orrery::data
