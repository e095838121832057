"""What a method takes as its series: a Series (of one band, or all), or arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from . import _engine
from ._columns import Floats, refuse, unmasked
from ._series import Series, quoted


def columns_of(where: str, t: Series | ArrayLike, y: ArrayLike | None, dy: ArrayLike | None, band: str | None) -> dict[str, Floats | None]:
    """t, y, sigma as the engine takes them; a series of several bands must say which, because their values cannot be mixed unseen."""
    if not isinstance(t, Series):
        if y is None:
            raise refuse(where, "expected a Series, or times and values; got times alone")
        if band is not None:
            raise refuse(where, "expected a Series when band is given, got arrays")
        return unmasked(where, t=t, y=y, sigma=dy)[0]
    _refuse_both(where, y, dy)
    if band is None and len(t.band_names) > 1:
        raise refuse(where, f"expected band to be one of {quoted(t.band_names)} or 'all', because the series has {len(t.band_names)} bands")
    if band is not None and band != "all":
        t = t.select_band(band)
    return {"t": t.t, "y": t.y, "sigma": t.sigma}


def engine_series(where: str, t: Series | ArrayLike, y: ArrayLike | None, dy: ArrayLike | None, band: str | None) -> Any:
    """The same as the engine's own series, with all its bands when none is asked for."""
    if isinstance(t, Series):
        _refuse_both(where, y, dy)
        return (t if band is None or band == "all" else t.select_band(band))._engine
    return series_of(columns_of(where, t, y, dy, band))


def series_of(columns: dict[str, Floats | None]) -> _engine.Series:
    """A series of the engine's own from columns in any order."""
    t = columns["t"]
    if not np.all(t[1:] >= t[:-1]):
        order = np.argsort(t, kind="stable")
        columns = {name: None if values is None else values[order] for name, values in columns.items()}
    return _engine.series(columns["t"], columns["y"], columns["sigma"], None, [], "", "", "other")


def _refuse_both(where: str, y: ArrayLike | None, dy: ArrayLike | None) -> None:
    if y is not None or dy is not None:
        raise refuse(where, "expected a Series alone or arrays alone, got both")


Columns = tuple[Any, Any, Any]


def is_constant(data: Columns) -> bool:
    """All values are the same."""
    return len(data[1]) > 1 and bool(np.all(data[1] == data[1][0]))


def require_variation(where: str, data: Columns) -> None:
    """Refuses columns (t, y, sigma) whose values are all the same: they have no period."""
    if is_constant(data):
        raise refuse(where, f"the series is constant and has no period: all {len(data[1])} values are {data[1][0]:g}")


def period_warnings(data: Columns, period: float) -> list[str]:
    """What sampling and span say against a period."""
    return _engine.period_cautions(series_of({"t": data[0], "y": data[1], "sigma": data[2]}), period)
