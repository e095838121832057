// Damped random walks, and the red-noise null of a periodogram.
#include <nanobind/stl/string_view.h>

#include "orrery/gp/damped_random_walk.hpp"
#include "orrery/period/red_noise.hpp"
#include "support.hpp"

namespace orrery::python {
namespace {

using gp::DampedRandomWalkFit;
using period::RedNoiseNull;

SeriesView view_of(const Column& t, const Column& y, const OptionalColumn& sigma) { return {span(t), span(y), span(sigma)}; }

constexpr std::string_view kMeans[] = {"fitted", "marginalised"};  // in the order of MeanLevel
gp::MeanLevel mean_named(std::string_view name, const char* where) { return static_cast<gp::MeanLevel>(one_of(name, kMeans, where, "mean")); }

DampedRandomWalkFit fit(const Column& t, const Column& y, const OptionalColumn& sigma, std::string_view mean, std::optional<bool> jitter,
                        std::optional<double> min_tau, std::optional<double> max_tau, Index starts) {
  const gp::DampedRandomWalkOptions options{.mean = mean_named(mean, "damped_random_walk"), .fit_jitter = jitter, .min_tau = min_tau,
                                            .max_tau = max_tau, .starts = starts};
  Budget budget;
  return run(Job<DampedRandomWalkFit>(budget, gp::fit_damped_random_walk_task(budget, view_of(t, y, sigma), options)));
}

RedNoiseNull null_of(const Column& t, const Column& y, const OptionalColumn& sigma, const period::FrequencyGrid& grid, int harmonics,
                     bool fit_mean, std::string_view normalization, Index resamples, std::uint64_t seed) {
  period::RedNoiseOptions options{.resamples = resamples, .seed = seed};
  options.periodogram = {.harmonics = harmonics, .fit_mean = fit_mean};
  options.periodogram.normalization = static_cast<period::Normalization>(one_of(normalization, kNormalizations, "red_noise_null", "normalization"));
  Budget budget;
  return run(Job<RedNoiseNull>(budget, period::red_noise_null_task(budget, {view_of(t, y, sigma)}, grid, options)));
}

}  // namespace

void bind_red_noise(nb::module_& m) {
  nb::class_<DampedRandomWalkFit>(m, "DampedRandomWalkFit", "A fitted damped random walk.")
      .def_prop_ro("sigma", [](const DampedRandomWalkFit& f) { return f.walk.sigma; }, "Standard deviation of the process [unit of y].")
      .def_prop_ro("tau", [](const DampedRandomWalkFit& f) { return f.walk.tau; }, "Time scale [day].")
      .def_prop_ro("jitter", [](const DampedRandomWalkFit& f) { return f.walk.jitter; }, "White noise beyond the errors [unit of y].")
      .def_prop_ro("log_error", [](const DampedRandomWalkFit& f) { return nb::make_tuple(f.error[0], f.error[1], f.error[2]); },
                   nb::sig("def log_error(self) -> tuple[float, float, float]"), "One sigma of ln sigma, ln tau and ln jitter.")
      .def_ro("mean", &DampedRandomWalkFit::mean)
      .def_ro("mean_error", &DampedRandomWalkFit::mean_error)
      .def_ro("log_likelihood", &DampedRandomWalkFit::log_likelihood)
      .def_ro("log_likelihood_white", &DampedRandomWalkFit::log_likelihood_white, "Of the best white noise.")
      .def_ro("at_limit", &DampedRandomWalkFit::at_limit, "tau or sigma ended on a limit.")
      .def_ro("converged", &DampedRandomWalkFit::converged);
  m.def("fit_damped_random_walk", &fit, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "mean"_a, "jitter"_a.none(),
        "min_tau"_a.none(), "max_tau"_a.none(), "starts"_a, "Maximum-likelihood damped random walk.");
  m.def("damped_random_walk_log_likelihood", [](const Column& t, const Column& y, const OptionalColumn& sigma, double walk_sigma, double tau,
                                                double jitter, std::string_view mean) {
    return gp::damped_random_walk_likelihood(view_of(t, y, sigma), {walk_sigma, tau, jitter}, mean_named(mean, "log_likelihood")).log_likelihood;
  }, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "walk_sigma"_a, "tau"_a, "jitter"_a, "mean"_a, "Natural logarithm.");
  m.def("damped_random_walk_sample", [](double walk_sigma, double tau, const Column& t, std::uint64_t seed, std::uint64_t stream) {
    return array(gp::damped_random_walk_sample({walk_sigma, tau, 0.0}, span(t), seed, stream));
  }, "walk_sigma"_a, "tau"_a, "t"_a.noconvert(), "seed"_a, "stream"_a, "One exact realisation at times t (N,).");
  nb::class_<RedNoiseNull>(m, "RedNoiseNull", "What a damped random walk fitted to a series shows in its periodogram.")
      .def_prop_ro("walk", [](const RedNoiseNull& n) { return n.walks.front(); }, "The fitted walk.")
      .def_ro("grid", &RedNoiseNull::grid, "The frequencies.")
      .def_prop_ro("expected", [](nb::handle self) { return view(nb::cast<const RedNoiseNull&>(self).expected, self); },
                   "Mean of -ln(1 - standard power) at each frequency (F,).")
      .def("probability", [](const RedNoiseNull& n, double power, std::optional<double> frequency, bool smooth) {
        return period::red_noise_probability(n, power, frequency, smooth).probability;
      }, "power"_a, "frequency"_a.none() = nb::none(), "smooth"_a = false,
           "Probability that the walk has a peak that stands out as much: at a frequency by what is expected there, without by height.")
      .def("level", &period::red_noise_level, "probability"_a, "frequency"_a.none() = nb::none(), "smooth"_a = false,
           "The power that the walk reaches with this probability, at a frequency or anywhere.");
  m.def("red_noise_null", &null_of, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "grid"_a, "harmonics"_a, "fit_mean"_a,
        "normalization"_a, "resamples"_a, "seed"_a, "Fits a damped random walk and simulates it through the same search.");
}

}  // namespace orrery::python
