"""Light curves without their slow trends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _engine
from ._columns import Floats, column, refuse
from ._series import Series
from ._series_args import columns_of

_WHERE = "flatten"
DetrendMethod = Literal["biweight", "andrewsinewave", "welsch", "hodges", "median", "mean", "trim_mean", "winsorize", "hampelfilt", "huber_psi",
                        "tau", "huber", "hampel", "ramsay", "savgol", "lowess", "rspline"]


@dataclass(frozen=True)
class Flattened:
    """A series without its trend. Made by `orrery.flatten`."""

    flat: Floats
    """y / trend, or y - trend (N,) or (R, N); NaN where there is no trend."""
    trend: Floats
    """(N,) or (R, N), in the unit of y."""
    pieces: int
    """Pieces between gaps (of the first row)."""
    without_trend: int
    """Finite points that got no trend: cut edges, empty windows, pieces too short."""
    not_positive: int
    """Points whose trend is not positive: a ratio means nothing there."""


def flatten(
    t: Series | ArrayLike,
    y: ArrayLike | None = None,
    *,
    window: float,
    method: DetrendMethod = "biweight",
    mask: ArrayLike | None = None,
    break_tolerance: float | None = None,
    edge_cutoff: float = 0.0,
    tuning: float | None = None,
    removal: Literal["ratio", "difference"] | None = None,
    missing: Literal["refuse", "skip"] = "refuse",
    band: str | None = None,
    threads: int = 0,
) -> Flattened:
    """Takes the slow trend of a star off, by a window that slides in time, and keeps dips shorter than a third of it.

    t is a Series, or times (N,) in any order with values y (N,), or (R, N): many series seen at the same times. window: full width
    [unit of t]; for 'savgol' a number of points. mask (N,): True where a point is not used for the trend, a known transit;
    break_tolerance: a longer gap begins a new piece (default window / 2; 0: never); edge_cutoff: no trend this close to the ends of a
    piece; tuning: the constant c of the method (default: its own). removal: 'ratio' y / trend or 'difference' y - trend (default:
    difference for a Series of magnitudes, else ratio). missing='skip' leaves out values that are not finite: their trend is NaN.

    Raises InputError: unequal lengths, values that are not finite, window not > 0, unknown method.
    Source: Hippke, David, Mulders & Heller 2019, AJ 158, 143. Defaults and windows are those of wotan.

    >>> import numpy, orrery
    >>> t = numpy.arange(0.0, 20.0, 0.02)
    >>> flux = (1.0 + 0.02 * numpy.sin(t)) * (1.0 - 0.01 * (numpy.abs(t - 9.0) < 0.1))
    >>> out = orrery.flatten(t, flux, window=0.9, mask=numpy.abs(t - 9.0) < 0.1)
    >>> round(float(out.flat[450]), 3), round(float(out.flat[600]), 3)
    (0.99, 1.0)
    """
    rows = y is not None and np.ndim(y) == 2
    if rows:
        times = column(t, "t", _WHERE)  # type: ignore[arg-type]
        values = np.asarray(y, dtype=np.float64)
    else:
        columns = columns_of(_WHERE, t, y, None, band)
        times, values = columns["t"], columns["y"]  # type: ignore[assignment]
    if removal is None:
        removal = "difference" if isinstance(t, Series) and t.quantity == "magnitude" else "ratio"
    settings = (_mask(mask, len(times)), method, float(window), break_tolerance, edge_cutoff, tuning, removal, missing, threads)
    if not rows:
        return Flattened(*_engine.flatten(times, values, *settings))
    found = _engine.flatten_rows(times, values, *settings)
    if not found:
        return Flattened(np.empty((0, len(times))), np.empty((0, len(times))), 0, 0, 0)
    return Flattened(np.stack([f[0] for f in found]), np.stack([f[1] for f in found]), found[0][2], sum(f[3] for f in found),
                     sum(f[4] for f in found))


def _mask(mask: ArrayLike | None, n: int) -> NDArray[np.uint8] | None:
    if mask is None:
        return None
    array = np.asarray(mask)
    if array.shape != (n,):
        raise refuse(_WHERE, f"expected mask with shape ({n},), got {array.shape}")
    return np.ascontiguousarray(array.astype(bool), dtype=np.uint8)
