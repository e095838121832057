"""Period search: the best period, its error, how likely noise is, and what else it could be."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _engine
from ._columns import Floats, column
from ._engine import FrequencyGrid
from ._period import AlarmMethod, Rival, WindowPeak
from ._series import Series
from ._series_args import engine_series
from ._words import answer, probability_text


@dataclass(frozen=True, repr=False)
class PeriodSearch:
    """What `orrery.find_period` found."""

    period: float
    """[day]"""
    period_error: float
    """One sigma [day]; it does not know of rivals."""
    peak_power: float
    """Fraction of chi2 that the model removes."""
    false_alarm_probability: float
    """Probability that noise alone gives such a peak somewhere in the searched range."""
    log10_false_alarm_probability: float
    false_alarm_error: float
    """One sigma of the probability from the number of resamples; 0 for a formula."""
    amplitude: float
    """Full range of the model in the band with most points."""
    rivals: list[Rival]
    """The alias report, by delta chi2."""
    ambiguous: bool
    """Some rival is not excluded: the period may be wrong, however small the false-alarm probability."""
    window: list[WindowPeak]
    """High peaks of the sampling's window function, highest first."""
    n_used: int
    n_dropped: int
    kept: NDArray[np.bool_]
    """(N,) False for points that were clipped or lie in a band with too few."""
    at_edge: bool
    """The highest power is at an end of the searched range: search farther."""
    warnings: list[str]
    """What else speaks against the period, such as a cadence that is too long for it."""
    coarsened: bool
    """The range needed more than max_frequencies: the grid is coarser than asked for."""
    grid: FrequencyGrid
    power: Floats = field(repr=False)
    """(F,) fraction of chi2 that the model removes, all bands together."""
    fit: _engine.PeriodModel = field(repr=False)
    """The harmonic model at the best period."""
    _report: _engine.PeriodReport = field(repr=False)

    @property
    def frequency(self) -> Floats:
        """Trial frequencies (F,) [1/day]."""
        return self.grid.values()

    def false_alarm_power(self, probability: float) -> float:
        """The power that noise exceeds with this probability somewhere in the searched range."""
        return self._report.false_alarm_power(probability)

    def log10_false_alarm_probability_of(self, power: float) -> float:
        """log10 of the probability that noise gives such a power or more somewhere in the searched range."""
        return self._report.log10_false_alarm_probability(power)

    def model(self, t: ArrayLike, band: int = 0) -> tuple[Floats, Floats]:
        """The model of a band (its position) and its standard error at times t (N,) [day]."""
        return self.fit.values(column(t, "t", "model"), band)

    def __repr__(self) -> str:
        words = [f"period {answer(self.period, self.period_error)} day", f"power {self.peak_power:.4g}",
                 f"false-alarm probability {probability_text(self.log10_false_alarm_probability)}", f"{self.n_used} points"]
        rival = next((rival for rival in self.rivals if not rival.excluded), None)
        if rival is not None:
            words.append(f"but {rival.period:.8g} day is not excluded" + (f" ({rival.relation})" if rival.relation else ""))
        words += self.warnings
        if self.at_edge:
            words.append("at the edge of the searched range")
        return f"<PeriodSearch: {', '.join(words)}>"


def find_period(
    t: Series | ArrayLike,
    y: ArrayLike | None = None,
    dy: ArrayLike | None = None,
    *,
    min_period: float | None = None,
    max_period: float | None = None,
    oversampling: float = 5.0,
    harmonics: int = 1,
    fit_mean: bool = True,
    sigma_clip: float = 0.0,
    max_frequencies: int = 200_000,
    band: str | None = None,
    alarm: AlarmMethod = "baluev",
    resamples: int = 1000,
    seed: int = 0,
    smooth: bool = False,
) -> PeriodSearch:
    """The best period of a series: Lomb-Scargle search, refined peaks, clipped outliers, rivals.

    t is a Series, or times (N,) [day] with values y (N,) and errors dy (N,) or None. All bands of a series are searched together
    for one period unless `band` names one. Limits [day] that are not given follow from the times. sigma_clip > 0 leaves points
    out that lie so many errors from the model. alarm, resamples, seed, smooth: how the false-alarm probability is found, see
    `Periodogram.false_alarm_probability`.

    Raises InputError: unusable series, too few points, values that are all the same, limits that do not ascend, options out of range, a
    range that max_frequencies leaves with fewer than one frequency a peak.
    Source: Zechmeister & Kuerster 2009, A&A 496, 577; Palmer 2009, ApJ 695, 496; Baluev 2008, MNRAS 385, 1279.

    >>> import numpy, orrery
    >>> t = numpy.linspace(0.0, 20.0, 90) ** 1.1
    >>> round(orrery.find_period(t, numpy.sin(2 * numpy.pi * t / 1.7)).period, 6)
    1.7
    """
    series = engine_series("find_period", t, y, dy, band)
    report, found = _engine.find_period(series, min_period, max_period, oversampling, harmonics, fit_mean, sigma_clip, max_frequencies,
                                         alarm, resamples, seed, smooth)
    rivals = [Rival(*rival) for rival in found.pop("rivals")]
    window = [WindowPeak(*peak) for peak in found.pop("window")]
    return PeriodSearch(rivals=rivals, window=window, _report=report, **found)

