#include "support.hpp"

NB_MODULE(_engine, m) {
  m.attr("__doc__") = "The engine as it is: strict arguments, arrays without copies. The public names are in the package orrery.";
  orrery::python::bind_core(m);
  orrery::python::bind_data(m);
  orrery::python::bind_period(m);
  orrery::python::bind_period_batch(m);
  orrery::python::bind_period_multiband(m);
  orrery::python::bind_period_search(m);
  orrery::python::bind_period_peaks(m);
  orrery::python::bind_red_noise(m);
  orrery::python::bind_prewhiten(m);
  orrery::python::bind_period_statistics(m);
  orrery::python::bind_transits(m);
  orrery::python::bind_templates(m);
  orrery::python::bind_correlations(m);
  orrery::python::bind_planets(m);
  orrery::python::bind_completeness(m);
  orrery::python::bind_detrend(m);
  orrery::python::bind_features(m);
  orrery::python::bind_live(m);
}
