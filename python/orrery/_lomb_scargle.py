"""The Lomb-Scargle periodogram."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from . import _engine
from ._columns import Floats, column, refuse
from ._engine import FrequencyGrid
from ._period import METHODS, Method, Normalization, Periodogram
from ._series import Series
from ._series_args import columns_of

_WHERE = "lomb_scargle"


def lomb_scargle(
    t: Series | ArrayLike,
    y: ArrayLike | None = None,
    dy: ArrayLike | None = None,
    *,
    frequency: FrequencyGrid | ArrayLike | None = None,
    min_period: float | None = None,
    max_period: float | None = None,
    min_frequency: float | None = None,
    max_frequency: float | None = None,
    oversampling: float = 5.0,
    nyquist_factor: float = 5.0,
    harmonics: int = 1,
    fit_mean: bool = True,
    normalization: Normalization = "standard",
    band: str | None = None,
    method: Method = "auto",
    threads: int = 0,
) -> Periodogram:
    """Fraction of the weighted variance that a sinusoid with `harmonics` harmonics removes, at each trial frequency.

    t is a Series, or times (N,) [day] with values y (N,) and errors dy (N,) or None; contiguous float64 arrays are not copied.
    Of a series with several bands `band` names one, or 'all' to take them as if they were one.

    Trial frequencies: `frequency`, a FrequencyGrid or an array (F,) [1/day]; or a regular grid with `oversampling` points across a
    peak between the limits given as periods [day] or frequencies [1/day], by default from half a step to `nyquist_factor` times
    the mean Nyquist frequency N / (2 T).

    normalization, with p the fraction: 'standard' p; 'model' p / (1 - p); 'log' -ln(1 - p); 'psd' p times chi2 of the constant / 2.
    method: 'exact' sums directly, N F operations, any frequencies; 'fast' agrees with it to 1e-9 and wants a regular grid; 'auto'
    takes the fast one where it can. threads: at most so many, 0 for all cores; the power does not depend on it.

    Raises InputError: columns of unequal lengths, N <= 2 harmonics + 1, values that are not finite, dy <= 0, harmonics outside
    1 to 8, a word that is not one of those above.
    Source: Zechmeister & Kuerster 2009, A&A 496, 577, eqs. 4-5; several harmonics: Palmer 2009, ApJ 695, 496.

    >>> import numpy, orrery
    >>> t = numpy.linspace(0.0, 20.0, 90) ** 1.1
    >>> round(orrery.lomb_scargle(t, numpy.sin(2 * numpy.pi * t / 1.7), min_period=1.0, max_period=3.0).period, 6)
    1.7
    """
    if method not in METHODS:
        raise refuse(_WHERE, f"expected method to be one of 'auto', 'exact', 'fast', got {method!r}")
    columns = columns_of(_WHERE, t, y, dy, band)
    trial: FrequencyGrid | Floats
    if frequency is None:
        trial = _grid(columns["t"], (min_period, max_period), (min_frequency, max_frequency), oversampling, nyquist_factor)
    elif any(limit is not None for limit in (min_period, max_period, min_frequency, max_frequency)):
        raise refuse(_WHERE, "expected frequency or limits, got both")
    else:
        trial = frequency if isinstance(frequency, FrequencyGrid) else column(frequency, "frequency", _WHERE)
    regular = trial if isinstance(trial, FrequencyGrid) else None
    if method != "exact" and regular is None:
        regular = _regular(trial, columns["t"])
        if method == "fast" and regular is None:
            raise refuse(_WHERE, "expected regularly spaced frequencies for method 'fast', got an uneven array: take 'exact' or a FrequencyGrid")
    settings = {"harmonics": harmonics, "fit_mean": fit_mean, "normalization": normalization}
    data = (columns["t"], columns["y"], columns["sigma"])
    if method != "exact" and regular is not None:
        power = _engine.lomb_scargle_fast(*data, regular, **settings, threads=threads)
        return Periodogram(columns, trial, power, settings, "fast")
    values = trial.values() if isinstance(trial, FrequencyGrid) else trial
    power = _engine.lomb_scargle(*data, values, **settings, threads=threads)
    return Periodogram(columns, trial, power, settings, "exact")


def _grid(
    t: Floats, periods: tuple[float | None, float | None], frequencies: tuple[float | None, float | None], oversampling: float,
    nyquist_factor: float,
) -> FrequencyGrid:
    """The regular grid between limits, each given as a period or as a frequency or not at all."""
    (min_period, max_period), (low, high) = periods, frequencies
    if (min_period is not None and high is not None) or (max_period is not None and low is not None):
        raise refuse(_WHERE, "expected each end of the range once, got it as a period and as a frequency")
    for name, period in (("min_period", min_period), ("max_period", max_period)):
        if period is not None and not (period > 0 and np.isfinite(period)):
            raise refuse(_WHERE, f"expected a finite {name} > 0, got {period!r}")
    low = 1.0 / max_period if max_period is not None else low
    high = 1.0 / min_period if min_period is not None else high
    return _engine.frequency_grid(t, low, high, oversampling, nyquist_factor)


def _regular(frequency: Floats, t: Floats) -> FrequencyGrid | None:
    """The grid that an array of frequencies is: equal within rounding, or so near that no phase differs by more than 1e-10 cycles."""
    if len(frequency) < 2 or not len(t) or not frequency[0] > 0 or not frequency[-1] > frequency[0]:
        return None
    step = (frequency[-1] - frequency[0]) / (len(frequency) - 1)
    with np.errstate(over="ignore", invalid="ignore"):
        off = np.max(np.abs(frequency - (frequency[0] + step * np.arange(len(frequency)))))
        if not (off * np.ptp(t) < 1e-10 or off <= 4 * np.spacing(frequency[-1])):
            return None
    return FrequencyGrid(float(frequency[0]), float(step), len(frequency))
