// Features of light curves.
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include "orrery/data/series.hpp"
#include "orrery/features/features.hpp"
#include "support.hpp"

namespace orrery::python {
namespace {

features::FeatureOptions options_of(unsigned sets, const std::vector<std::string>& names, bool periodic, bool transient, Index bootstrap,
                                    std::uint64_t seed, int threads) {
  return {.sets = sets, .names = names, .periodic = periodic, .transient = transient, .bootstrap = bootstrap, .seed = seed,
          .threads = threads};
}

nb::tuple as_tuple(features::FeatureValues&& v) {
  nb::object error = v.error.empty() ? nb::none() : nb::cast(array(std::move(v.error)));
  return nb::make_tuple(std::move(v.names), std::move(v.units), array(std::move(v.value)), error, array(std::move(v.reason)));
}

}  // namespace

void bind_features(nb::module_& m) {
  m.def("feature_registry", [] {
    nb::list out;
    for (const auto& f : features::registry()) {
      out.append(nb::make_tuple(f.name, f.unit, f.description, f.sets, f.min_points, f.needs_errors, f.group));
    }
    return out;
  }, "(name, unit, description, sets, fewest points, needs errors, group) of every feature of one band.");
  m.def("features", [](const Column& t, const Column& y, const OptionalColumn& sigma, unsigned sets, const std::vector<std::string>& names,
                       bool periodic, bool transient, Index bootstrap, std::uint64_t seed, int threads) {
    const auto options = options_of(sets, names, periodic, transient, bootstrap, seed, threads);
    const SeriesView view{span(t), span(y), span(sigma)};
    if (bootstrap == 0 || threads == 1) {
      Budget budget;
      return as_tuple(run(Job(budget, features::features_task(budget, view, options))));
    }
    features::FeatureValues v;
    {
      nb::gil_scoped_release release;
      v = features::features(view, options);
    }
    return as_tuple(std::move(v));
  }, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "sets"_a, "names"_a, "periodic"_a, "transient"_a, "bootstrap"_a,
        "seed"_a, "threads"_a, "(names, units, values, errors, reasons) of one band.");
  m.def("band_features", [](const data::Series& series, unsigned sets, const std::vector<std::string>& names, bool periodic, bool transient,
                            Index bootstrap, std::uint64_t seed, int threads) {
    features::FeatureValues v;
    {
      nb::gil_scoped_release release;
      v = features::band_features(series, options_of(sets, names, periodic, transient, bootstrap, seed, threads));
    }
    return as_tuple(std::move(v));
  }, "series"_a, "sets"_a, "names"_a, "periodic"_a, "transient"_a, "bootstrap"_a, "seed"_a, "threads"_a, "The same of all bands and their pairs.");
  m.def("feature_table", [](const std::vector<Column>& t, const std::vector<Column>& y, const std::vector<OptionalColumn>& sigma, unsigned sets,
                            const std::vector<std::string>& names, bool periodic, bool transient, int threads) {
    std::vector<SeriesView> stars;
    for (std::size_t i = 0; i < t.size(); ++i) stars.push_back({span(t[i]), span(y[i]), span(sigma[i])});
    const auto options = options_of(sets, names, periodic, transient, 0, 1, threads);
    features::FeatureTable table = features::feature_table({}, options);
    in_pieces(ssize(stars), 16, [&](Index first, Index count) {
      auto part = features::feature_table(std::span(stars).subspan(at(first), at(count)), options);
      table.value.insert(table.value.end(), part.value.begin(), part.value.end());
      table.reason.insert(table.reason.end(), part.reason.begin(), part.reason.end());
    });
    return nb::make_tuple(std::move(table.names), std::move(table.units), array(std::move(table.value)), array(std::move(table.reason)));
  }, "t"_a, "y"_a, "sigma"_a, "sets"_a, "names"_a, "periodic"_a, "transient"_a, "threads"_a, "(names, units, values, reasons) of many stars, row by row.");
  m.def("feature_reason", &features::reason_text, "reason"_a, "Reason bits in words.");
  m.def("dmdt_map", [](const Column& t, const Column& y, const Column& dt_edge, const Column& dy_edge) {
    return array(features::dmdt_map({span(t), span(y), {}}, span(dt_edge), span(dy_edge)));
  }, "t"_a.noconvert(), "y"_a.noconvert(), "dt_edge"_a.noconvert(), "dy_edge"_a.noconvert(), "Counts of pairs (A * B,).");
}

}  // namespace orrery::python
