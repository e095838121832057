"""The Lomb-Scargle periodogram."""

from __future__ import annotations

from numpy.typing import ArrayLike

from . import _engine
from ._columns import refuse
from ._engine import FrequencyGrid
from ._period import METHODS, Method, Normalization, Periodogram
from ._series import Series
from ._series_args import columns_of
from ._trial import regular, trial_frequencies, values_of

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
    trial = trial_frequencies(_WHERE, columns["t"], frequency, (min_period, max_period), (min_frequency, max_frequency), oversampling,
                              nyquist_factor)
    even = None if method == "exact" else regular(trial, columns["t"])
    if method == "fast" and even is None:
        raise refuse(_WHERE, "expected regularly spaced frequencies for method 'fast', got an uneven array: "
                             "take 'exact' or a FrequencyGrid")
    settings = {"harmonics": harmonics, "fit_mean": fit_mean, "normalization": normalization}
    data = (columns["t"], columns["y"], columns["sigma"])
    if even is not None:
        power = _engine.lomb_scargle_fast(*data, even, **settings, threads=threads)
        return Periodogram(columns, trial, power, settings, "fast")
    power = _engine.lomb_scargle(*data, values_of(trial), **settings, threads=threads)
    return Periodogram(columns, trial, power, settings, "exact")
