"""Statistics of a trial period other than least squares, and the super smoother."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from . import _engine
from ._columns import Floats, refuse
from ._engine import FrequencyGrid
from ._series import Series
from ._series_args import columns_of, is_constant, period_warnings, require_variation
from ._trial import trial_frequencies

_WHERE = "periodogram"
Statistic = Literal["lomb_scargle", "aov", "pdm", "entropy", "string_length", "qmi", "supersmoother"]


@dataclass(frozen=True)
class StatisticPeak:
    """A local best of a statistic, sought between the trial frequencies."""

    period: float
    """[day]"""
    frequency: float
    """[1/day]"""
    value: float
    """Of the statistic."""


class StatisticCurve:
    """A statistic at trial frequencies. Made by `orrery.periodogram`."""

    def __init__(
        self, columns: dict[str, Floats | None], trial: FrequencyGrid | Floats, value: Floats, method: str, settings: dict[str, Any]
    ) -> None:
        self._data = (columns["t"], columns["y"], columns["sigma"])
        self._trial = trial
        self._settings = settings
        self.value: Floats = value
        """The statistic (F,)."""
        self.method: str = method
        """Its word."""
        self.name, self.quantity, self.minimum = _table()[method]

    @cached_property
    def frequency(self) -> Floats:
        """Trial frequencies (F,) [1/day]."""
        return self._trial.values() if isinstance(self._trial, FrequencyGrid) else self._trial

    @property
    def goodness(self) -> Floats:
        """The statistic, or its negative where a period shows as a minimum: larger is better (F,)."""
        return -self.value if self.minimum else self.value

    @property
    def contrast(self) -> float:
        """Best minus mean over standard deviation of the curve, positive towards the good side; 0 for a flat curve."""
        deviation = float(np.std(self.value)) if len(self.value) else 0.0
        mean = float(np.mean(self.value)) if len(self.value) else 0.0
        return float((np.max(self.goodness) - np.mean(self.goodness)) / deviation) if deviation > 1e-12 * abs(mean) else 0.0

    def peaks(self, count: int = 5, finer: int = 16) -> list[StatisticPeak]:
        """The best `count` local bests, each sought on a grid `finer` times as fine; for an array of frequencies the best one as it is."""
        if not len(self.value):
            raise refuse("peaks", "expected at least one frequency")
        require_variation("peaks", self._data)
        if not isinstance(self._trial, FrequencyGrid):
            k = int(np.argmax(self.goodness))
            return [StatisticPeak(1.0 / float(self._trial[k]), float(self._trial[k]), float(self.value[k]))]
        found = _engine.period_statistic_peaks(*self._data, self._trial, self.value, self.method, self._settings, count, finer)
        return [StatisticPeak(1.0 / frequency, frequency, value) for frequency, value in found]

    @property
    def warnings(self) -> list[str]:
        """What speaks against the best period: a cadence that is too long for it, fewer than three cycles."""
        return period_warnings(self._data, self.period)

    @cached_property
    def best(self) -> StatisticPeak:
        """The best of `peaks()`."""
        return self.peaks()[0]

    @property
    def period(self) -> float:
        """Period of the best [day]."""
        return self.best.period

    def single_probability(self, value: float | None = None) -> float | None:
        """Probability that white noise is as good as `value` (default: the best) at one frequency named beforehand; None where the
        literature has no law. That it is as good anywhere on the curve is more likely: `shuffled_probability`."""
        return _engine.single_probability(self.best.value if value is None else value, len(self._data[0]), self.method, self._settings)

    def shuffled_probability(self, count: int = 99, seed: int = 0) -> float:
        """Probability that a series without a period is as good anywhere on these frequencies: the share, counting the series itself, of
        `count` series whose values were put at each other's times. Costs `count` times the curve."""
        if not len(self.value):
            raise refuse("shuffled_probability", "expected at least one frequency")
        best = _engine.shuffled_best(*self._data, self._trial, self.method, self._settings, count, seed)
        own = float(np.max(self.goodness))
        return (1 + int(np.sum((-best if self.minimum else best) >= own))) / (1 + count)

    def __len__(self) -> int:
        return len(self.value)

    def __repr__(self) -> str:
        if not len(self.value):
            return f"<StatisticCurve: {self.name}, no frequencies>"
        if is_constant(self._data):
            return f"<StatisticCurve: {self.name}, all {len(self._data[0])} values are the same, no period>"
        return (f"<StatisticCurve: {self.name}, period {self.best.period:.6g} day, {self.quantity} {self.best.value:.4g}, "
                f"contrast {self.contrast:.1f}; {len(self.value)} frequencies, {len(self._data[0])} points>")


@dataclass(frozen=True)
class Smooth:
    """A smooth curve at the points of a series. Made by `orrery.super_smoother`."""

    value: Floats
    """The curve (N,) [unit of y]."""
    residual: Floats
    """y minus the curve found without that point (N,)."""
    span: Floats
    """Share of the points that the curve used there (N,), 0.05 to 0.5."""


def _table() -> dict[str, tuple[str, str, bool]]:
    return {word: (name, value, minimum) for word, name, value, minimum in _engine.period_statistics()}


def periodogram(
    t: Series | ArrayLike,
    y: ArrayLike | None = None,
    dy: ArrayLike | None = None,
    *,
    method: Statistic = "lomb_scargle",
    frequency: FrequencyGrid | ArrayLike | None = None,
    min_period: float | None = None,
    max_period: float | None = None,
    min_frequency: float | None = None,
    max_frequency: float | None = None,
    oversampling: float = 5.0,
    nyquist_factor: float = 5.0,
    band: str | None = None,
    threads: int = 0,
    **settings: Any,
) -> StatisticCurve:
    """A statistic of the folded series at each trial frequency.

    t is a Series, or times (N,) [day] with values y (N,) and errors dy (N,) or None. Trial frequencies as for `lomb_scargle`.
    method, with its settings and their defaults, and where a period shows:
    - 'lomb_scargle' harmonics=1, fit_mean=True, normalization='standard': maximum
    - 'aov' multi-harmonic analysis of variance, harmonics=3: maximum (Schwarzenberg-Czerny 1996, ApJ 460, L107)
    - 'pdm' phase dispersion minimisation, bins=10, covers=1, interpolate=False: minimum (Stellingwerf 1978, ApJ 224, 953)
    - 'entropy' conditional entropy, phase_bins=10, value_bins=5: minimum (Graham et al. 2013, MNRAS 434, 2629)
    - 'string_length' measure='clarke' | 'lafler_kinman' | 'dworetsky': minimum (Clarke 2002, A&A 386, 763)
    - 'qmi' quadratic mutual information, divergence='cauchy_schwarz' | 'euclidean', value_bandwidth=1, phase_bandwidth=1: maximum
      (Huijse et al. 2018, ApJS 236, 12)
    - 'supersmoother' bass=0: maximum (Friedman 1984; Reimann 1994)

    Raises InputError: columns of unequal lengths, too few points, values that are not finite, dy <= 0, frequencies <= 0, settings that
    the method does not have.

    >>> import numpy, orrery
    >>> t = numpy.linspace(0.0, 40.0, 200) ** 1.1
    >>> y = numpy.abs(numpy.sin(numpy.pi * t / 2.7)) ** 3
    >>> round(orrery.periodogram(t, y, method="pdm", min_period=1.5, max_period=4.0).period, 2)
    2.7
    """
    if method not in _table():
        raise refuse(_WHERE, "expected method to be one of " + ", ".join(repr(word) for word in _table()) + f", got {method!r}")
    columns = columns_of(_WHERE, t, y, dy, band)
    trial = trial_frequencies(_WHERE, columns["t"], frequency, (min_period, max_period), (min_frequency, max_frequency), oversampling,
                              nyquist_factor)
    value = _engine.period_statistic(columns["t"], columns["y"], columns["sigma"], trial, method, settings, threads)
    return StatisticCurve(columns, trial, value, method, settings)


def super_smoother(
    t: Series | ArrayLike,
    y: ArrayLike | None = None,
    dy: ArrayLike | None = None,
    *,
    period: float | None = None,
    bass: float = 0.0,
    band: str | None = None,
) -> Smooth:
    """Friedman's super smoother: running lines whose span is chosen at each point by how well they foretell points left out.

    t is a Series, or times (N,) [day] with values y (N,) and errors dy (N,) or None. period [day] folds the series and closes the curve;
    None smooths along the time. bass 0 to 10: above 0, wide spans are preferred where they are nearly as good.

    Raises InputError: fewer than 5 points, values that are not finite, dy <= 0, period <= 0, bass outside 0 to 10.
    Source: Friedman 1984, "A variable span smoother", Stanford LCS tech. rep. 5.

    >>> import numpy, orrery
    >>> t = numpy.arange(100.0)
    >>> smooth = orrery.super_smoother(t, 2.0 + 0.5 * t)
    >>> bool(numpy.allclose(smooth.value, 2.0 + 0.5 * t))
    True
    """
    if period is not None and not period > 0:
        raise refuse("super_smoother", f"expected period > 0 or None, got {period!r}")
    columns = columns_of("super_smoother", t, y, dy, band)
    return Smooth(*_engine.super_smoother(columns["t"], columns["y"], columns["sigma"], 0.0 if period is None else period, bass))
