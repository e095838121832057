// Autocorrelation, rotation, wavelets.
#include <nanobind/stl/string_view.h>

#include "orrery/period/autocorrelation.hpp"
#include "orrery/period/rotation.hpp"
#include "orrery/period/wavelet.hpp"
#include "support.hpp"

namespace orrery::python {
namespace {

constexpr std::string_view kKernels[] = {"slot", "gaussian"};

nb::tuple correlation(const Column& t, const Column& y, const OptionalColumn& sigma, double first, double step, Index count,
                      std::string_view kernel, double width, bool remove_noise) {
  const period::CorrelationOptions options{.kernel = static_cast<period::LagKernel>(one_of(kernel, kKernels, "autocorrelation", "kernel")),
                                           .width = width, .remove_noise = remove_noise};
  Budget budget;
  auto r = run(Job<period::CorrelationFunction>(
      budget, period::autocorrelation_task(budget, {span(t), span(y), span(sigma)}, {first, step, count}, options)));
  return nb::make_tuple(array(std::move(r.lag)), array(std::move(r.value)), array(std::move(r.error)), array(std::move(r.pairs)));
}

nb::tuple cross(const Column& ta, const Column& ya, const OptionalColumn& sa, const Column& tb, const Column& yb, const OptionalColumn& sb,
                double first, double step, Index count, std::string_view kernel, double width, bool remove_noise) {
  const period::CorrelationOptions options{.kernel = static_cast<period::LagKernel>(one_of(kernel, kKernels, "cross_correlation", "kernel")),
                                           .width = width, .remove_noise = remove_noise};
  period::CorrelationFunction r;
  {
    const nb::gil_scoped_release release;
    r = period::cross_correlation({span(ta), span(ya), span(sa)}, {span(tb), span(yb), span(sb)}, {first, step, count}, options);
  }
  return nb::make_tuple(array(std::move(r.lag)), array(std::move(r.value)), array(std::move(r.error)), array(std::move(r.pairs)));
}

nb::dict z_correlation(const Column& t, const Column& y, double max_lag, Index min_pairs) {
  period::ZCorrelationFunction z;
  {
    const nb::gil_scoped_release release;
    z = period::z_autocorrelation({span(t), span(y), {}}, max_lag, min_pairs);
  }
  nb::dict out;
  out["lag"] = array(std::move(z.lag));
  out["low"] = array(std::move(z.low));
  out["high"] = array(std::move(z.high));
  out["value"] = array(std::move(z.value));
  out["error_low"] = array(std::move(z.error_low));
  out["error_high"] = array(std::move(z.error_high));
  out["pairs"] = array(std::move(z.pairs));
  return out;
}

nb::dict rotation(const Column& t, const Column& y, double cadence, double max_lag, double smoothing, double max_gap, double min_period,
                  double detrend, double clip) {
  const period::RotationOptions options{.cadence = cadence, .max_lag = max_lag, .smoothing = smoothing, .max_gap = max_gap,
                                        .min_period = min_period, .detrend = detrend, .clip = clip};
  Budget budget;
  auto r = run(Job<period::RotationPeriod>(budget, period::rotation_period_task(budget, {span(t), span(y), {}}, options)));
  nb::list peaks;
  for (const auto& p : r.peaks) peaks.append(nb::make_tuple(p.lag, p.value, p.height));
  nb::dict out;
  out["period"] = r.period;
  out["period_error"] = r.period_error;
  out["height"] = r.height;
  out["first_lag"] = r.first_lag;
  out["second_chosen"] = r.second_chosen;
  out["used"] = r.used;
  out["peaks"] = peaks;
  out["cadence"] = r.correlation.cadence;
  out["lag"] = array(std::move(r.correlation.lag));
  out["value"] = array(std::move(r.correlation.value));
  out["smooth"] = array(std::move(r.correlation.smooth));
  return out;
}

nb::dict wavelet(const Column& t, const Column& y, const OptionalColumn& sigma, const Column& frequency, const Column& time, double decay,
                 int threads) {
  const SeriesView series{span(t), span(y), span(sigma)};
  const auto f = span(frequency);
  const period::WaveletOptions options{.decay = decay, .threads = threads};
  static_cast<void>(period::weighted_wavelet(series, f, {}, options));  // refuses what is wrong before the work
  const double places = static_cast<double>(frequency.size()) * static_cast<double>(time.size());
  if (places > 2e8) static_cast<void>(period::weighted_wavelet(series, f, span(time), options));  // so does this
  period::WaveletMap all;
  for (auto* v : {&all.z, &all.amplitude, &all.effective}) v->resize(frequency.size() * time.size());
  in_pieces(ssize(f), 8, [&](Index first, Index count) {
    const auto part = period::weighted_wavelet(series, f.subspan(at(first), at(count)), span(time), options);
    const auto to = first * ssize(span(time));
    std::copy(part.z.begin(), part.z.end(), all.z.begin() + to);
    std::copy(part.amplitude.begin(), part.amplitude.end(), all.amplitude.begin() + to);
    std::copy(part.effective.begin(), part.effective.end(), all.effective.begin() + to);
  });
  nb::dict out;
  out["z"] = array(std::move(all.z));
  out["amplitude"] = array(std::move(all.amplitude));
  out["effective"] = array(std::move(all.effective));
  return out;
}

}  // namespace

void bind_correlations(nb::module_& m) {
  m.def("autocorrelation", &correlation, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "first"_a, "step"_a, "count"_a,
        "kernel"_a, "width"_a, "remove_noise"_a, "Lag, value, error and pairs (L,).");
  m.def("cross_correlation", &cross, "t_a"_a.noconvert(), "y_a"_a.noconvert(), "sigma_a"_a.noconvert().none(), "t_b"_a.noconvert(),
        "y_b"_a.noconvert(), "sigma_b"_a.noconvert().none(), "first"_a, "step"_a, "count"_a, "kernel"_a, "width"_a, "remove_noise"_a,
        "Lag, value, error and pairs (L,); b follows a at positive lags.");
  m.def("z_autocorrelation", &z_correlation, "t"_a.noconvert(), "y"_a.noconvert(), "max_lag"_a, "min_pairs"_a,
        nb::sig("def z_autocorrelation(t: NDArray[numpy.float64], y: NDArray[numpy.float64], max_lag: float, min_pairs: int) "
                "-> dict[str, NDArray[numpy.float64]]"),
        "Columns of the z-transformed discrete correlation function.");
  m.def("rotation_period", &rotation, "t"_a.noconvert(), "y"_a.noconvert(), "cadence"_a, "max_lag"_a, "smoothing"_a, "max_gap"_a, "min_period"_a,
        "detrend"_a, "clip"_a,
        nb::sig("def rotation_period(t: NDArray[numpy.float64], y: NDArray[numpy.float64], cadence: float, max_lag: float, smoothing: float, "
                "max_gap: float, min_period: float, detrend: float, clip: float) -> dict[str, typing.Any]"),
        "Period from the peaks of the autocorrelation on a regular grid.");
  m.def("weighted_wavelet", &wavelet, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "frequency"_a.noconvert(),
        "time"_a.noconvert(), "decay"_a, "threads"_a,
        nb::sig("def weighted_wavelet(t: NDArray[numpy.float64], y: NDArray[numpy.float64], sigma: NDArray[numpy.float64] | None, "
                "frequency: NDArray[numpy.float64], time: NDArray[numpy.float64], decay: float, threads: int) -> dict[str, NDArray[numpy.float64]]"),
        "Z, amplitude and effective number (F T,), row-major.");
}

}  // namespace orrery::python
