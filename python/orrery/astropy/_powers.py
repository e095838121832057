"""Names of astropy's methods on the two paths of the engine: direct sums, and the non-uniform transform on a regular grid."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .. import _engine
from .._columns import Floats
from .._engine import FrequencyGrid
from .._trial import regular as regular_grid

METHODS = ["auto", "fast", "slow", "cython", "chi2", "fastchi2", "scipy"]
NORMALIZATIONS = ["standard", "model", "log", "psd"]
_ONE_TERM = {"fast", "slow", "cython", "scipy"}
_TRANSFORM_WORDS = {"use_fft", "algorithm", "oversampling", "Mfft", "trig_sum_kwds", "eps"}
MOST_HARMONICS = 8  # of the engine; more go through dense algebra


class Fit(NamedTuple):
    """A series and what is fitted to it."""

    t: Floats
    y: Floats
    dy: Floats | None
    nterms: int
    fit_mean: bool
    center_data: bool


def weights(fit: Fit) -> Floats:
    """1 / dy^2, or ones."""
    return np.ones_like(fit.y) if fit.dy is None else fit.dy**-2.0


def weighted_mean(fit: Fit) -> float:
    """Mean of y with weights 1 / dy^2."""
    return float(np.average(fit.y, weights=weights(fit)))


def reference_chi2(fit: Fit) -> float:
    """chi2 of the model without a period."""
    mean = weighted_mean(fit) if fit.fit_mean or fit.center_data else 0.0
    return float(np.sum(weights(fit) * (fit.y - mean) ** 2))


def normalized(p: Floats, normalization: str, reference: float) -> Floats:
    """Standard powers in another normalisation, rounding below 0 and above 1 taken off."""
    if normalization == "standard":
        return np.clip(p, 0.0, 1.0)
    return np.array([_engine.normalized_power(float(one), normalization, reference) for one in np.clip(p, 0.0, 1.0)], dtype=np.float64)


def design_matrix(t: Floats, frequency: float, nterms: int, constant: bool) -> Floats:
    """Columns 1, sin 1, cos 1, sin 2, cos 2, ... (N, constant + 2 nterms)."""
    angle = 2.0 * np.pi * frequency * t
    waves = [wave(k * angle) for k in range(1, nterms + 1) for wave in (np.sin, np.cos)]
    columns = ([np.ones_like(t)] if constant else []) + waves
    if not columns:
        raise ValueError("expected nterms > 0 or fit_mean: there is nothing to fit")
    return np.stack(columns, axis=1)


def parameters(fit: Fit, frequency: float) -> Floats:
    """Weighted least squares of the columns of design_matrix; the shortest solution where the times cannot tell two apart."""
    y = fit.y - weighted_mean(fit) if fit.center_data else fit.y
    root = np.sqrt(weights(fit))
    matrix = design_matrix(fit.t, frequency, fit.nterms, fit.fit_mean)
    return np.linalg.lstsq(matrix * root[:, None], y * root, rcond=None)[0]


def power(fit: Fit, frequency: Floats, normalization: str, method: str, regular: bool, words: dict[str, Any] | None) -> Floats:
    """Power (F,) by the method of this name."""
    words = _checked(fit, normalization, method, words)
    if fit.nterms == 0:
        return np.zeros(len(frequency))
    if fit.nterms > MOST_HARMONICS:
        return _dense(fit, frequency, normalization)
    if method in ("fast", "fastchi2"):
        grid = _grid(fit, frequency, method, regular)
        if words.get("use_fft") is False:
            return _direct(fit, frequency, normalization)
        return _transform(fit, grid, frequency, normalization, True)
    guess = regular_grid(frequency, fit.t) if method == "auto" and words.get("use_fft") is not False else None
    return _direct(fit, frequency, normalization) if guess is None else _transform(fit, guess, frequency, normalization, False)


def _checked(fit: Fit, normalization: str, method: str, words: dict[str, Any] | None) -> dict[str, Any]:
    """Refuses what astropy refuses; the method's keywords."""
    if method not in METHODS:
        raise ValueError(f"invalid method: {method!r}; available methods are {', '.join(METHODS)}")
    if normalization not in NORMALIZATIONS:
        raise ValueError(f"normalization={normalization!r} is not recognized; available are {', '.join(NORMALIZATIONS)}")
    if method in _ONE_TERM and fit.nterms != 1:
        raise ValueError(f"method {method!r} requires nterms = 1, got nterms = {fit.nterms}: take 'chi2' or 'fastchi2'")
    if fit.nterms < 0 or (fit.nterms == 0 and not fit.fit_mean):
        raise ValueError(f"expected nterms > 0, or fit_mean with nterms = 0, got nterms = {fit.nterms}")
    if method == "scipy" and fit.fit_mean:
        raise ValueError("method 'scipy' does not support fit_mean=True")
    if method == "scipy" and fit.dy is not None and not np.allclose(fit.dy, fit.dy[:1]):
        raise ValueError("method 'scipy' only supports uniform uncertainties dy")
    words = dict(words or {})
    allowed = _TRANSFORM_WORDS if method in ("auto", "fast", "fastchi2") else set()
    if unknown := set(words) - allowed:
        raise TypeError(f"method {method!r} got unexpected keywords in method_kwds: {', '.join(sorted(unknown))}")
    return words


def _grid(fit: Fit, frequency: Floats, method: str, assumed: bool) -> FrequencyGrid:
    """The regular grid that the frequencies are, or are said to be; its first frequency may be 0, then the next one leads."""
    if np.any(frequency < 0):
        raise ValueError(f"method {method!r} requires frequencies that are not negative")
    rest = frequency[1:] if len(frequency) > 1 and frequency[0] == 0 else frequency
    if len(rest) < 2:
        return FrequencyGrid(float(rest[0]) if rest[0] > 0 else 1.0, 1.0, 1)
    if (grid := regular_grid(rest, fit.t)) is not None:
        return grid
    if not assumed or not rest[-1] > rest[0]:
        raise ValueError(f"method {method!r} requires frequencies in equal ascending steps: take 'slow' or 'chi2', or say "
                         "assume_regular_frequency=True")
    return FrequencyGrid(float(rest[0]), float((rest[-1] - rest[0]) / (len(rest) - 1)), len(rest))


def _settings(fit: Fit, normalization: str) -> dict[str, Any]:
    return {"harmonics": fit.nterms, "fit_mean": fit.fit_mean, "normalization": normalization, "threads": 0, "center_data": fit.center_data}


def _transform(fit: Fit, grid: FrequencyGrid, frequency: Floats, normalization: str, always: bool) -> Floats:
    found = _engine.lomb_scargle_fast(fit.t, fit.y, fit.dy, grid, **_settings(fit, normalization), always_transform=always)
    if len(frequency) and frequency[0] == 0:
        zero = _at_zero(fit, normalization)
        return np.concatenate(([zero], found)) if len(frequency) > 1 else np.array([zero])
    return found


def _direct(fit: Fit, frequency: Floats, normalization: str) -> Floats:
    """Direct sums; the power is even in frequency."""
    zero = frequency == 0
    trial = np.ascontiguousarray(np.where(zero, 1.0, np.abs(frequency)))
    found = _engine.lomb_scargle(fit.t, fit.y, fit.dy, trial, **_settings(fit, normalization))
    if zero.any():
        found[zero] = _at_zero(fit, normalization)
    return found


def _at_zero(fit: Fit, normalization: str) -> float:
    """Power at frequency 0, where the model is a constant."""
    reference = reference_chi2(fit)
    if fit.fit_mean or fit.center_data or not reference > 0:
        return 0.0
    w = weights(fit)
    return _engine.normalized_power(float(np.sum(w * fit.y) ** 2 / np.sum(w) / reference), normalization, reference)


def _dense(fit: Fit, frequency: Floats, normalization: str) -> Floats:
    """One dense least squares a frequency: for more harmonics than the engine has."""
    reference = reference_chi2(fit)
    centred = fit._replace(y=fit.y - weighted_mean(fit)) if fit.fit_mean or fit.center_data else fit
    found = np.zeros(len(frequency))
    for j, f in enumerate(frequency):
        left = centred.y - design_matrix(fit.t, f, fit.nterms, fit.fit_mean) @ parameters(centred, f)
        found[j] = 1.0 - float(np.sum(weights(fit) * left**2)) / reference if reference > 0 else 0.0
    return normalized(found, normalization, reference)
