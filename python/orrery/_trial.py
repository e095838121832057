"""Trial frequencies: a grid or an array that was given, or the grid between limits."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from . import _engine
from ._columns import Floats, column, refuse
from ._engine import FrequencyGrid

Pair = tuple[float | None, float | None]


def trial_frequencies(
    where: str, t: Floats, frequency: FrequencyGrid | ArrayLike | None, periods: Pair, frequencies: Pair, oversampling: float,
        nyquist_factor: float
) -> FrequencyGrid | Floats:
    """What to try: `frequency` as it is, or the regular grid between limits given as (min, max) periods or frequencies."""
    if frequency is None:
        return _grid(where, t, periods, frequencies, oversampling, nyquist_factor)
    if any(limit is not None for limit in periods + frequencies):
        raise refuse(where, "expected frequency or limits, got both")
    return frequency if isinstance(frequency, FrequencyGrid) else column(frequency, "frequency", where)


def _grid(where: str, t: Floats, periods: Pair, frequencies: Pair, oversampling: float, nyquist_factor: float) -> FrequencyGrid:
    """The regular grid between limits, each given as a period or as a frequency or not at all."""
    (min_period, max_period), (low, high) = periods, frequencies
    if (min_period is not None and high is not None) or (max_period is not None and low is not None):
        raise refuse(where, "expected each end of the range once, got it as a period and as a frequency")
    for name, period in (("min_period", min_period), ("max_period", max_period)):
        if period is not None and not (period > 0 and np.isfinite(period)):
            raise refuse(where, f"expected a finite {name} > 0, got {period!r}")
    low = 1.0 / max_period if max_period is not None else low
    high = 1.0 / min_period if min_period is not None else high
    return _engine.frequency_grid(t, low, high, oversampling, nyquist_factor)


def regular(frequency: FrequencyGrid | Floats, t: Floats) -> FrequencyGrid | None:
    """The grid that an array of frequencies is: equal within rounding, or so near that no phase differs by more than 1e-10 cycles."""
    if isinstance(frequency, FrequencyGrid):
        return frequency
    if len(frequency) < 2 or not len(t) or not frequency[0] > 0 or not frequency[-1] > frequency[0]:
        return None
    step = (frequency[-1] - frequency[0]) / (len(frequency) - 1)
    with np.errstate(over="ignore", invalid="ignore"):
        off = np.max(np.abs(frequency - (frequency[0] + step * np.arange(len(frequency)))))
        if not (off * np.ptp(t) < 1e-10 or off <= 4 * np.spacing(frequency[-1])):
            return None
    return FrequencyGrid(float(frequency[0]), float(step), len(frequency))


def values_of(trial: FrequencyGrid | Floats) -> Floats:
    """All the frequencies (F,) [1/day]."""
    return trial.values() if isinstance(trial, FrequencyGrid) else trial
