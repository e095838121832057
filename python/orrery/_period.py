"""Periodograms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from . import _engine
from ._columns import Floats, refuse
from ._engine import FrequencyGrid
from ._search import PeriodSearch, Rival, answer, find_period_of
from ._series_args import series_of

Normalization = Literal["standard", "model", "log", "psd"]
Method = Literal["auto", "exact", "fast"]
METHODS = ("auto", "exact", "fast")


@dataclass(frozen=True)
class Peak:
    """A maximum of a periodogram, refined on the exact model next to it."""

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


class Periodogram:
    """Power at trial frequencies, and what follows from it. Made by `orrery.lomb_scargle`.

    Everything but `power` is computed when it is asked for.
    """

    def __init__(
        self, columns: dict[str, Floats | None], trial: FrequencyGrid | Floats, power: Floats, settings: dict[str, object]
    ) -> None:
        self._columns = columns
        self._trial = trial
        self._settings = settings
        self.power: Floats = power
        """Power (F,) in the normalisation asked for."""

    @cached_property
    def frequency(self) -> Floats:
        """Trial frequencies (F,) [1/day]."""
        return self._trial.values() if isinstance(self._trial, FrequencyGrid) else self._trial

    @property
    def grid(self) -> FrequencyGrid | None:
        """The regular grid of the frequencies, or None when they are an array of any spacing."""
        return self._trial if isinstance(self._trial, FrequencyGrid) else None

    @property
    def method(self) -> str:
        """'fast' or 'exact': how it was computed."""
        return str(self._settings["method"])

    def best(self) -> Peak:
        """The highest peak, refined between the trial frequencies by least squares."""
        return self._best

    @property
    def period(self) -> float:
        """Period of the highest peak [day]."""
        return self._best.period

    @property
    def period_error(self) -> float:
        """One-sigma error of the period [day]; it does not know of aliases, see `aliases`."""
        return self._best.period_error

    @property
    def aliases(self) -> list[Rival]:
        """Other periods in the searched range that also explain the data, the nearest in chi2 first, with their relation to the best."""
        return self._search.rivals

    @cached_property
    def _series(self) -> _engine.Series:
        return series_of(self._columns)

    @cached_property
    def _best(self) -> Peak:
        if not len(self.power):
            raise refuse("best", "expected a periodogram with at least one frequency")
        at = int(np.argmax(self.power))
        start = self._trial.first + self._trial.step * at if isinstance(self._trial, FrequencyGrid) else float(self._trial[at])
        baseline = float(np.ptp(self._columns["t"]))
        model = _engine.refine_period(self._series, start, 0.5 / baseline if baseline > 0 else 0.0, self._settings["harmonics"],
                                      self._settings["fit_mean"])
        power = _engine.normalized_power(model.power, str(self._settings["normalization"]), model.chi2_0)
        return Peak(model.period, model.period_error, model.frequency, model.frequency_error, power)

    @cached_property
    def _search(self) -> PeriodSearch:
        low, high = float(np.min(self.frequency)), float(np.max(self.frequency))
        return find_period_of(self._series, 1.0 / high, 1.0 / low, 5.0, int(self._settings["harmonics"]), bool(self._settings["fit_mean"]), 0.0,
                              max(200_000, len(self.power)))

    def __len__(self) -> int:
        return len(self.power)

    def __repr__(self) -> str:
        if not len(self.power):
            return "<Periodogram: no frequencies>"
        peak = self._best
        return (f"<Periodogram: period {answer(peak.period, peak.period_error)} day, power {peak.power:.4g}; {len(self.power)} frequencies "
                f"{np.min(self.frequency):.4g} to {np.max(self.frequency):.4g} /day, {len(self._columns['t'])} points, {self.method}>")
