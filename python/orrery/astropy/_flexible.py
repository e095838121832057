"""The multiband model with a shared and a per-band part, held small by a penalty: powers by the engine, coefficients by dense algebra."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import _engine
from .._columns import Floats
from .._trial import regular
from . import _powers


@dataclass
class Flexible:
    """y = offset of the band + X theta; theta minimises |(y - offset - X theta) / dy|^2 + theta' D theta, D diagonal.
    Source: VanderPlas & Ivezic 2015, ApJ 812, 18, sect. 3."""

    t: Floats
    y: Floats
    dy: Floats | None
    bands: Any
    nterms_base: int
    nterms_band: int
    reg_base: float | None
    reg_band: float | None
    by_trace: bool
    center_data: bool

    def __post_init__(self) -> None:
        if self.nterms_base < 0 or self.nterms_band < 0 or self.nterms_base + self.nterms_band == 0:
            raise ValueError(f"expected nterms_base + nterms_band > 0, got {self.nterms_base} and {self.nterms_band}: there is nothing periodic")
        for name in ("t", "y", "dy"):
            values = getattr(self, name)
            if values is not None and not np.all(np.isfinite(values)):
                raise ValueError(f"expected finite {name}, got {values[~np.isfinite(values)][0]} at index {np.flatnonzero(~np.isfinite(values))[0]}")
        if self.dy is not None and not np.all(self.dy > 0):
            raise ValueError("expected dy > 0")
        self.names = np.unique(self.bands)
        self.weight = np.ones_like(self.y) if self.dy is None else self.dy**-2.0
        self.centred = self.y - self.offset(self.bands)

    def offset(self, bands: Any) -> Floats:
        """Weighted mean of y in the band of each row, or 0."""
        out = np.zeros(len(bands))
        if self.center_data:
            for band in np.unique(bands):
                rows = self.bands == band
                out[bands == band] = np.average(self.y[rows], weights=self.weight[rows])
        return out

    def design(self, frequency: float, t: Floats, bands: Any) -> Floats:
        """Columns 1, sin, cos, ... (nterms_base), then the same (nterms_band) for each band (rows, columns)."""
        waves = _powers.design_matrix(t, frequency, max(self.nterms_base, self.nterms_band), True)
        own = waves[:, : 1 + 2 * self.nterms_band]
        return np.hstack([waves[:, : 1 + 2 * self.nterms_base], *(own * (bands == name)[:, None] for name in self.names)])

    def _solved(self, frequency: float) -> tuple[Floats, Floats]:
        """theta, and the right side of the normal equations."""
        matrix = self.design(frequency, self.t, self.bands)
        normal = matrix.T @ (matrix * self.weight[:, None])
        right = matrix.T @ (self.weight * self.centred)
        base = 1 + 2 * self.nterms_base
        penalty = np.full(len(right), float(self.reg_band or 0.0))
        penalty[:base] = self.reg_base or 0.0
        normal[np.diag_indices_from(normal)] += penalty * np.trace(normal) if self.by_trace else penalty
        try:
            return np.linalg.solve(normal, right), right
        except np.linalg.LinAlgError:
            return np.linalg.lstsq(normal, right, rcond=None)[0], right

    def parameters(self, frequency: float) -> Floats:
        """theta at one frequency."""
        return self._solved(frequency)[0]

    def power(self, frequency: Floats, normalization: str) -> Floats:
        """right' theta: what the model takes off chi2 and penalty together, over chi2 of the centred data."""
        if normalization not in _powers.NORMALIZATIONS:
            raise ValueError(f"normalization={normalization!r} is not recognized; available are {', '.join(_powers.NORMALIZATIONS)}")
        if max(self.nterms_base, self.nterms_band) > _powers.MOST_HARMONICS:
            return self._dense(frequency, normalization)
        rows = [self.bands == name for name in self.names]
        columns = [[np.ascontiguousarray(values[r]) for r in rows] for values in (self.t, self.y)]
        sigma = [None if self.dy is None else np.ascontiguousarray(self.dy[r]) for r in rows]
        model = {
            "base_harmonics": self.nterms_base, "band_harmonics": self.nterms_band, "base_regularization": self.reg_base,
            "band_regularization": self.reg_band, "regularize_by_trace": bool(self.by_trace), "center_data": self.center_data,
            "normalization": normalization, "threads": 0,
        }
        grid = regular(frequency, self.t)
        if grid is None:
            return _engine.multiband_flexible_exact(*columns, sigma, frequency, **model)
        return _engine.multiband_flexible(*columns, sigma, grid, **model)

    def _dense(self, frequency: Floats, normalization: str) -> Floats:
        """For more harmonics than the engine has."""
        reference = float(np.sum(self.weight * self.centred**2))
        gain = np.array([float(np.dot(*self._solved(f))) for f in frequency])
        return _powers.normalized(gain / reference if reference > 0 else 0.0 * gain, normalization, reference)
