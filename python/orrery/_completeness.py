"""Injection and recovery: which planets or variables would have been found in a series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _engine
from ._columns import Floats, column, refuse
from ._series import Series
from ._series_args import columns_of

_WHERE = "completeness"
Kind = Literal["transit", "variable"]
RecoveryMethod = Literal["box", "box_brute", "box_folding", "tls", "lomb_scargle", "matched"]
Cells = tuple[float, float, int] | ArrayLike
_EARTHS = 109.08  # radii of the Earth in one of the Sun
_OUTCOMES = np.array(["missed", "other", "alias", "recovered"])


@dataclass(frozen=True)
class CompletenessControl:
    """The same search where nothing was injected."""

    statistic: Floats
    """Highest peak of each series in disorder (M,)."""
    judged: int
    """Of these, the ones that tell the false-alarm rate: all, or half when the others set the threshold."""
    above: int
    """Of the judged, above the threshold."""
    interval: tuple[float, float]
    """Wilson's interval of the false-alarm probability of one search."""
    plain_period: float
    """Of the series as it is [day]."""
    plain_statistic: float
    """Of the series as it is."""
    inverted_statistic: float
    """Of the series upside down (transits; else 0)."""

    @property
    def rate(self) -> float:
        """Share of the judged above the threshold; NaN without any."""
        return self.above / self.judged if self.judged else float("nan")


@dataclass(frozen=True)
class Injections:
    """All injections, a column each (trials * cells,): trial k of cell c at k * cells + c."""

    period: Floats
    """[day]"""
    size: Floats
    """Depth radius_ratio^2, or amplitude."""
    epoch: Floats
    """Mid-transit, or greatest light [day]."""
    impact: Floats
    """Of a transit [stellar radii]."""
    snr: Floats
    """Expected of a search that knows everything but the amplitude."""
    found: Floats
    """Period of the highest peak [day]."""
    statistic: Floats
    """Its signal-to-noise ratio."""
    outcome: NDArray[np.str_]
    """'recovered', 'alias' (half or twice the period), 'other' (a detection at another period) or 'missed'."""


class Completeness:
    """Completeness in cells of period and size. Made by `orrery.completeness`; maps are (R, C), sizes by periods."""

    def __init__(self, found: dict[str, Any], kind: Kind, star_radius: float) -> None:
        shape = (len(found["size_edge"]) - 1, len(found["period_edge"]) - 1)
        self._star_radius = star_radius
        self.kind: Kind = kind
        """'transit' or 'variable'."""
        self.period_edges: Floats = found["period_edge"]
        """(C + 1,) [day]."""
        self.size_edges: Floats = found["size_edge"]
        """(R + 1,) depths radius_ratio^2 [1], or amplitudes [u]."""
        self.injected: NDArray[np.int64] = found["injected"].reshape(shape)
        """Injections."""
        self.recovered: NDArray[np.int64] = found["recovered"].reshape(shape)
        """Found at the period, above the threshold."""
        self.aliases: NDArray[np.int64] = found["alias"].reshape(shape)
        """Found at half or twice the period, above the threshold; not recovered."""
        self.others: NDArray[np.int64] = found["other"].reshape(shape)
        """Above the threshold at another period."""
        self.fraction: Floats = found["fraction"].reshape(shape)
        """recovered / injected."""
        self.low: Floats = found["low"].reshape(shape)
        """Lower end of Wilson's interval."""
        self.high: Floats = found["high"].reshape(shape)
        """Upper end."""
        self.expected: Floats = found["expected"].reshape(shape)
        """Mean of Phi(snr - threshold): what white noise of the given errors allows the best search."""
        self.threshold: float = found["threshold"]
        """Least signal-to-noise ratio of a detection."""
        self.calibrated: bool = found["calibrated"]
        """The threshold is from the control."""
        self.method: str = found["method"]
        """The search."""
        self.warnings: list[str] = found["warnings"]
        """What may make the map worth less."""
        self.control = CompletenessControl(**found["control"])
        trials = found["trials"]
        self.trials = Injections(**{**trials, "outcome": _OUTCOMES[trials["outcome"]]})

    @property
    def radius_edges(self) -> Floats:
        """Radii of the planets at the edges (R + 1,) [Earth radii], for the star's radius."""
        if self.kind != "transit":
            raise refuse(_WHERE, "radii belong to transits; this map is of variables")
        return np.sqrt(self.size_edges) * self._star_radius * _EARTHS

    def at(self, period: float, size: float) -> tuple[float, float, float]:
        """Completeness at a period [day] and size, and its interval: (fraction, low, high) of the cell.

        Raises InputError outside the map.
        """
        cell = []
        for name, edges, value in (("size", self.size_edges, size), ("period", self.period_edges, period)):
            if not edges[0] <= value <= edges[-1]:
                raise refuse(_WHERE, f"expected {name} in [{edges[0]:g}, {edges[-1]:g}], got {value:g}")
            cell.append(min(int(np.searchsorted(edges, value, side="right")) - 1, len(edges) - 2))
        row, col = cell
        return float(self.fraction[row, col]), float(self.low[row, col]), float(self.high[row, col])

    def __repr__(self) -> str:
        total, found = int(self.injected.sum()), int(self.recovered.sum())
        control = self.control
        words = f"{control.above} false alarms in {control.judged} control series" if control.judged else "no control"
        return (f"<Completeness: {found} of {total} {self.kind}s recovered by {self.method} in {self.injected.shape[0]} x {self.injected.shape[1]} cells, "
                f"threshold {self.threshold:.3g}{' from the control' if self.calibrated else ''}; {words}>")


def completeness(
    t: Series | ArrayLike,
    y: ArrayLike | None = None,
    dy: ArrayLike | None = None,
    *,
    kind: Kind = "transit",
    period: Cells | None = None,
    size: Cells | None = None,
    trials: int = 10,
    method: RecoveryMethod | None = None,
    threshold: float | None = None,
    false_alarm: float = 0.01,
    tolerance: float = 0.01,
    peak_share: float | None = None,
    control: int = 100,
    control_block: float = 0.0,
    detrend: float | None = None,
    min_period: float | None = None,
    max_period: float | None = None,
    oversampling: float = 0.0,
    oversample: int = 10,
    harmonics: int = 1,
    shape: Literal["limb_darkened", "box", "sinusoid", "sawtooth"] | None = None,
    shape_harmonics: Sequence[float] = (),
    rise: float = 0.15,
    star_radius: float = 1.0,
    star_mass: float = 1.0,
    max_impact: float = 0.9,
    limb_darkening: tuple[float, float] = (0.4804, 0.1867),
    exposure: float | None = None,
    magnitudes: bool | None = None,
    confidence: float = 0.6827,
    seed: int = 0,
    band: str | None = None,
    threads: int = 0,
) -> Completeness:
    """Injection and recovery: how often a signal of a given period and size would have been found in this very series.

    t is a Series, or times (N,) [day] with values y (N,) and errors dy (N,), or None for the scatter. In every cell of period and size
    `trials` signals are drawn (log-uniform in the cell, phase and impact uniform), put into the series, searched, and the highest
    peak judged: recovered when its period is right within `tolerance` (or within `peak_share` of a peak's width 1 / span; default 0 for
    transits, 0.5 for variables) and its signal-to-noise ratio reaches the threshold. Half and twice the period count as aliases.

    kind='transit': limb-darkened (or shape='box') transits of circular orbits around the star, size the depth radius_ratio^2. The values
    are flux; magnitudes are turned into it. kind='variable': shape='sinusoid' (with shape_harmonics: amplitudes of the 2nd, 3rd, ...
    harmonic over the first) or 'sawtooth' (an RR Lyrae star that rises for `rise` of its period), size the amplitude (half range).
    period, size: (low, high, cells) in equal ratios, or arrays of edges; by default from one day (variables: four spacings of the times)
    to half the span, and from a third to three times what the threshold asks for.
    method: 'box' (the default of transits; boxes by the quickest way), 'box_brute', 'box_folding', 'tls'; 'lomb_scargle' (the default of
    variables, with `harmonics`); 'matched': the true shape at the true period and phase, which no search can beat.
    threshold=None: what the search of the series in disorder (its values, in blocks of control_block days, shuffled) exceeds with
    probability false_alarm; half of the `control` shuffles set it, the others measure it.
    detrend: window [day] of a biweight trend that is taken off every injected series before the search (see `flatten`).
    min_period, max_period: of the search; by default half of the shortest to twice the longest injected, at most the span.

    Results depend on the seed alone, not on threads; more trials keep the earlier ones.
    Raises InputError: an unusable series, options out of range, orbits inside the star.
    Source: Christiansen et al. 2020, AJ 160, 159; Burke et al. 2015, ApJ 809, 8.

    >>> import numpy, orrery
    >>> t = numpy.arange(0.0, 20.0, 0.05)
    >>> flux = 1.0 + numpy.random.default_rng(1).normal(0.0, 1e-3, len(t))
    >>> found = orrery.completeness(t, flux, period=(2.0, 5.0, 2), size=[1e-6, 1e-5, 1e-2, 3e-2], trials=3, threshold=7.0, control=20)
    >>> found.fraction[0].tolist(), found.fraction[2].tolist()
    ([0.0, 0.0], [1.0, 1.0])
    """
    if kind not in ("transit", "variable"):
        raise refuse(_WHERE, f"expected kind to be 'transit' or 'variable', got {kind!r}")
    columns = columns_of(_WHERE, t, y, dy, band)
    is_magnitude = t.quantity == "magnitude" if magnitudes is None and isinstance(t, Series) else bool(magnitudes)
    if kind == "transit" and is_magnitude:
        columns = _flux(columns)
    options: dict[str, Any] = {
        "kind": kind, "method": method or ("box" if kind == "transit" else "lomb_scargle"), "trials": int(trials), "seed": int(seed),
        "false_alarm": float(false_alarm), "tolerance": float(tolerance), "confidence": float(confidence), "control": int(control),
        "control_block": float(control_block), "oversampling": float(oversampling), "oversample": int(oversample),
        "harmonics": int(harmonics), "harmonic": [float(h) for h in shape_harmonics],
        "u1": float(limb_darkening[0]), "u2": float(limb_darkening[1]), "star_radius": float(star_radius), "star_mass": float(star_mass),
        "max_impact": float(max_impact), "exposure": -1.0 if exposure is None else float(exposure),
        "rise": float(rise), "threads": int(threads), "magnitudes": is_magnitude and kind == "variable",
    }
    for name, value in (("threshold", threshold), ("peak_share", peak_share), ("min_period", min_period), ("max_period", max_period), ("window", detrend)):
        if value is not None:
            options[name] = float(value)
    if shape is not None:
        options["transit_form" if kind == "transit" else "variable_form"] = shape
    for name, cells in (("period", period), ("size", size)):
        if cells is not None:
            options[f"{name}_edge"] = _edges(cells, name)
    return Completeness(_engine.completeness(columns["t"], columns["y"], columns["sigma"], options), kind, float(star_radius))


def _flux(columns: dict[str, Floats | None]) -> dict[str, Floats | None]:
    """Magnitudes as flux of median 1."""
    y, sigma = columns["y"], columns["sigma"]
    assert y is not None
    flux = 10.0 ** (-0.4 * (y - np.median(y))) if len(y) else y
    return {"t": columns["t"], "y": flux, "sigma": None if sigma is None else 0.4 * np.log(10.0) * flux * sigma}


def _edges(cells: Cells, name: str) -> list[float]:
    if isinstance(cells, tuple) and len(cells) == 3 and isinstance(cells[2], (int, np.integer)) and not isinstance(cells[2], bool):
        low, high, count = cells
        if not 0 < low < high or count < 1:
            raise refuse(_WHERE, f"expected {name} (low, high, cells) with 0 < low < high and a cell or more, got {cells}")
        return [float(edge) for edge in np.geomspace(low, high, int(count) + 1)]
    return column(np.atleast_1d(cells), f"{name} edges", _WHERE).tolist()


def inject_transit(
    t: ArrayLike, y: ArrayLike, *, period: float, transit_time: float, radius_ratio: float, scaled_axis: float, impact: float = 0.0,
    limb_darkening: tuple[float, float] = (0.4804, 0.1867), exposure: float = 0.0, shape: Literal["limb_darkened", "box"] = "limb_darkened",
    magnitudes: bool = False,
) -> Floats:
    """y (N,) with the transits of a planet in it: flux times `transit_light_curve`, or magnitudes of that.

    shape='box': radius_ratio^2 of the light while the planet's centre is before the star. The rest as for `transit_light_curve`.
    Raises InputError: unequal lengths, an orbit out of range.

    >>> import orrery
    >>> orbit = {"period": 10.0, "transit_time": 0.0, "radius_ratio": 0.1, "scaled_axis": 20.0}
    >>> orrery.inject_transit([0.0, 5.0], [2.0, 2.0], **orbit, shape="box").tolist()
    [1.98, 2.0]
    """
    where = "inject_transit"
    u1, u2 = limb_darkening
    return _engine.inject_transit(column(t, "t", where), column(y, "y", where), float(period), float(transit_time), float(radius_ratio),
                                  float(scaled_axis), float(impact), float(u1), float(u2), float(exposure), shape, bool(magnitudes))


def inject_variable(
    t: ArrayLike, y: ArrayLike, *, period: float, amplitude: float, epoch: float = 0.0, shape: Literal["sinusoid", "sawtooth"] = "sinusoid",
    harmonics: Sequence[float] = (), rise: float = 0.15, magnitudes: bool = True,
) -> Floats:
    """y (N,) with a variable star's light in it, brightest at `epoch`: minus amplitude times shape for magnitudes, plus for flux.

    sinusoid: cos(2 pi phase) + sum of harmonics[k] cos(2 pi (k + 2) phase); sawtooth: falls for 1 - rise of the period, then rises.
    amplitude: of the first harmonic, or half the range of a sawtooth. Raises InputError: unequal lengths, a number out of range.

    >>> import orrery
    >>> orrery.inject_variable([0.0, 0.25, 0.5], [15.0, 15.0, 15.0], period=1.0, amplitude=0.5, shape="sawtooth", rise=0.5).tolist()
    [14.5, 15.0, 15.5]
    """
    where = "inject_variable"
    return _engine.inject_variable(column(t, "t", where), column(y, "y", where), float(period), float(epoch), float(amplitude), shape,
                                   [float(h) for h in harmonics], float(rise), bool(magnitudes))
