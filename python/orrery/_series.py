"""Series of measurements: from arrays, from files, from the embedded sets."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _engine
from ._columns import Floats, refuse, unmasked


@dataclass(frozen=True)
class Report:
    """How a series was read: what was found, what was dropped and why."""

    format: str
    """'CSV', 'ECSV', 'FITS binary table', 'arrays', ..."""
    rows: int
    """Rows of the file."""
    measurements: int
    """Rows, or rows times bands where the bands stand side by side."""
    used: int
    dropped: dict[str, int]
    """How many measurements were left out, by reason; measurements = used + their sum."""
    duplicates: int
    """Measurements at the very time of an earlier one of the same band; they are kept."""
    was_sorted: bool
    """The times were in order already."""
    columns: dict[str, str]
    """The columns taken for time, value, error, band; '' where there is none."""
    notes: list[str]
    """Guesses and oddities, one sentence each."""

    def __str__(self) -> str:
        text = f"{self.used} of {self.measurements} measurements used"
        if self.dropped:
            text += "; dropped: " + ", ".join(f"{count} ({reason})" for reason, count in self.dropped.items())
        return text


class Series:
    """Measurements of one object: times, values, uncertainties and, where there are several, bands.

    Made by `orrery.read`, `orrery.embedded` or `Series.from_arrays`. Its arrays are read-only views of memory that the engine
    owns: nothing is copied when a method takes a series.
    """

    __slots__ = ("_engine", "_report")

    def __init__(self, engine: _engine.Series, report: Report) -> None:
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
        times = list(zip(engine.t, engine.band)) if codes is not None else list(engine.t)
        report = Report("arrays", used + masked, used + masked, used, {"masked": masked} if masked else {}, used - len(set(times)),
                        order is None, {}, [])
        return cls(engine, report)

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
    def time_unit(self) -> str:
        """Unit of the times: 'day', or 'year' where the file counts in calendar years."""
        return self._engine.time_unit

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
    def report(self) -> Report:
        """How it was read; a band selected from a series keeps the report of the whole."""
        return self._report

    def select_band(self, band: str) -> Series:
        """The points of one band. Raises InputError when there is no such band."""
        names = self.band_names
        if band not in names:
            raise refuse("Series.select_band", f"expected band to be one of {quoted(names)}, got {band!r}")
        return Series(self._engine.select_band(names.index(band)), self._report)

    def __len__(self) -> int:
        return len(self._engine)

    def __repr__(self) -> str:
        words = [f"{len(self)} points"]
        if len(self):
            words.append(f"{self.t[-1] - self.t[0]:.6g} {self.time_unit}s")
        if len(self.band_names) > 1:
            words.append("bands " + " ".join(self.band_names))
        if self._report.dropped:
            words.append(f"{sum(self._report.dropped.values())} dropped")
        return f"<Series {self.name!r}: {', '.join(words)}>" if self.name else f"<Series: {', '.join(words)}>"


def read(
    path: str | os.PathLike[str],
    *,
    time: str | int | None = None,
    value: str | int | None = None,
    error: str | int | None = None,
    band: str | int | None = None,
    quantity: str | None = None,
    time_offset: float = 0.0,
    error_scale: float = 1.0,
    keep_flagged: bool = False,
    progress: Callable[[float, str], object] | None = None,
) -> Series:
    """A series from a file: CSV, TSV, ECSV, IPAC, columns set apart by blanks, semicolons or bars, or a FITS table.

    Delimiter, header, comments and the columns' roles are found. time, value, error, band: a column's name or its number from 1,
    where the finding goes wrong ('none' for error or band: there is no such column). time_offset is added to every time,
    error_scale multiplies every error; keep_flagged uses rows whose quality flag is not 0. Missing values are dropped and counted
    in `report`, never used. progress(fraction, words) is called every 50 ms of a long reading.

    Raises InputError with file, line and column: no such file, a text where a number should be, no time or value column, fewer
    than two usable measurements.

    >>> import orrery, tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "star.csv"
    >>> _ = path.write_text("mjd,mag,mag_err\\n50000.1,15.2,0.01\\n50001.2,15.4,0.02\\n50002.3,,0.02\\n")
    >>> star = orrery.read(path)
    >>> print(star.report)
    2 of 3 measurements used; dropped: 1 (missing value)
    """
    names = (None if column is None else str(column) for column in (time, value, error, band))
    series, report = _engine.read(os.fspath(path), *names, quantity, time_offset, error_scale, keep_flagged, progress)
    return Series(series, Report(**report))


@overload
def embedded(id: None = None) -> dict[str, str]: ...
@overload
def embedded(id: str) -> Series: ...
def embedded(id: str | None = None) -> dict[str, str] | Series:
    """An embedded real data set as a series; without an id, the ids and titles of all of them.

    >>> import orrery
    >>> len(orrery.embedded(next(iter(orrery.embedded())))) > 100
    True
    """
    if id is None:
        return dict(_engine.embedded_sets())
    series, report = _engine.embedded(id)
    return Series(series, Report(**report))


def _order(t: Floats) -> NDArray[np.intp] | None:
    """The order that makes the times ascend (equal times stay as they are), or None when they do."""
    return None if np.all(t[1:] >= t[:-1]) else np.argsort(t, kind="stable")


def quoted(names: list[str]) -> str:
    return ", ".join(repr(name) for name in names) or "none (the series has one band without a name)"
