"""Lomb-Scargle of several bands together."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Hashable, Literal

import numpy as np
from numpy.typing import ArrayLike

from . import _engine
from ._columns import Floats, column, refuse, unmasked
from ._engine import FlexibleFit, FrequencyGrid
from ._period import METHODS, Method, Normalization
from ._series import Series, quoted
from ._series_args import is_constant
from ._trial import regular, trial_frequencies, values_of
from ._words import answer

_WHERE = "lomb_scargle_multiband"
MultibandModel = Literal["flexible", "independent"]


class MultibandPeriodogram:
    """Power of all bands together at trial frequencies, and the model behind it. Made by `orrery.lomb_scargle_multiband`."""

    def __init__(
        self, bands: dict[Hashable, list[Any]], trial: FrequencyGrid | Floats, power: Floats, settings: dict[str, Any], method: str
    ) -> None:
        self._bands = bands
        self._data = tuple(list(columns) for columns in zip(*bands.values()))
        self._trial = trial
        self._settings = settings
        self.power: Floats = power
        """Power (F,) in the normalisation asked for."""
        self.method: str = method
        """'fast' or 'exact': how it was computed."""

    @property
    def bands(self) -> list[Hashable]:
        """Names of the bands, in the order of the fit's parts."""
        return list(self._bands)

    @cached_property
    def frequency(self) -> Floats:
        """Trial frequencies (F,) [1/day]."""
        return values_of(self._trial)

    @property
    def best_frequency(self) -> float:
        """Frequency of the highest power, refined between the trial frequencies [1/day]."""
        return self._peak[0]

    @property
    def period(self) -> float:
        """Period of the highest power [day]."""
        return 1.0 / self._peak[0]

    @property
    def period_error(self) -> float:
        """One sigma [day], from the curvature of the regularised chi2; it does not know of aliases."""
        return self._peak[1] / self._peak[0] ** 2

    def fit(self, frequency: float | None = None) -> FlexibleFit:
        """The model's coefficients at a frequency [1/day] (default: the best)."""
        return _engine.flexible_fit(*self._data, self.best_frequency if frequency is None else float(frequency), **self._settings)

    def model(self, t: ArrayLike, band: Hashable, frequency: float | None = None) -> Floats:
        """The model of one band at times t (M,) [day], at a frequency [1/day] (default: the best)."""
        return self.fit(frequency).values(self._position(band), column(t, "t", "model"))

    def residuals(self, band: Hashable, frequency: float | None = None) -> Floats:
        """Values of one band minus the model, in the order they were given (N_b,)."""
        t, y, _ = self._bands[self.bands[self._position(band)]]
        return y - self.model(t, band, frequency)

    @cached_property
    def _peak(self) -> tuple[float, float, float]:
        if not len(self.power):
            raise refuse(_WHERE, "expected a periodogram with at least one frequency")
        self._require_period()
        k = int(np.argmax(self.power))
        f = self.frequency
        span = float(np.ptp(np.concatenate([columns[0] for columns in self._bands.values()])))
        around = 0.2 / span if span > 0 else abs(float(f[k])) or 1.0
        if len(f) > 1:
            around = min(around, float(np.max(np.abs(np.diff(f[max(k - 1, 0):k + 2])))))
        return _engine.refine_flexible(*self._data, float(f[k]), around, **self._settings)

    def _require_period(self) -> None:
        """Refuses what cannot have a period: the regularised model answers any series, also of two points."""
        points, harmonics = sum(len(columns[0]) for columns in self._bands.values()), max(self._settings["base_harmonics"], self._settings["band_harmonics"])
        if points < 2 * harmonics + 3:
            raise refuse(_WHERE, f"expected at least {2 * harmonics + 3} points for {harmonics} harmonics, got {points}")
        if all(is_constant(columns) or len(columns[1]) < 2 for columns in self._bands.values()):
            raise refuse(_WHERE, "the series is constant and has no period: in each band all values are the same")

    def _position(self, band: Hashable) -> int:
        if band not in self._bands:
            raise refuse(_WHERE, f"expected band to be one of {quoted([str(name) for name in self._bands])}, got {band!r}")
        return self.bands.index(band)

    def __len__(self) -> int:
        return len(self.power)

    def __repr__(self) -> str:
        if not len(self.power):
            return "<MultibandPeriodogram: no frequencies>"
        points = sum(len(columns[0]) for columns in self._bands.values())
        try:
            self._require_period()
        except _engine.InputError as error:
            return f"<MultibandPeriodogram: {error}>"
        return (f"<MultibandPeriodogram: period {answer(self.period, self.period_error)} day, power {self._peak[2]:.4g}; {len(self.power)} "
                f"frequencies, {points} points in {len(self._bands)} bands, {self.method}>")


def lomb_scargle_multiband(
    t: Series | ArrayLike,
    y: ArrayLike | None = None,
    dy: ArrayLike | None = None,
    bands: ArrayLike | None = None,
    *,
    frequency: FrequencyGrid | ArrayLike | None = None,
    min_period: float | None = None,
    max_period: float | None = None,
    min_frequency: float | None = None,
    max_frequency: float | None = None,
    oversampling: float = 5.0,
    nyquist_factor: float = 5.0,
    model: MultibandModel = "flexible",
    base_harmonics: int = 1,
    band_harmonics: int = 1,
    base_regularization: float | None = None,
    band_regularization: float | None = 1e-6,
    regularize_by_trace: bool = True,
    center_data: bool = True,
    normalization: Normalization = "standard",
    method: Method = "auto",
    threads: int = 0,
) -> MultibandPeriodogram:
    """Fraction of chi2 that one frequency explains in all bands together.

    t is a Series with its bands, or times (N,) [day] with values y (N,), errors dy (N,) or None and the band of each row, bands (N,).

    model 'flexible': `base_harmonics` harmonics that all bands share and `band_harmonics` of each band's own, with a constant each; the
    regularisations pull the coefficients to zero, in units of the normal matrix' trace (or of 1 / dy^2 when not regularize_by_trace).
    With base_harmonics = 1, band_harmonics = 0 all bands have one amplitude and phase; with 0 and 1 each has its own.
    model 'independent': each band its own `band_harmonics` and constant, without regularisation; every band needs points enough.
    Frequencies, normalization, method and threads as for `lomb_scargle`; N of the default grid is that of all bands.

    Raises InputError: columns of unequal lengths, values that are not finite, dy <= 0, harmonics outside 0 to 8, regularisation < 0.
    Source: VanderPlas & Ivezic 2015, ApJ 812, 18. The flexible power is that of astropy's LombScargleMultiband.

    >>> import numpy, orrery
    >>> t = numpy.linspace(0.0, 20.0, 90) ** 1.1
    >>> band = numpy.arange(90) % 3
    >>> y = 10.0 + band + (1.0 - 0.2 * band) * numpy.sin(2 * numpy.pi * t / 1.7)
    >>> found = orrery.lomb_scargle_multiband(t, y, bands=band, min_period=1.0, max_period=3.0)
    >>> round(found.period, 5)
    1.7
    >>> bool(abs(found.residuals(2)).max() < 0.001)
    True
    """
    if method not in METHODS:
        raise refuse(_WHERE, f"expected method to be one of 'auto', 'exact', 'fast', got {method!r}")
    if model not in ("flexible", "independent"):
        raise refuse(_WHERE, f"expected model to be one of 'flexible', 'independent', got {model!r}")
    groups = _groups(t, y, dy, bands)
    if not groups:
        raise refuse(_WHERE, "expected at least 1 point, got none")
    times = np.concatenate([columns[0] for columns in groups.values()])
    trial = trial_frequencies(_WHERE, times, frequency, (min_period, max_period), (min_frequency, max_frequency), oversampling,
        nyquist_factor)
    even = None if method == "exact" else regular(trial, times)
    if method == "fast" and even is None:
        raise refuse(_WHERE, "expected regularly spaced frequencies for method 'fast', got an uneven array: "
                             "take 'exact' or a FrequencyGrid")
    data = [list(columns) for columns in zip(*groups.values())]
    if model == "independent":
        base_harmonics, base_regularization, band_regularization = 0, None, None
    settings = {"base_harmonics": base_harmonics, "band_harmonics": band_harmonics, "base_regularization": base_regularization,
                "band_regularization": band_regularization, "regularize_by_trace": regularize_by_trace, "center_data": center_data}
    if even is not None:
        power = _engine.multiband_flexible(*data, even, **settings, normalization=normalization, threads=threads)
    else:
        power = _engine.multiband_flexible_exact(*data, values_of(trial), **settings, normalization=normalization, threads=threads)
    return MultibandPeriodogram(groups, trial, power, settings, "exact" if even is None else "fast")


def _groups(t: Series | ArrayLike, y: ArrayLike | None, dy: ArrayLike | None, bands: ArrayLike | None) -> dict[Hashable, list[Any]]:
    """Columns t, y, sigma of each band by its name, in the order of sorted names (a series': its own order)."""
    if isinstance(t, Series):
        if y is not None or dy is not None or bands is not None:
            raise refuse(_WHERE, "expected a Series alone or arrays alone, got both")
        if t.band is None:
            return {t.name or "all": [t.t, t.y, t.sigma]}
        present = [(name, t.band == i) for i, name in enumerate(t.band_names)]
        return {name: [t.t[rows], t.y[rows], None if t.sigma is None else t.sigma[rows]] for name, rows in present if rows.any()}
    if y is None or bands is None:
        raise refuse(_WHERE, "expected a Series, or times, values and bands")
    names = np.asarray(bands)
    if names.ndim != 1 or len(names) != len(np.asarray(t)):
        raise refuse(_WHERE, f"expected bands with one name a row, got shape {names.shape}")
    kinds, position = np.unique(names, return_inverse=True)
    columns, _ = unmasked(_WHERE, t=t, y=y, sigma=dy, band=np.ma.MaskedArray(position, mask=False))
    kept = columns.pop("band")
    lengths = {len(values) for values in columns.values() if values is not None}
    if len(lengths) != 1:
        raise refuse(_WHERE, f"expected columns of one length, got {sorted(lengths)}")
    groups = {kind.item(): [None if c is None else c[kept == i] for c in columns.values()] for i, kind in enumerate(kinds)}
    return {name: columns_ for name, columns_ in groups.items() if len(columns_[0])}
