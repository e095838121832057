"""What LombScargle and BoxLeastSquares share: how they are made from a table."""

from __future__ import annotations

from typing import Any

import numpy as np
from astropy import units
from astropy.time import Time
from astropy.timeseries import BasePeriodogram

from ._inputs import has_units


class Periodogram(BasePeriodogram):
    """Base of our classes; an instance of astropy's base class too."""

    @classmethod
    def from_timeseries(cls, timeseries: Any, signal_column_name: Any = None, uncertainty: Any = None, **kwargs: Any) -> Any:
        """From the column signal_column_name of a TimeSeries or BinnedTimeSeries (bin centres). uncertainty: the name of a column, or one
        number or Quantity. Rows that are masked or not finite are left out."""
        if signal_column_name is None:
            raise ValueError("signal_column_name should be set to a valid column name")
        signal = timeseries[signal_column_name]
        errors = timeseries[uncertainty] if isinstance(uncertainty, str) else None
        chosen = usable(signal) if errors is None else usable(signal) & usable(errors)
        dy = rows(errors, chosen) if errors is not None else uncertainty
        return cls(times_of(timeseries, chosen), rows(signal, chosen), dy, **kwargs)


def times_of(timeseries: Any, chosen: Any) -> Any:
    """Times, or centres of bins, of some rows."""
    times = (timeseries["time"] if "time" in timeseries.colnames else timeseries.time_bin_center)[chosen]
    return times if isinstance(times, Time) else units.Quantity(times)


def usable(values: Any) -> Any:
    """Rows that are neither masked nor NaN."""
    masked = np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else np.asarray(getattr(values, "mask", False))
    return ~masked & np.isfinite(_unmasked(values))


def rows(values: Any, chosen: Any) -> Any:
    """Some rows without their mask, as a Quantity when the column has a unit."""
    plain = _unmasked(values)[chosen]
    return plain * values.unit if has_units(values) else plain


def _unmasked(values: Any) -> Any:
    plain = values.data if isinstance(values, np.ma.MaskedArray) else getattr(values, "unmasked", values)
    return np.asarray(plain, dtype=np.float64)
