"""LombScargleMultiband."""

from __future__ import annotations

from typing import Any

import numpy as np
from astropy import units

from .._columns import Floats
from . import _powers
from ._base import rows, times_of, usable
from ._flexible import Flexible
from ._inputs import column, frequency_limits, has_units, require_frequency, require_times, times_since
from ._lomb_scargle import LombScargle


class LombScargleMultiband(LombScargle):
    """The Lomb-Scargle periodogram of several bands, with astropy's arguments, units and conventions, computed by Orrery.

    t, y, dy as for LombScargle, and bands (N,), the band of every point. Model of 'flexible': a constant and nterms_base harmonics common
    to all bands, and for each band a constant and nterms_band harmonics, held small by reg_base and reg_band (in units of the trace of
    the normal matrix with regularize_by_trace). 'fast': single-band powers, nterms_base harmonics each, weighted with their chi2
    without a period. As in astropy, power and autopower take 'standard' unless told otherwise, whatever the instance was made with.

    Differs on purpose: 'flexible' heeds the normalization asked for (astropy 8.0 gives standard power whatever is asked); 'fast' is the
    least-squares power of all bands together, one frequency at a time (astropy 8.0 weights a band with the sum of its squared powers,
    so that a power depends on which other frequencies are asked for); offset and model at times t_fit take the mean of the band itself
    (astropy 8.0 takes those of the first points of the series). false_alarm_probability, false_alarm_level and distribution are there
    (astropy 8.0 has none for bands), for nterms_base <= nterms_band or nterms_band = 0, as if there were no regularisation.
    """

    available_methods = ["flexible", "fast"]

    def __init__(
        self, t: Any, y: Any, bands: Any, dy: Any = None, normalization: str = "standard", nterms_base: int = 1, nterms_band: int = 1,
        reg_base: float | None = None, reg_band: float | None = 1e-6, regularize_by_trace: bool = True, center_data: bool = True,
        fit_mean: bool = True,
    ) -> None:
        super().__init__(t, y, dy, fit_mean, center_data, nterms_base, normalization)
        self.bands = np.asarray(bands)
        if self.bands.shape != np.shape(self._trel):
            raise ValueError(f"Inputs (t, y, bands, dy) must be 1-dimensional and of one length, got bands of shape {self.bands.shape}")
        self.nterms_base = nterms_base
        self.nterms_band = nterms_band
        self.reg_base = reg_base
        self.reg_band = reg_band
        self.regularize_by_trace = regularize_by_trace

    @classmethod
    def from_timeseries(
        cls, timeseries: Any, signal_column: Any = None, uncertainty_column: Any = None, band_labels: Any = None, **kwargs: Any
    ) -> LombScargleMultiband:
        """From the columns signal_column of a TimeSeries or BinnedTimeSeries (bin centres), one a band, with errors uncertainty_column;
        rows that are masked or not finite are left out band by band. The names of the columns are the bands when band_labels is None."""
        if signal_column is None:
            raise ValueError("expected signal_column: the names of the columns with the values of each band")
        labels = list(signal_column if band_labels is None else band_labels)
        errors = [None] * len(labels) if uncertainty_column is None else list(uncertainty_column)
        if not len(signal_column) == len(labels) == len(errors):
            raise ValueError("expected as many band_labels and uncertainty_column as signal_column")
        which, y, dy = [], [], []
        for name, error in zip(signal_column, errors, strict=True):
            chosen = usable(timeseries[name]) if error is None else usable(timeseries[name]) & usable(timeseries[error])
            which.append(np.flatnonzero(chosen))
            y.append(rows(timeseries[name], chosen))
            dy.append(None if error is None else rows(timeseries[error], chosen))
        bands = np.repeat(np.asarray(labels), [len(w) for w in which])
        sigma = None if uncertainty_column is None else np.concatenate(dy)
        return cls(times_of(timeseries, np.concatenate(which)), np.concatenate(y), bands, sigma, **kwargs)

    def _limits(self, samples_per_peak: float, nyquist_factor: float, minimum: Any, maximum: Any) -> tuple[float, float, int]:
        """In days, as astropy does for several bands: the number of frequencies does not depend on the unit of t."""
        if not has_units(self._trel) or not self._trel.unit.is_equivalent(units.day):
            return super()._limits(samples_per_peak, nyquist_factor, minimum, maximum)
        days = self._trel.to(units.day)
        low, high = (None if f is None else float(require_frequency(f, days)) for f in (minimum, maximum))
        first, step, count = frequency_limits(column(days, "t"), samples_per_peak, nyquist_factor, low, high)
        scale = (1.0 / units.day).to(1.0 / self._trel.unit).value if self._trel.unit != units.day else 1.0
        return first * scale, step * scale, count

    @property
    def _flexible(self) -> Flexible:
        fit = self._fit
        return Flexible(fit.t, fit.y, fit.dy, self.bands, int(self.nterms_base), int(self.nterms_band), self.reg_base, self.reg_band,
                        self.regularize_by_trace, bool(self.center_data))

    def autopower(  # type: ignore[override]
        self, method: str = "flexible", sb_method: str = "auto", normalization: str = "standard", samples_per_peak: float = 5,
        nyquist_factor: float = 5, minimum_frequency: Any = None, maximum_frequency: Any = None,
    ) -> tuple[Any, Any]:
        """autofrequency and the power there."""
        frequency = self.autofrequency(samples_per_peak, nyquist_factor, minimum_frequency, maximum_frequency)
        return frequency, self.power(frequency, method, sb_method, normalization)

    def power(  # type: ignore[override]
        self, frequency: Any, method: str = "flexible", sb_method: str = "auto", normalization: str = "standard"
    ) -> Any:
        """Power at these frequencies, an array of any shape; sb_method: the method of LombScargle that 'fast' uses."""
        values = require_frequency(frequency, self._trel)
        flat = np.ascontiguousarray(values.ravel())
        if method == "flexible":
            found = self._flexible.power(flat, normalization)
        elif method == "fast":
            found = self._fast(flat, sb_method, normalization)
        else:
            raise ValueError(f"Method must be one of {', '.join(self.available_methods)}, got {method!r}")
        return found.reshape(values.shape)[()] * self._power_unit(normalization)

    def _fast(self, frequency: Floats, sb_method: str, normalization: str) -> Floats:
        """Single-band powers in the weights of their chi2 without a period."""
        fit = self._fit
        total, gain = 0.0, np.zeros(len(frequency))
        for band in np.unique(self.bands):
            own_rows = self.bands == band
            own = fit._replace(t=fit.t[own_rows], y=fit.y[own_rows], dy=None if fit.dy is None else fit.dy[own_rows])
            reference = _powers.reference_chi2(own)
            gain += reference * _powers.power(own, frequency, "standard", sb_method, False, None)
            total += reference
        return _powers.normalized(gain / total if total > 0 else gain, normalization, total)

    def _asked(self, t_fit: Any, bands_fit: Any) -> tuple[Floats, Any]:
        """Times (B M,) and bands of what is asked for: all times in the first band, then all in the next, ..."""
        known = np.unique(self.bands)
        bands = known if bands_fit is None else np.unique(np.atleast_1d(bands_fit))
        if unknown := [str(b) for b in bands if b not in known]:
            raise ValueError(f"bands_fit must be a subset of the bands of the data, got {', '.join(unknown)}")
        times = require_times(times_since(self._tstart, t_fit, "t", "LombScargle"), self._trel)
        return np.tile(times, len(bands)), np.repeat(bands, len(times))

    def design_matrix(self, frequency: Any, t_fit: Any = None, bands_fit: Any = None) -> Any:  # type: ignore[override]
        """Columns: the common 1, sin, cos, ..., then those of each band. Rows: the data, divided by dy; or the times t_fit (M,) in each of
        the bands one after the other."""
        f, model = float(require_frequency(frequency, self._trel)), self._flexible
        if t_fit is None:
            return model.design(f, model.t, self.bands) * np.sqrt(model.weight)[:, None]
        return model.design(f, *self._asked(t_fit, bands_fit))

    def model(self, t: Any, frequency: Any, bands_fit: Any = None) -> Any:  # type: ignore[override]
        """The best flexible model of this frequency at times t (M,), in each of the bands (B, M)."""
        stacked = self.design_matrix(frequency, t, bands_fit) @ self.model_parameters(frequency) + self.offset(t, bands_fit)
        return stacked.reshape(-1, np.size(t))

    def offset(self, t_fit: Any = None, bands_fit: Any = None) -> Any:  # type: ignore[override]
        """Weighted means of the bands that are taken off first, 0 without center_data, one for each row of the design matrix."""
        bands = self.bands if t_fit is None else self._asked(t_fit, bands_fit)[1]
        found = self._flexible.offset(bands)
        return found * self.y.unit if has_units(self.y) else found

    def model_parameters(self, frequency: Any, units: bool = True) -> Any:
        """Coefficients of the columns of design_matrix, in the unit of y."""
        found = self._flexible.parameters(float(require_frequency(frequency, self._trel)))
        return found * self.y.unit if units and has_units(self.y) else found

    @property
    def _fits(self) -> list[_powers.Fit]:
        """The bands, each with harmonics of its own: what 'flexible' fits unless the common part has more of them than the bands' own, or
        all bands in one series where only the common part has any."""
        fit, base, own = self._fit, int(self.nterms_base), int(self.nterms_band)
        if own == 0 and base > 0:
            return [fit._replace(y=fit.y - self._flexible.offset(self.bands), nterms=base)]
        if base > own or own == 0:
            raise NotImplementedError(f"the law of noise is known where nterms_base <= nterms_band or nterms_band = 0, got {base} and {own}: "
                                      "take orrery.find_period with a bootstrap")
        chosen = [self.bands == band for band in np.unique(self.bands)]
        return [fit._replace(t=fit.t[rows], y=fit.y[rows], dy=None if fit.dy is None else fit.dy[rows], nterms=own) for rows in chosen]
