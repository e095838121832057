#pragma once
// What every binding uses: numpy arrays in (never copied), vectors out (never copied), and long methods run in slices.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>  // every source must see it that binds an OptionalColumn

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "orrery/core/error.hpp"
#include "orrery/core/index.hpp"
#include "orrery/core/task.hpp"

namespace orrery::python {

namespace nb = nanobind;
using namespace nb::literals;

/// A contiguous float64 column. Bound with .noconvert(): anything else is a TypeError here, and python/orrery converts.
using Column = nb::ndarray<nb::numpy, const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using OptionalColumn = std::optional<Column>;

[[nodiscard]] inline std::span<const double> span(const Column& column) { return {column.data(), column.size()}; }
[[nodiscard]] inline std::span<const double> span(const OptionalColumn& column) {
  return column ? span(*column) : std::span<const double>{};
}

template <class T>
using Array = nb::ndarray<nb::numpy, T, nb::ndim<1>, nb::c_contig>;

/// A numpy array that takes over the vector's storage.
template <class T>
[[nodiscard]] Array<T> array(std::vector<T>&& values) {
  auto owned = std::make_unique<std::vector<T>>(std::move(values));
  T* const data = owned->data();
  const std::size_t size = owned->size();
  nb::capsule owner(owned.get(), [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
  owned.release();
  return Array<T>(data, {size}, owner);
}

/// A read-only numpy view of storage that the Python object `owner` keeps alive.
template <class T>
[[nodiscard]] Array<const T> view(const std::vector<T>& values, nb::handle owner) {
  return Array<const T>(values.data(), {values.size()}, owner);
}

/// Names of period::Normalization, in its order.
inline constexpr std::string_view kNormalizations[] = {"standard", "model", "log", "psd"};

/// Milliseconds between two looks at Ctrl-C: small against the 0.2 s that a user may wait, large against the GIL's cost.
inline constexpr double kSlice = 50.0;

/// Runs a job to its end without the GIL, looking for signals between slices. A raised KeyboardInterrupt drops the job and comes
/// out as itself.
template <class T>
[[nodiscard]] T run(Job<T> job) {
  for (;;) {
    bool done = false;
    {
      nb::gil_scoped_release release;
      done = job.step(kSlice);
    }
    if (done) return job.result();
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
  }
}

/// Calls work(first, count) over pieces of [0, total) that take a few tens of milliseconds each, without the GIL, looking for
/// signals in between: how a parallel method without a Task is stopped. Pieces are multiples of `grain`.
template <class Work>
void in_pieces(Index total, Index grain, Work&& work) {
  Index size = grain;
  for (Index first = 0; first < total;) {
    const Index count = std::min(size, total - first);
    const double start = clock_ms();
    {
      nb::gil_scoped_release release;
      work(first, count);
    }
    first += count;
    const double spent = clock_ms() - start;
    if (spent < 0.5 * kSlice) size *= 2;
    if (spent > 1.5 * kSlice) size = std::max(grain, size / 2 / grain * grain);
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
  }
}

/// Runs the tasks make(budget, 0), ..., make(budget, parts - 1) without the GIL on `workers` threads, in slices, looking for
/// signals meanwhile. The first exception of a part comes out when all threads have stopped. `make` must outlive the tasks.
template <class Make>
void run_parts(Index parts, int workers, const Make& make) {
  std::atomic<Index> next = 0;
  std::atomic<bool> stop = false;
  std::mutex guard;
  std::condition_variable finished;
  Index running = std::min<Index>(workers, parts);
  std::exception_ptr error;
  const auto work = [&] {
    try {
      for (Index part = next++; part < parts && !stop; part = next++) {
        Budget budget;
        Job<bool> job(budget, make(budget, part));
        while (!stop && !job.step(0.5 * kSlice)) {
        }
        if (job.done()) static_cast<void>(job.result());
      }
    } catch (...) {
      const std::lock_guard lock(guard);
      if (!error) error = std::current_exception();
      stop = true;
    }
    const std::lock_guard lock(guard);
    if (--running == 0) finished.notify_all();
  };
  {
    std::vector<std::jthread> threads;
    for (Index i = running; i > 0; --i) threads.emplace_back(work);
    for (bool done = false; !done;) {
      {
        const nb::gil_scoped_release release;
        std::unique_lock lock(guard);
        done = finished.wait_for(lock, std::chrono::duration<double, std::milli>(kSlice), [&] { return running == 0; });
      }
      if (!done && !stop && PyErr_CheckSignals() != 0) {
        stop = true;
        const nb::gil_scoped_release release;
        threads.clear();
        done = true;
      }
    }
  }
  if (error) std::rethrow_exception(error);
  if (PyErr_Occurred() != nullptr) throw nb::python_error();
}

/// The position of `text` among `words`. @throws InputError naming them
template <std::size_t N>
[[nodiscard]] Index one_of(std::string_view text, const std::string_view (&words)[N], const char* where, const char* argument) {
  std::string allowed;
  for (std::size_t i = 0; i < N; ++i) {
    if (words[i] == text) return Index(i);
    allowed += (i == 0 ? "'" : ", '") + std::string(words[i]) + "'";
  }
  fail(ErrorKind::input, where, std::string("expected ") + argument + " to be one of " + allowed + ", got '" + std::string(text) + "'");
}

// One function a family, each in its own source.
void bind_core(nb::module_& m);
void bind_data(nb::module_& m);
void bind_period(nb::module_& m);
void bind_period_batch(nb::module_& m);
void bind_period_multiband(nb::module_& m);
void bind_period_search(nb::module_& m);
void bind_period_peaks(nb::module_& m);
void bind_period_statistics(nb::module_& m);
void bind_transits(nb::module_& m);
void bind_templates(nb::module_& m);
void bind_correlations(nb::module_& m);
void bind_planets(nb::module_& m);
void bind_completeness(nb::module_& m);
void bind_detrend(nb::module_& m);
void bind_features(nb::module_& m);
void bind_red_noise(nb::module_& m);
void bind_prewhiten(nb::module_& m);
void bind_live(nb::module_& m);

}  // namespace orrery::python
