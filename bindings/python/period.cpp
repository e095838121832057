// Periodograms and frequency grids.
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include <cmath>
#include <string>

#include "orrery/core/parallel.hpp"
#include "orrery/core/text.hpp"
#include "orrery/period/frequency_grid.hpp"
#include "orrery/period/lomb_scargle.hpp"
#include "orrery/period/lomb_scargle_fast.hpp"
#include "support.hpp"

namespace orrery::python {
namespace {

using period::FrequencyGrid;

period::Normalization normalization_named(std::string_view name, const char* where) {
  return static_cast<period::Normalization>(one_of(name, kNormalizations, where, "normalization"));
}

Array<double> direct(const Column& t, const Column& y, const OptionalColumn& sigma, const Column& frequency, int harmonics, bool fit_mean,
                     std::string_view normalization, int threads, bool center_data) {
  const period::LombScargleOptions options{.harmonics = harmonics, .fit_mean = fit_mean, .center_data = center_data,
                                           .normalization = normalization_named(normalization, "lomb_scargle"), .threads = threads};
  const SeriesView series{span(t), span(y), span(sigma)};
  std::vector<double> power(frequency.size());
  static_cast<void>(period::lomb_scargle(series, {}, options));  // refuses what is wrong with the series also when there is no frequency
  const Index grain = std::clamp<Index>(2'000'000 / (harmonics * ssize(series.t)) / 64 * 64, 64, 65536);
  in_pieces(ssize(power), grain, [&](Index first, Index count) {
    const auto part = period::lomb_scargle(series, span(frequency).subspan(at(first), at(count)), options);
    std::copy(part.begin(), part.end(), power.begin() + first);
  });
  return array(std::move(power));
}

/// Seconds that one core needs, from the header's cost. It only decides how a call is cut so that Ctrl-C is seen in time.
double fast_seconds(double points, double count, int harmonics) {
  return 1e-9 * harmonics * (15.0 * count + 30.0 * points * (1.0 + 1e-4 * count));
}

/// The fast periodogram. Nearly every call is short and is one call of the engine. A long one is cut into parts of about 0.4 s of
/// one core, which run as tasks on the threads; the cut depends on sizes alone, so the power does not depend on the threads.
Array<double> fast(const Column& t, const Column& y, const OptionalColumn& sigma, const FrequencyGrid& grid, int harmonics, bool fit_mean,
                   std::string_view normalization, int threads, bool center_data, bool always_transform) {
  const period::LombScargleOptions options{.harmonics = harmonics, .fit_mean = fit_mean, .center_data = center_data,
                                           .normalization = normalization_named(normalization, "lomb_scargle_fast"), .threads = threads,
                                           .always_transform = always_transform};
  const SeriesView series{span(t), span(y), span(sigma)};
  const double seconds = fast_seconds(double(t.size()), double(grid.count), harmonics);
  const int workers = threads > 0 ? threads : hardware_threads();
  const Index parts = std::clamp<Index>(Index(std::ceil(seconds / 0.4)), 1, std::max<Index>(1, grid.count / 4096));
  if (parts == 1 && (workers > 1 || seconds < 0.1)) {
    std::vector<double> power;
    {
      const nb::gil_scoped_release release;
      power = period::lomb_scargle_fast(series, grid, options);
    }
    return array(std::move(power));
  }
  const Index size = (grid.count + parts - 1) / parts;
  std::vector<double> power(at(grid.count));
  run_parts(parts, workers, [&](Budget& budget, Index part) -> Task<bool> {
    const Index first = part * size;
    const FrequencyGrid own{grid[first], grid.step, std::min(size, grid.count - first)};
    const auto values = co_await period::lomb_scargle_fast_task(budget, series, own, options);
    std::copy(values.begin(), values.end(), power.begin() + first);
    co_return true;
  });
  return array(std::move(power));
}

FrequencyGrid grid(const Column& t, std::optional<double> min_frequency, std::optional<double> max_frequency, double oversampling,
                   double nyquist_factor) {
  return period::frequency_grid({.t = span(t), .y = {}, .sigma = {}}, {.min_frequency = min_frequency, .max_frequency = max_frequency,
                                                                       .oversampling = oversampling, .nyquist_factor = nyquist_factor});
}

std::string grid_text(const FrequencyGrid& grid) {
  return "FrequencyGrid(first=" + number_text(grid.first) + ", step=" + number_text(grid.step) + ", count=" + std::to_string(grid.count) + ")";
}

}  // namespace

void bind_period(nb::module_& m) {
  nb::class_<FrequencyGrid>(m, "FrequencyGrid", "Regular grid of trial frequencies: first + step * k, k = 0 ... count - 1 [1/day].")
      .def("__init__", [](FrequencyGrid* self, double first, double step, Index count) {
        if (!(first > 0.0) || !(step > 0.0) || count < 1 || !std::isfinite(first + step * double(count))) {
          fail(ErrorKind::input, "FrequencyGrid", "expected first > 0, step > 0 and count >= 1, got " + number_text(first) + ", " +
                                                      number_text(step) + " and " + std::to_string(count));
        }
        if (count > period::kMaxGridCount) {
          fail(ErrorKind::limit, "FrequencyGrid", "expected at most " + std::to_string(period::kMaxGridCount) + " frequencies, got " +
                                                      std::to_string(count) + " (" + number_text(8e-9 * double(count), 3) + " GB of power)");
        }
        new (self) FrequencyGrid{first, step, count};
      }, "first"_a, "step"_a, "count"_a)
      .def_ro("first", &FrequencyGrid::first, "Lowest frequency [1/day].")
      .def_ro("step", &FrequencyGrid::step, "Distance of two frequencies [1/day].")
      .def_ro("count", &FrequencyGrid::count, "Number of frequencies.")
      .def_prop_ro("last", &FrequencyGrid::last, "Highest frequency [1/day].")
      .def("values", [](const FrequencyGrid& grid) { return array(grid.values()); }, "All frequencies (count,) [1/day].")
      .def("__repr__", &grid_text)
      .def("__len__", [](const FrequencyGrid& grid) { return grid.count; })
      .def("__eq__", [](const FrequencyGrid& a, const FrequencyGrid& b) {
        return a.first == b.first && a.step == b.step && a.count == b.count;
      }, nb::is_operator());
  m.def("frequency_grid", &grid, "t"_a.noconvert(), "min_frequency"_a.none(), "max_frequency"_a.none(), "oversampling"_a,
        "nyquist_factor"_a, "Grid with `oversampling` points across a peak, from half a step to nyquist_factor times N / (2 T).");
  m.def("normalized_power", [](double p, std::string_view normalization, double chi2_0) {
    return period::normalized_power(p, normalization_named(normalization, "normalized_power"), chi2_0);
  }, "p"_a, "normalization"_a, "chi2_0"_a, "A standard power in another normalisation.");
  m.def("lomb_scargle", &direct, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "frequency"_a.noconvert(),
        "harmonics"_a, "fit_mean"_a, "normalization"_a, "threads"_a, "center_data"_a = true, "Power (F,) by direct sums at any frequencies.");
  m.def("lomb_scargle_fast", &fast, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "grid"_a, "harmonics"_a, "fit_mean"_a,
        "normalization"_a, "threads"_a, "center_data"_a = true, "always_transform"_a = false,
        "Power (F,) on a regular grid by a non-uniform fast Fourier transform.");
}

}  // namespace orrery::python
