"""Planets that cross their stars: transit least squares, the search for several, and light curves."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _engine
from ._columns import Floats, column, refuse
from ._series import Series
from ._series_args import columns_of, require_variation

if TYPE_CHECKING:
    from typing_extensions import Unpack

PeriodVerdict = Literal["sure", "half_possible", "half_better", "double_possible", "double_better"]
_LIMITS = (0.13, 3.5, 0.1, 1.0)


@dataclass(frozen=True)
class Planet:
    """A candidate, measured point by point with the limb-darkened shape. All errors are one sigma and widened by `red_noise`."""

    period: float
    """[day]"""
    period_error: float
    transit_time: float
    """Middle of the first transit at or after the first measurement [day]."""
    transit_time_error: float
    duration: float
    """First to last contact [day]."""
    exposure: float
    """Length of one measurement, as the fit took it [day]."""
    depth: float
    """Drop of flux at the deepest point [unit of y]; a dip is positive."""
    depth_error: float
    snr: float
    """depth / depth_error."""
    red_noise: float
    """Scatter of means over one duration outside transits over what independent errors give; >= 1."""
    radius_ratio: float
    """Planet over star, for a level of 1."""
    sde: float
    """Signal detection efficiency of the search that found it."""
    false_alarm_probability: float
    """Of the SDE in white noise: published table, 8e-5 at the least."""
    depth_odd: tuple[float, float]
    """Of the 1st, 3rd ... transit: value, error."""
    depth_even: tuple[float, float]
    """Of the 0th, 2nd ..."""
    odd_even_mismatch: float
    """Their distance in standard errors."""
    depth_half: tuple[float, float]
    """Of transits half way between."""
    transit_times: Floats
    """All within the span, seen or not (K,) [day]."""
    transit_depths: Floats
    """(K,)"""
    transit_depth_errors: Floats
    """(K,), infinite where there is no measurement."""
    transit_points: NDArray[np.int64]
    """Measurements inside each (K,)."""
    verdict: PeriodVerdict
    """Whether half or twice the period fits as well, or better."""
    verdict_text: str
    """The same for people, with numbers; empty when there is nothing to say."""
    accepted: bool
    """True above the thresholds of the search."""
    periodogram: TransitPeriodogram
    """The search that found it."""

    @property
    def ambiguous(self) -> bool:
        """True when half or twice the period cannot be excluded."""
        return self.verdict != "sure"

    @property
    def transit_count(self) -> int:
        """Transits with at least one measurement."""
        return int(np.count_nonzero(self.transit_points))

    def mask(self, t: ArrayLike, width: float = 1.0) -> NDArray[np.bool_]:
        """True at times within `width` durations (full width) of a transit."""
        apart = np.abs((column(t, "t", "mask") - self.transit_time + 0.5 * self.period) % self.period - 0.5 * self.period)
        return apart < 0.5 * width * self.duration

    def __repr__(self) -> str:
        doubt = f"; {self.verdict_text}" if self.verdict_text else ""
        return (f"Planet({self.period:.6g} +- {self.period_error:.2g} day, depth {self.depth:.4g} +- {self.depth_error:.2g}, "
                f"duration {self.duration:.3g} day, snr {self.snr:.1f}, SDE {self.sde:.1f}{doubt})")


class TransitPeriodogram:
    """The best transit at each trial period. Made by `orrery.transit_least_squares`."""

    def __init__(self, columns: dict[str, Floats | None], found: dict[str, Any], options: dict[str, Any]) -> None:
        self._data = (columns["t"], columns["y"], columns["sigma"])
        self._options = options
        self.period: Floats = found["period"]
        """Trial periods (P,) [day]."""
        self.power: Floats = found["power"]
        """Detection efficiency without its trend (P,): what is searched."""
        self.power_raw: Floats = found["power_raw"]
        """The same with its trend (P,)."""
        self.signal_residue: Floats = found["signal_residue"]
        """min(chi2) / chi2 (P,)."""
        self.chi2: Floats = found["chi2"]
        """Of the best transit (P,)."""
        self.chi2_flat: float = found["chi2_flat"]
        """Of no transit."""
        self.depth: Floats = found["depth"]
        """Drop of flux at the deepest point (P,) [unit of y]; 0 where no dip fits."""
        self.duration: Floats = found["duration"]
        """First to last contact (P,) [day]."""
        self.transit_time: Floats = found["transit_time"]
        """Middle of the first transit at or after the first measurement (P,) [day]."""
        self.scatter: float = found["scatter"]
        """The error that every point was given when there was no dy; else 0."""
        self.sde: float = found["sde"]
        """Signal detection efficiency: the largest power."""
        self.sde_raw: float = found["sde_raw"]
        """The largest power_raw."""

    @cached_property
    def best(self) -> Planet:
        """The transit of highest power, measured point by point. Raises InputError when no dip fits anywhere."""
        require_variation("transit_least_squares", self._data)
        if not self.sde > 0:
            raise refuse("transit_least_squares", "no trial period has a dip")
        k = int(np.argmax(self.power))
        found = _engine.planet_candidate(*self._data, float(self.period[k]), float(self.duration[k]), float(self.transit_time[k]),
                                         self._options)
        return _planet(found, self, self.sde, transit_false_alarm_probability(self.sde), True)

    def __repr__(self) -> str:
        if not self.sde > 0:
            return f"TransitPeriodogram of {len(self.period)} periods: no dip"
        k = int(np.argmax(self.power))
        return (f"TransitPeriodogram of {len(self.period)} periods: {self.period[k]:.6g} day, depth {self.depth[k]:.4g}, "
                f"duration {self.duration[k]:.3g} day, SDE {self.sde:.1f}")


def transit_false_alarm_probability(sde: float) -> float:
    """Probability that white noise alone reaches this SDE in a search, from the published table (Hippke & Heller 2019)."""
    return _engine.transit_false_alarm_probability(float(sde))


def _planet(found: dict[str, Any], periodogram: TransitPeriodogram, sde: float, alarm: float, accepted: bool) -> Planet:
    return Planet(
        *found["period"], *found["transit_time"], found["duration"], found["exposure"], *found["depth"], found["snr"], found["red_noise"], found["radius_ratio"],
        sde, alarm, found["depth_odd"], found["depth_even"], found["odd_even_mismatch"], found["depth_half"], found["transit_times"],
        found["transit_depths"], found["transit_depth_errors"], found["transit_points"], found["verdict"], found["verdict_text"], accepted,
        periodogram)


def _grid(where: str, search: dict[str, Any]) -> dict[str, float]:
    grid = {"radius": search["star_radius"], "mass": search["star_mass"], "min_transits": search["min_transits"],
            "oversampling": search["oversampling"]}
    grid |= {name: search[name] for name in ("min_period", "max_period") if search[name] is not None}
    if any(not isinstance(value, (int, float, np.number)) for value in grid.values()):
        raise refuse(where, "expected numbers for the star and the limits of the period")
    return {name: float(value) for name, value in grid.items()}


class TransitSearch(TypedDict, total=False):
    """The keywords of `transit_least_squares` that other searches hand on to it."""

    min_period: float | None
    max_period: float | None
    min_transits: float
    star_radius: float
    star_mass: float
    oversampling: float
    star_limits: tuple[float, float, float, float]
    duration_step: float
    limb_darkening: tuple[float, float]
    impact: float
    level: float
    exposure: float | None
    smallest_depth: float
    oversample: int
    threads: int


def _options(search: dict[str, Any]) -> dict[str, Any]:
    """What the engine takes as its options."""
    names = ("oversampling", "impact", "duration_step", "level", "smallest_depth")
    out = {name: float(search[name]) for name in names} | {name: int(search[name]) for name in ("oversample", "threads")}
    out["u1"], out["u2"] = map(float, search["limb_darkening"])
    out |= zip(("min_radius", "max_radius", "min_mass", "max_mass"), map(float, search["star_limits"]), strict=True)
    out["exposure"] = -1.0 if search["exposure"] is None else float(search["exposure"])
    return out


def transit_least_squares(
    t: Series | ArrayLike,
    y: ArrayLike | None = None,
    dy: ArrayLike | None = None,
    *,
    period: ArrayLike | None = None,
    min_period: float | None = None,
    max_period: float | None = None,
    min_transits: float = 2.0,
    star_radius: float = 1.0,
    star_mass: float = 1.0,
    oversampling: float = 3.0,
    star_limits: tuple[float, float, float, float] = _LIMITS,
    duration_step: float = 1.1,
    limb_darkening: tuple[float, float] = (0.4804, 0.1867),
    impact: float = 0.32,
    level: float = 1.0,
    exposure: float | None = None,
    smallest_depth: float = 1e-5,
    oversample: int = 8,
    band: str | None = None,
    threads: int = 0,
) -> TransitPeriodogram:
    """Transit least squares: the limb-darkened transit that lowers chi2 most, at each trial period.

    t is a Series, or times (N,) [day] with fluxes y (N,) of constant `level` (detrended) and errors dy (N,), or None for the scatter.
    period: trial periods (P,) [day]; or the grid of Ofir (2014) for a star of star_radius and star_mass [solar units] from min_period
    (three stellar radii) to max_period (the longest with min_transits in the span), `oversampling` times the coarsest that misses nothing.
    star_limits: smallest and largest radius, smallest and largest mass of the stars that bound the durations tried; duration_step:
    each over the one before. exposure: length of one measurement [day] for what is measured of the best; None: the spacing of the times
    when it is regular, else 0. limb_darkening, impact: of the transits looked for. oversample: steps in phase across the shortest duration.

    Periods, durations and spectra are those of the transitleastsquares package; depth is a drop of flux here, a level there.
    Raises InputError: columns of unequal lengths, values that are not finite, dy <= 0, a grid of more than 5e7 periods.
    Source: Hippke & Heller 2019, A&A 623, A39.

    >>> import numpy, orrery
    >>> t = numpy.arange(0.0, 40.0, 0.02)
    >>> noise = numpy.random.default_rng(1).normal(0.0, 2e-4, len(t))
    >>> flux = orrery.transit_light_curve(t, period=4.5, transit_time=1.0, radius_ratio=0.03, scaled_axis=12.0) + noise
    >>> round(orrery.transit_least_squares(t, flux, min_period=3.0).best.period, 2)
    4.5
    """
    where = "transit_least_squares"
    columns = columns_of(where, t, y, dy, band)
    times = columns["t"]
    assert times is not None
    search = {name: value for name, value in locals().items() if name in TransitSearch.__annotations__}
    options = _options(search)
    if period is None:
        grid = _grid(where, search)
        trial = _engine.transit_period_grid(float(np.ptp(times)) if len(times) else 0.0, grid)
    elif min_period is not None or max_period is not None:
        raise refuse(where, "expected period or limits, got both")
    else:
        trial = column(np.atleast_1d(period), "period", where)
    return TransitPeriodogram(columns, _engine.transit_least_squares(times, columns["y"], columns["sigma"], trial, options), options)


_DEFAULTS: dict[str, Any] = {name: parameter.default for name, parameter in inspect.signature(transit_least_squares).parameters.items()
                             if name in TransitSearch.__annotations__}


def find_planets(
    t: Series | ArrayLike,
    y: ArrayLike | None = None,
    dy: ArrayLike | None = None,
    *,
    max_planets: int = 3,
    min_sde: float = 7.0,
    min_snr: float = 7.0,
    mask_width: float = 1.5,
    band: str | None = None,
    **search: Unpack[TransitSearch],
) -> list[Planet]:
    """Planets of a star one after the other: search, measure, take the transits out, search again.

    The search ends when SDE or SNR stay below min_sde or min_snr (that last candidate is in the list with accepted = False), or with
    max_planets. mask_width: durations around each transit that are taken out. The rest as for `transit_least_squares`.
    Of each planet `verdict` says whether half or twice the period fits as well, `verdict_text` why.

    Raises InputError as transit_least_squares.
    Source: Hippke & Heller 2019, A&A 623, A39, section 4.1.
    """
    where = "find_planets"
    columns = columns_of(where, t, y, dy, band)
    if unknown := set(search) - set(TransitSearch.__annotations__):
        raise TypeError(f"find_planets() got unexpected keywords: {', '.join(sorted(unknown))}")
    settings = _DEFAULTS | search
    options = _options(settings)
    grid = _grid(where, settings)
    rounds = _engine.find_planets(columns["t"], columns["y"], columns["sigma"], options, grid, max_planets, min_sde, min_snr, mask_width)
    return [_planet(one, TransitPeriodogram(columns, one["periodogram"], options), one["sde"], one["false_alarm_probability"], one["accepted"])
            for one in rounds]


def transit_light_curve(
    t: ArrayLike,
    *,
    period: float,
    transit_time: float,
    radius_ratio: float,
    scaled_axis: float,
    impact: float = 0.0,
    limb_darkening: tuple[float, float] = (0.4804, 0.1867),
    eccentricity: float = 0.0,
    periastron: float = 90.0,
    exposure: float = 0.0,
    exposure_samples: int = 7,
) -> Floats:
    """Flux (N,) of a star of unit flux that a planet crosses, quadratic limb darkening, at times t (N,) [day].

    radius_ratio: planet over star; scaled_axis: semi-major axis in stellar radii; impact: closest distance of the centres in stellar
    radii; periastron: argument of the star's periastron [deg]; exposure: length of one measurement [day], averaged over exposure_samples.
    Raises InputError: an orbit out of range.
    Source: Mandel & Agol 2002, ApJ 580, L171.

    >>> import orrery
    >>> orrery.transit_light_curve([0.0, 5.0], period=10.0, transit_time=0.0, radius_ratio=0.1, scaled_axis=20.0).round(4).tolist()
    [0.9877, 1.0]
    """
    times = column(t, "t", "transit_light_curve")
    u1, u2 = limb_darkening
    return _engine.transit_light_curve(times, period, transit_time, radius_ratio, scaled_axis, impact, u1, u2, eccentricity, periastron,
                                       exposure, exposure_samples)


def transit_period_grid(
    span: float, *, star_radius: float = 1.0, star_mass: float = 1.0, min_period: float | None = None, max_period: float | None = None,
    min_transits: float = 2.0, oversampling: float = 3.0,
) -> Floats:
    """Trial periods (P,) [day] of a transit search over a span [day], as the transitleastsquares package has them (Ofir 2014)."""
    return _engine.transit_period_grid(float(span), _grid("transit_period_grid", locals()))


def transit_duration_grid(
    min_period: float, max_period: float, *, step: float = 1.1, star_limits: tuple[float, float, float, float] = _LIMITS,
) -> Floats:
    """Trial durations (D,) as fractions of the period for a range of periods [day], as the transitleastsquares package has them."""
    return _engine.transit_duration_grid(float(min_period), float(max_period), float(step), *map(float, star_limits))
