"""Autocorrelation of series with gaps, rotation periods, wavelets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from . import _engine
from ._columns import Floats, column, refuse
from ._series import Series
from ._series_args import columns_of
from ._words import answer

LagKernel = Literal["slot", "gaussian"]


@dataclass(frozen=True)
class Correlation:
    """Correlation at each lag; columns (L,)."""

    lag: Floats
    """[day]"""
    value: Floats
    """0 where no pair is."""
    error: Floats
    """Standard error of the mean of the pairs' products; infinity for fewer than 2 pairs."""
    pairs: Floats


def _lags(where: str, t: Floats, step: float | None, max_lag: float | None) -> tuple[float, int]:
    """Step and number of lags: by default the mean spacing, to half of the span."""
    if not len(t):
        raise refuse(where, "expected at least 2 points, got 0")
    span = float(np.ptp(t))
    step = span / max(1, len(t) - 1) if step is None else step
    if not step > 0:
        raise refuse(where, f"expected step > 0, got {step}")
    return step, int(np.floor((span / 2 if max_lag is None else max_lag) / step + 1e-9)) + 1


def autocorrelation(
    t: Series | ArrayLike, y: ArrayLike | None = None, dy: ArrayLike | None = None, *, step: float | None = None,
    max_lag: float | None = None, kernel: LagKernel = "gaussian", width: float = 0.0, remove_noise: bool = False, band: str | None = None,
) -> Correlation:
    """Autocorrelation of an unevenly sampled series, by pairs of points.

    Lags 0, step, ... max_lag [day]; by default steps of the mean spacing to half of the span. kernel: 'slot' takes the pairs within half
    a step, 'gaussian' all with a weight of standard deviation width (0: step / 4). With kernel='slot' and remove_noise=True it is
    the discrete correlation function: the noise is taken off the variance, and no point is paired with itself.

    Raises InputError: unusable series, values that do not vary, more than 2e9 pairs.
    Source: Rehfeld et al. 2011, Nonlin. Processes Geophys. 18, 389; Edelson & Krolik 1988, ApJ 333, 646.

    >>> import numpy, orrery
    >>> t = numpy.sort(numpy.random.default_rng(1).uniform(0, 100, 400))
    >>> r = orrery.autocorrelation(t, numpy.sin(2 * numpy.pi * t / 8.0), step=0.5, max_lag=10)
    >>> float(r.lag[4 + numpy.argmax(r.value[4:])])
    8.0
    """
    where = "autocorrelation"
    c = columns_of(where, t, y, dy, band)
    times = c["t"]
    assert times is not None
    step, count = _lags(where, times, step, max_lag)
    return Correlation(*_engine.autocorrelation(times, c["y"], c["sigma"], 0.0, step, count, kernel, width, remove_noise))


def cross_correlation(
    a: Series | tuple[ArrayLike, ...], b: Series | tuple[ArrayLike, ...], *, step: float, max_lag: float, kernel: LagKernel = "gaussian",
    width: float = 0.0, remove_noise: bool = False,
) -> Correlation:
    """Correlation of two series of unlike times: at a positive lag b follows a. a and b are Series of one band, or (t, y) or (t, y, dy).

    Lags -max_lag ... max_lag [day] in steps; kernel, width and remove_noise as in `autocorrelation`.
    """
    where = "cross_correlation"
    first, second = (columns_of(where, s, None, None, None) if isinstance(s, Series)
                     else columns_of(where, s[0], s[1], s[2] if len(s) > 2 else None, None) for s in (a, b))
    if not step > 0 or not max_lag >= 0:
        raise refuse(where, f"expected step > 0 and max_lag >= 0, got {step} and {max_lag}")
    half = int(np.floor(max_lag / step + 1e-9))
    return Correlation(*_engine.cross_correlation(first["t"], first["y"], first["sigma"], second["t"], second["y"], second["sigma"],
                                                  -half * step, step, 2 * half + 1, kernel, width, remove_noise))


@dataclass(frozen=True)
class ZCorrelation:
    """Correlation in bins of equally many independent pairs; columns (B,)."""

    lag: Floats
    """Mean lag of the bin [day]."""
    low: Floats
    high: Floats
    value: Floats
    error_low: Floats
    """Downwards."""
    error_high: Floats
    """Upwards."""
    pairs: Floats


def z_autocorrelation(
    t: Series | ArrayLike, y: ArrayLike | None = None, *, max_lag: float | None = None, min_pairs: int = 11, band: str | None = None
) -> ZCorrelation:
    """The z-transformed discrete correlation function of a series with itself: honest errors for few points.

    max_lag [day]: by default half of the span. Raises InputError: unusable series, more than 5e7 pairs.
    Source: Alexander 1997, arXiv:1302.1508.

    >>> import numpy, orrery
    >>> t = numpy.sort(numpy.random.default_rng(1).uniform(0, 50, 120))
    >>> z = orrery.z_autocorrelation(t, numpy.sin(2 * numpy.pi * t / 8.0), max_lag=6)
    >>> bool(z.value.min() < -0.9)
    True
    """
    c = columns_of("z_autocorrelation", t, y, None, band)
    times = c["t"]
    assert times is not None
    longest = float(np.ptp(times)) / 2 if max_lag is None and len(times) else max_lag or 0.0
    return ZCorrelation(**_engine.z_autocorrelation(times, c["y"], longest, min_pairs))


@dataclass(frozen=True, repr=False)
class Rotation:
    """What `orrery.rotation_period` found."""

    period: float
    """[day]; 0 when the autocorrelation has no peak."""
    period_error: float
    """[day]"""
    height: float
    """Of the chosen peak above the minima beside it: above 0.1 is a clear rotation."""
    first_lag: float
    """Lag of the first peak [day]."""
    second_chosen: bool
    """The second peak is higher than the first, which is half of the period: spots on opposite sides."""
    used: int
    """Peaks at multiples of the period that it was measured from."""
    peaks: list[tuple[float, float, float]]
    """Lag [day], value and height of every peak."""
    cadence: float
    """Of the regular grid [day]."""
    lag: Floats = field(repr=False)
    """(L,) [day]"""
    value: Floats = field(repr=False)
    """(L,) autocorrelation"""
    smooth: Floats = field(repr=False)
    """(L,) the same, smoothed: what the peaks are of"""

    def __repr__(self) -> str:
        if not self.period:
            return "<Rotation: no peak>"
        trap = f", not {self.first_lag:.4g} day (half a turn)" if self.second_chosen else ""
        return f"<Rotation: period {answer(self.period, self.period_error)} day{trap}, height {self.height:.2f}, {self.used} peaks>"


def rotation_period(
    t: Series | ArrayLike, y: ArrayLike | None = None, *, cadence: float = 0.0, max_lag: float = 0.0, smoothing: float = 0.0,
    max_gap: float = 0.0, min_period: float = 0.0, detrend: float = 0.0, clip: float = 0.0, band: str | None = None,
) -> Rotation:
    """Rotation period of a spotted star from the peaks of its autocorrelation on a regular grid.

    Of the first two peaks the higher is the period: a star with spots on opposite sides repeats itself after half a turn, less well.
    Zeros stand for: cadence, the median spacing; max_lag, half of the span; smoothing, 18 lags (full width), at most a hundredth of the
    lags; max_gap, 3 cadences (longer gaps are not bridged); detrend, none (else a running median of so many days is taken off); clip,
    none (else points beyond so many robust sigmas go).

    Raises InputError: unusable series, values that do not vary, a grid too large.
    Source: McQuillan, Aigrain & Mazeh 2013, MNRAS 432, 1203.

    >>> import numpy, orrery
    >>> t = numpy.arange(0.0, 200.0, 0.25)
    >>> spots = numpy.maximum(0, numpy.cos(2 * numpy.pi * t / 12)) + 0.7 * numpy.maximum(0, -numpy.cos(2 * numpy.pi * t / 12))
    >>> found = orrery.rotation_period(t, 1 - 0.01 * spots)
    >>> round(found.period, 1), found.second_chosen
    (12.0, True)
    """
    c = columns_of("rotation_period", t, y, None, band)
    return Rotation(**_engine.rotation_period(c["t"], c["y"], cadence, max_lag, smoothing, max_gap, min_period, detrend, clip))


@dataclass(frozen=True, repr=False)
class WaveletMap:
    """A map over frequency (rows) and time (columns). Made by `orrery.weighted_wavelet`."""

    frequency: Floats
    """(F,) [1/day]"""
    time: Floats
    """(T,) [day]"""
    z: Floats
    """(F, T) weighted wavelet Z; 0 where fewer than 3 points count."""
    amplitude: Floats
    """(F, T)"""
    effective: Floats
    """(F, T) effective number of points"""

    @property
    def ridge(self) -> Floats:
        """(T,) the frequency of the highest Z at each time."""
        return self.frequency[np.argmax(self.z, axis=0)]

    def __repr__(self) -> str:
        return f"<WaveletMap: {self.z.shape[0]} frequencies, {self.z.shape[1]} times, highest Z {self.z.max(initial=0.0):.4g}>"


def weighted_wavelet(
    t: Series | ArrayLike, y: ArrayLike | None = None, dy: ArrayLike | None = None, *, frequency: ArrayLike, time: ArrayLike | None = None,
    decay: float = 0.0125, band: str | None = None, threads: int = 0,
) -> WaveletMap:
    """Weighted wavelet Z-transform: which frequency is there when, in a series with gaps.

    frequency (F,) [1/day]; time (T,) [day], by default 100 over the span; decay: of the window exp(-decay (2 pi f dt)^2), smaller sees more
    cycles. Raises InputError: unusable series, frequencies not > 0, a map of more than 2e8 places.
    Source: Foster 1996, AJ 112, 1709.

    >>> import numpy, orrery
    >>> t = numpy.sort(numpy.random.default_rng(1).uniform(0, 100, 500))
    >>> y = numpy.sin(2 * numpy.pi * (0.3 * t + 0.001 * t**2))
    >>> ridge = orrery.weighted_wavelet(t, y, frequency=numpy.linspace(0.2, 0.6, 81), time=[25.0, 75.0]).ridge
    >>> bool(abs(ridge[0] - 0.35) < 0.03), bool(abs(ridge[1] - 0.45) < 0.03)
    (True, True)
    """
    where = "weighted_wavelet"
    c = columns_of(where, t, y, dy, band)
    times = c["t"]
    assert times is not None
    f = column(frequency, "frequency", where)
    tau = np.linspace(times.min(), times.max(), 100) if time is None else column(time, "time", where)
    found = _engine.weighted_wavelet(times, c["y"], c["sigma"], f, tau, decay, threads)
    return WaveletMap(f, tau, *(found[k].reshape(len(f), len(tau)) for k in ("z", "amplitude", "effective")))
