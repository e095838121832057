"""Transit least squares with the argument and result names of the transitleastsquares package: a script changes its import.

    from orrery.tls import transitleastsquares, transit_mask, cleaned_array

The search is `orrery.transit_least_squares`: the same periods, durations and spectra. What differs: `period`, `T0` and their errors come
from a fit to the points and not from the grid; `duration` is first to last contact; chi2 is in the errors given, not in errors of mean 1.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._columns import Floats, refuse
from ._planets import Planet, TransitPeriodogram, transit_false_alarm_probability, transit_least_squares, transit_light_curve

__all__ = ["cleaned_array", "transit_mask", "transitleastsquares", "transitleastsquaresresults"]

_WHERE = "transitleastsquares.power"
_SEARCH = {"period_min": "min_period", "period_max": "max_period", "n_transits_min": "min_transits", "R_star": "star_radius", "M_star":
           "star_mass", "oversampling_factor": "oversampling", "duration_grid_step": "duration_step", "u": "limb_darkening",
           "transit_depth_min": "smallest_depth", "use_threads": "threads"}
_LIMITS = {"R_star_min": 0.13, "R_star_max": 3.5, "M_star_min": 0.1, "M_star_max": 1.0}
_SHAPE = {"per": 12.9, "rp": 0.03, "a": 23.1, "inc": 89.21}
#: Say how the peer computes, not what: taken, and change nothing.
_SILENT = {"verbose", "show_progress_bar", "backend", "T0_fit_margin", "T0_search_margin"}
#: Only these values have a counterpart.
_FIXED = {"limb_dark": "quadratic", "SDE_detrend": "median", "ecc": 0, "w": 90}
#: What there is no number for when no transit fits.
_NOTHING = """period duration snr odd_even_mismatch rp_rs transit_depths transit_depths_uncertainties snr_per_transit snr_pink_per_transit
    model_lightcurve_time model_lightcurve_model model_folded_phase folded_y folded_dy folded_phase model_folded_model per_transit_count"""
_COUNTS = """transit_count distinct_transit_count empty_transit_count in_transit_count after_transit_count before_transit_count"""


class transitleastsquaresresults(dict):  # noqa: N801  the name scripts know
    """A dictionary whose items are attributes too: `results.period == results["period"]`."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    __setattr__ = dict.__setitem__  # type: ignore[assignment]
    __delattr__ = dict.__delitem__  # type: ignore[assignment]


def cleaned_array(t: ArrayLike, y: ArrayLike, dy: ArrayLike | None = None) -> tuple[Floats, ...]:
    """The rows whose time is finite and whose flux and error are finite and above 0; masked values are left out."""
    columns = [np.ma.filled(np.ma.asarray(c, dtype=np.float64), np.nan) for c in (t, y, dy) if c is not None]
    if len({c.shape for c in columns}) != 1 or columns[0].ndim != 1:
        raise refuse("cleaned_array", f"expected columns of one dimension and one length, got shapes {[c.shape for c in columns]}")
    with np.errstate(invalid="ignore"):
        good = np.isfinite(columns[0]) & np.all([np.isfinite(c) & (c > 0) for c in columns[1:]], axis=0)
    return tuple(c[good] for c in columns)


def transit_mask(t: ArrayLike, period: float, duration: float, T0: float) -> NDArray[np.bool_]:
    """True within half a duration of a transit."""
    return np.abs((np.asarray(t) - T0 + 0.5 * period) % period - 0.5 * period) < 0.5 * duration


class transitleastsquares:  # noqa: N801  the name scripts know
    """A light curve to be searched: times t (N,) [day], fluxes y (N,) of mean 1, errors dy (N,) or None for their scatter.

    Rows that `cleaned_array` leaves out are left out here; fewer than 3 that are left, or no span of time, raise InputError (ValueError).

    >>> import numpy, orrery
    >>> from orrery.tls import transitleastsquares
    >>> t = numpy.arange(0.0, 40.0, 0.02)
    >>> noise = numpy.random.default_rng(1).normal(0.0, 2e-4, len(t))
    >>> flux = orrery.transit_light_curve(t, period=4.5, transit_time=1.0, radius_ratio=0.03, scaled_axis=12.0) + noise
    >>> results = transitleastsquares(t, flux).power(period_min=3.0)
    >>> round(results.period, 2), round(1 - results.depth, 4), len(results.transit_times)
    (4.5, 0.0011, 9)
    """

    def __init__(self, t: ArrayLike, y: ArrayLike, dy: ArrayLike | None = None, verbose: bool = True) -> None:
        self.t, self.y, *rest = cleaned_array(t, y, dy)
        self.dy = rest[0] if rest else None
        if len(self.t) < 3:
            raise refuse("transitleastsquares", f"expected at least 3 finite points with a flux above 0, got {len(self.t)}")
        if not np.ptp(self.t) > 0:
            raise refuse("transitleastsquares", "expected times that differ, got one time")
        if not 0.99 <= self.y.mean() <= 1.01:
            warnings.warn(f"expected a mean flux of 1, got {self.y.mean():.4g}: divide by the level of the star", stacklevel=2)

    def power(self, **options: Any) -> transitleastsquaresresults:
        """Searches, and measures the best transit. Options (all have a default): period_min, period_max [day], n_transits_min; R_star,
        M_star, R_star_min, R_star_max, M_star_min, M_star_max [solar]; oversampling_factor, duration_grid_step, transit_depth_min; u, the
        two quadratic limb darkenings; b, or a and inc [degree], the place of the transits looked for; transit_template 'default' or
        'grazing'; use_threads. verbose, show_progress_bar, backend, T0_fit_margin and T0_search_margin are taken and change nothing:
        transits are placed at any time. What has no counterpart is refused by name.

        Raises InputError (ValueError): an option that is not known or has no counterpart, a grid of more than 5e7 periods, bad values.
        """
        found = transit_least_squares(self.t, self.y, self.dy, **_settings(options))
        return _results(self, found, options)


def _settings(options: dict[str, Any]) -> dict[str, Any]:
    """The options in our words."""
    known = set(_SEARCH) | set(_LIMITS) | set(_SHAPE) | _SILENT | set(_FIXED) | {"b", "transit_template"}
    if unknown := sorted(set(options) - known):
        raise refuse(_WHERE, f"expected options of transitleastsquares, got {', '.join(unknown)}")
    for name, value in _FIXED.items():
        if name in options and options[name] != value:
            raise refuse(_WHERE, f"expected {name} = {value!r}, the only one there is here, got {options[name]!r}")
    settings = {ours: options[name] for name, ours in _SEARCH.items() if name in options}
    if "limb_darkening" in settings:
        if np.size(settings["limb_darkening"]) != 2:
            raise refuse(_WHERE, f"expected u with the two numbers of quadratic limb darkening, got {options['u']!r}")
        settings["limb_darkening"] = tuple(settings["limb_darkening"])
    for name in ("min_period", "max_period"):  # 0 and infinity are the peer's words for none
        if settings.get(name) in (0, math.inf):
            del settings[name]
    settings["star_limits"] = tuple(options.get(name, value) for name, value in _LIMITS.items())
    settings["impact"] = _impact(options)
    return settings


def _impact(options: dict[str, Any]) -> float:
    template = options.get("transit_template", "default")
    if template == "grazing":
        return 0.99
    if template != "default":
        raise refuse(_WHERE, f"expected transit_template 'default' or 'grazing', got {template!r}"
                     + (": take orrery.box_least_squares" if template == "box" else ""))
    if "b" in options:
        return float(options["b"])
    return float(options.get("a", _SHAPE["a"]) * math.cos(math.radians(options.get("inc", _SHAPE["inc"]))))


def _results(model: transitleastsquares, found: TransitPeriodogram, options: dict[str, Any]) -> transitleastsquaresresults:
    out = transitleastsquaresresults(
        SDE=found.sde, SDE_raw=found.sde_raw, chi2_min=float(found.chi2.min()),
        chi2red_min=float(found.chi2.min()) / max(len(model.t) - 4, 1),
        periods=found.period, power=found.power, power_raw=found.power_raw, SR=found.signal_residue, chi2=found.chi2,
        chi2red=found.chi2 / max(len(model.t) - 4, 1), FAP=transit_false_alarm_probability(found.sde))
    if not found.sde > 0:
        warnings.warn("no transit fits at any period: a smaller transit_depth_min?", stacklevel=3)
        out.update(dict.fromkeys(_NOTHING.split(), math.nan), T0=0.0, depth=1.0, period_uncertainty=math.inf, transit_times=[])
        out.update(dict.fromkeys(_COUNTS.split(), 0))
        out.update(dict.fromkeys(("depth_mean", "depth_mean_even", "depth_mean_odd"), (math.nan, math.nan)))
        return out
    planet = found.best
    out.update(period=planet.period, period_uncertainty=planet.period_error, T0=planet.transit_time, duration=planet.duration,
               depth=1.0 - planet.depth, rp_rs=planet.radius_ratio, transit_times=planet.transit_times.tolist())
    out.update(_in_transit(model, planet))
    out.update(_curves(model, planet, options))
    if out["empty_transit_count"] >= 0.33 * out["transit_count"]:
        warnings.warn(f"{out['empty_transit_count']} of {out['transit_count']} transits have no points: the true period may be twice "
                      "the given one", stacklevel=3)
    return out


def _mean(flux: Floats) -> tuple[float, float]:
    """Mean and its error from the scatter."""
    return (float(flux.mean()), float(flux.std() / math.sqrt(len(flux)))) if len(flux) else (math.nan, math.nan)


def _in_transit(model: transitleastsquares, planet: Planet) -> dict[str, Any]:
    """Means and counts of the points within half a duration of each transit; depths are levels of flux."""
    half, times = 0.5 * planet.duration, planet.transit_times
    inside = [model.y[np.abs(model.t - time) < half] for time in times]
    count = np.array([len(flux) for flux in inside])
    each = np.array([_mean(flux) for flux in inside]).reshape(-1, 2)
    even, odd = (_mean(np.concatenate([*inside[first::2], np.empty(0)])) for first in (0, 1))
    total = _mean(np.concatenate([*inside, np.empty(0)]))
    outside = model.y[~transit_mask(model.t, planet.period, 2 * planet.duration, planet.transit_time)]
    scatter = float(outside.std()) if len(outside) else math.nan
    each_snr = np.where(count > 0, (1.0 - each[:, 0]) * np.sqrt(count) / scatter, 0.0)
    before, middle, after = _neighbours(model, times, planet.duration)
    return dict(
        depth_mean=total, depth_mean_even=even, depth_mean_odd=odd, transit_depths=each[:, 0], transit_depths_uncertainties=each[:, 1],
        snr=(1.0 - total[0]) / scatter * math.sqrt(count.sum()), snr_per_transit=each_snr, snr_pink_per_transit=each_snr / planet.red_noise,
        odd_even_mismatch=abs(odd[0] - even[0]) / (odd[1] + even[1]), per_transit_count=count, transit_count=len(times),
        distinct_transit_count=int(np.count_nonzero(count)), empty_transit_count=int(np.count_nonzero(count == 0)),
        before_transit_count=before, in_transit_count=middle, after_transit_count=after)


def _neighbours(model: transitleastsquares, times: Floats, duration: float) -> tuple[int, int, int]:
    """Points in one duration before, in and after the transits that lie wholly within the series."""
    counts = np.zeros(3, dtype=int)
    for time in times:
        if model.t.min() < time - 1.5 * duration and time + 1.5 * duration < model.t.max():
            place = np.floor((model.t - time) / duration + 0.5)
            counts += [np.count_nonzero(place == k) for k in (-1, 0, 1)]
    return int(counts[0]), int(counts[1]), int(counts[2])


def _curves(model: transitleastsquares, planet: Planet, options: dict[str, Any]) -> dict[str, Any]:
    """The model along the time and folded, the transit at phase 0.5, and the folded points."""
    settings = _settings(options)
    ratio, impact = max(planet.radius_ratio, 1e-4), settings["impact"]
    chord = math.sqrt(max((1.0 + ratio) ** 2 - impact**2, 1e-6))
    axis = max(chord / math.sin(min(math.pi * planet.duration / planet.period, 1.5)), 1.0 + ratio)

    def dip(t: ArrayLike) -> Floats:
        return 1.0 - transit_light_curve(t, period=planet.period, transit_time=planet.transit_time, radius_ratio=ratio, scaled_axis=axis,
                                         impact=impact, limb_darkening=settings.get("limb_darkening", (0.4804, 0.1867)))

    deepest = float(dip([planet.transit_time])[0])
    scale = planet.depth / deepest if deepest > 0 else 0.0

    def curve(t: Floats) -> Floats:
        return 1.0 - scale * dip(t)

    phase = ((model.t - planet.transit_time) / planet.period + 0.5) % 1.0
    order = np.argsort(phase, kind="stable")
    fine = np.linspace(model.t.min(), model.t.max(), 5 * len(model.t))
    trial = (np.arange(len(model.t)) + 0.5) / len(model.t)
    dy = np.full(len(model.t), model.y.std()) if model.dy is None else model.dy
    return dict(model_lightcurve_time=fine, model_lightcurve_model=curve(fine), model_folded_phase=trial,
                model_folded_model=curve(planet.transit_time + (trial - 0.5) * planet.period), folded_phase=phase[order],
                folded_y=model.y[order], folded_dy=dy[order])
