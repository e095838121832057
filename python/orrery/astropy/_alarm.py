"""What noise does: the law of one frequency's power, and false-alarm probabilities of a search in astropy's conventions.

Everywhere `fits` are the bands that are searched together, each with its own mean and harmonics; one for a single series."""

from __future__ import annotations

import math
import secrets
from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import _engine
from .._columns import Floats
from .._engine import FrequencyGrid
from ._powers import Fit, reference_chi2

METHODS = ["single", "naive", "davies", "baluev", "bootstrap"]


def _reference(fits: Sequence[Fit]) -> float:
    return sum(reference_chi2(fit) for fit in fits)


def _known(fits: Sequence[Fit], normalization: str) -> bool:
    """The errors are taken as known: the power is not bounded."""
    return normalization == "psd" and all(fit.dy is not None for fit in fits)


def distribution(fits: Sequence[Fit], normalization: str, power: Any, cumulative: bool) -> Any:
    """Density, or probability to stay below, of the power of white noise at one frequency: Beta(K B, (N - B) / 2 - K B) of the standard
    power, N / 2 without means, Gamma(K B) of psd with known errors."""
    k, z = fits[0].nterms * len(fits), np.asarray(power, dtype=np.float64)
    if _known(fits, normalization):
        terms = sum(z**j / math.factorial(j) for j in range(k))
        return 1.0 - np.exp(-z) * terms if cumulative else z ** (k - 1) * np.exp(-z) / math.factorial(k - 1)
    points = sum(len(fit.t) for fit in fits)
    means = len(fits) if fits[0].fit_mean or fits[0].center_data else 0
    b = 0.5 * (points - means) - k
    if k < 1 or not b > 0:
        raise ValueError(f"expected nterms >= 1 and more than {2 * k + means} points, got nterms = {fits[0].nterms} and {points}")
    p, slope = _standard(fits, normalization, z)
    if cumulative:
        return 1.0 - (1.0 - p) ** b * sum(math.prod((b + i) / (i + 1) for i in range(j)) * p**j for j in range(k))
    scale = math.exp(math.lgamma(k + b) - math.lgamma(k) - math.lgamma(b))
    return scale * p ** (k - 1) * (1.0 - p) ** (b - 1.0) * slope


def _standard(fits: Sequence[Fit], normalization: str, z: Any) -> tuple[Any, Any]:
    """Standard power of a power in this normalisation, and its derivative."""
    if normalization == "model":
        return z / (1.0 + z), (1.0 + z) ** -2.0
    if normalization == "log":
        return -np.expm1(-z), np.exp(-z)
    slope = 2.0 / _reference(fits) if normalization == "psd" else 1.0
    return z * slope, slope * np.ones_like(z)


def _words(method: str, words: dict[str, Any] | None) -> dict[str, Any]:
    if method not in METHODS:
        raise ValueError(f"Unrecognized method: {method!r}; available are {', '.join(METHODS)}")
    words = dict(words or {})
    if unknown := set(words) - ({"n_bootstraps", "random_seed"} if method == "bootstrap" else set()):
        raise TypeError(f"method {method!r} got unexpected keywords in method_kwds: {', '.join(sorted(unknown))}")
    return words


def _columns(fits: Sequence[Fit]) -> tuple[list[Any], list[Any], list[Any]]:
    return [fit.t for fit in fits], [fit.y for fit in fits], [fit.dy for fit in fits]


def _maxima(fits: Sequence[Fit], grid: FrequencyGrid, words: dict[str, Any]) -> Floats:
    """Highest standard powers of shuffled series, ascending; without a seed others every time."""
    first = fits[0]
    if not (first.fit_mean or first.center_data):
        raise NotImplementedError("method 'bootstrap' shuffles what is left of a mean: set fit_mean or center_data, or take 'baluev'")
    seed = words.get("random_seed")
    seed = secrets.randbits(63) if seed is None else int(seed)
    return _engine.band_bootstrap_maxima(*_columns(fits), grid, first.nterms, first.fit_mean, int(words.get("n_bootstraps", 1000)), seed)


def _search(fits: Sequence[Fit], grid: FrequencyGrid, method: str, normalization: str) -> tuple[Any, ...]:
    """Arguments of the engine. Astropy counts the band from 0 to the highest frequency, whatever the lowest: so does this grid."""
    band, first = FrequencyGrid(1e-12 * grid.last, (1.0 - 1e-12) * grid.last, 2), fits[0]
    return *_columns(fits), band, first.nterms, first.fit_mean, first.center_data, method, normalization


def probability(fits: Sequence[Fit], normalization: str, power: Any, method: str, grid: FrequencyGrid, words: dict[str, Any] | None) -> Any:
    """Probability that noise alone has a peak at least this high."""
    words = _words(method, words)
    z = np.asarray(power, dtype=np.float64)
    if method == "bootstrap":
        maxima = _maxima(fits, grid, words)
        standard = np.asarray(_standard(fits, normalization, z)[0])
        return 1.0 - np.searchsorted(maxima, standard) / len(maxima)
    arguments = _search(fits, grid, method, normalization)
    found = [_engine.band_alarm_probability(float(value), *arguments) for value in z.flat]
    return np.reshape(found, z.shape)[()]


def level(fits: Sequence[Fit], normalization: str, chance: Any, method: str, grid: FrequencyGrid, words: dict[str, Any] | None) -> Any:
    """Power that noise reaches with this probability."""
    words = _words(method, words)
    p = np.asarray(chance, dtype=np.float64)
    if not np.all((p >= 0.0) & (p <= 1.0)):
        raise ValueError("expected false_alarm_probability between 0 and 1")
    if method == "bootstrap":
        reference = _reference(fits)
        maxima = [_engine.normalized_power(m, normalization, reference) for m in _maxima(fits, grid, words)]
        return np.quantile(maxima, 1.0 - p)[()]
    arguments = _search(fits, grid, method, normalization)
    found = [_engine.band_alarm_level(float(value), *arguments) if value > 0 else _highest(fits, normalization) for value in p.flat]
    return np.reshape(found, p.shape)[()]


def _highest(fits: Sequence[Fit], normalization: str) -> float:
    """The power that cannot be exceeded."""
    if normalization == "psd":
        return math.inf if _known(fits, normalization) else 0.5 * _reference(fits)
    return 1.0 if normalization == "standard" else math.inf
