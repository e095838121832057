"""What noise does: the law of one frequency's power, and false-alarm probabilities of a search in astropy's conventions."""

from __future__ import annotations

import math
import secrets
from typing import Any

import numpy as np

from .. import _engine
from .._columns import Floats
from .._engine import FrequencyGrid
from ._powers import Fit, reference_chi2

METHODS = ["single", "naive", "davies", "baluev", "bootstrap"]


def distribution(fit: Fit, normalization: str, power: Any, cumulative: bool) -> Any:
    """Density, or probability to stay below, of the power of white noise at one frequency: Beta(K, (N - 1) / 2 - K) of the standard
    power, Gamma(K) of psd with known errors."""
    k, z = fit.nterms, np.asarray(power, dtype=np.float64)
    if normalization == "psd" and fit.dy is not None:
        terms = sum(z**j / math.factorial(j) for j in range(k))
        return 1.0 - np.exp(-z) * terms if cumulative else z ** (k - 1) * np.exp(-z) / math.factorial(k - 1)
    b = 0.5 * (len(fit.t) - 1) - k
    if k < 1 or not b > 0:
        raise ValueError(f"expected nterms >= 1 and more than 2 nterms + 1 points, got nterms = {k} and {len(fit.t)}")
    p, slope = _standard(fit, normalization, z)
    if cumulative:
        return 1.0 - (1.0 - p) ** b * sum(math.prod((b + i) / (i + 1) for i in range(j)) * p**j for j in range(k))
    scale = math.exp(math.lgamma(k + b) - math.lgamma(k) - math.lgamma(b))
    return scale * p ** (k - 1) * (1.0 - p) ** (b - 1.0) * slope


def _standard(fit: Fit, normalization: str, z: Any) -> tuple[Any, Any]:
    """Standard power of a power in this normalisation, and its derivative."""
    if normalization == "model":
        return z / (1.0 + z), (1.0 + z) ** -2.0
    if normalization == "log":
        return -np.expm1(-z), np.exp(-z)
    slope = 2.0 / reference_chi2(fit) if normalization == "psd" else 1.0
    return z * slope, slope * np.ones_like(z)


def _words(method: str, words: dict[str, Any] | None) -> dict[str, Any]:
    if method not in METHODS:
        raise ValueError(f"Unrecognized method: {method!r}; available are {', '.join(METHODS)}")
    words = dict(words or {})
    if unknown := set(words) - ({"n_bootstraps", "random_seed"} if method == "bootstrap" else set()):
        raise TypeError(f"method {method!r} got unexpected keywords in method_kwds: {', '.join(sorted(unknown))}")
    return words


def _maxima(fit: Fit, grid: FrequencyGrid, words: dict[str, Any]) -> Floats:
    """Highest standard powers of shuffled series, ascending; without a seed others every time."""
    seed = words.get("random_seed")
    seed = secrets.randbits(63) if seed is None else int(seed)
    return _engine.bootstrap_maxima(fit.t, fit.y, fit.dy, grid, fit.nterms, fit.fit_mean, int(words.get("n_bootstraps", 1000)), seed)


def _search(fit: Fit, grid: FrequencyGrid, method: str, normalization: str) -> tuple[Any, ...]:
    """Arguments of the engine. Astropy counts the band from 0 to the highest frequency, whatever the lowest: so does this grid."""
    band = FrequencyGrid(1e-12 * grid.last, (1.0 - 1e-12) * grid.last, 2)
    return fit.t, fit.y, fit.dy, band, method, fit.nterms, fit.fit_mean, normalization, 1, 0, None, False


def probability(fit: Fit, normalization: str, power: Any, method: str, grid: FrequencyGrid, words: dict[str, Any] | None) -> Any:
    """Probability that noise alone has a peak at least this high."""
    words = _words(method, words)
    z = np.asarray(power, dtype=np.float64)
    if method == "bootstrap":
        maxima = _maxima(fit, grid, words)
        standard = np.asarray(_standard(fit, normalization, z)[0])
        return 1.0 - np.searchsorted(maxima, standard) / len(maxima)
    arguments = _search(fit, grid, method, normalization)
    found = [_engine.false_alarm_probability(float(value), *arguments)[0] for value in z.flat]
    return np.reshape(found, z.shape)[()]


def level(fit: Fit, normalization: str, chance: Any, method: str, grid: FrequencyGrid, words: dict[str, Any] | None) -> Any:
    """Power that noise reaches with this probability."""
    words = _words(method, words)
    p = np.asarray(chance, dtype=np.float64)
    if not np.all((p >= 0.0) & (p <= 1.0)):
        raise ValueError("expected false_alarm_probability between 0 and 1")
    if method == "bootstrap":
        reference = reference_chi2(fit)
        maxima = [_engine.normalized_power(m, normalization, reference) for m in _maxima(fit, grid, words)]
        return np.quantile(maxima, 1.0 - p)[()]
    arguments = _search(fit, grid, method, normalization)
    found = [_engine.false_alarm_level(float(value), *arguments) if value > 0 else _highest(fit, normalization) for value in p.flat]
    return np.reshape(found, p.shape)[()]


def _highest(fit: Fit, normalization: str) -> float:
    """The power that cannot be exceeded."""
    if normalization == "psd":
        return math.inf if fit.dy is not None else 0.5 * reference_chi2(fit)
    return 1.0 if normalization == "standard" else math.inf
