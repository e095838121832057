"""Units and times on their way in, shared by the classes of this package."""

from __future__ import annotations

from typing import Any

import numpy as np
from astropy import units
from astropy.time import Time, TimeDelta

from .._columns import Floats


def has_units(values: Any) -> bool:
    """Whether this is a Quantity, or a column that knows its unit."""
    return hasattr(values, "unit") and values.unit is not None


def unit_of(values: Any) -> Any:
    """The unit, dimensionless when there is none."""
    return values.unit if has_units(values) else units.dimensionless_unscaled


def in_unit(values: Any, unit: Any) -> Any:
    """The numbers behind `values` in `unit`; numbers without a unit are in it already."""
    return units.Quantity(values, unit).value if has_units(values) else values


def column(values: Any, name: str) -> Floats:
    """Plain contiguous float64 of a Quantity or array. A mask that hides something is refused: the numbers under it are not data."""
    if np.ma.is_masked(values) or np.any(getattr(values, "mask", False)):
        raise ValueError(f"{name} has masked values: leave these rows out, or use from_timeseries, which does")
    plain = values.value if isinstance(values, units.Quantity) else values
    return np.ascontiguousarray(plain, dtype=np.float64)


def relative_times(t: Any) -> tuple[Any, Any]:
    """The epoch (first time) of absolute times or None, and times in days since it; other times as they are."""
    if isinstance(t, Time):
        return t[0], (t - t[0]).to(units.day)
    return None, t.to(units.day) if isinstance(t, TimeDelta) else t


def times_since(start: Any, times: Any, name: str, owner: str) -> Any:
    """`times` as the class `owner` counts them, which was made with absolute times when `start` is not None."""
    absolute = isinstance(times, Time)
    if absolute != (start is not None):
        given, wanted = ("an absolute", "relative") if absolute else ("a relative", "absolute")
        raise TypeError(f"{name} was provided as {given} time but the {owner} class was initialized with {wanted} times.")
    return (times - start).to(units.day) if absolute else times.to(units.day) if isinstance(times, TimeDelta) else times


def require_frequency(frequency: Any, t: Any) -> Any:
    """Frequencies as numbers in 1 / unit of t."""
    wanted = 1.0 / unit_of(t)
    if has_units(t) or has_units(frequency):
        if not unit_of(frequency).is_equivalent(wanted):
            raise ValueError("Units of frequency not equivalent to units of 1/t")
        return np.asarray(units.Quantity(frequency, wanted).value, dtype=np.float64)
    return np.asarray(frequency, dtype=np.float64)


def require_times(times: Any, t: Any) -> Any:
    """Times as numbers in the unit of t."""
    if not unit_of(times).is_equivalent(unit_of(t)):
        raise ValueError("Units of t not equivalent to units of input self.t")
    return column(units.Quantity(times, unit_of(t)), "t")


def require_series(t: Any, y: Any, dy: Any) -> tuple[Any, Any, Any]:
    """t, y, dy of one length, dy in the unit of y."""
    if dy is not None and not unit_of(dy).is_equivalent(unit_of(y)):
        raise ValueError("Units of dy not equivalent to units of y")
    if dy is not None and (has_units(dy) or has_units(y)):
        dy = units.Quantity(dy, unit_of(y))
    arrays = np.broadcast_arrays(t, y, *([] if dy is None else [dy]), subok=True)
    if arrays[0].ndim != 1:
        raise ValueError("Inputs (t, y, dy) must be 1-dimensional")
    return arrays[0], arrays[1], None if dy is None else arrays[2]


def frequency_limits(
    t: Floats, samples_per_peak: float, nyquist_factor: float, minimum: float | None, maximum: float | None
) -> tuple[float, float, int]:
    """First frequency, step and number of the regular grid that astropy makes: samples_per_peak steps in 1 / span, from half a step to
    nyquist_factor times N / (2 span)."""
    span = float(np.ptp(t)) if len(t) else 0.0
    if not span > 0.0:
        raise ValueError("expected times that differ, to choose frequencies from their span")
    step = 1.0 / span / samples_per_peak
    low = 0.5 * step if minimum is None else minimum
    high = nyquist_factor * (0.5 * len(t) / span) if maximum is None else maximum  # in this order: the count below is often at a tie
    count = 1 + np.round((high - low) / step)
    if not 1 <= count <= 1e9:
        raise ValueError(f"expected a grid of 1 to 1e9 frequencies, got {count:.4g} ({8e-9 * abs(count):.3g} GB a column): "
                         "set minimum_frequency and maximum_frequency")
    return low, step, int(count)
