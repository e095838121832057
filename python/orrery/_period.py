"""Periodograms and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from . import _engine
from ._columns import Floats, column, refuse
from ._engine import FrequencyGrid
from ._words import answer

Normalization = Literal["standard", "model", "log", "psd"]
Method = Literal["auto", "exact", "fast"]
METHODS = ("auto", "exact", "fast")
AlarmMethod = Literal["single", "naive", "davies", "baluev", "bootstrap"]


@dataclass(frozen=True)
class Peak:
    """A maximum of a periodogram, refined on the exact power next to it."""

    period: float
    """[day]"""
    period_error: float
    """One sigma [day], from the curvature of chi2; infinite when the data say nothing about it."""
    frequency: float
    """[1/day]"""
    frequency_error: float
    """One sigma [1/day]."""
    power: float
    """In the periodogram's normalisation."""
    amplitude: float
    """Peak to peak of the model [unit of y]."""


@dataclass(frozen=True)
class Alias:
    """Another period that the sampling may have turned the best one into."""

    name: str
    """'1 solar day', '2 sidereal days', '1 year', 'half', 'double', 'third'."""
    period: float
    """[day]"""
    frequency: float
    """[1/day]"""
    power: float
    """Standard normalisation."""
    delta_chi2: float
    """chi2 above that of the best, in units of its reduced chi2."""
    excluded: bool
    """Less likely than the best by more than a thousand."""


class Periodogram:
    """Power at trial frequencies, and what follows from it. Made by `orrery.lomb_scargle`.

    Everything but `power` is computed when it is asked for.
    """

    def __init__(
        self, columns: dict[str, Floats | None], trial: FrequencyGrid | Floats, power: Floats, settings: dict[str, Any], method: str
    ) -> None:
        self._data = (columns["t"], columns["y"], columns["sigma"])
        self._trial = trial
        self._settings = settings
        self.power: Floats = power
        """Power (F,) in the normalisation asked for."""
        self.method: str = method
        """'fast' or 'exact': how it was computed."""

    @cached_property
    def frequency(self) -> Floats:
        """Trial frequencies (F,) [1/day]."""
        return self._trial.values() if isinstance(self._trial, FrequencyGrid) else self._trial

    @property
    def grid(self) -> FrequencyGrid | None:
        """The regular grid of the frequencies, or None when they are an array of any spacing."""
        return self._trial if isinstance(self._trial, FrequencyGrid) else None

    def best(self) -> Peak:
        """The highest peak, refined between the trial frequencies by least squares."""
        fit = self._fit
        power = _engine.normalized_power(fit.power, self._settings["normalization"], fit.chi2_0)
        return Peak(fit.period, fit.period_error, fit.frequency, fit.frequency_error, power, fit.amplitude)

    @property
    def period(self) -> float:
        """Period of the highest peak [day]."""
        return self._fit.period

    @property
    def period_error(self) -> float:
        """One-sigma error of the period [day]; it does not know of aliases, see `aliases`."""
        return self._fit.period_error

    def model(self, t: ArrayLike) -> Floats:
        """The fitted harmonics of the best period at times t (M,) [day]."""
        return self._fit.values(column(t, "t", "model"))

    @cached_property
    def aliases(self) -> list[Alias]:
        """Periods that sampling by days and years, or a mistaken harmonic, may have turned the best one into, by power."""
        found = _engine.aliases(*self._data, self._fit, self._settings["harmonics"], self._settings["fit_mean"],
                                float(np.max(self.frequency)))
        return [Alias(*alias) for alias in found]

    def false_alarm_probability(
        self, power: float | None = None, *, method: AlarmMethod = "baluev", bootstraps: int = 1000, seed: int = 0
    ) -> float:
        """Probability that noise alone has a peak of at least `power` (default: the highest) somewhere on these frequencies.

        method: 'baluev' (close to the truth and above it unless the window has strong peaks), 'davies' (an upper limit), 'naive',
        'single' (one frequency named beforehand), 'bootstrap' (the share of `bootstraps` shuffled series with a higher peak).
        Source: Baluev 2008, MNRAS 385, 1279; Baluev 2009, MNRAS 395, 1541.
        """
        if power is None:
            power = self.best().power
        return _engine.false_alarm_probability(power, *self._data, self._searched(method), method, **self._settings, bootstraps=bootstraps,
                                               seed=seed)[0]

    def false_alarm_level(self, probability: float, *, method: AlarmMethod = "baluev", bootstraps: int = 1000, seed: int = 0) -> float:
        """The power that noise reaches with this probability: the inverse of `false_alarm_probability`."""
        return _engine.false_alarm_level(probability, *self._data, self._searched(method), method, **self._settings, bootstraps=bootstraps,
                                         seed=seed)

    @cached_property
    def _fit(self) -> _engine.HarmonicFit:
        if not len(self.power):
            raise refuse("best", "expected a periodogram with at least one frequency")
        at = int(np.argmax(self.power))
        start = self._trial.first + self._trial.step * at if isinstance(self._trial, FrequencyGrid) else float(self._trial[at])
        span = float(np.ptp(self._data[0]))
        return _engine.refine_peak(*self._data, start, 0.5 / span if span > 0 else start, self._settings["harmonics"],
                                   self._settings["fit_mean"])

    def _searched(self, method: str) -> FrequencyGrid:
        """The grid whose range the noise is searched over."""
        if isinstance(self._trial, FrequencyGrid):
            return self._trial
        if method == "bootstrap":
            raise refuse("false_alarm_probability", "expected a FrequencyGrid for method 'bootstrap', got an array of frequencies")
        low, high = float(np.min(self._trial)), float(np.max(self._trial))
        return FrequencyGrid(low, (high - low) / max(len(self._trial) - 1, 1) or low, len(self._trial))

    def __len__(self) -> int:
        return len(self.power)

    def __repr__(self) -> str:
        if not len(self.power):
            return "<Periodogram: no frequencies>"
        peak = self.best()
        return (f"<Periodogram: period {answer(peak.period, peak.period_error)} day, power {peak.power:.4g}; {len(self.power)} frequencies "
                f"{np.min(self.frequency):.4g} to {np.max(self.frequency):.4g} /day, {len(self._data[0])} points, {self.method}>")
