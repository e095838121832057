"""Lomb-Scargle of many stars in one call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _engine
from ._columns import Floats, column, refuse
from ._engine import FrequencyGrid
from ._period import Normalization
from ._series import Series

_WHERE = "lomb_scargle_batch"
Star = Series | Sequence[Any]


class BatchPeriodogram:
    """Power and peaks of many stars. Made by `orrery.lomb_scargle_batch`."""

    def __init__(self, grids: list[FrequencyGrid], offset: NDArray[np.int64], power: Floats, peaks: tuple[Floats, Floats]) -> None:
        self._offset = offset
        self._power = power
        self.grids: list[FrequencyGrid] = grids
        """The one grid of all stars, or one a star."""
        self.peak_frequency: Floats = peaks[0]
        """Frequency of each star's highest peaks (S, peaks) [1/day], highest first; NaN where there are fewer."""
        self.peak_power: Floats = peaks[1]
        """Their power (S, peaks)."""

    @property
    def peak_period(self) -> Floats:
        """Periods of each star's highest peaks (S, peaks) [day]."""
        return 1.0 / self.peak_frequency

    def power(self, star: int) -> Floats:
        """Power of one star at its trial frequencies (F,). Raises InputError when powers were not kept."""
        if not len(self._power) and len(self):
            raise refuse(_WHERE, "the powers were not kept: ask for keep_power=True")
        if not -len(self) <= star < len(self):
            raise IndexError(f"star {star} of {len(self)}")
        star %= len(self)
        return self._power[self._offset[star]:self._offset[star + 1]]

    def frequency(self, star: int = 0) -> Floats:
        """Trial frequencies of one star (F,) [1/day]."""
        return self.grids[0 if len(self.grids) == 1 else star].values()

    def __len__(self) -> int:
        return len(self._offset) - 1

    def __repr__(self) -> str:
        kept = "powers kept" if len(self._power) else "powers not kept"
        return f"<BatchPeriodogram: {len(self)} stars, {self.peak_frequency.shape[1]} peaks each, {kept}>"


def lomb_scargle_batch(
    stars: Iterable[Star],
    *,
    frequency: FrequencyGrid | Sequence[FrequencyGrid],
    harmonics: int = 1,
    fit_mean: bool = True,
    normalization: Normalization = "standard",
    peaks: int = 1,
    keep_power: bool = True,
    max_bytes: float = 4 * 2.0**30,
    threads: int = 0,
) -> BatchPeriodogram:
    """`lomb_scargle(method='fast')` of every star, in one call of the engine with threads over the stars.

    stars: Series of one band, or (t, y) or (t, y, dy) each, of any lengths; all with errors or all without.
    frequency: a FrequencyGrid for all stars, or one a star. peaks: how many of the highest maxima of each star to give, no two closer
    than one over its span. keep_power=False keeps nothing else, so memory does not grow with the grids.

    Raises InputError: the first star that cannot be used, by its number; kept powers above max_bytes.

    >>> import numpy, orrery
    >>> t = numpy.linspace(0.0, 20.0, 90) ** 1.1
    >>> stars = [(t, numpy.sin(2 * numpy.pi * t / period)) for period in (1.7, 2.5)]
    >>> found = orrery.lomb_scargle_batch(stars, frequency=orrery.FrequencyGrid(0.2, 0.002, 400), keep_power=False)
    >>> found.peak_period[:, 0].round(2)
    array([1.7, 2.5])
    """
    grids = [frequency] if isinstance(frequency, FrequencyGrid) else list(frequency)
    if not all(isinstance(grid, FrequencyGrid) for grid in grids):
        raise refuse(_WHERE, "expected frequency to be a FrequencyGrid, or one a star")
    columns: list[list[Floats | None]] = [_columns(star, i) for i, star in enumerate(stars)]
    with_errors = {c[2] is not None for c in columns}
    if len(with_errors) > 1:
        raise refuse(_WHERE, "expected all stars with errors or all without")
    t, y, sigma = (_joined([c[k] for c in columns]) for k in range(3))
    offset = np.concatenate([[0], np.cumsum([len(c[0]) for c in columns], dtype=np.int64)]).astype(np.int64)
    begin, power, places, heights = _engine.lomb_scargle_batch(t, y, sigma if True in with_errors else None, offset, grids, harmonics,
        fit_mean,
                                                              normalization, keep_power, peaks, max_bytes, threads)
    shape = (len(columns), max(peaks, 0))
    return BatchPeriodogram(grids, begin if keep_power else np.zeros(len(columns) + 1, np.int64), power,
                            (places.reshape(shape), heights.reshape(shape)))


def _columns(star: Star, number: int) -> list[Floats | None]:
    where = f"{_WHERE}, star {number}"
    if isinstance(star, Series):
        if len(star.band_names) > 1:
            raise refuse(where, "expected a series of one band: select_band")
        return [star.t, star.y, star.sigma]
    if not 2 <= len(star) <= 3:
        raise refuse(where, f"expected (t, y) or (t, y, dy), got {len(star)} columns")
    out: list[Floats | None] = [None if c is None else column(c, name, where) for c, name in zip(star, ("t", "y", "dy"))]
    if any(c is not None and out[0] is not None and len(c) != len(out[0]) for c in out[1:]):
        raise refuse(where, "expected columns of one length")
    return out + [None] * (3 - len(out))


def _joined(parts: Sequence[ArrayLike | None]) -> Floats:
    present = [np.asarray(part) for part in parts if part is not None]
    return np.concatenate(present) if present else np.zeros(0)
