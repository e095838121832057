"""Periodograms."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from . import _engine
from ._columns import Floats, column, refuse, unmasked
from ._engine import FrequencyGrid
from ._series import Series, _quoted

Normalization = Literal["standard", "model", "log", "psd"]


class Periodogram:
    """A periodogram and the series it belongs to. Made by `orrery.lomb_scargle`."""

    def __init__(self, columns: dict[str, Floats | None], frequency: FrequencyGrid | Floats, power: Floats) -> None:
        self._columns = columns
        self._grid = frequency
        self._frequency: Floats | None = None
        self.power: Floats = power
        """Power (F,)."""

    @property
    def frequency(self) -> Floats:
        """Trial frequencies (F,) [1/day]."""
        if self._frequency is None:
            self._frequency = self._grid.values() if isinstance(self._grid, FrequencyGrid) else self._grid
        return self._frequency


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
    center_data: bool = True,
    normalization: Normalization = "standard",
    band: str | None = None,
    threads: int = 0,
) -> Periodogram:
    """Fraction of the weighted variance that a sinusoid with `harmonics` harmonics removes, at each frequency.

    >>> import numpy, orrery
    >>> t = numpy.linspace(0.0, 20.0, 90) ** 1.1
    >>> power = orrery.lomb_scargle(t, numpy.sin(2 * numpy.pi * t / 1.7), min_period=1.0, max_period=3.0).power
    >>> float(power.max()) > 0.99
    True
    """
    columns = _series_columns(t, y, dy, band)
    trial = _trial_frequencies(columns["t"], frequency, min_period, max_period, min_frequency, max_frequency, oversampling, nyquist_factor)
    frequencies = trial.values() if isinstance(trial, FrequencyGrid) else trial
    power = _engine.lomb_scargle(columns["t"], columns["y"], columns["sigma"], frequencies, harmonics, fit_mean, center_data, normalization,
                                 threads)
    return Periodogram(columns, trial, power)


def _series_columns(t: Series | ArrayLike, y: ArrayLike | None, dy: ArrayLike | None, band: str | None) -> dict[str, Floats | None]:
    """t, y, sigma as the engine takes them, from a series (one band of it) or from arrays."""
    where = "lomb_scargle"
    if not isinstance(t, Series):
        if y is None:
            raise refuse(where, "expected a Series, or times and values; got times alone")
        if band is not None:
            raise refuse(where, "expected a Series when band is given, got arrays")
        return unmasked(where, t=t, y=y, sigma=dy)[0]
    if y is not None or dy is not None:
        raise refuse(where, "expected a Series alone or arrays alone, got both")
    if band is not None and band != "all":
        t = t.select_band(band)
    elif band is None and len(t.band_names) > 1:
        raise refuse(where, f"expected band to be one of {_quoted(t.band_names)} or 'all', because the series has {len(t.band_names)} bands")
    return {"t": t.t, "y": t.y, "sigma": t.sigma}


def _trial_frequencies(
    t: Floats,
    frequency: FrequencyGrid | ArrayLike | None,
    min_period: float | None,
    max_period: float | None,
    min_frequency: float | None,
    max_frequency: float | None,
    oversampling: float,
    nyquist_factor: float,
) -> FrequencyGrid | Floats:
    """What `frequency` says, or the grid between the limits given."""
    where = "lomb_scargle"
    limits = (min_period, max_period, min_frequency, max_frequency)
    if frequency is not None:
        if any(limit is not None for limit in limits):
            raise refuse(where, "expected frequency or limits, got both")
        return frequency if isinstance(frequency, FrequencyGrid) else column(frequency, "frequency", where)
    if (min_period is not None and max_frequency is not None) or (max_period is not None and min_frequency is not None):
        raise refuse(where, "expected each end of the range once, got it as a period and as a frequency")
    for name, period in (("min_period", min_period), ("max_period", max_period)):
        if period is not None and not (period > 0 and np.isfinite(period)):
            raise refuse(where, f"expected a finite {name} > 0, got {period!r}")
    low = 1.0 / max_period if max_period is not None else min_frequency
    high = 1.0 / min_period if min_period is not None else max_frequency
    return _engine.frequency_grid(t, low, high, oversampling, nyquist_factor)
