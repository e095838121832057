"""BoxLeastSquares and its results."""

from __future__ import annotations

from typing import Any

import numpy as np
from astropy import units

from .. import _engine
from .._columns import Floats
from ._base import Periodogram
from ._box_slow import slow_search
from ._inputs import column, has_units, in_unit, relative_times, times_since

_OWNER = "BoxLeastSquares"


class BoxLeastSquaresResults(dict):
    """What BoxLeastSquares.power found; keys are attributes too: objective (its name), period, power (the objective's values), depth,
    depth_err, duration, transit_time, depth_snr, log_likelihood, each (P,)."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    __setattr__ = dict.__setitem__
    __delattr__ = dict.__delitem__

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self]

    def __repr__(self) -> str:
        width = max((len(key) for key in self), default=0)
        return "\n".join(f"{key.rjust(width)}: {value!r}" for key, value in self.items()) or f"{type(self).__name__}()"


class BoxLeastSquares(Periodogram):
    """Box least squares with astropy's arguments, units and conventions, computed by Orrery.

    t (N,) times: numbers, Quantity, Time or TimeDelta; y (N,) fluxes; dy (N,) or one number, errors, in the unit of y when they have
    none, or None. Methods: 'fast' is the engine, 'slow' looks at every point again for every box.

    Differs on purpose: values that are not finite and dy <= 0 are refused (ValueError), and so are grids of more than 5e7 periods.

    >>> import numpy
    >>> from orrery.astropy import BoxLeastSquares
    >>> t = numpy.arange(0.0, 40.0, 0.02)
    >>> found = BoxLeastSquares(t, 1.0 - 0.01 * ((t - 1.0) % 2.5 < 0.12)).autopower(0.12)
    >>> round(float(found.period[found.power.argmax()]), 2)
    2.5
    """

    def __init__(self, t: Any, y: Any, dy: Any = None) -> None:
        self._tstart, trel = relative_times(t)
        if dy is not None and (has_units(y) or has_units(dy)):
            dy = units.Quantity(dy, y.unit if has_units(y) else units.dimensionless_unscaled)
            dy = dy if has_units(y) else dy.value
        arrays = np.broadcast_arrays(trel, y, *([] if dy is None else [dy]), subok=True)
        if arrays[0].ndim != 1:
            raise ValueError("Inputs (t, y, dy) must be 1-dimensional")
        self._trel, self.y, self.dy = arrays[0], arrays[1], None if dy is None else arrays[2]
        self.t = t if self._tstart is not None else self._trel

    @property
    def _columns(self) -> tuple[Floats, Floats, Floats | None]:
        return column(self._trel, "t"), column(self.y, "y"), None if self.dy is None else column(self.dy, "dy")

    @property
    def _t_unit(self) -> Any:
        return self._trel.unit if has_units(self._trel) else 1

    def _y_units(self) -> tuple[Any, Any, Any]:
        """Units of y, of a ratio, of a log likelihood."""
        if not has_units(self.y):
            return 1, 1, 1
        return self.y.unit, units.one, self.y.unit**2 if self.dy is None else units.one

    def _plain(self, times: Any) -> Any:
        """Times or lengths of time as numbers in the unit of t, in which they are when they have none."""
        unit = self._trel.unit if has_units(self._trel) else units.dimensionless_unscaled
        return np.asarray(in_unit(times, unit), dtype=np.float64)

    def _positive(self, times: Any, name: str) -> Floats:
        values = np.atleast_1d(self._plain(times))
        if values.ndim != 1 or not values.size:
            raise ValueError(f"expected {name} with one dimension and at least one value, got shape {values.shape}")
        return np.ascontiguousarray(np.abs(values))

    def _absolute(self, times: Any) -> Any:
        return times * self._t_unit if self._tstart is None else self._tstart + times * self._t_unit

    def autoperiod(
        self, duration: Any, minimum_period: Any = None, maximum_period: Any = None, minimum_n_transit: int = 3,
        frequency_factor: float = 1.0,
    ) -> Any:
        """Periods in equal steps of frequency, frequency_factor * min(duration) / span^2, from twice the longest duration to the longest
        with minimum_n_transit in the span, or between the limits given."""
        durations = self._positive(duration, "duration")
        limits = [None if p is None else float(self._plain(p)) for p in (minimum_period, maximum_period)]
        if None not in limits:
            limits.sort()
        found = _engine.box_period_grid(self._columns[0], durations, *limits, float(minimum_n_transit), float(frequency_factor))
        return found * self._t_unit

    def autopower(
        self, duration: Any, objective: str | None = None, method: str | None = None, oversample: int = 10, minimum_n_transit: int = 3,
        minimum_period: Any = None, maximum_period: Any = None, frequency_factor: float = 1.0,
    ) -> BoxLeastSquaresResults:
        """power at the periods of autoperiod."""
        period = self.autoperiod(duration, minimum_period, maximum_period, minimum_n_transit, frequency_factor)
        return self.power(period, duration, objective, method, oversample)

    def power(
        self, period: Any, duration: Any, objective: str | None = None, method: str | None = None, oversample: int = 10
    ) -> BoxLeastSquaresResults:
        """The best box at each period (P,), of these durations (D,): largest 'likelihood' (default) or 'snr' of the depth. oversample:
        bins across the shortest duration."""
        objective, method = objective or "likelihood", method or "fast"
        if objective not in ("likelihood", "snr"):
            raise ValueError(f"Unrecognized method '{objective}'\nallowed objectives are: 'likelihood', 'snr'")
        if method not in ("fast", "slow"):
            raise ValueError(f"Unrecognized method '{method}'\nallowed methods are: 'fast', 'slow'")
        if int(oversample) != oversample or oversample < 1:
            raise ValueError(f"oversample must be an int, got {oversample}: expected an integer greater than 0")
        periods, durations = self._positive(period, "period"), self._positive(duration, "duration")
        if durations.max() > periods.min():
            raise ValueError("The maximum transit duration must be shorter than the minimum period")
        t, y, dy = self._columns
        first = float(t.min())
        if method == "slow":
            found = slow_search(t - first, y, dy, periods, durations, objective, int(oversample))
        else:
            found = _engine.box_least_squares(t - first, y, dy, periods, durations, objective, int(oversample), 0)
        of_y, ratio, likelihood = self._y_units()
        return BoxLeastSquaresResults(
            objective=objective, period=periods * self._t_unit, power=found["objective"] * (ratio if objective == "snr" else likelihood),
            depth=found["depth"] * of_y, depth_err=found["depth_error"] * of_y, duration=found["duration"] * self._t_unit,
            transit_time=self._absolute(found["transit_time"] + first), depth_snr=found["depth_snr"] * ratio,
            log_likelihood=found["log_likelihood"] * likelihood)

    def _box(self, period: Any, duration: Any, transit_time: Any) -> tuple[float, float, float]:
        since = times_since(self._tstart, transit_time, "transit_time", _OWNER)
        return float(abs(self._plain(period))), float(abs(self._plain(duration))), float(self._plain(since))

    def model(self, t_model: Any, period: Any, duration: Any, transit_time: Any) -> Any:
        """The box at times t_model (M,): the weighted mean of the points inside, and of those outside."""
        box = self._box(period, duration, transit_time)
        times = self._plain(times_since(self._tstart, t_model, "t_model", _OWNER))
        t, y, dy = self._columns
        inside = _engine.transit_mask(t, *box).astype(bool)
        w = np.ones_like(y) if dy is None else dy**-2.0
        low, high = (np.average(y[m], weights=w[m]) if m.any() else np.nan for m in (inside, ~inside))
        at = _engine.transit_mask(np.ascontiguousarray(times.ravel()), *box).astype(bool).reshape(times.shape)
        return np.where(at, low, high) * self._y_units()[0]

    def compute_stats(self, period: Any, duration: Any, transit_time: Any) -> dict[str, Any]:
        """What tells a planet from something else: depths as (value, error), of all (depth), odd, even transits, of half the period, of a
        box half a period away (depth_phased); harmonic_amplitude and harmonic_delta_log_likelihood (above 0: a sinusoid is better);
        transit_times, per_transit_count, per_transit_log_likelihood."""
        t, y, dy = self._columns
        stats = _engine.box_statistics(t, y, dy, *self._box(period, duration, transit_time))
        of_y, _, likelihood = self._y_units()
        for key, value in stats.items():
            if key.startswith("depth"):
                stats[key] = tuple(v * of_y for v in value)
            elif key.endswith("log_likelihood"):
                stats[key] = value * likelihood
        stats["harmonic_amplitude"] *= of_y
        stats["transit_times"] = self._absolute(stats["transit_times"])
        return stats

    def transit_mask(self, t: Any, period: Any, duration: Any, transit_time: Any) -> Any:
        """True at the times t (M,) that lie within a transit."""
        box = self._box(period, duration, transit_time)
        times = self._plain(times_since(self._tstart, t, "t", _OWNER))
        return _engine.transit_mask(np.ascontiguousarray(times.ravel()), *box).astype(bool).reshape(times.shape)
