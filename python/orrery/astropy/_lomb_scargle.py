"""LombScargle."""

from __future__ import annotations

from typing import Any

import numpy as np
from astropy import units

from .._engine import FrequencyGrid
from . import _alarm, _powers
from ._base import Periodogram
from ._inputs import (
    column,
    frequency_limits,
    has_units,
    relative_times,
    require_frequency,
    require_series,
    require_times,
    times_since,
    unit_of,
)


class LombScargle(Periodogram):
    """The Lomb-Scargle periodogram with astropy's arguments, units and conventions, computed by Orrery.

    t (N,) times: numbers, Quantity, Time or TimeDelta; y (N,) values; dy (N,) or one number, errors in the unit of y, or None.
    Other arguments as in astropy.timeseries.LombScargle. Methods: 'slow', 'chi2', 'cython' and 'scipy' are direct sums, at any
    frequencies; 'fast' and 'fastchi2' the non-uniform transform, on regular frequencies; 'auto' whichever is quicker.

    Differs on purpose: values that are not finite, dy <= 0 and series of at most 2 nterms + 1 points are refused (ValueError);
    false-alarm probabilities exist for nterms > 1, without fit_mean and center_data, and for normalization 'psd' without dy, where they
    come from the scatter.

    >>> import numpy
    >>> from orrery.astropy import LombScargle
    >>> t = numpy.linspace(0.0, 20.0, 90) ** 1.1
    >>> frequency, power = LombScargle(t, numpy.sin(2 * numpy.pi * t / 1.7)).autopower()
    >>> round(float(1 / frequency[power.argmax()]), 1)
    1.7
    """

    available_methods = list(_powers.METHODS)

    def __init__(
        self, t: Any, y: Any, dy: Any = None, fit_mean: bool = True, center_data: bool = True, nterms: int = 1, normalization: str = "standard"
    ) -> None:
        self._tstart, trel = relative_times(t)
        self._trel, self.y, self.dy = require_series(trel, y, dy)
        self.t = t if self._tstart is not None else self._trel
        self.fit_mean = fit_mean
        self.center_data = center_data
        self.nterms = nterms
        self.normalization = normalization

    @property
    def _fit(self) -> _powers.Fit:
        dy = None if self.dy is None else column(self.dy, "dy")
        return _powers.Fit(column(self._trel, "t"), column(self.y, "y"), dy, int(self.nterms), bool(self.fit_mean), bool(self.center_data))

    @property
    def _fits(self) -> list[_powers.Fit]:
        """What is searched together, for the laws of noise."""
        return [self._fit]

    def _power_unit(self, normalization: str) -> Any:
        if not has_units(self.y):
            return 1.0
        return self.y.unit**2 if self.dy is None and normalization == "psd" else units.dimensionless_unscaled

    def _power_value(self, power: Any) -> Any:
        """Numbers of a power in the instance's normalisation."""
        return units.Quantity(power, self._power_unit(self.normalization)).value if has_units(power) else power

    def _limits(self, samples_per_peak: float, nyquist_factor: float, minimum: Any, maximum: Any) -> tuple[float, float, int]:
        low, high = (None if f is None else float(require_frequency(f, self._trel)) for f in (minimum, maximum))
        return frequency_limits(column(self._trel, "t"), samples_per_peak, nyquist_factor, low, high)

    def autofrequency(
        self, samples_per_peak: float = 5, nyquist_factor: float = 5, minimum_frequency: Any = None, maximum_frequency: Any = None,
        return_freq_limits: bool = False,
    ) -> Any:
        """Regular frequencies, samples_per_peak of them in 1 / span, up to nyquist_factor times the mean Nyquist frequency; or their
        first and last."""
        first, step, count = self._limits(samples_per_peak, nyquist_factor, minimum_frequency, maximum_frequency)
        unit = 1.0 / unit_of(self._trel) if has_units(self._trel) else 1.0
        if return_freq_limits:
            return first * unit, (first + step * (count - 1)) * unit
        return (first + step * np.arange(count)) * unit

    def autopower(
        self, method: str = "auto", method_kwds: dict[str, Any] | None = None, normalization: str | None = None,
        samples_per_peak: float = 5, nyquist_factor: float = 5, minimum_frequency: Any = None, maximum_frequency: Any = None,
    ) -> tuple[Any, Any]:
        """autofrequency and the power there."""
        frequency = self.autofrequency(samples_per_peak, nyquist_factor, minimum_frequency, maximum_frequency)
        return frequency, self.power(frequency, normalization, method, True, method_kwds)

    def power(
        self, frequency: Any, normalization: str | None = None, method: str = "auto", assume_regular_frequency: bool = False,
        method_kwds: dict[str, Any] | None = None,
    ) -> Any:
        """Power at these frequencies, an array of any shape [1 / unit of t]; Quantity when y is one. method_kwds: use_fft=False makes
        'fast' and 'fastchi2' sum directly; astropy's other words for its transforms are taken and change nothing."""
        normalization = normalization or self.normalization
        values = require_frequency(frequency, self._trel)
        flat = np.ascontiguousarray(values.ravel())
        found = _powers.power(self._fit, flat, normalization, method, assume_regular_frequency, method_kwds)
        return found.reshape(values.shape)[()] * self._power_unit(normalization)

    def model(self, t: Any, frequency: Any) -> Any:
        """offset + design_matrix @ model_parameters: the best harmonics of this frequency at times t (M,)."""
        return self.offset() + self.design_matrix(frequency, t) @ self.model_parameters(frequency)

    def offset(self) -> Any:
        """Weighted mean of y that is taken off first; 0 without center_data."""
        mean = _powers.weighted_mean(self._fit) if self.center_data else 0.0
        return mean * self.y.unit if has_units(self.y) else mean

    def model_parameters(self, frequency: Any, units: bool = True) -> Any:
        """Coefficients of the columns of design_matrix, in the unit of y."""
        found = _powers.parameters(self._fit, float(require_frequency(frequency, self._trel)))
        return found * self.y.unit if units and has_units(self.y) else found

    def design_matrix(self, frequency: Any, t: Any = None) -> Any:
        """Columns 1 (with fit_mean), sin, cos, sin of twice the frequency, ... at times t (M,); divided by dy at the times of the data."""
        fit, f = self._fit, float(require_frequency(frequency, self._trel))
        if t is None:
            return _powers.design_matrix(fit.t, f, fit.nterms, fit.fit_mean) * np.sqrt(_powers.weights(fit))[:, None]
        times = require_times(times_since(self._tstart, t, "t", "LombScargle"), self._trel)
        return _powers.design_matrix(times, f, fit.nterms, fit.fit_mean)

    def distribution(self, power: Any, cumulative: bool = False) -> Any:
        """Density (or cumulative probability) of the power that white noise has at one frequency."""
        return _alarm.distribution(self._fits, self.normalization, self._power_value(power), cumulative)

    def _searched(self, samples_per_peak: float, nyquist_factor: float, minimum: Any, maximum: Any) -> FrequencyGrid:
        return FrequencyGrid(*self._limits(samples_per_peak, nyquist_factor, minimum, maximum))

    def false_alarm_probability(
        self, power: Any, method: str = "baluev", samples_per_peak: float = 5, nyquist_factor: float = 5, minimum_frequency: Any = None,
        maximum_frequency: Any = None, method_kwds: dict[str, Any] | None = None,
    ) -> Any:
        """Probability that the highest peak of white noise, searched up to maximum_frequency, reaches this power. method: 'baluev',
        'davies', 'naive', 'single', or 'bootstrap' with method_kwds n_bootstraps (1000) and random_seed."""
        grid = self._searched(samples_per_peak, nyquist_factor, minimum_frequency, maximum_frequency)
        return _alarm.probability(self._fits, self.normalization, self._power_value(power), method, grid, method_kwds)

    def false_alarm_level(
        self, false_alarm_probability: Any, method: str = "baluev", samples_per_peak: float = 5, nyquist_factor: float = 5,
        minimum_frequency: Any = None, maximum_frequency: Any = None, method_kwds: dict[str, Any] | None = None,
    ) -> Any:
        """Power that the highest peak of white noise reaches with this probability."""
        grid = self._searched(samples_per_peak, nyquist_factor, minimum_frequency, maximum_frequency)
        found = _alarm.level(self._fits, self.normalization, false_alarm_probability, method, grid, method_kwds)
        return found * self._power_unit(self.normalization)
