"""Searches for transits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _engine
from ._columns import Floats, column, refuse
from ._series import Series
from ._series_args import columns_of

_WHERE = "box_least_squares"
BoxObjective = Literal["likelihood", "snr"]


@dataclass(frozen=True)
class Transit:
    """A box at one period: the best one found there."""

    period: float
    """[day]"""
    duration: float
    """[day]"""
    transit_time: float
    """Middle of a transit [day]."""
    depth: float
    """Mean outside minus mean inside [unit of y]."""
    depth_error: float
    """One sigma."""
    depth_snr: float
    """depth / depth_error."""
    log_likelihood: float
    """Half the fall of chi2 that the box brings."""


class BoxPeriodogram:
    """The best box at each trial period. Made by `orrery.box_least_squares`."""

    def __init__(self, columns: dict[str, Floats | None], period: Floats, found: dict[str, Any]) -> None:
        self._data = (columns["t"], columns["y"], columns["sigma"])
        self.period: Floats = period
        """Trial periods (P,) [day]."""
        self.objective: Floats = found["objective"]
        """What was made largest (P,); -inf where no box is possible."""
        self.power: Floats = self.objective
        """Another name of objective."""
        self.depth: Floats = found["depth"]
        """(P,) [unit of y]"""
        self.depth_error: Floats = found["depth_error"]
        """(P,)"""
        self.duration: Floats = found["duration"]
        """(P,) [day]"""
        self.transit_time: Floats = found["transit_time"]
        """Middle of a transit (P,) [day]."""
        self.depth_snr: Floats = found["depth_snr"]
        """(P,)"""
        self.log_likelihood: Floats = found["log_likelihood"]
        """(P,)"""

    @cached_property
    def best(self) -> Transit:
        """The box with the highest objective. Raises InputError when no period has any."""
        if not len(self.objective) or not np.isfinite(self.objective.max()):
            raise refuse(_WHERE, "no trial period has a box with points inside and outside")
        k = int(np.argmax(self.objective))
        return Transit(*(float(c[k]) for c in (self.period, self.duration, self.transit_time, self.depth, self.depth_error, self.depth_snr,
                                                self.log_likelihood)))

    def mask(self, t: ArrayLike | None = None, box: Transit | None = None) -> NDArray[np.bool_]:
        """True at the times (default: the series') that lie within a transit of the box (default: the best)."""
        box = box or self.best
        times = self._data[0] if t is None else column(t, "t", _WHERE)
        assert times is not None
        return _engine.transit_mask(times, box.period, box.duration, box.transit_time).astype(bool)

    def statistics(self, box: Transit | None = None) -> dict[str, Any]:
        """What tells a planet from something else, for the box (default: the best): depths (value, error) of all, odd and even transits,
        half way between and at half the period; the sinusoid at the period instead; counts and likelihood transit by transit."""
        box = box or self.best
        return _engine.box_statistics(*self._data, box.period, box.duration, box.transit_time)

    def __repr__(self) -> str:
        if not len(self.objective) or not np.isfinite(self.objective.max()):
            return f"BoxPeriodogram of {len(self.period)} periods: no box"
        b = self.best
        return (f"BoxPeriodogram of {len(self.period)} periods: {b.period:.6g} day, depth {b.depth:.4g} +- {b.depth_error:.2g}, "
                f"duration {b.duration:.3g} day, snr {b.depth_snr:.1f}")


def box_least_squares(
    t: Series | ArrayLike,
    y: ArrayLike | None = None,
    dy: ArrayLike | None = None,
    *,
    duration: ArrayLike = 0.1,
    period: ArrayLike | None = None,
    min_period: float | None = None,
    max_period: float | None = None,
    min_transits: float = 3.0,
    frequency_factor: float = 1.0,
    objective: BoxObjective = "likelihood",
    oversample: int = 10,
    band: str | None = None,
    threads: int = 0,
) -> BoxPeriodogram:
    """Box least squares: the box-shaped dip that explains a folded flux best, at each trial period.

    t is a Series, or times (N,) [day] with fluxes y (N,) and errors dy (N,) or None. duration: one or several [day].
    period: trial periods (P,) [day]; or a grid of equal steps of frequency from min_period (twice the longest duration) to max_period
    (the longest with min_transits in the span), frequency_factor steps of min(duration) / span^2.
    objective: 'likelihood' or 'snr' of the depth. oversample: bins across the shortest duration. Bins, boxes and numbers are those of
    astropy's BoxLeastSquares with the fast method.

    Raises InputError: columns of unequal lengths, values that are not finite, dy <= 0, durations longer than the shortest period, a grid
    of more than 5e7 periods.
    Source: Kovacs, Zucker & Mazeh 2002, A&A 391, 369.

    >>> import numpy, orrery
    >>> t = numpy.arange(0.0, 40.0, 0.02)
    >>> flux = 1.0 - 0.01 * ((t - 1.0) % 2.5 < 0.12)
    >>> round(orrery.box_least_squares(t, flux, duration=[0.1, 0.15]).best.period, 2)
    2.5
    """
    columns = columns_of(_WHERE, t, y, dy, band)
    durations = column(np.atleast_1d(duration), "duration", _WHERE)
    times = columns["t"]
    assert times is not None
    if period is None:
        trial = _engine.box_period_grid(times, durations, min_period, max_period, min_transits, frequency_factor)
    elif min_period is not None or max_period is not None:
        raise refuse(_WHERE, "expected period or limits, got both")
    else:
        trial = column(np.atleast_1d(period), "period", _WHERE)
    found = _engine.box_least_squares(times, columns["y"], columns["sigma"], trial, durations, objective, oversample, threads)
    return BoxPeriodogram(columns, trial, found)
