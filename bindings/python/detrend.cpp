// Trends of series.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string_view.h>

#include "orrery/stats/detrend.hpp"
#include "support.hpp"

namespace orrery::python {
namespace {

using Mask = std::optional<nb::ndarray<nb::numpy, const std::uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>>;
using Rows = nb::ndarray<nb::numpy, const double, nb::ndim<2>, nb::device::cpu>;

constexpr std::string_view kRemovals[] = {"ratio", "difference"};
constexpr std::string_view kMissing[] = {"refuse", "skip"};

std::span<const std::uint8_t> bytes(const Mask& mask) {
  return mask ? std::span(mask->data(), mask->size()) : std::span<const std::uint8_t>{};
}

stats::DetrendOptions options_of(std::string_view method, double window, std::optional<double> break_tolerance, double edge_cutoff,
                                 std::optional<double> tuning, std::string_view removal, std::string_view missing, int threads) {
  return {.method = stats::detrend_method(method), .window = window, .break_tolerance = break_tolerance, .edge_cutoff = edge_cutoff,
          .tuning = tuning, .removal = static_cast<stats::Removal>(one_of(removal, kRemovals, "flatten", "removal")),
          .missing = static_cast<stats::Missing>(one_of(missing, kMissing, "flatten", "missing")), .threads = threads};
}

nb::tuple as_tuple(stats::Detrended&& d) {
  return nb::make_tuple(array(std::move(d.flat)), array(std::move(d.trend)), d.pieces, d.without_trend, d.not_positive);
}

/// Methods that may take seconds run on one thread in slices, so that Ctrl-C is seen; the others on all.
bool slow(const stats::DetrendOptions& o, Index n) {
  using enum stats::DetrendMethod;
  return n > 20000 && (o.method == hodges_lehmann || o.method == hampel || o.method == ramsay || o.method == lowess);
}

nb::tuple flatten(const Column& t, const Column& y, const Mask& mask, std::string_view method, double window,
                  std::optional<double> break_tolerance, double edge_cutoff, std::optional<double> tuning, std::string_view removal,
                  std::string_view missing, int threads) {
  const auto options = options_of(method, window, break_tolerance, edge_cutoff, tuning, removal, missing, threads);
  if (threads == 1 || slow(options, ssize(span(t)))) {
    Budget budget;
    return as_tuple(run(Job(budget, stats::detrend_task(budget, span(t), span(y), bytes(mask), options))));
  }
  stats::Detrended d;
  {
    nb::gil_scoped_release release;
    d = stats::detrend(span(t), span(y), bytes(mask), options);
  }
  return as_tuple(std::move(d));
}

nb::list flatten_rows(const Column& t, const Rows& y, const Mask& mask, std::string_view method, double window,
                      std::optional<double> break_tolerance, double edge_cutoff, std::optional<double> tuning, std::string_view removal,
                      std::string_view missing, int threads) {
  const auto options = options_of(method, window, break_tolerance, edge_cutoff, tuning, removal, missing, threads);
  std::vector<stats::Detrended> all;
  const auto rows = static_cast<Index>(y.shape(0)), cols = static_cast<Index>(y.shape(1));
  in_pieces(rows, 1, [&](Index first, Index count) {
    const MatrixView part{y.data() + first * y.stride(0), count, cols, y.stride(0), y.stride(1)};
    for (auto& d : stats::detrend_rows(span(t), part, bytes(mask), options, first)) all.push_back(std::move(d));
  });
  nb::list out;
  for (auto& d : all) out.append(as_tuple(std::move(d)));
  return out;
}

}  // namespace

void bind_detrend(nb::module_& m) {
  m.def("flatten", &flatten, "t"_a.noconvert(), "y"_a.noconvert(), "mask"_a.noconvert().none(), "method"_a, "window"_a, "break_tolerance"_a.none(),
        "edge_cutoff"_a, "tuning"_a.none(), "removal"_a, "missing"_a, "threads"_a, "(flat, trend, pieces, without trend, not positive).");
  m.def("flatten_rows", &flatten_rows, "t"_a.noconvert(), "y"_a.noconvert(), "mask"_a.noconvert().none(), "method"_a, "window"_a,
        "break_tolerance"_a.none(), "edge_cutoff"_a, "tuning"_a.none(), "removal"_a, "missing"_a, "threads"_a, "The same for rows of values.");
}

}  // namespace orrery::python
