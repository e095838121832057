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
from ._series_args import columns_of, is_constant, require_variation

_WHERE = "box_least_squares"
BoxObjective = Literal["likelihood", "snr"]
BoxMethod = Literal["auto", "brute", "ffa", "sparse"]


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

    def __init__(self, columns: dict[str, Floats | None], period: Floats, found: dict[str, Any], refine: bool = False) -> None:
        self._refine = refine
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
        self.method: str = found["method"]
        """How the boxes were looked for: 'brute', 'ffa' or 'sparse'."""
        self.reason: str = found["reason"]
        """Why in this way."""
        self.exact: NDArray[np.int64] = found["exact"]
        """After 'ffa': positions of the highest peaks, whose numbers are those of every point; the best is one of them. Else empty: all are."""
        self.warnings: list[str] = found["warnings"]
        """What may make the answer worth less."""

    @cached_property
    def best(self) -> Transit:
        """The box with the highest objective; when the periods were not given, the best one between it and its neighbours, as the grid of a
        search lets a transit drift by nearly its own length. Raises InputError when no period has any, or all values are the same."""
        require_variation(_WHERE, self._data)
        if not len(self.objective) or not np.isfinite(self.objective.max()):
            raise refuse(_WHERE, "no trial period has a box with points inside and outside")
        k = int(np.argmax(self.objective))
        columns = (self.period, self.duration, self.transit_time, self.depth, self.depth_error, self.depth_snr, self.log_likelihood)
        coarse = Transit(*(float(c[k]) for c in columns))
        return self._finer(coarse) if self._refine else coarse

    def _finer(self, coarse: Transit) -> Transit:
        """The box again at periods so close that a transit at the end of the span moves by a fiftieth of itself."""
        t, y, sigma = self._data
        assert t is not None
        step = 0.02 * coarse.duration * coarse.period / float(np.ptp(t))
        period = coarse.period + step * np.arange(-75.0, 76.0)
        if not period[0] > coarse.duration:
            return coarse
        found = _engine.box_search(t, y, sigma, np.array([coarse.duration]), 0.0, period, "brute", None, None, 1.0, "likelihood", 10, 1)
        k = int(np.argmax(found["objective"]))
        names = ("period", "duration", "transit_time", "depth", "depth_error", "depth_snr", "log_likelihood")
        finer = Transit(*(float(found[name][k]) for name in names))
        return finer if finer.log_likelihood > coarse.log_likelihood else coarse

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
        if is_constant(self._data):
            return f"BoxPeriodogram of {len(self.period)} periods: all {len(self._data[0])} values are the same, no transit"
        b = self.best
        return (f"BoxPeriodogram of {len(self.period)} periods ({self.method}): {b.period:.6g} day, depth {b.depth:.4g} +- {b.depth_error:.2g}, "
                f"duration {b.duration:.3g} day, snr {b.depth_snr:.1f}")


def box_least_squares(
    t: Series | ArrayLike,
    y: ArrayLike | None = None,
    dy: ArrayLike | None = None,
    *,
    duration: ArrayLike | None = None,
    period: ArrayLike | None = None,
    method: BoxMethod = "auto",
    grid: Literal["kepler", "box"] = "kepler",
    min_period: float | None = None,
    max_period: float | None = None,
    min_transits: float = 3.0,
    frequency_factor: float = 1.0,
    star_radius: float = 1.0,
    star_mass: float = 1.0,
    objective: BoxObjective = "likelihood",
    oversample: int = 10,
    band: str | None = None,
    threads: int = 0,
) -> BoxPeriodogram:
    """Box least squares: the box-shaped dip that explains a folded flux best, at each trial period.

    t is a Series, or times (N,) [day] with fluxes y (N,) and errors dy (N,) or None. duration: one or several [day]; None: those of
    transits on circular orbits around a star of star_radius and star_mass [solar], give or take a factor three in density and up to an
    impact of 0.85, growing as period^(1/3).
    period: trial periods (P,) [day]. Else grid 'kepler': from min_period (an orbit at three stellar radii, or twice the longest duration)
    to max_period (the longest with min_transits in the span), in steps that move the phase at the end of the span by a share of the
    shortest duration at that period; or 'box': equal steps of frequency, frequency_factor * min(duration) / span^2, which are many more
    and need durations.
    method: 'brute' folds every point at every period, with the bins, boxes and numbers of astropy's BoxLeastSquares (its fast method);
    'ffa' is fast folding, with periods of its own, the highest peaks searched again point by point; 'sparse' needs no bins, for few
    points; 'auto' takes one by the number of points and the work. Which and why: the result's method and reason.
    objective: 'likelihood' or 'snr' of the depth. oversample: bins across the shortest duration.

    Raises InputError: columns of unequal lengths, values that are not finite, dy <= 0, durations longer than the shortest period, a grid
    of more than 5e7 periods or more than fits into memory.
    Source: Kovacs, Zucker & Mazeh 2002, A&A 391, 369; fast folding: Shahaf et al. 2022, MNRAS 513, 2732; sparse: Panahi & Zucker 2021,
    PASP 133, 024502; grid and durations: Ofir 2014, A&A 561, A138.

    >>> import numpy, orrery
    >>> t = numpy.arange(0.0, 40.0, 0.02)
    >>> flux = 1.0 - 0.01 * ((t - 1.0) % 2.5 < 0.12)
    >>> found = orrery.box_least_squares(t, flux)
    >>> round(found.best.period, 2)
    2.5
    >>> found.method
    'brute'
    """
    columns = columns_of(_WHERE, t, y, dy, band)
    times = columns["t"]
    assert times is not None
    if duration is None:
        durations, exponent = _engine.keplerian_durations(star_radius, star_mass, 3.0, 0.85, 1.3)
    else:
        durations, exponent = column(np.atleast_1d(duration), "duration", _WHERE), 0.0
    trial = None
    if period is not None:
        if min_period is not None or max_period is not None:
            raise refuse(_WHERE, "expected period or limits, got both")
        trial = column(np.atleast_1d(period), "period", _WHERE)
        if not len(trial):
            raise refuse(_WHERE, "expected at least one period, got none")
    elif grid == "box":
        if duration is None:
            raise refuse(_WHERE, "expected durations with grid='box', got none")
        trial = _engine.box_period_grid(times, durations, min_period, max_period, min_transits, frequency_factor)
        min_period = max_period = None
    elif grid != "kepler":
        raise refuse(_WHERE, f"expected grid 'kepler' or 'box', got {grid!r}")
    found = _engine.box_search(
        times, columns["y"], columns["sigma"], durations, exponent, trial, method, min_period, max_period, min_transits, objective,
            oversample, threads)
    return BoxPeriodogram(columns, found["period"], found, refine=period is None)
