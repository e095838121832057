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
from ._series_args import is_constant, period_warnings, require_variation
from ._words import answer

Normalization = Literal["standard", "model", "log", "psd"]
Method = Literal["auto", "exact", "fast"]
METHODS = ("auto", "exact", "fast")
AlarmMethod = Literal["single", "naive", "davies", "baluev", "bootstrap", "red_noise"]


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
class Rival:
    """Another period that explains the data: an alias of the sampling, a mistaken harmonic, or simply another peak."""

    period: float
    """[day]"""
    period_error: float
    """One sigma [day]."""
    power: float
    """Standard normalisation."""
    delta_chi2: float
    """chi2 above that of the best, in units of the residual scale squared; with more harmonics plus 2 for each coefficient."""
    prediction: float
    """By how many standard errors the best predicts points left out better than this one does."""
    log10_odds: float
    """Of the best against this one."""
    harmonics: int
    """Of its model."""
    relation: str
    """To the best: 'one cycle per sidereal day', 'half the period', ...; '' when none is known."""
    excluded: bool
    """The data tell the two apart: odds above a thousand, and a better prediction by two standard errors."""


@dataclass(frozen=True)
class WindowPeak:
    """A peak of the window function: a signal at f rises again at f plus and minus its frequency."""

    frequency: float
    """[1/day]"""
    height: float
    """The part of a signal's power that shows there."""
    words: str
    """'one cycle per sidereal day', ...; '' when no cause is known."""


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
        """The highest peak, refined between the trial frequencies by least squares. Raises InputError for values that are all the same."""
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

    def model(self, t: ArrayLike, frequency: float | None = None) -> Floats:
        """The fitted harmonics at times t (M,) [day], of the best period or of any frequency [1/day]."""
        fit = self._fit if frequency is None else self._fit_at(float(frequency))
        return fit.values(column(t, "t", "model"))

    def residuals(self, frequency: float | None = None) -> Floats:
        """Values minus the model (N,), in the order they were given: of the best period or of any frequency [1/day]."""
        t, y, _ = self._data
        return y - self.model(t, frequency)

    def window_power(self, frequency: ArrayLike | None = None) -> Floats:
        """Power of the sampling's window, 1 at 0: how much of a signal shows at a distance of `frequency` (F,) [1/day] from its own.

        By default at the trial frequencies. Points count by 1 / dy^2, as in the periodogram. The peaks with their causes: `window`.
        Source: Deeming 1975, Ap&SS 36, 137.
        """
        t, _, sigma = self._data
        if frequency is None and isinstance(self._trial, FrequencyGrid):
            return _engine.spectral_window_fast(t, sigma, self._trial)
        return _engine.spectral_window(t, sigma, self.frequency if frequency is None else column(frequency, "frequency", "window_power"))

    @property
    def aliases(self) -> list[Rival]:
        """The alias report: other periods that explain the data, by delta chi2, and whether the data exclude them."""
        return self._report[0]

    @property
    def ambiguous(self) -> bool:
        """Some of `aliases` is not excluded: the period may be wrong, however small the false-alarm probability."""
        return self._report[2]

    @property
    def window(self) -> list[WindowPeak]:
        """High peaks of the sampling's window function, highest first."""
        return self._report[1]

    @property
    def warnings(self) -> list[str]:
        """What speaks against the period of the highest peak: a cadence that is too long for it, fewer than three cycles."""
        return period_warnings(self._data, self.period)

    @cached_property
    def _report(self) -> tuple[list[Rival], list[WindowPeak], bool]:
        settings = self._settings["harmonics"], self._settings["fit_mean"]
        rivals, window, ambiguous = _engine.rivals(*self._data, self._fit.frequency, *settings, float(np.max(self.frequency)))
        return [Rival(*rival) for rival in rivals], [WindowPeak(*peak) for peak in window], ambiguous

    def false_alarm_probability(
        self, power: float | None = None, *, method: AlarmMethod = "baluev", frequency: float | None = None, resamples: int = 1000,
        seed: int = 0, smooth: bool = False,
    ) -> float:
        """Probability that noise alone has a peak of at least `power` (default: the highest) somewhere on these frequencies.

        Of white noise: method 'baluev' (close to the truth and above it unless the window has strong peaks), 'davies' (an upper
        limit), 'naive' (optimistic by a factor of about 3), 'single' (one frequency named beforehand), 'bootstrap' (the share of
        `resamples` shuffled series with a higher peak). Of red noise: 'red_noise', the share of damped random walks, fitted to this series
        and seen at its times, with a peak that stands out as much: at a `frequency` (default: of the highest peak) by what the walk is
        expected to show there; with a power and no frequency by height alone.
        smooth: a Gumbel law fitted to the maxima in place of counts; it errs on the high side.
        Source: Baluev 2008, MNRAS 385, 1279; Baluev 2009, MNRAS 395, 1541; Kelly et al. 2009, ApJ 698, 895; Vaughan 2005, A&A 431, 391.
        """
        if power is None:
            best = self.best()
            power = best.power
            frequency = best.frequency if frequency is None else frequency
        return _engine.false_alarm_probability(power, *self._data, self._searched(method), method, **self._settings, resamples=resamples,
                                               seed=seed, frequency=frequency, smooth=smooth)[0]

    def false_alarm_level(
        self, probability: float, *, method: AlarmMethod = "baluev", frequency: float | None = None, resamples: int = 1000, seed: int = 0,
        smooth: bool = False,
    ) -> float:
        """The power that noise reaches with this probability: the inverse of `false_alarm_probability`."""
        return _engine.false_alarm_level(probability, *self._data, self._searched(method), method, **self._settings, resamples=resamples,
                                         seed=seed, frequency=frequency, smooth=smooth)

    def red_noise(self, *, resamples: int = 1000, seed: int = 0) -> _engine.RedNoiseNull:
        """The null hypothesis of red noise: the fitted damped random walk, its expected power, probabilities and levels."""
        return _engine.red_noise_null(*self._data, self._searched("red_noise"), **self._settings, resamples=resamples, seed=seed)

    @cached_property
    def _fit(self) -> _engine.HarmonicFit:
        if not len(self.power):
            raise refuse("best", "expected a periodogram with at least one frequency")
        require_variation("best", self._data)
        at = int(np.argmax(self.power))
        start = self._trial.first + self._trial.step * at if isinstance(self._trial, FrequencyGrid) else float(self._trial[at])
        span = float(np.ptp(self._data[0]))
        return _engine.refine_peak(*self._data, start, 0.5 / span if span > 0 else start, self._settings["harmonics"],
                                   self._settings["fit_mean"])

    def _fit_at(self, frequency: float) -> _engine.HarmonicFit:
        return _engine.harmonic_fit(*self._data, frequency, self._settings["harmonics"], self._settings["fit_mean"])

    def _searched(self, method: str) -> FrequencyGrid:
        """The grid whose range the noise is searched over."""
        if isinstance(self._trial, FrequencyGrid):
            return self._trial
        if method in ("bootstrap", "red_noise"):
            raise refuse("false_alarm_probability", f"expected a FrequencyGrid for method '{method}', got an array of frequencies")
        low, high = float(np.min(self._trial)), float(np.max(self._trial))
        return FrequencyGrid(low, (high - low) / max(len(self._trial) - 1, 1) or low, len(self._trial))

    def __len__(self) -> int:
        return len(self.power)

    def __repr__(self) -> str:
        if not len(self.power):
            return "<Periodogram: no frequencies>"
        if is_constant(self._data):
            return f"<Periodogram: all {len(self._data[0])} values are the same, no period>"
        peak = self.best()
        return (f"<Periodogram: period {answer(peak.period, peak.period_error)} day, power {peak.power:.4g}; {len(self.power)} frequencies "
                f"{np.min(self.frequency):.4g} to {np.max(self.frequency):.4g} /day, {len(self._data[0])} points, {self.method}>")
