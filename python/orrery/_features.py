"""Features of light curves: numbers that describe a star."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _engine
from ._columns import Floats, column, refuse, unmasked
from ._series import Series

_SETS = {"light-curve": 1, "fats": 2, "cesium": 4, "all": 7}
FeatureSet = Literal["light-curve", "fats", "cesium", "all"]


@dataclass(frozen=True)
class FeatureInfo:
    """What a feature is."""

    name: str
    unit: str
    """'y' the unit of the values, 't' that of the times, '1', 'y/t', ..."""
    description: str
    sets: tuple[str, ...]
    """The published sets that have it with this formula."""
    min_points: int
    needs_errors: bool


class Features(Mapping[str, float]):
    """Values of features by name. Made by `orrery.features`. NaN where `reason(name)` says why."""

    def __init__(self, names: list[str], units: list[str], values: Floats, errors: Floats | None, reasons: NDArray[np.uint32]) -> None:
        self._place = {name: k for k, name in enumerate(names)}
        self._reasons = reasons
        self.units: dict[str, str] = dict(zip(names, units))
        """Unit of each feature."""
        self.values_array: Floats = values
        """(F,) in the order of the names."""
        self.errors: dict[str, float] | None = None if errors is None else dict(zip(names, errors.tolist()))
        """Standard deviation over resamplings, or None without bootstrap."""

    def __getitem__(self, name: str) -> float:
        return float(self.values_array[self._place[name]])

    def __iter__(self) -> Iterator[str]:
        return iter(self._place)

    def __len__(self) -> int:
        return len(self._place)

    def reason(self, name: str) -> str:
        """Why a value is NaN, or what to mind about it; '' when all is well."""
        return _engine.feature_reason(int(self._reasons[self._place[name]]))

    def __repr__(self) -> str:
        missing = int(np.isnan(self.values_array).sum())
        return f"<Features: {len(self)}{f', {missing} not a number' if missing else ''}>"


@dataclass(frozen=True)
class FeatureTable:
    """Features of many stars. Made by `orrery.features_table`."""

    names: list[str]
    """(F,)"""
    units: list[str]
    """(F,)"""
    values: Floats
    """(stars, F); NaN where `reasons` is not 0."""
    reasons: NDArray[np.uint32]
    """(stars, F)"""

    def __getitem__(self, name: str) -> Floats:
        """The column of a feature (stars,)."""
        return self.values[:, self.names.index(name)]


def feature_names(set: FeatureSet = "all") -> dict[str, FeatureInfo]:
    """All features of one band, in their order: name -> what it is.

    >>> import orrery
    >>> orrery.feature_names("light-curve")["eta_e"].unit
    '1'
    """
    wanted = _set_bits("feature_names", set)
    out = {}
    for name, unit, description, sets, least, errors, _ in _engine.feature_registry():
        if sets & wanted:
            having = tuple(word for word, bit in _SETS.items() if word != "all" and sets & bit)
            out[name] = FeatureInfo(name, unit, description, having, least, errors)
    return out


def features(
    t: Series | ArrayLike,
    y: ArrayLike | None = None,
    dy: ArrayLike | None = None,
    band: ArrayLike | None = None,
    names: Sequence[str] | None = None,
    *,
    set: FeatureSet = "all",
    periodic: bool = True,
    transient: bool = True,
    bootstrap: int = 0,
    seed: int = 1,
    threads: int = 0,
) -> Features:
    """Features of a light curve: the sets of light-curve, FATS and cesium, with their names and formulas.

    t is a Series, or times (N,) in any order with values y, errors dy or None, and band names (N,) or None. names: a chosen subset;
    else all of `set`, without those of a periodogram (periodic=False) or fits of explosions (transient=False). With several bands each
    name is followed by the band, and colours and Stetson's indices of every pair come after. bootstrap: resamplings for the errors.

    Raises InputError: values that are not finite, dy <= 0, no point, an unknown name.
    Source: Malanchev et al. 2021, MNRAS 502, 5147; Nun et al. 2015, arXiv 1506.00010; Richards et al. 2011, ApJ 733, 10.

    >>> import numpy, orrery
    >>> t = numpy.arange(100.0)
    >>> f = orrery.features(t, 15 + numpy.sin(t), names=["amplitude", "chi2"])
    >>> round(f["amplitude"], 3), f["chi2"], f.reason("chi2")
    (1.0, nan, 'no errors')
    """
    settings = (_set_bits("features", set), list(names or []), periodic, transient, bootstrap, seed, threads)
    if isinstance(t, Series):
        if y is not None or dy is not None or band is not None:
            raise refuse("features", "expected a Series alone or arrays alone, got both")
        series = t
    elif band is None:
        if y is None:
            raise refuse("features", "expected a Series, or times and values; got times alone")
        columns = unmasked("features", t=t, y=y, sigma=dy)[0]
        return Features(*_engine.features(columns["t"], columns["y"], columns["sigma"], *settings))
    else:
        series = Series.from_arrays(t, y, dy, band=band)  # type: ignore[arg-type]
    if len(series.band_names) > 1:
        return Features(*_engine.band_features(series._engine, *settings))
    return Features(*_engine.features(series.t, series.y, series.sigma, *settings))


def features_table(
    stars: Sequence[Series | tuple[ArrayLike, ...]],
    names: Sequence[str] | None = None,
    *,
    set: FeatureSet = "all",
    periodic: bool = True,
    transient: bool = True,
    threads: int = 0,
) -> FeatureTable:
    """Features of many stars of one band, threads over stars: each a Series or a tuple (t, y) or (t, y, dy).

    >>> import numpy, orrery
    >>> random = numpy.random.default_rng(0)
    >>> stars = [(numpy.arange(50.0), random.normal(size=50)) for _ in range(3)]
    >>> orrery.features_table(stars, ["mean", "skew"]).values.shape
    (3, 2)
    """
    where = "features_table"
    t, y, sigma = [], [], []
    for k, star in enumerate(stars):
        if isinstance(star, Series):
            if len(star.band_names) > 1:
                raise refuse(where, f"expected stars of one band, got {len(star.band_names)} bands in star {k}: select_band")
            parts: tuple[ArrayLike | None, ...] = (star.t, star.y, star.sigma)
        else:
            parts = tuple(star)
        if len(parts) not in (2, 3):
            raise refuse(where, f"expected (t, y) or (t, y, dy), got {len(parts)} columns in star {k}")
        t.append(column(parts[0], "t", where))  # type: ignore[arg-type]
        y.append(column(parts[1], "y", where))  # type: ignore[arg-type]
        sigma.append(None if len(parts) < 3 or parts[2] is None else column(parts[2], "dy", where))
    settings = (_set_bits(where, set), list(names or []), periodic, transient, threads)
    found, units, values, reasons = _engine.feature_table(t, y, sigma, *settings)
    return FeatureTable(found, units, values.reshape(len(t), -1), reasons.reshape(len(t), -1))


def dmdt_map(t: ArrayLike, y: ArrayLike, dt_edges: ArrayLike, dy_edges: ArrayLike) -> Floats:
    """Counts of all pairs of points in cells of time difference and value difference (A, B): later minus earlier.

    >>> import orrery
    >>> orrery.dmdt_map([0.0, 1.0, 3.0], [0.0, 0.5, 0.2], [0.5, 1.5, 4.0], [-1.0, 0.0, 1.0]).tolist()
    [[0.0, 1.0], [1.0, 1.0]]
    """
    where = "dmdt_map"
    dt, dy = column(dt_edges, "dt_edges", where), column(dy_edges, "dy_edges", where)
    return _engine.dmdt_map(column(t, "t", where), column(y, "y", where), dt, dy).reshape(len(dt) - 1, len(dy) - 1)


def _set_bits(where: str, set: str) -> int:
    if set not in _SETS:
        raise refuse(where, "expected set to be one of " + ", ".join(repr(word) for word in _SETS) + f", got {set!r}")
    return _SETS[set]
