// Many stars in one call.
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <limits>
#include <string>

#include "orrery/period/lomb_scargle_batch.hpp"
#include "support.hpp"

namespace orrery::python {
namespace {

using period::FrequencyGrid;
using Offsets = nb::ndarray<nb::numpy, const std::int64_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

/// Stars first ... first + count - 1 as a batch of their own.
struct Part {
  std::vector<Index> offset;
  period::BatchView view;

  Part(const period::BatchView& all, Index first, Index count) {
    const Index from = all.offset[at(first)], to = all.offset[at(first + count)];
    for (Index s = first; s <= first + count; ++s) offset.push_back(all.offset[at(s)] - from);
    const auto rows = [&](std::span<const double> c) { return c.empty() ? c : c.subspan(at(from), at(to - from)); };
    view = {rows(all.t), rows(all.y), rows(all.sigma), offset};
  }
};

/// In pieces of stars, so that Ctrl-C is seen; a piece knows nothing of the others.
nb::tuple batch(const Column& t, const Column& y, const OptionalColumn& sigma, const Offsets& offsets,
    const std::vector<FrequencyGrid>& grids,
                int harmonics, bool fit_mean, std::string_view normalization, bool keep_power, Index peaks, double max_bytes, int threads) {
  period::BatchOptions options{.keep_power = keep_power, .peaks = peaks, .max_bytes = max_bytes};
  options.periodogram = {.harmonics = harmonics, .fit_mean = fit_mean, .threads = threads};
  options.periodogram.normalization = static_cast<period::Normalization>(one_of(normalization, kNormalizations, "lomb_scargle_batch", "normalization"));
  const std::vector<Index> offset(offsets.data(), offsets.data() + offsets.size());
  const period::BatchView all{span(t), span(y), span(sigma), offset};
  period::check_batch(all, grids, options);
  const Index stars = all.stars();
  std::vector<std::int64_t> begin(at(stars + 1), 0);
  for (Index s = 0; s < stars && keep_power; ++s) begin[at(s + 1)] = begin[at(s)] + grids[grids.size() == 1 ? 0 : at(s)].count;
  std::vector<double> power(at(begin.back())), frequency(at(stars * peaks)), height(at(stars * peaks));
  in_pieces(stars, 4, [&](Index first, Index count) {
    const Part part(all, first, count);
    const auto some = std::span<const FrequencyGrid>(grids).subspan(grids.size() == 1 ? 0 : at(first), grids.size() == 1 ? 1 : at(count));
    const auto found = period::lomb_scargle_batch(part.view, some, options);
    std::copy(found.power.begin(), found.power.end(), power.begin() + begin[at(first)]);
    std::copy(found.peak_frequency.begin(), found.peak_frequency.end(), frequency.begin() + first * peaks);
    std::copy(found.peak_power.begin(), found.peak_power.end(), height.begin() + first * peaks);
  });
  return nb::make_tuple(array(std::move(begin)), array(std::move(power)), array(std::move(frequency)), array(std::move(height)));
}

}  // namespace

void bind_period_batch(nb::module_& m) {
  m.def("lomb_scargle_batch", &batch, "t"_a.noconvert(), "y"_a.noconvert(), "sigma"_a.noconvert().none(), "offset"_a.noconvert(), "grids"_a,
        "harmonics"_a, "fit_mean"_a, "normalization"_a, "keep_power"_a, "peaks"_a, "max_bytes"_a, "threads"_a,
        nb::sig("def lomb_scargle_batch(t: NDArray[numpy.float64], y: NDArray[numpy.float64], sigma: NDArray[numpy.float64] | None, "
                "offset: NDArray[numpy.int64], grids: Sequence[FrequencyGrid], harmonics: int, fit_mean: bool, normalization: str, "
                "keep_power: bool, peaks: int, max_bytes: float, threads: int) -> tuple[NDArray[numpy.int64], NDArray[numpy.float64], "
                "NDArray[numpy.float64], NDArray[numpy.float64]]"),
        "Offsets of the stars' powers, the powers, and frequency and power of each star's peaks (S, peaks) flat.");
}

}  // namespace orrery::python
