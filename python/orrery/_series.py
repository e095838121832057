"""Series of measurements: from arrays, from files, from the embedded sets."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _engine
from ._columns import Floats, refuse, unmasked


class Series:
    """Measurements of one object: times, values, uncertainties and, where there are several, bands.

    Made by `orrery.read`, `orrery.embedded` or `Series.from_arrays`. Its arrays are read-only views of memory that the engine
    owns: nothing is copied when a method takes a series.
    """

    __slots__ = ("_engine", "_report")

    def __init__(self, engine: _engine.Series, report: dict[str, Any]) -> None:
        self._engine = engine
        self._report = report

    @classmethod
    def from_arrays(
        cls,
        t: ArrayLike,
        y: ArrayLike,
        sigma: ArrayLike | None = None,
        *,
        band: ArrayLike | None = None,
        name: str = "",
        y_unit: str = "",
        quantity: str = "other",
    ) -> Series:
        """A series from columns of one length, put in order of time.

        t: (N,) [day]; y: (N,); sigma: (N,), > 0, or None; band: (N,) names, or None. Rows that the mask of a numpy masked array
        leaves out are dropped and counted in `report`; any other missing or infinite value is refused. quantity is
        'magnitude', 'flux', 'velocity' or 'other'.

        Raises InputError: unequal lengths, no points, values that are not finite, sigma <= 0.

        >>> import orrery
        >>> len(orrery.Series.from_arrays([2.0, 1.0], [0.5, 0.7]))
        2
        """
        where = "Series.from_arrays"
        names: list[str] = []
        codes = None
        if band is not None:
            words, codes = np.unique(np.asarray(band).astype(str), return_inverse=True)
            if codes.ndim != 1:
                raise refuse(where, f"expected band with one dimension, got shape {np.shape(band)}")
            names = [str(word) for word in words]
        columns, masked = unmasked(where, t=t, y=y, sigma=sigma, band=codes)
        if any(values is not None and len(values) != len(columns["t"]) for values in columns.values()):
            lengths = ", ".join(f"{name} {len(values)}" for name, values in columns.items() if values is not None)
            raise refuse(where, f"expected columns of one length, got {lengths}")
        order = _order(columns["t"])
        if order is not None:
            columns = {key: None if values is None else values[order] for key, values in columns.items()}
        codes = None if columns["band"] is None else columns["band"].astype(np.int32)
        engine = _engine.series(columns["t"], columns["y"], columns["sigma"], codes, names, name, y_unit, quantity)
        used = len(engine)
        dropped = [{"reason": "masked", "count": masked}] if masked else []
        return cls(engine, {"format": "arrays", "rows": used + masked, "used": used, "dropped": dropped, "notes": [], "roles": {}})

    @property
    def t(self) -> Floats:
        """Times (N,) [day], ascending; read-only."""
        return self._engine.t

    @property
    def y(self) -> Floats:
        """Values (N,) [y_unit]; read-only."""
        return self._engine.y

    @property
    def sigma(self) -> Floats | None:
        """Standard errors (N,) [y_unit], or None when there are none; read-only."""
        sigma = self._engine.sigma
        return sigma if len(sigma) else None

    @property
    def band(self) -> NDArray[np.int32] | None:
        """Position of each point's band in `band_names` (N,), or None when there is one band; read-only."""
        band = self._engine.band
        return band if len(band) else None

    @property
    def band_names(self) -> list[str]:
        """Names of the bands; empty when they are not known."""
        return self._engine.band_names

    @property
    def name(self) -> str:
        """Of the object or file."""
        return self._engine.name

    @property
    def time_label(self) -> str:
        """What the times are: 'MJD', 'BJD - 2454833', ..."""
        return self._engine.time_label

    @property
    def y_label(self) -> str:
        """What the values are: 'g magnitude', 'flux', ..."""
        return self._engine.y_label

    @property
    def y_unit(self) -> str:
        """Unit of the values; '' when not known."""
        return self._engine.y_unit

    @property
    def quantity(self) -> str:
        """'magnitude', 'flux', 'velocity' or 'other'."""
        return self._engine.quantity

    @property
    def report(self) -> dict[str, Any]:
        """How it was read: format, rows, used, dropped (a list of reason and count), notes, roles of the columns."""
        return self._report

    def select_band(self, band: str) -> Series:
        """The points of one band. Raises InputError when there is no such band."""
        names = self.band_names
        if band not in names:
            raise refuse("Series.select_band", f"expected band to be one of {_quoted(names)}, got {band!r}")
        return Series(self._engine.select_band(names.index(band)), self._report)

    def __len__(self) -> int:
        return len(self._engine)

    def __repr__(self) -> str:
        words = [f"{len(self)} points"]
        if len(self):
            words.append(f"{self.t[-1] - self.t[0]:.6g} days")
        if len(self.band_names) > 1:
            words.append("bands " + " ".join(self.band_names))
        dropped = self._report["rows"] - self._report["used"]
        if dropped:
            words.append(f"{dropped} rows dropped")
        return f"<Series {self.name!r}: {', '.join(words)}>" if self.name else f"<Series: {', '.join(words)}>"


def _order(t: Floats) -> NDArray[np.intp] | None:
    """The order that makes the times ascend (equal times stay as they are), or None when they do."""
    return None if np.all(t[1:] >= t[:-1]) else np.argsort(t, kind="stable")


def _quoted(names: list[str]) -> str:
    return ", ".join(repr(name) for name in names) or "none (the series has one band without a name)"
