// Several bands together.
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <cmath>

#include "orrery/core/parallel.hpp"
#include "orrery/period/false_alarm.hpp"
#include "orrery/period/multiband_flexible.hpp"
#include "support.hpp"

namespace orrery::python {
namespace {

using period::FlexibleFit;
using period::FlexibleOptions;
using period::FrequencyGrid;
using Columns = std::vector<Column>;
using OptionalColumns = std::vector<OptionalColumn>;

/// How the bands and the model reach every function.
struct Model {
  std::vector<SeriesView> bands;
  FlexibleOptions options;
  Index points = 0;

  Model(const Columns& t, const Columns& y, const OptionalColumns& sigma, int base, int band, std::optional<double> base_lambda,
        std::optional<double> band_lambda, bool by_trace, bool center)
      : options{.base_harmonics = base, .band_harmonics = band, .base_regularization = base_lambda, .band_regularization = band_lambda,
                .regularize_by_trace = by_trace, .center_data = center} {
    if (y.size() != t.size() || sigma.size() != t.size()) {
      fail(ErrorKind::input, "lomb_scargle_multiband", "expected as many columns of values and errors as of times");
    }
    for (std::size_t b = 0; b < t.size(); ++b) {
      bands.push_back({span(t[b]), span(y[b]), span(sigma[b])});
      points += ssize(bands.back().t);
    }
  }
  Model& with(std::string_view normalization, int threads) {
    options.normalization = static_cast<period::Normalization>(one_of(normalization, kNormalizations, "lomb_scargle_multiband", "normalization"));
    options.threads = threads;
    return *this;
  }
  [[nodiscard]] int harmonics() const { return std::max({options.base_harmonics, options.band_harmonics, 1}); }
};

/// One call of the engine; a long one is cut into parts of about 0.4 s of one core, which run as tasks on the threads.
Array<double> on_grid(const Model& model, const FrequencyGrid& grid) {
  const double bands = double(model.bands.size()), count = double(grid.count);
  const double seconds = 1e-9 * model.harmonics() * (25.0 * bands * count + 30.0 * double(model.points) * (1.0 + 1e-4 * count));
  const int workers = model.options.threads > 0 ? model.options.threads : hardware_threads();
  const Index parts = std::clamp<Index>(Index(std::ceil(seconds / 0.4)), 1, std::max<Index>(1, grid.count / 4096));
  std::vector<double> power;
  if (parts == 1) {
    {
      const nb::gil_scoped_release release;
      power = period::multiband_flexible(model.bands, grid, model.options);
    }
    return array(std::move(power));
  }
  const Index size = (grid.count + parts - 1) / parts;
  power.resize(at(grid.count));
  run_parts(parts, workers, [&](Budget& budget, Index part) -> Task<bool> {
    const Index first = part * size;
    const FrequencyGrid own{grid[first], grid.step, std::min(size, grid.count - first)};
    const auto values = co_await period::multiband_flexible_task(budget, model.bands, own, model.options);
    std::copy(values.begin(), values.end(), power.begin() + first);
    co_return true;
  });
  return array(std::move(power));
}

Array<double> exact(const Model& model, const Column& frequency) {
  std::vector<double> power(frequency.size());
  // refuses bad series also when there is no frequency
  static_cast<void>(period::multiband_flexible_exact(model.bands, {}, model.options));
  const Index grain = std::clamp<Index>(1'000'000 / (model.harmonics() * std::max<Index>(model.points, 1)) / 256 * 256, 256, 65536);
  in_pieces(ssize(power), grain, [&](Index first, Index count) {
    const auto part = period::multiband_flexible_exact(model.bands, span(frequency).subspan(at(first), at(count)), model.options);
    std::copy(part.begin(), part.end(), power.begin() + first);
  });
  return array(std::move(power));
}

void bind_fit(nb::module_& m) {
  nb::class_<FlexibleFit::Part>(m, "FlexiblePart", "constant + sum_k sine[k-1] sin(k phase) + cosine[k-1] cos(k phase).")
      .def_ro("constant", &FlexibleFit::Part::constant)
      .def_ro("sine", &FlexibleFit::Part::sine)
      .def_ro("cosine", &FlexibleFit::Part::cosine);
  nb::class_<FlexibleFit>(m, "FlexibleFit", "The flexible multiband model at one frequency.")
      .def_ro("frequency", &FlexibleFit::frequency, "[1/day]")
      .def_ro("epoch", &FlexibleFit::epoch, "[day] phase 0, the same for all bands.")
      .def_ro("shared", &FlexibleFit::shared, "What all bands share.")
      .def_ro("bands", &FlexibleFit::bands, "Each band's own part.")
      .def_ro("mean", &FlexibleFit::mean, "What was subtracted from each band first.")
      .def_ro("chi2", &FlexibleFit::chi2)
      .def_ro("chi2_0", &FlexibleFit::chi2_0, "chi2 without a period.")
      .def_ro("penalty", &FlexibleFit::penalty, "What the regularisation adds to chi2.")
      .def_prop_ro("power", &FlexibleFit::power, "1 - (chi2 + penalty) / chi2_0.")
      .def("values", [](const FlexibleFit& fit, Index band, const Column& t) { return array(period::flexible_model(fit, band, span(t))); },
           "band"_a, "t"_a.noconvert(), "The model of a band (its position) at times t (M,) [day].");
}

/// Settings of a false-alarm probability of bands searched together.
struct Alarm {
  std::vector<SeriesView> bands;
  period::FalseAlarmOptions options;

  Alarm(const Columns& t, const Columns& y, const OptionalColumns& sigma, int harmonics, bool fit_mean, bool center_data)
      : bands(Model(t, y, sigma, 0, 1, {}, {}, true, true).bands) {
    options.periodogram = {.harmonics = harmonics, .fit_mean = fit_mean, .center_data = center_data};
  }
  Alarm& with(std::string_view method, std::string_view normalization) {
    static constexpr std::string_view kMethods[] = {"single", "naive", "davies", "baluev"};
    options.method = static_cast<period::AlarmMethod>(one_of(method, kMethods, "band_alarm", "method"));
    options.periodogram.normalization = static_cast<period::Normalization>(
        one_of(normalization, kNormalizations, "band_alarm", "normalization"));
    return *this;
  }
};

void bind_alarms(nb::module_& m) {
  m.def("band_alarm_probability", [](double power, const Columns& t, const Columns& y, const OptionalColumns& sigma, const FrequencyGrid& grid,
                                     int harmonics, bool fit_mean, bool center_data, std::string_view method,
                                     std::string_view normalization) {
    const auto alarm = Alarm(t, y, sigma, harmonics, fit_mean, center_data).with(method, normalization);
    return period::false_alarm_probability(power, alarm.bands, grid, alarm.options).probability;
  }, "power"_a, "t"_a, "y"_a, "sigma"_a, "grid"_a, "harmonics"_a, "fit_mean"_a, "center_data"_a, "method"_a, "normalization"_a,
        "Probability, by a formula, that noise in all bands has such a peak of their common power.");
  m.def("band_alarm_level", [](double probability, const Columns& t, const Columns& y, const OptionalColumns& sigma, const FrequencyGrid& grid,
                               int harmonics, bool fit_mean, bool center_data, std::string_view method, std::string_view normalization) {
    const auto alarm = Alarm(t, y, sigma, harmonics, fit_mean, center_data).with(method, normalization);
    return period::false_alarm_level(probability, alarm.bands, grid, alarm.options);
  }, "probability"_a, "t"_a, "y"_a, "sigma"_a, "grid"_a, "harmonics"_a, "fit_mean"_a, "center_data"_a, "method"_a, "normalization"_a,
        "Its inverse.");
  m.def("band_bootstrap_maxima", [](const Columns& t, const Columns& y, const OptionalColumns& sigma, const FrequencyGrid& grid, int harmonics,
                                    bool fit_mean, Index bootstraps, std::uint64_t seed) {
    const Alarm alarm(t, y, sigma, harmonics, fit_mean, true);
    Budget budget;
    return array(run(Job<std::vector<double>>(
        budget, period::bootstrap_maxima_task(budget, alarm.bands, grid, bootstraps, seed, alarm.options.periodogram))));
  }, "t"_a, "y"_a, "sigma"_a, "grid"_a, "harmonics"_a, "fit_mean"_a, "bootstraps"_a, "seed"_a,
        "Highest standard power of each shuffled set of bands (bootstraps,), ascending.");
}

}  // namespace

void bind_period_multiband(nb::module_& m) {
  bind_fit(m);
  bind_alarms(m);
  m.def("multiband_flexible", [](const Columns& t, const Columns& y, const OptionalColumns& sigma, const FrequencyGrid& grid, int base_harmonics,
                                 int band_harmonics, std::optional<double> base_regularization, std::optional<double> band_regularization,
                                 bool regularize_by_trace, bool center_data, std::string_view normalization, int threads) {
    return on_grid(Model(t, y, sigma, base_harmonics, band_harmonics, base_regularization, band_regularization, regularize_by_trace,
        center_data)
                       .with(normalization, threads), grid);
  }, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert(), "grid"_a, "base_harmonics"_a, "band_harmonics"_a,
        "base_regularization"_a.none(), "band_regularization"_a.none(), "regularize_by_trace"_a, "center_data"_a, "normalization"_a,
        "threads"_a, "Power (F,) of the flexible model on a regular grid; t, y and sigma are lists with one column a band.");
  m.def("multiband_flexible_exact", [](const Columns& t, const Columns& y, const OptionalColumns& sigma, const Column& frequency,
                                       int base_harmonics, int band_harmonics, std::optional<double> base_regularization,
                                       std::optional<double> band_regularization, bool regularize_by_trace, bool center_data,
                                       std::string_view normalization, int threads) {
    return exact(Model(t, y, sigma, base_harmonics, band_harmonics, base_regularization, band_regularization, regularize_by_trace,
        center_data)
                     .with(normalization, threads), frequency);
  }, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert(), "frequency"_a.noconvert(), "base_harmonics"_a, "band_harmonics"_a,
        "base_regularization"_a.none(), "band_regularization"_a.none(), "regularize_by_trace"_a, "center_data"_a, "normalization"_a,
        "threads"_a, "The same by direct sums at any frequencies.");
  m.def("flexible_fit", [](const Columns& t, const Columns& y, const OptionalColumns& sigma, double frequency, int base_harmonics,
                           int band_harmonics, std::optional<double> base_regularization, std::optional<double> band_regularization,
                           bool regularize_by_trace, bool center_data) {
    const Model model(t, y, sigma, base_harmonics, band_harmonics, base_regularization, band_regularization, regularize_by_trace,
        center_data);
    return period::flexible_fit(model.bands, frequency, model.options);
  }, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert(), "frequency"_a, "base_harmonics"_a, "band_harmonics"_a,
        "base_regularization"_a.none(), "band_regularization"_a.none(), "regularize_by_trace"_a, "center_data"_a, "The model at one frequency.");
  m.def("refine_flexible", [](const Columns& t, const Columns& y, const OptionalColumns& sigma, double frequency, double within,
                              int base_harmonics, int band_harmonics, std::optional<double> base_regularization,
                              std::optional<double> band_regularization, bool regularize_by_trace, bool center_data) {
    const Model model(t, y, sigma, base_harmonics, band_harmonics, base_regularization, band_regularization, regularize_by_trace,
        center_data);
    const auto peak = period::refine_flexible(model.bands, frequency, within, model.options);
    return nb::make_tuple(peak.frequency, peak.frequency_error, peak.power);
  }, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert(), "frequency"_a, "within"_a, "base_harmonics"_a, "band_harmonics"_a,
        "base_regularization"_a.none(), "band_regularization"_a.none(), "regularize_by_trace"_a, "center_data"_a,
        "Frequency, its error and the standard power of the highest exact power in a range.");
}

}  // namespace orrery::python
